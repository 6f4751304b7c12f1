//! Published policies as readers see them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AskError;
use crate::ledger::Ledger;
use crate::policy::Published;
use crate::value::{Day, DivisionCode, Hash};

/// One published policy as it is shown.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct PolicyLine {
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) division: DivisionCode,
    pub(crate) valid_from: Day,
    pub(crate) valid_to: Option<Day>,
    pub(crate) document_number: Option<String>,
    pub(crate) policy: Hash,
    pub(crate) index: u64,
}

impl PolicyLine {
    pub(crate) fn of(Published { hash, index, policy }: &Published) -> Self {
        Self {
            name: policy.name.to_string(),
            version: policy.version,
            division: policy.division,
            valid_from: policy.valid_from,
            valid_to: policy.valid_to,
            document_number: policy.document_number.clone(),
            policy: *hash,
            index: *index,
        }
    }
}

/// Every published policy, in the order of the log.
pub(crate) fn policies(ledger: &Ledger) -> Result<Vec<PolicyLine>, AskError> {
    Ok(ledger.with_state(|state| state.policies.policies().map(PolicyLine::of).collect())?)
}
