//! What a person shares with others, beside the person's own records.
//!
//! Whoever judges a person asks for every key the person has: an ID number, an account, a
//! household. Nearly always few rows stand there. One pass in order of the keys meets them before
//! the persons, so each person named under a key gets a copy of its rows; judging then reads one
//! place instead of ten. A key that got rows later is read where they stand (`fresh`).
//!
//! The copies are, one after the other in postcard: the bytes of the key, and of its rows the
//! bytes behind the key and the value.

use std::path::PathBuf;

use super::{
    ProjectionError, keys,
    pending::{Change, Pending},
    runs::{Merge, Row, Runs},
};
use crate::rules::Key;
use crate::value::PersonId;

/// Rows of a key in bytes, with their keys, up to which each of its persons gets a copy.
const GROUP_BYTES_MAX: usize = 1024;
/// Bytes of copies kept in memory before they become a sorted run.
const RUN_BYTES: usize = 24 << 20;

/// Says whether a key's rows are copied: those by which a person's own file reaches into others.
const fn is_shared(key: &Key) -> bool {
    matches!(
        key,
        Key::Id(_)
            | Key::Account(_)
            | Key::Home(_)
            | Key::Namesake(..)
            | Key::Chassis(_)
            | Key::Engine(_)
            | Key::Blank(_)
            | Key::House(_)
            | Key::Vehicle(_)
    )
}

/// Collects the copies while rows come in order of their keys.
pub(super) struct Collector {
    runs: Runs,
    pending: Pending,
    /// The bytes of the key whose rows come now, and what was collected of it.
    key: Vec<u8>,
    group: Vec<u8>,
    persons: Vec<PersonId>,
}

impl Collector {
    pub(super) fn new(folder: PathBuf) -> Result<Self, ProjectionError> {
        Ok(Self {
            runs: Runs::new(folder)?,
            pending: Pending::default(),
            key: Vec::new(),
            group: Vec::new(),
            persons: Vec::new(),
        })
    }

    /// Takes the next row.
    pub(super) fn take(&mut self, key: &[u8], value: &[u8]) -> Result<(), ProjectionError> {
        if self.key.is_empty() || !key.starts_with(&self.key) {
            self.end_group()?;
            let Some(of) = keys::rules_key(key) else { return Ok(()) };
            let (of, len) = of.ok_or(ProjectionError::Row)?;
            if !is_shared(&of) {
                return Ok(());
            }
            self.key = key[..len].to_vec();
        }
        let tail = &key[self.key.len()..];
        self.persons.extend(keys::seen_in(tail));
        if self.group.len() <= GROUP_BYTES_MAX {
            let group = std::mem::take(&mut self.group);
            self.group = postcard::to_extend(&(tail, value), group)?;
        }
        Ok(())
    }

    fn end_group(&mut self) -> Result<(), ProjectionError> {
        if !self.group.is_empty() && self.group.len() <= GROUP_BYTES_MAX {
            // Without the prefix that all rules keys have.
            let copy = postcard::to_stdvec(&(&self.key[1..], self.group.as_slice()))?;
            for person in self.persons.drain(..) {
                let to = [&person.0, self.key.as_slice()].concat();
                self.pending.add(to, Change::Put(copy.clone()));
            }
            if self.pending.bytes() >= RUN_BYTES {
                self.runs.spill(self.pending.take())?;
            }
        }
        self.persons.clear();
        self.group.clear();
        self.key.clear();
        Ok(())
    }

    /// The copies, by person.
    pub(super) fn finish(mut self) -> Result<Copies, ProjectionError> {
        self.end_group()?;
        self.runs.spill(self.pending.take())?;
        let mut rows = self.runs.merge()?;
        let next = rows.next()?;
        Ok(Copies { rows, next })
    }
}

/// The copies of every person, in order of the persons.
pub(super) struct Copies {
    rows: Merge,
    next: Option<Row>,
}

impl Copies {
    /// Those of a person, who comes after the last one asked for.
    pub(super) fn of(&mut self, person: PersonId) -> Result<Vec<u8>, ProjectionError> {
        let mut copies = Vec::new();
        // Those before are of somebody without a file.
        while let Some((key, copy)) = &self.next
            && let Some(of) = key.first_chunk()
            && *of <= person.0
        {
            if *of == person.0 {
                copies.extend_from_slice(copy);
            }
            self.next = self.rows.next()?;
        }
        Ok(copies)
    }
}

/// Shows every key that a person shares: the key, its bytes, and its rows for [`rows`].
pub(super) fn each<'c>(
    mut copies: &'c [u8],
    take: &mut dyn FnMut(Key, &'c [u8], &'c [u8]) -> Option<()>,
) -> Option<()> {
    while !copies.is_empty() {
        let ((bytes, rows), behind) = postcard::take_from_bytes::<(&[u8], &[u8])>(copies).ok()?;
        let (key, len) = Key::from_bytes(bytes)?;
        (len == bytes.len()).then_some(())?;
        take(key, bytes, rows)?;
        copies = behind;
    }
    Some(())
}

/// Shows the rows of a key: the bytes behind the key, and the value.
pub(super) fn rows<'c>(
    mut rows: &'c [u8],
    take: &mut dyn FnMut(&'c [u8], &'c [u8]) -> Option<()>,
) -> Option<()> {
    while !rows.is_empty() {
        let ((tail, value), behind) = postcard::take_from_bytes(rows).ok()?;
        take(tail, value)?;
        rows = behind;
    }
    Some(())
}
