//! Offline receipts: an entry, its path and the checkpoint it leads to, in one text
//! (c2sp.org/tlog-proof v1, the entry's bytes in `extra`).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64 of the entry>
//! index 73894
//! gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
//! (more of the path, from the leaf's sibling up)
//!
//! (the checkpoint, with all its signatures)
//! ```
//!
//! A receipt is checked with the ledger's note key alone, in three steps that [`Receipt::verify`]
//! takes in this order: the checkpoint is signed by the ledger; the entry hashes to a leaf; the
//! path leads from that leaf at that index to the checkpoint's root. It proves that the ledger
//! holds the entry, not that what the entry says is true or is the latest word.

use std::{fmt, str::FromStr};

use super::{
    Checkpoint, CheckpointError, ENTRY_LEN_MAX, NoteError, NoteVerifier, ProofError,
    SignedCheckpoint, SignedNote, TreeHash, base64_decode, decimal_decode, leaf_hash,
    note::NOTE_LEN_MAX, verify_inclusion,
};

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// Longest path: a tree has at most 64 levels below its root.
const PATH_LEN_MAX: usize = 64;
/// Longest receipt that is read: header and index; entry in base64; path; note.
const RECEIPT_LEN_MAX: usize =
    64 + ENTRY_LEN_MAX.div_ceil(3) * 4 + PATH_LEN_MAX * 45 + NOTE_LEN_MAX;

/// Why a text is not a receipt, or a receipt proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The text is longer than any receipt.
    #[error("the receipt is longer than {RECEIPT_LEN_MAX} bytes")]
    TooLong,
    /// The first line is not that of a proof in version 1.
    #[error("the first line is not `{HEADER}`")]
    Header,
    /// The entry is missing, empty, too long or not base64.
    #[error("the receipt does not carry an entry of 1 to {ENTRY_LEN_MAX} bytes")]
    Entry,
    /// The index is missing or not a number.
    #[error("the receipt does not carry an index")]
    Index,
    /// A line of the path is not a hash, or there are too many.
    #[error("the receipt's path is not at most {PATH_LEN_MAX} hashes")]
    Path,
    /// No blank line parts path and checkpoint.
    #[error("the receipt does not carry a checkpoint")]
    NoCheckpoint,
    /// The checkpoint is not a note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The checkpoint is not the ledger's.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The path does not lead from the entry to the root.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// A receipt as read or made; nothing in it has been checked. `Display` gives the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    entry: Vec<u8>,
    index: u64,
    path: Vec<TreeHash>,
    checkpoint: SignedNote,
}

/// What a checked receipt proves.
#[derive(Clone, PartialEq, Eq)]
pub struct Verified<'a> {
    /// Index of the entry in the ledger.
    pub index: u64,
    /// The entry's bytes, as the ledger holds them.
    pub entry: &'a [u8],
    /// What the ledger signed.
    pub checkpoint: Checkpoint,
}

impl Receipt {
    /// Packs an entry, its index, the path to the checkpoint's root and the checkpoint.
    ///
    /// # Errors
    /// [`ReceiptError::Entry`], [`ReceiptError::Path`]: parts no receipt can carry.
    pub fn new(
        entry: Vec<u8>,
        index: u64,
        path: Vec<TreeHash>,
        checkpoint: SignedNote,
    ) -> Result<Self, ReceiptError> {
        if !(1..=ENTRY_LEN_MAX).contains(&entry.len()) {
            return Err(ReceiptError::Entry);
        }
        if path.len() > PATH_LEN_MAX {
            return Err(ReceiptError::Path);
        }
        Ok(Self { entry, index, path, checkpoint })
    }

    /// Reads a receipt. Nothing in it is checked.
    ///
    /// # Errors
    /// Any [`ReceiptError`] but the last two.
    pub fn parse(text: &[u8]) -> Result<Self, ReceiptError> {
        if text.len() > RECEIPT_LEN_MAX {
            return Err(ReceiptError::TooLong);
        }
        let text = str::from_utf8(text).map_err(|_| NoteError::NotUtf8)?;
        let (head, note) = text.split_once("\n\n").ok_or(ReceiptError::NoCheckpoint)?;
        let mut lines = head.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(ReceiptError::Header);
        }
        // The specification lets `extra` be left out; a receipt of this ledger has it.
        let entry = lines.next().and_then(|line| line.strip_prefix("extra "));
        let entry = entry.and_then(base64_decode).ok_or(ReceiptError::Entry)?;
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index.and_then(decimal_decode).ok_or(ReceiptError::Index)?;
        let path = lines.map(|line| line.parse().map_err(|_| ReceiptError::Path));
        // One line too many is enough to be refused for it.
        let path = path.take(PATH_LEN_MAX + 1).collect::<Result<_, _>>()?;
        Self::new(entry, index, path, SignedNote::parse(note.as_bytes())?)
    }

    /// The checkpoint with all its signatures, for a reader who asks for witnesses.
    #[must_use]
    pub const fn note(&self) -> &SignedNote {
        &self.checkpoint
    }

    /// Checks the receipt against the ledger's note key.
    ///
    /// # Errors
    /// [`ReceiptError::Checkpoint`], [`ReceiptError::Proof`].
    pub fn verify(&self, key: &NoteVerifier) -> Result<Verified<'_>, ReceiptError> {
        // 1. The checkpoint is signed by the ledger and states the ledger's origin.
        let signed = SignedCheckpoint::from_note(self.checkpoint.clone(), key)?;
        let checkpoint = signed.checkpoint().clone();
        // 2. The leaf is computed from the entry carried, never taken from elsewhere.
        let leaf = leaf_hash(&self.entry);
        // 3. The path leads from the leaf to the signed root.
        verify_inclusion(&leaf, self.index, checkpoint.size, &self.path, &checkpoint.root)?;
        Ok(Verified { index: self.index, entry: &self.entry, checkpoint })
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}\nextra {}", data_encoding::BASE64.encode(&self.entry))?;
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for Receipt {
    type Err = ReceiptError;
    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        Self::parse(text.as_bytes())
    }
}

/// Entries are about persons: neither form prints one.
impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receipt").field("index", &self.index).finish_non_exhaustive()
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("index", &self.index)
            .field("checkpoint", &self.checkpoint)
            .finish_non_exhaustive()
    }
}
