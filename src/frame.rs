//! Layer 1: entries, segment frames and head slots, as bytes.
//!
//! Everything that the log keeps on disk is encoded and parsed here, from and to plain byte
//! slices: one entry, one frame (a group of entries written and flushed together), one segment
//! (a header and frames), and the two slots of the head file. The writer, recovery and the
//! verifier all walk segments with this code. It knows nothing of files, of the domain or of
//! what a statement says; nothing here panics on any input.

mod entry;
mod group;
mod head;
mod segment;
mod tail;

pub use entry::{ENTRY_BYTES_MAX, Entry, EntryError, entry_hash, genesis_prev};
pub use group::{
    Entries, FRAME_BYTES_MAX, FRAME_HEAD_BYTES, FRAME_OVERHEAD, FrameFault, FrameView,
    encode_frame, frame_bytes, frame_start,
};
pub use head::{
    HEAD_FILE_BYTES, HEAD_SLOT_BYTES, HeadFault, HeadRecord, HeadSlots, NOTE_BYTES_MAX,
};
pub use segment::{
    SEGMENT_BYTES_MAX, SEGMENT_HEADER_BYTES, SegmentFault, SegmentHeader, Stop, Walk,
};
pub use tail::{SECTOR_BYTES, Tail, judge_tail};
