//! Steps of a timeline: what happened, who signed it, and the way to its proof.

use maud::{Markup, html};
use serde_json::Value;

use super::{parts, view::View};
use crate::answer::EventLine;
use crate::event::{Role, rule_named};
use crate::report::facts_in;
use crate::service::row::Access;

/// The steps, oldest first.
pub(super) fn timeline(view: &View, steps: &[EventLine]) -> Markup {
    html! {
        @if steps.is_empty() {
            p.empty { (view.w.timeline.empty) }
        } @else {
            ol.timeline { @for step in steps { li { (card(view, step, 3, steps)) } } }
        }
    }
}

/// One step by itself; its heading has the level given.
pub(super) fn step_card(view: &View, step: &EventLine, level: u8) -> Markup {
    card(view, step, level, &[])
}

/// One step of several.
fn card(view: &View, step: &EventLine, level: u8, steps: &[EventLine]) -> Markup {
    let w = &view.w.timeline;
    let data: Value = serde_json::from_str(step.data.get()).unwrap_or(Value::Null);
    let facts = facts_in(&data, view.lang, &|id| parts::named(view, id));
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
            (objections(view, step, steps))
            @if let Some(personal) = &step.personal { (sealed(view, personal)) }
            p.soft {
                (w.signed_by) " " strong { (parts::role(view, step.role)) } " · "
                span data-part="organisation" { (parts::organisation(view, &step.organisation)) } " · "
                code data-part="actor" { (step.actor) }
                (endorsement(view, step, steps))
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

/// Who endorsed a step that needs a second signer, where that stands among the steps; else who may.
fn endorsement(view: &View, step: &EventLine, steps: &[EventLine]) -> Markup {
    let w = &view.w.timeline;
    let found: Vec<_> = steps
        .iter()
        .filter(|other| other.name == "endorsed" && other.refs.contains(&step.statement))
        .collect();
    // What the catalogue names no second for is endorsed by the person it was done for.
    let second = rule_named(&step.name).and_then(|rule| rule.second);
    let roles = second.map_or(&[Role::Applicant][..], |second| second.roles);
    let roles: Vec<_> = roles.iter().map(|role| parts::role(view, *role)).collect();
    html! {
        @if !found.is_empty() {
            br;
            (w.endorsed_by)
            @for (number, other) in found.iter().enumerate() {
                @if number > 0 { (view.pick("、", ", ")) }
                strong { (parts::role(view, other.role)) } " · " (other.organisation) " "
                code { (other.actor) } " · " (view.w.common.entry) " " (parts::entry(view, other.index))
            }
        } @else if step.needs_endorsement {
            br;
            (w.takes_effect_by) (roles.join(view.pick("或", " or ")))
            @if second.is_none_or(|second| second.other_organisation) { (w.other_office) }
        }
    }
}

/// What a notice that closed without an upheld objection was asked and answered meanwhile.
fn objections(view: &View, step: &EventLine, steps: &[EventLine]) -> Markup {
    let clear = step.name == "notice.closed"
        && serde_json::from_str::<Value>(step.data.get())
            .is_ok_and(|data| data.get("result").and_then(Value::as_str) == Some("clear"));
    let of_case = |other: &&EventLine| other.subject == step.subject && other.index < step.index;
    let raised: Vec<_> =
        steps.iter().filter(|other| other.name == "objection.raised").filter(of_case).collect();
    html! {
        @if clear && !raised.is_empty() {
            p {
                (view.w.timeline.objections)
                @for (number, other) in raised.iter().enumerate() {
                    @if number > 0 { (view.pick("、", ", ")) }
                    (view.w.common.entry) " " (parts::entry(view, other.index))
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
