//! What a row is about and what it says, as tags: its key and its content.
//!
//! The key is over kind, division, month or year of the roll, the person, certificate, vehicle or
//! account, and an occurrence number among equal ones. The month is the roll's, not the one a row
//! pays: a month paid again in the next roll is another row, not a correction. The content is over
//! every cleaned cell, named, so that neither encoding nor order of columns matters. Both texts
//! are bytes of the format: changing one makes every known row look new.

use std::fmt::{Display, Write as _};

use zeroize::Zeroizing;

use super::{
    super::{
        column::Column,
        kind::Period,
        personal::Personal,
        read::Roll,
        row::{
            AccountRow, BankResultRow, CertificateRow, DeathRow, FuelRow, MemberRow, PaymentRow,
            PrisonerRow, Row,
        },
    },
    gaps,
};
use crate::{
    crypto::{TagKind, Tagger},
    event::{Body, LegacyStatus},
    value::{CitizenId, Day, DivisionCode, Tag},
};

/// Stands between the parts of a text; cleaned cells hold no control characters.
const SEPARATOR: char = '\u{1f}';
/// Room for the texts of an ordinary row, so that they do not grow and leave copies behind.
const ROW_TEXT_LEN: usize = 1024;

/// What rows are compared by.
pub(super) struct Keyed {
    /// The key's text without its occurrence number.
    base: Zeroizing<String>,
    /// Tag of the content.
    pub(super) content: Tag,
    /// Tag of the citizen ID, if the row has one.
    pub(super) id: Option<Tag>,
    /// Tells rows of one key apart, where occurrences are not all the same: the day a
    /// certificate was issued, or a span began.
    pub(super) anchor: Option<Day>,
}

impl Keyed {
    /// The text that equal keys share.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// The key of the `occurrence`-th row of this base, from 1.
    pub(super) fn key(&self, tagger: &Tagger, occurrence: u32) -> Tag {
        let mut text = Zeroizing::new(String::with_capacity(self.base.len() + 11));
        // Writing to a string cannot fail.
        let _ = write!(text, "{}{SEPARATOR}{occurrence}", *self.base);
        tagger.tag(TagKind::Row, text.as_bytes())
    }
}

/// The division and period that the keys of a roll hold.
pub(super) struct Frame<'a> {
    pub(super) roll: &'a Roll,
    /// The division of rows that have none of their own.
    pub(super) division: DivisionCode,
    /// The ledger's division: a certificate is one and the same wherever its holder lives.
    pub(super) ledger: DivisionCode,
}

impl Frame<'_> {
    /// Makes a row's key and content. `absent` are the columns that its sheet lacks.
    pub(super) fn of(&self, row: &Row, absent: &[Column], tagger: &Tagger) -> Keyed {
        let id = citizen_id(row);
        Keyed {
            base: self.base(row),
            content: tagger.tag(TagKind::Content, content(row, absent).0.as_bytes()),
            id: id.map(|id| tagger.tag(TagKind::Id, id.as_str())),
            anchor: anchor(row),
        }
    }

    fn base(&self, row: &Row) -> Zeroizing<String> {
        let division = match row {
            Row::Certificate(_) => self.ledger,
            Row::Payment(row) => row.division.unwrap_or(self.division),
            Row::Fuel(row) => row.division.unwrap_or(self.division),
            _ => self.division,
        };
        let mut text = Zeroizing::new(String::with_capacity(ROW_TEXT_LEN));
        let mut put = |part: &dyn Display| {
            let _ = write!(text, "{part}{SEPARATOR}");
        };
        let kind = self.roll.kind;
        put(&kind);
        put(&division);
        match kind.period() {
            Period::Month => put(&shown(self.roll.month)),
            Period::Year => put(&shown(self.roll.year)),
            Period::State => put(&""),
        }
        match row {
            Row::Certificate(row) => match &row.certificate {
                Some(number) => put(&number.text.as_str()),
                None => put(&format_args!("id {}", row.id.as_str())),
            },
            Row::Payment(row) => put(&row.id.as_str()),
            Row::Fuel(row) => {
                put(&row.id.as_str());
                put(&row.chassis.as_ref().or(row.engine.as_ref()).map_or("", Personal::as_str));
            }
            Row::Member(row) => put(&row.id.as_str()),
            Row::Death(row) => put(&row.id.as_str()),
            Row::Prisoner(row) => put(&row.id.as_str()),
            Row::InstitutionAccount(row) => put(&row.account.as_str()),
            Row::BankResult(row) => match (&row.id, &row.account) {
                (Some(id), _) => put(&id.as_str()),
                (None, Some(account)) => put(&format_args!("account {}", account.as_str())),
                (None, None) => put(&""),
            },
            // Amounts are published as one text, which has its own hash.
            Row::Rate(row) => put(&row.programme),
        }
        text
    }
}

