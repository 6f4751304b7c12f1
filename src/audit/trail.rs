//! Where a trail lies: a ledger's folder or an export, and the small files of both.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use super::{Breach, bundles::Bundles, segments::Segments, source::Source};
use crate::{
    frame::{HEAD_FILE_BYTES, HEAD_SLOT_BYTES, HeadRecord, HeadSlots, genesis_prev},
    tlog::NoteVerifier,
};

/// The files that are checked. Nothing in them is trusted, and nothing is ever written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trail {
    /// A ledger's folder: `log/*.seg`, `log/checkpoint`, `head`, `keys/ledger.vkey`.
    Ledger(PathBuf),
    /// An export: `checkpoint`, `tile/...` (c2sp.org/tlog-tiles), `keys/ledger.vkey`.
    Export(PathBuf),
}

/// The folder holds neither a ledger nor an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the folder holds neither a ledger (log/) nor an export (checkpoint and tile/)")]
pub struct NotATrail;

/// Longest checkpoint note or key file that is read.
const SMALL_FILE_BYTES_MAX: usize = 1 << 20;
/// How often a head file is read again when a slot of it is not valid: a running writer may be
/// writing that very slot.
const HEAD_READS_MAX: usize = 8;

/// The two heads of a head file.
#[derive(Debug)]
pub(super) struct Heads {
    pub(super) newest: HeadRecord,
    pub(super) older: Option<HeadRecord>,
    pub(super) invalid_slot: Option<usize>,
}

impl Trail {
    /// Finds out what the folder holds.
    ///
    /// # Errors
    /// It holds neither.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, NotATrail> {
        let folder = folder.into();
        if folder.join("log").is_dir() {
            Ok(Self::Ledger(folder))
        } else if folder.join("checkpoint").is_file() && folder.join("tile").is_dir() {
            Ok(Self::Export(folder))
        } else {
            Err(NotATrail)
        }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        match self {
            Self::Ledger(folder) | Self::Export(folder) => folder,
        }
    }

    /// The key that the folder itself names.
    pub(super) fn vkey(&self) -> Result<NoteVerifier, Breach> {
        let file = "keys/ledger.vkey";
        let bytes = read_file(self.folder(), file, SMALL_FILE_BYTES_MAX)?;
        let unreadable =
            || Breach::Unreadable { file: file.into(), why: io::ErrorKind::InvalidData };
        let text = String::from_utf8(bytes).map_err(|_| unreadable())?;
        let line = text.strip_suffix('\n').unwrap_or(&text);
        line.parse().map_err(|why| Breach::Vkey { why })
    }

    /// The published checkpoint; none when there is no such file.
    pub(super) fn checkpoint(&self) -> Result<Option<Vec<u8>>, Breach> {
        let file = match self {
            Self::Ledger(_) => "log/checkpoint",
            Self::Export(_) => "checkpoint",
        };
        match read_file(self.folder(), file, SMALL_FILE_BYTES_MAX) {
            Ok(note) => Ok(Some(note)),
            Err(Breach::Unreadable { why: io::ErrorKind::NotFound, .. }) => Ok(None),
            Err(breach) => Err(breach),
        }
    }

    /// The heads of a ledger's head file; none for an export, which has no such file.
    pub(super) fn heads(&self) -> Option<Result<Heads, Breach>> {
        let Self::Ledger(folder) = self else { return None };
        let mut heads = read_heads(folder);
        for _ in 1..HEAD_READS_MAX {
            if heads.as_ref().is_ok_and(|heads| heads.invalid_slot.is_none()) {
                break;
            }
            heads = read_heads(folder);
        }
        Some(heads)
    }

    /// The entries up to a size; all that are there, when no size is known.
    pub(super) fn entries(&self, origin: &str, size: Option<u64>) -> Result<Source, Breach> {
        Ok(match self {
            Self::Ledger(folder) => {
                Source::Segments(Segments::open(folder, genesis_prev(origin), size)?)
            }
            Self::Export(folder) => Source::Bundles(Bundles::new(folder.clone(), size)),
        })
    }
}

fn read_heads(folder: &Path) -> Result<Heads, Breach> {
    let mut file = read_file(folder, "head", HEAD_FILE_BYTES + 1)?;
    let slots = HeadSlots::decode(&file).map_err(|why| Breach::Head { why })?;
    // The other slot is read by the same code: as if the newest had never been written.
    let at = usize::try_from(HeadRecord::slot_offset(slots.sequence)).unwrap_or_default();
    file[at..at + HEAD_SLOT_BYTES].fill(0);
    let older = HeadSlots::decode(&file).ok().map(|slots| slots.newest);
    Ok(Heads { newest: slots.newest, older, invalid_slot: slots.invalid_slot })
}

/// Reads a file of at most `len_max` bytes whole.
pub(super) fn read_file(folder: &Path, name: &str, len_max: usize) -> Result<Vec<u8>, Breach> {
    let mut bytes = Vec::new();
    File::open(folder.join(name))
        .and_then(|file| file.take(len_max as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(name, &error))?;
    if bytes.len() > len_max {
        return Err(Breach::TooLarge { file: name.to_owned() });
    }
    Ok(bytes)
}

pub(super) fn unreadable(file: &str, error: &io::Error) -> Breach {
    Breach::Unreadable { file: file.to_owned(), why: error.kind() }
}
