//! The service as a process: HTTP and TLS sockets, slow clients, its end, and being killed.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

use mingzheng::{
    crypto::{Claims, SecretKey, TokenClaims, random_bytes, sign, sign_token},
    event::{ActorEnrolled, Expect, Payload, Role},
    value::{Cti, Day, Subject},
};
use serde_json::Value;
use ureq::{
    Agent,
    tls::{Certificate, RootCerts, TlsConfig},
};

use super::Desk;

const ORIGIN: &str = "example.org/zhumadian";

/// A service that runs; killed when dropped.
pub(super) struct Service {
    child: Child,
    pub(super) address: String,
}

impl Service {
    pub(super) fn start(desk: &Desk, more: &[&str]) -> Self {
        let args = [&["serve", "--listen", "127.0.0.1:0", "--json"], more].concat();
        Self::spawn(&mut desk.command(&args))
    }

    pub(super) fn spawn(command: &mut std::process::Command) -> Self {
        Self::talking(command, Stdio::null())
    }

    /// The same, with its talk and its log somewhere.
    pub(super) fn talking(command: &mut std::process::Command, talk: Stdio) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(talk).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}"));
        let address = said["address"].as_str().unwrap().to_owned();
        Self { child, address }
    }

    /// Asks it to end, and waits.
    pub(super) fn end(self) -> i32 {
        self.ask_to_end();
        self.ended()
    }

    pub(super) fn ask_to_end(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }

    /// Waits for its end.
    pub(super) fn ended(mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).build().into()
}

pub(super) fn key(desk: &Desk, name: &str) -> SecretKey {
    SecretKey::from_pem(&fs::read_to_string(desk.path(name)).unwrap(), None).unwrap()
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

pub(super) fn token(key: &SecretKey) -> String {
    token_for(key, ORIGIN)
}

/// A token for a ledger.
pub(super) fn token_for(key: &SecretKey, origin: &str) -> String {
    let iat = now_s();
    let jti = Cti(random_bytes().unwrap());
    sign_token(key, &TokenClaims { aud: origin.to_owned(), iat, exp: iat + 60, jti })
}

/// A proposal to enrol somebody new, signed by the custodian outside the service.
fn proposal(custodian: &SecretKey, organisation: &str, number: u64) -> Vec<u8> {
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&number.to_be_bytes());
    let data = ActorEnrolled {
        role: Role::Clerk,
        organisation: "残联".parse().unwrap(),
        division: "411702".parse().unwrap(),
        public_key: SecretKey::from_seed(seed).public(),
        valid_from: "2020-01-01".parse().unwrap(),
        valid_to: None,
        sector: None,
        institution: None,
        attending: false,
        person: None,
        relations: Vec::new(),
        employment: None,
        certificate_serial: None,
    };
    let mut payload = Payload::new(Day::of_millis(now_s() * 1000), data);
    payload.expect = Some(Expect { head: None });
    let claims = Claims {
        iss: organisation,
        sub: Subject::Actor(format!("411702-n-{number}").parse().unwrap()),
        aud: ORIGIN,
        iat: now_s(),
        cti: Cti(random_bytes().unwrap()),
    };
    sign(custodian, &claims, &payload.to_json()).unwrap()
}

/// The organisation that the ledger knows the custodian by.
fn organisation(service: &Service, custodian: &SecretKey) -> String {
    let mut answer = agent()
        .get(format!("{}/v1/me", service.address))
        .header("authorization", format!("Bearer {}", token(custodian)))
        .call()
        .unwrap();
    let me: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    me["data"]["organisation"].as_str().unwrap().to_owned()
}

