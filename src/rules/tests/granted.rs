//! Benefits that should not have been granted so, or stand unlooked at: R12, R20, R37b, R37c,
//! R38b, R51.

use super::super::scenario::{Log, bytes, day, person, tag};
use super::super::{Touched, View, judge_person, touched, traces};
use super::desk::{
    apply, bind_by, bind_case, case_of, determine, determine_case, granted, paper, programme, stop,
    unbind,
};
use super::{SampleTerms, flags, holder, table};
use crate::event::{
    AnnualReviewCompleted, CertificateLegacyImported, Outcome, PaymentExecuted, Role,
};
use crate::policy::{PolicyBook, defaults::POLICIES};
use crate::value::{Category, Component, FactKind, Programme, Subject, VehicleId};

#[test]
fn r12_only_the_higher_of_two() {
    let with = |kind, from: &'static str, to, change: fn(&mut PaymentExecuted)| {
        move |log: &mut Log| {
            holder(log);
            log.fact(1, kind, from, to, |_| {});
            log.paid(1, "2026-07", change);
        }
    };
    let living: fn(&mut PaymentExecuted) = |_| {};
    let nursing: fn(&mut PaymentExecuted) = |p| p.programme = Programme::NURSING_CARE_SUBSIDY;
    table(&[
        ("both", &with(FactKind::ElderlyLiving, "2026-07-31", None, living), "R12 living 2026-07"),
        (
            "nursing",
            &with(FactKind::RetiredCadreNursing, "2020-01-01", None, nursing),
            "R12 nursing 2026-07",
        ),
        ("of the other kind", &with(FactKind::ElderlyNursing, "2020-01-01", None, living), ""),
        ("ended", &with(FactKind::ElderlyLiving, "2020-01-01", Some("2026-06-30"), living), ""),
        ("begins later", &with(FactKind::ElderlyLiving, "2026-08-01", None, living), ""),
        (
            "another's name",
            &|log| {
                holder(log);
                let other = Some(tag("name", 9));
                log.fact(1, FactKind::ElderlyLiving, "2020-01-01", None, |f| f.name = other);
                log.paid(1, "2026-07", |_| {});
            },
            "R12? living 2026-07",
        ),
        (
            "retracted",
            &|log| {
                holder(log);
                let fact = log.fact(1, FactKind::ElderlyLiving, "2020-01-01", None, |_| {});
                let reason = "another person".parse().unwrap();
                let data = crate::event::ExternalFactRetracted { fact, reason };
                log.add(Role::DataCustodian, Subject::Ledger, day("2026-09-01"), data);
                log.paid(1, "2026-07", |_| {});
            },
            "",
        ),
    ]);
}

/// Persons 1 and 2, whose accounts clerks switch and which are paid in July.
fn switched(log: &mut Log, days: [&str; 2], clerks: [&str; 2], paid_on: &str) {
    for who in [1, 2] {
        log.card(who, who, |_| {});
        apply(log, who, "2026-05-01", |_| {});
        determine(log, who, "2026-05-03", "2026-05");
        bind_case(log, &case_of(who), who, tag("account", who), day("2026-05-04"));
    }
    for (who, (at, clerk)) in (1..).zip(days.into_iter().zip(clerks)) {
        unbind(log, who, tag("account", who), at);
        bind_by(log, &case_of(who), who, tag("account", who + 10), day(at), clerk);
    }
    log.paid(1, "2026-07", |paid| {
        (paid.account, paid.paid_on) = (Some(tag("account", 11)), Some(day(paid_on)));
    });
}

