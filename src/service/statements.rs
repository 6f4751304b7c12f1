//! Writing: signed statements in, receipts or refusals out.

use std::sync::Arc;

use axum::{
    Json,
    extract::{FromRequest, Request, State},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    App,
    answer::Current,
    extract::{Query, Whole, expect_type},
    problem::{Details, Fault, Problem},
    row::{Access, Param, Row, json, raw, shape},
    who::Caller,
};
use crate::answer::{Outcome, items};
use crate::crypto::Statement;
use crate::domain::Rejection;
use crate::ledger::{Accepted, ReadError, SubmitError};
use crate::tlog::{Receipt, SignedCheckpoint};
use crate::value::Hash;

/// Most statements of one request.
const STATEMENTS_MAX: usize = 1000;
/// Longest body of statements, in bytes: a group of the writer.
const BODY_MAX: usize = 7 << 20;
/// One signed statement, and several one after the other.
const MEDIA: [&str; 4] =
    ["application/cose", "application/cbor-seq", "application/cbor", "application/octet-stream"];

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const QUERY: &[Param] = &[Param {
        name: "receipts",
        what: "`true`: the receipt of each; a statement that comes alone always has its own",
        required: false,
        of: shape::<bool>(),
    }];
    vec![
        Row::post("/v1/statements", submit)
            .access(Access::Enrolled)
            .doc("writing", "Submit signed statements, one or a CBOR sequence, in order")
            .query(QUERY)
            .takes(&const { [raw(MEDIA[0]), raw(MEDIA[1])] }, BODY_MAX)
            .gives(json::<Submitted>()),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    receipts: bool,
}

/// What became of the statements.
#[derive(Serialize, JsonSchema)]
struct Submitted {
    /// The checkpoint covers all that was accepted.
    current: Current,
    /// One for each statement, in their order.
    outcomes: Vec<Became>,
}

/// What became of one statement.
#[derive(Serialize, JsonSchema)]
struct Became {
    #[serde(flatten)]
    outcome: Outcome,
    /// Its offline receipt (C2SP tlog-proof).
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Details>,
}

/// In order: cut the body into statements; check each alone, in a thread that may wait; queue
/// them, or say that the ledger is busy; wait until what was accepted is durable; answer for each.
async fn submit(
    State(app): State<App>,
    _: Caller,
    Query(wanted): Query<Wanted>,
    request: Request,
) -> Result<Response, Problem> {
    expect_type(&request, &MEDIA)?;
    let Whole(body) = Whole::from_request(request, &app).await?;
    let statements: Vec<Vec<u8>> =
        items(&body).ok_or_else(no_sequence)?.into_iter().map(<[u8]>::to_vec).collect();
    let count = statements.len();
    if count > STATEMENTS_MAX {
        return Err(Fault::TooLarge.into());
    }
    let door = app.clone();
    let pending = tokio::task::spawn_blocking(move || door.ledger.submit(statements));
    let pending = match pending.await.map_err(Problem::internal)? {
        Err(SubmitError::Busy) => {
            app.figures.busy.inc();
            return Err(Fault::Busy.into());
        }
        queued => queued?,
    };
    let answer = pending.answer().await?;
    let refused = answer.results.iter().filter(|result| result.is_err()).count();
    app.figures.refused.inc_by(refused as u64);
    app.figures.accepted.inc_by((count - refused) as u64);
    if let [Err(rejection)] = answer.results.as_slice() {
        return Err(rejection.clone().into());
    }
    let receipts = wanted.receipts || count == 1;
    let answering = app.clone();
    let outcomes = tokio::task::spawn_blocking(move || {
        let statements = items(&body).ok_or_else(no_sequence)?;
        let each = statements.into_iter().zip(answer.results);
        each.map(|(bytes, result)| {
            became(&answering, bytes, result, receipts.then_some(&answer.checkpoint))
        })
        .collect::<Result<Vec<_>, Problem>>()
    });
    let outcomes = outcomes.await.map_err(Problem::internal)??;
    let current = Current::of(&app, app.ledger.len())?;
    Ok(Json(Submitted { current, outcomes }).into_response())
}

fn no_sequence() -> Problem {
    Problem::saying(Fault::BadBody, "the body is not a sequence of statements")
}

fn became(
    app: &App,
    bytes: &[u8],
    result: Result<Accepted, Rejection>,
    receipt_under: Option<&Arc<SignedCheckpoint>>,
) -> Result<Became, Problem> {
    match result {
        Ok(accepted) => {
            let receipt = match receipt_under {
                Some(checkpoint) => Some(receipt(app, accepted.index, checkpoint)?.to_string()),
                None => None,
            };
            let outcome = Outcome::accepted(&app.ledger, accepted)?;
            Ok(Became { outcome, receipt, problem: None })
        }
        Err(rejection) => {
            let problem = Some(Problem::from(rejection.clone()).details());
            let outcome = Outcome::refused(statement_id(bytes), rejection);
            Ok(Became { outcome, receipt: None, problem })
        }
    }
}

/// The receipt under the checkpoint of the answer itself.
fn receipt(app: &App, index: u64, under: &SignedCheckpoint) -> Result<Receipt, Problem> {
    let entry = app.ledger.reader().read(index).map_err(ReadError::from)?;
    let size = under.checkpoint().size;
    let path = app.ledger.with_tree(|tree| tree.inclusion(index, size))?;
    let path = path.map_err(ReadError::from)?;
    Ok(Receipt::new(entry, index, path, under.note().clone()).map_err(ReadError::from)?)
}

fn statement_id(bytes: &[u8]) -> Option<Hash> {
    Statement::parse(bytes).ok().map(|statement| statement.id())
}
