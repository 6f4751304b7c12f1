//! One row of the table of routes: what it takes, who may ask, how much, how long.
//!
//! A row is the only way to put a route into the service: its handler is wrapped in the gate with
//! the row's own limits, and the same row is described in the OpenAPI document. So no route can
//! forget who may ask, and none is undocumented.
//!
//! Pages for people are rows too, of another face: who asks is known by a session instead of a
//! token, and what is wrong is told as a page. Their layer is above this one and brings them in.

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::{HeaderMap, Method, Uri},
    middleware,
    response::Response,
    routing::{MethodRouter, get, post},
};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{App, gate, problem::Problem, session::Ends, who::Caller};
use crate::event::Role;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anybody, without a token.
    Public,
    /// Every actor in force, a person with a key of their own too.
    Enrolled,
    /// Every actor in force who acts for an office: what it shows is not one person's to see.
    Actors,
    /// The same, and what they are answered is narrowed to what concerns them: see
    /// [`Scope::opens`](super::scope::Scope::opens).
    Concerned,
    /// Actors of these roles.
    Roles(&'static [Role]),
}

impl Access {
    /// Whether an actor of the role may ask.
    pub(crate) fn admits(self, role: Role) -> bool {
        match self {
            Self::Public | Self::Enrolled => true,
            Self::Actors | Self::Concerned => role != Role::Applicant,
            Self::Roles(roles) => roles.contains(&role),
        }
    }
}

/// Whom a row speaks to.
#[derive(Clone, Copy)]
pub(crate) enum Face {
    /// Programs: a token for each request, problem details.
    Api,
    /// People in a browser: a session, pages. The function tells a problem.
    Page(fn(&App, &Asking, &Problem) -> Response),
}

/// What the teller of a problem knows of the request.
pub(crate) struct Asking {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    /// Who asks, when somebody is signed in.
    pub(crate) caller: Option<Caller>,
    /// When the session ends.
    pub(crate) ends: Option<Ends>,
}

/// A parameter of the query.
#[derive(Clone, Copy)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) required: bool,
    pub(crate) of: Shape,
}

/// The schema of a type.
pub(crate) type Shape = fn(&mut SchemaGenerator) -> Schema;

/// The schema of a type.
pub(crate) const fn shape<T: JsonSchema>() -> Shape {
    SchemaGenerator::subschema_for::<T>
}

/// Something a route takes or gives.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    pub(crate) media: &'static str,
    pub(crate) schema: Option<Shape>,
}

/// JSON of a type.
pub(crate) const fn json<T: JsonSchema>() -> Form {
    Form { media: "application/json", schema: Some(shape::<T>()) }
}

/// Bytes or text of a media type.
pub(crate) const fn raw(media: &'static str) -> Form {
    Form { media, schema: None }
}

/// What the gate and the document know of a row.
#[derive(Clone, Copy)]
pub(crate) struct Info {
    pub(crate) method: &'static str,
    /// As axum writes it; a part in braces is taken from the address.
    pub(crate) path: &'static str,
    pub(crate) group: &'static str,
    pub(crate) what: &'static str,
    pub(crate) access: Access,
    pub(crate) face: Face,
    pub(crate) query: &'static [Param],
    pub(crate) takes: &'static [Form],
    pub(crate) gives: Form,
    /// What it gives instead, when it is asked to.
    pub(crate) or_gives: Option<Form>,
    /// Longest body, in bytes.
    pub(crate) body_max: usize,
    /// Longest time to the answer; none for the live feed.
    pub(crate) time_max: Option<Duration>,
}

/// A row with its handler.
pub(crate) struct Row {
    pub(crate) info: Info,
    handler: MethodRouter<App>,
}

/// Longest time of most routes.
const TIME: Duration = Duration::from_secs(30);
/// Body of routes that take none to speak of.
const BODY: usize = 16 << 10;

impl Row {
    /// A route that is read.
    pub(crate) fn get<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new("GET", path, get(handler))
    }

    /// A route that is written to.
    pub(crate) fn post<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new("POST", path, post(handler))
    }

    const fn new(method: &'static str, path: &'static str, handler: MethodRouter<App>) -> Self {
        let info = Info {
            method,
            path,
            group: "",
            what: "",
            access: Access::Actors,
            face: Face::Api,
            query: &[],
            takes: &[],
            gives: raw("text/plain"),
            or_gives: None,
            body_max: BODY,
            time_max: Some(TIME),
        };
        Self { info, handler }
    }

    /// What it is for, in which group of the document.
    pub(crate) const fn doc(mut self, group: &'static str, what: &'static str) -> Self {
        (self.info.group, self.info.what) = (group, what);
        self
    }

    /// Who may ask; every actor of an office when nothing is said.
    pub(crate) const fn access(mut self, access: Access) -> Self {
        self.info.access = access;
        self
    }

    /// Whom it speaks to; programs when nothing is said.
    pub(crate) const fn face(mut self, face: Face) -> Self {
        self.info.face = face;
        self
    }

    /// Its parameters.
    pub(crate) const fn query(mut self, query: &'static [Param]) -> Self {
        self.info.query = query;
        self
    }

    /// Its body.
    pub(crate) const fn takes(mut self, takes: &'static [Form], body_max: usize) -> Self {
        (self.info.takes, self.info.body_max) = (takes, body_max);
        self
    }

    /// Its answer.
    pub(crate) const fn gives(mut self, gives: Form) -> Self {
        self.info.gives = gives;
        self
    }

    /// Its answer in another form.
    pub(crate) const fn or_gives(mut self, gives: Form) -> Self {
        self.info.or_gives = Some(gives);
        self
    }

    /// Its longest time.
    pub(crate) const fn time(mut self, time_max: Option<Duration>) -> Self {
        self.info.time_max = time_max;
        self
    }

    /// Puts the row into a router, behind the gate.
    pub(crate) fn into_router(self, app: &App, router: Router<App>) -> Router<App> {
        let gate = middleware::from_fn_with_state((app.clone(), self.info), gate::pass);
        let limit = DefaultBodyLimit::max(self.info.body_max);
        router.route(self.info.path, self.handler.layer(limit).layer(gate))
    }
}
