//! One person: the record on a day, every step with who signed it, and, for a stated purpose that
//! stands on the ledger first, what is sealed.

use axum::{Json, extract::State, response::Response};
use maud::{Markup, html};

use super::{
    form,
    frame::Place,
    page, parts, timeline,
    view::{Sheet, View},
};
use crate::answer::{CertificateLine, EventLine, FlagLine, PaymentLine, PersonRecord, desk};
use crate::service::{
    answer::{One, Page},
    extract::{FormBody, JsonBody, Part, Query},
    people::{self, HistoryOf, When},
    problem::Problem,
    reveal, roles,
    row::{Access, Row, raw},
};
use crate::value::{Label, PersonId, Subject};

/// Steps of one page.
const STEPS: usize = 100;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const FORM: &str = "application/x-www-form-urlencoded";
    vec![
        page("/console/people/{person}", Access::Roles(roles::CASE), show)
            .doc("console", "A person's record and timeline"),
        form("/console/people/{person}/reveal", Access::Roles(roles::REVEAL), reveal)
            .doc("console", "The same with what is sealed, for a stated purpose")
            .takes(&const { [raw(FORM)] }, 4096),
    ]
}

/// What the address of the page may say: the record's moment, and the page of the timeline.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    on: Option<crate::value::Day>,
    as_of: Option<String>,
    after: Option<u64>,
}

async fn show(view: View, Part(person): Part<PersonId>) -> Result<Response, Problem> {
    let asked: Asked = view.asked()?;
    let when = When { on: asked.on, as_of: asked.as_of.clone() };
    let (app, caller) = (State(view.app.clone()), view.caller()?);
    let record = people::show(app.clone(), caller.clone(), Part(person), Query(when)).await?;
    let of = HistoryOf {
        on: asked.on,
        as_of: asked.as_of,
        r#type: None,
        after: asked.after,
        limit: Some(STEPS),
    };
    let steps = people::history(app, caller, Part(person), Query(of)).await?;
    let acts = acts(&view, person).await?;
    let record_shown = Shown { record: &record.data, steps: &steps.items, logged: None, acts };
    Ok(sheet(&view, &record_shown, Some((&record, &steps))))
}

/// Why somebody looks, as the form says it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Looks {
    purpose: Label,
}

async fn reveal(
    view: View,
    Part(person): Part<PersonId>,
    FormBody(looks): FormBody<Looks>,
) -> Result<Response, Problem> {
    let purpose = reveal::Purpose { purpose: looks.purpose, scope: None, on: None, history: true };
    let (app, caller) = (State(view.app.clone()), view.caller()?);
    let Json(revealed) = reveal::reveal(app, caller, Part(person), JsonBody(purpose)).await?;
    let view = view.at(format!("/console/people/{person}"));
    let steps = revealed.data.history.as_deref().unwrap_or_default();
    let look =
        EventLine::of(&view.app.ledger, view.app.ledger.event(revealed.data.logged)?, false)?;
    let acts = acts(&view, person).await?;
    let shown = Shown { record: &revealed.data.record, steps, logged: Some(&look), acts };
    let (title, body) = (title(&view, person), body(&view, &shown, None));
    let place = Some(Place::People);
    Ok(view.sheet(&Sheet { title, place, current: Some(&revealed.current), body }))
}

/// What the page shows.
struct Shown<'a> {
    record: &'a PersonRecord,
    steps: &'a [EventLine],
    /// The look, when what is sealed is shown.
    logged: Option<&'a EventLine>,
    /// The reader may do something for the person.
    acts: bool,
}

/// Whether the reader may do something for a person: a page without a form is not led to.
async fn acts(view: &View, person: PersonId) -> Result<bool, Problem> {
    let signer = view.caller()?.signer;
    view.app.read(move |records| Ok(desk::acts_for(records.ledger, &signer, person)?)).await
}

type Asks<'a> = (&'a One<PersonRecord>, &'a Page<EventLine>);

fn title(view: &View, person: PersonId) -> String {
    format!("{} {}", view.w.common.person, parts::short(&person.to_string()))
}

