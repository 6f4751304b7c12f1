//! R53: a public notice that showed somebody who is not shown, or hung after it was over.
//!
//! That the view shows no more than the mask lets is held by the door and the public page: the view
//! is computed from what was signed, and one that differs from the signed hash is withheld. What is
//! left for a rule is who was published and for how long.

use super::case::{Case, Entry};
use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::step::StepKind;
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S1};
use crate::value::Day;

/// R53: unmasked disclosure.
pub(super) static R53: Rule = Rule {
    id: "R53",
    version: 1,
    title_zh: "公示不当泄露个人信息",
    title_en: "disclosure by a notice",
    severity: S1,
    kind: Conclusive,
    test: "a notice of a case on the ledger is of a minor, whose conclusion policy does not \
           publish; or it was over (closed, or past its last day and not objected to), and more \
           working days later than policy gives (three) the ledger does not say that it was taken \
           down, or says that it hung longer than that",
    inputs: "the notice of a case on the ledger, and the birth date of its application",
    guards: &[
        "a notice taken down within those days",
        "an objection that is still open: the notice hangs on",
        "a notice that was posted again: the paper changed hands",
        "an adult on the day it was posted",
        "imported rows: they do not say what was shown",
        "a view that shows more than the mask: the public page withholds it",
    ],
    todo_zh: "立即撤下并登记，告知本人",
    todo_en: "take it down, record it and tell the person",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for case in &file.chain {
        for entry in &case.steps {
            if let StepKind::Posted { closes, .. } = entry.step.kind {
                minor(view, file, case, entry, out);
                hanging(view, file, case, (entry, closes), out);
            }
        }
    }
}

fn minor(view: &View<'_>, file: &PersonFile, case: &Case, posted: &Entry, out: &mut Findings<'_>) {
    // What was verified counts before what was claimed.
    let birth = case.steps.iter().rev().find_map(|entry| match entry.step.kind {
        StepKind::Verified { birth } => Some(birth),
        _ => None,
    });
    let claimed = || {
        case.steps.iter().find_map(|entry| match entry.step.kind {
            StepKind::Submitted { birth, .. } => Some(birth),
            _ => None,
        })
    };
    let Some(birth) = birth.or_else(claimed) else { return };
    let Some(place) = file.division() else { return };
    let from_age = view.terms.notice_from_age(place, posted.at);
    if from_age.is_some_and(|age| posted.at.age_from(birth) < age) {
        let zh = format!("{} 公示未成年人", posted.at);
        let en = format!("the notice of a minor was posted on {}", posted.at);
        out.add(Finding::new(&R53, zh, en).seen(posted.index));
    }
}

/// From the day it was closed, or from its last day where nobody closed it, an objection is not open
/// and none is posted in its place.
fn hanging(
    view: &View<'_>,
    file: &PersonFile,
    case: &Case,
    posted: (&Entry, Day),
    out: &mut Findings<'_>,
) {
    let (posted, last_day) = posted;
    let (mut over, mut down) = (Some((last_day, posted)), None);
    for entry in case.steps.iter().filter(|entry| entry.index > posted.index) {
        match entry.step.kind {
            StepKind::Posted { .. } => return,
            StepKind::Objected => over = None,
            StepKind::Closed { .. } => over = Some((entry.at, entry)),
            StepKind::TakenDown { removed_on } => {
                down = Some((removed_on, entry));
                break;
            }
            _ => {}
        }
    }
    let (Some((over, since)), Some(place)) = (over, file.division()) else { return };
    let terms = view.terms.case(place, over);
    let Some(limit) = terms.and_then(|terms| terms.take_down_working_days) else { return };
    let until = down.map_or(view.on, |(day, _)| day);
    let days = view.terms.working_days(over, until);
    if days <= limit {
        return;
    }
    let (zh, en) = match down {
        Some(_) => (
            format!("公示 {over} 结束，{until} 才撤下，相隔 {days} 个工作日"),
            format!("over {over}, taken down {until}: {days} working days"),
        ),
        None => (
            format!("公示 {over} 结束，{days} 个工作日后仍未登记撤下"),
            format!("over {over}, not taken down {days} working days later"),
        ),
    };
    let finding = Finding::new(&R53, zh, en).seen(posted.index).seen(since.index);
    out.add(finding.all_seen(down.map(|(_, entry)| entry.index)));
}
