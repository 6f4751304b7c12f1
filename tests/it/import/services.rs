//! Lists of what was done for people, and of other registers, as offices write them.

use mingzheng::{
    crypto::TagKind,
    event::{Body, OfficerRef, Role},
    ledger::officer_text,
    rolls::{Hint, ImportReport, Reason, RollError, RollKind, Why, read_roll},
    value::{FactKind, Fen, Subject},
};

use super::{ONE, ROSTER, TWO, counts, payment, roster};
use crate::house::House;

const STRANGER: &str = "991702196001011257";

/// A ledger that knows two holders, with a provider of services.
fn house() -> House {
    let mut house = House::new(true);
    house.hire("provider", Role::ServiceProvider, "home", 40);
    house.import(
        "clerk",
        ROSTER,
        roster(&[(ONE, "2020-01-01", "正常"), (TWO, "2020-01-01", "正常")]),
    );
    house
}

fn rejected(report: &ImportReport) -> Vec<(u32, Why)> {
    report.rejected.iter().map(|row| (row.row, row.why)).collect()
}

fn hinted(house: &House, pen: &str, kind: &str, text: &str) -> ImportReport {
    let month = "2026-07".parse().ok();
    let hint = Hint { kind: Some(kind.parse().unwrap()), month };
    let roll = read_roll("名册.csv", text.as_bytes(), &hint).unwrap();
    house.import_roll(pen, "名册.csv", text.as_bytes(), &roll, |_| {}).unwrap()
}

#[test]
fn sessions_come_in_once_however_the_sheet_is_written() {
    let house = house();
    let name = "康复训练签到表2026年7月.csv";
    let sheet = format!(
        "2026年7月康复训练签到表,,,\n训练日期,身份证号码,姓名,康复机构\n\
         2026/7/3,{ONE},甲,中心\n2026年7月6日,{TWO},乙,中心\n不详,{ONE},甲,中心\n\
         2026-07-06,{STRANGER},丙,中心\n20260703,{ONE},甲,中心\n,,,\n"
    );
    let report = house.import("provider", name, &sheet);
    assert_eq!(report.kind.to_string(), "sessions:child_rehab_aid");
    assert_eq!(counts(&report), [3, 0, 0, 0]);
    let [(5, Why::Cell(fault)), (6, Why::NotOnLedger)] = rejected(&report)[..] else {
        panic!("{:?}", rejected(&report))
    };
    assert_eq!(fault.reason, Reason::Unreadable);
    let events = house.events_of(&report);
    let Body::ServiceDelivered(first) = &events[1].payload.body else { panic!() };
    assert_eq!(first.session_date, "2026-07-03".parse().unwrap());
    assert_eq!(events[1].payload.at, first.session_date);
    assert_eq!(first.attendance.kind.as_str(), "roll", "it is the list, no signed sheet");
    let Body::ServiceDelivered(third) = &events[3].payload.body else { panic!() };
    assert_eq!(third.attendance.hash, first.attendance.hash, "of one file");
    assert_eq!(third.person, first.person, "twice a day");
    // Other order of columns and rows, other headers and forms of days.
    let again = format!(
        "姓名,服务日期,公民身份号码,服务机构\n乙,2026.7.6,{TWO},中心\n甲,2026-07-03,{ONE},中心\n\
         甲,2026年07月03日,{ONE},中心\n"
    );
    assert_eq!(counts(&house.import("provider", name, &again)), [0, 3, 0, 0]);
    // Another place: a correction.
    let moved = again.replacen("中心", "分中心", 1);
    let report = house.import("provider", name, &moved);
    assert_eq!(counts(&report), [0, 2, 1, 0]);
    let Body::ServiceDelivered(data) = &house.events_of(&report)[1].payload.body else { panic!() };
    assert_eq!(data.row.as_ref().unwrap().corrects, Some(events[2].id));
}

