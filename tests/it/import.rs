//! Rolls in: read rolls become signed events, once.

mod services;

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use encoding_rs::GB18030;
use mingzheng::{
    crypto::TagKind,
    event::{Body, CertificateLegacyImported, LegacyStatus, PaymentExecuted, Recorded},
    ledger::{federation_text, officer_text},
    rolls::{
        Column, Difference, DifferenceKind, Hint, ImportError, ImportReport, RollKind, Row, Why,
        read_roll, write_rejected,
    },
    value::{Category, FactKind, Fen, IdForm, Programme, Sex, Subject},
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
fn a_certificate_row_is_tags_in_clear_and_names_under_seal() {
    let house = House::new(true);
    let report = house.import("clerk", "持证人名册.xlsx", fixture("持证人名册.xlsx"));
    let events = house.events_of(&report);
    let event = &events[2];
    let data = certificate(event);
    assert!(matches!(event.subject, Subject::Certificate(_)));
    assert_eq!(data.row.row, 3);
    assert_eq!(data.row.roll, report.roll.unwrap());
    assert_eq!((data.row.corrects, data.id_form, data.sex), (None, IdForm::Valid, Sex::Male));
    assert_eq!(data.id, house.tag(TagKind::Id, "991702198801240993"));
    assert_eq!(data.number, Some(house.tag(TagKind::Certificate, "99170219880124099342")));
    assert_eq!(data.name, house.tag(TagKind::Name, "钱杰"));
    assert_eq!(data.birth_date, "1988-01-24".parse().ok());
    assert_eq!((data.category, data.level.number()), (Category::Physical, 2));
    assert_eq!(
        (data.issued, data.valid_to),
        ("2018-09-04".parse().unwrap(), "2028-09-03".parse().unwrap())
    );
    assert_eq!(
        (data.status, data.status_date),
        (LegacyStatus::Cancelled, "2026-06-24".parse().ok())
    );
    assert_eq!(data.division, "411702".parse().unwrap());
    assert_eq!(data.township.as_ref().unwrap().as_str(), "东关镇");
    assert_eq!(data.village, Some(house.tag(TagKind::Village, "于营村")));
    assert_eq!(data.phone, Some(house.tag(TagKind::Phone, "10060837609")));
    assert_eq!(data.household_no, Some(house.tag(TagKind::HouseholdNo, "4117020000009")));
    assert_eq!(data.guardian, None);
    let officer = |place: &str, name| Some(house.tag(TagKind::Officer, &officer_text(place, name)));
    let clinic = "驿城区残疾评定定点机构乙";
    assert_eq!(data.institution.as_ref().unwrap().as_str(), clinic);
    assert_eq!(data.assessor_1, officer(clinic, "汪淑"));
    assert_eq!(data.assessor_2, officer(clinic, "许贵"));
    let federation = federation_text(data.division);
    assert_eq!(data.receiver, officer(&federation, "黄贵珍"));
    assert_eq!(data.approver, officer(&federation, "杜希希"));
    assert_eq!(
        (data.notice_from, data.notice_to),
        ("2018-08-16".parse().ok(), "2018-08-23".parse().ok())
    );
    assert!(!data.assessed_by_sight);
    let gaps: Vec<_> = data.gaps.iter().map(|gap| gap.as_str()).collect();
    let steps = ["application", "identity_verified", "review_checklist", "printing", "delivery"];
    assert_eq!(gaps, steps);
    assert_eq!(event.payload.at, data.issued);
    let personal = house.open(event);
    assert_eq!(personal.name.as_deref(), Some("钱杰"));
    assert_eq!(personal.id_number.as_deref(), Some("991702198801240993"));
    assert_eq!(personal.certificate_number.as_deref(), Some("99170219880124099342"));
    assert_eq!(personal.assessor_2.as_deref(), Some("许贵"));
    assert_eq!(personal.approver.as_deref(), Some("杜希希"));
    // Nothing of it stands in the entry in clear.
    let entry = house.ledger.reader().read(event.index).unwrap();
    for text in ["钱杰", "19880124099", "10060837609", "汪淑", "于营村", "4117020000009"] {
        let found = entry.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!found, "{text} stands in clear");
    }
}

