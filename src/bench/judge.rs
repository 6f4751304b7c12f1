//! What a new entry costs in flags, when they are kept.

use std::time::Instant;

use super::{
    BenchError, append,
    clock::{Spent, count, median, timed},
    work::Work,
};
use crate::projection::Projection;
use crate::value::{Day, FactKind};

/// Most entries that are judged together, and how often.
const GROUP_MAX: u64 = 1000;
const GROUPS: u64 = 20;
/// Most deaths that are judged one by one.
const DEATHS: u64 = 50;

/// What judging took.
pub(super) struct Judged {
    /// Persons of the first judgement, of everybody.
    pub(super) persons: u64,
    pub(super) everybody: Spent,
    /// Microseconds for an entry of a group: the middle group's.
    pub(super) entry_us: f64,
    /// Milliseconds for a death that came in alone: the middle time, and the longest.
    pub(super) death_ms: f64,
    pub(super) death_ms_max: f64,
}

/// Judges everybody, then what comes in after that, each time when the index has read it.
pub(super) fn judge(work: &Work<'_>, people: u64) -> Result<Judged, BenchError> {
    let ledger = work.ledger;
    let today = Day::of_millis(ledger.clock().wall_ms());
    let mut index = Projection::open(ledger.folder())?;
    index.catch_up(ledger)?;
    let (persons, everybody) = timed(|| index.judge(ledger, today));
    let persons = persons?;
    let mut one = |statements| -> Result<f64, BenchError> {
        append::many(ledger, statements)?;
        index.catch_up(ledger)?;
        let start = Instant::now();
        index.judge(ledger, today)?;
        Ok(start.elapsed().as_secs_f64())
    };
    let from = ledger.len();
    // A small ledger is not doubled by it.
    let of_group = (from / 50).clamp(1, GROUP_MAX);
    let mut entries = Vec::new();
    for group in 0..GROUPS {
        let numbers = from + group * of_group..from + (group + 1) * of_group;
        entries.push(one(work.facts(numbers)?)? * 1e6 / count(of_group));
    }
    let mut deaths = Vec::new();
    let alone = DEATHS.min(of_group);
    for number in 0..alone {
        let who = number * people / alone;
        deaths.push(one(work.facts_of(FactKind::Death, who..who + 1)?)? * 1e3);
    }
    let death_ms_max = deaths.iter().copied().fold(0.0, f64::max);
    Ok(Judged {
        persons,
        everybody,
        entry_us: median(entries),
        death_ms: median(deaths),
        death_ms_max,
    })
}
