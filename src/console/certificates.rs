//! Certificates: the list, and one with its timeline.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{
    frame::Place,
    page, parts, timeline,
    view::{Sheet, View},
};
use crate::answer::{CertificateLine, PersonRecord};
use crate::service::{
    extract::{Part, Query},
    lists::{self, OfCertificates},
    people::{self, HistoryOf, When},
    problem::{Fault, Problem},
    roles,
    row::{Access, Row},
};
use crate::value::{CertificateId, Subject};

/// Certificates of one page, and steps of one timeline.
const AT_ONCE: usize = 50;
const STEPS: usize = 100;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/certificates", Access::Roles(roles::CASE), list)
            .doc("console", "Certificates with their status"),
        page("/console/certificates/{certificate}", Access::Roles(roles::CASE), show)
            .doc("console", "A certificate with its timeline"),
        page("/console/subjects/{subject}", Access::Roles(roles::CASE), subject)
            .doc("console", "The timeline of a case or another subject"),
    ]
}

async fn list(view: View) -> Result<Response, Problem> {
    let mut asked: OfCertificates = view.asked()?;
    asked.limit = asked.limit.or(Some(AT_ONCE));
    let found = lists::certificates(State(view.app.clone()), view.caller()?, Query(asked)).await?;
    let w = &view.w.certificates;
    let rows: Vec<Markup> = found.items.iter().map(|line| row(&view, line, true)).collect();
    let body = html! {
        (super::people::search_form(&view))
        (parts::division_list(&view, "divisions"))
        form.filters method="get" action="/console/certificates" {
            (parts::certificate_statuses(&view))
            (parts::of_division(&view))
            (parts::month(&view, w.issued))
            (parts::day(&view, "on", w.on))
            (parts::filter_buttons(&view))
        }
        (parts::table(w.list, &heads(&view, true), &rows, w.empty))
        (parts::pager(&view, found.next.as_deref()))
    };
    let title = view.w.nav.certificates.to_owned();
    let place = Some(Place::Certificates);
    Ok(view.sheet(&Sheet { title, place, current: Some(&found.current), body }))
}

/// The headings of a table of certificates.
pub(super) fn heads(view: &View, with_person: bool) -> Vec<(&'static str, bool)> {
    let (w, common) = (&view.w.certificates, &view.w.common);
    let mut heads = vec![(common.certificate, false)];
    heads.extend(with_person.then_some((common.person, false)));
    heads.extend([
        (w.grade, false),
        (w.issued, false),
        (w.valid_to, false),
        (common.status, false),
        (common.division, false),
        (common.entry, true),
    ]);
    heads
}

/// A certificate in a table.
pub(super) fn row(view: &View, line: &CertificateLine, with_person: bool) -> Markup {
    let id = line.certificate.to_string();
    html! {
        tr {
            th scope="row" {
                a.id href={ "/console/certificates/" (id) } title=(id) { (parts::short(&id)) }
                @if line.legacy { " " span.badge { (view.w.certificates.legacy) } }
            }
            @if with_person { td { (parts::person(view, line.person)) } }
            td { (parts::grade(view, line.category, line.level)) }
            td.d { (line.issued) }
            td.d { (line.valid_to) }
            td { (parts::certificate_status(view, &line.status)) }
            td.d { (parts::division(view, line.division)) }
            td.n { (parts::entry(view, line.entry)) }
        }
    }
}

async fn show(view: View, Part(id): Part<CertificateId>) -> Result<Response, Problem> {
    let (app, caller) = (State(view.app.clone()), view.caller()?);
    let (holder, delivered) = view
        .app
        .ledger
        .with_state(|state| {
            let held = state.certificates.find(&id)?;
            // Of a card that another register issued nobody says when it was handed over.
            let waits = state.certificates.waits_for_delivery(&id).is_some();
            let delivered = held.delivered.map(Some).or(waits.then_some(None));
            Some((held.person, delivered))
        })?
        .ok_or(Fault::NotFound)?;
    let d = super::words::desk::of(view.lang);
    let of = HistoryOf { on: None, as_of: None, r#type: None, after: None, limit: Some(STEPS) };
    let subject = Part(Subject::Certificate(id));
    let steps = people::of_subject(app.clone(), caller.clone(), subject, Query(of)).await?;
    let when = Query(When { on: None, as_of: None });
    // The holder may have moved to a division that the reader does not cover.
    let record = people::show(app, caller, Part(holder), when).await.ok();
    let line = record.as_ref().and_then(|record| of_record(&record.data, id));
    let w = &view.w.certificates;
    let body = html! {
        section.card {
            dl.facts {
                dt { (view.w.common.certificate) } dd { code { (id) } }
                dt { (w.holder) } dd { (parts::person(&view, holder)) }
                @if let Some(line) = line {
                    dt { (w.grade) } dd { (parts::grade(&view, line.category, line.level)) }
                    dt { (w.issued) } dd { (line.issued) }
                    dt { (w.valid_to) } dd { (line.valid_to) }
                    @if let Some(delivered) = delivered {
                        dt { (d.delivered) }
                        dd { @if let Some(on) = delivered { (on) } @else { (d.delivered_not) } }
                    }
                    dt { (view.w.common.status) }
                    dd { (parts::certificate_status(&view, &line.status)) }
                    dt { (view.w.common.division) } dd { (parts::division(&view, line.division)) }
                }
            }
            p.soft { (w.whole_way) " " (parts::person(&view, holder)) }
            (super::pack::link(&view, &Subject::Certificate(id)))
        }
        h2 { (view.w.timeline.title) }
        p.soft { (view.w.timeline.what) }
        (timeline::timeline(&view, &steps.items))
    };
    let title = format!("{} {}", view.w.common.certificate, parts::short(&id.to_string()));
    let place = Some(Place::Certificates);
    Ok(view.sheet(&Sheet { title, place, current: Some(&steps.current), body }))
}

fn of_record(record: &PersonRecord, id: CertificateId) -> Option<&CertificateLine> {
    record.certificates.iter().find(|line| line.certificate == id)
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    after: Option<u64>,
}

async fn subject(view: View, Part(subject): Part<Subject>) -> Result<Response, Problem> {
    let Asked { after } = view.asked()?;
    let (app, caller) = (State(view.app.clone()), view.caller()?);
    let of = HistoryOf { on: None, as_of: None, r#type: None, after, limit: Some(STEPS) };
    let title = parts::subject_title(&view, &subject);
    let title = format!("{}{}{title}", view.w.timeline.title, view.pick("：", ": "));
    let steps = people::of_subject(app, caller, Part(subject.clone()), Query(of)).await?;
    let body = html! {
        p.soft { (view.w.timeline.what) }
        (super::pack::link(&view, &subject))
        h2 { (view.w.common.events) }
        (timeline::timeline(&view, &steps.items))
        (parts::pager(&view, steps.next.as_deref()))
    };
    Ok(view.sheet(&Sheet { title, place: None, current: Some(&steps.current), body }))
}
