//! The live feed: everything once, in order, also after a line was cut.

use std::time::Duration;

use axum::{
    body::{Body, BodyDataStream},
    http::Request,
};
use futures_util::StreamExt;
use tower::ServiceExt;

use super::{Desk, FREELY, Settings};
use crate::event::{ActorSuspended, Payload};
use crate::service::router;
use crate::value::{Day, Subject};

const SUPERVISOR: &str = "411700-supervisor-1";
const APPROVER: &str = "411702-approver-1";
/// Longer than any event takes.
const LONG: Duration = Duration::from_secs(20);

/// An open feed, read event by event.
struct Line {
    body: BodyDataStream,
    text: String,
}

impl Line {
    async fn open(desk: &Desk, query: &str, last: Option<u64>) -> Self {
        Self::open_as(desk, SUPERVISOR, query, last).await
    }

    async fn open_as(desk: &Desk, actor: &str, query: &str, last: Option<u64>) -> Self {
        let request = Request::get(format!("/v1/events?{query}"))
            .header("authorization", format!("Bearer {}", desk.token(actor)));
        let request = match last {
            Some(last) => request.header("last-event-id", last.to_string()),
            None => request,
        };
        let request = request.body(Body::empty()).unwrap();
        let answer = router(&desk.app, super::Pages::default()).oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self { body: answer.into_body().into_data_stream(), text: String::new() }
    }

