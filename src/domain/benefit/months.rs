//! Which months of one person and programme are in hand, whoever pays them.
//!
//! Kept per person, not per case, because a month is owed once (I27): what an old roll paid, or
//! another division, counts too. A payment names one month and may pay earlier ones with it; they
//! go to the bank and come back together.

use serde::{Deserialize, Serialize};

use crate::event::months_covered;
use crate::value::{Month, PayrollId};

/// Where a month stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hand {
    /// In a payroll that waits for its authorisation.
    Prepared {
        /// The payroll that holds it: another one that lists it too cannot be authorised.
        by: PayrollId,
        /// It had been returned before.
        returned: bool,
    },
    /// With the bank.
    Authorised,
    /// Paid, as often as that.
    Paid(u8),
    /// Came back; it may be paid again.
    Returned,
}

impl Hand {
    /// Says whether that payroll may take it: nobody has it, it came back, or the payroll's own
    /// earlier version holds it.
    #[must_use]
    pub fn is_free_for(self, payroll: PayrollId) -> bool {
        self == Self::Returned || self.is_held_by(payroll)
    }

    /// Says whether it waits in that payroll and in no other.
    #[must_use]
    pub fn is_held_by(self, payroll: PayrollId) -> bool {
        matches!(self, Self::Prepared { by, .. } if by == payroll)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    month: Month,
    /// The month of the payment that carries it.
    with: Month,
    hand: Hand,
}

/// The months of one person and programme that were prepared, paid or returned, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Months(Vec<Entry>);

impl Months {
    /// Where the month stands; nothing for a month nobody touched.
    #[must_use]
    pub fn hand(&self, month: Month) -> Option<Hand> {
        self.place(month).ok().map(|at| self.0[at].hand)
    }

    /// Says whether the month is in no payroll and not paid.
    #[must_use]
    pub fn is_free(&self, month: Month) -> bool {
        matches!(self.hand(month), None | Some(Hand::Returned))
    }

    /// Says whether the month may be put into that payroll: what its own earlier version holds
    /// is given up by preparing it again.
    #[must_use]
    pub fn is_free_for(&self, month: Month, payroll: PayrollId) -> bool {
        self.hand(month).is_none_or(|hand| hand.is_free_for(payroll))
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

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: PayrollId = PayrollId([1; 16]);
    const OTHER: PayrollId = PayrollId([2; 16]);

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn what_one_payment_carries_goes_and_comes_back_together() {
        let (may, june, july) = (month("2026-05"), month("2026-06"), month("2026-07"));
        let mut months = Months::default();
        for owed in [may, june, july] {
            months.prepare(owed, july, RUN);
            assert!(!months.is_free_for(owed, OTHER) && months.is_free_for(owed, RUN));
        }
        for owed in [may, june, july] {
            months.authorise(owed);
        }
        months.pay(july, &[], 2);
        assert_eq!([may, june, july].map(|m| months.hand(m)), [Some(Hand::Paid(1)); 3]);
        months.come_back(july, &[]);
        assert_eq!([may, june, july].map(|m| months.hand(m)), [Some(Hand::Returned); 3]);
        assert!(months.is_free_for(may, OTHER));
    }

    #[test]
    fn an_old_roll_pays_the_months_before() {
        let july = month("2026-07");
        let mut months = Months::default();
        months.pay(july, &[], 2);
        assert_eq!(months.hand(month("2026-05")), Some(Hand::Paid(1)));
        assert_eq!(months.hand(month("2026-04")), None);
        months.pay(july, &[], 0);
        assert_eq!(months.hand(july), Some(Hand::Paid(2)));
        months.come_back(july, &[]);
        assert_eq!(months.hand(july), Some(Hand::Paid(1)), "one of two payments came back");
        months.stay_paid(july);
        assert_eq!(months.hand(july), Some(Hand::Paid(1)));
        months.forget(july);
        assert_eq!(months.hand(july), None);
    }

    #[test]
    fn a_listed_payment_pays_what_it_lists_and_nothing_else() {
        let [april, may, june, july] = ["2026-04", "2026-05", "2026-06", "2026-07"].map(month);
        let mut months = Months::default();
        // Back-pay of April and June with July; the bank says April and July were paid.
        for owed in [april, june, july] {
            months.prepare(owed, july, RUN);
            months.authorise(owed);
        }
        months.pay(july, &[april, july], 0);
        let hands = [april, may, june, july].map(|m| months.hand(m));
        let paid = Some(Hand::Paid(1));
        assert_eq!(hands, [paid, None, Some(Hand::Authorised), paid]);
        // Back-pay alone does not pay the payroll's own month.
        months.pay(july, &[june], 0);
        assert_eq!([june, july].map(|m| months.hand(m)), [paid, paid]);
        months.pay(july, &[july], 0);
        assert_eq!(months.hand(july), Some(Hand::Paid(2)));
        // Of two transfers of one payroll's month the one that came back is said.
        months.come_back(july, &[june]);
        assert_eq!([april, june].map(|m| months.hand(m)), [paid, Some(Hand::Returned)]);
        assert_eq!(months.hand(july), Some(Hand::Paid(2)));
        months.come_back(july, &[july]);
        assert_eq!(months.hand(july), paid);
    }

    #[test]
    fn a_released_month_is_as_it_was() {
        let july = month("2026-07");
        let mut months = Months::default();
        months.prepare(july, july, RUN);
        months.release(july, RUN);
        assert_eq!(months, Months::default());
        months.come_back(july, &[]);
        let returned = months.clone();
        months.prepare(july, july, RUN);
        months.release(july, RUN);
        assert_eq!(months, returned);
        months.pay(july, &[], 0);
        months.release(july, RUN);
        assert_eq!(months.hand(july), Some(Hand::Paid(1)), "what is paid is not released");
    }

    #[test]
    fn a_month_that_went_into_another_payroll_is_not_released_by_the_first() {
        let july = month("2026-07");
        let mut months = Months::default();
        months.prepare(july, july, RUN);
        months.come_back(july, &[]);
        months.prepare(july, july, OTHER);
        months.release(july, RUN);
        assert_eq!(months.hand(july), Some(Hand::Prepared { by: OTHER, returned: true }));
        assert!(!months.is_free_for(july, RUN) && months.is_free_for(july, OTHER));
    }
}
