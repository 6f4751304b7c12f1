//! `certificate.frozen` and `certificate.unfrozen` (E17).

use super::gates::Ask;
use super::register::Status;
use super::transfer;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{CertificateFrozen, FreezeGround};
use crate::value::CertificateId;

refusals! {
    /// Why a certificate is not frozen, or not unfrozen.
    pub enum Refused {
        /// Ended or frozen already.
        NotInForce = "I12", "certificate_not_in_force",
            "only a certificate that has not ended and is not frozen is frozen",
            "look at its history",
            "只有未终止、未冻结的残疾人证才能冻结",
            "请查看其全程";
        /// Frozen for an expiry that has not come.
        NotExpired = "I22", "not_expired", "the certificate has not expired",
            "name the ground that holds, or wait until it expired",
            "该残疾人证没有到期",
            "请改选正确的理由，或等到期";
        /// Nothing it rests on.
        EvidenceMissing = "I22", "evidence_missing", "a certificate is frozen on evidence",
            "attach the evidence",
            "冻结必须有依据材料",
            "请附上材料";
        /// Not frozen.
        NotFrozen = "I12", "certificate_not_frozen", "the certificate is not frozen",
            "look at its history",
            "该残疾人证没有冻结",
            "请查看其全程";
    }
}

pub(super) fn decide_frozen(
    ask: &Ask<'_>,
    id: &CertificateId,
    data: &CertificateFrozen,
) -> Result<(), Rejection> {
    let certificate = ask.certificate(id)?;
    let policy = ask.policy_named(certificate.division)?;
    ask.approves(policy, &ask.event.signer, certificate.division)?;
    if certificate.status != Status::Valid {
        return Err(Refused::NotInForce.into());
    }
    if data.ground == FreezeGround::Expiry && ask.today <= certificate.valid_to {
        return Err(Refused::NotExpired.into());
    }
    if data.ground == FreezeGround::OverdueTransfer {
        transfer::overdue(ask, certificate, policy.transfer_freeze_after_months)?;
    }
    if data.evidence.is_empty() {
        return Err(Refused::EvidenceMissing.into());
    }
    Ok(())
}

pub(super) fn decide_unfrozen(ask: &Ask<'_>, id: &CertificateId) -> Result<(), Rejection> {
    let certificate = ask.certificate(id)?;
    let policy = ask.policy_named(certificate.division)?;
    ask.approves(policy, &ask.event.signer, certificate.division)?;
    match certificate.status {
        Status::Frozen(_) => Ok(()),
        Status::Valid
        | Status::Cancelled(_)
        | Status::Revoked
        | Status::Superseded
        | Status::MovedAway => Err(Refused::NotFrozen.into()),
    }
}

pub(super) fn evolve_frozen(state: &mut State, id: &CertificateId, data: &CertificateFrozen) {
    state.certificates.decide_status(id, Status::Frozen(Some(data.ground)));
}

pub(super) fn evolve_unfrozen(state: &mut State, id: &CertificateId) {
    state.certificates.decide_status(id, Status::Valid);
}
