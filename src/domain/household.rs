//! Who lives in which household, as benefits of households need it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::event::{HouseholdMemberJoined, HouseholdMemberLeft};
use crate::value::{HouseholdId, PersonId};

/// The members of each household today.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Households {
    members: BTreeMap<HouseholdId, BTreeSet<PersonId>>,
    of: BTreeMap<PersonId, BTreeSet<HouseholdId>>,
}

impl Households {
    /// The members of a household.
    pub fn members(&self, household: &HouseholdId) -> impl Iterator<Item = PersonId> {
        self.members.get(household).into_iter().flatten().copied()
    }

    /// Says whether the person is of the household.
    #[must_use]
    pub fn has(&self, household: &HouseholdId, person: &PersonId) -> bool {
        self.members.get(household).is_some_and(|members| members.contains(person))
    }

    /// Everybody who shares a household with the person.
    pub fn housemates(&self, person: PersonId) -> impl Iterator<Item = PersonId> {
        let homes = self.of.get(&person).into_iter().flatten();
        homes.flat_map(|home| self.members(home)).filter(move |other| *other != person)
    }

    pub(super) fn join(&mut self, data: &HouseholdMemberJoined) {
        self.members.entry(data.household).or_default().insert(data.person);
        self.of.entry(data.person).or_default().insert(data.household);
    }

    pub(super) fn leave(&mut self, data: &HouseholdMemberLeft) {
        if let Some(members) = self.members.get_mut(&data.household) {
            members.remove(&data.person);
        }
        if let Some(homes) = self.of.get_mut(&data.person) {
            homes.remove(&data.household);
        }
    }
}
