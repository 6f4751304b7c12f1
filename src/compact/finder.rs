//! Finds the row of a key in a list that holds the keys itself.

use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashTable};

/// Numbers of rows by the keys of the rows: five to eleven bytes a row, none of them a key.
///
/// The list that holds the keys is the caller's, who says the key of each number. Hashes are keyed
/// anew in each process: who chooses the keys does not choose their places.
#[derive(Debug, Clone, Default)]
pub(crate) struct Finder {
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Finder {
    /// The number of the row with that key.
    pub(crate) fn find<'a, K>(&self, key: &K, key_of: impl Fn(u32) -> &'a K) -> Option<u32>
    where
        K: Hash + Eq + ?Sized + 'a,
    {
        let hash = self.hasher.hash_one(key);
        self.numbers.find(hash, |number| key_of(*number) == key).copied()
    }

    /// Adds the row of a number; its key is in no other row.
    pub(crate) fn add<'a, K>(&mut self, number: u32, key_of: impl Fn(u32) -> &'a K)
    where
        K: Hash + ?Sized + 'a,
    {
        let hash = |number: &u32| self.hasher.hash_one(key_of(*number));
        self.numbers.insert_unique(hash(&number), number, hash);
    }

    /// Takes out the row with that key, and answers its number.
    pub(crate) fn remove<'a, K>(&mut self, key: &K, key_of: impl Fn(u32) -> &'a K) -> Option<u32>
    where
        K: Hash + Eq + ?Sized + 'a,
    {
        let hash = self.hasher.hash_one(key);
        let found = self.numbers.find_entry(hash, |number| key_of(*number) == key).ok()?;
        Some(found.remove().0)
    }

    /// Makes room for so many more rows at once.
    pub(crate) fn reserve<'a, K>(&mut self, more: usize, key_of: impl Fn(u32) -> &'a K)
    where
        K: Hash + ?Sized + 'a,
    {
        self.numbers.reserve(more, |number| self.hasher.hash_one(key_of(*number)));
    }
}
