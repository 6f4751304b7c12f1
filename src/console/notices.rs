//! Public notices: what hangs now, masked. Anybody reads them, without signing in.
//!
//! A notice shows as little as a neighbour needs to object: the surname and a mask, the county,
//! the place it hangs, its days, and that the standard is met; no number, no category, no level
//! (domain 5.2). It is gone when it is closed or its last day is over. A child's conclusion is
//! never here: it hangs nowhere, and one that were posted by mistake is left out all the same.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{
    frame::Place,
    page, parts,
    view::{Sheet, View},
};
use crate::service::{
    extract::Query,
    notices::{Asked, Notice, list},
    problem::Problem,
    row::{Access, Row},
};

/// Notices of one page.
const AT_ONCE: usize = 100;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/notices", Access::Public, show)
            .doc("console", "The masked notices that hang now"),
    ]
}

async fn show(view: View) -> Result<Response, Problem> {
    let mut asked: Asked = view.asked()?;
    asked.limit = asked.limit.or(Some(AT_ONCE));
    let found = list(State(view.app.clone()), Query(asked)).await?;
    let w = &view.w.notices;
    let rows: Vec<Markup> = found.items.iter().map(|notice| row(&view, notice)).collect();
    let heads = [
        (w.name, false),
        (view.w.common.division, false),
        (w.place, false),
        (w.result, false),
        (w.opens, false),
        (w.closes, false),
        (w.number, true),
    ];
    let body = html! {
        p { (w.what) }
        (parts::division_list(&view, "divisions"))
        form.filters.card method="get" action="/console/notices" {
            (parts::of_division(&view))
            (parts::filter_buttons(&view))
        }
        (parts::table(w.list, &heads, &rows, w.empty))
        (parts::pager(&view, found.next.as_deref()))
        section.card aria-labelledby="object" {
            h2 #object { (w.object) }
            p { (w.object_how) }
        }
    };
    let title = view.w.nav.notices.to_owned();
    Ok(view.sheet(&Sheet {
        title,
        place: Some(Place::Notices),
        current: Some(&found.current),
        body,
    }))
}

fn row(view: &View, notice: &Notice) -> Markup {
    let w = &view.w.notices;
    html! {
        tr {
            th scope="row" {
                @if notice.differs { span.badge.bad { (w.differs) } }
                @else { (notice.name.as_deref().unwrap_or(w.name_sealed)) }
            }
            td.d { (parts::division(view, notice.division)) }
            td { (notice.place) }
            td { (w.meets) }
            td.d { (notice.opens_on) }
            td.d { (notice.closes_on) }
            td.n { (notice.entry) }
        }
    }
}
