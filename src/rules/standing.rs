//! Certificates that should have been closed: R02 after a death, R43 after their last day; R43b
//! holders who were not reminded of it.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::step::Turn;
use super::view::View;
use crate::event::{
    FlagKind::Conclusive,
    Severity::{S2, S3},
};
use crate::value::FactKind;

/// R02: still open long after a death.
pub(super) static R02: Rule = Rule {
    id: "R02",
    version: 1,
    title_zh: "持证人死亡后证件未注销",
    title_en: "certificate open after death",
    severity: S2,
    kind: Conclusive,
    test: "a certificate is neither frozen nor ended on the day judged, more than 30 days after \
           the death",
    inputs: "a death recorded for the holder's ID number",
    guards: &[
        "died 30 days ago or less",
        "a namesake in the list: facts join by ID number only",
        "a fact whose name is another's, or not signed by its custodian: a lead only",
    ],
    todo_zh: "核实死亡并注销证件",
    todo_en: "confirm the death and cancel the certificate",
};

/// R43: expired and nothing done.
pub(super) static R43: Rule = Rule {
    id: "R43",
    version: 1,
    title_zh: "证件过期未处理",
    title_en: "certificate expired and not dealt with",
    severity: S2,
    kind: Conclusive,
    test: "the certificate's last day is before the day judged and it is still open",
    inputs: "a certificate with its status",
    guards: &[
        "the last day itself is valid",
        "frozen, cancelled, renewed or replaced",
        "a register without a status column",
    ],
    todo_zh: "通知换证；逾期的冻结或注销",
    todo_en: "tell the holder to renew it; freeze or cancel what is overdue",
};

/// R43b: not reminded.
pub(super) static R43B: Rule = Rule {
    id: "R43b",
    version: 1,
    title_zh: "到期前未提醒",
    title_en: "the holder was not reminded of the expiry",
    severity: S3,
    kind: Conclusive,
    test: "a certificate issued on the ledger comes within the policy's months (six) of its last \
           day, or is past it, is open, and no reminder was recorded by then",
    inputs: "a certificate issued or replaced on the ledger",
    guards: &[
        "an imported row: reminders of that time are not on the ledger",
        "the day itself",
        "frozen, cancelled, renewed or replaced",
        "a reminder about the card that this one replaced",
    ],
    todo_zh: "立即提醒持证人换证，避免断发补贴",
    todo_en: "remind the holder now, before benefits stop",
};

/// Cards of the ledger whose holder nobody reminded in time.
fn not_reminded(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let open = file.certificates.iter().filter(|card| card.row.is_none() && card.is_normal());
    for card in open {
        let Some(terms) = view.terms.case(card.division, card.valid_to) else { continue };
        let due = card.valid_to.plus_months(-terms.reminder_months);
        // A replaced card has the term of its predecessor, and its reminder.
        let of_term = |id| {
            let mut all = file.certificates.iter();
            all.any(|other| other.certificate == id && other.valid_to == card.valid_to)
        };
        let reminded = file.turns.iter().any(|entry| {
            entry.turn == Turn::Reminded && entry.at <= due && of_term(entry.certificate)
        });
        if view.on > due && card.issued <= due && !reminded {
            let (day, zh) =
                (card.valid_to, format!("有效期至 {}，应于 {due} 前提醒", card.valid_to));
            let en = format!("valid to {day}, to be reminded by {due}");
            out.add(Finding::new(&R43B, zh, en).card(card));
        }
    }
}

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    not_reminded(view, file, out);
    let has_status =
        |card: &&super::certificate::Certificate| card.has_columns(super::record::Columns::STATUS);
    let open = || file.certificates.iter().filter(has_status).filter(|card| card.is_normal());
    for card in open().filter(|card| card.valid_to < view.on) {
        let day = card.valid_to;
        let zh = format!("有效期至 {day}，状态仍为正常");
        let en = format!("valid to {day}, still open");
        out.add(Finding::new(&R43, zh, en).card(card));
    }
    let deaths = file.facts_of(|kind| kind == FactKind::Death);
    let Some(death) = deaths.min_by_key(|d| (!file.is_sure(&d.fact), d.index)) else { return };
    let day = death.fact.from;
    for card in open() {
        let days = view.terms.close_after_death_days(card.division, day);
        if days.is_some_and(|days| i64::from(view.on.since(day)) > i64::from(days)) {
            let zh = format!("死亡 {day}，证件仍为正常");
            let en = format!("died {day}, the certificate is still open");
            let finding = Finding::new(&R02, zh, en).card(card).seen(death.index);
            out.add(finding.sure(file.is_sure(&death.fact)));
        }
    }
}
