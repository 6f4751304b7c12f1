//! Traces out of the index, as rules read them.

use std::{
    cell::{Cell, RefCell},
    ops::ControlFlow,
    rc::Rc,
};

use hashbrown::HashMap;

use super::{Projection, ProjectionError, keys, near, pack, query::StoredSeen, table::Block};
use crate::rules::{Key, Neighbours, Record};

/// The traces. Rules know no errors: a failed read is kept and makes
/// the whole answer an error.
///
/// Rules ask for the same key many times: what was read stays as long as the store does, up to a
/// limit. Reading a person brings what the person shares with others ([`near`]).
pub(super) struct Store<'a> {
    of: &'a Projection,
    failed: Cell<bool>,
    seen: RefCell<Seen>,
    /// Where the last person was in the table: the next one is often there too.
    persons: RefCell<Block>,
    others: RefCell<Block>,
}

/// A key's records, each with its place on the log.
type Records = Rc<[(u64, Record)]>;

/// Records by their key, and how many there are.
#[derive(Default)]
struct Seen {
    records: HashMap<Key, Records>,
    len: usize,
}

/// Records kept at most: some ten megabytes.
const SEEN_MAX: usize = 1 << 16;
/// Longer lists are of everybody, and are asked for once.
const SEEN_OF_KEY_MAX: usize = 1 << 10;

impl Seen {
    fn keep(&mut self, key: Key, records: &Records) {
        if records.len() > SEEN_OF_KEY_MAX {
            return;
        }
        if self.len > SEEN_MAX {
            *self = Self::default();
        }
        // A key without records takes room too.
        self.len += records.len() + 1;
        self.records.insert(key, Rc::clone(records));
    }
}

impl Projection {
    pub(super) fn store(&self) -> Store<'_> {
        Store {
            of: self,
            failed: Cell::new(false),
            seen: RefCell::default(),
            persons: RefCell::default(),
            others: RefCell::default(),
        }
    }
}

impl Store<'_> {
    pub(super) fn check<T>(&self, answer: T) -> Result<T, ProjectionError> {
        if self.failed.get() { Err(ProjectionError::Row) } else { Ok(answer) }
    }

    fn read(&self, key: &Key) -> Records {
        let prefix = keys::traces_of(key);
        let mut records = Vec::new();
        let read = if matches!(key, Key::Person(_)) {
            self.read_person(&prefix, &mut records)
        } else {
            self.read_rows(&prefix, &mut records)
        };
        if read.is_err() {
            self.failed.set(true);
        }
        in_order(records)
    }

    fn read_person(
        &self,
        prefix: &[u8],
        records: &mut Vec<(u64, Record)>,
    ) -> Result<(), ProjectionError> {
        let Projection { rows, fresh, .. } = self.of;
        rows.in_table(prefix, &mut self.persons.borrow_mut(), |key, value| {
            let (index, number) = keys::of_person(key).ok_or(ProjectionError::Row)?;
            let shared = pack::shared(number, value).ok_or(ProjectionError::Row)?;
            near::each(shared, &mut |key, bytes, rows| self.know(key, bytes, rows))
                .ok_or(ProjectionError::Row)?;
            pack::each(index, number, value, &mut |index, _, value| {
                read_own(index, value, records)
            })
            .ok_or(ProjectionError::Row)?;
            Ok(ControlFlow::Continue(()))
        })?;
        if fresh.may_have(prefix) {
            rows.since_table(prefix, |key, value| {
                let (index, _) = keys::of_person(key).ok_or(ProjectionError::Row)?;
                read_own(index, value, records).ok_or(ProjectionError::Row)?;
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(())
    }

    fn read_rows(
        &self,
        prefix: &[u8],
        records: &mut Vec<(u64, Record)>,
    ) -> Result<(), ProjectionError> {
        let Projection { rows, fresh, .. } = self.of;
        let mut take = |key: &[u8], value: &[u8]| {
            let record = read(&key[prefix.len()..], value).ok_or(ProjectionError::Row)?;
            records.extend(record);
            Ok(ControlFlow::Continue(()))
        };
        rows.in_table(prefix, &mut self.others.borrow_mut(), &mut take)?;
        if fresh.may_have(prefix) {
            rows.since_table(prefix, take)?;
        }
        Ok(())
    }

    /// Keeps the rows of a key that stood beside a person's, unless the key got more since.
    fn know(&self, key: Key, bytes: &[u8], rows: &[u8]) -> Option<()> {
        let mut seen = self.seen.borrow_mut();
        if seen.records.contains_key(&key) || self.of.fresh.may_have(&keys::with_prefix(bytes)) {
            return Some(());
        }
        let mut records = Vec::new();
        near::rows(rows, &mut |tail, value| {
            records.extend(read(tail, value)?);
            Some(())
        })?;
        seen.keep(key, &in_order(records));
        Some(())
    }
}

/// Records in the order of the log: rows stand in that of their keys, the table's first.
fn in_order(mut records: Vec<(u64, Record)>) -> Records {
    if !records.is_sorted_by_key(|(index, _)| *index) {
        records.sort_by_key(|(index, _)| *index);
    }
    records.into()
}

/// A person's record, unless the entry left none.
fn read_own(index: u64, value: &[u8], records: &mut Vec<(u64, Record)>) -> Option<()> {
    if !value.is_empty() {
        records.push((index, postcard::from_bytes(value).ok()?));
    }
    Some(())
}

/// A record that is no person's own, from what follows the prefix in its row's key and the row's
/// value; within, nothing for an entry that left no trace.
fn read(rest: &[u8], value: &[u8]) -> Option<Option<(u64, Record)>> {
    if let Some(person) = keys::seen_in(rest) {
        let (index, of) = postcard::from_bytes::<(u64, StoredSeen)>(value).ok()?;
        return Some(Some((index, of.record(person))));
    }
    if value.is_empty() {
        return Some(None);
    }
    let record = postcard::from_bytes::<Record>(value).ok()?;
    Some(Some((keys::index_in(rest, 1)?, record)))
}

impl Neighbours for Store<'_> {
    fn each(&self, key: &Key, take: &mut dyn FnMut(u64, &Record)) {
        // Asked of every record, or of every person, and nearly always in vain.
        match key {
            Key::Statement(statement) if !self.of.voids.contains(statement) => return,
            Key::Meant(id) if !self.of.meant.contains(id) => return,
            _ => {}
        }
        let seen = self.seen.borrow().records.get(key).map(Rc::clone);
        let records = seen.unwrap_or_else(|| {
            let records = self.read(key);
            self.seen.borrow_mut().keep(*key, &records);
            records
        });
        for (index, record) in records.iter() {
            take(*index, record);
        }
    }
}
