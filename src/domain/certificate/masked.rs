//! What a public notice shows (domain 5.2): the surname and a mask, the county, where it hangs and
//! its days; no number, category or level. `notice.posted` names the salted hash of this text, so
//! that what is shown can be held against what was posted.

use std::fmt;

use crate::value::{Day, DivisionCode, Label};

/// The masked view of one notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskedView {
    /// Surname and mask.
    pub name: String,
    /// The county that decides.
    pub division: DivisionCode,
    /// Where it hangs.
    pub place: Label,
    /// Its first day.
    pub opens_on: Day,
    /// Its last day.
    pub closes_on: Day,
}

impl fmt::Display for MaskedView {
    /// The document that is hashed: a line for each field, each ended by a line feed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, division, place, opens_on, closes_on } = self;
        write!(f, "mingzheng notice v1\n{name}\n{division}\n{place}\n{opens_on}\n{closes_on}\n")
    }
}

/// A name as a notice shows it: two characters leave the surname, more leave the last one too.
#[must_use]
pub fn masked(name: &str) -> Option<String> {
    let letters: Vec<char> = name.trim().chars().collect();
    match letters.as_slice() {
        [] => None,
        [_] => Some("*".to_owned()),
        [surname, _] => Some(format!("{surname}*")),
        [surname, .., last] => Some(format!("{surname}*{last}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_masked_as_notices_are() {
        for (name, expected) in
            [("王芳", Some("王*")), ("李建国", Some("李*国")), ("欧阳建国", Some("欧*国"))]
        {
            assert_eq!(masked(name).as_deref(), expected);
        }
        assert_eq!((masked(""), masked("王").as_deref()), (None, Some("*")));
    }

    #[test]
    fn the_document_is_a_line_for_each_field() {
        let view = MaskedView {
            name: "李*国".to_owned(),
            division: "411702".parse().unwrap(),
            place: "公示栏".parse().unwrap(),
            opens_on: "2026-10-08".parse().unwrap(),
            closes_on: "2026-10-15".parse().unwrap(),
        };
        let text = "mingzheng notice v1\n李*国\n411702\n公示栏\n2026-10-08\n2026-10-15\n";
        assert_eq!(view.to_string(), text);
    }
}
