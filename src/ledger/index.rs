//! What the door looks up by statement: ids, token ids and the latest entry of each subject.
//!
//! Rebuilt from the log, or loaded with the snapshot: what it held stands in sorted tables, what
//! came since in lists with a finder, which have the last word. Entry numbers are kept in 32 bits:
//! four thousand million entries are some centuries of a prefecture's work, and the writer refuses
//! to go beyond.

use std::io;

use hashbrown::HashMap;

use super::table::{Later, Table};
use crate::compact::{Finder, Pieces, RowMap};
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
    since: Since,
    few: Few,
}

/// What came since: the keys of each entry, one entry after the other.
#[derive(Debug, Default)]
struct Since {
    /// The first of these entries.
    first: u32,
    ids: Pieces<[u8; 32]>,
    by_id: Finder,
    tokens: Pieces<[u8; 20]>,
    by_token: Finder,
    heads: RowMap<[u8; 17], u32>,
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

impl Index {
    /// The entry of a statement.
    pub(super) fn of_statement(&self, id: &Hash) -> Option<u64> {
        let id = id.as_bytes();
        let since = self.since.by_id.find(id, |at| &self.since.ids[at as usize]);
        let number = since.map(|at| self.since.first + at).or_else(|| self.known.ids.get(id));
        number.map(u64::from)
    }

    /// The entry that used this token id with this key.
    pub(super) fn of_token(&self, kid: &Hash, cti: Cti) -> Option<u64> {
        let token = token(*self.few.keys.get(kid)?, cti);
        let since = self.since.by_token.find(&token, |at| &self.since.tokens[at as usize]);
        let number = since.map(|at| self.since.first + at);
        number.or_else(|| self.known.tokens.get(&token)).map(u64::from)
    }

    /// The latest entry of a subject.
    pub(super) fn head(&self, subject: &Subject) -> Option<u64> {
        let number = match SubjectKey::of(subject) {
            SubjectKey::Id(key) => {
                self.since.heads.get(&key).copied().or_else(|| self.known.heads.get(&key))
            }
            SubjectKey::Text(text) => self.few.heads.get(&text).copied(),
        };
        number.map(u64::from)
    }

    /// Adds the next entry, whose statement and token id are new.
    pub(super) fn add(&mut self, index: u64, id: Hash, kid: &Hash, cti: Cti, subject: &Subject) {
        let index = u32::try_from(index).expect("the writer stops at ENTRIES_MAX");
        let next_key = u32::try_from(self.few.keys.len()).expect("fewer keys than entries");
        let key = *self.few.keys.entry(*kid).or_insert(next_key);
        let since = &mut self.since;
        if since.ids.is_empty() {
            since.first = index;
        }
        let at = index - since.first;
        since.ids.push(id.0);
        since.by_id.add(at, |at| &since.ids[at as usize]);
        since.tokens.push(token(key, cti));
        since.by_token.add(at, |at| &since.tokens[at as usize]);
        match SubjectKey::of(subject) {
            SubjectKey::Id(key) => since.heads.insert(key, index),
            SubjectKey::Text(text) => drop(self.few.heads.insert(text, index)),
        }
    }

    /// Writes the index: three tables, and postcard of the rest.
    pub(super) fn write(&self, to: &mut dyn io::Write) -> io::Result<()> {
        self.known.ids.write_with(&self.since.ids(), to)?;
        self.known.tokens.write_with(&self.since.tokens(), to)?;
        self.known.heads.write_with(&self.since.heads(), to)?;
        postcard::to_io(&self.few, to).map(drop).map_err(io::Error::other)
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

impl Since {
    fn ids(&self) -> Later<'_, 32> {
        Later::new(self.ids.len(), |at| (&self.ids[at as usize], self.first + at))
    }

    fn tokens(&self) -> Later<'_, 20> {
        Later::new(self.tokens.len(), |at| (&self.tokens[at as usize], self.first + at))
    }

    fn heads(&self) -> Later<'_, 17> {
        Later::new(self.heads.len(), |at| {
            let (key, number) = self.heads.row(at);
            (key, *number)
        })
    }
}

/// Two indexes are equal when they answer the same, whatever a snapshot held of them.
impl PartialEq for Index {
    fn eq(&self, other: &Self) -> bool {
        fn same<const K: usize>(
            (known, since): (&Table<K>, &Later<'_, K>),
            (other, its): (&Table<K>, &Later<'_, K>),
        ) -> bool {
            known.with(since).eq(other.with(its))
        }
        let (own, its) = (&self.since, &other.since);
        self.few == other.few
            && same((&self.known.ids, &own.ids()), (&other.known.ids, &its.ids()))
            && same((&self.known.tokens, &own.tokens()), (&other.known.tokens, &its.tokens()))
            && same((&self.known.heads, &own.heads()), (&other.known.heads, &its.heads()))
    }
}

impl Eq for Index {}
