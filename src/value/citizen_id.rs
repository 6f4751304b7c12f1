//! Citizen ID numbers (公民身份号码, GB 11643-1999).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use super::{Day, Malformed};

/// A cleaned citizen ID number: 18 characters, or 15 digits of the old form, or another readable
/// number whose check digit or date is wrong. Legacy rolls hold mistyped numbers: they are
/// recorded and flagged, so form is a property here, not a condition.
///
/// Never printed by `Debug`; wiped when dropped.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenId(String);

/// What the number's own form says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdForm {
    /// 18 characters, check character right, a day of the calendar.
    Valid,
    /// 18 characters, check character wrong.
    BadCheck,
    /// 18 characters, the birth date does not exist.
    BadDate,
    /// 15 digits of the old form, never upgraded.
    Old15,
}

/// Sex as the number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 女, an even sequence number.
    Female,
    /// 男, an odd sequence number.
    Male,
}

impl CitizenId {
    /// The number as text, capital X.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Judges the number's own form.
    #[must_use]
    pub fn form(&self) -> IdForm {
        if self.0.len() == 15 {
            return IdForm::Old15;
        }
        if self.birth_date().is_none() {
            IdForm::BadDate
        } else if check_character(&self.0.as_bytes()[..17]) != self.0.as_bytes()[17] {
            IdForm::BadCheck
        } else {
            IdForm::Valid
        }
    }

    /// The birth date in the number, if it is a day of the calendar.
    #[must_use]
    pub fn birth_date(&self) -> Option<Day> {
        let number = |range: std::ops::Range<usize>| self.0[range].parse::<u32>().ok();
        let (year, month, day) = if self.0.len() == 15 {
            (1900 + number(6..8)?, number(8..10)?, number(10..12)?)
        } else {
            (number(6..10)?, number(10..12)?, number(12..14)?)
        };
        Day::new(year.cast_signed(), month, day).ok()
    }

    /// The sex in the number.
    #[must_use]
    pub fn sex(&self) -> Sex {
        let sequence_end = if self.0.len() == 15 { 14 } else { 16 };
        if (self.0.as_bytes()[sequence_end] - b'0').is_multiple_of(2) {
            Sex::Female
        } else {
            Sex::Male
        }
    }

    /// The valid numbers that this one may stand for: none for a valid one; the upgraded number for
    /// one of the old form; else every valid number that differs in one character or in two
    /// neighbours swapped. One such slip always breaks the check character, so of two numbers it
    /// is the mistyped one that can name the other.
    #[must_use]
    pub fn meant(&self) -> Vec<Self> {
        let text = self.0.as_bytes();
        let mut found = Vec::new();
        let mut add = |bytes: &[u8]| {
            let number = std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<Self>().ok());
            let valid = number.filter(|number| number.form() == IdForm::Valid);
            found.extend(valid);
        };
        match self.form() {
            IdForm::Valid => {}
            IdForm::Old15 => {
                let mut upgraded = [&text[..6], b"19", &text[6..]].concat();
                upgraded.push(check_character(&upgraded));
                add(&upgraded);
            }
            IdForm::BadCheck | IdForm::BadDate => {
                for at in 0..text.len() {
                    let mut other = text.to_vec();
                    for digit in b'0'..=b'9' {
                        if digit != text[at] {
                            other[at] = digit;
                            add(&other);
                        }
                    }
                    if at + 1 == text.len() && text[at] != b'X' {
                        other[at] = b'X';
                        add(&other);
                    }
                }
                for at in 1..text.len() {
                    let mut other = text.to_vec();
                    other.swap(at - 1, at);
                    if other != text {
                        add(&other);
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// A number of the demo prefix 99, which no division has: accepted by demo ledgers only.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.0.starts_with("99")
    }

    /// The check character that the first 17 digits ask for (ISO 7064 MOD 11-2).
    #[must_use]
    pub fn check_for(body: &[u8; 17]) -> Option<char> {
        body.iter().all(u8::is_ascii_digit).then(|| char::from(check_character(body)))
    }
}

/// S = sum of digit times 2^(17-i) mod 11; the check character is "10X98765432"[S mod 11].
fn check_character(body: &[u8]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    b"10X98765432"[(sum % 11) as usize]
}

impl FromStr for CitizenId {
    type Err = Malformed;
    /// Takes cleaned text only: half-width, no spaces, capital X (see `rolls` for cleaning).
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let bytes = text.as_bytes();
        let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        let fits = match bytes.len() {
            15 => digits(bytes),
            18 => digits(&bytes[..17]) && (bytes[17].is_ascii_digit() || bytes[17] == b'X'),
            _ => false,
        };
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed::new("citizen ID", "17 digits and a digit or X, or 15 digits"))
        }
    }
}

impl fmt::Debug for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CitizenId(..)")
    }
}

impl Drop for CitizenId {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> CitizenId {
        text.parse().unwrap()
    }

    #[test]
    fn published_samples_are_valid() {
        for text in
            ["11010519491231002X", "440524188001010014", "34052419800101001X", "370101190102039973"]
        {
            let form = id(text).form();
            // 1880 is outside the years the ledger counts in.
            let expected =
                if text.starts_with("4405241880") { IdForm::BadDate } else { IdForm::Valid };
            assert_eq!(form, expected, "{text}");
        }
    }

    #[test]
    fn every_single_digit_error_is_found() {
        let good = "11010519491231002X";
        for at in 14..17 {
            for digit in b'0'..=b'9' {
                let mut bytes = good.as_bytes().to_vec();
                if bytes[at] != digit {
                    bytes[at] = digit;
                    let text = String::from_utf8(bytes).unwrap();
                    assert_eq!(id(&text).form(), IdForm::BadCheck);
                }
            }
        }
        assert_eq!(id("11010519490231002X").form(), IdForm::BadDate);
        assert_eq!(id("110105491231002").form(), IdForm::Old15);
        assert_eq!(id("110105491231002").birth_date().unwrap().to_string(), "1949-12-31");
        for bad in ["", "11010519491231002x", "1101051949123100", "X10105194912310021"] {
            assert!(bad.parse::<CitizenId>().is_err());
        }
    }

    #[test]
    fn debug_does_not_show_the_number() {
        assert!(!format!("{:?}", id("11010519491231002X")).contains("1949"));
    }

    #[test]
    fn a_mistyped_number_names_the_one_it_stands_for() {
        let id = |text: &str| text.parse::<CitizenId>().unwrap();
        let right = id("11010519491231002X");
        assert!(right.meant().is_empty(), "nothing is wrong with it");
        for wrong in ["110105194912310021", "11010519491232002X", "11010591491231002X"].map(id) {
            assert!(wrong.meant().contains(&right), "{}", wrong.as_str());
            assert!(
                wrong.meant().len() <= 36
                    && wrong.meant().iter().all(|n| n.form() == IdForm::Valid)
            );
        }
        assert_eq!(id("110105491231002").meant(), [right]);
        assert!(id("110105491331002").meant().is_empty(), "no such day");
    }
}
