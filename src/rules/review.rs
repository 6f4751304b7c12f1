//! How a certificate of the register came about: R22 assessors, R24 components, R25 notice, R27
//! two duties in one hand.
//!
//! This file reads the columns of imported rows; `duties` reads the steps of cases on the ledger.

use super::certificate::Certificate;
use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::record::{Columns, LegacyRow};
use super::view::View;
use crate::event::{
    FlagKind::Conclusive,
    Severity::{S1, S2},
};
use crate::value::Category;

pub(super) const ABSENT: &str = "a register without the column: a gap of the row, not a finding";

/// R22: too few assessors.
pub(super) static R22: Rule = Rule {
    id: "R22",
    version: 2,
    title_zh: "评残医师不足",
    title_en: "too few assessors",
    severity: S1,
    kind: Conclusive,
    test: "the row names fewer different assessors than policy asks for (two); on a case of the \
           ledger, the conclusion rests on fewer different people, or on no attending physician \
           where policy asks for one, or the institution was not designated for the category on \
           the day it was assigned",
    inputs: "a register with both assessor columns, or the certificate's case on the ledger",
    guards: &[
        ABSENT,
        "assessed by sight while that was lawful",
        "a designation that ended after the case was assigned",
        "an assessor whose record the conclusion does not rest on",
    ],
    todo_zh: "调取评定原件，必要时重新评定",
    todo_en: "call for the assessment form; assess again if needed",
};

/// R24: a multiple disability that does not add up.
pub(super) static R24: Rule = Rule {
    id: "R24",
    version: 1,
    title_zh: "多重残疾等级不符",
    title_en: "multiple disability does not add up",
    severity: S2,
    kind: Conclusive,
    test: "the category is multiple, and it has fewer than two components or not the level of the \
           most severe one",
    inputs: "a register with the components column",
    guards: &[ABSENT, "any other category"],
    todo_zh: "按评定表更正等级或明细",
    todo_en: "correct level or components from the assessment form",
};

/// R25: no notice, or a short one.
pub(super) static R25: Rule = Rule {
    id: "R25",
    version: 2,
    title_zh: "未公示或公示期不足",
    title_en: "public notice missing or short",
    severity: S1,
    kind: Conclusive,
    test: "the holder was of age when the certificate was issued, and the notice is missing or \
           shorter than five working days; the day after its first is day 1, its last counts. On \
           a case of the ledger: no notice closed clear after that many working days, and no \
           waiver for a minor",
    inputs: "a register with both notice columns, and a birth date; or the case on the ledger",
    guards: &[
        ABSENT,
        "a minor: no public notice",
        "public holidays and make-up workdays",
        "a notice that hangs anew after an objection was upheld: the last one counts",
    ],
    todo_zh: "补正公示程序，核查发证是否合规",
    todo_en: "check whether the issue was lawful; hold the notice that is missing",
};

/// R27: two duties in one hand.
pub(super) static R27: Rule = Rule {
    id: "R27",
    version: 3,
    title_zh: "一人兼任两个环节",
    title_en: "one officer, two duties",
    severity: S1,
    kind: Conclusive,
    test: "the receiver and the approver of the row are one officer; on a case of the ledger, one \
           human being took two of acceptance, assessment, review, approval and printing, where \
           handing a certificate over to another county or taking it over is approval; or of a \
           benefit's first review, second review, determination, authorisation and payment",
    inputs: "a register with both columns, or a case on the ledger",
    guards: &[
        ABSENT,
        "blank columns name nobody",
        "several steps of one duty, such as receiving and accepting, or printing and issuing",
        "one approver for both counties of a transfer",
        "other cases of the same officer",
    ],
    todo_zh: "复核该证件，追查审批分离执行情况",
    todo_en: "review the certificate; ask why the duties were not kept apart",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for card in &file.certificates {
        components(card, out);
        if let Some(row) = &card.row {
            assessors(view, card, row, &R22, out);
            notice(view, card, row, &R25, out);
            duties(card, row, &R27, out);
        }
    }
}

pub(super) fn assessors(
    view: &View<'_>,
    card: &Certificate,
    row: &LegacyRow,
    rule: &'static Rule,
    out: &mut Findings<'_>,
) {
    if row.absent.has_any(Columns::ASSESSOR_1.and(Columns::ASSESSOR_2)) {
        return;
    }
    if row.assessed_by_sight && view.terms.sight_allowed(row.division, row.issued) {
        return;
    }
    let [one, two] = row.assessors;
    let count = u32::from(one.is_some()) + u32::from(two.is_some() && two != one);
    // The register has two columns: more cannot be read from it.
    let needed = view.terms.assessors_min(row.division, row.issued).map(|needed| needed.min(2));
    if needed.is_some_and(|needed| count < needed) {
        let zh = format!("不同的评残医师仅 {count} 名");
        let en = format!("{count} different assessors");
        out.add(Finding::new(rule, zh, en).card(card));
    }
}

fn components(card: &Certificate, out: &mut Findings<'_>) {
    if card.category != Category::Multiple || !card.has_columns(Columns::COMPONENTS) {
        return;
    }
    let level = card.level.number();
    let worst = card.components.iter().map(|part| part.level.number()).min();
    let finding = match worst {
        Some(worst) if card.components.len() >= 2 => {
            if worst == level {
                return;
            }
            let zh = format!("等级应为 {worst}，证载 {level}");
            Finding::new(&R24, zh, format!("the level should be {worst}, it is {level}"))
        }
        _ => Finding::new(&R24, "多重残疾不足两项", "fewer than two components"),
    };
    out.add(finding.card(card));
}

pub(super) fn notice(
    view: &View<'_>,
    card: &Certificate,
    row: &LegacyRow,
    rule: &'static Rule,
    out: &mut Findings<'_>,
) {
    if row.absent.has_any(Columns::NOTICE_FROM.and(Columns::NOTICE_TO)) {
        return;
    }
    let Some(birth) = row.birth else { return };
    let from_age = view.terms.notice_from_age(row.division, row.issued);
    if from_age.is_none_or(|age| row.issued.age_from(birth) < age) {
        return;
    }
    let Some(needed) = view.terms.notice_working_days(row.division, row.issued) else { return };
    let finding = match (row.notice_from, row.notice_to) {
        (Some(from), Some(to)) => {
            let days = view.terms.working_days(from, to);
            if days >= needed {
                return;
            }
            let zh = format!("公示 {from} 至 {to}，{days} 个工作日");
            let en = format!("notice from {from} to {to}: {days} working days");
            Finding::new(rule, zh, en)
        }
        _ => Finding::new(rule, "成年人无公示", "no notice for an adult"),
    };
    out.add(finding.card(card));
}

pub(super) fn duties(
    card: &Certificate,
    row: &LegacyRow,
    rule: &'static Rule,
    out: &mut Findings<'_>,
) {
    if row.absent.has_any(Columns::RECEIVER.and(Columns::APPROVER)) {
        return;
    }
    if row.receiver.is_some() && row.receiver == row.approver {
        let finding = Finding::new(rule, "受理人即批准人", "the receiver is the approver");
        out.add(finding.card(card));
    }
}
