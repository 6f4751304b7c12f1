//! The first page: what was issued and paid, what was found, and how long a verdict takes.

use axum::response::Response;
use maud::html;

use super::{
    frame::Place,
    page, parts,
    view::{Sheet, View},
    words,
};
use crate::service::{
    answer::Current,
    problem::Problem,
    row::{Access, Row},
};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![page("/console", Access::Enrolled, show).doc("console", "The overview")]
}

async fn show(view: View) -> Result<Response, Problem> {
    let caller = view.caller()?;
    let w = &view.w.overview;
    let current = Current::of(&view.app, view.app.ledger.len())?;
    let role = caller.signer.role;
    let body = html! {
        p { (w.role_does) " " strong { (parts::role(&view, role)) } ": " (words::does(view.lang, role)) }
        p { (w.welcome) }
    };
    let title = w.title.to_owned();
    Ok(view.sheet(&Sheet { title, place: Some(Place::Overview), current: Some(&current), body }))
}