fn sheet(view: &View, shown: &Shown<'_>, asks: Option<Asks<'_>>) -> Response {
    let next = asks.and_then(|(_, steps)| steps.next.as_deref());
    let body = body(view, shown, next);
    let current = asks.map(|(record, _)| &record.current);
    let title = title(view, shown.record.person);
    view.sheet(&Sheet { title, place: Some(Place::People), current, body })
}

fn body(view: &View, shown: &Shown<'_>, next: Option<&str>) -> Markup {
    let w = &view.w.person;
    let record = shown.record;
    html! {
        div.sides {
            section.card aria-labelledby="facts" {
                h2 #facts { (w.record) }
                @if let Some(look) = shown.logged { (looked(view, look)) }
                (facts(view, record))
            }
            div {
                @if shown.logged.is_none() { (look_form(view, record)) }
                @let d = super::words::desk::of(view.lang);
                @if shown.acts {
                    p.actions {
                        a.button.quiet href={ "/console/desk/people/" (record.person) } {
                            (d.about_person)
                        }
                    }
                } @else {
                    p.soft { (d.person_nothing) " " a href="/console/desk" { (d.desk) } }
                }
                (super::pack::link(view, &Subject::Person(record.person)))
            }
        }
        (moment_form(view))
        (flags(view, &record.flags))
        (certificates(view, &record.certificates))
        (payments(view, record))
        (external(view, record))
        section aria-labelledby="steps" {
            h2 #steps { (view.w.timeline.title) }
            p.soft { (view.w.timeline.what) }
            (timeline::timeline(view, shown.steps))
            (parts::pager(view, next))
        }
    }
}

/// Who looked, for what and when: in the box of what was opened, so that no paper has the one without
/// the other.
fn looked(view: &View, look: &EventLine) -> Markup {
    let (w, of) = (&view.w.person, &view.w.looks);
    let data: serde_json::Value = serde_json::from_str(look.data.get()).unwrap_or_default();
    let said = |name: &str| data.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    html! {
        p.note.looked role="status" {
            (w.looked) " " a href={ "/console/entries/" (look.index) } { (view.w.common.entry) " " (look.index) }
            br;
            (of.purpose) (view.pick("：", ": ")) strong { (said("purpose")) }
            br;
            (of.who) (view.pick("：", ": ")) (said("to")) " · " span.n { (look.recorded) }
        }
    }
}

fn facts(view: &View, record: &PersonRecord) -> Markup {
    let (w, common) = (&view.w.person, &view.w.common);
    html! {
        @if let Some(personal) = &record.personal { (timeline::sealed(view, personal)) }
        dl.facts {
            dt { (w.pseudonym) } dd { code { (record.person) } }
            dt { (view.w.people.birth) }
            dd { @if let Some(birth) = record.birth_date { (birth) } @else { (common.unknown) } }
            dt { (common.division) }
            dd {
                @if let Some(division) = record.division { (parts::division(view, division)) }
                @else { (common.unknown) }
            }
            @if let Some(found) = &record.restricted {
                dt { (w.restricted) } dd { (since(view, found.since, found.entry)) }
            }
            @if let Some(found) = &record.erased {
                dt { (w.erased) } dd { (since(view, found.since, found.entry)) }
            }
            dt { (w.paid) } dd.n { (parts::yuan(record.paid_fen)) }
            dt { (w.as_on) } dd { (record.on) }
        }
    }
}

/// Since when something stands, and the entry that says so.
fn since(view: &View, day: crate::value::Day, entry: u64) -> Markup {
    html! { (view.w.person.since) " " (day) " · " (view.w.common.entry) " " (parts::entry(view, entry)) }
}

