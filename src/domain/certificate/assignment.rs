//! `assessment.assigned` (E05): opens a round of assessment.
//!
//! A round is opened after acceptance; a second one when the policy asks it for the concluded
//! level; and a fresh one when an objection was upheld or the reviewer returned the case. The
//! second round's assessors are others than the first one's, and those whose conclusion fell by an
//! objection do not assess the case again. A round under way may get other assessors, but keeps
//! whoever recorded already: a conclusion nobody likes cannot be assigned away.

use super::acceptance::needs_assessment;
use super::case::{Case, Part, Progress, Round, Stage};
use super::gates::Ask;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{AssessmentAssigned, Recorded, Role};
use crate::policy::CertificatePolicy;
use crate::value::{ActorId, CaseId, Category};

refusals! {
    /// Why an assignment is refused.
    pub enum Refused {
        /// A random draw, which nobody could check yet.
        NotInThisVersion = "I05", "not_in_this_version",
            "this version does not prove random draws of assessors",
            "a reviewer assigns the assessors by name, without draw_seed";
        /// Not accepted.
        NotAccepted = "I04", "not_accepted",
            "assessors are assigned after the application is accepted",
            "take the steps of the case in order";
        /// The kind needs no assessment.
        NoAssessmentNeeded = "I04", "no_assessment_needed",
            "replacement and cancellation need no assessment", "go on without one";
        /// The case is concluded and no second round is due.
        AlreadyConcluded = "I05", "already_concluded",
            "the assessment is concluded and no second round is due",
            "go on with the notice";
        /// The institution may not assess.
        NotDesignated { institution: ActorId } = "I05", "institution_not_designated",
            "institution {institution} is not designated for what is claimed on this day",
            "choose an institution designated for the categories";
        /// The actor is no assessor of the institution.
        NotAnAssessor { actor: ActorId } = "I05", "not_an_assessor",
            "{actor} is not an assessor of this institution who may sign on this day",
            "choose enrolled assessors of the institution";
        /// One person twice.
        AssessorTwice { actor: ActorId } = "I06", "assessor_twice",
            "{actor} is named twice, or is the same person as another assessor named",
            "choose distinct assessors";
        /// Too few.
        TooFew { least: u32 } = "I05", "too_few_assessors", "the policy asks for {least} assessors",
            "assign at least as many";
        /// Nobody attending.
        NoAttending = "I05", "no_attending_physician",
            "the policy asks for at least one attending physician among the assessors",
            "assign an attending physician";
        /// An assessor of the first round, or one whose conclusion fell.
        AssessedBefore { actor: ActorId } = "I06", "assessed_before",
            "{actor} assessed this case before, in the round that this one has to check",
            "assign other assessors";
        /// An assessor who recorded is left out.
        RecordedLeftOut { actor: ActorId } = "I07", "recorded_left_out",
            "{actor} recorded an assessment in this round and must stay in it",
            "assign again with every assessor who recorded";
    }
}

pub(super) fn decide(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &AssessmentAssigned,
) -> Result<(), Rejection> {
    if data.draw_seed.is_some() || ask.event.signer.role == Role::System {
        return Err(Refused::NotInThisVersion.into());
    }
    let (case, progress) = ask.open(id)?;
    let policy = ask.policy(case.division)?;
    in_order(case, progress, policy)?;
    ask.apart(progress, Part::Review, &ask.event.signer.actor)?;
    institution(ask, progress, &data.institution)?;
    for (at, actor) in data.assessors.iter().enumerate() {
        if !is_assessor_of(ask, actor, &data.institution) {
            return Err(Refused::NotAnAssessor { actor: actor.clone() }.into());
        }
        let same = |other: &ActorId| ask.state.actors.same_person(actor, other);
        if data.assessors[..at].iter().any(same) {
            return Err(Refused::AssessorTwice { actor: actor.clone() }.into());
        }
        ask.apart(progress, Part::Assess, actor)?;
        ask.no_conflict(*id, actor)?;
        if barred(case, progress).any(same) {
            return Err(Refused::AssessedBefore { actor: actor.clone() }.into());
        }
    }
    if data.assessors.len() < usize::try_from(policy.min_assessors).unwrap_or(usize::MAX) {
        return Err(Refused::TooFew { least: policy.min_assessors }.into());
    }
    if policy.require_attending_physician && !any_attending(ask, data.assessors.iter()) {
        return Err(Refused::NoAttending.into());
    }
    Ok(keeps_recorded(case, progress, data)?)
}

