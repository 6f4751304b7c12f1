//! Which months of one person and programme are in hand, whoever pays them.
//!
//! Kept per person, not per case, because a month is owed once (I27): what an old roll paid, or
//! another division, counts too. A payment names one month and may pay earlier ones with it; they
//! go to the bank and come back together.

mod entries;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::value::{Month, PayrollId};
use entries::{Entries, Entry};

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

/// The months of one person and programme that were prepared, paid or returned.
///
/// Years of them are kept for everybody, and nearly all were paid once and in order: so they are
/// kept as runs, and looked at one by one only while they change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Months {
    /// Ascending, as few as can be.
    runs: SmallVec<[Run; 2]>,
    /// The payrolls of the months that are prepared.
    prepared: Option<Box<Prepared>>,
}

/// One month, or several in a row that stand alike, each carried by the payment of its own month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    first: Month,
    last: Month,
    /// The month of the payment that carries the one month.
    with: Month,
    stand: Stand,
}

/// A [`Hand`] without its payroll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Stand {
    Prepared,
    Authorised,
    Paid(u8),
    Returned,
}

/// Of each prepared month its payroll, and whether it had been returned before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Prepared(Vec<(Month, PayrollId, bool)>);

impl Months {
    /// Where the month stands; nothing for a month nobody touched.
    #[must_use]
    pub fn hand(&self, month: Month) -> Option<Hand> {
        let at = self.runs.partition_point(|run| run.last < month);
        let run = self.runs.get(at).filter(|run| run.first <= month)?;
        self.hand_in(run, month)
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

    /// Puts a month into a payroll, which carries it with `with`.
    pub(super) fn prepare(&mut self, month: Month, with: Month, by: PayrollId) {
        self.change(|all| all.prepare(month, with, by));
    }

    /// Undoes that payroll's preparation; a month that went on since then, or went into another
    /// payroll, stays as it is.
    pub(super) fn release(&mut self, month: Month, payroll: PayrollId) {
        self.change(|all| all.release(month, payroll));
    }

    /// The month goes to the bank.
    pub(super) fn authorise(&mut self, month: Month) {
        self.change(|all| all.authorise(month));
    }

    /// A payment of the months it lists; of one that lists none, what its payroll carries, or
    /// `month` and the `earlier` ones before it.
    pub(super) fn pay(&mut self, month: Month, listed: &[Month], earlier: u16) {
        self.change(|all| all.pay(month, listed, earlier));
    }

    /// A corrected row of a month already counted: it stays paid once.
    pub(super) fn stay_paid(&mut self, month: Month) {
        self.change(|all| all.stay_paid(month));
    }

    /// A payment came back: the months it lists, or all that was carried with `month`.
    pub(super) fn come_back(&mut self, month: Month, listed: &[Month]) {
        self.change(|all| all.come_back(month, listed));
    }

    /// The row that said so is retracted: the payment for `month` never was.
    pub(super) fn forget(&mut self, month: Month) {
        self.change(|all| all.forget(month));
    }

    fn change(&mut self, change: impl FnOnce(&mut Entries)) {
        let mut all = self.entries();
        change(&mut all);
        *self = Self::of(&all);
    }

    fn entries(&self) -> Entries {
        let each = |run: &Run| {
            let Run { first, last, with, .. } = *run;
            let run = *run;
            first.to(last).filter_map(move |month| {
                let with = if first == last { with } else { month };
                Some(Entry { month, with, hand: self.hand_in(&run, month)? })
            })
        };
        Entries(self.runs.iter().flat_map(each).collect())
    }

    fn of(all: &Entries) -> Self {
        let mut months = Self::default();
        let mut prepared = Vec::new();
        for Entry { month, with, hand } in all.0.iter().copied() {
            let stand = match hand {
                Hand::Prepared { by, returned } => {
                    prepared.push((month, by, returned));
                    Stand::Prepared
                }
                Hand::Authorised => Stand::Authorised,
                Hand::Paid(times) => Stand::Paid(times),
                Hand::Returned => Stand::Returned,
            };
            match months.runs.last_mut() {
                Some(run) if run.goes_on(month, with, stand) => run.last = month,
                _ => months.runs.push(Run { first: month, last: month, with, stand }),
            }
        }
        months.prepared = (!prepared.is_empty()).then(|| Box::new(Prepared(prepared)));
        months
    }

    fn hand_in(&self, run: &Run, month: Month) -> Option<Hand> {
        Some(match run.stand {
            Stand::Prepared => {
                let all = self.prepared.as_ref()?;
                let (_, by, returned) = *all.0.iter().find(|(of, ..)| *of == month)?;
                Hand::Prepared { by, returned }
            }
            Stand::Authorised => Hand::Authorised,
            Stand::Paid(times) => Hand::Paid(times),
            Stand::Returned => Hand::Returned,
        })
    }
}

impl Run {
    /// Says whether the next month stands as this run does.
    fn goes_on(&self, month: Month, with: Month, stand: Stand) -> bool {
        let own = self.first < self.last || self.with == self.first;
        self.last.next() == month && with == month && own && self.stand == stand
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RUN: PayrollId = PayrollId([1; 16]);
    const OTHER: PayrollId = PayrollId([2; 16]);

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    proptest! {
        #[test]
        fn runs_are_what_the_months_one_by_one_are(
            steps in proptest::collection::vec((0_u8..7, 0_i32..14, 0_i32..14, 0_u16..4), 0..60),
        ) {
            let (mut months, mut all) = (Months::default(), Entries::default());
            let of = |at: i32| month("2025-11").plus(at);
            for (step, one, other, earlier) in steps {
                let (one, other) = (of(one), of(other));
                let listed = if earlier == 3 { vec![one.min(other), one.max(other)] } else { vec![] };
                let take = |all: &mut Entries| match step {
                    0 => all.prepare(one, other, if earlier == 0 { RUN } else { OTHER }),
                    1 => all.release(one, RUN),
                    2 => all.authorise(one),
                    3 => all.pay(one, &listed, earlier),
                    4 => all.stay_paid(one),
                    5 => all.come_back(one, &listed),
                    _ => all.forget(one),
                };
                take(&mut all);
                months.change(take);
                prop_assert_eq!(&months.entries(), &all);
                for at in -4..18 {
                    let hand = all.0.iter().find(|entry| entry.month == of(at)).map(|it| it.hand);
                    prop_assert_eq!(months.hand(of(at)), hand);
                }
                let joined = months.runs.windows(2).all(|pair| {
                    let (with, stand) = (pair[1].with, pair[1].stand);
                    !(pair[1].first == pair[1].last && pair[0].goes_on(pair[1].first, with, stand))
                });
                prop_assert!(joined, "{months:?}");
            }
        }
    }

    #[test]
    fn three_years_of_monthly_payments_take_no_room_of_their_own() {
        let mut months = Months::default();
        for at in 0..36 {
            months.pay(month("2024-01").plus(at), &[], 0);
        }
        assert_eq!((months.runs.len(), months.runs.spilled()), (1, false));
        assert!(size_of::<Months>() <= 32);
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
