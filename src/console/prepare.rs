//! Preparing a payroll: who would be paid for a programme and month, by the ledger's own rules, and
//! the batches as they are signed. Who is granted the benefit and cannot be paid is named with the
//! rule, so that nobody is forgotten in silence.

use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    desk::offer_form,
    frame::Place,
    page, parts,
    view::{Sheet, View},
    words::{self, desk::Desk},
};
use crate::answer::{
    desk::{self, Offer, ToPrepare},
    today,
};
use crate::domain::Rejection;
use crate::event::{PayrollItem, PayrollPrepared, Role};
use crate::service::{
    answer::Current,
    problem::Problem,
    row::{Access, Row},
};
use crate::value::{CaseId, Lang, Month, PersonId, Programme};

/// Who may prepare one: whoever of them the programme's policy has determine it.
pub(super) const PREPARERS: &[Role] = &[Role::CivilAffairsOfficer, Role::Approver];
/// Cases shown that cannot be paid; more are counted.
const LEFT_OUT_MAX: usize = 200;
const HERE: &str = "/console/payroll/prepare";

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page(HERE, Access::Roles(PREPARERS), show)
            .doc("console", "Preparing a payroll of those who may be paid"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    programme: Option<Programme>,
    month: Option<Month>,
}

async fn show(view: View) -> Result<Response, Problem> {
    let asked: Asked = view.asked()?;
    let signer = view.caller()?.signer;
    let month = asked.month.unwrap_or_else(|| today(&view.app.ledger).month());
    let chosen = asked.programme;
    let found = view.app.read(move |records| {
        let programmes = desk::programmes_paid(records.ledger, &signer, month)?;
        let chosen = chosen.filter(|programme| programmes.contains(programme));
        let proposed = chosen
            .map(|programme| desk::payroll_to_prepare(records.ledger, &signer, programme, month));
        Ok((programmes, chosen.zip(proposed.transpose()?)))
    });
    let (programmes, proposed) = found.await?;
    let w = words::desk::of(view.lang);
    let body = html! {
        p { (w.prepare_what) }
        @if programmes.is_empty() {
            p.empty { (w.prepare_no_programme) }
        } @else {
            (choose(&view, w, &programmes, month))
        }
        @if let Some((programme, proposed)) = &proposed {
            (proposal(&view, w, *programme, month, proposed))
        }
    };
    let current = Current::of(&view.app, view.app.ledger.len())?;
    let title = w.prepare.to_owned();
    Ok(view.sheet(&Sheet { title, place: Some(Place::Payroll), current: Some(&current), body }))
}

fn choose(view: &View, w: &Desk, programmes: &[Programme], month: Month) -> Markup {
    let chosen = view.said("programme");
    html! {
        form.filters.card method="get" action=(HERE) {
            (parts::field("programme", view.w.common.programme, None, &html! {
                select #programme name="programme" required {
                    @for programme in programmes {
                        option value=(programme) selected[chosen == Some(programme.name())] {
                            (parts::programme(view, *programme))
                        }
                    }
                }
            }))
            (parts::field("month", view.w.common.month, None, &html! {
                input #month name="month" type="text" inputmode="numeric" maxlength="7" required
                    pattern="[0-9]{4}-[0-9]{2}" autocomplete="off" value=(month);
            }))
            div.actions { button type="submit" { (w.prepare_show) } }
        }
    }
}

fn proposal(
    view: &View,
    w: &Desk,
    programme: Programme,
    month: Month,
    proposed: &ToPrepare,
) -> Markup {
    let next = format!("{HERE}?programme={programme}&month={month}");
    let left: Vec<Markup> =
        proposed.left_out.iter().take(LEFT_OUT_MAX).map(|one| left_out(view, one)).collect();
    let heads = [(view.w.common.person, false), (w.case, false), (w.prepare_why, false)];
    html! {
        section aria-labelledby="batches" {
            h2 #batches { (w.prepare_batches) }
            @if proposed.batches.is_empty() { p.empty { (w.prepare_none) } }
            @for (number, (offer, data)) in proposed.batches.iter().enumerate() {
                (batch(view, w, number, offer, data, &next))
            }
        }
        @if !left.is_empty() {
            section aria-labelledby="left" {
                h2 #left { (w.prepare_left) " (" (proposed.left_out.len()) ")" }
                (parts::table(w.prepare_left, &heads, &left, ""))
            }
        }
    }
}

fn batch(
    view: &View,
    w: &Desk,
    number: usize,
    offer: &Offer,
    data: &PayrollPrepared,
    next: &str,
) -> Markup {
    let rows: Vec<Markup> = data.items.iter().map(|one| item(view, data.month, one)).collect();
    let heads = [
        (view.w.common.person, false),
        (w.case, false),
        (w.prepare_months, false),
        (view.w.common.amount, true),
    ];
    let caption = format!(
        "{} {} · {} {} · {}",
        w.prepare_batch,
        number + 1,
        data.count,
        w.items,
        parts::yuan(data.total)
    );
    html! {
        (parts::table(&caption, &heads, &rows, ""))
        (offer_form(view, number, offer, next))
    }
}

fn item(view: &View, month: Month, item: &PayrollItem) -> Markup {
    let earlier: Vec<String> = item.back_pay.iter().map(ToString::to_string).collect();
    let case = item.case.to_string();
    html! {
        tr {
            th scope="row" { (parts::person(view, item.person)) }
            td { a.id href={ "/console/desk/cases/" (case) } title=(case) { (parts::short(&case)) } }
            td {
                (month)
                @if !earlier.is_empty() {
                    " " span.soft { (view.w.payments.back_pay) " " (earlier.join(", ")) }
                }
            }
            td.n { (parts::yuan(item.amount)) }
        }
    }
}

fn left_out(view: &View, (case, person, why): &(CaseId, PersonId, Rejection)) -> Markup {
    let case = case.to_string();
    let (message, hint) = match view.lang {
        Lang::Zh => (&why.message_zh, why.hint_zh),
        Lang::En => (&why.message, why.hint),
    };
    html! {
        tr {
            th scope="row" { (parts::person(view, *person)) }
            td { a.id href={ "/console/desk/cases/" (case) } title=(case) { (parts::short(&case)) } }
            td { (why.rule) " " (message) (view.pick("；", "; ")) (hint) }
        }
    }
}
