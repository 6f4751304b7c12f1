//! The decision-state snapshot: a file that lets the ledger open without replaying its whole
//! life. It is used only if its chain hash equals the log's at its index; else the log is
//! replayed. Losing it costs time and nothing else.
//!
//! File: magic `MZSN`, u16 schema, 32-byte BLAKE3 of the body, body (postcard of the state, whose
//! first fields are the chain hash and the index).

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::core::Core;

const MAGIC: &[u8; 4] = b"MZSN";
/// Raised whenever the state's types change: an older file is then not read, and the log is
/// replayed.
const SCHEMA: u16 = 1;
const HEAD: usize = 4 + 2 + 32;

/// Writes and reads the snapshot of one ledger.
pub(super) struct Keeper {
    path: Option<PathBuf>,
}

impl Keeper {
    /// The keeper of the ledger in that folder.
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self { path: Some(folder.join("index").join("state.snapshot")) }
    }

    /// Keeps nothing.
    pub(super) const fn none() -> Self {
        Self { path: None }
    }

    /// Writes the state aside, flushes, renames. A failure is logged: the log holds everything.
    pub(super) fn write(&self, core: &Core) {
        if let Some(path) = &self.path
            && let Err(error) = write(path, core)
        {
            tracing::warn!(%error, "the snapshot was not written; the next opening takes longer");
        }
    }

    /// The state of the snapshot, if it is whole and of this schema.
    pub(super) fn read(&self) -> Option<Core> {
        let bytes = fs::read(self.path.as_ref()?).ok()?;
        let body = bytes.get(HEAD..)?;
        let whole = bytes[..4] == *MAGIC
            && bytes[4..6] == SCHEMA.to_be_bytes()
            && bytes[6..HEAD] == *blake3::hash(body).as_bytes();
        if whole { postcard::from_bytes(body).ok() } else { None }
    }
}

fn write(path: &Path, core: &Core) -> io::Result<()> {
    let body = postcard::to_stdvec(core).map_err(io::Error::other)?;
    let aside = path.with_extension("new");
    let mut file = File::create(&aside)?;
    file.write_all(MAGIC)?;
    file.write_all(&SCHEMA.to_be_bytes())?;
    file.write_all(blake3::hash(&body).as_bytes())?;
    file.write_all(&body)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
