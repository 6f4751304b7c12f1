//! Rows that wait to be written, the last word on each.

use std::collections::BTreeMap;

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// It has this value.
    Put(Vec<u8>),
    /// It has this value unless it has one already.
    PutFirst(Vec<u8>),
    /// It is gone.
    Remove,
}

impl Change {
    /// This change, and then another.
    pub(super) fn then(self, later: Self) -> Self {
        match (self, later) {
            (first @ (Self::Put(_) | Self::PutFirst(_)), Self::PutFirst(_)) => first,
            // It is known to be gone.
            (Self::Remove, Self::PutFirst(value)) => Self::Put(value),
            (_, later) => later,
        }
    }

    const fn len(&self) -> usize {
        match self {
            Self::Put(value) | Self::PutFirst(value) => value.len(),
            Self::Remove => 0,
        }
    }
}

/// Changes by key, and roughly what they take in memory.
#[derive(Debug, Default)]
pub(super) struct Pending {
    rows: BTreeMap<Vec<u8>, Change>,
    bytes: usize,
}

/// What a row takes beside its bytes: two allocations with their heads, and its place.
const ROW_BYTES: usize = 128;

impl Pending {
    pub(super) fn add(&mut self, key: Vec<u8>, change: Change) {
        self.bytes += change.len();
        match self.rows.get_mut(&key) {
            Some(before) => {
                let first = std::mem::replace(before, Change::Remove);
                *before = first.then(change);
            }
            None => {
                self.bytes += key.len() + ROW_BYTES;
                self.rows.insert(key, change);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// At least what the rows take: what was said before about a row counts too.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn take(&mut self) -> BTreeMap<Vec<u8>, Change> {
        std::mem::take(self).rows
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::Change;

    /// Any change to a short value.
    pub(in super::super) fn change() -> impl Strategy<Value = Change> {
        let value = || proptest::collection::vec(any::<u8>(), 0..4);
        prop_oneof![
            value().prop_map(Change::Put),
            value().prop_map(Change::PutFirst),
            Just(Change::Remove),
        ]
    }
}
