//! One row of the table of routes: what it takes, who may ask, how much, how long.
//!
//! A row is the only way to put a route into the service: its handler is wrapped in the gate with
//! the row's own limits, and the same row is described in the OpenAPI document. So no route can
//! forget who may ask, and none is undocumented.

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    middleware,
    routing::{MethodRouter, get, post},
};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{App, gate};
use crate::event::Role;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Anybody, without a token.
    Public,
    /// Every actor in force, a person with a key of their own too.
    Enrolled,
    /// Every actor in force who acts for an office: what it shows is not one person's to see.
    Actors,
    /// Actors of these roles.
    Roles(&'static [Role]),
}

impl Access {
    /// Whether an actor of the role may ask.
    pub(super) fn admits(self, role: Role) -> bool {
        match self {
            Self::Public | Self::Enrolled => true,
            Self::Actors => role != Role::Applicant,
            Self::Roles(roles) => roles.contains(&role),
        }
    }
}

/// A parameter of the query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Param {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) required: bool,
}

/// Something a route takes or gives.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) media: &'static str,
    pub(super) schema: Option<fn(&mut SchemaGenerator) -> Schema>,
}

/// JSON of a type.
pub(super) const fn json<T: JsonSchema>() -> Form {
    const fn schema<T: JsonSchema>() -> fn(&mut SchemaGenerator) -> Schema {
        SchemaGenerator::subschema_for::<T>
    }
    Form { media: "application/json", schema: Some(schema::<T>()) }
}

/// Bytes or text of a media type.
pub(super) const fn raw(media: &'static str) -> Form {
    Form { media, schema: None }
}

/// What the gate and the document know of a row.
#[derive(Clone, Copy)]
pub(super) struct Info {
    pub(super) method: &'static str,
    /// As axum writes it; a part in braces is taken from the address.
    pub(super) path: &'static str,
    pub(super) group: &'static str,
    pub(super) what: &'static str,
    pub(super) access: Access,
    pub(super) query: &'static [Param],
    pub(super) takes: &'static [Form],
    pub(super) gives: Form,
    /// Longest body, in bytes.
    pub(super) body_max: usize,
    /// Longest time to the answer; none for the live feed.
    pub(super) time_max: Option<Duration>,
}

/// A row with its handler.
pub(super) struct Row {
    pub(super) info: Info,
    handler: MethodRouter<App>,
}

/// Longest time of most routes.
const TIME: Duration = Duration::from_secs(30);
/// Body of routes that take none to speak of.
const BODY: usize = 16 << 10;

impl Row {
    /// A route that is read.
    pub(super) fn get<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new("GET", path, get(handler))
    }

    /// A route that is written to.
    pub(super) fn post<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new("POST", path, post(handler))
    }

    const fn new(method: &'static str, path: &'static str, handler: MethodRouter<App>) -> Self {
        let info = Info {
            method,
            path,
            group: "",
            what: "",
            access: Access::Actors,
            query: &[],
            takes: &[],
            gives: raw("text/plain"),
            body_max: BODY,
            time_max: Some(TIME),
        };
        Self { info, handler }
    }

    /// What it is for, in which group of the document.
    pub(super) const fn doc(mut self, group: &'static str, what: &'static str) -> Self {
        (self.info.group, self.info.what) = (group, what);
        self
    }

    /// Who may ask; every actor of an office when nothing is said.
    pub(super) const fn access(mut self, access: Access) -> Self {
        self.info.access = access;
        self
    }

    /// Its parameters.
    pub(super) const fn query(mut self, query: &'static [Param]) -> Self {
        self.info.query = query;
        self
    }

    /// Its body.
    pub(super) const fn takes(mut self, takes: &'static [Form], body_max: usize) -> Self {
        (self.info.takes, self.info.body_max) = (takes, body_max);
        self
    }

    /// Its answer.
    pub(super) const fn gives(mut self, gives: Form) -> Self {
        self.info.gives = gives;
        self
    }

    /// Its longest time.
    pub(super) const fn time(mut self, time_max: Option<Duration>) -> Self {
        self.info.time_max = time_max;
        self
    }

    /// Puts the row into a router, behind the gate.
    pub(super) fn into_router(self, app: &App, router: Router<App>) -> Router<App> {
        let gate = middleware::from_fn_with_state((app.clone(), self.info), gate::pass);
        let limit = DefaultBodyLimit::max(self.info.body_max);
        router.route(self.info.path, self.handler.layer(limit).layer(gate))
    }
}
