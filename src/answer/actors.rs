//! Actors as readers see them.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AskError;
use crate::crypto::PublicKey;
use crate::domain::{State, authority};
use crate::event::{Role, Sector};
use crate::ledger::Ledger;
use crate::value::{ActorId, Day, DivisionCode, Hash, Label, Lang};

/// One actor as it is shown: with its current key, and as it stands on a day.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct ActorLine {
    pub(crate) actor: ActorId,
    pub(crate) role: Role,
    pub(crate) organisation: Label,
    pub(crate) division: DivisionCode,
    pub(crate) state: Cow<'static, str>,
    pub(crate) valid_from: Day,
    pub(crate) valid_to: Option<Day>,
    /// Since when it signs no more, whatever day is asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) suspended_on: Option<Day>,
    pub(crate) sector: Option<Sector>,
    pub(crate) institution: Option<ActorId>,
    pub(crate) attending: bool,
    pub(crate) kid: Option<Hash>,
    pub(crate) public_key: Option<PublicKey>,
}

impl ActorLine {
    pub(crate) fn of(id: &ActorId, actor: &authority::Actor, on: Day) -> Self {
        let state = if actor.suspended_on.is_some_and(|since| since <= on) {
            "suspended"
        } else if on < actor.valid_from {
            "not yet valid"
        } else if actor.valid_to.is_some_and(|to| on > to) {
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
            suspended_on: actor.suspended_on,
            sector: actor.sector,
            institution: actor.institution.clone(),
            attending: actor.attending,
            kid: public_key.map(|key| key.kid()),
            public_key,
        }
    }
}

/// What the ledger knows an actor or an institution by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Called {
    /// The organisation that an actor signs for, or an institution's own name.
    pub(crate) name: Label,
    /// An actor's role; none of an institution.
    pub(crate) role: Option<Role>,
}

/// The organisation of the ledger's own key, which is a word and no office's name.
const SYSTEM: &str = "ledger";

impl Called {
    /// What an id is called, where it is an actor's or an institution's.
    pub(crate) fn find(state: &State, id: &ActorId) -> Option<Self> {
        let actor = state.actors.find(id);
        let actor =
            actor.map(|found| Self { name: found.organisation.clone(), role: Some(found.role) });
        let institution = || {
            let found = state.institutions.find(id)?;
            Some(Self { name: found.name.clone(), role: None })
        };
        actor.or_else(institution)
    }

    /// What an organisation is called in a language.
    pub(crate) fn organisation(name: &Label, lang: Lang) -> &str {
        match lang {
            Lang::Zh if name.as_str() == SYSTEM => "账本",
            _ => name.as_str(),
        }
    }

    /// The name, and the id behind it.
    pub(crate) fn with_id(&self, id: &ActorId, lang: Lang) -> String {
        let name = Self::organisation(&self.name, lang);
        let role = self.role.map(|role| match lang {
            Lang::Zh => format!(" {}", role.zh()),
            Lang::En => format!(" {}", role.name().replace('_', " ")),
        });
        let role = role.unwrap_or_default();
        match lang {
            Lang::Zh => format!("{name}{role}（{id}）"),
            Lang::En => format!("{name}{role} ({id})"),
        }
    }
}

/// What an id is called, where it is an actor's or an institution's.
pub(crate) fn called(ledger: &Ledger, id: &ActorId) -> Result<Option<Called>, AskError> {
    Ok(ledger.with_state(|state| Called::find(state, id))?)
}

/// Every enrolled actor, as it stands on the day.
pub(crate) fn actors(ledger: &Ledger, on: Day) -> Result<Vec<ActorLine>, AskError> {
    Ok(ledger.with_state(|state| {
        state.actors.iter().map(|(id, actor)| ActorLine::of(id, actor, on)).collect()
    })?)
}
