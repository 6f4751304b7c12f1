//! Drafts with personal data: sealed by the ledger, re-opened by the signer, never in clear.

use std::fs;

use mingzheng::value::CitizenId;

use super::{Desk, text};

const BODY: &str = r#"{
  "type": "application.submitted", "at": "2026-07-05", "subject": "case:new",
  "data": {
    "kind": "new", "hukou_division": "411702", "residence_division": "411702",
    "channel": "window", "claimed": ["physical"], "evidence": []
  },
  "personal": { "id_number": "１１０１０５１９４９１２３１００２x", "name": "李 生林" }
}"#;

/// A desk with a clerk whose key is encrypted.
fn desk() -> Desk {
    let desk = Desk::with_ledger();
    desk.write("passphrases", "not this one\n丰收 2026\n");
    chmod(&desk, "passphrases", 0o600);
    let new = ["key", "new", "-o", "clerk", "--passphrase-file", "passphrase"];
    desk.write("passphrase", "丰收 2026\n");
    chmod(&desk, "passphrase", 0o600);
    let made = desk.json(&new);
    let relation = ["--person-id", "11010519491231002X", "--relation", "spouse:11010519491231002X"];
    desk.enrol("411702-dpf-1", "clerk", "残联", text(&made, "public_key"), &[]);
    let other = desk.key("other");
    desk.enrol("411702-dpf-2", "clerk", "残联", &other, &relation);
    desk
}

fn chmod(desk: &Desk, name: &str, mode: u32) {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
    fs::set_permissions(desk.path(name), mode).unwrap();
}

#[test]
fn drafted_signed_offline_and_submitted_once() {
    let desk = desk();
    desk.write("body.json", BODY);
    let drafted = desk.run(&["draft", "body.json", "--actor", "411702-dpf-1", "-o", "draft"]);
    assert_eq!((drafted.code, drafted.out.as_str()), (0, ""), "{drafted:?}");
    assert!(!drafted.talk.contains("李生林"));
    let draft = fs::read_to_string(desk.path("draft")).unwrap();
    assert!(!draft.contains("李生林") && !draft.contains("11010519491231002X"), "{draft}");

    // Another key, a wrong passphrase, and sealed data that does not open.
    let sign = |key: &str, draft: &str, passphrases: &str, out: &str| {
        desk.run(&["sign", draft, "--key", key, "--passphrase-file", passphrases, "-o", out])
    };
    assert!(sign("other", "draft", "passphrase", "x").talk.contains("the draft is for the key"));
    desk.write("wrong", "not this one\n");
    chmod(&desk, "wrong", 0o600);
    let wrong = sign("clerk", "draft", "wrong", "x");
    assert_eq!(wrong.code, 1);
    assert!(wrong.talk.contains("error: clerk: the passphrase does not open the key\nhint: "));
    let sealed = draft.find("\\\"ct\\\":\\\"").unwrap() + 9;
    let letter = if draft.as_bytes()[sealed] == b'A' { "B" } else { "A" };
    let mut altered = draft.clone();
    altered.replace_range(sealed..=sealed, letter);
    desk.write("altered", &altered);
    let refused = sign("clerk", "altered", "passphrase", "x");
    assert!(refused.talk.contains("do not sign what you cannot read"), "{refused:?}");
    assert!(!desk.path("x").exists());

    // What is signed is said first; the same statement is recorded once.
    let signed = sign("clerk", "draft", "passphrases", "statement");
    assert_eq!(signed.code, 0, "{signed:?}");
    for said in ["application.submitted", "name: 李生林", "id_number: 11010519491231002X"] {
        assert!(signed.talk.contains(said), "{said}: {}", signed.talk);
    }
    assert!(!signed.out.contains("李生林"));
    let first = desk.json(&["submit", "statement"]);
    assert_eq!((text(&first, "type"), &first["again"]), ("application.submitted", &false.into()));
    let again = desk.json(&["submit", "statement"]);
    assert_eq!((&again["index"], &again["again"]), (&first["index"], &true.into()));
    let again = sign("clerk", "draft", "passphrases", "signed-again");
    assert_eq!(again.code, 0);

    // A second signature of the draft (its time may differ) never makes a second event; one bad
    // item in a sequence is named and stops nothing else.
    let mut both = fs::read(desk.path("statement")).unwrap();
    let at = both.len() - 1;
    both.extend_from_within(..);
    both[at] ^= 1;
    fs::write(desk.path("both"), &both).unwrap();
    let ran = desk.run(&["submit", "both", "--json"]);
    assert_eq!((ran.code, ran.out.lines().count()), (1, 2), "{ran:?}");
    assert!(ran.out.lines().next().unwrap().contains("\"bad_signature\""));
    assert!(ran.out.lines().nth(1).unwrap().contains("\"again\":true"));
    let entries = |desk: &Desk| desk.json(&["verify"])["entries"].clone();
    let before = entries(&desk);
    desk.run(&["submit", "signed-again"]);
    assert_eq!(entries(&desk), before);
    assert_eq!(desk.json(&["verify"])["ok"], true);
}

