//! A row of the certificate roster.

use super::{
    super::{
        super::{
            column::Column,
            personal::{Legacy, Personal as Cell},
            row::CertificateRow,
        },
        Terms, gaps,
        plan::RowAct,
        rejected::Why,
    },
    Draft, clear, line, required, tag, text,
};
use crate::{
    crypto::TagKind,
    event::{CertificateLegacyImported, GuardianTags, LegacyStatus},
    ledger::{Personal, federation_text, officer_text},
    value::{Category, CertificateNumber, Day, Level, Tag},
};

/// The last day on which a visible disability could be assessed by sight.
fn sight_until() -> Day {
    Day::new(2017, 12, 31).expect("a day of the calendar")
}

/// What a certificate's event cannot do without.
pub(super) struct Required<'a> {
    name: &'a Cell,
    category: Category,
    level: Level,
    issued: Day,
    valid_to: Day,
    status: LegacyStatus,
}

impl<'a> Required<'a> {
    /// Takes the mandatory fields. A column that the roll lacks may be told by the certificate
    /// number; a blank cell may not, because then nobody knows which of the two is wrong.
    pub(super) fn of(row: &'a CertificateRow, absent: &[Column]) -> Result<Self, Why> {
        let lacks = |column| absent.contains(&column);
        let number = row.certificate.as_ref().and_then(|number| number.value.as_ref());
        let category = || number.filter(|_| lacks(Column::Category)).map(|n| n.category);
        let level = || number.filter(|_| lacks(Column::Level)).map(|n| n.level);
        let status = lacks(Column::Status).then_some(LegacyStatus::Normal);
        Ok(Self {
            name: required(Column::Name, row.name.as_ref())?,
            category: required(Column::Category, row.category.or_else(category))?,
            level: required(Column::Level, row.level.or_else(level))?,
            issued: required(Column::IssuedOn, row.issued_on)?,
            valid_to: required(Column::ExpiresOn, row.expires_on)?,
            status: required(Column::Status, row.status.or(status))?,
        })
    }
}

/// Drafts `certificate.legacy_imported`.
pub(super) fn draft(terms: &Terms<'_>, act: &RowAct<'_>, row: &CertificateRow) -> Option<Draft> {
    let absent = &terms.sheet(act.row).absent_columns;
    let must = Required::of(row, absent).ok()?;
    let division = row.division.unwrap_or(terms.options.division);
    let mut personal = sealed(row, must.name);
    let institution = clear(row.institution.as_ref(), Column::Institution, &mut personal);
    let township = clear(row.township.as_ref(), Column::Township, &mut personal);
    for assessor in row.assessors.iter().skip(2) {
        line(Column::Assessors, assessor, &mut personal);
    }
    let place = institution.as_ref().map_or("", |label| label.as_str());
    let assessor = |at: usize| officer(terms, place, row.assessors.get(at));
    let federation = federation_text(division);
    let official = |name: &Option<Cell>| officer(terms, &federation, name.as_ref());
    let body = CertificateLegacyImported {
        person: act.person?,
        id: act.id?,
        id_form: row.id.form(),
        number: number_tag(terms, row.certificate.as_ref()),
        name: terms.tagger.tag(TagKind::Name, must.name.as_str()),
        name_sound: terms.tagger.name_sound(must.name.as_str()),
        meant_ids: terms.tagger.meant_ids(&row.id),
        birth_date: row.id.birth_date(),
        sex: row.id.sex(),
        category: must.category,
        level: must.level,
        components: row.components.clone().unwrap_or_default(),
        issued: must.issued,
        valid_to: must.valid_to,
        status: must.status,
        status_date: row.status_on,
        division,
        township,
        village: tag(terms, TagKind::Village, row.village.as_ref()),
        phone: tag(terms, TagKind::Phone, row.phone.as_ref()),
        guardian: guardian(terms, row),
        household_no: tag(terms, TagKind::HouseholdNo, row.household_number.as_ref()),
        assessor_1: assessor(0),
        assessor_2: assessor(1),
        institution,
        assessed_on: row.assessed_on,
        receiver: official(&row.receiver),
        reviewer: official(&row.reviewer),
        approver: official(&row.approver),
        notice_from: row.notice_from,
        notice_to: row.notice_to,
        assessed_by_sight: by_sight(row, must.issued, absent),
        gaps: gaps::of_roster(absent),
        row: act.row_ref(terms.id),
    };
    Some(Draft {
        body: body.into(),
        at: terms.no_later(Some(must.issued)),
        personal: Some(personal),
    })
}

/// An old certificate whose register has a place for assessors and names neither doctor nor
/// institution nor day of an assessment. Columns that are not there say nothing.
fn by_sight(row: &CertificateRow, issued: Day, absent: &[Column]) -> bool {
    let listed = !absent.contains(&Column::AssessorOne) && !absent.contains(&Column::AssessorTwo);
    listed
        && issued <= sight_until()
        && row.assessors.is_empty()
        && row.institution.is_none()
        && row.assessed_on.is_none()
}

fn sealed(row: &CertificateRow, name: &Cell) -> Personal {
    let mut personal = Personal::default();
    personal.name = Some(name.as_str().to_owned());
    personal.id_number = Some(row.id.as_str().to_owned());
    personal.certificate_number = text(row.certificate.as_ref().map(|number| &number.text));
    personal.phone = text(row.phone.as_ref());
    personal.village = text(row.village.as_ref());
    personal.household_no = text(row.household_number.as_ref());
    personal.guardian_name = text(row.guardian_name.as_ref());
    personal.guardian_id = text(row.guardian_id.as_ref().map(|id| &id.text));
    personal.assessor_1 = text(row.assessors.first());
    personal.assessor_2 = text(row.assessors.get(1));
    personal.receiver = text(row.receiver.as_ref());
    personal.reviewer = text(row.reviewer.as_ref());
    personal.approver = text(row.approver.as_ref());
    personal
}

fn guardian(terms: &Terms<'_>, row: &CertificateRow) -> Option<GuardianTags> {
    let id = tag(terms, TagKind::Id, row.guardian_id.as_ref().map(|id| &id.text));
    let name = tag(terms, TagKind::Name, row.guardian_name.as_ref());
    (id.is_some() || name.is_some()).then_some(GuardianTags { id, name })
}

/// The tag of an officer who is known by institution and name only.
pub(super) fn officer(terms: &Terms<'_>, institution: &str, name: Option<&Cell>) -> Option<Tag> {
    let text = |name: &Cell| zeroize::Zeroizing::new(officer_text(institution, name.as_str()));
    name.map(|name| terms.tagger.tag(TagKind::Officer, text(name)))
}

/// The tag of a certificate number as the row writes it.
pub(super) fn number_tag(
    terms: &Terms<'_>,
    number: Option<&Legacy<CertificateNumber>>,
) -> Option<Tag> {
    tag(terms, TagKind::Certificate, number.map(|number| &number.text))
}
