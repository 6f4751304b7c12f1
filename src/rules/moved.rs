//! After a move of household registration: R42 the certificate stays behind, R42b the old division
//! goes on paying.

use super::certificate::Certificate;
use super::file::{FactEntry, PersonFile};
use super::flag::{Finding, Findings, Rule};
use super::step::Turn;
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S2};
use crate::value::{DivisionCode, FactKind};

/// R42: not transferred, not frozen, not ended.
pub(super) static R42: Rule = Rule {
    id: "R42",
    version: 2,
    title_zh: "户籍迁出未办理迁移",
    title_en: "moved away, the certificate was not transferred",
    severity: S2,
    kind: Conclusive,
    test: "the household registration moved out of the county that keeps the certificate now, and \
           more than the policy's months later (six) the certificate was never frozen, ended or \
           handed over, or after more months (twelve) it is frozen still and not ended",
    inputs: "a move recorded by public security that says where to",
    guards: &[
        "taken over by the new county, which keeps it from then on; or on the way since the move",
        "moved back, or within the county",
        "a move that was retracted",
        "a fact whose name is another's, or not signed by its custodian: a lead only",
    ],
    todo_zh: "联系迁入地办理迁移，逾期的冻结或注销",
    todo_en: "ask the new county to take it over; freeze or end what is overdue",
};

/// R42b: paid by the old division.
pub(super) static R42B: Rule = Rule {
    id: "R42b",
    version: 1,
    title_zh: "户籍迁出后原地继续发放",
    title_en: "paid by the old division after a move",
    severity: S2,
    kind: Conclusive,
    test: "a division paid for a month after the month in which the household registration moved \
           out of it",
    inputs: "a move recorded by public security that says where to; payments with their division",
    guards: &[
        "the month of the move is payable",
        "moved back before that month, or within the county",
        "a move that was retracted",
        "a fact whose name is another's, or not signed by its custodian: a lead only",
    ],
    todo_zh: "与迁入地核对待遇衔接，避免重复或漏发",
    todo_en: "agree with the new county from which month it pays; pay nobody twice or not at all",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let moves = moves(file);
    let Some((last, lives_in)) = moves.last().copied() else { return };
    for card in &file.certificates {
        kept_behind(&R42, view, file, (last, lives_in), (card, card.division), out);
    }
    for payment in &file.payments {
        let Some(month) = payment.paid.month else { continue };
        let before = moves.iter().rev().find(|(entry, _)| entry.fact.from.month() < month);
        let Some((entry, to)) = before else { continue };
        if !same_county(payment.paid.division, *to) {
            let zh = format!("{} 户籍迁出，原地仍发放 {month}", entry.fact.from);
            let en = format!("moved away {}, still paid for {month}", entry.fact.from);
            let finding = Finding::new(&R42B, zh, en).payment(payment).seen(entry.index);
            out.add(finding.sure(file.is_sure(&entry.fact)));
        }
    }
}

/// By the division that kept the certificate first, whoever took it over, as version 1 had it.
pub(super) fn judge_first_keeper(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    let Some(last) = moves(file).last().copied() else { return };
    for card in &file.certificates {
        kept_behind(rule, view, file, last, (card, card.first_division), out);
    }
}

/// Moves that say where to, in the order of their days.
fn moves(file: &PersonFile) -> Vec<(&FactEntry, DivisionCode)> {
    let mut moves: Vec<_> = file
        .facts_of(|kind| kind == FactKind::HukouMove)
        .filter_map(|entry| Some((entry, entry.fact.division?)))
        .collect();
    moves.sort_by_key(|(entry, _)| (entry.fact.from, entry.index));
    moves
}

/// A certificate that its keeper still has after the holder's last move.
fn kept_behind(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    (last, lives_in): (&FactEntry, DivisionCode),
    (card, keeper): (&Certificate, DivisionCode),
    out: &mut Findings<'_>,
) {
    if same_county(keeper, lives_in) {
        return;
    }
    let moved = last.fact.from;
    let transferred = file.turns.iter().any(|entry| {
        entry.certificate == card.certificate
            && matches!(entry.turn, Turn::TransferredOut { .. } | Turn::TransferredIn { .. })
            && entry.at >= moved
    });
    let (Some(terms), false) = (view.terms.case(keeper, moved), transferred) else { return };
    let since = |months: i32| view.on > moved.plus_months(months);
    let overdue = since(terms.freeze_months) && card.is_normal()
        || since(terms.cancel_months) && card.is_frozen();
    if overdue {
        let zh = format!("{moved} 户籍迁出，证件未迁移、冻结或注销");
        let en = format!("moved away {moved}, neither transferred nor closed in time");
        let finding = Finding::new(rule, zh, en).card(card).seen(last.index);
        out.add(finding.sure(file.is_sure(&last.fact)));
    }
}

/// Benefits and certificates are kept by the county: a township's code is of its county.
fn same_county(one: DivisionCode, other: DivisionCode) -> bool {
    one.covers(other) || other.covers(one)
}
