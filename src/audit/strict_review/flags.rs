//! What became of the flags.

use std::collections::BTreeMap;

use super::figures::{Counted, FlagLine, Spread};
use super::fold::Mark;
use crate::event::{AnomalyRaised, Severity, Verdict};
use crate::value::Hash;

/// A flag of the scope. It goes as in `domain::oversight`: raised again on another basis it is
/// news, and a dismissal given on the earlier one has lapsed.
#[derive(Debug)]
pub(super) struct Raised {
    severity: Severity,
    first: Mark,
    /// Since when it waits or waited for a verdict.
    since: Mark,
    basis: Hash,
    /// What it is about, and the statements it rests on.
    on: (Hash, Hash),
    given: Option<Given>,
}

/// A verdict, with what the flag stood on when it was given and since when it had waited.
#[derive(Debug, Clone, Copy)]
struct Given {
    verdict: Verdict,
    mark: Mark,
    basis: Hash,
    since: Mark,
}

impl Raised {
    pub(super) fn of(data: &AnomalyRaised, mark: Mark) -> Self {
        let (severity, basis) = (data.severity, data.basis());
        let on = (data.about(), data.statements());
        Self { severity, first: mark, since: mark, basis, on, given: None }
    }

    /// What it is about, and the statements it rests on.
    pub(super) const fn on(&self) -> (Hash, Hash) {
        self.on
    }

    pub(super) fn again(&mut self, data: &AnomalyRaised, mark: Mark) {
        let basis = data.basis();
        if self.basis == basis {
            return;
        }
        (self.severity, self.basis) = (data.severity, basis);
        self.on = (data.about(), data.statements());
        if self.given.is_some_and(|given| given.verdict == Verdict::Dismissed) {
            self.since = mark;
        }
    }

    pub(super) const fn judged(&mut self, verdict: Verdict, mark: Mark) {
        self.given = Some(Given { verdict, mark, basis: self.basis, since: self.since });
    }

    /// The verdict that stands.
    fn standing(&self) -> Option<Given> {
        let lapsed =
            |given: &Given| given.verdict == Verdict::Dismissed && given.basis != self.basis;
        self.given.filter(|given| !lapsed(given))
    }
}

/// The flags by severity, gravest first.
pub(super) fn lines(raised: &BTreeMap<Hash, Raised>) -> Vec<FlagLine> {
    let mut lines: BTreeMap<Severity, (FlagLine, Vec<(u32, u64)>)> = BTreeMap::new();
    for flag in raised.values() {
        let severity = flag.severity;
        let (line, days) = lines.entry(severity).or_insert_with(|| {
            let none = Counted::default;
            let line = FlagLine {
                severity,
                raised: none(),
                confirmed: none(),
                dismissed: none(),
                waiting: none(),
                days_to_verdict: Spread::default(),
            };
            (line, Vec::new())
        });
        line.raised.add([flag.first.index]);
        let Some(Given { verdict, mark, since, .. }) = flag.standing() else {
            line.waiting.add([flag.since.index]);
            continue;
        };
        match verdict {
            Verdict::Confirmed => line.confirmed.add([mark.index]),
            Verdict::Dismissed => line.dismissed.add([mark.index]),
            Verdict::NeedsField => line.waiting.add([since.index, mark.index]),
        }
        if verdict != Verdict::NeedsField {
            let took = u32::try_from(mark.day.since(since.day)).unwrap_or_default();
            days.push((took, mark.index));
        }
    }
    let spread = |(mut line, days): (FlagLine, Vec<(u32, u64)>)| {
        line.days_to_verdict = Spread::of(days);
        line
    };
    lines.into_values().map(spread).collect()
}
