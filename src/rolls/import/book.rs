//! Payments that the ledger knows of one programme and period, for matching what came in twice
//! by two ways: a bank's answer to a roll, and a roll to a bank's answer.

use std::collections::HashMap;

use super::Job;
use crate::{
    event::{self, Body, Recorded},
    ledger::ReadError,
    value::{DivisionCode, Fen, Hash, Month, PersonId, Programme, Tag},
};

/// A payment on the ledger.
pub(super) struct KnownPayment {
    pub(super) index: u64,
    pub(super) statement: Hash,
    pub(super) person: PersonId,
    pub(super) id: Tag,
    pub(super) division: DivisionCode,
    month: Option<Month>,
    amount: Fen,
    account: Option<Tag>,
    taken: bool,
}

/// Payments by ID number and by account. Each answers one row of a file.
#[derive(Default)]
pub(super) struct Book {
    payments: Vec<KnownPayment>,
    by_id: HashMap<Tag, Vec<usize>>,
    by_account: HashMap<Tag, Vec<usize>>,
}

impl Book {
    /// Reads the rows in force of a kind that paid the programme in the roll's period.
    pub(super) fn read(
        job: &Job<'_>,
        kind: event::RollKind,
        programme: Programme,
    ) -> Result<Self, ReadError> {
        let mut book = Self::default();
        let importer = job.importer;
        let rows = importer.known.rows_of(kind, job.options().division, job.roll.month);
        for (_, row) in rows {
            let event = importer.ledger.event(row.index)?;
            let Body::PaymentExecuted(data) = &event.payload.body else { continue };
            if data.programme == programme && data.year == job.terms().year() {
                book.add(&event, data);
            }
        }
        Ok(book)
    }

    fn add(&mut self, event: &Recorded, data: &event::PaymentExecuted) {
        let at = self.payments.len();
        self.by_id.entry(data.id).or_default().push(at);
        if let Some(account) = data.account {
            self.by_account.entry(account).or_default().push(at);
        }
        self.payments.push(KnownPayment {
            index: event.index,
            statement: event.id,
            person: data.person,
            id: data.id,
            division: data.division,
            month: data.month,
            amount: data.amount,
            account: data.account,
            taken: false,
        });
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.payments.is_empty()
    }

    /// Takes a payment of that person, month and amount; of that account first, if given.
    pub(super) fn take(
        &mut self,
        id: &Tag,
        month: Option<Month>,
        amount: Fen,
        account: Option<Tag>,
    ) -> Option<&KnownPayment> {
        let fits = |at: &&usize| {
            let payment = &self.payments[**at];
            !payment.taken && payment.month == month && payment.amount == amount
        };
        let found: Vec<usize> = self.by_id.get(id)?.iter().filter(fits).copied().collect();
        let same = |at: &&usize| account.is_some() && self.payments[**at].account == account;
        let at = *found.iter().find(same).or_else(|| found.first())?;
        self.payments[at].taken = true;
        Some(&self.payments[at])
    }

    /// Takes the one payment of that account, month and amount; none when there are several.
    pub(super) fn take_only(
        &mut self,
        account: &Tag,
        month: Option<Month>,
        amount: Fen,
    ) -> Option<&KnownPayment> {
        let fits = |at: &&usize| {
            let payment = &self.payments[**at];
            !payment.taken && payment.month == month && payment.amount == amount
        };
        let mut found = self.by_account.get(account)?.iter().filter(fits).copied();
        let (at, None) = (found.next()?, found.next()) else { return None };
        drop(found);
        self.payments[at].taken = true;
        Some(&self.payments[at])
    }
}
