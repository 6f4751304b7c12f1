//! Accounts, amounts, and what the bank says was paid.

use mingzheng::{
    crypto::TagKind,
    event::Body,
    rolls::{Hint, ImportError, RollKind, Why, read_roll},
    value::{Fen, Programme, Subject},
};

use super::{NURSING, ONE, TWO, counts, fixture, nursing, payment};
use crate::house::{DIVISION, House};

#[test]
fn institution_accounts_wait_for_the_bank() {
    let house = House::new(true);
    let (name, bytes) = ("机构账户.csv", fixture("机构账户.csv"));
    let report = house.import("clerk", name, &bytes);
    let events = house.events_of(&report);
    let proposal = &events[1];
    let Body::InstitutionAccountRecorded(data) = &proposal.payload.body else { panic!() };
    assert_eq!(proposal.subject, Subject::Account(data.account));
    assert_eq!(report.waiting_endorsement[0], proposal.id);
    house.endorse("bank", &proposal.subject, proposal.id).unwrap();
    let stands = house.ledger.with_state(|s| s.institution_accounts.contains(&data.account));
    assert!(stands.unwrap());
    // Those that still wait are not proposed again, and are named again.
    let again = house.import("clerk-2", name, &bytes);
    assert_eq!(counts(&again), [0, report.rows, 0, 0]);
    assert_eq!(again.waiting_endorsement.len(), report.rows - 1);
    let text = "银行账号,机构名称\n990077,养老院 13800001234\n990078,\n";
    let report = house.import("clerk", name, text);
    let rejected: Vec<_> =
        report.rejected.iter().map(|row| (row.row, row.why.to_string())).collect();
    assert_eq!(rejected[0].0, 2);
    assert!(rejected[0].1.starts_with("机构名称 is too long, or holds a long number"));
    assert_eq!(rejected[1], (3, "机构名称 is blank".to_owned()));
}

#[test]
fn amounts_are_published_once() {
    let house = House::new(true);
    let bytes = fixture("rates.csv");
    let report = house.import("approver", "rates.csv", &bytes);
    assert_eq!(counts(&report), [3, 0, 0, 0]);
    let events = house.events_of(&report);
    assert_eq!(events.len(), 2);
    assert_eq!(events[1].subject, Subject::Programme("rates".to_owned()));
    let again = house.import("approver", "rates.csv", &bytes);
    assert_eq!(counts(&again), [0, 3, 0, 0], "it waits for the supervisor");
    assert_eq!(again.waiting_endorsement, report.waiting_endorsement);
    house.endorse("supervisor", &events[1].subject, events[1].id).unwrap();
    let again = house.import("approver", "rates.csv", &bytes);
    assert_eq!((counts(&again), again.waiting_endorsement), ([0, 3, 0, 0], vec![]));
    let rate = |house: &House| {
        house.ledger.with_state(|state| {
            let month = "2026-07".parse().unwrap();
            let division = DIVISION.parse().unwrap();
            state
                .policies
                .rate(Programme::LIVING_ALLOWANCE, division, month)
                .map(|rate| rate.amount)
        })
    };
    assert_eq!(rate(&house).unwrap(), Ok(Fen(6000)));
    let raised = String::from_utf8(bytes).unwrap().replacen("60.00", "80.00", 1);
    let report = house.import("approver", "rates.csv", &raised);
    let events = house.events_of(&report);
    house.endorse("supervisor", &events[1].subject, events[1].id).unwrap();
    assert_eq!(rate(&house).unwrap(), Ok(Fen(8000)));
    let bad = raised.replacen("vehicle-year", "", 1);
    let roll = read_roll("rates.csv", bad.as_bytes(), &Hint::default()).unwrap();
    let error = house.import_roll("approver", "rates.csv", bad.as_bytes(), &roll, |_| {});
    assert!(matches!(error, Err(ImportError::RateRejected { row: 4, .. })));
    let complete = house.complete("approver", "rates.csv", &raised).unwrap_err();
    assert!(matches!(complete, ImportError::NotAList { kind: RollKind::Rates }));
}

const RESULT: &str = "护理补贴代发结果2026年7月.csv";

fn result(rows: &[(&str, &str, &str, &str, &str)]) -> String {
    let line = |(name, id, account, outcome, reason): &(&str, &str, &str, &str, &str)| {
        format!("{name},{id},{account},60,{outcome},{reason},2026-07-28\n")
    };
    let lines: String = rows.iter().map(line).collect();
    format!("姓名,身份证号,银行账号,金额,发放结果,失败原因,处理日期\n{lines}")
}

