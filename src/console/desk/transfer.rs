//! The transfer of a certificate that another county keeps: the holder stands at the window of the
//! new one, which may not read the old one's people. The holder's number finds the certificate,
//! and nothing is shown of it but the form of the application.

use axum::{http::StatusCode, response::Response};
use maud::html;

use super::super::{
    frame::Place,
    parts,
    view::{Sheet, View},
    words,
};
use super::{form, several::forms};
use crate::answer::desk;
use crate::service::{extract::FormBody, people::Named, problem::Problem};

/// Where the form posts to.
pub(super) const HERE: &str = "/console/desk/transfer";

/// Asking for the holder's number.
pub(super) fn ask(view: &View) -> maud::Markup {
    let w = words::desk::of(view.lang);
    html! {
        section.card aria-labelledby="transfer" {
            h2 #transfer { (w.transfer) }
            p { (w.transfer_what) }
            form.filters method="post" action=(HERE) {
                div.grow {
                    (parts::field("who", w.transfer_number, None, &html! {
                        input #who name="who" type="text" required autocomplete="off"
                            spellcheck="false" maxlength="40";
                    }))
                }
                div.actions { button type="submit" { (w.transfer_find) } }
            }
        }
    }
}

pub(super) async fn found(
    view: View,
    FormBody(named): FormBody<Named>,
) -> Result<Response, Problem> {
    let signer = view.caller()?.signer;
    let asked = view.app.read(move |records| {
        let Some(person) = records.person_of_number(&named.who)? else { return Ok(None) };
        Ok(Some((person, desk::transfer_offers(records.ledger, &signer, person)?)))
    });
    // Until the application opens a case here, papers are hashed as those of somebody new.
    let found = asked.await?;
    let view = view.at("/console/desk/new");
    let w = words::desk::of(view.lang);
    let offers = found.as_ref().filter(|(_, offers)| !offers.is_empty());
    let body = html! {
        @if let Some((_, offers)) = offers {
            p { (w.transfer_what) }
            (forms(&view, offers, &form::Place {
                person: None, next: "/console/desk", level: 2,
            })?)
        } @else {
            p.note role="alert" { (w.transfer_none) }
            (ask(&view))
        }
    };
    let status = if offers.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let title = w.transfer.to_owned();
    Ok(view.sheet_with(status, &Sheet { title, place: Some(Place::Desk), current: None, body }))
}
