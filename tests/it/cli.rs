//! The real binary, in folders of its own: what it prints, writes, refuses, and its exit codes.

mod bench;
mod beside;
mod broken;
mod city;
mod client;
mod console;
mod draw;
mod erasure;
mod evidence;
mod help;
mod kill;
mod personal;
mod refusals;
mod remote;
mod reports;
mod restored;
mod sample;
mod service;
mod serving;
mod traces;
mod verdict;
mod walk;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with a ledger, keys and files, and the command line in it.
struct Desk {
    folder: TempDir,
}

/// What one run of the binary left.
#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    talk: String,
}

impl Desk {
    /// An empty folder.
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A ledger with its two roots: keys `custodian` and `supervisor`, nothing encrypted.
    fn with_ledger() -> Self {
        let desk = Self::new();
        let (custodian, supervisor) = (desk.key("custodian"), desk.key("supervisor"));
        desk.init(&custodian, &supervisor);
        desk
    }

    fn init(&self, custodian: &str, supervisor: &str) -> Value {
        self.json(&[
            "init",
            "--origin",
            "example.org/zhumadian",
            "--root",
            custodian,
            "--root",
            &format!("{supervisor}@市审计局"),
            "--no-passphrase",
        ])
    }

    /// Makes a key that is not encrypted; gives its public key.
    fn key(&self, name: &str) -> String {
        let made = self.json(&["key", "new", "--no-passphrase", "-o", name]);
        made["public_key"].as_str().unwrap().to_owned()
    }

    /// Enrols an actor and has it endorsed.
    fn enrol(&self, id: &str, role: &str, organisation: &str, public_key: &str, more: &[&str]) {
        let enrol = ["actor", "enrol", id, "--role", role, "--public-key", public_key];
        let of = ["--organisation", organisation, "--division", &id[..6], "--key", "custodian"];
        let proposed = self.json(&[&enrol[..], &of, more].concat());
        let index = proposed["index"].to_string();
        assert_eq!(proposed["waits_for"]["roles"][0], "supervisor");
        self.json(&["endorse", &index, "--key", "supervisor"]);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mingzheng"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env_remove("MINGZHENG_PASSPHRASE")
            .env_remove("MINGZHENG_LOG")
            .env("MINGZHENG_LEDGER", "ledger")
            .env("MINGZHENG_VAULT_KEY", "vault.key")
            .env("COLUMNS", "100")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        let ran = self.command(args).output().unwrap();
        Ran {
            code: ran.status.code().unwrap(),
            out: String::from_utf8(ran.stdout).unwrap(),
            talk: String::from_utf8(ran.stderr).unwrap(),
        }
    }

    /// Runs a command that must end well; gives its JSON document.
    fn json(&self, args: &[&str]) -> Value {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{args:?}: {ran:?}"))
    }

    /// Runs a command that must end with this exit code; gives the error it says.
    fn error(&self, code: i32, args: &[&str]) -> Value {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        let last = ran.talk.lines().last().unwrap_or_default();
        let said: Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{ran:?}"));
        said["error"].clone()
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no text {key} in {value}"))
}
