//! Rows in order of their keys: what a snapshot holds of the index, in half the room of a map and
//! read without hashing a key.

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

    /// This table with rows that came later; theirs is the last word on a key.
    pub(super) fn with(&self, mut later: Vec<([u8; K], u32)>) -> Self {
        later.sort_unstable();
        let len = self.keys.len() + later.len();
        let mut all = Self { keys: Vec::with_capacity(len), numbers: Vec::with_capacity(len) };
        let mut earlier = self.keys.iter().zip(&self.numbers).peekable();
        for (key, number) in later {
            while let Some((before, its)) = earlier.next_if(|(before, _)| **before < key) {
                all.push(*before, *its);
            }
            let _ = earlier.next_if(|(before, _)| **before == key);
            all.push(key, number);
        }
        for (key, number) in earlier {
            all.push(*key, *number);
        }
        all
    }

    fn push(&mut self, key: [u8; K], number: u32) {
        self.keys.push(key);
        self.numbers.push(number);
    }

    /// Writes it behind `to`: the count in eight bytes, the keys, the numbers in four bytes each.
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        to.reserve(8 + self.keys.len() * (K + 4));
        to.extend((self.keys.len() as u64).to_be_bytes());
        to.extend(self.keys.as_flattened());
        to.extend(self.numbers.iter().flat_map(|number| number.to_be_bytes()));
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_table_says_what_a_map_says(
            rounds in proptest::collection::vec(
                proptest::collection::btree_map(0_u16..60, any::<u32>(), 0..40), 0..4),
        ) {
            let (mut table, mut map) = (Table::<2>::default(), BTreeMap::new());
            for round in rounds {
                table = table.with(round.iter().map(|(k, n)| (k.to_be_bytes(), *n)).collect());
                map.extend(round);
            }
            let mut bytes = Vec::new();
            table.write(&mut bytes);
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
        Table::<1> { keys: vec![[2], [1]], numbers: vec![0, 0] }.write(&mut bytes);
        assert!(Table::<1>::read(&bytes).is_none());
    }
}
