//! Certificates and their cases as decisions need them.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::domain::State;
use crate::event::{CertificateLegacyImported, Grade, LegacyStatus};
use crate::value::{CaseId, CertificateId, Day, DivisionCode, PersonId, Tag};

/// The stored status of a certificate; expired and expiring are derived from the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// In force until its last day.
    Valid,
    /// Frozen.
    Frozen,
    /// Ended lawfully.
    Cancelled,
    /// Annulled.
    Revoked,
    /// Replaced by a later certificate.
    Superseded,
}

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The holder.
    pub person: PersonId,
    /// The approving division.
    pub division: DivisionCode,
    /// Category, level, components.
    pub grade: Grade,
    /// Tag of the printed number.
    pub number: Option<Tag>,
    /// Replacement suffix.
    pub replaced: u8,
    /// First day.
    pub valid_from: Day,
    /// Last day.
    pub valid_to: Day,
    /// Stored status.
    pub status: Status,
    /// Declared lost.
    pub lost: bool,
    /// Came from an old register.
    pub legacy: bool,
    /// Assessed by sight.
    pub assessed_by_sight: bool,
}

impl Certificate {
    /// Says whether it is in force on that day.
    #[must_use]
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.status == Status::Valid && self.valid_from <= day && day <= self.valid_to
    }
}

/// One application and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The applicant.
    pub person: PersonId,
    /// The division that decides.
    pub division: DivisionCode,
}

/// Certificates and certificate cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificates {
    certificates: HashMap<CertificateId, Certificate>,
    cases: HashMap<CaseId, Case>,
}

impl Certificates {
    /// The certificate of that id.
    #[must_use]
    pub fn find(&self, id: &CertificateId) -> Option<&Certificate> {
        self.certificates.get(id)
    }

    /// The case of that id.
    #[must_use]
    pub fn case(&self, id: &CaseId) -> Option<&Case> {
        self.cases.get(id)
    }

    /// How many certificates.
    #[must_use]
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// None yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }
}

/// Takes a row of an old register as it is.
pub(super) fn import(state: &mut State, id: CertificateId, data: &CertificateLegacyImported) {
    let person = state.people.learn(data.person, data.id);
    person.name = Some(data.name);
    person.birth_date = data.birth_date.or(person.birth_date);
    person.hukou_division = Some(data.division);
    if !person.certificates.contains(&id) {
        person.certificates.push(id);
    }
    let status = match data.status {
        LegacyStatus::Normal => Status::Valid,
        LegacyStatus::Frozen => Status::Frozen,
        LegacyStatus::Cancelled => Status::Cancelled,
    };
    let certificate = Certificate {
        person: data.person,
        division: data.division,
        grade: Grade {
            category: data.category,
            level: data.level,
            components: data.components.clone(),
        },
        number: data.number,
        replaced: 0,
        valid_from: data.issued,
        valid_to: data.valid_to,
        status,
        lost: false,
        legacy: true,
        assessed_by_sight: data.assessed_by_sight,
    };
    state.certificates.certificates.insert(id, certificate);
}
