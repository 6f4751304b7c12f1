//! Sessions: how they begin, go on and end, and every way in which one is none.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};

use super::{Answered, CLERK, Desk, INSPECTOR};
use crate::crypto::{SecretKey, TokenClaims, sign_token};
use crate::service::tests::ORIGIN;

fn form(path: &str, fields: String) -> Request<Body> {
    Request::post(path)
        .header("host", "ledger.example")
        .header("origin", "http://ledger.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(fields))
        .unwrap()
}

fn cookie(answer: &Answered) -> String {
    let set = answer.headers["set-cookie"].to_str().unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

async fn shown(desk: &Desk, cookie: &str) -> Answered {
    let request = Request::get("/console").header("cookie", cookie);
    desk.send(request.body(Body::empty()).unwrap()).await
}

fn is_sent_to_sign_in(answer: &Answered) -> bool {
    answer.status == StatusCode::SEE_OTHER
        && answer.headers["location"] == "/console/sign-in?next=%2Fconsole"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_page_signed_begins_a_session_once() {
    let desk = Desk::founded();
    let token = desk.token(CLERK);
    let fields = format!("token={token}&next=%2Fconsole%2Fpeople&key=any");
    let begun = desk.send(form("/console/session", fields.clone())).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{begun:?}");
    assert_eq!(begun.headers["location"], "/console/people");
    let cookie = cookie(&begun);
    for _ in 0..3 {
        let page = shown(&desk, &cookie).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains(CLERK));
    }
    // The token itself is used up: nobody begins another session with it, and no route takes it.
    let again = desk.send(form("/console/session", fields)).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    let bearer = Request::get("/v1/me").header("authorization", format!("Bearer {token}"));
    let bearer = desk.send(bearer.body(Body::empty()).unwrap()).await;
    assert_eq!(bearer.problem(), (401, "replayed_token".to_owned()));
    // No route for programs takes the cookie.
    let api = Request::get("/v1/me").header("cookie", &cookie);
    let api = desk.send(api.body(Body::empty()).unwrap()).await;
    assert_eq!(api.problem(), (401, "no_token".to_owned()));

    // A script renews it without leaving the page.
    let renew = Request::post("/console/session")
        .header("host", "ledger.example")
        .header("origin", "http://ledger.example")
        .header("cookie", &cookie)
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("token={}", desk.token(CLERK))))
        .unwrap();
    let renewed = desk.send(renew).await;
    assert_eq!(renewed.ok()["ends_ms"], (desk.now_s() + 60) * 1000);

    // Signed out, the cookie is good for nothing, wherever a copy of it is.
    let out = Request::post("/console/sign-out")
        .header("host", "ledger.example")
        .header("origin", "http://ledger.example")
        .header("cookie", &cookie);
    let out = desk.send(out.body(Body::empty()).unwrap()).await;
    assert_eq!(out.headers["location"], "/console/sign-in");
    assert!(out.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert!(is_sent_to_sign_in(&shown(&desk, &cookie).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_its_token_and_a_false_one_never_begins() {
    let desk = Desk::founded();
    let good = format!("mingzheng={}", desk.token(CLERK));
    assert_eq!(shown(&desk, &good).await.status, StatusCode::OK);
    desk.clock.advance_to(desk.now_s() * 1000 + 200_000);
    assert!(is_sent_to_sign_in(&shown(&desk, &good).await), "sixty seconds, and a minute of grace");

    let claims = desk.claims();
    let with = |change: &dyn Fn(&mut TokenClaims)| {
        let mut changed = desk.claims();
        change(&mut changed);
        sign_token(desk.key(CLERK), &changed)
    };
    let bad = [
        sign_token(&SecretKey::from_seed([9; 32]), &claims),
        with(&|c| c.aud = "other.example/county".to_owned()),
        with(&|c| c.exp = c.iat + 301),
        with(&|c| (c.iat, c.exp) = (c.iat + 86_400, c.iat + 86_460)),
        with(&|c| (c.iat, c.exp) = (c.iat - 86_400, c.iat - 86_340)),
        "x.y.z".to_owned(),
        String::new(),
    ];
    for token in bad {
        assert!(is_sent_to_sign_in(&shown(&desk, &format!("mingzheng={token}")).await), "{token}");
        let begun = desk.send(form("/console/session", format!("token={token}&next="))).await;
        assert_eq!(begun.status, StatusCode::UNAUTHORIZED, "{token}");
        assert!(begun.headers.get("set-cookie").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_does_nothing() {
    let desk = Desk::founded();
    let before = desk.app.ledger.len();
    for (origin, site) in [
        (Some("http://evil.example"), None),
        (Some("null"), None),
        (None, None),
        (Some("http://ledger.example"), Some("cross-site")),
        (Some("http://ledger.example"), Some("same-site")),
    ] {
        for path in ["/console/session", "/console/demo", "/console/people", "/console/sign-out"] {
            let mut request = Request::post(path)
                .header("host", "ledger.example")
                .header("cookie", format!("mingzheng={}", desk.token(INSPECTOR)))
                .header("content-type", "application/x-www-form-urlencoded");
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            let fields = "actor=411702-clerk-1&who=990000194912310026";
            let answer = desk.send(request.body(Body::from(fields)).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {origin:?} {site:?}");
            assert!(answer.text().contains("foreign_page"));
            assert!(answer.headers.get("set-cookie").is_none());
        }
    }
    assert_eq!(desk.app.ledger.len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_the_cookie_is_bound_to_the_host() {
    let desk = Desk::founded();
    let request = Request::post("/console/session")
        .header("host", "ledger.example")
        .header("origin", "https://ledger.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("token={}", desk.token(CLERK))))
        .unwrap();
    let begun = desk.send(request).await;
    let set = begun.headers["set-cookie"].to_str().unwrap();
    assert!(set.starts_with("__Host-mingzheng=") && set.ends_with("; Secure"), "{set}");
    assert_eq!(shown(&desk, &cookie(&begun)).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_signs_anybody_in_and_keeps_them_in_while_they_read() {
    let desk = Desk::founded();
    let list = desk.anybody("/console/demo").await;
    assert!(list.text().contains(INSPECTOR) && list.text().contains("督查"));
    let fields = format!("actor={INSPECTOR}&next=%2Fconsole%2Fflags");
    let entered = desk.send(form("/console/demo", fields)).await;
    assert_eq!(entered.headers["location"], "/console/flags");
    let first = cookie(&entered);
    // From any page one sits down at another desk, and comes back to that page.
    let list = desk.page(INSPECTOR, "/console/flags?rule=R01&lang=en").await;
    assert!(list.text().contains("/console/demo?next=%2Fconsole%2Fflags%3Frule%3DR01\""));
    let desks = desk.page(INSPECTOR, "/console/demo?next=%2Fconsole%2Fflags%3Frule%3DR01").await;
    assert!(desks.text().contains("name=\"next\" value=\"/console/flags?rule=R01\""));
    assert!(desks.text().contains("/console/demo?next=%2Fconsole%2Fflags%3Frule%3DR01\""));
    let gone = desk.page(INSPECTOR, "/console/people/nobody?lang=en").await;
    assert!(
        gone.status.is_client_error() && gone.text().contains("next=%2Fconsole%2Fpeople%2Fnobody")
    );
    assert!(shown(&desk, &first).await.headers.get("set-cookie").is_none(), "young enough");
    desk.clock.advance_to(desk.now_s() * 1000 + 200_000);
    let later = shown(&desk, &first).await;
    assert_eq!(later.status, StatusCode::OK);
    let second = cookie(&later);
    assert_ne!(first, second);
    desk.clock.advance_to(desk.now_s() * 1000 + 200_000);
    assert!(is_sent_to_sign_in(&shown(&desk, &first).await));
    assert_eq!(shown(&desk, &second).await.status, StatusCode::OK);

    let key = desk.anybody(&format!("/console/demo/keys/{INSPECTOR}")).await.ok();
    assert_eq!(key["jwk"]["crv"], "Ed25519");
    assert_eq!(key["kid"], desk.key(INSPECTOR).public().kid().to_string());
    let nobody = desk.anybody("/console/demo/keys/411702-nobody-1").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    assert_eq!(desk.app.ledger.origin().as_str(), ORIGIN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_ledger_has_no_demo_desk_and_gives_no_key_away() {
    // The keys are offered to it all the same: it must not take them.
    let desk = Desk::real();
    let list = desk.anybody("/console/demo").await;
    assert_eq!(list.status, StatusCode::NOT_FOUND);
    assert!(!list.text().contains("demo-banner"));
    let root = "411700-supervisor-1";
    let key = desk.anybody(&format!("/console/demo/keys/{root}")).await;
    assert_eq!(key.status, StatusCode::NOT_FOUND);
    assert!(!key.text().contains("jwk"));
    let entered = desk.send(form("/console/demo", format!("actor={root}&next="))).await;
    assert_eq!(entered.status, StatusCode::NOT_FOUND);
    assert!(entered.headers.get("set-cookie").is_none());
    let page = desk.page(root, "/console").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("demo-banner"));
    let sign_in = desk.anybody("/console/sign-in").await;
    assert!(!sign_in.text().contains("/console/demo"));
    // An old session is not made to go on: only its owner signs a newer one.
    let token = desk.token(root);
    desk.clock.advance_to(desk.now_s() * 1000 + 50_000);
    let late = shown(&desk, &format!("mingzheng={token}")).await;
    assert_eq!(late.status, StatusCode::OK);
    assert!(late.headers.get("set-cookie").is_none());
}
