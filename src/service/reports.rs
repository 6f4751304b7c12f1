//! Reports: how strictly certificates were reviewed, counted from a trail that is verified first.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    App,
    answer::Current,
    extract::Query,
    problem::{Fault, Problem},
    roles,
    row::{Access, Param, Row, raw, shape},
    who::Caller,
};
use crate::answer::{
    report::{Then, strict_review},
    today,
};
use crate::report::{StrictReviewReport, strict_review_page};
use crate::value::{Day, DivisionCode};

/// Verifying a long trail.
const TIME: std::time::Duration = std::time::Duration::from_secs(600);

/// How long one report waits for another.
const TURN: std::time::Duration = std::time::Duration::from_secs(60);

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    const QUERY: &[Param] = &[
        Param { name: "from", what: "First day", required: true, of: shape::<Day>() },
        Param {
            name: "to",
            what: "Last day; today if not said",
            required: false,
            of: shape::<Day>(),
        },
        Param {
            name: "division",
            what: "With all below it; the caller's if not said",
            required: false,
            of: shape::<DivisionCode>(),
        },
        Param {
            name: "as_of",
            what: "By what the ledger knew: an index, a day (its end), or \"YYYY-MM-DD HH:MM\"",
            required: false,
            of: shape::<String>(),
        },
        Param {
            name: "form",
            what: "`html`: a page to print",
            required: false,
            of: shape::<Form>(),
        },
    ];
    vec![
        Row::get("/v1/reports/strict-review", report)
            .access(Access::Roles(roles::LOG))
            .doc("reports", "The strict-review report, every figure with its entries")
            .query(QUERY)
            .gives(raw("application/json"))
            .or_gives(raw("text/html"))
            .time(Some(TIME)),
    ]
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Form {
    #[default]
    Json,
    Html,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    pub(crate) from: Day,
    pub(crate) to: Option<Day>,
    pub(crate) division: Option<DivisionCode>,
    pub(crate) as_of: Option<String>,
    #[serde(default)]
    pub(crate) form: Form,
}

/// The report as every answer is given: with what it is current to.
#[derive(Serialize)]
struct Reported {
    current: Current,
    #[serde(flatten)]
    report: StrictReviewReport,
}

async fn report(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let form = asked.form;
    let report = make(&app, &caller, asked).await?;
    Ok(match form {
        Form::Json => {
            // To what it counted and was signed, not to what came since.
            let counted = report.known.map_or(report.entries, |known| known.entries);
            let signed = (report.entries, report.root);
            let current = Current { size: signed.0, root: signed.1, ..Current::of(&app, counted)? };
            Json(Reported { current, report }).into_response()
        }
        Form::Html => {
            let page = strict_review_page(&report);
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
        }
    })
}

/// Makes the report for a caller who covers the division.
pub(crate) async fn make(
    app: &App,
    caller: &Caller,
    asked: Asked,
) -> Result<StrictReviewReport, Problem> {
    let own = caller.signer.division;
    // An actor of the province sees the ledger's own division.
    let own = if own.covers(app.whole) { app.whole } else { own };
    let division = asked.division.unwrap_or(own);
    if !caller.signer.division.covers(division) {
        return Err(Fault::OtherDivision.into());
    }
    let then = match asked.as_of {
        Some(text) => Some(app.read(move |records| Ok(Then::find(records, &text)?)).await?),
        None => None,
    };
    // One at a time: it reads the whole log. Whoever comes second waits a while for their turn.
    let turn = tokio::time::timeout(TURN, app.report.clone().acquire_owned());
    let turn = turn.await.map_err(|_| Fault::Crowded)?.map_err(Problem::internal)?;
    let of = app.clone();
    let made = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let last = || then.as_ref().map_or_else(|| today(&of.ledger), |then| then.day);
        let to = asked.to.unwrap_or_else(last);
        strict_review(&of.ledger, division, (asked.from, to), then)
    });
    Ok(made.await.map_err(Problem::internal)??)
}
