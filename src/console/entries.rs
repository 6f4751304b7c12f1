//! The log itself: entries, one entry with its receipt, and who looked at what.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use maud::{Markup, html};
use serde_json::Value;

use super::{
    frame::Place,
    page, parts, timeline,
    view::{Sheet, View},
};
use crate::answer::EventLine;
use crate::event::Body;
use crate::service::{
    answer::Page,
    entries::{self, As, Asked, Written},
    extract::{Part, Query},
    looks::{self, OfLooks},
    problem::{Fault, Problem},
    roles,
    row::{Access, Row, raw},
};
use crate::value::{PersonId, Subject};

/// Entries of one page.
const AT_ONCE: usize = 50;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/entries", Access::Roles(roles::LOG), list)
            .doc("console", "Entries of the log"),
        page("/console/looks", Access::Roles(roles::LOG), looks)
            .doc("console", "Who looked at what is sealed, and for what"),
        page("/console/entries/{index}", Access::Concerned, show).doc("console", "One entry"),
        page("/console/entries/{index}/receipt", Access::Concerned, receipt)
            .doc("console", "The offline receipt of an entry, as a file")
            .gives(raw("text/plain")),
    ]
}

/// What the pages may ask for.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    r#type: Option<String>,
    subject: Option<Subject>,
    person: Option<PersonId>,
    after: Option<u64>,
}

