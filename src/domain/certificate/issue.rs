//! `certificate.issued` (E15): the issuer proposes, an approver endorses, the case ends.
//!
//! The chain before it (I04-I07, I09, I10) was asked step by step and the stage holds it; here the
//! printed certificate is held against the case, the person and the policy. The new card of a
//! renewal or a regrade ends the old one; until then the old one holds, and what is paid for it.

use super::appeal;
use super::case::{Case, Ending, Part, Progress, Stage};
use super::gates::{self, Ask};
use super::register::{Certificate, Status};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{ApplicationKind, Body, CertificateIssued, Grade, Recorded};
use crate::value::{CertificateId, Day};

refusals! {
    /// Why an issue is refused.
    pub enum Refused {
        /// The id is taken.
        CertificateExists = "I14", "certificate_exists",
            "there is a certificate of that id already",
            "choose a new random id",
            "该编号的残疾人证已经存在",
            "请另取随机编号";
        /// The case is another person's.
        PersonDiffers = "I02", "person_differs", "data.person is not the person of the case",
            "correct data.person or data.case",
            "填写的人员不是本案的人员",
            "请更正人员或案件（data.person、data.case）";
        /// Not printed.
        NotPrinted = "I04", "not_printed",
            "a certificate is issued after it is approved and printed",
            "take the steps of the case in order",
            "批准并制证之后才能核发",
            "请按顺序办理";
        /// Not the concluded grade.
        GradeDiffers = "I08", "grade_differs",
            "the certificate does not carry exactly the concluded category, level and components",
            "print what was approved",
            "证面与结论的类别、等级和构成不完全一致",
            "请按批准内容制证";
        /// The ID number's own form is wrong.
        IdInvalid = "I14", "id_form_invalid", "no certificate is issued on a malformed ID number",
            "have the number corrected first",
            "公民身份号码不规范的，不能核发残疾人证",
            "请先更正号码";
        /// The ID number is not the person's current one.
        IdNotCurrent = "I15", "id_not_current",
            "the ID number in the certificate number is not the person's current one",
            "print the number that is in force",
            "证号中的公民身份号码不是此人现行号码",
            "请按现行号码制证";
        /// A suffix on a first card.
        SuffixNotExpected = "I16", "suffix_not_expected",
            "only the replacement of a lost certificate has a suffix Bn", "set data.replaced to 0",
            "只有遗失补证才有 Bn 后缀",
            "请把 data.replaced 设为 0";
        /// Another first day.
        ValidFromDiffers = "I14", "valid_from_differs",
            "validity begins on the day of issue, which is not before the printing",
            "set data.valid_from to the day of issue",
            "有效期自核发日起，且不早于制证日",
            "请把 data.valid_from 设为核发日";
        /// Another last day.
        ValidToDiffers { valid_to: Day } = "I14", "valid_to_differs",
            "by the policy in force the last day is {valid_to}", "correct data.valid_to",
            "按现行政策，有效期至 {valid_to}",
            "请更正 data.valid_to";
        /// Another division.
        DivisionDiffers = "I12", "approving_division_differs",
            "data.approving_division is not the division that approved",
            "name the division of the approval",
            "所填批准区划不是批准本案的区划",
            "请写明批准的区划（data.approving_division）";
        /// The same was proposed and waits.
        ProposedAlready { on: Day, lapses: Day } = "I31", "proposed_already",
            "an issue in this case was proposed on {on} and can be endorsed until {lapses}",
            "have an approver endorse that proposal; when it has lapsed, propose anew",
            "本案已于 {on} 提出核发，会签截止 {lapses}",
            "请由批准人会签该提议；失效后方可重新提出";
        /// The person has another certificate.
        HoldsCertificate = "I14", "holds_certificate",
            "the person has another certificate that was neither cancelled nor replaced",
            "one person holds one certificate: end the other first",
            "此人另有未注销、未换发的残疾人证",
            "一人一证：请先终止另一证";
        /// A first card replaces none.
        SupersedesNone = "I17", "supersedes_none",
            "a first certificate supersedes none and takes back no card",
            "leave data.supersedes and data.old_card out",
            "首次办证不替换旧证，也不收回旧证",
            "请删去 data.supersedes 和 data.old_card";
        /// A renewal or regrade names the card it replaces.
        SupersedesDiffers = "I17", "supersedes_differs",
            "the new certificate supersedes the one that was applied for",
            "name that certificate in data.supersedes",
            "新证应替换申请时写明的旧证",
            "请写明该证（data.supersedes）";
        /// The old certificate ended in the meantime.
        OldEnded = "I17", "certificate_ended",
            "the certificate to be replaced has ended since the application",
            "refuse this case in writing; a new application is for a new certificate",
            "待替换的残疾人证在申请后已终止",
            "请书面不予批准；重新申请的是新证";
        /// Another grade under the old number.
        NumberUnchanged = "I15", "number_unchanged",
            "the number of a certificate changes with its category or level",
            "print the number that follows from the new grade",
            "类别或等级变更的，证号随之改变",
            "请按新的类别和等级编号";
        /// And what became of it.
        OldCardMissing = "I17", "old_card_missing",
            "the old card is taken back, or it says why not", "set data.old_card",
            "旧证应收回，或说明未收回的原因",
            "请填写 data.old_card";
    }
}

