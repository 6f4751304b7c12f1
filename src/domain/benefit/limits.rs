//! Grants that are paid once: how many a unit, and a person, may have in a period (I27).
//!
//! A policy that says nothing allows one grant of a unit in each year, one ever, or one of an item
//! in its cycle; events have no limit of their own. What old rolls paid for a year counts too.

use super::{Case, Status, register::UnitKey};
use crate::domain::{State, refusal::refusals};
use crate::policy::ProgrammePolicy;
use crate::value::{CaseId, Month, Period, Unit};

refusals! {
    /// Why one more grant is refused.
    pub enum Refused {
        /// The unit has what it may have.
        UnitGranted { case: CaseId, max: u32 } = "I27", "unit_granted_already",
            "case {case} grants the same unit in the same period; at most {max} may",
            "refuse, or wait for the next period",
            "案件 {case} 在同一期内已为同一单位批准；最多 {max} 次",
            "请不予批准，或等到下一期";
        /// The person has as many units as may be granted.
        UnitsOfPerson { max: u32 } = "I27", "units_per_person",
            "the person is granted {max} in this period, which is the most", "refuse",
            "此人本期已获批准 {max} 次，达到上限",
            "请不予批准";
        /// A roll paid the year already.
        YearPaid { year: i32 } = "I27", "year_paid_already",
            "the person was paid for {year} already", "refuse, or have the payment corrected",
            "此人 {year} 年已经发放",
            "请不予批准，或更正该发放";
    }
}

pub(super) fn decide(
    state: &State,
    (id, case): (&CaseId, &Case),
    policy: &ProgrammePolicy,
    from: Month,
) -> Result<(), Refused> {
    let benefits = &state.benefits;
    let counts = |other: &&CaseId, found: &Case| {
        *other != id
            && found.status == Status::Granted
            && found.granted_from().is_some_and(|before| same_period(case, policy, before, from))
            && (case.item.is_none() || found.item == case.item)
    };
    let max = policy.grants_per_unit_max.or(match policy.period {
        Period::Year | Period::Once | Period::DeviceCycle | Period::Status => Some(1),
        Period::Event | Period::Month => None,
    });
    if let Some(max) = max {
        for unit in case.units.iter().filter(|unit| is_own(policy.unit, **unit)) {
            let mut others = benefits
                .cases_for(case.programme, *unit)
                .filter(|(other, found)| counts(other, found));
            let reached = others.nth(max.saturating_sub(1) as usize);
            if let Some((case, _)) = reached {
                return Err(Refused::UnitGranted { case: *case, max });
            }
        }
        let year = u16::try_from(from.year()).unwrap_or_default();
        let paid = benefits.years.get(&(case.person, case.programme, year)).copied().unwrap_or(0);
        if policy.period == Period::Year && u32::from(paid) >= max {
            return Err(Refused::YearPaid { year: from.year() });
        }
    }
    if let Some(max) = policy.units_per_person_max {
        let granted = benefits
            .cases_of(case.person, case.programme)
            .filter(|(other, found)| counts(other, found))
            .count();
        if granted >= max as usize {
            return Err(Refused::UnitsOfPerson { max });
        }
    }
    Ok(())
}

/// Whether the limit of a unit is counted by this name of it.
const fn is_own(unit: Unit, key: UnitKey) -> bool {
    match unit {
        Unit::Household => matches!(key, UnitKey::Household(_)),
        Unit::Vehicle => matches!(key, UnitKey::Vehicle(_) | UnitKey::Number(_)),
        Unit::Person | Unit::Resident | Unit::Child | Unit::Student | Unit::Contact => {
            matches!(key, UnitKey::Person(_))
        }
    }
}

/// Whether two grants fall into one period of the programme.
fn same_period(case: &Case, policy: &ProgrammePolicy, before: Month, from: Month) -> bool {
    match policy.period {
        Period::Year => before.year() == from.year(),
        Period::Once | Period::Status => true,
        Period::Month | Period::Event => before == from,
        Period::DeviceCycle => {
            let item = case.item.as_ref().and_then(|item| policy.item(item));
            let years = item.and_then(|item| item.cycle_years);
            // Without a cycle the item is granted once.
            years.is_none_or(|years| i64::from(from.since(before)) < 12 * i64::from(years))
        }
    }
}
