//! Whose the newest entries are, before the index holds them.
//!
//! While a bulk comes in the index rests, so that statements are durable first. A feed of one
//! division must not wait for that: it reads what the newest entries say of persons here, over the
//! index. They are kept in two parts, and the older goes once the index holds all of it.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use hashbrown::HashMap;

use super::problem::Problem;
use crate::event::{Body, Recorded};
use crate::ledger::Ledger;
use crate::projection::Projection;
use crate::rules::{self, Key, Register, Trace};
use crate::value::{DivisionCode, RollId, Subject};

/// Entries beyond the index that are told to whom they concern: in each part some tens of megabytes. A
/// feed of a division waits for an index that is further behind.
pub(super) const AHEAD_MAX: u64 = 1 << 16;

/// What entries say of persons and rolls, one after the other.
#[derive(Default)]
struct Part {
    /// The entry after the last.
    until: u64,
    records: Register,
    rolls: HashMap<RollId, DivisionCode>,
}

/// The entries that the index may not hold yet, the older ones first.
#[derive(Default)]
pub(crate) struct Ahead([Part; 2]);

impl Ahead {
    /// What they say of persons; an entry that the index holds meanwhile may be among them.
    pub(crate) fn records(&self) -> [&Register; 2] {
        self.0.each_ref().map(|part| &part.records)
    }

    /// The division of a roll among them.
    pub(crate) fn roll(&self, id: RollId) -> Option<DivisionCode> {
        self.0.iter().find_map(|part| part.rolls.get(&id).copied())
    }

    /// The next entry to read.
    const fn next(&self) -> u64 {
        self.0[1].until
    }

    /// Lets go of what the index holds.
    fn let_go(&mut self, indexed: u64) {
        let [older, newer] = &mut self.0;
        if newer.until <= indexed {
            *self = Self::default();
        } else if older.until <= indexed {
            let until = newer.until;
            *older = std::mem::replace(newer, Part { until, ..Part::default() });
        }
    }

    /// Reads on before `until`, from where the index is if nothing was read yet.
    fn read(&mut self, ledger: &Ledger, indexed: u64, until: u64) -> Result<(), Problem> {
        let (decoder, newer) = (ledger.decoder()?, &mut self.0[1]);
        newer.until = newer.until.max(indexed);
        ledger.each_entry(newer.until..until.max(newer.until), |index, bytes| {
            let event = decoder.event(index, bytes)?;
            let body = &event.payload.body;
            // What needs a second signer takes effect with the endorsement, as in the index.
            if body.second().is_none() {
                newer.take(&event);
            }
            if matches!(body, Body::Endorsed(_)) {
                for id in &event.payload.refs {
                    if let Some(proposal) = ledger.find(id)? {
                        newer.take(&ledger.event(proposal)?);
                    }
                }
            }
            newer.until = index + 1;
            Ok::<(), Problem>(())
        })
    }
}

impl Part {
    /// Only what a person's division can rest on is kept.
    fn take(&mut self, event: &Recorded) {
        for Trace { key, record } in rules::traces(event) {
            if matches!(key, Key::Person(_) | Key::Statement(_)) {
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
    use super::*;
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
                let told = index.division_with(&ahead.records(), person, on).unwrap();
                let held = whole.file(person, on).unwrap().division();
                assert_eq!(told, held, "{indexed} {until} {person}");
                beyond += usize::from(known != held);
            }
            for (roll, info) in whole.rolls().unwrap() {
                let held = index.roll(roll).unwrap().map(|info| info.division);
                assert_eq!(ahead.roll(roll).or(held), Some(info.division));
            }
        }
        assert!(beyond > 10, "{beyond}");
        // An index that holds all leaves nothing to keep.
        index.follow_to(ledger, len).unwrap();
        assert!(ahead.until(len, ledger, &index).unwrap().is_none());
        let kept = ahead.until(0, ledger, &index);
        assert!(kept.unwrap().is_none() && ahead.0.read().unwrap().next() == 0);
    }

    #[test]
    fn what_the_index_holds_is_let_go_part_by_part() {
        let part = |until| Part { until, ..Part::default() };
        let mut ahead = Ahead([part(0), part(50)]);
        let mut ends = |indexed| {
            ahead.let_go(indexed);
            ahead.0[1].until = ahead.0[1].until.max(100);
            [ahead.0[0].until, ahead.0[1].until]
        };
        assert_eq!(ends(10), [50, 100]);
        assert_eq!(ends(49), [50, 100]);
        assert_eq!(ends(50), [100, 100]);
        assert_eq!(ends(100), [0, 100]);
    }
}
