//! R09: one blank card or one number used twice.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::key::Key;
use super::step::Turn;
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S1};

/// R09: a blank used twice, or a lost number in use.
pub(super) static R09: Rule = Rule {
    id: "R09",
    version: 1,
    title_zh: "空白证重复使用或遗失证号仍有效",
    title_en: "a blank used twice, or a lost card's number in use",
    severity: S1,
    kind: Conclusive,
    test: "the serial number of a blank stands on two printed cards, or an open certificate has \
           the number of another one that was declared lost",
    inputs: "printed or replaced cards on the ledger; a loss declared on the ledger",
    guards: &[
        "the replacement of a lost card: its number has a suffix of its own",
        "a lost card that was ended",
        "one print named by several entries",
    ],
    todo_zh: "收回并核对两张证件，追查空白证领用",
    todo_en: "call both cards in, and account for the blanks",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for (at, (index, blank)) in file.blanks.iter().enumerate() {
        let here = file.blanks[..at].iter().chain(&file.blanks[at + 1..]);
        let mut others: Vec<u64> =
            here.filter(|(_, other)| other == blank).map(|(other, _)| *other).collect();
        for person in view.persons(&Key::Blank(*blank)) {
            if person != file.person {
                let other = view.file(person);
                let used = other.blanks.iter().filter(|(_, used)| used == blank);
                others.extend(used.map(|(other, _)| *other));
            }
        }
        if !others.is_empty() {
            let finding =
                Finding::new(&R09, "同一空白证编号两次制证", "one blank was printed twice");
            out.add(finding.seen(*index).all_seen(others));
        }
    }
    for lost in file.turns.iter().filter(|entry| entry.turn == Turn::Lost) {
        let card = |wanted: bool| {
            file.certificates.iter().filter(move |card| {
                (card.certificate == lost.certificate) == wanted && card.number.is_some()
            })
        };
        let Some(old) = card(true).next() else { continue };
        for other in card(false).filter(|other| other.number == old.number && other.is_normal()) {
            let zh = "已声明遗失的证号仍有有效证件";
            let en = "an open certificate has the number of one that was declared lost";
            out.add(Finding::new(&R09, zh, en).card(other).seen(lost.index));
        }
    }
}
