//! The integrators' small client in Python, against a service that runs.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{
    Desk, Ran,
    service::{Service, demo},
    text,
};

const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tools/client.py");
const BODY: &str = r#"{ "type": "application.submitted", "subject": "case:new", "at": "2026-07-05",
    "data": { "kind": "new", "hukou_division": "411702", "residence_division": "411702",
        "channel": "window", "claimed": ["physical"], "evidence": [] },
    "personal": { "id_number": "990000194912310026", "name": "李生林" } }"#;

/// A service of a demo ledger; and a Python that finds no package `cryptography`, so that what is
/// tested is the same on every machine. `tools/fuzz` asks with that package.
fn served() -> (Desk, Service) {
    let desk = Desk::new();
    assert_eq!(demo(&desk, &["demo", "--people", "5"]).code, 0);
    fs::create_dir(desk.path("without")).unwrap();
    desk.write("without/cryptography.py", "raise ImportError\n");
    let mut command = desk.command(&["serve", "--listen", "127.0.0.1:0", "--json"]);
    let service = Service::spawn(command.env_remove("MINGZHENG_VAULT_KEY"));
    (desk, service)
}

fn client(desk: &Desk, service: &Service, actor: &str, args: &[&str]) -> Command {
    let mut python = Command::new("python3");
    python
        .arg(CLIENT)
        .args([&service.address, &format!("ledger/keys/demo/{actor}.key")])
        .args(args)
        .current_dir(desk.folder.path())
        .env("PYTHONPATH", desk.path("without"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("MINGZHENG_PASSPHRASE")
        .stdin(Stdio::null());
    python
}

fn ran(command: &mut Command) -> Ran {
    let ran = command.output().unwrap();
    Ran {
        code: ran.status.code().unwrap(),
        out: String::from_utf8(ran.stdout).unwrap(),
        talk: String::from_utf8(ran.stderr).unwrap(),
    }
}

#[test]
fn the_small_client_reads_signs_and_follows() {
    let (desk, service) = served();
    let clerk = "411702-clerk-1";
    let run = |actor: &str, args: &[&str]| ran(&mut client(&desk, &service, actor, args));
    let me = run(clerk, &["get", "/v1/me"]);
    assert_eq!(me.code, 0, "{me:?}");
    let me: Value = serde_json::from_str(&me.out).unwrap();
    assert_eq!(me["data"]["actor"], clerk);
    let walked = run(clerk, &["walk", "/v1/actors"]);
    assert!(walked.code == 0 && walked.out.lines().count() > 20, "{walked:?}");

    desk.write("body.json", BODY);
    let sent = run(clerk, &["submit", "body.json"]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert!(sent.talk.contains("signing case:") && !sent.talk.contains("李生林"), "{sent:?}");
    let sent: Value = serde_json::from_str(&sent.out).unwrap();
    let outcome = &sent["outcomes"][0];
    let index = outcome["index"].as_u64().unwrap();
    // What it signed is an accepted statement, and its receipt holds.
    desk.write("receipt", text(outcome, "receipt"));
    let vkey = fs::read_to_string(desk.path("ledger/keys/ledger.vkey")).unwrap();
    let receipt = demo(&desk, &["receipt", "verify", "receipt", "--vkey", vkey.trim(), "--json"]);
    assert_eq!(receipt.code, 0, "{receipt:?}");

    // The feed begins where it is told to, and goes on.
    let from = index.to_string();
    let mut feed = client(&desk, &service, "411700-inspector-1", &["feed", &from]);
    let mut feed = feed.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(feed.stdout.take().unwrap());
    let mut next = || -> Value {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    };
    assert_eq!(next()["index"], index);
    desk.write("body.json", &BODY.replace("990000194912310026", "990000194912310034"));
    assert_eq!(run(clerk, &["submit", "body.json"]).code, 0);
    assert_eq!(next()["index"], index + 1);
    feed.kill().unwrap();
    feed.wait().unwrap();

    // What is refused is told as the service tells it; nobody else's key says anything.
    let refused = run(clerk, &["get", "/v1/statistics"]);
    assert!(refused.code == 1 && refused.talk.contains("role_may_not"), "{refused:?}");
    desk.write("body.json", &BODY.replace("physical", "nothing"));
    let refused = run(clerk, &["submit", "body.json"]);
    assert!(refused.code == 1 && refused.talk.starts_with("422: "), "{refused:?}");
    desk.key("stranger");
    let mut stranger = Command::new("python3");
    stranger.args([CLIENT, &service.address, "stranger", "get", "/v1/me"]);
    stranger.current_dir(desk.folder.path()).env("PYTHONPATH", desk.path("without"));
    let refused = ran(&mut stranger);
    assert!(refused.code == 1 && refused.talk.starts_with("401: "), "{refused:?}");
    assert_eq!(service.end(), 0);
    assert_eq!(demo(&desk, &["verify", "--strict"]).code, 0);
}

/// A draft that says something else than it was asked for, and signatures as the program makes them.
const ASKS: &str = r#"
import json, sys
import client
key = client.read_key(sys.argv[1])
print(client.base32(client.blake3_short(key.public)))
print(key.sign(b"message").hex())
own = object.__new__(client.Client)
own.key, own.origin = key, "example.org/a"
own.kid = client.base32(client.blake3_short(key.public))
body = {"type": "endorsed", "subject": "actor:a-1", "at": "2026-07-05", "data": {}, "refs": ["x"]}
def draft(**other):
    payload = {"type": "endorsed", "v": 1, "at": "2026-07-05", "data": {}, "refs": ["x"], **other}
    cti = "a" * 26
    claims = {"iss": "o", "sub": "actor:a-1", "aud": own.origin, "kid": own.kid, "cti": cti}
    return {"claims": claims, "payload": json.dumps(payload)}
print(len(own.sign(draft(), body)) > 200)
other = draft()
other["claims"]["sub"] = "actor:a-2"
for wrong in (draft(refs=["y"]), draft(refs=["x", "y"]), draft(type="x"), draft(at="2026-07-06"), other):
    try:
        own.sign(wrong, body)
        print("signed", wrong)
    except ValueError as error:
        print(error)
"#;

#[test]
fn the_small_client_signs_what_was_asked_for_and_as_the_program_does() {
    let (desk, service) = served();
    assert_eq!(service.end(), 0);
    let public = desk.key("own");
    let kid = text(&desk.json(&["key", "show", "own"]), "kid").to_owned();
    desk.write("asks.py", ASKS);
    let tools = concat!(env!("CARGO_MANIFEST_DIR"), "/tools");
    let path = std::env::join_paths([desk.path("without").as_path(), tools.as_ref()]).unwrap();
    let mut python = Command::new("python3");
    python.args(["asks.py", "own"]).current_dir(desk.folder.path()).env("PYTHONPATH", path);
    let ran = ran(python.env("PYTHONDONTWRITEBYTECODE", "1"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], kid);
    let key: mingzheng::crypto::PublicKey = public.parse().unwrap();
    let signature = data_encoding::HEXLOWER.decode(lines[1].as_bytes()).unwrap();
    key.verifying_key().verify_strict(b"message", &signature.try_into().unwrap()).unwrap();
    assert_eq!(lines[2], "True");
    assert_eq!(lines[3..], ["the draft says something else than its body"; 5]);
}
