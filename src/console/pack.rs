//! Evidence packs from a page: for whoever may read the trail, and, for a stated purpose that stands
//! on the ledger first, with the person's name on the timeline.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use maud::{Markup, html};

use super::{form, page, view::View};
use crate::service::{
    extract::{FormBody, JsonBody, Part},
    packs::{self, For, MEDIA, TIME},
    problem::Problem,
    roles,
    row::{Access, Row, raw},
};
use crate::value::{PersonId, Subject};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const FORM: &str = "application/x-www-form-urlencoded";
    vec![
        page("/console/subjects/{subject}/pack", Access::Roles(roles::CASE), pack)
            .doc("console", "The evidence pack of a person, a certificate or another subject")
            .gives(raw(MEDIA))
            .time(Some(TIME)),
        form("/console/people/{person}/pack", Access::Roles(roles::REVEAL), named)
            .doc("console", "A person's evidence pack with the name, for a stated purpose")
            .takes(&const { [raw(FORM)] }, 4096)
            .gives(raw(MEDIA))
            .time(Some(TIME)),
    ]
}

async fn pack(view: View, Part(subject): Part<Subject>) -> Result<Response, Problem> {
    let (app, caller) = (State(view.app.clone()), view.caller()?);
    let packed = packs::of_subject(app, caller, Part(subject.clone())).await?;
    as_file(packed, &subject)
}

async fn named(
    view: View,
    Part(person): Part<PersonId>,
    FormBody(asked): FormBody<For>,
) -> Result<Response, Problem> {
    let (app, caller) = (State(view.app.clone()), view.caller()?);
    let packed = packs::revealed(app, caller, Part(person), JsonBody(asked)).await?;
    as_file(packed, &Subject::Person(person))
}

/// Kept by the browser under a name that says what it is about, as pseudonyms do.
fn as_file(mut packed: Response, subject: &Subject) -> Result<Response, Problem> {
    let name = subject.to_string().replace(':', "-");
    let name = format!("attachment; filename=\"pack-{name}.zip\"");
    let name = HeaderValue::try_from(name).map_err(Problem::internal)?;
    packed.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(packed)
}

/// The way to the pack of what a page is about, and what is in it.
pub(super) fn link(view: &View, subject: &Subject) -> Markup {
    let w = &view.w.person;
    html! {
        p.actions {
            a.button.quiet href={ "/console/subjects/" (subject) "/pack" } { (w.pack) }
            " " span.soft { (w.pack_what) }
        }
    }
}
