//! Who asks: good tokens, and every way in which one is not.

use axum::{body::Body, http::Request};

use super::{Answered, Desk, Rate, Settings};
use crate::crypto::{SecretKey, TokenClaims, sign_token};
use crate::event::{ActorSuspended, Payload};
use crate::value::{Day, Subject};

const CLERK: &str = "411702-clerk-1";

async fn me(desk: &Desk, token: &str) -> Answered {
    let request = Request::get("/v1/me").header("authorization", format!("Bearer {token}"));
    desk.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_says_who_asks_and_each_fault_of_one_has_its_name() {
    let desk = Desk::founded();
    let good = me(&desk, &desk.token(CLERK)).await.ok();
    assert_eq!(good["data"]["actor"], CLERK);
    assert_eq!(good["data"]["role"], "clerk");
    assert_eq!(good["data"]["division"], "411702");

    let claims = desk.claims();
    let key = desk.key(CLERK);
    let with = |change: &dyn Fn(&mut TokenClaims)| {
        let mut changed = desk.claims();
        change(&mut changed);
        sign_token(key, &changed)
    };
    let day = 86_400;
    let cases = [
        (with(&|c| c.aud = "other.example/county".to_owned()), 401, "foreign_token"),
        (with(&|c| (c.iat, c.exp) = (c.iat + 61, c.iat + 121)), 401, "early_token"),
        (with(&|c| (c.iat, c.exp) = (c.iat + day, c.iat + day + 60)), 401, "early_token"),
        (with(&|c| (c.iat, c.exp) = (c.iat - day, c.iat - day + 60)), 401, "expired_token"),
        (with(&|c| c.exp = c.iat), 401, "expired_token"),
        (with(&|c| c.exp = c.iat + 301), 401, "long_token"),
        (with(&|c| c.exp = u64::MAX), 401, "long_token"),
        (with(&|c| (c.iat, c.exp) = (c.iat - 1, c.iat + 60)), 401, "stale_token"),
        (sign_token(&SecretKey::from_seed([9; 32]), &claims), 401, "unknown_key"),
        (with(&|_| {}).replace('.', ","), 401, "bad_token"),
        (format!("{}A", with(&|_| {})), 401, "bad_token"),
        ("x".repeat(5000), 401, "bad_token"),
    ];
    for (token, status, code) in cases {
        assert_eq!(me(&desk, &token).await.problem(), (status, code.to_owned()));
    }
    let none = desk.anybody("/v1/me").await;
    assert_eq!(none.problem(), (401, "no_token".to_owned()));
    assert_eq!(none.headers["www-authenticate"], "Bearer");

    // Two tokens at once name two people.
    let twice = Request::get("/v1/me")
        .header("authorization", format!("Bearer {}", desk.token(CLERK)))
        .header("authorization", format!("Bearer {}", desk.token(CLERK)));
    let twice = desk.send(twice.body(Body::empty()).unwrap()).await;
    assert_eq!(twice.problem(), (401, "bad_token".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_for_one_request() {
    let desk = Desk::founded();
    let token = desk.token(CLERK);
    me(&desk, &token).await.ok();
    assert_eq!(me(&desk, &token).await.problem(), (401, "replayed_token".to_owned()));
    // A forged signature does not use a token up.
    let claims = desk.claims();
    let forged = sign_token(&SecretKey::from_seed([9; 32]), &claims);
    let (_, signature) = forged.rsplit_once('.').unwrap();
    let own = sign_token(desk.key(CLERK), &claims);
    let (signed, _) = own.rsplit_once('.').unwrap();
    let wrong = me(&desk, &format!("{signed}.{signature}")).await;
    assert_eq!(wrong.problem(), (401, "bad_token".to_owned()));
    me(&desk, &own).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_actor_is_out_as_soon_as_the_suspension_is_recorded() {
    let desk = Desk::founded();
    me(&desk, &desk.token(CLERK)).await.ok();
    let subject = Subject::Actor(CLERK.parse().unwrap());
    let data = ActorSuspended { reason: "left".parse().unwrap() };
    let today = Day::of_millis(desk.now_s() * 1000);
    let mut payload = Payload::new(today, data);
    payload.expect = Some(desk.app.ledger.expect(&subject).unwrap());
    let supervisor = desk.pens.pen("411700-supervisor-1").unwrap();
    let signed = supervisor.write(&subject, &payload).unwrap();
    let sent = desk
        .post("411700-supervisor-1", "/v1/statements", "application/cose", signed.bytes)
        .await
        .ok();
    assert_eq!(sent["outcomes"][0]["type"], "actor.suspended");
    desk.app.index.wait_for(desk.app.ledger.len()).await;
    let out = me(&desk, &desk.token(CLERK)).await;
    assert_eq!(out.problem(), (403, "actor_suspended".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_hears_when_to_come_back() {
    let per_actor = Rate { per_second: 1, burst: 3 };
    let desk = Desk::with(0, Settings { per_actor, ..Settings::default() });
    for _ in 0..3 {
        me(&desk, &desk.token(CLERK)).await.ok();
    }
    let refused = me(&desk, &desk.token(CLERK)).await;
    assert_eq!(refused.problem(), (429, "too_many_requests".to_owned()));
    assert_eq!(refused.headers["retry-after"], "1");
    me(&desk, &desk.token("411702-clerk-2")).await.ok();
}
