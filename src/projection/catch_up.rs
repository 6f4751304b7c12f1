//! Following the log: near its end in small atomic steps, from far away in one sorted pass.
//!
//! In small steps rows go to sled, which copies a leaf for each row it takes, keeps the copies
//! while one batch lasts, and writes the leaf anew every few rows: so batches are small. An index
//! that is begun anew, or that has more to read than it has read, first collects all rows in sorted
//! runs on the disk and then writes them into one table, those of a person together with what the
//! person shares. The cursor names the table and is written last: a crash on the way leaves no
//! cursor, and opening begins anew.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

use super::{
    Cursor, FLAGS, Projection, ProjectionError, SCHEMA, TREE,
    fresh::Fresh,
    keys,
    near::Collector,
    pack::Packer,
    rows::Rows,
    runs::Runs,
    step::Step,
    table::{self, TableWriter},
};
use crate::frame::entry_hash;
use crate::ledger::{Ledger, ReadError};

/// Rows of one batch: what sled copies for them stays a few megabytes.
pub const BATCH_ROWS: usize = 256;
/// Fewer new entries than this are always read in small steps.
const FAR_ENTRIES: u64 = 8192;
/// Rows of a table between two words to who hears of them.
const HEARD_ROWS: u64 = 256;
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
        let new = end.saturating_sub(self.cursor.next);
        // What came in small steps is read more slowly: it is built in when it outweighs the table.
        let apart = end.saturating_sub(self.cursor.built);
        if new > 0 && apart >= FAR_ENTRIES && apart >= self.cursor.built {
            self.build(ledger, end, progress)?;
        } else {
            self.follow(ledger, end, progress)?;
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
        let mut step = Step::new(ledger, self)?;
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

    /// Builds, and lets somebody hear of every so many rows of the table, who may end it there.
    pub(super) fn build_heard(
        &mut self,
        ledger: &Ledger,
        end: u64,
        progress: &mut dyn FnMut(u64, u64),
        heard: &mut dyn FnMut(u64) -> Result<(), ProjectionError>,
    ) -> Result<(), ProjectionError> {
        if !self.rows.is_empty() {
            self.begin_anew()?;
        }
        let mut step = Step::new(ledger, self)?;
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
        let path = super::table_path(&self.folder);
        step.cursor.table = Some(self.write_table(&path, runs, heard)?);
        step.cursor.built = end;
        // The rows of the step's end come over those of the table.
        self.rows = self.rows.over(&path)?;
        self.fresh = Fresh::none();
        step.rows = self.rows.clone();
        step.commit()?;
        self.take(step);
        Ok(())
    }

    /// Writes the rows of all runs into a table; answers which it is.
    fn write_table(
        &self,
        path: &Path,
        runs: Runs,
        heard: &mut dyn FnMut(u64) -> Result<(), ProjectionError>,
    ) -> Result<table::TableId, ProjectionError> {
        let mut writer = TableWriter::new(path)?;
        let mut written = 0;
        heard(written)?;
        let mut give = |key: &[u8], value: &[u8]| {
            writer.take(key, value)?;
            written += 1;
            if written % HEARD_ROWS == 0 { heard(written / HEARD_ROWS) } else { Ok(()) }
        };
        let mut rows = runs.merge()?;
        let mut shared = Collector::new(self.runs_folder().with_extension("shared"))?;
        let mut next = rows.next()?;
        while let Some((key, value)) = next.take_if(|(key, _)| keys::person_in(key).is_none()) {
            shared.take(&key, &value)?;
            give(&key, &value)?;
            next = rows.next()?;
        }
        let mut packer = Packer::new(shared.finish()?);
        while let Some((key, value)) = next.take_if(|(key, _)| keys::person_in(key).is_some()) {
            packer.take(key, &value, &mut give)?;
            next = rows.next()?;
        }
        packer.finish(&mut give)?;
        while let Some((key, value)) = next.take() {
            give(&key, &value)?;
            next = rows.next()?;
        }
        heard(written / HEARD_ROWS + 1)?;
        Ok(writer.finish()?)
    }

    fn take(&mut self, step: Step<'_>) {
        self.cursor = step.cursor;
        self.voids.extend(step.voids);
        self.meant.extend(step.meant);
        step.written.iter().for_each(|key| self.fresh.add(key));
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
        self.db.drop_tree(FLAGS)?;
        self.kept.begin_anew(self.db.open_tree(FLAGS)?)?;
        self.rows = Rows::of_tree(self.db.open_tree(TREE)?);
        table::remove(&super::table_path(&self.folder))?;
        self.fresh = Fresh::all();
        self.voids.clear();
        self.meant.clear();
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
