//! Statements for elsewhere, stale reviews, foreign rolls, broken files and full disks.

use std::{fs, process::Command};

use super::{Desk, text};

const SUSPEND: &str = r#"{ "type": "actor.suspended", "at": "2026-07-05",
  "subject": "actor:411702-dpf-1", "data": { "reason": "left the office" } }"#;

/// A ledger with a clerk, and the supervisor's signed suspension of that clerk in each file named.
fn desk_with(statements: &[&str]) -> Desk {
    let desk = Desk::with_ledger();
    desk.enrol("411702-dpf-1", "clerk", "残联", &desk.key("clerk"), &[]);
    desk.write("body.json", SUSPEND);
    for name in statements {
        let draft = format!("{name}.draft");
        let drafted =
            desk.run(&["draft", "body.json", "--actor", "411700-supervisor-1", "-o", &draft]);
        assert_eq!(drafted.code, 0, "{drafted:?}");
        desk.json(&["sign", &draft, "--key", "supervisor", "-o", name]);
    }
    desk
}

#[test]
fn a_review_of_what_is_no_longer_so_is_refused() {
    let desk = desk_with(&["one", "two"]);
    desk.json(&["submit", "one"]);
    let stale = desk.error(1, &["submit", "two"]);
    assert_eq!((text(&stale, "code"), text(&stale, "rule")), ("stale_expect", "I01"));
    assert!(text(&stale, "hint").starts_with("look at the case again"), "{stale}");
    assert_eq!(desk.json(&["verify"])["entries"], 4);
}

#[test]
fn a_statement_counts_on_its_own_ledger_only() {
    let desk = desk_with(&["one"]);
    let roots = ["custodian", "supervisor"]
        .map(|name| text(&desk.json(&["key", "show", name]), "public_key").to_owned());
    let init = ["init", "--origin", "example.org/another", "--no-passphrase", "--ledger", "other"];
    let roots = ["--root", &roots[0], "--root", &format!("{}@市审计局", roots[1])];
    desk.json(&[&init[..], &roots, &["--vault-key", "other.key"]].concat());
    let there = ["submit", "one", "--ledger", "other", "--vault-key", "other.key"];
    let replayed = desk.error(1, &there);
    assert_eq!(text(&replayed, "code"), "other_ledger");
    assert_eq!(desk.json(&["verify", "other"])["entries"], 1);
    // The vault key of another ledger opens nothing.
    let vault = desk.run(&["import", "body.json", "--key", "clerk", "--vault-key", "other.key"]);
    assert!(vault.code == 1 && vault.talk.contains("vault key"), "{vault:?}");
}

#[test]
fn a_roll_of_another_division_is_refused_before_anything_is_written() {
    let desk = desk_with(&[]);
    let row = "甲,11010519491231002X,11010519491231002X42,4,2,2016-01-01,2026-01-01,正常,411703";
    let header =
        "姓名,公民身份号码,残疾人证号,残疾类别,残疾等级,发证日期,有效期至,证件状态,户籍区划代码";
    desk.write("持证人名册.csv", &format!("{header}\n{row}\n"));
    let import = ["import", "持证人名册.csv", "--key", "clerk", "--json"];
    let whole = desk.run(&[&import[..], &["--division", "411700"]].concat());
    assert!(whole.code == 1 && whole.talk.contains("\"wrong_division\""), "{whole:?}");
    let foreign = desk.run(&import);
    assert!(!foreign.talk.contains("1949"), "{foreign:?}");
    let line: serde_json::Value =
        serde_json::from_str(foreign.out.lines().next().unwrap()).unwrap();
    assert_eq!((&line["new"], &line["refused"]), (&0.into(), &1.into()), "{foreign:?}");
    let wrong_role = desk.run(&["import", "持证人名册.csv", "--key", "supervisor", "--json"]);
    assert!(wrong_role.talk.contains("\"role_may_not_sign\""), "{wrong_role:?}");
    assert_eq!(desk.json(&["verify"])["entries"], 3);
}

