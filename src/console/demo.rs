//! Signing in as a sample actor: in a demo ledger only.
//!
//! There the server holds the keys of everybody, so that a newcomer can sit at any desk. It signs
//! the token itself, which works without scripts, and hands the key to a page that asks, so that
//! the browser signs statements as it does anywhere. In any other ledger these rows say that there
//! is nothing.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::{
    form, page, parts,
    view::{Sheet, View, go, inside},
};
use crate::answer::{ActorLine, actors, today};
use crate::event::Role;
use crate::service::{
    App,
    extract::{FormBody, Part},
    problem::{Fault, Problem},
    row::{Access, Row, raw},
    session,
};
use crate::value::{ActorId, Hash};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const FORM: &str = "application/x-www-form-urlencoded";
    vec![
        page("/console/demo", Access::Public, list).doc("console", "The actors of a demo ledger"),
        form("/console/demo", Access::Public, enter)
            .doc("console", "Signs in as one of them")
            .takes(&const { [raw(FORM)] }, 4096),
        page("/console/demo/keys/{actor}", Access::Public, key)
            .doc("console", "The key of one of them, for the browser to sign with")
            .gives(raw("application/json")),
    ]
}

async fn list(view: View) -> Result<Response, Problem> {
    if !view.app.demo {
        return Err(Fault::NotFound.into());
    }
    let found = view.app.read(|records| Ok(actors(records.ledger, today(records.ledger))?)).await?;
    let keys = session::demo_actors(&view.app);
    let mut known: Vec<_> = found.into_iter().filter(|line| keys.contains(&line.actor)).collect();
    known.sort_by_key(|line| (line.role, line.division, line.actor.clone()));
    let w = &view.w.sign_in;
    let next = inside(view.said("next"));
    let body = html! {
        p { (w.demo_what) }
        @for (title, of) in groups(&view, &known) {
            @let (first, more) = first_of_each(&of);
            h2 { (title) }
            ul.cards { @for line in first { (card(&view, line, next)) } }
            @if !more.is_empty() {
                details {
                    summary { (w.demo_more) " (" (more.len()) ")" span.unseen { ": " (title) } }
                    ul.cards { @for line in more { (card(&view, line, next)) } }
                }
            }
        }
    };
    let title = w.demo_title.to_owned();
    Ok(view.sheet(&Sheet { title, place: None, current: None, body }))
}

/// Those to begin with, then everybody in the order of the steps they take: a certificate and a
/// benefit in the county, and what is done above it.
fn groups<'a>(view: &View, known: &'a [ActorLine]) -> [(&'static str, Vec<&'a ActorLine>); 4] {
    const BEGIN: [&str; 4] =
        ["411702-person-1", "411702-clerk-1", "411700-inspector-1", "411700-supervisor-1"];
    let w = &view.w.sign_in;
    let begin = BEGIN.iter().filter_map(|id| known.iter().find(|line| line.actor.as_str() == *id));
    let county = |line: &ActorLine| line.division.is_county();
    let of = |is_of: &dyn Fn(&ActorLine) -> bool| {
        let rest = known.iter().filter(|line| !BEGIN.contains(&line.actor.as_str()));
        rest.filter(|line| is_of(line)).collect()
    };
    [
        (w.demo_begin, begin.collect()),
        (w.demo_county, of(&|line| county(line) && line.role <= Role::Issuer)),
        (w.demo_benefit, of(&|line| county(line) && line.role > Role::Issuer)),
        (w.demo_prefecture, of(&|line| !county(line))),
    ]
}

/// The first of each role, and the others: of a role that is held by many, one is enough to see.
fn first_of_each<'a>(of: &[&'a ActorLine]) -> (Vec<&'a ActorLine>, Vec<&'a ActorLine>) {
    let mut seen = Vec::new();
    of.iter().partition(|line| {
        let is_new = !seen.contains(&line.role);
        seen.push(line.role);
        is_new
    })
}

fn card(view: &View, line: &ActorLine, next: &str) -> Markup {
    let role = parts::role(view, line.role);
    html! {
        li.card {
            h3 { (role) }
            p { (parts::organisation(view, &line.organisation)) " · " (parts::division(view, line.division)) }
            p.soft { (super::words::does(view.lang, line.role)) }
            form method="post" action="/console/demo" {
                input type="hidden" name="actor" value=(line.actor);
                input type="hidden" name="next" value=(next);
                button type="submit" aria-label={ (view.w.sign_in.demo_enter) " " (role) " " (line.actor) } {
                    (view.w.sign_in.demo_enter)
                }
                " " code.soft { (line.actor) }
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entered {
    actor: ActorId,
    #[serde(default)]
    next: String,
}

async fn enter(
    State(app): State<App>,
    headers: HeaderMap,
    FormBody(entered): FormBody<Entered>,
) -> Result<Response, Problem> {
    let token = session::of_demo(&app, &entered.actor)?;
    let (_, cookie) = session::begin(&app, &headers, &token)?;
    let mut response = go(inside(Some(&entered.next)))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// A demo key as a browser imports it (RFC 8037), with what it is called.
#[derive(Serialize)]
struct Key {
    actor: ActorId,
    kid: Hash,
    jwk: crate::crypto::Jwk,
}

async fn key(State(app): State<App>, Part(actor): Part<ActorId>) -> Result<Response, Problem> {
    let key = session::demo_key(&app, &actor)?;
    let kid = key.public().kid();
    Ok(axum::Json(Key { actor, kid, jwk: key.to_jwk() }).into_response())
}
