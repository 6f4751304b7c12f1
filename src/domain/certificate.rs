//! Certificates: the review chain from application to archive, one file per use case.
//!
//! ```text
//! application -> identity -> acceptance -> assignment -> assessment -> conclusion
//!   -> notice (objection) -> review -> approval -> printing -> issue -> archive
//! ```
//!
//! A regrade has the consent of [`regrade`] between acceptance and assignment; an [`appeal`] opens
//! a reassessment and may open a refused case again; a [`transfer`] moves a certificate to another
//! county; an [`exchange`] gives a new card for a damaged one. Assessors may be chosen by a random
//! [`draw`].
//!
//! What is asked of several steps alike is in [`gates`]; the case and its stages in [`case`]. An
//! event that reads the certificate policy for a notice, a waiver, a review, or anything an
//! approver signs names the policy in force. Facts (delivery, loss, reminder, a notice taken down,
//! rows of the old register) are asked nothing here.

pub mod acceptance;
pub mod appeal;
pub mod application;
pub mod approval;
pub mod archive;
pub mod assessment;
pub mod assignment;
mod case;
pub mod conclusion;
pub mod draw;
pub mod ending;
pub mod exchange;
pub mod freezing;
pub mod gates;
mod grade_form;
pub mod identity;
mod independence;
pub mod issue;
mod masked;
pub mod notice;
pub mod objection;
pub mod printing;
pub mod regrade;
mod register;
#[cfg(test)]
mod script;
#[cfg(test)]
mod tests;
pub mod replacement;
pub mod review;
pub mod transfer;

pub use appeal::{Appeal, AppealStep};
pub use assignment::second_round_due;
pub use case::{
    Assessment, Case, ConcludedBy, Conclusion, Ending, Notice, Part, Progress, Round, Stage,
};
pub use independence::{is_withheld, owes_opinion};
pub use masked::{MaskedView, masked};
pub use register::{Certificate, Certificates, Leaving, Status};

use super::{Rejection, State};
use crate::event::{Body, Recorded};
use crate::value::{CaseId, CertificateId, DivisionCode, Subject};
use gates::Ask;

/// Asks the gates of the certificate chain; yes for events that are not part of it.
pub(super) fn decide(
    state: &State,
    event: &Recorded,
    endorsement: Option<&Recorded>,
) -> Result<(), Rejection> {
    let ask = &Ask::new(state, event, endorsement);
    match &event.subject {
        Subject::Case(id) => decide_case(ask, id),
        Subject::Certificate(id) => decide_certificate(ask, id),
        _ => decide_other(ask),
    }
}

fn decide_case(ask: &Ask<'_>, id: &CaseId) -> Result<(), Rejection> {
    match &ask.event.payload.body {
        Body::ApplicationSubmitted(data) => application::decide(ask, id, data),
        Body::IdentityVerified(data) => identity::decide(ask, id, data),
        Body::ApplicationAccepted(data) => acceptance::decide_accepted(ask, id, data),
        Body::ApplicationNotAccepted(_) => acceptance::decide_not_accepted(ask, id),
        Body::ConflictDeclared(_) => {
            ask.state.person_of_case(id).ok_or(gates::Refused::UnknownCase)?;
            Ok(())
        }
        Body::RegradeConsented(data) => regrade::decide(ask, id, data),
        Body::AssessmentAssigned(data) => assignment::decide(ask, id, data),
        Body::AssessmentRecorded(data) => assessment::decide(ask, id, data),
        Body::AssessmentConcluded(data) => conclusion::decide(ask, id, data),
        Body::NoticePosted(data) => notice::decide_posted(ask, id, data),
        Body::NoticeWaived(_) => notice::decide_waived(ask, id),
        Body::NoticeClosed(data) => notice::decide_closed(ask, id, data),
        Body::ObjectionRaised(_) => objection::decide_raised(ask, id),
        Body::ObjectionResolved(data) => objection::decide_resolved(ask, id, data),
        Body::ReviewCompleted(data) => review::decide(ask, id, data),
        Body::CertificateApproved(data) => approval::decide_approved(ask, id, data),
        Body::CertificateRefused(_) => approval::decide_refused(ask, id),
        Body::CertificatePrinted(data) => printing::decide(ask, id, data),
        Body::AppealFiled(data) => appeal::decide_filed(ask, id, data),
        Body::AppealDeclined(_) => appeal::declined::decide(ask, id),
        Body::AppealReassessed(data) => appeal::decide_reassessed(ask, id, data),
        Body::AppealConcluded(data) => appeal::decide_concluded(ask, id, data),
        Body::CaseFileSealed(data) => archive::decide_sealed(ask, id, data),
        _ => decide_other(ask),
    }
}

fn decide_certificate(ask: &Ask<'_>, id: &CertificateId) -> Result<(), Rejection> {
    match &ask.event.payload.body {
        Body::CertificateIssued(data) => issue::decide(ask, id, data),
        Body::CertificateFrozen(data) => freezing::decide_frozen(ask, id, data),
        Body::CertificateUnfrozen(_) => freezing::decide_unfrozen(ask, id),
        Body::CertificateCancelled(data) => ending::decide_cancelled(ask, id, data),
        Body::CertificateRevoked(_) => ending::decide_revoked(ask, id),
        Body::CertificateReplaced(data) => replacement::decide(ask, id, data),
        Body::CertificateTransferredOut(data) => transfer::decide_out(ask, id, data),
        Body::CertificateTransferredIn(data) => transfer::decide_in(ask, id, data),
        _ => decide_other(ask),
    }
}

