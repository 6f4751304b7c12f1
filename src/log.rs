//! Layer 3: the log of record.
//!
//! Entries go into append-only segment files, one frame and one flush for a group; the newest
//! published head stands beside them. [`SegmentLog`] is the one implementation. It runs on
//! [`Files`]: a folder of a real disk ([`DiskFiles`]), or a disk in memory whose writes can be
//! made to fail, tear or get lost ([`MemoryFiles`]), so that tests meet the same code as power
//! cuts do. Opening goes through recovery (formats, section Segment file), from the beginning or,
//! for a reader, from where the last close left what it knew. The log knows nothing of what an
//! entry says; whoever opens it hears every entry and answers with the tree's root.

mod disk;
mod error;
mod files;
mod follow;
mod head_file;
mod known;
mod memory;
mod reader;
mod recovery;
mod repair;
mod segment_log;

#[cfg(test)]
mod crash_tests;
#[cfg(test)]
mod disk_tests;

pub use disk::DiskFiles;
pub use error::{Cause, Damage, DamageKind, LogError, OpenError};
pub use files::{ByteFile, Files, Writes, read_from};
pub use follow::{Followed, FollowedSegment, follow};
pub use known::Known;
pub use memory::{Fault, MemoryFiles, Outcome};
pub use reader::{EntryCheck, LogReader};
pub use recovery::{OpenReport, Replay, TornTail};
pub use repair::{RepairReport, repair};
pub use segment_log::{CHECKPOINT, Options, SegmentLog};

use crate::{frame::HeadRecord, value::Hash};

/// One group of entries, appended together.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a> {
    /// Index of the first entry: the length of the log.
    pub first_index: u64,
    /// Hash of the last entry of the log, or of the origin when it is empty.
    pub prev: Hash,
    /// The entries' bytes, in order, at least one.
    pub entries: &'a [&'a [u8]],
}

/// The log of record, as its one writer holds it.
///
/// Duties of every implementation:
/// - **Durability.** When a call returns `Ok`, what it wrote survives a power cut.
/// - **Order.** Entries are durable in the order of their indexes; there is never a gap. A group
///   of more than 8 MiB may be durable in part, always a first part, when its outcome is unknown.
/// - **Visibility.** `len`, `read`, `scan` and readers show what is durable and nothing else.
/// - **Errors.** [`LogError::Failed`]: nothing of this call is durable or visible, and the log
///   goes on. [`LogError::Unknown`]: what was written may or may not be durable; every later
///   call says so too, and the only way on is to drop the log and open it again. The other
///   errors are the caller's: nothing was written.
/// - **One writer.** While a log is open nobody else can open it for writing.
pub trait Log: Send {
    /// Number of entries.
    fn len(&self) -> u64;

    /// Whether the log has no entry.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `prev` of the next entry.
    fn next_prev(&self) -> Hash;

    /// Appends a group. It is durable when this returns: one flush for each 8 MiB of it.
    ///
    /// # Errors
    /// See the duties; [`LogError::NotNext`] and [`LogError::EntrySize`] are the caller's.
    fn append(&mut self, group: &Group<'_>) -> Result<(), LogError>;

    /// Makes a published head durable. From then on a log shorter than it, or with another root
    /// at its size, refuses to open.
    ///
    /// # Errors
    /// See the duties; [`LogError::HeadBeyondLog`] and [`LogError::Head`] are the caller's.
    fn write_head(&mut self, head: &HeadRecord) -> Result<(), LogError>;

    /// Replaces the public checkpoint file, `log/checkpoint`.
    ///
    /// # Errors
    /// [`LogError::Failed`]: the file holds the old note or the new one, whole in both cases.
    fn write_checkpoint(&mut self, note: &str) -> Result<(), LogError>;

    /// Reads one entry.
    ///
    /// # Errors
    /// [`LogError::NoSuchEntry`], [`LogError::Read`] and [`LogError::Unknown`].
    fn read(&self, index: u64) -> Result<Vec<u8>, LogError> {
        self.reader().read(index)
    }

    /// Visits every entry from `from` on, in order, reading in large pieces.
    ///
    /// # Errors
    /// As [`Log::read`]; `from` may be the length of the log.
    fn scan(&self, from: u64, visit: &mut dyn FnMut(u64, &[u8])) -> Result<(), LogError> {
        self.reader().scan(from, visit)
    }

    /// A reader for other threads: it sees what is durable, while the writer goes on.
    fn reader(&self) -> LogReader;

    /// What a reader needs to open the log again without reading all of it.
    fn known(&self) -> Known;
}
