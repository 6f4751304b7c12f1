//! Rules about the right to a payment: R01, R03, R04, R11, R13, R15, R41, R47, R56.

use super::super::scenario::{Log, bytes, day, person, tag};
use super::{flags_on, holder, table};
use crate::event::{
    BackPayGranted, BackPayGround, BenefitApplied, LegacyStatus, PaymentExecuted, PaymentReturned,
    Role, RollKind,
};
use crate::value::FactKind;
use crate::value::{CaseId, Category, Fen, Level, Subject};

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
        super::flags(&log)
    };
    let mut log = Log::default();
    months(13)(&mut log);
    let all = super::super::judge_all(&log.register(), &super::SampleTerms, day("2026-09-30"));
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