#[test]
fn placements_begin_and_end() {
    let house = house();
    let list = format!(
        "入住日期,机构代码,托养机构,公民身份号码,姓名\n2026-03-02,411702-home-1,阳光家园,{ONE},甲\n\
         2026-03-09,,阳光家园,{TWO},乙\n2026-03-09,a b,阳光家园,{TWO},乙\n2026-03-10,,,{TWO},乙\n"
    );
    let report = house.import("provider", "托养人员名册.csv", &list);
    assert_eq!(report.kind.to_string(), "placements:care_placement");
    assert_eq!(counts(&report), [2, 0, 0, 0]);
    let codes: Vec<u32> = rejected(&report).iter().map(|(row, _)| *row).collect();
    assert_eq!(codes, [4, 5], "a code that is none, and no place");
    let events = house.events_of(&report);
    let Body::PlacementStarted(data) = &events[1].payload.body else { panic!() };
    assert_eq!(data.institution, "411702-home-1".parse().ok());
    assert_eq!(data.facility.as_str(), "阳光家园");

    let left = format!(
        "姓名,身份证号,离托日期,离托原因\n甲,{ONE},2026-08-31,回家\n甲,{ONE},2026-09-30,再次\n\
         乙,{TWO},2026-03-01,太早\n"
    );
    let report = house.import("provider", "托养离开名册.csv", &left);
    assert_eq!(report.kind.to_string(), "departures:care_placement");
    assert_eq!(counts(&report), [2, 0, 0, 0], "both rows were planned before either was recorded");
    assert_eq!(rejected(&report), [(4, Why::NotPlaced)]);
    let Body::PlacementEnded(data) = &house.events_of(&report)[1].payload.body else { panic!() };
    assert_eq!((data.placement, data.reason.as_str()), (events[1].id, "回家"));
    assert_eq!(counts(&house.import("provider", "托养离开名册.csv", &left)), [0, 2, 0, 0]);
    let late = format!("姓名,身份证号,离托日期,离托原因\n甲,{ONE},2026-10-01,走了\n");
    let report = house.import("provider", "托养离开名册.csv", late);
    assert_eq!(rejected(&report), [(2, Why::NotPlaced)], "nobody leaves twice");
    // A corrected reason is the end of the same placement.
    let mended = left.replacen("回家", "家属接回", 1);
    let report = house.import("provider", "托养离开名册.csv", mended);
    assert_eq!(counts(&report), [0, 1, 1, 0]);
}

#[test]
fn visits_and_devices_come_in() {
    let house = house();
    let visits =
        format!("帮扶日期,帮扶内容,姓名,身份证\n2026-07-02,送医,甲,{ONE}\n2026-07-02,,乙,{TWO}\n");
    let report = house.import("clerk", "记录.csv", visits);
    assert_eq!((report.kind, counts(&report)), (RollKind::SupportVisits, [1, 0, 0, 0]));
    assert_eq!(rejected(&report).len(), 1, "what was done is not said");
    let Body::SupportVisitLogged(data) = &house.events_of(&report)[1].payload.body else {
        panic!()
    };
    assert_eq!((data.kind.as_str(), &data.helper), ("送医", &None));
    let devices = format!("辅具名称,适配日期,姓名,身份证号\n轮椅,2026-07-09,甲,{ONE}\n");
    let report = house.import("provider", "辅助器具发放名册.csv", &devices);
    assert_eq!(report.kind.to_string(), "sessions:assistive_device");
    // The headers alone do not say which service it is.
    let unsaid = read_roll("名册.csv", devices.as_bytes(), &Hint::default());
    assert!(
        matches!(unsaid, Err(RollError::KindUndecided { candidates }) if candidates.len() == 6)
    );
    assert_eq!(counts(&hinted(&house, "provider", "sessions:day_care", &devices)), [1, 0, 0, 0]);
    let full = house.complete("provider", "辅助器具发放名册.csv", &devices);
    assert!(full.is_err(), "such a list is never a full one");
}

/// A word within a longer one says nothing of its own: work at home is not work at a workplace.
#[test]
fn a_title_says_which_programme_it_is_of() {
    let sessions = format!("姓名,身份证号,服务日期\n甲,{ONE},2026-07-09\n");
    let placed = format!("姓名,身份证号,安置日期,机构名称\n甲,{ONE},2026-07-09,示例\n");
    for (title, text, kind) in [
        ("就业安置名册", &placed, Ok("placements:employment")),
        ("互联网+居家就业安置名册", &placed, Ok("placements:remote_work")),
        ("日间照料安置名册", &placed, Ok("placements:day_care")),
        ("托养安置名册", &placed, Ok("placements:care_placement")),
        ("托养及日间照料安置名册", &placed, Err(())),
        ("日间照料服务记录", &sessions, Ok("sessions:day_care")),
        ("就业培训签到表", &sessions, Ok("sessions:vocational_training")),
        ("残疾人技能培训签到表", &sessions, Ok("sessions:vocational_training")),
        ("社区康复服务记录", &sessions, Ok("sessions:community_rehabilitation")),
        ("康复训练服务记录", &sessions, Ok("sessions:child_rehab_aid")),
    ] {
        let read = read_roll(&format!("{title}.csv"), text.as_bytes(), &Hint::default());
        let found = read.map(|roll| roll.kind.to_string()).map_err(|_| ());
        assert_eq!(found.as_deref(), kind.as_ref().copied().map_err(|()| &()), "{title}");
    }
}

