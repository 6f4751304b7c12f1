//! Whose the newest entries are, before the index holds them.
//!
//! While a bulk comes in the index rests, so that statements are durable first. A feed of one
//! division must not wait for that: it reads what the newest entries say of persons here, over the
//! index. They are kept in two parts, and the older goes once the index holds all of it. What one feed
//! read and found is there for the next: the newest events, and whose the persons among them are.

use std::{
    collections::VecDeque,
    ops::Range,
    sync::{Mutex, PoisonError, RwLock, RwLockReadGuard},
};

use hashbrown::HashMap;

use super::problem::Problem;
use crate::event::{Body, Recorded};
use crate::ledger::Ledger;
use crate::projection::{Projection, ProjectionError};
use crate::rules::{self, Key, Register, Trace, What};
use crate::value::{Day, DivisionCode, PersonId, RollId, Subject};

/// Entries beyond the index that are told to whom they concern: in each part some tens of megabytes. A
/// feed of a division waits for an index that is further behind.
pub(super) const AHEAD_MAX: u64 = 1 << 16;
/// The newest events that are kept as they were read: some megabytes. A feed that is further behind
/// than others reads the log.
const EVENTS_MAX: usize = 1 << 11;
/// Persons whose division is kept: some megabytes.
const KNOWN_MAX: usize = 1 << 16;

/// What entries say of persons and rolls, one after the other.
#[derive(Default)]
struct Part {
    /// The entry after the last.
    until: u64,
    records: Register,
    rolls: HashMap<RollId, DivisionCode>,
}

/// Whose persons are on one day, as far as anybody asked.
#[derive(Default)]
struct Known {
    on: Option<Day>,
    divisions: HashMap<PersonId, Option<DivisionCode>>,
}

/// The entries that the index may not hold yet, the older ones first.
#[derive(Default)]
pub(crate) struct Ahead {
    parts: [Part; 2],
    /// The last of them.
    events: VecDeque<Recorded>,
    /// What no entry read since has changed.
    known: Mutex<Known>,
}

impl Ahead {
    /// A person's division by the index and what is beyond it.
    pub(crate) fn division_of(
        &self,
        person: PersonId,
        index: &Projection,
        on: Day,
    ) -> Result<Option<DivisionCode>, ProjectionError> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(division) = known().on(on).divisions.get(&person) {
            return Ok(*division);
        }
        let division = index.division_with(&self.records(), person, on)?;
        known().on(on).keep(person, division);
        Ok(division)
    }

    /// These events, if they are still kept.
    pub(super) fn events(&self, entries: Range<u64>) -> Option<impl Iterator<Item = &Recorded>> {
        let first = self.events.front()?.index;
        let place = |index: u64| usize::try_from(index.checked_sub(first)?).ok();
        let (from, until) = (place(entries.start)?, place(entries.end)?);
        (from <= until && until <= self.events.len()).then(|| self.events.range(from..until))
    }

    /// What they say of persons; an entry that the index holds meanwhile may be among them.
    fn records(&self) -> [&Register; 2] {
        self.parts.each_ref().map(|part| &part.records)
    }

    /// The division of a roll among them.
    pub(crate) fn roll(&self, id: RollId) -> Option<DivisionCode> {
        self.parts.iter().find_map(|part| part.rolls.get(&id).copied())
    }

    /// The next entry to read.
    const fn next(&self) -> u64 {
        self.parts[1].until
    }

    /// Lets go of what the index holds.
    fn let_go(&mut self, indexed: u64) {
        let [older, newer] = &mut self.parts;
        if newer.until <= indexed {
            *self = Self::default();
        } else if older.until <= indexed {
            let until = newer.until;
            *older = std::mem::replace(newer, Part { until, ..Part::default() });
        }
    }

    /// Reads on before `until`, from where the index is if nothing was read yet.
    fn read(&mut self, ledger: &Ledger, indexed: u64, until: u64) -> Result<(), Problem> {
        let decoder = ledger.decoder()?;
        let Self { parts: [_, newer], events, known } = self;
        let known = known.get_mut().unwrap_or_else(PoisonError::into_inner);
        newer.until = newer.until.max(indexed);
        ledger.each_entry(newer.until..until.max(newer.until), |index, bytes| {
            let event = decoder.event(index, bytes)?;
            let body = &event.payload.body;
            // What needs a second signer takes effect with the endorsement, as in the index.
            if body.second().is_none() {
                newer.take(&event, known);
            }
            if matches!(body, Body::Endorsed(_)) {
                for id in &event.payload.refs {
                    if let Some(proposal) = ledger.find(id)? {
                        newer.take(&ledger.event(proposal)?, known);
                    }
                }
            }
            newer.until = index + 1;
            if events.len() == EVENTS_MAX {
                events.pop_front();
            }
            events.push_back(event);
            Ok::<(), Problem>(())
        })
    }
}

