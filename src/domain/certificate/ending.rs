//! `certificate.cancelled` (E18, ends lawfully) and `certificate.revoked` (E19, annuls an unlawful
//! issue; an approver and the supervisor sign).

use super::appeal;
use super::case::Ending;
use super::gates::Ask;
use super::register::{Certificate, Status};
use super::transfer;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{ApplicationKind, CancelGround, CertificateCancelled, FreezeGround, Recorded};
use crate::policy::CertificatePolicy;
use crate::value::{CertificateId, Day};

refusals! {
    /// Why a certificate does not end.
    pub enum Refused {
        /// Ended already.
        AlreadyEnded = "I19", "certificate_ended", "the certificate has ended or was replaced",
            "look at its history; the newest certificate is the one to end",
            "该残疾人证已终止或已换发",
            "请查看其全程；应终止的是最新的证件";
        /// Nothing it rests on.
        EvidenceMissing = "I19", "evidence_missing", "a cancellation rests on evidence",
            "attach the evidence of the ground",
            "注销必须有依据材料",
            "请附上所依据的材料";
        /// Not told in writing.
        NotTold = "I22", "written_notice_missing",
            "a cancellation is told to the person in writing, except after a death",
            "set data.told to the notice and its proof",
            "除死亡外，注销须书面告知本人",
            "请填写告知及送达凭证（data.told）";
        /// The renewal is not overdue for long enough.
        NotOverdue { from: Day } = "I19", "renewal_not_overdue",
            "an unrenewed certificate is cancelled from {from}", "wait until that day",
            "逾期未换的残疾人证自 {from} 起注销",
            "请等到该日";
        /// Not frozen first.
        NotFrozen = "I19", "not_frozen_for_expiry",
            "an expired certificate is frozen before it is cancelled for want of renewal",
            "record certificate.frozen on the ground of its expiry",
            "到期未换的证件须先冻结再注销",
            "请先以到期为由冻结";
        /// The holder has applied.
        RenewalUnderWay = "I17", "renewal_under_way",
            "the holder has applied for renewal and the case has not ended",
            "wait for the end of that case",
            "持证人已申请换证，案件尚未结束",
            "请等该案件结束";
    }
}

pub(super) fn decide_cancelled(
    ask: &Ask<'_>,
    id: &CertificateId,
    data: &CertificateCancelled,
) -> Result<(), Rejection> {
    let certificate = ask.certificate(id)?;
    let policy = ask.policy_named(certificate.division)?;
    ask.approves(policy, &ask.event.signer, certificate.division)?;
    if !certificate.stands() {
        return Err(Refused::AlreadyEnded.into());
    }
    if data.evidence.is_empty() {
        return Err(Refused::EvidenceMissing.into());
    }
    if data.told.is_none() && data.ground != CancelGround::Death {
        return Err(Refused::NotTold.into());
    }
    ground(ask, certificate, policy, data.ground)
}

fn ground(
    ask: &Ask<'_>,
    certificate: &Certificate,
    policy: &CertificatePolicy,
    ground: CancelGround,
) -> Result<(), Rejection> {
    match ground {
        CancelGround::NotMeeting => Ok(appeal::holds_back(ask, &certificate.person)?),
        CancelGround::OverdueRenewal => Ok(unrenewed(ask, certificate, policy)?),
        CancelGround::OverdueTransfer => {
            Ok(transfer::overdue(ask, certificate, policy.transfer_cancel_after_months)?)
        }
        CancelGround::Death | CancelGround::Voluntary | CancelGround::Missing => Ok(()),
    }
}

/// I17, I19: frozen since its expiry, for long enough, and nobody has applied.
fn unrenewed(
    ask: &Ask<'_>,
    certificate: &Certificate,
    policy: &CertificatePolicy,
) -> Result<(), Refused> {
    let months = i32::try_from(policy.expired_then_cancel_months).unwrap_or(i32::MAX);
    let from = certificate.valid_to.plus_months(months).plus_days(1);
    if ask.today < from {
        return Err(Refused::NotOverdue { from });
    }
    // Of an imported one that is frozen the ground is not known.
    if !matches!(certificate.status, Status::Frozen(None | Some(FreezeGround::Expiry))) {
        return Err(Refused::NotFrozen);
    }
    let certificates = &ask.state.certificates;
    let open = certificates.open_case_of(&certificate.person);
    let case = open.and_then(|id| certificates.case(&id));
    if case.is_some_and(|case| case.kind == ApplicationKind::Renew) {
        return Err(Refused::RenewalUnderWay);
    }
    Ok(())
}

/// A cancelled certificate can still be revoked: ending it early does not make its issue lawful.
pub(super) fn decide_revoked(ask: &Ask<'_>, id: &CertificateId) -> Result<(), Rejection> {
    let certificate = ask.certificate(id)?;
    let policy = ask.policy_named(certificate.division)?;
    ask.approves(policy, &ask.event.signer, certificate.division)?;
    match certificate.status {
        Status::Valid | Status::Frozen(_) | Status::Cancelled(_) => Ok(()),
        Status::Revoked | Status::Superseded | Status::MovedAway => {
            Err(Refused::AlreadyEnded.into())
        }
    }
}

pub(super) fn evolve_cancelled(
    state: &mut State,
    event: &Recorded,
    id: &CertificateId,
    data: &CertificateCancelled,
) {
    let day = Day::of_millis(event.recorded_at_ms);
    state.certificates.decide_status(id, Status::Cancelled(Some((data.ground, day))));
    let applied = ApplicationKind::Cancel;
    state.certificates.end_case_for(&data.person, applied, *id, Ending::Cancelled);
}

pub(super) fn evolve_revoked(state: &mut State, id: &CertificateId) {
    state.certificates.decide_status(id, Status::Revoked);
}
