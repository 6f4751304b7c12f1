//! Reading: what each sees of a county, pages, moments, reveals, proofs and tiles.

use serde_json::{Value, json};

use super::Desk;
use crate::answer::{Moment, PersonRecord, Records};
use crate::event::{Body, Role};
use crate::tlog::{
    Checkpoint, NoteVerifier, TreeHash, leaf_hash,
    tile::{bundle_decode, tile_decode},
    verify_consistency, verify_inclusion,
};
use crate::value::PersonId;

const CLERK: &str = "411702-clerk-1";
const INSPECTOR: &str = "411700-inspector-1";
const SUPERVISOR: &str = "411700-supervisor-1";

/// Every item of a list, one to a page.
async fn walk(desk: &Desk, actor: &str, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut after = String::new();
    loop {
        let page = desk.get(actor, &format!("{path}limit=1{after}")).await.ok();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return items,
        }
        assert!(items.len() < 10_000);
    }
}

async fn list(desk: &Desk, actor: &str, path: &str) -> Vec<Value> {
    let page = desk.get(actor, path).await.ok();
    assert!(page["next"].is_null(), "{page}");
    page["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_is_read_by_those_who_cover_it() {
    let desk = Desk::county();
    let people = list(&desk, INSPECTOR, "/v1/people?limit=1000").await;
    assert_eq!(people.len(), 12);
    assert_eq!(walk(&desk, INSPECTOR, "/v1/people?").await, people, "pages join without a seam");
    let own = list(&desk, CLERK, "/v1/people").await;
    assert!(own.len() <= people.len() && own.iter().all(|person| person["division"] == "411702"));

    // What the command line prints is what HTTP answers.
    let person: PersonId = own[0]["person"].as_str().unwrap().parse().unwrap();
    let shown = desk.get(CLERK, &format!("/v1/people/{person}")).await.ok();
    let printed = {
        let index = desk.app.index.read();
        let records = Records { ledger: &desk.app.ledger, index: &index };
        let moment = Moment::find(&records, None, None).unwrap();
        let record = PersonRecord::of(&records, &moment, person, false).unwrap();
        serde_json::to_value(&record).unwrap()
    };
    assert_eq!(shown["data"], printed);
    assert_eq!(shown["current"]["index"], desk.app.ledger.len());
    assert!(shown["data"]["personal"].is_null());

    // Lists hold what the record holds.
    let certificates = list(&desk, INSPECTOR, "/v1/certificates?limit=1000").await;
    let payments = list(&desk, INSPECTOR, "/v1/payments?limit=1000").await;
    let own: Vec<_> =
        payments.iter().filter(|line| line["person"] == shown["data"]["person"]).collect();
    assert_eq!(own.len(), shown["data"]["payments"].as_array().unwrap().len());
    assert!(!certificates.is_empty() && !payments.is_empty());

    // A history, whole and page by page; as it was known at an entry.
    let path = format!("/v1/people/{person}/history?");
    let history = list(&desk, CLERK, &format!("{path}limit=1000")).await;
    assert_eq!(walk(&desk, CLERK, &path).await, history);
    let third = history[2]["index"].as_u64().unwrap();
    let known = list(&desk, CLERK, &format!("{path}limit=1000&as_of={third}")).await;
    assert_eq!(known, history[..3]);

    // Flags, the queue, policies in words, and the report.
    let queue = list(&desk, INSPECTOR, "/v1/queue?which=all&limit=1000").await;
    let flags = list(&desk, INSPECTOR, "/v1/flags?limit=1000").await;
    assert_eq!(walk(&desk, INSPECTOR, "/v1/flags?").await, flags);
    assert!(queue.len() <= 1000);
    let programmes = list(&desk, CLERK, "/v1/programmes").await;
    let hash = programmes[0]["policy"].as_str().unwrap();
    let policy = desk.get(CLERK, &format!("/v1/policies/{hash}")).await.ok();
    let text = policy["data"]["text"].as_str().unwrap();
    assert_eq!(crate::policy::hash(text).to_string(), hash);
    let report = desk.get(SUPERVISOR, "/v1/reports/strict-review?from=2025-10-01").await.ok();
    assert_eq!(report["verified"]["ok"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_division_sees_its_own_and_those_below() {
    let mut desk = Desk::county();
    let county = super::hire(&mut desk, "411721-reviewer-1", "reviewer", "411721").await;
    let people = list(&desk, INSPECTOR, "/v1/people").await;
    let person = people.iter().find(|person| person["division"] == "411702").unwrap()["person"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(list(&desk, &county, "/v1/people").await.is_empty());
    assert!(list(&desk, &county, "/v1/certificates").await.is_empty());
    for path in [
        format!("/v1/people/{person}"),
        format!("/v1/people/{person}/history"),
        format!("/v1/subjects/person:{person}/history"),
        format!("/v1/subjects/person:{person}/pack"),
    ] {
        let refused = desk.get(&county, &path).await;
        assert_eq!(refused.problem(), (403, "other_division".to_owned()), "{path}");
    }
    let history = list(&desk, INSPECTOR, &format!("/v1/people/{person}/history?limit=1000")).await;
    let subject =
        history.iter().find(|line| line["subject"].as_str().unwrap().starts_with("case:"));
    let subject = subject.unwrap()["subject"].as_str().unwrap();
    let index = history[0]["index"].as_u64().unwrap();
    for path in [
        format!("/v1/subjects/{subject}/history"),
        format!("/v1/entries/{index}"),
        format!("/v1/entries/{index}/receipt"),
        format!("/v1/subjects/{subject}/pack"),
    ] {
        let refused = desk.get(&county, &path).await;
        assert_eq!(refused.problem(), (403, "other_division".to_owned()), "{path}");
    }
    let before = desk.app.ledger.len();
    for act in ["reveal", "pack"] {
        let looked = json!({ "purpose": "a look" }).to_string();
        let path = format!("/v1/people/{person}/{act}");
        let refused = desk.post(&county, &path, "application/json", looked).await;
        assert_eq!(refused.problem(), (403, "other_division".to_owned()));
    }
    assert_eq!(desk.app.ledger.len(), before, "nobody looked");
    let path = format!("/v1/entries/{index}/evidence");
    let refused = desk.post(&county, &path, "application/octet-stream", "a").await;
    assert_eq!(refused.problem(), (403, "other_division".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_look_at_sealed_data_is_on_the_ledger_before_the_answer_leaves() {
    let desk = Desk::county();
    let people = list(&desk, CLERK, "/v1/people").await;
    let person = people[0]["person"].as_str().unwrap();
    let path = format!("/v1/people/{person}/reveal");
    let before = desk.app.ledger.len();
    for bad in [json!({}), json!({ "purpose": "" }), json!({ "purpose": "a", "more": 1 })] {
        let refused = desk.post(CLERK, &path, "application/json", bad.to_string()).await;
        assert_eq!(refused.problem(), (400, "bad_body".to_owned()));
    }
    assert_eq!(desk.app.ledger.len(), before, "nothing was looked at");

    let asked = json!({ "purpose": "核对申请人", "scope": "姓名", "history": true });
    let revealed = desk.post(CLERK, &path, "application/json", asked.to_string()).await.ok();
    let logged = revealed["data"]["logged"].as_u64().unwrap();
    assert_eq!(logged, before);
    let name = revealed["data"]["record"]["personal"]["name"].as_str().unwrap();
    assert!(!name.is_empty());
    let event = desk.app.ledger.event(logged).unwrap();
    let Body::QueryLogged(data) = &event.payload.body else { panic!("{event:?}") };
    assert_eq!(data.person.to_string(), person);
    assert!(data.to.as_str().ends_with(CLERK));
    assert_eq!((data.by.as_ref().unwrap().as_str(), data.role), (CLERK, Some(Role::Clerk)));
    assert_eq!(data.purpose.as_str(), "核对申请人");
    assert_eq!(event.signer.actor.as_str(), "411700-system");

    // The person's history says who looked, and shows no name.
    let looks = list(&desk, SUPERVISOR, &format!("/v1/people/{person}/history?type=query.")).await;
    assert_eq!(looks.len(), 1);
    let history = desk.get(CLERK, &format!("/v1/people/{person}/history?limit=1000")).await;
    assert!(!history.text().contains(name));

    // Finding by number answers with the pseudonym only.
    let number = revealed["data"]["record"]["personal"]["id_number"].as_str().unwrap();
    let named = json!({ "who": number }).to_string();
    let found = desk.post(CLERK, "/v1/find", "application/json", named).await.ok();
    assert_eq!(found["data"]["subject"], format!("person:{person}"));
    let nobody = json!({ "who": "990000194912310026" }).to_string();
    let nobody = desk.post(CLERK, "/v1/find", "application/json", nobody).await;
    assert_eq!(nobody.problem(), (404, "not_found".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_are_listed_newest_first_and_found_by_person() {
    let desk = Desk::county();
    let people = list(&desk, CLERK, "/v1/people").await;
    let person = |at: usize| people[at]["person"].as_str().unwrap().to_owned();
    let (one, other) = (person(0), person(1));
    let mut logged = Vec::new();
    for person in [&one, &other, &one] {
        let asked = json!({ "purpose": "核对" }).to_string();
        let path = format!("/v1/people/{person}/reveal");
        let revealed = desk.post(CLERK, &path, "application/json", asked).await.ok();
        logged.push(revealed["data"]["logged"].as_u64().unwrap());
    }
    let indexes = |items: &[Value]| -> Vec<u64> {
        items.iter().map(|item| item["index"].as_u64().unwrap()).collect()
    };
    let of = |items: Vec<Value>| indexes(&items);
    let newest = [logged[2], logged[1], logged[0]];
    assert_eq!(of(list(&desk, SUPERVISOR, "/v1/looks").await), newest);
    let own = format!("/v1/looks?person={one}");
    assert_eq!(of(list(&desk, SUPERVISOR, &own).await), [logged[2], logged[0]]);
    // Page by page, without a gap.
    let (mut after, mut paged) = (String::new(), Vec::new());
    for _ in 0..4 {
        let path = format!("/v1/looks?limit=1{after}");
        let page = desk.get(SUPERVISOR, &path).await.ok();
        paged.extend(indexes(page["items"].as_array().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(paged, newest);
}

#[tokio::test(flavor = "multi_thread")]
async fn proofs_and_tiles_hold_against_the_note_key() {
    let desk = Desk::county();
    let ledger = desk.anybody("/v1/ledger").await.ok();
    let vkey: NoteVerifier = ledger["data"]["vkey"].as_str().unwrap().parse().unwrap();
    let hash = |value: &Value| value.as_str().unwrap().parse::<TreeHash>().unwrap();
    let path = |value: &Value| value.as_array().unwrap().iter().map(hash).collect::<Vec<_>>();

    let note = desk.anybody("/checkpoint").await;
    let published = Checkpoint::open(&note.body, &vkey).unwrap();
    assert!(published.checkpoint().size <= desk.app.ledger.len());

    for index in [0, 1, 255, 256, desk.app.ledger.len() - 1] {
        let proof = desk.anybody(&format!("/v1/proofs/inclusion?index={index}")).await.ok();
        let data = &proof["data"];
        let entry = desk.app.ledger.reader().read(index).unwrap();
        let size = data["size"].as_u64().unwrap();
        let root = hash(&proof["current"]["root"]);
        verify_inclusion(&leaf_hash(&entry), index, size, &path(&data["path"]), &root).unwrap();
    }
    let proof = desk.anybody("/v1/proofs/consistency?from=100").await.ok();
    let data = &proof["data"];
    let (from, to) = (hash(&data["from_root"]), hash(&data["to_root"]));
    let size = data["to"].as_u64().unwrap();
    verify_consistency(100, &from, size, &to, &path(&data["path"])).unwrap();

    let tile = desk.anybody("/tile/0/000").await;
    assert!(tile.headers["cache-control"].to_str().unwrap().contains("immutable"));
    let hashes = tile_decode(&tile.body, 256).unwrap();
    let bundle = desk.get(SUPERVISOR, "/tile/entries/000").await;
    let entries = bundle_decode(&bundle.body, 256).unwrap();
    assert_eq!(hashes, entries.iter().map(|entry| leaf_hash(entry)).collect::<Vec<_>>());
    assert_eq!(desk.anybody("/tile/entries/000").await.problem().0, 401);
    assert_eq!(desk.get(CLERK, "/tile/entries/000").await.problem().0, 403);
    for wrong in [
        "/tile/0/999",
        "/tile/0/00",
        "/tile/0/x001/000/",
        "/tile/0/..%2f..%2fkeys%2fnote.key",
        "/tile/0/../../keys/note.key",
        "/tile/64/000",
        "/tile/0/000.p/0",
        "/v1/proofs/inclusion?index=99999999",
        "/v1/proofs/consistency?from=99999999",
    ] {
        assert_eq!(desk.anybody(wrong).await.problem().0, 404, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_read_page_by_page_and_as_cloud_events() {
    let desk = Desk::county();
    let len = desk.app.ledger.len();
    let mut indexes = Vec::new();
    let mut after = String::new();
    loop {
        let page = desk.get(SUPERVISOR, &format!("/v1/entries?limit=97{after}")).await.ok();
        let items = page["items"].as_array().unwrap();
        indexes.extend(items.iter().map(|line| line["index"].as_u64().unwrap()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(indexes, (0..len).collect::<Vec<_>>());
    let events = desk.get(SUPERVISOR, "/v1/entries?form=cloudevents&limit=3").await.ok();
    let event = &events["items"][1];
    assert_eq!((&event["specversion"], &event["sequence"]), (&json!("1.0"), &json!("1")));
    assert_eq!(event["source"], format!("//{}", super::ORIGIN));
    assert!(event["time"].as_str().unwrap().ends_with('Z'));
    assert_eq!(event["type"], format!("mingzheng.{}", event["data"]["type"].as_str().unwrap()));
    let issued = list(&desk, SUPERVISOR, "/v1/entries?type=certificate.issued&limit=1000").await;
    assert!(!issued.is_empty());
    assert!(issued.iter().all(|line| line["type"] == "certificate.issued"));
}
