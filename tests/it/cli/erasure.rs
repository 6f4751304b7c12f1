//! A person's data is erased: proposed, endorsed, carried out, each by another hand.

use std::{fs, process::Command};

use super::{Desk, text};

const ID: &str = "11010519491231002X";
const BODY: &str = r#"{
  "type": "application.submitted", "at": "2026-07-05", "subject": "case:new",
  "data": {
    "kind": "new", "hukou_division": "411702", "residence_division": "411702",
    "channel": "window", "claimed": ["physical"], "evidence": []
  },
  "personal": { "id_number": "11010519491231002X", "name": "李生林" }
}"#;

/// A ledger that knows one person, with a privacy officer. The statement stays in `statement`.
fn desk() -> Desk {
    let desk = Desk::with_ledger();
    desk.enrol("411702-dpf-1", "clerk", "残联", &desk.key("clerk"), &[]);
    let officer = desk.key("officer");
    desk.enrol("411700-data-1", "privacy_officer", "大数据局", &officer, &[]);
    desk.write("body.json", BODY);
    assert_eq!(desk.run(&["draft", "body.json", "--actor", "411702-dpf-1", "-o", "draft"]).code, 0);
    desk.json(&["sign", "draft", "--key", "clerk", "-o", "statement"]);
    desk.json(&["submit", "statement"]);
    desk
}

fn erase<'a>(who: &'a str, key: &'a str) -> Vec<&'a str> {
    vec!["erase", who, "--basis", "art. 47", "--final-on", "2027-01-31", "--key", key]
}

