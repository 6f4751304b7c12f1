//! The live feed: everything once, in order, also after a line was cut.

use axum::{
    body::{Body, BodyDataStream},
    http::Request,
};
use futures_util::StreamExt;
use tower::ServiceExt;

use super::Desk;
use crate::service::router;

const SUPERVISOR: &str = "411700-supervisor-1";

/// An open feed, read event by event.
struct Line {
    body: BodyDataStream,
    text: String,
}

impl Line {
    async fn open(desk: &Desk, query: &str, last: Option<u64>) -> Self {
        let request = Request::get(format!("/v1/events?{query}"))
            .header("authorization", format!("Bearer {}", desk.token(SUPERVISOR)));
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
