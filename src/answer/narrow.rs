//! What a list is narrowed to: by status, division, programme and month, the same over HTTP, on a
//! page and on the command line.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{AskError, CertificateLine, FlagLine, PaymentLine, Records, today};
use crate::domain::oversight::Standing;
use crate::rules::{Flag, FlagSubject, PersonFile};
use crate::value::{Day, DivisionCode, Malformed, Month, PersonId, Programme, Subject};

/// How a certificate stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CertificateStatus {
    /// In force for more than half a year
    Valid,
    /// In force, and over within half a year
    ExpiringSoon,
    /// Over
    Expired,
    /// Frozen, ended, replaced or annulled
    Closed,
}

impl CertificateStatus {
    /// Every one, in the order of a form.
    pub(crate) const ALL: [Self; 4] =
        [Self::Valid, Self::ExpiringSoon, Self::Expired, Self::Closed];

    /// The word of the wire.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::ExpiringSoon => "expiring_soon",
            Self::Expired => "expired",
            Self::Closed => "closed",
        }
    }
}

impl FromStr for CertificateStatus {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let found = Self::ALL.into_iter().find(|status| status.name() == text);
        found.ok_or(Malformed::new("status", "valid, expiring_soon, expired or closed"))
    }
}

/// Which certificates are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Certificates {
    pub(crate) status: Option<CertificateStatus>,
    /// With all below it.
    pub(crate) division: Option<DivisionCode>,
    /// Issued in it.
    pub(crate) month: Option<Month>,
}

impl Certificates {
    pub(crate) fn wants(&self, line: &CertificateLine) -> bool {
        self.status.is_none_or(|status| line.status == status.name())
            && self.division.is_none_or(|division| division.covers(line.division))
            && self.month.is_none_or(|month| line.issued.month() == month)
    }
}

/// Which payments are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Payments {
    pub(crate) programme: Option<Programme>,
    /// Paid by it, or by one below it.
    pub(crate) division: Option<DivisionCode>,
    /// They pay for it, in the month or later.
    pub(crate) month: Option<Month>,
}

impl Payments {
    pub(crate) fn wants(&self, line: &PaymentLine) -> bool {
        self.programme.is_none_or(|programme| line.programme == programme)
            && self.division.is_none_or(|division| division.covers(line.division))
            && self.month.is_none_or(|month| line.covers.contains(&month))
    }
}

/// Which people are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct People {
    /// Who has a certificate that stands so.
    pub(crate) status: Option<CertificateStatus>,
    /// Who belongs there.
    pub(crate) division: Option<DivisionCode>,
}

impl People {
    pub(crate) fn wants(&self, file: &PersonFile, on: Day) -> bool {
        let stands = |status: CertificateStatus| {
            let mut held = file.certificates.iter().filter(|held| held.issued <= on);
            held.any(|held| CertificateLine::new(file.person, held, on).status == status.name())
        };
        self.status.is_none_or(stands) && lies_in(self.division, file.division())
    }
}

/// Which flags are asked for, beside what each list of them asks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Flags {
    pub(crate) programme: Option<Programme>,
    pub(crate) month: Option<Month>,
    /// About people who belong there: what is about nobody alone belongs nowhere.
    pub(crate) division: Option<DivisionCode>,
}

impl Flags {
    pub(crate) fn wants(&self, records: &Records<'_>, flag: &Flag) -> Result<bool, AskError> {
        let person = match flag.subject {
            FlagSubject::Person(person) => Some(person),
            _ => None,
        };
        self.fits(records, flag.programme, flag.month, person)
    }

    /// The same, of a line of the queue.
    pub(crate) fn wants_queued(
        &self,
        records: &Records<'_>,
        line: &super::QueueLine,
    ) -> Result<bool, AskError> {
        let person = match line.subject {
            Subject::Person(person) => Some(person),
            _ => None,
        };
        self.fits(records, line.programme, line.month, person)
    }

    fn fits(
        &self,
        records: &Records<'_>,
        programme: Option<Programme>,
        month: Option<Month>,
        person: Option<PersonId>,
    ) -> Result<bool, AskError> {
        if self.programme.is_some_and(|wanted| programme != Some(wanted))
            || self.month.is_some_and(|wanted| month != Some(wanted))
        {
            return Ok(false);
        }
        match (self.division, person) {
            (None, _) => Ok(true),
            (Some(_), None) => Ok(false),
            (Some(_), Some(person)) => Ok(lies_in(self.division, home(records, person)?)),
        }
    }
}

/// Whether a flag stands so; asked of its line, which knows.
pub(crate) fn stands(line: &FlagLine, state: Option<FlagState>) -> bool {
    state.is_none_or(|state| line.case.state == state.name())
}

/// Where a flag stands, or that it is not on the log yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum FlagState {
    /// On the log.
    Raised(Standing),
    /// Found, and not on the log.
    Found(NotRaised),
}

/// Found, and not on the log yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NotRaised {
    /// Nobody raised it
    NotRaised,
}

impl FlagState {
    /// The word of the wire.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Raised(standing) => standing.name(),
            Self::Found(NotRaised::NotRaised) => "not_raised",
        }
    }
}

impl FromStr for FlagState {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let not_raised = Self::Found(NotRaised::NotRaised);
        if text == not_raised.name() {
            return Ok(not_raised);
        }
        text.parse().map(Self::Raised).map_err(|_| {
            Malformed::new(
                "state",
                "not_raised, open, assigned, needs_field, confirmed, dismissed or closed",
            )
        })
    }
}

fn home(records: &Records<'_>, person: PersonId) -> Result<Option<DivisionCode>, AskError> {
    Ok(records.index.division_of(person, today(records.ledger))?)
}

fn lies_in(wanted: Option<DivisionCode>, home: Option<DivisionCode>) -> bool {
    wanted.is_none_or(|wanted| home.is_some_and(|home| wanted.covers(home)))
}
