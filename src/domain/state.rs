//! The decision state: what `decide` looks at, built by `evolve` alone.
//!
//! It holds no more than decisions need; history and flags are projections.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    authority::Actors, benefit::Benefits, certificate::Certificates, endorsement::Proposals,
    external::Facts, household::Households, oversight::Oversight, person::People,
    publication::Institutions, rights::Requests,
};
use crate::policy::PolicyBook;
use crate::value::{ActorId, CaseId, DivisionCode, KeyId, PersonId, Tag};

/// The ledger's own facts, from entry 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Genesis {
    /// The ledger's name.
    pub origin: String,
    /// Its division.
    pub division: DivisionCode,
    /// A demo ledger.
    pub demo: bool,
}

/// Everything a decision may look at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Entry 0, once recorded.
    pub genesis: Option<Genesis>,
    /// Actors and keys.
    pub actors: Actors,
    /// Designated institutions.
    pub institutions: Institutions,
    /// Policies and calendar.
    pub policies: Arc<PolicyBook>,
    /// What waits for a second signer.
    pub proposals: Proposals,
    /// People and their ID tags.
    pub people: People,
    /// Who lives with whom.
    pub households: Households,
    /// Facts of outside registers.
    pub facts: Facts,
    /// Certificate cases and certificates.
    pub certificates: Certificates,
    /// Benefit cases, payrolls.
    pub benefits: Benefits,
    /// Flags, verdicts, recoveries and help.
    pub oversight: Oversight,
    /// Officers who declared a conflict in a case.
    pub conflicts: BTreeSet<(CaseId, ActorId)>,
    /// Accounts of institutions that lawfully receive for residents.
    pub institution_accounts: BTreeSet<Tag>,
    /// What people asked for about their data, and nobody has answered yet.
    pub requests: Requests,
    /// Data keys that effective erasures name: whoever opens the vault leaves them out.
    pub erased_keys: BTreeSet<KeyId>,
}

impl State {
    /// The person of a case, certificate case or benefit case.
    #[must_use]
    pub fn person_of_case(&self, case: &CaseId) -> Option<PersonId> {
        let certificate = self.certificates.case(case).map(|case| case.person);
        certificate.or_else(|| self.benefits.case(case).map(|case| case.person))
    }

    /// The division that decides a case.
    #[must_use]
    pub fn division_of_case(&self, case: &CaseId) -> Option<DivisionCode> {
        let certificate = self.certificates.case(case).map(|case| case.division);
        certificate.or_else(|| self.benefits.case(case).map(|case| case.division))
    }
}
