//! Who has a part in whose cases: everybody who signed anything about the person, their household
//! or their village, or about the institution, by whatever the event names them.
//!
//! An event need not say `data.person` to be about somebody: what it retracts or corrects was
//! about one, its household has members, and a fact names an ID number whose person may come
//! later. Supervision itself (flags, verdicts, recoveries, help, disclosure, erasure) is no part
//! in a case, nor is what the system signs.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::compact::RowMap;
use crate::domain::State;
use crate::event::{Body, Recorded, Role};
use crate::value::{ActorId, Hash, HouseholdId, Label, PersonId, Subject, Tag};

/// The actors who signed something about each person, household or institution. An actor is kept
/// as a number, and the actors of one as the last one of a chain, because the same few sign for
/// everybody in the same order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    actors: Vec<ActorId>,
    numbers: HashMap<ActorId, u32>,
    /// An actor behind the chain of those who signed before, or behind nobody ([`NOBODY`]).
    chains: RowMap<(u32, u32), ()>,
    of: RowMap<PersonId, Own>,
    /// Facts of ID numbers that were nobody's when they came.
    ids: RowMap<Tag, u32>,
    homes: RowMap<HouseholdId, u32>,
    institutions: BTreeMap<ActorId, u32>,
    villages: RowMap<Tag, ()>,
}

/// A person's chain, and the number of the village last given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Own {
    chain: u32,
    village: u32,
}

/// The chain without an actor, and the number of no village.
const NOBODY: u32 = u32::MAX;
const UNKNOWN: Own = Own { chain: NOBODY, village: NOBODY };

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whom {
    Person(PersonId),
    /// A person's, and where they live.
    Villager(PersonId, Tag),
    Id(Tag),
    Home(HouseholdId),
    Institution(ActorId),
}

impl Parts {
    /// The actors with a part in the person's cases, the one who signed first last.
    pub fn of(&self, person: PersonId) -> impl Iterator<Item = &ActorId> {
        self.behind(self.of.get(&person).map(|own| own.chain))
    }

    fn of_id(&self, id: &Tag) -> impl Iterator<Item = &ActorId> {
        self.behind(self.ids.get(id).copied())
    }

    fn of_home(&self, home: &HouseholdId) -> impl Iterator<Item = &ActorId> {
        self.behind(self.homes.get(home).copied())
    }

    fn of_institution(&self, code: &ActorId) -> impl Iterator<Item = &ActorId> {
        self.behind(self.institutions.get(code).copied())
    }

    /// Those with a part in the cases of anybody of the village. Reads everybody: for a verdict,
    /// not for each event.
    fn of_village(&self, village: &Tag) -> impl Iterator<Item = &ActorId> {
        let number = self.villages.number(village);
        let own = self.of.iter().filter(move |(_, own)| Some(own.village) == number);
        let chains: BTreeSet<u32> = own.map(|(_, own)| own.chain).collect();
        let numbers: BTreeSet<u32> =
            chains.into_iter().flat_map(|chain| self.numbers_of(chain)).collect();
        numbers.into_iter().filter_map(|number| self.actors.get(number as usize))
    }

    fn behind(&self, chain: Option<u32>) -> impl Iterator<Item = &ActorId> {
        let numbers = self.numbers_of(chain.unwrap_or(NOBODY));
        numbers.filter_map(|number| self.actors.get(number as usize))
    }

    pub(super) fn take(&mut self, actor: &ActorId, whom: Vec<Whom>) {
        if whom.is_empty() {
            return;
        }
        let number = self.number(actor);
        for whom in whom {
            match whom {
                Whom::Person(person) => {
                    let own = self.of.get(&person).copied().unwrap_or(UNKNOWN);
                    let chain = self.longer(Some(own.chain), number);
                    if chain != own.chain {
                        self.of.insert(person, Own { chain, ..own });
                    }
                }
                Whom::Villager(person, village) => {
                    let village = self.villages.number_or_insert_with(village, || ());
                    let own = self.of.get(&person).copied().unwrap_or(UNKNOWN);
                    let chain = self.longer(Some(own.chain), number);
                    self.of.insert(person, Own { chain, village });
                }
                Whom::Id(id) => {
                    let chain = self.longer(self.ids.get(&id).copied(), number);
                    self.ids.insert(id, chain);
                }
                Whom::Home(home) => {
                    let chain = self.longer(self.homes.get(&home).copied(), number);
                    self.homes.insert(home, chain);
                }
                Whom::Institution(code) => {
                    let chain = self.longer(self.institutions.get(&code).copied(), number);
                    self.institutions.insert(code, chain);
                }
            }
        }
    }

