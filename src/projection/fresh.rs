//! Under which rules keys rows came since the table was made.
//!
//! Nearly every key has none, and asking sled for them costs more than all of the table: so the
//! keys are held in memory, in eight bytes each.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashSet;

use super::{ProjectionError, keys, rows::Rows};

/// Keys that are held at most; beyond them every key may have such rows.
const KEYS_MAX: usize = 1 << 20;
/// Rows that are read for it when the index is opened: a quarter of a second.
const ROWS_READ_MAX: usize = 1 << 18;

/// The keys with new rows, or all keys.
pub(super) struct Fresh {
    keys: Option<HashSet<u64>>,
    hasher: RandomState,
}

impl Fresh {
    /// Whatever the key, sled has its rows: there is no table.
    pub(super) fn all() -> Self {
        Self { keys: None, hasher: RandomState::new() }
    }

    /// No key has new rows: the table was made just now.
    pub(super) fn none() -> Self {
        Self { keys: Some(HashSet::new()), hasher: RandomState::new() }
    }

    /// The keys of the rows in sled; all keys when there are too many rows, or no table.
    pub(super) fn of(rows: &Rows) -> Result<Self, ProjectionError> {
        if rows.table().is_none() {
            return Ok(Self::all());
        }
        let mut fresh = Self::none();
        let mut read = 0;
        rows.since_table(keys::RULES, |key, _| {
            read += 1;
            if read > ROWS_READ_MAX {
                fresh.keys = None;
            }
            fresh.add(key);
            Ok(())
        })?;
        Ok(fresh)
    }

    /// Says whether sled may have rows of a rules key, by the bytes that they begin with.
    pub(super) fn may_have(&self, prefix: &[u8]) -> bool {
        self.keys.as_ref().is_none_or(|keys| keys.contains(&self.hasher.hash_one(prefix)))
    }

    /// Takes the key of a row that was written; of rows that are of no rules key, nothing.
    pub(super) fn add(&mut self, row: &[u8]) {
        let Some(keys) = &mut self.keys else { return };
        match keys::rules_key(row) {
            None => {}
            Some(Some((_, len))) if keys.len() < KEYS_MAX => {
                keys.insert(self.hasher.hash_one(&row[..len]));
            }
            // Too many, or of unknown form: it may be any key.
            Some(_) => self.keys = None,
        }
    }
}
