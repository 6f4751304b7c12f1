//! Layer 5: records and indexes computed from the log, in sled.
//!
//! Everything here can be thrown away and computed again to the same bytes: sled acknowledges
//! before it is durable, which is harmless for what the log can rebuild.
//!
//! Rows stand in two places that read as one (`rows`): a sorted table in a file that never changes,
//! which one pass over the log makes (`table`), and what came since, in sled. There one tree holds
//! all, so that one atomic batch moves rows and cursor together:
//!
//! | prefix | key | value | for |
//! |---|---|---|---|
//! | `t` | rules key, index, number | record | rules: a person's file is a prefix scan |
//! | `t` | a person's key, index, mark | what the person shares, records | the same in the table: one row, one look-up |
//! | `t` | rules key, person | index, first record | rules: whom an index names |
//! | `h` | subject, certificate number or flag, index | nothing | history; a person's is in `t` |
//! | `k` | index, inverted | nothing | looks at personal data, the newest first |
//! | `r` | row key | index, content | importing a row again adds nothing |
//! | `l` | kind, division, month, row key | nothing | rows in force of a full list |
//! | `q` | roll id | kind, division, month, index | what a row belongs to |
//! | `s` | what | count, sum | statistics |
//! | `m` | name | cursor, schema | the place on the log |
//!
//! Beside it, in a table and a tree of their own with a cursor of their own, stand the flags of the
//! day that was judged last (`kept`): they change with the day, and the index does not.
//!
//! Knows nothing of HTTP or the clock.

mod catch_up;
mod everybody;
mod fresh;
mod judged;
mod kept;
mod keys;
mod near;
mod news;
mod overlay;
mod pack;
mod pending;
mod query;
mod rows;
mod runs;
mod statistics;
mod step;
mod store;
mod table;

#[cfg(test)]
mod tests;

pub use catch_up::BATCH_ROWS;
pub use overlay::AsOf;
pub use query::{KnownRow, RollInfo, Who};
pub use statistics::{Of, Sum};
pub use table::TableError;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use hashbrown::HashSet;

use crate::ledger::ReadError;
use crate::rules::{Coverage, Key, StatementRef};
use crate::value::{Hash, Tag};
use fresh::Fresh;
use kept::Kept;
use rows::Rows;
use table::TableId;

/// Raised when what is stored changes: an older index is then built anew.
const SCHEMA: u32 = 19;
/// sled's own default is a gibibyte; it counts bytes as they are stored, and holds some four times
/// as many.
const CACHE_BYTES: u64 = 32 << 20;
/// The tree of the rows.
const TREE: &str = "index";
/// The tree of the flags that are kept.
const FLAGS: &str = "flags";

/// How often, and how far apart, an index that is still locked is tried again: ten seconds.
const LOCK_TRIES: u32 = 500;
const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(20);

/// Why the index cannot be used; the log is untouched.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// sled said no.
    #[error("the index: {0}; `mingzheng rebuild` makes it anew from the log")]
    Store(#[from] sled::Error),
    /// The table cannot be read.
    #[error("the index: {0}; `mingzheng rebuild` makes it anew from the log")]
    Table(TableError),
    /// A stored row is not of the known form.
    #[error("the index holds a row of unknown form; `mingzheng rebuild` makes it anew")]
    Row,
    /// The log said no.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The index folder cannot be used.
    #[error("the index folder: {0}; free the disk or the folder, then ask again")]
    Folder(#[from] std::io::Error),
}

impl From<postcard::Error> for ProjectionError {
    fn from(_: postcard::Error) -> Self {
        Self::Row
    }
}

/// The index of one ledger.
pub struct Projection {
    rows: Rows,
    kept: Kept,
    db: sled::Db,
    folder: PathBuf,
    cursor: Cursor,
    /// Statements that are corrected or retracted: asked for with every record that is read, so
    /// they are held, in 16 bytes each.
    voids: HashSet<StatementRef>,
    /// ID numbers for which a mistyped one of somebody may stand: asked for with every person.
    meant: HashSet<Tag>,
    /// Where sled has rows that the table does not have.
    fresh: Fresh,
    /// The rolls that are in, when they were asked for since the last one came.
    coverage: Mutex<Option<Arc<Coverage>>>,
}

/// How far the index has read, and the chain hash there: a cursor of another history is noticed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Cursor {
    schema: u32,
    next: u64,
    prev: Hash,
    /// How many entries the table has read, and which table it is.
    built: u64,
    table: Option<TableId>,
}