#[test]
fn the_bank_says_what_was_paid_and_what_came_back() {
    let house = House::new(true);
    let three = "991702196001011257";
    let text = nursing(&[
        ("甲", ONE, "60", "2026-07-24"),
        ("乙", TWO, "60", "2026-07-24"),
        ("丙", three, "60", "2026-07-24"),
    ])
    .replacen("99001,丙", "99003,丙", 1);
    let roll = house.import("bank", NURSING, text);
    let paid = house.events_of(&roll);
    let four = "991702196001011265";
    let answers = result(&[
        ("甲", ONE, "99001", "成功", ""),
        ("乙", TWO, "", "失败", "账户已销户"),
        ("丙", "", "99003", "失败", "账号 9900123456 不存在"),
        ("丁", four, "99004", "成功", ""),
        ("戊", "", "99001", "失败", ""),
        ("己", "", "99009", "成功", ""),
    ]);
    let report = house.import("bank", RESULT, &answers);
    let rejected: Vec<_> = report.rejected.iter().map(|row| (row.row, row.why)).collect();
    assert_eq!(rejected, [(6, Why::NobodyNamed), (7, Why::NobodyNamed)]);
    assert_eq!(counts(&report), [3, 1, 0, 0]);
    let events = house.events_of(&report);
    let returned = |at: usize| {
        let Body::PaymentReturned(data) = &events[at].payload.body else { panic!("{at}") };
        data
    };
    assert_eq!(returned(1).payment, Some(paid[2].id));
    assert_eq!(returned(1).division, "411702".parse().unwrap());
    assert_eq!(returned(1).reason.as_ref().unwrap().as_str(), "账户已销户");
    assert_eq!(returned(2).payment, Some(paid[3].id));
    assert_eq!(returned(2).id, house.tag(TagKind::Id, three));
    assert_eq!(returned(2).reason, None);
    let personal = house.open(&events[2]);
    assert_eq!(personal.id_number.as_deref(), Some(three));
    assert_eq!(personal.reason.as_deref(), Some("失败原因: 账号9900123456不存在"));
    assert_eq!(payment(&events[3]).id, house.tag(TagKind::Id, four));
    assert_eq!(payment(&events[3]).programme, Programme::NURSING_CARE_SUBSIDY);
    assert_eq!(counts(&house.import("bank-2", RESULT, &answers)), [0, 4, 0, 0]);

    // What came back was paid after all: the return is retracted.
    let after = answers.replacen("失败,账户已销户", "成功,", 1);
    let report = house.import("bank", RESULT, after);
    assert_eq!(counts(&report), [0, 4, 0, 1]);
    let events = house.events_of(&report);
    let Body::RollRowRetracted(data) = &events[1].payload.body else { panic!() };
    assert_eq!(data.certificate, None);
}

#[test]
fn a_roll_that_comes_after_the_bank_is_the_same_payment() {
    let house = House::new(true);
    let answers = result(&[("甲", ONE, "99001", "成功", "")]);
    let first = house.import("bank", RESULT, &answers);
    let early = &house.events_of(&first)[1];
    let report = house.import("bank", NURSING, nursing(&[("甲", ONE, "60", "2026-07-24")]));
    assert_eq!(counts(&report), [0, 0, 1, 0]);
    let late = &house.events_of(&report)[1];
    assert_eq!(payment(late).row.as_ref().unwrap().corrects, Some(early.id));
    assert_eq!(payment(late).person, payment(early).person);
    assert_eq!(counts(&house.import("bank", RESULT, &answers)), [0, 1, 0, 0]);
}

#[test]
fn any_programme_s_payments_come_in_by_what_the_sender_says() {
    let house = House::new(true);
    let read = |kind: &str, month: &str, text: &str| {
        let hint = Hint { kind: Some(kind.parse().unwrap()), month: month.parse().ok() };
        read_roll("名册.csv", text.as_bytes(), &hint).unwrap()
    };
    let care = "姓名,公民身份号码,补贴月份,金额,银行账号\n";
    let rows = [format!("甲,{ONE},2026-07,1500,99001\n"), format!("乙,{TWO},2026-07,1500,99002\n")];
    let both = format!("{care}{}{}", rows[0], rows[1]);
    let (placed, coal) = ("monthly_payments:care_placement", "monthly_payments:winter_coal");
    let send = |kind: &str, text: &str, complete: bool| {
        let roll = read(kind, "2026-07", text);
        house.import_roll("bank", kind, text.as_bytes(), &roll, |it| it.complete = complete)
    };
    let report = send(placed, &both, false).unwrap();
    let data = payment(&house.events_of(&report)[1]).clone();
    assert_eq!(data.programme.name(), "care_placement");
    assert_eq!((data.month, data.year, data.amount), ("2026-07".parse().ok(), None, Fen(150_000)));
    assert_eq!(counts(&send(coal, &both, false).unwrap()), [2, 0, 0, 0], "of another programme");
    // A full list of one programme takes nothing from another's.
    let short = format!("{care}{}", rows[0]);
    let report = send(placed, &short, true).unwrap();
    assert_eq!(counts(&report), [0, 1, 0, 1]);
    let Body::RollReceived(roll) = &house.events_of(&report)[0].payload.body else { panic!() };
    assert_eq!(roll.programme, "care_placement".parse().ok());
    let gone = house.events_of(&report)[1].subject.clone();
    let Subject::Person(gone) = gone else { panic!() };
    let months = |state: &mingzheng::domain::State| {
        let months = state.benefits.months(gone, "care_placement".parse().unwrap());
        months.and_then(|months| months.hand("2026-07".parse().unwrap()))
    };
    assert_eq!(house.ledger.with_state(months).unwrap(), None, "it never was");
    assert_eq!(counts(&send(coal, &both, false).unwrap()), [0, 2, 0, 0]);

    let homes =
        format!("姓名,公民身份号码,残疾人证号,金额,银行账号\n甲,{ONE},{ONE}42,3500,99001\n");
    let kind = "yearly_payments:home_adaptation";
    let roll = read(kind, "2026-01", &homes);
    let report = house.import_roll("bank", kind, homes.as_bytes(), &roll, |_| {}).unwrap();
    let data = payment(&house.events_of(&report)[1]).clone();
    assert_eq!(
        (data.programme.name(), data.month, data.year),
        ("home_adaptation", None, Some(2026))
    );
    for wrong in ["monthly_payments", "monthly_payments:", "yearly_payments:Winter Coal"] {
        assert!(wrong.parse::<RollKind>().is_err(), "{wrong}");
    }
}
