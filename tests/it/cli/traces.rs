//! Traces of the service: sent to a collector that is named, to nobody else, and nobody is in them.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use super::{
    Desk,
    service::{Service, demo},
    text,
};

/// One request to the collector: its head, and its body.
type Sent = (String, Vec<u8>);

/// A collector on this machine that keeps what it is sent.
fn collector() -> (SocketAddr, Receiver<Sent>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (keep, kept) = channel();
    thread::spawn(move || {
        for line in listener.incoming() {
            if keep.send(take(line.unwrap())).is_err() {
                return;
            }
        }
    });
    (address, kept)
}

fn take(mut line: TcpStream) -> Sent {
    line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let read = line.read(&mut piece).unwrap();
        bytes.extend_from_slice(&piece[..read]);
        let end = bytes.windows(4).position(|part| part == b"\r\n\r\n");
        let Some(end) = end else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.unwrap().trim().parse().unwrap();
        if bytes.len() == end + 4 + length {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            line.write_all(answer).unwrap();
            return (head, bytes[end + 4..].to_vec());
        }
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

#[test]
fn each_request_is_a_span_without_anybody_in_it() {
    let desk = Desk::new();
    assert_eq!(demo(&desk, &["demo", "--people", "5"]).code, 0);
    let listed = demo(&desk, &["list", "certificates", "--json"]).out;
    let first: serde_json::Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    let person = text(&first, "person");
    let (address, kept) = collector();
    desk.write("serve.toml", &format!("otlp-endpoint = \"http://{address}\"\n"));
    let serve = ["serve", "--listen", "127.0.0.1:0", "--json", "--config", "serve.toml"];
    let service = Service::spawn(desk.command(&serve).env_remove("MINGZHENG_VAULT_KEY"));
    let inspector = "ledger/keys/demo/411700-inspector-1.key";
    let who = format!("person:{person}");
    let at = ["--server", &service.address, "--key", inspector];
    assert_eq!(demo(&desk, &[&["show", &who][..], &at].concat()).code, 0);
    let refused = demo(&desk, &[&["import", "serve.toml"][..], &at].concat());
    assert_eq!(refused.code, 1);
    // What was not sent yet is sent at the end.
    assert_eq!(service.end(), 0);
    let mut all = Vec::new();
    while let Ok((head, body)) = kept.recv_timeout(Duration::from_secs(10)) {
        assert!(head.starts_with("post /v1/traces http/1.1"), "{head}");
        assert!(head.contains("content-type: application/x-protobuf"), "{head}");
        all.extend(body);
        if holds(&all, "GET /v1/me") && holds(&all, "GET /v1/people/{person}") {
            break;
        }
    }
    for said in [
        "mingzheng",
        "service.version",
        "GET /v1/people/{person}",
        "http.route",
        "http.response.status_code",
        "wait for a turn",
        "ask the ledger",
    ] {
        assert!(holds(&all, said), "{said}");
    }
    // Nobody: not whose record, not who asked, not from where.
    for unsaid in [person, "411700-inspector-1", "127.0.0.1", "answered"] {
        assert!(!holds(&all, unsaid), "{unsaid}");
    }
}

#[test]
fn without_a_collector_nothing_is_sent_and_with_a_silent_one_the_service_goes_on() {
    let desk = Desk::with_ledger();
    let ask = |service: &Service| {
        let at = ["--server", &service.address, "--key", "custodian"];
        let ran = desk.run(&[&["actor", "list"][..], &at].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
    };
    let (_, kept) = collector();
    let service = Service::start(&desk, &[]);
    ask(&service);
    assert_eq!(service.end(), 0);
    assert!(kept.try_recv().is_err());

    // Nobody listens there any more.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let service = Service::start(&desk, &["--otlp-endpoint", &format!("http://{gone}")]);
    ask(&service);
    assert_eq!(service.end(), 0);
    for wrong in ["127.0.0.1:4318", "ftp://a", ""] {
        let error = desk.error(2, &["serve", "--otlp-endpoint", wrong]);
        assert!(text(&error, "message").starts_with("--otlp-endpoint"), "{error}");
    }
}
