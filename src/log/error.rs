//! What can be wrong with a log, as facts.

use std::io;

use crate::{
    frame::{EntryError, FrameFault, HeadFault, SegmentFault},
    value::Hash,
};

/// An error of the operating system: its kind for programs, its text for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Cause {
    /// The kind.
    pub kind: io::ErrorKind,
    /// The system's own words.
    pub text: String,
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        Self { kind: error.kind(), text: error.to_string() }
    }
}

/// Why a call on an open log did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// Nothing of this call is durable or visible; the log goes on.
    #[error("{doing} failed and nothing was written: {cause}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        cause: Cause,
    },
    /// What was written may or may not be durable; the log must be opened again.
    #[error("{doing} failed with its outcome unknown: {cause}; open the ledger again")]
    Unknown {
        /// What was being done, at the first failure.
        doing: &'static str,
        /// What the system said.
        cause: Cause,
    },
    /// The group does not begin where the log ends, or does not continue its chain.
    #[error("the group begins at {given}, the log ends at {next}, or their hashes differ")]
    NotNext {
        /// Length of the log.
        next: u64,
        /// First index of the group.
        given: u64,
    },
    /// An entry, or the group, is empty, or an entry is too long.
    #[error("entry {index} has {bytes} bytes")]
    EntrySize {
        /// Index that the entry would have had.
        index: u64,
        /// Its size in bytes.
        bytes: usize,
    },
    /// A head that covers entries which are not in the log.
    #[error("a head of size {size} covers more than the {len} entries of the log")]
    HeadBeyondLog {
        /// Size of the head.
        size: u64,
        /// Length of the log.
        len: u64,
    },
    /// A head that does not fit its slot.
    #[error(transparent)]
    Head(#[from] HeadFault),
    /// An index beyond the end.
    #[error("there is no entry {index}: the log has {len}")]
    NoSuchEntry {
        /// The index asked for.
        index: u64,
        /// Length of the log.
        len: u64,
    },
    /// What stands there is not the entry that the published head covers.
    #[error("entry {index} was changed since it was published; run `mingzheng verify`")]
    Changed {
        /// The index asked for.
        index: u64,
    },
    /// An entry that is there could not be read.
    #[error("reading entry {index} failed: {cause}")]
    Read {
        /// The index asked for.
        index: u64,
        /// What the system said.
        cause: Cause,
    },
}

/// Bytes of the log that no write of this program, finished or cut, leaves behind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} is damaged at byte {offset}, entry {index}: {kind}")]
pub struct Damage {
    /// The file, relative to the ledger's folder.
    pub file: String,
    /// Where the damaged frame begins; 0 for the segment's header.
    pub offset: u64,
    /// The first entry that cannot be trusted.
    pub index: u64,
    /// What is wrong.
    pub kind: DamageKind,
}

/// What is wrong with damaged bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DamageKind {
    /// The segment's header.
    #[error(transparent)]
    Segment(#[from] SegmentFault),
    /// A frame, other than one whose write was cut.
    #[error(transparent)]
    Frame(#[from] FrameFault),
    /// An entry in a whole frame.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The file's name and its header name different first entries.
    #[error("the file's name and header differ")]
    Name,
    /// A segment, a frame or an entry with another index than the next one.
    #[error("it says it is entry {found}")]
    Index {
        /// The index found.
        found: u64,
    },
    /// An entry that does not carry the hash of the one before.
    #[error("it does not carry the hash of the entry before it")]
    Chain,
    /// A frame that looks cut, but a published head covers it or frames follow it.
    #[error("the frame is incomplete, and it was durable once")]
    TornButDurable,
}

/// Why a ledger's log does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Another process, or another part of this one, has it open.
    #[error("the ledger in {folder} is in use by another writer")]
    InUse {
        /// The ledger's folder.
        folder: String,
    },
    /// There is no ledger.
    #[error("there is no ledger in {folder}")]
    NoLedger {
        /// The folder.
        folder: String,
    },
    /// There is one already.
    #[error("there is a ledger in {folder} already")]
    Exists {
        /// The folder.
        folder: String,
    },
    /// Bytes of the log are damaged.
    #[error("{0}; nothing was changed. Restore a backup, or see `repair --accept-loss`")]
    Damage(#[from] Damage),
    /// The head file is missing: how long the log was cannot be known.
    #[error("{file} is missing; restore it from its copy or a backup")]
    HeadMissing {
        /// The file.
        file: String,
    },
    /// Neither slot of the head file can be read.
    #[error("{file} is damaged ({fault}); restore it from its copy or a backup")]
    HeadInvalid {
        /// The file.
        file: String,
        /// What is wrong.
        fault: HeadFault,
    },
    /// The log ends before its published head: entries were lost.
    #[error("the log has {len} entries, but its published head covers {head}: entries were lost")]
    Shorter {
        /// Length of the log.
        len: u64,
        /// Size of the head.
        head: u64,
    },
    /// The log's root at the head's size is another one.
    #[error("the root over {size} entries is {found}, but the published head says {head}")]
    OtherRoot {
        /// Size of the head.
        size: u64,
        /// Root of the head.
        head: Hash,
        /// Root of the log.
        found: Hash,
    },
    /// What was known of the log is not of this log: it is to be read whole.
    #[error("what was known of the log is not of this log")]
    NotKnown,
    /// A segment of another ledger.
    #[error("{file} belongs to a ledger of another origin")]
    OtherOrigin {
        /// The file.
        file: String,
    },
    /// The operating system refused.
    #[error("{doing} {file}: {cause}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file.
        file: String,
        /// What the system said.
        cause: Cause,
    },
}

impl OpenError {
    /// Names what was being done to which file when the system refused.
    pub(super) fn io(doing: &'static str, file: &str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { doing, file: file.to_owned(), cause: error.into() }
    }
}
