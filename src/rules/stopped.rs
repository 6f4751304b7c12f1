//! R48: a benefit stopped on a lead, without a person's verdict or without telling.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::grants::GrantStop;
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S2, StopGround};
use crate::value::FactKind;

/// R48: stopped on a lead.
pub(super) static R48: Rule = Rule {
    id: "R48",
    version: 1,
    title_zh: "仅凭线索停发",
    title_en: "stopped on a lead",
    severity: S2,
    kind: Conclusive,
    test: "a benefit was stopped on a flag that no standing verdict confirms; or the person was \
           not told in writing, and the ledger shows no sure death of theirs",
    inputs: "a benefit stopped on the ledger",
    guards: &[
        "a flag confirmed by an inspector, and the person told",
        "a death that its custodian recorded and did not retract",
        "an ordinary stop that was told in writing",
        "a stop that was lifted from its first month on",
    ],
    todo_zh: "核实停发依据,告知本人;停错的恢复并补发",
    todo_en: "check its ground and tell the person; if it was wrong, resume and pay back",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for grant in &file.grants.list {
        for stop in grant.stops.iter().filter(|stop| !grant.is_active(stop.from)) {
            let finding = if rests_on_unconfirmed_flag(file, stop) {
                let (zh, en) =
                    ("停发所依据的疑点未经确认", "the flag it rests on is not confirmed");
                Finding::new(&R48, zh, en)
            } else if !stop.told && !died(file, stop) {
                Finding::new(&R48, "停发未书面告知本人", "the person was not told in writing")
            } else {
                continue;
            };
            let rate = view.terms.rate(grant.programme, grant.division, stop.from);
            let months = view.on.month().since(stop.from) + 1;
            let money = rate.unwrap_or_default().0.saturating_mul(i64::from(months.max(0)));
            let finding = finding.programme(Some(grant.programme)).month(Some(stop.from));
            out.add(finding.money(crate::value::Fen(money)).seen(stop.moment.index));
        }
    }
}

fn rests_on_unconfirmed_flag(file: &PersonFile, stop: &GrantStop) -> bool {
    let on_flag = stop.refs.iter().any(|statement| file.grants.is_flag(*statement));
    let confirmed = stop.verdict.is_some_and(|verdict| file.grants.is_confirmed(verdict));
    (on_flag || stop.verdict.is_some()) && !confirmed
}

fn died(file: &PersonFile, stop: &GrantStop) -> bool {
    let mut deaths = file.facts_of(|kind| kind == FactKind::Death);
    stop.ground == StopGround::Death && deaths.any(|death| file.is_sure(&death.fact))
}
