//! A synthetic city through the real binary: its flags are its labels, each and no other.

use std::{collections::BTreeMap, fs};

use serde_json::Value;

use super::Desk;

/// How often each label or flag stands: rule, ID number, programme, month.
type Counted = BTreeMap<[String; 4], u32>;

fn counted(rows: impl Iterator<Item = [String; 4]>) -> Counted {
    rows.fold(Counted::new(), |mut counted, row| {
        *counted.entry(row).or_default() += 1;
        counted
    })
}

fn lines(text: &str, heading: &str) -> Vec<Vec<String>> {
    let (first, rest) = text.split_once('\n').unwrap();
    assert_eq!(first, heading);
    rest.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// A command on a demo ledger, which has its vault key with it.
fn run(desk: &Desk, args: &[&str]) -> (String, String) {
    let ran = desk.command(args).env_remove("MINGZHENG_VAULT_KEY").output().unwrap();
    let talk = String::from_utf8(ran.stderr).unwrap();
    assert!(ran.status.success(), "{talk}");
    (String::from_utf8(ran.stdout).unwrap(), talk)
}

#[test]
fn flags_of_a_city_are_its_labels() {
    let desk = Desk::new();
    flags_are_labels(&desk, &["--people", "500", "--seed", "3"]);
    homes_are_checked(&desk);
    rules_are_raised_by_name(&desk);
}

/// What a rule finds is raised by its name, whatever the case of its letters; another name is none.
fn rules_are_raised_by_name(desk: &Desk) {
    for (name, spelled) in [("R14", "r14"), ("R43b", "R43B"), ("R43b", "r43b")] {
        let stand = run(desk, &["flags", "--rule", name, "--json"]).0.lines().count();
        assert!(stand > 0, "{name}");
        let (_, talk) = run(desk, &["flags", "raise", "--rule", spelled]);
        assert!(talk.contains(&format!("{stand} flags stand")), "{name} {stand}: {talk}");
    }
    for name in ["R99", "R32@1", "R43bb"] {
        let ran = desk.command(&["flags", "raise", "--rule", name]).output().unwrap();
        assert_eq!(ran.status.code(), Some(2), "{name}");
    }
    let ran = desk.command(&["list", "statistics", "--on", "2026-01-01"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(2), "sums are kept as of now only");
}

#[test]
fn three_years_of_rolls_raise_no_other_flags() {
    flags_are_labels(&Desk::new(), &["--people", "300", "--seed", "4", "--months", "36"]);
}

/// Sends a roll that is in already: nothing of it is news.
fn sent_again(desk: &Desk, roll: &str, sender: &str, division: &str) {
    let roll = fs::read_dir(desk.path("rolls"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(roll));
    let roll = roll.max().unwrap();
    let key = format!("ledger/keys/demo/{sender}.key");
    let sent = ["import", roll.to_str().unwrap(), "--key", &key, "--division", division, "--json"];
    let (report, talk) = run(desk, &sent);
    let report: Value = serde_json::from_str(report.lines().next().unwrap()).unwrap();
    assert!(report["rows"].as_u64().unwrap() > 0, "{report}");
    assert_eq!(report["unchanged"], report["rows"], "{report} {talk}");
}

/// Works and households are checked like payrolls, before they are recorded.
fn homes_are_checked(desk: &Desk) {
    let lines = |args: &[&str]| -> Vec<Value> {
        let (text, _) = run(desk, args);
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let twice = &lines(&["flags", "--rule", "R39", "--reveal", "--json"])[0];
    let entry = twice["evidence"][0].to_string();
    let earlier = &lines(&["history", &entry, "--json"])[0]["data"];
    let (id, programme) = (twice["id_number"].as_str().unwrap(), twice["programme"].as_str());
    let (used, fresh) =
        (earlier["before"]["hash"].as_str().unwrap(), format!("{}q", "b".repeat(51)));
    let header = "姓名,身份证号,施工单位,改造前照片哈希,改造后照片哈希,验收日期,金额(元),房屋等级";
    let works = format!("{header}\n@甲,{id},=1+1,{used},{fresh},2026-11-02,20000,D\n甲,,,,,,,\n");
    fs::write(desk.path("works.csv"), works).unwrap();
    let kind = format!("works:{}", programme.unwrap());
    let check = ["check", "works.csv", "--kind", &kind, "-o", "copy.csv", "--json"];
    let ran = desk.command(&check).env_remove("MINGZHENG_VAULT_KEY").output().unwrap();
    assert_eq!(ran.status.code(), Some(1), "the same photo again is conclusive");
    let found: Value =
        serde_json::from_slice(ran.stdout.split(|b| *b == b'\n').next().unwrap()).unwrap();
    assert_eq!((&found["rule"], &found["row"]), (&Value::from("R39"), &Value::from(2)), "{found}");
    // The row that could not be read stands beside the findings, for programs too.
    let left: Value =
        serde_json::from_slice(ran.stdout.trim_ascii_end().rsplit(|b| *b == b'\n').next().unwrap())
            .unwrap();
    let left = &left["not_checked"];
    assert_eq!((&left["file"], &left["row"]), (&"works.csv".into(), &3.into()), "{left}");
    assert!(left["why"].is_string() && left["why_zh"].is_string(), "{left}");
    let copy = fs::read_to_string(desk.path("copy.csv")).unwrap();
    let copied: Vec<&str> = copy.lines().collect();
    assert!(copied[1].starts_with("'@甲,") && copied[1].contains(",'=1+1,"), "{copy}");
    assert!(copied[1].contains("R39 同户重复改造"), "{copy}");
    assert!(copied[2].ends_with(",未核查,“公民身份号码”空白"), "{copy}");

    let homes = format!(
        "户号,姓名,身份证号,与户主关系\n70001,甲,{id},户主\n70001,乙,{id},妻\n70001,乙,,妻\n"
    );
    fs::write(desk.path("家庭成员名册.csv"), homes).unwrap();
    let check = ["check", "家庭成员名册.csv", "-o", "homes.xlsx"];
    let ran = desk.command(&check).env_remove("MINGZHENG_VAULT_KEY").output().unwrap();
    let talk = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "a row that was not checked is not clean: {talk}");
    assert!(talk.contains("row 4: not checked") && talk.contains("1 rows were not"), "{talk}");
    let key = "ledger/keys/demo/411700-clerk-1.key";
    let report = &lines(&["import", "家庭成员名册.csv", "--key", key, "--json"])[0];
    assert_eq!((&report["new"], &report["rejected"]), (&2.into(), &1.into()), "{report}");
    // The city knew the household by its people; now it has a number.
    let works = fs::read_to_string(desk.path("works.csv")).unwrap();
    let works: String = works.lines().map(|line| format!("{line},\n")).collect();
    let works = works.replacen("房屋等级,", "房屋等级,户号", 1).replacen(",D,", ",D,70001", 1);
    fs::write(desk.path("works.csv"), works).unwrap();
    let key = "ledger/keys/demo/411700-dpf-2.key";
    let report = &lines(&["import", "works.csv", "--kind", &kind, "--key", key, "--json"])[0];
    assert_eq!((&report["new"], &report["rejected"]), (&1.into(), &1.into()), "{report}");
    run(desk, &["verify"]);
}

fn flags_are_labels(desk: &Desk, city: &[&str]) {
    let labels = ["--labels", "labels.csv", "--look-alikes", "lawful.csv", "--keep-rolls", "rolls"];
    let (_, talk) = run(desk, &[&["demo"], city, &labels[..]].concat());
    assert!(talk.contains("show 99"), "somebody to look at: {talk}");
    sent_again(desk, "西平县重度残疾人护理补贴发放名册", "411700-bank-1", "411721");
    let (flags, _) = run(desk, &["flags", "--json", "--reveal"]);
    let flags: Vec<Value> = flags.lines().map(|line| serde_json::from_str(line).unwrap()).collect();

    let due = lines(
        &fs::read_to_string(desk.path("labels.csv")).unwrap(),
        "rule,id_number,programme,month",
    );
    let due = counted(due.into_iter().map(|row| row.try_into().unwrap()));
    let raised = counted(flags.iter().map(|flag| {
        let part = |name: &str| flag[name].as_str().unwrap_or_default().to_owned();
        ["rule", "id_number", "programme", "month"].map(part)
    }));
    let missed: Vec<_> = due.iter().filter(|(row, n)| raised.get(*row) != Some(n)).collect();
    let vain: Vec<_> = raised.iter().filter(|(row, n)| due.get(*row) != Some(n)).collect();
    assert!(missed.is_empty() && vain.is_empty(), "missed {missed:?}, in vain {vain:?}");
    assert!(due.len() > 100, "{} labels", due.len());

    let lawful = lines(&fs::read_to_string(desk.path("lawful.csv")).unwrap(), "kind,id_number");
    assert!(lawful.len() > 40, "{} look-alikes", lawful.len());
    for flag in flags.iter().filter(|flag| flag["kind"] == "conclusive") {
        let found = lawful.iter().find(|row| flag["id_number"] == row[1].as_str());
        assert!(found.is_none(), "{found:?}: {flag}");
    }
}