impl Known {
    /// What is known on a day; a record may count from the next.
    fn on(&mut self, on: Day) -> &mut Self {
        if self.on != Some(on) {
            *self = Self { on: Some(on), divisions: HashMap::new() };
        }
        self
    }

    fn keep(&mut self, person: PersonId, division: Option<DivisionCode>) {
        if self.divisions.len() == KNOWN_MAX {
            self.divisions.clear();
        }
        self.divisions.insert(person, division);
    }

    /// Forgets whom a record may move.
    fn hear(&mut self, key: &Key, what: &What) {
        match (key, what) {
            // A payment only moves somebody of whom no more is known than payments, and not within
            // the division.
            (Key::Person(person), What::Paid(paid)) => {
                if self.divisions.get(person).is_some_and(|held| *held != Some(paid.division)) {
                    self.divisions.remove(person);
                }
            }
            (Key::Person(person), _) => drop(self.divisions.remove(person)),
            // A record corrected or retracted may be anybody's.
            _ => self.divisions.clear(),
        }
    }
}

impl Part {
    /// Only what a person's division can rest on is kept.
    fn take(&mut self, event: &Recorded, known: &mut Known) {
        for Trace { key, record } in rules::traces(event) {
            if matches!(key, Key::Person(_) | Key::Statement(_)) {
                known.hear(&key, &record.what);
                self.records.put(key, event.index, record);
            }
        }
        if let (Body::RollReceived(data), Subject::Roll(roll)) =
            (&event.payload.body, &event.subject)
        {
            self.rolls.insert(*roll, data.division);
        }
    }
}

/// One for all feeds: each reads on as far as it needs.
#[derive(Default)]
pub(super) struct Shared(RwLock<Ahead>);

