//! A house is granted for once: R39 a household or a photograph twice, R39b one address under two
//! households.

use std::collections::BTreeSet;

use super::batch::Works;
use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::grants::Grant;
use super::key::Key;
use super::once::standing;
use super::record::What;
use super::view::View;
use crate::event::{
    FlagKind::{Conclusive, Lead},
    Severity::S1,
};
use crate::value::{DivisionCode, FactKind, Fen, HouseholdId, Period};

/// R39: a house twice.
pub(super) static R39: Rule = Rule {
    id: "R39",
    version: 2,
    title_zh: "同户重复改造",
    title_en: "one house twice",
    severity: S1,
    kind: Conclusive,
    test: "a household has two standing grants of one programme that is granted once; or works at \
           its house were accepted on a paper, before or after, on which other works were accepted \
           too: of another programme or once more at this house, or at another household's",
    inputs: "grants determined on the ledger that name their household; works accepted; between \
             households, papers hashed as the house's own and not as one person's",
    guards: &[
        "two programmes with works of their own: renovation and adaptation",
        "two households whose works have papers of their own",
        "works that were corrected or retracted",
        "a grant refused, or stopped before its first month",
        "a programme granted each month or year",
    ],
    todo_zh: "现场核对工程,追回重复部分",
    todo_en: "look at the works; recover what was granted twice",
};

/// R39b: one address under two households. A lead: two houses may share a number.
pub(super) static R39B: Rule = Rule {
    id: "R39b",
    version: 1,
    title_zh: "同一住房两户审定",
    title_en: "one address, two households",
    severity: S1,
    kind: Lead,
    test: "works of one programme that is granted once were accepted at one home, by its address \
           down to the door, for two households of one county, and both grants stand",
    inputs: "grants determined on the ledger that name their household; works accepted with the \
             address of the home",
    guards: &[
        "flats of one building, or an address that names no single door",
        "renovation and adaptation of one house",
        "who was granted it first died, moved its registration or left the household before the \
         other works, and the other is another person",
        "a household that was split: who lives where decides nothing",
        "a grant refused, or stopped before its first month",
    ],
    todo_zh: "现场核实是否同一住房,核对分户时间,重复的追回",
    todo_en: "look whether it is one house, and when the household was split; recover what is double",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for (grant, household) in granted_once(view, file) {
        at_home(&R39, view, (grant, household), out);
        for own in works(view, grant, household) {
            on_one_paper(view, (grant, household), &own, out);
            at_one_address(view, file, (grant, household), &own, out);
        }
    }
}

/// R39 within one household, as version 1 had it.
pub(super) fn judge_one_household(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    for grant in granted_once(view, file) {
        at_home(rule, view, grant, out);
    }
}

/// Standing grants for a household of programmes that are granted once.
fn granted_once<'f>(
    view: &View<'_>,
    file: &'f PersonFile,
) -> impl Iterator<Item = (&'f Grant, HouseholdId)> {
    let grants = file.grants.list.iter().filter(|grant| grant.stands());
    grants.filter_map(|grant| {
        let policy = view.terms.policy(grant.programme, grant.division, grant.month)?;
        Some((grant, grant.household?)).filter(|_| policy.period == Period::Once)
    })
}

fn works(view: &View<'_>, grant: &Grant, household: HouseholdId) -> Vec<Works> {
    let mut works = view.works(household);
    works.retain(|works| works.programme == grant.programme);
    works
}

fn finding(rule: &'static Rule, view: &View<'_>, grant: &Grant, zh: &str, en: &str) -> Finding {
    let money = view.terms.rate(grant.programme, grant.division, grant.month).unwrap_or(Fen(0));
    Finding::new(rule, zh, en).programme(Some(grant.programme)).money(money)
}

