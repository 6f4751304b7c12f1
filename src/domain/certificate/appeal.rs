//! `appeal.filed`, `appeal.reassessed`, `appeal.concluded` (E23).
//!
//! An open appeal holds back a cancellation for not meeting the standard (I21), until it is
//! concluded or its term is over. What a successful appeal gives back belongs to a later version:
//! until then the person applies anew on the panel's conclusion.

use super::assessment::well_formed;
use super::case::{Ending, Stage};
use super::gates::{self, Ask};
use super::register::Appeal;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{AppealFiled, Grade};
use crate::value::{CaseId, Day, PersonId};

refusals! {
    /// Why a step of an appeal is refused.
    pub enum Refused {
        /// Nothing was concluded.
        NothingToAppeal = "I21", "nothing_to_appeal",
            "an appeal is against an assessment's conclusion, and this case has none",
            "wait for the conclusion";
        /// An appeal is open already.
        AppealOpen { due_by: Day } = "I21", "appeal_open",
            "an appeal of this person is open until {due_by}", "wait for its conclusion";
        /// The term is over before it begins.
        TermOver = "I21", "appeal_term_over", "the appeal's term ended before today",
            "correct data.due_by";
        /// No appeal is open.
        NoAppeal = "I21", "no_appeal_open", "no appeal of this case is open",
            "record appeal.filed first";
    }
}

pub(super) fn decide_filed(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &AppealFiled,
) -> Result<(), Rejection> {
    let case = ask.state.certificates.case(id).ok_or(gates::Refused::UnknownCase)?;
    let concluded = case.progress.as_ref().is_some_and(|progress| progress.conclusion.is_some())
        || matches!(case.stage, Stage::Ended(Ending::Issued | Ending::Refused));
    if !concluded {
        return Err(Refused::NothingToAppeal.into());
    }
    if data.due_by < ask.today {
        return Err(Refused::TermOver.into());
    }
    let open = ask.state.certificates.appeal_of(&data.person);
    match open.filter(|open| ask.today <= open.due_by) {
        Some(open) => Err(Refused::AppealOpen { due_by: open.due_by }.into()),
        None => Ok(()),
    }
}

/// Decides a reassessment or a final conclusion.
pub(super) fn decide_answered(
    ask: &Ask<'_>,
    id: &CaseId,
    person: &PersonId,
    meets: bool,
    grade: Option<&Grade>,
) -> Result<(), Rejection> {
    if ask.state.certificates.appeal_of(person).is_none_or(|appeal| appeal.case != *id) {
        return Err(Refused::NoAppeal.into());
    }
    Ok(well_formed(meets, grade)?)
}

pub(super) fn evolve_filed(state: &mut State, id: &CaseId, data: &AppealFiled) {
    state.certificates.appeal(data.person, Appeal { case: *id, due_by: data.due_by });
}

pub(super) fn evolve_concluded(state: &mut State, person: &PersonId) {
    state.certificates.conclude_appeal(person);
}
