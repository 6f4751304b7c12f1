//! Assessors find what they find by themselves (I05-I07): each signs an opinion of their own, and
//! two that agree are worth two only when the second was not read off the first.
//!
//! So whoever is assigned to a round and has not recorded yet may not read what others found in the
//! case, in this round or an earlier one. With the own opinion on the ledger all of it is open.

use super::appeal;
use super::case::Stage;
use crate::domain::State;
use crate::event::{Body, Recorded};
use crate::value::{ActorId, CaseId, Subject};

/// Whether an actor is assigned to the open round of a case, and has still to record what they find.
#[must_use]
pub fn owes_opinion(state: &State, case: &CaseId, actor: &ActorId) -> bool {
    let own = |other: &ActorId| state.actors.same_person(other, actor);
    let of_case = || {
        let found = state.certificates.case(case).filter(|it| it.stage == Stage::Assigned)?;
        found.progress.as_ref()?.round.as_ref()
    };
    let round = appeal::round_of(state, case).or_else(of_case);
    round.is_some_and(|round| round.assessors.iter().any(own) && !round.recorded_by().any(own))
}

/// Whether an event is the opinion of others in a case in which the reader owes their own.
#[must_use]
pub fn is_withheld(state: &State, event: &Recorded, reader: &ActorId) -> bool {
    let Subject::Case(case) = &event.subject else { return false };
    let is_opinion = matches!(
        event.payload.body,
        Body::AssessmentRecorded(_) | Body::AssessmentConcluded(_) | Body::AppealReassessed(_)
    );
    is_opinion && event.signer.actor != *reader && owes_opinion(state, case, reader)
}
