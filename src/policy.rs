//! Layer 2: policies and the working-day calendar as effective-dated data.
//!
//! A policy is one TOML text, published on the log; its BLAKE3-256 hash is what a decision names.
//! A text is whole: it inherits nothing, so that one hash has one meaning and "was this legal under
//! the rule in force that day" needs no other text. Three kinds exist: the certificate, one
//! programme, and a table of amounts alone. An amount that is not there is unset, and whoever
//! would pay must refuse.
//!
//! Reading is strict: an unknown key, a spelling no list knows, or a text that contradicts itself
//! is refused with the line or the rule named. This module reads no file and no clock; what is in
//! force is looked up in a [`PolicyBook`] built from what was published, in log order.

mod age;
mod book;
mod calendar;
mod certificate;
pub mod defaults;
mod error;
mod explain;
mod programme;
mod rates;
mod satisfiable;
mod text;

pub use age::{AgeDay, AgeRange, MonthDay};
pub use book::{PolicyBook, Published, Rate, Unset};
pub use calendar::{CalendarData, CalendarYear, Notice};
pub use certificate::{ApprovalSpan, CertificatePolicy};
pub use error::{Contradiction, PolicyError};
pub use explain::explain;
pub use programme::{CatalogueItem, Extension, ProgrammePolicy, Step};
pub use rates::{RateRow, RateRowError, RateSpan, RateTable, RatesPolicy, rates_policy};
pub use text::{canonical, hash};

use serde::{Deserialize, Serialize};

use crate::value::{Day, DivisionCode, Hash, PolicyName};

/// The longest policy or calendar text, in bytes: with its statement's header and envelope it must
/// stay under the 65,400 bytes of a statement, and JSON may escape its line ends and quotes.
pub const TEXT_MAX: usize = 48 * 1024;

/// The most items any list of a policy may have.
const LIST_MAX: usize = 64;

/// One version of one policy, read from its text and checked.
///
/// Its serde form is for the program's own snapshots; a text is read by [`parse`](Self::parse).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// What it is about.
    pub name: PolicyName,
    /// Version, counted from 1 for each name and division.
    pub version: u32,
    /// The division it is in force in, with all below it that have none of their own.
    pub division: DivisionCode,
    /// First day in force; for programmes and rates the first of a month.
    pub valid_from: Day,
    /// Last day in force, if it is known; for programmes and rates the last of a month.
    pub valid_to: Option<Day>,
    /// The official document it was made from; `None` while that is not known.
    pub document_number: Option<String>,
    /// BLAKE3-256 of that document's file.
    pub document_hash: Option<Hash>,
    /// What it says.
    pub body: PolicyBody,
}

/// What a policy says, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PolicyBody {
    /// Issuing and keeping certificates.
    Certificate(Box<CertificatePolicy>),
    /// One programme.
    Programme(Box<ProgrammePolicy>),
    /// Amounts alone.
    Rates(RatesPolicy),
}

/// The text as it is written: one of the three tables, which must fit the name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: PolicyName,
    version: u32,
    division: DivisionCode,
    valid_from: Day,
    valid_to: Option<Day>,
    document_number: Option<String>,
    document_hash: Option<Hash>,
    certificate: Option<Box<CertificatePolicy>>,
    programme: Option<Box<ProgrammePolicy>>,
    rates: Option<RatesPolicy>,
}

impl Policy {
    /// Reads and checks a policy text that is to be published.
    ///
    /// # Errors
    /// [`PolicyError`]: too long, not canonical, broken form, or a contradiction.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let policy = Self::read(text)?;
        policy.check_use()?;
        Ok(policy)
    }

    /// Reads a policy text that was published: it stays what it was, of use or not.
    ///
    /// # Errors
    /// [`PolicyError`]: what could not be read as a policy at all.
    pub fn read(text: &str) -> Result<Self, PolicyError> {
        let file: File = text::read(text).map_err(PolicyError::naming_criteria)?;
        let policy = Self::from_file(file)?;
        policy.check()?;
        Ok(policy)
    }

    /// Says whether the day lies in its span.
    #[must_use]
    pub fn in_force(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    fn from_file(file: File) -> Result<Self, Contradiction> {
        let (body, table) = match (file.name, file.certificate, file.programme, file.rates) {
            (PolicyName::Certificate, Some(body), None, None) => {
                (Some(PolicyBody::Certificate(body)), "certificate")
            }
            (PolicyName::Programme(_), None, Some(body), None) => {
                (Some(PolicyBody::Programme(body)), "programme")
            }
            (PolicyName::Rates, None, None, Some(body)) => (Some(PolicyBody::Rates(body)), "rates"),
            (PolicyName::Certificate, ..) => (None, "certificate"),
            (PolicyName::Programme(_), ..) => (None, "programme"),
            (PolicyName::Rates, ..) => (None, "rates"),
        };
        let name = file.name.to_string();
        Ok(Self {
            name: file.name,
            version: file.version,
            division: file.division,
            valid_from: file.valid_from,
            valid_to: file.valid_to,
            document_number: file.document_number,
            document_hash: file.document_hash,
            body: body.ok_or(Contradiction::BodyNotOfName { name, table })?,
        })
    }

    fn check(&self) -> Result<(), Contradiction> {
        error::within("version", self.version, 1..=1_000_000)?;
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            return Err(Contradiction::SpanReversed { key: "valid_to" });
        }
        match self.document_number.as_deref().map(str::trim) {
            Some("") => return Err(Contradiction::Empty { key: "document_number" }),
            Some(number) if number.chars().count() > LIST_MAX => {
                return Err(Contradiction::TooMany { key: "document_number", max: LIST_MAX });
            }
            Some(_) | None => {}
        }
        match (&self.body, self.name) {
            (PolicyBody::Certificate(body), _) => body.check(),
            (PolicyBody::Programme(body), PolicyName::Programme(programme)) => {
                self.whole_months()?;
                body.check(programme)
            }
            (PolicyBody::Programme(_), _) => unreachable!("a programme's body has its name"),
            (PolicyBody::Rates(body), _) => {
                self.whole_months()?;
                body.check()
            }
        }
    }

    /// It is for a place that can exist, and grants somebody something.
    fn check_use(&self) -> Result<(), Contradiction> {
        if !self.division.has_shape() {
            return Err(Contradiction::DivisionUnknown { division: self.division });
        }
        match &self.body {
            PolicyBody::Programme(body) => body.check_use(),
            PolicyBody::Certificate(_) | PolicyBody::Rates(_) => Ok(()),
        }
    }

    /// A benefit month is judged by one policy, so a span must not end inside a month.
    fn whole_months(&self) -> Result<(), Contradiction> {
        if self.valid_from.day_of_month() != 1 {
            return Err(Contradiction::NotWholeMonths { key: "valid_from", day: self.valid_from });
        }
        match self.valid_to {
            Some(day) if day != day.month().last_day() => {
                Err(Contradiction::NotWholeMonths { key: "valid_to", day })
            }
            Some(_) | None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
