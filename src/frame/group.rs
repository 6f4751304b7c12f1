//! One frame: the entries of a group commit, written with one write and one flush.
//!
//! `u32 body length, u32 entry count, u64 first index, prev (32), u32 CRC-32C, body, "MZFE"`.
//! The body is the bytes of a tlog entry bundle: each entry behind its 16-bit length. The
//! checksum covers the 48 bytes before it and the body.
//!
//! The first 52 bytes of a frame never cross a sector boundary (see [`frame_start`]): a disk
//! writes a sector whole or not at all, so after a power cut a frame's head is there or is zero,
//! never half there, and recovery can tell a torn frame from a damaged one.

use crate::value::Hash;

use super::tail::SECTOR_BYTES;

/// Largest frame, in bytes, head and trailer included.
pub const FRAME_BYTES_MAX: usize = 8 << 20;
/// Bytes before the body: lengths, first index, `prev` and checksum.
pub const FRAME_HEAD_BYTES: usize = 52;
/// Bytes of a frame that are not body.
pub const FRAME_OVERHEAD: usize = FRAME_HEAD_BYTES + TRAILER.len();

const CHECKED_HEAD_BYTES: usize = 48;
pub(super) const TRAILER: [u8; 4] = *b"MZFE";

/// Why bytes are not a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameFault {
    /// The head is all zero: no frame begins here.
    #[error("no frame begins here")]
    Absent,
    /// The body length is zero, or larger than any frame's.
    #[error("a body of {0} bytes is no frame's")]
    Length(u32),
    /// The bytes end before the frame does; it needs this many.
    #[error("a frame of {0} bytes is cut short")]
    Short(usize),
    /// The trailer is wrong.
    #[error("the frame's trailer is wrong")]
    Trailer,
    /// The checksum is wrong.
    #[error("the frame's checksum is wrong")]
    Checksum,
    /// The entries do not fill the body, an entry is empty, or the count is wrong.
    #[error("the frame's entries do not fill its body")]
    Entries,
}

/// A frame whose checksum and shape hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameView<'a> {
    first_index: u64,
    count: u32,
    prev: Hash,
    bytes: &'a [u8],
}

impl<'a> FrameView<'a> {
    /// Parses the frame at the start of `bytes`; what follows it is not looked at.
    ///
    /// # Errors
    /// See [`FrameFault`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, FrameFault> {
        let Some(head) = bytes.first_chunk::<FRAME_HEAD_BYTES>() else {
            let zero = bytes.iter().all(|byte| *byte == 0);
            return Err(if zero { FrameFault::Absent } else { FrameFault::Short(FRAME_OVERHEAD) });
        };
        if head.iter().all(|byte| *byte == 0) {
            return Err(FrameFault::Absent);
        }
        let body_len = u32_at(head, 0);
        let len = declared_len(body_len).ok_or(FrameFault::Length(body_len))?;
        let bytes = bytes.get(..len).ok_or(FrameFault::Short(len))?;
        let (rest, trailer) = bytes.split_at(len - TRAILER.len());
        if trailer != TRAILER {
            return Err(FrameFault::Trailer);
        }
        let body = &rest[FRAME_HEAD_BYTES..];
        if u32_at(head, CHECKED_HEAD_BYTES) != checksum(&head[..CHECKED_HEAD_BYTES], body) {
            return Err(FrameFault::Checksum);
        }
        let mut prev = [0; 32];
        prev.copy_from_slice(&head[16..48]);
        let mut first_index = [0; 8];
        first_index.copy_from_slice(&head[8..16]);
        let view = Self {
            first_index: u64::from_be_bytes(first_index),
            count: u32_at(head, 4),
            prev: Hash(prev),
            bytes,
        };
        view.check_entries()?;
        Ok(view)
    }

    /// Index of the first entry.
    #[must_use]
    pub const fn first_index(&self) -> u64 {
        self.first_index
    }

    /// Number of entries, at least 1.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// `prev` of the first entry, repeated so that a frame can be placed without its entries.
    #[must_use]
    pub const fn prev(&self) -> Hash {
        self.prev
    }

    /// The frame itself, head and trailer included.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The entries, in order.
    #[must_use]
    pub fn entries(&self) -> Entries<'a> {
        Entries { rest: &self.bytes[FRAME_HEAD_BYTES..self.bytes.len() - TRAILER.len()] }
    }

    fn check_entries(&self) -> Result<(), FrameFault> {
        let mut entries = self.entries();
        let mut count = 0_u32;
        for entry in entries.by_ref() {
            if entry.is_empty() {
                return Err(FrameFault::Entries);
            }
            count += 1;
        }
        let end = self.first_index.checked_add(u64::from(count));
        if !entries.rest.is_empty() || count != self.count || end.is_none() {
            return Err(FrameFault::Entries);
        }
        Ok(())
    }
}

