//! Payments of benefits that the ledger runs: R05, R16, R49, R50, R52.

use super::super::scenario::{Log, day, person, tag};
use super::super::{Touched, View, find, judge_person, judge_person_by, touched, traces};
use super::desk::{
    apply, authorise, authorised, bank, bind_case, case_of, determine, determine_case, granted,
    prepare, returned, stop, unbind,
};
use super::{SampleTerms, flags, holder, table};
use crate::event::{BenefitAmended, Body, PaymentExecuted, Role};
use crate::value::Fen;

#[test]
fn r05_paid_before_it_was_decided() {
    let pay = |log: &mut Log, at| bank(log, 1, "2026-07", at, |_| {});
    table(&[
        (
            "in order, all on one day at the end",
            &|log| {
                authorised(log);
                pay(log, "2026-07-12");
            },
            "",
        ),
        (
            "paid the day before the authorisation",
            &|log| {
                authorised(log);
                pay(log, "2026-07-11");
            },
            "R05 living 2026-07",
        ),
        (
            "prepared and never authorised",
            &|log| {
                granted(log, 1);
                prepare(log, 1, "2026-07", "2026-07-10", &[1]);
                pay(log, "2026-07-12");
            },
            "R05 living 2026-07",
        ),
        (
            "without a batch",
            &|log| {
                granted(log, 1);
                bank(log, 1, "2026-07", "2026-07-12", |paid| paid.payroll = None);
            },
            "R05 living 2026-07",
        ),
        (
            "the bank leaves the batch out",
            &|log| {
                authorised(log);
                bank(log, 1, "2026-07", "2026-07-12", |paid| paid.payroll = None);
            },
            "",
        ),
        (
            "never applied for",
            &|log| {
                holder(log);
                bank(log, 1, "2026-07", "2026-07-12", |paid| paid.payroll = None);
            },
            "R05 living 2026-07",
        ),
        (
            "refused",
            &|log| {
                holder(log);
                apply(log, 1, "2026-07-01", |_| {});
                bind_case(log, &case_of(1), 1, tag("account", 1), day("2026-07-02"));
                determine_case(log, &case_of(1), 1, day("2026-07-03"), None);
                pay(log, "2026-07-12");
            },
            "R05 living 2026-07",
        ),
        (
            "an old roll, nothing on the ledger",
            &|log| {
                holder(log);
                log.paid(1, "2026-07", |_| {});
            },
            "",
        ),
        (
            "an old roll of a month before the application",
            &|log| {
                log.paid(1, "2026-06", |_| {});
                authorised(log);
            },
            "R49 living 2026-07",
        ),
        (
            "a roll pays what is not yet determined",
            &|log| {
                holder(log);
                apply(log, 1, "2026-07-01", |_| {});
                bind_case(log, &case_of(1), 1, tag("account", 1), day("2026-07-02"));
                log.paid(1, "2026-07", |_| {});
            },
            "R05? living 2026-07, R34 living 2026-07",
        ),
        (
            "it came back",
            &|log| {
                granted(log, 1);
                bank(log, 1, "2026-07", "2026-07-12", |paid| paid.payroll = None);
                returned(log, "2026-07", "2026-07-20");
            },
            "",
        ),
    ]);
}

/// Applied for on a day, granted from that month on, paid in July with months before it.
pub(super) fn paid_back(log: &mut Log, from: &str, back: u16) {
    holder(log);
    apply(log, 1, from, |_| {});
    determine(log, 1, "2026-06-20", &from[..7]);
    bind_case(log, &case_of(1), 1, tag("account", 1), day("2026-06-21"));
    log.paid(1, "2026-07", |paid| {
        (paid.back_pay_months, paid.amount) = (back, Fen(6000 * (i64::from(back) + 1)));
    });
}

#[test]
fn r16_on_a_case_follows_its_application() {
    let paid = |from: &'static str, back: u16| move |log: &mut Log| paid_back(log, from, back);
    table(&[
        ("a long review is paid back whole", &paid("2026-02-05", 5), ""),
        ("one month before the application", &paid("2026-06-01", 2), "R16 living 2026-07"),
        ("from the application on", &paid("2026-06-01", 1), ""),
    ]);
}

