//! Asking the index.

use std::{
    ops::ControlFlow,
    sync::{Arc, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::{Projection, ProjectionError, everybody, keys, pack};
use crate::event::RollKind;
use crate::rules::{
    self, Coverage, Flag, PersonFile, Record, StatementRef, Tallies, Terms, View, What,
};
use crate::value::{Day, DivisionCode, Hash, Month, PersonId, RollId, Subject, Tag};

/// Persons judged with one view, which keeps every file it read.
pub(super) const PERSONS_AT_ONCE: usize = 1024;

/// What the index knows of an imported row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownRow {
    /// Its entry.
    pub index: u64,
    /// The tag of its content.
    pub content: Tag,
}

/// The first record that names a person in an index; the key holds the person.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct StoredSeen {
    pub(super) at: u32,
    pub(super) statement: StatementRef,
}

impl StoredSeen {
    pub(super) fn record(self, person: PersonId) -> Record {
        let Self { at, statement } = self;
        Record { at: Day::from_index(at), statement, what: What::Seen(person) }
    }
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct StoredRow {
    pub(super) index: u64,
    pub(super) content: Tag,
}

/// What the index knows of a roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollInfo {
    /// Its kind.
    pub kind: RollKind,
    /// The division it was sent for.
    pub division: DivisionCode,
    /// Its month.
    pub month: Option<Month>,
    /// The entry of `roll.received`.
    pub index: u64,
}

/// Whose history is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person, with what outside registers report of these ID numbers.
    Person(PersonId, Vec<Tag>),
    /// Any other subject.
    Subject(Subject),
    /// An ID number that no person of the ledger has.
    Id(Tag),
    /// A flag that was raised.
    Flag(Hash),
}

impl Projection {
    /// The entries about somebody or something, in the order of the log.
    ///
    /// # Errors
    /// sled's.
    pub fn history(&self, who: &Who) -> Result<Vec<u64>, ProjectionError> {
        let (person, prefixes) = places(who);
        let mut indexes = Vec::new();
        if let Some(person) = person {
            self.rows.each(&keys::person(person), |key, value| {
                let (index, number) = keys::of_person(key).ok_or(ProjectionError::Row)?;
                let all = pack::each(index, number, value, &mut |index, _, _| {
                    indexes.push(index);
                    Some(())
                });
                all.ok_or(ProjectionError::Row)
            })?;
        }
        for (prefix, after) in prefixes {
            self.rows.each(&prefix, |key, _| {
                indexes.push(keys::index_in(key, after).ok_or(ProjectionError::Row)?);
                Ok(())
            })?;
        }
        indexes.sort_unstable();
        indexes.dedup();
        Ok(indexes)
    }

