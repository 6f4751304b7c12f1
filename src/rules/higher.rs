//! R12: two allowances of one kind, of which only the higher is paid.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S2};
use crate::value::Lang;

/// R12: both of a pair paid.
pub(super) static R12: Rule = Rule {
    id: "R12",
    version: 1,
    title_zh: "未择高享受",
    title_en: "both of two allowances paid, not the higher",
    severity: S2,
    kind: Conclusive,
    test: "a month is paid in which an allowance lasts that policy lets the person choose against: \
           only the higher of the two is paid",
    inputs: "the other allowance recorded for the payee's ID number",
    guards: &[
        "the other allowance ended before the month, or began after it",
        "an allowance of the other kind: living beside nursing",
        "a fact that was retracted",
        "a fact whose name is another's, or not signed by its custodian: a lead only",
    ],
    todo_zh: "核对两项金额，保留较高的一项，追缴另一项重叠月份",
    todo_en: "compare both amounts, keep the higher, recover the months of the other",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    if !file.facts.iter().any(|entry| entry.fact.kind.is_allowance()) {
        return;
    }
    for (_, payment) in file.monthly(view.terms) {
        let paid = &payment.paid;
        for month in payment.months() {
            let Some(policy) = view.terms.policy(paid.programme, paid.division, month) else {
                continue;
            };
            let lasting = file.facts.iter().filter(|entry| {
                let fact = &entry.fact;
                policy.choose_higher_with.contains(&fact.kind)
                    && fact.from.month() <= month
                    && fact.to.is_none_or(|to| month <= to.month())
            });
            let best = lasting.min_by_key(|entry| (!file.is_sure(&entry.fact), entry.index));
            if let Some(other) = best {
                let kind = other.fact.kind;
                let zh = format!("{month} 同时享受{}", kind.words(Lang::Zh));
                let en = format!("{month} paid together with the {}", kind.words(Lang::En));
                let finding = Finding::new(&R12, zh, en).payment(payment).month(Some(month));
                let finding = finding.money(payment.share()).seen(other.index);
                out.add(finding.sure(file.is_sure(&other.fact)));
            }
        }
    }
}
