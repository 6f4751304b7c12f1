//! Steps as a reader follows them: what happened, who signed it, and the way to its proof.

use maud::{Markup, html};
use serde_json::Value;

use super::{parts, view::View};
use crate::answer::EventLine;
use crate::report::facts_in;
use crate::service::row::Access;

/// The steps, oldest first.
pub(super) fn timeline(view: &View, steps: &[EventLine]) -> Markup {
    html! {
        @if steps.is_empty() {
            p.empty { (view.w.timeline.empty) }
        } @else {
            ol.timeline { @for step in steps { li { (step_card(view, step, 3)) } } }
        }
    }
}

/// One step; its heading has the level given.
pub(super) fn step_card(view: &View, step: &EventLine, level: u8) -> Markup {
    let w = &view.w.timeline;
    let data: Value = serde_json::from_str(step.data.get()).unwrap_or(Value::Null);
    let facts = facts_in(&data, view.lang);
    let heading = html! {
        time datetime=(step.at) data-part="at" { (step.at) }
        (parts::event_title(view.lang, &step.name))
    };
    html! {
        article.card id={ "e" (step.index) } data-step=(step.name) {
            @if level == 2 { h2 { (heading) } } @else { h3 { (heading) } }
            @if !facts.is_empty() {
                p {
                    @for (number, (name, value)) in facts.iter().enumerate() {
                        @if number > 0 { " · " }
                        span.soft { (name) " " } (value)
                    }
                }
            }
            @if let Some(personal) = &step.personal { (sealed(view, personal)) }
            p.soft {
                (w.signed_by) " " strong { (parts::role(view, step.role)) } " · "
                span data-part="organisation" { (step.organisation) } " · "
                code data-part="actor" { (step.actor) }
                @if step.needs_endorsement { " · " (w.needs_endorsement) }
                br;
                (w.recorded) " " span.n { (step.recorded) } " · "
                span data-part="subject" { (parts::subject(view, &step.subject)) }
            }
            div.actions {
                @if view.may(Access::Actors) {
                    a href={ "/console/entries/" (step.index) } { (view.w.common.entry) " " span.n { (step.index) } }
                    a href={ "/console/entries/" (step.index) "/receipt" } download { (w.receipt) }
                    (verify_button(view, step.index))
                } @else {
                    span { (view.w.common.entry) " " span.n { (step.index) } }
                    a href={ "/console/receipts/" (step.index) } { (w.receipt) span.unseen { " " (step.index) } }
                    a href={ "/console/desk/entries/" (step.index) } {
                        (super::words::desk::of(view.lang).correct) span.unseen { " " (step.index) }
                    }
                }
            }
        }
    }
}

/// Where the script verifies an entry in the browser; nothing without scripts. It holds what the
/// card shows in its `data-part`s against the proven statement.
fn verify_button(view: &View, index: u64) -> Markup {
    html! {
        button.quiet.small type="button" hidden data-verify-entry=(index) {
            (view.w.timeline.verify) " " span.unseen { (index) }
        }
        span.verify-result data-verify-result=(index) aria-live="polite" {}
    }
}

/// Personal fields that were revealed.
pub(super) fn sealed(view: &View, personal: &crate::ledger::Personal) -> Markup {
    let fields = serde_json::to_value(personal).unwrap_or(Value::Null);
    let known = fields.as_object().into_iter().flatten();
    html! {
        dl.facts.personal {
            @for (name, value) in known {
                @if let Some(value) = value.as_str() {
                    dt { (super::words::personal(view.lang, name)) } dd { (value) }
                }
            }
        }
    }
}
