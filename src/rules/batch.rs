//! What a view knows of the ledger's batches, works and second signatures.

use super::key::{Key, StatementRef};
use super::mark::Mark;
use super::record::What;
use super::view::View;
use crate::value::{Day, Fen, HouseholdId, PayrollId, Programme, Tag};

/// A batch of payments: its root as last prepared, and its authorisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Batch {
    pub(super) root: Option<Mark>,
    /// The root authorised, the entry and the day.
    pub(super) authorised: Option<(Mark, u64, Day)>,
}

impl Batch {
    pub(super) fn is_authorised_by(&self, day: Day) -> bool {
        self.authorised.is_some_and(|(_, _, at)| at <= day)
    }
}

/// Works at a house that were inspected and accepted.
#[derive(Clone, Copy)]
pub(super) struct Works {
    pub(super) index: u64,
    /// The day they were accepted.
    pub(super) at: Day,
    pub(super) programme: Programme,
    pub(super) papers: [Mark; 2],
    pub(super) cost: Fen,
    pub(super) dwelling: Option<Tag>,
}

impl View<'_> {
    /// A batch, as far as it had come by the day judged.
    pub(super) fn batch(&self, payroll: PayrollId) -> Batch {
        if let Some(known) = self.batches.borrow().get(&payroll) {
            return *known;
        }
        let mut batch = Batch::default();
        self.each(&Key::Payroll(payroll), &mut |index, record| match &record.what {
            What::BatchPrepared { root } if record.at <= self.on => batch.root = Some(*root),
            What::Authorised { root, .. } if record.at <= self.on => {
                batch.authorised = Some((*root, index, record.at));
            }
            _ => {}
        });
        self.batches.borrow_mut().insert(payroll, batch);
        batch
    }

    /// The works accepted at a house.
    pub(super) fn works(&self, household: HouseholdId) -> Vec<Works> {
        let mut works = Vec::new();
        self.each(&Key::House(household), &mut |index, record| {
            if let What::Works { programme, before, after, cost, dwelling } = record.what
                && record.at <= self.on
                && !self.is_void(record)
            {
                let (at, papers) = (record.at, [before, after]);
                works.push(Works { index, at, programme, papers, cost, dwelling });
            }
        });
        works
    }

    /// The households whose works an index names, each once, first named first.
    pub(super) fn houses(&self, key: &Key) -> Vec<HouseholdId> {
        let mut houses = Vec::new();
        self.each(key, &mut |_, record| {
            if let What::OfHouse(household) = record.what
                && !houses.contains(&household)
            {
                houses.push(household);
            }
        });
        houses
    }

    /// The clerk who gave a statement its second signature.
    pub(super) fn endorser(&self, statement: StatementRef) -> Option<Mark> {
        let mut clerk = None;
        self.each(&Key::Endorsement(statement), &mut |_, record| {
            if let What::EndorsedBy(by) = record.what {
                clerk = Some(by);
            }
        });
        clerk
    }
}
