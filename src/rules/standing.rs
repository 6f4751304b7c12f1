//! Certificates that should have been closed: R02 after a death, R43 after their last day.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S2};
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
    todo_zh: "通知换证;逾期的冻结或注销",
    todo_en: "tell the holder to renew it; freeze or cancel what is overdue",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let has_status =
        |card: &&super::certificate::Certificate| card.has_columns(super::record::Columns::STATUS);
    let open = || file.certificates.iter().filter(has_status).filter(|card| card.is_normal());
    for card in open().filter(|card| card.valid_to < view.on) {
        let day = card.valid_to;
        let zh = format!("有效期至 {day},状态仍为正常");
        let en = format!("valid to {day}, still open");
        out.add(Finding::new(&R43, zh, en).card(card));
    }
    let deaths = file.facts_of(|kind| kind == FactKind::Death);
    let Some(death) = deaths.min_by_key(|d| (!file.is_sure(&d.fact), d.index)) else { return };
    let day = death.fact.from;
    for card in open() {
        let days = view.terms.close_after_death_days(card.division, day);
        if days.is_some_and(|days| i64::from(view.on.since(day)) > i64::from(days)) {
            let zh = format!("死亡 {day},证件仍为正常");
            let en = format!("died {day}, the certificate is still open");
            let finding = Finding::new(&R02, zh, en).card(card).seen(death.index);
            out.add(finding.sure(file.is_sure(&death.fact)));
        }
    }
}
