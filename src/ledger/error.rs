//! Why a ledger does not open, and why something cannot be read from it.

use super::{PenError, PersonalError, ReplayError, SubmitError};
use crate::domain::Rejection;
use crate::log::{self, LogError};
use crate::tlog::{ReceiptError, TreeError};

/// Why a ledger does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The log said no.
    #[error(transparent)]
    Log(#[from] log::OpenError),
    /// Reading the log failed.
    #[error(transparent)]
    Read(#[from] LogError),
    /// An entry cannot be replayed.
    #[error("{0}; run `mingzheng verify`")]
    Replay(#[from] ReplayError),
    /// The vault said no.
    #[error(transparent)]
    Personal(#[from] PersonalError),
    /// There is no ledger, or its public key is missing.
    #[error("there is no ledger in {folder} (keys/ledger.vkey is missing)")]
    NoVerifierKey {
        /// The folder.
        folder: String,
    },
    /// The public key is not one.
    #[error("keys/ledger.vkey is not a note key of a ledger")]
    BadVerifierKey,
    /// The private note key is another one.
    #[error("the note key given is not the one of keys/ledger.vkey")]
    OtherNoteKey,
    /// A ledger opened for reading that never published anything.
    #[error("the ledger never published a checkpoint; open it once for writing")]
    NeverPublished,
    /// The public checkpoint cannot be read.
    #[error("log/checkpoint cannot be read: {0}")]
    Checkpoint(String),
    /// The founding of the ledger was cut short.
    #[error("the ledger in {folder} has no entry 0: its founding was cut short")]
    NotFounded {
        /// The folder.
        folder: String,
    },
    /// The system gave no thread, or did not write a file.
    #[error("the system refused: {0}")]
    Thread(String),
    /// Entry 0 could not be signed.
    #[error(transparent)]
    Pen(#[from] PenError),
    /// Entry 0 was not written.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// Entry 0 was refused.
    #[error("{0}")]
    Founding(Rejection),
}

/// Why something cannot be read from the ledger.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The log said no.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The entry is not of the known form.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// There is no such proof.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The receipt cannot be made.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// What the last close left of the statements is damaged.
    #[error("index/statements.snapshot is damaged; remove it and ask again: it is made anew")]
    Statements,
    /// The writer died while it held the state.
    #[error("the ledger stopped; open it again")]
    Stopped,
}