#[test]
fn r20_accounts_switched_then_paid() {
    let (a, b) = ("411702-clerk-1", "411702-clerk-2");
    table(&[
        (
            "two by one clerk",
            &|log| switched(log, ["2026-07-05", "2026-06-20"], [a, a], "2026-07-25"),
            "R20? living 2026-07",
        ),
        (
            "two clerks",
            &|log| switched(log, ["2026-07-05", "2026-06-20"], [a, b], "2026-07-25"),
            "",
        ),
        ("far apart", &|log| switched(log, ["2026-07-20", "2026-06-19"], [a, a], "2026-07-25"), ""),
        (
            "paid long after",
            &|log| switched(log, ["2026-06-24", "2026-06-20"], [a, a], "2026-07-25"),
            "",
        ),
        (
            "first accounts",
            &|log| {
                granted(log, 1);
                granted(log, 2);
                log.paid(1, "2026-07", |_| {});
            },
            "",
        ),
        (
            "the second person's was bound again as it was",
            &|log| {
                granted(log, 2);
                unbind(log, 2, tag("account", 2), "2026-07-05");
                bind_case(log, &case_of(2), 2, tag("account", 2), day("2026-07-05"));
                granted(log, 1);
                unbind(log, 1, tag("account", 1), "2026-07-05");
                bind_case(log, &case_of(1), 1, tag("account", 11), day("2026-07-05"));
                log.paid(1, "2026-07", |paid| paid.account = Some(tag("account", 11)));
            },
            "",
        ),
    ]);
    let mut log = Log::default();
    switched(&mut log, ["2026-07-05", "2026-06-20"], [a, a], "2026-07-25");
    let register = log.register();
    let view = View::new(&register, &SampleTerms, day("2026-09-30"));
    let last = log.events.iter().rfind(|event| {
        matches!(&event.payload.body, crate::event::Body::AccountBound(d) if d.person == person(2))
    });
    let Touched::Persons(who) = touched(&traces(last.unwrap()), &view) else { panic!("everybody") };
    assert!(who.contains(&person(1)) && who.contains(&person(2)), "a switch changes both");
}

/// Paid the child aid for 2026.
fn child(log: &mut Log, born: &str, change: impl FnOnce(&mut PaymentExecuted)) {
    log.card(1, 1, |card| card.birth_date = Some(day(born)));
    log.paid(1, "2026-07", |paid| {
        (paid.programme, paid.month, paid.year) = (programme("child_rehab_aid"), None, Some(2026));
        change(paid);
    });
}

#[test]
fn r37b_outside_categories_or_ages() {
    let has = |born: &'static str| {
        let mut log = Log::default();
        child(&mut log, born, |_| {});
        flags(&log).contains("R37b")
    };
    assert!(!has("2019-01-02"), "six on 1 January");
    assert!(has("2019-01-01"), "seven that day");
    assert!(!has("2026-05-01"), "born in the year");
    let care = |born: &'static str, applied: bool| {
        let mut log = Log::default();
        log.card(1, 1, |card| card.birth_date = Some(day(born)));
        if applied {
            apply(&mut log, 1, "2026-07-01", |data| data.programme = programme("care_placement"));
        }
        log.paid(1, "2026-07", |paid| paid.programme = programme("care_placement"));
        flags(&log).contains("R37b")
    };
    assert!(care("2010-07-02", true), "fifteen at the application");
    assert!(!care("2010-07-01", true), "sixteen that day");
    assert!(!care("2010-07-02", false), "the day of the application is not known");
}

#[test]
fn r37b_reads_the_categories_of_the_policy_in_force() {
    let mut book = PolicyBook::default();
    let care = POLICIES.iter().find(|(name, _)| *name == "care_placement").unwrap().1;
    let line = "unit = \"resident\"\n";
    assert!(care.contains(line));
    let visual = care.replace(line, &format!("{line}categories = [\"visual\"]\n"));
    book.publish_text(&visual, 1).unwrap();
    let found = |change: fn(&mut CertificateLegacyImported)| {
        let mut log = Log::default();
        log.card(1, 1, change);
        log.paid(1, "2026-07", |paid| paid.programme = programme("care_placement"));
        let register = log.register();
        let view = View::new(&register, &book, day("2026-09-30"));
        judge_person(person(1), &view).iter().any(|flag| flag.rule.id == "R37b")
    };
    assert!(found(|_| {}), "physical");
    assert!(!found(|card| card.category = Category::Visual));
    assert!(
        !found(|card| {
            card.category = Category::Multiple;
            let level = card.level;
            card.components = [Category::Physical, Category::Visual]
                .map(|category| Component { category, level })
                .to_vec();
        }),
        "one component is enough"
    );
}

