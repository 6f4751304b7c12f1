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

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Projection, ProjectionError, catch_up::each_entry, query::PERSONS_AT_ONCE};
use crate::event::{Body, FlagKind, Recorded, Severity};
use crate::ledger::Ledger;
use crate::policy::PolicyBook;
use crate::rules::{self, Flag, FlagSubject, Rule, Tallies, Touched, Trace, View, Why, touched};
use crate::value::{Day, Fen, Hash, Month, PersonId, Programme, RollId, Tag};

const PERSON: u8 = b'p';
const OUTLIERS: &[u8] = b"o";
const PLACE: &[u8] = b"mplace";
const TALLIES_CHANGED: &[u8] = b"mtallies";
/// Traces that are looked at together.
const TRACES_AT_ONCE: usize = 4096;
/// Traces that one core looks at together, and persons whom it judges in one view: enough to share
/// what they share, few enough for memory and for all cores to have some.
const TRACES_TOGETHER: usize = 256;
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
        let touched = match before {
            Some(before) => self.touched(ledger, before.next..next, &book, on)?,
            None => Touched::All,
        };
        let persons = match touched {
            Touched::Persons(persons) => persons.into_iter().collect(),
            Touched::All => {
                let mut batch = sled::Batch::default();
                batch.remove(PLACE);
                batch.insert(TALLIES_CHANGED, &[]);
                self.flags.apply_batch(batch)?;
                self.persons()?
            }
        };
        let store = self.store();
        let coverage = store.check(View::new(&store, &book, on).coverage().clone())?;
        // All cores judge, one writes: a batch at a time, so that memory holds some persons only.
        for some in persons.chunks(PERSONS_AT_ONCE * rayon::current_num_threads()) {
            let judge = |some: &[PersonId]| {
                let store = self.store();
                let view = View::new(&store, &book, on).knowing(coverage.clone());
                let judged = some.iter().map(|person| Stored::judged(*person, &view)).collect();
                store.check::<Vec<Stored>>(judged)
            };
            let judged: Result<Vec<_>, _> = some.par_chunks(TOGETHER).map(judge).collect();
            self.keep(some.iter().copied().zip(judged?.into_iter().flatten()))?;
        }
        self.settle(now)?;
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

    /// Whose flags the entries may change.
    fn touched(
        &self,
        ledger: &Ledger,
        entries: std::ops::Range<u64>,
        book: &PolicyBook,
        on: Day,
    ) -> Result<Touched, ProjectionError> {
        let mut persons = BTreeSet::new();
        let mut all = false;
        let mut traces = Vec::new();
        let mut look = |traces: &mut Vec<Trace>| -> Result<bool, ProjectionError> {
            let some = |traces: &[Trace]| {
                let store = self.store();
                let found = touched(traces, &View::new(&store, book, on));
                store.check(found)
            };
            let found: Result<Vec<_>, _> = traces.par_chunks(TRACES_TOGETHER).map(some).collect();
            for found in found? {
                match found {
                    Touched::All => return Ok(true),
                    Touched::Persons(some) => persons.extend(some),
                }
            }
            traces.clear();
            Ok(false)
        };
        each_entry(ledger, entries, |index, bytes| {
            if all {
                return Ok(());
            }
            let event = ledger.decode(index, bytes)?;
            all = effects(ledger, &event, &mut traces)?;
            if !all && traces.len() >= TRACES_AT_ONCE {
                all = look(&mut traces)?;
            }
            Ok(())
        })?;
        all = all || look(&mut traces)?;
        Ok(if all { Touched::All } else { Touched::Persons(persons) })
    }

    /// Writes what was judged where it is news.
    fn keep(
        &self,
        judged: impl Iterator<Item = (PersonId, Stored)>,
    ) -> Result<(), ProjectionError> {
        let mut batch = sled::Batch::default();
        let mut tallies_changed = false;
        for (person, stored) in judged {
            let mut key = vec![PERSON];
            key.extend(person.0);
            let before = self.flags.get(&key)?;
            let is_empty = stored.flags.is_empty() && stored.tallies == Tallies::default();
            let value = if is_empty { None } else { Some(postcard::to_stdvec(&stored)?) };
            if before.as_deref() == value.as_deref() {
                continue;
            }
            let counted = match before {
                Some(bytes) => postcard::from_bytes::<Stored>(&bytes).ok().map(|row| row.tallies),
                None => Some(Tallies::default()),
            };
            tallies_changed |= counted.as_ref() != Some(&stored.tallies);
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        if tallies_changed {
            batch.insert(TALLIES_CHANGED, &[]);
        }
        Ok(self.flags.apply_batch(batch)?)
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

/// Adds the traces of what an entry gives effect to, and of what that corrects or retracts; says
/// whether it changes everybody's terms.
fn effects(
    ledger: &Ledger,
    event: &Recorded,
    to: &mut Vec<Trace>,
) -> Result<bool, ProjectionError> {
    let body = &event.payload.body;
    if matches!(body, Body::PolicyPublished(_) | Body::CalendarPublished(_)) {
        return Ok(true);
    }
    if let Body::Endorsed(_) = body {
        to.extend(rules::traces(event));
        for proposal in &event.payload.refs {
            let Some(index) = ledger.find(proposal)? else { continue };
            let proposal = ledger.event(index)?;
            let of_terms = matches!(
                proposal.payload.body,
                Body::PolicyPublished(_) | Body::CalendarPublished(_)
            );
            if of_terms {
                return Ok(true);
            }
            effect(ledger, &proposal, to)?;
        }
    } else if body.second().is_none() {
        effect(ledger, event, to)?;
    }
    Ok(false)
}

fn effect(ledger: &Ledger, event: &Recorded, to: &mut Vec<Trace>) -> Result<(), ProjectionError> {
    to.extend(rules::traces(event));
    let body = &event.payload.body;
    let earlier = match body {
        Body::ExternalFactRetracted(data) => Some(&data.fact),
        Body::RollRowRetracted(data) => Some(&data.target),
        _ => body.row().and_then(|row| row.corrects.as_ref()),
    };
    if let Some(index) = earlier.map(|earlier| ledger.find(earlier)).transpose()?.flatten() {
        to.extend(rules::traces(&ledger.event(index)?));
    }
    Ok(())
}

/// The rules of this program, by number and version, and the program's own version.
fn rules_in_force() -> [u8; 32] {
    let mut text = env!("CARGO_PKG_VERSION").to_owned();
    for Rule { id, version, .. } in rules::list() {
        text.push_str(&format!("|{id}/{version}"));
    }
    *blake3::hash(text.as_bytes()).as_bytes()
}

/// What is kept of one person.
#[derive(Serialize, Deserialize)]
struct Stored {
    flags: Vec<StoredFlag>,
    tallies: Tallies,
}

impl Stored {
    fn judged(person: PersonId, view: &View<'_>) -> Self {
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
