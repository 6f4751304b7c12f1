//! Which household a row speaks of.
//!
//! A household goes by its number (户号), as a tag. One that was put on the ledger without a number
//! is known by its people: a list that names somebody who lives there, and nowhere else, gives it
//! the number.

use std::collections::HashMap;

use super::{
    super::{
        personal::Personal,
        read::Numbered,
        row::{Row, WorksRow},
    },
    Job, KnownRow,
    keys::Keyed,
    place::Placed,
    plan::People,
    rejected::Why,
    report::ImportError,
};
use crate::{
    crypto::{TagKind, random_bytes},
    domain::State,
    value::{HouseholdId, PersonId, Subject, Tag},
};

/// Households by number tag that the ledger does not know by it yet.
#[derive(Default)]
pub(super) struct Homes(HashMap<Tag, HouseholdId>);

impl Homes {
    /// Those of a roll that are on the ledger without their number.
    pub(super) fn of_roll(job: &Job<'_>, state: &State, rows: &[Placed<'_, '_>]) -> Self {
        let mut homes = Self::default();
        for Placed { row, keyed, .. } in rows {
            let Row::Household(member) = &row.value else { continue };
            let number = number(job, &member.household_number);
            if state.households.numbered(&number).is_some() {
                continue;
            }
            let person = keyed.id.and_then(|id| state.people.by_tag(&id));
            let home = person.and_then(|person| state.households.only_home(&person));
            if let Some(home) = home.filter(|home| !state.households.has_number(home)) {
                homes.0.entry(number).or_insert(home);
            }
        }
        homes
    }

    /// The household and the person of a row, each made known if new; none for rows of other rolls.
    pub(super) fn member(
        &mut self,
        job: &Job<'_>,
        state: &State,
        people: &mut People,
        (row, keyed): (&Numbered<Row>, &Keyed),
        known: Option<&KnownRow>,
    ) -> Result<Option<(Subject, Option<PersonId>)>, ImportError> {
        let (Row::Household(member), Some(id)) = (&row.value, keyed.id) else { return Ok(None) };
        let person = match people.find(state, &id) {
            Some(person) => person,
            None => people.mint(id)?,
        };
        let number = number(job, &member.household_number);
        let before = known.and_then(|known| match known.subject {
            Subject::Household(home) => Some(home),
            _ => None,
        });
        let home = before.or_else(|| state.households.numbered(&number));
        let home = match home.or_else(|| self.0.get(&number).copied()) {
            Some(home) => home,
            None => HouseholdId(random_bytes()?),
        };
        self.0.entry(number).or_insert(home);
        Ok(Some((Subject::Household(home), Some(person))))
    }
}

/// The household at which works were done, and the person the row names, who lives there.
pub(super) fn of_works(
    job: &Job<'_>,
    state: &State,
    row: &WorksRow,
    keyed: &Keyed,
) -> Result<(HouseholdId, PersonId), Why> {
    let person = keyed.id.and_then(|id| state.people.by_tag(&id)).ok_or(Why::NotOnLedger)?;
    let home = match &row.household_number {
        Some(text) => state.households.numbered(&number(job, text)),
        None => state.households.only_home(&person),
    };
    let home = home.ok_or(Why::NoHousehold)?;
    let lives_there = state.households.has(&home, &person);
    if lives_there { Ok((home, person)) } else { Err(Why::OtherHousehold) }
}

fn number(job: &Job<'_>, text: &Personal) -> Tag {
    job.store.tag(TagKind::HouseholdNo, text.as_str())
}
