//! Money in fen.

use std::{fmt, iter::Sum, ops, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Malformed;

/// An amount in fen (100 fen = 1 yuan). Integers only: a float never touches money.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// Multiplies by a count of months or units.
    #[must_use]
    pub const fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(count as i64))
    }
}

impl ops::Add for Fen {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl ops::Sub for Fen {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl ops::AddAssign for Fen {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), ops::Add::add)
    }
}

impl fmt::Display for Fen {
    /// Yuan with two decimals, such as `60.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

impl FromStr for Fen {
    type Err = Malformed;

    /// Yuan with at most two decimals, such as `60` or `60.50`; never negative.
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = || Malformed::new("amount", "yuan with at most two decimals");
        let (yuan, part) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if yuan.is_empty() || !digits(yuan) || !digits(part) || !matches!(part.len(), 1 | 2) {
            return Err(wrong());
        }
        let whole: i64 = yuan.parse().map_err(|_| wrong())?;
        let fen: i64 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
        let total = whole.checked_mul(100).and_then(|total| total.checked_add(fen));
        total.map(Self).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_are_read_as_they_are_written() {
        for (text, expected) in [("60", 6000), ("60.5", 6050), ("60.05", 6005), ("0.00", 0)] {
            assert_eq!(text.parse(), Ok(Fen(expected)), "{text}");
        }
        for bad in ["", ".5", "60.", "60.005", "-1", "+1", "1,000", "1e3", "99999999999999999999"] {
            assert!(bad.parse::<Fen>().is_err(), "{bad}");
        }
    }
}
