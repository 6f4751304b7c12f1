//! One entry after the other becomes rows.
//!
//! An event that needs two signers is in the history at once and leaves its traces with its last
//! endorsement.

use super::{
    Cursor, Projection, ProjectionError, keys,
    pending::{Change, Pending},
    query::{RollInfo, StoredRow, StoredSeen},
    rows::Rows,
    statistics::Changes,
};
use crate::event::{Body, Recorded, RowRef};
use crate::frame::entry_hash;
use crate::ledger::{Decoder, Ledger};
use crate::rules::{self, Key, Record, StatementRef, Trace, What};
use crate::value::{Hash, RollId, Subject, Tag};

/// The rows of the entries read since the last commit.
pub(super) struct Step<'a> {
    ledger: &'a Ledger,
    decoder: Decoder,
    pub(super) rows: Rows,
    pub(super) pending: Pending,
    rolls: hashbrown::HashMap<RollId, RollInfo>,
    changes: Changes,
    /// Where the index is when this is committed.
    pub(super) cursor: Cursor,
    /// Statements that were found to be corrected or retracted.
    pub(super) voids: Vec<StatementRef>,
    /// ID numbers that mistyped ones were found to stand for.
    pub(super) meant: Vec<Tag>,
    /// Keys of committed rows under rules keys.
    pub(super) written: Vec<Vec<u8>>,
    /// A roll came in, or a payroll was prepared.
    pub(super) covers: bool,
}

impl<'a> Step<'a> {
    /// A step that reads entries visible now.
    pub(super) fn new(
        ledger: &'a Ledger,
        projection: &Projection,
    ) -> Result<Self, ProjectionError> {
        Ok(Self {
            ledger,
            decoder: ledger.decoder()?,
            rows: projection.rows.clone(),
            pending: Pending::default(),
            rolls: hashbrown::HashMap::new(),
            changes: Changes::default(),
            cursor: projection.cursor,
            voids: Vec::new(),
            meant: Vec::new(),
            written: Vec::new(),
            covers: false,
        })
    }

    /// Writes the rows with the cursor and the sums: all of them or none.
    pub(super) fn commit(&mut self) -> Result<(), ProjectionError> {
        let mut changes = self.pending.take();
        for (key, value) in self.changes.rows(&self.rows)? {
            changes.insert(key, Change::Put(value));
        }
        self.written.extend(changes.keys().filter(|key| key.starts_with(keys::RULES)).cloned());
        let cursor = Change::Put(postcard::to_stdvec(&self.cursor)?);
        self.rows.apply(changes.into_iter().chain([(keys::CURSOR.to_vec(), cursor)]))
    }

    pub(super) fn entry(&mut self, index: u64, bytes: &[u8]) -> Result<(), ProjectionError> {
        let event = self.decoder.event(index, bytes)?;
        let body = &event.payload.body;
        let endorses = matches!(body, Body::Endorsed(_));
        let at_once = body.second().is_none();
        let traces = if at_once { rules::traces(&event) } else { Vec::new() };
        self.history(&event, &traces);
        self.changes.recorded(&event);
        if at_once {
            self.effective(&event, &traces)?;
        }
        if endorses {
            for id in &event.payload.refs {
                self.endorsed(id, index)?;
            }
        }
        self.cursor.next = index + 1;
        self.cursor.prev = entry_hash(bytes);
        Ok(())
    }

    /// The proposal takes effect now; its own history shows by which entry.
    fn endorsed(&mut self, id: &Hash, by: u64) -> Result<(), ProjectionError> {
        if let Some(index) = self.ledger.find(id)? {
            let proposal = self.ledger.event(index)?;
            let person = proposal.payload.body.person().map(Subject::Person);
            for subject in person.iter().chain([&proposal.subject]) {
                self.put(keys::history(subject, by), Vec::new());
            }
            self.life_of_flag(&proposal, by);
            self.effective(&proposal, &rules::traces(&proposal))?;
        }
        Ok(())
    }

    /// What is done about a flag is in that flag's history.
    fn life_of_flag(&mut self, event: &Recorded, index: u64) {
        if let Some(flag) = event.payload.body.flag() {
            let mut key = keys::history_of_flag(&flag);
            key.extend(index.to_be_bytes());
            self.put(key, Vec::new());
        }
    }

    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.pending.add(key, Change::Put(value));
    }

    /// A trace of a person is in the person's history already.
    fn history(&mut self, event: &Recorded, traces: &[Trace]) {
        let (body, index) = (&event.payload.body, event.index);
        let left_trace = |subject: &Subject| {
            let Subject::Person(person) = subject else { return false };
            traces.iter().any(|trace| trace.key == Key::Person(*person))
        };
        let person = body.person().map(Subject::Person);
        for subject in [&event.subject].into_iter().chain(&person).chain(&event.payload.about) {
            if !left_trace(subject) {
                self.put(keys::history(subject, index), Vec::new());
            }
        }
        self.life_of_flag(event, index);
        if matches!(body, Body::QueryLogged(_)) {
            self.put(keys::look(index), Vec::new());
        }
        let number = match body {
            Body::CertificateLegacyImported(row) => row.number.as_ref(),
            Body::CertificateIssued(data) => Some(&data.number),
            Body::CertificateReplaced(data) => Some(&data.number),
            Body::PayrollPrepared(data) => {
                for subject in data.items.iter().map(|item| Subject::Person(item.person)) {
                    if !left_trace(&subject) {
                        self.put(keys::history(&subject, index), Vec::new());
                    }
                }
                None
            }
            _ => None,
        };
        if let Some(number) = number {
            self.put(keys::history_of_number(number, index), Vec::new());
        }
    }

    fn effective(&mut self, event: &Recorded, traces: &[Trace]) -> Result<(), ProjectionError> {
        let index = event.index;
        for (at, Trace { key, record }) in traces.iter().enumerate() {
            let Record { at: day, statement, what } = record;
            match what {
                What::Seen(person) => {
                    let seen = StoredSeen { at: day.index(), statement: *statement };
                    let value = postcard::to_stdvec(&(index, seen))?;
                    self.pending.add(keys::seen(key, *person), Change::PutFirst(value));
                }
                _ => {
                    let before = traces[..at].iter().filter(|trace| trace.key == *key).count();
                    let number = u8::try_from(before).ok().filter(|number| *number < keys::PACKED);
                    let number = number.ok_or(ProjectionError::Row)?;
                    let value = postcard::to_stdvec(record)?;
                    self.put(keys::trace(key, index, number), value);
                }
            }
            match key {
                Key::Statement(statement) => self.voids.push(*statement),
                Key::Meant(id) => self.meant.push(*id),
                Key::Rolls => self.covers = true,
                _ => {}
            }
        }
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
            self.pending.add(key, Change::Remove);
            if let Some(list) = list {
                self.pending.add(list, Change::Remove);
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
        let Some(bytes) = self.rows.get(&keys::roll(id))? else { return Ok(None) };
        let info: RollInfo = postcard::from_bytes(&bytes)?;
        self.rolls.insert(id, info);
        Ok(Some(info))
    }
}
