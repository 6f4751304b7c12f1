//! `application.submitted` (E01): opens a case, or hands in completed papers of a returned one.
//!
//! A renewal passes the whole chain, as the federation of Henan asks for a new assessment at
//! expiry. An application to replace or to cancel needs no assessment: its case ends with
//! `certificate.replaced` or `certificate.cancelled`; so does one to exchange a damaged card, and
//! one to transfer a certificate, which is handed in where the household registration is now. A
//! regrade is a new assessment of a valid certificate, some months after the last one unless an
//! appeal or the county that took it over asks for it.

use super::case::{Case, Part, Progress, Stage};
use super::gates::Ask;
use super::register::{Certificate, Status};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{
    ApplicationKind, ApplicationSubmitted, CancelGround, Channel, FreezeGround, Recorded, Role,
};
use crate::value::{CaseId, CertificateId, Day, DivisionCode, IdForm, PersonId};

refusals! {
    /// Why an application is refused.
    pub enum Refused {
        /// The id is taken.
        CaseExists = "I04", "case_exists", "there is a case of that id already",
            "choose a new random id",
            "该编号的案件已经存在",
            "请另取随机编号";
        /// Another case of the person has not ended.
        CaseOpen = "I04", "case_open", "another case of this person has not ended",
            "end that case first",
            "此人的另一案件尚未结束",
            "请先结束该案件";
        /// The papers of a returned case are of another application.
        ResubmissionDiffers = "I04", "resubmission_differs",
            "completed papers must be for the same person, number, birth date, place and kind",
            "have this case not accepted and open another one",
            "补正材料的人员、号码、出生日期、户籍和申请事项必须与原申请相同",
            "请将本案不予受理，另立案件";
        /// The division of household registration is no county of this ledger.
        NotOfThisLedger = "I12", "hukou_not_of_this_ledger",
            "the household registration is in no county of this ledger, so nobody here may decide",
            "apply at the ledger of that county's prefecture",
            "户籍不在本账本的任何县区，这里无权办理",
            "请到该县区所属地市的账本申请";
        /// The ID number is another person's.
        IdOfAnother = "I14", "id_of_another_person",
            "the ID number is known as that of another person",
            "use that person's pseudonym, or correct the identity first",
            "该公民身份号码已知属于另一人",
            "请使用该人的代号，或先更正身份";
        /// The ID number is not the person's current one.
        IdNotCurrent = "I15", "id_not_current", "the ID number is not the person's current one",
            "link or correct the identity first",
            "该公民身份号码不是此人现行号码",
            "请先关联或更正身份";
        /// A new certificate for somebody who has one.
        HoldsCertificate = "I14", "holds_certificate",
            "the person has a certificate that was neither cancelled nor replaced",
            "apply for renewal or replacement, or have it cancelled first",
            "此人持有未注销、未换发的残疾人证",
            "请申请换证或补证，或先注销";
        /// A first application names a certificate.
        CertificateNotExpected = "I17", "certificate_not_expected",
            "a first application names no present certificate",
            "leave data.certificate out, or apply for renewal",
            "首次申请不写现有残疾人证",
            "请删去 data.certificate，或改为申请换证";
        /// Any other application names the certificate it is about.
        CertificateMissing = "I17", "certificate_missing",
            "this kind of application names the person's present certificate",
            "set data.certificate",
            "此类申请必须写明现有残疾人证",
            "请填写残疾人证（data.certificate）";
        /// The certificate is another person's.
        CertificateOfAnother = "I17", "certificate_of_another",
            "the certificate named is not this person's", "correct data.certificate",
            "所填残疾人证不是此人的",
            "请更正残疾人证（data.certificate）";
        /// The certificate ended, or is frozen for another reason than its expiry.
        CertificateNotStanding = "I17", "certificate_not_standing",
            "the certificate named has ended, or is frozen for another reason than its expiry",
            "apply for a new certificate, or have it unfrozen first",
            "所填残疾人证已终止，或因到期以外的原因被冻结",
            "请申请新证，或先解冻";
        /// The certificate is kept by another county.
        KeptElsewhere { keeper: DivisionCode } = "I12", "certificate_kept_elsewhere",
            "the certificate is kept by {keeper}, and the household registration is elsewhere",
            "apply for its transfer first",
            "该证由 {keeper} 管理，而户籍在别处",
            "请先申请迁移";
        /// Nothing to transfer.
        NotMoved = "I12", "transfer_not_needed",
            "the certificate is kept where the household registration is",
            "a transfer follows a move to another county",
            "该证就在户籍所在地管理",
            "户籍迁到其他县区后才需要迁移";
        /// Not in force.
        NotValid = "I18", "certificate_not_valid",
            "only a certificate that is valid on this day is exchanged or regraded",
            "renew an expired certificate; have a frozen one unfrozen first",
            "只有当天有效的残疾人证才能换新或变更",
            "到期的请换证；冻结的请先解冻";
        /// Too soon after the last assessment.
        TooEarlyToRegrade { from: Day } = "I18", "too_early_to_regrade",
            "after the last assessment a regrade can be applied for from {from}",
            "apply on or after that day, or appeal the conclusion in its term",
            "上次评定之后，自 {from} 起可以申请变更",
            "请在该日或之后申请，或在期限内申请复核评定";
        /// An appeal is open.
        AppealOpen { due_by: Day } = "I21", "appeal_open",
            "an appeal of this person is open until {due_by}", "wait for its conclusion",
            "此人有一件复核评定申请，应于 {due_by} 前答复",
            "请等待其结论";
        /// An application from elsewhere without the permit, or the permit without being from
        /// elsewhere.
        ResidencePermit = "I12", "residence_permit_missing",
            "an application across provinces shows the permit of a residence elsewhere",
            "set data.residence_permit and data.residence_division, or correct data.channel",
            "跨省申请须出示居住地的居住证",
            "请填写居住证和居住地（data.residence_permit、data.residence_division），或更正申请方式";
        /// Before the renewal window.
        TooEarlyToRenew { from: Day } = "I17", "too_early_to_renew",
            "renewal can be applied for from {from}", "apply on or after that day",
            "自 {from} 起可以申请换证",
            "请在该日或之后申请";
        /// Less than the policy's months after a cancellation for not meeting the standard.
        ReapplyTooEarly { from: Day } = "I19", "reapply_too_early",
            "after a cancellation for not meeting the standard one may apply again from {from}",
            "apply on or after that day, or appeal the conclusion",
            "因不符合标准被注销后，自 {from} 起可以再申请",
            "请在该日或之后申请，或对结论申请复核评定";
    }
}

