//! Who lives in which household, as benefits of households need it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::compact::RowMap;
use crate::event::{HouseholdMemberJoined, HouseholdMemberLeft, Recorded};
use crate::value::{Day, Hash, HouseholdId, PersonId, Tag};

/// The members of each household today.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Households {
    /// Of each household its members, ascending.
    members: RowMap<HouseholdId, SmallVec<[PersonId; 2]>>,
    /// Of each person the households, ascending.
    of: RowMap<PersonId, SmallVec<[HouseholdId; 1]>>,
    by_number: RowMap<Tag, HouseholdId>,
    /// Those that go by a number.
    numbered: BTreeSet<HouseholdId>,
    /// Memberships that came in a roll, which may correct or retract them.
    rows: RowMap<Hash, (HouseholdId, PersonId)>,
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

    /// The households that the person is of.
    pub fn homes(&self, person: &PersonId) -> impl Iterator<Item = HouseholdId> {
        self.of.get(person).into_iter().flatten().copied()
    }

    /// Everybody who shares a household with the person.
    pub fn housemates(&self, person: PersonId) -> impl Iterator<Item = PersonId> {
        let homes = self.of.get(&person).into_iter().flatten();
        homes.flat_map(|home| self.members(home)).filter(move |other| *other != person)
    }

    /// The household of a number.
    #[must_use]
    pub fn numbered(&self, number: &Tag) -> Option<HouseholdId> {
        self.by_number.get(number).copied()
    }

    /// Says whether the household goes by a number.
    #[must_use]
    pub fn has_number(&self, household: &HouseholdId) -> bool {
        self.numbered.contains(household)
    }

    /// The household of a person who is of one only.
    #[must_use]
    pub fn only_home(&self, person: &PersonId) -> Option<HouseholdId> {
        let homes = self.of.get(person)?;
        homes.first().copied().filter(|_| homes.len() == 1)
    }

    /// The membership that a roll's row stated, while it stands.
    pub(super) fn row(&self, statement: &Hash) -> Option<(HouseholdId, PersonId)> {
        self.rows.get(statement).copied()
    }

    pub(super) fn join(&mut self, event: &Recorded, data: &HouseholdMemberJoined) {
        let (household, person) = (data.household, data.person);
        if let Some(number) = data.household_no {
            self.by_number.get_or_insert_with(number, || household);
            self.numbered.insert(household);
        }
        if data.row.is_some() {
            self.rows.insert(event.id, (household, person));
        }
        if data.to.is_some_and(|to| to < Day::of_millis(event.recorded_at_ms)) {
            return;
        }
        put(self.members.get_or_insert_with(household, SmallVec::new), person);
        put(self.of.get_or_insert_with(person, SmallVec::new), household);
    }

    pub(super) fn leave(&mut self, data: &HouseholdMemberLeft) {
        self.part(&data.household, &data.person);
    }

    /// A row was corrected or retracted: that membership never was.
    pub(super) fn retract(&mut self, statement: &Hash) {
        if let Some((household, person)) = self.rows.remove(statement) {
            self.part(&household, &person);
        }
    }

    fn part(&mut self, household: &HouseholdId, person: &PersonId) {
        if let Some(members) = self.members.get_mut(household) {
            members.retain(|other| other != person);
        }
        if let Some(homes) = self.of.get_mut(person) {
            homes.retain(|other| other != household);
        }
    }
}

/// Adds to an ascending list, once.
fn put<T: Ord + Copy, const N: usize>(list: &mut SmallVec<[T; N]>, item: T)
where
    [T; N]: smallvec::Array<Item = T>,
{
    if let Err(at) = list.binary_search(&item) {
        list.insert(at, item);
    }
}
