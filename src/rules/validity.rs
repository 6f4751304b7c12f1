//! Paid without a certificate that carries the payment: R03 not valid, R04 not yet issued, R13 of
//! a level the programme is not for.

use super::certificate::Certificate;
use super::file::{Payment, PersonFile};
use super::flag::{Finding, Findings, Rule};
use super::view::View;
use crate::event::{
    FlagKind::Conclusive,
    Severity::{S1, S2},
};
use crate::value::{Criterion, Day, Month, Programme};

/// R03: paid while no certificate was valid.
pub(super) static R03: Rule = Rule {
    id: "R03",
    version: 1,
    title_zh: "证件失效后仍发放",
    title_en: "paid while the certificate was not valid",
    severity: S1,
    kind: Conclusive,
    test: "no certificate of the payee covers the benefit month, and the month is not before the \
           first issue; a certificate covers the months from its issue to its last day, or to the \
           day it was frozen or ended",
    inputs: "a certificate of the payee",
    guards: &[
        "the month in which validity was lost is payable",
        "an older certificate covers its own months: renewed, regraded or replaced in time",
        "a roll's row counts the months it pays back: only the row's own month is judged",
        "back-pay that two signers granted, or of the gap before a new certificate, within the limit",
        "a status without its day takes no month away",
    ],
    todo_zh: "核对证件状态，停发并追缴失效次月起的补贴；督促换证",
    todo_en: "check the certificate, stop, recover from the month after; help to renew it",
};

/// R04: paid before the first issue.
pub(super) static R04: Rule = Rule {
    id: "R04",
    version: 1,
    title_zh: "发证前发放",
    title_en: "paid before the certificate was issued",
    severity: S1,
    kind: Conclusive,
    test: "the benefit month is earlier than the month of the first issue, and it is not back-pay",
    inputs: "a certificate of the payee",
    guards: &[
        "issued late in the benefit month itself",
        "back-pay of a new card: the row's own month is covered",
        "back-pay granted on the ledger",
    ],
    todo_zh: "核查发证前发放的依据，追缴",
    todo_en: "ask what it was paid on, and recover",
};

/// R13: nursing care for a level it is not for.
pub(super) static R13: Rule = Rule {
    id: "R13",
    version: 1,
    title_zh: "等级不符仍发护理补贴",
    title_en: "nursing care paid for a level it is not for",
    severity: S2,
    kind: Conclusive,
    test: "nursing care is paid and every certificate that covers the month is of level 3 or 4",
    inputs: "a certificate that covers the month",
    guards: &[
        "regraded to level 1 or 2 in or before the month",
        "regraded to level 3 or 4 in the month: the older certificate still covers it",
        "a policy that extends nursing care to more grades",
    ],
    todo_zh: "核对等级变更，自次月起停发并追缴",
    todo_en: "check the regrade, stop from the month after it, and recover",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let Some(first) = file.certificates.iter().min_by_key(|card| (card.issued, card.index)) else {
        return; // R56 speaks of payees without a certificate
    };
    for (_, payment) in file.monthly(view.terms) {
        let paid = &payment.paid;
        for (month, money) in payment.certified_months() {
            let asks = |of| view.terms.asks(paid.programme, paid.division, month, of);
            if asks(Criterion::CertificateValid) != Some(true) {
                continue; // the programme is for more people than holders
            }
            let finding = |rule, why: (String, String)| {
                let finding = Finding::new(rule, why.0, why.1).payment(payment);
                finding.month(Some(month)).money(money)
            };
            let covers = |card: &&Certificate| card.covers(month);
            let mut covering = file.certificates.iter().filter(covers).peekable();
            let found = if covering.peek().is_some() {
                if paid.programme != Programme::NURSING_CARE_SUBSIDY {
                    continue;
                }
                level(view, covering, month, payment, finding)
            } else if month < first.issued.month() {
                too_early(view, file, first, month, payment, finding)
            } else {
                lapsed(view, file, month, payment, finding)
            };
            if let Some(found) = found {
                out.add(found);
            }
        }
    }
}

fn level<'f>(
    view: &View<'_>,
    covering: impl Iterator<Item = &'f Certificate>,
    month: Month,
    payment: &Payment,
    finding: impl Fn(&'static Rule, (String, String)) -> Finding,
) -> Option<Finding> {
    let division = payment.paid.division;
    let mut last = None;
    for card in covering {
        let Certificate { category, level, components, .. } = card;
        if view.terms.nursing_fits(*category, *level, components, division, month) {
            return None;
        }
        last = Some(card);
    }
    let card = last?;
    let level = card.level.number();
    let zh = format!("{month} 证载等级 {level}");
    let en = format!("the certificate of {month} is of level {level}");
    Some(finding(&R13, (zh, en)).seen(card.index))
}

fn too_early(
    view: &View<'_>,
    file: &PersonFile,
    first: &Certificate,
    month: Month,
    payment: &Payment,
    finding: impl Fn(&'static Rule, (String, String)) -> Finding,
) -> Option<Finding> {
    let (paid, issued) = (&payment.paid, first.issued);
    let back = payment.back_pay_months();
    let most = view.terms.back_pay_months_max(paid.programme, paid.division, month);
    let is_back_pay = back > 0
        && paid.back_pay_reason
        && most.is_some_and(|most| back <= most)
        && paid.paid_on.is_some_and(|day| day >= issued);
    if is_back_pay || file.back_pay_granted(paid.programme, month) {
        return None;
    }
    let zh = format!("{month} 早于首次发证 {issued}");
    let en = format!("{month} is earlier than the first issue on {issued}");
    Some(finding(&R04, (zh, en)).seen(first.index))
}

fn lapsed(
    view: &View<'_>,
    file: &PersonFile,
    month: Month,
    payment: &Payment,
    finding: impl Fn(&'static Rule, (String, String)) -> Finding,
) -> Option<Finding> {
    if paid_back_lawfully(view, file, month, payment) {
        return None;
    }
    // The certificate that came closest: the latest end before the month.
    let end = |card: &Certificate| -> Day {
        let stops = card.stops.iter().filter_map(|stop| stop.from);
        stops.fold(card.valid_to, |end, stop| end.min(stop))
    };
    let before = file.certificates.iter().filter(|card| card.issued.month() <= month);
    let card = before.max_by_key(|card| (end(card), card.index))?;
    let (valid_to, end) = (card.valid_to, end(card));
    let (zh, en) = if end < valid_to {
        (format!("证件 {end} 已冻结或注销"), format!("the certificate was stopped on {end}"))
    } else {
        (format!("证件有效期至 {valid_to}"), format!("the certificate was valid to {valid_to}"))
    };
    let (zh, en) = (format!("{zh}，仍发放 {month}"), format!("{en}, paid for {month}"));
    Some(finding(&R03, (zh, en)).seen(card.index))
}

/// Back-pay that two signers granted, or for the gap before a new certificate and within the
/// limit. A roll's row only counts such months, and R16 holds it to the limit.
fn paid_back_lawfully(view: &View<'_>, file: &PersonFile, month: Month, payment: &Payment) -> bool {
    let paid = &payment.paid;
    if file.back_pay_granted(paid.programme, month) {
        return true;
    }
    let most = view.terms.back_pay_months_max(paid.programme, paid.division, month);
    let reissued = |card: &Certificate| {
        card.issued.month() > month && paid.paid_on.is_some_and(|day| day >= card.issued)
    };
    paid.month.is_some_and(|own| month < own)
        && most.is_some_and(|most| payment.back_pay_months() <= most)
        && file.certificates.iter().any(reissued)
}
