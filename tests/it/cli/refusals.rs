//! Bad input: a clear error with what to do next, the right exit code, and nothing changed.

use std::{fs, io::pipe, os::unix::fs::PermissionsExt, process::Stdio};

use super::{Desk, text};

#[test]
fn usage_is_two_and_says_so_on_standard_error() {
    let desk = Desk::new();
    for args in [&[][..], &["invent"], &["prove"], &["prove", "x"], &["key", "show", "--no-such"]] {
        let ran = desk.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.talk.contains("help"), "{args:?}: {}", ran.talk);
    }
    let role = desk.run(&["actor", "enrol", "a-1", "--role", "king"]);
    assert!(role.code == 2 && role.talk.contains("expected one of `clerk`"), "{role:?}");
    let key = desk.key("one");
    let once = desk.error(2, &["init", "--origin", "example.org/a", "--root", &key]);
    assert!(text(&once, "hint").starts_with("give it twice"));
    let version = desk.run(&["--version"]);
    assert_eq!(version.code, 0);
    assert!(version.out.starts_with("mingzheng "));
}

#[test]
fn where_there_is_no_ledger_nothing_is_made() {
    let desk = Desk::new();
    desk.key("one");
    for args in [
        &["actor", "list"][..],
        &["checkpoint"],
        &["prove", "0"],
        &["endorse", "0", "--key", "one"],
        &["repair"],
        &["verify"],
        &["backup", "copy"],
        &["export", "out"],
    ] {
        let error = desk.error(1, args);
        assert!(!text(&error, "hint").is_empty(), "{args:?}");
    }
    let left: Vec<_> = fs::read_dir(desk.folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn founding_refuses_one_holder_and_leaves_nothing_behind() {
    let desk = Desk::new();
    let (one, two) = (desk.key("one"), desk.key("two"));
    let init = |first: &str, second: &str, more: &[&str]| {
        let init = ["init", "--origin", "example.org/a", "--no-passphrase"];
        let roots = ["--root", first, "--root", second];
        desk.error(1, &[&init[..], &roots, more].concat())
    };
    init(&one, &one, &[]);
    init(&one, &format!("{two}@残联"), &[]);
    let inside = init(&one, &two, &["--vault-key", "ledger/vault.key"]);
    assert_eq!(text(&inside, "message"), "the vault key lies inside the ledger's folder");
    assert!(!desk.path("ledger").exists() && !desk.path("vault.key").exists());
    // A vault key that is there is never written over, and nothing else stays then.
    desk.write("vault.key", "another ledger's");
    init(&one, &two, &[]);
    assert!(!desk.path("ledger").exists());
    assert_eq!(fs::read_to_string(desk.path("vault.key")).unwrap(), "another ledger's");
}

#[test]
fn keys_that_may_not_sign_are_refused_by_name() {
    let desk = Desk::with_ledger();
    let clerk = desk.key("clerk");
    let enrol = |key: &str| {
        let enrol = ["actor", "enrol", "411702-dpf-1", "--role", "clerk", "--division", "411702"];
        let of = ["--organisation", "残联", "--public-key", &clerk, "--key", key];
        desk.run(&[&enrol[..], &of, &["--json"]].concat())
    };
    let said = |key: &str, what: &str| {
        let ran = enrol(key);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.talk.contains(what) && ran.talk.contains("\"hint\""), "{what}: {ran:?}");
    };
    said("clerk", "\"code\":\"unknown_key\"");
    said("supervisor", "\"code\":\"role_may_not_sign\"");
    said("absent", "there is no key file absent");
    desk.write("nokey", "nothing");
    chmod(&desk, "nokey", 0o600);
    said("nokey", "not the PKCS#8 PEM text");
    chmod(&desk, "custodian", 0o640);
    said("custodian", "others can read the key file custodian (mode 0640)");
    chmod(&desk, "custodian", 0o600);
    desk.json(&["key", "new", "--demo", "-o", "demo"]);
    said("demo", "marked DEMO");

    // The right key passes, once; nobody endorses their own.
    assert_eq!(enrol("custodian").code, 0);
    let own = desk.run(&["endorse", "1", "--key", "custodian"]);
    assert_eq!(own.code, 1);
    assert!(own.talk.contains("error: refused by I31 (own_proposal): "), "{}", own.talk);
    assert!(own.talk.contains("\nhint: a second actor has to endorse it\n"), "{}", own.talk);
    let nobody = desk.error(1, &["endorse", "0", "--key", "supervisor"]);
    assert_eq!(text(&nobody, "code"), "no_such_proposal");
    desk.json(&["endorse", "1", "--key", "supervisor"]);

    // The old key of an actor signs nothing.
    let next = desk.key("next");
    let rotate = ["actor", "rotate", "411700-keys-1", "--public-key", &next, "--reason", "yearly"];
    let proposed = desk.json(&[&rotate[..], &["--key", "custodian"]].concat());
    desk.json(&["endorse", text(&proposed, "statement"), "--key", "supervisor"]);
    said("custodian", "\"code\":\"key_retired\"");
    said("next", "\"code\":\"actor_exists\"");

    // A suspended actor is known and signs nothing.
    let why = ["--reason", "left the office", "--key", "supervisor"];
    desk.json(&[&["actor", "suspend", "411702-dpf-1"][..], &why].concat());
    let suspended = enrol("clerk");
    assert!(suspended.talk.contains("\"code\":\"actor_suspended\""), "{suspended:?}");
    assert_eq!(desk.json(&["verify"])["ok"], true);
}

#[test]
fn a_policy_that_contradicts_itself_is_not_published() {
    let desk = Desk::with_ledger();
    desk.enrol("411700-app-1", "approver", "残联", &desk.key("approver"), &[]);
    let shipped = include_str!("../../../src/policy/data/certificate.toml");
    // January 2018 is nobody's.
    let gap = shipped.replace("from = \"2018-01-01\", level", "from = \"2018-02-01\", level");
    assert_ne!(gap, shipped);
    desk.write("gap.toml", &gap);
    let refused = desk.error(1, &["policy", "publish", "gap.toml", "--key", "approver"]);
    assert!(text(&refused, "message").contains("approv"), "{refused}");
    assert_eq!(desk.json(&["verify"])["entries"], 3);
    desk.write("whole.toml", shipped);
    desk.json(&["policy", "publish", "whole.toml", "--key", "approver"]);
}

#[test]
fn personal_numbers_are_never_echoed() {
    let desk = Desk::with_ledger();
    let clerk = desk.key("clerk");
    let enrol = ["actor", "enrol", "411702-dpf-1", "--role", "clerk", "--division", "411702"];
    let of = ["--organisation", "残联", "--public-key", &clerk, "--key", "custodian"];
    for number in
        [["--person-id", "110105194912310021"], ["--relation", "cousin:11010519491231002X"]]
    {
        let ran = desk.run(&[&enrol[..], &of, &number].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(!ran.talk.contains("1949") && ran.talk.contains("not a valid"), "{ran:?}");
    }
    let ran = desk
        .command(&[&enrol[..], &of, &["--person-id", "11010519491231002X"]].concat())
        .env("MINGZHENG_VAULT_KEY", "another")
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(1), "without the vault key there is no tag");
}

#[test]
fn a_second_writer_is_refused_and_checks_go_on_beside_it() {
    let desk = Desk::with_ledger();
    let lock = fs::File::options().write(true).open(desk.path("ledger/lock")).unwrap();
    lock.try_lock().unwrap();
    let busy = desk.error(1, &["actor", "list"]);
    assert!(text(&busy, "message").contains("in use by another writer"), "{busy}");
    assert_eq!(desk.run(&["checkpoint"]).code, 0);
    assert_eq!(desk.json(&["verify"])["ok"], true);
    drop(lock);
    assert_eq!(desk.run(&["actor", "list"]).code, 0);
}

#[test]
fn a_reader_that_went_away_is_three() {
    let desk = Desk::new();
    desk.key("one");
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let mut command = desk.command(&["key", "show", "one"]);
    let ran = command.stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!((ran.status.code(), ran.stderr.as_slice()), (Some(3), &[][..]));
}

fn chmod(desk: &Desk, name: &str, mode: u32) {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
    fs::set_permissions(desk.path(name), mode).unwrap();
}

#[test]
fn a_policy_is_explained_in_both_languages_and_a_contradiction_is_named() {
    let desk = Desk::new();
    let winter = "name = \"winter_coal\"\nversion = 1\ndivision = \"411702\"\n\
        valid_from = \"2026-01-01\"\n\n[programme]\ntitle_zh = \"冬季取暖补贴\"\n\
        title_en = \"winter coal\"\nunit = \"household\"\nperiod = \"year\"\n\
        eligible = [\"certificate_valid\", \"hardship\"]\n\
        chain = [\n  { step = \"determination\", role = \"approver\" },\n]\n";
    fs::write(desk.path("winter.toml"), winter).unwrap();
    let ran = desk.run(&["policy", "check", "winter.toml"]);
    assert_eq!(ran.code, 0, "{}", ran.talk);
    for part in [
        "冬季取暖补贴，第1版",
        "winter coal, version 1",
        "条件：家庭困难。",
        "Determination: federation approver.",
        "amounts are published apart, and nothing may be paid until one is published.",
    ] {
        let found = ran.out.to_lowercase().contains(&part.to_lowercase());
        assert!(found, "{part}: {}", ran.out);
    }
    assert!(!desk.path("ledger").exists());
    for (from, to, rule) in [
        ("\"approver\"", "\"clerk\"", "role_not_of_step"),
        ("\"household\"", "\"household\"\ncapacity_check = true", "limit_astray"),
        ("\"hardship\"]", "\"hardship\"]\nfirst_month = \"application_month\"", "limit_astray"),
        ("\"hardship\"]", "\"moon_walker\"]", "criterion_unknown"),
        ("\"hardship\"]", "\"level_1_or_2\", \"psychiatric_level_3_4\"]", "nobody_qualifies"),
    ] {
        fs::write(desk.path("wrong.toml"), winter.replace(from, to)).unwrap();
        let error = desk.error(1, &["policy", "check", "wrong.toml"]);
        assert!(text(&error, "message").contains(rule), "{rule}: {error:?}");
        assert_eq!((text(&error, "rule"), text(&error, "code")), ("I41", rule), "{error:?}");
    }
}

#[test]
fn a_secret_file_that_others_can_read_is_called_what_it_is() {
    let desk = Desk::with_ledger();
    desk.write("passphrases", "丰收 2026\n");
    let chmod = |name: &str, mode: u32| {
        fs::set_permissions(desk.path(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    chmod("passphrases", 0o644);
    let shown = desk.error(1, &["key", "new", "-o", "k", "--passphrase-file", "passphrases"]);
    let said = text(&shown, "message");
    assert!(said.starts_with("others can read the passphrase file passphrases"), "{shown}");
    assert!(said.ends_with("run: chmod 600 passphrases"), "{shown}");
    assert!(text(&shown, "hint").contains("under another passphrase"), "{shown}");
    assert!(!desk.path("k").exists());
    chmod("custodian", 0o640);
    let shown = desk.error(1, &["key", "show", "custodian"]);
    assert!(text(&shown, "message").starts_with("others can read the key file"), "{shown}");
    assert!(text(&shown, "hint").contains("actor rotate"), "{shown}");
    chmod("vault.key", 0o604);
    let shown = desk.error(1, &["show", "person:aaaaaaaaaaaaaaaaaaaaaaaaaa", "--reveal"]);
    assert!(text(&shown, "message").starts_with("others can read the vault key file"), "{shown}");
    assert!(text(&shown, "hint").contains("vault rewrite"), "{shown}");
}
