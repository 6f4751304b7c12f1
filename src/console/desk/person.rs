//! What may be done for a person: their cases, and forms in groups.

use axum::response::Response;
use maud::{Markup, html};

use super::super::{
    frame::Place as Menu,
    parts,
    view::{Sheet, View},
    words,
};
use super::case::standing;
use super::form::Place;
use super::several::{folded, forms, numbered};
use crate::answer::desk::{self, Offer, PersonsCase};
use crate::policy::defaults;
use crate::service::{
    extract::{Part, Query},
    people,
    problem::Problem,
};
use crate::value::PersonId;

pub(super) async fn person(view: View, Part(id): Part<PersonId>) -> Result<Response, Problem> {
    let caller = view.caller()?;
    let when = Query(people::When { on: None, as_of: None });
    let app = axum::extract::State(view.app.clone());
    // Refuses a person of another division.
    people::show(app, caller.clone(), Part(id), when).await?;
    let signer = caller.signer;
    let asked = view.app.read(move |records| {
        let offers = desk::person_offers(records.ledger, &signer, id)?;
        Ok((offers, desk::cases_of(records.ledger, &signer, id)?))
    });
    let (offers, cases) = asked.await?;
    let w = words::desk::of(view.lang);
    let here = format!("/console/desk/people/{id}");
    let body = html! {
        dl.facts { dt { (view.w.common.person) } dd { (parts::person(&view, id)) } }
        @if !cases.is_empty() { (persons_cases(&view, &cases)) }
        // Whoever acts in a case alone finds the steps there.
        @if offers.is_empty() && cases.is_empty() {
            p.empty { (w.person_nothing) " " a href="/console/desk" { (w.desk) } }
        } @else if !offers.is_empty() {
            (grouped(&view, &offers, &Place { person: Some(id), next: &here, level: 2 })?)
        }
    };
    let title = w.about_person.to_owned();
    Ok(view.sheet(&Sheet { title, place: Some(Menu::Desk), current: None, body }))
}

/// The cases of a person, each with where it stands.
fn persons_cases(view: &View, cases: &[PersonsCase]) -> Markup {
    let w = words::desk::of(view.lang);
    let heads = [(w.case, false), (w.case_of, false), (view.w.common.status, false)];
    let row = |case: &PersonsCase| {
        let id = case.id.to_string();
        let about = case.programme.map(|it| defaults::title(it, view.lang));
        html! {
            tr {
                th scope="row" {
                    a.id href={ "/console/desk/cases/" (id) } title=(id) { (parts::short(&id)) }
                }
                td { (about.as_deref().unwrap_or(w.case_certificate)) }
                td { (standing(view, case.stands)) }
            }
        }
    };
    let rows: Vec<Markup> = cases.iter().map(row).collect();
    parts::table(w.cases, &heads, &rows, "")
}

/// Offers about a person in groups, where there are many: what is due stands before them.
fn grouped(view: &View, offers: &[Offer], place: &Place<'_>) -> Result<Markup, Problem> {
    let w = words::desk::of(view.lang);
    let (due, others): (Vec<_>, Vec<_>) = offers.iter().cloned().partition(|offer| offer.due);
    let groups = [
        (w.group_certificate, &["application.", "appeal.", "certificate.", "reminder."][..]),
        (w.group_benefit, &["benefit."][..]),
        (w.group_record, &["person.", "identity.", "guardian.", "household."][..]),
        (w.group_rights, &["right.", "processing.", "personal_data."][..]),
    ];
    let of = |begins: &[&str]| -> Vec<Offer> {
        let fits = |offer: &&Offer| begins.iter().any(|begin| offer.name.starts_with(begin));
        others.iter().filter(fits).cloned().collect()
    };
    let groups: Vec<_> = groups.map(|(title, begins)| (title, of(begins))).into();
    let filled = groups.iter().filter(|(_, offers)| !offers.is_empty()).count();
    let all = groups.iter().map(|(_, offers)| offers.len()).sum::<usize>();
    if filled < 2 || all < others.len() {
        return forms(view, offers, place);
    }
    let inner = Place { level: 3, ..*place };
    let mut number = due.len();
    let mut sections = Vec::new();
    for (at, (title, offers)) in groups.iter().enumerate().filter(|(_, it)| !it.1.is_empty()) {
        let id = format!("group-{at}");
        sections.push(html! {
            section aria-labelledby=(id) {
                h2 id=(id) { (title) }
                @for offer in offers { (folded(view, numbered(&mut number), offer, &inner)) }
            }
        });
    }
    Ok(html! {
        @if !due.is_empty() { (forms(view, &due, place)?) }
        @for section in &sections { (section) }
    })
}
