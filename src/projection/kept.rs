//! The flags of one day as they are stored: everybody's in a sorted table, and over it, in a tree of
//! sled, what was judged again since.
//!
//! | key | value |
//! |---|---|
//! | `p`, person | the person's flags, and their part in the tallies |
//! | `o` | the flags of outliers (assessors, institutions, villages), which hang on everybody |
//! | `m`... | the day, the rules and the place on the log, with the table; that the tallies changed |
//!
//! The place is written last and names its table, and a person's row does not hang on what was
//! there before: a crash on the way only judges some persons twice.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError, RwLock, RwLockReadGuard},
};

use serde::{Deserialize, Serialize};

use super::{
    ProjectionError,
    pending::Change,
    rows::Rows,
    table::{self, Block, TableId, TableWriter},
};
use crate::event::{FlagKind, Severity};
use crate::rules::{self, Flag, FlagSubject, Tallies, View, Why};
use crate::value::{Fen, Hash, Month, PersonId, Programme, RollId, Tag};

const PERSON: u8 = b'p';
const OUTLIERS: &[u8] = b"o";
const PLACE: &[u8] = b"mplace";
const TALLIES_CHANGED: &[u8] = b"mtallies";

/// Room for what is usually stored of a person.
const VALUE_BYTES: usize = 256;

/// Where the flags are current to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The rules that judged, by number and version.
    pub(super) rules: [u8; 32],
    /// The day judged.
    pub(super) on: u32,
    /// Entries judged.
    pub(super) next: u64,
}

/// The flags that are kept.
pub(super) struct Kept {
    rows: RwLock<Rows>,
    /// Where the table is.
    path: PathBuf,
    /// Held by who judges: one table is written at a time.
    turn: Mutex<()>,
}

impl Kept {
    /// Those of a tree, and of the table at a path.
    pub(super) fn open(tree: sled::Tree, path: PathBuf) -> Result<Self, ProjectionError> {
        let rows = RwLock::new(Rows::open(tree, &path)?);
        Ok(Self { rows, path, turn: Mutex::new(()) })
    }

    /// Forgets all of them: the tree is a new one.
    pub(super) fn begin_anew(&self, tree: sled::Tree) -> Result<(), ProjectionError> {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        table::remove(&self.path)?;
        *rows = Rows::of_tree(tree);
        Ok(())
    }

    pub(super) const fn turn(&self) -> &Mutex<()> {
        &self.turn
    }

    fn rows(&self) -> RwLockReadGuard<'_, Rows> {
        // A thread that died while it wrote left the rows it had, or new ones.
        self.rows.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes of the table on the disk.
    pub(super) fn table_bytes(&self) -> u64 {
        self.rows().table().map_or(0, |table| table.bytes())
    }

    /// Where the flags are current to, if there are any.
    pub(super) fn place(&self) -> Result<Option<Place>, ProjectionError> {
        place(&self.rows())
    }

    /// Everybody's flags, when this is where they are current to.
    pub(super) fn flags_at(&self, now: Place) -> Result<Option<Vec<Flag>>, ProjectionError> {
        let rows = self.rows();
        if place(&rows)? != Some(now) {
            return Ok(None);
        }
        let mut flags = Vec::new();
        rows.each(&[PERSON], |key, value| {
            let person = PersonId(key[1..].try_into().map_err(|_| ProjectionError::Row)?);
            let stored: Stored = postcard::from_bytes(value)?;
            for flag in stored.flags {
                flags.push(flag.of(FlagSubject::Person(person))?);
            }
            Ok(())
        })?;
        if let Some(value) = rows.get(OUTLIERS)? {
            let stored: Vec<(FlagSubject, StoredFlag)> = postcard::from_bytes(&value)?;
            for (subject, flag) in stored {
                flags.push(flag.of(subject)?);
            }
        }
        flags.sort_unstable();
        Ok(Some(flags))
    }

