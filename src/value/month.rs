//! Benefit months.

use std::{fmt, str::FromStr};

use super::{Day, Malformed, text_value};

/// A calendar month, written `YYYY-MM`; years 1900 to 2200.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(u16);

impl Month {
    const YEAR_MIN: i32 = 1900;
    const YEAR_MAX: i32 = 2200;

    /// A month from its year and number 1-12.
    ///
    /// # Errors
    /// A year outside 1900-2200 or a month outside 1-12.
    pub fn new(year: i32, month: u32) -> Result<Self, Malformed> {
        if !(Self::YEAR_MIN..=Self::YEAR_MAX).contains(&year) || !(1..=12).contains(&month) {
            return Err(Malformed::new("month", "year 1900 to 2200, month 1 to 12"));
        }
        let index = (year - Self::YEAR_MIN) * 12 + month.cast_signed() - 1;
        Ok(Self(u16::try_from(index).expect("300 years of months fit in 16 bits")))
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i32 {
        Self::YEAR_MIN + (self.0 / 12) as i32
    }

    /// The month of the year, 1-12.
    #[must_use]
    pub const fn month(self) -> u32 {
        (self.0 % 12) as u32 + 1
    }

    /// The month `count` months later (earlier when negative), held inside 1900-2200.
    #[must_use]
    pub fn plus(self, count: i32) -> Self {
        let last = (Self::YEAR_MAX - Self::YEAR_MIN) * 12 + 11;
        let index = i32::from(self.0).saturating_add(count).clamp(0, last);
        Self(u16::try_from(index).expect("held inside the range"))
    }

    /// The month after this one.
    #[must_use]
    pub fn next(self) -> Self {
        self.plus(1)
    }

    /// Months from `earlier` to this one; negative when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i32 {
        i32::from(self.0) - i32::from(earlier.0)
    }

    /// The first day of the month.
    #[must_use]
    pub fn first_day(self) -> Day {
        Day::new(self.year(), self.month(), 1).expect("every month has a first day")
    }

    /// The last day of the month.
    #[must_use]
    pub fn last_day(self) -> Day {
        self.next().first_day().plus_days(-1)
    }

    /// Every month from this one to `last`, both included; empty when `last` is earlier.
    pub fn to(self, last: Self) -> impl Iterator<Item = Self> + Clone {
        (self.0..=last.0).map(Self)
    }

    /// Months since January 1900, for compact storage.
    #[must_use]
    pub const fn index(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Month {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = Malformed::new("month", "written YYYY-MM");
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
        if bytes.len() != 7 || bytes[4] != b'-' || !digits(0..4) || !digits(5..7) {
            return Err(wrong);
        }
        let year = text[..4].parse().map_err(|_| wrong)?;
        let month = text[5..].parse().map_err(|_| wrong)?;
        Self::new(year, month)
    }
}

text_value!(Month, "month", "^(19[0-9]{2}|2[01][0-9]{2}|2200)-(0[1-9]|1[0-2])$", as u16, |month| month.0, |index| {
    if index < 301 * 12 { Ok(Month(index)) } else { Err(Malformed::new("month", "out of range")) }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_count_across_years() {
        let december: Month = "2025-12".parse().unwrap();
        assert_eq!(december.next().to_string(), "2026-01");
        assert_eq!(december.plus(-12).to_string(), "2024-12");
        assert_eq!(december.last_day().to_string(), "2025-12-31");
        assert_eq!(december.to("2026-02".parse().unwrap()).count(), 3);
        assert_eq!(december.to("2025-11".parse().unwrap()).count(), 0);
        for bad in ["2026-13", "2026-00", "2026-1", "+026-01", "2026/01", "1899-12"] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }
}