    /// The chain with that actor on it.
    fn longer(&mut self, chain: Option<u32>, number: u32) -> u32 {
        let chain = chain.unwrap_or(NOBODY);
        if self.numbers_of(chain).any(|other| other == number) {
            return chain;
        }
        self.chains.number_or_insert_with((chain, number), || ())
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

/// Says whether the actor is the person, declared a relation, or signed anything about them.
pub(super) fn in_person(state: &State, person: PersonId, actor: &ActorId) -> bool {
    let State { actors, people, households, oversight, .. } = state;
    let ids = || people.find(&person).into_iter().flat_map(|person| &person.ids);
    let parts = &oversight.parts;
    let mut acted = parts
        .of(person)
        .chain(ids().flat_map(|id| parts.of_id(id)))
        .chain(households.homes(&person).flat_map(|home| parts.of_home(&home).collect::<Vec<_>>()));
    ids().any(|id| actors.is_related(actor, id))
        || acted.any(|other| actors.same_person(actor, other))
}

/// Says whether the actor is of the institution or of the organisation that works there, is related
/// to one who is, or signed anything about it: designated it, sent people to it, recorded its
/// services.
pub(super) fn in_institution(state: &State, code: &ActorId, actor: &ActorId) -> bool {
    let actors = &state.actors;
    let signed: Vec<&ActorId> = state.oversight.parts.of_institution(code).collect();
    let provides = |id: &ActorId, role: Role| role == Role::ServiceProvider && signed.contains(&id);
    let of_it: BTreeSet<&Label> = actors
        .iter()
        .filter(|(id, of)| of.institution.as_ref() == Some(code) || provides(id, of.role))
        .map(|(_, of)| &of.organisation)
        .collect();
    let mut staff = actors.iter().filter(|(_, of)| {
        of.institution.as_ref() == Some(code) || of_it.contains(&of.organisation)
    });
    let is_one = |(id, of): (&ActorId, &crate::domain::authority::Actor)| {
        actors.same_person(actor, id) || of.person.is_some_and(|tag| actors.is_related(actor, &tag))
    };
    staff.any(is_one) || signed.iter().any(|other| actors.same_person(actor, other))
}

/// Says whether the actor signed anything about somebody of the village.
pub(super) fn in_village(state: &State, village: &Tag, actor: &ActorId) -> bool {
    let mut acted = state.oversight.parts.of_village(village);
    acted.any(|other| state.actors.same_person(actor, other))
}

/// What the event is about, before it takes effect.
pub(super) fn whom(state: &State, event: &Recorded) -> Vec<Whom> {
    if event.signer.role == Role::System {
        return Vec::new();
    }
    match (&event.payload.body, &event.subject) {
        (Body::Endorsed(_), _) => {
            let proposals = event.payload.refs.iter().filter_map(|id| state.proposals.find(id));
            proposals.flat_map(|proposal| whom(state, proposal)).collect()
        }
        (Body::PayrollPrepared(data), _) => {
            data.items.iter().map(|item| Whom::Person(item.person)).collect()
        }
        (Body::PayrollAuthorised(_), Subject::Payroll(id)) => {
            let items = state.benefits.payroll(id).into_iter().flat_map(|found| &found.items);
            let persons = items.filter_map(|item| Some(state.benefits.case(&item.case)?.person));
            persons.map(Whom::Person).collect()
        }
        (body, _) if is_supervision(body) => Vec::new(),
        (body, subject) => {
            let mut all: Vec<Whom> = body.person().map(Whom::Person).into_iter().collect();
            of_subject(state, subject, &mut all);
            named(state, body, &mut all);
            all
        }
    }
}

fn of_subject(state: &State, subject: &Subject, all: &mut Vec<Whom>) {
    match subject {
        Subject::Person(person) => all.push(Whom::Person(*person)),
        Subject::Case(case) => all.extend(state.person_of_case(case).map(Whom::Person)),
        Subject::Certificate(id) => {
            all.extend(state.certificates.find(id).map(|found| Whom::Person(found.person)));
        }
        Subject::Household(home) => at_home(state, home, all),
        Subject::Institution(code) => all.push(Whom::Institution(code.clone())),
        Subject::Vehicle(_)
        | Subject::Actor(_)
        | Subject::Account(_)
        | Subject::Payroll(_)
        | Subject::Roll(_)
        | Subject::Programme(_)
        | Subject::Ledger => {}
    }
}

/// What the data names beside its person.
fn named(state: &State, body: &Body, all: &mut Vec<Whom>) {
    match body {
        Body::ExternalFactRecorded(data) => all.push(of_id(state, data.id)),
        Body::ExternalFactRetracted(data) => of_target(state, &data.fact, all),
        Body::CorrectionRecorded(data) => of_target(state, &data.target, all),
        Body::RollRowRetracted(data) => {
            of_target(state, &data.target, all);
            let card = data.certificate.and_then(|id| state.certificates.find(&id));
            all.extend(card.map(|card| Whom::Person(card.person)));
        }
        Body::WorksAccepted(data) => at_home(state, &data.household, all),
        Body::AssessmentAssigned(data) => all.push(Whom::Institution(data.institution.clone())),
        Body::ApplicationAccepted(data) => {
            all.extend(data.institution.clone().map(Whom::Institution));
        }
        Body::PlacementStarted(data) => {
            all.extend(data.institution.clone().map(Whom::Institution));
        }
        Body::PlacementEnded(data) => of_target(state, &data.placement, all),
        _ => {}
    }
    let home = match body {
        Body::ApplicationSubmitted(data) => data.village.map(|village| (data.person, village)),
        Body::CertificateLegacyImported(data) => data.village.map(|village| (data.person, village)),
        Body::PersonRecorded(data) => data.village.map(|village| (data.person, village)),
        Body::PersonCorrected(data) => data.village.map(|village| (data.person, village)),
        _ => None,
    };
    all.extend(home.map(|(person, village)| Whom::Villager(person, village)));
}

fn at_home(state: &State, home: &HouseholdId, all: &mut Vec<Whom>) {
    all.push(Whom::Home(*home));
    all.extend(state.households.members(home).map(Whom::Person));
}

fn of_id(state: &State, id: Tag) -> Whom {
    state.people.by_tag(&id).map_or(Whom::Id(id), Whom::Person)
}

/// What an earlier statement is about, as far as the state still knows it.
fn of_target(state: &State, target: &Hash, all: &mut Vec<Whom>) {
    all.extend(state.facts.number_of(target).map(|id| of_id(state, id)));
    if let Some((home, person)) = state.households.row(target) {
        all.push(Whom::Person(person));
        at_home(state, &home, all);
    }
    let (person, institution) = state.benefits.of_delivery(target);
    all.extend(person.map(Whom::Person));
    all.extend(institution.map(Whom::Institution));
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
