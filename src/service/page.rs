//! Pages of long lists: how much at once, and from where.

use schemars::JsonSchema;

use super::{
    problem::{Fault, Problem},
    row::{Param, shape},
};

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

/// The schema of the limit.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "read by the document alone")]
struct Limit(#[schemars(range(min = 1, max = 1000))] u32);

/// The limit asked for.
pub(crate) fn limit(asked: Option<usize>) -> Result<usize, Problem> {
    match asked.unwrap_or(LIMIT_DEFAULT) {
        limit @ 1..=LIMIT_MAX => Ok(limit),
        _ => Err(Problem::saying(Fault::BadQuery, "limit is 1 to 1000")),
    }
}
