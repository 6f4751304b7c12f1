//! Raising flags: the ledger's automatic signer puts on the log what stands, each flag once (E43).
//!
//! What is raised follows from the log and the rules alone. Whoever asks only says that it is to
//! be done now.

use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    App,
    answer::{Current, One},
    extract::JsonBody,
    problem::{Fault, Problem},
    row::{Access, Row, json},
    who::Caller,
};
use crate::answer::{Raised, raise};
use crate::event::Role::{self, Inspector, Supervisor};
use crate::value::Day;

/// Who may have flags raised: those who answer for what becomes of them.
const RAISERS: &[Role] = &[Inspector, Supervisor];
/// Judging everybody anew, and writing what was found.
const TIME: std::time::Duration = std::time::Duration::from_secs(600);
/// Flags of one submission: far below a group of the writer.
const TOGETHER_MAX: usize = 500;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::post("/v1/flags/raise", make)
            .access(Access::Roles(RAISERS))
            .doc(
                "flags",
                "Put standing flags on the log, each once; the ledger's own key signs them. For \
                 those who cover the whole ledger",
            )
            .takes(&const { [json::<Asked>()] }, 1024)
            .gives(json::<One<Raised>>())
            .time(Some(TIME)),
    ]
}

/// What is to be raised.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// As judged on this day; today if not said.
    on: Option<Day>,
    /// Only this rule, such as R01.
    rule: Option<String>,
}

async fn make(
    State(app): State<App>,
    caller: Caller,
    JsonBody(asked): JsonBody<Asked>,
) -> Result<One<Raised>, Problem> {
    if !caller.covers(None, app.whole) {
        return Err(Fault::OtherDivision.into());
    }
    // One at a time, to the last of its statements: two would raise the same twice.
    let turn = app.raising.clone().try_acquire_owned().map_err(|_| Fault::Crowded)?;
    let of = app.clone();
    let (mut raised, statements) = app
        .read_long(move |records| {
            let closed = "flags cannot be raised: the system key is not open";
            let pen = of.system.as_ref();
            let pen = pen.ok_or_else(|| Problem::saying(Fault::NoReveal, closed))?;
            Ok(raise(records, pen, asked.on, asked.rule.as_deref())?)
        })
        .await?;
    let door = app.clone();
    let written = tokio::task::spawn_blocking(move || {
        // Given back when the work is done, also for a client that left.
        let _turn = turn;
        let mut indexes = Vec::with_capacity(statements.len());
        for together in statements.chunks(TOGETHER_MAX) {
            let answer = door.ledger.submit_wait(together.to_vec())?.wait()?;
            for result in answer.results {
                indexes.push(result?.index);
            }
        }
        Ok::<_, Problem>(indexes)
    });
    let indexes = written.await.map_err(Problem::internal)??;
    for (line, index) in raised.lines.iter_mut().zip(indexes) {
        line.index = Some(index);
    }
    Ok(Current::of(&app, app.ledger.len())?.with(raised))
}