pub(super) fn decide(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &ApplicationSubmitted,
) -> Result<(), Rejection> {
    if let Some(case) = ask.state.certificates.case(id) {
        return Ok(resubmits(case, data)?);
    }
    if ask.state.benefits.case(id).is_some() {
        return Err(Refused::CaseExists.into());
    }
    identity(ask, data)?;
    across_provinces(data)?;
    if ask.state.certificates.open_case_of(&data.person).is_some() {
        return Err(Refused::CaseOpen.into());
    }
    let appeal = ask.state.certificates.appeal_of(&data.person);
    if let Some(open) = appeal.filter(|appeal| appeal.is_pending(ask.today)) {
        return Err(Refused::AppealOpen { due_by: open.due_by }.into());
    }
    match (data.kind, data.certificate) {
        (ApplicationKind::New, None) => first(ask, data),
        (ApplicationKind::New, Some(_)) => Err(Refused::CertificateNotExpected.into()),
        (ApplicationKind::Renew, certificate) => renewal(ask, data, certificate),
        (ApplicationKind::Replace | ApplicationKind::Cancel, certificate) => {
            present(ask, data, certificate)?;
            Ok(())
        }
        (ApplicationKind::ExchangeDamaged, certificate) => {
            let present = present(ask, data, certificate)?;
            if present.is_valid_on(ask.today) { Ok(()) } else { Err(Refused::NotValid.into()) }
        }
        (ApplicationKind::Regrade, certificate) => regrade(ask, data, certificate),
        (ApplicationKind::Transfer, certificate) => transfer(ask, data, certificate),
    }
}

