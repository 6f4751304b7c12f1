//! Whose account it is: R18 one account for strangers, R19 a holder who has no part in it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::file::{Payment, PersonFile};
use super::flag::{Finding, Findings, Rule};
use super::key::Home;
use super::record::Columns;
use super::view::View;
use crate::event::{
    FlagKind::{Conclusive, Lead},
    RollKind,
    Severity::S2,
};
use crate::value::{Fen, Month, PersonId, Tag};

/// R18: one account for strangers.
pub(super) static R18: Rule = Rule {
    id: "R18",
    version: 1,
    title_zh: "一个账户代领多人",
    title_en: "one account for strangers",
    severity: S2,
    kind: Lead,
    test: "in one month an account that is no institution's receives for three or more persons who \
           form three or more groups, when persons of one household, of one guardian, and guardian \
           and ward are joined; both subsidies together",
    inputs: "payments with their account",
    guards: &[
        "couples and families: one household",
        "a guardian who receives for several wards",
        "an institution whose account is recorded",
        "fewer than three groups",
    ],
    todo_zh: "查账户开户人和资金去向，逐户核实是否本人领取",
    todo_en: "find who holds the account and where the money went; ask each household",
};

/// R19: a holder who has no part in it.
pub(super) static R19: Rule = Rule {
    id: "R19",
    version: 1,
    title_zh: "户名与享受人不符",
    title_en: "account of somebody else",
    severity: S2,
    kind: Conclusive,
    test: "the account's holder is neither the person, nor a guardian, nor of the person's \
           household in the certificate register or the Dibao list, and the account is no \
           institution's",
    inputs: "the holder on the roll; a certificate whose register has the guardian and household \
             columns; the Dibao list of the division",
    guards: &[
        "a household member without a certificate, who stands in the Dibao list only",
        "a guardian",
        "an institution whose account is recorded",
        "an earlier name of the person",
        "a holder whom the determination names",
    ],
    todo_zh: "核实代领关系，变更为本人账户",
    todo_en: "ask on what ground that person receives it; change to the person's own account",
};

const STRANGERS_MIN: usize = 3;

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let mut shared: BTreeMap<(Month, Tag), (Fen, Vec<u64>)> = BTreeMap::new();
    for (month, payment) in file.monthly(view.terms) {
        let Some(account) = payment.paid.account else { continue };
        // Nearly every account has one receiver; its months need not be looked at.
        let several = view.receivers(account).len() >= STRANGERS_MIN;
        if several && !view.is_institution(account) {
            let (money, evidence) = shared.entry((month, account)).or_default();
            *money += payment.paid.amount;
            evidence.push(payment.index);
        }
    }
    for ((month, account), (money, evidence)) in shared {
        let strangers = view.strangers(account, month, || strangers(view, account, month));
        if !strangers.contains(&file.person) {
            continue;
        }
        let count = strangers.len();
        let zh = format!("该账户当月为 {count} 人收款，分属三个以上家庭");
        let en = format!("the account received for {count} persons of three or more households");
        let first = file.payments.iter().find(|payment| evidence.contains(&payment.index));
        let Some(first) = first else { continue };
        let finding = Finding::new(&R18, zh, en).payment(first).programme(None);
        out.add(finding.month(Some(month)).money(money).all_seen(evidence));
    }
    holder(view, file, out);
}

/// Everybody for whom the account receives in a month, if they form three or more groups.
fn strangers(view: &View<'_>, account: Tag, month: Month) -> Vec<PersonId> {
    let receives = |file: &Rc<PersonFile>| {
        let paid = |payment: &&Payment| {
            (payment.paid.month, payment.paid.account) == (Some(month), Some(account))
        };
        file.payments.iter().filter(paid).any(|payment| payment.is_monthly(view.terms))
    };
    let receivers = view.receivers(account);
    let files: Vec<_> =
        receivers.iter().map(|person| view.file(*person)).filter(receives).collect();
    if files.len() >= STRANGERS_MIN && groups(&files) >= STRANGERS_MIN {
        files.iter().map(|file| file.person).collect()
    } else {
        Vec::new()
    }
}

/// What joins two persons: either of them having the other's.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    Home(Home),
    /// An ID number: one's own, or one's guardian's.
    Number(Tag),
    /// A guardian known by name only.
    GuardianName(Tag),
}

fn groups(files: &[Rc<PersonFile>]) -> usize {
    let mut group: Vec<usize> = (0..files.len()).collect();
    let mut first: BTreeMap<Bond, usize> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        let homes = file.homes.iter().copied().map(Bond::Home);
        let own = file.ids.iter().copied().map(Bond::Number);
        let guardians = file.guardians.iter().filter_map(|guardian| {
            let by_name = || guardian.name.map(Bond::GuardianName);
            guardian.id.map(Bond::Number).or_else(by_name)
        });
        for bond in homes.chain(own).chain(guardians) {
            let with = *first.entry(bond).or_insert(at);
            let (from, to) = (root(&group, at), root(&group, with));
            group[from] = to;
        }
    }
    (0..files.len()).map(|at| root(&group, at)).collect::<BTreeSet<_>>().len()
}

fn root(group: &[usize], mut at: usize) -> usize {
    while group[at] != at {
        at = group[at];
    }
    at
}

fn holder(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let columns = Columns::GUARDIAN.and(Columns::HOUSEHOLD);
    if !file.certificates.iter().any(|card| card.has_columns(columns)) {
        return;
    }
    let listed = |division| view.coverage().has(RollKind::Dibao, division, None);
    if !file.division().is_some_and(listed) {
        return;
    }
    for payment in &file.payments {
        let paid = &payment.paid;
        let Some(holder) = paid.holder else { continue };
        let known = holder == paid.name
            || file.names.contains(&holder)
            || file.guardians.iter().any(|guardian| guardian.name == Some(holder))
            || paid.holder_match == Some(true)
            || paid.account.is_some_and(|account| view.is_institution(account))
            || file.homes.iter().any(|home| view.lives_in(home, holder));
        if !known {
            let zh = "户名既非本人、监护人，也非同户人员或机构";
            let en = "the holder is not the person, a guardian, of the household or an institution";
            out.add(Finding::new(&R19, zh, en).payment(payment));
        }
    }
}
