//! How fast a case went, and when its steps were written down: R33 faster than the notice alone
//! takes, R35 recorded long after.

use super::case::{Case, Entry};
use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::step::StepKind;
use super::view::View;
use crate::event::{
    FlagKind::Conclusive,
    Severity::{S1, S2},
};

/// R33: a lightning case.
pub(super) static R33: Rule = Rule {
    id: "R33",
    version: 1,
    title_zh: "办理过快",
    title_en: "lightning case",
    severity: S1,
    kind: Conclusive,
    test: "a certificate that needs a public notice was issued fewer working days after the \
           acceptance of its case than the notice alone has to hang (five)",
    inputs: "acceptance and issue of one case on the ledger",
    guards: &[
        "a minor: the notice was waived",
        "a card replaced or exchanged: no notice",
        "public holidays and make-up workdays",
    ],
    todo_zh: "核查公示是否真实进行",
    todo_en: "find out whether the notice was held at all",
};

/// R35: a back-dated record.
pub(super) static R35: Rule = Rule {
    id: "R35",
    version: 1,
    title_zh: "倒签或逾期补录",
    title_en: "back-dated record",
    severity: S2,
    kind: Conclusive,
    test: "a step of a case was recorded more than the policy's working days (three) after the day \
           it gives, or gives a day before the one on which the step it rests on was recorded",
    inputs: "the steps of a case on the ledger; the policy's days for the first half",
    guards: &[
        "a correction on the ledger that names the step and says why",
        "steps side by side, such as two assessors: neither rests on the other",
        "the day the step before was recorded",
        "imported rows: they have no day of record of their own",
    ],
    todo_zh: "说明原因并核查原始记录",
    todo_en: "have it explained and compare the paper records",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for case in &file.chain {
        lightning(view, file, case, out);
        back_dated(view, file, case, out);
    }
}

fn lightning(view: &View<'_>, file: &PersonFile, case: &Case, out: &mut Findings<'_>) {
    let Some((issue, _)) = case.issue().filter(|_| case.needs_assessment()) else { return };
    if case.last(issue.index, |kind| *kind == StepKind::Waived).is_some() {
        return;
    }
    let accepted = case.steps.iter().find(|entry| entry.step.kind == StepKind::Accepted);
    let Some(accepted) = accepted.filter(|accepted| accepted.index < issue.index) else { return };
    let needed = file.division().and_then(|place| view.terms.notice_working_days(place, issue.at));
    let days = view.terms.working_days(accepted.at, issue.at);
    if needed.is_some_and(|needed| days < needed) {
        let zh = format!("{} 受理，{} 发证，仅 {days} 个工作日", accepted.at, issue.at);
        let en = format!("accepted {}, issued {}: {days} working days", accepted.at, issue.at);
        out.add(Finding::new(&R33, zh, en).seen(accepted.index).seen(issue.index));
    }
}

fn back_dated(view: &View<'_>, file: &PersonFile, case: &Case, out: &mut Findings<'_>) {
    let Some(place) = file.division() else { return };
    for entry in case.steps.iter().filter(|entry| !entry.explained) {
        let recorded = entry.step.recorded;
        let limit = view.terms.case(place, recorded).and_then(|terms| terms.record_working_days);
        let days = view.terms.working_days(entry.at, recorded);
        if limit.is_some_and(|limit| days > limit) {
            let zh = format!("{} 的步骤于 {recorded} 登记，相隔 {days} 个工作日", entry.at);
            let en = format!("done {}, recorded {recorded}: {days} working days", entry.at);
            out.add(Finding::new(&R35, zh, en).seen(entry.index));
        } else if let Some(basis) = rests_on(case, entry)
            && entry.at < basis.step.recorded
        {
            let zh = format!("日期 {} 早于前一步骤登记日 {}", entry.at, basis.step.recorded);
            let en = format!(
                "dated {}, before its basis was recorded {}",
                entry.at, basis.step.recorded
            );
            out.add(Finding::new(&R35, zh, en).seen(entry.index).seen(basis.index));
        }
    }
}

/// The latest earlier step that this one cannot do without.
fn rests_on<'a>(case: &'a Case, entry: &Entry) -> Option<&'a Entry> {
    use StepKind::{
        Accepted, Approved, Assessed, Assigned, BenefitApplied, BenefitDetermined, BenefitFirst,
        BenefitSecond, Closed, Concluded, Issued, Posted, Printed, Reviewed, Submitted, Verified,
        Waived,
    };
    let wanted: fn(&StepKind) -> bool = match &entry.step.kind {
        Verified { .. } | Accepted => |kind| matches!(kind, Submitted { .. }),
        Assigned { .. } => |kind| matches!(kind, Accepted),
        Assessed { .. } => |kind| matches!(kind, Assigned { .. }),
        Concluded { .. } => |kind| matches!(kind, Assessed { .. }),
        Posted { .. } | Waived => |kind| matches!(kind, Concluded { .. }),
        Closed { .. } => |kind| matches!(kind, Posted { .. }),
        Reviewed { .. } => |kind| matches!(kind, Closed { .. } | Waived),
        Approved => |kind| matches!(kind, Reviewed { .. }),
        Printed { .. } => |kind| matches!(kind, Approved),
        Issued { .. } => |kind| matches!(kind, Printed { .. }),
        BenefitFirst { .. } => |kind| matches!(kind, BenefitApplied),
        BenefitSecond => |kind| matches!(kind, BenefitFirst { .. }),
        BenefitDetermined => |kind| matches!(kind, BenefitSecond),
        _ => return None,
    };
    case.last(entry.index, wanted)
}