/// Iterator over the entries of a frame.
#[derive(Debug, Clone)]
pub struct Entries<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Entries<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (len, rest) = self.rest.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
        self.rest = rest;
        Some(entry)
    }
}

/// Appends one frame to `out`.
///
/// # Panics
/// When `entries` is empty, an entry is empty or longer than 65,535 bytes, or the frame would be
/// larger than [`FRAME_BYTES_MAX`]: the caller divides groups with [`frame_bytes`].
pub fn encode_frame(out: &mut Vec<u8>, first_index: u64, prev: &Hash, entries: &[&[u8]]) {
    let len = frame_bytes(entries.iter().map(|entry| entry.len()));
    assert!(!entries.is_empty() && len <= FRAME_BYTES_MAX, "a frame has 1 entry to 8 MiB");
    let start = out.len();
    out.reserve(len);
    let body_len = u32::try_from(len - FRAME_OVERHEAD).expect("a frame is at most 8 MiB");
    let count = u32::try_from(entries.len()).expect("each entry has at least 2 of 8 Mi bytes");
    out.extend(body_len.to_be_bytes());
    out.extend(count.to_be_bytes());
    out.extend(first_index.to_be_bytes());
    out.extend(prev.as_bytes());
    out.extend([0; 4]);
    for entry in entries {
        assert!(!entry.is_empty(), "an entry is never empty");
        let len = u16::try_from(entry.len()).expect("an entry is at most 65535 bytes");
        out.extend(len.to_be_bytes());
        out.extend_from_slice(entry);
    }
    let (head, body) = out[start..].split_at_mut(FRAME_HEAD_BYTES);
    let (checked, crc) = head.split_at_mut(CHECKED_HEAD_BYTES);
    crc.copy_from_slice(&checksum(checked, body).to_be_bytes());
    out.extend(TRAILER);
}

/// Size of the frame that holds entries of these lengths, in bytes.
pub fn frame_bytes(entry_lens: impl IntoIterator<Item = usize>) -> usize {
    FRAME_OVERHEAD + entry_lens.into_iter().map(|len| 2 + len).sum::<usize>()
}

/// Where the next frame begins when the one before ends at `end`: right there, or at the next
/// sector when its head would cross into it. The bytes between are zero.
#[must_use]
pub const fn frame_start(end: u64) -> u64 {
    let sector = SECTOR_BYTES as u64;
    if end % sector > sector - FRAME_HEAD_BYTES as u64 { end.next_multiple_of(sector) } else { end }
}

/// Size of the whole frame that a body length announces, unless no frame has such a body.
pub(super) fn declared_len(body_len: u32) -> Option<usize> {
    let len = usize::try_from(body_len).ok()?.checked_add(FRAME_OVERHEAD)?;
    (body_len > 0 && len <= FRAME_BYTES_MAX).then_some(len)
}

