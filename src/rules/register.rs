//! All records in memory: for a full pass, for tests and for checking without an index.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::key::{Key, StatementRef};
use super::record::{Record, Trace, What};
use super::trace::traces;
use super::view::Neighbours;
use crate::event::Recorded;
use crate::value::PersonId;

/// Every record by its key.
#[derive(Debug, Default)]
pub struct Register {
    records: HashMap<Key, Vec<(u64, Record)>>,
    persons: BTreeSet<PersonId>,
}

impl Register {
    /// Adds an event that takes effect now: events come in the order of their effect.
    pub fn take(&mut self, event: &Recorded) {
        for Trace { key, record } in traces(event) {
            self.put(key, event.index, record);
        }
    }

    /// Adds one record.
    pub fn put(&mut self, key: Key, index: u64, record: Record) {
        if let Key::Person(person) = key {
            self.persons.insert(person);
        }
        self.records.entry(key).or_default().push((index, record));
    }

    /// The statements that its records correct or retract.
    pub fn void(&self) -> impl Iterator<Item = StatementRef> + '_ {
        let voided = |records: &Vec<(u64, Record)>| {
            records.iter().any(|(_, record)| record.what == What::Void)
        };
        self.records.iter().filter_map(move |(key, records)| match key {
            Key::Statement(statement) if voided(records) => Some(*statement),
            _ => None,
        })
    }

    /// Everybody who has a file, in order of their ids.
    pub fn persons(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.persons.iter().copied()
    }
}

impl Neighbours for Register {
    fn each(&self, key: &Key, take: &mut dyn FnMut(u64, &Record)) {
        for (index, record) in self.records.get(key).into_iter().flatten() {
            take(*index, record);
        }
    }
}
