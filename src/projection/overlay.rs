//! Judging with more than the index holds, or with less, and writing nothing.
//!
//! *More*: records in memory over the stored ones, as if they had been recorded ([`Register`]).
//! *Less*: only what the ledger knew at an earlier entry ([`AsOf`]): what is newer is left out,
//! corrections and retractions too, and a proposal counts from its endorsement. Which statements
//! are void is read once, because it is asked for every record.

use hashbrown::HashSet;
use rayon::prelude::*;

use super::{Projection, ProjectionError, everybody, keys, store::Store};
use crate::event::Body;
use crate::ledger::{Ledger, ReadError};
use crate::policy::PolicyBook;
use crate::projection::Who;
use crate::rules::{
    self, Flag, Key, Neighbours, PersonFile, Record, Register, StatementRef, Tallies, Terms, View,
    What,
};
use crate::value::{Day, DivisionCode, PersonId, Subject};

/// Persons judged in one view: enough to share what they share, few enough for memory.
const TOGETHER: usize = 512;
/// A word of every endorsement; entries without it are not decoded.
const ENDORSED: &[u8] = b"endorsed";

/// What the ledger knew when an entry had been recorded.
#[derive(Debug, Clone)]
pub struct AsOf {
    /// The last entry known.
    pub last: u64,
    /// Statements recorded by then whose endorsement came later.
    later: HashSet<StatementRef>,
}

impl AsOf {
    /// Finds what had taken effect at an entry.
    ///
    /// # Errors
    /// An entry that cannot be read.
    pub fn read(ledger: &Ledger, last: u64) -> Result<Self, ProjectionError> {
        let mut later = HashSet::new();
        let endorses =
            |bytes: &[u8]| bytes.split(|byte| *byte == b'"').any(|part| part == ENDORSED);
        ledger.each_entry(last + 1..ledger.len(), |index, bytes| {
            if endorses(bytes) {
                let event = ledger.decode(index, bytes)?;
                if matches!(event.payload.body, Body::Endorsed(_)) {
                    later.extend(event.payload.refs.iter().map(StatementRef::from));
                }
            }
            Ok::<(), ReadError>(())
        })?;
        Ok(Self { last, later })
    }

    /// The policies and calendars published by then.
    ///
    /// # Errors
    /// An entry that cannot be read.
    pub fn policies(
        &self,
        ledger: &Ledger,
        index: &Projection,
    ) -> Result<PolicyBook, ProjectionError> {
        let all = ledger.with_state(|state| state.policies.clone())?;
        let mut known = PolicyBook::default();
        for published in all.policies().filter(|published| published.index <= self.last) {
            let statement = ledger.event(published.index)?.id;
            if self.has((&statement).into()) {
                known.publish(published.policy.clone(), published.hash, published.index);
            }
        }
        for entry in index.history(&Who::Subject(Subject::Ledger))? {
            let event = ledger.event(entry)?;
            if let Body::CalendarPublished(data) = &event.payload.body
                && entry <= self.last
                && self.has((&event.id).into())
            {
                // Decided before: the text parses.
                let _ = known.publish_calendar_text(&data.text, entry);
            }
        }
        Ok(known)
    }

    fn has(&self, statement: StatementRef) -> bool {
        !self.later.contains(&statement)
    }
}

/// What is judged: the stored records, fewer or more of them.
#[derive(Clone, Copy)]
enum Scope<'a> {
    Until(&'a AsOf),
    With(&'a Register),
}

/// Stored records with others over them.
struct Layered<'a> {
    store: Store<'a>,
    scope: Scope<'a>,
    void: &'a HashSet<StatementRef>,
}

impl Neighbours for Layered<'_> {
    fn each(&self, key: &Key, take: &mut dyn FnMut(u64, &Record)) {
        if let Key::Statement(statement) = key
            && self.void.contains(statement)
        {
            let at = Day::from_index(0);
            take(0, &Record { at, statement: *statement, what: What::Void });
        }
        self.store.each(key, &mut |index, record| match self.scope {
            // Said above, once.
            _ if record.what == What::Void => {}
            Scope::Until(known) if index > known.last || !known.has(record.statement) => {}
            Scope::Until(_) | Scope::With(_) => take(index, record),
        });
        if let Scope::With(more) = self.scope {
            more.each(key, take);
        }
    }
}

/// Stored records, and then others.
struct Joined<'a> {
    store: Store<'a>,
    more: &'a [&'a Register],
}

