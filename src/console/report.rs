//! The strict-review report: which division and span, then the report itself.

use axum::response::Response;
use maud::html;

use super::{
    frame::Place,
    page, parts,
    view::{Sheet, View},
};
use crate::answer::today;
use crate::report::strict_review_body;
use crate::service::{
    answer::Current,
    problem::Problem,
    reports::{self, Asked},
    roles,
    row::{Access, Row},
};

/// Verifying a long trail.
const TIME: std::time::Duration = std::time::Duration::from_secs(600);

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/report", Access::Roles(roles::LOG), show)
            .doc("console", "The strict-review report")
            .time(Some(TIME)),
    ]
}

async fn show(view: View) -> Result<Response, Problem> {
    let caller = view.caller()?;
    let w = &view.w.report;
    let report = match view.said("from") {
        None => None,
        Some(_) => Some(reports::make(&view.app, &caller, view.asked::<Asked>()?).await?),
    };
    let today = today(&view.app.ledger);
    let year_ago = today.plus_months(-12).to_string();
    let day = |name: &str, label: &str, otherwise: &str| {
        let value = view.said(name).unwrap_or(otherwise);
        parts::field(
            name,
            label,
            None,
            &html! {
                input id=(name) name=(name) type="date" required value=(value);
            },
        )
    };
    let body = html! {
        p { (w.what) }
        form.filters.card method="get" action="/console/report" data-long {
            (day("from", view.w.common.from, &year_ago))
            (day("to", view.w.common.to, &today.to_string()))
            (parts::field("division", view.w.common.division, Some(w.division_hint), &html! {
                input #division name="division" type="text" inputmode="numeric" pattern="[1-9][0-9]{5}"
                    maxlength="6" list="divisions" aria-describedby="division-hint"
                    value=(view.said("division").unwrap_or_default());
            }))
            div.actions { button type="submit" { (w.make) } }
            // Filled by a script while the report is made; the sentence below stands without one.
            p.working role="status" data-working=(w.working) {}
        }
        (parts::division_list(&view, "divisions"))
        p.soft { (w.takes_time) }
        @if let Some(report) = &report {
            p.actions { button.quiet type="button" hidden data-print { (w.print) } }
            article.report lang="zh-CN" { (strict_review_body(report)) }
        }
    };
    let current = Current::of(&view.app, view.app.ledger.len())?;
    let title = view.w.nav.report.to_owned();
    Ok(view.sheet(&Sheet { title, place: Some(Place::Report), current: Some(&current), body }))
}
