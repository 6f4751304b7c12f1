//! What anybody may ask: whether the service is well, and which ledger it serves.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    App,
    answer::{Current, One},
    problem::{Fault, Problem},
    row::{Access, Row, json, raw},
    who::Caller,
};
use crate::event::{Role, Sector};
use crate::tlog::TreeHash;
use crate::value::{ActorId, DivisionCode, Hash, Label};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const GROUP: &str = "service";
    vec![
        Row::get("/healthz", health).access(Access::Public).doc(GROUP, "The process answers"),
        Row::get("/readyz", ready)
            .access(Access::Public)
            .doc(GROUP, "The ledger writes and the index goes on"),
        Row::get("/metrics", metrics)
            .access(Access::Public)
            .doc(GROUP, "Figures for Prometheus")
            .gives(raw("application/openmetrics-text")),
        Row::get("/v1/ledger", ledger)
            .access(Access::Public)
            .doc(GROUP, "The ledger's name, its note key, and the leaf hash of entry 0")
            .gives(json::<One<Ledger>>()),
        Row::get("/v1/me", me)
            .access(Access::Enrolled)
            .doc(GROUP, "The actor behind the token, as the ledger knows it")
            .gives(json::<One<Me>>()),
    ]
}

async fn health() -> &'static str {
    "ok\n"
}

async fn ready(State(app): State<App>) -> Result<&'static str, Problem> {
    // A writer that failed leaves the state empty, and says so here.
    app.read(|asked| Ok(asked.ledger.with_state(|_| ())?)).await?;
    if app.ledger.is_writing() && app.index.is_sound() {
        Ok("ready\n")
    } else {
        Err(Fault::NotWriting.into())
    }
}

async fn metrics(State(app): State<App>) -> Result<Response, Problem> {
    let text = app.figures.text(app.ledger.len(), app.index.at()).map_err(Problem::internal)?;
    let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, media)], text).into_response())
}

/// What a client has to know before it trusts anything else.
#[derive(Serialize, JsonSchema)]
struct Ledger {
    /// Its name; `aud` of tokens and statements.
    origin: String,
    /// The note key that signs checkpoints. Compare it with the one you were given.
    vkey: String,
    /// Leaf hash of entry 0.
    #[schemars(with = "Option<String>")]
    genesis: Option<TreeHash>,
    division: Option<DivisionCode>,
    demo: bool,
    /// The server's clock, milliseconds since 1970.
    now_ms: u64,
}

async fn ledger(State(app): State<App>) -> Result<One<Ledger>, Problem> {
    let data = Ledger {
        origin: app.ledger.origin().to_string(),
        vkey: app.vkey.clone(),
        genesis: app.ledger.leaf(0)?,
        division: Some(app.whole),
        demo: app.demo,
        now_ms: app.ledger.clock().wall_ms(),
    };
    Ok(Current::of(&app, app.ledger.len())?.with(data))
}

/// An actor as it is enrolled.
#[derive(Serialize, JsonSchema)]
struct Me {
    actor: ActorId,
    role: Role,
    role_zh: &'static str,
    organisation: Label,
    division: DivisionCode,
    sector: Option<Sector>,
    kid: Hash,
}

async fn me(State(app): State<App>, caller: Caller) -> Result<One<Me>, Problem> {
    let Caller { signer, kid } = caller;
    let data = Me {
        actor: signer.actor,
        role: signer.role,
        role_zh: signer.role.zh(),
        organisation: signer.organisation,
        division: signer.division,
        sector: signer.sector,
        kid,
    };
    Ok(Current::of(&app, app.ledger.len())?.with(data))
}
