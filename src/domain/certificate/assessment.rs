//! `assessment.recorded` (E06): one assessor's own conclusion.

use super::appeal;
use super::case::{Assessment, Part};
use super::gates::Ask;
use crate::domain::{Rejection, State, publication::Institution, refusal::refusals};
use crate::event::{AssessmentMethod, AssessmentRecorded, Grade, Recorded};
use crate::value::{CaseId, Category, Day};

refusals! {
    /// Why an assessment is refused.
    pub enum Refused {
        /// No round is open.
        NotAssigned = "I04", "not_assigned", "no round of assessment is open in this case",
            "record assessment.assigned first",
            "本案没有正在进行的评定",
            "请先指派评定";
        /// Another assessor was assigned.
        NotAssignedAssessor = "I05", "not_the_assigned_assessor",
            "the signer is not an assessor assigned in this round",
            "one of the assigned assessors has to sign, or assign again",
            "签署人不是本轮指派的评残医师",
            "请由指派的评残医师签署，或重新指派";
        /// Twice in one round.
        AssessedAlready = "I06", "assessed_already",
            "the assessor recorded an assessment in this round already",
            "each assessor records one assessment a round",
            "该医师本轮已记录评定意见",
            "每名医师每轮只记录一次";
        /// The institution may not assess that category.
        NotDesignated = "I05", "institution_not_designated",
            "the institution is not designated for this category on this day",
            "have a designated institution assess",
            "该机构当天不是此类别的指定机构",
            "请由指定机构评定";
        /// By sight, after it ended.
        BySight = "I17", "by_sight_not_allowed",
            "assessment by sight is no longer allowed", "assess in person",
            "目测评定已不再允许",
            "请当面评定";
        /// A home visit that left no record, or the record of no visit.
        VisitRecord = "I05", "visit_record_missing",
            "an assessment at home has the record of the visit, and no other one has",
            "set data.visit, or correct data.method",
            "上门评定须有上门记录，其他评定不得有",
            "请填写上门记录（data.visit），或更正评定方式";
        /// Meets the standard, but how much.
        GradeMissing = "I08", "grade_missing",
            "an assessment that meets the standard says category and level", "set data.grade",
            "符合标准的评定必须写明类别和等级",
            "请填写类别和等级（data.grade）";
        /// Does not meet the standard, but has a grade.
        GradeNotExpected = "I08", "grade_not_expected",
            "an assessment that does not meet the standard has no grade", "leave data.grade out",
            "不符合标准的评定不得有等级",
            "请删去类别和等级";
        /// Components and level do not fit.
        GradeInconsistent = "I08", "grade_inconsistent",
            "only a multiple disability has components, two or more, and their most severe level",
            "correct data.grade",
            "只有多重残疾有构成：至少两类，等级按其中最重的",
            "请更正类别和等级（data.grade）";
    }
}

pub(super) fn decide(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &AssessmentRecorded,
) -> Result<(), Rejection> {
    let (case, progress, round) = ask.round(id)?;
    let round = round.ok_or(Refused::NotAssigned)?;
    let actor = &ask.event.signer.actor;
    if !round.assessors.contains(actor) {
        return Err(Refused::NotAssignedAssessor.into());
    }
    if round.recorded_by().any(|other| ask.state.actors.same_person(other, actor)) {
        return Err(Refused::AssessedAlready.into());
    }
    ask.apart(progress, Part::Assess, actor)?;
    well_formed(data.meets, data.grade.as_ref())?;
    let institution = ask.state.institutions.find(&round.institution);
    if !institution.is_some_and(|found| may_conclude(found, data.grade.as_ref(), ask.today)) {
        return Err(Refused::NotDesignated.into());
    }
    let policy = ask.policy(case.division)?;
    if data.method == AssessmentMethod::BySight && !policy.sight_allowed(ask.today) {
        return Err(Refused::BySight.into());
    }
    if (data.method == AssessmentMethod::HomeVisit) != data.visit.is_some() {
        return Err(Refused::VisitRecord.into());
    }
    Ok(())
}

/// I08: a grade exactly when the standard is met, and one that fits in itself.
pub(super) fn well_formed(meets: bool, grade: Option<&Grade>) -> Result<(), Refused> {
    match (meets, grade) {
        (true, None) => Err(Refused::GradeMissing),
        (false, Some(_)) => Err(Refused::GradeNotExpected),
        (true, Some(grade)) if !grade.is_consistent() => Err(Refused::GradeInconsistent),
        _ => Ok(()),
    }
}

/// I05: the institution is designated for the category and every component of it.
pub(super) fn may_conclude(institution: &Institution, grade: Option<&Grade>, day: Day) -> bool {
    let may = |category: Category| institution.may_assess(category, day);
    institution.stands(day)
        && grade.is_none_or(|grade| {
            may(grade.category) && grade.components.iter().all(|part| may(part.category))
        })
}

pub(super) fn evolve(state: &mut State, event: &Recorded, id: &CaseId, data: &AssessmentRecorded) {
    let Some((_, progress)) = state.certificates.progress_mut(id) else { return };
    progress.took(Part::Assess, &event.signer.actor);
    let record = Assessment {
        statement: event.id,
        assessor: event.signer.actor.clone(),
        grade: data.grade.clone(),
    };
    if appeal::round_of(state, id).is_some() {
        let appeal = state.certificates.appeal_of_case_mut(id);
        if let Some(round) = appeal.and_then(|appeal| appeal.round.as_mut()) {
            round.records.push(record);
        }
    } else if let Some((_, progress)) = state.certificates.progress_mut(id)
        && let Some(round) = &mut progress.round
    {
        round.records.push(record);
    }
}