async fn ask(view: &View, wanted: Wanted) -> Result<Page<EventLine>, Problem> {
    let Wanted { r#type, subject, person, after } = wanted;
    let asked = Asked { r#type, subject, person, form: As::Event, after, limit: Some(AT_ONCE) };
    let (app, caller) = (State(view.app.clone()), view.caller()?);
    match entries::entries(app, caller, Query(asked)).await? {
        Written::Events(page) => Ok(page),
        Written::Cloud(_) => Err(Fault::Internal.into()),
    }
}

async fn list(view: View) -> Result<Response, Problem> {
    let found = ask(&view, view.asked()?).await?;
    let (w, common) = (&view.w.entries, &view.w.common);
    let rows: Vec<Markup> = found.items.iter().map(|line| row(&view, line)).collect();
    let heads = [
        (common.entry, true),
        (w.recorded, false),
        (common.events, false),
        (w.subject, false),
        (view.w.timeline.signed_by, false),
    ];
    let types: Vec<_> = Body::NAMES
        .iter()
        .map(|name| ((*name).to_owned(), parts::event_title(view.lang, name)))
        .collect();
    let newest = found.current.index.saturating_sub(AT_ONCE as u64 + 1);
    let body = html! {
        p { (w.what) }
        form.filters.card method="get" action="/console/entries" {
            (parts::choice(&view, "type", common.events, &types))
            (parts::field("subject", w.subject, Some(w.subject_hint), &html! {
                input #subject name="subject" type="text" maxlength="80" aria-describedby="subject-hint"
                    value=(view.said("subject").unwrap_or_default());
            }))
            (parts::filter_buttons(&view))
        }
        p.actions { a href=(view.with("after", &newest.to_string())) { (w.newest) } }
        (parts::table(w.list, &heads, &rows, w.empty))
        (parts::pager(&view, found.next.as_deref()))
    };
    let title = view.w.nav.entries.to_owned();
    let place = Some(Place::Entries);
    Ok(view.sheet(&Sheet { title, place, current: Some(&found.current), body }))
}

fn row(view: &View, line: &EventLine) -> Markup {
    html! {
        tr {
            th.n scope="row" { (parts::entry(view, line.index)) }
            td.d { (line.recorded) }
            td { (parts::event_title(view.lang, &line.name)) }
            td { (parts::subject(view, &line.subject)) }
            td {
                (parts::organisation(view, &line.organisation)) " " (parts::role(view, line.role)) " "
                code { (line.actor) }
            }
        }
    }
}

async fn looks(view: View) -> Result<Response, Problem> {
    let mut asked: OfLooks = view.asked()?;
    asked.limit = asked.limit.or(Some(AT_ONCE));
    let found = looks::looks(State(view.app.clone()), view.caller()?, Query(asked)).await?;
    let (w, common) = (&view.w.looks, &view.w.common);
    let rows: Vec<Markup> = found.items.iter().map(|line| look(&view, line)).collect();
    let heads = [
        (view.w.entries.recorded, false),
        (w.who, false),
        (w.whose, false),
        (w.purpose, false),
        (common.entry, true),
    ];
    let body = html! {
        p { (w.what) }
        form.filters.card method="get" action="/console/looks" {
            (parts::field("person", w.whose, Some(w.person_hint), &html! {
                input #person name="person" type="text" maxlength="26" aria-describedby="person-hint"
                    value=(view.said("person").unwrap_or_default());
            }))
            (parts::filter_buttons(&view))
        }
        (parts::table(w.list, &heads, &rows, w.empty))
        (parts::pager(&view, found.next.as_deref()))
    };
    let title = view.w.nav.looks.to_owned();
    Ok(view.sheet(&Sheet { title, place: Some(Place::Looks), current: Some(&found.current), body }))
}

/// One look at what is sealed.
pub(super) fn look(view: &View, line: &EventLine) -> Markup {
    let data: Value = serde_json::from_str(line.data.get()).unwrap_or(Value::Null);
    let text = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    html! {
        tr {
            td.d { (line.recorded) }
            th scope="row" {
                @match text("to").parse() {
                    Ok(actor) => (parts::actor(view, &actor)),
                    Err(_) => (text("to")),
                }
            }
            td { (parts::subject(view, &line.subject)) }
            td { (text("purpose")) }
            td.n { (parts::entry(view, line.index)) }
        }
    }
}

async fn show(view: View, Part(index): Part<u64>) -> Result<Response, Problem> {
    let found = entries::entry(State(view.app.clone()), view.caller()?, Part(index)).await?;
    let line = &found.data;
    let w = &view.w.entries;
    let data: Value = serde_json::from_str(line.data.get()).unwrap_or(Value::Null);
    let pretty = serde_json::to_string_pretty(&data).unwrap_or_default();
    let rests_on = rests_on(&view, line)?;
    let body = html! {
        (timeline::step_card(&view, line, 2))
        p.actions {
            a.button.quiet href={ "/console/receipts/" (index) } {
                (super::words::desk::of(view.lang).counter_receipt)
            }
            a.button.quiet href={ "/console/desk/entries/" (index) } {
                (super::words::desk::of(view.lang).correct)
            }
        }
        section.card aria-labelledby="signed" {
            h2 #signed { (w.signed) }
            @if !rests_on.is_empty() {
                dl.facts {
                    dt { (w.rests_on) }
                    dd { @for index in &rests_on { (parts::entry(&view, *index)) " " } }
                }
            }
            details {
                summary { (view.w.frame.technical) }
                dl.facts {
                    dt { (w.kind) } dd { code { (line.name) } }
                    dt { (w.statement) } dd { code { (line.statement) } }
                }
                h3 { (w.data) }
                pre tabindex="0" role="region" aria-label=(w.data) { (pretty) }
            }
        }
        nav.pager aria-label=(w.neighbours) {
            @if index > 0 { a rel="prev" href={ "/console/entries/" (index - 1) } { (w.previous) } }
            @if index + 1 < view.app.ledger.len() {
                a rel="next" href={ "/console/entries/" (index + 1) } { (w.following) }
            }
        }
    };
    let title = format!("{} {index}", view.w.common.entry);
    let may = view.signed_in().is_some_and(|caller| roles::LOG.contains(&caller.signer.role));
    let place = may.then_some(Place::Entries);
    Ok(view.sheet(&Sheet { title, place, current: Some(&found.current), body }))
}

/// The entries of the statements that an event refers to.
fn rests_on(view: &View, line: &EventLine) -> Result<Vec<u64>, Problem> {
    let mut indexes = Vec::new();
    for statement in line.refs.iter().take(100) {
        indexes.extend(view.app.ledger.find(statement)?);
    }
    Ok(indexes)
}

async fn receipt(view: View, Part(index): Part<u64>) -> Result<Response, Problem> {
    let mut response =
        entries::receipt(State(view.app.clone()), view.caller()?, Part(index)).await?;
    let name = format!("attachment; filename=\"receipt-{index}.txt\"");
    let name = HeaderValue::try_from(name).map_err(Problem::internal)?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
