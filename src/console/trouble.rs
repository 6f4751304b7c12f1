//! A problem, told as a page: what was wrong, which rule says so, what to do.

use axum::{
    http::{Method, StatusCode, header},
    response::Response,
};
use maud::html;

use super::{
    page,
    sign_in::escaped,
    view::{Sheet, View, go},
    words,
};
use crate::service::{
    App,
    problem::{Fault, Problem},
    row::{Access, Asking, Row},
};
use crate::value::Lang;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/", Access::Public, home).doc("console", "The console"),
        page("/console/{*path}", Access::Public, nothing).doc("console", "Nothing is there"),
    ]
}

async fn home() -> Result<Response, Problem> {
    go("/console")
}

async fn nothing() -> Result<Response, Problem> {
    Err(Fault::NotFound.into())
}

/// Tells a problem. Who is not signed in is sent to sign in, and comes back.
pub(super) fn tell(app: &App, asking: &Asking, problem: &Problem) -> Response {
    if problem.status == 401 && asking.method == Method::GET && asking.caller.is_none() {
        let there = asking.uri.path_and_query().map_or("/console", |there| there.as_str());
        if let Ok(response) = go(&format!("/console/sign-in?next={}", escaped(there))) {
            return response;
        }
    }
    let view = View::of(app, asking);
    let w = view.w;
    let (detail, hint) = in_words(&view, problem);
    let body = html! {
        div.card.trouble role="alert" {
            p.lead { (detail) }
            @if let Some(hint) = hint {
                h2 { (w.trouble.what_to_do) }
                p { (hint) }
            }
            dl.facts {
                @if let Some(rule) = problem.rule {
                    dt { (w.trouble.rule) } dd { (rule) }
                }
                @if let Some(caller) = &asking.caller {
                    dt { (w.trouble.signed_in_as) }
                    dd { (super::parts::actor(&view, &caller.signer.actor)) }
                }
            }
            details {
                summary { (w.trouble.details) }
                dl.facts { dt { (w.trouble.code) } dd { code { (problem.code) } } }
            }
            p {
                @if asking.caller.is_none() {
                    a.button href="/console/sign-in" { (w.trouble.to_sign_in) }
                } @else {
                    a.button href="/console" { (w.trouble.to_overview) }
                }
            }
        }
    };
    let title = w.trouble.title.to_owned();
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = view.sheet_with(status, &Sheet { title, place: None, current: None, body });
    if let Some(seconds) = problem.retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// The words of a problem, and what to do, in the page's language.
fn in_words(view: &View, problem: &Problem) -> (String, Option<String>) {
    match view.lang {
        Lang::Zh => {
            let (detail, hint) = &*problem.zh;
            (format!("{detail}。"), Some(format!("{hint}。")))
        }
        Lang::En => match words::fault(problem.code) {
            Some((detail, hint)) => (detail.to_owned(), Some(hint.to_owned())),
            None => (problem.detail.clone(), problem.hint.clone()),
        },
    }
}
