//! What stands after the last whole frame: nothing, a torn frame, or damage.
//!
//! A disk writes a 512-byte sector whole or not at all, and files are zero before frames are
//! written. So a frame whose write was cut by a power loss shows at least one sector that is
//! still zero. Only that is called torn; whatever else is not a frame is damage (formats, section
//! Segment file). Whether a published head covers the place is the caller's to know.

use super::group::{FRAME_BYTES_MAX, FRAME_HEAD_BYTES, FrameFault, TRAILER, declared_len, u32_at};

/// The unit that a disk writes whole.
pub const SECTOR_BYTES: usize = 512;

/// What the bytes after the last whole frame are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// All zero: the log ends here.
    Clean,
    /// A frame whose write was cut; `bytes` from here on may be non-zero, all beyond is zero.
    Torn {
        /// Bytes from the frame's start to the last that is not zero.
        bytes: u64,
    },
    /// Anything else.
    Damaged(FrameFault),
}

/// Judges `rest`, the bytes of a segment from `offset`, where no whole frame begins, to the end
/// of the file.
#[must_use]
pub fn judge_tail(rest: &[u8], offset: u64, fault: FrameFault) -> Tail {
    let Some(last) = rest.iter().rposition(|byte| *byte != 0) else { return Tail::Clean };
    let used = last + 1;
    let Some(head) = rest.get(..FRAME_HEAD_BYTES) else { return Tail::Damaged(fault) };
    let torn = if head.iter().all(|byte| *byte == 0) {
        // The head lies in one sector, which was not written; later ones of the frame were.
        used <= FRAME_BYTES_MAX
    } else {
        // The head's sector was written, so the length it announces is the frame's, and the file
        // was long enough before the frame was written. A trailer before the announced end means
        // that the length was changed later.
        declared_len(u32_at(head, 0)).is_some_and(|len| {
            (used == len || used < len && !rest[..used].ends_with(&TRAILER))
                && rest.get(..len).is_some_and(|frame| zero_sector(frame, offset))
        })
    };
    if torn { Tail::Torn { bytes: used as u64 } } else { Tail::Damaged(fault) }
}

/// Whether a sector after the first, of those that a frame at `offset` overlaps, is all zero.
fn zero_sector(frame: &[u8], offset: u64) -> bool {
    let sector = SECTOR_BYTES as u64;
    let to_boundary = usize::try_from(sector - offset % sector).unwrap_or(SECTOR_BYTES);
    let later = frame.get(to_boundary..).unwrap_or_default();
    later.chunks(SECTOR_BYTES).any(|sector| sector.iter().all(|byte| *byte == 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        frame::{FrameView, encode_frame, frame_bytes},
        value::Hash,
    };

    /// A segment's end: a frame of three sectors at `offset`, and zeros after it.
    fn rest() -> Vec<u8> {
        let mut bytes = Vec::new();
        encode_frame(&mut bytes, 5, &Hash([3; 32]), &[&[0x55; 700], &[0x66; 400]]);
        assert_eq!(bytes.len(), frame_bytes([700, 400]));
        bytes.resize(3 * 4096, 0);
        bytes
    }

    fn judge(rest: &[u8], offset: u64) -> Tail {
        judge_tail(rest, offset, FrameView::parse(rest).unwrap_err())
    }

    #[test]
    fn zeros_are_the_end() {
        assert_eq!(judge(&[], 700), Tail::Clean);
        assert_eq!(judge(&[0; 5], 700), Tail::Clean);
        assert_eq!(judge(&[0; 5000], 700), Tail::Clean);
    }

    #[test]
    fn any_sector_left_out_is_torn() {
        // At offset 300 the frame's 1160 bytes overlap sectors that end at 212, 724 and 1236.
        for (from, to, bytes) in [(0, 212, 1160), (212, 724, 1160), (724, 1236, 724)] {
            let mut rest = rest();
            rest[from..to].fill(0);
            assert_eq!(judge(&rest, 300), Tail::Torn { bytes }, "{from}..{to}");
        }
        let mut rest = rest();
        rest[212..].fill(0);
        assert_eq!(judge(&rest, 300), Tail::Torn { bytes: 212 });
    }

    #[test]
    fn everything_else_is_damage() {
        // A flipped bit; half a sector zeroed; a sector lost but bytes beyond the frame; a file
        // that ends inside the frame; a wild length.
        let mut flipped = rest();
        flipped[100] ^= 4;
        assert_eq!(judge(&flipped, 300), Tail::Damaged(FrameFault::Checksum));
        let mut half = rest();
        half[212..600].fill(0);
        assert_eq!(judge(&half, 300), Tail::Damaged(FrameFault::Checksum));
        let mut beyond = rest();
        beyond[212..724].fill(0);
        beyond[2000] = 1;
        assert_eq!(judge(&beyond, 300), Tail::Damaged(FrameFault::Checksum));
        let mut short = rest();
        short[212..724].fill(0);
        short.truncate(1000);
        assert_eq!(judge(&short, 300), Tail::Damaged(FrameFault::Short(1160)));
        let mut longer = rest();
        longer[2] ^= 0x10;
        assert_eq!(judge(&longer, 300), Tail::Damaged(FrameFault::Trailer));
        let mut wild = rest();
        wild[0] = 0xff;
        assert_eq!(judge(&wild, 300), Tail::Damaged(FrameFault::Length(0xff00_0450)));
        let mut far = vec![0; FRAME_BYTES_MAX + 10];
        far[FRAME_BYTES_MAX] = 1;
        assert_eq!(judge(&far, 300), Tail::Damaged(FrameFault::Absent));
        far[FRAME_BYTES_MAX] = 0;
        far[FRAME_BYTES_MAX - 1] = 1;
        assert_eq!(judge(&far, 300), Tail::Torn { bytes: FRAME_BYTES_MAX as u64 });
    }
}
