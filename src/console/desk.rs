//! The officer's desk: what waits for this reader, and the forms of each step.

mod case;
mod flag;
mod form;
mod person;
mod referred;
mod says;
mod several;
mod transfer;

use axum::response::Response;
use maud::{Markup, html};

use self::several::{forms, proposed};
use super::{
    frame::Place,
    page, parts, timeline,
    view::{Sheet, View},
    words,
};
use crate::answer::EventLine;
use crate::answer::desk::{self, Known, Matter, Narrowed, Next, Offer, Place as At, Waiting};
use crate::event::Role;
use crate::service::{
    answer::{Current, One},
    draw, entries,
    extract::Part,
    own,
    problem::Problem,
    roles,
    row::{Access, Row, raw},
};
use crate::value::{Lang, Month, PersonId, Programme};

/// Who takes applications.
const CLERKS: &[Role] = &[Role::Clerk];

/// Rows of one page of the desk.
const AT_ONCE: usize = 50;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/desk", Access::Actors, list).doc("console", "What waits for the reader"),
        page("/console/desk/new", Access::Actors, begin)
            .doc("console", "Forms of what the reader may begin"),
        super::form(transfer::HERE, Access::Roles(CLERKS), transfer::found)
            .doc("console", "The form by which another county's certificate is transferred here")
            .takes(&const { [raw("application/x-www-form-urlencoded")] }, 2048),
        page("/console/desk/cases/{case}", Access::Actors, case::case)
            .doc("console", "A case, and the steps that the reader may take in it"),
        super::form(
            "/console/desk/cases/{case}/draw",
            Access::Roles(draw::DRAWERS),
            case::draw_now,
        )
        .doc("console", "Has the assessors of a case drawn"),
        page("/console/desk/flags/{flag}", Access::Roles(roles::FLAG_ACTS), flag::flag)
            .doc("console", "What the reader may do about a flag"),
        page("/console/desk/entries/{index}", Access::Enrolled, correct)
            .doc("console", "Asking for a correction of what an entry says"),
        page("/console/desk/people/{person}", Access::Roles(roles::CASE), person::person)
            .doc("console", "What the reader may do for a person"),
    ]
}

async fn list(view: View) -> Result<Response, Problem> {
    let asked: desk::Asked = view.asked()?;
    let signer = view.caller()?.signer;
    let found = view.app.read(move |records| {
        let names = roles::knows_masked(signer.role);
        let waits = desk::narrowed(records, &signer, &asked, AT_ONCE, names)?;
        let endorsements = desk::endorsements(records.ledger, &signer)?;
        let begins = desk::new_offers(records.ledger, &signer)?;
        Ok((waits, endorsements, begins))
    });
    let (waits, endorsements, begins) = found.await?;
    let w = words::desk::of(view.lang);
    let current = Current::of(&view.app, view.app.ledger.len())?;
    let dated = waits.rows.iter().any(|(row, _)| row.since.is_some());
    let mut heads = vec![(w.matter, false), (w.next_step, false)];
    heads.extend(dated.then_some((w.since, false)));
    heads.push((view.w.common.person, false));
    let rows: Vec<Markup> = waits.rows.iter().map(|one| row(&view, one, dated)).collect();
    let none = if view.query.is_empty() { w.waiting_none } else { w.waiting_none_such };
    let body = html! {
        p { (w.desk_what) }
        @if !begins.is_empty() {
            p.actions { a.button href="/console/desk/new" { (w.begin) } }
        }
        (narrowing(&view, &waits))
        (parts::table(w.waiting, &heads, &rows, none))
        (parts::pager(&view, waits.next.as_deref()))
        @if waits.more { p.soft { (w.waiting_more) } }
        (proposals(&view, &endorsements)?)
    };
    let title = w.desk.to_owned();
    let place = Some(Place::Desk);
    Ok(view.sheet(&Sheet { title, place, current: Some(&current), body }))
}

