//! What the last close knew of its log, so that a reader opens it without reading all of it.
//!
//! The positions are not proven by anything: whoever opens a log with them compares the root over
//! its leaf hashes with the published head, and holds every entry it reads against its leaf
//! ([`LogReader::checked_by`](super::LogReader::checked_by)). A wrong position is found then.

use std::io;

use super::reader::Place;
use crate::compact::Pieces;
use crate::value::Hash;

/// Where the entries of a log stand, and where it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// `prev` of the next entry.
    pub(super) prev: Hash,
    /// First index of each segment.
    pub(super) segments: Vec<u64>,
    /// Where the frames of the last segment end.
    pub(super) end: u64,
    pub(super) places: Pieces<Place>,
}

impl Known {
    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.places.len() as u64
    }

    /// Whether there is no entry.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Writes it: chain hash, end, segments and places with their counts, numbers in eight bytes,
    /// big end first.
    ///
    /// # Errors
    /// The writer's.
    pub fn write(&self, to: &mut dyn io::Write) -> io::Result<()> {
        to.write_all(self.prev.as_bytes())?;
        let counts = [self.segments.len() as u64, self.places.len() as u64];
        let places = self.places.iter().map(|place| place.bits());
        let numbers = [self.end].into_iter().chain(counts).chain(self.segments.iter().copied());
        numbers.chain(places).try_for_each(|number| to.write_all(&number.to_be_bytes()))
    }

    /// Reads it from the front of `bytes`, and answers what follows; nothing when they are too
    /// short, or the places are in no order.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (prev, rest) = bytes.split_first_chunk::<32>()?;
        let (end, rest) = number(rest)?;
        let (segment_count, rest) = number(rest)?;
        let (place_count, rest) = number(rest)?;
        let (segments, rest) = numbers(rest, segment_count)?;
        let (places, rest) = numbers(rest, place_count)?;
        let known = Self {
            prev: Hash(*prev),
            segments: segments.collect(),
            end,
            places: places.map(Place::from_bits).collect(),
        };
        known.is_in_order().then_some((known, rest))
    }

    /// Readers rely on it: each entry stands behind the one before it, in a segment that there is.
    fn is_in_order(&self) -> bool {
        let last = self.places.last().map_or(0, |last| last.segment() + 1);
        last <= self.segments.len() && self.places.iter().is_sorted_by(|a, b| a.is_before(**b))
    }
}

fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*number), rest))
}

fn numbers(bytes: &[u8], count: u64) -> Option<(impl Iterator<Item = u64>, &[u8])> {
    let len = usize::try_from(count).ok()?.checked_mul(8)?;
    let (numbers, rest) = bytes.split_at_checked(len)?;
    let (numbers, _) = numbers.as_chunks::<8>();
    Some((numbers.iter().map(|number| u64::from_be_bytes(*number)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(places: &[(usize, u64, usize)], segments: usize) -> Known {
        let place =
            |(segment, offset, len): &(usize, u64, usize)| Place::new(*segment, *offset, *len);
        Known {
            prev: Hash([7; 32]),
            segments: (0..segments as u64).collect(),
            end: 900,
            places: places.iter().map(place).collect(),
        }
    }

    fn read(known: &Known) -> Option<Known> {
        let mut bytes = Vec::new();
        known.write(&mut bytes).unwrap();
        bytes.extend([1, 2, 3]);
        let len = bytes.len() - 3;
        assert!((0..len).all(|len| Known::read(&bytes[..len]).is_none()));
        let (read, rest) = Known::read(&bytes)?;
        assert_eq!(rest, [1, 2, 3]);
        Some(read)
    }

    #[test]
    fn what_was_written_is_read() {
        for known in [known(&[], 0), known(&[(0, 64, 10), (0, 76, 3), (1, 64, 9)], 3)] {
            assert_eq!(read(&known).as_ref(), Some(&known));
        }
    }

    #[test]
    fn places_that_a_reader_would_stumble_over_are_not_read() {
        for (places, segments) in [
            (&[(1, 64, 10)][..], 1),
            (&[(1, 64, 10), (0, 64, 10)], 2),
            (&[(0, 90, 10), (0, 64, 10)], 2),
            (&[(0, 64, 10), (0, 70, 10)], 1),
            (&[(0, 64, 10), (0, 64, 10)], 1),
        ] {
            assert_eq!(read(&known(places, segments)), None, "{places:?}");
        }
    }
}
