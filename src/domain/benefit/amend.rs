//! `benefit.amended`: another amount from the next month on (I18, I41).

use super::{Case, terms};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{BenefitAmended, Recorded};
use crate::value::{Day, Month};

refusals! {
    /// Why an amendment is refused.
    pub enum Refused {
        /// Reaches back.
        NotNextMonth { from: Month, next: Month } = "I18", "amends_too_early",
            "the amendment begins in {from}; {next} is the first month it may change",
            "amend from the next month on";
        /// The benefit does not run then.
        NotRunning { from: Month } = "I25", "not_running",
            "the person is not entitled to {from}", "resume the benefit first";
        /// Changes nothing.
        Unchanged = "I18", "amount_unchanged", "the benefit is at this amount already",
            "leave it as it is";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    case: &Case,
    data: &BenefitAmended,
) -> Result<(), Rejection> {
    let from = data.from_month;
    let next = Day::of_millis(event.recorded_at_ms).month().next();
    if from < next {
        return Err(Refused::NotNextMonth { from, next }.into());
    }
    if !case.is_entitled(from) {
        return Err(Refused::NotRunning { from }.into());
    }
    if case.amount(from) == Some(data.amount) {
        return Err(Refused::Unchanged.into());
    }
    terms::named(state, event, case, from)?;
    Ok(terms::amount_fits(state, case, from, data.amount)?)
}

pub(super) fn evolve(case: &mut Case, data: &BenefitAmended) {
    case.amounts.retain(|(from, _)| *from < data.from_month);
    case.amounts.push((data.from_month, data.amount));
}
