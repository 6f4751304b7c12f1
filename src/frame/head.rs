//! The head: the newest published checkpoint, in two checksummed slots of one file.
//!
//! A new head goes into the slot that does not hold the newest one, so a write that is cut
//! leaves the one before. The head tells recovery how long the log was and which root it had: a
//! log that ends earlier has lost something that was shown to others.
//!
//! A slot is `"MZHD", u16 version, u64 sequence, u64 size, root (32), u16 note length, note`,
//! zeros, and in its last four bytes the CRC-32C of all before.

use sha2::{Digest, Sha256};

use crate::value::Hash;

/// Bytes of one slot: two pages, so that a slot's write never touches the other's sectors.
pub const HEAD_SLOT_BYTES: usize = 8192;
/// Bytes of the head file.
pub const HEAD_FILE_BYTES: usize = 2 * HEAD_SLOT_BYTES;
/// Longest checkpoint note, in bytes: room for a checkpoint and forty cosignatures.
pub const NOTE_BYTES_MAX: usize = 4096;

const MAGIC: [u8; 4] = *b"MZHD";
const VERSION: [u8; 2] = [0, 1];
const NOTE_AT: usize = 56;
const CRC_AT: usize = HEAD_SLOT_BYTES - 4;

/// One published head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadRecord {
    /// Number of entries.
    pub size: u64,
    /// RFC 6962 root of the tree over them.
    pub root: Hash,
    /// The signed checkpoint, as plain note text; empty before the first one.
    pub note: String,
}

/// Why a head cannot be encoded, or a head file not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeadFault {
    /// The note is longer than [`NOTE_BYTES_MAX`].
    #[error("a checkpoint note of {0} bytes is longer than 4096")]
    NoteTooLong(usize),
    /// The file has not exactly [`HEAD_FILE_BYTES`] bytes.
    #[error("a head file has {HEAD_FILE_BYTES} bytes, not {0}")]
    Length(usize),
    /// Neither slot holds a head.
    #[error("neither slot of the head file is valid")]
    NoValidSlot,
}

/// The two slots of a head file, as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadSlots {
    /// The newest valid head.
    pub newest: HeadRecord,
    /// Its sequence number; a new head takes the next one.
    pub sequence: u64,
    /// A slot that holds no head: its write was cut, or it is damaged.
    pub invalid_slot: Option<usize>,
}

impl HeadRecord {
    /// The head of a log without entries: the root of the empty tree, not yet signed.
    #[must_use]
    pub fn empty() -> Self {
        Self { size: 0, root: Hash(Sha256::digest(b"").into()), note: String::new() }
    }

    /// Encodes the slot that holds this head as number `sequence`.
    ///
    /// # Errors
    /// [`HeadFault::NoteTooLong`].
    pub fn encode(&self, sequence: u64) -> Result<Vec<u8>, HeadFault> {
        let too_long = HeadFault::NoteTooLong(self.note.len());
        if self.note.len() > NOTE_BYTES_MAX {
            return Err(too_long);
        }
        let note_len = u16::try_from(self.note.len()).map_err(|_| too_long)?;
        let mut slot = Vec::with_capacity(HEAD_SLOT_BYTES);
        slot.extend(MAGIC);
        slot.extend(VERSION);
        slot.extend(sequence.to_be_bytes());
        slot.extend(self.size.to_be_bytes());
        slot.extend(self.root.as_bytes());
        slot.extend(note_len.to_be_bytes());
        slot.extend(self.note.as_bytes());
        slot.resize(CRC_AT, 0);
        let crc = crc32c::crc32c(&slot);
        slot.extend(crc.to_be_bytes());
        Ok(slot)
    }

    /// Offset in the head file of the slot for number `sequence`.
    #[must_use]
    pub const fn slot_offset(sequence: u64) -> u64 {
        (sequence % 2) * HEAD_SLOT_BYTES as u64
    }
}

impl HeadSlots {
    /// Reads a whole head file.
    ///
    /// # Errors
    /// [`HeadFault::Length`] and [`HeadFault::NoValidSlot`].
    pub fn decode(file: &[u8]) -> Result<Self, HeadFault> {
        if file.len() != HEAD_FILE_BYTES {
            return Err(HeadFault::Length(file.len()));
        }
        let slots = [decode_slot(file, 0), decode_slot(file, 1)];
        let invalid_slot = slots.iter().position(Option::is_none);
        let newest = slots.into_iter().flatten().max_by_key(|(sequence, _)| *sequence);
        let (sequence, newest) = newest.ok_or(HeadFault::NoValidSlot)?;
        Ok(Self { newest, sequence, invalid_slot })
    }
}

