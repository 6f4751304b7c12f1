//! Following the log: each entry becomes rows, a batch of entries one atomic step.
//!
//! An event that needs two signers is in the history at once and leaves its traces with its last
//! endorsement. Rows are collected sorted, because sled takes sorted batches fastest.

use std::collections::BTreeMap;

use super::{
    Cursor, Projection, ProjectionError, SCHEMA, keys, query::RollInfo, query::StoredRow,
    statistics::Changes,
};
use crate::event::{Body, Recorded, RowRef};
use crate::frame::entry_hash;
use crate::ledger::{Ledger, ReadError};
use crate::rules;
use crate::value::{Hash, RollId};

/// Entries of one atomic step: enough to make sled's batches cheap, few enough for memory.
pub const STEP_ENTRIES: usize = 4096;

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
            // Another history than the log's: begin anew.
            self.tree.clear()?;
            self.cursor = Cursor { schema: SCHEMA, ..Cursor::default() };
        }
        let from = self.cursor.next;
        let mut step = Step::new(ledger, self);
        let mut failed = None;
        let mut visit = |index: u64, bytes: &[u8]| {
            if failed.is_some() || index >= end {
                return;
            }
            if let Err(error) = step.entry(index, bytes) {
                failed = Some(error);
            } else if step.entries >= STEP_ENTRIES {
                failed = step.commit().err();
                progress(index + 1, end);
            }
        };
        if from < end {
            ledger.reader().scan(from, &mut visit).map_err(ReadError::from)?;
        }
        if let Some(error) = failed {
            return Err(error);
        }
        step.commit()?;
        let Step { cursor, .. } = step;
        self.cursor = cursor;
        Ok(end - from)
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

/// Rows of the entries read since the last commit. `None` removes a row.
struct Step<'a> {
    ledger: &'a Ledger,
    tree: sled::Tree,
    rows: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    rolls: hashbrown::HashMap<RollId, RollInfo>,
    changes: Changes,
    cursor: Cursor,
    entries: usize,
}

impl<'a> Step<'a> {
    fn new(ledger: &'a Ledger, projection: &Projection) -> Self {
        Self {
            ledger,
            tree: projection.tree.clone(),
            rows: BTreeMap::new(),
            rolls: hashbrown::HashMap::new(),
            changes: Changes::default(),
            cursor: projection.cursor,
            entries: 0,
        }
    }

    fn commit(&mut self) -> Result<(), ProjectionError> {
        if self.entries == 0 {
            return Ok(());
        }
        let mut batch = sled::Batch::default();
        for (key, value) in std::mem::take(&mut self.rows) {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        for (key, value) in self.changes.rows(&self.tree)? {
            batch.insert(key, value);
        }
        batch.insert(keys::CURSOR, postcard::to_stdvec(&self.cursor)?);
        self.tree.apply_batch(batch)?;
        self.entries = 0;
        Ok(())
    }

    fn entry(&mut self, index: u64, bytes: &[u8]) -> Result<(), ProjectionError> {
        let event = self.ledger.decode(index, bytes)?;
        self.history(&event);
        self.changes.recorded(&event);
        let proposal = event.payload.body.rule().second.is_some();
        if let Body::Endorsed(_) = event.payload.body {
            self.traces(&event)?;
            for id in &event.payload.refs {
                self.endorsed(id, index)?;
            }
        } else if !proposal {
            self.effective(&event)?;
        }
        self.cursor.next = index + 1;
        self.cursor.prev = entry_hash(bytes);
        self.entries += 1;
        Ok(())
    }

    /// The proposal takes effect now; its own history shows by which entry.
    fn endorsed(&mut self, id: &Hash, by: u64) -> Result<(), ProjectionError> {
        if let Some(index) = self.ledger.find(id)? {
            let proposal = self.ledger.event(index)?;
            let person = proposal.payload.body.person().map(keys::history_of_person);
            for mut key in person.into_iter().chain([keys::history_of_subject(&proposal.subject)]) {
                key.extend(by.to_be_bytes());
                self.put(key, Vec::new());
            }
            self.effective(&proposal)?;
        }
        Ok(())
    }

    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.rows.insert(key, Some(value));
    }

