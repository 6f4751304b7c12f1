//! Paid after the right to it was lost: R01 death, R11 another benefit, R41 prison, and R15 for
//! a loss that lasts.

use std::collections::BTreeMap;

use super::file::{FactEntry, Payment, PersonFile};
use super::flag::{Finding, Findings, Rule};
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S1};
use crate::value::{FactKind, Fen, Month, Programme};

pub(super) const NAMESAKE: &str = "a namesake in the list: facts join by ID number only";
pub(super) const UNSURE: &str =
    "a fact whose name is another's, or not signed by its custodian: a lead only";

/// R01: paid after death.
pub(super) static R01: Rule = Rule {
    id: "R01",
    version: 1,
    title_zh: "死亡后仍发放",
    title_en: "paid after death",
    severity: S1,
    kind: Conclusive,
    test: "a month of living allowance or nursing care is paid that is later than the month of \
           death",
    inputs: "a death recorded for the payee's ID number",
    guards: &[
        "the month of death itself is payable",
        "a payment that came back is not a payment",
        "a death reported in error and retracted",
        NAMESAKE,
        UNSURE,
    ],
    todo_zh: "核对死亡信息，停发并追缴死亡次月起的补贴",
    todo_en: "confirm the death, stop, and recover what was paid from the month after it",
};

/// R11: paid in a month of a benefit that rules it out.
pub(super) static R11: Rule = Rule {
    id: "R11",
    version: 1,
    title_zh: "重复享受不可兼得的待遇",
    title_en: "paid together with an excluding benefit",
    severity: S1,
    kind: Conclusive,
    test: "a month is paid in which a benefit lasts that policy excludes: extreme-poverty support \
           or the work-injury nursing fee for both subsidies, the orphan allowance for living \
           allowance only",
    inputs: "the excluding benefit recorded for the payee's ID number",
    guards: &[
        "the excluding benefit ended before the month, or began after it",
        "orphans may receive nursing care",
        NAMESAKE,
        UNSURE,
    ],
    todo_zh: "核对两项待遇起止月份，停发并追缴重叠月份",
    todo_en: "check both periods, stop, and recover the months that overlap",
};

/// R41: paid in prison.
pub(super) static R41: Rule = Rule {
    id: "R41",
    version: 1,
    title_zh: "服刑期间发放",
    title_en: "paid while in prison",
    severity: S1,
    kind: Conclusive,
    test: "a paid month is later than the month in which the judgment took effect and earlier \
           than the month of release",
    inputs: "a prison sentence recorded for the payee's ID number",
    guards: &[
        "the month of judgment is payable, and the month of release",
        "released before the month",
        NAMESAKE,
        UNSURE,
    ],
    todo_zh: "核对服刑起止，停发并追缴",
    todo_en: "check judgment and release, stop, and recover",
};

/// R15: a loss paid for a year or more.
pub(super) static R15: Rule = Rule {
    id: "R15",
    version: 1,
    title_zh: "超发十二个月以上",
    title_en: "over-paid for twelve months or more",
    severity: S1,
    kind: Conclusive,
    test: "twelve or more months of one programme are unpayable by R01, R03, R11, R13 or R41",
    inputs: "twelve months of payments of one person and programme",
    guards: &["a month that is unpayable for two reasons counts once", "leads do not count"],
    todo_zh: "查清长期未停发的原因和责任，全额追缴",
    todo_en: "find out why it was not stopped for so long, and recover all of it",
};

const UNPAYABLE: [&str; 5] = ["R01", "R03", "R11", "R13", "R41"];
const LASTING_MONTHS_MIN: usize = 12;

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    if file.facts.is_empty() {
        return;
    }
    for (_, payment) in file.monthly(view.terms) {
        for month in payment.months() {
            after_death(file, payment, month, out);
            excluded(view, file, payment, month, out);
            in_prison(file, payment, month, out);
        }
    }
}

/// The fact to rest on: a sure one, if any.
fn best<'f>(
    file: &PersonFile,
    facts: impl Iterator<Item = &'f FactEntry>,
) -> Option<&'f FactEntry> {
    facts.min_by_key(|entry| (!file.is_sure(&entry.fact), entry.index))
}

