//! What waits for an officer of certificates: cases, cards to hand over, files to seal.

use std::collections::BTreeSet;

use super::super::{Place, View, Waiting, appeal, cards};
use super::{may_open, offers, seal_file, second_round};
use crate::domain::certificate::Case;
use crate::event::rule_named;
use crate::value::{CaseId, Subject};

/// The step that a case may wait for more than once.
const ANSWERED_EACH: &str = "objection.resolved";

/// The certificate cases that wait for the viewer.
pub(in crate::answer::desk) fn waiting<'a>(view: &'a View<'a>) -> impl Iterator<Item = Waiting> {
    let certificates = &view.state.certificates;
    let open = move |id: &CaseId, case: &Case| {
        certificates.open_case_of(&case.person).is_some_and(|open| open == *id)
    };
    // An appeal may be about a case that has ended; such a case is kept for both reasons.
    let mut seen = BTreeSet::new();
    let appealed = certificates
        .cases_retained()
        .filter(move |(id, case)| !open(id, case) && appeal::of(view, **id, case).is_some())
        .filter(move |(id, _)| seen.insert(**id));
    let cases = certificates.cases_under_way().chain(appealed);
    let cases = cases.filter(move |(_, case)| may_open(view, case));
    cases.filter_map(move |(id, case)| {
        let due =
            offers(view, *id).into_iter().filter(|offer| offer.due && offer.blocked.is_none());
        let mut steps: Vec<&'static str> = Vec::new();
        for offer in due {
            // Forms of one step are ways to take it; but every objection has to be answered.
            if offer.name == ANSWERED_EACH || !steps.contains(&offer.name) {
                steps.push(offer.name);
            }
        }
        (!steps.is_empty()).then_some(Waiting {
            subject: Subject::Case(*id),
            place: Place::Case(*id),
            person: Some(case.person),
            steps,
            since: None,
            second_round: second_round(view, *id).is_some(),
        })
    })
}

/// The cards that wait for the viewer to hand them over, with the case they came of.
pub(in crate::answer::desk) fn to_hand_over<'a>(
    view: &'a View<'a>,
) -> impl Iterator<Item = Waiting> {
    let cards = view.state.certificates.undelivered();
    let own = cards.filter(move |(_, held, case)| {
        let case = case.and_then(|case| view.state.certificates.case(&case));
        case.map_or_else(|| view.signer.division.covers(held.division), |case| may_open(view, case))
    });
    own.filter_map(move |(_, held, case)| {
        let mut due = cards::to_deliver(view, held.person, case).filter(|step| step.is_legal(view));
        let steps = vec![due.next()?.name];
        let (subject, place) = match case {
            Some(case) => (Subject::Case(case), Place::Case(case)),
            None => (Subject::Person(held.person), Place::Person(held.person)),
        };
        let (person, since) = (Some(held.person), Some(held.since.max(held.valid_from)));
        let second_round = false;
        Some(Waiting { subject, place, person, steps, since, second_round })
    })
}

/// The cases whose files wait for the viewer to seal them, and at most so many.
pub(in crate::answer::desk) fn to_seal(view: &View<'_>, most: usize) -> Vec<Waiting> {
    let rule = rule_named("case_file.sealed");
    if !rule.is_some_and(|rule| rule.signers.contains(&view.signer.role)) {
        return Vec::new();
    }
    let ended = view.state.certificates.cases_unsealed().filter(|(_, case)| may_open(view, case));
    let waits = ended.filter_map(|(id, case)| {
        let step = seal_file(view, *id, case).filter(|step| step.due && step.is_legal(view))?;
        Some(Waiting {
            subject: Subject::Case(*id),
            place: Place::Case(*id),
            person: Some(case.person),
            steps: vec![step.name],
            since: None,
            second_round: false,
        })
    });
    waits.take(most).collect()
}
