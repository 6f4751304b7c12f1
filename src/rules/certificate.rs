//! One certificate as a person's file holds it: its grade, its life and what the register said.

use super::key::StatementRef;
use super::record::{Columns, LegacyRow};
use crate::event::LegacyStatus;
use crate::value::{Category, CertificateId, Component, Day, DivisionCode, Level, Month, Tag};

/// A time in which a certificate does not count: frozen, or for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The day it stopped; `None` when the register does not say.
    pub from: Option<Day>,
    /// The day it was valid again; `None` while it is not.
    pub to: Option<Day>,
}

/// One certificate, legacy or issued through the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate.
    pub certificate: CertificateId,
    /// Index of the entry that brought it.
    pub index: u64,
    /// Its statement.
    pub statement: StatementRef,
    /// Tag of the ID number on it.
    pub id: Tag,
    /// Tag of its number.
    pub number: Option<Tag>,
    /// Category.
    pub category: Category,
    /// Level.
    pub level: Level,
    /// Components of a multiple disability.
    pub components: Vec<Component>,
    /// First day of validity.
    pub issued: Day,
    /// Last day of validity.
    pub valid_to: Day,
    /// The division that keeps it: that of its issue, until another county takes it over.
    pub division: DivisionCode,
    /// The division that kept it first.
    pub first_division: DivisionCode,
    /// The day it was handed over to a county that has not taken it over, and that county.
    pub leaving: Option<(Day, DivisionCode)>,
    /// When it did not count.
    pub stops: Vec<Stop>,
    /// Cancelled, revoked or superseded: it never counts again.
    pub ended: bool,
    /// The register's row, for one that was imported.
    pub row: Option<Box<LegacyRow>>,
}

impl Certificate {
    /// A row of the register, judged on `on`: a status of a later day is not in force yet.
    pub(super) fn of_row(index: u64, statement: StatementRef, row: &LegacyRow, on: Day) -> Self {
        let closed = row.status != LegacyStatus::Normal && row.status_date.is_none_or(|d| d <= on);
        let stop = Stop { from: row.status_date, to: None };
        Self {
            certificate: row.certificate,
            index,
            statement,
            id: row.id,
            number: row.number,
            category: row.category,
            level: row.level,
            components: row.components.clone(),
            issued: row.issued,
            valid_to: row.valid_to,
            division: row.division,
            first_division: row.division,
            leaving: None,
            stops: if closed { vec![stop] } else { Vec::new() },
            ended: closed && row.status == LegacyStatus::Cancelled,
            row: Some(Box::new(row.clone())),
        }
    }

    /// Status 正常: neither frozen nor ended, though perhaps past its last day.
    #[must_use]
    pub fn is_normal(&self) -> bool {
        self.stops.iter().all(|stop| stop.to.is_some())
    }

    /// Frozen and not ended.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        !self.is_normal() && !self.ended
    }

    /// Says whether the certificate counts for a benefit month. The month of a loss is payable,
    /// the next is not; a stop whose day nobody recorded takes no month away.
    #[must_use]
    pub fn covers(&self, month: Month) -> bool {
        let stopped = |stop: &Stop| {
            stop.from.is_some_and(|from| from.month() < month)
                && stop.to.is_none_or(|to| month < to.month())
        };
        self.issued.month() <= month
            && month <= self.valid_to.month()
            && !self.stops.iter().any(stopped)
    }

    /// Says whether the category or a component of it is `wanted`.
    #[must_use]
    pub fn includes(&self, wanted: Category) -> bool {
        self.category == wanted || self.components.iter().any(|part| part.category == wanted)
    }

    /// Says whether the row's roll has none of these columns missing; a certificate of the chain
    /// has no such gaps.
    #[must_use]
    pub fn has_columns(&self, columns: Columns) -> bool {
        self.row.as_ref().is_none_or(|row| !row.absent.has_any(columns))
    }

    pub(super) fn stop(&mut self, from: Day) {
        self.stops.push(Stop { from: Some(from), to: None });
    }

    /// Stops for good.
    pub(super) fn end(&mut self, from: Day) {
        self.stop(from);
        self.ended = true;
    }

    pub(super) fn resume(&mut self, to: Day) {
        for stop in self.stops.iter_mut().filter(|stop| stop.to.is_none()) {
            stop.to = Some(to);
        }
    }
}
