//! `review.completed` (E12): the reviewer names the very statements that were checked (I10).
//!
//! Returned for correction: the clerk hands the papers in again (they are verified and accepted
//! again; the assessment and the notice stand), or the reviewer assigns a new assessment.

use super::case::{Notice, Part, Progress, Stage};
use super::gates::Ask;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{Recorded, ReviewCompleted, ReviewOpinion};
use crate::value::CaseId;

refusals! {
    /// Why a review is refused.
    pub enum Refused {
        /// The notice is not over.
        NotCleared = "I04", "notice_not_cleared",
            "a case is reviewed after its notice closed clear or was waived",
            "take the steps of the case in order",
            "公示无异议结束或免予公示之后才能审核",
            "请按顺序办理";
        /// A hash is not the statement's.
        ChecklistDiffers { item: &'static str } = "I10", "checklist_differs",
            "the checklist's {item} is not the statement of this case",
            "look at the statement that stands, and name it",
            "审核清单中的“{item}”不是本案的记录",
            "请查看有效的记录，并写明它";
        /// No reason.
        ReasonMissing = "I22", "reason_missing",
            "a case is returned or not agreed to for a written reason", "set data.reason",
            "退回或不同意须写明理由",
            "请填写理由（data.reason）";
    }
}

pub(super) fn decide(ask: &Ask<'_>, id: &CaseId, data: &ReviewCompleted) -> Result<(), Rejection> {
    let (case, progress) = ask.open(id)?;
    ask.policy_named(case.division)?;
    if case.stage != Stage::Cleared {
        return Err(Refused::NotCleared.into());
    }
    checklist(progress, data)?;
    if data.opinion != ReviewOpinion::Agree && data.reason.is_none() {
        return Err(Refused::ReasonMissing.into());
    }
    Ok(ask.apart(progress, Part::Review, &ask.event.signer.actor)?)
}

fn checklist(progress: &Progress, data: &ReviewCompleted) -> Result<(), Refused> {
    let notice = match progress.notice {
        Some(Notice::Done(statement)) => Some(statement),
        Some(Notice::Hanging { .. }) | None => None,
    };
    let concluded = progress.conclusion.as_ref().map(|conclusion| conclusion.statement);
    let items = [
        ("application", data.checklist.application, Some(progress.application)),
        ("acceptance", data.checklist.acceptance, progress.acceptance),
        ("assessment", data.checklist.assessment, concluded),
        ("notice", data.checklist.notice, notice),
    ];
    match items.into_iter().find(|(_, named, actual)| Some(*named) != *actual) {
        Some((item, ..)) => Err(Refused::ChecklistDiffers { item }),
        None => Ok(()),
    }
}

pub(super) fn evolve(state: &mut State, event: &Recorded, id: &CaseId, data: &ReviewCompleted) {
    if let Some((stage, progress)) = state.certificates.progress_mut(id) {
        *stage = match data.opinion {
            ReviewOpinion::Agree => Stage::Agreed,
            ReviewOpinion::ReturnForCorrection => Stage::Returned,
            ReviewOpinion::Disagree => Stage::Disagreed,
        };
        progress.review = Some(event.id);
        progress.took(Part::Review, &event.signer.actor);
    }
}
