//! A document that the log refers to: hashed into a draft, checked by the vault, disclosed to
//! somebody who has neither ledger nor vault.

use std::process::Command;

use serde_json::json;

use super::{Desk, text};

const ID: &str = "11010519491231002X";

#[test]
fn a_document_is_known_again_and_a_changed_one_is_not() {
    let desk = Desk::with_ledger();
    desk.enrol("411702-dpf-1", "clerk", "残联", &desk.key("clerk"), &[]);
    desk.write("form.pdf", "what the form says");
    desk.write("other.pdf", "what another form says");
    // The person is not on the ledger yet: the form belongs to the first application.
    let [form, other] = ["form.pdf", "other.pdf"].map(|file| {
        text(&desk.json(&["evidence", "hash", file, "--person", ID]), "hash").to_owned()
    });
    assert_ne!(form, other);
    let body = json!({
        "type": "application.submitted", "at": "2026-07-05", "subject": "case:new",
        "data": {
            "kind": "new", "hukou_division": "411702", "residence_division": "411702",
            "channel": "window", "claimed": ["physical"],
            "evidence": [
                { "kind": "application_form", "hash": form },
                { "kind": "photo", "hash": other },
            ],
        },
        "personal": { "id_number": ID, "name": "李生林" },
    });
    desk.write("body.json", &body.to_string());
    assert_eq!(desk.run(&["draft", "body.json", "--actor", "411702-dpf-1", "-o", "draft"]).code, 0);
    desk.json(&["sign", "draft", "--key", "clerk", "-o", "statement"]);
    let index = desk.json(&["submit", "statement"])["index"].to_string();

    let check = |file| ["evidence", "check", file, "--entry", &index].map(str::to_owned);
    let check = |file: &'static str, more: &[&str]| {
        let mut words = check(file).to_vec();
        words.extend(more.iter().map(|word| (*word).to_owned()));
        words
    };
    let run = |words: Vec<String>| desk.json(&words.iter().map(String::as_str).collect::<Vec<_>>());
    let found = run(check("form.pdf", &[]));
    assert_eq!((text(&found, "kind"), text(&found, "hash")), ("application_form", form.as_str()));
    assert!(found.get("salt").is_none(), "the salt is disclosed only when asked for: {found}");
    assert_eq!(text(&run(check("other.pdf", &[])), "kind"), "photo");

    // One changed letter; an entry without documents; no such entry.
    desk.write("form-2.pdf", "what the form  says");
    let differs = desk.error(1, &["evidence", "check", "form-2.pdf", "--entry", &index]);
    assert!(text(&differs, "message").starts_with("evidence_differs"), "{differs}");
    desk.error(1, &["evidence", "check", "form.pdf", "--entry", "0"]);
    desk.error(1, &["evidence", "check", "form.pdf", "--entry", "999999"]);

    // Disclosed: a folder without ledger and vault is enough.
    let disclosed = run(check("form.pdf", &["--disclose"]));
    let verify = |file: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mingzheng"));
        command.args(["evidence", "verify"]).arg(desk.path(file));
        command.args(["--salt", text(&disclosed, "salt"), "--hash", &form]);
        command.current_dir("/").output().unwrap().status.code()
    };
    assert_eq!(verify("form.pdf"), Some(0));
    assert_eq!(verify("form-2.pdf"), Some(1));
    assert_eq!(verify("other.pdf"), Some(1), "the salt is that of one document");
}
