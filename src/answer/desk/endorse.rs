//! Proposals that wait for a second signer (I31).

use serde_json::json;

use super::probe::Step;
use super::{Offer, View};
use crate::event::Recorded;
use crate::value::{CaseId, Subject};

/// Proposals about a subject, or about a certificate of its person, that the viewer may endorse.
pub(super) fn of_subject(view: &View<'_>, subject: &Subject) -> Vec<Offer> {
    let person = match subject {
        Subject::Person(person) => Some(*person),
        Subject::Case(case) => view.state.person_of_case(case),
        _ => None,
    };
    let concerns = |proposal: &&Recorded| {
        proposal.subject == *subject
            || (person.is_some() && proposal.payload.body.person() == person)
    };
    let concerned = view.state.proposals.iter().filter(concerns);
    concerned.filter_map(|one| endorse(view, one)?.offer(view)).collect()
}

/// The same of a case, before the domain was asked.
pub(super) fn steps_of_case(view: &View<'_>, case: CaseId) -> Vec<Step> {
    let person = view.state.person_of_case(&case);
    let concerns = |proposal: &&Recorded| match proposal.subject {
        Subject::Case(of) => of == case,
        Subject::Certificate(_) => person.is_some() && proposal.payload.body.person() == person,
        _ => false,
    };
    view.state.proposals.iter().filter(concerns).filter_map(|one| endorse(view, one)).collect()
}

/// Every proposal that the viewer may endorse.
pub(super) fn all(view: &View<'_>) -> Vec<Offer> {
    view.state.proposals.iter().filter_map(|one| endorse(view, one)?.offer(view)).collect()
}

/// The endorsement of a proposal, before the domain was asked.
pub(super) fn endorse(view: &View<'_>, proposal: &Recorded) -> Option<Step> {
    let second = proposal.payload.body.second()?;
    if !second.roles.contains(&view.signer.role) {
        return None;
    }
    let step = Step::new("endorsed", proposal.subject.clone(), json!({}));
    Some(step.resting_on(vec![proposal.id]))
}
