//! `assessment.assigned` (E05): opens a round of assessment.
//!
//! A round is opened after acceptance; a second one when the policy asks it for the concluded
//! level; and a fresh one when an objection was upheld or the reviewer returned the case. A
//! regrade needs the approving federation's consent first (I18). The second round's assessors are others than the first one's, and those whose conclusion fell by an
//! objection do not assess the case again. A round under way may get other assessors, but keeps
//! whoever recorded already: a conclusion nobody likes cannot be assigned away.
//!
//! Signed by System, institution and assessors are those of the random [`draw`]; signed by a
//! reviewer, a person chose them, and the missing `draw_seed` says so. Signed by the prefecture's
//! federation, it opens the reassessment of an [`appeal`].

use super::acceptance::needs_assessment;
use super::appeal;
use super::case::{Case, Part, Progress, Round, Stage};
use super::draw;
use super::gates::Ask;
use crate::domain::{Rejection, State, publication::Institution, refusal::refusals};
use crate::event::{ApplicationKind, AssessmentAssigned, Recorded, Role};
use crate::policy::CertificatePolicy;
use crate::value::{ActorId, CaseId, Category, Day};

refusals! {
    /// Why an assignment is refused.
    pub enum Refused {
        /// A seed without a draw.
        DrawBySystem = "I05", "draw_by_system", "only System signs a random draw",
            "leave data.draw_seed out: the assignment is by hand, and says so",
            "随机抽取只由系统签署",
            "请删去 data.draw_seed：人工指派会照实记录";
        /// System names assessors without the draw's seed, or others than were drawn.
        DrawDiffers = "I05", "draw_differs",
            "seed, institution and assessors are not those of the draw on this day",
            "draw with `mingzheng draw CASE`",
            "种子、机构和医师与当天的抽取结果不符",
            "请用 `mingzheng draw CASE` 抽取";
        /// A regrade nobody consented to.
        NotConsented = "I18", "regrade_not_consented",
            "a regrade is assessed after the approving federation consented",
            "record regrade.consented first",
            "变更须经批准机关同意后评定",
            "请先记录同意变更";
        /// Not accepted.
        NotAccepted = "I04", "not_accepted",
            "assessors are assigned after the application is accepted",
            "take the steps of the case in order",
            "受理之后才能指派评残医师",
            "请按顺序办理";
        /// The kind needs no assessment.
        NoAssessmentNeeded = "I04", "no_assessment_needed",
            "replacement, exchange, transfer and cancellation need no assessment", "go on without one",
            "补证、换新、迁移和注销不需要评定",
            "请直接办理下一步";
        /// The case is concluded and no second round is due.
        AlreadyConcluded = "I05", "already_concluded",
            "the assessment is concluded and no second round is due",
            "go on with the notice",
            "评定已出结论，无需第二轮",
            "请办理公示";
        /// The institution may not assess.
        NotDesignated { institution: ActorId } = "I05", "institution_not_designated",
            "institution {institution} is not designated for what is claimed on this day",
            "choose an institution designated for the categories",
            "机构 {institution} 当天不是所申请类别的指定机构",
            "请选择对应类别的指定机构";
        /// The actor is no assessor of the institution.
        NotAnAssessor { actor: ActorId } = "I05", "not_an_assessor",
            "{actor} is not an assessor of this institution who may sign on this day",
            "choose enrolled assessors of the institution",
            "{actor} 当天不是该机构可以签署的评残医师",
            "请选择该机构在册的评残医师";
        /// One person twice.
        AssessorTwice { actor: ActorId } = "I06", "assessor_twice",
            "{actor} is named twice, or is the same person as another assessor named",
            "choose distinct assessors",
            "{actor} 被列了两次，或与另一名医师为同一人",
            "请选择不同的医师";
        /// Too few.
        TooFew { least: u32 } = "I05", "too_few_assessors", "the policy asks for {least} assessors",
            "assign at least as many",
            "政策要求 {least} 名评残医师",
            "请至少指派这么多人";
        /// Nobody attending.
        NoAttending = "I05", "no_attending_physician",
            "the policy asks for at least one attending physician among the assessors",
            "assign an attending physician",
            "政策要求评残医师中至少有一名主治医师",
            "请指派一名主治医师";
        /// An assessor of the first round, or one whose conclusion fell.
        AssessedBefore { actor: ActorId } = "I06", "assessed_before",
            "{actor} assessed this case before, in the round that this one has to check",
            "assign other assessors",
            "{actor} 在本轮所复核的上一轮中评定过本案",
            "请指派其他医师";
        /// An assessor who recorded is left out.
        RecordedLeftOut { actor: ActorId } = "I07", "recorded_left_out",
            "{actor} recorded an assessment in this round and must stay in it",
            "assign again with every assessor who recorded",
            "{actor} 本轮已记录意见，不能排除在外",
            "重新指派时请保留每名已记录的医师";
    }
}

