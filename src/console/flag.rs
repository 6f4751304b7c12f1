//! One flag: why it was raised, what to do, the evidence side by side, and its life.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{
    flags::kind,
    frame::Place,
    page, parts, timeline,
    view::{Sheet, View},
};
use crate::answer::case::{Case, OrderLine, Step};
use crate::event::{Remedy, Verdict};
use crate::rules::{self, Rule};
use crate::service::{
    extract::Part,
    flag::{self, FlagFile},
    problem::Problem,
    roles,
    row::{Access, Row},
};
use crate::value::{Hash, Lang, Subject};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/flags/{flag}", Access::Roles(roles::FLAGS), show)
            .doc("console", "A flag with its evidence")
            .time(Some(std::time::Duration::from_secs(300))),
    ]
}

async fn show(view: View, Part(id): Part<Hash>) -> Result<Response, Problem> {
    let found = flag::of(State(view.app.clone()), view.caller()?, Part(id)).await?;
    let file = &found.data;
    let rule = rules::find(file.line.rule.as_str());
    let title = rule.map(|rule| view.pick(rule.title_zh, rule.title_en)).unwrap_or_default();
    let title = format!("{} {title}", file.line.rule);
    let w = &view.w.flags;
    let person = match file.line.subject {
        Subject::Person(person) => Some(person),
        _ => None,
    };
    let acts = super::desk::of_flag(&view, id, person).await?;
    let turns = super::desk::turns(&view, id, file.line.state == "confirmed").await?;
    let body = html! {
        div.sides {
            div {
                section.card aria-labelledby="why" {
                    h2 #why { (w.why) }
                    (why(&view, file))
                    (facts(&view, file))
                }
                (evidence(&view, file))
            }
            div {
                @if let Some(rule) = rule { (guidance(&view, rule)) }
                (turns)
                (acts)
            }
        }
        (life(&view, &file.case))
        (orders(&view, &file.case.orders))
    };
    Ok(view.sheet(&Sheet { title, place: Some(Place::Flags), current: Some(&found.current), body }))
}

fn why(view: &View, file: &FlagFile) -> Markup {
    html! {
        @match &file.judged {
            Some(judged) => p.lead { (view.pick(&judged.why_zh, &judged.why)) },
            None => p.note { (view.w.flags.gone) },
        }
    }
}

fn evidence(view: &View, file: &FlagFile) -> Markup {
    let w = &view.w.flags;
    html! {
        section aria-labelledby="evidence" {
            h2 #evidence { (w.evidence) }
            p.soft { (w.evidence_what) }
            @if file.evidence.is_empty() { p.empty { (w.evidence_none) } }
            div.beside {
                @for event in &file.evidence { (timeline::step_card(view, event, 3)) }
            }
            @if file.not_shown > 0 { p.note { (file.not_shown) " " (w.not_shown) } }
        }
    }
}

fn facts(view: &View, file: &FlagFile) -> Markup {
    let (w, line) = (&view.w.flags, &file.line);
    html! {
        dl.facts {
            dt { (w.severity) } dd { (parts::severity(view, line.severity)) " " (kind(view, line.kind)) }
            dt { (view.w.common.status) }
            dd {
                (parts::standing(view, &line.state))
                @if let Some(actor) = &line.assigned { " " (parts::actor(view, actor)) }
            }
            @if let Some(verdict) = line.verdict {
                dt { (w.verdict) }
                dd {
                    (verdict_word(view, verdict))
                    @if let Some(on) = line.verdict_on { " · " (on) }
                }
            }
            dt { (w.about) }
            dd {
                @if let Subject::Person(person) = line.subject { (parts::person(view, person)) }
                @else if let Some(judged) = &file.judged { (parts::judged(view, &judged.subject)) }
                @else { (parts::subject(view, &line.subject)) }
            }
            @if let Some(programme) = line.programme {
                dt { (view.w.common.programme) } dd { (parts::programme(view, programme)) }
            }
            @if let Some(month) = line.month { dt { (view.w.common.month) } dd { (month) } }
            dt { (w.money) } dd.n { (parts::yuan(line.money_at_risk)) }
            dt { (w.calls_for) } dd { (remedy(view, line.remedy)) }
            dt { (w.raised_on) } dd { (line.raised_on) " · " (line.age_days) " " (w.days) }
            dt { (w.id) } dd { code { (line.flag_id) } }
        }
    }
}

