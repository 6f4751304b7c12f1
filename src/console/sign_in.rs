//! Signing in and out.
//!
//! The page signs a token with the reader's own key, which never leaves the browser, and posts it
//! once; the server keeps it in a cookie that scripts cannot read. The form hands the script what
//! it needs, the server's time above all: a browser whose clock is off by a day signs in too.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::html;
use serde::{Deserialize, Serialize};

use super::{
    form, page,
    view::{Sheet, View, go, inside},
};
use crate::service::{
    App,
    extract::FormBody,
    problem::Problem,
    row::{Access, Row, raw},
    session,
    who::LIFE_S_MAX,
};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const FORM: &str = "application/x-www-form-urlencoded";
    vec![
        page("/console/sign-in", Access::Public, show).doc("console", "Signing in"),
        form("/console/session", Access::Public, begin)
            .doc("console", "Begins or renews a session with a token that the page signed")
            .takes(&const { [raw(FORM)] }, 4096),
        form("/console/sign-out", Access::Public, end).doc("console", "Ends the session"),
    ]
}

async fn show(view: View) -> Response {
    let w = &view.w.sign_in;
    let next = inside(view.said("next"));
    let sent_here = view.said("next").is_some();
    let body = html! {
        @if sent_here { p.note role="status" { (w.ended) } }
        @if view.app.demo {
            section.card aria-labelledby="demo" {
                h2 #demo { (w.demo_title) }
                p { (w.demo_what) }
                p { a.button href={ "/console/demo?next=" (escaped(next)) } { (w.demo_enter) } }
            }
        }
        section.card aria-labelledby="own" {
            h2 #own { (w.begin) }
            p { (w.what) }
            noscript { p.note { (w.needs_script) } }
            form #sign-in method="post" action="/console/session"
                data-audience=(view.app.ledger.origin())
                data-now-ms=(view.app.ledger.clock().wall_ms())
                data-life-s=(LIFE_S_MAX)
                data-missing=(w.key_missing) {
                input type="hidden" name="token" value="";
                input type="hidden" name="next" value=(next);
                // The script fills it with the keys that this browser holds.
                p {
                    label for="key" { (w.actor) }
                    select #key name="key" disabled { option value="" { (w.key_missing) } }
                }
                p { button type="submit" disabled { (w.begin) } }
                p.soft #sign-in-says aria-live="polite" {}
            }
            p.soft { (w.once) " " (w.clock) }
            p.actions {
                button.quiet type="button" hidden data-make-key { (w.make_key) }
            }
        }
    };
    view.sheet(&Sheet { title: w.title.to_owned(), place: None, current: None, body })
}

/// What the page posts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begun {
    token: String,
    #[serde(default)]
    next: String,
    /// Which key of the browser was chosen; the token says it again.
    #[serde(default, rename = "key")]
    _key: String,
}

/// The answer to a script that renews.
#[derive(Serialize)]
struct Lives {
    ends_ms: u64,
    now_ms: u64,
}

async fn begin(
    State(app): State<App>,
    headers: HeaderMap,
    FormBody(begun): FormBody<Begun>,
) -> Result<Response, Problem> {
    let (session, cookie) = session::begin(&app, &headers, &begun.token)?;
    let wants = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let mut response = if wants.is_some_and(|wants| wants.contains("application/json")) {
        let now_ms = app.ledger.clock().wall_ms();
        axum::Json(Lives { ends_ms: session.ends_s * 1000, now_ms }).into_response()
    } else {
        go(inside(Some(&begun.next)))?
    };
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

async fn end(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let mut response =
        (StatusCode::SEE_OTHER, [(header::LOCATION, "/console/sign-in")], Body::empty())
            .into_response();
    for cookie in session::end(&app, &headers)? {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// An address inside another's query.
pub(super) fn escaped(address: &str) -> String {
    serde_urlencoded::to_string([("", address)])
        .unwrap_or_default()
        .trim_start_matches('=')
        .to_owned()
}
