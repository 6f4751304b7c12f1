//! Judging everybody, or whom new entries touch, and keeping what was found ([`kept`](super::kept)).
//!
//! Another day, other rules, a roll that came in, a policy or a calendar: everybody is judged
//! again.

use std::sync::{Arc, PoisonError};

use rayon::prelude::*;

use super::{
    Projection, ProjectionError,
    kept::{Everybody, News, Place, Stored},
    news,
    query::PERSONS_AT_ONCE,
    table::Block,
};
use crate::ledger::Ledger;
use crate::policy::PolicyBook;
use crate::rules::{self, Coverage, Flag, Rule, View};
use crate::value::{Day, PersonId};

/// Persons judged in one view: enough to share what they share, few enough for memory and for all
/// cores to have some.
const TOGETHER: usize = 128;

/// What every judgement of one run has in common.
pub(super) struct Judging<'a> {
    pub(super) index: &'a Projection,
    pub(super) ledger: &'a Ledger,
    pub(super) book: &'a PolicyBook,
    pub(super) on: Day,
    /// The rolls that are in: read once for everybody.
    pub(super) coverage: Arc<Coverage>,
}

impl Judging<'_> {
    /// Judges persons in one view, and does with each what `take` does.
    pub(super) fn persons<T>(
        &self,
        persons: &[PersonId],
        mut take: impl FnMut(PersonId, Stored) -> Result<T, ProjectionError>,
    ) -> Result<Vec<T>, ProjectionError> {
        let store = self.index.store();
        let view = View::new(&store, self.book, self.on).knowing(self.coverage.clone());
        let judged = persons.iter().map(|person| take(*person, Stored::judged(*person, &view)));
        store.check(judged.collect::<Result<_, _>>()?)
    }

    /// What is news of a person who was judged.
    pub(super) fn news(
        &self,
        person: PersonId,
        stored: &Stored,
        block: &mut Block,
    ) -> Result<(PersonId, Option<News>), ProjectionError> {
        Ok((person, self.index.kept.news(person, stored, block)?))
    }
}

/// Persons who were judged, each with what is news of them.
pub(super) type Judged = Vec<(PersonId, Option<News>)>;

impl Projection {
    /// Brings the kept flags to this day and to the index's place on the log; answers how many
    /// persons were judged for it.
    ///
    /// # Errors
    /// sled's, a table's, or an entry or a row of unknown form.
    pub fn judge(&self, ledger: &Ledger, on: Day) -> Result<u64, ProjectionError> {
        // A thread that died in it wrote no place, so what it wrote is judged again.
        let _turn = self.kept.turn().lock().unwrap_or_else(PoisonError::into_inner);
        // The book is read after the length, so it holds every policy up to there.
        let next = ledger.len().min(self.current_to());
        let book = ledger.with_state(|state| state.policies.clone())?;
        let now = Place { rules: rules_in_force(), on: on.index(), next };
        let before = self.kept.place()?.filter(|before| {
            (before.rules, before.on) == (now.rules, now.on) && before.next <= next
        });
        if before == Some(now) {
            return Ok(0);
        }
        let judging = self.judging(ledger, &book, on)?;
        let of_news = match before {
            Some(before) => news::judge(&judging, before.next..next)?,
            None => None,
        };
        if let Some(persons) = of_news {
            self.kept.settle(now)?;
            return Ok(persons);
        }
        self.judge_all(&judging, now)
    }

    /// Judges again whom these entries touch, as if they were new, and keeps it; answers how many
    /// persons that are, or nothing when the entries change everybody's flags.
    ///
    /// # Errors
    /// sled's, a table's, or an entry or a row of unknown form.
    pub fn judge_again(
        &self,
        ledger: &Ledger,
        entries: std::ops::Range<u64>,
        on: Day,
    ) -> Result<Option<u64>, ProjectionError> {
        let _turn = self.kept.turn().lock().unwrap_or_else(PoisonError::into_inner);
        let book = ledger.with_state(|state| state.policies.clone())?;
        news::judge(&self.judging(ledger, &book, on)?, entries)
    }

    fn judging<'a>(
        &'a self,
        ledger: &'a Ledger,
        book: &'a PolicyBook,
        on: Day,
    ) -> Result<Judging<'a>, ProjectionError> {
        Ok(Judging { index: self, ledger, book, on, coverage: self.coverage()? })
    }

    /// Judges everybody; answers how many they are.
    fn judge_all(&self, judging: &Judging<'_>, now: Place) -> Result<u64, ProjectionError> {
        let persons = self.persons()?;
        let mut everybody = self.kept.everybody()?;
        let some = |some: &[PersonId]| judging.persons(some, Everybody::row);
        // All cores judge, one writes: a batch at a time, so that memory holds some persons only.
        for at_once in persons.chunks(PERSONS_AT_ONCE * rayon::current_num_threads()) {
            let judged: Result<Vec<_>, _> = at_once.par_chunks(TOGETHER).map(some).collect();
            judged?.into_iter().flatten().try_for_each(|row| everybody.take(row))?;
        }
        self.kept.replace(everybody, now)?;
        Ok(persons.len() as u64)
    }

    /// Everybody's flags on a day, when that is the day kept and nothing is new since.
    ///
    /// # Errors
    /// sled's, a table's, or a row of unknown form.
    pub fn kept_flags(&self, on: Day) -> Result<Option<Vec<Flag>>, ProjectionError> {
        let now = Place { rules: rules_in_force(), on: on.index(), next: self.current_to() };
        self.kept.flags_at(now)
    }
}

/// The rules of this program, by number and version, and the program's own version.
fn rules_in_force() -> [u8; 32] {
    let mut text = env!("CARGO_PKG_VERSION").to_owned();
    for Rule { id, version, .. } in rules::list() {
        text.push_str(&format!("|{id}/{version}"));
    }
    *blake3::hash(text.as_bytes()).as_bytes()
}
