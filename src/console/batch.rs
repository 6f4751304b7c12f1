//! One payroll on its way through the bank: what is to be paid, the roll to pay by, and the results
//! sent back.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{
    form,
    frame::Place,
    page, parts,
    upload::{Begins, upload},
    view::{Sheet, View},
    words,
};
use crate::answer::payable::{Payable, PayableItem, PayableLine};
use crate::service::{
    answer::Page,
    extract::{FormBody, Part},
    payrolls::{self, ForPaying},
    problem::Problem,
    roles,
    row::{Access, Row, raw},
};
use crate::value::{DivisionCode, Fen, Month, PayrollId, Programme};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const FORM: &str = "application/x-www-form-urlencoded";
    vec![
        page("/console/payroll/batches/{payroll}", Access::Roles(roles::MONEY), show)
            .doc("console", "A payroll that the bank has to pay and report"),
        form("/console/payroll/batches/{payroll}/roll", Access::Roles(roles::PAYERS), roll)
            .doc("console", "Its roll with names and accounts, for a stated purpose")
            .takes(&const { [raw(FORM)] }, 4096)
            .gives(raw("application/octet-stream"))
            .time(Some(std::time::Duration::from_secs(120))),
    ]
}

/// The payrolls that the bank has to pay, with the way to each.
pub(super) fn payable(view: &View, open: &Page<PayableLine>) -> Markup {
    let w = words::desk::of(view.lang);
    let common = &view.w.common;
    let rows: Vec<Markup> = open.items.iter().map(|line| row(view, line)).collect();
    let heads = [
        (common.programme, false),
        (common.month, false),
        (common.division, false),
        (w.payable_open, true),
        (common.amount, true),
        (w.payable_by, false),
        (w.payable_on, false),
        (w.work, false),
    ];
    html! {
        section aria-labelledby="payable" {
            h2 #payable { (w.payable) }
            p.soft { (w.payable_what) }
            (parts::table(w.payable_list, &heads, &rows, w.payable_none))
            (parts::pager(view, open.next.as_deref()))
        }
    }
}

fn row(view: &View, line: &PayableLine) -> Markup {
    let w = words::desk::of(view.lang);
    let title = parts::programme(view, line.programme);
    html! {
        tr {
            th scope="row" { (title) }
            td.d { (line.month) }
            td.d { (parts::division(view, line.division)) }
            td.n { (line.open) " / " (line.count) }
            td.n { (parts::yuan(line.rest)) }
            td { (parts::actor(view, &line.authorised_by)) }
            td.d { (line.authorised_on) }
            td {
                a.button.small href={ "/console/payroll/batches/" (line.payroll) } {
                    (w.work) span.unseen { " " (title) " " (line.month) " " (line.payroll) }
                }
            }
        }
    }
}

async fn show(view: View, Part(id): Part<PayrollId>) -> Result<Response, Problem> {
    let caller = view.caller()?;
    let found = payrolls::show(State(view.app.clone()), caller, Part(id)).await?;
    let Payable { line, items } = &found.data;
    let w = words::desk::of(view.lang);
    let pays = view.may(Access::Roles(roles::PAYERS));
    let report = if pays {
        let begins = Begins { kind: Some(&line.reports_as), month: Some(line.month) };
        Some(upload(&view, begins).await?)
    } else {
        None
    };
    let rows: Vec<Markup> = items.iter().map(|one| item(&view, one)).collect();
    let heads = [
        (view.w.common.person, false),
        (w.case, false),
        (w.prepare_months, false),
        (view.w.common.amount, true),
    ];
    let body = html! {
        (facts(&view, line))
        @if pays { (ask_for_roll(&view, id)) }
        @if let Some(report) = &report {
            h2 { (w.payable_report) }
            p { (parts::quoting(&view, w.payable_report_what)) }
            (report)
        }
        (parts::table(w.payable_items, &heads, &rows, ""))
    };
    let title = format!("{} {}", w.payable_batch, parts::short(&id.to_string()));
    let place = Some(Place::Payroll);
    Ok(view.sheet(&Sheet { title, place, current: Some(&found.current), body }))
}

/// What a payroll is for, and what it comes to.
pub(super) fn what(
    view: &View,
    (programme, month, division): (Programme, Month, DivisionCode),
    (total, count): (Fen, u32),
) -> Markup {
    html! {
        dt { (view.w.common.programme) } dd { (parts::programme(view, programme)) }
        dt { (view.w.common.month) } dd { (month) }
        dt { (view.w.common.division) } dd { (parts::division(view, division)) }
        dt { (view.w.common.amount) }
        dd.n { (parts::yuan(total)) " · " (count) " " (words::desk::of(view.lang).items) }
    }
}

fn facts(view: &View, line: &PayableLine) -> Markup {
    let w = words::desk::of(view.lang);
    html! {
        dl.facts {
            (what(view, (line.programme, line.month, line.division), (line.total, line.count)))
            dt { (w.payable_open) }
            dd.n { (parts::yuan(line.rest)) " · " (line.open) " " (w.items) }
            dt { (w.payable_by) } dd { (parts::actor(view, &line.authorised_by)) " · " (line.authorised_on) }
        }
    }
}

/// The roll is asked for with a purpose, which stands on the ledger first.
fn ask_for_roll(view: &View, id: PayrollId) -> Markup {
    let w = words::desk::of(view.lang);
    html! {
        section.card aria-labelledby="to-pay" {
            h2 #to-pay { (w.payable_roll) }
            p { (w.payable_roll_what) }
            form method="post" action={ "/console/payroll/batches/" (id) "/roll" } {
                (parts::field("purpose", view.w.person.purpose, None, &html! {
                    input #purpose name="purpose" type="text" required maxlength="60"
                        autocomplete="off" value=(w.payable_purpose);
                }))
                (parts::field("form", w.payable_form, None, &html! {
                    select #form name="form" {
                        option value="xlsx" { (w.payable_form_xlsx) }
                        option value="csv" { (w.payable_form_csv) }
                    }
                }))
                p.actions { button type="submit" { (w.payable_download) } }
            }
        }
    }
}

fn item(view: &View, item: &PayableItem) -> Markup {
    let months: Vec<String> = item.months.iter().map(ToString::to_string).collect();
    let case = item.case.to_string();
    html! {
        tr {
            th scope="row" { (parts::person(view, item.person)) }
            td { span.id title=(case) { (parts::short(&case)) } }
            td { (months.join(", ")) }
            td.n { (parts::yuan(item.amount)) }
        }
    }
}

async fn roll(
    view: View,
    id: Part<PayrollId>,
    FormBody(asked): FormBody<ForPaying>,
) -> Result<Response, Problem> {
    payrolls::make(State(view.app.clone()), view.caller()?, id, asked).await
}
