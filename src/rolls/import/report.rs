//! What an import did, and why one did nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    super::kind::RollKind,
    rejected::{Rejected, Why},
};
use crate::{
    crypto::RandomError,
    domain::Rejection,
    ledger::{PenError, PersonalError, ReadError, SubmitError},
    policy::RateRowError,
    value::{Hash, Month, RollId},
};

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// The roll's id on the ledger; none when nothing was written.
    pub roll: Option<RollId>,
    /// What the roll is.
    pub kind: RollKind,
    /// The roll's month, for monthly rolls.
    pub month: Option<Month>,
    /// Data rows in the file.
    pub rows: usize,
    /// Headers that mean nothing for this kind, so that nothing below them was read.
    pub unread_columns: Vec<String>,
    /// Rows read and understood.
    pub accepted: usize,
    /// Rows recorded for the first time; in a dry run, that would be.
    pub new: usize,
    /// Rows that say what the ledger knows.
    pub unchanged: usize,
    /// Rows that corrected an earlier one.
    pub corrected: usize,
    /// Rows in force that a full list no longer has.
    pub retracted: usize,
    /// Rows that could not become events, those of reading first.
    pub rejected: Vec<Rejected>,
    /// Rows that the ledger refused, those of another division before they were even signed.
    pub refused: Vec<RefusedRow>,
    /// The first entry written: the `roll.received`.
    pub first_index: Option<u64>,
    /// The last entry written.
    pub last_index: Option<u64>,
    /// Statements that take effect only when a second signer endorses them, earlier ones that
    /// this roll repeats too.
    pub waiting_endorsement: Vec<Hash>,
    /// The first differences, in the order of the file.
    pub differences: Vec<Difference>,
}

impl ImportReport {
    /// Differences that a report names; the counts have all.
    pub const DIFFERENCES_MAX: usize = 100;
}

/// A row that the ledger refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// The sheet's name; none for a text file.
    pub sheet: Option<String>,
    /// The row as a person counts it; none for a retraction, which has no row.
    pub row: Option<u32>,
    /// The rule that says no.
    pub rejection: Rejection,
}

/// A row in which file and ledger differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The sheet's name; none for a text file.
    pub sheet: Option<String>,
    /// The row as a person counts it; none for a retraction, which has no row.
    pub row: Option<u32>,
    /// What differs.
    pub kind: DifferenceKind,
}

/// How a row differs from what the ledger knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// Unknown to the ledger.
    New,
    /// Other than the entry.
    Changed {
        /// Index of the entry in force.
        index: u64,
    },
    /// The entry's row is no longer in the list.
    Missing {
        /// Index of the entry in force.
        index: u64,
    },
}

/// Why a roll was not imported, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Tags cannot be made without the vault.
    #[error("the ledger is open without its vault key, which importing needs")]
    VaultClosed,
    /// The index did not answer; nothing was written.
    #[error("the index cannot be read; `mingzheng rebuild` makes it anew from the log")]
    Index,
    /// The sender may not send this roll; nothing was written.
    #[error("{0}")]
    Refused(Rejection),
    /// A result file or a list of amounts is no list of what is in force.
    #[error("a {kind} roll is not a full list; send it without --complete")]
    NotAList {
        /// What the roll is.
        kind: RollKind,
    },
    /// Only what pays somebody, or says what is paid for, can be checked before it is paid.
    #[error("a {kind} roll pays nobody; `mingzheng import --dry-run` shows what it would change")]
    NotAPayroll {
        /// What the roll is.
        kind: RollKind,
    },
    /// A row that cannot be read may be the very one that seems to be missing.
    #[error(
        "{rows} rows cannot be read, so nobody can say what is missing from the list; mend \
             them, or send it without --complete"
    )]
    CompleteWithRejected {
        /// How many.
        rows: usize,
    },
    /// A list of amounts is published whole or not at all.
    #[error("row {row}: {why}; amounts are published whole or not at all")]
    RateRejected {
        /// The row as a person counts it.
        row: u32,
        /// What is wrong.
        why: Why,
    },
    /// The amounts contradict each other. Rows are counted from 1 without the header.
    #[error(transparent)]
    Rates(#[from] RateRowError),
    /// The vault said no.
    #[error(transparent)]
    Personal(#[from] PersonalError),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The ledger cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A row gives no statement. Rows before it may be on the ledger.
    #[error("row {row}: {why}")]
    Pen {
        /// The row as a person counts it, 0 for the roll itself.
        row: u32,
        /// What is wrong.
        why: PenError,
    },
    /// The ledger stopped. Rows may be on it; the same file again adds what is missing.
    #[error("{0}; then import the same file again: what is on the ledger adds nothing")]
    Submit(#[from] SubmitError),
}
