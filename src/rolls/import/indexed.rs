//! What came in before, out of the projection.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{KnownRow, KnownRows};
use crate::{
    event,
    ledger::Ledger,
    projection::{self, Projection},
    value::{DivisionCode, Month, Tag},
};

/// The rows that a projection knows; it must have caught up with the ledger.
pub struct IndexedRows<'a> {
    projection: &'a Projection,
    ledger: &'a Ledger,
    failed: AtomicBool,
}

impl<'a> IndexedRows<'a> {
    /// The rows of a projection of this ledger.
    #[must_use]
    pub const fn new(projection: &'a Projection, ledger: &'a Ledger) -> Self {
        Self { projection, ledger, failed: AtomicBool::new(false) }
    }

    fn answered<T, E>(&self, read: Result<T, E>) -> Option<T> {
        if read.is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
        read.ok()
    }

    /// Adds statement and subject, which the entry itself has.
    fn whole(&self, row: projection::KnownRow) -> Option<KnownRow> {
        let event = self.answered(self.ledger.event(row.index))?;
        let projection::KnownRow { index, content } = row;
        Some(KnownRow { index, statement: event.id, content, subject: event.subject })
    }
}

impl KnownRows for IndexedRows<'_> {
    fn row(&self, key: &Tag) -> Option<KnownRow> {
        self.whole(self.answered(self.projection.row(key))??)
    }

    fn rows_of(
        &self,
        kind: event::RollKind,
        division: DivisionCode,
        month: Option<Month>,
    ) -> Vec<(Tag, KnownRow)> {
        let rows = self.answered(self.projection.rows_of(kind, division, month));
        let whole = |(key, row)| Some((key, self.whole(row)?));
        rows.unwrap_or_default().into_iter().filter_map(whole).collect()
    }

    fn any_of(&self, kind: event::RollKind, division: DivisionCode, month: Option<Month>) -> bool {
        self.answered(self.projection.any_of(kind, division, month)).unwrap_or(true)
    }

    fn is_sound(&self) -> bool {
        !self.failed.load(Ordering::Relaxed)
    }
}
