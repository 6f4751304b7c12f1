//! R20: one clerk has the accounts of several persons changed, and money follows at once.

use std::collections::BTreeSet;

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::grants::Binding;
use super::key::Key;
use super::mark::Mark;
use super::view::View;
use crate::event::{FlagKind::Lead, Severity::S2};
use crate::value::{Day, PersonId};

/// R20: switched, then paid.
pub(super) static R20: Rule = Rule {
    id: "R20",
    version: 1,
    title_zh: "集中变更账户后发放",
    title_en: "accounts switched by one clerk, then paid",
    severity: S2,
    kind: Lead,
    test: "a benefit's account was replaced by another one 30 days or less before a payment into \
           it, and the clerk who endorsed the change endorsed one of another person 30 days or \
           less before or after",
    inputs: "accounts bound on the ledger with the clerk who endorsed them",
    guards: &[
        "the first account of a benefit",
        "the same account bound again",
        "one person's change only, of both benefits",
        "changes endorsed by different clerks, or further apart",
        "nothing paid into the new account soon after",
    ],
    todo_zh: "逐人核实变更是否本人意愿，查新账户开户人",
    todo_en: "ask each person whether they wanted the change; find who holds the new accounts",
};

const DAYS_MAX: i32 = 30;

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for switch in switches(file) {
        let followed = file.payments.iter().find(|payment| {
            let paid = &payment.paid;
            let soon = |day: Day| (0..=DAYS_MAX).contains(&day.since(switch.moment.at));
            paid.account == Some(switch.account) && paid.paid_on.is_some_and(soon)
        });
        let Some(payment) = followed else { continue };
        let Some(clerk) = view.endorser(switch.statement) else { continue };
        let mut evidence = vec![switch.moment.index];
        let mut persons = BTreeSet::new();
        for person in changed_by(view, clerk, switch.moment.at) {
            let other = view.file(person);
            let near = switches(&other).find(|theirs| {
                theirs.moment.at.since(switch.moment.at).abs() <= DAYS_MAX
                    && view.endorser(theirs.statement) == Some(clerk)
            });
            if let Some(near) = near.filter(|_| person != file.person) {
                evidence.push(near.moment.index);
                persons.insert(person);
            }
        }
        if !persons.is_empty() {
            let (day, count) = (switch.moment.at, persons.len() + 1);
            let zh = format!("{day} 变更账户后即发放，同一经办人同期变更 {count} 人");
            let en = format!("changed {day} and paid; the same clerk changed {count} persons then");
            out.add(Finding::new(&R20, zh, en).payment(payment).all_seen(evidence));
        }
    }
}

/// Accounts that took the place of another one.
fn switches(file: &PersonFile) -> impl Iterator<Item = &Binding> {
    file.grants.list.iter().flat_map(|grant| {
        let pairs = grant.bindings.windows(2);
        pairs.filter(|pair| pair[0].account != pair[1].account).map(|pair| &pair[1])
    })
}

fn keys_of(clerk: Mark, day: Day) -> impl Iterator<Item = Key> {
    // 30 days reach into the months beside.
    let month = day.month();
    month.plus(-1).to(month.next()).map(move |month| Key::Changes(clerk, month))
}

fn changed_by(view: &View<'_>, clerk: Mark, day: Day) -> BTreeSet<PersonId> {
    keys_of(clerk, day).flat_map(|key| view.persons(&key)).collect()
}

/// The keys through which a person's switches reach into others' flags.
pub(super) fn keys(view: &View<'_>, file: &PersonFile) -> Vec<Key> {
    let by = |switch: &Binding| view.endorser(switch.statement).map(|by| (by, switch.moment.at));
    switches(file).filter_map(by).flat_map(|(clerk, day)| keys_of(clerk, day)).collect()
}
