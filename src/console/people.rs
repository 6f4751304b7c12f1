//! People: the list, and finding one by number. A number is posted, so that it stands in no
//! address, history or log.

use axum::{extract::State, http::StatusCode, response::Response};
use maud::{Markup, html};

use super::{
    form,
    frame::Place,
    page, parts,
    view::{Sheet, View, go},
};
use crate::service::{
    answer::Page,
    extract::{FormBody, JsonBody, Query},
    people::{FoundSubject, Listed, Named, PersonLine, find, list},
    problem::Problem,
    roles,
    row::{Access, Row, raw},
};
use crate::value::Subject;

/// People of one page.
const AT_ONCE: usize = 50;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const FORM: &str = "application/x-www-form-urlencoded";
    vec![
        page("/console/people", Access::Roles(roles::CASE), show)
            .doc("console", "People of the reader's division"),
        form("/console/people", Access::Roles(roles::CASE), search)
            .doc("console", "Finds a person, a certificate or another subject")
            .takes(&const { [raw(FORM)] }, 2048),
    ]
}

async fn show(view: View) -> Result<Response, Problem> {
    let people = asked(&view).await?;
    Ok(sheet(&view, StatusCode::OK, &people, None))
}

async fn asked(view: &View) -> Result<Page<PersonLine>, Problem> {
    let mut wanted: Listed = view.asked()?;
    wanted.limit = wanted.limit.or(Some(AT_ONCE));
    list(State(view.app.clone()), view.caller()?, Query(wanted)).await
}

/// The form, which also stands on other pages.
pub(super) fn search_form(view: &View) -> Markup {
    let w = &view.w.people;
    html! {
        form.filters.card method="post" action="/console/people" role="search" {
            div.grow {
                (parts::field("who", w.search_label, Some(w.search_hint), &html! {
                    input #who name="who" type="text" required autocomplete="off" spellcheck="false"
                        maxlength="200" aria-describedby="who-hint";
                }))
            }
            div.actions { button type="submit" { (view.w.common.search) } }
        }
    }
}

fn sheet(
    view: &View,
    status: StatusCode,
    people: &Page<PersonLine>,
    said: Option<&str>,
) -> Response {
    let w = &view.w.people;
    let common = &view.w.common;
    let rows: Vec<Markup> = people.items.iter().map(|line| row(view, line)).collect();
    let heads = [
        (common.person, false),
        (w.birth, false),
        (common.division, false),
        (view.w.nav.certificates, true),
        (view.w.nav.payments, true),
    ];
    let body = html! {
        @if let Some(said) = said { p.note role="alert" { (said) } }
        (search_form(view))
        (parts::division_list(view, "divisions"))
        form.filters method="get" action="/console/people" {
            (parts::certificate_statuses(view))
            (parts::of_division(view))
            (parts::filter_buttons(view))
        }
        (parts::table(w.list, &heads, &rows, w.empty))
        (parts::pager(view, people.next.as_deref()))
    };
    let title = view.w.nav.people.to_owned();
    let place = Some(Place::People);
    view.sheet_with(status, &Sheet { title, place, current: Some(&people.current), body })
}

fn row(view: &View, line: &PersonLine) -> Markup {
    html! {
        tr {
            th scope="row" { (parts::person(view, line.person)) }
            td.d { @if let Some(birth) = line.birth_date { (birth) } @else { (view.w.common.unknown) } }
            td {
                @if let Some(division) = line.division { (parts::division(view, division)) }
                @else { (view.w.common.unknown) }
            }
            td.n { (line.certificates) }
            td.n { (line.payments) }
        }
    }
}

async fn search(view: View, FormBody(named): FormBody<Named>) -> Result<Response, Problem> {
    let named = Named { who: named.who.trim().to_owned() };
    let found = find(State(view.app.clone()), view.caller()?, JsonBody(named)).await;
    match found {
        Ok(found) => go(&address(&found.data)),
        Err(problem) if problem.status == 404 || problem.status == 400 => {
            let view = view.at("/console/people");
            let people = asked(&view).await?;
            let said = if problem.status == 404 {
                view.w.people.not_found
            } else {
                view.w.people.not_a_number
            };
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::NOT_FOUND);
            Ok(sheet(&view, status, &people, Some(said)))
        }
        Err(problem) => Err(problem),
    }
}

fn address(found: &FoundSubject) -> String {
    match (&found.subject, found.entry) {
        (Some(Subject::Person(person)), _) => format!("/console/people/{person}"),
        (Some(Subject::Certificate(id)), _) => format!("/console/certificates/{id}"),
        (Some(subject), _) => format!("/console/subjects/{subject}"),
        (None, Some(index)) => format!("/console/entries/{index}"),
        (None, None) => "/console/people".to_owned(),
    }
}
