//! The officer's desk: what waits for this reader, and the forms of each step.

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
    view::{Sheet, View, go},
    words,
};
use crate::answer::desk::{
    self, Known, Next, Offer, Opens, Place as At, SecondRound, Stands, Waiting,
};
use crate::answer::notice;
use crate::answer::{EventLine, masked_name};
use crate::event::Role;
use crate::service::{
    answer::{Current, One},
    draw, entries,
    extract::{Part, Query},
    flags, own,
    people::{self, HistoryOf},
    problem::{Fault, Problem},
    roles,
    row::{Access, Row, raw},
};
use crate::value::{CaseId, Hash, Lang, Month, PersonId, Programme, Subject};

/// Who takes applications.
const CLERKS: &[Role] = &[Role::Clerk];
/// Steps of one timeline.
const STEPS: usize = 100;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/desk", Access::Actors, list).doc("console", "What waits for the reader"),
        page("/console/desk/new", Access::Actors, begin)
            .doc("console", "Forms of what the reader may begin"),
        super::form(transfer::HERE, Access::Roles(CLERKS), transfer::found)
            .doc("console", "The form by which another county's certificate is transferred here")
            .takes(&const { [raw("application/x-www-form-urlencoded")] }, 2048),
        page("/console/desk/cases/{case}", Access::Actors, case)
            .doc("console", "A case, and the steps that the reader may take in it"),
        super::form("/console/desk/cases/{case}/draw", Access::Roles(draw::DRAWERS), draw_now)
            .doc("console", "Has the assessors of a case drawn"),
        page("/console/desk/flags/{flag}", Access::Roles(roles::FLAG_ACTS), flag)
            .doc("console", "What the reader may do about a flag"),
        page("/console/desk/entries/{index}", Access::Enrolled, correct)
            .doc("console", "Asking for a correction of what an entry says"),
        page("/console/desk/people/{person}", Access::Roles(roles::CASE), person::person)
            .doc("console", "What the reader may do for a person"),
    ]
}

async fn list(view: View) -> Result<Response, Problem> {
    let signer = view.caller()?.signer;
    let asked = view.app.read(move |records| {
        let (cases, more) = desk::waiting(records.ledger, &signer)?;
        let known = desk::known(records, &cases, roles::knows_masked(signer.role))?;
        let endorsements = desk::endorsements(records.ledger, &signer)?;
        let begins = desk::new_offers(records.ledger, &signer)?;
        Ok((cases.into_iter().zip(known).collect::<Vec<_>>(), more, endorsements, begins))
    });
    let (cases, more, endorsements, begins) = asked.await?;
    let w = words::desk::of(view.lang);
    let current = Current::of(&view.app, view.app.ledger.len())?;
    let dated = cases.iter().any(|(case, _)| case.since.is_some());
    let mut heads = vec![(w.matter, false), (view.w.common.person, false), (w.next_step, false)];
    heads.extend(dated.then_some((w.since, false)));
    heads.push((w.work, false));
    let rows: Vec<Markup> = cases.iter().map(|case| row(&view, case, dated)).collect();
    let body = html! {
        p { (w.desk_what) }
        @if !begins.is_empty() {
            p.actions { a.button href="/console/desk/new" { (w.begin) } }
        }
        (parts::table(w.waiting, &heads, &rows, w.waiting_none))
        @if more { p.soft { (w.waiting_more) } }
        (proposals(&view, &endorsements)?)
    };
    let title = w.desk.to_owned();
    let place = Some(Place::Desk);
    Ok(view.sheet(&Sheet { title, place, current: Some(&current), body }))
}

fn row(view: &View, (waiting, known): &(Waiting, Known), dated: bool) -> Markup {
    let w = words::desk::of(view.lang);
    let (what, href) = matter(view, &waiting.place, known.programme);
    let steps: Vec<_> =
        waiting.steps.iter().map(|name| parts::act_title(view.lang, name)).collect();
    html! {
        tr {
            th scope="row" { (what) }
            td {
                @if let Some(name) = &known.name { (name) " " }
                @if let Some(person) = waiting.person { (parts::person(view, person)) }
            }
            td {
                (steps.join(view.pick("、", ", ")))
                @if waiting.second_round { " " span.badge { (w.second_round) } }
            }
            @if dated { td.n { @if let Some(since) = waiting.since { (since) } } }
            td {
                a.button.small href=(href) {
                    (w.work)
                    span.unseen { " " (what) @if let Some(name) = &known.name { " " (name) } }
                }
            }
        }
    }
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

async fn case(view: View, Part(id): Part<CaseId>) -> Result<Response, Problem> {
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

/// A flag for whoever may act under it, without its evidence.
async fn flag(view: View, Part(id): Part<Hash>) -> Result<Response, Problem> {
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
pub(super) async fn turns(view: &View, id: Hash, confirmed: bool) -> Result<Markup, Problem> {
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
async fn draw_now(view: View, Part(id): Part<CaseId>) -> Result<Response, Problem> {
    draw::make(axum::extract::State(view.app.clone()), view.caller()?, Part(id)).await?;
    go(&format!("/console/desk/cases/{id}"))
}

/// Where a case stands, as a badge.
fn standing(view: &View, stands: Stands) -> Markup {
    let w = words::desk::of(view.lang);
    let (class, word) = match stands {
        Stands::Open => ("warn", w.case_open.to_owned()),
        Stands::Granted => ("good", w.case_granted.to_owned()),
        Stands::Stopped(from) => ("", format!("{} {from}", w.case_stopped)),
        Stands::Refused => ("", w.case_refused.to_owned()),
    };
    html! { span class={ "badge " (class) } { (word) } }
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

pub(super) use says::title as offer_title;

/// The forms of what may be done about a flag, for the flag's page.
pub(super) async fn of_flag(
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