#[test]
fn truncated_files_are_named_and_left_as_they_are() {
    let desk = desk_with(&["one"]);
    for (name, bytes, says) in [
        ("log/00000000000000000000.seg", 1000, "damaged"),
        ("log/00000000000000000000.seg", 10, "damaged"),
        ("head", 100, "head is damaged"),
        ("head", 0, "head is damaged"),
        ("vault/vault", 40, "vault/vault is damaged"),
        ("keys/ledger.vkey", 20, "keys/ledger.vkey is not"),
        ("keys/note.key", 30, "note.key"),
    ] {
        let path = desk.path("ledger").join(name);
        let good = fs::read(&path).unwrap();
        fs::write(&path, &good[..bytes]).unwrap();
        let ran = desk.run(&["submit", "one"]);
        assert_eq!(ran.code, 1, "{name} {bytes}: {ran:?}");
        assert!(ran.talk.contains(says) && ran.talk.contains("hint: "), "{name} {bytes}: {ran:?}");
        assert_eq!(fs::read(&path).unwrap(), good[..bytes], "{name} was changed");
        fs::write(&path, good).unwrap();
    }
    desk.json(&["submit", "one"]);
    assert_eq!(desk.json(&["verify"])["ok"], true);
}

#[test]
fn a_full_disk_is_said_and_the_same_command_works_when_there_is_room() {
    let desk = Desk::new();
    let (custodian, supervisor) = (desk.key("custodian"), desk.key("supervisor"));
    // No file may grow beyond a mebibyte: the log's first segment does not fit.
    let full = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 2048; exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_mingzheng"))
        .args(["init", "--origin", "example.org/zhumadian", "--no-passphrase"])
        .args(["--root", &custodian, "--root", &format!("{supervisor}@市审计局")])
        .current_dir(desk.folder.path())
        .env("MINGZHENG_LEDGER", "ledger")
        .env("MINGZHENG_VAULT_KEY", "vault.key")
        .output()
        .unwrap();
    let said = String::from_utf8(full.stderr).unwrap();
    assert_eq!(full.status.code(), Some(1), "{said}");
    assert!(said.contains("nothing was written") && said.contains("make room"), "{said}");
    // No key stays behind; what stands of the folder was never a ledger.
    assert!(!desk.path("vault.key").exists() && !desk.path("ledger/keys/note.key").exists());
    fs::remove_dir_all(desk.path("ledger")).unwrap();
    desk.init(&custodian, &supervisor);
    assert_eq!(desk.json(&["verify"])["entries"], 1);
}

#[test]
fn a_disk_that_fills_up_later_loses_nothing() {
    let desk = desk_with(&["one"]);
    desk.enrol("411700-app-1", "approver", "残联", &desk.key("approver"), &[]);
    let published = desk.run(&["policy", "publish", "--defaults", "--key", "approver"]);
    assert_eq!(published.code, 0, "{published:?}");
    let entries = desk.json(&["verify"])["entries"].as_u64().unwrap();
    // No file may grow beyond the sector in which the last frame ends; the next one crosses it.
    let segment = fs::read(desk.path("ledger/log/00000000000000000000.seg")).unwrap();
    let end = segment.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    assert!(end > 16 << 10, "the head file fits: {end}");
    let limit = end.div_ceil(512).to_string();
    let full = |args: &[&str]| {
        let ran = Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"", "sh", &limit])
            .arg(env!("CARGO_BIN_EXE_mingzheng"))
            .args(args)
            .current_dir(desk.folder.path())
            .env("MINGZHENG_LEDGER", "ledger")
            .env("MINGZHENG_VAULT_KEY", "vault.key")
            .output()
            .unwrap();
        (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
    };
    // First the frame's write is cut, then there is no room for the segment that follows on it.
    for said_first in ["the outcome is unknown", "nothing was written"] {
        let (code, said) = full(&["submit", "one"]);
        assert_eq!(code, Some(1), "{said}");
        let way_out = "open the ledger again and send the same bytes";
        assert!(said.contains(said_first) && said.contains(way_out), "{said}");
    }
    // Reading goes on.
    assert_eq!(full(&["actor", "list"]).0, Some(0));
    assert_eq!(full(&["prove", "3"]).0, Some(0));
    // With room again the same bytes are recorded, once.
    let sent = desk.json(&["submit", "one"]);
    assert_eq!((&sent["index"], &sent["again"]), (&entries.into(), &false.into()));
    assert_eq!(desk.json(&["submit", "one"])["again"], true);
    let verified = desk.json(&["verify"]);
    assert_eq!((&verified["ok"], &verified["entries"]), (&true.into(), &(entries + 1).into()));
}