fn guidance(view: &View, rule: &Rule) -> Markup {
    let w = &view.w.flags;
    html! {
        section.card aria-labelledby="todo" {
            h2 #todo { (w.todo) }
            p { (view.pick(rule.todo_zh, rule.todo_en)) }
            (exact(view, rule))
            p.soft { (w.advises) }
        }
    }
}

/// What the rule tests and what it leaves alone, in the reader's language; an earlier version has its
/// English text only.
fn exact(view: &View, rule: &Rule) -> Markup {
    let w = &view.w.flags;
    let zh = rules::words(rule).filter(|_| view.lang == Lang::Zh);
    let (test, guards) = zh.map_or((rule.test, rule.guards), |zh| (zh.test_zh, zh.guards_zh));
    let lang = zh.is_none().then_some("en");
    html! {
        details {
            summary { (w.exact) }
            @if view.lang == Lang::Zh && zh.is_none() { p { (w.exact_english) } }
            p lang=[lang] { (test) }
            @if !guards.is_empty() {
                p { (w.guards) }
                ul lang=[lang] { @for guard in guards { li { (guard) } } }
            }
        }
    }
}

fn life(view: &View, case: &Case) -> Markup {
    let w = &view.w.flags;
    let rows: Vec<Markup> = case
        .life
        .iter()
        .map(|step| {
            html! {
                tr {
                    th scope="row" { (parts::event_title(view.lang, &step.name)) }
                    td.d { (step.at) }
                    td { (parts::actor(view, &step.actor)) }
                    td { @if let Some(what) = says(view, step) { (what) } }
                    td.n { (parts::entry(view, step.index)) }
                }
            }
        })
        .collect();
    let heads = [
        (view.w.common.events, false),
        (view.w.common.date, false),
        (view.w.timeline.signed_by, false),
        (view.w.common.details, false),
        (view.w.common.entry, true),
    ];
    parts::table(w.life, &heads, &rows, w.life_none)
}

/// What a step of the flag's life says.
fn says<'a>(view: &View, step: &'a Step) -> Option<&'a str> {
    match view.lang {
        Lang::Zh => step.what_zh.as_deref(),
        Lang::En => step.what.as_deref(),
    }
}

fn orders(view: &View, orders: &[OrderLine]) -> Markup {
    let w = &view.w.flags;
    let rows: Vec<Markup> = orders
        .iter()
        .map(|order| {
            html! {
                tr {
                    th scope="row" { span.id title=(order.order) { (parts::short(&order.order.to_string())) } }
                    td.n { (parts::yuan(order.ordered)) }
                    td.n { (parts::yuan(order.received)) }
                    td.n { (parts::yuan(order.waived)) }
                    td.n { (parts::yuan(order.rest)) }
                    td.d {
                        (order.due)
                        @if order.overdue { " " span.badge.bad { (w.overdue) } }
                    }
                }
            }
        })
        .collect();
    let heads = [
        (w.order, false),
        (w.ordered, true),
        (w.received, true),
        (w.waived, true),
        (w.rest, true),
        (w.due, false),
    ];
    html! { @if !rows.is_empty() { (parts::table(w.orders, &heads, &rows, "")) } }
}

fn verdict_word(view: &View, verdict: Verdict) -> &'static str {
    let w = &view.w.flags;
    match verdict {
        Verdict::Confirmed => w.confirmed,
        Verdict::Dismissed => w.dismissed,
        Verdict::NeedsField => w.needs_field,
    }
}

fn remedy(view: &View, remedy: Remedy) -> &'static str {
    let w = &view.w.flags;
    match remedy {
        Remedy::Recover => w.recover,
        Remedy::Help => w.help,
        Remedy::Mend => w.mend,
    }
}
