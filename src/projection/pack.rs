//! A person's traces in one row of the table, behind what the person shares with others.
//!
//! A look-up costs more than the records it finds, and a person who was paid for years has dozens:
//! a table has them together. What comes later stands in rows of its own.
//!
//! A packed row has the key of its first trace with [`PACKED`](keys::PACKED) in place of the
//! number. Its value is in postcard: the copies of [`near`], in a person's first packed row; then
//! index, number and value of each trace, the first of which is not empty: who has a packed row
//! has a file.

use super::{ProjectionError, keys, near::Copies};
use crate::value::PersonId;

/// Rows together until they have so many bytes.
const BYTES_MAX: usize = 16 << 10;

/// Where rows go.
pub(super) type Give<'a> = &'a mut dyn FnMut(&[u8], &[u8]) -> Result<(), ProjectionError>;

/// Collects the rows of persons as they come in order of their keys.
pub(super) struct Packer {
    copies: Copies,
    /// Whose rows come now.
    person: Option<PersonId>,
    /// What the person shares, until it was given.
    shared: Vec<u8>,
    /// The key of the packed row that is begun, and its value so far.
    first: Option<Vec<u8>>,
    packed: Vec<u8>,
}

impl Packer {
    pub(super) const fn new(copies: Copies) -> Self {
        Self { copies, person: None, shared: Vec::new(), first: None, packed: Vec::new() }
    }

    /// Takes the next row of a person in order of the keys, and gives what is complete.
    pub(super) fn take(
        &mut self,
        key: Vec<u8>,
        value: &[u8],
        give: Give<'_>,
    ) -> Result<(), ProjectionError> {
        let (index, number) = keys::of_person(&key).ok_or(ProjectionError::Row)?;
        let person = keys::person_in(&key).ok_or(ProjectionError::Row)?;
        let same = self.person == Some(person);
        if !same || self.packed.len() + value.len() > BYTES_MAX {
            self.finish(give)?;
        }
        if !same {
            self.shared = self.copies.of(person)?;
            self.person = Some(person);
        }
        if self.first.is_none() {
            if value.is_empty() {
                return give(&key, value);
            }
            self.packed = postcard::to_stdvec(&std::mem::take(&mut self.shared).as_slice())?;
            self.first = Some(keys::packed(key));
        }
        let packed = std::mem::take(&mut self.packed);
        self.packed = postcard::to_extend(&(index, number, value), packed)?;
        Ok(())
    }

    /// Gives what is left.
    pub(super) fn finish(&mut self, give: Give<'_>) -> Result<(), ProjectionError> {
        let packed = std::mem::take(&mut self.packed);
        match self.first.take() {
            Some(first) => give(&first, &packed),
            None => Ok(()),
        }
    }
}

/// What a person shares, in a packed row; nothing in other rows.
pub(super) fn shared(number: u8, value: &[u8]) -> Option<&[u8]> {
    if number != keys::PACKED {
        return Some(&[]);
    }
    postcard::take_from_bytes(value).ok().map(|(shared, _)| shared)
}

/// Shows index, number and value of every trace of a person's row.
pub(super) fn each<'v>(
    index: u64,
    number: u8,
    value: &'v [u8],
    take: &mut dyn FnMut(u64, u8, &'v [u8]) -> Option<()>,
) -> Option<()> {
    if number != keys::PACKED {
        return take(index, number, value);
    }
    let (_, mut rest) = postcard::take_from_bytes::<&[u8]>(value).ok()?;
    while !rest.is_empty() {
        let ((index, number, value), behind) = postcard::take_from_bytes(rest).ok()?;
        take(index, number, value)?;
        rest = behind;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::{
        near::{self, Collector},
        runs::Row,
    };
    use super::*;
    use crate::rules::Key;
    use crate::value::Tag;

    fn person(number: u8) -> PersonId {
        PersonId([number; 16])
    }

    fn account(number: u8) -> Key {
        Key::Account(Tag { version: 1, bytes: [number; 20] })
    }

    proptest! {
        #[test]
        fn packed_rows_hold_what_came_in_order_and_what_is_shared(
            traces in proptest::collection::btree_set(
                (0_u8..4, 0_u64..300, 0_u8..3, proptest::collection::vec(any::<u8>(), 0..700)),
                0..200),
            seen in proptest::collection::btree_set((0_u8..5, 0_u8..5), 0..20),
            lengths in proptest::collection::vec(0_usize..500, 5),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut collector = Collector::new(folder.path().join("near")).unwrap();
            // Under each account a word about it and the persons paid into it.
            let mut accounts: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
            for (of, len) in (0_u8..).zip(&lengths) {
                accounts.insert(crate::projection::keys::trace(&account(of), 9, 0), vec![of; *len]);
            }
            for (of, who) in &seen {
                accounts.insert(keys::seen(&account(*of), person(*who)), vec![*who; 300]);
            }
            accounts.iter().for_each(|(key, value)| collector.take(key, value).unwrap());
            let rows: BTreeMap<Vec<u8>, Vec<u8>> = traces
                .into_iter()
                .map(|(of, index, number, value)| {
                    (keys::trace(&Key::Person(person(of)), index, number), value)
                })
                .collect();
            let mut given: Vec<Row> = Vec::new();
            let mut give = |key: &[u8], value: &[u8]| {
                given.push((key.to_vec(), value.to_vec()));
                Ok(())
            };
            let mut packer = Packer::new(collector.finish().unwrap());
            for (key, value) in rows.clone() {
                packer.take(key, &value, &mut give).unwrap();
            }
            packer.finish(&mut give).unwrap();
            prop_assert!(given.is_sorted());
            let (mut unpacked, mut met) = (BTreeMap::new(), std::collections::BTreeSet::new());
            for (key, value) in &given {
                let (index, number) = keys::of_person(key).unwrap();
                let who = keys::person_in(key).unwrap();
                prop_assert!(number == keys::PACKED || value.is_empty());
                let mut held = Vec::new();
                each(index, number, value, &mut |index, number, value| {
                    held.push((index, value.is_empty()));
                    unpacked.insert(keys::with(key, index, number), value.to_vec());
                    Some(())
                })
                .unwrap();
                prop_assert!(value.len() <= BYTES_MAX + 5 * 1100 + 16 * held.len());
                let shared = shared(number, value).unwrap();
                if number != keys::PACKED {
                    continue;
                }
                // Under its first index, and of somebody who has a file.
                prop_assert_eq!(held[0], (index, false));
                let mut found = BTreeMap::new();
                near::each(shared, &mut |key, bytes, rows| {
                    assert_eq!(bytes, key.to_bytes());
                    near::rows(rows, &mut |tail, value| {
                        found.insert([&keys::traces_of(&key), tail].concat(), value.to_vec());
                        Some(())
                    })
                })
                .unwrap();
                let mut expected = BTreeMap::new();
                for (of, _) in seen.iter().filter(|(_, named)| person(*named) == who) {
                    let prefix = keys::traces_of(&account(*of));
                    let group: BTreeMap<_, _> =
                        accounts.clone().into_iter().filter(|(key, _)| key.starts_with(&prefix)).collect();
                    // Key and value of each behind a length.
                    let bytes: usize = group.iter()
                        .map(|(key, value)| key.len() - prefix.len() + value.len() + if value.len() > 127 { 3 } else { 2 })
                        .sum();
                    if met.contains(&who) || bytes > 1024 {
                        continue;
                    }
                    expected.extend(group);
                }
                met.insert(who);
                prop_assert_eq!(found, expected);
            }
            prop_assert_eq!(unpacked, rows);
        }
    }
}
