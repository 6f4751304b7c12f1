//! R34: a step that came later than its limit, or has not come.
//!
//! Three decisions name limits: the certificate policy for review and approval, a programme's
//! policy for the steps of its chain, and an appeal for its answer.

use super::case::Case;
use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::grants::Grant;
use super::step::StepKind;
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S3};
use crate::value::{ChainStep, Day, FactKind, Lang};

/// R34: overtime.
pub(super) static R34: Rule = Rule {
    id: "R34",
    version: 2,
    title_zh: "办理超时",
    title_en: "a step overdue",
    severity: S3,
    kind: Conclusive,
    test: "approval or refusal came, or has not come by the day judged, later than the policy's \
           working days (ten) after the notice was closed clear or waived, and the review names \
           no cause of delay; or a step of a benefit's chain came, or has not come, later than the \
           working days its policy gives it after the step before, days of the village notice \
           apart; or an appeal was answered or declined, or is unanswered, after the day it names",
    inputs: "a notice closed clear or waived, a benefit applied for, or an appeal on the ledger; a \
             step without a limit in the policy has none",
    guards: &[
        "a cause of delay named in the review",
        "a correction on the ledger that names the step and says why",
        "a case returned for correction: counted from its new acceptance",
        "a benefit decided before all its steps, or whose applicant died",
        "public holidays and make-up workdays",
    ],
    todo_zh: "督促办结并说明原因",
    todo_en: "have the case decided, and the delay explained",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for case in &file.chain {
        certificate(&R34, view, file, case, out);
        appeal(view, case, out);
    }
    for grant in &file.grants.list {
        let case = file.chain.iter().find(|known| known.case == grant.case);
        if let Some(case) = case {
            benefit(view, file, grant, case, out);
        }
    }
}

/// Review and approval of a certificate, which is all that version 1 knew.
pub(super) fn judge_certificates(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    for case in &file.chain {
        certificate(rule, view, file, case, out);
    }
}

/// Review and approval after the notice.
fn certificate(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    case: &Case,
    out: &mut Findings<'_>,
) {
    let decides = |kind: &StepKind| matches!(kind, StepKind::Approved | StepKind::Refused);
    let decided = case.steps.iter().find(|entry| decides(&entry.step.kind));
    let before = decided.map_or(u64::MAX, |entry| entry.index);
    let cleared =
        |kind: &StepKind| matches!(kind, StepKind::Waived | StepKind::Closed { clear: true });
    let Some(closed) = case.last(before, cleared) else { return };
    let again = case.last(before, |kind| *kind == StepKind::Accepted);
    let from = again.filter(|entry| entry.index > closed.index).unwrap_or(closed);
    let returned = case.last(before, |kind| {
        matches!(kind, StepKind::Reviewed { agreed: false, .. } | StepKind::Concluded { .. })
    });
    // Back with the applicant, or assessed again: nobody owes a decision yet.
    let waits = returned.is_some_and(|entry| entry.index > from.index);
    let named = |kind: &StepKind| matches!(kind, StepKind::Reviewed { delay_named: true, .. });
    if case.last(before, named).is_some() || (decided.is_none() && waits) {
        return;
    }
    let until = decided.map_or(view.on, |entry| entry.at);
    let terms = file.division().and_then(|place| view.terms.case(place, from.at));
    let Some(limit) = terms.map(|terms| terms.review_working_days) else { return };
    let days = view.terms.working_days(from.at, until);
    if days > limit {
        let zh = format!("公示结束后 {days} 个工作日，时限 {limit} 个");
        let en = format!("{days} working days after the notice; the limit is {limit}");
        let finding = Finding::new(rule, zh, en).seen(from.index);
        out.add(finding.all_seen(decided.map(|entry| entry.index)));
    }
}

/// Each step of the policy's chain up to the determination, counted from the one before.
fn benefit(view: &View<'_>, file: &PersonFile, grant: &Grant, case: &Case, out: &mut Findings<'_>) {
    let Some(policy) = view.terms.policy(grant.programme, grant.division, grant.month) else {
        return;
    };
    let applied = case.steps.iter().find(|entry| entry.step.kind == StepKind::BenefitApplied);
    let Some(mut before) = applied else { return };
    let decided = case.steps.iter().find(|entry| entry.step.kind == StepKind::BenefitDetermined);
    let died = file.facts_of(|kind| kind == FactKind::Death).next().is_some();
    for step in policy.chain.iter().filter(|step| step.step <= ChainStep::Determination) {
        let done = case.steps.iter().find(|entry| chain_step(&entry.step.kind) == Some(step.step));
        // What is decided, or nobody lives to receive, waits for no step.
        if done.is_none() && (decided.is_some() || died) {
            return;
        }
        let published = match done.map(|entry| &entry.step.kind) {
            Some(StepKind::BenefitFirst { notice }) => notice.map_or(0, length),
            None if step.step == ChainStep::FirstReview => {
                policy.notice_days.and_then(|days| i32::try_from(days).ok()).unwrap_or(0)
            }
            _ => 0,
        };
        let until = done.map_or(view.on, |entry| entry.at).plus_days(-published);
        let days = view.terms.working_days(before.at, until);
        if let Some(limit) = step.working_days.filter(|limit| days > *limit)
            && !done.is_some_and(|entry| entry.explained)
        {
            let (name_zh, name_en) = (step.step.words(Lang::Zh), step.step.words(Lang::En));
            let zh = format!("{name_zh}用时 {days} 个工作日，时限 {limit} 个");
            let en = format!("{days} working days for the {name_en}; the limit is {limit}");
            let finding = Finding::new(&R34, zh, en).programme(Some(grant.programme));
            let finding = finding.month(Some(grant.month)).seen(before.index);
            out.add(finding.all_seen(done.map(|entry| entry.index)));
        }
        let Some(done) = done else { return };
        before = done;
    }
}

/// How many days a notice hangs, both ends included.
fn length((from, to): (Day, Day)) -> i32 {
    (to.since(from) + 1).max(0)
}

const fn chain_step(kind: &StepKind) -> Option<ChainStep> {
    Some(match kind {
        StepKind::BenefitFirst { .. } => ChainStep::FirstReview,
        StepKind::BenefitSecond => ChainStep::SecondReview,
        StepKind::BenefitChecked { step } => *step,
        StepKind::BenefitDetermined => ChainStep::Determination,
        _ => return None,
    })
}

/// Each appeal against its own day.
fn appeal(view: &View<'_>, case: &Case, out: &mut Findings<'_>) {
    for filed in &case.steps {
        let StepKind::Appealed { due } = filed.step.kind else { continue };
        let mut later = case.steps.iter().filter(|entry| entry.index > filed.index);
        let answered = later.find(|entry| entry.step.kind == StepKind::AppealAnswered);
        let until = answered.map_or(view.on, |entry| entry.at);
        if until > due && !answered.is_some_and(|entry| entry.explained) {
            let zh = format!("复核评定应于 {due} 前答复");
            let en = format!("the appeal was to be answered by {due}");
            let finding = Finding::new(&R34, zh, en).seen(filed.index);
            out.add(finding.all_seen(answered.map(|entry| entry.index)));
        }
    }
}