fn shown(value: Option<impl Display>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// The citizen ID a row names.
pub(super) const fn citizen_id(row: &Row) -> Option<&CitizenId> {
    match row {
        Row::Certificate(row) => Some(&row.id),
        Row::Payment(row) => Some(&row.id),
        Row::Fuel(row) => Some(&row.id),
        Row::Member(row) => Some(&row.id),
        Row::Death(row) => Some(&row.id),
        Row::Prisoner(row) => Some(&row.id),
        Row::BankResult(row) => row.id.as_ref(),
        Row::InstitutionAccount(_) | Row::Rate(_) => None,
    }
}

fn anchor(row: &Row) -> Option<Day> {
    match row {
        Row::Certificate(row) => row.issued_on,
        Row::Payment(row) => Some(row.month.first_day()),
        Row::Member(row) => row.from.map(|month| month.first_day()),
        Row::Death(row) => Some(row.died_on),
        Row::Prisoner(row) => Some(row.judgment_on),
        Row::BankResult(row) => row.month.map(|month| month.first_day()),
        Row::Fuel(_) | Row::InstitutionAccount(_) | Row::Rate(_) => None,
    }
}

/// The anchor that an earlier event of a row has.
pub(super) fn anchor_of(body: &Body) -> Option<Day> {
    match body {
        Body::CertificateLegacyImported(data) => Some(data.issued),
        Body::PaymentExecuted(data) => data.month.map(|month| month.first_day()),
        Body::PaymentReturned(data) => data.month.map(|month| month.first_day()),
        Body::ExternalFactRecorded(data) => Some(data.from),
        _ => None,
    }
}

/// The canonical text of a row: `name=value` of every cell that holds something.
struct Content(Zeroizing<String>);

impl Content {
    fn put(&mut self, name: &str, value: impl Display) {
        let _ = write!(self.0, "{name}={value}{SEPARATOR}");
    }

    fn maybe(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    fn text(&mut self, name: &str, value: Option<&Personal>) {
        self.maybe(name, value.map(Personal::as_str));
    }
}

fn content(row: &Row, absent: &[Column]) -> Content {
    let mut content = Content(Zeroizing::new(String::with_capacity(ROW_TEXT_LEN)));
    match row {
        Row::Certificate(row) => certificate(&mut content, row, absent),
        Row::Payment(row) => payment(&mut content, row),
        Row::Fuel(row) => fuel(&mut content, row),
        Row::Member(row) => member(&mut content, row),
        Row::Death(row) => death(&mut content, row),
        Row::Prisoner(row) => prisoner(&mut content, row),
        Row::InstitutionAccount(row) => account(&mut content, row),
        Row::BankResult(row) => bank_result(&mut content, row),
        Row::Rate(_) => {}
    }
    content
}

fn certificate(content: &mut Content, row: &CertificateRow, absent: &[Column]) {
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.text("number", row.certificate.as_ref().map(|number| &number.text));
    content.maybe("category", row.category.map(|category| category.digit()));
    content.maybe("level", row.level.map(|level| level.number()));
    for component in row.components.iter().flatten() {
        let (category, level) = (component.category.digit(), component.level.number());
        content.put("component", format_args!("{category}{level}"));
    }
    content.maybe("issued", row.issued_on);
    content.maybe("valid_to", row.expires_on);
    content.maybe("status", row.status.map(status));
    content.maybe("status_date", row.status_on);
    content.maybe("division", row.division);
    content.text("township", row.township.as_ref());
    content.text("village", row.village.as_ref());
    content.text("phone", row.phone.as_ref());
    content.text("guardian_name", row.guardian_name.as_ref());
    content.text("guardian_id", row.guardian_id.as_ref().map(|id| &id.text));
    content.text("household_no", row.household_number.as_ref());
    content.text("institution", row.institution.as_ref());
    for assessor in &row.assessors {
        content.put("assessor", assessor.as_str());
    }
    content.maybe("assessed_on", row.assessed_on);
    content.text("receiver", row.receiver.as_ref());
    content.text("reviewer", row.reviewer.as_ref());
    content.text("approver", row.approver.as_ref());
    content.maybe("notice_from", row.notice_from);
    content.maybe("notice_to", row.notice_to);
    // A column that comes later with every cell blank changes what the row proves.
    let mut missing: Vec<&str> = absent.iter().map(|column| gaps::name(*column)).collect();
    missing.sort_unstable();
    for column in missing {
        content.put("absent", column);
    }
}

const fn status(status: LegacyStatus) -> &'static str {
    match status {
        LegacyStatus::Normal => "normal",
        LegacyStatus::Frozen => "frozen",
        LegacyStatus::Cancelled => "cancelled",
    }
}

fn payment(content: &mut Content, row: &PaymentRow) {
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.text("number", row.certificate.as_ref().map(|number| &number.text));
    content.put("month", row.month);
    content.put("amount", row.amount.0);
    content.put("back_pay_months", row.back_pay_months);
    content.text("back_pay_reason", row.back_pay_reason.as_ref());
    content.text("bank", row.bank.as_ref());
    content.text("account", row.account.as_ref());
    content.text("holder", row.account_holder.as_ref());
    content.maybe("paid_on", row.paid_on);
    content.maybe("division", row.division);
}

fn fuel(content: &mut Content, row: &FuelRow) {
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.text("number", row.certificate.as_ref().map(|number| &number.text));
    content.text("chassis", row.chassis.as_ref());
    content.text("engine", row.engine.as_ref());
    content.put("amount", row.amount.0);
    content.text("bank", row.bank.as_ref());
    content.text("account", row.account.as_ref());
    content.text("holder", row.account_holder.as_ref());
    content.maybe("paid_on", row.paid_on);
    content.maybe("division", row.division);
}

fn member(content: &mut Content, row: &MemberRow) {
    content.text("household_no", row.household_number.as_ref());
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.maybe("from", row.from);
    content.maybe("to", row.to);
}

fn death(content: &mut Content, row: &DeathRow) {
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.put("died_on", row.died_on);
}

fn prisoner(content: &mut Content, row: &PrisonerRow) {
    content.text("name", row.name.as_ref());
    content.put("id", row.id.as_str());
    content.put("from", row.judgment_on);
    content.maybe("to", row.released_on);
}

fn account(content: &mut Content, row: &AccountRow) {
    content.put("account", row.account.as_str());
    content.text("institution", row.institution.as_ref());
}

fn bank_result(content: &mut Content, row: &BankResultRow) {
    content.text("name", row.name.as_ref());
    content.maybe("id", row.id.as_ref().map(CitizenId::as_str));
    content.text("account", row.account.as_ref());
    content.text("holder", row.account_holder.as_ref());
    content.maybe("month", row.month);
    content.put("amount", row.amount.0);
    content.put("paid", row.is_paid);
    content.text("reason", row.reason.as_ref());
    content.maybe("on", row.on);
}
