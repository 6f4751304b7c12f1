//! R48: a benefit stopped on a lead, without a person's verdict or without telling.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::grants::{Grant, GrantStop};
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S2, StopGround};
use crate::value::FactKind;

/// R48: stopped on a lead.
pub(super) static R48: Rule = Rule {
    id: "R48",
    version: 2,
    title_zh: "仅凭线索停发",
    title_en: "stopped on a lead",
    severity: S2,
    kind: Conclusive,
    test: "a benefit was stopped on a flag that no standing verdict confirms, or on a verdict about \
           another programme, or it cites a fact from which a flag was computed that stands \
           dismissed; or the person was not told in writing, and the ledger shows no sure death of \
           theirs",
    inputs: "a benefit stopped on the ledger",
    guards: &[
        "a flag of the programme, or of none, confirmed by an inspector, and the person told",
        "a death that its custodian recorded and did not retract",
        "an ordinary stop that was told in writing",
        "a stop that was lifted from its first month on",
    ],
    todo_zh: "核实停发依据，告知本人；停错的恢复并补发",
    todo_en: "check its ground and tell the person; if it was wrong, resume and pay back",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    judge_by(&R48, view, file, on_a_lead, out);
}

/// By any standing verdict on the person, as version 1 had it.
pub(super) fn judge_any_verdict(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    judge_by(rule, view, file, |file, _, stop| unconfirmed(file, stop), out);
}

/// What is wrong with a stop's ground, in both languages.
type Wrong = Option<(&'static str, &'static str)>;

fn judge_by(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    ground: impl Fn(&PersonFile, &Grant, &GrantStop) -> Wrong,
    out: &mut Findings<'_>,
) {
    for grant in &file.grants.list {
        for stop in grant.stops.iter().filter(|stop| !grant.is_active(stop.from)) {
            let silent = !stop.told && !died(file, stop);
            let untold =
                silent.then_some(("停发未书面告知本人", "the person was not told in writing"));
            let Some((zh, en)) = ground(file, grant, stop).or(untold) else { continue };
            let rate = view.terms.rate(grant.programme, grant.division, stop.from);
            let months = view.on.month().since(stop.from) + 1;
            let money = rate.unwrap_or_default().0.saturating_mul(i64::from(months.max(0)));
            let finding = Finding::new(rule, zh, en).programme(Some(grant.programme));
            let finding = finding.month(Some(stop.from)).seen(stop.moment.index);
            out.add(finding.money(crate::value::Fen(money)));
        }
    }
}

fn on_a_lead(file: &PersonFile, grant: &Grant, stop: &GrantStop) -> Wrong {
    let elsewhere =
        || stop.verdict.is_some_and(|verdict| !file.grants.is_about(verdict, grant.programme));
    let dismissed = || {
        let cited = file.facts.iter().filter(|entry| stop.refs.contains(&entry.statement));
        cited.into_iter().any(|entry| file.grants.is_dismissed_input(entry.statement))
    };
    unconfirmed(file, stop)
        .or_else(|| {
            elsewhere().then_some((
                "所依据的核查结论属于另一项目",
                "the verdict is about another programme",
            ))
        })
        .or_else(|| {
            dismissed().then_some((
                "停发所依据的信息，经核查疑点不属实",
                "a flag from the fact it cites was dismissed",
            ))
        })
}

fn unconfirmed(file: &PersonFile, stop: &GrantStop) -> Wrong {
    let on_flag = stop.refs.iter().any(|statement| file.grants.is_flag(*statement));
    let confirmed = stop.verdict.is_some_and(|verdict| file.grants.is_confirmed(verdict));
    let rests = (on_flag || stop.verdict.is_some()) && !confirmed;
    rests.then_some(("停发所依据的疑点未经确认", "the flag it rests on is not confirmed"))
}

fn died(file: &PersonFile, stop: &GrantStop) -> bool {
    let mut deaths = file.facts_of(|kind| kind == FactKind::Death);
    stop.ground == StopGround::Death && deaths.any(|death| file.is_sure(&death.fact))
}
