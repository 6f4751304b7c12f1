//! Laws that hold after any steps in any order.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    Benefits, Hand,
    desk::{Desk, LIVING, payroll},
};
use crate::domain::testing::outcome;
use crate::event::{BackPayGround, StopGround};
use crate::value::Month;

/// A step somebody tries; most are refused.
#[derive(Debug, Clone)]
enum Try {
    Wait(i32),
    Stop(u8, i32),
    Resume(u8, i32),
    BackPay(u8, bool, i32),
    Prepare(u8, [bool; 2], bool, i32),
    Authorise(u8),
    Pay(u8, i32),
    ComeBack(u8, i32),
}

fn tries() -> impl Strategy<Value = Try> {
    let (who, back, p) = (1..=2_u8, -3..=1_i32, 1..=3_u8);
    prop_oneof![
        1 => (1..40).prop_map(Try::Wait),
        1 => (who.clone(), back.clone()).prop_map(|(n, back)| Try::Stop(n, back)),
        1 => (who.clone(), back.clone()).prop_map(|(n, back)| Try::Resume(n, back)),
        3 => (who.clone(), any::<bool>(), back.clone())
            .prop_map(|(n, returned, back)| Try::BackPay(n, returned, back)),
        5 => (p.clone(), any::<[bool; 2]>(), any::<bool>(), back.clone())
            .prop_map(|(p, of, owed, back)| Try::Prepare(p, of, owed, back)),
        5 => p.prop_map(Try::Authorise),
        2 => (who.clone(), back.clone()).prop_map(|(n, back)| Try::Pay(n, back)),
        2 => (who, back).prop_map(|(n, back)| Try::ComeBack(n, back)),
    ]
}

/// Takes the step; refusals are as good as acceptances here.
fn take(desk: &mut Desk, step: &Try) {
    let now = desk.world.today().month();
    let at = |back: i32| now.plus(back);
    let text = |back: i32| at(back).to_string();
    match *step {
        Try::Wait(days) => drop(desk.world.later(days)),
        Try::Stop(n, back) => {
            let data = desk.stopped(n, StopGround::Voluntary, &text(back));
            let _ = desk.stop(n, data);
        }
        Try::Resume(n, back) => drop(desk.resume(n, &text(back))),
        Try::BackPay(n, returned, back) => {
            let missed = BackPayGround::MissedMonth;
            let ground = if returned { BackPayGround::ReturnedPayment } else { missed };
            let _ = desk.back_pay(n, ground, &[&text(back)]);
        }
        Try::Prepare(p, of, owed, back) => {
            let people = [1, 2].into_iter().zip(of).filter(|(_, is_in)| *is_in);
            let items = people.map(|(n, _)| item(desk, n, owed, at(back))).collect();
            let data = desk.batch(&text(back), items);
            let _ = desk.prepare(p, data);
        }
        Try::Authorise(p) => drop(desk.authorise(p)),
        // The bank pays what it was told to; that it may pay more is the rules' matter.
        Try::Pay(n, back) => {
            if hand(&desk.world.state.benefits, desk.case(n).person, at(back))
                == Some(Hand::Authorised)
            {
                desk.pay(n, LIVING, &text(back)).unwrap();
            }
        }
        Try::ComeBack(n, back) => drop(desk.come_back(n, LIVING, &text(back))),
    }
}

fn item(desk: &Desk, n: u8, owed: bool, of: Month) -> crate::event::PayrollItem {
    let case = desk.case(n);
    let earlier = case.back_pay.iter().filter(|month| owed && **month < of);
    let earlier: Vec<String> = earlier.map(ToString::to_string).collect();
    let count = earlier.len() + usize::from(case.is_regular(of));
    let months: Vec<&str> = earlier.iter().map(String::as_str).collect();
    desk.item(n, 6000 * i64::try_from(count).unwrap(), &months)
}

fn hand(benefits: &Benefits, person: crate::value::PersonId, month: Month) -> Option<Hand> {
    benefits.months(person, LIVING).and_then(|months| months.hand(month))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_month_goes_to_the_bank_twice(steps in prop::collection::vec(tries(), 1..60)) {
        let mut desk = Desk::new();
        desk.pensioner(1, LIVING).pensioner(2, LIVING);
        let mut sent: BTreeMap<(u8, Month), i32> = BTreeMap::new();
        for step in &steps {
            let before = desk.world.state.benefits.clone();
            take(&mut desk, step);
            let after = &desk.world.state.benefits;
            if let Try::Authorise(p) = step {
                let waiting = before.payroll(&payroll(*p)).filter(|found| found.authorised.is_none());
                let done = after.payroll(&payroll(*p)).is_some_and(|found| found.authorised.is_some());
                for item in waiting.filter(|_| done).into_iter().flat_map(|found| &found.items) {
                    let of = waiting.map(|found| found.month).unwrap();
                    for month in item.months(of) {
                        *sent.entry((item.case.0[0], month)).or_default() += 1;
                    }
                }
            }
            for ((n, month), count) in &mut sent {
                let person = desk.case(*n).person;
                let came_back = hand(after, person, *month) == Some(Hand::Returned)
                    && hand(&before, person, *month) != Some(Hand::Returned)
                    && matches!(step, Try::ComeBack(..));
                // A month that waits in another payroll comes back from there, not from the bank.
                let waited = matches!(hand(&before, person, *month), Some(Hand::Prepared { .. }));
                *count -= i32::from(came_back && !waited);
                prop_assert!(*count <= 1, "{month} of {n} was sent twice: {steps:?}");
            }
        }
        let bytes = postcard::to_stdvec(&desk.world.state.benefits).unwrap();
        let again: Benefits = postcard::from_bytes(&bytes).unwrap();
        prop_assert_eq!(&again, &desk.world.state.benefits);
        prop_assert_eq!(postcard::to_stdvec(&again).unwrap(), bytes);
    }
}

/// A month that waits in one payroll, comes back from elsewhere and waits in a second: the first
/// cannot release it, whatever is prepared in between.
#[test]
fn two_payrolls_that_wait_for_one_month_send_it_once() {
    let mut desk = Desk::new();
    desk.pensioner(1, LIVING);
    let month = desk.world.today().month();
    let data = desk.batch(&month.to_string(), vec![item(&desk, 1, false, month)]);
    desk.prepare(2, data.clone()).unwrap();
    desk.come_back(1, LIVING, &month.to_string()).unwrap();
    desk.prepare(1, data.clone()).unwrap();
    assert_eq!(outcome(&desk.authorise(2)), "month_in_hand");
    // The first gives up what it no longer holds; the second keeps it.
    assert_eq!(outcome(&desk.prepare(2, desk.batch(&month.to_string(), vec![]))), "ok");
    assert_eq!(outcome(&desk.prepare(3, data.clone())), "month_in_hand");
    desk.authorise(1).unwrap();
    assert_eq!(outcome(&desk.prepare(1, data)), "payroll_authorised");
}
