//! Entitled and not paid: R47 beyond nursing care.

use super::super::scenario::{Log, day, person};
use super::super::{View, find, judge_person_by};
use super::desk::{apply, case_of, determine_case, prepare, programme};
use super::services::session;
use super::{SampleTerms, table};
use crate::event::{Body, RollKind};
use crate::value::{Category, FactKind, Fen, Hash, Level, Programme};

#[test]
fn r47_living_allowance_asks_for_the_dibao_list() {
    let rolls = |log: &mut Log| {
        for month in ["2026-08", "2026-09"] {
            log.roll(RollKind::LivingAllowance, Some(month));
        }
        log.card(1, 1, |card| card.level = Level::new(3).unwrap());
    };
    let listed = |log: &mut Log| {
        log.roll(RollKind::Dibao, None);
        log.fact(1, FactKind::Dibao, "2025-01-01", None, |_| {});
    };
    table(&[
        (
            "in Dibao, never paid",
            &|log| {
                rolls(log);
                listed(log);
            },
            "R47? living",
        ),
        (
            "the list is not in, the person's own fact is",
            &|log| {
                rolls(log);
                log.fact(1, FactKind::Dibao, "2025-01-01", None, |_| {});
            },
            "R47? living",
        ),
        ("neither is in", &|log| rolls(log), ""),
        (
            "not in the list",
            &|log| {
                rolls(log);
                log.roll(RollKind::Dibao, None);
            },
            "",
        ),
        (
            "left Dibao in the first month",
            &|log| {
                rolls(log);
                log.roll(RollKind::Dibao, None);
                log.fact(1, FactKind::Dibao, "2025-01-01", Some("2026-08-31"), |_| {});
            },
            "",
        ),
        (
            "an orphan",
            &|log| {
                rolls(log);
                listed(log);
                log.fact(1, FactKind::OrphanAllowance, "2025-01-01", None, |_| {});
            },
            "",
        ),
        (
            "takes the higher one",
            &|log| {
                rolls(log);
                listed(log);
                log.fact(1, FactKind::ElderlyLiving, "2025-01-01", None, |_| {});
            },
            "",
        ),
        (
            "paid",
            &|log| {
                rolls(log);
                listed(log);
                log.paid(1, "2026-08", |_| {});
            },
            "",
        ),
        (
            "refused on the ledger",
            &|log| {
                rolls(log);
                listed(log);
                apply(log, 1, "2026-07-01", |_| {});
                determine_case(log, &case_of(1), 1, day("2026-07-03"), None);
            },
            "",
        ),
    ]);
}

/// Persons 1 and 2 hold cards and are in Dibao; payrolls of these months pay person 2.
fn payrolls(months: &'static [&'static str]) -> impl Fn(&mut Log) {
    move |log| {
        for who in 1..=2 {
            log.card(who, who, |card| card.level = Level::new(3).unwrap());
            log.fact(who, FactKind::Dibao, "2025-01-01", None, |_| {});
        }
        for (batch, month) in (1..).zip(months) {
            prepare(log, batch, month, "2026-09-10", &[2]);
        }
    }
}

#[test]
fn r47_payrolls_of_the_ledger_are_as_good_as_rolls() {
    let two = &["2026-08", "2026-09"];
    let apart = |change: fn(&mut Log)| {
        move |log: &mut Log| {
            payrolls(two)(log);
            change(log);
        }
    };
    table(&[
        ("two months", &payrolls(two), "R47? living"),
        ("one month", &payrolls(&["2026-09"]), ""),
        ("one month in two batches", &payrolls(&["2026-09", "2026-09"]), ""),
        (
            "a roll and a payroll",
            &|log| {
                payrolls(&["2026-09"])(log);
                log.roll(RollKind::LivingAllowance, Some("2026-08"));
            },
            "R47? living",
        ),
        ("applied and not decided", &apart(|log| apply(log, 1, "2026-09-25", |_| {})), ""),
        (
            "in Dibao since September",
            &|log| {
                log.card(1, 1, |card| card.level = Level::new(3).unwrap());
                log.fact(1, FactKind::Dibao, "2026-09-01", None, |_| {});
                for (batch, month) in (1..).zip(two) {
                    prepare(log, batch, month, "2026-09-10", &[2]);
                }
            },
            "",
        ),
        (
            "paid by another way",
            &apart(|log| {
                log.paid(1, "2026-08", |_| {});
            }),
            "",
        ),
        (
            "another division's payrolls",
            &apart(|log| {
                for event in &mut log.events {
                    if let Body::PayrollPrepared(data) = &mut event.payload.body {
                        data.division = "411721".parse().unwrap();
                    }
                }
            }),
            "",
        ),
    ]);
    let mut log = Log::default();
    payrolls(two)(&mut log);
    let (register, terms) = (log.register(), SampleTerms);
    let view = View::new(&register, &terms, day("2026-09-30"));
    let old = find("R47@3").unwrap();
    assert!(judge_person_by(old, person(1), &view).is_empty(), "version 3 knew rolls only");
}

