//! The flags of one day, kept: what is new on the log judges again whom it touches.
//!
//! | key | value |
//! |---|---|
//! | `p`, person | the person's flags, and their part in the tallies |
//! | `o` | the flags of outliers (assessors, institutions, villages), which hang on everybody |
//! | `m`... | the day, the rules and the place on the log; that the tallies changed |
//!
//! Another day, other rules, a roll that came in, a policy or a calendar: everybody is judged
//! again. The place is written last and a person's row does not hang on what was there before, so
//! a crash on the way only judges some persons twice.

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Projection, ProjectionError, news, query::PERSONS_AT_ONCE};
use crate::event::{FlagKind, Severity};
use crate::ledger::Ledger;
use crate::policy::PolicyBook;
use crate::rules::{self, Coverage, Flag, FlagSubject, Rule, Tallies, View, Why};
use crate::value::{Day, Fen, Hash, Month, PersonId, Programme, RollId, Tag};

const PERSON: u8 = b'p';
const OUTLIERS: &[u8] = b"o";
const PLACE: &[u8] = b"mplace";
const TALLIES_CHANGED: &[u8] = b"mtallies";
/// Persons judged in one view: enough to share what they share, few enough for memory and for all
/// cores to have some.
const TOGETHER: usize = 128;

/// Where the flags are current to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    /// The rules that judged, by number and version.
    rules: [u8; 32],
    /// The day judged.
    on: u32,
    /// Entries judged.
    next: u64,
}

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
    /// Judges persons in one view.
    pub(super) fn persons(&self, persons: &[PersonId]) -> Result<Judged, ProjectionError> {
        let store = self.index.store();
        let view = View::new(&store, self.book, self.on).knowing(self.coverage.clone());
        let judged = persons.iter().map(|person| self.person(*person, &view));
        store.check(judged.collect::<Result<_, _>>()?)
    }

    /// Judges a person by a view.
    pub(super) fn person(
        &self,
        person: PersonId,
        view: &View<'_>,
    ) -> Result<(PersonId, Option<News>), ProjectionError> {
        Ok((person, self.index.news(person, &Stored::judged(person, view))?))
    }
}

/// Persons who were judged, each with what is news of them.
pub(super) type Judged = Vec<(PersonId, Option<News>)>;

