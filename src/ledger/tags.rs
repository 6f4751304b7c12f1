//! Which tags in `data` stand for which sealed fields: the one list that drafting fills by and
//! the door checks by.

use super::personal::Personal;
use crate::crypto::{TagKind, Tagger};
use crate::event::{BenefitApplied, Body, GuardianTags};
use crate::value::{CitizenId, DivisionCode, Tag};

/// A tag as `data` has it beside the tag that the sealed text gives.
struct Pair {
    stated: Option<Tag>,
    sealed: Option<Tag>,
}

/// The text an officer's tag is made from: officers who are not enrolled are told apart by
/// institution and name.
#[must_use]
pub fn officer_text(institution: &str, name: &str) -> String {
    format!("{institution}\u{1f}{name}")
}

/// The institution that stands in officer tags of a federation's own staff.
#[must_use]
pub fn federation_text(division: DivisionCode) -> String {
    format!("dpf:{division}")
}

/// Says whether every tag in `data` that stands for a sealed field is the tag of that field.
#[must_use]
pub fn agree(body: &Body, personal: &Personal, tagger: &Tagger) -> bool {
    pairs(body, personal, tagger).iter().all(|pair| pair.stated == pair.sealed)
        && likeness_agrees(body, personal, tagger)
}

/// What only finds people or homes that are alike may be left out; what is there is of the sealed
/// fields.
fn likeness_agrees(body: &Body, personal: &Personal, tagger: &Tagger) -> bool {
    if let Body::WorksAccepted(data) = body {
        let of = |address: &String| tagger.dwelling(address);
        return data.dwelling.is_none() || data.dwelling == personal.address.as_ref().and_then(of);
    }
    let (sound, meant) = match body {
        Body::ApplicationSubmitted(data) => (data.name_sound, data.meant_ids.as_slice()),
        Body::CertificateLegacyImported(data) => (data.name_sound, data.meant_ids.as_slice()),
        Body::PersonRecorded(data) => (data.name_sound, data.meant_ids.as_slice()),
        Body::PersonCorrected(data) => (data.name_sound, &[][..]),
        _ => return true,
    };
    let name = personal.name.as_deref();
    let id = || personal.id_number.as_ref()?.parse::<CitizenId>().ok();
    (sound.is_none() || sound == name.and_then(|name| tagger.name_sound(name)))
        && (meant.is_empty() || id().is_some_and(|id| tagger.meant_ids(&id) == meant))
}