#[test]
fn a_visit_says_who_helped() {
    let house = house();
    let visits = format!(
        "走访日期,走访方式,姓名,身份证,帮扶人,帮扶单位\n2026-07-02,送医,甲,{ONE},王 强,县水利局\n\
         2026-07-03,送粮,甲,{ONE},411700-clerk,\n2026-07-04,看望,甲,{ONE},wang,\n\
         2026-07-05,看望,甲,{ONE},王强,\n2026-07-06,看望,甲,{ONE},,县水利局\n"
    );
    let report = house.import("clerk", "结对帮扶走访记录.csv", &visits);
    assert_eq!(counts(&report), [5, 0, 0, 0]);
    let events = house.events_of(&report);
    let helpers: Vec<_> = events[1..]
        .iter()
        .map(|event| match &event.payload.body {
            Body::SupportVisitLogged(data) => data.helper.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    let officer = |unit: &str, name: &str| {
        Some(OfficerRef::Tag(house.tag(TagKind::Officer, &officer_text(unit, name))))
    };
    assert_eq!(helpers[0], officer("县水利局", "王强"));
    assert_eq!(helpers[1], "411700-clerk".parse().ok().map(OfficerRef::Actor), "who is enrolled");
    assert_eq!(helpers[2], officer("dpf:411700", "wang"), "no actor of the ledger");
    assert_eq!(helpers[3], officer("dpf:411700", "王强"));
    assert_eq!(helpers[4], None);
    let sealed = house.open(&events[1]);
    assert_eq!(sealed.reason.as_deref(), Some("帮扶人: 王强\n帮扶单位: 县水利局"));
    assert!(events[5].payload.sealed.is_empty());
    assert_eq!(counts(&house.import("clerk", "走访记录.csv", &visits)), [0, 5, 0, 0]);
    let other = visits.replace("王 强", "李强");
    assert_eq!(counts(&house.import("clerk", "走访记录.csv", other)), [0, 4, 1, 0]);
}

#[test]
fn other_registers_come_in_by_the_fact_they_list() {
    let house = house();
    let list = format!(
        "姓名,公民身份号码,纳入月份,退出月份\n甲,{ONE},2026-01,\n乙,{TWO},2026-01,2026-06\n"
    );
    let report = hinted(&house, "civil", "register:low_income", &list);
    assert_eq!(counts(&report), [2, 0, 0, 0]);
    let events = house.events_of(&report);
    let Body::ExternalFactRecorded(data) = &events[1].payload.body else { panic!() };
    assert_eq!((data.kind, data.from), (FactKind::LowIncome, "2026-01-01".parse().unwrap()));
    assert!(matches!(events[1].subject, Subject::Person(_)));
    assert_eq!(counts(&hinted(&house, "civil", "register:elderly_living", &list)), [2, 0, 0, 0]);
    // A full list of one register takes nothing from another.
    let kind: RollKind = "register:low_income".parse().unwrap();
    let short: String = list.lines().take(2).map(|line| format!("{line}\n")).collect();
    let hint = Hint { kind: Some(kind), month: None };
    let roll = read_roll("名册.csv", short.as_bytes(), &hint).unwrap();
    let all = |options: &mut mingzheng::rolls::ImportOptions| options.complete = true;
    let report = house.import_roll("civil", "名册.csv", short.as_bytes(), &roll, all).unwrap();
    assert_eq!(counts(&report), [0, 1, 0, 1]);
    let hint = Hint { kind: "register:vehicle".parse().ok(), month: None };
    let roll = read_roll("名册.csv", list.as_bytes(), &hint).unwrap();
    let wrong = house.import_roll("civil", "名册.csv", list.as_bytes(), &roll, |_| {});
    assert!(wrong.is_err(), "not that office's register");
    for wrong in ["register:dibao", "register:hukou_move", "register:", "sessions:"] {
        assert!(wrong.parse::<RollKind>().is_err(), "{wrong}");
    }
}

#[test]
fn the_bank_answers_for_any_programme() {
    let house = house();
    let paid = format!("姓名,公民身份号码,补贴月份,金额,银行账号\n甲,{ONE},2026-07,1500,99001\n");
    let report = hinted(&house, "bank", "monthly_payments:care_placement", &paid);
    let roll = payment(&house.events_of(&report)[1]).clone();
    assert_eq!(roll.amount, Fen(150_000));
    let statement = house.events_of(&report)[1].id;
    let answers =
        format!("姓名,身份证号,银行账号,金额,发放结果,失败原因\n甲,{ONE},99001,1500,失败,销户\n");
    let report = hinted(&house, "bank", "bank_result:care_placement", &answers);
    assert_eq!(counts(&report), [1, 0, 0, 0]);
    let Body::PaymentReturned(data) = &house.events_of(&report)[1].payload.body else { panic!() };
    assert_eq!((data.payment, data.programme), (Some(statement), roll.programme));
}
