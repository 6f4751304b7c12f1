//! The payroll desk: what finance has to release, what the bank has to pay and report, and rolls in:
//! judged by every rule before the money leaves, and signed row by row by their sender.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{
    batch::{payable, what},
    desk::offer_form,
    frame::Place,
    page, parts,
    prepare::PREPARERS,
    upload::{Begins, upload},
    view::{Sheet, View},
    words,
};
use crate::answer::desk::{self, ToAuthorise};
use crate::service::{
    extract::Query,
    payrolls,
    problem::Problem,
    roles,
    row::{Access, Row},
};
use crate::value::{Month, PayrollId, Subject};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/payroll", Access::Roles(roles::CHECKERS), show).doc(
            "console",
            "Payrolls to release, to pay and to report; checking and signing a roll",
        ),
    ]
}

/// What the address may say: which kind and month the form begins with, and the page of the list.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    kind: Option<String>,
    month: Option<Month>,
    after: Option<PayrollId>,
}

async fn show(view: View) -> Result<Response, Problem> {
    let Asked { kind, month, after } = view.asked()?;
    let w = words::desk::of(view.lang);
    let caller = view.caller()?;
    let signer = caller.signer.clone();
    let waiting =
        view.app.read(move |records| Ok(desk::payrolls(records.ledger, &signer)?)).await?;
    let of = payrolls::Asked { after, limit: None };
    let open = payrolls::list(State(view.app.clone()), caller.clone(), Query(of)).await?;
    let form = upload(&view, Begins { kind: kind.as_deref(), month }).await?;
    let body = html! {
        @if PREPARERS.contains(&caller.signer.role) {
            p.actions { a.button href="/console/payroll/prepare" { (w.prepare) } }
        }
        @if !waiting.is_empty() {
            section aria-labelledby="authorise" {
                h2 #authorise { (w.authorise) }
                @for (number, one) in waiting.iter().enumerate() { (to_authorise(&view, number, one)) }
            }
        }
        (payable(&view, &open))
        p { (w.payroll_what) }
        (form)
    };
    let title = w.payroll.to_owned();
    Ok(view.sheet(&Sheet {
        title,
        place: Some(Place::Payroll),
        current: Some(&open.current),
        body,
    }))
}

/// A prepared payroll with what it comes to, and the form that releases it.
fn to_authorise(view: &View, number: usize, one: &ToAuthorise) -> Markup {
    let payroll = &one.payroll;
    let w = words::desk::of(view.lang);
    html! {
        dl.facts {
            (what(view, (payroll.programme, payroll.month, payroll.division), (payroll.total, payroll.count)))
            dt { (view.w.timeline.signed_by) } dd { (parts::actor(view, &payroll.preparer)) }
            dt { (view.w.entries.subject) } dd { (parts::subject(view, &Subject::Payroll(one.id))) }
        }
        @if let Some(offer) = &one.offer { (offer_form(view, number, offer, "/console/payroll")) }
        @if let Some(why) = &one.not_yet {
            p.note {
                (w.not_yet)
                (view.pick(&why.message_zh, &why.message)) (view.pick("；", "; "))
                (view.pick(why.hint_zh, why.hint)) " (" (why.rule) ")"
            }
        }
    }
}
