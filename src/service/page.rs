//! Pages of long lists: how much at once, and from where.

use super::{
    problem::{Fault, Problem},
    row::Param,
};

/// Items of a page when nothing is said, and at most.
const LIMIT_DEFAULT: usize = 100;
pub(crate) const LIMIT_MAX: usize = 1000;

pub(crate) const AFTER: Param =
    Param { name: "after", what: "Behind this: `next` of the page before", required: false };
pub(crate) const LIMIT: Param =
    Param { name: "limit", what: "At most so many, 1 to 1000; 100 if not said", required: false };

/// The limit asked for.
pub(crate) fn limit(asked: Option<usize>) -> Result<usize, Problem> {
    match asked.unwrap_or(LIMIT_DEFAULT) {
        limit @ 1..=LIMIT_MAX => Ok(limit),
        _ => Err(Problem::saying(Fault::BadQuery, "limit is 1 to 1000")),
    }
}
