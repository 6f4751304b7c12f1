//! Paid to somebody the programme is not for: R37b category or age, R37c a minor on their own.

use super::file::{Payment, PersonFile};
use super::flag::{Finding, Findings, Rule};
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S2};
use crate::policy::{AgeDay, ProgrammePolicy};
use crate::value::{Category, Day, Programme};

/// R37b: outside the programme's categories or ages.
pub(super) static R37B: Rule = Rule {
    id: "R37b",
    version: 1,
    title_zh: "类别或年龄不符",
    title_en: "outside the programme's categories or ages",
    severity: S2,
    kind: Conclusive,
    test: "a programme other than the fuel subsidy is paid, and no certificate of the payee has a \
           category that its policy covers, or the payee's age on the policy's day is outside its \
           ages",
    inputs: "a policy with categories or ages; a certificate, for the category; a birth date, for \
             the age; the application on the ledger, where the age is counted on its day",
    guards: &[
        "a covered component of a multiple disability",
        "the youngest and the oldest age themselves",
        "a policy that also covers a diagnosis: what the certificate says does not decide",
        "the fuel subsidy: R37 speaks",
    ],
    todo_zh: "核对类别和年龄，追缴",
    todo_en: "check category and age, and recover",
};

/// R37c: a minor without a guardian.
pub(super) static R37C: Rule = Rule {
    id: "R37c",
    version: 1,
    title_zh: "未成年人无监护人记录",
    title_en: "minor without a guardian on record",
    severity: S2,
    kind: Conclusive,
    test: "a benefit was applied for on the ledger by a person who was a minor that day, and \
           neither the register, an application nor a guardian's record names a guardian",
    inputs: "a benefit applied for on the ledger; a birth date; the age of policy",
    guards: &[
        "a guardian named by any of them, before or after",
        "of age on the day of the application",
        "an application that was refused",
    ],
    todo_zh: "补登监护人，核实代办人和收款人",
    todo_en: "have the guardian recorded; ask who applied and who receives",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for payment in &file.payments {
        let paid = &payment.paid;
        let Some(month) = paid.period_end().filter(|_| paid.programme != Programme::FUEL_SUBSIDY)
        else {
            continue;
        };
        let policy = view.terms.policy(paid.programme, paid.division, month);
        if let Some(policy) = policy {
            category(file, payment, policy, out);
            age(file, payment, policy, out);
        }
    }
    guardian(view, file, out);
}

fn category(
    file: &PersonFile,
    payment: &Payment,
    policy: &ProgrammePolicy,
    out: &mut Findings<'_>,
) {
    let cards = &file.certificates;
    let covered = |card: &super::certificate::Certificate| {
        let parts: Vec<Category> = card.components.iter().map(|part| part.category).collect();
        let categories = if parts.is_empty() { vec![card.category] } else { parts };
        policy.covers_categories(&categories)
    };
    // A diagnosis need not be on the certificate.
    if !policy.diagnoses.is_empty() || cards.is_empty() || cards.iter().any(covered) {
        return;
    }
    let (zh, en) = ("残疾类别不在范围内", "no category that the programme covers");
    let finding = Finding::new(&R37B, zh, en).payment(payment);
    out.add(finding.all_seen(cards.iter().map(|card| card.index)));
}

fn age(file: &PersonFile, payment: &Payment, policy: &ProgrammePolicy, out: &mut Findings<'_>) {
    let (Some(span), Some(birth)) = (&policy.age, file.birth) else { return };
    let grant = file.grants.behind(&payment.paid);
    let day = match span.on {
        AgeDay::Application => grant.map(|grant| grant.applied.at),
        AgeDay::Fixed(_) => grant.map(|grant| grant.applied.at).or_else(|| {
            let year = payment.paid.period_end()?.year();
            Day::new(year, 12, 31).ok()
        }),
    };
    let Some(day) = day.filter(|day| !span.covers(birth, *day)) else { return };
    let counted = span.on.day(day);
    let age = counted.age_from(birth);
    let zh = format!("{counted} 年龄 {age}");
    let finding = Finding::new(&R37B, zh, format!("{age} years old on {counted}"));
    out.add(finding.payment(payment));
}

fn guardian(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let Some(birth) = file.birth.filter(|_| file.guardians.is_empty()) else { return };
    for grant in &file.grants.list {
        let (day, decided) = (grant.applied.at, file.cases.iter().find(|c| c.0 == grant.case));
        let refused = grant.granted.is_empty() && decided.is_some_and(|c| c.2 == Some(false));
        let adult = view.terms.adult_from_age(grant.division, day);
        if !refused && adult.is_some_and(|adult| day.age_from(birth) < adult) {
            let age = day.age_from(birth);
            let zh = format!("申请时 {age} 岁，无监护人记录");
            let en = format!("{age} years old at the application, no guardian on record");
            let finding = Finding::new(&R37C, zh, en).programme(Some(grant.programme));
            out.add(finding.seen(grant.applied.index));
        }
    }
}