impl Projection {
    /// Brings the kept flags to this day and to the index's place on the log; answers how many
    /// persons were judged for it.
    ///
    /// # Errors
    /// sled's, or an entry or a row of unknown form.
    pub fn judge(&self, ledger: &Ledger, on: Day) -> Result<u64, ProjectionError> {
        // The book is read after the length, so it holds every policy up to there.
        let next = ledger.len().min(self.current_to());
        let book = ledger.with_state(|state| state.policies.clone())?;
        let now = Place { rules: rules_in_force(), on: on.index(), next };
        let before = self.place()?.filter(|before| {
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
        let persons = match of_news {
            Some(persons) => persons,
            None => self.judge_all(&judging)?,
        };
        self.settle(now)?;
        Ok(persons)
    }

    /// Judges again whom these entries touch, as if they were new, and keeps it; answers how many
    /// persons that are, or nothing when the entries change everybody's flags.
    ///
    /// # Errors
    /// sled's, or an entry or a row of unknown form.
    pub fn judge_again(
        &self,
        ledger: &Ledger,
        entries: std::ops::Range<u64>,
        on: Day,
    ) -> Result<Option<u64>, ProjectionError> {
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
    fn judge_all(&self, judging: &Judging<'_>) -> Result<u64, ProjectionError> {
        let mut batch = sled::Batch::default();
        batch.remove(PLACE);
        batch.insert(TALLIES_CHANGED, &[]);
        self.flags.apply_batch(batch)?;
        let persons = self.persons()?;
        // All cores judge, one writes: a batch at a time, so that memory holds some persons only.
        for some in persons.chunks(PERSONS_AT_ONCE * rayon::current_num_threads()) {
            let judged: Result<Vec<_>, _> =
                some.par_chunks(TOGETHER).map(|some| judging.persons(some)).collect();
            self.keep(judged?.into_iter().flatten().filter_map(|(_, news)| news))?;
        }
        Ok(persons.len() as u64)
    }

    /// Everybody's flags on a day, when that is the day kept and nothing is new since.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn kept_flags(&self, on: Day) -> Result<Option<Vec<Flag>>, ProjectionError> {
        let now = Place { rules: rules_in_force(), on: on.index(), next: self.current_to() };
        if self.place()? != Some(now) {
            return Ok(None);
        }
        let mut flags = Vec::new();
        for row in self.flags.scan_prefix([PERSON]) {
            let (key, value) = row?;
            let person = PersonId(key[1..].try_into().map_err(|_| ProjectionError::Row)?);
            let stored: Stored = postcard::from_bytes(&value)?;
            for flag in stored.flags {
                flags.push(flag.of(FlagSubject::Person(person))?);
            }
        }
        if let Some(value) = self.flags.get(OUTLIERS)? {
            let stored: Vec<(FlagSubject, StoredFlag)> = postcard::from_bytes(&value)?;
            for (subject, flag) in stored {
                flags.push(flag.of(subject)?);
            }
        }
        flags.sort_unstable();
        Ok(Some(flags))
    }

    fn place(&self) -> Result<Option<Place>, ProjectionError> {
        let Some(bytes) = self.flags.get(PLACE)? else { return Ok(None) };
        // A place of unknown form is none: everybody is judged.
        Ok(postcard::from_bytes(&bytes).ok())
    }

    /// What was judged of a person, where it is news; any number of threads may ask.
    pub(super) fn news(
        &self,
        person: PersonId,
        stored: &Stored,
    ) -> Result<Option<News>, ProjectionError> {
        let mut key = vec![PERSON];
        key.extend(person.0);
        let before = self.flags.get(&key)?;
        let is_empty = stored.flags.is_empty() && stored.tallies == Tallies::default();
        let value = if is_empty { None } else { Some(postcard::to_stdvec(stored)?) };
        if before.as_deref() == value.as_deref() {
            return Ok(None);
        }
        let counted = match before {
            Some(bytes) => postcard::from_bytes::<Stored>(&bytes).ok().map(|row| row.tallies),
            None => Some(Tallies::default()),
        };
        let tallies_changed = counted.as_ref() != Some(&stored.tallies);
        Ok(Some(News { key, value, tallies_changed }))
    }

    /// Writes what is news.
    pub(super) fn keep(&self, news: impl Iterator<Item = News>) -> Result<(), ProjectionError> {
        let mut batch = sled::Batch::default();
        let (mut any, mut tallies_changed) = (false, false);
        for News { key, value, tallies_changed: changed } in news {
            any = true;
            tallies_changed |= changed;
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        if tallies_changed {
            batch.insert(TALLIES_CHANGED, &[]);
        }
        if any {
            self.flags.apply_batch(batch)?;
        }
        Ok(())
    }

    /// Judges assessors anew when need be, and writes the place.
    fn settle(&self, now: Place) -> Result<(), ProjectionError> {
        let mut batch = sled::Batch::default();
        if self.flags.contains_key(TALLIES_CHANGED)? {
            let mut tallies = Tallies::default();
            for value in self.flags.scan_prefix([PERSON]).values() {
                tallies.join(&postcard::from_bytes::<Stored>(&value?)?.tallies);
            }
            let flags = tallies.judge().into_iter();
            let flags: Vec<_> = flags.map(|flag| (flag.subject, StoredFlag::from(flag))).collect();
            batch.insert(OUTLIERS, postcard::to_stdvec(&flags)?);
            batch.remove(TALLIES_CHANGED);
        }
        batch.insert(PLACE, postcard::to_stdvec(&now)?);
        Ok(self.flags.apply_batch(batch)?)
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

/// A row of a person that is no longer what is stored.
pub(super) struct News {
    key: Vec<u8>,
    value: Option<Vec<u8>>,
    /// Outliers are to be judged anew.
    tallies_changed: bool,
}

/// What is kept of one person.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    flags: Vec<StoredFlag>,
    tallies: Tallies,
}

impl Stored {
    pub(super) fn judged(person: PersonId, view: &View<'_>) -> Self {
        let flags = rules::judge_person(person, view).into_iter().map(StoredFlag::from).collect();
        let mut tallies = Tallies::default();
        tallies.add(&view.file(person));
        Self { flags, tallies }
    }
}

/// A flag without whom it is about.
#[derive(Serialize, Deserialize)]
struct StoredFlag {
    rule: String,
    id: Hash,
    severity: Severity,
    kind: FlagKind,
    id_tag: Option<Tag>,
    programme: Option<Programme>,
    month: Option<Month>,
    roll: Option<RollId>,
    row: Option<u32>,
    evidence: Vec<u64>,
    why_zh: String,
    why_en: String,
    money_at_risk: Fen,
}

impl From<Flag> for StoredFlag {
    fn from(flag: Flag) -> Self {
        Self {
            rule: flag.rule.id.to_owned(),
            id: flag.id,
            severity: flag.severity,
            kind: flag.kind,
            id_tag: flag.id_tag,
            programme: flag.programme,
            month: flag.month,
            roll: flag.roll,
            row: flag.row,
            evidence: flag.evidence,
            why_zh: flag.why.zh,
            why_en: flag.why.en,
            money_at_risk: flag.money_at_risk,
        }
    }
}

impl StoredFlag {
    fn of(self, subject: FlagSubject) -> Result<Flag, ProjectionError> {
        let known = rules::list().iter().find(|rule| rule.id == self.rule);
        Ok(Flag {
            id: self.id,
            rule: known.ok_or(ProjectionError::Row)?,
            severity: self.severity,
            kind: self.kind,
            subject,
            id_tag: self.id_tag,
            programme: self.programme,
            month: self.month,
            roll: self.roll,
            row: self.row,
            evidence: self.evidence,
            why: Why { zh: self.why_zh, en: self.why_en },
            money_at_risk: self.money_at_risk,
        })
    }
}