/// The steps and the matters to which the desk can be narrowed.
fn narrowing(view: &View, waits: &Narrowed) -> Markup {
    let w = words::desk::of(view.lang);
    let step = |(name, count): (&&'static str, &usize)| {
        ((*name).to_owned(), parts::act_title(view.lang, name), *count)
    };
    let steps: Vec<_> = waits.steps.iter().map(step).collect();
    let matter = |(matter, count): (&Matter, &usize)| {
        let word = match matter {
            Matter::Certificate => w.case_certificate.to_owned(),
            Matter::Benefit(programme) => parts::programme(view, *programme),
            Matter::Person => w.matter_person.to_owned(),
            Matter::Flag => w.matter_flag.to_owned(),
        };
        (matter.name().to_owned(), word, *count)
    };
    let matters: Vec<_> = waits.matters.iter().map(matter).collect();
    let of_step = waits.matters.values().sum();
    html! {
        (parts::narrowing(view, w.matter, "matter", of_step, &matters))
        (parts::narrowing(view, w.next_step, "step", waits.of_matter, &steps))
    }
}

fn row(view: &View, (waiting, known): &(Waiting, Known), dated: bool) -> Markup {
    let w = words::desk::of(view.lang);
    let (what, href) = matter(view, &waiting.place, known.programme);
    html! {
        tr {
            th scope="row" {
                a href=(href) { (what) }
                @if let Some(name) = &known.name { " " span.name { (name) } }
            }
            td {
                (steps(view.lang, &waiting.steps))
                @if waiting.second_round { " " span.badge { (w.second_round) } }
            }
            @if dated { td.n { @if let Some(since) = waiting.since { (since) } } }
            td { @if let Some(person) = waiting.person { (parts::person(view, person)) } }
        }
    }
}