/// Says whether the policy asks for a second round before the notice.
pub(super) fn second_round_due(progress: &Progress, policy: &CertificatePolicy) -> bool {
    progress.conclusion.as_ref().is_some_and(|conclusion| {
        let level = conclusion.grade.as_ref().map(|grade| grade.level);
        let asked = level.is_some_and(|level| policy.second_assessment_levels.contains(&level));
        asked && !conclusion.second_round
    })
}

/// Says whether an attending physician is among them.
pub(super) fn any_attending<'a>(
    ask: &Ask<'_>,
    mut assessors: impl Iterator<Item = &'a ActorId>,
) -> bool {
    assessors.any(|id| ask.state.actors.find(id).is_some_and(|actor| actor.attending))
}

fn in_order(case: &Case, progress: &Progress, policy: &CertificatePolicy) -> Result<(), Refused> {
    if !needs_assessment(case.kind) {
        return Err(Refused::NoAssessmentNeeded);
    }
    match case.stage {
        Stage::Accepted | Stage::Assigned | Stage::Objected | Stage::Returned => Ok(()),
        Stage::Assessed if second_round_due(progress, policy) => Ok(()),
        Stage::Submitted | Stage::Verified => Err(Refused::NotAccepted),
        _ => Err(Refused::AlreadyConcluded),
    }
}

fn institution(ask: &Ask<'_>, progress: &Progress, code: &ActorId) -> Result<(), Refused> {
    let fits = ask.state.institutions.find(code).is_some_and(|found| {
        let may = |category: &Category| found.may_assess(*category, ask.today);
        found.stands(ask.today) && progress.claimed.iter().all(may)
    });
    if fits { Ok(()) } else { Err(Refused::NotDesignated { institution: code.clone() }) }
}

fn is_assessor_of(ask: &Ask<'_>, id: &ActorId, institution: &ActorId) -> bool {
    ask.state.actors.find(id).is_some_and(|actor| {
        actor.role == Role::Assessor
            && actor.institution.as_ref() == Some(institution)
            && !actor.suspended
            && actor.valid_from <= ask.today
            && actor.valid_to.is_none_or(|to| ask.today <= to)
    })
}

/// Who may not assess in the round to be opened.
fn barred<'a>(case: &Case, progress: &'a Progress) -> impl Iterator<Item = &'a ActorId> {
    let round = progress.round.as_ref();
    let first: Vec<&ActorId> = match case.stage {
        Stage::Assessed => round.map_or_else(Vec::new, |round| round.recorded_by().collect()),
        Stage::Assigned => {
            round.and_then(|round| round.first_round.as_ref()).into_iter().flatten().collect()
        }
        _ => Vec::new(),
    };
    progress.fallen.iter().chain(first)
}

fn keeps_recorded(
    case: &Case,
    progress: &Progress,
    data: &AssessmentAssigned,
) -> Result<(), Refused> {
    let Some(round) = progress.round.as_ref().filter(|_| case.stage == Stage::Assigned) else {
        return Ok(());
    };
    let left_out = round
        .recorded_by()
        .find(|actor| !data.assessors.contains(actor) || round.institution != data.institution);
    match left_out {
        Some(actor) => Err(Refused::RecordedLeftOut { actor: actor.clone() }),
        None => Ok(()),
    }
}

pub(super) fn evolve(state: &mut State, _event: &Recorded, id: &CaseId, data: &AssessmentAssigned) {
    let Some((stage, progress)) = state.certificates.progress_mut(id) else { return };
    let earlier = progress.round.take();
    let (first_round, records) = match (*stage, earlier) {
        (Stage::Assigned, Some(round)) => (round.first_round, round.records),
        (Stage::Assessed, Some(round)) => {
            (Some(round.recorded_by().cloned().collect()), Vec::new())
        }
        _ => (None, Vec::new()),
    };
    // A fresh first round: what an earlier one concluded and published stands no longer.
    if first_round.is_none() {
        progress.conclusion = None;
        progress.notice = None;
    }
    progress.round = Some(Round {
        institution: data.institution.clone(),
        assessors: data.assessors.clone(),
        first_round,
        records,
    });
    *stage = Stage::Assigned;
}