const ROSTER: &str = "持证人名册.csv";

#[test]
fn absent_columns_are_gaps_and_blank_cells_are_not() {
    let house = House::new(true);
    let text = format!(
        "姓名,公民身份号码,残疾人证号,残疾类别,残疾等级,发证日期,有效期至,监护人姓名,监护人身份号码,户号,\
         评定医师1,评定医师2,受理人\n\
         甲,{ONE},{ONE}43B1,肢体,3,2016-03-01,2026-02-28,乙,{TWO},77,,,\n\
         丙,{TWO},{TWO}43,,3,2016-03-01,2026-02-28,,,,,,\n\
         丁,{TWO},{TWO}43,肢体,3,,2026-02-28,,,,,,\n"
    );
    let report = house.import("clerk", ROSTER, text);
    let rejected: Vec<_> =
        report.rejected.iter().map(|row| (row.row, row.why.to_string())).collect();
    assert_eq!(
        rejected,
        [(3, "残疾类别 is blank".to_owned()), (4, "发证日期 is blank".to_owned())]
    );
    let events = house.events_of(&report);
    let Body::RollReceived(roll) = &events[0].payload.body else { panic!() };
    assert_eq!((roll.rows, roll.accepted, roll.rejected), (3, 1, 2));
    assert!(roll.absent.iter().any(|column| column.as_str() == "status"));
    let data = certificate(&events[1]);
    assert_eq!((data.category, data.level.number()), (Category::Physical, 3));
    assert_eq!(data.status, LegacyStatus::Normal);
    let has = |gap: &str| data.gaps.iter().any(|label| label.as_str() == gap);
    for gap in ["status", "phone", "approver", "notice_from", "components", "delivery"] {
        assert!(has(gap), "{gap}");
    }
    for column in ["assessor_1", "receiver", "guardian_name", "household_no"] {
        assert!(!has(column), "{column}");
    }
    assert!(data.assessed_by_sight, "an old card, a place for doctors and no doctor");
    assert_eq!(data.division, DIVISION.parse().unwrap());
    let guardian = data.guardian.as_ref().unwrap();
    assert_eq!(guardian.id, Some(house.tag(TagKind::Id, TWO)));
    assert_eq!(guardian.name, Some(house.tag(TagKind::Name, "乙")));
    assert_eq!(data.household_no, Some(house.tag(TagKind::HouseholdNo, "77")));
    assert_eq!(house.open(&events[1]).guardian_id.as_deref(), Some(TWO));
}

#[test]
fn the_number_tells_category_and_level_only_where_their_columns_are_not() {
    let text = roster(&[(ONE, "2016-01-01", "正常")]);
    for (absent, rejected) in [(true, 0), (false, 1)] {
        let house = House::new(true);
        let mut roll = read_roll(ROSTER, text.as_bytes(), &Hint::default()).unwrap();
        let Row::Certificate(row) = &mut roll.rows[0].value else { panic!() };
        (row.category, row.level) = (None, None);
        if absent {
            roll.sheets[0].absent_columns.extend([Column::Category, Column::Level]);
        }
        let report = house.import_roll("clerk", ROSTER, text.as_bytes(), &roll, |_| {}).unwrap();
        assert_eq!(report.rejected.len(), rejected);
        if absent {
            let events = house.events_of(&report);
            let data = certificate(&events[1]);
            assert_eq!((data.category, data.level.number()), (Category::Physical, 2));
        }
    }
}

