//! Rules about the right to a payment: R01, R03, R04, R11, R13, R15, R16, R41, R47, R56.

mod losses;
mod persons;
mod validity;

use super::super::scenario::{Log, bytes, day, person, tag};
use super::{flags_on, holder, table};
use crate::event::{
    BackPayGranted, BackPayGround, BenefitApplied, LegacyStatus, PaymentExecuted, Role,
};
use crate::value::{CaseId, Category, FactKind, Fen, Subject};

fn nursing(paid: &mut PaymentExecuted) {
    paid.programme = crate::value::Programme::NURSING_CARE_SUBSIDY;
}

/// A payment that says which months it pays, 60 yuan each.
fn listing(listed: &'static [&'static str]) -> impl Fn(&mut PaymentExecuted) {
    move |paid| {
        paid.months = listed.iter().map(|month| month.parse().unwrap()).collect();
        paid.amount = Fen(6000 * i64::try_from(listed.len()).unwrap());
    }
}

fn benefit_case() -> CaseId {
    CaseId(bytes("case", 1))
}

fn applied(log: &mut Log, programme: &str) {
    log.add(
        Role::Clerk,
        Subject::Case(benefit_case()),
        day("2026-06-01"),
        BenefitApplied {
            asked: None,
            person: person(1),
            programme: crate::value::Programme::from_name(programme).unwrap(),
            household: None,
            vehicle: None,
            certificate: None,
            division: "411702".parse().unwrap(),
            month: "2026-06".parse().unwrap(),
            evidence: Vec::new(),
        },
    );
}

/// Living allowance granted from June on, with the person's own account bound.
fn granted(log: &mut Log) {
    applied(log, "living_allowance");
    let (subject, at) = (Subject::Case(benefit_case()), day("2026-06-02"));
    super::desk::determine_case(log, &subject, 1, at, Some("2026-06"));
    super::desk::bind_case(log, &subject, 1, tag("account", 1), at);
}

fn back_pay(log: &mut Log, months: &[&str]) {
    let subject = Subject::Case(benefit_case());
    log.add(
        Role::CivilAffairsOfficer,
        subject,
        day("2026-08-01"),
        BackPayGranted {
            person: person(1),
            months: months.iter().map(|month| month.parse().unwrap()).collect(),
            ground: BackPayGround::MissedMonth,
            certificate: None,
        },
    );
}

#[test]
fn a_day_judged_sees_what_had_happened_by_then() {
    let mut log = Log::default();
    log.card(1, 1, |card| {
        (card.status, card.status_date) = (LegacyStatus::Cancelled, Some(day("2026-08-20")));
        card.category = Category::Visual;
    });
    log.card(1, 2, |card| card.issued = day("2026-08-20"));
    log.fact(1, FactKind::Death, "2026-07-02", None, |_| {});
    log.paid(1, "2026-08", |_| {});
    assert_eq!(flags_on(&log, 1, "2026-08-01"), "", "dead for 30 days, nothing paid yet");
    assert_eq!(flags_on(&log, 1, "2026-08-02"), "R02");
    assert_eq!(flags_on(&log, 1, "2026-08-24"), "R02", "card 2 is open now");
    assert_eq!(flags_on(&log, 1, "2026-08-25"), "R01 living 2026-08, R02");
    assert_eq!(flags_on(&log, 1, "2026-07-01"), "");
}

#[test]
fn r16_back_pay_that_two_signers_granted() {
    let with = |months: &'static [&'static str]| {
        move |log: &mut Log| {
            holder(log);
            granted(log);
            back_pay(log, months);
            log.paid(1, "2026-07", |paid| (paid.back_pay_months, paid.amount) = (4, Fen(30000)));
        }
    };
    table(&[
        ("every month", &with(&["2026-03", "2026-04", "2026-05", "2026-06"]), ""),
        ("all but one", &with(&["2026-04", "2026-05", "2026-06"]), "R16 living 2026-07"),
    ]);
}
