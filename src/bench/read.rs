//! Reading what was written: the verifier, the projections, and what it all takes on disk.

use std::{fs, path::Path};

use super::{
    BenchError,
    clock::{Spent, timed},
};
use crate::audit::{self, Trail};
use crate::ledger::Ledger;
use crate::projection::{self, Projection};

/// Verifies a whole ledger with its own key; answers the entries checked.
pub(super) fn verify(folder: &Path) -> Result<(u64, Spent), BenchError> {
    let trail = Trail::Ledger(folder.to_owned());
    let (report, spent) = timed(|| audit::verify(&trail, &audit::Options::default()));
    if report.ok {
        Ok((report.entries, spent))
    } else {
        Err(BenchError::NotSound(report.violations_total))
    }
}

/// What rebuilding took, beside sled alone.
pub(super) struct Rebuilt {
    pub(super) rows: u64,
    pub(super) ours: Spent,
    pub(super) sled: Spent,
}

/// Rows of the index that are in memory at once while sled alone takes them.
const ROWS_AT_ONCE: usize = 100_000;

/// Rebuilds the projections, then has sled alone take the same rows: sorted, in the same batches.
pub(super) fn rebuild(ledger: &Ledger, scratch: &Path) -> Result<Rebuilt, BenchError> {
    let mut index = Projection::rebuild(ledger.folder())?;
    let (caught_up, ours) = timed(|| index.catch_up(ledger));
    caught_up?;
    index.flush()?;
    let path = scratch.join("sled-alone");
    let tree = projection::store_config(&path).open()?.open_tree("index")?;
    let (mut rows, mut sled) = (0, Spent::default());
    let mut some = Vec::with_capacity(ROWS_AT_ONCE);
    let mut insert = |some: &mut Vec<(Vec<u8>, Vec<u8>)>| {
        rows += some.len() as u64;
        let (inserted, spent) = timed(|| {
            some.chunks(projection::BATCH_ROWS).try_for_each(|rows| {
                let mut batch = sled::Batch::default();
                for (key, value) in rows {
                    batch.insert(key.as_slice(), value.as_slice());
                }
                tree.apply_batch(batch)
            })
        });
        some.clear();
        sled = sled.and(spent);
        inserted
    };
    // Read first, so that the reading is not counted.
    index.stored_rows(|key, value| {
        some.push((key.to_vec(), value.to_vec()));
        if some.len() == ROWS_AT_ONCE {
            insert(&mut some)?;
        }
        Ok(())
    })?;
    insert(&mut some)?;
    Ok(Rebuilt { rows, ours, sled })
}

/// Follows the log from its first entry in small steps, as a live index does; answers what that
/// took and the bytes on disk.
pub(super) fn follow(ledger: &Ledger, scratch: &Path) -> Result<(Spent, u64), BenchError> {
    let folder = scratch.join("followed");
    let mut index = Projection::open(&folder)?;
    let (followed, spent) = timed(|| index.follow_to(ledger, ledger.len()));
    followed?;
    index.flush()?;
    drop(index);
    let bytes = below(&folder)?;
    fs::remove_dir_all(&folder).map_err(BenchError::io("removing the followed index"))?;
    Ok((spent, bytes))
}

/// Bytes on disk.
pub(super) struct Sizes {
    pub(super) entries: u64,
    /// Segments without the zeros written ahead.
    pub(super) log: u64,
    pub(super) index: u64,
}

pub(super) fn sizes(ledger: &Ledger) -> Result<Sizes, BenchError> {
    let mut entries = 0;
    ledger.reader().scan(0, &mut |_, bytes| entries += bytes.len() as u64)?;
    let failed = || BenchError::io("measuring the log");
    let mut log = 0;
    for file in fs::read_dir(ledger.folder().join("log")).map_err(failed())? {
        let path = file.map_err(failed())?.path();
        if path.extension().is_some_and(|extension| extension == "seg") {
            let bytes = fs::read(&path).map_err(failed())?;
            let ahead = bytes.iter().rev().take_while(|byte| **byte == 0).count();
            log += (bytes.len() - ahead) as u64;
        }
    }
    let index = below(&ledger.folder().join("index"))?;
    Ok(Sizes { entries, log, index })
}

/// Bytes of all files below a folder.
fn below(folder: &Path) -> Result<u64, BenchError> {
    let failed = || BenchError::io("measuring the index");
    let mut bytes = 0;
    for entry in fs::read_dir(folder).map_err(failed())? {
        let entry = entry.map_err(failed())?;
        let about = entry.metadata().map_err(failed())?;
        bytes += if about.is_dir() { below(&entry.path())? } else { about.len() };
    }
    Ok(bytes)
}