fn name_shown(desk: &Desk) -> bool {
    let ran = desk.run(&["show", ID, "--reveal"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.out.contains("李生林")
}

#[test]
fn three_hands_erase_what_was_sealed_and_every_proof_stays() {
    let desk = desk();
    assert!(name_shown(&desk));
    let old = fs::read(desk.path("vault.key")).unwrap();
    let early = desk.json(&["vault", "rewrite", "--new-vault-key", "zero.key"]);
    assert_eq!((&early["erased_keys"], text(&early, "destroyed")), (&0.into(), "vault.key"));
    assert!(!desk.path("vault.key").exists());
    fs::rename(desk.path("zero.key"), desk.path("vault.key")).unwrap();
    assert!(name_shown(&desk), "changing the vault key alone erases nothing");
    assert_ne!(fs::read(desk.path("vault.key")).unwrap(), old);

    // Proposed by a privacy officer, endorsed by the key custodian, carried out.
    let clerk = desk.error(1, &erase(ID, "clerk"));
    assert_eq!(text(&clerk, "code"), "role_may_not_sign");
    let proposed = desk.json(&erase(ID, "officer"));
    assert_eq!(proposed["waits_for"]["roles"][0], "key_custodian");
    assert!(name_shown(&desk), "a proposal erases nothing");
    let index = proposed["index"].to_string();
    let endorsed = desk.run(&["endorse", &index, "--key", "custodian"]);
    assert!(endorsed.code == 0 && endorsed.talk.contains("vault rewrite"), "{endorsed:?}");
    let waiting = desk.run(&["show", ID, "--reveal"]);
    assert!(!waiting.out.contains("李生林") && waiting.talk.contains("`mingzheng vault rewrite`"));
    let nothing = desk.error(1, &erase(ID, "officer"));
    assert!(text(&nothing, "message").starts_with("no data key"), "{nothing}");

    let rewrite = |file: &str| {
        vec!["vault".to_owned(), "rewrite".into(), "--new-vault-key".into(), file.into()]
    };
    let refused = |file: &str| {
        let args = rewrite(file);
        desk.error(1, &args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let inside = refused("ledger/keys/new.key");
    assert_eq!(text(&inside, "message"), "the vault key lies inside the ledger's folder");
    assert!(text(&refused("officer"), "message").contains("never overwritten"));
    let done = desk.json(&["vault", "rewrite", "--new-vault-key", "new.key"]);
    assert_eq!(done["erased_keys"], 1);
    assert!(!desk.path("vault.key").exists());

    // The new key is the vault's; the person is found and nothing of theirs opens.
    fs::rename(desk.path("new.key"), desk.path("vault.key")).unwrap();
    let after = desk.run(&["show", ID, "--reveal"]);
    assert!(after.code == 0 && !after.out.contains("李生林"), "{after:?}");
    assert!(!after.talk.contains("vault rewrite"), "{}", after.talk);
    assert_eq!(desk.json(&["verify"])["ok"], true);
    let resent = desk.json(&["submit", "statement"]);
    assert_eq!(resent["again"], true, "its key is gone, its receipt is not");
    let history = desk.run(&["history", ID, "--json"]);
    assert!(history.out.contains("personal_data.erased"), "{history:?}");
}

#[test]
fn an_old_vault_key_or_an_old_vault_brings_nothing_back() {
    let desk = desk();
    let earlier = fs::read(desk.path("ledger/vault/vault")).unwrap();
    fs::copy(desk.path("vault.key"), desk.path("kept.key")).unwrap();
    let proposed = desk.json(&erase(ID, "officer"));
    desk.json(&["endorse", text(&proposed, "statement"), "--key", "custodian"]);
    desk.json(&["vault", "rewrite", "--new-vault-key", "new.key"]);
    let show = ["show", ID, "--reveal", "--vault-key", "kept.key"];
    let refused = desk.error(1, &show);
    assert!(text(&refused, "hint").contains("after `vault rewrite` it is the new one"));

    // Whoever puts the vault of before back is held to the log, and can carry the erasure out.
    fs::write(desk.path("ledger/vault/vault"), earlier).unwrap();
    let held = desk.run(&show);
    assert!(held.code == 0 && !held.out.contains("李生林"), "{held:?}");
    let again = ["vault", "rewrite", "--new-vault-key", "again.key", "--vault-key", "kept.key"];
    assert_eq!(desk.json(&again)["erased_keys"], 1);
    assert!(!desk.path("kept.key").exists());
}

#[test]
fn nobody_is_erased_by_a_name_the_ledger_does_not_know() {
    let desk = desk();
    for who in ["110101199003070000", "person:aaaaaaaaaaaaaaaaaaaaaaaaaa", "case:x", "0"] {
        let ran = desk.run(&erase(who, "officer"));
        assert!(ran.code == 1 || ran.code == 2, "{who}: {ran:?}");
        assert!(!ran.talk.contains("199003"), "{ran:?}");
    }
    let entries = desk.json(&["verify"])["entries"].clone();
    assert_eq!(entries, 6);
}

#[test]
fn a_rewrite_that_finds_no_room_leaves_both_keys_and_can_be_done_again() {
    let desk = desk();
    let proposed = desk.json(&erase(ID, "officer"));
    desk.json(&["endorse", text(&proposed, "statement"), "--key", "custodian"]);
    // No file may grow beyond 32 KiB: log and head fit, the vault's new file does not.
    let full = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_mingzheng"))
        .args(["vault", "rewrite", "--new-vault-key", "new.key"])
        .current_dir(desk.folder.path())
        .env("MINGZHENG_LEDGER", "ledger")
        .env("MINGZHENG_VAULT_KEY", "vault.key")
        .output()
        .unwrap();
    let said = String::from_utf8(full.stderr).unwrap();
    assert_eq!(full.status.code(), Some(1), "{said}");
    assert!(said.contains("writing the vault anew") && said.contains("keep both files"), "{said}");
    assert!(desk.path("vault.key").exists() && desk.path("new.key").exists());
    // The old key still opens the old vault; a key file is never overwritten.
    assert!(!name_shown(&desk));
    let taken = desk.error(1, &["vault", "rewrite", "--new-vault-key", "new.key"]);
    assert!(text(&taken, "message").contains("never overwritten"), "{taken}");
    let done = desk.json(&["vault", "rewrite", "--new-vault-key", "newer.key"]);
    assert_eq!(done["erased_keys"], 1);
}
