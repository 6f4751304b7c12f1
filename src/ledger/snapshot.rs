//! What the ledger leaves when it closes, so that it opens without replaying its whole life:
//! three files below `index/`. They are used only if their chain hash equals the log's at their
//! length; else the log is replayed. Losing them costs time and nothing else.
//!
//! | file | body |
//! |---|---|
//! | `state.snapshot` | postcard of the decision state and the last recorded time |
//! | `statements.snapshot` | tables of statement ids, token ids and subjects' latest entries |
//! | `log.snapshot` | where every entry stands, and the leaf hash of each (32 bytes) |
//!
//! The last serves readers only, who hold every entry they read against its leaf, and the leaves
//! against the published root. Each file: magic `MZSN`, u16 schema, 32-byte BLAKE3 of the rest,
//! u64 length of the log, its 32-byte chain hash, body. The three are not replaced together, so
//! files of different lengths are used for nothing.

use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{core::Core, index::Index};
use crate::domain::State;
use crate::log::{Files, Known, read_from};
use crate::tlog::{Tree, TreeHash};
use crate::value::Hash;

const STATE: &str = "index/state.snapshot";
const STATEMENTS: &str = "index/statements.snapshot";
const LOG: &str = "index/log.snapshot";
const MAGIC: &[u8; 4] = b"MZSN";
/// Raised whenever the state's types or the bodies change: an older file is then not read, and
/// the log is replayed.
const SCHEMA: u16 = 10;
const HEAD: usize = 4 + 2 + 32;
/// A log that grew by less than one part in so many since the files were read is replayed from
/// there next time: writing them all for each statement would take longer.
const PARTS: u64 = 64;

/// Where on the log a file was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    len: u64,
    prev: Hash,
}

/// Writes and reads the snapshot of one ledger.
pub(super) struct Keeper {
    files: Option<Arc<dyn Files>>,
    /// Length that the files on the disk speak of, 0 when there are none that can be used.
    kept: AtomicU64,
}

impl Keeper {
    /// The keeper of the ledger in that folder.
    pub(super) const fn of(files: Arc<dyn Files>) -> Self {
        Self { files: Some(files), kept: AtomicU64::new(0) }
    }

    /// Keeps nothing.
    pub(super) const fn none() -> Self {
        Self { files: None, kept: AtomicU64::new(0) }
    }

    /// What was read was of another log: it is to be written anew.
    pub(super) fn forget(&self) {
        self.kept.store(0, Ordering::Relaxed);
    }

    /// Puts the files in place, each whole, where they would save much. A failure is logged: the
    /// log holds everything.
    pub(super) fn write(&self, core: &Core, known: &Known, tree: &Tree) {
        let Some(files) = &self.files else { return };
        let kept = self.kept.load(Ordering::Relaxed);
        if kept > 0 && core.len - kept.min(core.len) <= core.len / PARTS {
            return;
        }
        if let Err(error) = write(files.as_ref(), core, known, tree) {
            tracing::warn!(%error, "the snapshot was not written; the next opening takes longer");
        }
    }

    /// The state alone, for a reader, if the file of the statements is of the same length. What
    /// that holds is read when it is asked for.
    pub(super) fn state(&self) -> Option<(Core, Older)> {
        let files = self.files.as_ref()?;
        let (mark, state, last_ms) = state(files.as_ref())?;
        if mark_of(files.as_ref(), STATEMENTS)? != mark {
            return None;
        }
        let core = Core { state, index: Index::default(), prev: mark.prev, len: mark.len, last_ms };
        Some((core, Older { files: Arc::clone(files), mark, index: OnceLock::new() }))
    }

    /// The state of the snapshot, if its files are whole, of this schema and of one length.
    pub(super) fn core(&self) -> Option<Core> {
        let files = self.files.as_deref()?;
        let (state, index) = rayon::join(|| state(files), || statements(files));
        let ((mark, state, last_ms), (same, index)) = (state?, index?);
        if mark != same {
            return None;
        }
        // Readers need the third file too: without it all are written again at the next close.
        if mark_of(files, LOG) == Some(mark) {
            self.kept.store(mark.len, Ordering::Relaxed);
        }
        Some(Core { state, index, prev: mark.prev, len: mark.len, last_ms })
    }

