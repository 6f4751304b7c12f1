//! A flag on the desk: whose turn it is, and what the reader may do about it.

use axum::response::Response;
use maud::{Markup, html};

use super::super::{
    frame::Place,
    parts,
    view::{Sheet, View},
    words,
};
use super::several::forms;
use super::{form, waited_for};
use crate::answer::desk;
use crate::service::{extract::Part, flags, problem::Problem};
use crate::value::{Hash, PersonId};

/// A flag for whoever may act under it, without its evidence.
pub(super) async fn flag(view: View, Part(id): Part<Hash>) -> Result<Response, Problem> {
    let app = axum::extract::State(view.app.clone());
    let found = flags::named(app, view.caller()?, Part(id.to_string())).await?;
    let line = &found.data;
    let acts = of_flag(&view, id, line.person()).await?;
    let turns = turns(&view, id, line.state == "confirmed").await?;
    let rule = crate::rules::find(line.rule.as_str());
    let w = &view.w.flags;
    let body = html! {
        dl.facts {
            dt { (w.rule) }
            dd {
                (line.rule)
                @if let Some(rule) = rule { " " (view.pick(rule.title_zh, rule.title_en)) }
            }
            dt { (view.w.common.status) } dd { (parts::standing(&view, &line.state)) }
            @if let Some(person) = line.person() {
                dt { (view.w.common.person) } dd { (parts::person(&view, person)) }
            }
            @if let Some(programme) = line.programme {
                dt { (view.w.common.programme) } dd { (parts::programme(&view, programme)) }
            }
            @if let Some(month) = line.month { dt { (view.w.common.month) } dd { (month) } }
            dt { (w.money) } dd.n { (parts::yuan(line.money_at_risk)) }
        }
        @if let Some(rule) = rule { p { (view.pick(rule.todo_zh, rule.todo_en)) } }
        (turns)
        (acts)
    };
    let title = format!("{} {}", words::desk::of(view.lang).matter_flag, line.rule);
    Ok(view.sheet(&Sheet { title, place: Some(Place::Desk), current: Some(&found.current), body }))
}

/// Whose turn it is on a flag.
pub(in crate::console) async fn turns(
    view: &View,
    id: Hash,
    confirmed: bool,
) -> Result<Markup, Problem> {
    let signer = view.caller()?.signer;
    let asked = view.app.read(move |records| Ok(desk::next_of_flag(records.ledger, &signer, id)?));
    let next = asked.await?;
    let w = words::desk::of(view.lang);
    Ok(html! {
        @if !next.is_empty() || confirmed {
            section aria-labelledby="turn" {
                h2 #turn { (w.waits_flag) }
                @if next.is_empty() {
                    p.soft { (w.waits_flag_nothing) }
                } @else {
                    ul { @for step in &next { li { (waited_for(view, step)) } } }
                }
            }
        }
    })
}

/// The forms of what may be done about a flag, for the flag's page.
pub(in crate::console) async fn of_flag(
    view: &View,
    flag: Hash,
    person: Option<PersonId>,
) -> Result<Markup, Problem> {
    let signer = view.caller()?.signer;
    let offers =
        view.app.read(move |records| Ok(desk::flag_offers(records.ledger, &signer, flag)?)).await?;
    let w = words::desk::of(view.lang);
    if offers.is_empty() {
        return Ok(html! {});
    }
    let here = format!("/console/flags/{flag}");
    Ok(html! {
        section aria-labelledby="act" {
            h2 #act { (w.about_flag) }
            (forms(view, &offers, &form::Place { person, next: &here, level: 3 })?)
        }
    })
}