/// The steps that something waits for, each said once; how often, where it is due more than once.
fn steps(lang: Lang, names: &[&'static str]) -> String {
    let mut once: Vec<(&str, usize)> = Vec::new();
    for name in names {
        match once.iter_mut().find(|(said, _)| said == name) {
            Some((_, times)) => *times += 1,
            None => once.push((name, 1)),
        }
    }
    let said = |(name, times): (&str, usize)| {
        let title = parts::act_title(lang, name);
        if times > 1 { format!("{title} ×{times}") } else { title }
    };
    let all: Vec<_> = once.into_iter().map(said).collect();
    all.join(if lang == Lang::Zh { "、" } else { ", " })
}

/// What something on the desk is called, and where it is worked on; a case by the benefit that it is
/// about, if any.
fn matter(view: &View, place: &At, benefit: Option<Programme>) -> (Markup, String) {
    let w = words::desk::of(view.lang);
    let id = |id: &dyn std::fmt::Display| {
        let id = id.to_string();
        html! { span.id title=(id) { (parts::short(&id)) } }
    };
    let payroll = |programme, month: Month| {
        let title: String = parts::programme(view, programme);
        html! { (title) " " (month) }
    };
    match place {
        At::Case(case) => {
            let about = benefit.map(|programme| parts::programme(view, programme));
            let about = about.as_deref().unwrap_or(w.case_certificate);
            (html! { (about) " " (id(case)) }, format!("/console/desk/cases/{case}"))
        }
        At::Person(person) => (id(person), format!("/console/desk/people/{person}")),
        At::Flag(flag, rule) => {
            let what = html! { (w.matter_flag) " " (rule) " " (id(flag)) };
            let opens = view.may(Access::Roles(roles::FLAGS));
            let page = if opens { "flags" } else { "desk/flags" };
            (what, format!("/console/{page}/{flag}"))
        }
        At::Unassigned(count) => {
            let what = html! { (w.matter_unassigned) " " span.n { (count) } };
            (what, "/console/flags?state=open".to_owned())
        }
        At::Prepare(programme, month) => {
            let href = format!("/console/payroll/prepare?programme={programme}&month={month}");
            (payroll(*programme, *month), href)
        }
        At::Authorise(programme, month) => {
            (payroll(*programme, *month), "/console/payroll".to_owned())
        }
        At::Pay(payroll_id, programme, month) => {
            let href = format!("/console/payroll/batches/{payroll_id}");
            (payroll(*programme, *month), href)
        }
    }
}

/// What waits for this reader's endorsement, each with what was proposed and its form.
fn proposals(view: &View, offers: &[Offer]) -> Result<Markup, Problem> {
    let w = words::desk::of(view.lang);
    let mut forms = Vec::with_capacity(offers.len());
    let place = form::Place { person: None, next: "/console/desk", level: 3 };
    for (number, offer) in offers.iter().enumerate() {
        forms.push(html! {
            (proposed(view, offer, 3)?)
            (form::offer(view, number, offer, &place))
        });
    }
    Ok(html! {
        section aria-labelledby="endorse" {
            h2 #endorse { (w.endorse) }
            @if forms.is_empty() { p.empty { (w.endorse_none) } }
            @for form in &forms { (form) }
        }
    })
}

/// An entry that the reader may read: an officer by division, a person what is about themselves.
pub(super) async fn readable(view: &View, index: u64) -> Result<One<EventLine>, Problem> {
    let caller = view.caller()?;
    if own::PERSONS.contains(&caller.signer.role) {
        return own::entry(&view.app, caller, index).await;
    }
    entries::entry(axum::extract::State(view.app.clone()), caller, Part(index)).await
}

/// Asking for a correction of what an entry says.
async fn correct(view: View, Part(index): Part<u64>) -> Result<Response, Problem> {
    let found = readable(&view, index).await?;
    let signer = view.caller()?.signer;
    let offers =
        view.app.read(move |records| Ok(desk::correction(records.ledger, &signer, index)?)).await?;
    let w = words::desk::of(view.lang);
    let place = form::Place { person: None, next: "/console", level: 2 };
    let body = html! {
        p { (w.correct_what) }
        (timeline::step_card(&view, &found.data, 2))
        (forms(&view, offers.as_slice(), &place)?)
    };
    let title = w.correct.to_owned();
    Ok(view.sheet(&Sheet { title, place: None, current: Some(&found.current), body }))
}

async fn begin(view: View) -> Result<Response, Problem> {
    let signer = view.caller()?.signer;
    let offers =
        view.app.read(move |records| Ok(desk::new_offers(records.ledger, &signer)?)).await?;
    let w = words::desk::of(view.lang);
    let clerk = view.may(Access::Roles(CLERKS));
    let body = html! {
        @if clerk { (transfer::ask(&view)) }
        (forms(&view, &offers, &form::Place { person: None, next: "/console/desk", level: 2 })?)
    };
    let title = w.begin.to_owned();
    Ok(view.sheet(&Sheet { title, place: Some(Place::Desk), current: None, body }))
}

/// The form of one offer under a second heading, for another page.
pub(super) fn offer_form(view: &View, number: usize, offer: &Offer, next: &str) -> Markup {
    offer_form_of(view, number, offer, None, next)
}

/// The same, of somebody whose papers are hashed.
pub(super) fn offer_form_of(
    view: &View,
    number: usize,
    offer: &Offer,
    person: Option<PersonId>,
    next: &str,
) -> Markup {
    form::offer(view, number, offer, &form::Place { person, next, level: 3 })
}

pub(super) use flag::{of_flag, turns};
pub(super) use says::title as offer_title;

/// A step that something waits for, and from whom; why not yet, where a day has to come first.
fn waited_for(view: &View, step: &Next) -> Markup {
    let w = words::desk::of(view.lang);
    let names = |roles: &[Role]| says::roles(view, roles);
    html! {
        @if step.is_choice { (w.waits_choice) }
        @match step.of {
            Some(proposed) => { (w.waits_endorse) (parts::act_title(view.lang, proposed)) }
            None => { (parts::act_title(view.lang, step.name)) }
        }
        @if !step.roles.is_empty() { " " (w.waits_by) " " (names(&step.roles)) }
        @if !step.second.is_empty() {
            (view.pick("，", ", ")) (w.waits_then) " " (names(step.second)) " " (w.waits_then_end)
        }
        @if step.yours { " " span.badge.good { (w.waits_yours) } }
        @if let Some(why) = &step.not_yet {
            br;
            span.soft {
                (w.not_yet)
                (view.pick(&why.message_zh, &why.message))
                (view.pick("；", "; "))
                (view.pick(why.hint_zh, why.hint))
                " (" (why.rule) ")"
                @if let Some(day) = step.first_day {
                    (view.pick("；", "; ")) (w.first_day) " " (day)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_said_once_and_how_often() {
        let names = ["objection.resolved", "notice.closed", "objection.resolved"];
        assert_eq!(steps(Lang::Zh, &names), "处理公示异议 ×2、公示结束");
        assert_eq!(steps(Lang::Zh, &names[..1]), "处理公示异议");
    }
}
