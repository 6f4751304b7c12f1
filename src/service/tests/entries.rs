//! One entry, asked for by its index: to whom it is open, and to whom it is not.

use serde_json::json;

use super::Desk;
use crate::event::{Body, Recorded, Role};
use crate::value::Subject;

const POLICE: &str = "411700-police-1";
const BANK: &str = "411700-bank-1";
const KEYS: &str = "411700-keys-1";
const PRIVACY: &str = "411700-privacy-1";
const CLERK: &str = "411702-clerk-1";
const INSPECTOR: &str = "411700-inspector-1";

/// Every address at which an entry is shown.
fn addresses(index: u64) -> [String; 7] {
    [
        format!("/v1/entries/{index}"),
        format!("/v1/entries/{index}/receipt"),
        format!("/console/entries/{index}"),
        format!("/console/entries/{index}/receipt"),
        format!("/console/receipts/{index}"),
        format!("/console/receipts/{index}/file"),
        format!("/console/desk/entries/{index}"),
    ]
}

/// Asks at every address, and says which status all of them have.
async fn status(desk: &Desk, actor: &str, index: u64) -> u16 {
    let mut found = None;
    for path in addresses(index) {
        let answer = if path.starts_with("/console") {
            desk.page(actor, &path).await
        } else {
            desk.get(actor, &path).await
        };
        let status = answer.status.as_u16();
        if status == 403 {
            assert!(answer.text().contains("role_may_not"), "{path} {}", answer.text());
        }
        assert_eq!(*found.get_or_insert(status), status, "{actor} {path}");
    }
    found.unwrap()
}

fn find(desk: &Desk, wanted: impl Fn(&Recorded) -> bool) -> u64 {
    let events = (0..desk.app.ledger.len()).map(|index| desk.app.ledger.event(index).unwrap());
    events.filter(wanted).map(|event| event.index).next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_others_cases_only_those_read_who_work_on_them() {
    let desk = Desk::county();
    let assessed = find(&desk, |event| matches!(event.payload.body, Body::AssessmentRecorded(_)));
    let paid = find(&desk, |event| matches!(event.payload.body, Body::PaymentExecuted(_)));
    let prepared = find(&desk, |event| matches!(event.payload.body, Body::PayrollPrepared(_)));
    let enrolled = find(&desk, |event| matches!(event.payload.body, Body::ActorEnrolled(_)));
    let policy = find(&desk, |event| matches!(event.subject, Subject::Programme(_)));
    let own = find(&desk, |event| matches!(event.payload.body, Body::ExternalFactRecorded(_)));
    let reporter = desk.app.ledger.event(own).unwrap().signer.actor.to_string();

    let outside = [
        Role::InstitutionSeal,
        Role::BankAgent,
        Role::ServiceProvider,
        Role::DataCustodian,
        Role::KeyCustodian,
    ];
    let actors = desk.app.ledger.with_state(|state| {
        let all = state.actors.iter();
        all.map(|(id, actor)| (id.to_string(), actor.role)).collect::<Vec<_>>()
    });
    let mut refused = 0;
    for (actor, role) in actors.unwrap() {
        if outside.contains(&role) {
            assert_eq!(status(&desk, &actor, assessed).await, 403, "{actor}");
            refused += 1;
            // What names nobody is for every office.
            for index in [enrolled, policy] {
                assert_eq!(status(&desk, &actor, index).await, 200, "{actor} {index}");
            }
            let pays = role == Role::BankAgent && actor.starts_with("411700");
            for index in [paid, prepared] {
                let asked = desk.get(&actor, &format!("/v1/entries/{index}")).await.status;
                if pays {
                    assert_eq!(asked, 200, "{actor} {index}");
                } else if role != Role::BankAgent {
                    assert_eq!(asked, 403, "{actor} {index}");
                }
            }
            let reads_own = actor == reporter;
            assert_eq!(status(&desk, &actor, own).await == 200, reads_own, "{actor}");
        }
    }
    assert!(refused >= outside.len(), "{refused}");
    for actor in [CLERK, INSPECTOR, PRIVACY, "411702-assessor-1"] {
        for index in [assessed, own, enrolled] {
            assert_eq!(status(&desk, actor, index).await, 200, "{actor} {index}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_for_whoever_may_endorse_it_while_it_waits() {
    let desk = Desk::county();
    let people = desk.get(INSPECTOR, "/v1/people?limit=1").await.ok();
    let person = people["items"][0]["person"].as_str().unwrap();
    let body = json!({
        "type": "processing.restricted", "subject": format!("person:{person}"),
        "data": { "person": person, "basis": "个人信息保护法" },
    });
    let proposed = desk.record(PRIVACY, &body).await;
    let (index, statement) = (proposed["index"].as_u64().unwrap(), &proposed["statement"]);
    let listed = async |actor: &str| {
        let page = desk.get(actor, "/v1/proposals").await.ok();
        let items = page["items"].as_array().unwrap();
        items.iter().any(|line| line["statement"] == *statement)
    };
    for (actor, reads) in
        [(PRIVACY, true), (KEYS, true), (INSPECTOR, true), (POLICE, false), (BANK, false)]
    {
        assert_eq!(listed(actor).await, reads, "{actor}");
        let expected = if reads { 200 } else { 403 };
        assert_eq!(status(&desk, actor, index).await, expected, "{actor}");
    }
    let body = json!({
        "type": "endorsed", "subject": format!("person:{person}"), "data": {},
        "refs": [statement],
    });
    let endorsed = desk.record(KEYS, &body).await["index"].as_u64().unwrap();
    assert!(!listed(KEYS).await && !listed(PRIVACY).await, "it waits no more");
    assert_eq!(status(&desk, KEYS, endorsed).await, 200, "what was signed by the own hand");
    assert_eq!(status(&desk, KEYS, index).await, 403);
    assert_eq!(status(&desk, POLICE, endorsed).await, 403);
}
