//! A house or a vehicle is granted for once: R38b vehicles, R39 houses and works.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::grants::Grant;
use super::key::Key;
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S1};
use crate::policy::ProgrammePolicy;
use crate::value::{Fen, Period};

/// R38b: a vehicle twice, by the ledger's own cases.
pub(super) static R38B: Rule = Rule {
    id: "R38b",
    version: 1,
    title_zh: "车辆重复审定",
    title_en: "vehicle granted twice on the ledger",
    severity: S1,
    kind: Conclusive,
    test: "in one year more grants stand for one vehicle than policy allows (one), or one person \
           has grants for more vehicles than policy allows (one)",
    inputs: "grants determined on the ledger that name their vehicle; a policy with the limit",
    guards: &[
        "another year: a vehicle that was sold",
        "a grant refused, or stopped before its first month",
        "a programme whose policy sets no limit",
    ],
    todo_zh: "现场核对车辆,撤销重复的审定",
    todo_en: "look at the vehicle; stop the grant that is one too many",
};

/// R39: a house twice.
pub(super) static R39: Rule = Rule {
    id: "R39",
    version: 1,
    title_zh: "同户重复改造",
    title_en: "one house twice",
    severity: S1,
    kind: Conclusive,
    test: "a household has two standing grants of one programme that is granted once; or the works \
           of two programmes, or two works of one, at its house were accepted on the same paper, \
           before or after",
    inputs: "grants determined on the ledger that name their household; works accepted",
    guards: &[
        "two programmes with works of their own: renovation and adaptation",
        "a grant refused, or stopped before its first month",
        "a programme granted each month or year",
        "another household",
    ],
    todo_zh: "现场核对工程,追回重复部分",
    todo_en: "look at the works; recover what was granted twice",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for grant in file.grants.list.iter().filter(|grant| grant.stands()) {
        let policy = view.terms.policy(grant.programme, grant.division, grant.month);
        let Some(policy) = policy else { continue };
        match policy.period {
            Period::Year => vehicle(view, file, grant, policy, out),
            Period::Once => house(view, grant, out),
            _ => {}
        }
    }
}

/// Standing grants of the same programme under a key, this one among them.
fn standing(view: &View<'_>, key: Key, grant: &Grant, same: impl Fn(&Grant) -> bool) -> Vec<u64> {
    let files = view.persons(&key).into_iter().map(|person| view.file(person));
    let grants = files.flat_map(|file| {
        let of = file.grants.of(grant.programme).filter(|other| other.stands() && same(other));
        of.map(|other| other.granted[0].index).collect::<Vec<_>>()
    });
    grants.collect()
}

fn vehicle(
    view: &View<'_>,
    file: &PersonFile,
    grant: &Grant,
    policy: &ProgrammePolicy,
    out: &mut Findings<'_>,
) {
    let Some(vehicle) = grant.vehicle else { return };
    let year = grant.month.year();
    let in_year = |other: &Grant| other.month.year() == year;
    let of_vehicle = standing(view, Key::Vehicle(vehicle), grant, |other| {
        in_year(other) && other.vehicle == Some(vehicle)
    });
    let money = view.terms.rate(grant.programme, grant.division, grant.month).unwrap_or(Fen(0));
    let mut found = |zh: String, en: String, evidence: Vec<u64>| {
        let finding = Finding::new(&R38B, zh, en).programme(Some(grant.programme));
        out.add(finding.money(money).all_seen(evidence));
    };
    if policy.grants_per_unit_max.is_some_and(|most| of_vehicle.len() > most as usize) {
        let count = of_vehicle.len();
        let zh = format!("{year} 年同一车辆审定 {count} 次");
        found(zh, format!("one vehicle was granted {count} times in {year}"), of_vehicle);
    }
    let own = file.grants.of(grant.programme).filter(|other| other.stands() && in_year(other));
    let own: Vec<_> = own.filter(|other| other.vehicle.is_some()).collect();
    let mut vehicles: Vec<_> = own.iter().filter_map(|other| other.vehicle).collect();
    vehicles.sort_unstable();
    vehicles.dedup();
    if policy.units_per_person_max.is_some_and(|most| vehicles.len() > most as usize) {
        let count = vehicles.len();
        let evidence = own.iter().map(|other| other.granted[0].index).collect();
        let zh = format!("{year} 年一人审定 {count} 辆车");
        found(zh, format!("one person was granted {count} vehicles in {year}"), evidence);
    }
}

fn house(view: &View<'_>, grant: &Grant, out: &mut Findings<'_>) {
    let Some(household) = grant.household else { return };
    let key = Key::House(household);
    let same = standing(view, key, grant, |other| other.household == Some(household));
    let money = view.terms.rate(grant.programme, grant.division, grant.month).unwrap_or(Fen(0));
    let found = |zh: &str, en: &str| {
        Finding::new(&R39, zh, en).programme(Some(grant.programme)).money(money)
    };
    if same.len() > 1 {
        let finding = found("同一户两次审定", "one household was granted it twice");
        out.add(finding.all_seen(same));
    }
    let works = view.works(household);
    for own in works.iter().filter(|own| own.programme == grant.programme) {
        let shares = |paper| own.papers.contains(paper);
        let other =
            works.iter().find(|other| other.index != own.index && other.papers.iter().any(shares));
        if let Some(other) = other {
            let finding = found("同一工程两次验收", "the same works were accepted twice");
            out.add(finding.seen(own.index).seen(other.index));
        }
    }
}
