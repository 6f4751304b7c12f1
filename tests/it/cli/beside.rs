//! Beside a running writer: proofs, exports and backups of what its newest head covers; and a
//! backup that is older than what is known is not restored.

use std::fs;

use super::{Desk, text};

/// A ledger of five entries, its roots' keys, and its checkpoint in `checkpoint`.
fn desk() -> (Desk, String) {
    let desk = Desk::new();
    let (custodian, supervisor) = (desk.key("custodian"), desk.key("supervisor"));
    let made = desk.init(&custodian, &supervisor);
    for number in ["1", "2"] {
        let key = desk.key(number);
        desk.enrol(&format!("411702-dpf-{number}"), "clerk", "残联", &key, &[]);
    }
    let checkpoint = desk.run(&["checkpoint"]);
    desk.write("checkpoint", &checkpoint.out);
    (desk, text(&made, "vkey").to_owned())
}

#[test]
fn proofs_exports_and_backups_are_made_while_the_ledger_is_in_use() {
    let (desk, vkey) = desk();
    let lock = fs::File::options().write(true).open(desk.path("ledger/lock")).unwrap();
    lock.try_lock().unwrap();
    let before = snapshot(&desk);
    let proven = desk.run(&["prove", "3", "-o", "receipt"]);
    assert!(proven.code == 0 && proven.talk.contains("head over 5 entries"), "{proven:?}");
    let holds = desk.json(&["receipt", "verify", "receipt", "--vkey", &vkey]);
    assert_eq!((&holds["index"], text(&holds, "type")), (&3.into(), "actor.enrolled"));
    assert_eq!(desk.run(&["prove", "5"]).code, 1);
    let exported = desk.json(&["export", "out"]);
    assert_eq!(desk.json(&["verify", "out", "--strict"])["root"], exported["root"]);
    let backup = desk.json(&["backup", "copy"]);
    assert_eq!((&backup["entries"], &backup["root"]), (&5.into(), &exported["root"]));
    assert_eq!(snapshot(&desk), before, "nothing was written beside the writer");
    let busy = desk.error(1, &["actor", "list"]);
    assert!(text(&busy, "hint").contains("`prove`, `export` and `backup` work beside it"));
    drop(lock);

    // Made without the lock, the backup is one like any other.
    let again = ["restore", "copy", "--ledger", "again", "--newer-than", "checkpoint"];
    assert_eq!(desk.json(&again)["root"], exported["root"]);
    assert_eq!(desk.json(&["verify", "again"])["ok"], true);
    let suspend = ["actor", "suspend", "411702-dpf-1", "--reason", "left", "--key", "supervisor"];
    fs::copy(desk.path("ledger/keys/note.key"), desk.path("again/keys/note.key")).unwrap();
    desk.json(&[&suspend[..], &["--ledger", "again"]].concat());
}

/// The bytes of log, head and vault.
fn snapshot(desk: &Desk) -> Vec<Vec<u8>> {
    let names = ["log/00000000000000000000.seg", "log/checkpoint", "head", "vault/vault"];
    names.map(|name| fs::read(desk.path("ledger").join(name)).unwrap()).to_vec()
}

#[test]
fn an_older_or_other_backup_is_not_restored() {
    let (desk, _) = desk();
    desk.json(&["backup", "copy"]);
    let bare = desk.run(&["restore", "copy", "--ledger", "again"]);
    assert!(bare.code == 2 && bare.talk.contains("--accept-unknown-head"), "{bare:?}");
    let suspend = ["actor", "suspend", "411702-dpf-1", "--reason", "left", "--key", "supervisor"];
    desk.json(&suspend);
    let newest = desk.run(&["checkpoint"]);
    desk.write("newest", &newest.out);
    let restore = |known: &str| {
        desk.error(1, &["restore", "copy", "--ledger", "again", "--newer-than", known])
    };
    let older = restore("newest");
    let says = "the backup holds 5 entries, and the checkpoint known covers 6";
    assert_eq!(text(&older, "message"), says);
    assert!(text(&older, "hint").contains("ledger.succeeds"));
    // Another ledger's checkpoint says nothing of this one.
    let roots = ["custodian", "supervisor"]
        .map(|name| text(&desk.json(&["key", "show", name]), "public_key").to_owned());
    let other = ["--ledger", "other", "--vault-key", "other.key", "--no-passphrase"];
    let init = ["init", "--origin", "example.org/zhumadian", "--root", &roots[0], "--root"];
    desk.json(&[&init[..], &[&format!("{}@市审计局", roots[1])], &other].concat());
    let foreign = desk.run(&["checkpoint", "--ledger", "other"]);
    desk.write("foreign", &foreign.out);
    assert!(text(&restore("foreign"), "message").contains("foreign is no checkpoint of it"));
    assert!(!desk.path("again").exists(), "nothing is written before it is known");

    // The same size and another root: a fork, signed with the same note key.
    let forked = desk.json(&["restore", "copy", "--ledger", "fork", "--accept-unknown-head"]);
    assert_eq!(forked["entries"], 5);
    fs::copy(desk.path("ledger/keys/note.key"), desk.path("fork/keys/note.key")).unwrap();
    let why = ["--reason", "moved", "--key", "supervisor", "--ledger", "fork"];
    desk.json(&[&["actor", "suspend", "411702-dpf-2"][..], &why].concat());
    desk.json(&["backup", "copy-of-fork", "--ledger", "fork"]);
    let fork = ["restore", "copy-of-fork", "--ledger", "again", "--newer-than", "newest"];
    let fork = desk.error(1, &fork);
    assert_eq!(text(&fork, "kind"), "failed_check");
    assert!(text(&fork, "message").contains("another history"), "{fork}");
}
