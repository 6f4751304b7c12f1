//! A payment against the steps that must come before it: R05 determined and authorised, R50 into
//! the bound account, R52 exactly what was authorised and determined.

use super::batch::Batch;
use super::file::{Payment, PersonFile};
use super::flag::{Finding, Findings, Rule};
use super::grants::Grant;
use super::view::View;
use crate::event::{
    FlagKind::Conclusive,
    Severity::{S1, S3},
};
use crate::value::{Day, Fen, Month};

const IMPORTED: &str = "a row of an old roll, when nothing was applied for on the ledger";
const ROW_OF_CASE: &str =
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
    todo_zh: "查明未经审定或审批付款的原因,追究责任,补办或追回",
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
    todo_zh: "核实实际收款人,改为绑定账户发放",
    todo_en: "find out who received it; pay into the bound account",
};

/// R52: not what was authorised.
pub(super) static R52: Rule = Rule {
    id: "R52",
    version: 1,
    title_zh: "发放与审批清单不符",
    title_en: "paid otherwise than authorised or determined",
    severity: S1,
    kind: Conclusive,
    test: "the payment names an authorised batch that has no line for the payee, or one of another \
           month, amount, account or number of months paid back; or a month is paid that the \
           benefit is not determined for, because it begins later or was stopped",
    inputs: "a payment of a benefit applied for on the ledger, or under a batch of the ledger",
    guards: &[
        IMPORTED,
        ROW_OF_CASE,
        "a batch prepared again: the lines of the authorised root count",
        "a month that two signers granted to be paid back",
        "paid before any determination: R05 speaks",
    ],
    todo_zh: "比对审批清单与银行明细,追回多付部分,核查名单外人员",
    todo_en: "compare the authorised batch with the bank's list; recover, look at who was added",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for payment in &file.payments {
        let paid = &payment.paid;
        let grant = file.grants.behind(paid);
        if paid.roll.is_some() && grant.is_none() {
            continue;
        }
        let Some(day) = paid.paid_on else { continue };
        let batch = paid.payroll().map(|payroll| view.batch(payroll));
        if file.grants.of(paid.programme).any(|grant| grant.is_granted_by(day)) {
            authorised(view, file, payment, batch, day, out);
            determined(view, file, payment, out);
        } else {
            let zh = format!("{day} 发放时尚未审定");
            let en = format!("not determined when paid on {day}");
            out.add(before(&R05, payment, zh, en));
        }
        if let Some(batch) = batch {
            executed(file, payment, batch, out);
        }
        if let Some(grant) = grant {
            account(view, file, payment, grant, day, out);
        }
    }
}

/// A finding about a payment; a row of a roll is a lead, because the roll does not say under which
/// system it was paid.
fn before(rule: &'static Rule, payment: &Payment, zh: String, en: String) -> Finding {
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

/// The payment against the payee's line in the batch it names.
fn executed(file: &PersonFile, payment: &Payment, batch: Batch, out: &mut Findings<'_>) {
    let paid = &payment.paid;
    let Some((root, index, _)) = batch.authorised else { return };
    let line = file.grants.items.iter().rev().find(|item| {
        Some(item.payroll) == paid.payroll()
            && item.root == root
            && item.programme == paid.programme
    });
    let Some(line) = line else {
        let (zh, en) = ("审批清单中无此人", "the authorised batch has no line for this person");
        out.add(before(&R52, payment, zh.into(), en.into()).seen(index));
        return;
    };
    let (zh, en) = if line.amount != paid.amount {
        (
            format!("发放 {} 元,审批 {} 元", paid.amount, line.amount),
            format!("paid {} yuan, {} authorised", paid.amount, line.amount),
        )
    } else if paid.account.is_some_and(|account| account != line.account) {
        ("收款账户与审批清单不同".into(), "another account than the one authorised".into())
    } else if paid.month.is_some_and(|month| month != line.month)
        || payment.back_pay_months() != u32::from(line.back_pay)
    {
        ("发放月份与审批清单不同".into(), "other months than those authorised".into())
    } else {
        return;
    };
    let money = if line.amount == paid.amount { paid.amount } else { paid.amount - line.amount };
    let finding = before(&R52, payment, zh, en).seen(line.moment.index).seen(index);
    out.add(finding.money(Fen(money.0.abs())));
}

/// Each month paid against the months determined.
fn determined(view: &View<'_>, file: &PersonFile, payment: &Payment, out: &mut Findings<'_>) {
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
        let finding = before(&R52, payment, zh, en).month(Some(month)).money(payment.share());
        out.add(finding.all_seen(steps));
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
