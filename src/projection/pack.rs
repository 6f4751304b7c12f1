//! Many traces of one person in one row.
//!
//! A look-up in sled costs more than the records it finds, and a person who was paid for years has
//! dozens: an index that is built in one pass has them together. What comes later stands behind
//! them in rows of its own, as in an index that only ever followed its log.
//!
//! A packed row has the key of its first trace with [`PACKED`](keys::PACKED) in place of the
//! number. Its value is index, number and value of each trace, postcard, and begins with one that
//! is not empty: who has a packed row has a file.

use super::{ProjectionError, keys};

/// Rows together until they have so many bytes; sled keeps longer values apart.
const BYTES_MAX: usize = 16 << 10;

/// A row of the index: key and value.
type Row = (Vec<u8>, Vec<u8>);

/// Collects the rows of a person as they come in order of their keys.
#[derive(Default)]
pub(super) struct Packer {
    /// The first row as it came.
    first: Option<Row>,
    /// It and those behind it, packed.
    packed: Vec<u8>,
    count: usize,
}

impl Packer {
    /// Takes the next row in order of the keys, and gives what is complete.
    pub(super) fn take(
        &mut self,
        key: Vec<u8>,
        value: Vec<u8>,
        give: &mut dyn FnMut(Vec<u8>, Vec<u8>) -> Result<(), ProjectionError>,
    ) -> Result<(), ProjectionError> {
        let Some((index, number)) = keys::of_person(&key) else {
            self.finish(give)?;
            return give(key, value);
        };
        let same = self.first.as_ref().is_some_and(|(first, _)| keys::same_person(first, &key));
        if !same || self.packed.len() + value.len() > BYTES_MAX {
            self.finish(give)?;
        }
        if self.first.is_none() {
            if value.is_empty() {
                return give(key, value);
            }
            self.first = Some((key, value.clone()));
        }
        let packed = std::mem::take(&mut self.packed);
        self.packed = postcard::to_extend(&(index, number, value.as_slice()), packed)?;
        self.count += 1;
        Ok(())
    }

    /// Gives what is left.
    pub(super) fn finish(
        &mut self,
        give: &mut dyn FnMut(Vec<u8>, Vec<u8>) -> Result<(), ProjectionError>,
    ) -> Result<(), ProjectionError> {
        let Self { first, packed, count } = std::mem::take(self);
        match first {
            Some((key, _)) if count > 1 => give(keys::packed(key), packed),
            Some((key, value)) => give(key, value),
            None => Ok(()),
        }
    }
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
    let mut rest = value;
    while !rest.is_empty() {
        let ((index, number, value), behind) = postcard::take_from_bytes(rest).ok()?;
        take(index, number, value)?;
        rest = behind;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::Key;
    use crate::value::PersonId;

    type Trace = (u8, u64, u8, Vec<u8>);

    fn unpacked(rows: &[Row]) -> Vec<Row> {
        let mut all = Vec::new();
        for (key, value) in rows {
            let Some((index, number)) = keys::of_person(key) else {
                all.push((key.clone(), value.clone()));
                continue;
            };
            each(index, number, value, &mut |index, number, value| {
                all.push((keys::with(key, index, number), value.to_vec()));
                Some(())
            })
            .unwrap();
        }
        all
    }

    proptest! {
        #[test]
        fn packed_rows_hold_what_came_in_order(
            traces in proptest::collection::btree_set(
                (0_u8..4, 0_u64..300, 0_u8..3, proptest::collection::vec(any::<u8>(), 0..700)),
                0..200),
        ) {
            let key = |person: u8| Key::Person(PersonId([person; 16]));
            let rows: Vec<Row> = traces
                .into_iter()
                .map(|(person, index, number, value): Trace| {
                    (keys::trace(&key(person), index, number), value)
                })
                .collect::<std::collections::BTreeMap<_, _>>()
                .into_iter()
                .chain([(b"zother".to_vec(), vec![1])])
                .collect();
            let (mut packer, mut given) = (Packer::default(), Vec::new());
            let mut give = |key, value| {
                given.push((key, value));
                Ok(())
            };
            for (key, value) in rows.clone() {
                packer.take(key, value, &mut give).unwrap();
            }
            packer.finish(&mut give).unwrap();
            prop_assert!(given.is_sorted());
            for (key, value) in &given {
                let Some((index, keys::PACKED)) = keys::of_person(key) else { continue };
                let mut held = Vec::new();
                each(index, keys::PACKED, value, &mut |index, _, value| {
                    held.push((index, value.is_empty()));
                    Some(())
                })
                .unwrap();
                // Worth packing, under its first index, and of somebody who has a file.
                prop_assert!(held.len() > 1);
                prop_assert_eq!(held[0], (index, false));
                prop_assert!(value.len() <= BYTES_MAX + 16 * held.len());
            }
            prop_assert_eq!(unpacked(&given), rows);
        }
    }
}
