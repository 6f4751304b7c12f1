//! One walk through a ledger's life: founded, written, proven, exported, backed up, damaged.

use std::fs;

use super::{Desk, text};

#[test]
fn from_founding_to_repair() {
    let desk = Desk::new();
    let (custodian, supervisor) = (desk.key("custodian"), desk.key("supervisor"));
    let made = desk.init(&custodian, &supervisor);
    assert_eq!(made["actors"][1]["actor"], "411700-keys-1");
    assert_eq!(made["actors"][1]["organisation"], "残联");
    assert_eq!(made["actors"][2]["actor"], "411700-supervisor-1");
    assert_eq!(made["actors"][2]["organisation"], "市审计局");
    let (vkey, genesis) = (text(&made, "vkey"), text(&made, "genesis"));

    // Authority: an approver, who publishes policies and the calendar.
    desk.enrol("411700-app-1", "approver", "残联", &desk.key("approver"), &[]);
    let published = desk.run(&["policy", "publish", "--defaults", "--key", "approver", "--json"]);
    assert_eq!((published.code, published.out.lines().count()), (0, 19), "{published:?}");
    let calendar = desk.json(&["calendar", "publish", "--key", "approver"]);
    assert_eq!((text(&calendar, "type"), &calendar["index"]), ("calendar.published", &22.into()));
    let endorsed = desk.run(&["endorse", "3", "22", "--key", "supervisor"]);
    assert_eq!(endorsed.code, 0, "{endorsed:?}");
    let policies = desk.json(&["policy", "list"]);
    assert_eq!((text(&policies, "name"), &policies["index"]), ("certificate", &3.into()));
    let actors = desk.run(&["actor", "list"]);
    assert!(actors.out.contains("411700-app-1         approver       残联"), "{}", actors.out);

    // Proofs.
    desk.json(&["prove", "3", "-o", "receipt"]);
    let holds = desk.json(&["receipt", "verify", "receipt", "--vkey", vkey]);
    assert_eq!((text(&holds, "type"), &holds["index"]), ("policy.published", &3.into()));
    let receipt = fs::read_to_string(desk.path("receipt")).unwrap();
    desk.write("other", &receipt.replace("index 3", "index 2"));
    let refused = desk.error(1, &["receipt", "verify", "other", "--vkey", vkey]);
    assert_eq!(text(&refused, "kind"), "failed_check");
    assert_eq!(desk.run(&["prove", "99"]).code, 1);
    let checkpoint = desk.run(&["checkpoint"]);
    desk.write("checkpoint", &checkpoint.out);
    assert!(checkpoint.out.starts_with("example.org/zhumadian\n25\n"), "{}", checkpoint.out);

    // Static files.
    let anchor = ["--vkey", vkey, "--genesis", genesis];
    let exported = desk.json(&["export", "out"]);
    assert_eq!(exported["files_written"], 2);
    assert_eq!(desk.json(&["export", "out"])["files_written"], 0);
    for trail in ["ledger", "out"] {
        let report = desk.json(&[&["verify", trail, "--strict"][..], &anchor].concat());
        assert_eq!((&report["ok"], text(&report, "trust")), (&true.into(), "outside key"));
        assert_eq!((&report["entries"], &report["root"]), (&25.into(), &exported["root"]));
    }
    assert!(!desk.path("out/vault").exists());
    let other = desk.error(1, &["verify", "--genesis", text(&exported, "root")]);
    assert_eq!(text(&other, "kind"), "failed_check");
    assert!(desk.run(&["verify", "--from", "checkpoint"]).out.contains("self-trusted"));

    // A copy, without anything secret in clear.
    let backup = desk.json(&["backup", "copy"]);
    let names: Vec<_> =
        backup["files"].as_array().unwrap().iter().map(|f| text(f, "name")).collect();
    assert!(names.contains(&"vault/vault") && !names.contains(&"keys/note.key"), "{names:?}");
    assert_eq!(desk.error(1, &["backup", "copy"])["kind"], "refused");
    let again = ["restore", "copy", "--ledger", "again", "--newer-than"];
    let restored = desk.json(&[&again[..], &["checkpoint"]].concat());
    assert_eq!(restored["root"], exported["root"]);
    assert_eq!(desk.json(&["verify", "again"])["ok"], true);
    fs::write(desk.path("copy/head"), b"another").unwrap();
    let damaged = desk.error(1, &["restore", "copy", "--accept-unknown-head", "--ledger", "third"]);
    assert_eq!(text(&damaged, "message"), "head is not what was backed up");

    // Damage is named, and cut only when asked to.
    assert_eq!(desk.json(&["repair"])["opens"], true);
    let segment = desk.path("ledger/log/00000000000000000000.seg");
    let mut bytes = fs::read(&segment).unwrap();
    bytes[2000] ^= 1;
    fs::write(&segment, bytes).unwrap();
    for command in [&["verify"][..], &["prove", "3"], &["export", "other"], &["repair"]] {
        desk.error(1, command);
    }
    // Asking goes on from where the last close left off; what was changed is not shown.
    assert_eq!(desk.run(&["actor", "list"]).code, 0);
    let changed = desk.error(1, &["history", "ledger"]);
    assert!(text(&changed, "message").contains("was changed since it was published"), "{changed}");
    let repaired = desk.json(&["repair", "--accept-loss"]);
    assert_eq!((&repaired["opens"], &repaired["head"]), (&false.into(), &25.into()));
    assert!(desk.path(&format!("ledger/{}", repaired["kept_aside"][0].as_str().unwrap())).exists());
    assert!(text(&desk.error(1, &["actor", "list"]), "message").contains("entries were lost"));
}

#[test]
fn encrypted_keys_travel_with_the_backup() {
    let desk = Desk::new();
    let (custodian, supervisor) = (desk.key("custodian"), desk.key("supervisor"));
    let run = |passphrase: &str, args: &[&str]| {
        desk.command(args).env("MINGZHENG_PASSPHRASE", passphrase).output().unwrap()
    };
    let init = ["init", "--origin", "example.org/a", "--root", &custodian, "--root", &supervisor];
    assert_eq!(run("", &init).status.code(), Some(1), "an empty passphrase protects nothing");
    assert!(!desk.path("vault.key").exists());
    assert_eq!(run("first", &init).status.code(), Some(0));
    let backup = desk.json(&["backup", "copy"]);
    assert_eq!(backup["left_out"], serde_json::json!(["the vault key"]));
    let unknown = ["restore", "copy", "--ledger", "again", "--accept-unknown-head"];
    let restored = desk.json(&unknown);
    assert_eq!(restored["missing"], serde_json::json!([]));

    let suspend = ["actor", "suspend", "411700-supervisor-1", "--reason", "left", "--key"];
    let suspend = [&suspend[..], &["custodian", "--ledger", "again"]].concat();
    let wrong = run("second", &suspend);
    assert_eq!(wrong.status.code(), Some(1));
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(said.contains("note.key: the passphrase does not open the key"), "{said}");
    assert_eq!(run("first", &suspend).status.code(), Some(0));
    assert_eq!(desk.json(&["verify", "again"])["entries"], 2);
}
