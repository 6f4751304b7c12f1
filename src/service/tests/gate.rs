//! The gate: what happens around a handler that is slow, that panics, or is asked too often.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, Request},
};
use futures_util::{StreamExt, stream};
use tower::ServiceExt;

use super::{Answered, Desk, FREELY, Rate, Settings};
use crate::service::{
    extract::Whole,
    row::{Access, Row},
};

/// A row's answer, whose handler is of this test.
async fn answer(desk: &Desk, row: Row, request: Request<Body>) -> Answered {
    let router = row.access(Access::Public).into_router(&desk.app, Router::new());
    let router = router.with_state(desk.app.clone());
    Answered::whole(router.oneshot(request).await.unwrap()).await
}

async fn counts(Whole(body): Whole) -> String {
    body.len().to_string()
}

async fn counts_slowly(Whole(body): Whole) -> String {
    tokio::time::sleep(Duration::from_secs(60)).await;
    body.len().to_string()
}

async fn panics() -> &'static str {
    panic!("a secret of the handler")
}

fn post(body: Body) -> Request<Body> {
    Request::post("/counts").body(body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_body_is_the_clients_and_a_slow_answer_is_ours() {
    let desk = Desk::founded();
    let short = Some(Duration::from_millis(200));
    let row = || Row::post("/counts", counts).time(short);
    let slow = || Row::post("/counts", counts_slowly).time(short);

    let pieces = || stream::iter([Ok::<_, std::io::Error>("abc"), Ok("de")]);
    let good = answer(&desk, row(), post(Body::from_stream(pieces()))).await;
    assert_eq!((good.status.as_u16(), good.text()), (200, "5"), "a body in pieces is one body");

    let never_ends = Body::from_stream(pieces().chain(stream::pending()));
    let late = answer(&desk, row(), post(never_ends)).await;
    assert_eq!(late.problem(), (408, "slow_body".to_owned()));
    // What comes of it later is no request.
    assert_eq!(late.headers.get("connection"), Some(&HeaderValue::from_static("close")));
    assert!(!late.headers.contains_key("retry-after"));

    for body in [Body::from("abc"), Body::from_stream(pieces()), Body::empty()] {
        let ours = answer(&desk, slow(), post(body)).await;
        assert_eq!(ours.problem(), (503, "took_too_long".to_owned()));
        assert_eq!(ours.headers["retry-after"], "1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_ends_its_own_request_alone() {
    let desk = Desk::founded();
    let request = Request::get("/panics").body(Body::empty()).unwrap();
    let failed = answer(&desk, Row::get("/panics", panics), request).await;
    assert_eq!(failed.problem(), (500, "internal".to_owned()));
    assert!(!failed.text().contains("secret"));
    assert!(failed.headers.contains_key("x-request-id"));
    assert_eq!(desk.anybody("/readyz").await.status, 200);
    let figures = desk.anybody("/metrics").await;
    let counted = "{method=\"GET\",route=\"/panics\",status=\"500\"} 1";
    assert!(figures.text().contains(counted), "{}", figures.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_address_may_ask_so_often_whoever_asks() {
    let per_peer = Rate { per_second: 1, burst: 3 };
    let desk = Desk::with(0, Settings { per_peer, per_actor: FREELY, ..Settings::default() });
    let ask = async |peer: [u8; 4], port: u16, actor: &str| {
        let token = format!("Bearer {}", desk.token(actor));
        let request = Request::get("/v1/me").header("authorization", token);
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, port))));
        desk.send(request).await
    };
    let (one, other) = ([192, 0, 2, 1], [192, 0, 2, 2]);
    let actors = ["411702-clerk-1", "411702-clerk-2", "411702-approver-1", "411700-bank-1"];
    for (port, actor) in (1000..).zip(&actors[..3]) {
        ask(one, port, actor).await.ok();
    }
    let refused = ask(one, 1003, actors[3]).await;
    assert_eq!(refused.problem(), (429, "too_many_requests".to_owned()));
    assert_eq!(refused.headers["retry-after"], "1");
    ask(other, 1000, actors[3]).await.ok();
    desk.clock.advance_to(desk.now_s() * 1000 + 1000);
    ask(one, 1004, actors[3]).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_not_ready_once_the_writer_has_stopped() {
    let desk = Desk::founded();
    assert_eq!(desk.anybody("/readyz").await.status, 200);
    // A clock that was set wrongly stops the writer: everything can still be read.
    desk.clock.jump_to(super::BEGINS_MS + 86_400_000);
    let sent = desk.app.ledger.submit(vec![vec![0]]).unwrap().answer().await;
    assert!(sent.is_err());
    let not_ready = desk.anybody("/readyz").await;
    assert_eq!(not_ready.problem(), (503, "not_writing".to_owned()));
    assert_eq!(desk.anybody("/healthz").await.status, 200);
    desk.anybody("/v1/ledger").await.ok();
}
