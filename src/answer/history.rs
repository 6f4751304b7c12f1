//! One event as readers see it.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{AskError, open};
use crate::event::{Recorded, Role};
use crate::ledger::{Ledger, Personal};
use crate::value::{ActorId, Day, Hash, Label, Subject};

/// One event as it is shown.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct EventLine {
    pub(crate) index: u64,
    pub(crate) recorded: String,
    pub(crate) at: Day,
    #[serde(rename = "type")]
    pub(crate) name: Cow<'static, str>,
    pub(crate) subject: Subject,
    pub(crate) actor: ActorId,
    pub(crate) role: Role,
    pub(crate) organisation: Label,
    pub(crate) statement: Hash,
    pub(crate) needs_endorsement: bool,
    pub(crate) refs: Vec<Hash>,
    #[schemars(with = "serde_json::Value")]
    pub(crate) data: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) personal: Option<Personal>,
}

impl EventLine {
    /// The event, with its personal data opened when it is to be revealed.
    pub(crate) fn of(ledger: &Ledger, event: Recorded, reveal: bool) -> Result<Self, AskError> {
        let personal = if reveal { open(ledger, &event)? } else { None };
        let body = &event.payload.body;
        let data = RawValue::from_string(body.to_json())
            .map_err(|_| AskError::refused("an entry holds data that is not JSON"))?;
        Ok(Self {
            index: event.index,
            recorded: recorded(event.recorded_at_ms),
            at: event.payload.at,
            name: body.name().into(),
            subject: event.subject,
            actor: event.signer.actor,
            role: event.signer.role,
            organisation: event.signer.organisation,
            statement: event.id,
            needs_endorsement: body.second().is_some(),
            refs: event.payload.refs,
            data,
            personal,
        })
    }
}

/// Recorded time in Asia/Shanghai, to the second.
fn recorded(ms: u64) -> String {
    let day = Day::of_millis(ms);
    let seconds = ms.saturating_sub(day.start_millis()) / 1000;
    format!("{day} {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
