//! Administrative division codes (GB/T 2260).

use std::{fmt, num::NonZeroU32, str::FromStr};

use super::{Lang, Malformed, text_value};

mod names;

/// A six-digit division code such as 411702; `xx0000` is a province, `xxxx00` a prefecture.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode(NonZeroU32);

impl DivisionCode {
    /// Says whether an actor of this division acts for `other`: the same division or one below.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        let span = if self.number().is_multiple_of(10_000) {
            10_000
        } else if self.number().is_multiple_of(100) {
            100
        } else {
            1
        };
        self.number() / span == other.number() / span
    }

    /// The division one level up: county to prefecture, prefecture to province.
    #[must_use]
    pub const fn parent(self) -> Option<Self> {
        if self.number().is_multiple_of(10_000) {
            None
        } else if self.number().is_multiple_of(100) {
            Self::from_number(self.number() / 10_000 * 10_000)
        } else {
            Self::from_number(self.number() / 100 * 100)
        }
    }

    /// A prefecture (`xxxx00`, not a province).
    #[must_use]
    pub const fn is_prefecture(self) -> bool {
        self.number().is_multiple_of(100) && !self.number().is_multiple_of(10_000)
    }

    /// A county or district.
    #[must_use]
    pub const fn is_county(self) -> bool {
        !self.number().is_multiple_of(100)
    }

    /// Says whether a division can have this code (GB/T 2260): it begins with a province, and a
    /// county lies in a prefecture. 99, which is no province, is for trying things out.
    #[must_use]
    pub const fn has_shape(self) -> bool {
        let (prefecture, county) = (self.number() / 100 % 100, self.number() % 100);
        let province = matches!(
            self.number() / 10_000,
            11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81 | 82 | 99
        );
        province && (prefecture != 0 || county == 0)
    }

    /// What it is called, where its name is known.
    #[must_use]
    pub fn name(self, lang: Lang) -> Option<&'static str> {
        let at = names::NAMES.binary_search_by_key(&self.number(), |(code, ..)| *code).ok()?;
        let (_, zh, en) = names::NAMES[at];
        Some(match lang {
            Lang::Zh => zh,
            Lang::En => en,
        })
    }

    /// The name and the code, such as `驿城区 411702`; the code alone where there is no name.
    #[must_use]
    pub fn named(self, lang: Lang) -> String {
        self.name(lang).map_or_else(|| self.to_string(), |name| format!("{name} {self}"))
    }

    /// Every division whose name is known, in the order of the codes.
    pub fn known() -> impl Iterator<Item = Self> {
        names::NAMES.iter().filter_map(|(code, ..)| Self::from_number(*code))
    }

    /// The code as a number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0.get()
    }

    /// The division of a number; nothing when it has not six digits.
    #[must_use]
    pub const fn from_number(code: u32) -> Option<Self> {
        match NonZeroU32::new(code) {
            Some(code) if 100_000 <= code.get() && code.get() < 1_000_000 => Some(Self(code)),
            _ => None,
        }
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.number())
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for DivisionCode {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let digits = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        let code = text.parse().ok().filter(|_| digits).and_then(Self::from_number);
        code.ok_or(Malformed::new("division code", "six digits, the first not 0"))
    }
}

text_value!(
    DivisionCode, "division code", "^[1-9][0-9]{5}$", as u32, |code| code.number(),
    |code| {
        DivisionCode::from_number(code).ok_or(Malformed::new("division code", "out of range"))
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_name_is_found_by_its_code() {
        let mut before = 0;
        for code in DivisionCode::known() {
            assert!(before < code.number(), "{code} is out of order");
            before = code.number();
            assert!(code.to_string().parse::<DivisionCode>().is_ok());
            assert!(code.name(Lang::Zh).is_some() && code.name(Lang::En).is_some());
        }
        let code: DivisionCode = "411702".parse().unwrap();
        assert_eq!(code.named(Lang::Zh), "驿城区 411702");
        assert_eq!(code.named(Lang::En), "Yicheng District 411702");
        let unknown: DivisionCode = "411799".parse().unwrap();
        assert_eq!(unknown.named(Lang::Zh), "411799");
    }

    #[test]
    fn the_shape_of_a_code() {
        let has = |text: &str| text.parse::<DivisionCode>().unwrap().has_shape();
        assert!(DivisionCode::known().all(DivisionCode::has_shape));
        for good in ["411702", "411700", "410000", "419001", "469021", "810000", "990101"] {
            assert!(has(good), "{good}");
        }
        for bad in ["410001", "100000", "161700", "380101", "901700", "550000", "660000"] {
            assert!(!has(bad), "{bad}");
        }
    }

    #[test]
    fn a_division_covers_itself_and_those_below() {
        let code = |text: &str| text.parse::<DivisionCode>().unwrap();
        assert!(code("410000").covers(code("411702")));
        assert!(code("411700").covers(code("411702")));
        assert!(code("411702").covers(code("411702")));
        assert!(!code("411702").covers(code("411700")));
        assert!(!code("411700").covers(code("411800")));
        assert!(!code("411702").covers(code("411721")));
        assert_eq!(code("411702").parent(), Some(code("411700")));
        assert_eq!(code("411700").parent(), Some(code("410000")));
    }
}
