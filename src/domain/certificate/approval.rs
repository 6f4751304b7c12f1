//! `certificate.approved` and `certificate.refused` (E13).
//!
//! A refusal ends the case at any time after acceptance and before the issue, always with a
//! written notice that was told to the person (I22): it is the way out of every case that cannot
//! be approved, also of one that the applicant withdrew.

use super::case::{Ending, Part, Stage};
use super::gates::Ask;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{CertificateApproved, Recorded};
use crate::value::CaseId;

refusals! {
    /// Why an approval or a refusal is refused.
    pub enum Refused {
        /// No agreed review.
        NotReviewed = "I04", "not_reviewed", "a case is approved after a review that agrees",
            "take the steps of the case in order, or refuse it in writing";
        /// Another review than the one that stands.
        ReviewDiffers = "I10", "review_differs", "data.review is not the review of this case",
            "name the review that stands";
        /// Not the concluded grade.
        GradeDiffers = "I08", "grade_differs",
            "what is approved is not exactly the concluded category, level and components",
            "approve the conclusion as it is, or refuse the case";
        /// Not accepted yet.
        NotAccepted = "I22", "not_accepted", "a case is refused after its application was accepted",
            "before that the clerk records application.not_accepted";
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
    Ok(())
}

pub(super) fn decide_refused(ask: &Ask<'_>, id: &CaseId) -> Result<(), Rejection> {
    let (case, progress) = ask.open(id)?;
    let policy = ask.policy_named(case.division)?;
    if matches!(case.stage, Stage::Submitted | Stage::Verified) {
        return Err(Refused::NotAccepted.into());
    }
    ask.approves(policy, &ask.event.signer, case.division)?;
    Ok(ask.apart(progress, Part::Approve, &ask.event.signer.actor)?)
}

pub(super) fn evolve_approved(state: &mut State, event: &Recorded, id: &CaseId) {
    if let Some((stage, progress)) = state.certificates.progress_mut(id) {
        *stage = Stage::Approved;
        progress.approved_in = Some(event.signer.division);
        progress.took(Part::Approve, &event.signer.actor);
    }
}

pub(super) fn evolve_refused(state: &mut State, id: &CaseId) {
    state.certificates.end_case(id, Ending::Refused);
}
