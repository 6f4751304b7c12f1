//! What carries a payment: R03 a certificate in force, R04 issued before, R13 of the right level.

use super::super::super::scenario::{Log, day};
use super::super::table;
use super::{applied, back_pay, granted, listing, nursing};
use crate::event::LegacyStatus;
use crate::value::{Fen, Level};

#[test]
fn r03_paid_while_not_valid_and_r04_before_issue() {
    let closed = |log: &mut Log, status, on: &str| {
        log.card(1, 1, |card| (card.status, card.status_date) = (status, Some(day(on))));
    };
    let paid = |log: &mut Log, month: &str| {
        log.paid(1, month, |_| {});
    };
    let new = |log: &mut Log| {
        log.card(1, 1, |card| card.issued = day("2026-08-20"));
    };
    table(&[
        (
            "frozen before",
            &|log| {
                closed(log, LegacyStatus::Frozen, "2026-06-24");
                paid(log, "2026-07");
            },
            "R03 living 2026-07",
        ),
        (
            "frozen in the month",
            &|log| {
                closed(log, LegacyStatus::Frozen, "2026-07-01");
                paid(log, "2026-07");
            },
            "",
        ),
        (
            "a status without its day",
            &|log| {
                log.card(1, 1, |card| card.status = LegacyStatus::Cancelled);
                paid(log, "2026-07");
            },
            "",
        ),
        (
            "expired in the month",
            &|log| {
                log.card(1, 1, |c| c.valid_to = day("2026-07-01"));
                paid(log, "2026-07");
            },
            "R43",
        ),
        (
            "renewed in time",
            &|log| {
                closed(log, LegacyStatus::Cancelled, "2026-07-10");
                log.card(1, 2, |card| card.issued = day("2026-07-10"));
                paid(log, "2026-07");
                paid(log, "2026-08");
            },
            "",
        ),
        (
            "a gap at renewal",
            &|log| {
                closed(log, LegacyStatus::Cancelled, "2026-06-10");
                log.card(1, 2, |card| card.issued = day("2026-08-10"));
                paid(log, "2026-07");
            },
            "R03 living 2026-07",
        ),
        (
            "the gap paid back by the row of the new month",
            &|log| {
                closed(log, LegacyStatus::Cancelled, "2026-06-10");
                log.card(1, 2, |card| card.issued = day("2026-08-10"));
                log.paid(1, "2026-08", |paid| {
                    (paid.back_pay_months, paid.amount) = (1, Fen(12000));
                });
            },
            "",
        ),
        (
            "the gap listed by the payment of the new month",
            &|log| {
                closed(log, LegacyStatus::Cancelled, "2026-06-10");
                log.card(1, 2, |card| card.issued = day("2026-08-10"));
                log.paid(1, "2026-08", listing(&["2026-07", "2026-08"]));
            },
            "",
        ),
        (
            "months listed after the end, and no new certificate",
            &|log| {
                closed(log, LegacyStatus::Cancelled, "2026-06-10");
                log.paid(1, "2026-08", listing(&["2026-05", "2026-07"]));
            },
            "R03 living 2026-07",
        ),
        (
            "the payroll's own month is after the end, and not paid",
            &|log| {
                closed(log, LegacyStatus::Cancelled, "2026-06-10");
                log.paid(1, "2026-08", listing(&["2026-05", "2026-06"]));
            },
            "",
        ),
        (
            "months listed after the end, granted on the ledger",
            &|log| {
                closed(log, LegacyStatus::Cancelled, "2026-06-10");
                granted(log);
                back_pay(log, &["2026-07"]);
                log.paid(1, "2026-08", listing(&["2026-07"]));
            },
            "",
        ),
        (
            "before the issue",
            &|log| {
                new(log);
                paid(log, "2026-07");
            },
            "R04 living 2026-07",
        ),
        (
            "in the month of issue",
            &|log| {
                new(log);
                paid(log, "2026-08");
            },
            "",
        ),
        (
            "a late row with back-pay and its reason",
            &|log| {
                new(log);
                log.paid(1, "2026-07", |paid| {
                    (paid.back_pay_months, paid.amount) = (1, Fen(12000));
                    (paid.back_pay_reason, paid.paid_on) = (true, Some(day("2026-08-25")));
                });
            },
            "",
        ),
        (
            "back-pay beyond the limit excuses nothing",
            &|log| {
                new(log);
                log.paid(1, "2026-07", |paid| {
                    (paid.back_pay_months, paid.amount) = (4, Fen(30000));
                    (paid.back_pay_reason, paid.paid_on) = (true, Some(day("2026-08-25")));
                });
            },
            "R04 living 2026-07, R16 living 2026-07",
        ),
        (
            "granted on the ledger",
            &|log| {
                new(log);
                granted(log);
                back_pay(log, &["2026-07"]);
                paid(log, "2026-07");
            },
            "",
        ),
        (
            "granted, but for the other programme",
            &|log| {
                new(log);
                applied(log, "nursing_care_subsidy");
                back_pay(log, &["2026-07"]);
                paid(log, "2026-07");
            },
            "R04 living 2026-07, R34 nursing 2026-06",
        ),
    ]);
}

#[test]
fn r13_nursing_care_by_level() {
    let level = |n| Level::new(n).unwrap();
    let paid = |log: &mut Log, month: &str| {
        log.paid(1, month, nursing);
    };
    let old = |log: &mut Log, n| {
        log.card(1, 1, |card| {
            card.level = level(n);
            (card.status, card.status_date) = (LegacyStatus::Cancelled, Some(day("2026-07-10")));
        });
    };
    let new = |log: &mut Log, n| {
        log.card(1, 2, |card| (card.issued, card.level) = (day("2026-07-10"), level(n)));
    };
    table(&[
        (
            "level 3",
            &|log| {
                log.card(1, 1, |c| c.level = level(3));
                paid(log, "2026-07");
            },
            "R13 nursing 2026-07",
        ),
        (
            "living allowance at level 3",
            &|log| {
                log.card(1, 1, |c| c.level = level(3));
                log.paid(1, "2026-07", |_| {});
            },
            "",
        ),
        (
            "regraded down, the month of it",
            &|log| {
                old(log, 2);
                new(log, 3);
                paid(log, "2026-07");
            },
            "",
        ),
        (
            "regraded down, the month after",
            &|log| {
                old(log, 2);
                new(log, 3);
                paid(log, "2026-08");
            },
            "R13 nursing 2026-08",
        ),
        (
            "regraded up",
            &|log| {
                old(log, 3);
                new(log, 2);
                paid(log, "2026-07");
                paid(log, "2026-08");
            },
            "",
        ),
    ]);
}
