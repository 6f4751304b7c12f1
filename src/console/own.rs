//! A person's own pages: what is recorded about them, who looked at it, and what they may ask for.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{
    certificates,
    desk::{offer_form_of, offer_title},
    entries,
    frame::Place,
    page, parts, payments, timeline,
    view::{Sheet, View},
};
use crate::answer::desk::{self, Offer};
use crate::service::{
    extract::Query,
    own::{self, Asked, OwnRecord, PERSONS},
    problem::Problem,
    row::{Access, Row},
};
use crate::value::PersonId;

/// Steps of one page.
const STEPS: usize = 100;

const REQUESTS: &str = "/console/mine/requests";

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/mine", Access::Roles(PERSONS), show)
            .doc("console", "A person's own record, and who looked at it"),
        page(REQUESTS, Access::Roles(PERSONS), requests)
            .doc("console", "What a person may apply for or ask for, to sign it"),
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
            p.actions { a.button href=(REQUESTS) { (w.requests) } }
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

/// Everything that a person may sign about themselves, or about whom they are guardian of.
async fn requests(view: View) -> Result<Response, Problem> {
    let caller = view.caller()?;
    let asked = view.app.read(move |records| {
        let mut all = Vec::new();
        for person in own::persons(records, &caller)? {
            all.push((person, desk::person_offers(records.ledger, &caller.signer, person)?));
        }
        Ok((all, desk::new_offers(records.ledger, &caller.signer)?))
    });
    let (of_persons, new) = asked.await?;
    let w = &view.w.own;
    let none = new.is_empty() && of_persons.iter().all(|(_, offers)| offers.is_empty());
    let mut sections = Vec::new();
    let mut number = 0;
    for (person, offers) in of_persons.iter().filter(|(_, offers)| !offers.is_empty()) {
        let id = format!("of-{person}");
        sections.push(html! {
            section aria-labelledby=(id) {
                h2 id=(id) { (w.about) " " code { (parts::short(&person.to_string())) } }
                @for offer in offers {
                    (folded(&view, number_next(&mut number), offer, Some(*person)))
                }
            }
        });
    }
    let body = html! {
        p { (w.requests_what) }
        @if none { p.empty { (w.empty) } }
        @for section in &sections { (section) }
        @if !new.is_empty() {
            section aria-labelledby="first" {
                h2 #first { (w.requests_first) }
                @for offer in &new { (folded(&view, number_next(&mut number), offer, None)) }
            }
        }
    };
    let title = w.requests.to_owned();
    Ok(view.sheet(&Sheet { title, place: Some(Place::Own), current: None, body }))
}

/// The number of the next form of the page.
const fn number_next(number: &mut usize) -> usize {
    *number += 1;
    *number
}

/// A form that is opened by its title: a person has many choices and takes one.
fn folded(view: &View, number: usize, offer: &Offer, person: Option<PersonId>) -> Markup {
    html! {
        details.choice {
            summary { (offer_title(view, offer)) }
            (offer_form_of(view, number, offer, person, "/console/mine"))
        }
    }
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