#[test]
fn over_http_with_a_token_of_the_command_line_and_ended_by_a_signal() {
    let desk = Desk::with_ledger();
    let service = Service::start(&desk, &[]);
    let token = desk.json(&["token", "--key", "custodian"]);
    let me = |token: &str| {
        let asked = agent()
            .get(format!("{}/v1/me", service.address))
            .header("authorization", format!("Bearer {token}"))
            .call();
        asked.unwrap()
    };
    let token = token["token"].as_str().unwrap();
    assert_eq!(me(token).status(), 200);
    assert_eq!(me(token).status(), 401, "a token is good once");
    assert_eq!(agent().get(format!("{}/readyz", service.address)).call().unwrap().status(), 200);
    // Beside it: the files alone are enough to verify; the ledger itself is in use.
    let verified = desk.json(&["verify"]);
    assert_eq!(verified["ok"], true);
    assert!(desk.error(1, &["actor", "list"])["message"].as_str().unwrap().contains("in use"));
    assert_eq!(service.end(), 0);
    desk.json(&["verify"]);
}

/// Runs a command on a demo ledger, which has its vault key with it.
pub(super) fn demo(desk: &Desk, args: &[&str]) -> super::Ran {
    let mut command = desk.command(args);
    let ran = command.env_remove("MINGZHENG_VAULT_KEY").output().unwrap();
    super::Ran {
        code: ran.status.code().unwrap(),
        out: String::from_utf8(ran.stdout).unwrap(),
        talk: String::from_utf8(ran.stderr).unwrap(),
    }
}

#[test]
fn a_command_prints_the_same_from_a_server_as_from_the_ledger() {
    let desk = Desk::new();
    assert_eq!(demo(&desk, &["demo", "--people", "5"]).code, 0);
    let listed = demo(&desk, &["list", "certificates", "--json"]).out;
    let first: Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    let person = format!("person:{}", first["person"].as_str().unwrap());
    let certificate = format!("certificate:{}", first["certificate"].as_str().unwrap());
    let commands: Vec<Vec<&str>> = vec![
        vec!["show", &person],
        vec!["show", &person, "--as-of", "150"],
        vec!["show", &certificate],
        vec!["show", "3"],
        vec!["history", &person],
        vec!["history", &person, "--on", "2026-06-30"],
        vec!["list", "certificates"],
        vec!["list", "payments"],
        vec!["list", "certificates", "--status", "valid", "--division", "411700"],
        vec!["list", "payments", "--programme", "living_allowance", "--division", "411702"],
        vec!["list", "payments", "--month", "2026-06"],
        vec!["list", "actors"],
        vec!["list", "actors", "--on", "2025-10-09"],
        vec!["list", "statistics"],
        vec!["flags"],
        vec!["flags", "--state", "not_raised", "--division", "411700", "--month", "2026-06"],
        vec!["queue", "all"],
        vec!["queue", "all", "--programme", "living_allowance", "--division", "411702"],
        vec!["policy", "list"],
        vec!["actor", "list"],
        vec!["prove", "7"],
    ];
    let own: Vec<_> = commands
        .iter()
        .flat_map(|args| [demo(&desk, args), demo(&desk, &[args.as_slice(), &["--json"]].concat())])
        .collect();
    let mut command = desk.command(&["serve", "--listen", "127.0.0.1:0", "--json"]);
    let command = command.env_remove("MINGZHENG_VAULT_KEY");
    let service = Service::spawn(command);
    let inspector = "ledger/keys/demo/411700-inspector-1.key";
    let at = ["--server", &service.address, "--key", inspector];
    let asked = commands.iter().flat_map(|args| {
        let args = [args.as_slice(), &at].concat();
        [demo(&desk, &args), demo(&desk, &[&args[..], &["--json"]].concat())]
    });
    for (own, asked) in own.iter().zip(asked) {
        assert_eq!((own.code, asked.code), (0, 0), "{asked:?}");
        assert_eq!(own.out, asked.out);
    }

    // A look has a purpose; a draft is signed here and submitted there.
    let reveal = ["show", &person, "--reveal"];
    let refused = demo(&desk, &[&reveal[..], &at].concat());
    assert_eq!(refused.code, 2);
    assert!(refused.talk.contains("--purpose"), "{refused:?}");
    let purpose = ["--purpose", "核查", "--json"];
    let looked = demo(&desk, &[&reveal[..], &at, &purpose].concat());
    let looked: Value = serde_json::from_str(&looked.out).unwrap();
    assert!(looked["personal"]["name"].is_string());
    desk.write(
        "body.json",
        r#"{"type":"anomaly.assigned","subject":"ledger","data":{"flag":"FLAG","to":"x"}}"#,
    );
    let draft = ["draft", "body.json", "-o", "draft"];
    let refused = demo(&desk, &[&draft[..], &at].concat());
    assert_eq!(refused.code, 1, "{refused:?}");
    let clerk = "ledger/keys/demo/411702-clerk-1.key";
    let at = ["--server", &service.address, "--key", clerk];
    desk.write(
        "body.json",
        r#"{ "type": "application.submitted", "subject": "case:new",
            "data": { "kind": "new", "hukou_division": "411702",
                "residence_division": "411702", "channel": "window", "claimed": ["physical"],
                "evidence": [] },
            "personal": { "id_number": "990000194912310026", "name": "李生林" } }"#,
    );
    assert_eq!(demo(&desk, &[&draft[..], &at].concat()).code, 0);
    assert_eq!(demo(&desk, &["sign", "draft", "--key", clerk, "-o", "statement"]).code, 0);
    let submit = [&["submit", "statement", "--json"][..], &at].concat();
    let first: Value = serde_json::from_str(&demo(&desk, &submit).out).unwrap();
    let again: Value = serde_json::from_str(&demo(&desk, &submit).out).unwrap();
    assert_eq!((&first["again"], &again["again"]), (&false.into(), &true.into()));
    assert_eq!(first["index"], again["index"]);
    assert_eq!(service.end(), 0);
    let local = demo(&desk, &["submit", "statement", "--json"]);
    let local: Value = serde_json::from_str(&local.out).unwrap();
    assert_eq!(local["index"], first["index"]);
}

