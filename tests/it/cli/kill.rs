//! Killed at any moment the program leaves a ledger that verifies, and the same import completes.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;

use super::Desk;

const ROLLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rolls");
const PAYMENTS: [&str; 5] = [
    "困难残疾人生活补贴发放名册_2026-07.csv",
    "困难残疾人生活补贴发放名册_2026-08.xlsx",
    "困难残疾人生活补贴发放名册_2026-09.csv",
    "重度残疾人护理补贴发放名册_2026-07.csv",
    "重度残疾人护理补贴发放名册_2026-08.csv",
];

/// A command on a demo ledger, which has its vault key with it.
fn demo_command(desk: &Desk, args: &[&str]) -> Command {
    let mut command = desk.command(args);
    command.env_remove("MINGZHENG_VAULT_KEY").arg("--json");
    command
}

fn run(desk: &Desk, args: &[&str]) -> Output {
    demo_command(desk, args).output().unwrap()
}

/// Starts a command and kills it after a while, as `kill -9` does. True: it was killed.
fn killed(desk: &Desk, args: &[&str], after: Duration) -> bool {
    let mut command = demo_command(desk, args);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(after);
    child.kill().unwrap();
    !child.wait().unwrap().success()
}

fn lines(ran: &Output) -> Vec<Value> {
    let out = std::str::from_utf8(&ran.stdout).unwrap();
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn entries(desk: &Desk, when: &str) -> u64 {
    let ran = run(desk, &["verify"]);
    let report = lines(&ran).remove(0);
    assert_eq!((ran.status.code(), &report["ok"]), (Some(0), &true.into()), "{when}: {report}");
    let tail = report["unpublished_tail"]["entries"].as_u64().unwrap_or(0);
    report["entries"].as_u64().unwrap() + tail
}

#[test]
fn an_import_that_is_killed_again_and_again_completes() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("rolls")).unwrap();
    let first = "死亡人员名单.csv";
    std::fs::copy(Path::new(ROLLS).join(first), desk.path("rolls").join(first)).unwrap();
    let made = run(&desk, &["demo", "--rolls", "rolls"]);
    assert!(made.status.success(), "{made:?}");
    let founded = entries(&desk, "founded");

    let files = PAYMENTS.map(|name| format!("{ROLLS}/{name}"));
    let import = ["import", "--key", "ledger/keys/demo/411700-bank-1.key"];
    let import: Vec<&str> = import.into_iter().chain(files.iter().map(String::as_str)).collect();
    let (mut before, mut kills) = (founded, 0);
    for round in 0..14_u32 {
        let after = Duration::from_millis(u64::from(20 + 23 * round));
        kills += u32::from(killed(&desk, &import, after));
        let now = entries(&desk, &format!("killed after {after:?}"));
        assert!(now >= before, "{now} entries after {before}");
        before = now;
    }
    assert!(kills > 0);

    let done = run(&desk, &import);
    assert!(done.status.success(), "{done:?}");
    let all = entries(&desk, "imported");
    let rows: u64 = lines(&done).iter().map(|line| line["rows"].as_u64().unwrap()).sum();
    let again = run(&desk, &import);
    assert!(again.status.success(), "{again:?}");
    for line in lines(&again) {
        assert_eq!((&line["new"], &line["corrected"]), (&0.into(), &0.into()), "{line}");
    }
    assert_eq!(entries(&desk, "imported twice"), all);
    // Each row stands once; a file whose import was cut has a `roll.received` for each beginning.
    let listed = lines(&run(&desk, &["list", "payments"]));
    assert_eq!(listed.len() as u64, rows);
    let rebuilt = lines(&run(&desk, &["rebuild"])).remove(0);
    assert_eq!(rebuilt["equal"], true, "{rebuilt}");
}

#[test]
fn a_founding_that_is_killed_leaves_a_ledger_or_says_there_is_none() {
    for round in 0..6_u32 {
        let desk = Desk::new();
        let demo = ["demo", "--rolls", ROLLS];
        killed(&desk, &demo, Duration::from_millis(u64::from(15 + 60 * round)));
        let opened = run(&desk, &["actor", "list"]);
        if opened.status.success() {
            entries(&desk, "founded");
            continue;
        }
        assert_eq!(opened.status.code(), Some(1), "{opened:?}");
        let said = std::str::from_utf8(&opened.stderr).unwrap();
        let said: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
        assert!(said["error"]["message"].is_string(), "{said}");
    }
}
