//! Actors as readers see them.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AskError;
use crate::crypto::PublicKey;
use crate::domain::authority;
use crate::event::{Role, Sector};
use crate::ledger::Ledger;
use crate::value::{ActorId, Day, DivisionCode, Hash, Label};

/// One actor as it is shown.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct ActorLine {
    pub(crate) actor: ActorId,
    pub(crate) role: Role,
    pub(crate) organisation: Label,
    pub(crate) division: DivisionCode,
    pub(crate) state: Cow<'static, str>,
    pub(crate) valid_from: Day,
    pub(crate) valid_to: Option<Day>,
    pub(crate) sector: Option<Sector>,
    pub(crate) institution: Option<ActorId>,
    pub(crate) attending: bool,
    pub(crate) kid: Option<Hash>,
    pub(crate) public_key: Option<PublicKey>,
}

impl ActorLine {
    pub(crate) fn of(id: &ActorId, actor: &authority::Actor, today: Day) -> Self {
        let state = if actor.suspended {
            "suspended"
        } else if today < actor.valid_from {
            "not yet valid"
        } else if actor.valid_to.is_some_and(|to| today > to) {
            "expired"
        } else {
            "in force"
        };
        let public_key = actor.keys.last().copied();
        Self {
            actor: id.clone(),
            role: actor.role,
            organisation: actor.organisation.clone(),
            division: actor.division,
            state: state.into(),
            valid_from: actor.valid_from,
            valid_to: actor.valid_to,
            sector: actor.sector,
            institution: actor.institution.clone(),
            attending: actor.attending,
            kid: public_key.map(|key| key.kid()),
            public_key,
        }
    }
}

/// Every enrolled actor, as it stands on the day.
pub(crate) fn actors(ledger: &Ledger, today: Day) -> Result<Vec<ActorLine>, AskError> {
    Ok(ledger.with_state(|state| {
        state.actors.iter().map(|(id, actor)| ActorLine::of(id, actor, today)).collect()
    })?)
}
