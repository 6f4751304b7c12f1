//! What became of one submitted statement.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AskError;
use crate::crypto::Statement;
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
    pub(crate) fn accepted(ledger: &Ledger, accepted: &Accepted) -> Result<Self, AskError> {
        let event = ledger.event(accepted.index)?;
        let waiting = ledger.with_state(|state| state.proposals.find(&accepted.id).is_some())?;
        let second = event.payload.body.second().filter(|_| waiting);
        Ok(Self::Accepted {
            index: accepted.index,
            statement: accepted.id,
            name: event.payload.body.name().into(),
            subject: event.subject.clone(),
            again: accepted.again,
            waits_for: second.map(|second| Waits {
                roles: second.roles.to_vec(),
                other_organisation: second.other_organisation,
                lapses_on: lapses_on(&event, &second),
            }),
        })
    }

    /// A statement that is on the ledger, read from its own bytes where these say all there is.
    pub(crate) fn accepted_as(
        ledger: &Ledger,
        accepted: &Accepted,
        bytes: &[u8],
    ) -> Result<Self, AskError> {
        /// The first field of a payload.
        #[derive(Deserialize)]
        struct Typed<'a> {
            #[serde(rename = "type")]
            name: &'a str,
        }
        let statement = Statement::parse(bytes).ok();
        let rule = statement.as_ref().and_then(|statement| {
            let typed: Typed<'_> = serde_json::from_slice(statement.payload()).ok()?;
            rule_named(typed.name)
        });
        match (statement, rule) {
            (Some(statement), Some(rule)) if rule.second.is_none() => Ok(Self::Accepted {
                index: accepted.index,
                statement: accepted.id,
                name: rule.name.into(),
                subject: statement.claims().sub.clone(),
                again: accepted.again,
                waits_for: None,
            }),
            _ => Self::accepted(ledger, accepted),
        }
    }

    /// A statement to which a rule says no.
    pub(crate) fn refused(statement: Option<Hash>, rejection: Rejection) -> Self {
        let Rejection { rule, code, message, hint, .. } = rejection;
        let (rule, code, hint) = (rule.into(), code.into(), hint.into());
        Self::Refused { statement, rule, code, message, hint }
    }
}
