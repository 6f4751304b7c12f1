//! The steps of a case on the ledger against what policy asks: R22 assessors, R25 notice, R27
//! duties in one hand. The same rules read imported rows in `review`.

use super::case::{Case, Entry};
use super::file::{PersonFile, TurnEntry};
use super::flag::{Finding, Findings, Rule};
use super::key::ActorRef;
use super::review::{R22, R25, R27};
use super::step::{StepKind, Turn};
use super::view::View;
use crate::event::ApplicationKind;
use crate::value::{Category, Tag};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for case in &file.chain {
        one_hand(&R27, view, file, (case, &transfers(file, case)), out);
        if let Some((issue, _)) = case.issue().filter(|_| case.needs_assessment()) {
            assessors(view, file, case, issue, out);
            notice(view, file, case, issue, out);
        }
    }
}

fn assessors(
    view: &View<'_>,
    file: &PersonFile,
    case: &Case,
    issue: &Entry,
    out: &mut Findings<'_>,
) {
    let Some((conclusion, grade, statements)) = case.conclusion(issue.index) else { return };
    let Some(place) = file.division() else { return };
    let records: Vec<&Entry> = case
        .steps
        .iter()
        .filter(|entry| matches!(entry.step.kind, StepKind::Assessed { .. }))
        .filter(|entry| statements.contains(&entry.statement))
        .collect();
    let mut people: Vec<ActorRef> = Vec::new();
    for entry in &records {
        if !people.iter().any(|known| view.same_person(*known, entry.step.by)) {
            people.push(entry.step.by);
        }
    }
    let evidence = || records.iter().map(|entry| entry.index).chain([conclusion.index]);
    let needed = view.terms.assessors_min(place, conclusion.at);
    if needed.is_some_and(|needed| people.len() < needed as usize) {
        let count = people.len();
        let zh = format!("不同的评残医师仅 {count} 名");
        let en = format!("{count} different assessors");
        out.add(Finding::new(&R22, zh, en).all_seen(evidence()));
    }
    let needs_attending =
        view.terms.case(place, conclusion.at).is_some_and(|terms| terms.needs_attending);
    let attending = |by: &ActorRef| view.officer(*by).is_some_and(|officer| officer.attending);
    if needs_attending && !people.is_empty() && !people.iter().any(attending) {
        let (zh, en) = ("无主治医师以上人员签字", "no attending physician among the assessors");
        out.add(Finding::new(&R22, zh, en).all_seen(evidence()));
    }
    let assigned = case.last(conclusion.index, |kind| matches!(kind, StepKind::Assigned { .. }));
    let (Some(assigned), Some(grade)) = (assigned, grade) else { return };
    let StepKind::Assigned { institution } = assigned.step.kind else { return };
    let concluded = grade.components.iter().map(|part| part.category).chain([grade.category]);
    let categories: Vec<Category> =
        concluded.filter(|category| *category != Category::Multiple).collect();
    let designated = |day| {
        view.designation(institution, day).is_some_and(|found| {
            categories.iter().all(|category| found.categories.contains(category))
        })
    };
    // The day it was done, or the day the ledger decided it by.
    if !designated(assigned.at) && !designated(assigned.step.recorded) {
        let zh = "评定机构当日未被指定评定该类别";
        let en = "the institution was not designated for the category on that day";
        out.add(Finding::new(&R22, zh, en).all_seen(evidence()).seen(assigned.index));
    }
}

fn notice(view: &View<'_>, file: &PersonFile, case: &Case, issue: &Entry, out: &mut Findings<'_>) {
    let Some(place) = file.division() else { return };
    let Some(needed) = view.terms.notice_working_days(place, issue.at) else { return };
    let over = |kind: &StepKind| matches!(kind, StepKind::Waived | StepKind::Closed { .. });
    let finding = match case.last(issue.index, over) {
        Some(end) if end.step.kind == StepKind::Waived => {
            let birth = case.steps.iter().find_map(|entry| match entry.step.kind {
                StepKind::Submitted { birth, .. } => Some(birth),
                _ => None,
            });
            let from_age = view.terms.notice_from_age(place, end.at);
            let is_minor =
                birth.zip(from_age).is_none_or(|(birth, age)| end.at.age_from(birth) < age);
            if is_minor {
                return;
            }
            Finding::new(&R25, "成年人免公示", "the notice of an adult was waived").seen(end.index)
        }
        Some(end) if end.step.kind == (StepKind::Closed { clear: true }) => {
            let posted = case.steps.iter().rev().find_map(|entry| match entry.step.kind {
                StepKind::Posted { opens, .. } if entry.index < end.index => Some((entry, opens)),
                _ => None,
            });
            let days = posted.map(|(_, opens)| view.terms.working_days(opens, end.at));
            match (posted, days) {
                (Some((entry, opens)), Some(days)) if days < needed => {
                    let zh = format!("公示 {opens} 至 {}，{days} 个工作日", end.at);
                    let en = format!("notice from {opens} to {}: {days} working days", end.at);
                    Finding::new(&R25, zh, en).seen(entry.index).seen(end.index)
                }
                (Some(_), _) => return,
                (None, _) => {
                    Finding::new(&R25, "未张贴公示", "no notice was posted").seen(end.index)
                }
            }
        }
        _ => Finding::new(&R25, "公示未无异议结束", "no notice was closed clear"),
    };
    out.add(finding.seen(issue.index));
}

