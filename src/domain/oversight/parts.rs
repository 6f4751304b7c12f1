//! Who has a part in whose cases: everybody who signed anything about the person.
//!
//! Supervision itself (flags, verdicts, recoveries, help, disclosure, erasure) is no part in a
//! case, nor is what the system signs.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::compact::RowMap;
use crate::domain::State;
use crate::event::{Body, Recorded, Role};
use crate::value::{ActorId, PersonId, Subject};

/// The actors who signed something about each person. An actor is kept as a number, and a person's
/// actors as the last one of a chain, because the same few sign for everybody in the same order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    actors: Vec<ActorId>,
    numbers: HashMap<ActorId, u32>,
    /// An actor behind the chain of those who signed before, or behind nobody ([`NOBODY`]).
    chains: RowMap<(u32, u32), ()>,
    of: RowMap<PersonId, u32>,
}

/// The chain without an actor.
const NOBODY: u32 = u32::MAX;

impl Parts {
    /// The actors with a part in the person's cases, the one who signed first last.
    pub fn of(&self, person: PersonId) -> impl Iterator<Item = &ActorId> {
        let chain = self.of.get(&person).copied().unwrap_or(NOBODY);
        self.numbers_of(chain).filter_map(|number| self.actors.get(number as usize))
    }

    pub(super) fn take(&mut self, actor: &ActorId, persons: Vec<PersonId>) {
        if persons.is_empty() {
            return;
        }
        let number = self.number(actor);
        for person in persons {
            let chain = self.of.get(&person).copied().unwrap_or(NOBODY);
            if !self.numbers_of(chain).any(|other| other == number) {
                let longer = self.chains.number_or_insert_with((chain, number), || ());
                self.of.insert(person, longer);
            }
        }
    }

    fn numbers_of(&self, chain: u32) -> impl Iterator<Item = u32> {
        let link = |chain: u32| self.chains.key_at(chain).copied();
        std::iter::successors(link(chain), move |(before, _)| link(*before)).map(|(_, own)| own)
    }

    fn number(&mut self, actor: &ActorId) -> u32 {
        if let Some(number) = self.numbers.get(actor) {
            return *number;
        }
        let number = u32::try_from(self.actors.len()).unwrap_or(u32::MAX);
        self.actors.push(actor.clone());
        self.numbers.insert(actor.clone(), number);
        number
    }
}

/// The persons in whose cases the event is a part.
pub(super) fn persons(state: &State, event: &Recorded) -> Vec<PersonId> {
    if event.signer.role == Role::System {
        return Vec::new();
    }
    match (&event.payload.body, &event.subject) {
        (Body::Endorsed(_), _) => {
            let proposals = event.payload.refs.iter().filter_map(|id| state.proposals.find(id));
            proposals.flat_map(|proposal| persons(state, proposal)).collect()
        }
        (Body::PayrollPrepared(data), _) => data.items.iter().map(|item| item.person).collect(),
        (Body::PayrollAuthorised(_), Subject::Payroll(id)) => {
            let items = state.benefits.payroll(id).into_iter().flat_map(|found| &found.items);
            items.filter_map(|item| Some(state.benefits.case(&item.case)?.person)).collect()
        }
        (body, _) if is_supervision(body) => Vec::new(),
        (body, _) => body.person().into_iter().collect(),
    }
}

const fn is_supervision(body: &Body) -> bool {
    matches!(
        body,
        Body::AnomalyRaised(_)
            | Body::AnomalyAssigned(_)
            | Body::AnomalyReviewed(_)
            | Body::RecoveryOrdered(_)
            | Body::RecoveryReceived(_)
            | Body::RecoveryWaived(_)
            | Body::HelpGiven(_)
            | Body::DisclosureGranted(_)
            | Body::QueryLogged(_)
            | Body::PersonalDataErased(_)
            | Body::ProcessingRestricted(_)
            | Body::RightRequested(_)
            | Body::RightDeclined(_)
    )
}