    /// Where the entries stand, and the tree over them, if the file is whole and of this schema.
    pub(super) fn log(&self) -> Option<(Known, Tree)> {
        let (mark, bytes) = read(self.files.as_deref()?, LOG)?;
        let (known, rest) = Known::read(body(&bytes))?;
        let (leaves, none) = rest.as_chunks::<{ TreeHash::LEN }>();
        if !none.is_empty() || known.len() != mark.len || leaves.len() as u64 != mark.len {
            return None;
        }
        let leaves = leaves.iter().map(|leaf| TreeHash(*leaf)).collect();
        drop(bytes);
        Some((known, Tree::of_leaves(leaves)))
    }
}

/// The statements that a reader's snapshot speaks of, read when they are first asked for.
pub(super) struct Older {
    files: Arc<dyn Files>,
    mark: Mark,
    index: OnceLock<Option<Index>>,
}

impl Older {
    /// The index as it was when the ledger was closed; nothing when its file is damaged.
    pub(super) fn index(&self) -> Option<&Index> {
        let read = || {
            let (mark, index) = statements(self.files.as_ref())?;
            (mark == self.mark).then_some(index)
        };
        self.index.get_or_init(read).as_ref()
    }
}

fn state(files: &dyn Files) -> Option<(Mark, State, u64)> {
    let (mark, bytes) = read(files, STATE)?;
    let (state, last_ms) = postcard::from_bytes(body(&bytes)).ok()?;
    Some((mark, state, last_ms))
}

fn statements(files: &dyn Files) -> Option<(Mark, Index)> {
    let (mark, bytes) = read(files, STATEMENTS)?;
    Some((mark, Index::read(body(&bytes))?))
}

fn write(files: &dyn Files, core: &Core, known: &Known, tree: &Tree) -> io::Result<()> {
    let mark = Mark { len: core.len, prev: core.prev };
    let mut bytes = begun(mark);
    bytes = postcard::to_extend(&(&core.state, core.last_ms), bytes).map_err(io::Error::other)?;
    replace(files, STATE, bytes)?;
    let mut bytes = begun(mark);
    core.index.write(&mut bytes).map_err(io::Error::other)?;
    replace(files, STATEMENTS, bytes)?;
    let mut bytes = begun(mark);
    known.write(&mut bytes);
    bytes.extend(tree.nodes(0).iter().flat_map(|leaf| leaf.0));
    replace(files, LOG, bytes)
}

/// A file without its hash and body.
fn begun(mark: Mark) -> Vec<u8> {
    let mut bytes = vec![0; HEAD];
    bytes.extend(mark.len.to_be_bytes());
    bytes.extend(mark.prev.as_bytes());
    bytes
}

/// Gives a file its head and puts it in place.
fn replace(files: &dyn Files, name: &str, mut bytes: Vec<u8>) -> io::Result<()> {
    let hash = blake3::hash(&bytes[HEAD..]);
    bytes[..4].copy_from_slice(MAGIC);
    bytes[4..6].copy_from_slice(&SCHEMA.to_be_bytes());
    bytes[6..HEAD].copy_from_slice(hash.as_bytes());
    files.replace(name, &bytes)
}

/// A file that is whole and of this schema, and where on the log it was made.
fn read(files: &dyn Files, name: &str) -> Option<(Mark, Vec<u8>)> {
    let bytes = read_from(files.open(name).ok()?.as_ref(), 0).ok()?;
    let rest = bytes.get(HEAD..)?;
    let whole = bytes[..4] == *MAGIC
        && bytes[4..6] == SCHEMA.to_be_bytes()
        && bytes[6..HEAD] == *blake3::hash(rest).as_bytes();
    let mark = mark(rest)?;
    whole.then_some((mark, bytes))
}

/// Where a file says it was made; its body is not looked at.
fn mark_of(files: &dyn Files, name: &str) -> Option<Mark> {
    let mut head = [0; HEAD + 8 + 32];
    files.open(name).ok()?.read_at(0, &mut head).ok()?;
    (head[..4] == *MAGIC && head[4..6] == SCHEMA.to_be_bytes()).then_some(())?;
    mark(&head[HEAD..])
}

fn mark(bytes: &[u8]) -> Option<Mark> {
    let (len, rest) = bytes.split_first_chunk::<8>()?;
    let prev = rest.first_chunk::<32>()?;
    Some(Mark { len: u64::from_be_bytes(*len), prev: Hash(*prev) })
}

/// What follows the mark.
fn body(bytes: &[u8]) -> &[u8] {
    bytes.get(HEAD + 8 + 32..).unwrap_or_default()
}
