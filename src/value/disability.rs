//! Categories, levels and certificate numbers (GB/T 26341-2010; measures of 2017, art. 5 and 13).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{CitizenId, Malformed};

/// Disability category (残疾类别), with the digit it has in a certificate number.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 视力, 1
    Visual,
    /// 听力, 2
    Hearing,
    /// 言语, 3
    Speech,
    /// 肢体, 4
    Physical,
    /// 智力, 5
    Intellectual,
    /// 精神, 6
    Psychiatric,
    /// 多重, 7
    Multiple,
}

impl Category {
    /// All seven, in the order of their digits.
    pub const ALL: [Self; 7] = [
        Self::Visual,
        Self::Hearing,
        Self::Speech,
        Self::Physical,
        Self::Intellectual,
        Self::Psychiatric,
        Self::Multiple,
    ];

    /// The digit 1-7.
    #[must_use]
    pub const fn digit(self) -> u8 {
        self as u8 + 1
    }

    /// The category of a digit 1-7.
    #[must_use]
    pub fn from_digit(digit: u8) -> Option<Self> {
        Self::ALL.get(usize::from(digit.checked_sub(1)?)).copied()
    }

    /// The name offices use.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Visual => "视力",
            Self::Hearing => "听力",
            Self::Speech => "言语",
            Self::Physical => "肢体",
            Self::Intellectual => "智力",
            Self::Psychiatric => "精神",
            Self::Multiple => "多重",
        }
    }
}

/// Disability level (残疾等级), 1 the most severe.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, schemars::JsonSchema)]
pub struct Level(#[schemars(range(min = 1, max = 4))] u8);

impl Level {
    /// A level from 1 to 4.
    ///
    /// # Errors
    /// Any other number.
    pub const fn new(level: u8) -> Result<Self, Malformed> {
        if level >= 1 && level <= 4 {
            Ok(Self(level))
        } else {
            Err(Malformed::new("level", "1 to 4"))
        }
    }

    /// The number 1-4.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Levels 1 and 2 (重度残疾人).
    #[must_use]
    pub const fn is_severe(self) -> bool {
        self.0 <= 2
    }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for Level {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0)
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(u8::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// One component of a multiple disability (art. 13: listed in the remarks).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Its category, never `multiple`.
    pub category: Category,
    /// Its own level.
    pub level: Level,
}

/// A certificate number: citizen ID, category digit, level digit, and `B1`, `B2`... after a
/// replacement. Personal data: never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct CertificateNumber {
    /// The ID part.
    pub id: CitizenId,
    /// The category digit.
    pub category: Category,
    /// The level digit.
    pub level: Level,
    /// How often it was replaced: 0, or n of the suffix `Bn` (1-99).
    pub replaced: u8,
}

impl fmt::Display for CertificateNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, category, level, replaced } = self;
        write!(f, "{}{}{}", id.as_str(), category.digit(), level.number())?;
        if *replaced > 0 { write!(f, "B{replaced}") } else { Ok(()) }
    }
}

impl fmt::Debug for CertificateNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CertificateNumber(..)")
    }
}

impl FromStr for CertificateNumber {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = Malformed::new("certificate number", "ID, category 1-7, level 1-4, B1-B99");
        if !text.is_ascii() {
            return Err(wrong);
        }
        let (body, suffix) = text.split_once('B').map_or((text, None), |(b, s)| (b, Some(s)));
        let replaced = match suffix {
            None => 0,
            Some(digits)
                if matches!(digits.as_bytes(), [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9']) =>
            {
                digits.parse().map_err(|_| wrong)?
            }
            Some(_) => return Err(wrong),
        };
        let split = body.len().checked_sub(2).ok_or(wrong)?;
        let digits = &body.as_bytes()[split..];
        let category = Category::from_digit(digits[0].wrapping_sub(b'0')).ok_or(wrong)?;
        let level = Level::new(digits[1].wrapping_sub(b'0')).map_err(|_| wrong)?;
        Ok(Self { id: body[..split].parse().map_err(|_| wrong)?, category, level, replaced })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_round_trip_and_refuse_others() {
        for text in ["11010519491231002X43", "11010519491231002X11B1", "11010519491231002X74B12"] {
            assert_eq!(text.parse::<CertificateNumber>().unwrap().to_string(), text);
        }
        for bad in [
            "11010519491231002X83",
            "11010519491231002X45",
            "11010519491231002X43B0",
            "11010519491231002X43B100",
            "11010519491231002X4",
            "1",
            "",
        ] {
            assert!(bad.parse::<CertificateNumber>().is_err(), "{bad}");
        }
    }
}
