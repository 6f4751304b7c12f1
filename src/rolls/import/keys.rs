//! What a row is about and what it says, as tags: its key and its content.
//!
//! The key is over kind, division, month or year of the roll, the person, certificate, vehicle or
//! account, and an occurrence number among equal ones. The month is the roll's, not the one a row
//! pays: a month paid again in the next roll is another row, not a correction. Key and content
//! texts are bytes of the format: changing one makes every known row look new.

use std::fmt::{Display, Write as _};

use zeroize::Zeroizing;

use super::{
    super::{column::Column, kind::Period, personal::Personal, read::Roll, row::Row},
    content::content,
};
use crate::{
    crypto::{TagKind, Tagger},
    event::Body,
    value::{CitizenId, Day, DivisionCode, Tag},
};

/// Stands between the parts of a text; cleaned cells hold no control characters.
pub(super) const SEPARATOR: char = '\u{1f}';
/// Room for the texts of an ordinary row, so that they do not grow and leave copies behind.
pub(super) const ROW_TEXT_LEN: usize = 1024;

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
            content: tagger.tag(TagKind::Content, content(row, absent).as_bytes()),
            id: id.map(|id| tagger.tag(TagKind::Id, id.as_str())),
            anchor: anchor(row),
        }
    }

    fn base(&self, row: &Row) -> Zeroizing<String> {
        let division = match row {
            Row::Certificate(_) => self.ledger,
            row => own_division(row).unwrap_or(self.division),
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
            // Another day is another session, not the same one corrected.
            Row::Service(row) => {
                put(&row.id.as_str());
                put(&row.on);
            }
            Row::Works(row) => {
                put(&row.id.as_str());
                put(&row.accepted_on);
            }
            Row::Household(row) => {
                put(&row.id.as_str());
                put(&row.household_number.as_str());
            }
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
        Row::Service(row) => Some(&row.id),
        Row::Works(row) => Some(&row.id),
        Row::Household(row) => Some(&row.id),
        Row::InstitutionAccount(_) | Row::Rate(_) => None,
    }
}

/// The division that a row itself names.
pub(super) const fn own_division(row: &Row) -> Option<DivisionCode> {
    match row {
        Row::Certificate(row) => row.division,
        Row::Payment(row) => row.division,
        Row::Fuel(row) => row.division,
        Row::Member(_)
        | Row::Death(_)
        | Row::Prisoner(_)
        | Row::InstitutionAccount(_)
        | Row::Rate(_)
        | Row::BankResult(_)
        | Row::Service(_)
        | Row::Works(_)
        | Row::Household(_) => None,
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
        Row::Household(row) => row.from,
        Row::Fuel(_)
        | Row::InstitutionAccount(_)
        | Row::Rate(_)
        | Row::Service(_)
        | Row::Works(_) => None,
    }
}

/// The anchor that an earlier event of a row has.
pub(super) fn anchor_of(body: &Body) -> Option<Day> {
    match body {
        Body::CertificateLegacyImported(data) => Some(data.issued),
        Body::PaymentExecuted(data) => data.month.map(|month| month.first_day()),
        Body::PaymentReturned(data) => data.month.map(|month| month.first_day()),
        Body::ExternalFactRecorded(data) => Some(data.from),
        Body::HouseholdMemberJoined(data) => Some(data.from),
        _ => None,
    }
}