/// The roll of a programme that has no kind of its own.
fn roll_of(log: &mut Log, name: &str, month: Option<&str>, year: Option<u16>) {
    log.roll(RollKind::MonthlyPayments, month);
    let last = log.events.last_mut().unwrap();
    let Body::RollReceived(data) = &mut last.payload.body else { panic!("a roll") };
    (data.programme, data.year) = (Some(programme(name)), year);
}

#[test]
fn r47_a_service_that_was_held_and_not_paid() {
    let care = |sessions: &'static [&'static str], birth: &'static str| {
        move |log: &mut Log| {
            for month in ["2026-08", "2026-09"] {
                roll_of(log, "care_placement", Some(month), None);
            }
            log.card(1, 1, |card| card.birth_date = Some(day(birth)));
            sessions.iter().for_each(|at| session(log, at, "home"));
        }
    };
    let both = &["2026-08-03", "2026-09-02"];
    table(&[
        ("held in both months", &care(both, "1970-05-05"), "R47? other"),
        ("nobody was ever there", &care(&[], "1970-05-05"), ""),
        ("held in one", &care(&["2026-08-03"], "1970-05-05"), ""),
        ("fifteen when it began", &care(both, "2010-08-02"), ""),
        (
            "paid",
            &|log| {
                care(both, "1970-05-05")(log);
                log.paid(1, "2026-08", |paid| paid.programme = programme("care_placement"));
            },
            "",
        ),
        (
            "the roll is another programme's",
            &|log| {
                for month in ["2026-08", "2026-09"] {
                    roll_of(log, "dibao", Some(month), None);
                }
                log.card(1, 1, |_| {});
                both.iter().for_each(|at| session(log, at, "home"));
            },
            "",
        ),
    ]);
}

#[test]
fn r47_a_vehicle_without_its_fuel() {
    let fuel = |year: u16, vehicle: Option<(&'static str, Option<&'static str>)>| {
        move |log: &mut Log| {
            log.roll(RollKind::FuelSubsidy, None);
            let last = log.events.last_mut().unwrap();
            let Body::RollReceived(data) = &mut last.payload.body else { panic!("a roll") };
            data.year = Some(year);
            log.card(1, 1, |_| {});
            if let Some((from, to)) = vehicle {
                log.fact(1, FactKind::Vehicle, from, to, |_| {});
            }
        }
    };
    let owned = Some(("2024-05-01", None));
    table(&[
        ("all through the year", &fuel(2025, owned), "R47? fuel"),
        ("nobody knows of a vehicle", &fuel(2025, None), ""),
        ("bought in that year", &fuel(2025, Some(("2025-02-01", None))), ""),
        ("sold in that year", &fuel(2025, Some(("2024-05-01", Some("2025-11-30")))), ""),
        ("the year is not over", &fuel(2026, owned), ""),
        (
            "paid",
            &|log| {
                fuel(2025, owned)(log);
                log.paid(1, "2025-07", |paid| {
                    (paid.programme, paid.month) = (Programme::FUEL_SUBSIDY, None);
                    (paid.year, paid.amount) = (Some(2025), Fen(26000));
                });
            },
            "",
        ),
        (
            "an intellectual disability",
            &|log| {
                fuel(2025, owned)(log);
                log.card(1, 1, |card| {
                    card.category = Category::Intellectual;
                    card.row.corrects = Some(Hash::blake3(&1_u64.to_be_bytes()));
                });
            },
            "",
        ),
    ]);
}
