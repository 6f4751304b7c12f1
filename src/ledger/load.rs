//! The log, the decision state at its end and the tree over it, as the files hold them: read
//! whole, or from where the last close left off. Knows no key and starts nothing.

use std::sync::Arc;

use rayon::prelude::*;

use super::{OpenError, Options, core::Core, snapshot};
use crate::frame::entry_hash;
use crate::log::{self, Files, Log, LogError, LogReader, OpenReport, Replay, SegmentLog};
use crate::tlog::{Tree, leaf_hash};
use crate::value::Hash;

/// Hears the log while it opens, for its tree.
#[derive(Default)]
pub(super) struct Leaves(pub(super) Tree);

impl Replay for Leaves {
    fn entries(&mut self, _first_index: u64, entries: &[&[u8]]) {
        let leaves: Vec<_> = entries.par_iter().map(|entry| leaf_hash(entry)).collect();
        self.0.extend(leaves);
    }

    fn root(&mut self) -> Hash {
        Hash(self.0.root().0)
    }
}

/// The decision state at the end of the log: the snapshot's where it is of this history, and what
/// came after it; else the whole log is replayed.
pub(super) fn state(
    origin: &str,
    snapshot: Option<Core>,
    log: &LogReader,
    keeper: &snapshot::Keeper,
) -> Result<Core, OpenError> {
    let mut core = Core::new(origin);
    if let Some(known) = snapshot {
        if is_of(&known, log)? {
            core = known;
        } else {
            tracing::warn!("the snapshot is not of this log; the log is replayed");
            keeper.forget();
        }
    }
    log.each(core.len..log.len(), |_, entry| {
        core.replay(entry).map(drop).map_err(OpenError::from)
    })?;
    Ok(core)
}

/// Says whether a state was made from the beginning of this log.
fn is_of(known: &Core, log: &LogReader) -> Result<bool, LogError> {
    if known.len > log.len() {
        return Ok(false);
    }
    let Some(last) = known.len.checked_sub(1) else { return Ok(true) };
    Ok(entry_hash(&log.read(last)?) == known.prev)
}

/// The log, the state at its end and the tree over it.
pub(super) struct Loaded {
    pub(super) log: SegmentLog,
    pub(super) report: OpenReport,
    pub(super) core: Core,
    pub(super) tree: Tree,
    /// Not all of the log was read: entries are to be checked as they are read, and statements of
    /// before the last close stand here.
    pub(super) older: Option<snapshot::Older>,
}

/// Opens the log through recovery and builds the state. The snapshot is read on another core
/// while the log is checked and hashed: each takes about as long.
pub(super) fn load(
    files: &Arc<dyn Files>,
    origin: &str,
    options: &Options,
    keeper: &snapshot::Keeper,
) -> Result<Loaded, OpenError> {
    let boxed = Box::new(Arc::clone(files));
    let mut leaves = Leaves::default();
    let (opened, snapshot) = rayon::join(
        || SegmentLog::open(boxed, origin, options.log.clone(), &mut leaves),
        || keeper.core(),
    );
    let (log, report) = opened?;
    let core = state(origin, snapshot, &log.reader(), keeper)?;
    Ok(Loaded { log, report, core, tree: leaves.0, older: None })
}

/// Opens the log from where the last close left off. Nothing where it left nothing, or nothing of
/// this log: then the log is to be opened whole, which says what is wrong with it.
pub(super) fn load_since_close(
    files: &Arc<dyn Files>,
    origin: &str,
    options: &Options,
    keeper: &snapshot::Keeper,
) -> Result<Option<Loaded>, OpenError> {
    let (state_then, left) = rayon::join(|| keeper.state(), || keeper.log());
    let (Some((core, older)), Some((known, tree))) = (state_then, left) else { return Ok(None) };
    let boxed = Box::new(Arc::clone(files));
    let mut leaves = Leaves(tree);
    match SegmentLog::open_known(boxed, origin, options.log.clone(), known, &mut leaves) {
        Ok((log, report)) if is_of(&core, &log.reader())? => {
            let core = state(origin, Some(core), &log.reader(), keeper)?;
            Ok(Some(Loaded { log, report, core, tree: leaves.0, older: Some(older) }))
        }
        // A replay would take in entries that nobody has checked.
        Ok(_) => Ok(None),
        Err(error @ log::OpenError::InUse { .. }) => Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "the log is read whole");
            Ok(None)
        }
    }
}
