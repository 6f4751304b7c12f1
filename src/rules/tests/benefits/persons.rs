//! Who is paid: R47 entitled and never paid, R56 unknown to the register.

use super::super::super::scenario::{Log, day, person, tag};
use super::super::{holder, table};
use super::{applied, nursing};
use crate::event::{LegacyStatus, PaymentExecuted, Role, RollKind};
use crate::value::{FactKind, Fen, Level, Subject};

#[test]
fn r47_entitled_but_unpaid() {
    let rolls = |log: &mut Log| {
        for month in ["2026-07", "2026-08", "2026-09"] {
            log.roll(RollKind::NursingCareSubsidy, Some(month));
        }
    };
    table(&[
        (
            "never paid",
            &|log| {
                rolls(log);
                holder(log);
            },
            "R47? nursing",
        ),
        ("no roll in", &holder, ""),
        (
            "one roll in",
            &|log| {
                log.roll(RollKind::NursingCareSubsidy, Some("2026-07"));
                holder(log);
            },
            "",
        ),
        (
            "paid once",
            &|log| {
                rolls(log);
                holder(log);
                log.paid(1, "2026-08", nursing);
            },
            "",
        ),
        (
            "paid back in a later month",
            &|log| {
                rolls(log);
                holder(log);
                log.paid(1, "2026-09", |paid| {
                    nursing(paid);
                    (paid.back_pay_months, paid.amount) = (2, Fen(18000));
                });
            },
            "",
        ),
        (
            "level 3",
            &|log| {
                rolls(log);
                log.card(1, 1, |c| c.level = Level::new(3).unwrap());
            },
            "",
        ),
        (
            "issued in the second month",
            &|log| {
                rolls(log);
                log.card(1, 1, |c| c.issued = day("2026-08-03"));
            },
            "",
        ),
        (
            "died in the first month",
            &|log| {
                rolls(log);
                log.card(1, 1, |c| {
                    (c.status, c.status_date) = (LegacyStatus::Cancelled, Some(day("2026-10-01")));
                });
                log.fact(1, FactKind::Death, "2026-07-15", None, |_| {});
            },
            "R02",
        ),
        (
            "died in the last month: alive at the start of each",
            &|log| {
                rolls(log);
                holder(log);
                log.fact(1, FactKind::Death, "2026-09-15", None, |_| {});
            },
            "R47? nursing",
        ),
        (
            "extreme poverty in one month",
            &|log| {
                rolls(log);
                holder(log);
                log.fact(1, FactKind::ExtremePovertySupport, "2026-09-01", None, |_| {});
            },
            "",
        ),
        (
            "in prison",
            &|log| {
                rolls(log);
                holder(log);
                log.fact(1, FactKind::Imprisonment, "2026-01-01", None, |_| {});
            },
            "",
        ),
        (
            "applied on the ledger",
            &|log| {
                rolls(log);
                holder(log);
                applied(log, "nursing_care_subsidy");
            },
            "R34 nursing 2026-06",
        ),
    ]);
}

#[test]
fn r56_a_payee_unknown_to_the_register() {
    let roster = |log: &mut Log| log.roll(RollKind::CertificateRoster, None);
    let paid = |log: &mut Log, change: fn(&mut PaymentExecuted)| {
        log.paid(1, "2026-07", change);
    };
    table(&[
        (
            "no certificate",
            &|log| {
                roster(log);
                paid(log, |_| {});
            },
            "R56? living 2026-07",
        ),
        ("no certificate, no register", &|log| paid(log, |_| {}), ""),
        (
            "known",
            &|log| {
                roster(log);
                holder(log);
                paid(log, |_| {});
            },
            "",
        ),
        (
            "another name",
            &|log| {
                roster(log);
                holder(log);
                paid(log, |p| p.name = tag("name", 9));
            },
            "R56? living 2026-07",
        ),
        (
            "another's number",
            &|log| {
                roster(log);
                holder(log);
                paid(log, |p| p.number = Some(tag("number", 9)));
            },
            "R56? living 2026-07",
        ),
        (
            "a roll without numbers",
            &|log| {
                roster(log);
                holder(log);
                paid(log, |p| p.number = None);
            },
            "",
        ),
        (
            "a register without numbers",
            &|log| {
                roster(log);
                log.card(1, 1, |c| c.number = None);
                paid(log, |_| {});
            },
            "",
        ),
        (
            "the number of an older card",
            &|log| {
                roster(log);
                log.card(1, 1, |c| {
                    (c.status, c.status_date) = (LegacyStatus::Cancelled, Some(day("2026-05-01")))
                });
                log.card(1, 2, |c| c.issued = day("2026-05-01"));
                paid(log, |_| {});
            },
            "",
        ),
        (
            "renamed",
            &|log| {
                roster(log);
                holder(log);
                log.add(
                    Role::Clerk,
                    Subject::Person(person(1)),
                    day("2026-06-01"),
                    crate::event::PersonCorrected {
                        person: person(1),
                        name: Some(tag("name", 9)),
                        name_sound: None,
                        phone: None,
                        village: None,
                        hukou_division: None,
                        reason: "name change".parse().unwrap(),
                    },
                );
                paid(log, |p| (p.name, p.holder) = (tag("name", 9), Some(tag("name", 9))));
            },
            "",
        ),
    ]);
}
