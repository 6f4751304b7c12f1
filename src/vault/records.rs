//! What an open vault knows of its records without reading them.

use super::record::{RECORD_BYTES, Record};
use crate::{
    compact::{Finder, Pieces},
    frame::FRAME_HEAD_BYTES,
    value::{KeyId, Tag},
};

/// Where the records stand: 48 bytes and two places in finders each. The wrapped keys, twice as
/// much, are read from the file when they are asked for.
#[derive(Default)]
pub(super) struct Records {
    all: Pieces<Kept>,
    /// The first record of a key.
    by_key: Finder,
    /// The newest record of a tag.
    by_id_tag: Finder,
    /// The first record of each frame, and where the frame begins.
    frames: Vec<(u32, u64)>,
}

/// What is known of a record without reading it.
struct Kept {
    id_tag: Tag,
    key: KeyId,
    /// CRC-32C of its bytes, which were checked when it was added.
    crc: u32,
    /// The record of its tag before it, or [`NONE`].
    older: u32,
}

const NONE: u32 = u32::MAX;

impl Records {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The numbers of all records, oldest first.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> + use<> {
        (0..).take(self.len())
    }

    pub(super) fn key(&self, at: u32) -> KeyId {
        self.all[at as usize].key
    }

    /// Says whether these are the bytes that the record had when it was added.
    pub(super) fn is_same(&self, at: u32, bytes: &[u8; RECORD_BYTES]) -> bool {
        crc32c::crc32c(bytes) == self.all[at as usize].crc
    }

    /// The first record of a key.
    pub(super) fn first(&self, key: &KeyId) -> Option<u32> {
        self.by_key.find(key, |at| &self.all[at as usize].key)
    }

    /// The records of a tag, oldest first.
    pub(super) fn of_tag(&self, tag: &Tag) -> Vec<u32> {
        let newest = self.by_id_tag.find(tag, |at| &self.all[at as usize].id_tag);
        let older = |at: &u32| Some(self.all[*at as usize].older).filter(|at| *at != NONE);
        let mut found: Vec<_> = std::iter::successors(newest, older).collect();
        found.reverse();
        found
    }

    /// Where the bytes of a record stand: in their frame, each behind its length.
    pub(super) fn place(&self, at: u32) -> u64 {
        let frame = self.frames.partition_point(|(first, _)| *first <= at).saturating_sub(1);
        let (first, start) = self.frames[frame];
        let before = u64::from(at - first) * (2 + RECORD_BYTES as u64);
        start + FRAME_HEAD_BYTES as u64 + before + 2
    }

    /// Adds the records of the frame that begins at `start`.
    pub(super) fn push_batch(&mut self, start: u64, batch: &[Record]) {
        let first = u32::try_from(self.all.len()).expect("a vault of 600 GB does not fit a disk");
        self.frames.push((first, start));
        for (at, record) in (first..).zip(batch) {
            self.push(at, record);
        }
    }

    fn push(&mut self, at: u32, record: &Record) {
        let Record { id_tag, key, .. } = *record;
        let crc = crc32c::crc32c(&record.encode());
        let is_new_key = self.first(&key).is_none();
        let older = self.by_id_tag.remove(&id_tag, |at| &self.all[at as usize].id_tag);
        self.all.push(Kept { id_tag, key, crc, older: older.unwrap_or(NONE) });
        self.by_id_tag.add(at, |at| &self.all[at as usize].id_tag);
        if is_new_key {
            self.by_key.add(at, |at| &self.all[at as usize].key);
        }
    }
}
