//! What was paid: R14 a wrong amount, R16 too many months back.

use super::file::{Payment, PersonFile};
use super::flag::{Finding, Findings, Rule};
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S2};
use crate::value::{Fen, Month};

/// R14: not the amount of the programme.
pub(super) static R14: Rule = Rule {
    id: "R14",
    version: 1,
    title_zh: "金额不符",
    title_en: "wrong amount",
    severity: S2,
    kind: Conclusive,
    test: "the amount differs from the sum of the programme's amounts for the month and the months \
           paid back; for fuel, from the year's amount",
    inputs: "a published amount for every month paid",
    guards: &["back-pay: the months paid back are part of the amount", "an amount nobody set"],
    todo_zh: "按标准核算，多发的追缴，少发的补发",
    todo_en: "work it out again; recover what is too much, pay what is missing",
};

/// R14b: more than the works cost.
pub(super) static R14B: Rule = Rule {
    id: "R14b",
    version: 1,
    title_zh: "补助超过工程费用",
    title_en: "paid more than the works cost",
    severity: S2,
    kind: Conclusive,
    test: "a grant for works at a home is paid with more than the works cost when they were last \
           accepted for that programme",
    inputs: "a grant of the ledger for a household; works accepted at its home, with their cost",
    guards: &[
        "as much as the works cost, or less",
        "works of the other programme at the same home",
        "nothing accepted: no works to compare with",
    ],
    todo_zh: "核对工程决算，追缴超出部分",
    todo_en: "compare with the final account of the works, recover the excess",
};

/// R16: back-pay beyond its limit.
pub(super) static R16: Rule = Rule {
    id: "R16",
    version: 2,
    title_zh: "补发超过上限或无依据",
    title_en: "too many months of back-pay, or unfounded",
    severity: S2,
    kind: Conclusive,
    test: "more months are paid back than policy allows (three); of a benefit applied for on the \
           ledger, a month is paid back that is earlier than the application",
    inputs: "a policy with that limit, or the application",
    guards: &[
        "up to the limit",
        "every month granted by two signers on the ledger",
        "a benefit applied for on the ledger: any months from that of the application on",
    ],
    todo_zh: "核查补发依据，追缴超出部分",
    todo_en: "ask what the back-pay rests on, recover what is beyond the limit",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for payment in &file.payments {
        if let Some(due) = due(view, payment)
            && due != payment.paid.amount
        {
            let amount = payment.paid.amount;
            let zh = format!("发放 {amount} 元，应为 {due} 元");
            let en = format!("paid {amount} yuan, {due} due");
            let money = Fen((amount - due).0.abs());
            out.add(Finding::new(&R14, zh, en).payment(payment).money(money));
        }
        beyond_cost(view, file, payment, out);
        too_far_back(view, file, payment, out);
    }
}

fn beyond_cost(view: &View<'_>, file: &PersonFile, payment: &Payment, out: &mut Findings<'_>) {
    let paid = &payment.paid;
    let household = file.grants.behind(paid).and_then(|grant| grant.household);
    let works = household.map(|household| view.works(household)).unwrap_or_default();
    let last = works.iter().rfind(|works| works.programme == paid.programme);
    let Some(last) = last.filter(|last| last.cost < paid.amount) else { return };
    let (amount, cost) = (paid.amount, last.cost);
    let zh = format!("发放 {amount} 元，工程费用 {cost} 元");
    let en = format!("paid {amount} yuan, the works cost {cost}");
    let finding = Finding::new(&R14B, zh, en).payment(payment).money(amount - cost);
    out.add(finding.seen(last.index));
}

/// What policy says is due for a payment; `None` where an amount is unset.
fn due(view: &View<'_>, payment: &Payment) -> Option<Fen> {
    let paid = &payment.paid;
    let rate = |month| view.terms.rate(paid.programme, paid.division, month);
    if payment.is_monthly(view.terms) {
        payment.months().map(rate).sum()
    } else {
        rate(Month::new(i32::from(paid.year?), 1).ok()?)
    }
}

fn too_far_back(view: &View<'_>, file: &PersonFile, payment: &Payment, out: &mut Findings<'_>) {
    let paid = &payment.paid;
    let (Some(month), back) = (paid.month, payment.back_pay_months()) else { return };
    if back == 0 {
        return;
    }
    if file.grants.behind(paid).is_some() {
        return before_application(file, payment, month, out);
    }
    beyond_limit(view, file, payment, &R16, out);
}

/// More months than policy allows, whatever the ledger holds of the benefit.
pub(super) fn beyond_limit(
    view: &View<'_>,
    file: &PersonFile,
    payment: &Payment,
    rule: &'static Rule,
    out: &mut Findings<'_>,
) {
    let paid = &payment.paid;
    let (Some(month), back) = (paid.month, payment.back_pay_months()) else { return };
    let most = view.terms.back_pay_months_max(paid.programme, paid.division, month);
    let Some(most) = most.filter(|most| back > *most) else { return };
    let mut earlier = payment.months().filter(|covered| *covered < month);
    if earlier.all(|covered| file.back_pay_granted(paid.programme, covered)) {
        return;
    }
    let zh = format!("补发 {back} 个月，上限 {most} 个月");
    let en = format!("{back} months paid back, {most} allowed");
    let beyond = Fen(payment.share().0.saturating_mul(i64::from(back - most)));
    out.add(Finding::new(rule, zh, en).payment(payment).money(beyond));
}

/// I30: a case on the ledger is paid from the month of its application on; what two signers
/// granted before it has its own ground.
fn before_application(file: &PersonFile, payment: &Payment, month: Month, out: &mut Findings<'_>) {
    let programme = payment.paid.programme;
    let Some(first) = file.grants.of(programme).map(|grant| grant.month).min() else { return };
    let earlier = payment.months().filter(|covered| *covered < month);
    let unfounded =
        earlier.filter(|covered| *covered < first && !file.back_pay_granted(programme, *covered));
    let count = i64::try_from(unfounded.count()).unwrap_or(i64::MAX);
    if count > 0 {
        let zh = format!("补发申请月 {first} 之前 {count} 个月");
        let en = format!("{count} months paid back before the application in {first}");
        let money = Fen(payment.share().0.saturating_mul(count));
        out.add(Finding::new(&R16, zh, en).payment(payment).money(money));
    }
}
