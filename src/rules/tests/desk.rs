//! What the tests of benefits on the ledger share: the steps of persons whose account, name and number
//! go by one small number.

use super::super::scenario::{Log, bytes, day, person, tag};
use crate::event::{
    AccountBound, AccountHolder, AccountUnbound, BenefitApplied, BenefitDetermined, BenefitStopped,
    Endorsed, Evidence, Outcome, PaymentExecuted, PaymentReturned, PayrollAuthorised, PayrollItem,
    PayrollPrepared, Role, StopGround, WrittenNotice,
};
use crate::value::{CaseId, Day, Fen, Hash, PayrollId, Programme, Subject, Tag};

pub(super) const LIVING: Programme = Programme::LIVING_ALLOWANCE;

pub(super) fn programme(name: &str) -> Programme {
    Programme::from_name(name).unwrap()
}

pub(super) fn case_of(who: u32) -> Subject {
    Subject::Case(CaseId(bytes("benefit", who)))
}

pub(super) fn paper(code: u32) -> Evidence {
    let hash = Hash::blake3(&code.to_be_bytes());
    Evidence { kind: "paper".parse().unwrap(), hash, custodian: None }
}

pub(super) fn told() -> WrittenNotice {
    WrittenNotice { notice: paper(1), proof: paper(2) }
}

pub(super) fn batch_id(p: u32) -> PayrollId {
    PayrollId(bytes("payroll", p))
}

pub(super) fn apply(log: &mut Log, who: u32, at: &str, change: impl FnOnce(&mut BenefitApplied)) {
    let mut data = BenefitApplied {
        person: person(who),
        programme: LIVING,
        household: None,
        vehicle: None,
        certificate: None,
        division: "411702".parse().unwrap(),
        month: day(at).month(),
        evidence: Vec::new(),
        asked: None,
    };
    change(&mut data);
    log.add(Role::Clerk, case_of(who), day(at), data);
}

pub(super) fn determine_case(
    log: &mut Log,
    subject: &Subject,
    who: u32,
    at: Day,
    from: Option<&str>,
) {
    let data = BenefitDetermined {
        person: person(who),
        outcome: if from.is_some() { Outcome::Granted } else { Outcome::Refused },
        from_month: from.map(|month| month.parse().unwrap()),
        amount: from.map(|_| Fen(6000)),
        income: None,
        exclusions: Vec::new(),
        reason: None,
        told: None,
    };
    log.add(Role::CivilAffairsOfficer, subject.clone(), at, data);
}

pub(super) fn determine(log: &mut Log, who: u32, at: &str, from: &str) {
    determine_case(log, &case_of(who), who, day(at), Some(from));
}

/// Bound by the bank, endorsed by a clerk.
pub(super) fn bind_case(log: &mut Log, subject: &Subject, who: u32, account: Tag, at: Day) {
    bind_by(log, subject, who, account, at, "411702-clerk-1");
}

pub(super) fn bind_by(
    log: &mut Log,
    subject: &Subject,
    who: u32,
    account: Tag,
    at: Day,
    clerk: &str,
) {
    let data = AccountBound {
        person: person(who),
        account,
        holder: AccountHolder::Person,
        holder_name: tag("name", who),
        proof: paper(3),
    };
    let bound = log.add(Role::BankAgent, subject.clone(), at, data);
    log.add(Role::Clerk, subject.clone(), at, Endorsed {});
    let endorsed = log.events.last_mut().unwrap();
    endorsed.payload.refs = vec![bound];
    endorsed.signer.actor = clerk.parse().unwrap();
}

pub(super) fn unbind(log: &mut Log, who: u32, account: Tag, at: &str) {
    let data = AccountUnbound { person: person(who), account, reason: "closed".parse().unwrap() };
    log.add(Role::BankAgent, case_of(who), day(at), data);
}

/// Applied, granted and bound in the first week of July 2026.
pub(super) fn granted(log: &mut Log, who: u32) {
    log.card(who, who, |_| {});
    apply(log, who, "2026-07-01", |_| {});
    determine(log, who, "2026-07-03", "2026-07");
    bind_case(log, &case_of(who), who, tag("account", who), day("2026-07-04"));
}

/// A batch with these persons, 60 yuan each.
pub(super) fn prepare(log: &mut Log, p: u32, month: &str, at: &str, persons: &[u32]) -> String {
    let items: Vec<_> = persons
        .iter()
        .map(|who| PayrollItem {
            case: CaseId(bytes("benefit", *who)),
            person: person(*who),
            amount: Fen(6000),
            back_pay: Vec::new(),
            account: tag("account", *who),
            unit: None,
        })
        .collect();
    let root = format!("root of {p} {persons:?}");
    let data = PayrollPrepared {
        programme: LIVING,
        month: month.parse().unwrap(),
        division: "411702".parse().unwrap(),
        root: root.clone(),
        count: items.len().try_into().unwrap(),
        total: Fen(6000),
        items,
    };
    log.add(Role::CivilAffairsOfficer, Subject::Payroll(batch_id(p)), day(at), data);
    root
}

pub(super) fn authorise(log: &mut Log, p: u32, root: String, at: &str) {
    let data = PayrollAuthorised { root, fund_source: "county".parse().unwrap() };
    log.add(Role::FinanceOfficer, Subject::Payroll(batch_id(p)), day(at), data);
}

/// The bank reports a payment of batch 1.
pub(super) fn bank(
    log: &mut Log,
    who: u32,
    month: &str,
    at: &str,
    change: impl FnOnce(&mut PaymentExecuted),
) {
    log.paid(who, month, |paid| {
        (paid.row, paid.number, paid.payroll) = (None, None, Some(batch_id(1)));
        paid.paid_on = Some(day(at));
        change(paid);
    });
}

/// Granted, prepared and authorised for July.
pub(super) fn authorised(log: &mut Log) {
    granted(log, 1);
    let root = prepare(log, 1, "2026-07", "2026-07-10", &[1]);
    authorise(log, 1, root, "2026-07-12");
}

pub(super) fn returned(log: &mut Log, month: &str, at: &str) {
    let data = PaymentReturned {
        person: person(1),
        id: tag("id", 1),
        payment: None,
        programme: LIVING,
        month: Some(month.parse().unwrap()),
        year: None,
        amount: Fen(6000),
        months: Vec::new(),
        division: "411702".parse().unwrap(),
        reason: None,
        returned_on: None,
        row: None,
    };
    log.add(Role::BankAgent, Subject::Person(person(1)), day(at), data);
}

pub(super) fn stop(
    log: &mut Log,
    who: u32,
    at: &str,
    from: &str,
    change: impl FnOnce(&mut BenefitStopped),
) {
    let mut data = BenefitStopped {
        person: person(who),
        ground: StopGround::Voluntary,
        from_month: from[..7].parse().unwrap(),
        verdict: None,
        told: Some(told()),
    };
    change(&mut data);
    log.add(Role::CivilAffairsOfficer, case_of(who), day(at), data);
}
