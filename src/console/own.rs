//! A person's own pages: what is recorded about them, who looked at it, and what they may ask for.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{
    certificates, entries,
    frame::Place,
    page, parts, payments, timeline,
    view::{Sheet, View},
};
use crate::service::{
    extract::Query,
    own::{self, Asked, OwnRecord, PERSONS},
    problem::Problem,
    row::{Access, Row},
};

/// Steps of one page.
const STEPS: usize = 100;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/mine", Access::Roles(PERSONS), show)
            .doc("console", "A person's own record, and who looked at it"),
    ]
}

async fn show(view: View) -> Result<Response, Problem> {
    let mut asked: Asked = view.asked()?;
    asked.limit = asked.limit.or(Some(STEPS));
    let found = own::own(State(view.app.clone()), view.caller()?, Query(asked)).await?;
    let w = &view.w.own;
    let body = html! {
        p { (w.what) }
        @if found.data.is_empty() { p.empty { (w.empty) } }
        @for record in &found.data { (one(&view, record)) }
        section.card aria-labelledby="rights" {
            h2 #rights { (w.rights) }
            ul.plain {
                li { (w.correction) }
                li { (w.appeal) }
                li { (w.restriction) }
                li { (w.erasure) }
            }
        }
    };
    let title = view.w.nav.own.to_owned();
    Ok(view.sheet(&Sheet { title, place: Some(Place::Own), current: Some(&found.current), body }))
}

fn one(view: &View, own: &OwnRecord) -> Markup {
    let (w, record) = (&view.w.own, &own.record);
    let id = format!("of-{}", record.person);
    let held: Vec<Markup> =
        record.certificates.iter().map(|line| certificates::row(view, line, false)).collect();
    let paid: Vec<Markup> =
        record.payments.iter().map(|line| payments::row(view, line, false)).collect();
    let looks: Vec<Markup> = own.looks.iter().map(|line| entries::look(view, line)).collect();
    let heads = [
        (view.w.entries.recorded, false),
        (view.w.looks.who, false),
        (view.w.looks.whose, false),
        (view.w.looks.purpose, false),
        (view.w.common.entry, true),
    ];
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (w.about) " " code { (parts::short(&record.person.to_string())) } }
            (parts::table(w.looks, &heads, &looks, w.no_looks))
            (parts::table(view.w.nav.certificates, &certificates::heads(view, false), &held,
                view.w.certificates.none))
            (parts::table(view.w.nav.payments, &payments::heads(view, false), &paid,
                view.w.payments.none))
            h3 { (view.w.timeline.title) }
            (timeline::timeline(view, &own.steps))
            (parts::pager(view, own.next.map(|next| next.to_string()).as_deref()))
        }
    }
}
