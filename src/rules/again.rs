//! R44: a new application too soon after a cancellation for not meeting the standard.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::step::StepKind;
use super::view::View;
use crate::event::{ApplicationKind, FlagKind::Conclusive, Severity::S3};

/// R44: applied again too early.
pub(super) static R44: Rule = Rule {
    id: "R44",
    version: 1,
    title_zh: "注销后过早再申请",
    title_en: "applied again too early",
    severity: S3,
    kind: Conclusive,
    test: "a first application came less than the policy's months (twelve) after a certificate of \
           the person was cancelled for not meeting the standard",
    inputs: "the cancellation with its ground, and the application, on the ledger",
    guards: &[
        "a cancellation on another ground",
        "a refused application: the measures name the cancellation only",
        "the day the months are over",
        "an imported cancellation: the register does not say why",
    ],
    todo_zh: "退回申请，告知可申请日期或异议渠道",
    todo_en: "return the application; say when, or that the conclusion can be appealed",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for entry in file.chain.iter().flat_map(|case| &case.steps) {
        let is_first =
            matches!(entry.step.kind, StepKind::Submitted { kind: ApplicationKind::New, .. });
        if !is_first {
            continue;
        }
        let terms = file.division().and_then(|place| view.terms.case(place, entry.at));
        let Some(months) = terms.map(|terms| terms.reapply_months) else { continue };
        let too_early = file
            .not_meeting
            .iter()
            .find(|(index, day)| *index < entry.index && entry.at < day.plus_months(months));
        if let Some((index, day)) = too_early {
            let zh = format!("{day} 因不符合标准注销，{} 再次申请", entry.at);
            let en = format!("cancelled {day} for not meeting the standard, applied {}", entry.at);
            out.add(Finding::new(&R44, zh, en).seen(*index).seen(entry.index));
        }
    }
}