impl Projection {
    /// Opens the index of a ledger's folder; an index of another schema, and one that a kill left
    /// unreadable, is begun anew.
    ///
    /// # Errors
    /// sled's, such as an index that another process holds.
    pub fn open(ledger_folder: &Path) -> Result<Self, ProjectionError> {
        let folder = folder(ledger_folder);
        match Self::open_as_is(&folder) {
            Ok(whole) if whole.is_whole() => return Ok(whole),
            Ok(_) => {}
            Err(ProjectionError::Store(error)) if is_unreadable(&error) => {
                tracing::warn!(%error, "the index cannot be read; it is made anew from the log");
            }
            Err(error) => return Err(error),
        }
        Self::open_empty(&folder)
    }

    /// Throws the index away and begins anew.
    ///
    /// # Errors
    /// sled's, or the folder cannot be removed.
    pub fn rebuild(ledger_folder: &Path) -> Result<Self, ProjectionError> {
        Self::open_empty(&folder(ledger_folder))
    }

    fn open_empty(folder: &Path) -> Result<Self, ProjectionError> {
        match std::fs::remove_dir_all(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error.into());
            }
            Ok(()) | Err(_) => {}
        }
        table::remove(&table_path(folder))?;
        table::remove(&flags_path(folder))?;
        Self::open_as_is(folder)
    }

    fn open_as_is(folder: &Path) -> Result<Self, ProjectionError> {
        let db = open_unlocked(&store_config(folder))?;
        let rows = Rows::open(db.open_tree(TREE)?, &table_path(folder))?;
        // A cursor of another form, or of another table, is none.
        let cursor: Option<Cursor> = match rows.get(keys::CURSOR) {
            Ok(Some(bytes)) => postcard::from_bytes(&bytes).ok(),
            Ok(None) => {
                Some(Cursor { schema: SCHEMA, table: rows.table_id(), ..Cursor::default() })
            }
            Err(ProjectionError::Row | ProjectionError::Table(_)) => None,
            Err(error) => return Err(error),
        };
        let cursor = cursor.filter(|cursor| cursor.table == rows.table_id());
        let kept = Kept::open(db.open_tree(FLAGS)?, flags_path(folder))?;
        let mut projection = Self {
            fresh: Fresh::all(),
            rows,
            kept,
            db,
            folder: folder.to_owned(),
            cursor: cursor.unwrap_or_default(),
            voids: HashSet::new(),
            meant: HashSet::new(),
            coverage: Mutex::default(),
        };
        if projection.is_whole() {
            projection.remember()?;
        }
        Ok(projection)
    }

    /// Says whether what is stored is of this form and was not cut short.
    fn is_whole(&self) -> bool {
        self.cursor.schema == SCHEMA && (self.cursor.next > 0 || self.rows.is_empty())
    }

    /// Reads what is held in memory.
    fn remember(&mut self) -> Result<(), ProjectionError> {
        let Self { rows, voids, meant, .. } = self;
        rows.each(keys::VOIDS, |key, _| {
            voids.insert(keys::void_in(key).ok_or(ProjectionError::Row)?);
            Ok(())
        })?;
        rows.each(keys::MEANT, |key, _| match keys::rules_key(key) {
            Some(Some((Key::Meant(id), _))) => {
                meant.insert(id);
                Ok(())
            }
            _ => Err(ProjectionError::Row),
        })?;
        self.fresh = Fresh::of(rows)?;
        Ok(())
    }

    /// How many entries the index has read.
    #[must_use]
    pub const fn current_to(&self) -> u64 {
        self.cursor.next
    }

    /// A hash over every row of the index: equal for an index kept live and one built anew.
    ///
    /// # Errors
    /// sled's.
    pub fn state_hash(&self) -> Result<Hash, ProjectionError> {
        let mut hasher = blake3::Hasher::new();
        let mut take = |key: &[u8], value: &[u8]| {
            for part in [key, value] {
                hasher.update(&(part.len() as u64).to_be_bytes());
                hasher.update(part);
            }
        };
        // Of the cursor, the place on the log; which of the rows are in a table is no state.
        let Cursor { schema, next, prev, .. } = self.cursor;
        take(keys::CURSOR, &postcard::to_stdvec(&(schema, next, prev))?);
        self.each_row(&mut |key, value| {
            if key != keys::CURSOR {
                take(key, value);
            }
        })?;
        Ok(Hash(*hasher.finalize().as_bytes()))
    }

    /// Shows every row as it is stored, in order of the keys.
    ///
    /// # Errors
    /// sled's, a table's, or what `take` says.
    pub fn stored_rows(
        &self,
        take: impl FnMut(&[u8], &[u8]) -> Result<(), ProjectionError>,
    ) -> Result<(), ProjectionError> {
        self.rows.each(&[], take)
    }

    /// Shows every row of the index, in order of the keys, packed ones as what is in them.
    fn each_row(&self, take: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), ProjectionError> {
        let mut of_person: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
        let mut person = None;
        self.stored_rows(|key, value| {
            // What came since the table was made stands among what is packed.
            let who = keys::person_in(key);
            if who != person {
                std::mem::take(&mut of_person).iter().for_each(|(key, value)| take(key, value));
                person = who;
            }
            let Some((index, number)) = keys::of_person(key) else {
                take(key, value);
                return Ok(());
            };
            let all = pack::each(index, number, value, &mut |index, number, value| {
                of_person.insert(keys::with(key, index, number), value.to_vec());
                Some(())
            });
            all.ok_or(ProjectionError::Row)
        })?;
        of_person.iter().for_each(|(key, value)| take(key, value));
        Ok(())
    }

    /// Bytes the index takes on disk.
    ///
    /// # Errors
    /// sled's.
    pub fn size_on_disk(&self) -> Result<u64, ProjectionError> {
        let table = self.rows.table().map_or(0, |table| table.bytes());
        Ok(self.db.size_on_disk()? + table + self.kept.table_bytes())
    }

    /// Hands everything to the disk; what a power cut takes is computed again.
    ///
    /// # Errors
    /// sled's.
    pub fn flush(&self) -> Result<(), ProjectionError> {
        self.db.flush()?;
        Ok(())
    }
}

