//! `appeal.declined` (E23): the judge does not take the appeal on, and tells the person why.
//!
//! The prefecture's federation reassesses with its consent only; without it the conclusion stands,
//! and the person may ask the panel within a new term, which runs from the day this was told. What
//! the panel declines is over: the conclusion is final. Assessors who were assigned are consent, so
//! an appeal is declined before that or answered.

use super::{AppealStep, Refused, before, judged, judges, term, with_progress};
use crate::domain::certificate::case::{ConcludedBy, Part, Stage};
use crate::domain::certificate::gates::Ask;
use crate::domain::{Rejection, State};
use crate::event::{AppealDeclined, Recorded, Role};
use crate::value::{CaseId, Day};

pub(in crate::domain::certificate) fn decide(ask: &Ask<'_>, id: &CaseId) -> Result<(), Rejection> {
    let step = step_of(ask.event);
    let (_, progress, appeal) = before(ask, id, step)?;
    let own: &[Part] = if step == AppealStep::Prefecture { &[Part::Appeal] } else { &[] };
    judges(ask, progress, &ask.event.signer.actor, own)?;
    if appeal.round.is_some() { Err(Refused::Admitted.into()) } else { Ok(()) }
}

pub(in crate::domain::certificate) fn evolve(
    state: &mut State,
    event: &Recorded,
    id: &CaseId,
    data: &AppealDeclined,
) {
    judged(state, event, id);
    let Some(division) = state.certificates.case(id).map(|case| case.division) else { return };
    if step_of(event) == AppealStep::Panel {
        with_progress(state, id, |_, progress| {
            if let Some(conclusion) = &mut progress.conclusion {
                conclusion.by = ConcludedBy::Panel;
            }
        });
        state.certificates.close_appeal(&data.person, id);
        if let Some(Stage::Ended(ending)) = state.certificates.case(id).map(|case| case.stage) {
            state.certificates.end_case(id, ending);
        }
        return;
    }
    let told = Day::of_millis(event.recorded_at_ms);
    let until = term(state, division, told).unwrap_or(told);
    if let Some(appeal) = state.certificates.appeal_of_case_mut(id) {
        appeal.step = AppealStep::Answered { until };
    }
    state.certificates.retain(id, until);
}

/// Before whom the appeal has to be, for this signer.
fn step_of(event: &Recorded) -> AppealStep {
    match event.signer.role {
        Role::ProvincialPanel => AppealStep::Panel,
        _ => AppealStep::Prefecture,
    }
}
