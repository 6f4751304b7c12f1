//! How strictly certificates were reviewed, counted from the events of the log.
//!
//! [`StrictReview`] takes every event once, in order, and answers the figures of one division and
//! one span of days: what was issued here, how long each step took, who was refused, what was
//! flagged and what came of it. A figure carries the indexes of the entries it was counted from,
//! so that whoever doubts it can look. Whether the gates I04-I12 held is not judged here: that is
//! what [`verify`](super::verify) does, and its violations are joined by index.
//!
//! Days are those on which something happened in the world (`at`). What needs two signers counts
//! with its endorsement. A flag counts by the verdict that stands on the last day; what is of no
//! known division counts only in a report of the whole ledger. Imported rows are counted apart and
//! never as reviewed.

mod figures;
mod flags;
mod fold;
mod places;
mod ranges;

pub use figures::{
    Counted, FlagLine, Gated, Issued, Money, MonthLine, Objections, Outcomes, Spread, StepLine,
    StrictReviewFigures,
};
pub use fold::{Scope, StrictReview};
pub use ranges::Ranges;

#[cfg(test)]
mod tests;
