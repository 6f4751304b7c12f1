//! A case, what it waits for, and the steps that the reader may take in it.

use axum::response::Response;
use maud::{Markup, html};

use super::super::{
    frame::Place,
    parts, timeline,
    view::{Sheet, View, go},
    words,
};
use super::several::forms;
use super::{form, says, waited_for};
use crate::answer::desk::{self, Next, Opens, SecondRound, Stands};
use crate::answer::{masked_name, notice};
use crate::service::{
    answer::Current,
    draw,
    extract::{Part, Query},
    people::{self, HistoryOf},
    problem::{Fault, Problem},
    roles,
};
use crate::value::{CaseId, Lang, Subject};

/// Steps of one timeline.
const STEPS: usize = 100;

pub(super) async fn case(view: View, Part(id): Part<CaseId>) -> Result<Response, Problem> {
    let caller = view.caller()?;
    let signer = caller.signer.clone();
    let asked = view.app.read(move |records| match desk::opens(records.ledger, &signer, id)? {
        None => Err(Fault::NotFound.into()),
        Some(Opens { works: false, .. }) => Err(Fault::OtherDivision.into()),
        Some(opens) => {
            let draws = draw::DRAWERS.contains(&signer.role) && desk::can_draw(records.ledger, id)?;
            let offers = desk::offers(records.ledger, &signer, id)?;
            let next = desk::next(records.ledger, &signer, id)?;
            let posts = offers.iter().any(|offer| offer.name == "notice.posted");
            let posts = posts && records.ledger.personal().is_some();
            let notice = if posts { notice::shown(records.ledger, id)? } else { None };
            // The bank is told whom it binds an account to, and of no other case.
            let works = roles::REVEAL.contains(&signer.role) || !offers.is_empty();
            let shows = opens.reads && works && roles::knows_masked(signer.role);
            let name = match opens.person.filter(|_| shows) {
                Some(person) => masked_name(records, person)?,
                None => None,
            };
            Ok((opens, offers, next, draws, notice, name))
        }
    });
    let (opens, offers, next, draws, notice, name) = asked.await?;
    let Opens { reads, person, benefit, claimed, owes_opinion, second_round, .. } = opens;
    let w = words::desk::of(view.lang);
    let here = format!("/console/desk/cases/{id}");
    let role = caller.signer.role;
    let reads = reads && roles::CASE.contains(&role);
    let steps = if reads {
        let of = HistoryOf { on: None, as_of: None, r#type: None, after: None, limit: Some(STEPS) };
        let app = axum::extract::State(view.app.clone());
        Some(people::of_subject(app, caller, Part(Subject::Case(id)), Query(of)).await?)
    } else {
        None
    };
    let body = html! {
        dl.facts {
            dt { (w.case) } dd { code { (id) } }
            @if let Some(name) = &name { dt { (w.masked_name) } dd { (name) } }
            @if let Some(person) = person.filter(|_| reads) {
                dt { (view.w.common.person) } dd { (parts::person(&view, person)) }
            }
            @if let Some((programme, stands)) = benefit {
                dt { (w.case_of) } dd { (parts::programme(&view, programme)) }
                dt { (view.w.common.status) } dd { (standing(&view, stands)) }
            }
            @if !claimed.is_empty() {
                dt { (w.claimed) } dd { (says::categories(&view, &claimed)) }
            }
        }
        @if owes_opinion { p.note { (w.independent) } }
        @if let Some(round) = &second_round { (second_round_note(&view, round)) }
        (waits_for(&view, &next))
        @if draws {
            section.card aria-labelledby="draw" {
                h2 #draw { (w.draw) }
                p { (w.draw_what) }
                form method="post" action={ (here) "/draw" } {
                    p.actions { button type="submit" { (w.draw_button) } }
                }
            }
        }
        @if let Some(notice) = &notice { (notice_preview(&view, notice)) }
        (forms(&view, &offers, &form::Place { person, next: &here, level: 2 })?)
        @if let Some(steps) = &steps {
            section aria-labelledby="history" {
                h2 #history { (w.history) }
                (timeline::timeline(&view, &steps.items))
            }
        }
    };
    let current = Current::of(&view.app, view.app.ledger.len())?;
    let title = format!("{} {}", w.case, parts::short(&id.to_string()));
    Ok(view.sheet(&Sheet { title, place: Some(Place::Desk), current: Some(&current), body }))
}

/// What a case waits for, and from whom; why not yet, where a day has to come first.
fn waits_for(view: &View, next: &[Next]) -> Markup {
    let w = words::desk::of(view.lang);
    html! {
        section aria-labelledby="waits" {
            h2 #waits { (w.waits_for) }
            @if next.is_empty() {
                p.soft { (w.waits_for_nothing) }
            } @else {
                ul { @for step in next { li { (waited_for(view, step)) } } }
            }
        }
    }
}

/// Why a case that is concluded is assessed again.
fn second_round_note(view: &View, round: &SecondRound) -> Markup {
    let w = words::desk::of(view.lang);
    let levels: Vec<_> = round.levels.iter().map(|level| level.number().to_string()).collect();
    let levels = levels.join(view.pick("、", ", "));
    let level = round.level.number();
    html! {
        p.note {
            strong { (w.second_round) } (view.pick("：", ": "))
            @match view.lang {
                Lang::Zh => {
                    "第一轮结论为" (level) "级。现行残疾人证政策规定，结论为" (levels)
                    "级的，由未参加第一轮的评残医师再评定一次，之后才能公示（I05、I06）。"
                }
                Lang::En => {
                    "the first round concluded level " (level) ". The certificate policy in force asks, "
                    "of level " (levels) ", for another assessment by assessors who were not in the first "
                    "round, before the notice (I05, I06)."
                }
            }
        }
    }
}

/// What anybody will read of a notice that is about to be posted.
fn notice_preview(view: &View, notice: &notice::Shown) -> Markup {
    let w = words::desk::of(view.lang);
    html! {
        section.card aria-labelledby="preview" {
            h2 #preview { (w.notice_preview) }
            p { (w.notice_preview_what) }
            dl.facts {
                dt { (view.w.notices.name) } dd { (notice.name) }
                dt { (view.w.common.division) } dd { (parts::division(view, notice.division)) }
                dt { (view.w.notices.result) } dd { (view.w.notices.meets) }
            }
        }
    }
}

/// Has the assessors drawn, and shows the case again.
pub(super) async fn draw_now(view: View, Part(id): Part<CaseId>) -> Result<Response, Problem> {
    draw::make(axum::extract::State(view.app.clone()), view.caller()?, Part(id)).await?;
    go(&format!("/console/desk/cases/{id}"))
}

/// Where a case stands, as a badge.
pub(super) fn standing(view: &View, stands: Stands) -> Markup {
    let w = words::desk::of(view.lang);
    let (class, word) = match stands {
        Stands::Open => ("warn", w.case_open.to_owned()),
        Stands::Granted => ("good", w.case_granted.to_owned()),
        Stands::Unbound => ("warn", w.case_unbound.to_owned()),
        Stands::Paid => ("good", w.case_paid.to_owned()),
        Stands::Stopped(from) => ("", format!("{} {from}", w.case_stopped)),
        Stands::Refused => ("", w.case_refused.to_owned()),
    };
    html! { span class={ "badge " (class) } { (word) } }
}
