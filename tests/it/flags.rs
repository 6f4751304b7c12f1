//! Flags that are kept are those of a full judgement, always.

use std::{fs, path::Path};

use mingzheng::{projection::Projection, rules::Flag, value::Subject};

use crate::house::{House, today};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rolls");
const LIVING: &str = "困难残疾人生活补贴发放名册_2026-07.csv";

/// The fixture files with the actor who would send each, payments before what explains them.
const FILES: [(&str, &str); 13] = [
    ("bank", LIVING),
    ("bank", "困难残疾人生活补贴发放名册_2026-08.xlsx"),
    ("bank", "困难残疾人生活补贴发放名册_2026-09.csv"),
    ("bank", "重度残疾人护理补贴发放名册_2026-07.csv"),
    ("bank", "重度残疾人护理补贴发放名册_2026-08.csv"),
    ("approver", "rates.csv"),
    ("bank", "机动轮椅车燃油补贴_2026.csv"),
    ("clerk", "持证人名册.xlsx"),
    ("clerk", "机构账户.csv"),
    ("civil", "低保对象名册.csv"),
    ("civil", "特困供养人员名册.csv"),
    ("police", "死亡人员名单.csv"),
    ("justice", "服刑人员名单.csv"),
];

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(FIXTURES).join(name)).unwrap()
}

/// The kept flags, which must be those of a full judgement.
fn kept(index: &mut Projection, house: &House) -> Vec<Flag> {
    let day = today();
    index.judge(&house.ledger, day).unwrap();
    let kept = index.kept_flags(day).unwrap().expect("just judged");
    let book = house.ledger.with_state(|state| state.policies.clone()).unwrap();
    let full = index.flags(&*book, day).unwrap();
    assert_eq!(kept, full, "after {} entries", index.current_to());
    kept
}

/// Brings all in, with what waits endorsed, a month's full roll that lost its last rows, and the
/// same rows again.
fn bring_in(house: &House, after_each: &mut dyn FnMut()) {
    for (sender, name) in FILES {
        let report = house.import(sender, name, fixture(name));
        for event in house.events_of(&report) {
            if report.waiting_endorsement.contains(&event.id) {
                let by = if name == "rates.csv" { "supervisor" } else { "bank" };
                house.endorse(by, &event.subject, event.id).unwrap();
            }
        }
        after_each();
    }
    let all = fixture(LIVING);
    let lines: Vec<&[u8]> = all.split_inclusive(|byte| *byte == b'\n').collect();
    house.complete("bank", LIVING, lines[..lines.len() - 5].concat()).unwrap();
    after_each();
    house.import("bank", LIVING, &all);
    after_each();
}

#[test]
fn flags_kept_live_are_those_of_a_full_judgement() {
    let house = House::new(true);
    let folder = tempfile::tempdir().unwrap();
    let mut index = Projection::open(folder.path()).unwrap();
    let mut most = 0;
    bring_in(&house, &mut || {
        index.catch_up(&house.ledger).unwrap();
        most = most.max(kept(&mut index, &house).len());
    });
    assert!(most > 20, "{most} flags");
    assert_eq!(index.judge(&house.ledger, today()).unwrap(), 0, "nothing is new");
    let other = today().plus_days(-40);
    assert_eq!(index.kept_flags(other).unwrap(), None);
    assert!(index.judge(&house.ledger, other).unwrap() > 0);
    assert_eq!(index.kept_flags(today()).unwrap(), None, "another day is kept now");
}

#[test]
fn flags_followed_by_a_few_entries_are_those_of_a_full_judgement() {
    let house = House::new(true);
    bring_in(&house, &mut || ());
    let folder = tempfile::tempdir().unwrap();
    let mut index = Projection::open(folder.path()).unwrap();
    let steps = [1, 7, 2, 11, 3, 5];
    for step in steps.into_iter().cycle() {
        let next = index.current_to() + step;
        index.follow_to(&house.ledger, next).unwrap();
        kept(&mut index, &house);
        if index.current_to() == house.ledger.len() {
            break;
        }
    }
    let live = index.state_hash().unwrap();
    drop(index);
    // One pass over sorted rows, as when the index is far behind, gives the same index.
    let mut anew = Projection::rebuild(folder.path()).unwrap();
    anew.build_from_log(&house.ledger).unwrap();
    assert_eq!(anew.state_hash().unwrap(), live);
    let actor = Subject::Actor("411700-bank".parse().unwrap());
    assert!(!anew.history(&mingzheng::projection::Who::Subject(actor)).unwrap().is_empty());
}
