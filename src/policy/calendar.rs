//! The working-day calendar as a published text.
//!
//! A calendar text holds one or more years; each year names the State Council notices it was made
//! from. What a later text says of a year replaces what an earlier one said of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Contradiction, PolicyError, error::distinct, text};
use crate::value::{Day, WorkingCalendar};

/// A checked calendar text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarData {
    /// The years, in ascending order.
    pub years: Vec<CalendarYear>,
}

/// The holidays and make-up workdays of one year's notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    /// The year the notices are for.
    pub year: i32,
    /// The notices, oldest first; a later one changes an earlier one.
    pub notices: Vec<Notice>,
    /// Every day of a holiday; weekend days inside it may be listed too. Days of the December
    /// before or the January after belong here when the notice names them.
    pub off: Vec<Day>,
    /// Weekend days on which people work.
    pub work: Vec<Day>,
}

/// One notice of the General Office of the State Council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Document number.
    pub number: String,
    /// The day it is dated.
    pub date: Day,
    /// Where the text is published.
    pub address: String,
}

impl CalendarData {
    /// Reads and checks a calendar text.
    ///
    /// # Errors
    /// [`PolicyError`]: too long, not canonical, broken form, or a contradiction.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let data: Self = text::read(text)?;
        data.check()?;
        Ok(data)
    }

    /// The years as a calendar that counts working days.
    #[must_use]
    pub fn working_calendar(&self) -> WorkingCalendar {
        working_calendar(&self.years)
    }

    fn check(&self) -> Result<(), Contradiction> {
        if self.years.is_empty() {
            return Err(Contradiction::Empty { key: "years" });
        }
        let mut last = None;
        let mut listed = BTreeSet::new();
        for year in &self.years {
            if !(1990..=2200).contains(&year.year) || last.is_some_and(|last| last >= year.year) {
                return Err(Contradiction::YearsOutOfOrder { year: year.year });
            }
            last = Some(year.year);
            year.check()?;
            for day in year.off.iter().chain(&year.work) {
                if !listed.insert(*day) {
                    return Err(Contradiction::DayBothWays { day: *day });
                }
            }
        }
        Ok(())
    }
}

impl CalendarYear {
    fn check(&self) -> Result<(), Contradiction> {
        if self.notices.is_empty() {
            return Err(Contradiction::Empty { key: "notices" });
        }
        if self.notices.iter().any(|notice| notice.number.trim().is_empty()) {
            return Err(Contradiction::Empty { key: "number" });
        }
        if self.off.is_empty() {
            return Err(Contradiction::Empty { key: "off" });
        }
        distinct("off", &self.off, ToString::to_string)?;
        distinct("work", &self.work, ToString::to_string)?;
        for day in self.off.iter().chain(&self.work) {
            let month = day.month();
            let belongs = day.year() == self.year
                || (month.year() == self.year - 1 && month.month() == 12)
                || (month.year() == self.year + 1 && month.month() == 1);
            if !belongs {
                return Err(Contradiction::DayOfOtherYear { day: *day, year: self.year });
            }
        }
        match self.work.iter().find(|day| day.is_weekday()) {
            Some(day) => Err(Contradiction::MakeUpOnWeekday { day: *day }),
            None => Ok(()),
        }
    }
}

