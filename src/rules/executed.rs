//! R52: a payment is exactly what was authorised and determined.

use super::batch::Batch;
use super::file::{Payment, PersonFile};
use super::flag::{Findings, Rule};
use super::grants::BatchItem;
use super::prior::{self, before};
use super::record::Paid;
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S1};
use crate::value::{Fen, Month};

/// R52: not what was authorised.
pub(super) static R52: Rule = Rule {
    id: "R52",
    version: 2,
    title_zh: "发放与审批或审定不符",
    title_en: "paid otherwise than authorised or determined",
    severity: S1,
    kind: Conclusive,
    test: "the payment names an authorised batch that has no line for the payee, or one of another \
           month, amount, account or other months paid back; or a month is paid that the benefit \
           is not determined for, because it begins later or was stopped; or the amount is not \
           what is determined for the months paid",
    inputs: "a payment of a benefit applied for on the ledger, or under a batch of the ledger",
    guards: &[
        prior::IMPORTED,
        prior::ROW_OF_CASE,
        "a batch prepared again: the lines of the authorised root count",
        "a month that two signers granted to be paid back",
        "paid before any determination: R05 speaks",
    ],
    todo_zh: "比对审批清单与银行明细，追缴多付部分，核查名单外人员",
    todo_en: "compare the authorised batch with the bank's list; recover, look at who was added",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    judge_by(&R52, view, file, &Test { months: other_months, amounts: true }, out);
}

/// By the number of months only, and without the amounts determined, as version 1 had it.
pub(super) fn judge_counted(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    let other_count = |payment: &Payment, line: &BatchItem| {
        usize::try_from(payment.back_pay_months()) != Ok(line.back_pay.len())
    };
    judge_by(rule, view, file, &Test { months: other_count, amounts: false }, out);
}

/// What a version of the rule compares.
struct Test {
    /// Says whether a payment pays other earlier months than its line.
    months: fn(&Payment, &BatchItem) -> bool,
    /// The amount is compared with what is determined, too.
    amounts: bool,
}

fn judge_by(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    test: &Test,
    out: &mut Findings<'_>,
) {
    for (payment, day) in prior::of_the_ledger(file) {
        if file.grants.of(payment.paid.programme).any(|grant| grant.is_granted_by(day)) {
            determined(rule, view, file, payment, out);
        }
        let differs = payment
            .paid
            .payroll()
            .is_some_and(|payroll| executed(rule, file, payment, view.batch(payroll), test, out));
        if test.amounts && !differs {
            amount(rule, view, file, payment, out);
        }
    }
}

/// A payment that lists its months pays, beside its own, exactly those of its line; one that only
/// counts them pays as many.
fn other_months(payment: &Payment, line: &BatchItem) -> bool {
    let Paid { months, month, .. } = &*payment.paid;
    if months.is_empty() {
        return usize::try_from(payment.back_pay_months()) != Ok(line.back_pay.len());
    }
    let others = months.iter().filter(|listed| Some(**listed) != *month);
    !others.eq(&line.back_pay)
}

/// The payment against the payee's line in the batch it names; says whether they differ.
fn executed(
    rule: &'static Rule,
    file: &PersonFile,
    payment: &Payment,
    batch: Batch,
    test: &Test,
    out: &mut Findings<'_>,
) -> bool {
    let paid = &payment.paid;
    let Some((root, index, _)) = batch.authorised else { return false };
    let line = file.grants.items.iter().rev().find(|item| {
        Some(item.payroll) == paid.payroll()
            && item.root == root
            && item.programme == paid.programme
    });
    let Some(line) = line else {
        let (zh, en) = ("审批清单中无此人", "the authorised batch has no line for this person");
        out.add(before(rule, payment, zh.into(), en.into()).seen(index));
        return true;
    };
    let (zh, en) = if line.amount != paid.amount {
        (
            format!("发放 {} 元，审批 {} 元", paid.amount, line.amount),
            format!("paid {} yuan, {} authorised", paid.amount, line.amount),
        )
    } else if paid.account.is_some_and(|account| account != line.account) {
        ("收款账户与审批清单不同".into(), "another account than the one authorised".into())
    } else if paid.month.is_some_and(|month| month != line.month) || (test.months)(payment, line) {
        ("发放月份与审批清单不同".into(), "other months than those authorised".into())
    } else {
        return false;
    };
    let money = if line.amount == paid.amount { paid.amount } else { paid.amount - line.amount };
    let finding = before(rule, payment, zh, en).seen(line.moment.index).seen(index);
    out.add(finding.money(Fen(money.0.abs())));
    true
}

/// The amount against what is determined for every month it pays, where all of them are.
fn amount(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    payment: &Payment,
    out: &mut Findings<'_>,
) {
    let programme = payment.paid.programme;
    if !payment.is_monthly(view.terms) {
        return;
    }
    let owed = |month: Month| {
        let back_paid = file.back_pay_granted(programme, month);
        let mut active =
            file.grants.of(programme).filter(|grant| back_paid || grant.is_active(month));
        let grant = active.next().filter(|_| active.next().is_none())?;
        Some((grant.amount(month)?, grant.granted.last()?.index))
    };
    let months: Option<Vec<(Fen, u64)>> = payment.months().map(owed).collect();
    let Some(months) = months.filter(|months| !months.is_empty()) else { return };
    let due: Fen = months.iter().map(|(amount, _)| *amount).sum();
    let paid = payment.paid.amount;
    if due != paid {
        let zh = format!("发放 {paid} 元，审定 {due} 元");
        let en = format!("paid {paid} yuan, {due} determined");
        let finding = before(rule, payment, zh, en).money(Fen((paid - due).0.abs()));
        out.add(finding.all_seen(months.iter().map(|(_, index)| *index)));
    }
}

/// Each month paid against the months determined.
fn determined(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    payment: &Payment,
    out: &mut Findings<'_>,
) {
    let programme = payment.paid.programme;
    if !payment.is_monthly(view.terms) {
        return;
    }
    let applied = file.grants.of(programme).map(|grant| grant.month).min();
    let is_due = |month: &Month| {
        file.grants.of(programme).any(|grant| grant.is_active(*month))
            || file.back_pay_granted(programme, *month)
            || applied.is_none_or(|applied| *month < applied) && payment.paid.month != Some(*month)
    };
    for month in payment.months().filter(|month| !is_due(month)) {
        let zh = format!("{month} 不在审定享受月份内");
        let en = format!("{month} is not among the months determined");
        let steps = file.grants.of(programme).flat_map(|grant| {
            let stops = grant.stops.iter().map(|stop| stop.moment.index);
            grant.granted.iter().map(|moment| moment.index).chain(stops)
        });
        let finding = before(rule, payment, zh, en).month(Some(month)).money(payment.share());
        out.add(finding.all_seen(steps));
    }
}
