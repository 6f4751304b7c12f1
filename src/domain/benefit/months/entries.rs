//! The months of one person and programme one by one, as they are while they change.

use super::Hand;
use crate::event::months_covered;
use crate::value::{Month, PayrollId};

/// One month, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) month: Month,
    /// The month of the payment that carries it.
    pub(super) with: Month,
    pub(super) hand: Hand,
}

/// Months ascending, each once.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Entries(pub(super) Vec<Entry>);

impl Entries {
    fn hand(&self, month: Month) -> Option<Hand> {
        self.place(month).ok().map(|at| self.0[at].hand)
    }

    pub(super) fn prepare(&mut self, month: Month, with: Month, by: PayrollId) {
        let returned = self.hand(month) == Some(Hand::Returned);
        self.put(month, with, Hand::Prepared { by, returned });
    }

    /// Undoes that payroll's preparation; a month that went on since then, or went into another
    /// payroll, stays as it is.
    pub(super) fn release(&mut self, month: Month, payroll: PayrollId) {
        if let Ok(at) = self.place(month)
            && let Hand::Prepared { by, returned } = self.0[at].hand
            && by == payroll
        {
            if returned {
                self.0[at].hand = Hand::Returned;
            } else {
                self.0.remove(at);
            }
        }
    }

    pub(super) fn authorise(&mut self, month: Month) {
        if let Ok(at) = self.place(month) {
            self.0[at].hand = Hand::Authorised;
        }
    }

    /// A payment of the months it lists; of one that lists none, what its payroll carries, or
    /// `month` and the `earlier` ones before it.
    pub(super) fn pay(&mut self, month: Month, listed: &[Month], earlier: u16) {
        if listed.is_empty() && self.pay_carried(month) {
            return;
        }
        for paid in months_covered(listed, Some(month), earlier) {
            let times = match self.hand(paid) {
                Some(Hand::Paid(times)) => times.saturating_add(1),
                Some(Hand::Prepared { .. } | Hand::Authorised | Hand::Returned) | None => 1,
            };
            self.put(paid, month, Hand::Paid(times));
        }
    }

    /// Everything the payroll of `month` carries is paid; says whether it carried anything.
    fn pay_carried(&mut self, month: Month) -> bool {
        let mut carried = false;
        for entry in self.0.iter_mut().filter(|entry| entry.with == month) {
            if matches!(entry.hand, Hand::Prepared { .. } | Hand::Authorised) {
                entry.hand = Hand::Paid(1);
                carried = true;
            }
        }
        carried
    }

    /// A corrected row of a month already counted: it stays paid once.
    pub(super) fn stay_paid(&mut self, month: Month) {
        if !matches!(self.hand(month), Some(Hand::Paid(_))) {
            self.put(month, month, Hand::Paid(1));
        }
    }

    /// A payment came back: the months it lists, or all that was carried with `month`.
    pub(super) fn come_back(&mut self, month: Month, listed: &[Month]) {
        for back in listed {
            let hand = match self.hand(*back) {
                Some(Hand::Paid(times)) if times > 1 => Hand::Paid(times - 1),
                _ => Hand::Returned,
            };
            self.put(*back, month, hand);
        }
        if !listed.is_empty() {
            return;
        }
        if self.0.iter().all(|entry| entry.with != month) {
            self.put(month, month, Hand::Returned);
        }
        for entry in self.0.iter_mut().filter(|entry| entry.with == month) {
            entry.hand = match entry.hand {
                Hand::Paid(times) if times > 1 => Hand::Paid(times - 1),
                _ => Hand::Returned,
            };
        }
    }

    /// The row that said so is retracted: the payment for `month` never was.
    pub(super) fn forget(&mut self, month: Month) {
        self.0.retain_mut(|entry| match entry.hand {
            Hand::Paid(times) if entry.with == month => {
                entry.hand = Hand::Paid(times - 1);
                times > 1
            }
            _ => true,
        });
    }

    fn place(&self, month: Month) -> Result<usize, usize> {
        self.0.binary_search_by_key(&month, |entry| entry.month)
    }

    fn put(&mut self, month: Month, with: Month, hand: Hand) {
        let entry = Entry { month, with, hand };
        match self.place(month) {
            Ok(at) => self.0[at] = entry,
            Err(at) => self.0.insert(at, entry),
        }
    }
}
