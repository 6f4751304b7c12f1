//! Each rule by a case that fires, and its look-alikes that do not.

mod benefits;
mod cards;
mod chain;
mod desk;
mod entitled;
mod fold;
mod granted;
mod guards;
mod house;
mod money;
mod paid;
mod peers;
mod services;
mod stops;
mod versions;
mod walk;

use super::scenario::{Log, day, person};
use super::terms::sample::SampleTerms;
use super::*;
use crate::value::Programme;

/// The flags of person 1 judged on 2026-09-30, as `rule programme month`, leads with a `?`.
fn flags(log: &Log) -> String {
    flags_on(log, 1, "2026-09-30")
}

fn flags_on(log: &Log, who: u32, on: &str) -> String {
    let (register, terms) = (log.register(), SampleTerms);
    let view = View::new(&register, &terms, day(on));
    let mut lines: Vec<String> = judge_person(person(who), &view)
        .iter()
        .map(|flag| {
            let lead = if flag.kind == crate::event::FlagKind::Lead { "?" } else { "" };
            let programme = match flag.programme {
                None => "",
                Some(Programme::LIVING_ALLOWANCE) => " living",
                Some(Programme::NURSING_CARE_SUBSIDY) => " nursing",
                Some(Programme::FUEL_SUBSIDY) => " fuel",
                Some(_) => " other",
            };
            let month = flag.month.map(|month| format!(" {month}")).unwrap_or_default();
            format!("{}{lead}{programme}{month}", flag.rule.id)
        })
        .collect();
    lines.sort();
    lines.join(", ")
}

/// What it is, how the log comes about, the flags of person 1.
type Case<'a> = (&'a str, &'a dyn Fn(&mut Log), &'a str);

fn table(rows: &[Case<'_>]) {
    for (name, build, expected) in rows {
        let mut log = Log::default();
        build(&mut log);
        assert_eq!(flags(&log), *expected, "{name}");
    }
}

/// A person with a lawful card.
fn holder(log: &mut Log) {
    log.card(1, 1, |_| {});
}

#[test]
fn the_list_is_in_order_and_every_rule_says_what_it_does() {
    let ids: Vec<_> = list().iter().map(|rule| rule.id).collect();
    assert!(ids.is_sorted() && ids.len() == 70);
    for rule in list() {
        assert!(rule.version >= 1);
        assert!(!rule.test.is_empty() && !rule.guards.is_empty(), "{}", rule.id);
        let words = words(rule).unwrap();
        assert_eq!(words.guards_zh.len(), rule.guards.len(), "{}", rule.id);
        assert!(!rule.inputs.is_empty() && !rule.todo_zh.is_empty() && !rule.todo_en.is_empty());
    }
}

#[test]
fn flags_are_ordered_by_gravity_then_money_then_age() {
    let mut log = Log::default();
    log.card(1, 1, |card| card.valid_to = day("2026-05-01"));
    log.paid(1, "2026-07", |_| {});
    log.paid(1, "2026-08", |paid| paid.amount = crate::value::Fen(9000));
    log.paid(1, "2026-06", |_| {});
    let flags = judge_all(&log.register(), &SampleTerms, day("2026-09-30"));
    let order: Vec<_> = flags
        .iter()
        .map(|flag| {
            let month = flag.month.map(|month| month.month()).unwrap_or_default();
            (flag.rule.id, month, flag.money_at_risk.0)
        })
        .collect();
    assert_eq!(
        order,
        [("R03", 8, 9000), ("R03", 6, 6000), ("R03", 7, 6000), ("R14", 8, 3000), ("R43", 0, 0)]
    );
    let again = judge_all(&log.register(), &SampleTerms, day("2026-10-01"));
    assert_eq!(flags[0].id, again[0].id, "the id does not depend on the day judged");
}