/// A correction has the subject of what it corrects.
fn decide_other(ask: &Ask<'_>) -> Result<(), Rejection> {
    match &ask.event.payload.body {
        Body::CorrectionRecorded(data) => archive::decide_correction(ask, data),
        _ => Ok(()),
    }
}

/// Hears every statement when it is recorded, whether or not it takes effect already.
pub(super) fn hear(state: &mut State, event: &Recorded) {
    draw::hear(state, event);
}

/// Follows the certificate chain.
pub(super) fn evolve(state: &mut State, event: &Recorded) {
    match (&event.payload.body, &event.subject) {
        (Body::RollRowRetracted(data), _) => {
            if let Some(id) = data.certificate {
                register::retract(state, id);
            }
        }
        (_, Subject::Case(id)) => evolve_case(state, event, id),
        (_, Subject::Certificate(id)) => evolve_certificate(state, event, id),
        _ => {}
    }
}

fn evolve_case(state: &mut State, event: &Recorded, id: &CaseId) {
    match &event.payload.body {
        Body::ApplicationSubmitted(data) => application::evolve(state, event, id, data),
        Body::IdentityVerified(_) => identity::evolve(state, event, id),
        Body::ApplicationAccepted(data) => acceptance::evolve_accepted(state, event, id, data),
        Body::ApplicationNotAccepted(_) => acceptance::evolve_not_accepted(state, id),
        Body::RegradeConsented(_) => regrade::evolve(state, event, id),
        Body::AssessmentAssigned(data) => assignment::evolve(state, event, id, data),
        Body::AssessmentRecorded(data) => assessment::evolve(state, event, id, data),
        Body::AssessmentConcluded(data) => conclusion::evolve(state, event, id, data),
        Body::NoticePosted(data) => notice::evolve_posted(state, id, data),
        Body::NoticeWaived(_) => notice::evolve_waived(state, event, id),
        Body::NoticeClosed(data) => notice::evolve_closed(state, event, id, data),
        Body::ObjectionRaised(_) => objection::evolve_raised(state, event, id),
        Body::ObjectionResolved(data) => objection::evolve_resolved(state, id, data),
        Body::ReviewCompleted(data) => review::evolve(state, event, id, data),
        Body::CertificateApproved(_) => approval::evolve_approved(state, event, id),
        Body::CertificateRefused(_) => approval::evolve_refused(state, event, id),
        Body::CertificatePrinted(data) => printing::evolve(state, event, id, data),
        Body::AppealFiled(data) => appeal::evolve_filed(state, event, id, data),
        Body::AppealDeclined(data) => appeal::declined::evolve(state, event, id, data),
        Body::AppealReassessed(data) => appeal::evolve_reassessed(state, event, id, data),
        Body::AppealConcluded(data) => appeal::evolve_concluded(state, event, id, data),
        Body::CaseFileSealed(_) => archive::evolve_sealed(state, id),
        _ => {}
    }
}

fn evolve_certificate(state: &mut State, event: &Recorded, id: &CertificateId) {
    match &event.payload.body {
        Body::CertificateLegacyImported(data) => register::import(state, *id, data),
        Body::CertificateIssued(data) => issue::evolve(state, event, id, data),
        Body::CertificateDelivered(_) => state.certificates.deliver(id, event.payload.at),
        Body::CertificateLost(_) => replacement::evolve_lost(state, id),
        Body::CertificateReplaced(data) => replacement::evolve_replaced(state, event, id, data),
        Body::CertificateFrozen(data) => freezing::evolve_frozen(state, id, data),
        Body::CertificateUnfrozen(_) => freezing::evolve_unfrozen(state, id),
        Body::CertificateCancelled(data) => ending::evolve_cancelled(state, event, id, data),
        Body::CertificateRevoked(_) => ending::evolve_revoked(state, id),
        Body::CertificateTransferredOut(data) => transfer::evolve_out(state, event, id, data),
        Body::CertificateTransferredIn(data) => transfer::evolve_in(state, event, id, data),
        _ => {}
    }
}

/// Of the places of household registration and of residence, the one a signer acts for: that of
/// registration where the signer reaches it, else that of residence (跨省通办).
pub(super) const fn acting_division(
    own: DivisionCode,
    (hukou, residence): (DivisionCode, DivisionCode),
) -> DivisionCode {
    if own.covers(hukou) { hukou } else { residence }
}

/// The division that a step of an open case is taken for. What comes before the review may be
/// done where the person lives; the rest belongs to the place of household registration.
pub(super) fn division_of_step(
    state: &State,
    event: &Recorded,
    id: &CaseId,
) -> Option<DivisionCode> {
    let case = state.certificates.case(id)?;
    let residence = case.progress.as_ref().map_or(case.division, |progress| progress.residence);
    let before_review = matches!(
        event.payload.body,
        Body::IdentityVerified(_)
            | Body::ApplicationAccepted(_)
            | Body::ApplicationNotAccepted(_)
            | Body::ConflictDeclared(_)
            | Body::AssessmentAssigned(_)
            | Body::AssessmentRecorded(_)
            | Body::AssessmentConcluded(_)
            | Body::NoticePosted(_)
            | Body::NoticeClosed(_)
            | Body::NoticeTakenDown(_)
            | Body::ObjectionRaised(_)
    );
    let places = (case.division, if before_review { residence } else { case.division });
    Some(acting_division(event.signer.division, places))
}
