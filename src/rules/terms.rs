//! What rules ask of policy: numbers and lists, by division and day.
//!
//! An unset answer (`None`) silences the rule that asked: a rule never guesses a policy.

use crate::policy::ProgrammePolicy;
use crate::value::{
    Category, Component, Criterion, Day, DivisionCode, FactKind, Fen, Level, Month, Period,
    Programme, Unit,
};

/// A set of kinds of outside facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FactKinds(u32);

impl FactKinds {
    /// The set of the given kinds.
    #[must_use]
    pub const fn of(kinds: &[FactKind]) -> Self {
        let mut set = 0;
        let mut at = 0;
        while at < kinds.len() {
            set |= 1 << kinds[at] as u32;
            at += 1;
        }
        Self(set)
    }

    /// Says whether `kind` is in the set.
    #[must_use]
    pub const fn contains(self, kind: FactKind) -> bool {
        self.0 & (1 << kind as u32) != 0
    }
}

/// The ages a yearly grant is for, both included, and the day of the year they are counted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantAge {
    /// Youngest age in completed years.
    pub min: i32,
    /// Oldest age in completed years.
    pub max: i32,
    /// The day.
    pub on: Day,
}

/// What the certificate policy asks of the steps of a case and of a certificate's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseTerms {
    /// At least one assessor is an attending physician.
    pub needs_attending: bool,
    /// Working days for review and approval after the notice closed.
    pub review_working_days: u32,
    /// Working days within which a step is recorded; unset where no rule gives a number.
    pub record_working_days: Option<u32>,
    /// Working days within which a notice that is over is taken down.
    pub take_down_working_days: Option<u32>,
    /// Months without a new application after a cancellation for not meeting the standard.
    pub reapply_months: i32,
    /// Months after a move until the certificate is frozen.
    pub freeze_months: i32,
    /// Months after a move until it is cancelled.
    pub cancel_months: i32,
    /// Months before its last day by which the holder is reminded.
    pub reminder_months: i32,
}

/// The policy in force, as rules read it.
pub trait Terms {
    /// What one grant of a programme is for, and how often it is granted.
    fn per(
        &self,
        programme: Programme,
        division: DivisionCode,
        month: Month,
    ) -> Option<(Unit, Period)>;

    /// Says whether entitlement to a programme rests on a condition, or on what policy accepts in
    /// its place.
    fn asks(
        &self,
        programme: Programme,
        division: DivisionCode,
        month: Month,
        condition: Criterion,
    ) -> Option<bool>;

    /// The amount of one unit and period, such as a person and month, or a vehicle and year.
    fn rate(&self, programme: Programme, division: DivisionCode, month: Month) -> Option<Fen>;

    /// Most months that may be paid back.
    fn back_pay_months_max(
        &self,
        programme: Programme,
        division: DivisionCode,
        month: Month,
    ) -> Option<u32>;

    /// Facts that rule a programme out for the months they last.
    fn exclusions(&self, programme: Programme, division: DivisionCode, month: Month) -> FactKinds;

    /// Working days that a public notice stays open.
    fn notice_working_days(&self, division: DivisionCode, day: Day) -> Option<u32>;

    /// Age in years from which a notice is needed.
    fn notice_from_age(&self, division: DivisionCode, day: Day) -> Option<i32>;

    /// Distinct assessors that a conclusion needs.
    fn assessors_min(&self, division: DivisionCode, day: Day) -> Option<u32>;

    /// Says whether assessment by sight, without assessors, was lawful on that day.
    fn sight_allowed(&self, division: DivisionCode, day: Day) -> bool;

    /// Days after a death by which the certificate is closed.
    fn close_after_death_days(&self, division: DivisionCode, day: Day) -> Option<u32>;

    /// Ages that the fuel subsidy of a year is for.
    fn fuel_age(&self, division: DivisionCode, year: u16) -> Option<GrantAge>;

    /// What is asked of a case and of a certificate's life.
    fn case(&self, division: DivisionCode, day: Day) -> Option<CaseTerms>;

    /// Working days after `from` up to and including `to`.
    fn working_days(&self, from: Day, to: Day) -> u32;

    /// The whole policy of a programme: conditions, ages, evidence, what it is weighed against.
    fn policy(
        &self,
        programme: Programme,
        division: DivisionCode,
        month: Month,
    ) -> Option<&ProgrammePolicy>;

    /// Age in years from which a person acts without a guardian.
    fn adult_from_age(&self, division: DivisionCode, day: Day) -> Option<i32>;

    /// Says whether the nursing-care subsidy is for this grade: levels 1 and 2, unless policy
    /// extends it.
    fn nursing_fits(
        &self,
        category: Category,
        level: Level,
        components: &[Component],
        division: DivisionCode,
        month: Month,
    ) -> bool {
        let _ = (category, components, division, month);
        level.is_severe()
    }
}