#[test]
fn over_tls_with_the_certificate_it_was_given() {
    let desk = Desk::with_ledger();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    desk.write("cert.pem", &made.cert.pem());
    desk.write("cert.key", &made.signing_key.serialize_pem());
    desk.write("serve.toml", "tls-cert = \"cert.pem\"\ntls-key = \"cert.key\"\n");
    let service = Service::start(&desk, &["--config", "serve.toml"]);
    assert!(service.address.starts_with("https://"));
    let port = service.address.rsplit_once(':').unwrap().1;
    let asked = |roots: RootCerts| {
        let tls = TlsConfig::builder().root_certs(roots).build();
        let agent: Agent =
            Agent::config_builder().tls_config(tls).http_status_as_error(false).build().into();
        agent.get(format!("https://localhost:{port}/v1/ledger")).call()
    };
    let own = Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
    assert_eq!(asked(RootCerts::new_with_certs(&[own])).unwrap().status(), 200);
    assert!(asked(RootCerts::WebPki).is_err(), "nobody vouches for it");
    assert_eq!(spoken(port, &made.cert), b"http/1.1", "HTTP/2 has no time limit for idle clients");
    assert_eq!(service.end(), 0);
}

/// What is spoken with a client that would rather speak HTTP/2.
fn spoken(port: &str, certificate: &rcgen::Certificate) -> Vec<u8> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = "localhost".try_into().unwrap();
    let mut client = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let mut line = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    while client.is_handshaking() {
        client.complete_io(&mut line).unwrap();
    }
    client.alpn_protocol().unwrap().to_vec()
}

#[test]
fn a_client_that_speaks_http_2_or_falls_silent_is_let_go() {
    let desk = Desk::with_ledger();
    let service = Service::start(&desk, &["--header-seconds", "1"]);
    let host = service.address.strip_prefix("http://").unwrap();
    let begun = Instant::now();
    // The preface of HTTP/2 and its first frame, SETTINGS.
    let mut other = TcpStream::connect(host).unwrap();
    other.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    // One good request, and then nothing more.
    let mut silent = TcpStream::connect(host).unwrap();
    silent.write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    let mut heard = Vec::new();
    for line in [&mut other, &mut silent] {
        line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut rest = Vec::new();
        // An end, not a time-out: the server closed it.
        match line.read_to_end(&mut rest) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        }
        heard.push(String::from_utf8_lossy(&rest).into_owned());
    }
    assert!(heard[0].is_empty() || heard[0].starts_with("HTTP/1.1 400"), "{heard:?}");
    assert!(heard[1].starts_with("HTTP/1.1 200"), "{heard:?}");
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}