/// The duties that different people have: five of a certificate's case, five of a benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Duty {
    Accept,
    Assess,
    Review,
    Approve,
    Print,
    FirstReview,
    SecondReview,
    Determine,
    Authorise,
    Pay,
}

impl Duty {
    const fn of(kind: &StepKind) -> Option<Self> {
        Some(match kind {
            StepKind::Submitted { .. } | StepKind::Accepted | StepKind::NotAccepted => Self::Accept,
            StepKind::Assessed { .. } => Self::Assess,
            StepKind::Reviewed { .. } => Self::Review,
            StepKind::Approved | StepKind::Refused => Self::Approve,
            StepKind::Printed { .. } | StepKind::Issued { .. } => Self::Print,
            StepKind::BenefitApplied | StepKind::BenefitFirst { .. } => Self::FirstReview,
            StepKind::BenefitSecond => Self::SecondReview,
            StepKind::BenefitDetermined => Self::Determine,
            _ => return None,
        })
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Accept => ("受理", "acceptance"),
            Self::Assess => ("评定", "assessment"),
            Self::Review => ("审核", "review"),
            Self::Approve => ("批准", "approval"),
            Self::Print => ("制证", "printing"),
            Self::FirstReview => ("初审", "first review"),
            Self::SecondReview => ("复审", "second review"),
            Self::Determine => ("审定", "determination"),
            Self::Authorise => ("拨付审批", "authorisation"),
            Self::Pay => ("发放", "payment"),
        }
    }
}

/// The duties of a certificate's case that has no approval of its own: the counties between which
/// the certificate moved have approved it.
fn transfers<'f>(file: &'f PersonFile, case: &Case) -> Vec<&'f TurnEntry> {
    let asked = case.steps.iter().find_map(|entry| match entry.step.kind {
        StepKind::Submitted { kind: ApplicationKind::Transfer, certificate, .. } => {
            Some((entry.index, certificate?))
        }
        _ => None,
    });
    let Some((from, certificate)) = asked else { return Vec::new() };
    let moves = |turn| matches!(turn, Turn::TransferredOut { .. } | Turn::TransferredIn { .. });
    let mut found = Vec::new();
    for entry in file.turns.iter().filter(|entry| entry.certificate == certificate) {
        if entry.index > from && moves(entry.turn) {
            found.push(entry);
            if matches!(entry.turn, Turn::TransferredIn { .. }) {
                break;
            }
        }
    }
    found
}

/// As version 2 had it, which did not look at transfers.
pub(super) fn judge_without_transfers(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    for case in &file.chain {
        one_hand(rule, view, file, (case, &[]), out);
    }
}

fn one_hand(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    (case, transfers): (&Case, &[&TurnEntry]),
    out: &mut Findings<'_>,
) {
    let duty = |entry: &Entry| Some((Duty::of(&entry.step.kind)?, entry.step.by, entry.index));
    let mut taken: Vec<(Duty, ActorRef, u64)> = case.steps.iter().filter_map(duty).collect();
    taken.extend(transfers.iter().map(|entry| (Duty::Approve, entry.by, entry.index)));
    let of_case = file.cases.iter().find(|(known, ..)| *known == case.case);
    if let Some((_, programme, _)) = of_case {
        // Several benefits of one programme follow one another: a payment is held against all.
        for payment in file.payments.iter().filter(|payment| payment.paid.programme == *programme) {
            let Some((batch, agent)) = payment.paid.batch else { continue };
            let by = view.authorised_by(batch);
            taken.extend(by.map(|by| (Duty::Authorise, by, payment.index)));
            taken.push((Duty::Pay, agent, payment.index));
        }
        taken.sort_by_key(|(duty, by, _)| (*duty as u8, *by));
        taken.dedup_by_key(|(duty, by, _)| (*duty as u8, *by));
    }
    // As `same_person`, each officer looked up once.
    let own: Vec<Option<Tag>> = taken.iter().map(|(_, by, _)| view.own(*by)).collect();
    for (at, (one, by, index)) in taken.iter().enumerate() {
        for ((other, also_by, also), also_own) in taken.iter().zip(&own).skip(at + 1) {
            let same = by == also_by || (own[at].is_some() && own[at] == *also_own);
            if one == other || !same {
                continue;
            }
            let ((one_zh, one_en), (other_zh, other_en)) = (one.words(), other.words());
            let zh = format!("{one_zh}与{other_zh}为同一人");
            let en = format!("{one_en} and {other_en} by one person");
            out.add(Finding::new(rule, zh, en).seen(*index).seen(*also));
        }
    }
}
