//! What became of one submitted statement.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AskError;
use crate::domain::{Rejection, endorsement::lapses_on};
use crate::event::{Role, rule_named};
use crate::ledger::{Accepted, Ledger};
use crate::value::{Day, Hash, Subject};

/// What became of one statement.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Outcome {
    Accepted {
        index: u64,
        statement: Hash,
        #[serde(rename = "type")]
        name: Cow<'static, str>,
        subject: Subject,
        again: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        waits_for: Option<Waits>,
    },
    Refused {
        #[serde(skip_serializing_if = "Option::is_none")]
        statement: Option<Hash>,
        rule: Cow<'static, str>,
        code: Cow<'static, str>,
        message: String,
        hint: Cow<'static, str>,
    },
}

/// Who still has to endorse a proposal.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Waits {
    pub(crate) roles: Vec<Role>,
    pub(crate) other_organisation: bool,
    pub(crate) lapses_on: Day,
}

impl Outcome {
    /// A statement that is on the ledger.
    pub(crate) fn accepted(ledger: &Ledger, accepted: Accepted) -> Result<Self, AskError> {
        let Accepted { index, id, again, name, subject } = accepted;
        let seconds = rule_named(name).is_none_or(|rule| rule.second.is_some());
        let waits_for = if seconds { waits(ledger, index, &id)? } else { None };
        Ok(Self::Accepted { index, statement: id, name: name.into(), subject, again, waits_for })
    }

    /// A statement to which a rule says no.
    pub(crate) fn refused(statement: Option<Hash>, rejection: Rejection) -> Self {
        let Rejection { rule, code, message, hint, .. } = rejection;
        let (rule, code, hint) = (rule.into(), code.into(), hint.into());
        Self::Refused { statement, rule, code, message, hint }
    }
}

/// Who still has to endorse the statement at an entry, if anybody has.
fn waits(ledger: &Ledger, index: u64, id: &Hash) -> Result<Option<Waits>, AskError> {
    if !ledger.with_state(|state| state.proposals.find(id).is_some())? {
        return Ok(None);
    }
    let event = ledger.event(index)?;
    Ok(event.payload.body.second().map(|second| Waits {
        roles: second.roles.to_vec(),
        other_organisation: second.other_organisation,
        lapses_on: lapses_on(&event, &second),
    }))
}
