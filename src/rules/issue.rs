//! What a certificate issued on the ledger rests on: R21 an assessment, R23 its conclusion, R26 no
//! open objection, R45 a new assessment after one by sight.
//!
//! The gates refuse such an issue; these rules find one that a faulty version let through, and
//! show it to whoever does not trust the gates. An imported row is not judged: its steps are not on
//! the ledger.

use super::case::{Case, Entry};
use super::certificate::Certificate;
use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::step::{StepGrade, StepKind};
use crate::event::{
    ApplicationKind,
    FlagKind::Conclusive,
    Severity::{S1, S2},
};
use crate::value::{Category, CertificateId, Level};

/// R21: no assessment.
pub(super) static R21: Rule = Rule {
    id: "R21",
    version: 1,
    title_zh: "未经评定发证",
    title_en: "issued without an assessment",
    severity: S1,
    kind: Conclusive,
    test: "a certificate was issued in a case of a first application, a renewal or a regrade, and \
           no conclusion of that case that meets the standard stands before it",
    inputs: "the certificate's case on the ledger",
    guards: &[
        "an imported row: its steps are not on the ledger",
        "a card replaced or exchanged: it says what its predecessor said",
        "a conclusion that fell by an objection, when a later one stands",
    ],
    todo_zh: "停用该证并补做评定，追查发证环节",
    todo_en: "put the card out of use, have the holder assessed, ask how it was issued",
};

/// R23: another grade than concluded.
pub(super) static R23: Rule = Rule {
    id: "R23",
    version: 1,
    title_zh: "证载类别等级与评定结论不符",
    title_en: "the card says another grade than the conclusion",
    severity: S1,
    kind: Conclusive,
    test: "category, level or components of the issued certificate are not those of the last \
           conclusion of its case before the issue",
    inputs: "the certificate's case on the ledger, with a conclusion",
    guards: &[
        "components in another order",
        "a second round or a reassessment: the last conclusion counts",
        "a card replaced or exchanged",
    ],
    todo_zh: "按评定结论更正证件并追查经办人",
    todo_en: "correct the card from the conclusion; ask who changed the grade",
};

/// R26: an open objection.
pub(super) static R26: Rule = Rule {
    id: "R26",
    version: 1,
    title_zh: "异议未处理即批准",
    title_en: "approved with an open objection",
    severity: S1,
    kind: Conclusive,
    test: "an objection was raised before the approval, or before the issue where no approval \
           stands, and nobody had resolved it by then",
    inputs: "the certificate's case on the ledger",
    guards: &["an objection resolved before the approval", "an objection raised afterwards"],
    todo_zh: "处理异议后重新审核批准",
    todo_en: "resolve the objection, then review and approve again",
};

/// R45: renewed without a new assessment.
pub(super) static R45: Rule = Rule {
    id: "R45",
    version: 1,
    title_zh: "目测证未重新评定即换领",
    title_en: "card assessed by sight renewed without a new assessment",
    severity: S2,
    kind: Conclusive,
    test: "a certificate that the register says was assessed by sight was renewed on the ledger, \
           and the case has no conclusion, or only one whose every assessment was by sight again",
    inputs: "the old card's row with its assessor columns; the case of the renewal",
    guards: &[
        "one assessment of the conclusion that was not by sight",
        "an old card with assessors",
    ],
    todo_zh: "重新评定后再换证",
    todo_en: "have the holder assessed, then renew",
};

pub(super) fn judge(file: &PersonFile, out: &mut Findings<'_>) {
    for case in &file.chain {
        let Some((issue, certificate)) = case.issue() else { continue };
        open_objection(case, issue, out);
        if !case.needs_assessment() {
            continue;
        }
        let conclusion = case.conclusion(issue.index);
        match conclusion.and_then(|(entry, grade, _)| Some((entry, grade?))) {
            None => {
                let zh = "发证前案卷中没有符合标准的评定结论";
                let en = "no conclusion that meets the standard stands before the issue";
                out.add(Finding::new(&R21, zh, en).seen(issue.index));
            }
            Some((entry, grade)) => {
                differs(card(file, certificate), entry, grade, out);
            }
        }
        renewed_by_sight(file, case, issue, out);
    }
}

fn card(file: &PersonFile, id: CertificateId) -> Option<&Certificate> {
    file.certificates.iter().find(|card| card.certificate == id)
}

fn differs(
    card: Option<&Certificate>,
    conclusion: &Entry,
    grade: &StepGrade,
    out: &mut Findings<'_>,
) {
    let Some(card) = card else { return };
    let sorted = |parts: &[crate::value::Component]| -> Vec<(Category, Level)> {
        let mut parts: Vec<_> = parts.iter().map(|part| (part.category, part.level)).collect();
        parts.sort_unstable();
        parts
    };
    let same = (card.category, card.level) == (grade.category, grade.level)
        && sorted(&card.components) == sorted(&grade.components);
    if same {
        return;
    }
    let (of_card, concluded) = (card.level.number(), grade.level.number());
    let (zh, en) = if card.category != grade.category {
        ("证载类别与评定结论不符".to_owned(), "the category is not the concluded one".to_owned())
    } else if of_card == concluded {
        ("证载多重残疾明细与评定结论不符".to_owned(), "other components than concluded".to_owned())
    } else {
        let zh = format!("证载 {of_card} 级，评定结论 {concluded} 级");
        (zh, format!("level {of_card} on the card, level {concluded} concluded"))
    };
    out.add(Finding::new(&R23, zh, en).card(card).seen(conclusion.index));
}

fn open_objection(case: &Case, issue: &Entry, out: &mut Findings<'_>) {
    let approved = case.last(issue.index, |kind| *kind == StepKind::Approved);
    let before = approved.unwrap_or(issue).index;
    let raised = case
        .steps
        .iter()
        .filter(|entry| entry.index < before && entry.step.kind == StepKind::Objected);
    for objection in raised {
        let resolves = StepKind::Resolved { objection: objection.statement };
        if case.last(before, |kind| *kind == resolves).is_none() {
            let finding = Finding::new(&R26, "批准时异议尚未处理", "an objection was still open");
            out.add(finding.seen(objection.index).seen(before));
        }
    }
}

fn renewed_by_sight(file: &PersonFile, case: &Case, issue: &Entry, out: &mut Findings<'_>) {
    if case.kind() != Some(ApplicationKind::Renew) {
        return;
    }
    let old = case.steps.iter().find_map(|entry| match entry.step.kind {
        StepKind::Submitted { certificate, .. } => certificate,
        _ => None,
    });
    let Some(old) = old.and_then(|old| card(file, old)) else { return };
    if !old.row.as_ref().is_some_and(|row| row.assessed_by_sight) {
        return;
    }
    let assessed = case.conclusion(issue.index).is_some_and(|(_, _, assessments)| {
        case.steps.iter().any(|entry| {
            entry.step.kind == StepKind::Assessed { by_sight: false }
                && assessments.contains(&entry.statement)
        })
    });
    if !assessed {
        let zh = "原证系目测评定，换领时未重新评定";
        let en = "the old card was assessed by sight, and no new assessment was made";
        out.add(Finding::new(&R45, zh, en).card(old).seen(issue.index));
    }
}
