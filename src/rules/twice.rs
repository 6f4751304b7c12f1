//! One month, or one line of a batch, paid twice: R10 by two divisions, R17 by one.

use std::collections::BTreeMap;

use super::file::{Payment, PersonFile};
use super::flag::{Finding, Findings, Rule};
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S1};
use crate::value::{DivisionCode, Fen, Month, PayrollId, Programme, Tag};

/// R10: two divisions paid.
pub(super) static R10: Rule = Rule {
    id: "R10",
    version: 1,
    title_zh: "两地重复发放",
    title_en: "paid by two divisions",
    severity: S1,
    kind: Conclusive,
    test: "one person is paid one programme for one month by two divisions",
    inputs: "payments with their division",
    guards: &["a payment that came back", "a row that a later one corrects", "both programmes"],
    todo_zh: "按户籍确定发放地，停发另一地并追缴",
    todo_en: "settle which division pays, stop the other, and recover",
};

/// R17: one division paid twice.
pub(super) static R17: Rule = Rule {
    id: "R17",
    version: 2,
    title_zh: "同月或同笔重复发放",
    title_en: "one month or grant paid twice",
    severity: S1,
    kind: Conclusive,
    test: "one division pays one person and programme twice for one month: twice in one roll, \
           again in a later one, or by back-pay of a month already paid; or what is not paid by \
           the month is paid twice on one line of an authorised batch",
    inputs: "payments with their month, or with the batch that they execute",
    guards: &[
        "a payment that came back and was paid again",
        "a row that a later one corrects",
        "back-pay of a month that was missed",
    ],
    todo_zh: "追缴重复发放部分",
    todo_en: "recover the second payment",
};

/// What can be paid once only: a month, a vehicle's year, or the person's line of a batch.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Once {
    Month(Month),
    Vehicle(u16, Option<Tag>, Option<Tag>),
    Line(PayrollId),
}

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    judge_by(&R17, view, file, out, |_, _| true);
}

/// R17 as version 1 had it: nothing of what is paid once but a vehicle's year.
pub(super) fn judge_months(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    judge_by(rule, view, file, out, |of, once| of.id == rule.id && !matches!(once, Once::Line(_)));
}

/// `wanted` says which rule is asked for, and about what.
fn judge_by(
    r17: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
    wanted: impl Fn(&Rule, &Once) -> bool,
) {
    if file.payments.len() < 2 {
        return;
    }
    let mut paid: BTreeMap<(Programme, Once), Vec<&Payment>> = BTreeMap::new();
    for payment in &file.payments {
        let data = &payment.paid;
        if payment.is_monthly(view.terms) {
            for month in payment.months() {
                paid.entry((data.programme, Once::Month(month))).or_default().push(payment);
            }
        } else if let Some(year) = data.year.filter(|_| data.chassis.or(data.engine).is_some()) {
            let vehicle = Once::Vehicle(year, data.chassis, data.engine);
            paid.entry((data.programme, vehicle)).or_default().push(payment);
        } else if let Some(payroll) = data.payroll() {
            paid.entry((data.programme, Once::Line(payroll))).or_default().push(payment);
        }
    }
    for ((_, once), payments) in paid.iter().filter(|(_, payments)| payments.len() > 1) {
        if let Once::Line(_) = once {
            if wanted(r17, once) {
                let zh = format!("同一批次中同一笔发放 {} 次", payments.len());
                let en = format!("one line of a batch was paid {} times", payments.len());
                out.add(twice(Finding::new(r17, zh, en), payments, None));
            }
            continue;
        }
        let month = if let Once::Month(month) = once { Some(*month) } else { None };
        let mut divisions: BTreeMap<DivisionCode, Vec<&Payment>> = BTreeMap::new();
        for payment in payments {
            divisions.entry(payment.paid.division).or_default().push(payment);
        }
        if divisions.len() > 1 && wanted(&R10, once) {
            let codes = divisions.keys().map(ToString::to_string).collect::<Vec<_>>();
            let zh = format!("{} 均发放", codes.join(" 与 "));
            let en = format!("paid by {}", codes.join(" and "));
            out.add(twice(Finding::new(&R10, zh, en), payments, month));
        }
        for own in divisions.values().filter(|own| own.len() > 1) {
            let zh = format!("同一区划发放 {} 次", own.len());
            let en = format!("paid {} times by one division", own.len());
            if wanted(r17, once) {
                out.add(twice(Finding::new(r17, zh, en), own, month));
            }
        }
    }
}

/// About the last payment; at risk is all but the greatest.
fn twice(finding: Finding, payments: &[&Payment], month: Option<Month>) -> Finding {
    let shares = || payments.iter().map(|payment| payment.share());
    let (sum, most) = (shares().sum::<Fen>(), shares().max().unwrap_or_default());
    let all = payments.iter().map(|payment| payment.index);
    match payments.last() {
        Some(last) => finding.payment(last).month(month).money(sum - most).all_seen(all),
        None => finding,
    }
}
