//! Pages of long lists: how much at once, and from where.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    problem::{Fault, Problem},
    row::{Param, shape},
};
use crate::value::{DivisionCode, Malformed, Month, PersonId, Programme};

/// Items of a page when nothing is said, and at most.
const LIMIT_DEFAULT: usize = 100;
pub(crate) const LIMIT_MAX: usize = 1000;

pub(crate) const AFTER: Param = Param {
    name: "after",
    what: "Behind this: `next` of the page before",
    required: false,
    of: shape::<String>(),
};
pub(crate) const LIMIT: Param = Param {
    name: "limit",
    what: "At most so many, 1 to 1000; 100 if not said",
    required: false,
    of: shape::<Limit>(),
};

pub(crate) const DIVISION: Param = Param {
    name: "division",
    what: "Only of this division and those below it",
    required: false,
    of: shape::<DivisionCode>(),
};
pub(crate) const PROGRAMME: Param = Param {
    name: "programme",
    what: "Only of this programme",
    required: false,
    of: shape::<Programme>(),
};
pub(crate) const MONTH: Param = Param {
    name: "month",
    what: "Only of this month: certificates issued in it, payments for it, flags about it",
    required: false,
    of: shape::<Month>(),
};

/// The schema of the limit.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "read by the document alone")]
struct Limit(#[schemars(range(min = 1, max = 1000))] u32);

/// Behind which line of a list of persons a page begins: behind everything of a person, or behind one
/// entry of theirs. As text it is `PERSON` or `PERSON.ENTRY`.
///
/// It stays good when persons and entries come or go: it is a place, whether or not anything stands
/// there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Behind {
    pub(crate) person: PersonId,
    pub(crate) entry: Option<u64>,
}

impl TryFrom<String> for Behind {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        let Some((person, entry)) = text.split_once('.') else {
            return Ok(Self { person: text.parse()?, entry: None });
        };
        let wrong = Malformed::new("after", "`next` of the page before, as it was given");
        let number: u64 = entry.parse().map_err(|_| wrong)?;
        // One text for one place.
        if number.to_string() != entry {
            return Err(wrong);
        }
        Ok(Self { person: person.parse()?, entry: Some(number) })
    }
}

impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry {
            None => write!(f, "{}", self.person),
            Some(entry) => write!(f, "{}.{entry}", self.person),
        }
    }
}

/// One page of lines that are all there: those behind a place, as many as are wanted, and the place
/// of the last one where there are more.
pub(crate) fn cut<T>(
    lines: impl IntoIterator<Item = T>,
    wanted: Option<usize>,
    is_behind: impl Fn(&T) -> bool,
    place: impl Fn(&T) -> String,
) -> Result<(Vec<T>, Option<String>), Problem> {
    let limit = limit(wanted)?;
    let mut items: Vec<T> = lines.into_iter().filter(is_behind).take(limit + 1).collect();
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(place);
    Ok((items, next))
}

/// The limit asked for.
pub(crate) fn limit(asked: Option<usize>) -> Result<usize, Problem> {
    match asked.unwrap_or(LIMIT_DEFAULT) {
        limit @ 1..=LIMIT_MAX => Ok(limit),
        _ => Err(Problem::saying(Fault::BadQuery, "limit is 1 to 1000")),
    }
}
