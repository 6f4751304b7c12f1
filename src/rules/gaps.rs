//! R46: what the file of a certificate lacks.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::record::Columns;
use super::step::StepKind;
use super::view::View;
use crate::event::{FlagKind::Lead, Severity::S3};

/// R46: a gap in the file.
pub(super) static R46: Rule = Rule {
    id: "R46",
    version: 1,
    title_zh: "档案资料不全",
    title_en: "a gap in the certificate's file",
    severity: S3,
    kind: Lead,
    test: "a row of the register was assessed by sight after the last day on which that was \
           lawful, or leaves receiver or approver blank although the roll has the column; or the \
           sealed file of a case on the ledger names what is missing. Which level approved an \
           imported certificate is on no roll and is not judged",
    inputs: "a register with the receiver and approver columns; a sealed case file",
    guards: &[
        "a register without the column: a gap of the row, counted by verify, not a finding",
        "assessed by sight while that was lawful: those rows name no officers",
        "a file sealed without gaps",
    ],
    todo_zh: "补齐档案，补不齐的重新评定",
    todo_en: "complete the file; where that cannot be done, assess again",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for card in &file.certificates {
        let Some(row) = &card.row else { continue };
        let lawful = view.terms.sight_allowed(row.division, row.issued);
        let blank = |column: Columns, is_blank: bool| is_blank && !row.absent.has_any(column);
        if row.assessed_by_sight && !lawful {
            let (zh, en) = ("不再允许目测后仍以目测发证", "assessed by sight when that was over");
            out.add(Finding::new(&R46, zh, en).card(card));
        } else if row.assessed_by_sight {
            // Officers of the old measures stand in no column.
        } else if blank(Columns::RECEIVER, row.receiver.is_none())
            || blank(Columns::APPROVER, row.approver.is_none())
        {
            let (zh, en) = ("受理人或批准人空白", "receiver or approver is blank");
            out.add(Finding::new(&R46, zh, en).card(card));
        }
    }
    for entry in file.chain.iter().flat_map(|case| &case.steps) {
        if let StepKind::Sealed { gaps } = entry.step.kind
            && gaps > 0
        {
            let zh = format!("封存案卷注明缺 {gaps} 项");
            let finding = Finding::new(&R46, zh, format!("the sealed file lacks {gaps} items"));
            out.add(finding.seen(entry.index));
        }
    }
}