fn paid_in(rule: &'static Rule, payment: &Payment, month: Month, why: (String, String)) -> Finding {
    Finding::new(rule, why.0, why.1).payment(payment).month(Some(month)).money(payment.share())
}

fn after_death(file: &PersonFile, payment: &Payment, month: Month, out: &mut Findings<'_>) {
    let deaths = file.facts_of(|kind| kind == FactKind::Death);
    let before = deaths.filter(|death| death.fact.from.month() < month);
    if let Some(death) = best(file, before) {
        let day = death.fact.from;
        let why = (format!("死亡 {day}，仍发放 {month}"), format!("died {day}, paid for {month}"));
        let finding = paid_in(&R01, payment, month, why).seen(death.index);
        out.add(finding.sure(file.is_sure(&death.fact)));
    }
}

fn excluded(
    view: &View<'_>,
    file: &PersonFile,
    payment: &Payment,
    month: Month,
    out: &mut Findings<'_>,
) {
    let paid = &payment.paid;
    let kinds = view.terms.exclusions(paid.programme, paid.division, month);
    let lasting = file.facts_of(|kind| kinds.contains(kind)).filter(|entry| {
        let Some(to) = entry.fact.to else { return entry.fact.from.month() <= month };
        entry.fact.from.month() <= month && month <= to.month()
    });
    if let Some(other) = best(file, lasting) {
        let (zh, en) = name_of(other.fact.kind);
        let from = other.fact.from.month();
        let why = (
            format!("{month} 同时享受{zh}（{from} 起）"),
            format!("{month} paid together with {en} (from {from})"),
        );
        let finding = paid_in(&R11, payment, month, why).seen(other.index);
        out.add(finding.sure(file.is_sure(&other.fact)));
    }
}

/// Says whether a sentence makes a month unpayable.
pub(super) fn is_in_prison(entry: &FactEntry, month: Month) -> bool {
    let fact = &entry.fact;
    fact.kind == FactKind::Imprisonment
        && fact.from.month() < month
        && fact.to.is_none_or(|to| month < to.month())
}

fn in_prison(file: &PersonFile, payment: &Payment, month: Month, out: &mut Findings<'_>) {
    let sentences = file.facts.iter().filter(|entry| is_in_prison(entry, month));
    if let Some(sentence) = best(file, sentences) {
        let day = sentence.fact.from;
        let why = (
            format!("判决 {day} 生效，服刑期间发放 {month}"),
            format!("judgment took effect {day}, paid for {month} in prison"),
        );
        let finding = paid_in(&R41, payment, month, why).seen(sentence.index);
        out.add(finding.sure(file.is_sure(&sentence.fact)));
    }
}

const fn name_of(kind: FactKind) -> (&'static str, &'static str) {
    match kind {
        FactKind::ExtremePovertySupport => ("特困供养", "extreme-poverty support"),
        FactKind::OrphanAllowance => ("孤儿基本生活费", "the orphan allowance"),
        FactKind::WorkInjuryNursingFee => ("工伤护理费", "the work-injury nursing fee"),
        _ => ("不可兼得的待遇", "an excluding benefit"),
    }
}

/// R15 reads the flags that the other rules of unpayable months have raised.
pub(super) fn judge_lasting(out: &mut Findings<'_>) {
    // A month, with what it cost and what shows it; a month unpayable twice counts once.
    type Months = BTreeMap<Month, (Fen, Vec<u64>)>;
    let mut lost: BTreeMap<Programme, Months> = BTreeMap::new();
    for flag in out.flags.iter().filter(|flag| UNPAYABLE.contains(&flag.rule.id)) {
        if let (Some(programme), Some(month), Conclusive) = (flag.programme, flag.month, flag.kind)
        {
            let months = lost.entry(programme).or_default();
            let (money, evidence) = months.entry(month).or_default();
            *money = (*money).max(flag.money_at_risk);
            evidence.extend(&flag.evidence);
        }
    }
    for (programme, months) in lost {
        let count = months.len();
        if count >= LASTING_MONTHS_MIN {
            let why = (format!("{count} 个月不应发放"), format!("{count} months were not payable"));
            let money = months.values().map(|(money, _)| *money).sum();
            let finding = Finding::new(&R15, why.0, why.1).programme(Some(programme)).money(money);
            out.add(finding.all_seen(months.into_values().flat_map(|(_, evidence)| evidence)));
        }
    }
}
