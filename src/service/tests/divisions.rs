//! Lists asked by two counties: each sees its own, and nothing of the other's.

use std::collections::BTreeSet;

use axum::{body::Body, http::Request};
use futures_util::StreamExt;
use serde_json::{Value, json};

use super::{Desk, hire};
use crate::value::Subject;

const ONE: &str = "411702-approver-1";
const INSPECTOR: &str = "411700-inspector-1";
const PRIVACY: &str = "411700-privacy-1";

/// Raises a flag about a person and proposes a restriction.
async fn concern(desk: &Desk, person: &str, flag: u8) {
    desk.raise(person, flag, "S3", 0).await;
    let body = json!({
        "type": "processing.restricted", "subject": format!("person:{person}"),
        "data": { "person": person, "basis": "个人信息保护法" },
    });
    desk.record(PRIVACY, &body).await;
}

/// What the lines of a list are about, as far as it belongs to some division.
fn about(lines: &[Value]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in lines {
        if let Some(person) = line["person"].as_str() {
            found.insert(format!("person:{person}"));
        } else if let Some(subject) = line["subject"].as_str() {
            let everybodys = ["actor:", "institution:", "programme:", "ledger"];
            if !everybodys.iter().any(|begin| subject.starts_with(begin)) {
                found.insert(subject.to_owned());
            }
        } else {
            found.insert(line["division"].as_str().unwrap_or("none").to_owned());
        }
    }
    found
}

async fn list(desk: &Desk, actor: &str, path: &str) -> Vec<Value> {
    let page = desk.get(actor, path).await.ok();
    assert!(page["next"].is_null(), "{path}");
    page["items"].as_array().unwrap().clone()
}

/// The events of a feed from the beginning, until one of the actor's own comes.
async fn feed(desk: &Desk, actor: &str, until: u64) -> Vec<Value> {
    let request = Request::get("/v1/events?from=0")
        .header("authorization", format!("Bearer {}", desk.token(actor)));
    let answer = desk.begin(request.body(Body::empty()).unwrap()).await;
    let (mut body, mut text) = (answer.into_body().into_data_stream(), String::new());
    let (mut events, mut last) = (Vec::new(), 0);
    while last < until {
        let piece = tokio::time::timeout(std::time::Duration::from_secs(20), body.next());
        let piece = piece.await.unwrap_or_else(|_| panic!("{actor} {last} of {until}"));
        text.push_str(std::str::from_utf8(&piece.unwrap().unwrap()).unwrap());
        while let Some((event, rest)) = text.split_once("\n\n") {
            let data = event.lines().find_map(|line| line.strip_prefix("data: "));
            if let Some(data) = data {
                let event: Value = serde_json::from_str(data).unwrap();
                last = event["index"].as_u64().unwrap();
                events.push(event);
            }
            text = rest.to_owned();
        }
    }
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn no_list_shows_a_county_what_is_anothers() {
    let mut desk = Desk::county();
    let other = hire(&mut desk, "411721-approver-1", "approver", "411721").await;
    let bank = hire(&mut desk, "411721-bank-1", "bank_agent", "411721").await;
    super::feed::pay(&desk, &bank, "机动轮椅车燃油补贴_2026.csv").await;
    desk.app.index.wait_for(desk.app.ledger.len()).await;
    let of = |people: &[Value], division: &str| {
        let mut found = people.iter().filter(|line| line["division"] == division);
        found.next().unwrap()["person"].as_str().unwrap().to_owned()
    };
    let people = list(&desk, INSPECTOR, "/v1/people?limit=1000").await;
    concern(&desk, &of(&people, "411702"), 5).await;
    concern(&desk, &of(&people, "411721"), 6).await;
    // The last entry is for both: an officer is no county's secret.
    hire(&mut desk, "411700-reviewer-9", "reviewer", "411700").await;
    let last = desk.app.ledger.len() - 1;
    assert!(matches!(desk.app.ledger.event(last).unwrap().subject, Subject::Actor(_)));

    for path in [
        "/v1/entries?limit=1000",
        "/v1/events",
        "/v1/people?limit=1000",
        "/v1/payments?limit=1000",
        "/v1/flags?limit=1000",
        "/v1/queue",
        "/v1/statistics",
        "/v1/proposals",
    ] {
        let mut seen = Vec::new();
        for actor in [ONE, other.as_str(), INSPECTOR] {
            let lines = match path {
                "/v1/events" => feed(&desk, actor, last).await,
                _ => list(&desk, actor, path).await,
            };
            seen.push(about(&lines));
        }
        let [one, two, all] = <[_; 3]>::try_from(seen).unwrap();
        let shared: Vec<_> = one.intersection(&two).collect();
        assert!(shared.is_empty(), "{path} {shared:?}");
        assert!(!two.is_empty(), "{path}: the other county has something of its own");
        assert!(one.is_subset(&all) && two.is_subset(&all), "{path}");
        // Of people of this county nothing is flagged but what was raised above.
        assert!(!one.is_empty() || path.starts_with("/v1/flags"), "{path}");
        if path == "/v1/statistics" {
            assert!(one.iter().all(|division| division.starts_with("411702")), "{one:?}");
            assert!(two.iter().all(|division| division.starts_with("411721")), "{two:?}");
        }
    }
}
