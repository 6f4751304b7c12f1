//! Rolls in: read rolls become signed events, once.

mod agree;
mod fields;
mod homes;
mod money;
mod services;

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use encoding_rs::GB18030;
use mingzheng::{
    crypto::TagKind,
    event::{Body, CertificateLegacyImported, LegacyStatus, PaymentExecuted, Recorded},
    rolls::{
        Difference, DifferenceKind, Hint, ImportError, ImportReport, Why, read_roll, write_rejected,
    },
    value::{Fen, Subject},
};

use crate::house::{DIVISION, House, today};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rolls");

/// The fixture files with the actor who would send each.
const FILES: [(&str, &str); 15] = [
    ("clerk", "持证人名册.xlsx"),
    ("bank", "困难残疾人生活补贴发放名册_2026-07.csv"),
    ("bank", "困难残疾人生活补贴发放名册_2026-08.xlsx"),
    ("bank", "困难残疾人生活补贴发放名册_2026-09.csv"),
    ("bank", "重度残疾人护理补贴发放名册_2026-07.csv"),
    ("bank", "重度残疾人护理补贴发放名册_2026-08.csv"),
    ("bank", "重度残疾人护理补贴发放名册_2026-09.xlsx"),
    ("bank", "机动轮椅车燃油补贴_2026.csv"),
    ("civil", "低保对象名册.csv"),
    ("civil", "特困供养人员名册.csv"),
    ("civil", "孤儿保障名册.csv"),
    ("labour", "工伤护理费名册.csv"),
    ("police", "死亡人员名单.csv"),
    ("justice", "服刑人员名单.csv"),
    ("clerk", "机构账户.csv"),
];

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(FIXTURES).join(name)).unwrap()
}

const NURSING: &str = "护理补贴2026年7月.csv";
const NURSING_HEADER: &str = "姓名,公民身份号码,残疾人证号,补贴月份,金额(元),补发月数,补发原因,\
                              开户行,银行账号,户名,发放日期,发放区划代码\n";

/// A nursing roll of July with one line per (name, ID number, amount, day).
fn nursing(rows: &[(&str, &str, &str, &str)]) -> String {
    let line = |(name, id, amount, day): &(&str, &str, &str, &str)| {
        format!("{name},{id},{id}42,2026-07,{amount},,,农商行,99001,{name},{day},411702\n")
    };
    let lines: String = rows.iter().map(line).collect();
    format!("{NURSING_HEADER}{lines}")
}

const ONE: &str = "991702196001011230";
const TWO: &str = "991702196001011249";

fn counts(report: &ImportReport) -> [usize; 4] {
    [report.new, report.unchanged, report.corrected, report.retracted]
}

fn payment(event: &Recorded) -> &PaymentExecuted {
    let Body::PaymentExecuted(data) = &event.payload.body else { panic!("not a payment") };
    data
}

fn certificate(event: &Recorded) -> &CertificateLegacyImported {
    let Body::CertificateLegacyImported(data) = &event.payload.body else { panic!("not a card") };
    data
}

#[test]
fn every_kind_comes_in_once() {
    let house = House::new(true);
    for (sender, name) in FILES {
        let report = house.import(sender, name, fixture(name));
        assert_eq!(report.refused, [], "{name}");
        assert_eq!(report.rejected, [], "{name}");
        assert_eq!(counts(&report), [report.rows, 0, 0, 0], "{name}");
        assert_eq!(report.accepted, report.rows, "{name}");
        let events = house.events_of(&report);
        assert_eq!(events.len(), report.rows + 1, "{name}");
        let Body::RollReceived(roll) = &events[0].payload.body else { panic!("{name}") };
        assert_eq!(events[0].subject, Subject::Roll(report.roll.unwrap()));
        assert_eq!(
            (roll.rows, roll.accepted),
            (roll.accepted, u32::try_from(report.rows).unwrap()),
            "{name}"
        );
        assert_eq!(
            roll.file,
            house.ledger.personal().unwrap().tagger().tag(TagKind::File, fixture(name))
        );
        assert_eq!(house.open(&events[0]).file_name.as_deref(), Some(name));
        // Accounts wait for the bank.
        let waiting = if name == "机构账户.csv" { report.rows } else { 0 };
        assert_eq!(report.waiting_endorsement.len(), waiting, "{name}");
    }
    let before = house.ledger.len();
    for (sender, name) in FILES {
        let other = match sender {
            "clerk" => "clerk-2",
            "bank" => "bank-2",
            other => other,
        };
        let report = house.import(other, name, fixture(name));
        assert_eq!(counts(&report), [0, report.rows, 0, 0], "{name}");
        assert_eq!((report.roll, report.first_index), (None, None), "{name}");
    }
    assert_eq!(house.ledger.len(), before, "a second time adds nothing");
}

