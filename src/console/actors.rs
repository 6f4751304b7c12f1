//! Actors and their keys.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{
    frame::Place,
    page, parts,
    view::{Sheet, View},
};
use crate::answer::ActorLine;
use crate::service::{
    extract::Query,
    lists::{self, OfActors},
    problem::Problem,
    roles,
    row::{Access, Row},
};

/// Actors of one page.
const AT_ONCE: usize = 200;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/actors", Access::Actors, list)
            .doc("console", "Every enrolled actor with its key"),
    ]
}

async fn list(view: View) -> Result<Response, Problem> {
    let mut asked: OfActors = view.asked()?;
    asked.limit = asked.limit.or(Some(AT_ONCE));
    let found = lists::list_actors(State(view.app.clone()), view.caller()?, Query(asked)).await?;
    let (w, common) = (&view.w.actors, &view.w.common);
    let rows: Vec<Markup> = found.items.iter().map(|line| row(&view, line)).collect();
    let heads = [
        (common.actor, false),
        (common.role, false),
        (common.organisation, false),
        (common.division, false),
        (common.status, false),
        (w.since, false),
        (w.key, false),
    ];
    let body = html! {
        p { (w.what) }
        (parts::table(w.list, &heads, &rows, common.nothing))
        (parts::pager(&view, found.next.as_deref()))
    };
    let title = view.w.nav.actors.to_owned();
    Ok(view.sheet(&Sheet {
        title,
        place: Some(Place::Actors),
        current: Some(&found.current),
        body,
    }))
}

fn row(view: &View, line: &ActorLine) -> Markup {
    let w = &view.w.actors;
    let (class, state) = match line.state.as_ref() {
        "in force" => ("good", w.in_force),
        "suspended" => ("bad", w.suspended),
        "expired" => ("", w.expired),
        _ => ("warn", w.not_yet),
    };
    html! {
        tr id=(line.actor) {
            th scope="row" {
                @if view.may(Access::Roles(roles::CASE)) {
                    a href={ "/console/subjects/actor:" (line.actor) } { code { (line.actor) } }
                } @else {
                    code { (line.actor) }
                }
            }
            td { (parts::role(view, line.role)) }
            td { (parts::organisation(view, &line.organisation)) }
            td.d { (parts::division(view, line.division)) }
            td { span class={ "badge " (class) } { (state) } }
            td.d { (line.valid_from) }
            td { @if let Some(kid) = &line.kid { code title=(kid) { (parts::short(&kid.to_string())) } } }
        }
    }
}