    /// The entries of looks at personal data that stand before an entry, the newest first, and at
    /// most so many.
    ///
    /// # Errors
    /// sled's, or a table's.
    pub fn looks_before(&self, before: u64, most: usize) -> Result<Vec<u64>, ProjectionError> {
        let mut looks = Vec::new();
        let Some(newest) = before.checked_sub(1) else { return Ok(looks) };
        self.rows.scan(&keys::look(newest), |key, _| {
            // Behind the looks stands something else.
            let look = keys::look_in(key).filter(|_| looks.len() < most);
            looks.extend(look);
            Ok(if look.is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(looks)
    }

    /// Says whether any entry is about somebody or something.
    ///
    /// # Errors
    /// sled's.
    pub fn has_history(&self, who: &Who) -> Result<bool, ProjectionError> {
        let (person, prefixes) = places(who);
        let prefixes = prefixes.into_iter().map(|(prefix, _)| prefix);
        for prefix in person.map(keys::person).into_iter().chain(prefixes) {
            if self.rows.any(&prefix)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The entries that carry a certificate number.
    ///
    /// # Errors
    /// sled's.
    pub fn of_number(&self, tag: &Tag) -> Result<Vec<u64>, ProjectionError> {
        let mut entries = Vec::new();
        self.rows.each(&keys::with_number(tag), |key, _| {
            entries.push(keys::index_in(key, 0).ok_or(ProjectionError::Row)?);
            Ok(())
        })?;
        Ok(entries)
    }

    /// The imported row of a key, while it is in force.
    ///
    /// # Errors
    /// sled's.
    pub fn row(&self, key: &Tag) -> Result<Option<KnownRow>, ProjectionError> {
        let Some(bytes) = self.rows.get(&keys::row(key))? else { return Ok(None) };
        let StoredRow { index, content } = postcard::from_bytes(&bytes)?;
        Ok(Some(KnownRow { index, content }))
    }

    /// The rows in force of a kind and month of roll, in a division or below it.
    ///
    /// # Errors
    /// sled's.
    pub fn rows_of(
        &self,
        kind: RollKind,
        division: DivisionCode,
        month: Option<Month>,
    ) -> Result<Vec<(Tag, KnownRow)>, ProjectionError> {
        let prefix = keys::list_of(kind, month);
        let mut rows = Vec::new();
        self.rows.each(&prefix, |found, _| {
            let (of, key) = keys::listed(&found[prefix.len()..]).ok_or(ProjectionError::Row)?;
            if division.covers(of) {
                rows.extend(self.row(&key)?.map(|row| (key, row)));
            }
            Ok(())
        })?;
        Ok(rows)
    }

    /// Whether any row is in force of a kind and month of roll with exactly this division.
    ///
    /// # Errors
    /// sled's.
    pub fn any_of(
        &self,
        kind: RollKind,
        division: DivisionCode,
        month: Option<Month>,
    ) -> Result<bool, ProjectionError> {
        self.rows.any(&keys::list_in(kind, month, division))
    }

    /// A roll that came in.
    ///
    /// # Errors
    /// sled's.
    pub fn roll(&self, id: RollId) -> Result<Option<RollInfo>, ProjectionError> {
        let Some(bytes) = self.rows.get(&keys::roll(id))? else { return Ok(None) };
        Ok(Some(postcard::from_bytes(&bytes)?))
    }

    /// Every roll that came in.
    ///
    /// # Errors
    /// sled's.
    pub fn rolls(&self) -> Result<Vec<(RollId, RollInfo)>, ProjectionError> {
        let mut rolls = Vec::new();
        self.rows.each(b"q", |key, value| {
            let id = key[1..].try_into().map_err(|_| ProjectionError::Row)?;
            rolls.push((RollId(id), postcard::from_bytes(value)?));
            Ok(())
        })?;
        rolls.sort_unstable_by_key(|(_, roll): &(RollId, RollInfo)| roll.index);
        Ok(rolls)
    }

    /// Everybody who has a file, in order of their ids.
    ///
    /// # Errors
    /// sled's.
    pub fn persons(&self) -> Result<Vec<PersonId>, ProjectionError> {
        self.persons_after(None, usize::MAX)
    }

    /// The next persons who have a file, in order of their ids, without reading their traces.
    ///
    /// # Errors
    /// sled's.
    pub fn persons_after(
        &self,
        after: Option<PersonId>,
        most: usize,
    ) -> Result<Vec<PersonId>, ProjectionError> {
        let from = after.map_or_else(|| keys::PERSON_TRACES.to_vec(), keys::person);
        let mut persons: Vec<PersonId> = Vec::new();
        let mut last = after;
        self.rows.scan(&from, |key, value| {
            if persons.len() == most || !key.starts_with(keys::PERSON_TRACES) {
                return Ok(ControlFlow::Break(()));
            }
            let person = keys::person_in(key).ok_or(ProjectionError::Row)?;
            // An entry that left no trace is in the history only.
            if !value.is_empty() && last != Some(person) {
                persons.push(person);
                last = Some(person);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(persons)
    }

    /// Judges everybody on a day.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn flags(&self, terms: &(dyn Terms + Sync), on: Day) -> Result<Vec<Flag>, ProjectionError> {
        self.judge_everybody(terms, on, rules::judge_person, Tallies::judge)
    }

    /// Judges everybody on a day by an earlier version of a rule.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn flags_by(
        &self,
        rule: &'static rules::Rule,
        terms: &(dyn Terms + Sync),
        on: Day,
    ) -> Result<Vec<Flag>, ProjectionError> {
        let person = |person, view: &View<'_>| rules::judge_person_by(rule, person, view);
        self.judge_everybody(terms, on, person, |tallies| rules::judge_tallies_by(rule, tallies))
    }

    /// Judges persons on all cores, then whom everybody's files together speak about.
    fn judge_everybody(
        &self,
        terms: &(dyn Terms + Sync),
        on: Day,
        person: impl Fn(PersonId, &View<'_>) -> Vec<Flag> + Sync,
        others: impl FnOnce(&Tallies) -> Vec<Flag>,
    ) -> Result<Vec<Flag>, ProjectionError> {
        let coverage = self.coverage()?;
        let judge = |some: &[PersonId]| {
            let store = self.store();
            let view = View::new(&store, terms, on).knowing(coverage.clone());
            store.check(everybody::some(some, &view, &person))
        };
        everybody::all(&self.persons()?, PERSONS_AT_ONCE, judge, others)
    }

    /// Judges one person on a day.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn flags_of(
        &self,
        person: PersonId,
        terms: &dyn Terms,
        on: Day,
    ) -> Result<Vec<Flag>, ProjectionError> {
        let store = self.store();
        let view = View::new(&store, terms, on).knowing(self.coverage()?);
        store.check(rules::judge_person(person, &view))
    }

    /// A person's file and flags on a day, read together.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn file_and_flags(
        &self,
        person: PersonId,
        terms: &dyn Terms,
        on: Day,
    ) -> Result<(PersonFile, Vec<Flag>), ProjectionError> {
        let store = self.store();
        let view = View::new(&store, terms, on).knowing(self.coverage()?);
        let flags = rules::judge_person(person, &view);
        let file = PersonFile::clone(&view.file(person));
        store.check((file, flags))
    }

    /// The rolls that are in. Asked for with every person who is judged and changed by rolls
    /// alone, so it is kept until one comes in.
    pub(super) fn coverage(&self) -> Result<Arc<Coverage>, ProjectionError> {
        // A thread that died while it held the lock left it as it was.
        let mut kept = self.coverage.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*kept {
            return Ok(Arc::clone(known));
        }
        let store = self.store();
        let coverage = store.check(Coverage::of(&store))?;
        Ok(Arc::clone(kept.insert(Arc::new(coverage))))
    }

    /// A person's file as judged on a day.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn file(&self, person: PersonId, on: Day) -> Result<PersonFile, ProjectionError> {
        let store = self.store();
        let file = PersonFile::read(person, &store, on);
        store.check(file)
    }

    /// The division whose rolls a person belongs to, without the rest of the file.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn division_of(
        &self,
        person: PersonId,
        on: Day,
    ) -> Result<Option<DivisionCode>, ProjectionError> {
        self.division_with(&[], person, on)
    }
}

/// Where a history stands: the person's own rows, and prefixes of others with how many bytes
/// follow the index in their keys.
fn places(who: &Who) -> (Option<PersonId>, Vec<(Vec<u8>, usize)>) {
    match who {
        Who::Person(person, ids) => {
            (Some(*person), ids.iter().map(|id| (keys::history_of_id(id), 1)).collect())
        }
        Who::Subject(Subject::Person(person)) => (Some(*person), Vec::new()),
        Who::Subject(subject) => (None, vec![keys::history_of(subject)]),
        Who::Id(tag) => (None, vec![(keys::history_of_id(tag), 1)]),
        Who::Flag(flag) => (None, vec![(keys::history_of_flag(flag), 0)]),
    }
}