/// How sled is used here, so that it can be measured alone.
#[must_use]
pub fn store_config(folder: &Path) -> sled::Config {
    sled::Config::new()
        .path(folder)
        .cache_capacity(CACHE_BYTES)
        .flush_every_ms(None)
        .mode(sled::Mode::HighThroughput)
}

/// Opens sled, which lets go of its lock a moment after it was dropped, when its threads end.
fn open_unlocked(config: &sled::Config) -> Result<sled::Db, sled::Error> {
    for _ in 0..LOCK_TRIES {
        match config.open() {
            Err(sled::Error::Io(error)) if is_locked(&error) => std::thread::sleep(LOCK_PAUSE),
            opened => return opened,
        }
    }
    config.open()
}

/// sled 0.34 wraps the refused lock in an error of kind `Other`: only its text tells it.
fn is_locked(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::Other
        && error.to_string().starts_with("could not acquire lock")
}

/// What a process leaves that was killed while sled wrote its files: sled 0.34 takes a snapshot
/// that was being written (`snap.*.generating`) for a whole one, and refuses all of it.
fn is_unreadable(error: &sled::Error) -> bool {
    match error {
        sled::Error::Io(error) => matches!(
            error.kind(),
            std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidData
        ),
        sled::Error::CollectionNotFound(_)
        | sled::Error::Unsupported(_)
        | sled::Error::ReportableBug(_)
        | sled::Error::Corruption { .. } => true,
    }
}

fn folder(ledger_folder: &Path) -> PathBuf {
    ledger_folder.join("index").join("sled")
}

/// Where the table is, beside sled's folder.
fn table_path(folder: &Path) -> PathBuf {
    folder.with_file_name("table")
}

/// Where the table of the flags is.
fn flags_path(folder: &Path) -> PathBuf {
    folder.with_file_name("flags")
}
