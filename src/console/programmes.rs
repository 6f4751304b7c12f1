//! Programmes and policies, in plain words and as they were published.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{
    frame::Place,
    page, parts,
    view::{Sheet, View},
};
use crate::answer::{PolicyLine, RateLine, rates_on, today};
use crate::service::{
    extract::{Part, Query},
    lists::{self, OnDay},
    problem::Problem,
    row::{Access, Row},
};
use crate::value::{ChainRole, Day, Hash, Lang};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/programmes", Access::Enrolled, list)
            .doc("console", "The policies in force on a day"),
        page("/console/policies/{hash}", Access::Enrolled, policy)
            .doc("console", "A policy in plain words, and its text"),
    ]
}

async fn list(view: View) -> Result<Response, Problem> {
    let asked: OnDay = view.asked()?;
    let found = lists::programmes(State(view.app.clone()), view.caller()?, Query(asked)).await?;
    let (w, common) = (&view.w.programmes, &view.w.common);
    let rows: Vec<Markup> = found.items.iter().map(|line| row(&view, line)).collect();
    let heads = [
        (common.programme, false),
        (w.version, true),
        (common.division, false),
        (common.from, false),
        (common.to, false),
        (w.document, false),
        (common.entry, true),
    ];
    let body = html! {
        p { (w.what) }
        form.filters.card method="get" action="/console/programmes" {
            (parts::day(&view, "on", w.on))
            (parts::filter_buttons(&view))
        }
        (parts::table(w.list, &heads, &rows, w.empty))
        (parts::pager(&view, found.next.as_deref()))
    };
    let title = view.w.nav.programmes.to_owned();
    let place = Some(Place::Programmes);
    Ok(view.sheet(&Sheet { title, place, current: Some(&found.current), body }))
}

fn row(view: &View, line: &PolicyLine) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href={ "/console/policies/" (line.policy) @if let Some(on) = view.said("on") { "?on=" (on) } } { (parts::policy(view, &line.name)) }
            }
            td.n { (line.version) }
            td.d { (parts::division(view, line.division)) }
            td.d { (line.valid_from) }
            td.d { @if let Some(to) = line.valid_to { (to) } @else { (view.w.programmes.open_end) } }
            td { (line.document_number.as_deref().unwrap_or(view.w.programmes.no_document)) }
            td.n { (parts::entry(view, line.index)) }
        }
    }
}

async fn policy(view: View, Part(hash): Part<Hash>) -> Result<Response, Problem> {
    let OnDay { on, .. } = view.asked()?;
    let on = on.unwrap_or_else(|| today(&view.app.ledger));
    let amounts = view.app.read(move |records| Ok(rates_on(records.ledger, &hash, on)?)).await?;
    let found = lists::policy(State(view.app.clone()), view.caller()?, Part(hash)).await?;
    let policy = &found.data;
    let w = &view.w.programmes;
    let lines = match view.lang {
        Lang::Zh => &policy.zh,
        Lang::En => &policy.en,
    };
    let body = html! {
        section.card {
            h2 { (w.in_words) }
            ul.plain { @for line in lines { li { (line) } } }
        }
        @if let Some(amounts) = &amounts { (in_force(&view, on, amounts)) }
        section.card {
            h2 { (w.published) }
            dl.facts {
                dt { (w.version) } dd.n { (policy.policy.version) }
                dt { (view.w.common.division) } dd { (parts::division(&view, policy.policy.division)) }
                dt { (view.w.common.entry) } dd { (parts::entry(&view, policy.policy.index)) }
            }
            details {
                summary { (w.technical) }
                dl.facts { dt { (w.hash) } dd { code { (policy.policy.policy) } } }
            }
            details {
                summary { (w.text) }
                (roles_of(&view, &policy.text))
                pre tabindex="0" role="region" aria-label=(w.text) { (policy.text) }
            }
        }
        p { a href="/console/programmes" { (view.w.nav.programmes) } }
    };
    let title = parts::policy(&view, &policy.policy.name);
    let place = Some(Place::Programmes);
    Ok(view.sheet(&Sheet { title, place, current: Some(&found.current), body }))
}

/// The roles that a policy's text names by their codes, in words.
fn roles_of(view: &View, text: &str) -> Markup {
    let named = |role: &&ChainRole| text.contains(&format!("\"{}\"", role.name()));
    let roles: Vec<_> = ChainRole::ALL.iter().filter(named).collect();
    html! {
        @if !roles.is_empty() {
            dl.facts {
                @for role in roles { dt { code { (role.name()) } } dd { (role.words(view.lang)) } }
            }
        }
    }
}

/// The amounts that are paid on a day, each with what sets it: many policies leave them to tables
/// that divisions publish apart.
fn in_force(view: &View, on: Day, amounts: &[RateLine]) -> Markup {
    let (w, common) = (&view.w.programmes, &view.w.common);
    let rows: Vec<Markup> = amounts
        .iter()
        .map(|line| {
            let (unit, period) = (line.unit.words(view.lang), line.period.words(view.lang));
            let by = line.document_number.as_deref().unwrap_or(w.no_document);
            html! {
                tr {
                    th scope="row" { (parts::division(view, line.division)) }
                    td.n { (parts::yuan(line.amount)) }
                    td { (unit) " · " (period) }
                    td { a href={ "/console/policies/" (line.policy) } { (by) } }
                }
            }
        })
        .collect();
    let heads =
        [(common.division, false), (common.amount, true), (w.per, false), (w.set_by, false)];
    let caption = format!("{} · {on}", w.in_force);
    html! {
        form.filters.card method="get" action=(view.path) {
            (parts::day(view, "on", w.on))
            (parts::filter_buttons(view))
        }
        (parts::table(&caption, &heads, &rows, w.in_force_none))
    }
}