#[test]
fn one_person_under_two_names_and_in_two_files_is_one() {
    let house = House::new(true);
    let text = format!(
        "姓名,公民身份号码,残疾人证号,残疾类别,残疾等级,发证日期,有效期至\n\
         甲,{ONE},{ONE}42,4,2,2020-01-01,2029-12-31\n\
         甲甲,{ONE},{ONE}42,4,2,2020-01-01,2029-12-31\n"
    );
    let report = house.import("clerk", ROSTER, text);
    let events = house.events_of(&report);
    let person = certificate(&events[1]).person;
    assert_eq!(certificate(&events[2]).person, person);
    assert_ne!(events[1].subject, events[2].subject);
    let report = house.import("bank", NURSING, nursing(&[("甲", ONE, "60", "2026-07-24")]));
    assert_eq!(payment(&house.events_of(&report)[1]).person, person);
}

#[test]
fn the_same_rows_otherwise_written_add_nothing() {
    let house = House::new(true);
    let rows = [
        ("甲", ONE, "60", "2026-07-24"),
        ("甲", ONE, "60", "2026-07-25"),
        ("乙", TWO, "60", "2026-07-24"),
    ];
    house.import("bank", NURSING, nursing(&rows));
    let before = house.ledger.len();
    let again = nursing(&[rows[2], rows[1], rows[0]]);
    for bytes in [
        again.clone().into_bytes(),
        format!("\u{feff}{}", again.replace("60,", "６０.00元,")).into_bytes(),
        GB18030.encode(&again).0.into_owned(),
        // Another order of columns, and a title above them.
        format!(
            "重度残疾人护理补贴 2026年7月,,,,,,,,\n发放区划代码,身份证号,残疾证号,户名,姓名,金额,\
             发放日期,卡号,开户行,补发月数,补发原因,月份\n{}",
            rows.map(|(name, id, amount, day)| format!(
                "411702,{id},{id}42,{name},{name},{amount},{day},'99001,农商行,0,,2026年7月\n"
            ))
            .concat()
        )
        .into_bytes(),
    ] {
        let report = house.import("bank-2", NURSING, bytes);
        assert_eq!(counts(&report), [0, 3, 0, 0]);
    }
    assert_eq!(house.ledger.len(), before);
}

#[test]
fn a_changed_row_is_one_correction() {
    let house = House::new(true);
    let rows = [("甲", ONE, "60", "2026-07-24"), ("乙", TWO, "60", "2026-07-24")];
    let first = house.import("bank", NURSING, nursing(&rows));
    let changed = [("甲", ONE, "60", "2026-07-24"), ("乙", TWO, "80", "2026-07-24")];
    let second = house.import("bank", NURSING, nursing(&changed));
    assert_eq!(counts(&second), [0, 1, 1, 0]);
    let earlier = &house.events_of(&first)[2];
    let events = house.events_of(&second);
    assert_eq!(events.len(), 2);
    let data = payment(&events[1]);
    assert_eq!(data.row.as_ref().unwrap().corrects, Some(earlier.id));
    assert_eq!(data.row.as_ref().unwrap().key, payment(earlier).row.as_ref().unwrap().key);
    assert_eq!((data.amount, data.person), (Fen(8000), payment(earlier).person));
    // The first version again is a correction back, not a memory of the first.
    let third = house.import("bank", NURSING, nursing(&rows));
    assert_eq!(counts(&third), [0, 1, 1, 0]);
}

