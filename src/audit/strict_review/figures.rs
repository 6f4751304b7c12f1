//! The figures, as they are printed and linked.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use super::ranges::Ranges;
use crate::event::Severity;
use crate::value::{Day, DivisionCode, Fen, Month};

/// A count with the entries it was counted from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// How many.
    pub count: u64,
    /// From which entries.
    pub indexes: Ranges,
}

impl Counted {
    /// Counts one more, seen in these entries.
    pub fn add(&mut self, indexes: impl IntoIterator<Item = u64>) {
        self.count += 1;
        self.indexes.extend(indexes);
    }
}

/// An amount with the entries it was summed from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// How often.
    pub count: u64,
    /// How much.
    pub fen: Fen,
    /// From which entries.
    pub indexes: Ranges,
}

impl Money {
    /// Adds an amount.
    pub fn add(&mut self, amount: Fen, index: u64) {
        self.count += 1;
        self.fen += amount;
        self.indexes.add(index);
    }
}

/// Certificates issued on the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// All of them.
    pub all: Counted,
    /// By month of issue.
    pub months: Vec<MonthLine>,
    /// By number of different assessors of the conclusion.
    pub assessors: BTreeMap<u32, Counted>,
    /// Whether all of I04-I12 held in their cases.
    pub gated: Gated,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthLine {
    /// The month.
    pub month: Month,
    /// Issued in it.
    pub issued: Counted,
}

/// Certificates whose case passed every gate of I04-I12 when the trail was verified.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gated {
    /// All gates held.
    pub held: Counted,
    /// Some gate did not, in the entries named.
    pub broken: Counted,
}

impl Gated {
    /// The share that held, in thousandths; none of none.
    #[must_use]
    pub fn permille(&self) -> Option<u64> {
        let all = self.held.count + self.broken.count;
        (all > 0).then(|| self.held.count * 1000 / all)
    }
}

/// Working days of one step, counted from the day after the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepLine {
    /// A stable word for programs.
    pub step: Cow<'static, str>,
    /// In Chinese.
    pub zh: Cow<'static, str>,
    /// In English.
    pub en: Cow<'static, str>,
    /// The most that policy allows, or the least for the notice; none where it sets nothing.
    pub limit: Option<u32>,
    /// The working days seen.
    pub days: Spread,
    /// Steps over the limit (under it for the notice).
    pub beyond: Counted,
}

/// Middle, ninth tenth and greatest of a number of values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// The middle one; none of none.
    pub median: Option<u32>,
    /// Nine of ten are not greater.
    pub p90: Option<u32>,
    /// The greatest.
    pub max: Option<u32>,
    /// How many, and the entries that ended the step.
    pub of: Counted,
}

impl Spread {
    /// The spread of values, each with its entry.
    #[must_use]
    pub fn of(mut values: Vec<(u32, u64)>) -> Self {
        values.sort_unstable();
        let at = |tenths: usize| {
            let place = (values.len() * tenths).div_ceil(10).checked_sub(1)?;
            values.get(place).map(|(value, _)| *value)
        };
        let mut of = Counted::default();
        let (median, p90, max) = (at(5), at(9), at(10));
        values.iter().for_each(|(_, index)| of.add([*index]));
        Self { median, p90, max, of }
    }
}

/// How cases ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcomes {
    /// Approved.
    pub approved: Counted,
    /// Refused in writing.
    pub refused: Counted,
    /// Not accepted at the window.
    pub not_accepted: Counted,
}

impl Outcomes {
    /// All cases that ended: what the share is of.
    #[must_use]
    pub fn ended(&self) -> Counted {
        let mut ended = Counted::default();
        for part in [&self.approved, &self.refused, &self.not_accepted] {
            ended.count += part.count;
            ended.indexes.extend(part.indexes.iter());
        }
        ended
    }

    /// The share that was refused or not accepted, in thousandths; none of none.
    #[must_use]
    pub fn refused_permille(&self) -> Option<u64> {
        let refused = self.refused.count + self.not_accepted.count;
        let all = refused + self.approved.count;
        (all > 0).then(|| refused * 1000 / all)
    }
}

/// Objections to notices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objections {
    /// Raised.
    pub raised: Counted,
    /// Upheld.
    pub upheld: Counted,
    /// Dismissed.
    pub dismissed: Counted,
}

/// Flags of one severity that are on the log, and what people made of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagLine {
    /// How grave.
    pub severity: Severity,
    /// Raised.
    pub raised: Counted,
    /// Confirmed.
    pub confirmed: Counted,
    /// Dismissed.
    pub dismissed: Counted,
    /// Waiting: no verdict yet, or a field visit.
    pub waiting: Counted,
    /// Calendar days from raising to the verdict that stands.
    pub days_to_verdict: Spread,
}

/// All figures of one division and span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrictReviewFigures {
    /// The division, with all below it.
    pub division: DivisionCode,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Issued through the review chain of this ledger.
    pub issued: Issued,
    /// Imported from old registers: their review is not on this ledger.
    pub legacy_imported: Counted,
    /// How cases ended.
    pub outcomes: Outcomes,
    /// Working days, step by step.
    pub steps: Vec<StepLine>,
    /// Objections.
    pub objections: Objections,
    /// Flags, gravest first.
    pub flags: Vec<FlagLine>,
    /// Money ordered back.
    pub recovery_ordered: Money,
    /// Money that came back.
    pub recovered: Money,
    /// Help given to people to get what is theirs.
    pub helped: Counted,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_of_ranks_not_of_means() {
        let spread =
            |days: &[u32]| Spread::of(days.iter().zip(0..).map(|(d, i)| (*d, i)).collect());
        let known = |days: &[u32]| {
            let Spread { median, p90, max, of } = spread(days);
            (median, p90, max, of.count)
        };
        assert_eq!(known(&[]), (None, None, None, 0));
        assert_eq!(known(&[7]), (Some(7), Some(7), Some(7), 1));
        assert_eq!(known(&[9, 1, 2, 3]), (Some(2), Some(9), Some(9), 4));
        assert_eq!(known(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 100]), (Some(5), Some(9), Some(100), 10));
    }

    #[test]
    fn shares_are_of_what_there_is() {
        assert_eq!(Gated::default().permille(), None);
        assert_eq!(Outcomes::default().refused_permille(), None);
        let mut outcomes = Outcomes::default();
        outcomes.approved.add([1]);
        outcomes.approved.add([2]);
        outcomes.not_accepted.add([3]);
        assert_eq!(outcomes.refused_permille(), Some(333));
    }
}
