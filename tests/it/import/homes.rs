//! Lists of households, and of works at their homes, as offices write them.

use mingzheng::{
    crypto::TagKind,
    event::{Body, HouseholdMemberJoined, Recorded, Relation, Role, WorksAccepted},
    rolls::{Hint, ImportReport, Reason, RollError, RollKind, Why, read_roll},
    value::{Fen, HouseGrade, HouseholdId, Subject},
};

use super::{ONE, ROSTER, TWO, counts, roster};
use crate::house::House;

const WIFE: &str = "991702196001011257";
const CHILD: &str = "991702196001011265";
const HOMES: &str = "家庭成员名册.csv";
const RENOVATION: &str = "危房改造验收名册2026年.csv";
const WORKS_HEADER: &str = "户号,户主姓名,户主身份号码,房屋地址,施工单位,改造前照片哈希,\
                            改造后照片哈希,验收单哈希,验收日期,工程造价(元),房屋等级\n";

/// A salted hash as an office copies it from `mingzheng evidence`.
fn hash(letter: char) -> String {
    format!("{}q", letter.to_string().repeat(51))
}

fn house() -> House {
    let mut house = House::new(true);
    house.hire("dpf", Role::DpfReviewer, "dpf-b", 41);
    house.import(
        "clerk",
        ROSTER,
        roster(&[(ONE, "2020-01-01", "正常"), (TWO, "2020-01-01", "正常")]),
    );
    house
}

/// Household 7: the first holder, a wife and a child; household 8: the second holder.
fn homes() -> String {
    format!(
        "户号,姓名,身份证号,与户主关系\n7,甲,{ONE},户主\n7,乙,{WIFE},妻\n7,丙,{CHILD},长女\n\
         8,丁,{TWO},户主\n"
    )
}

fn works(rows: &[&str]) -> String {
    format!("{WORKS_HEADER}{}\n", rows.join("\n"))
}

fn one_home() -> String {
    let [before, after, paper] = ['a', 'b', 'c'].map(hash);
    format!("7,甲,{ONE},东村 5 号,=cmd 建筑队,{before},{after},{paper},2026/6/30,18500.00,D级")
}

fn member(event: &Recorded) -> &HouseholdMemberJoined {
    let Body::HouseholdMemberJoined(data) = &event.payload.body else { panic!("no member") };
    data
}

fn accepted(event: &Recorded) -> &WorksAccepted {
    let Body::WorksAccepted(data) = &event.payload.body else { panic!("no works") };
    data
}

fn rejected(report: &ImportReport) -> Vec<(u32, Why)> {
    report.rejected.iter().map(|row| (row.row, row.why)).collect()
}

fn reasons(report: &ImportReport) -> Vec<(u32, Reason)> {
    let reason = |(row, why): (u32, Why)| match why {
        Why::Cell(fault) => (row, fault.reason),
        other => panic!("{row}: {other}"),
    };
    rejected(report).into_iter().map(reason).collect()
}

fn lives(house: &House, home: HouseholdId) -> usize {
    house.ledger.with_state(|state| state.households.members(&home).count()).unwrap()
}

#[test]
fn households_come_in_once_with_people_nobody_knew() {
    let house = house();
    let report = house.import("clerk", HOMES, homes());
    assert_eq!((report.kind, counts(&report)), (RollKind::Households, [4, 0, 0, 0]));
    let events = house.events_of(&report);
    let [head, wife, child, other] = [1, 2, 3, 4].map(|at: usize| member(&events[at]));
    assert!(head.is_head && !wife.is_head);
    assert_eq!([wife.relation, child.relation], [Some(Relation::Spouse), Some(Relation::Child)]);
    assert_eq!([wife.household, child.household], [head.household; 2]);
    assert_ne!(other.household, head.household);
    assert_eq!(head.household_no, Some(house.tag(TagKind::HouseholdNo, "7")));
    assert!(events[1..].iter().all(|event| event.payload.sealed.is_empty()), "tags only");
    let wife_tag = house.tag(TagKind::Id, WIFE);
    let known = house.ledger.with_state(|state| state.people.by_tag(&wife_tag)).unwrap();
    assert_eq!(known, Some(wife.person));
    assert_eq!(lives(&house, head.household), 3);
    // Another sender, other headers and order of columns, with the head beside each member.
    let again = format!(
        "与户主的关系,家庭成员姓名,家庭成员身份证号,家庭编号,户主姓名,户主身份证号\n\
         户主,甲,{ONE},7,甲,{ONE}\n妻子,乙,{WIFE},7,甲,{ONE}\n女儿,丙,{CHILD},7,甲,{ONE}\n\
         本人,丁,{TWO},8,丁,{TWO}\n"
    );
    let roll = read_roll(HOMES, again.as_bytes(), &Hint::default()).unwrap();
    assert_eq!(roll.sheets[0].unknown_headers, [""; 0]);
    assert_eq!(counts(&house.import("clerk-2", HOMES, &again)), [0, 4, 0, 0]);
}

