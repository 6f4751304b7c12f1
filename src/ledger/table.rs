//! Rows in order of their keys: what a snapshot holds of the index, in half the room of a map and
//! read without hashing a key.

use std::io;

/// Numbers by keys of `K` bytes, in ascending order of the keys. Never changed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Table<const K: usize> {
    keys: Vec<[u8; K]>,
    numbers: Vec<u32>,
}

impl<const K: usize> Table<K> {
    /// The number of a key.
    pub(super) fn get(&self, key: &[u8; K]) -> Option<u32> {
        self.keys.binary_search(key).ok().map(|at| self.numbers[at])
    }

    /// The rows of this table and those that came later, in order of their keys; a later row is
    /// the last word on its key.
    pub(super) fn with<'a>(
        &'a self,
        later: &'a Later<'_, K>,
    ) -> impl Iterator<Item = (&'a [u8; K], u32)> {
        let mut earlier = self.keys.iter().zip(self.numbers.iter().copied()).peekable();
        let mut later = later.rows().peekable();
        std::iter::from_fn(move || {
            let Some((key, _)) = later.peek() else { return earlier.next() };
            if let Some(before) = earlier.next_if(|(before, _)| before < key) {
                return Some(before);
            }
            let _ = earlier.next_if(|(before, _)| before == key);
            later.next()
        })
    }

    /// Writes it with the rows that came later: the count in eight bytes, the keys, the numbers in
    /// four bytes each.
    pub(super) fn write_with(
        &self,
        later: &Later<'_, K>,
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        to.write_all(&(self.with(later).count() as u64).to_be_bytes())?;
        self.with(later).try_for_each(|(key, _)| to.write_all(key))?;
        self.with(later).try_for_each(|(_, number)| to.write_all(&number.to_be_bytes()))
    }

    /// Reads it from the front of `bytes`, and answers what follows; nothing when they are too
    /// short or the keys do not ascend.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (count, rest) = bytes.split_first_chunk::<8>()?;
        let count = usize::try_from(u64::from_be_bytes(*count)).ok()?;
        let (keys, rest) = rest.split_at_checked(count.checked_mul(K)?)?;
        let (numbers, rest) = rest.split_at_checked(count.checked_mul(4)?)?;
        let ((keys, _), (numbers, _)) = (keys.as_chunks::<K>(), numbers.as_chunks::<4>());
        if !keys.is_sorted_by(|earlier, later| earlier < later) {
            return None;
        }
        let numbers = numbers.iter().map(|number| u32::from_be_bytes(*number)).collect();
        Some((Self { keys: keys.to_vec(), numbers }, rest))
    }
}

/// Rows in any order, each key once, and the order that their keys put them in.
pub(super) struct Later<'a, const K: usize> {
    row: Box<dyn Fn(u32) -> (&'a [u8; K], u32) + 'a>,
    order: Vec<u32>,
}

impl<'a, const K: usize> Later<'a, K> {
    /// The rows 0 up to `len`.
    pub(super) fn new(len: usize, row: impl Fn(u32) -> (&'a [u8; K], u32) + 'a) -> Self {
        let len = u32::try_from(len).expect("fewer rows than entries of a ledger");
        let mut order: Vec<u32> = (0..len).collect();
        order.sort_unstable_by_key(|at| row(*at).0);
        Self { row: Box::new(row), order }
    }

    fn rows(&self) -> impl Iterator<Item = (&'a [u8; K], u32)> {
        self.order.iter().map(|at| (self.row)(*at))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    type Row = ([u8; 2], u32);

    fn later(rows: &[Row]) -> Later<'_, 2> {
        Later::new(rows.len(), |at| (&rows[at as usize].0, rows[at as usize].1))
    }

    proptest! {
        #[test]
        fn a_table_says_what_a_map_says(
            rounds in proptest::collection::vec(
                proptest::collection::btree_map(0_u16..60, any::<u32>(), 0..40), 0..4),
            turn in any::<prop::sample::Index>(),
        ) {
            let (mut table, mut map) = (Table::<2>::default(), BTreeMap::new());
            let mut bytes = 0_u64.to_be_bytes().to_vec();
            for round in rounds {
                let mut rows: Vec<Row> = round.iter().map(|(k, n)| (k.to_be_bytes(), *n)).collect();
                if !rows.is_empty() {
                    let turn = turn.index(rows.len());
                    rows.rotate_left(turn);
                }
                bytes.clear();
                table.write_with(&later(&rows), &mut bytes).unwrap();
                table = Table::read(&bytes).unwrap().0;
                map.extend(round);
            }
            bytes.push(7);
            let (read, rest) = Table::<2>::read(&bytes).unwrap();
            prop_assert_eq!((&read, rest), (&table, &[7_u8][..]));
            for key in 0..60_u16 {
                prop_assert_eq!(read.get(&key.to_be_bytes()), map.get(&key).copied());
            }
            for len in 0..bytes.len() - 1 {
                prop_assert!(Table::<2>::read(&bytes[..len]).is_none());
            }
        }
    }

    #[test]
    fn keys_out_of_order_are_not_read() {
        let mut bytes = Vec::new();
        let table = Table::<1> { keys: vec![[2], [1]], numbers: vec![0, 0] };
        let none = Later::new(0, |_| (&[0], 0));
        table.write_with(&none, &mut bytes).unwrap();
        assert!(Table::<1>::read(&bytes).is_none());
    }
}
