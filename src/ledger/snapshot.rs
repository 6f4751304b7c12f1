//! The decision-state snapshot: a file that lets the ledger open without replaying its whole
//! life. It is used only if its chain hash equals the log's at its index; else the log is
//! replayed. Losing it costs time and nothing else.
//!
//! File: magic `MZSN`, u16 schema, 32-byte BLAKE3 of the body, body (postcard of the state, whose
//! first fields are the chain hash and the index).

use std::{io, sync::Arc};

use super::core::Core;
use crate::log::{Files, read_from};

const FILE: &str = "index/state.snapshot";
const MAGIC: &[u8; 4] = b"MZSN";
/// Raised whenever the state's types change: an older file is then not read, and the log is
/// replayed.
const SCHEMA: u16 = 8;
const HEAD: usize = 4 + 2 + 32;

/// Writes and reads the snapshot of one ledger.
pub(super) struct Keeper {
    files: Option<Arc<dyn Files>>,
}

impl Keeper {
    /// The keeper of the ledger in that folder.
    pub(super) const fn of(files: Arc<dyn Files>) -> Self {
        Self { files: Some(files) }
    }

    /// Keeps nothing.
    pub(super) const fn none() -> Self {
        Self { files: None }
    }

    /// Puts the state in place, whole. A failure is logged: the log holds everything.
    pub(super) fn write(&self, core: &Core) {
        if let Some(files) = &self.files
            && let Err(error) = write(files.as_ref(), core)
        {
            tracing::warn!(%error, "the snapshot was not written; the next opening takes longer");
        }
    }

    /// The state of the snapshot, if it is whole and of this schema.
    pub(super) fn read(&self) -> Option<Core> {
        let file = self.files.as_ref()?.open(FILE).ok()?;
        let bytes = read_from(file.as_ref(), 0).ok()?;
        let body = bytes.get(HEAD..)?;
        let whole = bytes[..4] == *MAGIC
            && bytes[4..6] == SCHEMA.to_be_bytes()
            && bytes[6..HEAD] == *blake3::hash(body).as_bytes();
        if whole { postcard::from_bytes(body).ok() } else { None }
    }
}

fn write(files: &dyn Files, core: &Core) -> io::Result<()> {
    let head = [0; HEAD].to_vec();
    let mut bytes = postcard::to_extend(core, head).map_err(io::Error::other)?;
    let hash = blake3::hash(&bytes[HEAD..]);
    bytes[..4].copy_from_slice(MAGIC);
    bytes[4..6].copy_from_slice(&SCHEMA.to_be_bytes());
    bytes[6..HEAD].copy_from_slice(hash.as_bytes());
    files.replace(FILE, &bytes)
}
