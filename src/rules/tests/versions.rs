//! Earlier versions of rules find what they found, where a later one finds something else.

use super::super::scenario::{Log, day, person, tag};
use super::super::{View, find, judge_person, judge_person_by, list};
use super::SampleTerms;
use super::desk::{apply, authorise, bank, bind_case, case_of, granted, prepare, stop};
use super::services::{comes, places, session};
use super::stops::{flagged, judged, stopped_on_a_flag};
use super::walk::{changed, office, tell};
use crate::event::{Body, RollKind, Verdict};
use crate::value::Programme;

/// How many flags that rule and version raises about person 1.
fn count(log: &Log, name: &str) -> usize {
    let (register, rule) = (log.register(), find(name).unwrap());
    let view = View::new(&register, &SampleTerms, day("2026-09-30"));
    let all = match list().contains(&rule) {
        true => judge_person(person(1), &view),
        false => judge_person_by(rule, person(1), &view),
    };
    all.iter().filter(|flag| flag.rule.id == rule.id).count()
}

/// A case on the ledger, told with these lines changed.
fn told(changes: &'static [(&'static str, &'static str)]) -> impl Fn(&mut Log) {
    move |log| {
        office(log);
        tell(log, &changed(changes));
    }
}

/// Two months of rolls of a programme without its own kind, and care held in both.
fn care_unpaid(log: &mut Log) {
    for (month, at) in [("2026-08", "2026-08-03"), ("2026-09", "2026-09-02")] {
        log.roll(RollKind::MonthlyPayments, Some(month));
        let Body::RollReceived(data) = &mut log.events.last_mut().unwrap().payload.body else {
            panic!("a roll")
        };
        data.programme = Some(Programme::CARE_PLACEMENT);
        session(log, at, "home");
    }
    log.card(1, 1, |_| {});
}

#[test]
fn an_old_version_reads_what_it_read() {
    // What it is, the log, then which rule and version finds how much.
    type Case<'a> = (&'a str, &'a dyn Fn(&mut Log), &'a [(&'a str, usize)]);
    let table: &[Case<'_>] = &[
        (
            "day care where every bed is taken",
            &|log| {
                places(log, "2026-01-01", Some(1));
                comes(log, 2, "care_placement", ("2026-02-01", None));
                comes(log, 1, "day_care", ("2026-06-15", None));
            },
            &[("R40d", 0), ("R40d@1", 1)],
        ),
        (
            "a resident where somebody comes by day",
            &|log| {
                places(log, "2026-01-01", Some(1));
                comes(log, 2, "day_care", ("2026-02-01", None));
                comes(log, 1, "care_placement", ("2026-06-15", None));
            },
            &[("R40d", 0), ("R40d@1", 1)],
        ),
        (
            "a grant of the year paid twice on one line of a batch",
            &|log| {
                granted(log, 1);
                let root = prepare(log, 1, "2026-09", "2026-09-10", &[1]);
                authorise(log, 1, root, "2026-09-12");
                for at in ["2026-09-15", "2026-09-20"] {
                    bank(log, 1, "2026-09", at, |paid| {
                        paid.programme = Programme::FUEL_SUBSIDY;
                        (paid.month, paid.year, paid.months) = (None, Some(2026), vec![]);
                    });
                }
            },
            &[("R17", 1), ("R17@1", 0)],
        ),
        (
            "a row without its notice",
            &|log| {
                log.card(1, 1, |card| (card.notice_from, card.notice_to) = (None, None));
            },
            &[("R25", 1), ("R25@1", 1)],
        ),
        (
            "a case without its notice",
            &told(&[("post", ""), ("close", "")]),
            &[("R25", 1), ("R25@1", 0)],
        ),
        (
            "a row accepted and approved by one officer",
            &|log| {
                log.card(1, 1, |card| card.approver = card.receiver);
            },
            &[("R27", 1), ("R27@2", 1), ("R27@1", 1)],
        ),
        (
            "a case accepted and approved by one officer",
            &told(&[("approve", "approve clerk-1 2026-03-19")]),
            &[("R27", 1), ("R27@2", 1), ("R27@1", 0)],
        ),
        (
            "a transfer accepted and taken over by one officer",
            &|log| {
                told(&[])(log);
                tell(
                    log,
                    "submit clerk-2 2026-05-06 case=2 kind=transfer present=1\n\
                     accept clerk-2 2026-05-06 case=2\ntransfer approver-1 2026-05-08\n\
                     take_over clerk-2 2026-05-12",
                );
            },
            &[("R27", 1), ("R27@2", 0), ("R27@1", 0)],
        ),
        (
            "a certificate decided late",
            &told(&[
                ("approve", "approve approver-1 2026-03-31"),
                ("print", "print issuer-1 2026-03-31"),
                ("issue", "issue issuer-1 2026-03-31"),
                ("seal ", ""),
            ]),
            &[("R34", 1), ("R34@1", 1)],
        ),
        (
            "a benefit never reviewed",
            &|log| {
                log.card(1, 1, |_| {});
                apply(log, 1, "2026-07-01", |_| {});
                bind_case(log, &case_of(1), 1, tag("account", 1), day("2026-07-02"));
            },
            &[("R34", 1), ("R34@1", 0)],
        ),
        (
            "nursing care never paid",
            &|log| {
                for month in ["2026-08", "2026-09"] {
                    log.roll(RollKind::NursingCareSubsidy, Some(month));
                }
                log.card(1, 1, |_| {});
            },
            &[("R47", 1), ("R47@3", 1), ("R47@2", 1), ("R47@1", 1)],
        ),
        (
            "care that was held and never paid",
            &care_unpaid,
            &[("R47", 1), ("R47@3", 1), ("R47@2", 0), ("R47@1", 0)],
        ),
        (
            "stopped on a flag without a verdict",
            &|log| stopped_on_a_flag(log, None, false),
            &[("R48", 1), ("R48@1", 1)],
        ),
        (
            "stopped on a verdict about another programme",
            &|log| {
                granted(log, 1);
                let flag = flagged(log, Some(Programme::NURSING_CARE_SUBSIDY), &[]);
                let verdict = judged(log, Some(Verdict::Confirmed));
                stop(log, 1, "2026-08-10", "2026-09", |data| data.verdict = verdict);
                log.events.last_mut().unwrap().payload.refs = vec![flag];
            },
            &[("R48", 1), ("R48@1", 0)],
        ),
    ];
    for (name, build, expected) in table {
        let mut log = Log::default();
        build(&mut log);
        for (rule, flags) in *expected {
            assert_eq!(count(&log, rule), *flags, "{name}: {rule}");
        }
    }
}
