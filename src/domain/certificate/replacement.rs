//! `certificate.lost` (a fact) and `certificate.replaced` (E20): same data, next suffix.
//!
//! The declaration of loss makes the old number void; the replacement ends the old certificate and
//! keeps its grade and its last day. An imported certificate's suffix stands only inside its
//! tagged number, so for the first replacement on this ledger any suffix from 1 on is taken. With
//! the old card it is the [`exchange`] of a damaged one.

use super::case::Ending;
use super::exchange;
use super::gates::{self, Ask};
use super::register::{Certificate, Status};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{ApplicationKind, Body, CertificateReplaced, Recorded};
use crate::value::{CaseId, CertificateId, Day};

refusals! {
    /// Why a replacement is refused.
    pub enum Refused {
        /// The id is taken.
        CertificateExists = "I14", "certificate_exists",
            "there is a certificate of that id already",
            "choose a new random id",
            "该编号的残疾人证已经存在",
            "请另取随机编号";
        /// The lost one is another person's.
        CertificateOfAnother = "I15", "certificate_of_another",
            "the lost certificate is not this person's", "correct data.lost or data.person",
            "遗失的残疾人证不是此人的",
            "请更正 data.lost 或 data.person";
        /// Not declared lost.
        NotDeclaredLost = "I16", "not_declared_lost", "the certificate was not declared lost",
            "record certificate.lost first",
            "该残疾人证没有挂失",
            "请先记录挂失";
        /// Ended, frozen or expired.
        NotValid = "I14", "certificate_not_valid",
            "only a certificate that is valid on this day is replaced",
            "renew an expired certificate; have a frozen one unfrozen first",
            "只有当天有效的残疾人证才能补办",
            "到期的请换证；冻结的请先解冻";
        /// Not the next suffix.
        SuffixNotNext { next: u8 } = "I16", "suffix_not_next",
            "the suffix of this replacement is B{next}", "correct data.replaced",
            "本次补办的后缀为 B{next}",
            "请更正 data.replaced";
        /// The ID number is not the person's current one.
        IdNotCurrent = "I15", "id_not_current",
            "the ID number in the certificate number is not the person's current one",
            "print the number that is in force",
            "证号中的公民身份号码不是此人现行号码",
            "请按现行号码制证";
        /// The same was proposed and waits.
        ProposedAlready { on: Day, lapses: Day } = "I31", "proposed_already",
            "a new card for this one was proposed on {on} and can be endorsed until {lapses}",
            "have an approver endorse that proposal; when it has lapsed, propose anew",
            "已于 {on} 提出补换该证，会签截止 {lapses}",
            "请由批准人会签该提议；失效后方可重新提出";
        /// The person has yet another certificate.
        HoldsCertificate = "I14", "holds_certificate",
            "the person has another certificate that was neither cancelled nor replaced",
            "one person holds one certificate: end the other first",
            "此人另有未注销、未换发的残疾人证",
            "一人一证：请先终止另一证";
    }
}

/// The last suffix a certificate number has room for.
const SUFFIX_MAX: u8 = 99;

pub(super) fn decide(
    ask: &Ask<'_>,
    id: &CertificateId,
    data: &CertificateReplaced,
) -> Result<(), Rejection> {
    let lost = ask.certificate(&data.lost)?;
    ask.reaches(lost.division)?;
    // I12: the endorsing approver is of the level and place that approve today.
    if let Some(endorsement) = ask.endorsement {
        ask.approves(ask.policy(lost.division)?, &endorsement.signer, lost.division)?;
    }
    if ask.state.certificates.find(id).is_some() {
        return Err(Refused::CertificateExists.into());
    }
    if lost.person != data.person {
        return Err(Refused::CertificateOfAnother.into());
    }
    if data.old_card.is_none() && !lost.lost {
        return Err(Refused::NotDeclaredLost.into());
    }
    if !lost.is_valid_on(ask.today) {
        return Err(Refused::NotValid.into());
    }
    if data.old_card.is_none() {
        suffix(lost, data.replaced)?;
    }
    let current = ask.state.people.find(&data.person).and_then(|person| person.ids.last());
    if current != Some(&data.id) {
        return Err(Refused::IdNotCurrent.into());
    }
    if ask.standing(&data.person).any(|held| held != data.lost) {
        return Err(Refused::HoldsCertificate.into());
    }
    // I31: one proposal at a time, as of an issue.
    let is_same =
        |body: &Body| matches!(body, Body::CertificateReplaced(it) if it.lost == data.lost);
    if ask.endorsement.is_none()
        && let Some((on, lapses)) = gates::proposed_before(ask, is_same)
    {
        return Err(Refused::ProposedAlready { on, lapses }.into());
    }
    if data.old_card.is_some() { exchange::decide(ask, data, lost) } else { Ok(()) }
}

/// I16.
fn suffix(lost: &Certificate, suffix: u8) -> Result<(), Refused> {
    let next = lost.replaced.saturating_add(1).min(SUFFIX_MAX);
    let fits = suffix == next || (lost.legacy && (next..=SUFFIX_MAX).contains(&suffix));
    if fits && suffix > lost.replaced { Ok(()) } else { Err(Refused::SuffixNotNext { next }) }
}

pub(super) fn evolve_lost(state: &mut State, id: &CertificateId) {
    state.certificates.declare_lost(id);
}

pub(super) fn evolve_replaced(
    state: &mut State,
    event: &Recorded,
    id: &CertificateId,
    data: &CertificateReplaced,
) {
    let Some(lost) = state.certificates.find(&data.lost).cloned() else { return };
    state.certificates.decide_status(&data.lost, Status::Superseded);
    // A lost card's number is void from the new card's first day; an exchanged one goes on.
    let exchanged = data.old_card.is_some();
    let certificate = Certificate {
        number: Some(data.number),
        replaced: data.replaced,
        valid_from: if exchanged { lost.valid_from } else { event.payload.at },
        blank: Some(data.blank),
        status: Status::Valid,
        lost: false,
        legacy: false,
        decided: true,
        delivered: None,
        ..lost
    };
    if let Some(person) = state.people.find_mut(&data.person) {
        person.certificates.push(*id);
    }
    let applied =
        if exchanged { ApplicationKind::ExchangeDamaged } else { ApplicationKind::Replace };
    let open = state.certificates.open_case_of(&data.person);
    let of_it = |id: &CaseId| state.certificates.case(id).is_some_and(|it| it.kind == applied);
    let case = open.filter(of_it);
    state.certificates.make(*id, certificate, case);
    state.certificates.end_case_for(&data.person, applied, data.lost, Ending::Replaced);
}
