//! Checkpoints: the ledger's signed statement of its size and root (c2sp.org/tlog-checkpoint).
//!
//! ```text
//! example.com/behind-the-sofa
//! 20852163
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhc...
//! ```
//!
//! Extension lines: this ledger signs none, since nobody can audit them. They are read, kept and
//! covered by the signature all the same, so that a checkpoint of a later version still verifies.

use std::{fmt, str::FromStr};

use super::{
    KeyName, NoteError, NoteSigner, NoteVerifier, Sign, SignedNote, TreeHash, decimal_decode,
    empty_root,
};
use crate::value::{Malformed, text_value};

/// Most extension lines that are read.
const EXTENSIONS_MAX: usize = 16;

/// The unique name of a ledger, and of its note key: 1 to 255 of `a-z`, `0-9`, `.`, `/` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

impl Origin {
    /// Longest accepted origin, in bytes.
    pub const LEN_MAX: usize = 255;

    /// The origin as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'/' | b'-');
        if (1..=Self::LEN_MAX).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed::new("origin", "1 to 255 of a-z, 0-9, '.', '/' and '-'"))
        }
    }
}

text_value!(Origin, "origin", "^[a-z0-9./-]{1,255}$");

/// Why a note is not a checkpoint of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note is malformed or not signed by the key.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// There are fewer than three lines, or an empty one.
    #[error("a checkpoint has at least three lines and none is empty")]
    Lines,
    /// There are too many extension lines.
    #[error("the checkpoint has more than {EXTENSIONS_MAX} extension lines")]
    TooManyExtensions,
    /// The first line is not an origin.
    #[error("the checkpoint's first line is not an origin of this form")]
    Origin,
    /// The second line is not a size.
    #[error("the checkpoint's second line is not a size")]
    Size,
    /// The third line is not a root.
    #[error("the checkpoint's third line is not a root")]
    Root,
    /// The size is 0 and the root is not that of the empty tree.
    #[error("the checkpoint states another root than the one of the empty tree")]
    EmptyTreeRoot,
    /// The origin is not the name of the key.
    #[error("the checkpoint's origin is not the name of the key")]
    OriginDiffers,
}

/// What a ledger states: its name, its number of entries and their root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The ledger.
    pub origin: Origin,
    /// Number of entries.
    pub size: u64,
    /// Root of the tree of that size.
    pub root: TreeHash,
    extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    #[must_use]
    pub const fn new(origin: Origin, size: u64, root: TreeHash) -> Self {
        Self { origin, size, root, extensions: Vec::new() }
    }

    /// Opaque lines a later version may have added; empty in what this version signs.
    #[must_use]
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// Signs the checkpoint with the ledger's note key.
    ///
    /// Never sign one that is inconsistent with one signed before, or not yet durable.
    ///
    /// # Errors
    /// [`CheckpointError::OriginDiffers`], [`CheckpointError::EmptyTreeRoot`].
    pub fn sign<K: Sign>(
        self,
        signer: &NoteSigner<K>,
    ) -> Result<SignedCheckpoint, CheckpointError> {
        self.named_by(signer.verifier().name())?;
        self.refuse_wrong_empty_root()?;
        let note = SignedNote::sign(self.to_string(), signer)?;
        Ok(SignedCheckpoint { checkpoint: self, note })
    }

    /// Reads a signed checkpoint and checks the ledger's signature.
    ///
    /// # Errors
    /// Any [`CheckpointError`].
    pub fn open(note: &[u8], key: &NoteVerifier) -> Result<SignedCheckpoint, CheckpointError> {
        SignedCheckpoint::from_note(SignedNote::parse(note)?, key)
    }

    fn named_by(&self, name: &KeyName) -> Result<(), CheckpointError> {
        if self.origin.as_str() == name.as_str() {
            Ok(())
        } else {
            Err(CheckpointError::OriginDiffers)
        }
    }

    fn refuse_wrong_empty_root(&self) -> Result<(), CheckpointError> {
        if self.size == 0 && self.root != empty_root() {
            Err(CheckpointError::EmptyTreeRoot)
        } else {
            Ok(())
        }
    }
}

/// The text that is signed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Reads the text that is signed.
impl FromStr for Checkpoint {
    type Err = CheckpointError;
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let text = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?;
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Lines);
        };
        if text.split('\n').any(str::is_empty) {
            return Err(CheckpointError::Lines);
        }
        let extensions: Vec<_> = lines.take(EXTENSIONS_MAX + 1).map(str::to_owned).collect();
        if extensions.len() > EXTENSIONS_MAX {
            return Err(CheckpointError::TooManyExtensions);
        }
        let checkpoint = Self {
            origin: origin.parse().map_err(|_| CheckpointError::Origin)?,
            size: decimal_decode(size).ok_or(CheckpointError::Size)?,
            root: root.parse().map_err(|_| CheckpointError::Root)?,
            extensions,
        };
        checkpoint.refuse_wrong_empty_root()?;
        Ok(checkpoint)
    }
}

/// A checkpoint whose ledger signature has been made or checked, with the note it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: SignedNote,
}

impl SignedCheckpoint {
    /// Checks the ledger's signature on a note and reads its text.
    ///
    /// # Errors
    /// Any [`CheckpointError`].
    pub fn from_note(note: SignedNote, key: &NoteVerifier) -> Result<Self, CheckpointError> {
        // Nothing of the text is looked at before the signature holds.
        note.verify(key)?;
        let checkpoint: Checkpoint = note.text().parse()?;
        checkpoint.named_by(key.name())?;
        Ok(Self { checkpoint, note })
    }

    /// What the ledger states.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note, with the signatures of others; its `Display` is what is published.
    #[must_use]
    pub const fn note(&self) -> &SignedNote {
        &self.note
    }

    /// Gives up the note.
    #[must_use]
    pub fn into_note(self) -> SignedNote {
        self.note
    }
}
