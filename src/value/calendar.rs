//! The working-day calendar.
//!
//! Public holidays and make-up workdays come from the State Council's yearly notices, as data
//! published on the log. A year without a notice counts Monday to Friday, and whatever used it
//! says so.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use super::Day;

/// Holidays and make-up workdays of the years that have a notice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkingCalendar {
    years: BTreeMap<i32, YearDays>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct YearDays {
    off: BTreeSet<Day>,
    work: BTreeSet<Day>,
}

/// A count of working days and whether a year without a notice was used for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkingDays {
    /// How many.
    pub count: u32,
    /// A year without a published notice was counted Monday to Friday.
    pub assumed: bool,
}

impl WorkingCalendar {
    /// Sets (or replaces) one year's holidays and make-up workdays; days of other years are put
    /// where they belong, since a notice can name days of the neighbouring year.
    pub fn publish(&mut self, year: i32, off: &[Day], work: &[Day]) {
        self.years.entry(year).or_default();
        for day in off {
            let days = self.years.entry(day.year()).or_default();
            days.work.remove(day);
            days.off.insert(*day);
        }
        for day in work {
            let days = self.years.entry(day.year()).or_default();
            days.off.remove(day);
            days.work.insert(*day);
        }
    }

    /// Says whether the year has a published notice.
    #[must_use]
    pub fn has_year(&self, year: i32) -> bool {
        self.years.contains_key(&year)
    }

    /// Says whether people work on that day.
    #[must_use]
    pub fn is_working_day(&self, day: Day) -> bool {
        self.years.get(&day.year()).map_or(day.is_weekday(), |year| {
            year.work.contains(&day) || (day.is_weekday() && !year.off.contains(&day))
        })
    }

    /// Working days after `from` up to and including `to`: the day after posting is day 1.
    #[must_use]
    pub fn between(&self, from: Day, to: Day) -> WorkingDays {
        if to <= from {
            return WorkingDays { count: 0, assumed: false };
        }
        let mut count = from.weekdays_until(to);
        let years = from.plus_days(1).year()..=to.year();
        for days in self.years.range(years.clone()).map(|(_, days)| days) {
            let span = (Bound::Excluded(from), Bound::Included(to));
            let off = days.off.range(span).filter(|day| day.is_weekday()).count();
            let work = days.work.range(span).filter(|day| !day.is_weekday()).count();
            count = count + narrow(work) - narrow(off);
        }
        WorkingDays { count, assumed: years.into_iter().any(|year| !self.has_year(year)) }
    }

    /// The day on which the `count`-th working day after `from` falls.
    #[must_use]
    pub fn after(&self, from: Day, count: u32) -> Day {
        let mut day = from;
        let mut left = count;
        while left > 0 {
            let next = day.plus_days(1);
            if next == day {
                break; // the last day the ledger counts in
            }
            day = next;
            left -= u32::from(self.is_working_day(day));
        }
        day
    }
}

/// Days of a few years.
fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_after_posting_is_day_one() {
        let calendar = WorkingCalendar::default();
        // Monday to Friday of one week: posted Monday, four days to Friday.
        let week = calendar.between(day("2026-11-23"), day("2026-11-27"));
        assert_eq!(week, WorkingDays { count: 4, assumed: true });
        assert_eq!(calendar.after(day("2026-11-23"), 5), day("2026-11-30"));
        assert_eq!(calendar.between(day("2026-11-27"), day("2026-11-23")).count, 0);
    }

    #[test]
    fn holidays_and_make_up_workdays_count() {
        let mut calendar = WorkingCalendar::default();
        calendar.publish(2026, &[day("2026-10-01"), day("2026-10-02")], &[day("2026-10-10")]);
        let span = calendar.between(day("2026-09-30"), day("2026-10-10"));
        // Mon 5 to Fri 9 and the make-up Saturday.
        assert_eq!(span, WorkingDays { count: 6, assumed: false });
    }

    proptest::proptest! {
        #[test]
        fn days_between_are_those_counted_one_by_one(
            first in 0_u32..900,
            len in 0_u32..800,
            off in proptest::collection::vec(0_u32..1700, 0..60),
            work in proptest::collection::vec(0_u32..1700, 0..60),
            years in proptest::collection::vec(2025_i32..2030, 0..3),
        ) {
            let at = |count: u32| day("2025-06-01").plus_days(count.cast_signed());
            let mut calendar = WorkingCalendar::default();
            for year in years {
                let of_year = |days: &[u32]| -> Vec<Day> {
                    days.iter().map(|count| at(*count)).filter(|day| day.year() == year).collect()
                };
                calendar.publish(year, &of_year(&off), &of_year(&work));
            }
            let days = (first + 1..=first + len).map(at);
            let expected = WorkingDays {
                count: narrow(days.clone().filter(|day| calendar.is_working_day(*day)).count()),
                assumed: days.clone().any(|day| !calendar.has_year(day.year())),
            };
            proptest::prop_assert_eq!(calendar.between(at(first), at(first + len)), expected);
        }
    }
}
