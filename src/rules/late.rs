//! R49: money that was due and came late, or lies in a batch.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S3};
use crate::value::{FactKind, Month};

/// R49: late or idle.
pub(super) static R49: Rule = Rule {
    id: "R49",
    version: 1,
    title_zh: "发放不及时或资金滞留",
    title_en: "paid late, or left lying in a batch",
    severity: S3,
    kind: Conclusive,
    test: "a month of a benefit of the ledger is paid more than 30 days after its end; or a line \
           of a batch for it is unpaid so long after that end and after the batch was prepared",
    inputs: "a benefit determined on the ledger; a batch that names the payee",
    guards: &[
        "a month before the determination, or one that two signers granted to be paid back",
        "a transfer that came back",
        "a line left out when the batch was prepared again",
        "stopped, dead or in prison by that month",
        "a month of an old roll",
    ],
    todo_zh: "查明滞留环节，尽快发放到位",
    todo_en: "find where it lies, and pay it",
};

const LATE_DAYS: i32 = 30;

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for payment in &file.payments {
        let paid = &payment.paid;
        let (Some(month), Some(day)) = (paid.month, paid.paid_on) else { continue };
        if paid.roll.is_some() || day.since(month.last_day()) <= LATE_DAYS {
            continue;
        }
        let Some(grant) = file.grants.behind(paid) else { continue };
        let due = grant.granted.iter().map(|moment| moment.at.month()).min();
        let came_back = file.grants.returned.contains(&(paid.programme, month));
        let extra = came_back || file.back_pay_granted(paid.programme, month);
        if due.is_some_and(|due| due <= month) && grant.is_active(month) && !extra {
            let zh = format!("{month} 的待遇 {day} 才发放");
            let en = format!("the benefit of {month} was paid on {day} only");
            let evidence = grant.granted.iter().map(|moment| moment.index);
            out.add(Finding::new(&R49, zh, en).payment(payment).all_seen(evidence));
        }
    }
    idle(view, file, out);
}

fn idle(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for item in &file.grants.items {
        let (programme, month) = (item.programme, item.month);
        let overdue = |day| view.on.since(day) > LATE_DAYS;
        if !overdue(month.last_day()) || !overdue(item.moment.at) {
            continue;
        }
        let paid = file.payments.iter().any(|payment| {
            payment.paid.programme == programme
                && (payment.months().any(|covered| covered == month)
                    || payment.paid.payroll() == Some(item.payroll))
        });
        let came_back = file.grants.returned.contains(&(programme, month));
        let owed = file.grants.of(programme).any(|grant| grant.is_active(month));
        if paid || came_back || !owed || is_lost(file, month) {
            continue;
        }
        if view.batch(item.payroll).root == Some(item.root) {
            let zh = format!("{month} 的清单已编制，至 {} 仍未发放", view.on);
            let en = format!("the batch of {month} is prepared, and unpaid on {}", view.on);
            let finding = Finding::new(&R49, zh, en).programme(Some(programme));
            out.add(finding.month(Some(month)).money(item.amount).seen(item.moment.index));
        }
    }
}

fn is_lost(file: &PersonFile, month: Month) -> bool {
    file.facts.iter().any(|entry| {
        let fact = &entry.fact;
        match fact.kind {
            FactKind::Death => fact.from.month() <= month,
            _ => super::losses::is_in_prison(entry, month),
        }
    })
}
