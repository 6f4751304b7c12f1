//! Payments, by receiver.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{
    frame::Place,
    page, parts,
    view::{Sheet, View},
};
use crate::answer::PaymentLine;
use crate::service::{
    extract::Query,
    lists::{self, OfPayments},
    problem::Problem,
    roles,
    row::{Access, Row},
};

/// Receivers of one page.
const AT_ONCE: usize = 100;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/payments", Access::Roles(roles::MONEY), list)
            .doc("console", "Payments of the reader's division"),
    ]
}

async fn list(view: View) -> Result<Response, Problem> {
    let mut asked: OfPayments = view.asked()?;
    asked.limit = asked.limit.or(Some(AT_ONCE));
    let found = lists::payments(State(view.app.clone()), view.caller()?, Query(asked)).await?;
    let w = &view.w.payments;
    let rows: Vec<Markup> = found.items.iter().map(|line| row(&view, line, true)).collect();
    let body = html! {
        form.filters.card method="get" action="/console/payments" {
            (parts::choice(&view, "programme", view.w.common.programme, &programmes(&view)?))
            (parts::of_division(&view))
            (parts::month(&view, w.period))
            (parts::day(&view, "on", w.on))
            (parts::filter_buttons(&view))
        }
        (parts::table(w.list, &heads(&view, true), &rows, w.empty))
        (parts::pager(&view, found.next.as_deref()))
    };
    let title = view.w.nav.payments.to_owned();
    let place = Some(Place::Payments);
    Ok(view.sheet(&Sheet { title, place, current: Some(&found.current), body }))
}

/// Every programme that a policy was published for, with what it is called.
pub(super) fn programmes(view: &View) -> Result<Vec<(String, String)>, Problem> {
    let found = view.app.ledger.with_state(|state| {
        let names = state.policies.policies().filter_map(|found| match found.policy.name {
            crate::value::PolicyName::Programme(programme) => Some(programme),
            crate::value::PolicyName::Certificate | crate::value::PolicyName::Rates => None,
        });
        let names: std::collections::BTreeSet<_> = names.collect();
        let titled = names.into_iter().map(|name| (name, state.policies.title(name, view.lang)));
        titled.map(|(name, title)| (name.to_string(), title)).collect()
    })?;
    Ok(found)
}

/// The headings of a table of payments.
pub(super) fn heads(view: &View, with_person: bool) -> Vec<(&'static str, bool)> {
    let (w, common) = (&view.w.payments, &view.w.common);
    let mut heads = vec![(common.programme, false)];
    heads.extend(with_person.then_some((common.person, false)));
    heads.extend([
        (w.period, false),
        (common.amount, true),
        (w.back_pay, true),
        (w.paid_on, false),
        (common.division, false),
        (common.entry, true),
    ]);
    heads
}

/// A payment in a table.
pub(super) fn row(view: &View, line: &PaymentLine, with_person: bool) -> Markup {
    html! {
        tr {
            th scope="row" { (parts::programme(view, line.programme)) }
            @if with_person { td { (parts::person(view, line.person)) } }
            td.d { (line.period()) }
            td.n { (parts::yuan(line.amount)) }
            td.n { @if line.back_pay_months > 0 { (line.back_pay_months) } }
            td.d { @if let Some(on) = line.paid_on { (on) } @else { (view.w.common.unknown) } }
            td.d { (parts::division(view, line.division)) }
            td.n { (parts::entry(view, line.entry)) }
        }
    }
}
