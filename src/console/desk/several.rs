//! Several forms of one page: what is due first, the rest folded away, each opened by its title; and
//! what an answer answers beside its form.

use maud::{Markup, html};

use super::super::{timeline, view::View, words};
use super::form::{self, Place};
use super::says::title;
use crate::answer::EventLine;
use crate::answer::desk::Offer;
use crate::service::problem::Problem;

/// Forms that stand open beside each other though none of them is due.
const CHOICES_MAX: usize = 2;
/// What takes the place of what was done already: it is folded away where nothing waits for it.
const DONE_BEFORE: [&str; 3] = ["anomaly.assigned", "anomaly.reviewed", "assessment.assigned"];

/// What an endorsement would give effect to, as it stands on the log.
pub(super) fn proposed(view: &View, offer: &Offer, level: u8) -> Result<Markup, Problem> {
    let mut cards = Vec::new();
    for statement in &offer.refs {
        let Some(index) = view.app.ledger.find(statement)? else { continue };
        let event = view.app.ledger.event(index)?;
        let line = EventLine::of(&view.app.ledger, event, false)?;
        cards.push(timeline::step_card(view, &line, level));
    }
    Ok(html! { @for card in &cards { (card) } })
}

/// The number of the next form of the page.
pub(super) const fn numbered(number: &mut usize) -> usize {
    *number += 1;
    *number
}

/// A form that is opened by its title.
pub(super) fn folded(view: &View, number: usize, offer: &Offer, place: &Place<'_>) -> Markup {
    html! {
        details.choice {
            summary { (title(view, offer)) }
            (form::offer(view, number, offer, place))
        }
    }
}

/// Offers as forms: what is due first, the rest folded away.
pub(super) fn forms(view: &View, offers: &[Offer], place: &Place<'_>) -> Result<Markup, Problem> {
    let w = words::desk::of(view.lang);
    let many = offers.iter().filter(|offer| !offer.due).count() > CHOICES_MAX;
    let mut all = Vec::with_capacity(offers.len());
    for (number, offer) in offers.iter().enumerate() {
        // What an answer answers is read first.
        let answers = ["endorsed", "processing.restricted", "personal_data.erased"];
        let before = if answers.contains(&offer.name) {
            proposed(view, offer, place.level)?
        } else {
            html! {}
        };
        // Of many that may be taken and do not have to be, each is opened by its title.
        let folds = many || DONE_BEFORE.contains(&offer.name);
        let form = if folds && !offer.due {
            folded(view, number, offer, place)
        } else {
            form::offer(view, number, offer, place)
        };
        all.push((offer.due, html! { (before) (form) }));
    }
    let (due, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(due, _)| *due);
    // To step back from a case is no step of it: it does not stand where the next one is looked for.
    let only_to_step_back =
        offers.iter().all(|offer| offer.due || offer.name == "conflict.declared");
    let alone = due.is_empty() && !others.is_empty() && !only_to_step_back;
    Ok(html! {
        @if due.is_empty() && only_to_step_back { p.empty { (w.steps_none) } }
        @for (_, form) in &due { (form) }
        @if alone {
            @for (_, form) in &others { (form) }
        } @else if !others.is_empty() {
            details {
                summary { (w.other_steps) }
                @for (_, form) in &others { (form) }
            }
        }
    })
}
