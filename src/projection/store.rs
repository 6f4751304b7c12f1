//! Traces out of sled, as rules read them.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use hashbrown::{HashMap, HashSet};

use super::{Projection, ProjectionError, keys, query::StoredSeen};
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
        for row in self.tree.scan_prefix(&prefix) {
            let read = row.ok().and_then(|(key, value)| {
                if let Some(person) = keys::seen_in(&key[prefix.len()..]) {
                    let (index, of) = postcard::from_bytes::<(u64, StoredSeen)>(&value).ok()?;
                    return Some(Some((index, of.record(person))));
                }
                if value.is_empty() {
                    return Some(None);
                }
                let record = postcard::from_bytes::<Record>(&value).ok()?;
                Some(Some((keys::index_in(&key, 1)?, record)))
            });
            match read {
                Some(Some(found)) => records.push(found),
                Some(None) => {}
                None => self.failed.set(true),
            }
        }
        records.into()
    }
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
