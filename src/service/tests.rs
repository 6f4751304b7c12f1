//! The service in process: a demo county behind the router, asked as clients ask.

mod acts;
mod divisions;
mod entries;
pub(crate) mod erasure;
mod feed;
mod gate;
mod hostile;
mod lists;
mod queue;
mod reading;
mod roles;
mod tokens;
mod writing;

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Request, StatusCode, request::Builder},
    response::Response,
};
use serde_json::Value;
use tower::ServiceExt;

use super::*;
use crate::crypto::{
    Claims, SecretKey, TagKey, TokenClaims, VaultKey, random_bytes, sign, sign_token,
};
use crate::demo::{CountyOptions, DemoHouse, Pens, run_county};
use crate::event::{Role, Root};
use crate::ledger::{Clock, Founding, Options, SetClock};
use crate::value::{ActorId, Cti};

pub(crate) const ORIGIN: &str = "demo.example/county";
/// 2025-10-08 and a year later, at ten in the morning.
const BEGINS_MS: u64 = 1_759_888_800_000;
pub(crate) const ENDS_MS: u64 = 1_791_424_800_000;

/// A service with everybody's keys.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) clock: SetClock,
    pub(crate) pens: Pens,
    keys: Vec<(ActorId, SecretKey)>,
    follower: Option<std::thread::JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answered {
    /// Reads an answer to its end.
    pub(crate) async fn whole(answer: Response) -> Self {
        let (head, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Self { status: head.status, headers: head.headers, body }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The document of an answer that must be a good one.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        self.json()
    }

    /// The status and code of a problem.
    pub(crate) fn problem(&self) -> (u16, String) {
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
    pub(crate) fn founded() -> Self {
        Self::with(0, Settings { per_peer: FREELY, per_actor: FREELY, ..Settings::default() })
    }

    /// A county with people who applied, were assessed and are paid.
    pub(crate) fn county() -> Self {
        Self::with(12, Settings { per_peer: FREELY, per_actor: FREELY, ..Settings::default() })
    }

    /// A county in the middle of its story: cases stand at every step.
    pub(crate) fn open_county() -> Self {
        let settings = Settings { per_peer: FREELY, per_actor: FREELY, ..Settings::default() };
        Self::told(60, 110, settings)
    }

    pub(crate) fn with(people: u32, settings: Settings) -> Self {
        Self::told(people, 0, settings)
    }

    fn told(people: u32, open_days: u32, settings: Settings) -> Self {
        let ends_at_ms = ENDS_MS;
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
                let told = CountyOptions { people, seed: 1, ends_at_ms, open_days };
                run_county(&house, &clock, told).unwrap();
            }
            let mut index = Projection::open(&path).unwrap();
            index.catch_up(&house.ledger).unwrap();
            (house, index)
        };
        let (house, index) = std::thread::scope(|scope| scope.spawn(founding).join().unwrap());
        let DemoHouse { ledger, keys, pens } = house;
        let mut all = keys.actors;
        all.push(("411700-system".parse().unwrap(), keys.system));
        Self::serving(ledger, index, settings, clock, (pens, all), folder)
    }

    /// A real ledger, founded by two offices, to which the keys are offered as to a demo.
    pub(crate) fn real() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = SetClock::at(BEGINS_MS);
        let root = |id: &str, role, organisation: &str, seed| {
            let key = SecretKey::from_seed([seed; 32]);
            let actor: ActorId = id.parse().unwrap();
            let (organisation, public_key) = (organisation.parse().unwrap(), key.public());
            let root = Root { actor: actor.clone(), role, organisation, public_key };
            (root, (actor, key))
        };
        let (system, system_key) = root("411700-system", Role::System, "ledger", 1);
        let (keys, keys_key) = root("411700-keys-1", Role::KeyCustodian, "federation", 2);
        let (other, other_key) = root("411700-supervisor-1", Role::Supervisor, "audit", 3);
        let founding = Founding {
            origin: ORIGIN.parse().unwrap(),
            division: "411700".parse().unwrap(),
            demo: false,
            system,
            roots: vec![keys, other],
            system_key: system_key.1.clone(),
            note_key: SecretKey::from_seed([9; 32]),
            vault_key: VaultKey::new([8; 32]),
            tag_key: TagKey::new(1, [7; 32]).unwrap(),
        };
        let log = crate::log::Options::small();
        let options = Options { clock: Arc::new(clock.clone()), log, ..Options::default() };
        let path = folder.path().join("ledger");
        let found = || {
            let ledger = Ledger::create(&path, founding, options).unwrap();
            let mut index = Projection::open(&path).unwrap();
            index.catch_up(&ledger).unwrap();
            (ledger, index)
        };
        let (ledger, index) = std::thread::scope(|scope| scope.spawn(found).join().unwrap());
        let keys = vec![system_key, keys_key, other_key];
        let settings = Settings { per_peer: FREELY, per_actor: FREELY, ..Settings::default() };
        let pens = Pens::none(Arc::new(clock.clone()));
        Self::serving(ledger, index, settings, clock, (pens, keys), folder)
    }

    fn serving(
        ledger: Ledger,
        index: Projection,
        settings: Settings,
        clock: SetClock,
        (pens, keys): (Pens, Vec<(ActorId, SecretKey)>),
        folder: tempfile::TempDir,
    ) -> Self {
        let system = keys.iter().find(|(id, _)| id.as_str() == "411700-system").unwrap();
        let system = Pen::new(system.1.clone(), "ledger", ORIGIN, Arc::new(clock.clone()));
        let open = Open { ledger, index, system: Some(system), demo_keys: keys.clone() };
        let app = App::new(open, settings).unwrap();
        let follower = Some(index::start(&app).unwrap());
        Self { app, clock, pens, keys, follower, _folder: folder }
    }

    pub(crate) fn key(&self, actor: &str) -> &SecretKey {
        let found = self.keys.iter().find(|(id, _)| id.as_str() == actor);
        &found.unwrap_or_else(|| panic!("nobody is called {actor}")).1
    }

    /// Waits until the index holds all that the log does.
    pub(crate) async fn caught_up(&self) {
        self.app.index.wait_for(self.app.ledger.len()).await;
    }

    pub(crate) fn now_s(&self) -> u64 {
        self.clock.wall_ms() / 1000
    }

    pub(crate) fn claims(&self) -> TokenClaims {
        let iat = self.now_s();
        let jti = Cti(random_bytes().unwrap());
        TokenClaims { aud: ORIGIN.to_owned(), iat, exp: iat + 60, jti }
    }

    pub(crate) fn token(&self, actor: &str) -> String {
        sign_token(self.key(actor), &self.claims())
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answered {
        Answered::whole(self.begin(request).await).await
    }

    /// Sends a request and reads the head of its answer: a feed has no end.
    pub(crate) async fn begin(&self, request: Request<Body>) -> Response {
        router(&self.app, crate::console::pages()).oneshot(request).await.unwrap()
    }

    /// Asks for a page in a session, as a browser does.
    pub(crate) async fn page(&self, actor: &str, path: &str) -> Answered {
        self.send(self.in_session(actor, Request::get(path)).body(Body::empty()).unwrap()).await
    }

    /// Posts a form in a session, from a page of this server.
    pub(crate) async fn form(&self, actor: &str, path: &str, fields: &str) -> Answered {
        let request = self
            .in_session(actor, Request::post(path))
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(fields.to_owned())).unwrap()).await
    }

    /// A request with the cookie of a session and the marks of an own page.
    pub(crate) fn in_session(&self, actor: &str, request: Builder) -> Builder {
        request
            .header("cookie", format!("mingzheng={}", self.token(actor)))
            .header("host", "ledger.example")
            .header("origin", "http://ledger.example")
    }

    /// Asks without a token.
    pub(crate) async fn anybody(&self, path: &str) -> Answered {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Asks as an actor.
    pub(crate) async fn get(&self, actor: &str, path: &str) -> Answered {
        let token = format!("Bearer {}", self.token(actor));
        self.send(Request::get(path).header("authorization", token).body(Body::empty()).unwrap())
            .await
    }

    /// Sends a body as an actor.
    pub(crate) async fn post(
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
    pub(crate) fn sign(&self, actor: &str, draft: &Value) -> Vec<u8> {
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

    /// Drafts a body, signs it and sends it.
    pub(crate) async fn submit(&self, actor: &str, body: &Value) -> Answered {
        let drafted = self.post(actor, "/v1/drafts", "application/json", body.to_string()).await;
        let statement = self.sign(actor, &drafted.ok());
        self.post(actor, "/v1/statements", "application/cose", statement).await
    }

    /// The same, of what is accepted; gives its outcome.
    pub(crate) async fn record(&self, actor: &str, body: &Value) -> Value {
        self.submit(actor, body).await.ok()["outcomes"][0].clone()
    }

    /// Raises a flag about a person, as the ledger does.
    pub(crate) async fn raise(&self, person: &str, flag: u8, severity: &str, money: i64) {
        let body = serde_json::json!({
            "type": "anomaly.raised", "subject": format!("person:{person}"),
            "data": {
                "flag": crate::value::Hash([flag; 32]), "rule": "R43", "version": 1,
                "severity": severity, "kind": "lead", "remedy": "mend", "money_at_risk": money,
                "person": person, "judged_on": "2026-10-01", "inputs": [],
            },
        });
        self.record("411700-system", &body).await;
    }
}

/// Has the bank send a roll of the fixtures, each row signed.
pub(crate) async fn pay_a_roll(desk: &Desk, name: &str) {
    const BANK: &str = "411700-bank-1";
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rolls");
    let roll = std::fs::read(format!("{fixtures}/{name}")).unwrap();
    let path = format!("/v1/rolls/drafts?name={}", percent(name));
    let laid_out = desk.post(BANK, &path, "application/octet-stream", roll).await.ok();
    let drafts = laid_out["drafts"].as_array().unwrap();
    let rows: Vec<u8> = drafts.iter().flat_map(|draft| desk.sign(BANK, draft)).collect();
    let sent = desk.post(BANK, "/v1/statements", "application/cbor-seq", rows).await.ok();
    for outcome in sent["outcomes"].as_array().unwrap() {
        assert!(outcome["index"].is_u64(), "{outcome}");
    }
}

/// A text as a part of an address.
pub(crate) fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Enrols somebody by HTTP, as the custodian and the supervisor would.
pub(crate) async fn hire(desk: &mut Desk, id: &str, role: &str, division: &str) -> String {
    hire_person(desk, id, role, division, None).await
}

/// The same, who is the human being of a tag.
pub(crate) async fn hire_person(
    desk: &mut Desk,
    id: &str,
    role: &str,
    division: &str,
    person: Option<&str>,
) -> String {
    let key = SecretKey::generate().unwrap();
    let mut body = serde_json::json!({
        "type": "actor.enrolled", "subject": format!("actor:{id}"),
        "data": {
            "role": role, "organisation": "别县残联", "division": division,
            "public_key": key.public().to_string(), "valid_from": "2020-01-01",
        },
    });
    if let Some(person) = person {
        body["data"]["person"] = person.into();
    }
    let custodian = "411700-keys-1";
    let proposed = desk.record(custodian, &body).await;
    assert_eq!(proposed["waits_for"]["roles"][0], "supervisor");
    let body = serde_json::json!({
        "type": "endorsed", "subject": format!("actor:{id}"), "data": {},
        "refs": [proposed["statement"]],
    });
    let supervisor = "411700-supervisor-1";
    desk.record(supervisor, &body).await;
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