#[test]
fn r49_late_or_idle() {
    table(&[
        (
            "thirty days after the month",
            &|log| {
                authorised(log);
                bank(log, 1, "2026-07", "2026-08-30", |_| {});
            },
            "",
        ),
        (
            "a day later",
            &|log| {
                authorised(log);
                bank(log, 1, "2026-07", "2026-08-31", |_| {});
            },
            "R49 living 2026-07",
        ),
        ("never", &authorised, "R49 living 2026-07"),
        (
            "prepared late, thirty days ago",
            &|log| {
                granted(log, 1);
                prepare(log, 1, "2026-07", "2026-08-31", &[1]);
            },
            "",
        ),
        (
            "left out when it was prepared again",
            &|log| {
                granted(log, 1);
                prepare(log, 1, "2026-07", "2026-07-10", &[1, 2]);
                let root = prepare(log, 1, "2026-07", "2026-07-11", &[2]);
                authorise(log, 1, root, "2026-07-12");
            },
            "",
        ),
        (
            "came back",
            &|log| {
                authorised(log);
                bank(log, 1, "2026-07", "2026-07-15", |_| {});
                returned(log, "2026-07", "2026-07-20");
            },
            "",
        ),
        (
            "stopped from that month",
            &|log| {
                authorised(log);
                stop(log, 1, "2026-07-14", "2026-07", |_| {});
            },
            "",
        ),
        (
            "a month before the determination",
            &|log| {
                holder(log);
                apply(log, 1, "2026-05-10", |_| {});
                determine(log, 1, "2026-07-03", "2026-05");
                bind_case(log, &case_of(1), 1, tag("account", 1), day("2026-07-04"));
                let root = prepare(log, 1, "2026-05", "2026-07-10", &[1]);
                authorise(log, 1, root, "2026-07-12");
                bank(log, 1, "2026-05", "2026-07-15", |_| {});
            },
            "",
        ),
    ]);
}

#[test]
fn r50_not_the_bound_account() {
    let paid = |change: fn(&mut PaymentExecuted)| {
        move |log: &mut Log| {
            authorised(log);
            bank(log, 1, "2026-07", "2026-07-15", change);
        }
    };
    table(&[
        ("bound", &paid(|_| {}), ""),
        ("cash", &paid(|paid| (paid.account, paid.holder) = (None, None)), "R50 living 2026-07"),
        (
            "another account",
            &paid(|paid| paid.account = Some(tag("account", 9))),
            "R50 living 2026-07, R52 living 2026-07",
        ),
        (
            "changed after the batch was sent",
            &|log| {
                authorised(log);
                unbind(log, 1, tag("account", 1), "2026-07-13");
                bank(log, 1, "2026-07", "2026-07-15", |_| {});
            },
            "",
        ),
        (
            "an old roll without accounts",
            &|log| {
                holder(log);
                log.paid(1, "2026-07", |paid| (paid.account, paid.holder) = (None, None));
            },
            "",
        ),
    ]);
}

/// Batch 1 with person 1 alone, who is also paid for these months.
fn prepare_back(log: &mut Log, month: &str, back: &[&str], amount: Fen) -> String {
    let root = prepare(log, 1, month, "2026-09-10", &[1]);
    let last = log.events.last_mut().unwrap();
    let Body::PayrollPrepared(data) = &mut last.payload.body else { panic!("a batch") };
    data.items[0].back_pay = back.iter().map(|month| month.parse().unwrap()).collect();
    data.items[0].amount = amount;
    root
}

fn amend(log: &mut Log, from: &str, amount: Fen) {
    let data = BenefitAmended {
        person: person(1),
        from_month: from.parse().unwrap(),
        amount,
        income: None,
        reason: "income".parse().unwrap(),
        told: None,
    };
    log.add(Role::CivilAffairsOfficer, case_of(1), day("2026-07-09"), data);
}

#[test]
fn r52_of_version_1_counted_months() {
    let mut log = Log::default();
    granted(&mut log, 1);
    let root = prepare_back(&mut log, "2026-09", &["2026-07"], Fen(12000));
    authorise(&mut log, 1, root, "2026-09-12");
    bank(&mut log, 1, "2026-09", "2026-09-15", |paid| {
        paid.months = ["2026-08", "2026-09"].map(|m| m.parse().unwrap()).to_vec();
        paid.amount = Fen(12000);
    });
    let register = log.register();
    let view = View::new(&register, &SampleTerms, day("2026-09-30"));
    let old = judge_person_by(find("R52@1").unwrap(), person(1), &view);
    assert!(flags(&log).contains("R52") && old.is_empty());
}