pub(super) fn decide(
    ask: &Ask<'_>,
    id: &CertificateId,
    data: &CertificateIssued,
) -> Result<(), Rejection> {
    let (case, progress) = ask.open(&data.case)?;
    ask.reaches(case.division)?;
    ask.no_conflict(data.case, &ask.event.signer.actor)?;
    if ask.state.certificates.find(id).is_some() {
        return Err(Refused::CertificateExists.into());
    }
    if case.person != data.person {
        return Err(Refused::PersonDiffers.into());
    }
    if case.stage != Stage::Printed {
        return Err(Refused::NotPrinted.into());
    }
    appeal::not_pending(ask, &data.case, &case.person)?;
    signers(ask, case, progress, data)?;
    let policy = ask.policy_named(case.division)?;
    if progress.grade() != Some(&data.grade) {
        return Err(Refused::GradeDiffers.into());
    }
    if progress.approved_in != Some(data.approving_division) {
        return Err(Refused::DivisionDiffers.into());
    }
    proposed_once(ask, data)?;
    number(ask, progress, data)?;
    let at = ask.event.payload.at;
    if data.valid_from != at || progress.printed_on.is_none_or(|printed| at < printed) {
        return Err(Refused::ValidFromDiffers.into());
    }
    let valid_to = policy.valid_to(data.valid_from);
    if data.valid_to != valid_to {
        return Err(Refused::ValidToDiffers { valid_to }.into());
    }
    Ok(only_one(ask, case, progress, data)?)
}

/// I11, I12: the issuer, and the approver who endorses.
fn signers(
    ask: &Ask<'_>,
    case: &Case,
    progress: &Progress,
    data: &CertificateIssued,
) -> Result<(), Rejection> {
    ask.apart(progress, Part::Print, &ask.event.signer.actor)?;
    if let Some(endorsement) = ask.endorsement {
        let approver = &endorsement.signer;
        ask.approves(ask.policy_named(case.division)?, approver, case.division)?;
        ask.apart(progress, Part::Approve, &approver.actor)?;
        ask.no_conflict(data.case, &approver.actor)?;
    }
    Ok(())
}

/// I31: one proposal of a case at a time, so that nobody has to guess which of two to endorse. One
/// that can take effect no more, because it has lapsed or names a policy that is not in force, is in
/// nobody's way.
fn proposed_once(ask: &Ask<'_>, data: &CertificateIssued) -> Result<(), Rejection> {
    if ask.endorsement.is_some() {
        return Ok(());
    }
    let is_same = |body: &Body| matches!(body, Body::CertificateIssued(it) if it.case == data.case);
    match gates::proposed_before(ask, is_same) {
        Some((on, lapses)) => Err(Refused::ProposedAlready { on, lapses }.into()),
        None => Ok(()),
    }
}

fn number(ask: &Ask<'_>, progress: &Progress, data: &CertificateIssued) -> Result<(), Refused> {
    if !progress.id_valid {
        return Err(Refused::IdInvalid);
    }
    let current = ask.state.people.find(&data.person).and_then(|person| person.ids.last());
    if data.id != progress.id || current != Some(&data.id) {
        return Err(Refused::IdNotCurrent);
    }
    if data.replaced != 0 {
        return Err(Refused::SuffixNotExpected);
    }
    Ok(())
}

/// I14, I17: one certificate a person; a renewal ends the one it was applied for.
fn only_one(
    ask: &Ask<'_>,
    case: &Case,
    progress: &Progress,
    data: &CertificateIssued,
) -> Result<(), Refused> {
    if case.kind == ApplicationKind::New {
        if data.supersedes.is_some() || data.old_card.is_some() {
            return Err(Refused::SupersedesNone);
        }
    } else {
        if data.supersedes.is_none() || data.supersedes != progress.previous {
            return Err(Refused::SupersedesDiffers);
        }
        let old = data.supersedes.and_then(|old| ask.state.certificates.find(&old));
        let Some(old) = old.filter(|old| old.stands()) else { return Err(Refused::OldEnded) };
        let kind_and_level = |grade: &Grade| (grade.category, grade.level);
        if old.number == Some(data.number)
            && kind_and_level(&old.grade) != kind_and_level(&data.grade)
        {
            return Err(Refused::NumberUnchanged);
        }
        if data.old_card.is_none() {
            return Err(Refused::OldCardMissing);
        }
    }
    if ask.standing(&data.person).any(|held| Some(held) != data.supersedes) {
        return Err(Refused::HoldsCertificate);
    }
    Ok(())
}

pub(super) fn evolve(
    state: &mut State,
    event: &Recorded,
    id: &CertificateId,
    data: &CertificateIssued,
) {
    if let Some(old) = &data.supersedes {
        state.certificates.decide_status(old, Status::Superseded);
    }
    let case = state.certificates.case(&data.case);
    let place = case.map(|case| case.division);
    let progress = case.and_then(|case| case.progress.as_deref());
    let concluded = progress.and_then(|progress| progress.conclusion.as_ref());
    let certificate = Certificate {
        person: data.person,
        division: place.unwrap_or(data.approving_division),
        assessed: concluded.map_or(data.valid_from, |conclusion| conclusion.on),
        since: data.valid_from,
        leaving: None,
        reassess: false,
        blank: progress.and_then(|progress| progress.blank),
        grade: data.grade.clone(),
        number: Some(data.number),
        replaced: data.replaced,
        valid_from: data.valid_from,
        valid_to: data.valid_to,
        status: Status::Valid,
        lost: false,
        legacy: false,
        decided: true,
        assessed_by_sight: false,
        delivered: None,
    };
    state.certificates.make(*id, certificate, Some(data.case));
    if let Some(person) = state.people.find_mut(&data.person) {
        person.certificates.push(*id);
    }
    let told = Day::of_millis(event.recorded_at_ms);
    state.certificates.forget_before(told);
    let division = place.unwrap_or(data.approving_division);
    match appeal::term(state, division, told).filter(|_| !appeal::is_final(state, &data.case)) {
        Some(until) => state.certificates.end_appealable(&data.case, Ending::Issued, until),
        None => state.certificates.end_case(&data.case, Ending::Issued),
    }
}
