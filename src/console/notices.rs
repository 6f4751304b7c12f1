//! Public notices: what hangs now, masked. Anybody reads them, without signing in.
//!
//! A notice shows as little as a neighbour needs to object: the surname and a mask, the county,
//! the place it hangs, its days, and that the standard is met; no number, no category, no level
//! (domain 5.2). It is gone when it is closed or its last day is over. A child's conclusion is
//! never here: it hangs nowhere, and one that were posted by mistake is left out all the same.

use axum::response::Response;
use maud::{Markup, html};

use super::{
    frame::Place,
    page, parts,
    view::{Sheet, View},
};
use crate::service::{
    answer::Current,
    notices::{Notice, hanging},
    problem::Problem,
    row::{Access, Row},
};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/notices", Access::Public, show)
            .doc("console", "The masked notices that hang now"),
    ]
}

async fn show(view: View) -> Result<Response, Problem> {
    let notices = hanging(&view.app).await?;
    let w = &view.w.notices;
    let rows: Vec<Markup> = notices.iter().map(|notice| row(&view, notice)).collect();
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
        (parts::table(w.list, &heads, &rows, w.empty))
        section.card aria-labelledby="object" {
            h2 #object { (w.object) }
            p { (w.object_how) }
        }
    };
    let current = Current::of(&view.app, view.app.ledger.len())?;
    let title = view.w.nav.notices.to_owned();
    Ok(view.sheet(&Sheet { title, place: Some(Place::Notices), current: Some(&current), body }))
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
