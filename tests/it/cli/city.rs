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
    flags_are_labels(&["--people", "500", "--seed", "3"]);
}

#[test]
fn three_years_of_rolls_raise_no_other_flags() {
    flags_are_labels(&["--people", "300", "--seed", "4", "--months", "36"]);
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

fn flags_are_labels(city: &[&str]) {
    let desk = Desk::new();
    let labels = ["--labels", "labels.csv", "--look-alikes", "lawful.csv", "--keep-rolls", "rolls"];
    let (_, talk) = run(&desk, &[&["demo"], city, &labels[..]].concat());
    assert!(talk.contains("show 99"), "somebody to look at: {talk}");
    sent_again(&desk, "西平县重度残疾人护理补贴发放名册", "411700-bank-1", "411721");
    let (flags, _) = run(&desk, &["flags", "--json", "--reveal"]);
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
