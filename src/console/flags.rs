//! The queue of flags: what waits for a verdict, gravest first.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{
    frame::Place,
    page, parts,
    view::{Sheet, View},
};
use crate::answer::QueueLine;
use crate::event::{FlagKind, Severity};
use crate::rules;
use crate::service::{
    extract::Query,
    flags::{self, AskedQueue},
    problem::Problem,
    roles,
    row::{Access, Row},
};

/// Flags of one page.
const AT_ONCE: usize = 50;
/// What a queue may be of, by the API's names.
const QUEUES: [&str; 4] = ["verdict", "recover", "help", "all"];
/// Where a flag may stand, by the API's names.
pub(super) const STANDINGS: [&str; 6] =
    ["open", "assigned", "needs_field", "confirmed", "dismissed", "closed"];
pub(super) const SEVERITIES: [Severity; 4] =
    [Severity::S1, Severity::S2, Severity::S3, Severity::S4];

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/flags", Access::Roles(roles::FLAGS), list)
            .doc("console", "The queue of flags"),
    ]
}

async fn list(view: View) -> Result<Response, Problem> {
    let mut asked: AskedQueue = view.asked()?;
    asked.limit = asked.limit.or(Some(AT_ONCE));
    let found = flags::waiting(State(view.app.clone()), view.caller()?, Query(asked)).await?;
    let programmes = super::payments::programmes(&view)?;
    let w = &view.w.flags;
    let rows: Vec<Markup> = found.items.iter().map(|line| row(&view, line)).collect();
    let heads = [
        (w.rule, false),
        (w.severity, false),
        (view.w.common.status, false),
        (w.about, false),
        (view.w.common.programme, false),
        (w.money, true),
        (w.age, true),
    ];
    let body = html! {
        p { (w.what) }
        (tabs(&view))
        (parts::division_list(&view, "divisions"))
        (filters(&view, &programmes))
        (parts::table(w.queue, &heads, &rows, w.empty))
        (parts::pager(&view, found.next.as_deref()))
    };
    let title = view.w.nav.flags.to_owned();
    Ok(view.sheet(&Sheet { title, place: Some(Place::Flags), current: Some(&found.current), body }))
}

fn tabs(view: &View) -> Markup {
    let w = &view.w.flags;
    let word = |name: &str| match name {
        "verdict" => w.for_verdict,
        "recover" => w.for_recovery,
        "help" => w.for_help,
        _ => view.w.common.all,
    };
    let chosen = view.said("which").unwrap_or("verdict");
    html! {
        nav.tabs aria-label=(w.queue) {
            ul {
                @for name in QUEUES {
                    li {
                        a href={ "/console/flags?which=" (name) }
                            aria-current=[(name == chosen).then_some("page")] { (word(name)) }
                    }
                }
            }
        }
    }
}

fn filters(view: &View, programmes: &[(String, String)]) -> Markup {
    let w = &view.w.flags;
    let severities: Vec<_> = SEVERITIES
        .iter()
        .zip([w.s1, w.s2, w.s3, w.s4])
        .map(|(severity, word)| {
            let code = parts::severity_code(*severity);
            (code.to_owned(), format!("{code} {word}"))
        })
        .collect();
    let standings: Vec<_> = STANDINGS
        .iter()
        .map(|name| ((*name).to_owned(), parts::standing_word(view, name).to_owned()))
        .collect();
    let rules: Vec<_> = rules::list()
        .iter()
        .map(|rule| {
            let title = view.pick(rule.title_zh, rule.title_en);
            (rule.id.to_owned(), format!("{} {title}", rule.id))
        })
        .collect();
    let me = view.signed_in().map(|caller| caller.signer.actor.to_string()).unwrap_or_default();
    html! {
        form.filters.card method="get" action="/console/flags" {
            @if let Some(which) = view.said("which") { input type="hidden" name="which" value=(which); }
            (parts::choice(view, "severity", w.severity, &severities))
            (parts::choice(view, "state", view.w.common.status, &standings))
            (parts::choice(view, "rule", w.rule, &rules))
            (parts::choice(view, "programme", view.w.common.programme, programmes))
            (parts::month(view, view.w.common.month))
            (parts::of_division(view))
            (parts::choice(view, "mine", w.assignee, &[(me, w.mine.to_owned())]))
            (parts::filter_buttons(view))
        }
    }
}

fn row(view: &View, line: &QueueLine) -> Markup {
    let rule = rules::find(line.rule.as_str());
    let title = rule.map(|rule| view.pick(rule.title_zh, rule.title_en)).unwrap_or_default();
    html! {
        tr {
            th.wide scope="row" {
                a href={ "/console/flags/" (line.flag_id) } { (line.rule) " " (title) }
            }
            td.badges { (parts::severity(view, line.severity)) " " (kind(view, line.kind)) }
            td.badges {
                (parts::standing(view, &line.state))
                @if let Some(actor) = &line.assigned { " " (parts::actor(view, actor)) }
                @if line.overdue { " " span.badge.bad { (view.w.flags.overdue) } }
            }
            td { (parts::subject(view, &line.subject)) }
            td.wide {
                @if let Some(programme) = line.programme { (parts::programme(view, programme)) }
                @if let Some(month) = line.month { " " span.soft.d { (month) } }
            }
            td.n { (parts::yuan(line.money_at_risk)) }
            td.n { (line.age_days) }
        }
    }
}

/// What a flag is worth as proof.
pub(super) fn kind(view: &View, kind: FlagKind) -> Markup {
    let w = &view.w.flags;
    let word = match kind {
        FlagKind::Conclusive => w.conclusive,
        FlagKind::Lead => w.lead,
    };
    html! { span.badge { (word) } }
}
