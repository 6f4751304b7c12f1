//! Cutting damage off, when an operator accepts the loss.
//!
//! Everything from the damaged frame on is kept aside in `rejected/` and taken out of the log.
//! The head is left as it is: a log that has lost entries its published head covers can be read
//! and verified, but does not open for writing again; its successor begins a new origin.

use crate::value::Hash;

use super::{
    error::{Damage, OpenError},
    files::{Files, read_from},
    head_file::HeadFile,
    recovery::{Replay, recover, segment_names},
    segment_log::take_lock,
};
use crate::frame::genesis_prev;

/// What a repair found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairReport {
    /// The damage; `None` when there was none, and nothing was changed.
    pub damage: Option<Damage>,
    /// Where the bytes that were cut are kept, relative to the ledger's folder.
    pub kept_aside: Vec<String>,
    /// Entries that are left.
    pub len: u64,
    /// Size of the published head, if it can be read: above `len` the log does not open again.
    pub head_size: Option<u64>,
}

/// Looks for damage and, with `accept_loss`, cuts the log before it. Holds the ledger's lock.
///
/// # Errors
/// [`OpenError::Damage`] without `accept_loss`; [`OpenError::InUse`]; a segment of another
/// origin; and the system's.
pub fn repair(
    files: &dyn Files,
    origin: &str,
    accept_loss: bool,
) -> Result<RepairReport, OpenError> {
    let _lock = take_lock(files)?;
    let origin = genesis_prev(origin);
    let head = HeadFile::peek(files);
    let mut count = Count { len: 0, root: head.as_ref().map(|head| head.root) };
    let found = match recover(files, origin, head.as_ref(), &mut count) {
        // No cut can heal a log that is too short.
        Ok(_) | Err(OpenError::Shorter { .. }) => Ok(()),
        Err(error) => Err(error),
    };
    let head_size = head.as_ref().map(|head| head.size);
    let damage = match found {
        Ok(()) => {
            let len = count.len;
            return Ok(RepairReport { damage: None, kept_aside: Vec::new(), len, head_size });
        }
        Err(OpenError::Damage(damage)) if accept_loss => damage,
        Err(error) => return Err(error),
    };
    let kept_aside = cut(files, &damage)?;
    let mut count = Count { len: 0, root: None };
    recover(files, origin, None, &mut count)?;
    Ok(RepairReport { damage: Some(damage), kept_aside, len: count.len, head_size })
}

/// Moves everything from the damage on into `rejected/`, the last file first, so that a repair
/// that is cut short can be done again.
fn cut(files: &dyn Files, damage: &Damage) -> Result<Vec<String>, OpenError> {
    let mut kept = Vec::new();
    for name in segment_names(files)?.into_iter().rev() {
        let file = format!("log/{name}");
        if file < damage.file {
            break;
        }
        let offset = if file == damage.file { damage.offset } else { 0 };
        let opened = files.open(&file).map_err(OpenError::io("opening", &file))?;
        let bytes = read_from(opened.as_ref(), offset);
        let mut bytes = bytes.map_err(OpenError::io("reading", &file))?;
        let all = bytes.len();
        bytes.truncate(bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1));
        let aside = format!("rejected/{name}.{offset}.cut");
        files.replace(&aside, &bytes).map_err(OpenError::io("writing", &aside))?;
        kept.push(aside);
        if offset == 0 {
            files.remove(&file).map_err(OpenError::io("removing", &file))?;
        } else {
            let zeroed = opened.write_at(offset, &vec![0; all]).and_then(|()| opened.sync());
            zeroed.map_err(OpenError::io("zeroing the end of", &file))?;
        }
    }
    Ok(kept)
}

/// Counts entries; whether the root is the head's is not what a repair looks at.
struct Count {
    len: u64,
    root: Option<Hash>,
}

impl Replay for Count {
    fn entries(&mut self, first_index: u64, entries: &[&[u8]]) {
        self.len = first_index + entries.len() as u64;
    }

    fn root(&mut self) -> Hash {
        self.root.unwrap_or_default()
    }
}