#[test]
fn a_month_paid_again_in_the_next_roll_is_another_payment() {
    let house = House::new(true);
    house.import("bank", NURSING, nursing(&[("甲", ONE, "60", "2026-07-24")]));
    let august = nursing(&[("甲", ONE, "60", "2026-08-24")]);
    let report = house.import("bank", "护理补贴2026年8月.csv", august);
    assert_eq!(counts(&report), [1, 0, 0, 0]);
    assert_eq!(payment(&house.events_of(&report)[1]).month, "2026-07".parse().ok());
}

const ROSTER: &str = "持证人名册.csv";

fn roster(rows: &[(&str, &str, &str)]) -> String {
    let line = |(id, issued, status): &(&str, &str, &str)| {
        format!("甲,{id},{id}42,4,2,{issued},2036-01-01,{status},411702\n")
    };
    let lines: String = rows.iter().map(line).collect();
    format!(
        "姓名,公民身份号码,残疾人证号,残疾类别,残疾等级,发证日期,有效期至,证件状态,户籍区划代码\n{lines}"
    )
}

#[test]
fn a_renewed_card_does_not_overwrite_the_old_one() {
    let house = House::new(true);
    let first = house.import("clerk", ROSTER, roster(&[(ONE, "2016-01-01", "正常")]));
    let old = house.events_of(&first)[1].clone();
    let both = roster(&[(ONE, "2026-01-01", "正常"), (ONE, "2016-01-01", "注销")]);
    let report = house.import("clerk", ROSTER, both);
    assert_eq!(counts(&report), [1, 0, 1, 0]);
    let events = house.events_of(&report);
    assert_ne!(events[1].subject, old.subject);
    assert_eq!(certificate(&events[1]).row.corrects, None);
    assert_eq!(events[2].subject, old.subject);
    assert_eq!(certificate(&events[2]).row.corrects, Some(old.id));
    assert_eq!(certificate(&events[2]).status, LegacyStatus::Cancelled);
    // A holder who moved is the same certificate, not another one.
    let moved = roster(&[(ONE, "2026-01-01", "正常"), (ONE, "2016-01-01", "注销")])
        .replacen("411702", "411721", 1);
    assert_eq!(counts(&house.import("clerk", ROSTER, moved)), [0, 1, 1, 0]);
}

#[test]
fn a_mistyped_id_number_of_a_certificate_stays_one_person() {
    let house = House::new(true);
    let text = roster(&[(ONE, "2016-01-01", "正常")]);
    let first = house.import("clerk", ROSTER, &text);
    let wrong = text.replacen(ONE, TWO, 1);
    let report = house.import("clerk", ROSTER, wrong);
    let (before, after) = (&house.events_of(&first)[1], &house.events_of(&report)[1]);
    assert_eq!(before.subject, after.subject);
    assert_eq!(certificate(before).person, certificate(after).person);
    assert_ne!(certificate(before).id, certificate(after).id);
}