/// One calendar from years in ascending order. Days that a notice names in the neighbouring year
/// count only where that year has a notice of its own, so that a year known by its last days
/// alone still says that it was assumed.
pub(super) fn working_calendar<'a>(
    years: impl IntoIterator<Item = &'a CalendarYear>,
) -> WorkingCalendar {
    let years: Vec<_> = years.into_iter().collect();
    let known: BTreeSet<i32> = years.iter().map(|year| year.year).collect();
    let mut calendar = WorkingCalendar::default();
    for year in years {
        let keep = |days: &[Day]| -> Vec<Day> {
            days.iter().copied().filter(|day| known.contains(&day.year())).collect()
        };
        calendar.publish(year.year, &keep(&year.off), &keep(&year.work));
    }
    calendar
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{policy::defaults, value::Month};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn shipped() -> WorkingCalendar {
        CalendarData::parse(defaults::CALENDAR).unwrap().working_calendar()
    }

    /// Working days per month, counted from another public data set (LKI/chinese-calendar) than
    /// the one the days were listed from.
    const WORKDAYS: [(i32, [u32; 12]); 9] = [
        (2018, [22, 17, 22, 20, 22, 20, 22, 23, 21, 18, 22, 21]),
        (2019, [22, 17, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22]),
        (2020, [17, 20, 22, 22, 19, 21, 23, 21, 23, 17, 21, 23]),
        (2021, [20, 17, 23, 22, 19, 21, 22, 22, 22, 17, 22, 23]),
        (2022, [21, 16, 23, 21, 20, 21, 21, 23, 21, 18, 22, 22]),
        (2023, [18, 20, 23, 20, 21, 21, 21, 23, 20, 19, 22, 21]),
        (2024, [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22]),
        (2025, [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23]),
        (2026, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]),
    ];

    #[test]
    fn every_month_has_the_workdays_of_an_independent_count() {
        let calendar = shipped();
        for (year, months) in WORKDAYS {
            assert!(calendar.has_year(year));
            for (number, expected) in (1..).zip(months) {
                let month = Month::new(year, number).unwrap();
                let before = month.first_day().plus_days(-1);
                let count = calendar.between(before, month.last_day());
                assert_eq!((count.count, count.assumed), (expected, false), "{month}");
            }
        }
        assert!(!calendar.has_year(2017) && !calendar.has_year(2027));
    }

    #[test]
    fn known_days() {
        let calendar = shipped();
        let rows = [
            ("2018-12-29", true), // Saturday worked for New Year 2019
            ("2018-12-30", false),
            ("2018-12-31", false), // off by the notice of 2019
            ("2019-05-02", false), // off by the changed Labour Day
            ("2019-05-05", true),
            ("2020-01-31", false), // Spring Festival was lengthened
            ("2020-02-01", false), // a make-up workday in the first notice only
            ("2020-02-03", true),
            ("2022-12-31", false),
            ("2024-02-09", true), // New Year's Eve was encouraged leave, not a holiday
            ("2025-01-28", false),
            ("2025-01-26", true),
            ("2025-10-08", false),
            ("2025-10-11", true),
            ("2026-01-02", false),
            ("2026-01-04", true),
            ("2026-02-23", false),
            ("2026-02-28", true),
            ("2026-09-20", true),
            ("2026-09-25", false),
            ("2026-10-08", true),
            ("2026-10-10", true),
        ];
        for (text, works) in rows {
            assert_eq!(calendar.is_working_day(day(text)), works, "{text}");
        }
    }

    #[test]
    fn five_working_days_over_national_day() {
        // Posted on Tuesday 2026-09-29: Wednesday, then Thursday 8 to Saturday 10 October and
        // Monday 12 October.
        assert_eq!(shipped().after(day("2026-09-29"), 5), day("2026-10-12"));
    }

    #[test]
    fn a_year_known_by_its_last_days_alone_is_still_assumed() {
        let text = text_of(2023, "\"2022-12-31\", \"2023-01-02\"", "\"2023-01-28\"");
        let calendar = CalendarData::parse(&text).unwrap().working_calendar();
        assert!(calendar.has_year(2023) && !calendar.has_year(2022));
    }

    fn text_of(year: i32, off: &str, work: &str) -> String {
        format!(
            "[[years]]\nyear = {year}\noff = [{off}]\nwork = [{work}]\n\
             notices = [{{ number = \"n\", date = \"2022-12-08\", address = \"a\" }}]\n"
        )
    }

    #[test]
    fn refusals() {
        let rule = |text: &str| match CalendarData::parse(text) {
            Err(PolicyError::Contradiction(found)) => found.rule(),
            Err(PolicyError::Form { .. }) => "form",
            other => panic!("{other:?}"),
        };
        let good = text_of(2023, "\"2023-01-02\"", "");
        let rows = [
            ("years = []\n".to_owned(), "empty"),
            (text_of(2023, "", ""), "empty"),
            (good.replace("\"n\"", "\" \""), "empty"),
            (text_of(2023, "\"2022-11-30\"", ""), "day_of_other_year"),
            (text_of(2023, "\"2024-02-01\"", ""), "day_of_other_year"),
            (text_of(2023, "\"2023-01-02\"", "\"2023-01-30\""), "make_up_on_weekday"),
            (text_of(2023, "\"2023-01-28\"", "\"2023-01-28\""), "day_both_ways"),
            (text_of(2023, "\"2023-01-02\", \"2023-01-02\"", ""), "listed_twice"),
            (format!("{good}{good}"), "years_out_of_order"),
            (
                format!("{good}{}", text_of(2024, "\"2024-01-01\"", "")) + &good,
                "years_out_of_order",
            ),
            (text_of(1900, "\"1900-01-01\"", ""), "years_out_of_order"),
            (text_of(2023, "\"2023-02-30\"", ""), "form"),
            (good.replace("number", "nummer"), "form"),
        ];
        for (text, expected) in rows {
            assert_eq!(rule(&text), expected, "{text}");
        }
        assert!(CalendarData::parse(&good).is_ok());
    }
}
