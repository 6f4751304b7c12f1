//! One segment: a header of 46 bytes and frames, the rest zero.
//!
//! [`Walk`] goes through a segment that is in memory frame by frame and says precisely where it
//! stopped and why. It checks shape, checksums and that indexes follow on each other; the chain
//! of `prev` hashes is for whoever reads the entries.

use crate::value::Hash;

use super::{
    group::{FrameFault, FrameView, frame_start},
    tail::{Tail, judge_tail},
};

/// Bytes before the first frame: magic, version, origin hash and first index.
pub const SEGMENT_HEADER_BYTES: usize = 46;
/// Largest segment, in bytes.
pub const SEGMENT_BYTES_MAX: u64 = 256 << 20;

const MAGIC: [u8; 4] = *b"MZLG";
const VERSION: [u8; 2] = [0, 1];

/// Header of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentHeader {
    /// BLAKE3-256 of the ledger's origin.
    pub origin: Hash,
    /// Index of the first entry.
    pub first_index: u64,
}

/// Why bytes are not a segment of this format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SegmentFault {
    /// Fewer than 46 bytes.
    #[error("the segment is shorter than its header")]
    Short,
    /// Another kind of file.
    #[error("not a log segment")]
    Magic,
    /// A version this program does not know.
    #[error("segment version {0} is unknown")]
    Version(u16),
    /// More bytes than a segment may have.
    #[error("the segment is larger than 256 MiB")]
    TooLong,
}

impl SegmentHeader {
    /// Encodes the header.
    #[must_use]
    pub fn encode(&self) -> [u8; SEGMENT_HEADER_BYTES] {
        let mut bytes = [0; SEGMENT_HEADER_BYTES];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4..6].copy_from_slice(&VERSION);
        bytes[6..38].copy_from_slice(self.origin.as_bytes());
        bytes[38..].copy_from_slice(&self.first_index.to_be_bytes());
        bytes
    }

    /// Decodes the header at the start of a segment.
    ///
    /// # Errors
    /// See [`SegmentFault`].
    pub fn decode(segment: &[u8]) -> Result<Self, SegmentFault> {
        let bytes = segment.first_chunk::<SEGMENT_HEADER_BYTES>().ok_or(SegmentFault::Short)?;
        if bytes[..4] != MAGIC {
            return Err(SegmentFault::Magic);
        }
        if bytes[4..6] != VERSION {
            return Err(SegmentFault::Version(u16::from_be_bytes([bytes[4], bytes[5]])));
        }
        let mut origin = [0; 32];
        origin.copy_from_slice(&bytes[6..38]);
        let mut first_index = [0; 8];
        first_index.copy_from_slice(&bytes[38..]);
        Ok(Self { origin: Hash(origin), first_index: u64::from_be_bytes(first_index) })
    }

    /// Name of the segment's file.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{:020}.seg", self.first_index)
    }
}

/// Where a walk stopped, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Nothing but zeros from `offset` on.
    End {
        /// Where the next frame would begin.
        offset: u64,
        /// Index of the entry that would come next.
        next_index: u64,
    },
    /// A frame whose write was cut. It may be cut off only when it is the last of the log and no
    /// published head covers `next_index`; else it is damage.
    Torn {
        /// Where the frame begins.
        offset: u64,
        /// Index of its first entry.
        next_index: u64,
        /// Bytes from there to the last that is not zero.
        bytes: u64,
    },
    /// Bytes that no write of this program leaves behind.
    Damage {
        /// Where they begin.
        offset: u64,
        /// Index of the first entry that cannot be read.
        next_index: u64,
        /// What is wrong with them.
        why: FrameFault,
    },
    /// A whole frame that does not belong here: its first index is not the next one.
    Misplaced {
        /// Where it begins.
        offset: u64,
        /// Index of the entry that should come next.
        next_index: u64,
        /// Index that the frame begins with.
        found: u64,
    },
}

/// Walks the frames of one segment held in memory.
#[derive(Debug, Clone)]
pub struct Walk<'a> {
    segment: &'a [u8],
    header: SegmentHeader,
    end: usize,
    next_index: u64,
    stop: Option<Stop>,
}

impl<'a> Walk<'a> {
    /// Starts at a segment's header.
    ///
    /// # Errors
    /// The header is not one, or the segment is too large.
    pub fn new(segment: &'a [u8]) -> Result<Self, SegmentFault> {
        if segment.len() as u64 > SEGMENT_BYTES_MAX {
            return Err(SegmentFault::TooLong);
        }
        let header = SegmentHeader::decode(segment)?;
        let next_index = header.first_index;
        Ok(Self { segment, header, end: SEGMENT_HEADER_BYTES, next_index, stop: None })
    }

    /// The segment's header.
    #[must_use]
    pub const fn header(&self) -> SegmentHeader {
        self.header
    }

    /// Where the walk stopped; `None` while frames may follow.
    #[must_use]
    pub const fn stop(&self) -> Option<Stop> {
        self.stop
    }

    /// Goes through the frames that are left and says where they stop.
    #[must_use]
    pub fn finish(mut self) -> Stop {
        loop {
            if let Some(stop) = self.stop {
                return stop;
            }
            self.next();
        }
    }
}

