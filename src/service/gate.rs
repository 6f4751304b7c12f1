//! The gate before every route, in this order:
//! 1. a request id, drawn here;
//! 2. the caller's address has not asked too often;
//! 3. a body that says it is too long is refused unread;
//! 4. who asks, by the token, unless the route is public; this actor has not asked too often. A page
//!    is asked for in a session, and posted to by a page of this server alone;
//! 5. the role may ask this route;
//! 6. the handler, with its time limit: when it is over, a client whose body is still waited for was
//!    slow, else we were; a panic is our mistake and ends this request only;
//! 7. headers that keep browsers careful, the figures, and one line in the log.
//!
//! The log holds the route's pattern, never the address, which may name a person, and no body. So
//! does the span of a request, which says not even who asked.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    panic::AssertUnwindSafe,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use axum::{
    body::{Body, HttpBody},
    extract::{ConnectInfo, Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::{FutureExt, StreamExt, stream};
use tracing::{Instrument, field::Empty};

use super::{
    App, SPANS,
    problem::{Cause, Fault, Problem},
    rate::{self, Rate},
    row::{Access, Asking, Face, Info},
    session::{self, Ends},
    who::{self, Caller},
};
use crate::crypto::random_bytes;
use crate::value::base32;

/// The request's id, in every answer and every line of the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers of every answer: nothing of it may be framed, guessed, cached or passed on.
const CAREFUL: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
];

/// Lets a request through to its route, or says why not, within its span.
pub(super) async fn pass(
    State((app, info)): State<(App, Info)>,
    request: Request,
    next: Next,
) -> Response {
    let id = base32(&random_bytes::<10>().unwrap_or_default());
    let span = tracing::info_span!(
        target: SPANS,
        "request",
        otel.name = format_args!("{} {}", info.method, info.path),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = info.method,
        http.route = info.path,
        http.response.status_code = Empty,
        error.r#type = Empty,
        request = id,
    );
    let response = let_through(app, info, &id, request, next).instrument(span.clone()).await;
    let status = response.status().as_u16();
    span.record("http.response.status_code", status);
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
    if let Some(problem) = response.extensions().get::<Problem>() {
        span.record("error.type", problem.code);
    }
    response
}

async fn let_through(app: App, info: Info, id: &str, mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let mut asking = match info.face {
        Face::Api => None,
        Face::Page(_) => Some(asking(&request)),
    };
    let mut goes_on = None;
    let admitted = match &mut asking {
        None => admit(&app, &info, &request),
        Some(asking) => admit_page(&app, &info, &request, asking, &mut goes_on),
    };
    let (mut response, actor) = match admitted {
        Err(problem) => (problem.into_response(), None),
        Ok(caller) => {
            let actor = caller.as_ref().map(|caller| caller.signer.actor.clone());
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            if let Some(ends) = asking.as_ref().and_then(|asking| asking.ends) {
                request.extensions_mut().insert(ends);
            }
            (answer(&info, request, next).await, actor)
        }
    };
    if let (Face::Page(tell), Some(asking)) = (info.face, &asking)
        && let Some(problem) = response.extensions_mut().remove::<Problem>()
    {
        response = tell(&app, asking, &problem);
        if let Some(cause) = problem.cause {
            response.extensions_mut().insert(Cause(cause.into()));
        }
    }
    if let Some(cookie) = goes_on
        && !response.headers().contains_key(header::SET_COOKIE)
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    let seconds = start.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    app.figures.answered(info.method, info.path, status, seconds);
    finish(&mut response, id);
    let cause = response.extensions().get::<Cause>().map(|cause| cause.0.as_str());
    let actor = actor.as_ref().map(ToString::to_string);
    let ms = start.elapsed().as_millis();
    let Info { method, path: route, .. } = info;
    if status >= 500 {
        tracing::error!(request = id, method, route, status, actor, ms, cause, "answered");
    } else {
        tracing::info!(request = id, method, route, status, actor, ms, cause, "answered");
    }
    response
}

fn asking(request: &Request) -> Asking {
    Asking {
        method: request.method().clone(),
        uri: request.uri().clone(),
        headers: request.headers().clone(),
        caller: None,
        ends: None,
    }
}