#[cfg(test)]
pub(super) mod sample {
    use std::sync::LazyLock;

    use super::*;
    use crate::policy::{Policy, PolicyBody, defaults};
    use crate::value::PolicyName;

    /// The terms of the labelled sample: 60 yuan a month, three months back, five working days,
    /// two assessors, 18 to 70 on 31 March.
    #[derive(Debug, Default)]
    pub(in crate::rules) struct SampleTerms;

    impl Terms for SampleTerms {
        fn per(&self, programme: Programme, _: DivisionCode, _: Month) -> Option<(Unit, Period)> {
            Some(match programme {
                Programme::FUEL_SUBSIDY => (Unit::Vehicle, Period::Year),
                _ => (Unit::Person, Period::Month),
            })
        }
        fn asks(&self, _: Programme, _: DivisionCode, _: Month, of: Criterion) -> Option<bool> {
            Some(of == Criterion::CertificateValid)
        }
        fn rate(&self, programme: Programme, _: DivisionCode, _: Month) -> Option<Fen> {
            Some(Fen(if programme == Programme::FUEL_SUBSIDY { 26000 } else { 6000 }))
        }
        fn back_pay_months_max(&self, _: Programme, _: DivisionCode, _: Month) -> Option<u32> {
            Some(3)
        }
        fn exclusions(&self, programme: Programme, _: DivisionCode, _: Month) -> FactKinds {
            use FactKind::{ExtremePovertySupport, OrphanAllowance, WorkInjuryNursingFee};
            match programme {
                Programme::LIVING_ALLOWANCE => {
                    FactKinds::of(&[ExtremePovertySupport, WorkInjuryNursingFee, OrphanAllowance])
                }
                Programme::NURSING_CARE_SUBSIDY => {
                    FactKinds::of(&[ExtremePovertySupport, WorkInjuryNursingFee])
                }
                _ => FactKinds::default(),
            }
        }
        fn notice_working_days(&self, _: DivisionCode, _: Day) -> Option<u32> {
            Some(5)
        }
        fn notice_from_age(&self, _: DivisionCode, _: Day) -> Option<i32> {
            Some(18)
        }
        fn assessors_min(&self, _: DivisionCode, _: Day) -> Option<u32> {
            Some(2)
        }
        fn sight_allowed(&self, _: DivisionCode, day: Day) -> bool {
            day.year() < 2018
        }
        fn close_after_death_days(&self, _: DivisionCode, _: Day) -> Option<u32> {
            Some(30)
        }
        fn fuel_age(&self, _: DivisionCode, year: u16) -> Option<GrantAge> {
            let on = Day::new(i32::from(year), 3, 31).ok()?;
            Some(GrantAge { min: 18, max: 70, on })
        }
        fn case(&self, _: DivisionCode, _: Day) -> Option<CaseTerms> {
            Some(CaseTerms {
                needs_attending: true,
                review_working_days: 10,
                record_working_days: Some(3),
                take_down_working_days: Some(3),
                reapply_months: 12,
                freeze_months: 6,
                cancel_months: 12,
                reminder_months: 6,
            })
        }
        fn policy(
            &self,
            programme: Programme,
            _: DivisionCode,
            _: Month,
        ) -> Option<&ProgrammePolicy> {
            shipped(programme)
        }
        fn adult_from_age(&self, _: DivisionCode, _: Day) -> Option<i32> {
            Some(18)
        }
        fn working_days(&self, from: Day, to: Day) -> u32 {
            let days = (1..=to.since(from)).map(|count| from.plus_days(count));
            u32::try_from(days.filter(|day| day.is_weekday()).count()).unwrap()
        }
    }

    /// The shipped policy of a programme.
    fn shipped(programme: Programme) -> Option<&'static ProgrammePolicy> {
        static POLICIES: LazyLock<Vec<(PolicyName, ProgrammePolicy)>> = LazyLock::new(|| {
            let parsed = defaults::defaults().map(|text| Policy::parse(text).unwrap());
            let named = parsed.filter_map(|policy| match policy.body {
                PolicyBody::Programme(body) => Some((policy.name, *body)),
                PolicyBody::Certificate(_) | PolicyBody::Rates(_) => None,
            });
            named.collect()
        });
        let found = POLICIES.iter().find(|(name, _)| *name == PolicyName::Programme(programme));
        found.map(|(_, policy)| policy)
    }

    #[test]
    fn fact_kinds_are_a_set() {
        let set = FactKinds::of(&[FactKind::OrphanAllowance, FactKind::Death]);
        assert!(set.contains(FactKind::OrphanAllowance) && set.contains(FactKind::Death));
        assert!(!set.contains(FactKind::Dibao));
        assert!(!FactKinds::default().contains(FactKind::Death));
    }
}
