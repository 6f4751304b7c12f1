//! Rules about payments themselves: R10, R14, R16, R17, R18, R19, R37, R38.

use super::super::scenario::{Log, bytes, day, person, row_ref, tag};
use super::{flags, flags_on, holder, table};
use crate::event::{
    GuardianTags, HouseholdMemberJoined, PaymentExecuted, PaymentReturned, Role, RollKind, RowRef,
};
use crate::value::{Category, Component, FactKind, Fen, Hash, HouseholdId, Level, Month, Subject};

fn months(listed: &[&str]) -> Vec<Month> {
    listed.iter().map(|month| month.parse().unwrap()).collect()
}

type Change = fn(&mut PaymentExecuted);

fn pays(rows: &'static [(&'static str, Change)]) -> impl Fn(&mut Log) {
    move |log| {
        holder(log);
        for (month, change) in rows {
            log.paid(1, month, change);
        }
    }
}

#[test]
fn r10_and_r17_a_month_paid_twice() {
    table(&[
        (
            "two divisions",
            &pays(&[("2026-07", |_| {}), ("2026-07", |p| p.division = "411721".parse().unwrap())]),
            "R10 living 2026-07",
        ),
        ("one division", &pays(&[("2026-07", |_| {}), ("2026-07", |_| {})]), "R17 living 2026-07"),
        (
            "back-pay of a month already paid",
            &pays(&[
                ("2026-07", |_| {}),
                ("2026-08", |p| (p.back_pay_months, p.amount) = (1, Fen(12000))),
            ]),
            "R17 living 2026-07",
        ),
        (
            "back-pay of a month that was missed",
            &pays(&[
                ("2026-06", |_| {}),
                ("2026-08", |p| (p.back_pay_months, p.amount) = (1, Fen(12000))),
            ]),
            "",
        ),
        (
            "back-pay that says its month, not the one before",
            &pays(&[
                ("2026-06", |_| {}),
                ("2026-07", |_| {}),
                ("2026-08", |p| {
                    (p.months, p.amount) = (months(&["2026-05", "2026-08"]), Fen(12000))
                }),
            ]),
            "",
        ),
        (
            "back-pay alone, beside the month's own payment",
            &pays(&[
                ("2026-08", |_| {}),
                ("2026-08", |p| {
                    (p.months, p.amount) = (months(&["2026-05", "2026-06"]), Fen(12000))
                }),
            ]),
            "",
        ),
        (
            "a listed month already paid",
            &pays(&[
                ("2026-05", |_| {}),
                ("2026-08", |p| {
                    (p.months, p.amount) = (months(&["2026-05", "2026-08"]), Fen(12000))
                }),
            ]),
            "R17 living 2026-05",
        ),
        (
            "both programmes",
            &pays(&[
                ("2026-07", |_| {}),
                ("2026-07", |p| p.programme = crate::value::Programme::NURSING_CARE_SUBSIDY),
            ]),
            "",
        ),
        (
            "came back and was paid again",
            &|log| {
                pays(&[("2026-07", |_| {})])(log);
                let data = PaymentReturned {
                    person: person(1),
                    id: tag("id", 1),
                    payment: None,
                    programme: crate::value::Programme::LIVING_ALLOWANCE,
                    month: Some("2026-07".parse().unwrap()),
                    year: None,
                    amount: Fen(6000),
                    months: Vec::new(),
                    division: "411702".parse().unwrap(),
                    reason: None,
                    returned_on: None,
                    row: None,
                };
                log.add(Role::BankAgent, Subject::Person(person(1)), day("2026-08-01"), data);
                log.paid(1, "2026-08", |p| (p.back_pay_months, p.amount) = (1, Fen(12000)));
            },
            "",
        ),
        (
            "the later row corrects the earlier",
            &|log| {
                holder(log);
                let wrong = log.paid(1, "2026-07", |p| p.amount = Fen(600));
                log.paid(1, "2026-07", |p| p.row.as_mut().unwrap().corrects = Some(wrong));
            },
            "",
        ),
    ]);
}

#[test]
fn r14_and_r16_amount_and_back_pay() {
    table(&[
        ("right", &pays(&[("2026-07", |_| {})]), ""),
        ("too much", &pays(&[("2026-07", |p| p.amount = Fen(8000))]), "R14 living 2026-07"),
        (
            "back-pay is part of the amount",
            &pays(&[("2026-07", |p| (p.back_pay_months, p.amount) = (2, Fen(18000)))]),
            "",
        ),
        (
            "back-pay without its money",
            &pays(&[("2026-07", |p| p.back_pay_months = 2)]),
            "R14 living 2026-07",
        ),
        (
            "three months back",
            &pays(&[("2026-07", |p| (p.back_pay_months, p.amount) = (3, Fen(24000)))]),
            "",
        ),
        (
            "two months that do not adjoin",
            &pays(&[("2026-07", |p| {
                (p.months, p.amount) = (months(&["2026-02", "2026-05", "2026-07"]), Fen(18000));
            })]),
            "",
        ),
        (
            "back-pay alone is worth what it lists",
            &pays(&[("2026-07", |p| (p.months, p.amount) = (months(&["2026-05"]), Fen(12000)))]),
            "R14 living 2026-07",
        ),
        (
            "four months listed back",
            &pays(&[("2026-07", |p| {
                let listed = ["2026-01", "2026-02", "2026-04", "2026-06", "2026-07"];
                (p.months, p.amount) = (months(&listed), Fen(30000));
            })]),
            "R16 living 2026-07",
        ),
        (
            "four months back",
            &pays(&[("2026-07", |p| (p.back_pay_months, p.amount) = (4, Fen(30000)))]),
            "R16 living 2026-07",
        ),
    ]);
}

