//! A backup of a ledger with rolls in it, restored: the same trail, flags and index.

use std::fs;

use serde_json::Value;

use super::Desk;

const ROLLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rolls");

fn lines(desk: &Desk, args: &[&str]) -> Vec<Value> {
    let ran = desk.run(&[args, &["--json"]].concat());
    assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_restored_ledger_shows_what_the_lost_one_showed() {
    let desk = Desk::new();
    // The vault key is not in the backup: it is named, as one kept elsewhere is.
    let made = desk.json(&["demo", "--rolls", ROLLS, "--on", "2026-10-15"]);
    assert_eq!(made["rejected"], 3);
    assert!(fs::read_dir(desk.path("ledger/rejected")).unwrap().count() > 0);
    fs::rename(desk.path("ledger/keys/vault.key"), desk.path("vault.key")).unwrap();
    let flags = ["flags", "--on", "2026-10-15", "--reveal"];
    let before = lines(&desk, &flags);
    assert!(before.len() > 20, "{}", before.len());
    let rebuilt = desk.json(&["rebuild"]);
    assert_eq!(rebuilt["equal"], true);
    let verified = desk.json(&["verify"]);
    desk.json(&["backup", "copy"]);
    fs::remove_dir_all(desk.path("ledger")).unwrap();

    let restored = desk.json(&["restore", "copy", "--accept-unknown-head"]);
    assert_eq!(restored["entries"], made["events"]);
    let again = desk.json(&["verify"]);
    for key in ["ok", "entries", "root", "chain", "findings"] {
        assert_eq!(again[key], verified[key], "{key}");
    }
    assert_eq!(lines(&desk, &flags), before);
    let anew = desk.json(&["rebuild"]);
    assert_eq!((&anew["state_hash"], &anew["equal"]), (&rebuilt["state_hash"], &true.into()));
}