/// The head in slot 0 or 1 of a whole head file.
fn decode_slot(file: &[u8], slot: u64) -> Option<(u64, HeadRecord)> {
    let at = usize::try_from(HeadRecord::slot_offset(slot)).ok()?;
    let bytes = file.get(at..at + HEAD_SLOT_BYTES)?;
    let (body, crc) = bytes.split_at(CRC_AT);
    if crc != crc32c::crc32c(body).to_be_bytes() || body[..4] != MAGIC || body[4..6] != VERSION {
        return None;
    }
    let sequence = u64::from_be_bytes(body[6..14].try_into().ok()?);
    let size = u64::from_be_bytes(body[14..22].try_into().ok()?);
    let root = Hash(body[22..54].try_into().ok()?);
    let note_len = usize::from(u16::from_be_bytes(body[54..56].try_into().ok()?));
    if note_len > NOTE_BYTES_MAX || sequence % 2 != slot {
        return None;
    }
    let (note, zeros) = body[NOTE_AT..].split_at(note_len);
    if zeros.iter().any(|byte| *byte != 0) {
        return None;
    }
    let note = std::str::from_utf8(note).ok()?.to_owned();
    Some((sequence, HeadRecord { size, root, note }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn head(size: u64) -> HeadRecord {
        HeadRecord { size, root: Hash([7; 32]), note: format!("example.org/log\n{size}\n") }
    }

    fn file(first: u64) -> Vec<u8> {
        let mut file = vec![0; HEAD_FILE_BYTES];
        for sequence in [first, first + 1] {
            let at = usize::try_from(HeadRecord::slot_offset(sequence)).unwrap();
            let slot = head(100 + sequence).encode(sequence).unwrap();
            file[at..at + HEAD_SLOT_BYTES].copy_from_slice(&slot);
        }
        file
    }

    #[test]
    fn the_newest_valid_slot_is_the_head() {
        for first in [0, 1, 8, 9] {
            let mut file = file(first);
            let slots = HeadSlots::decode(&file).unwrap();
            assert_eq!((slots.newest, slots.sequence), (head(101 + first), first + 1));
            assert_eq!(slots.invalid_slot, None);

            let at = usize::try_from(HeadRecord::slot_offset(first + 1)).unwrap();
            file[at + 20] ^= 1;
            let slots = HeadSlots::decode(&file).unwrap();
            assert_eq!((slots.newest, slots.sequence), (head(100 + first), first));
            assert_eq!(slots.invalid_slot, Some(usize::try_from((first + 1) % 2).unwrap()));

            let at = usize::try_from(HeadRecord::slot_offset(first)).unwrap();
            file[at + 8000] ^= 1;
            assert_eq!(HeadSlots::decode(&file), Err(HeadFault::NoValidSlot));
        }
    }

    #[test]
    fn a_slot_written_to_the_other_place_is_no_head() {
        let mut file = vec![0; HEAD_FILE_BYTES];
        file[..HEAD_SLOT_BYTES].copy_from_slice(&head(5).encode(1).unwrap());
        assert_eq!(HeadSlots::decode(&file), Err(HeadFault::NoValidSlot));
    }

    #[test]
    fn notes_and_files_have_one_size() {
        let mut long = head(1);
        long.note = "n".repeat(NOTE_BYTES_MAX);
        let mut file = vec![0; HEAD_FILE_BYTES];
        file[..HEAD_SLOT_BYTES].copy_from_slice(&long.encode(2).unwrap());
        assert_eq!(HeadSlots::decode(&file).unwrap().newest, long);
        long.note.push('n');
        assert_eq!(long.encode(2), Err(HeadFault::NoteTooLong(4097)));
        for len in [0, 1, HEAD_FILE_BYTES - 1, HEAD_FILE_BYTES + 1] {
            assert_eq!(HeadSlots::decode(&vec![0; len]), Err(HeadFault::Length(len)));
        }
    }

    proptest! {
        #[test]
        fn any_flip_is_seen(at in 0..HEAD_FILE_BYTES, bit in 0..8) {
            let mut file = file(4);
            file[at] ^= 1_u8 << bit;
            let slots = HeadSlots::decode(&file).unwrap();
            prop_assert_eq!(slots.invalid_slot, Some(at / HEAD_SLOT_BYTES));
        }
    }
}
