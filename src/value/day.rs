//! Days in Asia/Shanghai.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, ToSpan, civil::Date, tz};

use super::{Malformed, Month, text_value};

const DAY_SECONDS: i64 = 86_400;
/// The counts of 1900-01-01 and of 2200-12-31.
const FIRST_COUNT: i64 = -25_567;
const LAST_COUNT: i64 = 84_370;

/// A calendar day in Asia/Shanghai, written `YYYY-MM-DD`; years 1900 to 2200.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// A day from year, month and day of month.
    ///
    /// # Errors
    /// A day that the calendar does not have, or a year outside 1900-2200.
    pub fn new(year: i32, month: u32, day: u32) -> Result<Self, Malformed> {
        let wrong = Malformed::new("day", "a day of the calendar, years 1900 to 2200");
        if !(1900..=2200).contains(&year) {
            return Err(wrong);
        }
        let narrow = |n: u32| i8::try_from(n).map_err(|_| wrong);
        let year = i16::try_from(year).map_err(|_| wrong)?;
        Date::new(year, narrow(month)?, narrow(day)?).map(Self).map_err(|_| wrong)
    }

    /// The day in Asia/Shanghai at a time given in milliseconds since 1970 UTC. China has kept
    /// UTC+8 without summer time since 1992; earlier times are not recorded by the ledger.
    #[must_use]
    pub fn of_millis(ms: u64) -> Self {
        let ms = i64::try_from(ms).unwrap_or(i64::MAX).min(7_258_089_599_000);
        let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        Self(tz::offset(8).to_datetime(time).date())
    }

    /// Milliseconds since 1970 UTC of the first moment of the day in Asia/Shanghai (0 before
    /// 1970).
    #[must_use]
    pub fn start_millis(self) -> u64 {
        let midnight = tz::offset(8).to_timestamp(self.0.at(0, 0, 0, 0));
        midnight.map_or(0, |time| u64::try_from(time.as_millisecond()).unwrap_or(0))
    }

    /// The month of the day.
    #[must_use]
    pub fn month(self) -> Month {
        Month::new(i32::from(self.0.year()), u32::from(self.0.month().unsigned_abs()))
            .expect("a day's month is in range")
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        i32::from(self.0.year())
    }

    /// The day of the month, 1-31.
    #[must_use]
    pub fn day_of_month(self) -> u32 {
        u32::from(self.0.day().unsigned_abs())
    }

    /// Monday to Friday.
    #[must_use]
    pub fn is_weekday(self) -> bool {
        self.0.weekday().to_monday_zero_offset() < 5
    }

    /// Days from Monday to Friday after this day, up to and including `to`.
    pub(super) fn weekdays_until(self, to: Self) -> u32 {
        let days = u32::try_from(to.since(self)).unwrap_or(0);
        let weekday = u32::from(self.0.weekday().to_monday_zero_offset().unsigned_abs());
        let rest = (1..=days % 7).filter(|count| (weekday + count) % 7 < 5).count();
        days / 7 * 5 + u32::try_from(rest).unwrap_or(0)
    }

    /// The day `count` days later (earlier when negative), held inside 1900-2200.
    #[must_use]
    pub fn plus_days(self, count: i32) -> Self {
        Self::of_count(self.count().saturating_add(i64::from(count)))
    }

    /// Days since 1970-01-01.
    fn count(self) -> i64 {
        let midnight = tz::offset(0).to_timestamp(self.0.at(0, 0, 0, 0));
        midnight.map_or(0, |time| time.as_second().div_euclid(DAY_SECONDS))
    }

    /// The day so many days after 1970-01-01, held inside 1900-2200.
    fn of_count(count: i64) -> Self {
        let seconds = count.clamp(FIRST_COUNT, LAST_COUNT) * DAY_SECONDS;
        let time = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
        Self(tz::offset(0).to_datetime(time).date())
    }

    /// The same day `count` months later; the last day of the month where it has no such day.
    #[must_use]
    pub fn plus_months(self, count: i32) -> Self {
        Self::held(self.0.checked_add(count.months()).ok(), count < 0)
    }

    fn held(moved: Option<Date>, back: bool) -> Self {
        match moved {
            Some(date) if (1900..=2200).contains(&date.year()) => Self(date),
            _ if back => Self(Date::constant(1900, 1, 1)),
            _ => Self(Date::constant(2200, 12, 31)),
        }
    }

    /// Days from `earlier` to this day; negative when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i32 {
        i32::try_from(self.count() - earlier.count()).unwrap_or(i32::MAX)
    }

    /// Completed years from `birth` to this day.
    #[must_use]
    pub fn age_from(self, birth: Self) -> i32 {
        let before_birthday = (self.0.month(), self.0.day()) < (birth.0.month(), birth.0.day());
        self.year() - birth.year() - i32::from(before_birthday)
    }

    /// Days since 1900-01-01, for compact storage.
    #[must_use]
    pub fn index(self) -> u32 {
        u32::try_from(self.count() - FIRST_COUNT).unwrap_or(0)
    }

    /// The day at an [`index`](Self::index).
    #[must_use]
    pub fn from_index(index: u32) -> Self {
        Self::of_count(FIRST_COUNT + i64::from(index))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Day {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = Malformed::new("day", "written YYYY-MM-DD");
        let bytes = text.as_bytes();
        let dashes = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
        let digits = dashes
            && bytes.iter().enumerate().all(|(at, b)| at == 4 || at == 7 || b.is_ascii_digit());
        if !digits {
            return Err(wrong);
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().map_err(|_| wrong);
        Self::new(number(0..4)?.cast_signed(), number(5..7)?, number(8..10)?)
    }
}

const PATTERN: &str = concat!(
    "^(19[0-9]{2}|2[01][0-9]{2}|2200)-",
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)",
    "|02-(0[1-9]|[12][0-9]))$"
);
text_value!(Day, "day", PATTERN, as u32, |day| day.index(), |index| Ok(Day::from_index(index)));

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_turns_at_midnight_in_shanghai() {
        // 2026-09-30 16:00 UTC is 2026-10-01 00:00 in Shanghai.
        assert_eq!(Day::of_millis(1_790_784_000_000), day("2026-10-01"));
        assert_eq!(Day::of_millis(1_790_783_999_999), day("2026-09-30"));
        assert_eq!(day("2026-10-01").start_millis(), 1_790_784_000_000);
    }

    #[test]
    fn ages_are_completed_years() {
        assert_eq!(day("2026-03-31").age_from(day("2008-03-31")), 18);
        assert_eq!(day("2026-03-30").age_from(day("2008-03-31")), 17);
        assert_eq!(day("2026-02-28").age_from(day("2008-02-29")), 17);
    }

    #[test]
    fn every_day_of_the_range_follows_the_one_before() {
        let mut date = Date::constant(1900, 1, 1);
        let mut index = 0;
        while date.year() <= 2200 {
            let today = Day(date);
            assert_eq!((today.index(), Day::from_index(index)), (index, today));
            date = date.tomorrow().unwrap();
            if date.year() <= 2200 {
                assert_eq!((today.plus_days(1), Day(date).plus_days(-1)), (Day(date), today));
                assert_eq!((Day(date).since(today), today.since(Day(date))), (1, -1));
            }
            index += 1;
        }
        let (first, last) = (day("1900-01-01"), day("2200-12-31"));
        assert_eq!((first.plus_days(-1), first.plus_days(i32::MIN)), (first, first));
        assert_eq!((last.plus_days(1), Day::from_index(u32::MAX)), (last, last));
        assert_eq!(last.since(first), first.plus_days(109_937).since(first));
    }

    #[test]
    fn days_count_and_are_held_in_range() {
        assert_eq!(day("2026-03-01").since(day("2026-02-28")), 1);
        assert_eq!(day("2026-02-28").since(day("2026-03-01")), -1);
        assert_eq!(day("2200-12-31").plus_days(1), day("2200-12-31"));
        assert_eq!(day("2024-02-29").plus_months(120), day("2034-02-28"));
        assert_eq!(Day::from_index(day("2026-11-23").index()), day("2026-11-23"));
        for bad in ["2026-02-30", "2026-2-3", "2026/02/03", "20260203", "1899-12-31"] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }
}
