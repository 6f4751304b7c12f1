//! What a new entry costs in flags, when they are kept.
//!
//! Measured on a synthetic city and by the entries that it is made of.

use std::time::Instant;

use super::{
    BenchError, append,
    clock::{Spent, count, median, timed},
};
use crate::demo::DemoHouse;
use crate::event::{ExternalFactRecorded, Payload};
use crate::ledger::Ledger;
use crate::projection::Projection;
use crate::rules::{self, Key, Trace};
use crate::value::{Day, FactKind, IdForm, PersonId, Subject};

/// Most entries that are judged together, fewest that say anything, and how often.
const GROUP_MAX: u64 = 1000;
const GROUP_MIN: u64 = 100;
const GROUPS: usize = 40;
/// Most deaths that are judged one by one.
const DEATHS: usize = 50;
/// Reports deaths.
const REGISTRAR: &str = "411700-police-1";

/// What judging took.
pub(super) struct Judged {
    /// Persons of the first judgement, of everybody.
    pub(super) persons: u64,
    pub(super) everybody: Spent,
    /// Microseconds for an entry of a group, by the wall and of all processors: the middle group's.
    pub(super) entry_us: f64,
    pub(super) entry_cpu_us: Option<f64>,
    /// Persons judged again for an entry, on the average.
    pub(super) persons_an_entry: f64,
    /// Milliseconds for a death that came in alone: the middle time, and the longest.
    pub(super) death_ms: f64,
    pub(super) death_ms_max: f64,
}

/// Judges everybody of a city, then again whom its entries touch, and deaths that come in after it.
pub(super) fn judge(house: &DemoHouse) -> Result<Judged, BenchError> {
    let ledger = &house.ledger;
    let today = house.today();
    let mut index = Projection::open(ledger.folder())?;
    index.catch_up(ledger)?;
    let (persons, everybody) = timed(|| index.judge(ledger, today));
    let persons = persons?;
    let (mut walls, mut entries, mut touched, mut all) = (Vec::new(), 0, 0, Spent::default());
    for group in groups(ledger)? {
        let len = group.end - group.start;
        let (again, spent) = timed(|| index.judge_again(ledger, group, today));
        // A policy that an endorsement published is everybody's affair.
        let Some(again) = again? else { continue };
        walls.push(spent.wall_s * 1e6 / count(len));
        entries += len;
        touched += again;
        all = all.and(spent);
    }
    let mut deaths = Vec::new();
    for person in some(&index.persons()?, DEATHS) {
        let Some(death) = death(house, &index, person, today)? else { continue };
        append::many(ledger, vec![death])?;
        index.catch_up(ledger)?;
        let start = Instant::now();
        let judged = index.judge(ledger, today)?;
        deaths.push(start.elapsed().as_secs_f64() * 1e3);
        if judged == 0 {
            return Err(BenchError::NotJudged);
        }
    }
    if touched == 0 || deaths.is_empty() {
        return Err(BenchError::NotJudged);
    }
    let death_ms_max = deaths.iter().copied().fold(0.0, f64::max);
    let entry_cpu_us = all.cpu_us(entries);
    Ok(Judged {
        persons,
        everybody,
        entry_us: median(walls),
        entry_cpu_us,
        persons_an_entry: count(touched) / count(entries),
        death_ms: median(deaths),
        death_ms_max,
    })
}

/// Neighbouring entries of all of the log. A roll that comes in covers everybody, and is measured
/// with them: it ends a group, and its rows begin another.
fn groups(ledger: &Ledger) -> Result<Vec<std::ops::Range<u64>>, BenchError> {
    let covers = |trace: &Trace| matches!(trace.key, Key::Rolls);
    let (mut groups, mut from) = (Vec::new(), 0);
    for index in 0..ledger.len() {
        let cuts = rules::traces(&ledger.event(index)?).iter().any(covers);
        let end = if cuts { index } else { index + 1 };
        if cuts || end - from == GROUP_MAX || end == ledger.len() {
            if end - from >= GROUP_MIN {
                groups.push(from..end);
            }
            from = index + 1;
        }
    }
    Ok(some(&groups, GROUPS).collect())
}

/// At most so many, from all over the list.
pub(super) fn some<T: Clone>(list: &[T], most: usize) -> impl Iterator<Item = T> {
    list.iter().step_by(list.len().div_ceil(most).max(1)).cloned()
}

/// A death of today as its register reports it; nothing of somebody without an ID number.
fn death(
    house: &DemoHouse,
    index: &Projection,
    person: PersonId,
    today: Day,
) -> Result<Option<Vec<u8>>, BenchError> {
    let Some(id) = index.file(person, today)?.ids.first().copied() else { return Ok(None) };
    let fact = ExternalFactRecorded {
        person: Some(person),
        id,
        id_form: IdForm::Valid,
        name: None,
        kind: FactKind::Death,
        from: today,
        to: None,
        household_no: None,
        division: None,
        row: None,
    };
    let signed =
        house.pen(REGISTRAR)?.write(&Subject::Person(person), &Payload::new(today, fact))?;
    Ok(Some(signed.bytes))
}
