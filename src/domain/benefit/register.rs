//! Benefit cases and payrolls as decisions need them.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::value::{CaseId, DivisionCode, PayrollId, PersonId};

/// One benefit of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The person.
    pub person: PersonId,
    /// The division that decides.
    pub division: DivisionCode,
}

/// One payroll batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payroll {
    /// The paying division.
    pub division: DivisionCode,
}

/// Benefit cases and payrolls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benefits {
    cases: HashMap<CaseId, Case>,
    payrolls: HashMap<PayrollId, Payroll>,
}

impl Benefits {
    /// The case of that id.
    #[must_use]
    pub fn case(&self, id: &CaseId) -> Option<&Case> {
        self.cases.get(id)
    }

    /// The payroll of that id.
    #[must_use]
    pub fn payroll(&self, id: &PayrollId) -> Option<&Payroll> {
        self.payrolls.get(id)
    }
}
