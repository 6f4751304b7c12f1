//! What the door looks up by statement: ids, token ids and the latest entry of each subject.
//!
//! Rebuilt from the log, or loaded with the decision-state snapshot. Entry numbers are kept in 32
//! bits: four thousand million entries are some centuries of a prefecture's work, and the writer
//! refuses to go beyond.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::value::{Cti, Hash, Subject};

/// Most entries of one ledger.
pub(super) const ENTRIES_MAX: u64 = u32::MAX as u64;

/// A subject in few bytes: nearly all of them are 16 random bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
enum SubjectKey {
    Id(u8, [u8; 16]),
    Text(Box<str>),
}

impl SubjectKey {
    fn of(subject: &Subject) -> Self {
        match subject {
            Subject::Person(id) => Self::Id(0, id.0),
            Subject::Case(id) => Self::Id(1, id.0),
            Subject::Certificate(id) => Self::Id(2, id.0),
            Subject::Household(id) => Self::Id(3, id.0),
            Subject::Vehicle(id) => Self::Id(4, id.0),
            Subject::Payroll(id) => Self::Id(5, id.0),
            Subject::Roll(id) => Self::Id(6, id.0),
            Subject::Institution(_)
            | Subject::Actor(_)
            | Subject::Account(_)
            | Subject::Programme(_)
            | Subject::Ledger => Self::Text(subject.to_string().into()),
        }
    }
}

/// Statements by id, by token id, and the latest of each subject.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Index {
    ids: HashMap<Hash, u32>,
    keys: HashMap<Hash, u32>,
    tokens: HashMap<(u32, Cti), u32>,
    heads: HashMap<SubjectKey, u32>,
}

impl Index {
    /// The entry of a statement.
    pub(super) fn of_statement(&self, id: &Hash) -> Option<u64> {
        self.ids.get(id).map(|index| u64::from(*index))
    }

    /// The entry that used this token id with this key.
    pub(super) fn of_token(&self, kid: &Hash, cti: Cti) -> Option<u64> {
        let key = *self.keys.get(kid)?;
        self.tokens.get(&(key, cti)).map(|index| u64::from(*index))
    }

    /// The latest entry of a subject.
    pub(super) fn head(&self, subject: &Subject) -> Option<u64> {
        self.heads.get(&SubjectKey::of(subject)).map(|index| u64::from(*index))
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, index: u64, id: Hash, kid: &Hash, cti: Cti, subject: &Subject) {
        let index = u32::try_from(index).expect("the writer stops at ENTRIES_MAX");
        let next_key = u32::try_from(self.keys.len()).expect("fewer keys than entries");
        let key = *self.keys.entry(*kid).or_insert(next_key);
        self.ids.insert(id, index);
        self.tokens.insert((key, cti), index);
        self.heads.insert(SubjectKey::of(subject), index);
    }
}
