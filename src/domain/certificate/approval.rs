//! `certificate.approved` and `certificate.refused` (E13).
//!
//! A refusal ends the case at any time after acceptance and before the issue, always with a
//! written notice that was told to the person (I22): it is the way out of every case that cannot
//! be approved, also of one that the applicant withdrew.

use super::appeal;
use super::case::{Ending, Part, Stage};
use super::gates::Ask;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{ApplicationKind, CertificateApproved, Recorded};
use crate::value::{CaseId, Day};

refusals! {
    /// Why an approval or a refusal is refused.
    pub enum Refused {
        /// No agreed review.
        NotReviewed = "I04", "not_reviewed", "a case is approved after a review that agrees",
            "take the steps of the case in order, or refuse it in writing",
            "审核同意之后才能批准",
            "请按顺序办理，或书面不予批准";
        /// Another review than the one that stands.
        ReviewDiffers = "I10", "review_differs", "data.review is not the review of this case",
            "name the review that stands",
            "所填审核不是本案的审核",
            "请写明有效的审核（data.review）";
        /// Not the concluded grade.
        GradeDiffers = "I08", "grade_differs",
            "what is approved is not exactly the concluded category, level and components",
            "approve the conclusion as it is, or refuse the case",
            "批准内容与结论的类别、等级和构成不完全一致",
            "请按结论批准，或不予批准";
        /// A regrade that changes nothing.
        GradeUnchanged = "I18", "grade_unchanged",
            "the conclusion is the grade that the present certificate has",
            "refuse the case in writing: the certificate stays as it is",
            "结论与现有残疾人证的等级相同",
            "请书面不予批准：现有证件不变";
        /// Not accepted yet.
        NotAccepted = "I22", "not_accepted", "a case is refused after its application was accepted",
            "before that the clerk records application.not_accepted",
            "受理之后才能不予批准",
            "受理之前由受理人记录不予受理";
    }
}

pub(super) fn decide_approved(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &CertificateApproved,
) -> Result<(), Rejection> {
    let (case, progress) = ask.open(id)?;
    let policy = ask.policy_named(case.division)?;
    if case.stage != Stage::Agreed {
        return Err(Refused::NotReviewed.into());
    }
    ask.approves(policy, &ask.event.signer, case.division)?;
    ask.apart(progress, Part::Approve, &ask.event.signer.actor)?;
    if progress.review != Some(data.review) {
        return Err(Refused::ReviewDiffers.into());
    }
    if progress.grade() != Some(&data.grade) {
        return Err(Refused::GradeDiffers.into());
    }
    let present = progress.previous.and_then(|id| ask.state.certificates.find(&id));
    if case.kind == ApplicationKind::Regrade
        && present.is_some_and(|present| present.grade == data.grade)
    {
        return Err(Refused::GradeUnchanged.into());
    }
    Ok(appeal::not_pending(ask, id, &case.person)?)
}

pub(super) fn decide_refused(ask: &Ask<'_>, id: &CaseId) -> Result<(), Rejection> {
    let (case, progress) = ask.open(id)?;
    let policy = ask.policy_named(case.division)?;
    if matches!(case.stage, Stage::Submitted | Stage::Verified) {
        return Err(Refused::NotAccepted.into());
    }
    ask.approves(policy, &ask.event.signer, case.division)?;
    appeal::not_pending(ask, id, &case.person)?;
    Ok(ask.apart(progress, Part::Approve, &ask.event.signer.actor)?)
}

pub(super) fn evolve_approved(state: &mut State, event: &Recorded, id: &CaseId) {
    if let Some((stage, progress)) = state.certificates.progress_mut(id) {
        *stage = Stage::Approved;
        progress.approved_in = Some(event.signer.division);
        progress.took(Part::Approve, &event.signer.actor);
    }
}

pub(super) fn evolve_refused(state: &mut State, event: &Recorded, id: &CaseId) {
    let Some(case) = state.certificates.case(id) else { return };
    let (kind, division) = (case.kind, case.division);
    let progress = case.progress.as_ref();
    let assessed =
        progress.and_then(|found| Some((found.previous?, found.conclusion.as_ref()?.on)));
    if let Some((present, on)) = assessed.filter(|_| kind == ApplicationKind::Regrade)
        && let Some(present) = state.certificates.find_mut(&present)
    {
        (present.assessed, present.reassess) = (on, false);
    }
    if let Some((_, progress)) = state.certificates.progress_mut(id) {
        progress.took(Part::Approve, &event.signer.actor);
    }
    let told = Day::of_millis(event.recorded_at_ms);
    state.certificates.forget_before(told);
    // A final conclusion is not appealed.
    match appeal::term(state, division, told).filter(|_| !appeal::is_final(state, id)) {
        Some(until) => state.certificates.end_appealable(id, Ending::Refused, until),
        None => state.certificates.end_case(id, Ending::Refused),
    }
}
