//! Rules about certificates: R02, R06, R07, R08, R22, R24, R25, R27, R32, R36, R43.

use super::super::scenario::{Log, day, person, row_ref, tag};
use super::super::{Tally, View, find, judge_person, judge_person_by};
use super::{SampleTerms, flags_on, holder, table};
use crate::event::{
    CertificateLegacyImported, IdentityCorrected, IdentityLinked, LegacyStatus, PersonCorrected,
    Role, Severity,
};
use crate::value::FactKind;
use crate::value::{Category, Component, IdForm, Level, Subject};

type Change = fn(&mut CertificateLegacyImported);

fn one(change: Change) -> impl Fn(&mut Log) {
    move |log| {
        log.card(1, 1, change);
    }
}

fn two(first: Change, second: Change) -> impl Fn(&mut Log) {
    move |log| {
        log.card(1, 1, first);
        log.card(1, 2, second);
    }
}

#[test]
fn r02_and_r43_cards_that_should_be_closed() {
    let dead = |died: &'static str, change: Change| {
        move |log: &mut Log| {
            log.card(1, 1, change);
            log.fact(1, FactKind::Death, died, None, |_| {});
        }
    };
    table(&[
        ("dead for 31 days", &dead("2026-08-30", |_| {}), "R02"),
        ("dead for 30 days", &dead("2026-08-31", |_| {}), ""),
        (
            "cancelled",
            &dead("2026-01-01", |c| {
                (c.status, c.status_date) = (LegacyStatus::Cancelled, Some(day("2026-02-01")));
            }),
            "",
        ),
        (
            "cancelled only after the day judged",
            &dead("2026-01-01", |c| {
                (c.status, c.status_date) = (LegacyStatus::Cancelled, Some(day("2026-10-01")));
            }),
            "R02",
        ),
        ("expired", &one(|c| c.valid_to = day("2026-09-29")), "R43"),
        ("its last day", &one(|c| c.valid_to = day("2026-09-30")), ""),
        (
            "expired and frozen",
            &one(|c| {
                c.valid_to = day("2026-01-01");
                (c.status, c.status_date) = (LegacyStatus::Frozen, Some(day("2026-02-01")));
            }),
            "",
        ),
        (
            "a register without status",
            &one(|c| {
                c.valid_to = day("2026-01-01");
                c.gaps = vec!["status".parse().unwrap()];
            }),
            "",
        ),
    ]);
}

#[test]
fn r06_and_r07_two_open_cards() {
    let closed: Change = |c| {
        (c.status, c.status_date) = (LegacyStatus::Cancelled, Some(day("2026-05-01")));
    };
    table(&[
        ("two names", &two(|_| {}, |c| c.name = tag("name", 9)), "R06"),
        ("one name", &two(|_| {}, |_| {}), "R07"),
        ("the older one closed", &two(closed, |c| c.issued = day("2026-05-01")), ""),
        (
            "two names, one by a recorded change",
            &|log| {
                two(|_| {}, |c| c.name = tag("name", 9))(log);
                let data = PersonCorrected {
                    person: person(1),
                    name: Some(tag("name", 9)),
                    name_sound: None,
                    phone: None,
                    village: None,
                    hukou_division: None,
                    reason: "name change".parse().unwrap(),
                };
                log.add(Role::Clerk, Subject::Person(person(1)), day("2026-06-01"), data);
            },
            "R07",
        ),
        (
            "two persons of the ledger with one number",
            &|log| {
                holder(log);
                log.card(2, 2, |c| c.id = tag("id", 1));
            },
            "R06",
        ),
        (
            "the number was mistyped and is corrected",
            &|log| {
                holder(log);
                log.card(2, 2, |c| c.id = tag("id", 1));
                let data = IdentityCorrected {
                    person: person(2),
                    from: tag("id", 1),
                    to: tag("id", 2),
                    reason: "mistyped".parse().unwrap(),
                };
                log.add(Role::Clerk, Subject::Person(person(2)), day("2026-06-01"), data);
            },
            "",
        ),
    ]);
}

#[test]
fn r08_one_person_under_two_numbers() {
    let beside = |change: Change| {
        move |log: &mut Log| {
            holder(log);
            log.card(2, 2, |c| {
                (c.name, c.phone) = (tag("name", 1), Some(tag("phone", 1)));
                change(c);
            });
        }
    };
    table(&[
        ("all four alike", &beside(|_| {}), "R08?"),
        ("twins", &beside(|c| c.name = tag("name", 2)), ""),
        ("another village", &beside(|c| c.village = Some(tag("village", 2))), ""),
        ("another telephone", &beside(|c| c.phone = Some(tag("phone", 2))), ""),
        ("another birth date", &beside(|c| c.birth_date = Some(day("1971-05-05"))), ""),
        ("no birth date", &beside(|c| c.birth_date = None), ""),
        (
            "linked already",
            &|log| {
                beside(|_| {})(log);
                let data = IdentityLinked {
                    person: person(1),
                    id: tag("id", 2),
                    reason: "a second number".parse().unwrap(),
                    evidence: Vec::new(),
                };
                log.add(Role::Clerk, Subject::Person(person(1)), day("2026-06-01"), data);
            },
            "",
        ),
    ]);
}

