//! Traces out of sled, as rules read them.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use hashbrown::{HashMap, HashSet};

use super::{Projection, ProjectionError, forward::Forward, keys, pack, query::StoredSeen};
use crate::rules::{Key, Neighbours, Record, StatementRef};

/// The traces. Rules know no errors: a failed read is kept and makes
/// the whole answer an error.
///
/// Rules ask for the same key many times, and a scan of sled costs more than a rule: what was read
/// stays as long as the store does, up to a limit.
pub(super) struct Store<'a> {
    tree: &'a sled::Tree,
    voids: &'a HashSet<StatementRef>,
    failed: Cell<bool>,
    kept: RefCell<Kept>,
    /// Where the last person's rows ended.
    forward: RefCell<Option<Forward>>,
}

/// Records by their key, and how many there are.
#[derive(Default)]
struct Kept {
    records: HashMap<Key, Rc<[(u64, Record)]>>,
    len: usize,
}

/// Records kept at most: some ten megabytes.
const KEPT_MAX: usize = 1 << 16;
/// Longer lists are of everybody, and are asked for once.
const KEPT_OF_KEY_MAX: usize = 1 << 10;

impl Kept {
    fn keep(&mut self, key: Key, records: &Rc<[(u64, Record)]>) {
        if records.len() > KEPT_OF_KEY_MAX {
            return;
        }
        if self.len > KEPT_MAX {
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
            tree: &self.tree,
            voids: &self.voids,
            failed: Cell::new(false),
            kept: RefCell::default(),
            forward: RefCell::default(),
        }
    }
}

impl Store<'_> {
    pub(super) fn check<T>(&self, answer: T) -> Result<T, ProjectionError> {
        if self.failed.get() { Err(ProjectionError::Row) } else { Ok(answer) }
    }

    fn read(&self, key: &Key) -> Rc<[(u64, Record)]> {
        let prefix = keys::traces_of(key);
        let mut records = Vec::new();
        let all = if matches!(key, Key::Person(_)) {
            let mut take = |key: &[u8], value: &[u8]| {
                if read_packed(key, value, &mut records).is_none() {
                    self.failed.set(true);
                }
            };
            Forward::read(&mut self.forward.borrow_mut(), self.tree, &prefix, &mut take)
        } else {
            let mut take = |key: &[u8], value: &[u8]| match read(&key[prefix.len()..], value) {
                Some(found) => records.extend(found),
                None => self.failed.set(true),
            };
            let rows = &mut self.tree.scan_prefix(&prefix);
            rows.try_for_each(|row| row.map(|(key, value)| take(&key, &value)))
        };
        if all.is_err() {
            self.failed.set(true);
        }
        records.into()
    }
}

/// The records of a person's row.
fn read_packed(key: &[u8], value: &[u8], records: &mut Vec<(u64, Record)>) -> Option<()> {
    let (index, number) = keys::of_person(key)?;
    pack::each(index, number, value, &mut |index, _, value| {
        if !value.is_empty() {
            records.push((index, postcard::from_bytes(value).ok()?));
        }
        Some(())
    })
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
        // Asked of every record, and nearly always in vain.
        if matches!(key, Key::Statement(statement) if !self.voids.contains(statement)) {
            return;
        }
        let kept = self.kept.borrow().records.get(key).map(Rc::clone);
        let records = kept.unwrap_or_else(|| {
            let records = self.read(key);
            self.kept.borrow_mut().keep(*key, &records);
            records
        });
        for (index, record) in records.iter() {
            take(*index, record);
        }
    }
}
