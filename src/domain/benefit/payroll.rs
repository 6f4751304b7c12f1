//! A payroll as decisions need it: what is to be paid, who released it, what the bank has not reported.

use serde::{Deserialize, Serialize};

use crate::value::{ActorId, CaseId, Day, DivisionCode, Fen, Label, Month, Programme, Tag};

/// One line of a payroll that waits for its authorisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The case.
    pub case: CaseId,
    /// The amount.
    pub amount: Fen,
    /// The account it goes to.
    pub account: Tag,
    /// Pays the payroll's own month, not back-pay alone.
    pub own: bool,
    /// Months of back-pay.
    pub back_pay: Vec<Month>,
}

impl Item {
    /// Every month it pays in a payroll of `month`.
    pub fn months(&self, month: Month) -> impl Iterator<Item = Month> {
        self.back_pay.iter().copied().chain(self.own.then_some(month))
    }
}

/// Who released a payroll, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorised {
    /// Who.
    pub by: ActorId,
    /// The day it was recorded.
    pub on: Day,
}

/// One payroll batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payroll {
    /// The paying division.
    pub division: DivisionCode,
    /// The programme.
    pub programme: Programme,
    /// The benefit month.
    pub month: Month,
    /// Who prepared it.
    pub preparer: ActorId,
    /// For whom.
    pub organisation: Label,
    /// Root over the items, base64.
    pub root: String,
    /// Sum of the items.
    pub total: Fen,
    /// How many items.
    pub count: u32,
    /// Its authorisation, once given.
    pub authorised: Option<Authorised>,
    /// The items: all of them until it is authorised, then those of which the bank has not said
    /// yet what became of them.
    pub items: Vec<Item>,
}

impl Payroll {
    /// What the bank still has to say something of; of one that waits for its authorisation, all.
    #[must_use]
    pub fn rest(&self) -> Fen {
        self.items.iter().map(|item| item.amount).sum()
    }
}
