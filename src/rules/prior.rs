//! A payment against the steps that must come before it: R05 determined and authorised, R50 into
//! the bound account. That it is exactly what they say is R52's.

use super::batch::Batch;
use super::file::{Payment, PersonFile};
use super::flag::{Finding, Findings, Rule};
use super::grants::Grant;
use super::view::View;
use crate::event::{
    FlagKind::Conclusive,
    Severity::{S1, S3},
};
use crate::value::Day;

pub(super) const IMPORTED: &str =
    "a row of an old roll, when nothing was applied for on the ledger";
pub(super) const ROW_OF_CASE: &str =
    "a row of a roll for a benefit that was applied for on the ledger: a lead only";

/// R05: paid before it was decided.
pub(super) static R05: Rule = Rule {
    id: "R05",
    version: 1,
    title_zh: "审定或拨付审批前发放",
    title_en: "paid before determination or authorisation",
    severity: S1,
    kind: Conclusive,
    test: "no determination grants the programme on or before the day of payment; or the payment \
           was reported by the bank itself and no batch with the payee was authorised on or before \
           that day",
    inputs: "a payment with its day, reported by the bank, or of a benefit applied for on the \
             ledger",
    guards: &[IMPORTED, ROW_OF_CASE, "determined, authorised and paid on one day"],
    todo_zh: "查明未经审定或审批付款的原因，追究责任，补办或追缴",
    todo_en: "ask on whose order it was paid; complete the steps, or recover",
};

/// R50: not to the bound account.
pub(super) static R50: Rule = Rule {
    id: "R50",
    version: 1,
    title_zh: "未发至绑定账户",
    title_en: "not paid into the bound account",
    severity: S3,
    kind: Conclusive,
    test: "the payment names no account (cash), or one that was not bound to the benefit on the \
           day of payment",
    inputs: "a payment with its day, of a benefit applied for on the ledger",
    guards: &[
        IMPORTED,
        ROW_OF_CASE,
        "the account of the payee's line in the authorised batch, changed after the batch was sent",
        "an institution's or a guardian's account that is bound",
    ],
    todo_zh: "核实实际收款人，改为绑定账户发放",
    todo_en: "find out who received it; pay into the bound account",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for (payment, day) in of_the_ledger(file) {
        let paid = &payment.paid;
        let grant = file.grants.behind(paid);
        let batch = paid.payroll().map(|payroll| view.batch(payroll));
        if file.grants.of(paid.programme).any(|grant| grant.is_granted_by(day)) {
            authorised(view, file, payment, batch, day, out);
        } else {
            let zh = format!("{day} 发放时尚未审定");
            let en = format!("not determined when paid on {day}");
            out.add(before(&R05, payment, zh, en));
        }
        if let Some(grant) = grant {
            account(view, file, payment, grant, day, out);
        }
    }
}

/// Payments with their day that the bank itself reported, or of a benefit applied for on the
/// ledger.
pub(super) fn of_the_ledger(file: &PersonFile) -> impl Iterator<Item = (&Payment, Day)> {
    let days = file.payments.iter().filter_map(|payment| Some((payment, payment.paid.paid_on?)));
    days.filter(|(payment, _)| {
        payment.paid.roll.is_none() || file.grants.behind(&payment.paid).is_some()
    })
}

/// A finding about a payment; a row of a roll is a lead, because the roll does not say under which
/// system it was paid.
pub(super) fn before(rule: &'static Rule, payment: &Payment, zh: String, en: String) -> Finding {
    Finding::new(rule, zh, en).payment(payment).sure(payment.paid.roll.is_none())
}

fn authorised(
    view: &View<'_>,
    file: &PersonFile,
    payment: &Payment,
    batch: Option<Batch>,
    day: Day,
    out: &mut Findings<'_>,
) {
    let paid = &payment.paid;
    let in_time = match batch {
        Some(batch) => batch.is_authorised_by(day),
        None if paid.roll.is_some() => return,
        None => file.grants.items.iter().any(|item| {
            (item.programme, Some(item.month)) == (paid.programme, paid.month)
                && view.batch(item.payroll).is_authorised_by(day)
        }),
    };
    if !in_time {
        let zh = format!("{day} 发放时清单尚未审批");
        let en = format!("not authorised when paid on {day}");
        out.add(before(&R05, payment, zh, en));
    }
}

fn account(
    view: &View<'_>,
    file: &PersonFile,
    payment: &Payment,
    grant: &Grant,
    day: Day,
    out: &mut Findings<'_>,
) {
    let bindings = grant.bindings.iter().map(|bound| bound.moment.index);
    let Some(account) = payment.paid.account else {
        let (zh, en) = ("未通过账户发放", "paid without an account");
        out.add(before(&R50, payment, zh.into(), en.into()).all_seen(bindings));
        return;
    };
    let as_sent = |payroll| {
        let batch = view.batch(payroll);
        file.grants.items.iter().any(|item| {
            item.payroll == payroll
                && item.account == account
                && batch.authorised.is_some_and(|(root, ..)| root == item.root)
        })
    };
    if !grant.was_bound(account, day) && !payment.paid.payroll().is_some_and(as_sent) {
        let (zh, en) = ("收款账户未绑定", "the account was not bound to the benefit");
        out.add(before(&R50, payment, zh.into(), en.into()).all_seen(bindings));
    }
}
