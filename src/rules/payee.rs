//! R56: a payee whom the certificate register does not know.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::view::View;
use crate::event::{FlagKind::Lead, RollKind, Severity::S2};
use crate::value::Criterion;

/// R56: a payee unknown to the register.
pub(super) static R56: Rule = Rule {
    id: "R56",
    version: 1,
    title_zh: "发放对象与持证人名册不符",
    title_en: "payee unknown to the register",
    severity: S2,
    kind: Lead,
    test: "the payee has no certificate, or the name or the certificate number on the roll was \
           never this person's",
    inputs: "the certificate register of the paying division; for the number, registers that have \
             it",
    guards: &[
        "no register of the division is in",
        "an earlier name or number of the person: renamed, renewed, regraded, replaced",
        "a roll without certificate numbers",
        "a programme that is not for holders only: the payee needs no certificate",
    ],
    todo_zh: "核对享受人身份和证件，防止冒名领取",
    todo_en: "check who the payee is; somebody may receive under another's name",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for payment in &file.payments {
        let paid = &payment.paid;
        if !view.coverage().has(RollKind::CertificateRoster, paid.division, None) {
            continue;
        }
        let cards = &file.certificates;
        let numbers_known = cards.iter().all(|card| card.number.is_some());
        let foreign = paid.number.is_some_and(|number| {
            numbers_known && !cards.iter().any(|card| card.number == Some(number))
        });
        let asked = paid.period_end().is_none_or(|month| {
            let condition = Criterion::CertificateValid;
            view.terms.asks(paid.programme, paid.division, month, condition) != Some(false)
        });
        if !asked && cards.is_empty() {
            continue;
        }
        let (zh, en) = if cards.is_empty() {
            ("名册中无此人证件", "no certificate of this person is in the register")
        } else if !file.names.contains(&paid.name) {
            ("发放名册上的姓名与证件不符", "the name on the roll was never this person's")
        } else if foreign {
            ("发放名册上的证号不属于此人", "the certificate number was never this person's")
        } else {
            continue;
        };
        let finding = Finding::new(&R56, zh, en).payment(payment);
        out.add(finding.all_seen(cards.iter().map(|card| card.index)));
    }
}
