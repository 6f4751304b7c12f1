//! Writing: drafts signed by their own client, statements, rolls.

use serde_json::{Value, json};

use super::{Desk, percent};
use crate::event::{Expect, Payload};
use crate::tlog::{NoteVerifier, Receipt};
use crate::value::{Day, Subject};

const CLERK: &str = "411702-clerk-1";
const CBOR: &str = "application/cbor-seq";

fn application() -> Value {
    json!({
        "type": "application.submitted", "subject": "case:new",
        "data": {
            "kind": "new", "hukou_division": "411702", "residence_division": "411702",
            "channel": "window", "claimed": ["physical"], "evidence": []
        },
        "personal": { "id_number": "990000194912310026", "name": "李 生林" }
    })
}

async fn draft(desk: &Desk, actor: &str, body: &Value) -> super::Answered {
    desk.post(actor, "/v1/drafts", "application/json", body.to_string()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn drafted_signed_by_the_client_and_answered_with_a_receipt_that_holds() {
    let desk = Desk::founded();
    let drafted = draft(&desk, CLERK, &application()).await.ok();
    assert!(!drafted.to_string().contains("李生林"), "the draft shows nothing in clear");
    assert_eq!(drafted["opens"].as_array().unwrap().len(), 1);
    let statement = desk.sign(CLERK, &drafted);

    let sent = desk.post(CLERK, "/v1/statements", "application/cose", statement.clone()).await.ok();
    let outcome = &sent["outcomes"][0];
    assert_eq!(
        (&outcome["type"], &outcome["again"]),
        (&json!("application.submitted"), &json!(false))
    );
    let receipt: Receipt = outcome["receipt"].as_str().unwrap().parse().unwrap();
    let ledger = desk.anybody("/v1/ledger").await.ok();
    let vkey: NoteVerifier = ledger["data"]["vkey"].as_str().unwrap().parse().unwrap();
    let index = outcome["index"].as_u64().unwrap();
    assert_eq!(receipt.verify(&vkey).unwrap().index, index);

    // The same bytes again are the same entry.
    let again = desk.post(CLERK, "/v1/statements", "application/cose", statement).await.ok();
    let outcome = &again["outcomes"][0];
    assert_eq!((&outcome["index"], &outcome["again"]), (&json!(index), &json!(true)));

    // Who wrote reads it at once.
    let entry = desk.get(CLERK, &format!("/v1/entries/{index}")).await.ok();
    assert_eq!(entry["data"]["type"], "application.submitted");
    assert!(entry["current"]["index"].as_u64().unwrap() > index);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_answered_statement_by_statement() {
    let desk = Desk::founded();
    let one = desk.sign(CLERK, &draft(&desk, CLERK, &application()).await.ok());
    let other = {
        let mut body = application();
        body["personal"]["id_number"] = json!("990000194912310034");
        desk.sign(CLERK, &draft(&desk, CLERK, &body).await.ok())
    };
    // A clerk may not publish a policy: the rule says so, its neighbours go on.
    let wrong = {
        let pen = desk.pens.pen(CLERK).unwrap();
        let today = Day::of_millis(desk.now_s() * 1000);
        let hash = crate::value::Hash::blake3(b"x");
        let mut payload =
            Payload::new(today, crate::event::PolicyPublished { text: "x".to_owned(), hash });
        payload.expect = Some(Expect { head: None });
        pen.write(&Subject::Programme("rates".to_owned()), &payload).unwrap().bytes
    };
    let sequence = [one, wrong.clone(), other].concat();
    let sent = desk.post(CLERK, "/v1/statements", CBOR, sequence).await.ok();
    let outcomes = sent["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), 3);
    assert!(outcomes[0]["index"].is_u64() && outcomes[2]["index"].is_u64(), "{sent}");
    assert!(outcomes[0]["receipt"].is_null(), "a batch has receipts when they are asked for");
    assert_eq!(outcomes[1]["code"], "role_may_not_sign");
    assert_eq!(outcomes[1]["problem"]["rule"], "I02");

    let alone = desk.post(CLERK, "/v1/statements", CBOR, wrong).await;
    assert_eq!(alone.problem(), (422, "role_may_not_sign".to_owned()));
    assert_eq!(alone.json()["rule"], "I02");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_when_to_come_back() {
    let desk = Desk::founded();
    let statement = desk.sign(CLERK, &draft(&desk, CLERK, &application()).await.ok());
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let (holds, is_held) = tokio::sync::oneshot::channel();
    let app = desk.app.clone();
    // The writer waits for the state while somebody looks at it; the queue has four places.
    let looking = std::thread::spawn(move || {
        app.ledger.with_state(|_| {
            holds.send(()).unwrap();
            let _ = held.recv();
        })
    });
    is_held.await.unwrap();
    // Full is full when the writer, too, has taken what it can and waits.
    let (mut waiting, mut full) = (Vec::new(), 0);
    while full < 50 {
        match desk.app.ledger.submit(vec![statement.clone()]) {
            Ok(pending) => (full, _) = (0, waiting.push(pending)),
            Err(_) => full += 1,
        }
        assert!(waiting.len() < 100, "the queue is bounded");
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let busy = desk.post(CLERK, "/v1/statements", CBOR, statement.clone()).await;
    assert_eq!(busy.problem(), (503, "busy".to_owned()));
    assert_eq!(busy.headers["retry-after"], "1");
    drop(hold);
    looking.join().unwrap().unwrap();
    for pending in waiting {
        assert!(pending.answer().await.unwrap().results[0].is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payroll_is_checked_and_laid_out_for_its_sender_to_sign() {
    let desk = Desk::founded();
    let bank = "411700-bank-1";
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rolls");
    let name = "困难残疾人生活补贴发放名册_2026-07.csv";
    let roll = std::fs::read(format!("{fixtures}/{name}")).unwrap();
    desk.clock.advance_to(super::ENDS_MS);
    let query = format!("name={}", percent(name));
    let octets = "application/octet-stream";

    let path = format!("/v1/rolls/check?{query}");
    let checked = desk.post(bank, &path, octets, roll.clone()).await.ok();
    assert!(checked["rows"].as_u64().unwrap() > 0, "{checked}");
    let before = desk.app.ledger.len();

    let path = format!("/v1/rolls/drafts?{query}");
    let laid_out = desk.post(bank, &path, octets, roll.clone()).await.ok();
    assert_eq!(desk.app.ledger.len(), before, "laying out writes nothing");
    let drafts = laid_out["drafts"].as_array().unwrap();
    assert!(drafts.len() > 1, "{laid_out}");
    let statements: Vec<u8> = drafts.iter().flat_map(|draft| desk.sign(bank, draft)).collect();
    let sent = desk.post(bank, "/v1/statements", CBOR, statements).await.ok();
    for outcome in sent["outcomes"].as_array().unwrap() {
        assert!(outcome["index"].is_u64(), "{outcome}");
    }
    // Importing the same roll again adds nothing.
    let again = desk.post(bank, &path, octets, roll).await.ok();
    assert_eq!(again["drafts"], json!([]));

    // Who may not send it is told so before anything is laid out; another division too.
    let clerk = desk.post(CLERK, &path, octets, "a,b").await;
    assert_eq!(clerk.problem(), (422, "not_a_roll".to_owned()));
    let elsewhere = format!("{path}&division=411721");
    let county = desk.post("411702-bank-1", &elsewhere, octets, "a,b").await;
    assert_eq!(county.problem(), (403, "other_division".to_owned()));
}
