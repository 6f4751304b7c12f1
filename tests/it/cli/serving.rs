//! How the service is set up, what it logs, how it ends, and a server that nobody vouches for.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    Desk,
    service::{Service, agent, demo, key, token, token_for},
    text,
};

/// An address that is none of this machine's: listening there fails.
const NOT_HERE: &str = "192.0.2.1:1";
const HERE: &str = "127.0.0.1:0";

/// Every setting of `serve`, with a value that no such setting takes.
const SETTINGS: [(&str, &str); 11] = [
    ("listen", "nowhere"),
    ("tls-cert", "a.pem"),
    ("tls-key", "a.pem"),
    ("peer-per-second", "-1"),
    ("peer-burst", "many"),
    ("actor-per-second", "1.5"),
    ("actor-burst", ""),
    ("header-seconds", "1s"),
    ("end-seconds", "-1"),
    ("feeds", "few"),
    ("otlp-endpoint", "ftp://a"),
];

fn variable(setting: &str) -> String {
    format!("MINGZHENG_{}", setting.to_uppercase().replace('-', "_"))
}

/// How often a burst of requests from this address is answered, before one is refused.
fn answered_of(service: &Service, asked: usize) -> usize {
    let agent = agent();
    let ask = || agent.get(format!("{}/healthz", service.address)).call().unwrap().status();
    (0..asked).take_while(|_| ask() == 200).count()
}

#[test]
fn every_variable_is_read_and_a_bad_value_is_refused_by_its_name() {
    let desk = Desk::with_ledger();
    let help = desk.run(&["serve", "--help"]).out;
    for (setting, bad) in SETTINGS {
        let (flag, variable) = (format!("--{setting}"), variable(setting));
        assert!(help.contains(&flag) && help.contains(&variable), "{setting} is in the help");
        let ran = desk.command(&["serve", "--json"]).env(&variable, bad).output().unwrap();
        let talk = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{setting}: {talk}");
        let says = match setting {
            // One without the other.
            "tls-cert" | "tls-key" => "belong together",
            _ => flag.as_str(),
        };
        assert!(talk.contains(says) && ran.stdout.is_empty(), "{setting}: {talk}");
    }
    // The help names no setting beside these.
    let named = help.matches("[env: MINGZHENG_").count();
    let own = help.lines().filter(|line| line.contains("MINGZHENG_CONFIG")).count();
    assert!(named >= SETTINGS.len() && own == 1, "{help}");
    let missing = desk.command(&["serve"]).env("MINGZHENG_CONFIG", "none.toml").output().unwrap();
    assert_eq!(missing.status.code(), Some(1), "{missing:?}");
    assert!(String::from_utf8_lossy(&missing.stderr).contains("none.toml"));
}

#[test]
fn a_flag_goes_before_its_variable_and_that_before_the_file() {
    let desk = Desk::with_ledger();
    let write = |listen: &str, burst: u32| {
        let text = format!("listen = \"{listen}\"\npeer-burst = {burst}\npeer-per-second = 1\n");
        desk.write("serve.toml", &text);
    };
    let serve = |more: &[&str], variables: &[(&str, &str)]| {
        let args = [&["serve", "--json", "--config", "serve.toml"][..], more].concat();
        let mut command = desk.command(&args);
        command.envs(variables.iter().copied());
        command
    };
    // The file alone; a second more may let one more through.
    write(HERE, 3);
    let service = Service::spawn(&mut serve(&[], &[]));
    let answered = answered_of(&service, 40);
    assert!((3..20).contains(&answered), "{answered}");
    assert_eq!(service.end(), 0);
    // The variable before the file: where, and how often.
    write(NOT_HERE, 3);
    let variables = [("MINGZHENG_LISTEN", HERE), ("MINGZHENG_PEER_BURST", "1000")];
    let service = Service::spawn(&mut serve(&[], &variables));
    assert_eq!(answered_of(&service, 40), 40);
    assert_eq!(service.end(), 0);
    // The flag before both.
    let variables = [("MINGZHENG_LISTEN", NOT_HERE), ("MINGZHENG_PEER_BURST", "1000")];
    let service = Service::spawn(&mut serve(&["--listen", HERE, "--peer-burst", "3"], &variables));
    let answered = answered_of(&service, 40);
    assert!((3..20).contains(&answered), "{answered}");
    assert_eq!(service.end(), 0);
    // And nothing less would have done: each place alone is where nobody can listen.
    let refused = serve(&[], &[]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
}

#[test]
fn a_key_of_the_file_that_nobody_knows_is_refused() {
    let desk = Desk::with_ledger();
    for (text, named) in [
        ("lisen = \"127.0.0.1:0\"\n", "lisen"),
        ("peer_burst = 3\n", "peer_burst"),
        ("[tls]\ncert = \"a\"\n", "tls"),
        ("feeds = \"3\"\n", "invalid type"),
    ] {
        desk.write("serve.toml", text);
        let error = desk.error(2, &["serve", "--config", "serve.toml"]);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("serve.toml") && message.contains(named), "{message}");
    }
}