/// 跨省通办: the person lives elsewhere with a permit, and the place of registration decides.
fn across_provinces(data: &ApplicationSubmitted) -> Result<(), Refused> {
    let across = data.channel == Channel::CrossProvince;
    let elsewhere = data.residence_division != data.hukou_division;
    let fits = across == data.residence_permit.is_some() && (!across || elsewhere);
    if fits { Ok(()) } else { Err(Refused::ResidencePermit) }
}

/// A returned case takes its papers again; the assessment and the notice stand.
fn resubmits(case: &Case, data: &ApplicationSubmitted) -> Result<(), Refused> {
    let Some(progress) = case.progress.as_ref().filter(|_| case.stage == Stage::Returned) else {
        return Err(Refused::CaseExists);
    };
    let same = case.person == data.person
        && case.kind == data.kind
        && case.division == data.hukou_division
        && progress.id == data.id
        && progress.birth_date == data.birth_date
        && progress.previous == data.certificate;
    if same { Ok(()) } else { Err(Refused::ResubmissionDiffers) }
}

fn identity(ask: &Ask<'_>, data: &ApplicationSubmitted) -> Result<(), Refused> {
    let ledger = ask.state.genesis.as_ref().map(|genesis| genesis.division);
    let place = data.hukou_division;
    if !place.is_county() || ledger.is_some_and(|ledger| !ledger.covers(place)) {
        return Err(Refused::NotOfThisLedger);
    }
    if ask.state.people.by_tag(&data.id).is_some_and(|known| known != data.person) {
        return Err(Refused::IdOfAnother);
    }
    let current = ask.state.people.find(&data.person).and_then(|person| person.ids.last());
    if current.is_some_and(|current| *current != data.id) {
        return Err(Refused::IdNotCurrent);
    }
    Ok(())
}

/// I14, I19.
fn first(ask: &Ask<'_>, data: &ApplicationSubmitted) -> Result<(), Rejection> {
    if ask.standing(&data.person).next().is_some() {
        return Err(Refused::HoldsCertificate.into());
    }
    let held = ask.state.people.find(&data.person).map_or(&[][..], |known| &known.certificates);
    let cancelled = held.iter().filter_map(|id| match ask.state.certificates.find(id)?.status {
        Status::Cancelled(Some((CancelGround::NotMeeting, day))) => Some(day),
        _ => None,
    });
    let Some(last) = cancelled.max() else { return Ok(()) };
    let from =
        last.plus_months(months(ask.policy(data.hukou_division)?.reapply_after_cancel_months));
    if ask.today < from {
        return Err(Refused::ReapplyTooEarly { from }.into());
    }
    Ok(())
}

/// I17: late is allowed, the certificate is what it was; early only inside the window.
fn renewal(
    ask: &Ask<'_>,
    data: &ApplicationSubmitted,
    certificate: Option<CertificateId>,
) -> Result<(), Rejection> {
    let valid_to = present(ask, data, certificate)?.valid_to;
    let policy = ask.policy(data.hukou_division)?;
    let from = valid_to.plus_months(-months(policy.renew_window_months_before));
    if ask.today < from {
        return Err(Refused::TooEarlyToRenew { from }.into());
    }
    Ok(())
}

/// I18: some months after the last assessment, unless somebody else asked for the new one.
fn regrade(
    ask: &Ask<'_>,
    data: &ApplicationSubmitted,
    certificate: Option<CertificateId>,
) -> Result<(), Rejection> {
    let present = present(ask, data, certificate)?;
    if !present.is_valid_on(ask.today) {
        return Err(Refused::NotValid.into());
    }
    let appealed = ask.state.certificates.concluded_on_appeal(&data.person).is_some();
    if present.reassess || appealed {
        return Ok(());
    }
    let policy = ask.policy(data.hukou_division)?;
    let from = present.assessed.plus_months(months(policy.regrade_min_interval_months));
    if ask.today < from {
        return Err(Refused::TooEarlyToRegrade { from }.into());
    }
    Ok(())
}