/// Persons 1 to 3 paid into account 1, each changed by `change`.
fn shared(log: &mut Log, card: impl Fn(u32, &mut crate::event::CertificateLegacyImported)) {
    for who in 1..=3 {
        log.card(who, who, |c| card(who, c));
        log.paid(who, "2026-07", |p| {
            (p.account, p.holder) = (Some(tag("account", 1)), None);
            if who == 3 {
                p.programme = crate::value::Programme::NURSING_CARE_SUBSIDY;
            }
        });
    }
}

/// A person of household 7 by a list, until a day.
fn lives(log: &mut Log, who: u32, to: Option<&str>) -> Hash {
    lives_in(log, who, to, None)
}

fn lives_in(log: &mut Log, who: u32, to: Option<&str>, corrects: Option<Hash>) -> Hash {
    let home = HouseholdId(bytes("household", 7));
    let data = HouseholdMemberJoined {
        to: to.map(day),
        household_no: Some(tag("number", 7)),
        id: Some(tag("id", who)),
        name: Some(tag("name", who)),
        row: Some(RowRef { corrects, ..row_ref("household", 7, who) }),
        ..HouseholdMemberJoined::stated(home, person(who), false, day("2020-01-01"))
    };
    log.add(Role::Clerk, Subject::Household(home), day("2026-01-05"), data)
}

#[test]
fn r18_one_account_for_strangers() {
    let guardian = |id: u32| Some(GuardianTags { id: Some(tag("id", id)), name: None });
    table(&[
        ("three strangers", &|log| shared(log, |_, _| {}), "R18? 2026-07"),
        ("one household", &|log| shared(log, |_, c| c.household_no = Some(tag("home", 1))), ""),
        (
            "a couple and a third",
            &|log| shared(log, |who, c| c.household_no = Some(tag("home", who.max(2)))),
            "",
        ),
        ("one guardian", &|log| shared(log, |_, c| c.guardian = guardian(9)), ""),
        (
            "guardian and ward",
            &|log| {
                shared(log, |who, c| c.guardian = if who == 2 { guardian(1) } else { None });
            },
            "",
        ),
        (
            "joined by the Dibao list",
            &|log| {
                shared(log, |_, _| {});
                for who in 1..=2 {
                    log.fact(who, FactKind::Dibao, "2020-01-01", None, |f| {
                        f.household_no = Some(tag("home", 7));
                    });
                }
            },
            "",
        ),
        (
            "joined by a list of households",
            &|log| {
                shared(log, |_, _| {});
                for who in 1..=2 {
                    lives(log, who, None);
                }
            },
            "",
        ),
        (
            "an institution",
            &|log| {
                shared(log, |_, _| {});
                log.institution(tag("account", 1));
            },
            "",
        ),
        (
            "in three different months",
            &|log| {
                for (who, month) in [(1, "2026-07"), (2, "2026-08"), (3, "2026-09")] {
                    log.card(who, who, |_| {});
                    log.paid(who, month, |p| {
                        (p.account, p.holder) = (Some(tag("account", 1)), None)
                    });
                }
            },
            "",
        ),
    ]);
    let mut log = Log::default();
    shared(&mut log, |_, _| {});
    assert_eq!(flags_on(&log, 3, "2026-09-30"), "R18? 2026-07", "both programmes together");
}

