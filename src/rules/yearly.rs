//! R51: a benefit that nobody has looked at for a year.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S3};
use crate::value::FactKind;

/// R51: annual review missed.
pub(super) static R51: Rule = Rule {
    id: "R51",
    version: 1,
    title_zh: "年度复核逾期",
    title_en: "annual review missed",
    severity: S3,
    kind: Conclusive,
    test: "a benefit whose policy asks for an annual review is running on the day judged, and more \
           than twelve months have passed since it was determined, resumed or reviewed",
    inputs: "a benefit determined on the ledger; a policy with annual review",
    guards: &[
        "determined or resumed within the year",
        "stopped",
        "a death on record: other rules speak",
        "a programme without annual review",
        "payments of old rolls only",
    ],
    todo_zh: "安排复核，确认生存状况和资格",
    todo_en: "hold the review: does the person live, and are they still entitled?",
};

const MONTHS_MAX: i32 = 12;

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    if file.facts_of(|kind| kind == FactKind::Death).next().is_some() {
        return;
    }
    let month = view.on.month();
    for grant in file.grants.list.iter().filter(|grant| grant.is_active(month)) {
        let policy = view.terms.policy(grant.programme, grant.division, month);
        let Some(last) = grant.looked_at.filter(|_| policy.is_some_and(|it| it.annual_review))
        else {
            continue;
        };
        if view.on > last.at.plus_months(MONTHS_MAX) {
            let zh = format!("上次审定或复核为 {}", last.at);
            let en = format!("last determined or reviewed on {}", last.at);
            let finding = Finding::new(&R51, zh, en).programme(Some(grant.programme));
            out.add(finding.seen(last.index));
        }
    }
}
