//! What importing a roll would record, for a sender who signs elsewhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::LeftRow;
use crate::rolls::{Difference, ImportReport};
use crate::value::{Hash, Lang, Month, RollId};

/// A roll held against the ledger.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct RollPlan {
    pub(crate) kind: String,
    /// What offices call such a roll.
    pub(crate) kind_zh: String,
    pub(crate) kind_en: String,
    pub(crate) month: Option<Month>,
    /// Its id, when there is something to sign.
    pub(crate) roll: Option<RollId>,
    /// Data rows in the file.
    pub(crate) rows: usize,
    /// Headers of the file that mean nothing for this kind: nothing below them was read.
    #[serde(default)]
    pub(crate) unread_columns: Vec<String>,
    /// Rows that would be recorded for the first time.
    pub(crate) new: usize,
    /// Rows that say what the ledger knows.
    pub(crate) unchanged: usize,
    /// Rows that would correct an earlier one.
    pub(crate) corrected: usize,
    /// Rows in force that a full list no longer has.
    pub(crate) retracted: usize,
    /// Rows that cannot become events.
    pub(crate) rejected: Vec<LeftRow>,
    /// Rows that the ledger would refuse.
    pub(crate) refused: Vec<LeftRow>,
    /// Statements that say the same and still wait for their second signer.
    pub(crate) waiting: Vec<Hash>,
    /// The first differences, in the order of the file.
    pub(crate) differences: Vec<Difference>,
}

impl RollPlan {
    pub(crate) fn of(file: &str, report: &ImportReport) -> Self {
        Self {
            kind: report.kind.to_string(),
            kind_zh: report.kind.title(Lang::Zh),
            kind_en: report.kind.title(Lang::En),
            month: report.month,
            roll: report.roll,
            rows: report.rows,
            unread_columns: report.unread_columns.clone(),
            new: report.new,
            unchanged: report.unchanged,
            corrected: report.corrected,
            retracted: report.retracted,
            rejected: report.rejected.iter().map(|row| LeftRow::rejected(file, row)).collect(),
            refused: report.refused.iter().map(|row| LeftRow::refused(file, row)).collect(),
            waiting: report.waiting_endorsement.clone(),
            differences: report.differences.clone(),
        }
    }
}