#[test]
fn r52_paid_otherwise_than_authorised() {
    let paid = |change: fn(&mut PaymentExecuted)| {
        move |log: &mut Log| {
            authorised(log);
            bank(log, 1, "2026-07", "2026-07-15", change);
        }
    };
    table(&[
        ("as authorised", &paid(|_| {}), ""),
        (
            "more money",
            &paid(|paid| paid.amount = Fen(9000)),
            "R14 living 2026-07, R52 living 2026-07",
        ),
        (
            "a month more",
            &paid(|paid| paid.back_pay_months = 1),
            "R14 living 2026-07, R16 living 2026-07, R52 living 2026-07",
        ),
        (
            "the same number of other months",
            &|log| {
                granted(log, 1);
                let root = prepare_back(log, "2026-09", &["2026-07"], Fen(12000));
                authorise(log, 1, root, "2026-09-12");
                bank(log, 1, "2026-09", "2026-09-15", |paid| {
                    paid.months = ["2026-08", "2026-09"].map(|m| m.parse().unwrap()).to_vec();
                    paid.amount = Fen(12000);
                });
            },
            "R52 living 2026-09",
        ),
        (
            "the months of its line",
            &|log| {
                granted(log, 1);
                let root = prepare_back(log, "2026-09", &["2026-08"], Fen(12000));
                authorise(log, 1, root, "2026-09-12");
                bank(log, 1, "2026-09", "2026-09-15", |paid| {
                    paid.months = ["2026-08", "2026-09"].map(|m| m.parse().unwrap()).to_vec();
                    paid.amount = Fen(12000);
                });
            },
            "",
        ),
        (
            "authorised as paid, determined for more",
            &|log| {
                granted(log, 1);
                amend(log, "2026-07", Fen(7000));
                let root = prepare(log, 1, "2026-07", "2026-07-10", &[1]);
                authorise(log, 1, root, "2026-07-12");
                bank(log, 1, "2026-07", "2026-07-15", |_| {});
            },
            "R52 living 2026-07",
        ),
        (
            "amended from a later month on",
            &|log| {
                authorised(log);
                amend(log, "2026-08", Fen(7000));
                bank(log, 1, "2026-07", "2026-07-15", |_| {});
            },
            "",
        ),
        (
            "not in the batch",
            &|log| {
                granted(log, 1);
                let root = prepare(log, 1, "2026-07", "2026-07-10", &[2]);
                authorise(log, 1, root, "2026-07-12");
                bank(log, 1, "2026-07", "2026-07-15", |_| {});
            },
            "R52 living 2026-07",
        ),
        (
            "stopped from the month paid",
            &|log| {
                authorised(log);
                stop(log, 1, "2026-07-11", "2026-07", |_| {});
                bank(log, 1, "2026-07", "2026-07-15", |_| {});
            },
            "R52 living 2026-07",
        ),
        (
            "in the batch as prepared again",
            &|log| {
                granted(log, 1);
                prepare(log, 1, "2026-07", "2026-07-10", &[2]);
                let root = prepare(log, 1, "2026-07", "2026-07-11", &[1, 2]);
                authorise(log, 1, root, "2026-07-12");
                bank(log, 1, "2026-07", "2026-07-15", |_| {});
            },
            "",
        ),
        (
            "came back",
            &|log| {
                paid(|paid| paid.account = Some(tag("account", 9)))(log);
                returned(log, "2026-07", "2026-07-20");
            },
            "",
        ),
    ]);
    // A batch authorised late changes the flags of those whom it leaves out, too.
    let mut log = Log::default();
    granted(&mut log, 1);
    let root = prepare(&mut log, 1, "2026-07", "2026-07-10", &[2]);
    bank(&mut log, 1, "2026-07", "2026-07-15", |_| {});
    authorise(&mut log, 1, root, "2026-07-12");
    let register = log.register();
    let view = View::new(&register, &SampleTerms, day("2026-09-30"));
    let last = traces(log.events.last().unwrap());
    let Touched::Persons(who) = touched(&last, &view) else { panic!("everybody") };
    assert!(who.contains(&person(1)) && who.contains(&person(2)), "{who:?}");
    let payment = traces(&log.events[log.events.len() - 2]);
    let Touched::Persons(who) = touched(&payment, &view) else { panic!("everybody") };
    assert!(!who.contains(&person(2)), "a payment changes nobody else of its batch");
}

#[test]
fn a_death_reported_of_whom_only_payments_are_known_touches_the_person() {
    let mut log = Log::default();
    log.paid(1, "2026-07", |_| {});
    log.fact(1, crate::value::FactKind::Death, "2026-05-20", None, |_| {});
    let register = log.register();
    let view = View::new(&register, &SampleTerms, day("2026-09-30"));
    let flags = judge_person(person(1), &view);
    assert!(flags.iter().any(|flag| flag.rule.id == "R01"), "{flags:?}");
    let death = traces(log.events.last().unwrap());
    let Touched::Persons(who) = touched(&death, &view) else { panic!("everybody") };
    assert_eq!(who.into_iter().collect::<Vec<_>>(), [person(1)]);
}
