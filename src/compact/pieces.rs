//! A list in pieces of one size: growing it moves nothing, and at most one piece is not full.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeSeq};

use super::read_each;

/// Bytes of one piece, a size that allocators serve without waste.
const PIECE_BYTES: usize = 64 << 10;

/// A list that only its end changes: items are pushed, and cut off again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pieces<T> {
    /// All full but the last, none empty.
    pieces: Vec<Vec<T>>,
}

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Pieces<T> {
    /// Items of one piece.
    const EACH: usize = match PIECE_BYTES / size_of::<T>() {
        0 => 1,
        each => each,
    };

    /// An empty list, which takes no memory yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { pieces: Vec::new() }
    }

    /// Number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        let full = self.pieces.len().saturating_sub(1) * Self::EACH;
        full + self.pieces.last().map_or(0, Vec::len)
    }

    /// Whether there is no item.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The item at a place.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&T> {
        self.pieces.get(at / Self::EACH)?.get(at % Self::EACH)
    }

    /// The item at a place, to change it.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        self.pieces.get_mut(at / Self::EACH)?.get_mut(at % Self::EACH)
    }

    /// The last item.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.pieces.last()?.last()
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        match self.pieces.last_mut().filter(|piece| piece.len() < Self::EACH) {
            Some(piece) => piece.push(item),
            None => {
                // The first piece grows as a short list does; the others are bound to fill.
                let room = if self.pieces.is_empty() { 0 } else { Self::EACH };
                let mut piece = Vec::with_capacity(room);
                piece.push(item);
                self.pieces.push(piece);
            }
        }
    }

    /// Takes the item at a place out; the last item takes its place.
    pub fn swap_remove(&mut self, at: usize) -> Option<T> {
        self.get(at)?;
        let last = self.pieces.last_mut()?.pop()?;
        if self.pieces.last().is_some_and(Vec::is_empty) {
            self.pieces.pop();
        }
        Some(match self.get_mut(at) {
            Some(place) => std::mem::replace(place, last),
            None => last,
        })
    }

    /// Cuts off everything from a place on.
    pub fn truncate(&mut self, len: usize) {
        self.pieces.truncate(len.div_ceil(Self::EACH));
        if len < self.len()
            && let Some(last) = self.pieces.last_mut()
        {
            last.truncate(len - (len - 1) / Self::EACH * Self::EACH);
        }
    }

    /// How many items stand before the first of which `is_before` is false; so it is of all behind.
    pub fn partition_point(&self, is_before: impl Fn(&T) -> bool) -> usize {
        let whole = self.pieces.partition_point(|piece| piece.last().is_some_and(&is_before));
        match self.pieces.get(whole) {
            Some(piece) => whole * Self::EACH + piece.partition_point(&is_before),
            None => self.len(),
        }
    }

    /// The items in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.pieces.iter().flatten()
    }

    /// The items from a place on.
    pub fn iter_from(&self, at: usize) -> impl Iterator<Item = &T> {
        let whole = self.pieces.get(at / Self::EACH + 1..).unwrap_or_default();
        let first = self.pieces.get(at / Self::EACH).and_then(|it| it.get(at % Self::EACH..));
        first.unwrap_or_default().iter().chain(whole.iter().flatten())
    }
}

impl<T> std::ops::Index<usize> for Pieces<T> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        &self.pieces[at / Self::EACH][at % Self::EACH]
    }
}

impl<T> Extend<T> for Pieces<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl<T> FromIterator<T> for Pieces<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::new();
        list.extend(items);
        list
    }
}

impl<T: Serialize> Serialize for Pieces<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        self.iter().try_for_each(|item| list.serialize_element(item))?;
        list.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pieces<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut list = Self::new();
        read_each(deserializer, |item| {
            list.push(item);
            Ok(())
        })?;
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Four of these are one piece.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Wide([u64; PIECE_BYTES / 32]);

    fn wide(of: u64) -> Wide {
        Wide([of; PIECE_BYTES / 32])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn it_is_a_list(steps in proptest::collection::vec((0_usize..14, 0_u8..4), 0..14)) {
            let (mut pieces, mut list) = (Pieces::new(), Vec::new());
            for (many, step) in steps {
                match step {
                    0 => {
                        pieces.truncate(many);
                        list.truncate(many);
                    }
                    1 => {
                        let removed = (many < list.len()).then(|| list.swap_remove(many));
                        prop_assert_eq!(pieces.swap_remove(many), removed);
                    }
                    _ => {
                        let more = (0..many as u64).map(wide);
                        pieces.extend(more.clone());
                        list.extend(more);
                    }
                }
                prop_assert_eq!(pieces.len(), list.len());
                prop_assert_eq!(pieces.is_empty(), list.is_empty());
                prop_assert_eq!(pieces.last(), list.last());
                prop_assert!(pieces.iter().eq(&list) && pieces.iter().rev().eq(list.iter().rev()));
                for at in 0..list.len() + 6 {
                    prop_assert_eq!(pieces.get(at), list.get(at));
                    prop_assert!(pieces.iter_from(at).eq(list.iter().skip(at)));
                }
                let is_low = |item: &Wide| item.0[0] < 4;
                if list.is_sorted_by_key(|item| !is_low(item)) {
                    prop_assert_eq!(pieces.partition_point(is_low), list.partition_point(is_low));
                }
                prop_assert_eq!(&list.iter().copied().collect::<Pieces<_>>(), &pieces);
            }
        }
    }

    #[test]
    fn a_list_is_kept_and_read_back() {
        let pieces: Pieces<u32> = (0..40_000).collect();
        let bytes = postcard::to_stdvec(&pieces).unwrap();
        assert_eq!(bytes, postcard::to_stdvec(&(0..40_000).collect::<Vec<u32>>()).unwrap());
        assert_eq!(postcard::from_bytes::<Pieces<u32>>(&bytes).unwrap(), pieces);
    }

    #[test]
    fn no_piece_is_larger_than_it_has_to_be() {
        let pieces: Pieces<[u8; 33]> = (0..10_000).map(|_| [0; 33]).collect();
        let room: usize = pieces.pieces.iter().map(|piece| piece.capacity() * 33).sum();
        assert!(room < 10_000 * 33 + 2 * PIECE_BYTES, "{room}");
    }
}
