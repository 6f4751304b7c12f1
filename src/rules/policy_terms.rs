//! The published policies as rules read them.

use super::record::Programme;
use super::terms::{FactKinds, GrantAge, Terms};
use crate::policy::{AgeDay, CertificatePolicy, PolicyBook, ProgrammePolicy};
use crate::value::{self, Category, Component, Criterion, Day, DivisionCode, Fen, Level, Month};

impl Programme {
    /// The programme as policies and events name it.
    #[must_use]
    pub const fn shared(self) -> value::Programme {
        match self {
            Self::Living => value::Programme::LivingAllowance,
            Self::Nursing => value::Programme::NursingCareSubsidy,
            Self::Fuel => value::Programme::FuelSubsidy,
        }
    }
}

fn certificate(book: &PolicyBook, division: DivisionCode, day: Day) -> Option<&CertificatePolicy> {
    book.certificate(division, day).map(|(_, policy)| policy)
}

fn programme(
    book: &PolicyBook,
    programme: Programme,
    division: DivisionCode,
    month: Month,
) -> Option<&ProgrammePolicy> {
    book.programme(programme.shared(), division, month).map(|(_, policy)| policy)
}

impl Terms for PolicyBook {
    fn rate(&self, programme: Programme, division: DivisionCode, month: Month) -> Option<Fen> {
        Self::rate(self, programme.shared(), division, month).ok().map(|rate| rate.amount)
    }

    fn back_pay_months_max(
        &self,
        of: Programme,
        division: DivisionCode,
        month: Month,
    ) -> Option<u32> {
        programme(self, of, division, month)?.back_pay_cap_months
    }

    fn exclusions(&self, of: Programme, division: DivisionCode, month: Month) -> FactKinds {
        programme(self, of, division, month)
            .map_or_else(FactKinds::default, |policy| FactKinds::of(&policy.exclude))
    }

    fn notice_working_days(&self, division: DivisionCode, day: Day) -> Option<u32> {
        certificate(self, division, day).map(|policy| policy.notice_working_days)
    }

    fn notice_from_age(&self, division: DivisionCode, day: Day) -> Option<i32> {
        let policy = certificate(self, division, day)?;
        let age = if policy.notice_waived_for_minors { policy.minor_age_years } else { 0 };
        i32::try_from(age).ok()
    }

    fn assessors_min(&self, division: DivisionCode, day: Day) -> Option<u32> {
        certificate(self, division, day).map(|policy| policy.min_assessors)
    }

    fn sight_allowed(&self, division: DivisionCode, day: Day) -> bool {
        certificate(self, division, day).is_some_and(|policy| policy.sight_allowed(day))
    }

    fn close_after_death_days(&self, division: DivisionCode, day: Day) -> Option<u32> {
        certificate(self, division, day).map(|policy| policy.cancel_after_death_days)
    }

    fn fuel_age(&self, division: DivisionCode, year: u16) -> Option<GrantAge> {
        let march = Month::new(i32::from(year), 3).ok()?;
        let age = programme(self, Programme::Fuel, division, march)?.age?;
        let AgeDay::Fixed(day) = age.on else { return None };
        Some(GrantAge {
            min: age.min.map_or(Some(0), |min| i32::try_from(min).ok())?,
            max: age.max.map_or(Some(i32::MAX), |max| i32::try_from(max).ok())?,
            on: day.of_year(i32::from(year)),
        })
    }

    fn working_days(&self, from: Day, to: Day) -> u32 {
        self.calendar().between(from, to).count
    }

    fn nursing_fits(
        &self,
        category: Category,
        level: Level,
        components: &[Component],
        division: DivisionCode,
        month: Month,
    ) -> bool {
        let Some(policy) = programme(self, Programme::Nursing, division, month) else {
            return level.is_severe();
        };
        let has =
            |wanted| category == wanted || components.iter().any(|part| part.category == wanted);
        let met = |criterion: &Criterion| match criterion {
            Criterion::Level1Or2 => level.is_severe(),
            Criterion::IntellectualLevel3Or4 => has(Category::Intellectual),
            Criterion::PsychiatricLevel3Or4 => has(Category::Psychiatric),
            _ => true,
        };
        let of_level = |criterion: &Criterion| *criterion == Criterion::Level1Or2;
        policy
            .conditions()
            .filter(|(criterion, _)| of_level(criterion))
            .all(|(criterion, instead)| met(&criterion) || instead.iter().any(met))
    }
}