impl<'a> Iterator for Walk<'a> {
    /// The offset of a frame, and the frame.
    type Item = (u64, FrameView<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.stop.is_some() {
            return None;
        }
        let next_index = self.next_index;
        let (gap, start) = next_start(self.segment, self.end);
        let offset = start as u64;
        if gap.iter().any(|byte| *byte != 0) {
            let why = FrameFault::Length(0);
            self.stop = Some(Stop::Damage { offset: self.end as u64, next_index, why });
            return None;
        }
        let rest = &self.segment[start..];
        match FrameView::parse(rest) {
            Ok(frame) if frame.first_index() == next_index => {
                self.end = start + frame.bytes().len();
                self.next_index += u64::from(frame.count());
                Some((offset, frame))
            }
            Ok(frame) => {
                let found = frame.first_index();
                self.stop = Some(Stop::Misplaced { offset, next_index, found });
                None
            }
            Err(why) => {
                self.stop = Some(match judge_tail(rest, offset, why) {
                    Tail::Clean => Stop::End { offset, next_index },
                    Tail::Torn { bytes } => Stop::Torn { offset, next_index, bytes },
                    Tail::Damaged(why) => Stop::Damage { offset, next_index, why },
                });
                None
            }
        }
    }
}

/// The bytes skipped after a frame that ends at `end`, and where the next frame begins, both
/// inside the segment.
fn next_start(segment: &[u8], end: usize) -> (&[u8], usize) {
    let start = usize::try_from(frame_start(end as u64)).unwrap_or(usize::MAX).min(segment.len());
    (&segment[end..start], start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{SECTOR_BYTES, encode_frame};

    fn header() -> SegmentHeader {
        SegmentHeader { origin: Hash::blake3(b"example.org/log"), first_index: 10 }
    }

    /// A segment of `groups` frames with two entries each, and room behind them.
    fn segment(groups: u64) -> Vec<u8> {
        let mut bytes = header().encode().to_vec();
        for group in 0..groups {
            let start = usize::try_from(frame_start(bytes.len() as u64)).unwrap();
            bytes.resize(start, 0);
            let (a, b) = (vec![0x41; 100], vec![0x42; 150]);
            encode_frame(&mut bytes, 10 + 2 * group, &Hash([1; 32]), &[&a, &b]);
        }
        bytes.resize(16 * 1024, 0);
        bytes
    }

    #[test]
    fn a_header_is_46_bytes_and_names_its_file() {
        let bytes = header().encode();
        assert_eq!(bytes.len(), 46);
        assert_eq!(&bytes[..6], b"MZLG\0\x01");
        assert_eq!(bytes[38..], 10_u64.to_be_bytes());
        assert_eq!(SegmentHeader::decode(&bytes), Ok(header()));
        assert_eq!(header().file_name(), "00000000000000000010.seg");
        assert_eq!(SegmentHeader::decode(&bytes[..45]), Err(SegmentFault::Short));
        let mut other = bytes;
        other[0] = b'X';
        assert_eq!(SegmentHeader::decode(&other), Err(SegmentFault::Magic));
        let mut other = bytes;
        other[5] = 2;
        assert_eq!(SegmentHeader::decode(&other), Err(SegmentFault::Version(2)));
    }

    #[test]
    fn a_walk_yields_every_frame_and_stops_at_the_zeros() {
        let bytes = segment(9);
        let mut walk = Walk::new(&bytes).unwrap();
        let frames = walk.by_ref().collect::<Vec<_>>();
        assert_eq!(frames.len(), 9);
        for (offset, frame) in &frames {
            // No head crosses a sector.
            assert!(offset % SECTOR_BYTES as u64 <= 460, "{offset}");
            assert_eq!(frame.count(), 2);
        }
        assert!(frames.iter().any(|(offset, _)| offset % SECTOR_BYTES as u64 == 0));
        let (last, frame) = frames.last().unwrap();
        let offset = frame_start(last + frame.bytes().len() as u64);
        assert_eq!(walk.stop(), Some(Stop::End { offset, next_index: 28 }));
    }

    #[test]
    fn a_segment_without_room_ends_at_its_last_byte() {
        let mut bytes = segment(3);
        let end = Walk::new(&bytes).unwrap().last().map(|(at, f)| at + f.bytes().len() as u64);
        let end = end.unwrap();
        bytes.truncate(usize::try_from(end).unwrap());
        let stop = Walk::new(&bytes).unwrap().finish();
        assert!(matches!(stop, Stop::End { next_index: 16, .. }), "{stop:?}");
        bytes.pop();
        let stop = Walk::new(&bytes).unwrap().finish();
        assert!(matches!(stop, Stop::Damage { next_index: 14, .. }), "{stop:?}");
    }

    #[test]
    fn every_flipped_byte_of_the_frames_is_found_at_its_place() {
        let good = segment(4);
        let Stop::End { offset: end, .. } = Walk::new(&good).unwrap().finish() else { panic!() };
        let frames = Walk::new(&good).unwrap().map(|(offset, _)| offset).collect::<Vec<_>>();
        for at in 46..usize::try_from(end).unwrap() {
            let mut bytes = good.clone();
            bytes[at] ^= 0x10;
            match Walk::new(&bytes).unwrap().finish() {
                Stop::Damage { offset, .. } => {
                    assert!(offset <= at as u64 && at as u64 - offset < 400, "{at}");
                    assert!(frames.contains(&offset) || good[at] == 0, "{at}");
                }
                // The flip is in the zeros a head's sector was skipped for, at the very end.
                Stop::Torn { offset, .. } => assert_eq!(offset, end),
                stop => panic!("{at}: {stop:?}"),
            }
        }
    }

    #[test]
    fn a_frame_of_another_place_is_misplaced() {
        let mut bytes = segment(1);
        let Stop::End { offset, .. } = Walk::new(&bytes).unwrap().finish() else { panic!() };
        let mut frame = Vec::new();
        encode_frame(&mut frame, 99, &Hash([1; 32]), &[b"x"]);
        let start = usize::try_from(offset).unwrap();
        bytes[start..start + frame.len()].copy_from_slice(&frame);
        let stop = Walk::new(&bytes).unwrap().finish();
        assert_eq!(stop, Stop::Misplaced { offset, next_index: 12, found: 99 });
    }
}
