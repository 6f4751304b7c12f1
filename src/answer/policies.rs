//! Published policies as readers see them.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AskError;
use crate::ledger::Ledger;
use crate::policy::{PolicyBody, Published};
use crate::value::{Day, DivisionCode, Fen, Hash, Period, PolicyName, Unit};

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

/// An amount in force in a division.
pub(crate) struct RateLine {
    pub(crate) division: DivisionCode,
    pub(crate) unit: Unit,
    pub(crate) period: Period,
    pub(crate) amount: Fen,
    /// The policy or the table that sets it.
    pub(crate) policy: Hash,
    pub(crate) document_number: Option<String>,
}

/// The amounts of a programme in force on a day, in every division that has a policy or a table of
/// its own; none where the policy is not of a programme that is paid by an amount for each unit.
pub(crate) fn rates_on(
    ledger: &Ledger,
    policy: &Hash,
    day: Day,
) -> Result<Option<Vec<RateLine>>, AskError> {
    Ok(ledger.with_state(|state| {
        let book = &state.policies;
        let Published { policy, .. } = book.by_hash(policy)?;
        let (PolicyName::Programme(programme), PolicyBody::Programme(body)) =
            (policy.name, &policy.body)
        else {
            return None;
        };
        if !body.money || body.formula.is_some() || !body.catalogue.is_empty() {
            return None;
        }
        let sets = |found: &&Published| match &found.policy.body {
            PolicyBody::Rates(body) => body.programmes.contains_key(&programme),
            PolicyBody::Programme(_) => found.policy.name == policy.name,
            PolicyBody::Certificate(_) => false,
        };
        let divisions: BTreeSet<_> =
            book.policies().filter(sets).map(|found| found.policy.division).collect();
        let month = day.month();
        let line = |division| {
            let rate = book.rate(programme, division, month).ok()?;
            let (_, body) = book.programme(programme, division, month)?;
            let by = book.by_hash(&rate.policy)?;
            Some(RateLine {
                division,
                unit: body.unit,
                period: body.period,
                amount: rate.amount,
                policy: rate.policy,
                document_number: by.policy.document_number.clone(),
            })
        };
        Some(divisions.into_iter().filter_map(line).collect())
    })?)
}

/// Every published policy, in the order of the log.
pub(crate) fn policies(ledger: &Ledger) -> Result<Vec<PolicyLine>, AskError> {
    let mut lines: Vec<PolicyLine> =
        ledger.with_state(|state| state.policies.policies().map(PolicyLine::of).collect())?;
    lines.sort_by_key(|line| line.index);
    Ok(lines)
}