#[test]
fn r22_r25_and_r27_the_steps_a_row_tells_of() {
    let gap = |name: &str| vec![name.parse().unwrap()];
    table(&[
        ("one assessor", &one(|c| c.assessor_2 = None), "R22"),
        ("one assessor twice", &one(|c| c.assessor_2 = c.assessor_1), "R22"),
        (
            "no such column",
            &|log| {
                log.card(1, 1, |c| (c.assessor_2, c.gaps) = (None, gap("assessor_2")));
            },
            "",
        ),
        (
            "by sight while it was lawful",
            &one(|c| {
                (c.assessor_1, c.assessor_2, c.assessed_by_sight) = (None, None, true);
                c.issued = day("2017-12-29");
            }),
            "",
        ),
        (
            "by sight later",
            &one(|c| (c.assessor_1, c.assessor_2, c.assessed_by_sight) = (None, None, true)),
            "R22, R46?",
        ),
        ("no notice", &one(|c| (c.notice_from, c.notice_to) = (None, None)), "R25"),
        ("half a notice", &one(|c| c.notice_to = None), "R25"),
        ("four working days", &one(|c| c.notice_to = Some(day("2020-02-16"))), "R25"),
        (
            "a minor",
            &one(|c| {
                (c.notice_from, c.notice_to) = (None, None);
                c.birth_date = Some(day("2002-03-03"));
            }),
            "",
        ),
        (
            "eighteen that day",
            &one(|c| {
                (c.notice_from, c.notice_to) = (None, None);
                c.birth_date = Some(day("2002-03-02"));
            }),
            "R25",
        ),
        (
            "no such column",
            &|log| {
                log.card(1, 1, |c| (c.notice_from, c.gaps) = (None, gap("notice_from")));
            },
            "",
        ),
        ("one officer", &one(|c| c.approver = c.receiver), "R27"),
        ("both blank", &one(|c| (c.approver, c.receiver) = (None, None)), "R46?"),
    ]);
}

#[test]
fn r24_components_of_a_multiple_disability() {
    fn part(category: Category, level: u8) -> Component {
        Component { category, level: Level::new(level).unwrap() }
    }
    fn multiple(c: &mut CertificateLegacyImported, levels: [u8; 2]) {
        c.category = Category::Multiple;
        c.components = vec![part(Category::Visual, levels[0]), part(Category::Physical, levels[1])];
    }
    table(&[
        ("the most severe level", &one(|c| multiple(c, [2, 3])), ""),
        ("a milder level", &one(|c| multiple(c, [1, 3])), "R24"),
        ("a graver level", &one(|c| multiple(c, [3, 3])), "R24"),
        (
            "one component",
            &one(|c| {
                multiple(c, [2, 3]);
                c.components.pop();
            }),
            "R24",
        ),
        (
            "no such column",
            &one(|c| {
                c.category = Category::Multiple;
                c.gaps = vec!["components".parse().unwrap()];
            }),
            "",
        ),
    ]);
}

#[test]
fn r36_impossible_numbers() {
    table(&[
        ("check character", &one(|c| c.id_form = IdForm::BadCheck), "R36"),
        ("birth date", &one(|c| c.id_form = IdForm::BadDate), "R36"),
        ("15 digits", &one(|c| c.id_form = IdForm::Old15), ""),
        (
            "corrected",
            &|log| {
                log.card(1, 1, |c| c.id_form = IdForm::BadCheck);
                let data = IdentityCorrected {
                    person: person(1),
                    from: tag("id", 1),
                    to: tag("id", 3),
                    reason: "mistyped".parse().unwrap(),
                };
                log.add(Role::Clerk, Subject::Person(person(1)), day("2026-06-01"), data);
            },
            "",
        ),
    ]);
}

#[test]
fn r32_four_standard_errors_in_whole_numbers() {
    let tally = |cases, severe| Tally { cases, severe };
    let all = tally(10_000, 5_000);
    // Share 0.5; with 100 cases one standard error is 0.05, so the limit is 70.
    assert!(!tally(100, 70).stands_out_of(all));
    assert!(tally(100, 71).stands_out_of(all));
    assert!(!tally(100, 29).stands_out_of(all), "a low share is nobody's flag");
    assert!(!tally(29, 29).stands_out_of(all), "fewer than 30 cases");
    assert!(tally(30, 30).stands_out_of(all));
    assert!(!tally(0, 0).stands_out_of(tally(0, 0)));
}

#[test]
fn a_corrected_row_replaces_the_earlier_one() {
    let mut log = Log::default();
    let wrong = log.card(1, 1, |c| c.assessor_2 = None);
    assert_eq!(flags_on(&log, 1, "2026-09-30"), "R22");
    log.card(1, 1, |c| {
        c.row = row_ref("certificate", 0, 1);
        c.row.corrects = Some(wrong);
    });
    assert_eq!(flags_on(&log, 1, "2026-09-30"), "");
}

#[test]
fn r36_is_graver_where_money_went_out_under_the_number() {
    let judged = |paid_to: Option<u32>, name: &str| {
        let mut log = Log::default();
        log.card(1, 1, |card| card.id_form = IdForm::BadCheck);
        if let Some(number) = paid_to {
            log.paid(1, "2026-07", |paid| paid.id = tag("id", number));
            log.paid(1, "2026-08", |paid| paid.id = tag("id", number));
        }
        let (register, terms) = (log.register(), SampleTerms);
        let view = View::new(&register, &terms, day("2026-09-30"));
        let all = match find(name) {
            Some(rule) if rule.version == 1 => judge_person_by(rule, person(1), &view),
            _ => judge_person(person(1), &view),
        };
        let found = all.into_iter().find(|flag| flag.rule.id == "R36").unwrap();
        (found.severity, found.evidence)
    };
    assert_eq!(judged(None, "R36"), (Severity::S2, vec![0]));
    assert_eq!(judged(Some(1), "R36"), (Severity::S1, vec![0, 1]), "a later payment is no news");
    assert_eq!(judged(Some(2), "R36"), (Severity::S2, vec![0]), "under another number");
    assert_eq!(judged(Some(1), "R36@1"), (Severity::S2, vec![0]));
}