pub(super) fn decide(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &AssessmentAssigned,
) -> Result<(), Rejection> {
    let role = ask.event.signer.role;
    if data.draw_seed.is_some() && role != Role::System {
        return Err(Refused::DrawBySystem.into());
    }
    if role == Role::PrefectureDpf {
        return appeal::decide_assigned(ask, id, data);
    }
    let (case, progress) = ask.open(id)?;
    let policy = ask.policy(case.division)?;
    in_order(case, progress, policy)?;
    appeal::not_pending(ask, id, &case.person)?;
    if role == Role::System {
        let drawn = draw::draw(ask.state, id, ask.today)?;
        let named = (data.draw_seed, &data.institution, &data.assessors);
        if named != (Some(drawn.seed), &drawn.institution, &drawn.assessors) {
            return Err(Refused::DrawDiffers.into());
        }
    } else {
        ask.apart(progress, Part::Review, &ask.event.signer.actor)?;
    }
    decide_assessors(ask, id, progress, policy, data)?;
    for actor in &data.assessors {
        let same = |other: &ActorId| ask.state.actors.same_person(actor, other);
        if barred(case, progress).any(same) {
            return Err(Refused::AssessedBefore { actor: actor.clone() }.into());
        }
    }
    Ok(keeps_recorded(case, progress, data)?)
}

/// I05, I06: a designated institution, and enough distinct assessors of it without another part.
pub(super) fn decide_assessors(
    ask: &Ask<'_>,
    id: &CaseId,
    progress: &Progress,
    policy: &CertificatePolicy,
    data: &AssessmentAssigned,
) -> Result<(), Rejection> {
    institution(ask, progress, &data.institution)?;
    for (at, actor) in data.assessors.iter().enumerate() {
        if !is_assessor_of(ask.state, actor, &data.institution, ask.today) {
            return Err(Refused::NotAnAssessor { actor: actor.clone() }.into());
        }
        let same = |other: &ActorId| ask.state.actors.same_person(actor, other);
        if data.assessors[..at].iter().any(same) {
            return Err(Refused::AssessorTwice { actor: actor.clone() }.into());
        }
        ask.apart(progress, Part::Assess, actor)?;
        ask.no_conflict(*id, actor)?;
    }
    if data.assessors.len() < usize::try_from(policy.min_assessors).unwrap_or(usize::MAX) {
        return Err(Refused::TooFew { least: policy.min_assessors }.into());
    }
    if policy.require_attending_physician && !any_attending(ask, data.assessors.iter()) {
        return Err(Refused::NoAttending.into());
    }
    Ok(())
}

/// Says whether the policy asks for a second round before the notice.
#[must_use]
pub fn second_round_due(progress: &Progress, policy: &CertificatePolicy) -> bool {
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
    let accepted = !matches!(case.stage, Stage::Submitted | Stage::Verified);
    if case.kind == ApplicationKind::Regrade && accepted && progress.consent.is_none() {
        return Err(Refused::NotConsented);
    }
    match case.stage {
        Stage::Accepted | Stage::Assigned | Stage::Objected | Stage::Returned => Ok(()),
        Stage::Assessed if second_round_due(progress, policy) => Ok(()),
        Stage::Submitted | Stage::Verified => Err(Refused::NotAccepted),
        _ => Err(Refused::AlreadyConcluded),
    }
}

fn institution(ask: &Ask<'_>, progress: &Progress, code: &ActorId) -> Result<(), Refused> {
    let found = ask.state.institutions.find(code);
    let fits = found.is_some_and(|found| may_assess(found, &progress.claimed, ask.today));
    if fits { Ok(()) } else { Err(Refused::NotDesignated { institution: code.clone() }) }
}

/// Says whether an institution is designated for all that is claimed.
pub(super) fn may_assess(institution: &Institution, claimed: &[Category], day: Day) -> bool {
    let may = |category: &Category| institution.may_assess(*category, day);
    institution.stands(day) && claimed.iter().all(may)
}

/// Says whether an actor is an assessor of the institution who may sign on that day.
pub(super) fn is_assessor_of(state: &State, id: &ActorId, institution: &ActorId, day: Day) -> bool {
    state.actors.find(id).is_some_and(|actor| {
        actor.role == Role::Assessor
            && actor.institution.as_ref() == Some(institution)
            && actor.suspended_on.is_none()
            && actor.valid_from <= day
            && actor.valid_to.is_none_or(|to| day <= to)
    })
}

/// Who may not assess in the round to be opened.
pub(super) fn barred<'a>(case: &Case, progress: &'a Progress) -> impl Iterator<Item = &'a ActorId> {
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

pub(super) fn evolve(state: &mut State, event: &Recorded, id: &CaseId, data: &AssessmentAssigned) {
    if event.signer.role == Role::PrefectureDpf {
        return appeal::evolve_assigned(state, event, id, data);
    }
    let Some((stage, progress)) = state.certificates.progress_mut(id) else { return };
    if event.signer.role == Role::Reviewer {
        progress.took(Part::Review, &event.signer.actor);
    }
    let earlier = progress.round.take();
    let (first_round, records) = match (*stage, earlier) {
        (Stage::Assigned, Some(round)) => (round.first_round, round.records),
        (Stage::Assessed, Some(round)) => {
            (Some(round.recorded_by().cloned().collect()), Vec::new())
        }
        _ => (None, Vec::new()),
    };
    if *stage != Stage::Assigned {
        progress.rounds = progress.rounds.saturating_add(1);
    }
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