#[test]
fn a_full_list_retracts_what_it_no_longer_has() {
    let house = House::new(true);
    let list = |rows: &[(&str, &str)]| {
        let lines: String = rows.iter().map(|(id, from)| format!("1,甲,{id},{from},\n")).collect();
        format!("户号,姓名,公民身份号码,纳入月份,退出月份\n{lines}")
    };
    let name = "低保对象名册.csv";
    let both = list(&[(ONE, "2025-01"), (TWO, "2025-01")]);
    let first = house.import("civil", name, &both);
    let gone = &house.events_of(&first)[2];
    // Without the word, a shorter list says nothing.
    let short = list(&[(ONE, "2025-01")]);
    assert_eq!(counts(&house.import("civil", name, &short)), [0, 1, 0, 0]);
    let report = house.complete("civil", name, &short).unwrap();
    assert_eq!(counts(&report), [0, 1, 0, 1]);
    let events = house.events_of(&report);
    let Body::RollReceived(roll) = &events[0].payload.body else { panic!() };
    assert!(roll.complete);
    let Body::ExternalFactRetracted(data) = &events[1].payload.body else { panic!() };
    assert_eq!((data.fact, &events[1].subject), (gone.id, &gone.subject));
    assert!(!house.ledger.with_state(|state| state.facts.stands(&gone.id)).unwrap());
    assert_eq!(counts(&house.complete("civil", name, &short).unwrap()), [0, 1, 0, 0]);
    // It comes back as a new fact.
    assert_eq!(counts(&house.import("civil", name, &both)), [1, 1, 0, 0]);
    // A row that cannot be read may be the one that seems missing.
    let unreadable = format!("{short}1,乙,{TWO},2025-99,\n");
    let error = house.complete("civil", name, unreadable).unwrap_err();
    assert!(matches!(error, ImportError::CompleteWithRejected { rows: 1 }));
}

#[test]
fn a_full_roll_retracts_payments_of_its_month_and_certificates() {
    let house = House::new(true);
    let rows = [("甲", ONE, "60", "2026-07-24"), ("乙", TWO, "60", "2026-07-24")];
    let july = house.import("bank", NURSING, nursing(&rows));
    house.import("bank", "护理补贴2026年8月.csv", nursing(&rows));
    let report = house.complete("bank", NURSING, nursing(&rows[..1])).unwrap();
    assert_eq!(counts(&report), [0, 1, 0, 1]);
    let events = house.events_of(&report);
    let Body::RollRowRetracted(data) = &events[1].payload.body else { panic!() };
    let gone = &house.events_of(&july)[2];
    assert_eq!((data.target, &events[1].subject), (gone.id, &gone.subject));
    assert_eq!((data.row.roll, data.row.row, data.certificate), (report.roll.unwrap(), 0, None));

    house.import(
        "clerk",
        ROSTER,
        roster(&[(ONE, "2016-01-01", "正常"), (TWO, "2016-01-01", "正常")]),
    );
    let short = roster(&[(ONE, "2016-01-01", "正常")]);
    let report = house.complete("clerk", ROSTER, short).unwrap();
    let events = house.events_of(&report);
    let Body::RollRowRetracted(data) = &events[1].payload.body else { panic!() };
    assert_eq!(data.certificate.map(Subject::Certificate).as_ref(), Some(&events[1].subject));
}

#[test]
fn a_dry_run_writes_nothing_and_names_the_difference() {
    let house = House::new(true);
    let rows = [("甲", ONE, "60", "2026-07-24"), ("乙", TWO, "60", "2026-07-24")];
    let first = house.import("bank", NURSING, nursing(&rows));
    let text = nursing(&[("乙", TWO, "80", "2026-07-24"), ("丙", "991702196001011257", "60", "")]);
    let roll = read_roll(NURSING, text.as_bytes(), &Hint::default()).unwrap();
    let before = house.ledger.len();
    let report = house
        .import_roll("bank", NURSING, text.as_bytes(), &roll, |options| {
            (options.dry_run, options.complete) = (true, true);
        })
        .unwrap();
    assert_eq!(house.ledger.len(), before);
    assert_eq!(counts(&report), [1, 0, 1, 1]);
    assert_eq!((report.roll, report.last_index), (None, None));
    let index = first.first_index.unwrap();
    let difference = |row, kind| Difference { sheet: None, row, kind };
    assert_eq!(
        report.differences,
        [
            difference(Some(2), DifferenceKind::Changed { index: index + 2 }),
            difference(Some(3), DifferenceKind::New),
            difference(None, DifferenceKind::Missing { index: index + 1 }),
        ]
    );
}

