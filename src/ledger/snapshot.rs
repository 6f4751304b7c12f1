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
//! against the published root. Each file: magic `MZSN`, u16 schema, u64 length of the log, its
//! 32-byte chain hash, body, 32-byte BLAKE3 of all that. A file is written while it is made: a
//! ledger that closes holds nothing twice. The three are not replaced together, so
//! files of different lengths are used for nothing.

use std::{
    io::{self, BufWriter, Write},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{core::Core, index::Index};
use crate::domain::State;
use crate::log::{Files, Known, Writes, read_from};
use crate::tlog::{Tree, TreeHash};
use crate::value::Hash;

const STATE: &str = "index/state.snapshot";
const STATEMENTS: &str = "index/statements.snapshot";
const LOG: &str = "index/log.snapshot";
const MAGIC: &[u8; 4] = b"MZSN";
/// Raised whenever the state's types or the bodies change: an older file is then not read, and
/// the log is replayed.
const SCHEMA: u16 = 17;
/// Where the body begins.
const BODY: usize = 4 + 2 + 8 + 32;
/// Bytes written at once.
const BUFFER_BYTES: usize = 256 << 10;
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
        let tree = Tree::of_leaves(leaves);
        Some((known, tree))
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
    put(files, STATE, mark, &mut |to| {
        let written = postcard::to_io(&(&core.state, core.last_ms), to);
        written.map(drop).map_err(io::Error::other)
    })?;
    put(files, STATEMENTS, mark, &mut |to| core.index.write(to))?;
    put(files, LOG, mark, &mut |to| {
        known.write(to)?;
        tree.leaves().try_for_each(|leaf| to.write_all(leaf.as_bytes()))
    })
}

/// Puts a file in place, with a body and what goes around it.
fn put(files: &dyn Files, name: &str, mark: Mark, body: Writes<'_>) -> io::Result<()> {
    files.replace_by(name, &mut |to| {
        let hashed = Hashed { to, hasher: blake3::Hasher::new() };
        let mut buffer = BufWriter::with_capacity(BUFFER_BYTES, hashed);
        buffer.write_all(MAGIC)?;
        buffer.write_all(&SCHEMA.to_be_bytes())?;
        buffer.write_all(&mark.len.to_be_bytes())?;
        buffer.write_all(mark.prev.as_bytes())?;
        body(&mut buffer)?;
        let Hashed { to, hasher } = buffer.into_inner().map_err(io::IntoInnerError::into_error)?;
        to.write_all(hasher.finalize().as_bytes())
    })
}

/// Hashes what is written.
struct Hashed<'a> {
    to: &'a mut dyn io::Write,
    hasher: blake3::Hasher,
}

impl io::Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A file that is whole and of this schema, and where on the log it was made.
fn read(files: &dyn Files, name: &str) -> Option<(Mark, Vec<u8>)> {
    let mut bytes = read_from(files.open(name).ok()?.as_ref(), 0).ok()?;
    let (rest, hash) = bytes.split_last_chunk::<32>()?;
    let mark = mark(rest)?;
    if *hash != *blake3::hash(rest).as_bytes() {
        return None;
    }
    bytes.truncate(bytes.len() - 32);
    Some((mark, bytes))
}

/// Where a file says it was made; its body is not looked at.
fn mark_of(files: &dyn Files, name: &str) -> Option<Mark> {
    let mut head = [0; BODY];
    files.open(name).ok()?.read_at(0, &mut head).ok()?;
    mark(&head)
}

/// The mark of a file of this schema.
fn mark(bytes: &[u8]) -> Option<Mark> {
    let rest = bytes.strip_prefix(MAGIC)?.strip_prefix(&SCHEMA.to_be_bytes())?;
    let (len, rest) = rest.split_first_chunk::<8>()?;
    let prev = rest.first_chunk::<32>()?;
    Some(Mark { len: u64::from_be_bytes(*len), prev: Hash(*prev) })
}

/// What follows the mark.
fn body(bytes: &[u8]) -> &[u8] {
    bytes.get(BODY..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::{fmt::Write, fs, path::Path};

    /// BLAKE3 of the types that the state is made of, as they stand in the source: to be put here
    /// anew whenever [`SCHEMA`](super::SCHEMA) is raised.
    const TYPES: &str = "ce656042011dfd6d8f045c4b7c18b7c075c14e54f3163df8557de04a30100d7b";

    /// Every stored type below a folder, without its comments: what derives `Serialize` or says
    /// itself how it is stored.
    fn types(folder: &Path, into: &mut String) {
        let mut paths: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                types(&path, into);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().take_while(|line| *line != "#[cfg(test)]");
            let mut item = String::new();
            for line in lines.filter(|line| !line.trim_start().starts_with("//")) {
                writeln!(item, "{line}").unwrap();
                // An item of a file begins and ends at its left edge.
                if line.is_empty() || line == "}" || line.ends_with(';') && !line.starts_with(' ') {
                    let stored =
                        ["Serialize, Deserialize", "Serialize for", "Deserialize<'de> for"];
                    if stored.iter().any(|word| item.contains(word)) && !item.contains("\nfn ") {
                        into.push_str(&item);
                    }
                    item.clear();
                }
            }
        }
    }

    #[test]
    fn other_types_of_the_state_have_another_schema() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut all = String::new();
        for layer in ["compact", "domain", "policy"] {
            types(&source.join(layer), &mut all);
        }
        assert!(all.contains("pub struct State {") && all.contains("for RowMap<K, V>"), "{all}");
        let found = blake3::hash(all.as_bytes()).to_hex();
        assert_eq!(
            found.as_str(),
            TYPES,
            "the state's types changed: an older snapshot would be misread. Raise SCHEMA, then put \
             the new hash into TYPES"
        );
    }
}
