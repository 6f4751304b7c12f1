//! `regrade.consented` (E63): the approving federation agrees to a regrade (I18).
//!
//! A holder who thinks that category or level have changed applies; after the acceptance the
//! approving federation consents, and the case passes the whole chain. The new certificate has a
//! new number and supersedes the old one, which holds until then.

use super::case::{Part, Stage};
use super::gates::Ask;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{ApplicationKind, Recorded, RegradeConsented};
use crate::value::CaseId;

refusals! {
    /// Why a consent is refused.
    pub enum Refused {
        /// Another kind of case.
        NotARegrade = "I18", "not_a_regrade", "only a regrade needs this consent",
            "go on with the next step of the case",
            "只有变更申请需要这项同意",
            "请办理下一步";
        /// Not the next step.
        NotAccepted = "I18", "regrade_not_accepted",
            "consent is given once, after the acceptance and before the assessment",
            "take the steps of the case in order",
            "同意变更只作一次，在受理之后、评定之前",
            "请按顺序办理";
        /// Another certificate.
        CertificateDiffers = "I18", "certificate_differs",
            "data.certificate is not the certificate of the application",
            "name the certificate that was applied for",
            "所填残疾人证不是申请所写的",
            "请写明申请所写的残疾人证（data.certificate）";
    }
}

pub(super) fn decide(ask: &Ask<'_>, id: &CaseId, data: &RegradeConsented) -> Result<(), Rejection> {
    let (case, progress) = ask.open(id)?;
    let policy = ask.policy_named(case.division)?;
    if case.kind != ApplicationKind::Regrade {
        return Err(Refused::NotARegrade.into());
    }
    if case.stage != Stage::Accepted || progress.consent.is_some() {
        return Err(Refused::NotAccepted.into());
    }
    ask.approves(policy, &ask.event.signer, case.division)?;
    if progress.previous != Some(data.certificate) {
        return Err(Refused::CertificateDiffers.into());
    }
    Ok(ask.apart(progress, Part::Approve, &ask.event.signer.actor)?)
}

pub(super) fn evolve(state: &mut State, event: &Recorded, id: &CaseId) {
    if let Some((_, progress)) = state.certificates.progress_mut(id) {
        progress.consent = Some(event.id);
        progress.took(Part::Approve, &event.signer.actor);
    }
}
