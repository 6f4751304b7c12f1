//! `certificate.transferred_out` and `certificate.transferred_in` (E21): the certificate follows a
//! move of household registration.
//!
//! The holder applies in the new county; the old county's approver hands certificate and file
//! over, the new one's takes it: number, grade and days stay. Until it is taken over the
//! certificate is the old county's. The new county may ask for a new assessment, which the holder
//! then applies for as a regrade without waiting. A county of another ledger is only handed over
//! to: the certificate ends here.
//!
//! Whoever moved and did not transfer has the certificate frozen, and later cancelled, after the
//! policy's months; the move itself is the public-security register's to report.

use super::case::{Ending, Part, Stage};
use super::gates::Ask;
use super::register::{Certificate, Leaving, Status};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{
    ApplicationKind, CertificateTransferredIn, CertificateTransferredOut, FreezeGround, Recorded,
};
use crate::value::{CertificateId, Day, DivisionCode, FactKind};

refusals! {
    /// Why a certificate does not move.
    pub enum Refused {
        /// Ended, or frozen for another reason than the overdue transfer.
        NotStanding = "I12", "transfer_not_standing",
            "the certificate has ended, or is frozen for another reason than this transfer",
            "have it unfrozen first",
            "该证已终止，或因本次迁移以外的原因被冻结",
            "请先解冻";
        /// Another county keeps it.
        FromDiffers { keeper: DivisionCode } = "I12", "transfer_from_differs",
            "the certificate is kept by {keeper}", "correct data.from",
            "该证由 {keeper} 管理",
            "请更正 data.from";
        /// Nowhere to go.
        ToNoCounty = "I12", "transfer_to_no_county",
            "a certificate is transferred to another county", "correct data.to",
            "残疾人证只能迁往其他县区",
            "请更正 data.to";
        /// On its way already.
        Leaving { to: DivisionCode } = "I12", "transfer_under_way",
            "the certificate is on its way to {to}", "have that county take it over",
            "该证正在迁往 {to}",
            "请由该县区接收";
        /// The holder did not apply in the new county.
        NotApplied = "I12", "transfer_not_applied",
            "no accepted application of the holder asks for this transfer",
            "have the holder apply in the new county",
            "没有已受理的持证人迁移申请",
            "请持证人在迁入地申请";
        /// Not handed over.
        NotHandedOver = "I12", "not_handed_over",
            "the old county has not handed the certificate over to this county",
            "have the old county's approver sign certificate.transferred_out",
            "原县区尚未把该证移交本县区",
            "请原县区批准人签署迁出";
        /// Nobody reported a move.
        MoveUnknown = "I12", "move_unknown",
            "no register reports that the holder's household registration has moved since",
            "have the public-security register report the move",
            "没有登记册报告持证人此后户籍迁移",
            "请公安户籍登记报送迁移";
        /// Not overdue for long enough.
        NotOverdue { from: Day } = "I12", "transfer_not_overdue",
            "the transfer is overdue from {from}", "wait until that day",
            "该迁移自 {from} 起才算逾期",
            "请等到该日";
    }
}

pub(super) fn decide_out(
    ask: &Ask<'_>,
    id: &CertificateId,
    data: &CertificateTransferredOut,
) -> Result<(), Rejection> {
    let certificate = ask.certificate(id)?;
    let policy = ask.policy_named(certificate.division)?;
    ask.approves(policy, &ask.event.signer, certificate.division)?;
    movable(certificate)?;
    if data.from != certificate.division {
        return Err(Refused::FromDiffers { keeper: certificate.division }.into());
    }
    if !data.to.is_county() || data.to == data.from {
        return Err(Refused::ToNoCounty.into());
    }
    if let Some(Leaving { to, .. }) = certificate.leaving {
        return Err(Refused::Leaving { to }.into());
    }
    if is_here(ask.state, data.to) { applied(ask, id, data.to) } else { Ok(()) }
}

