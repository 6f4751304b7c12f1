//! What a row becomes: tags in clear, names under seal, every column kept.

use mingzheng::{
    crypto::TagKind,
    event::{Body, LegacyStatus},
    ledger::{federation_text, officer_text},
    rolls::{Column, Hint, Row, read_roll},
    value::{Category, FactKind, Fen, IdForm, Programme, Sex, Subject},
};

use super::{
    NURSING, NURSING_HEADER, ONE, ROSTER, TWO, certificate, fixture, nursing, payment, roster,
};
use crate::house::{DIVISION, House};

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
