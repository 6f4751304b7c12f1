//! The service in process: a demo county behind the router, asked as clients ask.

mod feed;
mod hostile;
mod reading;
mod roles;
mod tokens;
mod writing;

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Request, StatusCode},
};
use serde_json::Value;
use tower::ServiceExt;

use super::*;
use crate::crypto::{Claims, SecretKey, TokenClaims, random_bytes, sign, sign_token};
use crate::demo::{CountyOptions, DemoHouse, Pens, run_county};
use crate::ledger::{Clock, Options, SetClock};
use crate::value::{ActorId, Cti};

pub(super) const ORIGIN: &str = "demo.example/county";
/// 2025-10-08 and a year later, at ten in the morning.
const BEGINS_MS: u64 = 1_759_888_800_000;
const ENDS_MS: u64 = 1_791_424_800_000;

/// A service with everybody's keys.
pub(super) struct Desk {
    pub(super) app: App,
    pub(super) clock: SetClock,
    pub(super) pens: Pens,
    keys: Vec<(ActorId, SecretKey)>,
    follower: Option<std::thread::JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

/// An answer, read whole.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answered {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The document of an answer that must be a good one.
    pub(super) fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        self.json()
    }

    /// The status and code of a problem.
    pub(super) fn problem(&self) -> (u16, String) {
        let media = self.headers.get("content-type").unwrap();
        assert_eq!(media, "application/problem+json", "{self:?}");
        let said = self.json();
        assert_eq!(said["status"], self.status.as_u16());
        assert!(said["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
        (self.status.as_u16(), said["code"].as_str().unwrap().to_owned())
    }
}

impl Desk {
    /// A founded ledger without people.
    pub(super) fn founded() -> Self {
        Self::with(0, Settings { per_peer: FREELY, per_actor: FREELY, ..Settings::default() })
    }

    /// A county with people who applied, were assessed and are paid.
    pub(super) fn county() -> Self {
        Self::with(12, Settings { per_peer: FREELY, per_actor: FREELY, ..Settings::default() })
    }

    pub(super) fn with(people: u32, settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = SetClock::at(BEGINS_MS);
        let log = crate::log::Options::small();
        let options =
            Options { clock: Arc::new(clock.clone()), log, queue_len: 4, ..Options::default() };
        let path = folder.path().join("ledger");
        // In a thread of its own: founding waits for the writer, which async code may not.
        let founding = || {
            let house = DemoHouse::found(&path, ORIGIN, options).unwrap();
            if people > 0 {
                let told = CountyOptions { people, seed: 1, ends_at_ms: ENDS_MS };
                run_county(&house, &clock, told).unwrap();
            }
            let mut index = Projection::open(&path).unwrap();
            index.catch_up(&house.ledger).unwrap();
            (house, index)
        };
        let (house, index) = std::thread::scope(|scope| scope.spawn(founding).join().unwrap());
        let DemoHouse { ledger, keys, pens } = house;
        let system = Pen::new(keys.system.clone(), "ledger", ORIGIN, Arc::new(clock.clone()));
        let open = Open { ledger, index, system: Some(system), demo_keys: keys.actors.clone() };
        let app = App::new(open, settings).unwrap();
        let follower = Some(index::start(&app).unwrap());
        let mut all = keys.actors;
        all.push(("411700-system".parse().unwrap(), keys.system));
        Self { app, clock, pens, keys: all, follower, _folder: folder }
    }

    pub(super) fn key(&self, actor: &str) -> &SecretKey {
        let found = self.keys.iter().find(|(id, _)| id.as_str() == actor);
        &found.unwrap_or_else(|| panic!("nobody is called {actor}")).1
    }

    pub(super) fn now_s(&self) -> u64 {
        self.clock.wall_ms() / 1000
    }

    pub(super) fn claims(&self) -> TokenClaims {
        let iat = self.now_s();
        let jti = Cti(random_bytes().unwrap());
        TokenClaims { aud: ORIGIN.to_owned(), iat, exp: iat + 60, jti }
    }

    pub(super) fn token(&self, actor: &str) -> String {
        sign_token(self.key(actor), &self.claims())
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answered {
        let answer = router(&self.app, crate::console::pages()).oneshot(request).await.unwrap();
        let (head, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answered { status: head.status, headers: head.headers, body }
    }

    /// Asks without a token.
    pub(super) async fn anybody(&self, path: &str) -> Answered {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Asks as an actor.
    pub(super) async fn get(&self, actor: &str, path: &str) -> Answered {
        let token = format!("Bearer {}", self.token(actor));
        self.send(Request::get(path).header("authorization", token).body(Body::empty()).unwrap())
            .await
    }

    /// Sends a body as an actor.
    pub(super) async fn post(
        &self,
        actor: &str,
        path: &str,
        media: &str,
        body: impl Into<Body>,
    ) -> Answered {
        let request = Request::post(path)
            .header("authorization", format!("Bearer {}", self.token(actor)))
            .header("content-type", media);
        self.send(request.body(body.into()).unwrap()).await
    }

    /// Signs a draft as its own client would.
    pub(super) fn sign(&self, actor: &str, draft: &Value) -> Vec<u8> {
        let claims = &draft["claims"];
        let claims = Claims {
            iss: claims["iss"].as_str().unwrap(),
            sub: claims["sub"].as_str().unwrap().parse().unwrap(),
            aud: claims["aud"].as_str().unwrap(),
            iat: self.now_s(),
            cti: claims["cti"].as_str().unwrap().parse().unwrap(),
        };
        sign(self.key(actor), &claims, draft["payload"].as_str().unwrap().as_bytes()).unwrap()
    }
}

/// Enrols somebody by HTTP, as the custodian and the supervisor would.
pub(super) async fn hire(desk: &mut Desk, id: &str, role: &str, division: &str) -> String {
    let key = SecretKey::generate().unwrap();
    let body = serde_json::json!({
        "type": "actor.enrolled", "subject": format!("actor:{id}"),
        "data": {
            "role": role, "organisation": "别县残联", "division": division,
            "public_key": key.public().to_string(), "valid_from": "2020-01-01",
        },
    });
    let custodian = "411700-keys-1";
    let drafted = desk.post(custodian, "/v1/drafts", "application/json", body.to_string()).await;
    let statement = desk.sign(custodian, &drafted.ok());
    let sent = desk.post(custodian, "/v1/statements", "application/cose", statement).await.ok();
    assert_eq!(sent["outcomes"][0]["waits_for"]["roles"][0], "supervisor");
    let body = serde_json::json!({
        "type": "endorsed", "subject": format!("actor:{id}"), "data": {},
        "refs": [sent["outcomes"][0]["statement"]],
    });
    let supervisor = "411700-supervisor-1";
    let drafted = desk.post(supervisor, "/v1/drafts", "application/json", body.to_string()).await;
    let statement = desk.sign(supervisor, &drafted.ok());
    desk.post(supervisor, "/v1/statements", "application/cose", statement).await.ok();
    desk.app.index.wait_for(desk.app.ledger.len()).await;
    desk.keys.push((id.parse().unwrap(), key));
    id.to_owned()
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.app.ends.send_replace(true);
        if let Some(follower) = self.follower.take() {
            let joined = follower.join();
            assert!(joined.is_ok() || std::thread::panicking());
        }
    }
}

const FREELY: Rate = Rate { per_second: 1_000_000, burst: 1_000_000 };
