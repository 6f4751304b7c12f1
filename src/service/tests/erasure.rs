//! What an erasure, or a restriction, of a person's data means to a server that goes on running.

use serde_json::{Value, json};

use super::Desk;

const CLERK: &str = "411702-clerk-1";
const SUPERVISOR: &str = "411700-supervisor-1";
const PRIVACY: &str = "411700-privacy-1";
const CUSTODIAN: &str = "411700-keys-1";

async fn draft(desk: &Desk, actor: &str, body: &Value) -> Value {
    desk.post(actor, "/v1/drafts", "application/json", body.to_string()).await.ok()
}

async fn send(desk: &Desk, actor: &str, body: &Value) -> Value {
    let outcome = desk.record(actor, body).await;
    desk.app.index.wait_for(desk.app.ledger.len()).await;
    outcome
}

/// Has a proposal about a person's data endorsed; answers with the endorsement's entry.
async fn decided(desk: &Desk, name: &str, person: &str, data: Value) -> u64 {
    let subject = format!("person:{person}");
    let proposed = json!({ "type": name, "subject": subject, "data": data });
    let proposed = send(desk, PRIVACY, &proposed).await;
    let refs = [&proposed["statement"]];
    let endorsed = json!({ "type": "endorsed", "subject": subject, "data": {}, "refs": refs });
    send(desk, CUSTODIAN, &endorsed).await["index"].as_u64().unwrap()
}

/// Has processing of somebody's data restricted; answers with the entry.
pub(crate) async fn restrict(desk: &Desk, person: &str) -> u64 {
    let data = json!({ "person": person, "basis": "art. 44" });
    decided(desk, "processing.restricted", person, data).await
}

/// Has what is sealed about somebody erased; answers with the entry.
pub(crate) async fn erase(desk: &Desk, person: &str) -> u64 {
    let keys = desk.get(PRIVACY, &format!("/v1/people/{person}/keys")).await.ok();
    let keys = &keys["data"]["keys"];
    let data = json!({
        "person": person, "keys": keys, "basis": "art. 47", "final_on": "2027-01-31"
    });
    decided(desk, "personal_data.erased", person, data).await
}

async fn somebody(desk: &Desk) -> String {
    let people = desk.get(CLERK, "/v1/people").await.ok();
    people["items"][0]["person"].as_str().unwrap().to_owned()
}

async fn reveal(desk: &Desk, actor: &str, person: &str) -> super::Answered {
    let asked = json!({ "purpose": "核对", "history": true }).to_string();
    desk.post(actor, &format!("/v1/people/{person}/reveal"), "application/json", asked).await
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_endorsement_on_a_running_server_uses_no_erased_key() {
    let desk = Desk::county();
    let person = somebody(&desk).await;
    let before = reveal(&desk, SUPERVISOR, &person).await.ok();
    let personal = &before["data"]["record"]["personal"];
    let (name, number) = (personal["name"].as_str().unwrap(), personal["id_number"].clone());
    // A statement that is drafted now, and sent behind the erasure.
    let body = json!({
        "type": "person.recorded", "subject": format!("person:{person}"),
        "data": { "person": person }, "personal": { "name": name, "id_number": number }
    });
    let early = draft(&desk, CLERK, &body).await;
    let entry = erase(&desk, &person).await;

    let after = reveal(&desk, SUPERVISOR, &person).await.ok();
    let record = &after["data"]["record"];
    assert!(record["personal"].is_null());
    assert!(!after.to_string().contains(name), "in no event either");
    let since = json!({ "entry": entry, "since": "2026-10-08", "sealed_again": false });
    assert_eq!(record["erased"], since);
    assert_eq!(record["restricted"]["entry"], entry);

    let len = desk.app.ledger.len();
    let statement = desk.sign(CLERK, &early);
    let refused = desk.post(CLERK, "/v1/statements", "application/cose", statement).await;
    assert_eq!(refused.problem(), (422, "key_erased".to_owned()));
    assert!(refused.json()["detail_zh"].as_str().unwrap().contains("已因删除个人信息而停用"));
    assert_eq!(desk.app.ledger.len(), len);

    // Dealt with again: under another key, which its draft has from the same vault.
    let sealed = |draft: &Value| {
        let payload: Value = serde_json::from_str(draft["payload"].as_str().unwrap()).unwrap();
        payload["sealed"][0]["key"].as_str().unwrap().to_owned()
    };
    let anew = draft(&desk, CLERK, &body).await;
    assert_ne!(sealed(&anew), sealed(&early));
    assert!(send(&desk, CLERK, &body).await["index"].is_u64());
    let again = reveal(&desk, SUPERVISOR, &person).await.ok();
    let record = &again["data"]["record"];
    assert_eq!(
        (&record["personal"]["name"], &record["erased"]["entry"]),
        (&json!(name), &json!(entry))
    );
    assert_eq!(record["erased"]["sealed_again"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_person_is_looked_at_by_those_alone_who_answer_for_it() {
    let desk = Desk::county();
    let person = somebody(&desk).await;
    let path = format!("/v1/people/{person}");
    let record = |answer: super::Answered| answer.ok()["data"].clone();
    let before = record(desk.get(CLERK, &path).await);
    assert!(before["restricted"].is_null() && before["erased"].is_null());
    assert!(reveal(&desk, CLERK, &person).await.status.is_success());
    let entry = restrict(&desk, &person).await;

    let len = desk.app.ledger.len();
    let refused = reveal(&desk, CLERK, &person).await;
    assert_eq!(refused.problem(), (403, "processing_restricted".to_owned()));
    assert_eq!(desk.app.ledger.len(), len, "nobody looked");
    for actor in [SUPERVISOR, PRIVACY] {
        let revealed = reveal(&desk, actor, &person).await.ok();
        assert!(revealed["data"]["record"]["personal"]["name"].is_string(), "{actor}");
    }
    let after = record(desk.get(CLERK, &path).await);
    assert_eq!(after["restricted"], json!({ "entry": entry, "since": "2026-10-08" }));
    assert!(after["erased"].is_null());
    // By what was known before it, nothing was restricted.
    let earlier = record(desk.get(CLERK, &format!("{path}?as_of={}", entry - 1)).await);
    assert!(earlier["restricted"].is_null());
}