#[test]
fn a_sender_who_may_not_send_leaves_nothing() {
    let house = House::new(true);
    house.suspend("bank-2");
    let text = nursing(&[("甲", ONE, "60", "2026-07-24")]);
    let deaths = format!("姓名,公民身份号码,死亡日期\n甲,{ONE},2026-07-24\n");
    let before = house.ledger.len();
    for (sender, name, text, division, code) in [
        ("clerk", NURSING, &text, DIVISION, "role_may_not_sign"),
        ("bank-2", NURSING, &text, DIVISION, "actor_suspended"),
        ("bank", NURSING, &text, "411800", "wrong_division"),
        ("justice", "死亡人员名单.csv", &deaths, DIVISION, "wrong_register"),
    ] {
        let roll = read_roll(name, text.as_bytes(), &Hint::default()).unwrap();
        let refused = house.import_roll(sender, name, text.as_bytes(), &roll, |options| {
            options.division = division.parse().unwrap();
        });
        let Err(ImportError::Refused(rejection)) = refused else { panic!("{code}") };
        assert_eq!(rejection.code, code);
    }
    let roll = read_roll(NURSING, text.as_bytes(), &Hint::default()).unwrap();
    let tomorrow = house.import_roll("bank", NURSING, text.as_bytes(), &roll, |options| {
        options.at = today().plus_days(1);
    });
    assert!(matches!(tomorrow, Err(ImportError::Refused(no)) if no.code == "future_day"));
    assert_eq!(house.ledger.len(), before);
}

#[test]
fn a_refused_row_is_named_and_the_others_go_on() {
    let house = House::new(true);
    let text = nursing(&[("甲", ONE, "60", "2026-07-24"), ("乙", TWO, "60", "2026-07-24")])
        .replacen("411702", "411800", 1);
    let report = house.import("bank", NURSING, &text);
    assert_eq!(counts(&report), [1, 0, 0, 0]);
    assert_eq!(report.refused.len(), 1);
    assert_eq!(report.refused[0].row, Some(2));
    assert_eq!(report.refused[0].rejection.code, "wrong_division");
    let events = house.events_of(&report);
    assert_eq!(events.len(), 2);
    assert_eq!(payment(&events[1]).row.as_ref().unwrap().row, 3);
    // Trying it again says so again, and adds nothing.
    let again = house.import("bank", NURSING, &text);
    assert_eq!((counts(&again), again.refused.len()), ([0, 1, 0, 0], 1));
    assert_eq!(again.roll, None);
}

#[test]
fn demo_numbers_are_for_demo_ledgers() {
    let house = House::new(false);
    let real = "11010519491231002X";
    let text = nursing(&[("甲", ONE, "60", "2026-07-24"), ("乙", real, "60", "2026-07-24")]);
    let report = house.import("bank", NURSING, text);
    assert_eq!(counts(&report), [1, 0, 0, 0]);
    let rejected: Vec<_> = report.rejected.iter().map(|row| (row.row, row.why)).collect();
    assert_eq!(rejected, [(2, Why::DemoNumber)]);
    let events = house.events_of(&report);
    assert_eq!(house.open(&events[1]).id_number.as_deref(), Some(real));
}

#[test]
fn rejected_rows_are_written_once_for_their_owner_alone() {
    let house = House::new(true);
    let text = nursing(&[("甲", ONE, "六十", "2026-07-24"), ("", TWO, "60", "2026-07-24")]);
    let report = house.import("bank", NURSING, text);
    assert_eq!((report.rows, report.accepted, report.roll), (2, 0, None));
    let folder = house.folder().join("rejected");
    let path = write_rejected(&folder, "/somewhere/else/a.csv", &report.rejected).unwrap().unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "\u{feff}file,row,reason\na.csv,2,金额(元) cannot be read\na.csv,3,姓名 is blank\n"
    );
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let second = write_rejected(&folder, "a.csv", &report.rejected).unwrap().unwrap();
    assert_ne!(path, second);
    assert_eq!(write_rejected(&folder, "b.csv", &[]).unwrap(), None);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
}