fn pairs(body: &Body, personal: &Personal, tagger: &Tagger) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut pair = |stated: Option<Tag>, kind: TagKind, text: Option<&str>| {
        pairs.push(Pair { stated, sealed: text.map(|text| tagger.tag(kind, text)) });
    };
    let p = personal;
    let (id, name) = (p.id_number.as_deref(), p.name.as_deref());
    let number = p.certificate_number.as_deref();
    match body {
        Body::ApplicationSubmitted(data) => {
            pair(Some(data.id), TagKind::Id, id);
            pair(Some(data.name), TagKind::Name, name);
            pair(data.phone, TagKind::Phone, p.phone.as_deref());
            pair(data.village, TagKind::Village, p.village.as_deref());
            guardian(&mut pair, data.guardian.as_ref(), p);
        }
        Body::CertificateIssued(data) => {
            pair(Some(data.id), TagKind::Id, id);
            pair(Some(data.number), TagKind::Certificate, number);
        }
        Body::CertificateReplaced(data) => {
            pair(Some(data.id), TagKind::Id, id);
            pair(Some(data.number), TagKind::Certificate, number);
            pair(Some(data.blank), TagKind::Blank, p.blank.as_deref());
        }
        Body::CertificatePrinted(data) => {
            pair(Some(data.blank), TagKind::Blank, p.blank.as_deref());
        }
        Body::CertificateLegacyImported(data) => {
            pair(Some(data.id), TagKind::Id, id);
            pair(Some(data.name), TagKind::Name, name);
            pair(data.number, TagKind::Certificate, number);
            pair(data.phone, TagKind::Phone, p.phone.as_deref());
            pair(data.village, TagKind::Village, p.village.as_deref());
            pair(data.household_no, TagKind::HouseholdNo, p.household_no.as_deref());
            guardian(&mut pair, data.guardian.as_ref(), p);
            let institution = data.institution.as_ref().map_or("", |label| label.as_str());
            let federation = federation_text(data.division);
            for (stated, institution, text) in [
                (data.assessor_1, institution, &p.assessor_1),
                (data.assessor_2, institution, &p.assessor_2),
                (data.receiver, federation.as_str(), &p.receiver),
                (data.reviewer, federation.as_str(), &p.reviewer),
                (data.approver, federation.as_str(), &p.approver),
            ] {
                let officer = text.as_deref().map(|name| officer_text(institution, name));
                pair(stated, TagKind::Officer, officer.as_deref());
            }
        }
        Body::PaymentExecuted(data) => {
            pair(Some(data.id), TagKind::Id, id);
            pair(Some(data.name), TagKind::Name, name);
            pair(data.number, TagKind::Certificate, number);
            pair(data.account, TagKind::Account, p.account.as_deref());
            pair(data.holder, TagKind::Name, p.holder.as_deref());
            pair(data.chassis, TagKind::Chassis, p.chassis.as_deref());
            pair(data.engine, TagKind::Engine, p.engine.as_deref());
        }
        Body::PaymentReturned(data) => pair(Some(data.id), TagKind::Id, id),
        Body::BenefitApplied(data) => {
            let (chassis, engine) = vehicle(data);
            pair(chassis, TagKind::Chassis, p.chassis.as_deref());
            pair(engine, TagKind::Engine, p.engine.as_deref());
        }
        Body::AccountBound(data) => {
            pair(Some(data.account), TagKind::Account, p.account.as_deref());
            pair(Some(data.holder_name), TagKind::Name, p.holder.as_deref());
        }
        Body::PersonRecorded(data) => {
            pair(Some(data.id), TagKind::Id, id);
            pair(Some(data.name), TagKind::Name, name);
            pair(data.phone, TagKind::Phone, p.phone.as_deref());
            pair(data.village, TagKind::Village, p.village.as_deref());
        }
        Body::PersonCorrected(data) => {
            pair(data.name, TagKind::Name, name);
            pair(data.phone, TagKind::Phone, p.phone.as_deref());
            pair(data.village, TagKind::Village, p.village.as_deref());
        }
        Body::IdentityLinked(data) => pair(Some(data.id), TagKind::Id, id),
        Body::IdentityCorrected(data) => pair(Some(data.to), TagKind::Id, id),
        Body::HouseholdMemberJoined(data) => {
            pair(data.household_no, TagKind::HouseholdNo, p.household_no.as_deref());
            pair(data.id, TagKind::Id, id);
            pair(data.name, TagKind::Name, name);
        }
        Body::GuardianRecorded(data) => {
            pair(Some(data.guardian), TagKind::Id, p.guardian_id.as_deref());
            pair(Some(data.guardian_name), TagKind::Name, p.guardian_name.as_deref());
        }
        _ => {}
    }
    pairs
}

/// The tags of the numbers on the vehicle that is applied for.
fn vehicle(data: &BenefitApplied) -> (Option<Tag>, Option<Tag>) {
    data.asked.as_ref().map_or((None, None), |asked| (asked.chassis, asked.engine))
}

fn guardian(
    pair: &mut impl FnMut(Option<Tag>, TagKind, Option<&str>),
    stated: Option<&GuardianTags>,
    personal: &Personal,
) {
    pair(stated.and_then(|tags| tags.id), TagKind::Id, personal.guardian_id.as_deref());
    pair(stated.and_then(|tags| tags.name), TagKind::Name, personal.guardian_name.as_deref());
}

/// Says whether the type carries tags that only sealed data can prove.
pub(super) fn needs_sealed(body: &Body) -> bool {
    match body {
        Body::WorksAccepted(data) => return data.dwelling.is_some(),
        Body::BenefitApplied(data) => return vehicle(data) != (None, None),
        _ => {}
    }
    matches!(
        body,
        Body::ApplicationSubmitted(_)
            | Body::CertificateIssued(_)
            | Body::CertificateReplaced(_)
            | Body::CertificatePrinted(_)
            | Body::CertificateLegacyImported(_)
            | Body::PaymentExecuted(_)
            | Body::PaymentReturned(_)
            | Body::AccountBound(_)
            | Body::PersonRecorded(_)
            | Body::IdentityLinked(_)
            | Body::IdentityCorrected(_)
            | Body::GuardianRecorded(_)
    )
}
