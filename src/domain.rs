//! Layer 2: decide and evolve, one file per use case.
//!
//! [`decide`] asks whether an event may be recorded now; [`evolve`] changes the state by an event
//! that was. Both are pure: the state, the event and its recorded time are all they see. A
//! *decision* passes every gate of its rule; a *fact* passes form and authority only
//! ([`admission`]), because the ledger must hold the truth about what went wrong. All rules are in
//! decide, none in evolve.
//!
//! Knows nothing of storage, async, the clock or random numbers; the door of the ledger checks
//! signatures, seals and heads before it asks here.

pub mod admission;
pub mod authority;
pub mod benefit;
pub mod certificate;
pub mod endorsement;
pub mod erasure;
pub mod external;
pub mod household;
pub mod oversight;
pub mod person;
pub mod publication;
pub(crate) mod refusal;
pub mod rights;
mod state;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use refusal::refusals;
pub use refusal::{Refusal, Rejection};
pub use state::{Genesis, State};

use std::sync::Arc;

use crate::event::{Body, Recorded, Right, Role};
use crate::value::{Day, Subject};

refusals! {
    /// Why a ledger cannot begin, or begin again.
    pub enum GenesisRefused {
        /// Entry 0 comes once and first.
        NotFirst = "I01", "genesis_not_first", "ledger.created is entry 0 and comes once",
            "open the existing ledger, or begin another one",
            "账本建立只能是第 0 条记录，且只有一次",
            "请打开现有账本，或另建一个账本";
        /// Anything before entry 0.
        NotBegun = "I01", "ledger_not_begun", "the ledger has no entry 0 yet",
            "run `mingzheng init` first",
            "账本还没有第 0 条记录",
            "请先运行 `mingzheng init`";
        /// The roots are not one key custodian and one supervisor with two keys.
        BadRoots = "I02", "bad_roots",
            "the roots must be a key custodian and a supervisor of two organisations with two keys",
            "name one of each with --root",
            "创始人员必须是分属两个机构、使用两把密钥的一名密钥保管人和一名监督员",
            "请用 --root 各指定一名";
    }
}

/// Decides whether the event may be recorded now.
///
/// # Errors
/// The rule that says no.
pub fn decide(state: &State, event: &Recorded) -> Result<(), Rejection> {
    if state.genesis.is_none() {
        return Ok(decide_genesis(event)?);
    }
    if matches!(event.payload.body, Body::LedgerCreated(_)) {
        return Err(GenesisRefused::NotFirst.into());
    }
    admission::check(state, event, event.payload.body.rule())?;
    erasure::decide_sealed(state, &event.payload)?;
    publication::decide_policy_named(state, event)?;
    gates(state, event, None)
}

/// Asks the gates of the event's own use case; `endorsement` is the event that would give a
/// proposal its effect, absent when the proposal itself is decided.
fn gates(state: &State, event: &Recorded, endorsement: Option<&Recorded>) -> Result<(), Rejection> {
    match (&event.payload.body, &event.subject) {
        (Body::Endorsed(_), _) => endorsement::decide(state, event),
        (Body::ActorEnrolled(data), Subject::Actor(id)) => {
            Ok(state.actors.decide_enrolled(id, data)?)
        }
        (Body::ActorKeyRotated(data), Subject::Actor(id)) => {
            Ok(state.actors.decide_rotated(id, data)?)
        }
        (Body::ActorSuspended(_), Subject::Actor(id)) => Ok(state.actors.decide_known(id)?),
        (Body::InstitutionDesignated(data), _) => {
            Ok(publication::Institutions::decide_designated(data)?)
        }
        (Body::InstitutionSuspended(_), Subject::Institution(code)) => {
            Ok(state.institutions.decide_suspended(code)?)
        }
        (Body::PolicyPublished(data), _) => Ok(publication::decide_policy(state, event, data)?),
        (Body::CalendarPublished(data), _) => Ok(publication::decide_calendar(data)?),
        (Body::PersonalDataErased(data), _) => Ok(erasure::decide(state, data)?),
        (Body::RightRequested(data), _) => Ok(rights::decide_requested(state, data)?),
        (Body::RightDeclined(data), _) => Ok(rights::decide_declined(state, data)?),
        _ => {
            certificate::decide(state, event, endorsement)?;
            oversight::decide(state, event, endorsement)?;
            benefit::decide(state, event, endorsement)
        }
    }
}

fn decide_genesis(event: &Recorded) -> Result<(), GenesisRefused> {
    let Body::LedgerCreated(data) = &event.payload.body else {
        return Err(GenesisRefused::NotBegun);
    };
    let [custodian, supervisor] = data.roots.as_slice() else {
        return Err(GenesisRefused::BadRoots);
    };
    let fits = data.system.role == Role::System
        && data.system.actor == event.signer.actor
        && data.system.public_key != custodian.public_key
        && data.system.public_key != supervisor.public_key
        && custodian.role == Role::KeyCustodian
        && supervisor.role == Role::Supervisor
        && custodian.actor != supervisor.actor
        && custodian.organisation != supervisor.organisation
        && custodian.public_key != supervisor.public_key;
    if fits { Ok(()) } else { Err(GenesisRefused::BadRoots) }
}

