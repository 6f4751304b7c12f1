//! Under which rules keys rows came since the table was made.
//!
//! Nearly every key has none, and asking sled for them costs more than all of the table: so the
//! keys are held in memory, in eight bytes each.

use std::{hash::BuildHasher, ops::ControlFlow};

use hashbrown::{DefaultHashBuilder, HashSet};

use super::{ProjectionError, keys, rows::Rows};

/// Keys that are held at most; beyond them every key may have such rows.
const KEYS_MAX: usize = 1 << 20;
/// Rows that are read for it when the index is opened: a quarter of a second.
const ROWS_READ_MAX: usize = 1 << 18;

/// The keys with new rows, or all keys.
pub(super) struct Fresh {
    keys: Option<HashSet<u64>>,
    hasher: DefaultHashBuilder,
}

impl Fresh {
    /// Whatever the key, sled has its rows: there is no table.
    pub(super) fn all() -> Self {
        Self { keys: None, hasher: DefaultHashBuilder::default() }
    }

    /// No key has new rows: the table was made just now.
    pub(super) fn none() -> Self {
        Self { keys: Some(HashSet::new()), hasher: DefaultHashBuilder::default() }
    }

    /// The keys of the rows in sled; all keys when there are too many rows, or no table.
    pub(super) fn of(rows: &Rows) -> Result<Self, ProjectionError> {
        if rows.table().is_none() {
            return Ok(Self::all());
        }
        let mut fresh = Self::none();
        let mut read = 0;
        rows.since_table(keys::RULES, |key, _| {
            if read == ROWS_READ_MAX {
                fresh.keys = None;
                return Ok(ControlFlow::Break(()));
            }
            read += 1;
            fresh.add(key);
            Ok(ControlFlow::Continue(()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Key;
    use crate::value::{PersonId, Tag};

    #[test]
    fn a_key_has_new_rows_when_one_was_added_and_every_key_when_that_cannot_be_told() {
        let account = |number| Key::Account(Tag { version: 1, bytes: [number; 20] });
        let mut fresh = Fresh::none();
        let may_have = |fresh: &Fresh, key: &Key| fresh.may_have(&keys::traces_of(key));
        // Whatever follows the key in the row, and whatever that looks like.
        fresh.add(&keys::trace(&account(255), u64::MAX >> 8, 1));
        fresh.add(&keys::seen(&account(7), PersonId([255; 16])));
        fresh.add(&keys::row(&Tag { version: 1, bytes: [9; 20] }));
        assert!(may_have(&fresh, &account(255)) && may_have(&fresh, &account(7)));
        assert!(!may_have(&fresh, &account(9)) && !may_have(&fresh, &Key::Rolls));
        fresh.add(b"t?");
        assert!(may_have(&fresh, &account(9)));
        assert!(may_have(&Fresh::all(), &account(9)));
    }
}