/// The big-endian number at `at`; the caller has checked that it is inside.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn checksum(checked_head: &[u8], body: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(checked_head), body)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(entries: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        encode_frame(&mut bytes, 41, &Hash([9; 32]), entries);
        bytes
    }

    /// A frame with any head and body, its checksum right.
    fn sealed(body_len: u32, count: u32, first_index: u64, body: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(body_len.to_be_bytes());
        bytes.extend(count.to_be_bytes());
        bytes.extend(first_index.to_be_bytes());
        bytes.extend([9; 32]);
        let crc = checksum(&bytes, body);
        bytes.extend(crc.to_be_bytes());
        bytes.extend(body);
        bytes.extend(TRAILER);
        bytes
    }

    #[test]
    fn the_bytes_are_those_of_the_format() {
        let bytes = frame(&[b"one", b"three"]);
        assert_eq!(bytes, sealed(12, 2, 41, b"\0\x03one\0\x05three"));
        assert_eq!(bytes.len(), frame_bytes([3, 5]));
        let view = FrameView::parse(&bytes).unwrap();
        assert_eq!((view.first_index(), view.count(), view.prev()), (41, 2, Hash([9; 32])));
        assert_eq!(view.entries().collect::<Vec<_>>(), [&b"one"[..], b"three"]);
        assert_eq!(view.bytes(), bytes);
        // What follows is another frame's business.
        assert_eq!(FrameView::parse(&[&bytes[..], b"more"].concat()).unwrap().bytes(), bytes);
    }

    #[test]
    fn the_largest_frame_parses_and_a_larger_is_refused() {
        let entry = vec![1; 65_535];
        // 128 entries of 65,535 bytes and their lengths are 8,388,736 bytes: one too many.
        let mut entries = vec![&entry[..]; 127];
        let rest = FRAME_BYTES_MAX - frame_bytes(entries.iter().map(|entry| entry.len())) - 2;
        entries.push(&entry[..rest]);
        let bytes = frame(&entries);
        assert_eq!(bytes.len(), FRAME_BYTES_MAX);
        assert_eq!(FrameView::parse(&bytes).unwrap().count(), 128);

        let over = u32::try_from(FRAME_BYTES_MAX - FRAME_OVERHEAD + 1).unwrap();
        let fault = FrameView::parse(&sealed(over, 1, 0, b"")).unwrap_err();
        assert_eq!(fault, FrameFault::Length(over));
    }

    #[test]
    fn every_malformed_frame_is_refused_by_name() {
        let good = frame(&[b"one", b"three"]);
        let flipped = |at: usize| {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            bytes
        };
        let cases = [
            ("nothing", vec![], FrameFault::Absent),
            ("zeros", vec![0; 700], FrameFault::Absent),
            ("half a head", good[..30].to_vec(), FrameFault::Short(FRAME_OVERHEAD)),
            ("no trailer", good[..good.len() - 4].to_vec(), FrameFault::Short(good.len())),
            ("empty body", sealed(0, 0, 41, b""), FrameFault::Length(0)),
            ("huge body", sealed(u32::MAX, 1, 41, b""), FrameFault::Length(u32::MAX)),
            ("other trailer", flipped(good.len() - 1), FrameFault::Trailer),
            ("other index", flipped(15), FrameFault::Checksum),
            ("other prev", flipped(40), FrameFault::Checksum),
            ("other checksum", flipped(51), FrameFault::Checksum),
            ("other body", flipped(60), FrameFault::Checksum),
            ("count too large", sealed(5, 2, 41, b"\0\x03one"), FrameFault::Entries),
            ("count zero", sealed(5, 0, 41, b"\0\x03one"), FrameFault::Entries),
            ("empty entry", sealed(2, 1, 41, b"\0\0"), FrameFault::Entries),
            ("entry past the body", sealed(5, 1, 41, b"\0\x04one"), FrameFault::Entries),
            ("half a length", sealed(6, 1, 41, b"\0\x03one\0"), FrameFault::Entries),
            ("index overflows", sealed(5, 1, u64::MAX, b"\0\x03one"), FrameFault::Entries),
        ];
        for (name, bytes, fault) in cases {
            assert_eq!(FrameView::parse(&bytes), Err(fault), "{name}");
        }
    }

    #[test]
    fn a_head_never_crosses_a_sector() {
        assert_eq!(frame_start(46), 46);
        assert_eq!(frame_start(460), 460);
        assert_eq!(frame_start(461), 512);
        assert_eq!(frame_start(511), 512);
        assert_eq!(frame_start(512), 512);
    }

    proptest! {
        #[test]
        fn parsing_undoes_encoding(
            first_index in 0..u64::MAX - 100,
            prev in any::<[u8; 32]>(),
            entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 1..20),
        ) {
            let entries = entries.iter().map(Vec::as_slice).collect::<Vec<_>>();
            let mut bytes = Vec::new();
            encode_frame(&mut bytes, first_index, &Hash(prev), &entries);
            let view = FrameView::parse(&bytes).unwrap();
            prop_assert_eq!(view.first_index(), first_index);
            prop_assert_eq!(view.prev(), Hash(prev));
            prop_assert_eq!(view.entries().collect::<Vec<_>>(), entries);
        }

        #[test]
        fn any_flip_is_found(at in 0_usize..72, bit in 0..8) {
            let mut bytes = frame(&[b"one", b"seventeen"]);
            prop_assert_eq!(bytes.len(), 72);
            bytes[at] ^= 1_u8 << bit;
            prop_assert!(FrameView::parse(&bytes).is_err());
        }

        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(FrameView::parse(&bytes).is_err());
        }
    }
}
