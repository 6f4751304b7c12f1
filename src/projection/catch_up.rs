//! Following the log: near its end in small atomic steps, from far away in one sorted pass.
//!
//! sled copies a leaf for each row it takes, keeps the copies while one batch lasts, and writes
//! the leaf anew every few rows. So batches are small, and an index that is begun anew, or that
//! has more to read than it has read, first collects all rows in sorted runs on the disk and then
//! gives sled each leaf's rows together, those of a person packed, the cursor last. A crash on the way leaves rows without
//! a cursor; opening begins anew.

use std::{path::PathBuf, sync::Mutex};

use super::{
    Cursor, FLAGS, Projection, ProjectionError, SCHEMA, TREE, pack::Packer, runs::Runs, step::Step,
};
use crate::frame::entry_hash;
use crate::ledger::{Ledger, ReadError};

/// Rows of one batch: what sled copies for them stays a few megabytes.
pub const BATCH_ROWS: usize = 256;
/// Fewer new entries than this are always read in small steps.
const FAR_ENTRIES: u64 = 8192;
/// Bytes of rows kept in memory before they become a sorted run.
const RUN_BYTES: usize = 48 << 20;
/// Entries between two words about how far it is.
const PROGRESS_ENTRIES: u64 = 4096;

impl Projection {
    /// Reads all entries that are new, and answers how many.
    ///
    /// # Errors
    /// sled's, or an entry that cannot be read.
    pub fn catch_up(&mut self, ledger: &Ledger) -> Result<u64, ProjectionError> {
        self.catch_up_with(ledger, &mut |_, _| {})
    }

    /// As [`catch_up`](Self::catch_up), saying how far it is.
    ///
    /// # Errors
    /// See [`catch_up`](Self::catch_up).
    pub fn catch_up_with(
        &mut self,
        ledger: &Ledger,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, ProjectionError> {
        let end = ledger.len();
        if !self.is_of(ledger)? {
            self.begin_anew()?; // another history than the log's
        }
        let from = self.cursor.next;
        let new = end.saturating_sub(from);
        if new < FAR_ENTRIES || new < from {
            self.follow(ledger, end, progress)?;
        } else {
            self.build(ledger, end, progress)?;
        }
        Ok(new)
    }

    /// Reads the new entries before `end` in small steps, however many, as an index does that
    /// follows its log.
    ///
    /// # Errors
    /// See [`catch_up`](Self::catch_up).
    pub fn follow_to(&mut self, ledger: &Ledger, end: u64) -> Result<(), ProjectionError> {
        self.follow(ledger, end.min(ledger.len()), &mut |_, _| {})
    }

    fn follow(
        &mut self,
        ledger: &Ledger,
        end: u64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), ProjectionError> {
        let mut step = Step::new(ledger, self);
        ledger.each_entry(self.cursor.next..end, |index, bytes| {
            step.entry(index, bytes)?;
            if step.pending.len() >= BATCH_ROWS {
                step.commit()?;
            }
            if index.is_multiple_of(PROGRESS_ENTRIES) {
                progress(index, end);
            }
            Ok::<(), ProjectionError>(())
        })?;
        step.commit()?;
        self.take(step);
        Ok(())
    }

    /// Begins anew and reads all entries in one sorted pass, however few.
    ///
    /// # Errors
    /// See [`catch_up`](Self::catch_up).
    pub fn build_from_log(&mut self, ledger: &Ledger) -> Result<(), ProjectionError> {
        self.build(ledger, ledger.len(), &mut |_, _| {})
    }

    fn build(
        &mut self,
        ledger: &Ledger,
        end: u64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), ProjectionError> {
        self.build_heard(ledger, end, progress, &mut |_| Ok(()))
    }

    /// Builds, and lets somebody hear of each batch that sled took, who may end it there.
    pub(super) fn build_heard(
        &mut self,
        ledger: &Ledger,
        end: u64,
        progress: &mut dyn FnMut(u64, u64),
        taken: &mut dyn FnMut(u64) -> Result<(), ProjectionError>,
    ) -> Result<(), ProjectionError> {
        if !self.tree.is_empty() {
            self.begin_anew()?;
        }
        let mut step = Step::new(ledger, self);
        let mut runs = Runs::new(self.runs_folder())?;
        ledger.each_entry(0..end, |index, bytes| {
            step.entry(index, bytes)?;
            if step.pending.bytes() >= RUN_BYTES {
                runs.spill(step.pending.take())?;
            }
            if index.is_multiple_of(PROGRESS_ENTRIES) {
                progress(index, end);
            }
            Ok::<(), ProjectionError>(())
        })?;
        runs.spill(step.pending.take())?;
        let mut batch = sled::Batch::default();
        let (mut rows, mut batches) = (0, 0);
        taken(batches)?;
        let mut give = |key, value| {
            batch.insert(key, value);
            rows += 1;
            if rows >= BATCH_ROWS {
                rows = 0;
                self.tree.apply_batch(std::mem::take(&mut batch))?;
                batches += 1;
                taken(batches)?;
            }
            Ok(())
        };
        let mut packer = Packer::default();
        runs.merge(&mut |key, value| packer.take(key, value, &mut give))?;
        packer.finish(&mut give)?;
        self.tree.apply_batch(batch)?;
        taken(batches + 1)?;
        step.commit()?;
        self.take(step);
        Ok(())
    }

    fn take(&mut self, step: Step<'_>) {
        self.cursor = step.cursor;
        self.voids.extend(step.voids);
        if step.covers {
            self.coverage = Mutex::default();
        }
    }

    pub(super) fn runs_folder(&self) -> PathBuf {
        self.folder.with_file_name("runs")
    }

    fn begin_anew(&mut self) -> Result<(), ProjectionError> {
        // Dropped and not cleared: clearing writes every leaf once more.
        self.db.drop_tree(TREE)?;
        self.tree = self.db.open_tree(TREE)?;
        self.db.drop_tree(FLAGS)?;
        self.flags = self.db.open_tree(FLAGS)?;
        self.voids.clear();
        self.coverage = Mutex::default();
        self.cursor = Cursor { schema: SCHEMA, ..Cursor::default() };
        Ok(())
    }

    /// Says whether the cursor stands on the ledger's own history.
    fn is_of(&self, ledger: &Ledger) -> Result<bool, ProjectionError> {
        let Some(last) = self.cursor.next.checked_sub(1) else { return Ok(true) };
        if last >= ledger.len() {
            return Ok(false);
        }
        let entry = ledger.reader().read(last).map_err(ReadError::from)?;
        Ok(entry_hash(&entry) == self.cursor.prev)
    }
}