#[test]
fn bodies_that_cannot_be_drafted_are_refused_without_quoting_them() {
    let desk = desk();
    let rows = [
        ("\"window\"", "\"door\"", "data.channel is not of its form"),
        ("\"channel\"", "\"channel\": \"online\", \"channel\"", "repeated"),
        ("case:new", "case:x", "not a valid"),
        ("\"id_number\"", "\"number\"", "a wrong, unknown, repeated or missing field"),
        ("\"data\"", "\"date\"", "a wrong, unknown, repeated or missing field"),
        ("application.submitted", "application.sent", "not in the catalogue"),
        ("\"kind\"", "\"id\": \"t1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"kind\"", "a tag in data"),
        ("\"id_number\": \"１１０１０５１９４９１２３１００２x\",", "", "data has no id, id_form"),
        ("\"channel\": \"window\",", "", "data has no channel"),
        ("\"channel\"", "\"chanel\": 1, \"channel\"", "data has the unknown field chanel"),
    ];
    for (from, to, why) in rows {
        assert!(BODY.contains(from), "{from}");
        desk.write("body.json", &BODY.replacen(from, to, 1));
        let ran = desk.run(&["draft", "body.json", "--actor", "411702-dpf-1", "-o", "x"]);
        assert!([1, 2].contains(&ran.code) && ran.talk.contains(why), "{from}: {ran:?}");
        assert!(!ran.talk.contains("生林") && !ran.talk.contains("1949"), "{ran:?}");
    }
    desk.write("body.json", BODY);
    let unknown = desk.error(1, &["draft", "body.json", "--actor", "411702-dpf-9"]);
    assert_eq!(text(&unknown, "message"), "the actor is not enrolled on this ledger");

    // An officer's own case, and a number for demo ledgers, are the ledger's own refusals.
    let submitted = |body: &str, name: &str| {
        desk.write("body.json", body);
        let draft = ["draft", "body.json", "--actor", "411702-dpf-2", "-o", name];
        assert_eq!(desk.run(&draft).code, 0);
        let statement = format!("{name}.signed");
        desk.json(&["sign", name, "--key", "other", "-o", &statement]);
        let refused = desk.error(1, &["submit", &statement]);
        text(&refused, "code").to_owned()
    };
    assert_eq!(submitted(BODY, "own"), "own_case");
    let check = CitizenId::check_for(b"99010519491231002").unwrap();
    let demo =
        BODY.replace("１１０１０５１９４９１２３１００２x", &format!("99010519491231002{check}"));
    assert_eq!(submitted(&demo, "demo"), "demo_number");
}

#[test]
fn all_that_came_with_a_roll_is_endorsed_at_once() {
    let desk = Desk::with_ledger();
    desk.enrol("411702-dpf-1", "clerk", "残联", &desk.key("clerk"), &[]);
    desk.enrol("411702-bank-1", "bank_agent", "银行", &desk.key("bank"), &[]);
    let roll = "a".repeat(26);
    let tag = |letter: &str| format!("t1{}", letter.repeat(32));
    let mut submit = vec!["submit".to_owned()];
    for (number, account) in ["a", "b", "c"].into_iter().enumerate() {
        let account = tag(account);
        let row = serde_json::json!({
            "roll": if number == 2 { "e".repeat(26) } else { roll.clone() },
            "row": number + 2, "key": tag("d"), "content": tag("e")
        });
        let body = serde_json::json!({
            "type": "institution_account.recorded", "at": "2026-07-05",
            "subject": format!("account:{account}"),
            "data": { "account": account, "institution": "养护院", "row": row }
        });
        let name = format!("{number}");
        desk.write("body.json", &body.to_string());
        let draft = ["draft", "body.json", "--actor", "411702-dpf-1", "-o", &name];
        let drafted = desk.run(&draft);
        assert_eq!(drafted.code, 0, "{drafted:?}");
        let statement = format!("{name}.signed");
        desk.json(&["sign", &name, "--key", "clerk", "-o", &statement]);
        submit.push(statement);
    }
    let submit: Vec<&str> = submit.iter().map(String::as_str).collect();
    assert_eq!(desk.run(&submit).code, 0);
    let of_roll = format!("roll:{roll}");
    let endorsed = desk.json(&["endorse", &of_roll, "--key", "bank"]);
    assert_eq!(text(&endorsed, "subject"), of_roll);
    let nothing = desk.error(1, &["endorse", &of_roll, "--key", "bank"]);
    assert!(text(&nothing, "message").starts_with("nothing that came with roll:"), "{nothing}");
    assert_eq!(
        desk.json(&["endorse", &format!("roll:{}", "e".repeat(26)), "--key", "bank"])["index"],
        9
    );
    assert_eq!(desk.json(&["verify"])["ok"], true);
}