/// I12: of a certificate that stands, to the county of the household registration.
fn transfer(
    ask: &Ask<'_>,
    data: &ApplicationSubmitted,
    certificate: Option<CertificateId>,
) -> Result<(), Rejection> {
    let certificate = owned(ask, &data.person, certificate)?;
    if certificate.division == data.hukou_division {
        return Err(Refused::NotMoved.into());
    }
    match certificate.status {
        Status::Valid | Status::Frozen(Some(FreezeGround::OverdueTransfer)) => Ok(()),
        _ => Err(Refused::CertificateNotStanding.into()),
    }
}

/// The person's present certificate, kept where the application is decided.
fn present<'a>(
    ask: &Ask<'a>,
    data: &ApplicationSubmitted,
    certificate: Option<CertificateId>,
) -> Result<&'a Certificate, Rejection> {
    let certificate = owned(ask, &data.person, certificate)?;
    match certificate.status {
        Status::Valid | Status::Frozen(Some(FreezeGround::Expiry)) => {}
        Status::Frozen(_)
        | Status::Cancelled(_)
        | Status::Revoked
        | Status::Superseded
        | Status::MovedAway => return Err(Refused::CertificateNotStanding.into()),
    }
    if certificate.division != data.hukou_division {
        return Err(Refused::KeptElsewhere { keeper: certificate.division }.into());
    }
    Ok(certificate)
}

fn owned<'a>(
    ask: &Ask<'a>,
    person: &PersonId,
    certificate: Option<CertificateId>,
) -> Result<&'a Certificate, Rejection> {
    let id = certificate.ok_or(Refused::CertificateMissing)?;
    let certificate = ask.certificate(&id)?;
    if certificate.person != *person {
        return Err(Refused::CertificateOfAnother.into());
    }
    Ok(certificate)
}

fn months(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Whoever takes an application at the window has a part in the case; a person who applies online
/// is no officer of it.
fn received(progress: &mut Progress, event: &Recorded) {
    if event.signer.role != Role::Applicant {
        progress.took(Part::Accept, &event.signer.actor);
    }
}

pub(super) fn evolve(
    state: &mut State,
    event: &Recorded,
    id: &CaseId,
    data: &ApplicationSubmitted,
) {
    let person = state.people.learn(data.person, data.id);
    person.name = Some(data.name);
    person.birth_date = Some(data.birth_date);
    person.hukou_division = Some(data.hukou_division);
    if let Some((stage, progress)) = state.certificates.progress_mut(id) {
        *stage = Stage::Submitted;
        progress.application = event.id;
        progress.acceptance = None;
        progress.id_valid = data.id_form == IdForm::Valid;
        progress.residence = data.residence_division;
        progress.claimed.clone_from(&data.claimed);
        received(progress, event);
        return;
    }
    let mut progress = Progress {
        id: data.id,
        id_valid: data.id_form == IdForm::Valid,
        birth_date: data.birth_date,
        residence: data.residence_division,
        claimed: data.claimed.clone(),
        previous: data.certificate,
        application: event.id,
        acceptance: None,
        institution: None,
        draw: None,
        consent: None,
        officers: Vec::new(),
        rounds: 0,
        round: None,
        fallen: Vec::new(),
        conclusion: None,
        notice: None,
        review: None,
        approved_in: None,
        printed_on: None,
        blank: None,
        appeal_until: None,
    };
    received(&mut progress, event);
    let case = Case {
        person: data.person,
        division: data.hukou_division,
        kind: data.kind,
        stage: Stage::Submitted,
        sealed: false,
        progress: Some(Box::new(progress)),
    };
    state.certificates.open_case(*id, case);
}
