//! Benefit cases, payrolls and the months in hand, as decisions need them.
//!
//! Everything here is ordered, so that equal histories give equal snapshots. Each event that
//! takes effect counts one *step*; spans, accounts and payrolls carry the step they stem from,
//! which says what a payroll's preparer could have known.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::months::Months;
use crate::event::{AccountHolder, Opinion};
use crate::value::{
    ActorId, CaseId, DivisionCode, Fen, Label, Month, PayrollId, PersonId, Programme, RollId, Tag,
};

/// How far a case has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Applied for, not determined.
    Applied,
    /// Granted; what is payable when is in the spans.
    Granted,
    /// Refused.
    Refused,
}

/// A review and who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The opinion.
    pub opinion: Opinion,
    /// The reviewer.
    pub actor: ActorId,
}

/// Months for which a decision entitles the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First month.
    pub from: Month,
    /// Last month, once stopped.
    pub until: Option<Month>,
    /// The month of the decision: earlier months of the span are back-pay.
    pub decided: Month,
    /// The step of the decision.
    pub step: u64,
}

impl Span {
    /// Says whether the month lies in the span.
    #[must_use]
    pub fn covers(&self, month: Month) -> bool {
        self.from <= month && self.until.is_none_or(|until| month <= until)
    }
}

/// A bound account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its tag.
    pub tag: Tag,
    /// Whose it is.
    pub holder: AccountHolder,
    /// The step that bound it.
    pub step: u64,
}

/// One benefit of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The person.
    pub person: PersonId,
    /// The division that decides.
    pub division: DivisionCode,
    /// The programme.
    pub programme: Programme,
    /// The month of the application.
    pub month: Month,
    /// Who took the application.
    pub applied_by: ActorId,
    /// The first review.
    pub first: Option<Review>,
    /// The second review.
    pub second: Option<Review>,
    /// How far it has come.
    pub status: Status,
    /// Months entitled to, ascending.
    pub spans: Vec<Span>,
    /// Amounts as decided, each from its month on; what is paid is the policy's amount.
    pub amounts: Vec<(Month, Fen)>,
    /// First unpaid month, while stopped.
    pub stopped: Option<Month>,
    /// Months of back-pay granted, ascending.
    pub back_pay: Vec<Month>,
    /// The bound account.
    pub account: Option<Account>,
}

impl Case {
    /// Says whether a decision entitles the person to the month.
    #[must_use]
    pub fn is_entitled(&self, month: Month) -> bool {
        self.spans.iter().any(|span| span.covers(month))
    }

    /// Says whether the month is paid by its own payroll: entitled to, and decided by then.
    #[must_use]
    pub fn is_regular(&self, month: Month) -> bool {
        self.spans.iter().any(|span| span.covers(month) && span.decided <= month)
    }

    /// Says whether it is granted and not stopped.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.status == Status::Granted && self.stopped.is_none()
    }

    /// The amount decided for a month.
    #[must_use]
    pub fn amount(&self, month: Month) -> Option<Fen> {
        self.amounts.iter().rev().find(|(from, _)| *from <= month).map(|(_, amount)| *amount)
    }

    /// Says whether its month was payable at a step: decided, with an account bound.
    fn was_payable(&self, month: Month, step: u64) -> bool {
        let decided = |span: &Span| span.covers(month) && span.decided <= month && span.step < step;
        self.spans.iter().any(decided) && self.account.is_some_and(|account| account.step < step)
    }
}

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
    /// Authorised; its items are then only in the months in hand.
    pub authorised: bool,
    /// The items, until authorised.
    pub items: Vec<Item>,
}

/// Benefit cases, payrolls and months in hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benefits {
    pub(super) cases: BTreeMap<CaseId, Case>,
    by_person: BTreeMap<PersonId, Vec<CaseId>>,
    by_division: BTreeMap<(Programme, DivisionCode), BTreeSet<CaseId>>,
    pub(super) payrolls: BTreeMap<PayrollId, Payroll>,
    /// The step of the last preparation of a programme, month and division.
    pub(super) prepared_at: BTreeMap<(Programme, Month, DivisionCode), u64>,
    pub(super) months: BTreeMap<(PersonId, Programme), Months>,
    /// Payment rolls, so that a retracted row of one names its month.
    pub(super) rolls: BTreeMap<RollId, (Programme, Month)>,
    step: u64,
}

impl Benefits {
    /// The case of that id.
    #[must_use]
    pub fn case(&self, id: &CaseId) -> Option<&Case> {
        self.cases.get(id)
    }

    /// The payroll of that id.
    #[must_use]
    pub fn payroll(&self, id: &PayrollId) -> Option<&Payroll> {
        self.payrolls.get(id)
    }

    /// The person's cases of a programme.
    pub fn cases_of(
        &self,
        person: PersonId,
        programme: Programme,
    ) -> impl Iterator<Item = (&CaseId, &Case)> {
        let ids = self.by_person.get(&person).into_iter().flatten();
        ids.filter_map(|id| Some((id, self.cases.get(id)?)))
            .filter(move |(_, case)| case.programme == programme)
    }

    /// The person's months in hand.
    #[must_use]
    pub fn months(&self, person: PersonId, programme: Programme) -> Option<&Months> {
        self.months.get(&(person, programme))
    }

    /// Cases that were payable for the month when the division's payrolls of it were last
    /// prepared, and are in none.
    pub fn left_out(
        &self,
        programme: Programme,
        month: Month,
        division: DivisionCode,
    ) -> impl Iterator<Item = CaseId> {
        let step = self.prepared_at.get(&(programme, month, division)).copied().unwrap_or(0);
        let covered = self
            .by_division
            .iter()
            .filter(move |((of, own), _)| *of == programme && division.covers(*own));
        covered.flat_map(|(_, ids)| ids).copied().filter(move |id| {
            self.cases.get(id).is_some_and(|case| {
                case.was_payable(month, step)
                    && self
                        .months(case.person, programme)
                        .is_none_or(|found| found.hand(month).is_none())
            })
        })
    }

    /// Counts one step.
    pub(super) const fn take_step(&mut self) -> u64 {
        self.step += 1;
        self.step
    }

    pub(super) fn open(&mut self, id: CaseId, case: Case) {
        self.by_person.entry(case.person).or_default().push(id);
        self.by_division.entry((case.programme, case.division)).or_default().insert(id);
        self.cases.insert(id, case);
    }

    pub(super) fn months_mut(&mut self, person: PersonId, programme: Programme) -> &mut Months {
        self.months.entry((person, programme)).or_default()
    }
}