/// Steps 2 to 5 of a page. Who is signed in is known on public pages too.
fn admit_page(
    app: &App,
    info: &Info,
    request: &Request,
    asking: &mut Asking,
    goes_on: &mut Option<HeaderValue>,
) -> Result<Option<Caller>, Problem> {
    may_come(app, info, request)?;
    session::expect_own_page(&asking.method, &asking.headers)?;
    match session::of(app, &asking.headers) {
        Ok(session) => {
            *goes_on = session::renewed(app, &asking.headers, &session);
            asking.caller = Some(session.caller.clone());
            asking.ends = Some(Ends(session.ends_s));
            known(app, info, session.caller).map(Some)
        }
        Err(_) if info.access == Access::Public => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// Steps 2 to 5.
fn admit(app: &App, info: &Info, request: &Request) -> Result<Option<Caller>, Problem> {
    may_come(app, info, request)?;
    if info.access == Access::Public {
        return Ok(None);
    }
    known(app, info, who::caller(app, request.headers())?).map(Some)
}

fn may_ask(app: &App, who: &rate::Who, rate: Rate) -> Result<(), Fault> {
    let now_ms = app.ledger.clock().monotonic_ms();
    let mut buckets = app.buckets.lock().unwrap_or_else(PoisonError::into_inner);
    if buckets.take(who, rate, now_ms) { Ok(()) } else { Err(Fault::TooMany) }
}

/// Steps 2 and 3.
fn may_come(app: &App, info: &Info, request: &Request) -> Result<(), Problem> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    may_ask(app, &rate::Who::Peer(peer), app.settings.per_peer)?;
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > info.body_max as u64) {
        return Err(Fault::TooLarge.into());
    }
    Ok(())
}

/// The rest of step 4, and step 5.
fn known(app: &App, info: &Info, caller: Caller) -> Result<Caller, Problem> {
    may_ask(app, &rate::Who::Actor(caller.signer.actor.clone()), app.settings.per_actor)?;
    if info.access.admits(caller.signer.role) { Ok(caller) } else { Err(Fault::RoleMayNot.into()) }
}

/// Step 6.
async fn answer(info: &Info, request: Request, next: Next) -> Response {
    let waited_for = Arc::<AtomicBool>::default();
    let request = request.map(|body| watched(body, Arc::clone(&waited_for)));
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    let answered = match info.time_max {
        None => answer.await,
        Some(time_max) => match tokio::time::timeout(time_max, answer).await {
            Ok(answered) => answered,
            Err(_) if waited_for.load(Ordering::Relaxed) => return slow_body(),
            Err(_) => return Problem::from(Fault::TookTooLong).into_response(),
        },
    };
    // The hook has named the place on standard error.
    answered.unwrap_or_else(|_| Problem::internal("the handler panicked").into_response())
}

/// A body that says whether somebody waits for more of it.
fn watched(body: Body, waited_for: Arc<AtomicBool>) -> Body {
    if body.is_end_stream() {
        return body;
    }
    let mut pieces = body.into_data_stream();
    Body::from_stream(stream::poll_fn(move |context| {
        let piece = pieces.poll_next_unpin(context);
        waited_for.store(piece.is_pending(), Ordering::Relaxed);
        piece
    }))
}

/// The rest of the body would be read as the next request: the connection ends with the answer.
fn slow_body() -> Response {
    let mut response = Problem::from(Fault::SlowBody).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Step 7: what every answer carries.
fn finish(response: &mut Response, id: &str) {
    let headers = response.headers_mut();
    for (name, value) in CAREFUL {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

/// What is at no address.
pub(super) async fn nothing_here(State(app): State<App>, request: Request) -> Response {
    nowhere(&app, &request, Fault::NoRoute)
}

/// An address that takes another method.
pub(super) async fn wrong_method(State(app): State<App>, request: Request) -> Response {
    nowhere(&app, &request, Fault::WrongMethod)
}

/// The answer to what no route takes, with its line in the log: never its address, nor a method that
/// the asker made up.
fn nowhere(app: &App, request: &Request, fault: Fault) -> Response {
    let (start, status, cause) = (Instant::now(), fault.status(), None::<&str>);
    app.figures.answered("", "none", status, 0.0);
    let mut response = Problem::from(fault).into_response();
    let id = base32(&random_bytes::<10>().unwrap_or_default());
    finish(&mut response, &id);
    let method = known_method(request.method());
    let (ms, actor) = (start.elapsed().as_millis(), None::<&str>);
    tracing::info!(request = id, method, route = "none", status, actor, ms, cause, "answered");
    response
}

/// The word of a method of HTTP.
fn known_method(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}
