//! Layer 5: records and indexes computed from the log, in sled.
//!
//! Everything here can be thrown away and computed again to the same bytes: sled acknowledges
//! before it is durable, which is harmless for what the log can rebuild. One tree holds all, so
//! that one atomic batch moves rows and cursor together:
//!
//! | prefix | key | value | for |
//! |---|---|---|---|
//! | `t` | rules key, index, number | record | rules: a person's file is a prefix scan |
//! | `t` | a person's key, index, mark | records | the same, packed when the index is built |
//! | `t` | rules key, person | index, first record | rules: whom an index names |
//! | `h` | subject, certificate number or flag, index | nothing | history; a person's is in `t` |
//! | `r` | row key | index, content | importing a row again adds nothing |
//! | `l` | kind, division, month, row key | nothing | rows in force of a full list |
//! | `q` | roll id | kind, division, month, index | what a row belongs to |
//! | `s` | what | count, sum | statistics |
//! | `m` | name | cursor, schema | the place on the log |
//!
//! Beside it, in a tree of its own with a cursor of its own, stand the flags of the day that was
//! judged last (`judged`): they change with the day, and the index does not.
//!
//! Knows nothing of HTTP or the clock.

mod catch_up;
mod everybody;
mod forward;
mod judged;
mod keys;
mod news;
mod overlay;
mod pack;
mod pending;
mod query;
mod runs;
mod statistics;
mod step;
mod store;

#[cfg(test)]
mod tests;

pub use catch_up::BATCH_ROWS;
pub use overlay::AsOf;
pub use query::{KnownRow, RollInfo, Who};
pub use statistics::{Of, Sum};

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use hashbrown::HashSet;

use crate::ledger::ReadError;
use crate::rules::{Coverage, StatementRef};
use crate::value::Hash;

/// Raised when what is stored changes: an older index is then built anew.
const SCHEMA: u32 = 12;
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
    tree: sled::Tree,
    flags: sled::Tree,
    db: sled::Db,
    folder: PathBuf,
    cursor: Cursor,
    /// Statements that are corrected or retracted: asked for with every record that is read, so
    /// they are held, in 16 bytes each.
    voids: HashSet<StatementRef>,
    /// The rolls that are in, when they were asked for since the last one came.
    coverage: Mutex<Option<Arc<Coverage>>>,
}

/// How far the index has read, and the chain hash there: a cursor of another history is noticed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Cursor {
    schema: u32,
    next: u64,
    prev: Hash,
}

impl Projection {
    /// Opens the index of a ledger's folder; an index of another schema is begun anew.
    ///
    /// # Errors
    /// sled's, such as an index that another process holds.
    pub fn open(ledger_folder: &Path) -> Result<Self, ProjectionError> {
        let folder = folder(ledger_folder);
        let projection = Self::open_as_is(&folder)?;
        let cut_short = projection.cursor.next == 0 && !projection.tree.is_empty();
        if projection.cursor.schema == SCHEMA && !cut_short {
            return Ok(projection);
        }
        drop(projection);
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
        Self::open_as_is(folder)
    }

    fn open_as_is(folder: &Path) -> Result<Self, ProjectionError> {
        let db = open_unlocked(&store_config(folder))?;
        let tree = db.open_tree(TREE)?;
        let cursor = match tree.get(keys::CURSOR)? {
            Some(bytes) => postcard::from_bytes(&bytes).unwrap_or_default(),
            None => Cursor { schema: SCHEMA, ..Cursor::default() },
        };
        let flags = db.open_tree(FLAGS)?;
        let mut voids = HashSet::new();
        for key in tree.scan_prefix(keys::VOIDS).keys() {
            voids.insert(keys::void_in(&key?).ok_or(ProjectionError::Row)?);
        }
        Ok(Self {
            tree,
            flags,
            db,
            folder: folder.to_owned(),
            cursor,
            voids,
            coverage: Mutex::default(),
        })
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
        self.each_row(&mut |key, value| {
            for part in [key, value] {
                hasher.update(&(part.len() as u64).to_be_bytes());
                hasher.update(part);
            }
        })?;
        Ok(Hash(*hasher.finalize().as_bytes()))
    }

    /// Every row as it is stored, in order of the keys.
    pub fn stored_rows(
        &self,
    ) -> impl Iterator<Item = Result<(sled::IVec, sled::IVec), ProjectionError>> {
        self.tree.iter().map(|row| Ok(row?))
    }

    /// Shows every row of the index, in order of the keys, packed ones as what is in them.
    fn each_row(&self, take: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), ProjectionError> {
        for row in self.stored_rows() {
            let (key, value) = row?;
            match keys::of_person(&key) {
                Some((index, keys::PACKED)) => {
                    let all =
                        pack::each(index, keys::PACKED, &value, &mut |index, number, value| {
                            take(&keys::with(&key, index, number), value);
                            Some(())
                        });
                    all.ok_or(ProjectionError::Row)?;
                }
                Some(_) | None => take(&key, &value),
            }
        }
        Ok(())
    }

    /// Bytes the index takes on disk.
    ///
    /// # Errors
    /// sled's.
    pub fn size_on_disk(&self) -> Result<u64, ProjectionError> {
        Ok(self.db.size_on_disk()?)
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

fn folder(ledger_folder: &Path) -> PathBuf {
    ledger_folder.join("index").join("sled")
}
