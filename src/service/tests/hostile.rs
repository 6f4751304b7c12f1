//! Bad input: every one has its answer, none is ours to be sorry for.

use axum::{body::Body, http::Request};

use super::Desk;

const CLERK: &str = "411702-clerk-1";
const JSON: &str = "application/json";

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_not_what_the_route_takes() {
    let desk = Desk::founded();
    let cbor = "application/cbor-seq";
    let cases: Vec<(&str, &str, Vec<u8>, u16, &str)> = vec![
        ("/v1/statements", cbor, Vec::new(), 400, "bad_body"),
        ("/v1/statements", cbor, b"not cbor at all".to_vec(), 422, "statement_form"),
        ("/v1/statements", cbor, vec![0x9f; 4096], 400, "bad_body"),
        (
            "/v1/statements",
            cbor,
            vec![0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            400,
            "bad_body",
        ),
        ("/v1/statements", cbor, vec![0xf6], 422, "statement_form"),
        ("/v1/statements", cbor, vec![0xf6; 1001], 413, "too_large"),
        ("/v1/statements", cbor, vec![0; (7 << 20) + 1], 413, "too_large"),
        ("/v1/statements", JSON, b"{}".to_vec(), 415, "wrong_type"),
        ("/v1/drafts", JSON, b"{".to_vec(), 422, "refused"),
        ("/v1/drafts", JSON, b"[]".to_vec(), 422, "refused"),
        ("/v1/drafts", JSON, br#"{"type":"a","type":"b"}"#.to_vec(), 422, "refused"),
        ("/v1/drafts", JSON, vec![0xff, 0xfe], 400, "bad_body"),
        ("/v1/drafts", JSON, vec![b'['; 100_000], 422, "refused"),
        ("/v1/drafts", JSON, vec![b' '; (128 << 10) + 1], 413, "too_large"),
        ("/v1/find", JSON, br#"{"who":1}"#.to_vec(), 400, "bad_body"),
        ("/v1/find", JSON, br#"{"who":"nobody at all"}"#.to_vec(), 400, "bad_query"),
        ("/v1/find", "text/plain", b"x".to_vec(), 415, "wrong_type"),
    ];
    for (path, media, body, status, code) in cases {
        let len = body.len();
        let answer = desk.post(CLERK, path, media, body).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{path} {media} {len}");
    }
    // A body that never says how long it is stops at the limit all the same.
    let chunks = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![0_u8; 1 << 20]));
    let endless = Body::from_stream(chunks);
    let answer = desk.post(CLERK, "/v1/statements", cbor, endless).await;
    assert_eq!(answer.problem(), (413, "too_large".to_owned()));
    assert_eq!(desk.anybody("/readyz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_and_parameters_that_are_not_there() {
    let desk = Desk::founded();
    for (path, status, code) in [
        ("/v1/", 404, "no_route"),
        ("/v1/people/../../etc/passwd", 404, "no_route"),
        ("//v1/people", 404, "no_route"),
        ("/v1/me/%00", 404, "no_route"),
        ("/v1/people/<script>", 404, "not_found"),
        ("/v1/people/%3Cscript%3E", 404, "not_found"),
        ("/v1/people/aaaaaaaaaaaaaaaaaaaaaaaaaa", 404, "not_found"),
        ("/v1/subjects/thing:a/history", 404, "not_found"),
        ("/v1/entries/99999999", 404, "not_found"),
        ("/v1/entries/-1", 404, "not_found"),
        ("/v1/people?limit=0", 400, "bad_query"),
        ("/v1/people?limit=1001", 400, "bad_query"),
        ("/v1/people?limit=1&limit=2", 400, "bad_query"),
        ("/v1/people?unknown=1", 400, "bad_query"),
        ("/v1/certificates?on=yesterday", 400, "bad_query"),
        ("/v1/policies/x", 404, "not_found"),
    ] {
        let path = path.replace('<', "%3C").replace('>', "%3E");
        let answer = desk.get(CLERK, &path).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{path}");
        assert!(!answer.text().contains("script"), "nothing is echoed");
    }
    let request = Request::delete("/v1/people").body(Body::empty()).unwrap();
    assert_eq!(desk.send(request).await.problem(), (405, "wrong_method".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_careful_and_has_an_id() {
    let desk = Desk::founded();
    let mut ids = std::collections::BTreeSet::new();
    for path in ["/healthz", "/v1/ledger", "/v1/me", "/nothing"] {
        let answer = desk.anybody(path).await;
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert!(answer.headers.contains_key("content-security-policy"));
        ids.insert(answer.headers["x-request-id"].clone().to_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 4);
    let figures = desk.anybody("/metrics").await;
    let text = figures.text();
    assert!(
        text.contains(
            "mingzheng_http_requests_total{method=\"GET\",route=\"/v1/me\",status=\"401\"} 1"
        ),
        "{text}"
    );
    assert!(text.contains(&format!("mingzheng_entries {}", desk.app.ledger.len())), "{text}");
    assert!(text.ends_with("# EOF\n"));
}
