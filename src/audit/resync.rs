//! Going on behind damage: finds where in a segment the next entries can be read.
//!
//! A frame of which only the checksum is wrong is still read, so that the entry that was changed
//! is named and not only its frame. Otherwise the next whole frame is looked for byte by byte; the
//! work is bounded, because whoever damaged the file may also have written what is found.

use crate::frame::{FRAME_BYTES_MAX, FRAME_HEAD_BYTES, FRAME_OVERHEAD, FrameView};

/// Most places that are tried as a frame, each costing a checksum over it.
const TRIES_MAX: usize = 1000;
const TRAILER: &[u8; 4] = b"MZFE";

/// What can be read from the damaged place on.
pub(super) enum Found {
    /// A frame with a wrong checksum or trailer whose entries fill its body.
    Entries { len: usize, lens: Vec<usize> },
    /// A whole frame, so many bytes later.
    Frame { at: usize },
    /// Nothing more in this segment.
    Nothing,
}

/// Looks through `rest`, the bytes of a segment from the place where no frame begins; `next_index`
/// is the entry that should come there.
pub(super) fn find(rest: &[u8], next_index: u64) -> Found {
    if let Some((len, lens)) = entries_of_damaged(rest) {
        return Found::Entries { len, lens };
    }
    let frame_at = |at: &usize| {
        let begins = FrameView::parse(&rest[*at..]);
        begins.is_ok_and(|frame| frame.first_index() >= next_index)
    };
    let places =
        (1..rest.len()).filter(|at| declared(&rest[*at..]).is_some_and(|(_, ended)| ended));
    places.take(TRIES_MAX).find(frame_at).map_or(Found::Nothing, |at| Found::Frame { at })
}

/// The length a frame's head announces, and whether a trailer stands at its end.
fn declared(bytes: &[u8]) -> Option<(usize, bool)> {
    let body = usize::try_from(u32::from_be_bytes(*bytes.first_chunk()?)).ok()?;
    if body == 0 || body > FRAME_BYTES_MAX - FRAME_OVERHEAD {
        return None;
    }
    let trailer = bytes.get(FRAME_HEAD_BYTES + body..FRAME_OVERHEAD + body)?;
    Some((FRAME_OVERHEAD + body, trailer == TRAILER))
}

/// The lengths of the entries of a frame, when they fill the announced body exactly.
fn entries_of_damaged(rest: &[u8]) -> Option<(usize, Vec<usize>)> {
    let (len, _) = declared(rest)?;
    let mut body = rest.get(FRAME_HEAD_BYTES..len - TRAILER.len())?;
    let mut lens = Vec::new();
    while let Some((entry_len, behind)) = body.split_first_chunk::<2>() {
        let entry_len = usize::from(u16::from_be_bytes(*entry_len));
        let (entry, behind) = behind.split_at_checked(entry_len)?;
        if entry.is_empty() {
            return None;
        }
        lens.push(entry_len);
        body = behind;
    }
    body.is_empty().then_some((len, lens))
}