/// The form before which nothing sealed is shown: only for roles that may, and where there is
/// something to show. A look that could show nothing is not asked for.
fn look_form(view: &View, record: &PersonRecord) -> Markup {
    let w = &view.w.person;
    let person = record.person;
    let is_of = |roles: &[crate::event::Role]| {
        view.signed_in().is_some_and(|caller| roles.contains(&caller.signer.role))
    };
    let gone = record.erased.as_ref().is_some_and(|erased| !erased.sealed_again);
    html! {
        section.card.look aria-labelledby="look" {
            h2 #look { (w.sealed) }
            @if gone {
                p { (w.erased_what) }
            } @else if record.restricted.is_some() && !is_of(roles::PROTECTORS) {
                p { (w.restricted_what) }
            } @else if is_of(roles::REVEAL) {
                p { (w.sealed_what) }
                form method="post" action={ "/console/people/" (person) "/reveal" } {
                    (parts::field("purpose", w.purpose, Some(w.purpose_hint), &html! {
                        input #purpose name="purpose" type="text" required maxlength="60"
                            autocomplete="off" aria-describedby="purpose-hint";
                    }))
                    p.actions {
                        button type="submit" { (w.reveal) }
                        " "
                        button.quiet type="submit" formaction={ "/console/people/" (person) "/pack" } {
                            (w.pack_named)
                        }
                    }
                }
            } @else {
                p { (w.sealed_not) }
            }
        }
    }
}

/// Which day, and by what was known when.
fn moment_form(view: &View) -> Markup {
    let w = &view.w.person;
    html! {
        details open[view.said("on").is_some() || view.said("as_of").is_some()] {
            summary { (w.moment) }
            form.filters.card method="get" action=(view.path) {
                (parts::day(view, "on", w.on))
                (parts::field("as_of", w.as_of, Some(w.as_of_hint), &html! {
                    input #as_of name="as_of" type="text" maxlength="20" aria-describedby="as_of-hint"
                        value=(view.said("as_of").unwrap_or_default());
                }))
                (parts::filter_buttons(view))
            }
        }
    }
}

fn flags(view: &View, flags: &[FlagLine]) -> Markup {
    let w = &view.w.flags;
    let opens = view.signed_in().is_some_and(|caller| roles::FLAGS.contains(&caller.signer.role));
    let rows: Vec<Markup> = flags
        .iter()
        .map(|flag| {
            let on_log = flag.case.state != "not_raised";
            html! {
                tr {
                    th scope="row" {
                        @if opens && on_log {
                            a href={ "/console/flags/" (flag.flag_id) } {
                                (flag.rule) " " (view.pick(&flag.title_zh, &flag.title_en))
                            }
                        } @else {
                            (flag.rule) " " (view.pick(&flag.title_zh, &flag.title_en))
                        }
                    }
                    td { (parts::severity(view, flag.severity)) }
                    td { (view.pick(&flag.why_zh, &flag.why)) }
                    td.n { (parts::yuan(flag.money_at_risk)) }
                    td { (parts::standing(view, &flag.case.state)) }
                }
            }
        })
        .collect();
    let heads = [
        (w.rule, false),
        (w.severity, false),
        (w.why, false),
        (w.money, true),
        (view.w.common.status, false),
    ];
    html! { @if !rows.is_empty() { (parts::table(w.standing_now, &heads, &rows, "")) } }
}

fn certificates(view: &View, lines: &[CertificateLine]) -> Markup {
    let rows: Vec<Markup> =
        lines.iter().map(|line| super::certificates::row(view, line, false)).collect();
    let heads = super::certificates::heads(view, false);
    parts::table(view.w.nav.certificates, &heads, &rows, view.w.certificates.none)
}

fn payments(view: &View, record: &PersonRecord) -> Markup {
    let row = |line: &PaymentLine| super::payments::row(view, line, false);
    let rows: Vec<Markup> = record.payments.iter().map(row).collect();
    let heads = super::payments::heads(view, false);
    parts::table(view.w.nav.payments, &heads, &rows, view.w.payments.none)
}

fn external(view: &View, record: &PersonRecord) -> Markup {
    let (w, common) = (&view.w.person, &view.w.common);
    let rows: Vec<Markup> = record
        .facts
        .iter()
        .map(|fact| {
            html! {
                tr {
                    th scope="row" { (super::words::fact(view.lang, &fact.kind)) }
                    td.d { (fact.from) }
                    td.d { @if let Some(to) = fact.to { (to) } @else { (w.open_end) } }
                    td.n { (parts::entry(view, fact.entry)) }
                }
            }
        })
        .collect();
    let heads = [(w.fact, false), (common.from, false), (common.to, false), (common.entry, true)];
    html! { @if !rows.is_empty() { (parts::table(w.facts, &heads, &rows, "")) } }
}