#[test]
fn r37c_a_minor_without_a_guardian() {
    let minor = |born: &'static str, guardian: bool, refused: bool| {
        move |log: &mut Log| {
            log.card(1, 1, |card| {
                card.birth_date = Some(day(born));
                let id = Some(tag("id", 9));
                let tags = crate::event::GuardianTags { id, name: Some(tag("name", 9)) };
                card.guardian = guardian.then_some(tags);
            });
            apply(log, 1, "2026-07-01", |_| {});
            let from = (!refused).then_some("2026-07");
            determine_case(log, &case_of(1), 1, day("2026-07-03"), from);
        }
    };
    table(&[
        ("seventeen", &minor("2008-07-02", false, false), "R37c living"),
        ("of age that day", &minor("2008-07-01", false, false), ""),
        ("with a guardian", &minor("2008-07-02", true, false), ""),
        ("refused", &minor("2008-07-02", false, true), ""),
        (
            "nothing applied for here",
            &|log| {
                log.card(1, 1, |card| card.birth_date = Some(day("2015-01-01")));
                log.paid(1, "2026-07", |_| {});
            },
            "",
        ),
    ]);
}

/// Persons 1 and 2 are granted fuel in the years for these vehicles.
fn vehicles(log: &mut Log, of: [(&str, u32); 2], stopped: bool) {
    for (who, (at, vehicle)) in (1..).zip(of) {
        log.card(who, who, |_| {});
        apply(log, who, at, |data| {
            data.programme = Programme::FUEL_SUBSIDY;
            data.vehicle = Some(VehicleId(bytes("vehicle", vehicle)));
        });
        determine(log, who, at, &at[..7]);
    }
    if stopped {
        stop(log, 2, "2026-03-20", of[1].0, |_| {});
    }
}

#[test]
fn r38b_a_vehicle_granted_twice() {
    let one = "2026-02-01";
    table(&[
        ("one vehicle", &|log| vehicles(log, [(one, 1), ("2026-03-02", 1)], false), "R38b fuel"),
        ("two vehicles", &|log| vehicles(log, [(one, 1), (one, 2)], false), ""),
        ("sold", &|log| vehicles(log, [(one, 1), ("2025-03-02", 1)], false), ""),
        ("stopped at once", &|log| vehicles(log, [(one, 1), ("2026-03-02", 1)], true), ""),
    ]);
}

#[test]
fn r51_annual_review() {
    let reviewed = |at: &'static str| {
        move |log: &mut Log| {
            holder(log);
            apply(log, 1, "2025-07-01", |_| {});
            determine(log, 1, "2025-07-03", "2025-07");
            if !at.is_empty() {
                let alive = paper(6);
                let (year, outcome) = (2026, Outcome::Granted);
                let data = AnnualReviewCompleted { person: person(1), year, alive, outcome };
                log.add(Role::TownshipReviewer, case_of(1), day(at), data);
            }
        }
    };
    table(&[
        ("never", &reviewed(""), "R51 living"),
        ("within the year", &reviewed("2025-09-30"), ""),
        ("a day earlier", &reviewed("2025-09-29"), "R51 living"),
        ("determined within the year", &|log| granted(log, 1), ""),
        (
            "stopped",
            &|log| {
                reviewed("")(log);
                stop(log, 1, "2026-06-01", "2026-07", |_| {});
            },
            "",
        ),
        (
            "old rolls only",
            &|log| {
                holder(log);
                log.paid(1, "2025-07", |_| {});
                log.paid(1, "2026-07", |_| {});
            },
            "",
        ),
    ]);
}
