//! The published policies and calendar, as rules read them.

use super::terms::{CaseTerms, FactKinds, GrantAge, Terms};
use crate::policy::{PolicyBook, ProgrammePolicy};
use crate::value::{
    Category, Component, Criterion, Day, DivisionCode, Fen, Level, Month, Period, Programme, Unit,
};

impl Terms for PolicyBook {
    fn per(
        &self,
        programme: Programme,
        division: DivisionCode,
        month: Month,
    ) -> Option<(Unit, Period)> {
        self.programme(programme, division, month).map(|(_, policy)| (policy.unit, policy.period))
    }

    fn asks(
        &self,
        programme: Programme,
        division: DivisionCode,
        month: Month,
        condition: Criterion,
    ) -> Option<bool> {
        let (_, policy) = self.programme(programme, division, month)?;
        Some(policy.eligible.contains(&condition))
    }

    fn rate(&self, programme: Programme, division: DivisionCode, month: Month) -> Option<Fen> {
        // What a formula starts from is not what anybody is paid.
        let policy = self.programme(programme, division, month);
        let one_for_all = policy.is_none_or(|(_, policy)| policy.formula.is_none());
        let rate = Self::rate(self, programme, division, month).ok();
        rate.filter(|_| one_for_all).map(|rate| rate.amount)
    }

    fn back_pay_months_max(
        &self,
        programme: Programme,
        division: DivisionCode,
        month: Month,
    ) -> Option<u32> {
        self.programme(programme, division, month)?.1.back_pay_cap_months
    }

    fn exclusions(&self, programme: Programme, division: DivisionCode, month: Month) -> FactKinds {
        let policy = self.programme(programme, division, month);
        policy.map_or_else(FactKinds::default, |(_, policy)| FactKinds::of(&policy.exclude))
    }

    fn notice_working_days(&self, division: DivisionCode, day: Day) -> Option<u32> {
        self.certificate(division, day).map(|(_, policy)| policy.notice_working_days)
    }

    fn notice_from_age(&self, division: DivisionCode, day: Day) -> Option<i32> {
        let (_, policy) = self.certificate(division, day)?;
        let age = if policy.notice_waived_for_minors { policy.minor_age_years } else { 0 };
        i32::try_from(age).ok()
    }

    fn assessors_min(&self, division: DivisionCode, day: Day) -> Option<u32> {
        self.certificate(division, day).map(|(_, policy)| policy.min_assessors)
    }

    fn sight_allowed(&self, division: DivisionCode, day: Day) -> bool {
        self.certificate(division, day).is_some_and(|(_, policy)| policy.sight_allowed(day))
    }

    fn close_after_death_days(&self, division: DivisionCode, day: Day) -> Option<u32> {
        self.certificate(division, day).map(|(_, policy)| policy.cancel_after_death_days)
    }

    fn fuel_age(&self, division: DivisionCode, year: u16) -> Option<GrantAge> {
        let last = Day::new(i32::from(year), 12, 31).ok()?;
        let programme = Programme::FUEL_SUBSIDY;
        let span = self.programme(programme, division, last.month())?.1.age.as_ref()?;
        let years = |age: Option<u32>, open| age.map_or(Some(open), |age| i32::try_from(age).ok());
        // A grant names its year only, so an age counted on the day of application is not known.
        let crate::policy::AgeDay::Fixed(on) = span.on else { return None };
        let (min, max) = (years(span.min, 0)?, years(span.max, i32::MAX)?);
        Some(GrantAge { min, max, on: on.of_year(i32::from(year)) })
    }

    fn case(&self, division: DivisionCode, day: Day) -> Option<CaseTerms> {
        let (_, policy) = self.certificate(division, day)?;
        let months = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        Some(CaseTerms {
            needs_attending: policy.require_attending_physician,
            review_working_days: policy.review_working_days,
            record_working_days: policy.record_within_working_days,
            take_down_working_days: policy.notice_take_down_working_days,
            reapply_months: months(policy.reapply_after_cancel_months),
            freeze_months: months(policy.transfer_freeze_after_months),
            cancel_months: months(policy.transfer_cancel_after_months),
            reminder_months: months(policy.expiry_reminder_months),
        })
    }

    fn policy(
        &self,
        programme: Programme,
        division: DivisionCode,
        month: Month,
    ) -> Option<&ProgrammePolicy> {
        self.programme(programme, division, month).map(|(_, policy)| policy)
    }

    fn adult_from_age(&self, division: DivisionCode, day: Day) -> Option<i32> {
        let (_, policy) = self.certificate(division, day)?;
        i32::try_from(policy.minor_age_years).ok()
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
        let Some((_, policy)) = self.programme(Programme::NURSING_CARE_SUBSIDY, division, month)
        else {
            return true; // nothing is known of what it is for
        };
        let mut conditions = policy.conditions();
        let Some((_, accept)) = conditions.find(|(of, _)| *of == Criterion::Level1Or2) else {
            return true;
        };
        let includes =
            |wanted| category == wanted || components.iter().any(|part| part.category == wanted);
        level.is_severe()
            || accept.iter().any(|criterion| match criterion {
                Criterion::IntellectualLevel3Or4 => includes(Category::Intellectual),
                Criterion::PsychiatricLevel3Or4 => includes(Category::Psychiatric),
                // What else may stand in for the level is not on a certificate.
                _ => true,
            })
    }
}
