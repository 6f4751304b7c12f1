//! The console as a newcomer meets it: one command, one address, a page behind it.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Stdio},
};

use ureq::Agent;

use super::Desk;

/// A served demo; killed when dropped.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(desk: &Desk, args: &[&str]) -> Self {
        let mut command = desk.command(args);
        command.env_remove("MINGZHENG_VAULT_KEY");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim_end().to_owned() }
    }

    /// Asks it to end; what it said beside the address, on each stream.
    fn end(mut self) -> (i32, String, String) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let code = self.child.wait().unwrap().code().unwrap();
        let (mut rest, mut talk) = (String::new(), String::new());
        self.child.stdout.take().unwrap().read_to_string(&mut rest).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut talk).unwrap();
        (code, rest, talk)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}

#[test]
fn a_served_demo_prints_one_address_and_a_newcomer_walks_in() {
    let desk = Desk::new();
    let demo = ["demo", "--serve", "--listen", "127.0.0.1:0", "--people", "60"];
    let served = Served::start(&desk, &demo);
    let origin = served.address.strip_suffix("/console").expect(&served.address).to_owned();
    let agent = agent();
    let sent = agent.get(&served.address).call().unwrap();
    assert_eq!(sent.status(), 303);
    assert_eq!(sent.headers()["location"], "/console/sign-in?next=%2Fconsole");
    let mut desks = agent.get(format!("{origin}/console/demo")).call().unwrap();
    let text = desks.body_mut().read_to_string().unwrap();
    for actor in ["411700-inspector-1", "411702-clerk-1", "411702-person-1"] {
        assert!(text.contains(actor), "{actor}");
    }
    let entered = agent
        .post(format!("{origin}/console/demo"))
        .header("origin", &origin)
        .header("content-type", "application/x-www-form-urlencoded")
        .send("actor=411700-inspector-1&next=%2Fconsole%2Fflags")
        .unwrap();
    assert_eq!(entered.headers()["location"], "/console/flags");
    let cookie = entered.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    let queue = agent.get(format!("{origin}/console/flags")).header("cookie", cookie).call();
    let text = queue.unwrap().body_mut().read_to_string().unwrap();
    assert!(text.contains("demo-banner") && text.contains("/console/flags/"), "flags wait");

    let (code, rest, talk) = served.end();
    assert_eq!((code, rest.as_str()), (0, ""), "the address, and nothing more");
    assert!(talk.contains("flags wait for a verdict") && talk.contains("Ctrl-C"), "{talk}");

    // Ended, it is a ledger as any other: `serve` serves it again, `verify` finds nothing wrong.
    let again = Served::start(&desk, &["serve", "--listen", "127.0.0.1:0", "--json"]);
    let said: serde_json::Value = serde_json::from_str(&again.address).unwrap();
    let origin = said["address"].as_str().unwrap();
    let mut desks = agent.get(format!("{origin}/console/demo")).call().unwrap();
    assert!(desks.body_mut().read_to_string().unwrap().contains("411702-person-1"));
    assert_eq!(again.end().0, 0);
    let verified = desk.command(&["verify", "--json"]).output().unwrap();
    assert!(verified.status.success(), "{verified:?}");

    let twice = desk.command(&demo).output().unwrap();
    assert_eq!(twice.status.code(), Some(1));
    assert!(String::from_utf8(twice.stderr).unwrap().contains("there is a ledger"));
}