#[test]
fn a_payment_keeps_every_column() {
    let house = House::new(true);
    let text = format!(
        "{NURSING_HEADER}甲,{ONE},{ONE}42,2026-07,180,2,新办证,城关支行 9900123456789,99001,\
         甲父,2026-07-24,411702\n"
    );
    let report = house.import("bank", NURSING, text);
    let events = house.events_of(&report);
    let data = payment(&events[1]);
    assert_eq!(events[1].subject, Subject::Person(data.person));
    assert_eq!(events[1].payload.at, "2026-07-24".parse().unwrap());
    assert_eq!(data.programme, Programme::NURSING_CARE_SUBSIDY);
    assert_eq!((data.month, data.year), ("2026-07".parse().ok(), None));
    assert_eq!((data.amount, data.back_pay_months), (Fen(18_000), 2));
    assert!(data.back_pay_reason);
    assert_eq!(data.account, Some(house.tag(TagKind::Account, "99001")));
    assert_eq!(data.holder, Some(house.tag(TagKind::Name, "甲父")));
    assert_eq!(data.number, Some(house.tag(TagKind::Certificate, &format!("{ONE}42"))));
    assert_eq!(data.division, "411702".parse().unwrap());
    assert_eq!(data.bank, None, "a number among the words is no label");
    let personal = house.open(&events[1]);
    assert_eq!(personal.reason.as_deref(), Some("新办证\n开户行: 城关支行9900123456789"));
    assert_eq!(
        (personal.account.as_deref(), personal.holder.as_deref()),
        (Some("99001"), Some("甲父"))
    );
    let Body::RollReceived(roll) = &events[0].payload.body else { panic!() };
    assert_eq!((roll.total, roll.month), (Some(Fen(18_000)), "2026-07".parse().ok()));
}

#[test]
fn fuel_grants_name_their_vehicle() {
    let house = House::new(true);
    let name = "机动轮椅车燃油补贴_2026.csv";
    let report = house.import("bank", name, fixture(name));
    let events = house.events_of(&report);
    let data = payment(&events[1]);
    assert_eq!(
        (data.programme, data.month, data.year),
        (Programme::FUEL_SUBSIDY, None, Some(2026))
    );
    assert_eq!(data.chassis, Some(house.tag(TagKind::Chassis, "LZR313518183927")));
    assert_eq!(house.open(&events[1]).engine.as_deref(), Some("E36616733"));
    assert_eq!(data.division, DIVISION.parse().unwrap());
}

#[test]
fn outside_people_leave_tags_and_dates_only() {
    let house = House::new(true);
    house.import("bank", NURSING, nursing(&[("甲", ONE, "60", "2026-07-24")]));
    let list = format!(
        "户号,姓名,公民身份号码,纳入月份,退出月份\n77,甲,{ONE},2025-01,2026-02\n78,乙,{TWO},2025-01,\n"
    );
    let report = house.import("civil", "低保对象名册.csv", list);
    let events = house.events_of(&report);
    let facts: Vec<_> = events[1..]
        .iter()
        .map(|event| {
            assert!(event.payload.sealed.is_empty());
            let Body::ExternalFactRecorded(fact) = &event.payload.body else { panic!() };
            (event, fact)
        })
        .collect();
    let (known, unknown) = (&facts[0], &facts[1]);
    assert_eq!(known.0.subject, Subject::Person(known.1.person.unwrap()));
    assert_eq!(known.1.kind, FactKind::Dibao);
    assert_eq!(
        (known.1.from, known.1.to),
        ("2025-01-01".parse().unwrap(), "2026-02-28".parse().ok())
    );
    assert_eq!(known.1.household_no, Some(house.tag(TagKind::HouseholdNo, "77")));
    assert_eq!(unknown.0.subject, Subject::Roll(report.roll.unwrap()));
    assert_eq!((unknown.1.person, unknown.1.to), (None, None));
    assert_eq!(unknown.0.payload.at, "2025-01-01".parse().unwrap());

    let list = format!("姓名,公民身份号码,判决生效日期,释放日期\n甲,{ONE},2026-03-04,2027-03-03\n");
    let report = house.import("justice", "服刑人员名单.csv", list);
    let events = house.events_of(&report);
    let Body::ExternalFactRecorded(fact) = &events[1].payload.body else { panic!() };
    assert_eq!(fact.kind, FactKind::Imprisonment);
    assert_eq!((fact.from, fact.to), ("2026-03-04".parse().unwrap(), "2027-03-03".parse().ok()));
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