#[test]
fn r19_the_account_of_somebody_else() {
    let others: Change = |p| p.holder = Some(tag("name", 9));
    let with = |build: &'static dyn Fn(&mut Log)| {
        move |log: &mut Log| {
            log.roll(RollKind::Dibao, None);
            build(log);
            log.paid(1, "2026-07", others);
        }
    };
    table(&[
        ("nobody known", &with(&holder), "R19 living 2026-07"),
        (
            "the guardian",
            &with(&|log| {
                let guardian = GuardianTags { id: None, name: Some(tag("name", 9)) };
                log.card(1, 1, |c| c.guardian = Some(guardian));
            }),
            "",
        ),
        (
            "of the household, in the register",
            &with(&|log| {
                holder(log);
                log.card(9, 9, |c| c.household_no = Some(tag("home", 1)));
            }),
            "",
        ),
        (
            "of the household, in the Dibao list",
            &with(&|log| {
                holder(log);
                log.fact(9, FactKind::Dibao, "2020-01-01", None, |f| {
                    f.household_no = Some(tag("home", 1));
                });
            }),
            "",
        ),
        (
            "of the household, in a list of households",
            &with(&|log| {
                holder(log);
                for who in [1, 9] {
                    lives(log, who, None);
                }
            }),
            "",
        ),
        (
            "gone from the household before",
            &with(&|log| {
                holder(log);
                lives(log, 1, None);
                lives(log, 9, Some("2026-06-30"));
            }),
            "R19 living 2026-07",
        ),
        (
            "in a list that was corrected: the row was another's",
            &with(&|log| {
                holder(log);
                lives(log, 1, None);
                let wrong = lives(log, 9, None);
                lives_in(log, 8, None, Some(wrong));
            }),
            "R19 living 2026-07",
        ),
        (
            "an institution",
            &with(&|log| {
                holder(log);
                log.institution(tag("account", 1));
            }),
            "",
        ),
        (
            "a register without guardians",
            &with(&|log| {
                log.card(1, 1, |c| c.gaps = vec!["guardian".parse().unwrap()]);
            }),
            "",
        ),
        ("no certificate known", &with(&|_| {}), ""),
        (
            "no Dibao list in",
            &|log| {
                holder(log);
                log.paid(1, "2026-07", others);
            },
            "",
        ),
    ]);
}

fn fuel(log: &mut Log, who: u32, chassis: u32, engine: u32, year: u16) {
    log.paid(who, "2026-05", |p| {
        p.programme = crate::value::Programme::FUEL_SUBSIDY;
        (p.month, p.year, p.amount) = (None, Some(year), Fen(26000));
        (p.chassis, p.engine) = (Some(tag("chassis", chassis)), Some(tag("engine", engine)));
    });
}

#[test]
fn r37_fuel_by_category_and_age() {
    let born = |birth: &'static str| {
        move |log: &mut Log| {
            log.card(1, 1, |c| c.birth_date = Some(day(birth)));
            fuel(log, 1, 1, 1, 2026);
        }
    };
    table(&[
        (
            "physical",
            &|log| {
                holder(log);
                fuel(log, 1, 1, 1, 2026);
            },
            "",
        ),
        (
            "visual",
            &|log| {
                log.card(1, 1, |c| c.category = Category::Visual);
                fuel(log, 1, 1, 1, 2026);
            },
            "R37 fuel",
        ),
        (
            "a physical component",
            &|log| {
                log.card(1, 1, |c| {
                    let level = Level::new(2).unwrap();
                    let part = |category| Component { category, level };
                    c.category = Category::Multiple;
                    c.components = vec![part(Category::Visual), part(Category::Physical)];
                });
                fuel(log, 1, 1, 1, 2026);
            },
            "",
        ),
        ("seventy that day", &born("1956-03-31"), ""),
        ("seventy-one that day", &born("1955-03-31"), "R37 fuel"),
        ("eighteen that day", &born("2008-03-31"), ""),
        ("seventeen that day", &born("2008-04-01"), "R37 fuel"),
        ("no certificate known", &|log| fuel(log, 1, 1, 1, 2026), ""),
    ]);
}

#[test]
fn r38_a_vehicle_twice() {
    let grants = |rows: &'static [(u32, u32, u32, u16)]| {
        move |log: &mut Log| {
            log.card(1, 1, |_| {});
            log.card(2, 2, |_| {});
            for (who, chassis, engine, year) in rows {
                fuel(log, *who, *chassis, *engine, *year);
            }
        }
    };
    table(&[
        ("one frame number", &grants(&[(1, 1, 1, 2026), (2, 1, 2, 2026)]), "R38 fuel"),
        ("one engine number", &grants(&[(1, 1, 1, 2026), (2, 2, 1, 2026)]), "R38 fuel"),
        ("sold", &grants(&[(2, 1, 1, 2025), (1, 1, 1, 2026)]), ""),
        ("two vehicles", &grants(&[(1, 1, 1, 2026), (1, 2, 2, 2026)]), "R38 fuel"),
        ("another vehicle the year after", &grants(&[(1, 1, 1, 2025), (1, 2, 2, 2026)]), ""),
        ("one vehicle paid twice", &grants(&[(1, 1, 1, 2026), (1, 1, 1, 2026)]), "R17 fuel"),
        (
            "a frame number is not an engine number",
            &grants(&[(1, 1, 2, 2026), (2, 2, 1, 2026)]),
            "",
        ),
    ]);
}

#[test]
fn a_retracted_row_is_no_payment() {
    let mut log = Log::default();
    holder(&mut log);
    let target = log.paid(1, "2026-07", |p| p.amount = Fen(100));
    assert_eq!(flags(&log), "R14 living 2026-07");
    let row = super::super::scenario::row_ref("payment", 2, 1);
    let data = crate::event::RollRowRetracted { target, row, certificate: None };
    log.add(Role::BankAgent, Subject::Person(person(1)), day("2026-12-01"), data);
    assert_eq!(flags(&log), "");
}
