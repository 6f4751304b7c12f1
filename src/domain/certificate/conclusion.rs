//! `assessment.concluded` (E07): the institution's seal on what its assessors recorded.
//!
//! The conclusion names every assessment of its round, so that none is left out. A second round,
//! which the policy asks of some levels, concludes anew and its conclusion counts; it must say
//! `second_round`, and a first one must not. The conclusion of an appeal's reassessment waits for
//! the prefecture's answer.

use super::appeal;
use super::assessment::{may_conclude, well_formed};
use super::assignment::any_attending;
use super::case::{ConcludedBy, Conclusion, Round, Stage};
use super::gates::Ask;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{AssessmentConcluded, Recorded};
use crate::value::{CaseId, Day, Hash};

refusals! {
    /// Why a conclusion is refused.
    pub enum Refused {
        /// No round is open.
        NotAssigned = "I04", "not_assigned", "no round of assessment is open in this case",
            "record assessment.assigned first",
            "本案没有正在进行的评定",
            "请先指派评定";
        /// Another institution's seal.
        SealOfAnother = "I05", "seal_of_another_institution",
            "the seal is not of the institution whose assessors assessed",
            "that institution has to seal its conclusion",
            "该印章不属于评残医师所在的机构",
            "请由该机构在其结论上盖章";
        /// The institution may not assess that category.
        NotDesignated = "I05", "institution_not_designated",
            "the institution is not designated for this category on this day",
            "have a designated institution assess",
            "该机构当天不是此类别的指定机构",
            "请由指定机构评定";
        /// Not just the assessments of the round.
        AssessmentsDiffer = "I07", "assessments_differ",
            "a conclusion names every assessment of its round, each once, and no other",
            "list in data.assessments the statements of this round",
            "结论须把本轮每份评定意见各列一次，且不含其他",
            "请列出本轮的评定意见（data.assessments）";
        /// Too few.
        TooFew { least: u32 } = "I05", "too_few_assessments",
            "the policy asks for the assessments of {least} assessors",
            "have the others record theirs",
            "政策要求 {least} 名医师的评定意见",
            "请其余医师记录意见";
        /// Nobody attending.
        NoAttending = "I05", "no_attending_physician",
            "the policy asks for an attending physician among the assessors",
            "have an attending physician assess",
            "政策要求评残医师中有一名主治医师",
            "请一名主治医师评定";
        /// The round is not what the event says.
        WrongRound = "I05", "wrong_round",
            "data.second_round does not say which round this is", "correct data.second_round",
            "没有正确写明这是哪一轮（data.second_round）",
            "请更正";
        /// Another grade than recorded, unexplained.
        ConclusionDiffers = "I07", "conclusion_differs",
            "an assessor recorded another grade or result, and no reconciliation explains it",
            "attach the signed reconciliation, or conclude what was recorded",
            "有医师记录了不同的等级或结果，而没有说明如何统一",
            "请附上经签字的会商意见，或按记录出具结论";
    }
}

pub(super) fn decide(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &AssessmentConcluded,
) -> Result<(), Rejection> {
    let (case, _, round) = ask.round(id)?;
    let round = round.ok_or(Refused::NotAssigned)?;
    let seal = ask.state.actors.find(&ask.event.signer.actor);
    if seal.and_then(|seal| seal.institution.as_ref()) != Some(&round.institution) {
        return Err(Refused::SealOfAnother.into());
    }
    if data.second_round != round.first_round.is_some() {
        return Err(Refused::WrongRound.into());
    }
    names_all(round, &data.assessments)?;
    let policy = ask.policy(case.division)?;
    if round.records.len() < usize::try_from(policy.min_assessors).unwrap_or(usize::MAX) {
        return Err(Refused::TooFew { least: policy.min_assessors }.into());
    }
    if policy.require_attending_physician && !any_attending(ask, round.recorded_by()) {
        return Err(Refused::NoAttending.into());
    }
    well_formed(data.meets, data.grade.as_ref())?;
    let institution = ask.state.institutions.find(&round.institution);
    if !institution.is_some_and(|found| may_conclude(found, data.grade.as_ref(), ask.today)) {
        return Err(Refused::NotDesignated.into());
    }
    let agreed = round.records.iter().all(|record| record.grade == data.grade);
    if !agreed && data.reconciliation.is_none() {
        return Err(Refused::ConclusionDiffers.into());
    }
    Ok(())
}

fn names_all(round: &Round, named: &[Hash]) -> Result<(), Refused> {
    let mut named = named.to_vec();
    let mut recorded: Vec<_> = round.records.iter().map(|record| record.statement).collect();
    named.sort_unstable();
    recorded.sort_unstable();
    if named == recorded { Ok(()) } else { Err(Refused::AssessmentsDiffer) }
}

pub(super) fn evolve(state: &mut State, event: &Recorded, id: &CaseId, data: &AssessmentConcluded) {
    let conclusion = Conclusion {
        statement: event.id,
        grade: data.grade.clone(),
        second_round: data.second_round,
        on: Day::of_millis(event.recorded_at_ms),
        by: ConcludedBy::Institution,
    };
    if appeal::round_of(state, id).is_some() {
        if let Some(appeal) = state.certificates.appeal_of_case_mut(id) {
            appeal.conclusion = Some(conclusion);
        }
    } else if let Some((stage, progress)) = state.certificates.progress_mut(id) {
        *stage = if data.meets { Stage::Assessed } else { Stage::NotMeeting };
        progress.conclusion = Some(conclusion);
    }
}