    fn history(&mut self, event: &Recorded) {
        let body = &event.payload.body;
        let mut under = vec![keys::history_of_subject(&event.subject)];
        under.extend(body.person().map(keys::history_of_person));
        under.extend(event.payload.about.iter().map(keys::history_of_subject));
        match body {
            Body::ExternalFactRecorded(fact) => under.push(keys::history_of_id(&fact.id)),
            Body::CertificateLegacyImported(row) => {
                under.extend(row.number.as_ref().map(keys::history_of_number));
            }
            Body::CertificateIssued(data) => under.push(keys::history_of_number(&data.number)),
            Body::CertificateReplaced(data) => under.push(keys::history_of_number(&data.number)),
            Body::PayrollPrepared(data) => {
                under.extend(data.items.iter().map(|item| keys::history_of_person(item.person)));
            }
            _ => {}
        }
        for mut key in under {
            key.extend(event.index.to_be_bytes());
            self.put(key, Vec::new());
        }
    }

    fn effective(&mut self, event: &Recorded) -> Result<(), ProjectionError> {
        self.traces(event)?;
        self.counted(event)
    }

    fn traces(&mut self, event: &Recorded) -> Result<(), ProjectionError> {
        for rules::Trace { key, record } in rules::traces(event) {
            let value = postcard::to_stdvec(&record)?;
            let number = (0..=u8::MAX)
                .find(|number| !self.rows.contains_key(&keys::trace(&key, event.index, *number)));
            if let Some(number) = number {
                self.put(keys::trace(&key, event.index, number), value);
            }
        }
        Ok(())
    }

    fn counted(&mut self, event: &Recorded) -> Result<(), ProjectionError> {
        match &event.payload.body {
            Body::RollReceived(data) => {
                let crate::value::Subject::Roll(roll) = event.subject else { return Ok(()) };
                let info = RollInfo {
                    kind: data.kind,
                    division: data.division,
                    month: data.month,
                    index: event.index,
                };
                self.put(keys::roll(roll), postcard::to_stdvec(&info)?);
                self.rolls.insert(roll, info);
            }
            Body::ExternalFactRetracted(data) => self.retract(&data.fact)?,
            Body::RollRowRetracted(data) => self.retract(&data.target)?,
            _ => {}
        }
        self.changes.effective(&event.payload.body, 1);
        match event.payload.body.row() {
            Some(row) => self.row(event, row),
            None => Ok(()),
        }
    }

    fn row(&mut self, event: &Recorded, row: &RowRef) -> Result<(), ProjectionError> {
        // The corrected row may stand in another division's list.
        if let Some(earlier) = &row.corrects {
            self.retract(earlier)?;
        }
        let stored = StoredRow { index: event.index, content: row.content };
        self.put(keys::row(&row.key), postcard::to_stdvec(&stored)?);
        if let Some(list) = self.list_key(event, row)? {
            self.put(list, Vec::new());
        }
        Ok(())
    }

    fn retract(&mut self, statement: &Hash) -> Result<(), ProjectionError> {
        let Some(index) = self.ledger.find(statement)? else { return Ok(()) };
        let target = self.ledger.event(index)?;
        self.changes.effective(&target.payload.body, -1);
        if let Some(row) = target.payload.body.row() {
            let (key, list) = (keys::row(&row.key), self.list_key(&target, row)?);
            self.rows.insert(key, None);
            if let Some(list) = list {
                self.rows.insert(list, None);
            }
        }
        Ok(())
    }

    /// Where the row stands in its list: by the month of its roll, and by its own division where
    /// it names one.
    fn list_key(
        &mut self,
        event: &Recorded,
        row: &RowRef,
    ) -> Result<Option<Vec<u8>>, ProjectionError> {
        let Some(roll) = self.roll(row.roll)? else { return Ok(None) };
        let division = match &event.payload.body {
            Body::CertificateLegacyImported(data) => data.division,
            Body::PaymentExecuted(data) => data.division,
            Body::PaymentReturned(data) => data.division,
            _ => roll.division,
        };
        Ok(Some(keys::list_row(roll.kind, roll.month, division, &row.key)))
    }

    fn roll(&mut self, id: RollId) -> Result<Option<RollInfo>, ProjectionError> {
        if let Some(info) = self.rolls.get(&id) {
            return Ok(Some(*info));
        }
        let Some(bytes) = self.tree.get(keys::roll(id))? else { return Ok(None) };
        let info: RollInfo = postcard::from_bytes(&bytes)?;
        self.rolls.insert(id, info);
        Ok(Some(info))
    }
}
