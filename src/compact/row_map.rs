//! Values by their keys, in the order in which they came.

use std::hash::Hash;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Finder, Pieces};

/// A map whose rows stand in a list, so that it takes no more than their size and some bytes each.
/// It is written, read and compared in the order of the list.
#[derive(Debug, Clone)]
pub(crate) struct RowMap<K, V> {
    rows: Pieces<(K, V)>,
    finder: Finder,
}

impl<K, V> Default for RowMap<K, V> {
    fn default() -> Self {
        Self { rows: Pieces::new(), finder: Finder::default() }
    }
}

impl<K: Hash + Eq, V> RowMap<K, V> {
    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.at(self.number(key)?)
    }

    /// The value of a key, to change it.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let number = self.number(key)?;
        self.rows.get_mut(number as usize).map(|(_, value)| value)
    }

    /// The value of a key, made if there is none.
    pub(crate) fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let number = self.number_or_insert_with(key, make);
        &mut self.rows.get_mut(number as usize).expect("a row that was just found").1
    }

    /// Sets the value of a key.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.number(&key).and_then(|number| self.rows.get_mut(number as usize)) {
            Some((_, old)) => *old = value,
            None => drop(self.push(key, value)),
        }
    }

    /// Takes the row of a key out; the last row takes its number.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let rows = &self.rows;
        let key_of = |number: u32| &rows[number as usize].0;
        let number = self.finder.remove(key, key_of)?;
        let moves = number as usize + 1 < rows.len();
        if moves && let Some((last, _)) = rows.last() {
            self.finder.remove(last, key_of);
        }
        let (_, value) = self.rows.swap_remove(number as usize)?;
        if moves {
            self.finder.add(number, |number| &self.rows[number as usize].0);
        }
        Some(value)
    }

    /// The number of a key's row, which stays while nothing is taken out.
    pub(crate) fn number(&self, key: &K) -> Option<u32> {
        self.finder.find(key, |number| &self.rows[number as usize].0)
    }

    /// The number of a key's row, made if there is none.
    pub(crate) fn number_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> u32 {
        self.number(&key).unwrap_or_else(|| self.push(key, make()))
    }

    /// The row of a number below [`len`](Self::len).
    pub(crate) fn row(&self, number: u32) -> (&K, &V) {
        let (key, value) = &self.rows[number as usize];
        (key, value)
    }

    /// The key of the row of that number.
    pub(crate) fn key_at(&self, number: u32) -> Option<&K> {
        self.rows.get(number as usize).map(|(key, _)| key)
    }

    /// The value of the row of that number.
    pub(crate) fn at(&self, number: u32) -> Option<&V> {
        self.rows.get(number as usize).map(|(_, value)| value)
    }

    /// The value of the row of that number, to change it.
    pub(crate) fn at_mut(&mut self, number: u32) -> Option<&mut V> {
        self.rows.get_mut(number as usize).map(|(_, value)| value)
    }

    /// The rows in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.rows.iter().map(|(key, value)| (key, value))
    }

    fn push(&mut self, key: K, value: V) -> u32 {
        let number = u32::try_from(self.rows.len()).expect("fewer rows than entries of a ledger");
        self.rows.push((key, value));
        self.finder.add(number, |number| &self.rows[number as usize].0);
        number
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for RowMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

impl<K: Eq, V: Eq> Eq for RowMap<K, V> {}

impl<K: Serialize, V: Serialize> Serialize for RowMap<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

impl<'de, K: Deserialize<'de> + Hash + Eq, V: Deserialize<'de>> Deserialize<'de> for RowMap<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = Pieces::<(K, V)>::deserialize(deserializer)?;
        let len = u32::try_from(rows.len()).map_err(serde::de::Error::custom)?;
        let mut finder = Finder::default();
        let key_of = |number: u32| &rows[number as usize].0;
        finder.reserve(rows.len(), key_of);
        for number in 0..len {
            if finder.find(key_of(number), key_of).is_some() {
                return Err(serde::de::Error::custom("a key comes twice"));
            }
            finder.add(number, key_of);
        }
        Ok(Self { rows, finder })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_map(steps in proptest::collection::vec((0_u8..4, 0_u16..40, any::<u32>()), 0..120)) {
            let (mut rows, mut map) = (RowMap::default(), BTreeMap::new());
            for (step, key, value) in steps {
                match step {
                    0 => {
                        rows.insert(key, value);
                        map.insert(key, value);
                    }
                    1 => {
                        let (row, own) = (rows.get_or_insert_with(key, || value), map.entry(key));
                        prop_assert_eq!(row, own.or_insert(value));
                    }
                    2 => prop_assert_eq!(rows.remove(&key), map.remove(&key)),
                    _ => {
                        if let (Some(row), Some(own)) = (rows.get_mut(&key), map.get_mut(&key)) {
                            (*row, *own) = (value, value);
                        }
                    }
                }
            }
            prop_assert_eq!(rows.len(), map.len());
            for key in 0..40 {
                prop_assert_eq!(rows.get(&key), map.get(&key));
                let number = rows.number(&key);
                prop_assert_eq!(number.and_then(|number| rows.key_at(number)), map.get(&key).map(|_| &key));
            }
            prop_assert_eq!(rows.iter().collect::<BTreeMap<_, _>>(), map.iter().collect());
            let bytes = postcard::to_stdvec(&rows).unwrap();
            prop_assert_eq!(postcard::from_bytes::<RowMap<u16, u32>>(&bytes).unwrap(), rows);
        }
    }

    #[test]
    fn rows_of_one_key_are_not_read() {
        let bytes = postcard::to_stdvec(&[(1_u16, 1_u32), (1, 2)][..]).unwrap();
        assert!(postcard::from_bytes::<RowMap<u16, u32>>(&bytes).is_err());
    }
}
