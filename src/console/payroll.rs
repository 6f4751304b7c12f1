//! The payroll desk: a roll is judged by every rule before the money leaves, and signed row by row
//! by its sender. The file goes from the page to the routes for programs; nothing is kept here.

use std::collections::BTreeMap;

use axum::response::Response;
use maud::{Markup, html};

use super::{
    desk::offer_form,
    frame::Place,
    page, parts,
    prepare::PREPARERS,
    view::{Sheet, View},
    words,
};
use crate::answer::desk::{self, ToAuthorise};
use crate::event::Body;
use crate::service::{
    problem::Problem,
    roles,
    row::{Access, Row},
};
use crate::value::Subject;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/payroll", Access::Roles(roles::CHECKERS), show)
            .doc("console", "Checking and signing a payroll"),
    ]
}

async fn show(view: View) -> Result<Response, Problem> {
    let w = words::desk::of(view.lang);
    let signer = view.caller()?.signer;
    let waiting =
        view.app.read(move |records| Ok(desk::payrolls(records.ledger, &signer)?)).await?;
    let signs = roles::senders().contains(&view.caller()?.signer.role);
    let f = &view.w.flags;
    let title_of = |name: &&str| ((*name).to_owned(), parts::event_title(view.lang, name));
    let titles: BTreeMap<_, _> = Body::NAMES.iter().map(title_of).collect();
    let titles = serde_json::to_string(&titles).map_err(Problem::internal)?;
    let body = html! {
        @if PREPARERS.contains(&view.caller()?.signer.role) {
            p.actions { a.button href="/console/payroll/prepare" { (w.prepare) } }
        }
        p { (w.payroll_what) }
        noscript { p.note { (w.needs_script) } }
        section.card {
            form data-payroll data-titles=(titles) data-sign-word=(w.sign) data-row-word=(w.row) data-rule-word=(f.rule) data-severity-word=(f.severity)
                data-why-word=(f.why) data-money-word=(f.money) data-findings-word=(w.findings)
                data-conclusive-word=(f.conclusive) data-lead-word=(f.lead)
                data-left-word=(view.pick("未核查的行", "Rows that were not checked"))
                data-all-word=(view.pick("行已核查", "rows checked")) {
                (parts::field("roll", w.roll, None, &html! {
                    input #roll type="file" accept=".csv,.xlsx,.xls" required;
                }))
                (parts::field("month", w.month, None, &html! {
                    input #month type="text" inputmode="numeric" pattern="[0-9]{4}-[0-9]{2}" maxlength="7"
                        placeholder="2026-10" autocomplete="off";
                }))
                p.actions { button type="submit" { (w.check_roll) } }
            }
            div data-says aria-live="polite" {}
        }
        section data-found hidden aria-labelledby="findings" {
            h2 #findings tabindex="-1" { (w.findings) }
            div data-table {}
            p.actions {
                button.quiet type="button" data-annotated { (w.annotated) }
                @if signs { button type="button" data-sign-roll { (w.sign_roll) } }
            }
            @if signs { p.soft { (w.sign_roll_what) } }
            div data-signed aria-live="polite" {}
        }
        @if !waiting.is_empty() {
            section aria-labelledby="authorise" {
                h2 #authorise { (w.authorise) }
                @for (number, one) in waiting.iter().enumerate() { (to_authorise(&view, number, one)) }
            }
        }
    };
    let title = w.payroll.to_owned();
    Ok(view.sheet(&Sheet { title, place: Some(Place::Payroll), current: None, body }))
}

/// A prepared payroll with what it comes to, and the form that releases it.
fn to_authorise(view: &View, number: usize, one: &ToAuthorise) -> Markup {
    let payroll = &one.payroll;
    html! {
        dl.facts {
            dt { (view.w.common.programme) } dd { (parts::programme(view, payroll.programme)) }
            dt { (view.w.common.month) } dd { (payroll.month) }
            dt { (view.w.common.division) } dd { (parts::division(view, payroll.division)) }
            dt { (view.w.common.amount) }
            dd.n { (parts::yuan(payroll.total)) " · " (payroll.count) " " (words::desk::of(view.lang).items) }
            dt { (view.w.timeline.signed_by) } dd { (parts::actor(view, &payroll.preparer)) }
            dt { (view.w.entries.subject) } dd { (parts::subject(view, &Subject::Payroll(one.id))) }
        }
        (offer_form(view, number, &one.offer, "/console/payroll"))
    }
}
