//! Paid to those who lost it: R01 the dead, R11 who has another benefit, R15 for a year and more, R41
//! prisoners.

use super::super::super::scenario::{Log, day, person, tag};
use super::super::{holder, table};
use super::nursing;
use crate::event::{LegacyStatus, PaymentExecuted, PaymentReturned, Role};
use crate::value::{FactKind, Fen, Subject};

#[test]
fn r01_paid_after_death() {
    let dead = |log: &mut Log| {
        log.card(1, 1, |card| {
            (card.status, card.status_date) = (LegacyStatus::Cancelled, Some(day("2026-07-31")));
        });
        log.fact(1, FactKind::Death, "2026-07-15", None, |_| {})
    };
    let late = |log: &mut Log| log.paid(1, "2026-08", |_| {});
    table(&[
        (
            "the month after",
            &|log| {
                dead(log);
                late(log);
            },
            "R01 living 2026-08, R03 living 2026-08",
        ),
        (
            "the month of death",
            &|log| {
                dead(log);
                log.paid(1, "2026-07", |_| {});
            },
            "",
        ),
        (
            "back-pay covers a month after the death",
            &|log| {
                dead(log);
                log.paid(1, "2026-09", |paid| {
                    (paid.back_pay_months, paid.amount) = (1, Fen(12000));
                });
            },
            "R01 living 2026-08, R01 living 2026-09, R03 living 2026-09",
        ),
        (
            "reported in error",
            &|log| {
                holder(log);
                let fact = log.fact(1, FactKind::Death, "2026-07-15", None, |_| {});
                late(log);
                let reason = "another person".parse().unwrap();
                let data = crate::event::ExternalFactRetracted { fact, reason };
                log.add(Role::DataCustodian, Subject::Ledger, day("2026-12-01"), data);
            },
            "",
        ),
        (
            "a namesake",
            &|log| {
                holder(log);
                log.fact(2, FactKind::Death, "2026-07-15", None, |f| f.name = Some(tag("name", 1)));
                late(log);
            },
            "",
        ),
        (
            "the number is this person's, the name is not",
            &|log| {
                holder(log);
                log.fact(1, FactKind::Death, "2026-07-15", None, |f| f.name = Some(tag("name", 9)));
                late(log);
            },
            "R01? living 2026-08, R02?",
        ),
        (
            "came back",
            &|log| {
                dead(log);
                let payment = late(log);
                let data = PaymentReturned {
                    person: person(1),
                    id: tag("id", 1),
                    payment: Some(payment),
                    programme: crate::value::Programme::LIVING_ALLOWANCE,
                    month: None,
                    year: None,
                    amount: Fen(6000),
                    months: Vec::new(),
                    division: "411702".parse().unwrap(),
                    reason: None,
                    returned_on: None,
                    row: None,
                };
                log.add(Role::BankAgent, Subject::Person(person(1)), day("2026-09-01"), data);
            },
            "",
        ),
    ]);
}

#[test]
fn r11_excluding_benefits() {
    use FactKind::{ExtremePovertySupport, OrphanAllowance, WorkInjuryNursingFee};
    let with = |kind, from: &'static str, to, change: fn(&mut PaymentExecuted)| {
        move |log: &mut Log| {
            holder(log);
            log.fact(1, kind, from, to, |_| {});
            log.paid(1, "2026-07", change);
        }
    };
    let living: fn(&mut PaymentExecuted) = |_| {};
    table(&[
        (
            "extreme poverty",
            &with(ExtremePovertySupport, "2025-01-01", None, living),
            "R11 living 2026-07",
        ),
        (
            "nursing too",
            &with(ExtremePovertySupport, "2026-07-01", None, nursing),
            "R11 nursing 2026-07",
        ),
        (
            "its last month",
            &with(WorkInjuryNursingFee, "2025-01-01", Some("2026-07-31"), nursing),
            "R11 nursing 2026-07",
        ),
        (
            "ended the month before",
            &with(WorkInjuryNursingFee, "2025-01-01", Some("2026-06-30"), living),
            "",
        ),
        ("begins the month after", &with(ExtremePovertySupport, "2026-08-01", None, living), ""),
        (
            "orphan, living",
            &with(OrphanAllowance, "2025-01-01", None, living),
            "R11 living 2026-07",
        ),
        ("orphan, nursing", &with(OrphanAllowance, "2025-01-01", None, nursing), ""),
        ("Dibao excludes nothing", &with(FactKind::Dibao, "2025-01-01", None, living), ""),
    ]);
}

#[test]
fn r15_a_loss_of_twelve_months() {
    let months = |count: i32| {
        move |log: &mut Log| {
            holder(log);
            log.fact(1, FactKind::ExtremePovertySupport, "2020-01-01", None, |_| {});
            let first: crate::value::Month = "2025-01".parse().unwrap();
            for month in 0..count {
                log.paid(1, &first.plus(month).to_string(), |_| {});
            }
        }
    };
    let raised = |count| {
        let mut log = Log::default();
        months(count)(&mut log);
        super::super::flags(&log)
    };
    let mut log = Log::default();
    months(13)(&mut log);
    let all = super::super::super::judge_all(
        &log.register(),
        &super::super::SampleTerms,
        day("2026-09-30"),
    );
    let lasting = all.iter().find(|flag| flag.rule.id == "R15").unwrap();
    assert_eq!((lasting.money_at_risk, lasting.evidence.len()), (Fen(13 * 6000), 14));
    assert!(!raised(11).contains("R15"));
    assert!(raised(12).ends_with("R15 living"));
}

#[test]
fn r41_paid_in_prison() {
    let with = |from: &'static str, to, month: &'static str| {
        move |log: &mut Log| {
            holder(log);
            log.fact(1, FactKind::Imprisonment, from, to, |_| {});
            log.paid(1, month, |_| {});
        }
    };
    table(&[
        ("the month after judgment", &with("2026-06-20", None, "2026-07"), "R41 living 2026-07"),
        ("the month of judgment", &with("2026-07-01", None, "2026-07"), ""),
        ("the month of release", &with("2020-01-01", Some("2026-07-31"), "2026-07"), ""),
        (
            "released in a later month",
            &with("2020-01-01", Some("2026-08-01"), "2026-07"),
            "R41 living 2026-07",
        ),
        ("released long ago", &with("2020-01-01", Some("2021-01-01"), "2026-07"), ""),
    ]);
}