#[test]
fn who_moved_out_or_is_no_longer_listed_lives_there_no_more() {
    let house = house();
    let report = house.import("clerk", HOMES, homes());
    let home = member(&house.events_of(&report)[1]).household;
    let moved = format!("户号,姓名,身份证号,与户主关系,迁出日期\n7,丙,{CHILD},女,2026-05-31\n");
    let report = house.import("clerk", HOMES, moved);
    assert_eq!(counts(&report), [0, 0, 1, 0], "the row says more than before");
    assert_eq!(lives(&house, home), 2);
    let all = homes();
    let full: String = all
        .lines()
        .filter(|line| !line.contains(WIFE))
        .fold(String::new(), |text, line| text + line + "\n");
    let report = house.complete("clerk", HOMES, &full).unwrap();
    assert_eq!(counts(&report), [0, 2, 1, 1]);
    assert_eq!(lives(&house, home), 2, "the child is back, the wife gone");
    // The wife's household has a number, so another one with her is another one.
    let report =
        house.import("clerk", HOMES, format!("户号,姓名,身份证号,与户主关系\n9,乙,{WIFE},户主\n"));
    assert_ne!(member(&house.events_of(&report)[1]).household, home);
}

#[test]
fn a_household_without_a_number_is_found_by_who_lives_there() {
    let house = house();
    let tag = house.tag(TagKind::Id, TWO);
    let person = house.ledger.with_state(|state| state.people.by_tag(&tag)).unwrap().unwrap();
    let home = HouseholdId([9; 16]);
    let from = "2026-01-01".parse().unwrap();
    let joined = HouseholdMemberJoined::stated(home, person, true, from);
    house.send(&house.write("clerk", &Subject::Household(home), joined)).unwrap();
    // Named by the second row of its number.
    let list = format!("户号,姓名,身份证号,与户主关系\n8,乙,{WIFE},配偶\n8,丁,{TWO},户主\n");
    let report = house.import("clerk", HOMES, list);
    let events = house.events_of(&report);
    assert_eq!([member(&events[1]).household, member(&events[2]).household], [home; 2]);
}

#[test]
fn rows_of_households_are_refused_with_their_reasons() {
    let house = house();
    let list = format!(
        "户号,姓名,身份证号,与户主关系,加入日期,迁出日期,户主身份证号\n7,甲,{ONE},,,,\n\
         ,甲,{ONE},户主,,,\n7,甲,1234,户主,,,\n7,甲,{ONE},户主的哥哥,,,\n\
         7,甲,{ONE},户主,,,{TWO}\n7,甲,{ONE},妻,,,{ONE}\n\
         7,甲,{ONE},户主,2026-02-01,2026-01-31,\n7,甲,{ONE},户主,2026-13-01,,\n\
         7,甲,{ONE},10,,,\n7,丙,{CHILD},儿媳,2020-02-01,,{ONE}\n"
    );
    let report = house.import("clerk", HOMES, list);
    use Reason::{Blank, Contradicts, Unreadable};
    assert_eq!(
        reasons(&report),
        [
            (2, Blank),
            (3, Blank),
            (4, Unreadable),
            (5, Unreadable),
            (6, Contradicts),
            (7, Contradicts),
            (8, Contradicts),
            (9, Unreadable),
            (10, Unreadable),
        ]
    );
    let joined = member(&house.events_of(&report)[1]).clone();
    assert_eq!(
        (joined.relation, joined.from.to_string().as_str()),
        (Some(Relation::Other), "2020-02-01")
    );
    let roll = read_roll(HOMES, homes().as_bytes(), &Hint::default()).unwrap();
    let wrong = house.import_roll("bank", HOMES, homes().as_bytes(), &roll, |_| {});
    assert!(wrong.is_err(), "no list of a bank's");
}