impl Neighbours for Joined<'_> {
    fn each(&self, key: &Key, take: &mut dyn FnMut(u64, &Record)) {
        self.store.each(key, take);
        self.more.iter().for_each(|more| more.each(key, take));
    }
}

impl Projection {
    /// A person's division as if these records were stored too; those that are stored already must
    /// come with all that are newer.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn division_with(
        &self,
        more: &[&Register],
        person: PersonId,
        on: Day,
    ) -> Result<Option<DivisionCode>, ProjectionError> {
        let joined = Joined { store: self.store(), more };
        let division = PersonFile::division_of(person, &joined, on);
        joined.store.check(division)
    }

    /// Judges everybody by what the ledger knew.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn flags_as_of(
        &self,
        known: &AsOf,
        terms: &(dyn Terms + Sync),
        on: Day,
    ) -> Result<Vec<Flag>, ProjectionError> {
        let void = self.void(Some(known))?;
        let judge = |some: &[PersonId]| {
            let layered = self.layered(Scope::Until(known), &void);
            let view = View::new(&layered, terms, on);
            layered.store.check(everybody::some(some, &view, rules::judge_person))
        };
        everybody::all(&self.persons()?, TOGETHER, judge, Tallies::judge)
    }

    /// Judges one person by what the ledger knew.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn flags_of_as_of(
        &self,
        person: PersonId,
        known: &AsOf,
        terms: &dyn Terms,
        on: Day,
    ) -> Result<Vec<Flag>, ProjectionError> {
        Ok(self.file_and_flags_as_of(person, known, terms, on)?.1)
    }

    /// A person's file and flags by what the ledger knew.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn file_and_flags_as_of(
        &self,
        person: PersonId,
        known: &AsOf,
        terms: &dyn Terms,
        on: Day,
    ) -> Result<(PersonFile, Vec<Flag>), ProjectionError> {
        let void = self.void(Some(known))?;
        let layered = self.layered(Scope::Until(known), &void);
        let view = View::new(&layered, terms, on);
        let flags = rules::judge_person(person, &view);
        let file = PersonFile::clone(&view.file(person));
        layered.store.check((file, flags))
    }

    /// Files as the ledger knew them.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn files_as_of(
        &self,
        persons: &[PersonId],
        known: &AsOf,
        on: Day,
    ) -> Result<Vec<PersonFile>, ProjectionError> {
        let void = self.void(Some(known))?;
        let layered = self.layered(Scope::Until(known), &void);
        let read = |person: &PersonId| PersonFile::read(*person, &layered, on);
        let files = persons.iter().map(read).collect();
        layered.store.check(files)
    }

    /// Judges persons, on all cores, as if these records were stored too. Flags come in the
    /// order of the persons.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn flags_with(
        &self,
        more: &Register,
        persons: &[PersonId],
        terms: &(dyn Terms + Sync),
        on: Day,
    ) -> Result<Vec<Flag>, ProjectionError> {
        let mut void = self.void(None)?;
        void.extend(more.void());
        let layered = self.layered(Scope::With(more), &void);
        let coverage = View::new(&layered, terms, on).coverage().clone();
        let coverage = layered.store.check(coverage)?;
        let judged: Result<Vec<Vec<Flag>>, ProjectionError> = persons
            .par_chunks(TOGETHER)
            .map(|persons| {
                let layered = self.layered(Scope::With(more), &void);
                let view = View::new(&layered, terms, on).knowing(coverage.clone());
                let judge = |person: &PersonId| rules::judge_person(*person, &view);
                let flags = persons.iter().flat_map(judge).collect();
                layered.store.check(flags)
            })
            .collect();
        Ok(judged?.into_iter().flatten().collect())
    }

    fn layered<'a>(&'a self, scope: Scope<'a>, void: &'a HashSet<StatementRef>) -> Layered<'a> {
        Layered { store: self.store(), scope, void }
    }

    /// Every statement that was corrected or retracted.
    fn void(&self, known: Option<&AsOf>) -> Result<HashSet<StatementRef>, ProjectionError> {
        let mut void = HashSet::new();
        self.rows.each(keys::VOIDS, |key, value| {
            let index = keys::index_in(key, 1).ok_or(ProjectionError::Row)?;
            let record: Record = postcard::from_bytes(value)?;
            let counts = record.what == What::Void
                && known.is_none_or(|known| index <= known.last && known.has(record.statement));
            if counts {
                void.insert(keys::void_in(key).ok_or(ProjectionError::Row)?);
            }
            Ok(())
        })?;
        Ok(void)
    }
}
