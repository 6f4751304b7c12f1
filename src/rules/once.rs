//! A vehicle is granted for once a year: R38b. Houses are in `house`.

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
    todo_zh: "现场核对车辆，撤销重复的审定",
    todo_en: "look at the vehicle; stop the grant that is one too many",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for grant in file.grants.list.iter().filter(|grant| grant.stands()) {
        let policy = view.terms.policy(grant.programme, grant.division, grant.month);
        let Some(policy) = policy else { continue };
        if policy.period == Period::Year {
            vehicle(view, file, grant, policy, out);
        }
    }
}

/// Standing grants of the same programme under a key, this one among them.
pub(super) fn standing(
    view: &View<'_>,
    key: Key,
    grant: &Grant,
    same: impl Fn(&Grant) -> bool,
) -> Vec<u64> {
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