fn at_home(
    rule: &'static Rule,
    view: &View<'_>,
    (grant, household): (&Grant, HouseholdId),
    out: &mut Findings<'_>,
) {
    let key = Key::House(household);
    let same = standing(view, key, grant, |other| other.household == Some(household));
    if same.len() > 1 {
        let found =
            finding(rule, view, grant, "同一户两次审定", "one household was granted it twice");
        out.add(found.all_seen(same));
    }
    let all = view.works(household);
    for own in all.iter().filter(|own| own.programme == grant.programme) {
        let shares = |paper| own.papers.contains(paper);
        let other =
            all.iter().find(|other| other.index != own.index && other.papers.iter().any(shares));
        if let Some(other) = other {
            let (zh, en) = ("同一工程两次验收", "the same works were accepted twice");
            let found = finding(rule, view, grant, zh, en);
            out.add(found.seen(own.index).seen(other.index));
        }
    }
}

/// The keys through which a grant for a house reaches into other files; nothing is read for persons
/// who have none.
pub(super) fn keys(view: &View<'_>, file: &PersonFile) -> BTreeSet<Key> {
    let mut keys = BTreeSet::new();
    for household in file.grants.list.iter().filter_map(|grant| grant.household) {
        if !keys.insert(Key::House(household)) {
            continue;
        }
        for works in view.works(household) {
            keys.extend(works.papers.map(Key::Paper));
            keys.extend(works.dwelling.map(Key::Dwelling));
        }
    }
    keys
}

/// Works of another household that were accepted on the same photograph.
fn on_one_paper(
    view: &View<'_>,
    (grant, household): (&Grant, HouseholdId),
    own: &Works,
    out: &mut Findings<'_>,
) {
    let other = own.papers.iter().find_map(|paper| {
        let mut elsewhere = view.houses(&Key::Paper(*paper)).into_iter();
        elsewhere.find_map(|home| {
            let shown = |works: &Works| works.papers.contains(paper);
            view.works(home).into_iter().filter(|_| home != household).find(shown)
        })
    });
    if let Some(other) = other {
        let (zh, en) = ("与另一户使用同一影像", "another household's works show the same picture");
        let found = finding(&R39, view, grant, zh, en);
        out.add(found.seen(own.index).seen(other.index));
    }
}

/// The same programme granted and built at the same home for another household.
fn at_one_address(
    view: &View<'_>,
    file: &PersonFile,
    (grant, household): (&Grant, HouseholdId),
    own: &Works,
    out: &mut Findings<'_>,
) {
    let Some(dwelling) = own.dwelling else { return };
    for home in view.houses(&Key::Dwelling(dwelling)) {
        if home == household {
            continue;
        }
        let there = works(view, grant, home).into_iter().filter(|it| it.dwelling == own.dwelling);
        let others = view.persons(&Key::House(home));
        for (other, person) in there.flat_map(|it| others.iter().map(move |who| (it, *who))) {
            let neighbour = view.file(person);
            let is_double = |second: &&Grant| {
                second.stands()
                    && second.household == Some(home)
                    && same_county(second.division, grant.division)
            };
            let Some(second) = neighbour.grants.of(grant.programme).find(is_double) else {
                continue;
            };
            let (mine, theirs) = ((file, household, own), (&*neighbour, home, &other));
            let (first, last) = if own.at <= other.at { (mine, theirs) } else { (theirs, mine) };
            if made_room(view, first, last) {
                continue;
            }
            let (zh, en) =
                ("同一地址另一户也已改造", "another household was granted it at this address");
            let found = finding(&R39B, view, grant, zh, en).seen(own.index).seen(other.index);
            out.add(found.all_seen(second.granted.iter().map(|moment| moment.index)));
        }
    }
}

/// Says whether the first one no longer lived there when the works of the other were accepted.
fn made_room(
    view: &View<'_>,
    (first, home, works): (&PersonFile, HouseholdId, &Works),
    (last, _, later): (&PersonFile, HouseholdId, &Works),
) -> bool {
    if first.person == last.person {
        return false;
    }
    let between = |day| works.at < day && day <= later.at;
    let gone = |kind| matches!(kind, FactKind::Death | FactKind::HukouMove);
    let mut left = first.facts_of(gone).any(|entry| between(entry.fact.from));
    view.each(&Key::Person(first.person), &mut |_, record| {
        left |= record.what == What::Left(home) && between(record.at) && !view.is_void(record);
    });
    left
}

/// A township's code is of its county.
fn same_county(one: DivisionCode, other: DivisionCode) -> bool {
    one.covers(other) || other.covers(one)
}
