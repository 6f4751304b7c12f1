//! The ages that a programme covers, and the day on which an age is counted.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::value::{Day, Malformed, text_value};

/// Ages covered, in completed years, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeRange {
    /// Least age.
    pub min: Option<u32>,
    /// Greatest age.
    pub max: Option<u32>,
    /// The day on which age is counted.
    pub on: AgeDay,
}

impl AgeRange {
    /// Says whether someone born on `birth` is inside the range for an application. Someone born
    /// between the day on which age is counted and the application counts as 0.
    #[must_use]
    pub fn covers(&self, birth: Day, application: Day) -> bool {
        let age = self.on.day(application).age_from(birth).max(0);
        let at_least = |min: u32| i64::from(age) >= i64::from(min);
        let at_most = |max: u32| i64::from(age) <= i64::from(max);
        birth <= application && self.min.is_none_or(at_least) && self.max.is_none_or(at_most)
    }
}

/// The day on which age is counted: the application's own, or a day of its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeDay {
    /// `application_day`
    Application,
    /// `MM-DD` of the year of the application.
    Fixed(MonthDay),
}

impl AgeDay {
    /// The day for an application made on a day.
    #[must_use]
    pub fn day(self, application: Day) -> Day {
        match self {
            Self::Application => application,
            Self::Fixed(day) => day.of_year(application.year()),
        }
    }
}

impl fmt::Display for AgeDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Application => f.write_str("application_day"),
            Self::Fixed(day) => day.fmt(f),
        }
    }
}

impl FromStr for AgeDay {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text == "application_day" {
            Ok(Self::Application)
        } else {
            text.parse().map(Self::Fixed)
        }
    }
}

text_value!(AgeDay, "age day", "^(application_day|[0-9]{2}-[0-9]{2})$");

/// A day that every year has, written `MM-DD`; 29 February is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: u32,
    day: u32,
}

impl MonthDay {
    /// The day in a year; years outside 1900-2200 are held at the nearest.
    #[must_use]
    pub fn of_year(self, year: i32) -> Day {
        let year = year.clamp(1900, 2200);
        Day::new(year, self.month, self.day).expect("the day was parsed as one of every year")
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl FromStr for MonthDay {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        // 1999 is no leap year: what it has, every year has.
        let day: Day = format!("1999-{text}")
            .parse()
            .map_err(|_| Malformed::new("day of the year", "MM-DD that every year has"))?;
        Ok(Self { month: day.month().month(), day: day.day_of_month() })
    }
}

text_value!(MonthDay, "day of the year", "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$");