#[test]
fn a_slow_client_is_let_go_and_holds_nobody_up() {
    let desk = Desk::with_ledger();
    let service = Service::start(&desk, &["--header-seconds", "1"]);
    let host = service.address.strip_prefix("http://").unwrap();
    let mut slow: Vec<TcpStream> = (0..64).map(|_| TcpStream::connect(host).unwrap()).collect();
    for line in &mut slow {
        line.write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\n").unwrap();
    }
    let begun = Instant::now();
    assert_eq!(agent().get(format!("{}/healthz", service.address)).call().unwrap().status(), 200);
    for line in &mut slow {
        line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut rest = Vec::new();
        // Closed, with or without a word.
        let _ = line.read_to_end(&mut rest);
        assert!(!rest.starts_with(b"HTTP/1.1 200"), "{rest:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}

#[test]
fn killed_while_64_clients_write_it_has_every_statement_it_acknowledged() {
    let desk = Desk::with_ledger();
    let custodian = key(&desk, "custodian");
    let many = ["--actor-burst", "100000", "--peer-burst", "100000"];
    let mut service = Service::start(&desk, &many);
    let organisation = organisation(&service, &custodian);
    let acknowledged: Mutex<Vec<(Vec<u8>, u64)>> = Mutex::default();
    let killed = AtomicBool::new(false);
    let address = service.address.clone();
    thread::scope(|scope| {
        for client in 0..64_u64 {
            let (acknowledged, killed, custodian) = (&acknowledged, &killed, &custodian);
            let (address, organisation) = (&address, &organisation);
            scope.spawn(move || {
                let agent = agent();
                for number in 0.. {
                    if killed.load(Ordering::Relaxed) {
                        return;
                    }
                    let bytes = proposal(custodian, organisation, client * 10_000 + number);
                    match post(&agent, address, custodian, &bytes) {
                        Some(said) => {
                            let index = said["outcomes"][0]["index"].as_u64();
                            let index = index.unwrap_or_else(|| panic!("{said}"));
                            acknowledged.lock().unwrap().push((bytes, index));
                        }
                        None => return,
                    }
                }
            });
        }
        let begun = Instant::now();
        while acknowledged.lock().unwrap().len() < 300 && begun.elapsed().as_secs() < 60 {
            thread::sleep(Duration::from_millis(5));
        }
        service.child.kill().unwrap();
        killed.store(true, Ordering::Relaxed);
    });
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= 300, "{}", acknowledged.len());
    let verified = desk.json(&["verify"]);
    assert_eq!(verified["ok"], true, "{verified}");
    // Sent again, each is where it was said to be.
    let service = Service::start(&desk, &many);
    let agent = agent();
    for (bytes, index) in acknowledged {
        let said = post(&agent, &service.address, &custodian, &bytes).unwrap();
        let outcome = &said["outcomes"][0];
        assert_eq!((outcome["index"].as_u64(), &outcome["again"]), (Some(index), &true.into()));
    }
    assert_eq!(service.end(), 0);
}

/// Sends a statement; none when the service is gone.
fn post(agent: &Agent, address: &str, key: &SecretKey, bytes: &[u8]) -> Option<Value> {
    let sent = agent
        .post(format!("{address}/v1/statements"))
        .header("authorization", format!("Bearer {}", token(key)))
        .header("content-type", "application/cose")
        .send(bytes);
    let text = sent.ok()?.body_mut().read_to_string().ok()?;
    serde_json::from_str(&text).ok()
}
