//! What the door looks up by statement: ids, token ids and the latest entry of each subject.
//!
//! Rebuilt from the log, or loaded with the snapshot: what it held stands in sorted tables, what
//! came since in maps, which have the last word. Entry numbers are kept in 32 bits: four thousand
//! million entries are some centuries of a prefecture's work, and the writer refuses to go beyond.

use hashbrown::HashMap;

use super::table::Table;
use crate::value::{Cti, Hash, Subject};

/// Most entries of one ledger.
pub(super) const ENTRIES_MAX: u64 = u32::MAX as u64;

/// A subject in few bytes: nearly all of them are a kind and 16 random bytes.
enum SubjectKey {
    Id([u8; 17]),
    Text(Box<str>),
}

impl SubjectKey {
    fn of(subject: &Subject) -> Self {
        let id = |kind: u8, id: &[u8; 16]| {
            let mut key = [kind; 17];
            key[1..].copy_from_slice(id);
            Self::Id(key)
        };
        match subject {
            Subject::Person(of) => id(0, &of.0),
            Subject::Case(of) => id(1, &of.0),
            Subject::Certificate(of) => id(2, &of.0),
            Subject::Household(of) => id(3, &of.0),
            Subject::Vehicle(of) => id(4, &of.0),
            Subject::Payroll(of) => id(5, &of.0),
            Subject::Roll(of) => id(6, &of.0),
            Subject::Institution(_)
            | Subject::Actor(_)
            | Subject::Account(_)
            | Subject::Programme(_)
            | Subject::Ledger => Self::Text(subject.to_string().into()),
        }
    }
}

/// Statements by id, by token id, and the latest of each subject.
#[derive(Debug, Default)]
pub(super) struct Index {
    known: Tables,
    ids: HashMap<[u8; 32], u32>,
    tokens: HashMap<[u8; 20], u32>,
    heads: HashMap<[u8; 17], u32>,
    few: Few,
}

/// What a snapshot held.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tables {
    ids: Table<32>,
    tokens: Table<20>,
    heads: Table<17>,
}

/// What there is little of.
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Few {
    /// Numbers of the signing keys, in the order in which they first signed.
    keys: HashMap<Hash, u32>,
    heads: HashMap<Box<str>, u32>,
}

/// A token id with the number of the key that used it.
fn token(key: u32, cti: Cti) -> [u8; 20] {
    let mut token = [0; 20];
    token[..16].copy_from_slice(&cti.0);
    token[16..].copy_from_slice(&key.to_be_bytes());
    token
}

/// The last word on a key.
fn look<const K: usize>(
    later: &HashMap<[u8; K], u32>,
    known: &Table<K>,
    key: &[u8; K],
) -> Option<u64> {
    later.get(key).copied().or_else(|| known.get(key)).map(u64::from)
}

impl Index {
    /// The entry of a statement.
    pub(super) fn of_statement(&self, id: &Hash) -> Option<u64> {
        look(&self.ids, &self.known.ids, id.as_bytes())
    }

    /// The entry that used this token id with this key.
    pub(super) fn of_token(&self, kid: &Hash, cti: Cti) -> Option<u64> {
        let key = *self.few.keys.get(kid)?;
        look(&self.tokens, &self.known.tokens, &token(key, cti))
    }

    /// The latest entry of a subject.
    pub(super) fn head(&self, subject: &Subject) -> Option<u64> {
        match SubjectKey::of(subject) {
            SubjectKey::Id(key) => look(&self.heads, &self.known.heads, &key),
            SubjectKey::Text(text) => self.few.heads.get(&text).copied().map(u64::from),
        }
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, index: u64, id: Hash, kid: &Hash, cti: Cti, subject: &Subject) {
        let index = u32::try_from(index).expect("the writer stops at ENTRIES_MAX");
        let next_key = u32::try_from(self.few.keys.len()).expect("fewer keys than entries");
        let key = *self.few.keys.entry(*kid).or_insert(next_key);
        self.ids.insert(id.0, index);
        self.tokens.insert(token(key, cti), index);
        match SubjectKey::of(subject) {
            SubjectKey::Id(key) => drop(self.heads.insert(key, index)),
            SubjectKey::Text(text) => drop(self.few.heads.insert(text, index)),
        }
    }

    fn tables(&self) -> Tables {
        fn rows<const K: usize>(map: &HashMap<[u8; K], u32>) -> Vec<([u8; K], u32)> {
            map.iter().map(|(key, number)| (*key, *number)).collect()
        }
        Tables {
            ids: self.known.ids.with(rows(&self.ids)),
            tokens: self.known.tokens.with(rows(&self.tokens)),
            heads: self.known.heads.with(rows(&self.heads)),
        }
    }

    /// The index as bytes: three tables, and postcard of the rest.
    pub(super) fn write(&self, to: &mut Vec<u8>) -> Result<(), postcard::Error> {
        let Tables { ids, tokens, heads } = self.tables();
        ids.write(to);
        tokens.write(to);
        heads.write(to);
        *to = postcard::to_extend(&self.few, std::mem::take(to))?;
        Ok(())
    }

    /// The index of these bytes; nothing when they are not one.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (ids, rest) = Table::read(bytes)?;
        let (tokens, rest) = Table::read(rest)?;
        let (heads, rest) = Table::read(rest)?;
        let few = postcard::from_bytes(rest).ok()?;
        Some(Self { known: Tables { ids, tokens, heads }, few, ..Self::default() })
    }
}

/// Two indexes are equal when they answer the same, whatever a snapshot held of them.
impl PartialEq for Index {
    fn eq(&self, other: &Self) -> bool {
        self.few == other.few && self.tables() == other.tables()
    }
}

impl Eq for Index {}