    /// What was judged of a person, where it is news; any number of threads may ask, each with a
    /// block of its own.
    pub(super) fn news(
        &self,
        person: PersonId,
        stored: &Stored,
        block: &mut Block,
    ) -> Result<Option<News>, ProjectionError> {
        let key = key(person);
        let before = self.rows().get_near(&key, block)?;
        let value = stored.value()?;
        if before == value {
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
        let (mut changes, mut tallies_changed) = (Vec::new(), false);
        for News { key, value, tallies_changed: changed } in news {
            tallies_changed |= changed;
            changes.push((key, value.map_or(Change::Remove, Change::Put)));
        }
        if tallies_changed {
            changes.push((TALLIES_CHANGED.to_vec(), Change::Put(Vec::new())));
        }
        if changes.is_empty() { Ok(()) } else { self.rows().apply(changes) }
    }

    /// Judges outliers anew when need be, and writes the place.
    pub(super) fn settle(&self, now: Place) -> Result<(), ProjectionError> {
        let rows = self.rows();
        let mut tallies = None;
        if rows.any(TALLIES_CHANGED)? {
            let mut all = Tallies::default();
            rows.each(&[PERSON], |_, value| {
                all.join(&postcard::from_bytes::<Stored>(value)?.tallies);
                Ok(())
            })?;
            tallies = Some(all);
        }
        settle(&rows, now, tallies.as_ref())
    }

    /// Begins to write everybody's flags anew.
    pub(super) fn everybody(&self) -> Result<Everybody, ProjectionError> {
        Ok(Everybody { writer: TableWriter::new(&self.path)?, tallies: Tallies::default() })
    }

    /// Puts everybody's flags in the place of those before.
    pub(super) fn replace(&self, all: Everybody, now: Place) -> Result<(), ProjectionError> {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        all.writer.finish()?;
        // From here on the old place names a table that is no more.
        rows.clear()?;
        *rows = rows.over(&self.path)?;
        settle(&rows, now, Some(&all.tallies))
    }
}

fn key(person: PersonId) -> Vec<u8> {
    let mut key = vec![PERSON];
    key.extend(person.0);
    key
}

/// The place, with the table it speaks of.
type StoredPlace = (Place, Option<TableId>);

fn place(rows: &Rows) -> Result<Option<Place>, ProjectionError> {
    let Some(bytes) = rows.get(PLACE)? else { return Ok(None) };
    // A place of unknown form, or of another table, is none: everybody is judged.
    let stored = postcard::from_bytes::<StoredPlace>(&bytes).ok();
    Ok(stored.filter(|(_, of)| *of == rows.table_id()).map(|(place, _)| place))
}

/// Writes the place, and the outliers of tallies that changed.
fn settle(rows: &Rows, now: Place, tallies: Option<&Tallies>) -> Result<(), ProjectionError> {
    let stored: StoredPlace = (now, rows.table_id());
    let mut changes = vec![(PLACE.to_vec(), Change::Put(postcard::to_stdvec(&stored)?))];
    if let Some(tallies) = tallies {
        let flags = tallies.judge().into_iter();
        let flags: Vec<_> = flags.map(|flag| (flag.subject, StoredFlag::from(flag))).collect();
        changes.push((OUTLIERS.to_vec(), Change::Put(postcard::to_stdvec(&flags)?)));
        changes.push((TALLIES_CHANGED.to_vec(), Change::Remove));
    }
    rows.apply(changes)
}

/// Everybody's flags while they are written.
pub(super) struct Everybody {
    writer: TableWriter,
    tallies: Tallies,
}

/// A person's row, and the part in the tallies.
pub(super) type EverybodyRow = (PersonId, Option<Vec<u8>>, Tallies);

impl Everybody {
    /// What is written of a person; any number of threads may ask.
    pub(super) fn row(person: PersonId, stored: Stored) -> Result<EverybodyRow, ProjectionError> {
        Ok((person, stored.value()?, stored.tallies))
    }

    /// Writes the next person, in order of their ids.
    pub(super) fn take(
        &mut self,
        (person, value, tallies): EverybodyRow,
    ) -> Result<(), ProjectionError> {
        self.tallies.join(&tallies);
        if let Some(value) = value {
            self.writer.take(&key(person), &value)?;
        }
        Ok(())
    }
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

    /// As it is stored; nothing where there is nothing to say.
    fn value(&self) -> Result<Option<Vec<u8>>, ProjectionError> {
        if self.flags.is_empty() && self.tallies == Tallies::default() {
            return Ok(None);
        }
        Ok(Some(postcard::to_extend(self, Vec::with_capacity(VALUE_BYTES))?))
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
    all_evidence: Option<Hash>,
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
            all_evidence: flag.all_evidence,
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
            all_evidence: self.all_evidence,
            why: Why { zh: self.why_zh, en: self.why_en },
            money_at_risk: self.money_at_risk,
        })
    }
}