impl Shared {
    /// What the entries before `until` say beyond this index, which stands still meanwhile; nothing
    /// when it holds them all.
    pub(super) fn until(
        &self,
        until: u64,
        ledger: &Ledger,
        index: &Projection,
    ) -> Result<Option<RwLockReadGuard<'_, Ahead>>, Problem> {
        let indexed = index.current_to();
        let read = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (is_all, is_used) = (until <= indexed, read.next() > 0);
        if !is_all && until <= read.next() {
            return Ok(Some(read));
        }
        drop(read);
        if is_all && !is_used {
            return Ok(None);
        }
        let mut ahead = self.0.write().unwrap_or_else(PoisonError::into_inner);
        ahead.let_go(indexed);
        if is_all {
            return Ok(None);
        }
        ahead.read(ledger, indexed, until)?;
        drop(ahead);
        // Another feed may read on in between: the index stands still, so nothing is let go.
        Ok(Some(self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::rules::{Paid, StatementRef};
    use crate::service::tests::Desk;

    #[tokio::test(flavor = "multi_thread")]
    async fn an_index_and_what_is_beyond_it_say_together_what_the_whole_index_says() {
        let desk = Desk::county();
        desk.caught_up().await;
        let (ledger, on) = (&desk.app.ledger, crate::answer::today(&desk.app.ledger));
        let folder = tempfile::tempdir().unwrap();
        let mut index = Projection::rebuild(folder.path()).unwrap();
        let (ahead, len) = (Shared::default(), ledger.len());
        let mut beyond = 0;
        // The index goes on in steps of its own, behind a feed that does not always read to the end.
        for (indexed, until) in [(0, 40), (7, 90), (45, len / 2), (len / 3, len), (len / 2, len)] {
            index.follow_to(ledger, indexed).unwrap();
            let mut whole = Projection::rebuild(&folder.path().join(until.to_string())).unwrap();
            whole.follow_to(ledger, until).unwrap();
            let ahead = ahead.until(until, ledger, &index).unwrap().unwrap();
            for person in whole.persons().unwrap() {
                let known = index.file(person, on).unwrap().division();
                let told = ahead.division_of(person, &index, on).unwrap();
                let held = whole.file(person, on).unwrap().division();
                assert_eq!(told, held, "{indexed} {until} {person}");
                beyond += usize::from(known != held);
            }
            let newest: Vec<&Recorded> = ahead.events(until - 3..until).unwrap().collect();
            let read = (until - 3..until).map(|index| ledger.event(index).unwrap());
            assert!(newest.into_iter().eq(&read.collect::<Vec<_>>()), "{until}");
            assert!(ahead.events(until - 1..until + 1).is_none());
            for (roll, info) in whole.rolls().unwrap() {
                let held = index.roll(roll).unwrap().map(|info| info.division);
                assert_eq!(ahead.roll(roll).or(held), Some(info.division));
            }
        }
        assert!(beyond > 10, "{beyond}");
        // The oldest go first; whoever is behind them reads the log.
        ahead.0.write().unwrap().events.drain(..10);
        let is_kept = |entries| ahead.0.read().unwrap().events(entries).is_some();
        assert!(is_kept(10..12) && !is_kept(9..12));
        // An index that holds all leaves nothing to keep.
        index.follow_to(ledger, len).unwrap();
        assert!(ahead.until(len, ledger, &index).unwrap().is_none());
        let kept = ahead.until(0, ledger, &index);
        assert!(kept.unwrap().is_none() && ahead.0.read().unwrap().next() == 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whose_somebody_is_is_forgotten_when_a_record_may_move_them() {
        let desk = Desk::county();
        let ledger = &desk.app.ledger;
        let a_payment = (0..ledger.len()).find_map(|index| {
            let traces = rules::traces(&ledger.event(index).unwrap());
            traces.into_iter().find_map(|trace| match trace.record.what {
                What::Paid(paid) => Some(paid),
                _ => None,
            })
        });
        let a_payment = a_payment.unwrap();
        let paid = |division| What::Paid(Arc::new(Paid { division, ..(*a_payment).clone() }));
        let today: Day = "2026-05-20".parse().unwrap();
        let [here, there] = ["411702", "411722"].map(|code| code.parse::<DivisionCode>().unwrap());
        let [one, other] = [1, 2].map(|byte| PersonId([byte; 16]));
        let mut known = Known::default();
        let held = |known: &mut Known, on| {
            let divisions = &known.on(on).divisions;
            [one, other].map(|who| divisions.get(&who).copied())
        };
        let mut heard = |key: Key, what: What| {
            known.on(today).keep(one, Some(here));
            known.on(today).keep(other, None);
            known.hear(&key, &what);
            held(&mut known, today)
        };
        let (all, of_other) = ([Some(Some(here)), Some(None)], [None, Some(None)]);
        assert_eq!(heard(Key::Person(one), paid(here)), all);
        assert_eq!(heard(Key::Person(one), paid(there)), of_other);
        assert_eq!(heard(Key::Person(other), paid(there)), [Some(Some(here)), None]);
        assert_eq!(heard(Key::Person(one), What::Institution), of_other);
        let statement = StatementRef::from(&crate::value::Hash::blake3(b"a statement"));
        assert_eq!(heard(Key::Statement(statement), What::Void), [None, None]);
        // A record may count from the next day.
        known.on(today).keep(one, Some(here));
        let tomorrow = today.plus_days(1);
        assert_eq!(held(&mut known, tomorrow), [None, None]);
    }

    #[test]
    fn what_the_index_holds_is_let_go_part_by_part() {
        let part = |until| Part { until, ..Part::default() };
        let mut ahead = Ahead { parts: [part(0), part(50)], ..Ahead::default() };
        let mut ends = |indexed| {
            ahead.let_go(indexed);
            ahead.parts[1].until = ahead.parts[1].until.max(100);
            ahead.parts.each_ref().map(|part| part.until)
        };
        assert_eq!(ends(10), [50, 100]);
        assert_eq!(ends(49), [50, 100]);
        assert_eq!(ends(50), [100, 100]);
        assert_eq!(ends(100), [0, 100]);
    }
}