pub(super) fn decide_in(
    ask: &Ask<'_>,
    id: &CertificateId,
    data: &CertificateTransferredIn,
) -> Result<(), Rejection> {
    let certificate = ask.certificate(id)?;
    let policy = ask.policy_named(data.to)?;
    ask.approves(policy, &ask.event.signer, data.to)?;
    movable(certificate)?;
    if certificate.leaving.is_none_or(|leaving| leaving.to != data.to) {
        return Err(Refused::NotHandedOver.into());
    }
    if data.from != certificate.division {
        return Err(Refused::FromDiffers { keeper: certificate.division }.into());
    }
    applied(ask, id, data.to)
}

fn movable(certificate: &Certificate) -> Result<(), Refused> {
    match certificate.status {
        Status::Valid | Status::Frozen(Some(FreezeGround::OverdueTransfer)) => Ok(()),
        Status::Frozen(_)
        | Status::Cancelled(_)
        | Status::Revoked
        | Status::Superseded
        | Status::MovedAway => Err(Refused::NotStanding),
    }
}

/// The holder's accepted application in the new county, in which the signer took no other part.
fn applied(ask: &Ask<'_>, id: &CertificateId, to: DivisionCode) -> Result<(), Rejection> {
    let certificates = &ask.state.certificates;
    let person = ask.certificate(id)?.person;
    let case = certificates.open_case_of(&person).and_then(|case| certificates.case(&case));
    let case = case.filter(|case| {
        let previous = case.progress.as_ref().and_then(|progress| progress.previous);
        case.kind == ApplicationKind::Transfer
            && case.stage == Stage::Accepted
            && case.division == to
            && previous == Some(*id)
    });
    let progress = case.and_then(|case| case.progress.as_deref()).ok_or(Refused::NotApplied)?;
    Ok(ask.apart(progress, Part::Approve, &ask.event.signer.actor)?)
}

/// The division is one of this ledger.
fn is_here(state: &State, division: DivisionCode) -> bool {
    state.genesis.as_ref().is_some_and(|genesis| genesis.division.covers(division))
}

/// The holder moved, and these months have passed since without a transfer.
pub(super) fn overdue(
    ask: &Ask<'_>,
    certificate: &Certificate,
    months: u32,
) -> Result<(), Refused> {
    let moved = moved_on(ask.state, certificate).ok_or(Refused::MoveUnknown)?;
    let months = i32::try_from(months).unwrap_or(i32::MAX);
    let from = moved.plus_months(months).plus_days(1);
    if ask.today < from { Err(Refused::NotOverdue { from }) } else { Ok(()) }
}

/// The first move out of the county that keeps the certificate, since it does.
fn moved_on(state: &State, certificate: &Certificate) -> Option<Day> {
    let ids = &state.people.find(&certificate.person)?.ids;
    let moves = ids.iter().flat_map(|tag| state.facts.of(tag)).filter(|span| {
        span.kind == FactKind::HukouMove
            && span.from > certificate.since
            && span.division.is_none_or(|to| to != certificate.division)
    });
    moves.map(|span| span.from).min()
}

pub(super) fn evolve_out(
    state: &mut State,
    event: &Recorded,
    id: &CertificateId,
    data: &CertificateTransferredOut,
) {
    if is_here(state, data.to) {
        if let Some(certificate) = state.certificates.find_mut(id) {
            let on = Day::of_millis(event.recorded_at_ms);
            certificate.leaving = Some(Leaving { to: data.to, on });
        }
    } else {
        state.certificates.decide_status(id, Status::MovedAway);
    }
}

pub(super) fn evolve_in(
    state: &mut State,
    event: &Recorded,
    id: &CertificateId,
    data: &CertificateTransferredIn,
) {
    if let Some(certificate) = state.certificates.find_mut(id) {
        certificate.division = data.to;
        certificate.since = Day::of_millis(event.recorded_at_ms);
        (certificate.leaving, certificate.reassess) = (None, data.reassess);
    }
    state.certificates.decide_status(id, Status::Valid);
    if let Some(person) = state.people.find_mut(&data.person) {
        person.hukou_division = Some(data.to);
    }
    let applied = ApplicationKind::Transfer;
    state.certificates.end_case_for(&data.person, applied, *id, Ending::Transferred);
}