#[test]
fn each_request_has_one_line_in_the_log_and_nobody_is_named_in_it() {
    let desk = Desk::new();
    assert_eq!(demo(&desk, &["demo", "--people", "5"]).code, 0);
    let listed = demo(&desk, &["list", "certificates", "--json"]).out;
    let first: Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    let person = format!("person:{}", text(&first, "person"));
    let shown = demo(&desk, &["show", &person, "--reveal", "--json"]).out;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let (name, number) = (text(&shown["personal"], "name"), text(&shown["personal"], "id_number"));
    let genesis = demo(&desk, &["show", "0", "--json"]).out;
    let genesis: Value = serde_json::from_str(&genesis).unwrap();
    let origin = genesis["data"]["origin"].as_str().unwrap_or_else(|| panic!("{genesis}"));

    let log = desk.path("log.txt");
    let mut command = desk.command(&["serve", "--listen", HERE, "--json"]);
    let command = command.env_remove("MINGZHENG_VAULT_KEY");
    let service = Service::talking(command, fs::File::create(&log).unwrap().into());
    let inspector = key(&desk, "ledger/keys/demo/411700-inspector-1.key");
    let (mut ids, mut tokens) = (Vec::new(), Vec::new());
    let mut asks = |method: &str, path: &str, body: &str| {
        let token = token_for(&inspector, origin);
        let address = format!("{}{path}", service.address);
        let bearer = format!("Bearer {token}");
        let answer = if method == "GET" {
            agent().get(&address).header("authorization", &bearer).call()
        } else {
            let asked = agent().post(&address).header("authorization", &bearer);
            asked.header("content-type", "application/json").send(body)
        };
        let answer = answer.unwrap();
        let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
        ids.push((id, answer.status().as_u16()));
        tokens.push(token);
    };
    let pseudonym = person.strip_prefix("person:").unwrap();
    asks("GET", &format!("/v1/people/{pseudonym}"), "");
    asks("POST", "/v1/find", &format!("{{\"who\":\"{number}\"}}"));
    let purpose = "{\"purpose\":\"核查\"}";
    asks("POST", &format!("/v1/people/{pseudonym}/reveal"), purpose);
    asks("GET", &format!("/v1/people?after={number}"), "");
    asks("GET", &format!("/v1/nowhere/{number}"), "");
    asks("POST", "/v1/people", "{}");
    asks("GET", "/console/sign-in", "");
    let statuses: Vec<u16> = ids.iter().map(|(_, status)| *status).collect();
    assert_eq!(statuses, [200, 200, 200, 400, 404, 405, 200], "{statuses:?}");
    assert_eq!(service.end(), 0);

    let log = fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("answered")).collect();
    assert_eq!(lines.len(), ids.len(), "{log}");
    for (line, (id, status)) in lines.iter().zip(&ids) {
        for field in [format!("request=\"{id}\""), format!("status={status}")] {
            assert!(line.contains(&field), "{field}: {line}");
        }
        assert!(line.contains("method=\"") && line.contains("route=\"") && line.contains(" ms="));
    }
    assert!(lines[0].contains("route=\"/v1/people/{person}\""), "the pattern: {}", lines[0]);
    for unsaid in [name, number, pseudonym, "核查"].into_iter().chain(tokens.iter().map(|it| &**it))
    {
        assert!(!log.contains(unsaid), "{unsaid} stands in the log");
    }
}

#[test]
fn a_request_in_hand_is_answered_before_the_end_and_nobody_new_is_let_in() {
    let desk = Desk::with_ledger();
    let service = Service::start(&desk, &[]);
    let host = service.address.strip_prefix("http://").unwrap().to_owned();
    let bearer = format!("Bearer {}", token(&key(&desk, "custodian")));
    let body = r#"{"who":"0"}"#;
    let head = format!(
        "POST /v1/tags HTTP/1.1\r\nhost: {host}\r\nauthorization: {bearer}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut line = TcpStream::connect(&host).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    line.write_all(head.as_bytes()).unwrap();
    line.write_all(&body.as_bytes()[..4]).unwrap();
    // In hand, once another request that came later is answered.
    let ready = agent().get(format!("{}/healthz", service.address)).call().unwrap();
    assert_eq!(ready.status(), 200);
    service.ask_to_end();
    let begun = Instant::now();
    while TcpStream::connect(&host).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(10), "new clients are still let in");
        thread::sleep(Duration::from_millis(10));
    }
    line.write_all(&body.as_bytes()[4..]).unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    // A body of another form is refused by name: it was read to its end.
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(answer.contains("bad_body"), "{answer}");
    assert_eq!(service.ended(), 0);
    desk.json(&["verify"]);
}

#[test]
fn a_server_that_nobody_vouches_for_is_refused_with_a_way_out() {
    let desk = Desk::with_ledger();
    let make = |name: &str| {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        desk.write(&format!("{name}.pem"), &made.cert.pem());
        desk.write(&format!("{name}.key"), &made.signing_key.serialize_pem());
    };
    make("cert");
    make("other");
    let service = Service::start(&desk, &["--tls-cert", "cert.pem", "--tls-key", "cert.key"]);
    let port = service.address.rsplit_once(':').unwrap().1.to_owned();
    let ask = |host: &str| {
        let server = format!("https://{host}:{port}");
        ["actor", "list", "--key", "custodian", "--server", &server].map(str::to_owned)
    };
    let (named, unnamed) = (ask("localhost"), ask("127.0.0.1"));
    let of = |args: &[String], more: &[&str]| -> Vec<String> {
        args.iter().cloned().chain(more.iter().map(|it| (*it).to_owned())).collect()
    };
    let own = of(&named, &["--server-cert", "cert.pem"]);
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    assert_eq!(desk.run(&own).code, 0, "its own certificate was given");
    for wrong in [
        of(&named, &[]),
        of(&named, &["--server-cert", "other.pem"]),
        // The right certificate for another name.
        of(&unnamed, &["--server-cert", "cert.pem"]),
    ] {
        let wrong: Vec<&str> = wrong.iter().map(String::as_str).collect();
        let error = desk.error(1, &wrong);
        let hint = text(&error, "hint");
        assert!(hint.contains("--server-cert") && hint.contains("vouches"), "{error}");
    }
    assert_eq!(service.end(), 0);
}