/// Changes the state by a recorded event; only ever called with events that were decided.
///
/// An event takes effect at once; a proposal that needs a second signer not yet; an endorsement
/// gives effect to the proposals it completes.
pub fn evolve(state: &mut State, event: &Recorded) {
    oversight::take_part(state, event);
    let body = &event.payload.body;
    state.people.note_key(event);
    certificate::hear(state, event);
    if matches!(body, Body::Endorsed(_)) {
        let completed: Vec<Recorded> =
            event.payload.refs.iter().filter_map(|id| state.proposals.take(id)).collect();
        completed.iter().for_each(|proposal| apply(state, proposal));
    } else if body.second().is_some() {
        state.proposals.propose(event);
    } else {
        apply(state, event);
    }
}

fn apply(state: &mut State, event: &Recorded) {
    if let Some(earlier) = event.payload.body.row().and_then(|row| row.corrects.as_ref()) {
        state.benefits.retract_delivery(earlier);
        state.households.retract(earlier);
    }
    match (&event.payload.body, &event.subject) {
        (Body::LedgerCreated(data), _) => {
            state.genesis = Some(Genesis {
                origin: data.origin.clone(),
                division: data.division,
                demo: data.demo,
            });
            let from = Day::of_millis(event.recorded_at_ms);
            for root in std::iter::once(&data.system).chain(&data.roots) {
                Arc::make_mut(&mut state.actors).enrol_root(root, data.division, from);
            }
        }
        (Body::ActorEnrolled(data), Subject::Actor(id)) => {
            Arc::make_mut(&mut state.actors).enrol(id, data)
        }
        (Body::ActorKeyRotated(data), Subject::Actor(id)) => {
            Arc::make_mut(&mut state.actors).rotate(id, data);
        }
        (Body::ActorSuspended(_), Subject::Actor(id)) => {
            // It signs until the entry is recorded, whatever day the statement names.
            let on = Day::of_millis(event.recorded_at_ms);
            Arc::make_mut(&mut state.actors).suspend(id, on);
        }
        (Body::InstitutionDesignated(data), Subject::Institution(code)) => {
            state.institutions.designate(code, data);
        }
        (Body::InstitutionSuspended(data), Subject::Institution(code)) => {
            state.institutions.suspend(code, data);
        }
        (Body::PolicyPublished(data), _) => {
            // Decided before: the text parses. A refusal here could only be a lost decision.
            let _ = Arc::make_mut(&mut state.policies).publish_text(&data.text, event.index);
        }
        (Body::CalendarPublished(data), _) => {
            let _ =
                Arc::make_mut(&mut state.policies).publish_calendar_text(&data.text, event.index);
        }
        (Body::ConflictDeclared(_), Subject::Case(case)) => {
            state.conflicts.insert((*case, event.signer.actor.clone()));
        }
        (Body::ExternalFactRecorded(data), _) => state.facts.record(event.id, data),
        (Body::ExternalFactRetracted(data), _) => state.facts.retract(&data.fact),
        (Body::RollRowRetracted(data), subject) => {
            state.facts.retract(&data.target);
            state.benefits.retract_delivery(&data.target);
            state.households.retract(&data.target);
            if let Subject::Account(account) = subject {
                state.institution_accounts.remove(account);
            }
        }
        (Body::InstitutionAccountRecorded(data), _) => {
            state.institution_accounts.insert(data.account);
        }
        (Body::PersonRecorded(data), _) => {
            let person = state.people.learn(data.person, data.id);
            person.name = Some(data.name);
            person.hukou_division = data.hukou_division.or(person.hukou_division);
        }
        (Body::PersonCorrected(data), _) => {
            if let Some(person) = state.people.find_mut(&data.person) {
                person.name = data.name.or(person.name);
                person.hukou_division = data.hukou_division.or(person.hukou_division);
            }
        }
        (Body::GuardianRecorded(data), _) => {
            state.people.find_or_new(data.person).add_guardian(data.guardian);
        }
        (Body::GuardianEnded(data), _) => {
            if let Some(person) = state.people.find_mut(&data.person) {
                person.drop_guardian(&data.guardian);
            }
        }
        (Body::IdentityLinked(data), _) => {
            state.people.learn(data.person, data.id);
        }
        (Body::IdentityUnlinked(data), _) => state.people.unlink(data.person, &data.id),
        (Body::IdentityCorrected(data), _) => {
            state.people.unlink(data.person, &data.from);
            state.people.learn(data.person, data.to);
        }
        (Body::PaymentExecuted(data), _) => {
            state.people.learn(data.person, data.id);
        }
        (Body::PaymentReturned(data), _) => {
            state.people.learn(data.person, data.id);
        }
        (Body::HouseholdMemberJoined(data), _) => {
            if let Some(id) = data.id {
                state.people.learn(data.person, id);
            }
            state.households.join(event, data);
        }
        (Body::HouseholdMemberLeft(data), _) => state.households.leave(data),
        (Body::RightRequested(data), _) => state.requests.ask(event, data),
        (Body::RightDeclined(data), _) => {
            state.requests.answer(&data.person, |request| request.statement == data.request);
        }
        (Body::ProcessingRestricted(data), _) => {
            restrict(state, &data.person);
            state.requests.answer(&data.person, |request| request.right == Right::Restriction);
        }
        (Body::PersonalDataErased(data), _) => {
            restrict(state, &data.person);
            state.requests.answer(&data.person, |_| true);
            state.erased_keys.extend(&data.keys);
        }
        _ => {}
    }
    certificate::evolve(state, event);
    benefit::evolve(state, event);
    state.oversight.take(event);
}

fn restrict(state: &mut State, person: &crate::value::PersonId) {
    if let Some(person) = state.people.find_mut(person) {
        person.restricted = true;
    }
}