    /// The next event's id and data; none when the feed has ended.
    async fn next(&mut self) -> Option<(u64, serde_json::Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    event.lines().find_map(|line| line.strip_prefix(name)).map(ToOwned::to_owned)
                };
                let found = field("id: ").zip(field("data: "));
                self.text = rest.to_owned();
                if let Some((id, data)) = found {
                    return Some((id.parse().unwrap(), serde_json::from_str(&data).unwrap()));
                }
                continue;
            }
            let more = self.body.next().await?.unwrap();
            self.text.push_str(std::str::from_utf8(&more).unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_goes_on_where_it_was_cut_and_ends_with_the_service() {
    let desk = Desk::founded();
    let len = desk.app.ledger.len();
    let mut line = Line::open(&desk, "from=0", None).await;
    for index in 0..5 {
        assert_eq!(line.next().await.unwrap().0, index);
    }
    drop(line);
    let mut line = Line::open(&desk, "from=0", Some(4)).await;
    for index in 5..len {
        let (id, event) = line.next().await.unwrap();
        assert_eq!((id, event["index"].as_u64()), (index, Some(index)));
    }
    // What is new comes by itself, to those whom it concerns.
    let mut filtered = Line::open(&desk, "type=actor.&form=cloudevents", None).await;
    let mut desk = desk;
    super::hire(&mut desk, "411721-reviewer-1", "reviewer", "411721").await;
    assert_eq!(line.next().await.unwrap().1["type"], "actor.enrolled");
    assert_eq!(line.next().await.unwrap().1["type"], "endorsed");
    let (id, event) = filtered.next().await.unwrap();
    assert_eq!((id, event["type"].as_str().unwrap()), (len, "mingzheng.actor.enrolled"));

    assert_eq!(desk.app.figures.feeds.get(), 2);
    desk.app.ends.send_replace(true);
    assert!(line.next().await.is_none());
    drop((line, filtered));
    assert_eq!(desk.app.figures.feeds.get(), 0);
}

/// Has a bank send a payroll, row by row.
pub(super) async fn pay(desk: &Desk, bank: &str, name: &str) {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rolls");
    let roll = std::fs::read(format!("{fixtures}/{name}")).unwrap();
    let path = format!("/v1/rolls/drafts?name={}", super::percent(name));
    let laid_out = desk.post(bank, &path, "application/octet-stream", roll).await.ok();
    let drafts = laid_out["drafts"].as_array().unwrap();
    let statements: Vec<u8> = drafts.iter().flat_map(|draft| desk.sign(bank, draft)).collect();
    let sent = desk.post(bank, "/v1/statements", "application/cbor-seq", statements).await.ok();
    for outcome in sent["outcomes"].as_array().unwrap() {
        assert!(outcome["index"].is_u64(), "{outcome}");
    }
}

/// The indexes of the entries that an actor reads.
async fn entries(desk: &Desk, actor: &str, query: &str) -> Vec<u64> {
    let page = desk.get(actor, &format!("/v1/entries?limit=1000{query}")).await.ok();
    assert!(page["next"].is_null());
    page["items"].as_array().unwrap().iter().map(|line| line["index"].as_u64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_covers_a_division_is_told_all_of_it_while_the_index_stands_still() {
    let desk = Desk::founded();
    desk.clock.advance_to(super::ENDS_MS);
    let mut line = Line::open_as(&desk, APPROVER, "from=0", None).await;
    // A long question keeps the index where it is, while statements become durable.
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let (holds, is_held) = tokio::sync::oneshot::channel();
    let app = desk.app.clone();
    let long = std::thread::spawn(move || {
        let _still = app.index.hold();
        holds.send(()).unwrap();
        let _ = ended.recv();
    });
    is_held.await.unwrap();
    let before = desk.app.index.at();
    pay(&desk, "411702-bank-1", "困难残疾人生活补贴发放名册_2026-07.csv").await;
    let mut told = Vec::new();
    while let Ok(event) = tokio::time::timeout(Duration::from_millis(500), line.next()).await {
        told.push(event.unwrap().0);
    }
    assert_eq!(desk.app.index.at(), before, "the index stood still");
    assert!(told.iter().filter(|index| **index >= before).count() > 10, "{told:?}");
    drop(end);
    long.join().unwrap();
    // The same as once the index holds it, and nothing twice.
    desk.app.index.wait_for(desk.app.ledger.len()).await;
    let covered = entries(&desk, APPROVER, "").await;
    let again = tokio::time::timeout(Duration::from_millis(500), line.next()).await;
    assert!(again.is_err());
    assert_eq!(told, covered);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_and_a_list_of_one_person_or_one_subject_hold_what_is_about_it() {
    let desk = Desk::county();
    let people = desk.get(SUPERVISOR, "/v1/people?limit=1").await.ok();
    let person = people["items"][0]["person"].as_str().unwrap();
    let id = person.parse().unwrap();
    let len = desk.app.ledger.len();
    let events: Vec<_> = (0..len).map(|index| desk.app.ledger.event(index).unwrap()).collect();
    let cases = events.iter().filter(|event| event.payload.body.person() == Some(id));
    let case = cases.map(|event| &event.subject).find(|it| matches!(it, Subject::Case(_))).unwrap();
    let by_person: Vec<u64> = events
        .iter()
        .filter(|event| {
            event.payload.body.person() == Some(id) || event.subject == Subject::Person(id)
        })
        .map(|event| event.index)
        .collect();
    let by_subject: Vec<u64> =
        events.iter().filter(|event| event.subject == *case).map(|event| event.index).collect();
    let by_both: Vec<u64> =
        by_person.iter().copied().filter(|index| by_subject.contains(index)).collect();
    for (query, expected) in [
        (format!("&person={person}"), by_person),
        (format!("&subject={case}"), by_subject),
        (format!("&subject={case}&person={person}"), by_both),
    ] {
        assert!(!expected.is_empty() && expected.len() < events.len(), "{query}");
        assert_eq!(entries(&desk, SUPERVISOR, &query).await, expected, "{query}");
        let mut line = Line::open(&desk, &format!("from=0{query}"), None).await;
        for index in expected {
            let event = tokio::time::timeout(LONG, line.next()).await.unwrap();
            assert_eq!(event.unwrap().0, index, "{query}");
        }
        let more = tokio::time::timeout(Duration::from_millis(100), line.next()).await;
        assert!(more.is_err(), "{query} {more:?}");
    }
    for bad in ["person=x", "subject=x", "subject=case:x", "person=", "from=-1", "form=x"] {
        for path in ["/v1/events", "/v1/entries"] {
            let wrong = desk.get(SUPERVISOR, &format!("{path}?{bad}")).await;
            assert_eq!(wrong.problem(), (400, "bad_query".to_owned()), "{path} {bad}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_ends_before_the_next_event_when_its_actor_is_suspended() {
    let mut desk = Desk::founded();
    let mut line = Line::open_as(&desk, APPROVER, "type=actor.", None).await;
    super::hire(&mut desk, "411702-reviewer-9", "reviewer", "411702").await;
    let first = tokio::time::timeout(LONG, line.next()).await.unwrap().unwrap();
    assert_eq!(first.1["type"], "actor.enrolled");

    let subject = Subject::Actor(APPROVER.parse().unwrap());
    let data = ActorSuspended { reason: "left".parse().unwrap() };
    let mut payload = Payload::new(Day::of_millis(desk.now_s() * 1000), data);
    payload.expect = Some(desk.app.ledger.expect(&subject).unwrap());
    let signed = desk.pens.pen(SUPERVISOR).unwrap().write(&subject, &payload).unwrap();
    desk.post(SUPERVISOR, "/v1/statements", "application/cose", signed.bytes).await.ok();
    desk.app.index.wait_for(desk.app.ledger.len()).await;
    super::hire(&mut desk, "411702-reviewer-8", "reviewer", "411702").await;
    let ended = tokio::time::timeout(Duration::from_secs(5), line.next()).await;
    assert_eq!(ended.expect("it ends by the next event"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_room_for_so_many_feeds_and_an_ended_one_makes_room() {
    let settings =
        Settings { feeds_max: 1, per_peer: FREELY, per_actor: FREELY, ..Settings::default() };
    let desk = Desk::with(0, settings);
    let line = Line::open(&desk, "", None).await;
    let full = desk.get(SUPERVISOR, "/v1/events").await;
    assert_eq!(full.problem(), (503, "crowded".to_owned()));
    assert_eq!(full.headers["retry-after"], "1");
    assert_eq!(desk.app.figures.feeds.get(), 1);
    drop(line);
    let mut line = Line::open(&desk, "from=0", None).await;
    assert_eq!(line.next().await.unwrap().0, 0);
}