#[test]
fn works_come_in_once_with_their_papers() {
    let house = house();
    house.import("clerk", HOMES, homes());
    let list = works(&[&one_home()]);
    let report = house.import("dpf", RENOVATION, &list);
    assert_eq!(report.kind.to_string(), "works:house_renovation");
    assert_eq!((counts(&report), rejected(&report)), ([1, 0, 0, 0], Vec::new()));
    let event = &house.events_of(&report)[1];
    let data = accepted(event);
    assert_eq!(event.subject, Subject::Household(data.household));
    assert_eq!(event.payload.at.to_string(), "2026-06-30");
    assert_eq!((data.cost, data.grade), (Fen(1_850_000), Some(HouseGrade::D)));
    assert_eq!(data.contractor.as_ref().unwrap().as_str(), "=cmd建筑队");
    let papers = [&data.before, &data.after, data.acceptance.as_ref().unwrap()];
    let papers = papers.map(|paper| (paper.kind.as_str(), paper.hash.to_string()));
    let kinds = ["before_photo", "after_photo", "acceptance_form"];
    assert_eq!(papers, [0, 1, 2].map(|at| (kinds[at], hash(['a', 'b', 'c'][at]))));
    let sealed = house.open(event);
    assert_eq!(sealed.address.as_deref(), Some("东村5号"));
    assert_eq!(data.dwelling, Some(house.tag(TagKind::Dwelling, "东村5号")));
    assert_eq!(sealed.id_number.as_deref(), Some(ONE));
    // The person's data key is known for the person, so that an erasure reaches the address.
    let key = event.payload.sealed[0].key;
    let owner = house.ledger.with_state(|state| state.people.of_key(&key)).unwrap();
    assert_eq!(owner, data.person);
    // Other order of columns, no number: the person is of one household.
    let [before, after, paper] = ['a', 'b', 'c'].map(hash);
    let again = format!(
        "危房等级,验收时间,改造后哈希,改造前哈希,验收表哈希,金额,施工方,地址,姓名,身份证号,户号\n\
         D,2026.6.30,{after},{before},{paper},18500,=cmd建筑队,东村5号,甲,{ONE},7\n"
    );
    assert_eq!(counts(&house.import("dpf", RENOVATION, &again)), [0, 1, 0, 0]);
    let dearer = again.replace("18500", "19000").replace(",户号", ",备注").replace(",7\n", ",\n");
    let report = house.import("dpf", RENOVATION, &dearer);
    assert_eq!(counts(&report), [0, 0, 1, 0]);
    let corrected = accepted(&house.events_of(&report)[1]).clone();
    assert_eq!(corrected.row.unwrap().corrects, Some(event.id));
    assert_eq!(corrected.household, data.household);
    assert!(house.complete("dpf", RENOVATION, &dearer).is_err(), "never a full list");
}

#[test]
fn rows_of_works_are_refused_with_their_reasons() {
    let house = house();
    let list = works(&[&one_home()]);
    let report = house.import("dpf", RENOVATION, &list);
    assert_eq!(rejected(&report), [(2, Why::NoHousehold)], "the households come first");
    house.import("clerk", HOMES, homes());
    let good = one_home();
    let [a, b] = ['a', 'b'].map(hash);
    let rows = [
        good.replace(&a, &b),
        good.replace(&a, ""),
        good.replace(&b, &"f".repeat(64)),
        good.replace("2026/6/30", "2031-01-01"),
        good.replace("2026/6/30", ""),
        good.replace("18500.00", "1.85万"),
        good.replace("D级", "E级"),
        good.replacen("7,", "8,", 1),
        good.replacen("7,", "77,", 1),
        good.replace(ONE, "991702196001011273"),
    ];
    let report = house.import("dpf", RENOVATION, works(&rows.each_ref().map(String::as_str)));
    assert_eq!(counts(&report), [0; 4]);
    let whys: Vec<String> =
        report.rejected.iter().map(|row| format!("{} {}", row.row, row.why)).collect();
    // Rows that cannot be read come first, then those that cannot become events.
    assert_eq!(
        whys,
        [
            "3 改造前照片哈希 is blank",
            "4 改造后照片哈希 cannot be read",
            "6 验收日期 is blank",
            "7 金额(元) cannot be read",
            "8 房屋等级 cannot be read",
            "2 改造后照片哈希 says otherwise than the rest of the row",
            "5 验收日期 lies in the future",
            "9 the person is not of the household of that number; correct one, or the household",
            "10 the household is not on the ledger; import the list of households first",
            "11 nobody of that ID number is on the ledger; import the register first",
        ]
    );
}

#[test]
fn a_list_of_works_says_which_works() {
    let list = works(&[&one_home()]);
    let unsaid = read_roll("名册.csv", list.as_bytes(), &Hint::default());
    let Err(RollError::KindUndecided { candidates }) = unsaid else { panic!("{unsaid:?}") };
    assert_eq!(candidates.len(), 2);
    let said = read_roll("家庭无障碍改造验收.csv", list.as_bytes(), &Hint::default()).unwrap();
    assert_eq!(said.kind.to_string(), "works:home_adaptation");
    let hint = Hint { kind: "works:ramps".parse().ok(), month: None };
    assert_eq!(read_roll("名册.csv", list.as_bytes(), &hint).unwrap().rows.len(), 1);
    let short = list.replace("改造前照片哈希", "备注");
    assert!(read_roll(RENOVATION, short.as_bytes(), &Hint::default()).is_err(), "no evidence");
}
