//! One flag with all that a verdict needs: where it stands, why it was raised, what it rests on.

use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    App,
    answer::{Current, One},
    extract::Part,
    problem::{Fault, Problem},
    roles,
    row::{Access, Row, json},
    scope::Scope,
    who::Caller,
};
use crate::answer::{
    EventLine, FlagLine, Moment, QueueLine, Records, case::Case, queue_line, today,
};
use crate::rules::Flag;
use crate::value::{Hash, Subject};

/// Judging everybody anew, on the first question of a day.
const TIME: std::time::Duration = std::time::Duration::from_secs(300);
/// Entries of the evidence that are shown.
const EVIDENCE_MAX: usize = 200;

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::get("/v1/flags/{flag}", of)
            .access(Access::Roles(roles::FLAGS))
            .doc("flags", "A flag on the log: where it stands, its life, and its evidence")
            .gives(json::<One<FlagFile>>())
            .time(Some(TIME)),
    ]
}

/// All about one flag.
#[derive(Serialize, JsonSchema)]
pub(crate) struct FlagFile {
    /// As it stands in the queue.
    pub(crate) line: QueueLine,
    /// Its life on the log.
    pub(crate) case: Case,
    /// As judged today; absent when it is not found any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) judged: Option<FlagLine>,
    /// The entries it rests on, those that the caller covers.
    pub(crate) evidence: Vec<EventLine>,
    /// How many more there are, of other divisions or beyond the first 200.
    pub(crate) not_shown: usize,
}

pub(crate) async fn of(
    State(app): State<App>,
    caller: Caller,
    Part(flag): Part<Hash>,
) -> Result<One<FlagFile>, Problem> {
    let about_person = app
        .read(move |records| {
            let found = records
                .ledger
                .with_state(|state| state.oversight.flag(&flag).map(|flag| flag.person))?;
            Ok(found.ok_or(Fault::NotFound)?.is_some())
        })
        .await?;
    let asks = app.clone();
    let ask = move |records: &Records<'_>| file(&asks, &caller, records, flag);
    // Officers, institutions and villages are judged with everybody.
    if about_person { app.read(ask).await } else { app.read_long(ask).await }
}

fn file(
    app: &App,
    caller: &Caller,
    records: &Records<'_>,
    id: Hash,
) -> Result<One<FlagFile>, Problem> {
    let mut scope = Scope::new(app, caller, records);
    let line = queue_line(records.ledger, id, today(records.ledger))?.ok_or(Fault::NotFound)?;
    let moment = Moment::find(records, None, None)?;
    let standing: Vec<Flag> = match &line.subject {
        Subject::Person(person) => {
            scope.expect_person(*person)?;
            moment.flags_of(records, *person)?
        }
        _ if scope.is_whole() => moment.flags(records)?,
        _ => return Err(Fault::OtherDivision.into()),
    };
    let id = line.flag_id;
    let is_it = |flag: &Flag| records.ledger.with_state(|state| state.oversight.own_id(&flag.id));
    let mut found = None;
    for flag in standing {
        if is_it(&flag)? == id {
            found = Some(flag);
            break;
        }
    }
    let indexes = match &found {
        Some(flag) => flag.evidence.clone(),
        None => inputs(records, id)?,
    };
    let (mut evidence, mut not_shown) = (Vec::new(), 0);
    for index in indexes {
        let event = records.ledger.event(index)?;
        if evidence.len() < EVIDENCE_MAX && scope.event(&event)? {
            evidence.push(EventLine::of(records.ledger, event, false)?);
        } else {
            not_shown += 1;
        }
    }
    let case = Case::of(records, &moment, &id)?;
    let judged = found.map(|flag| FlagLine::of(records, &moment, flag, None)).transpose()?;
    let file = FlagFile { line, case, judged, evidence, not_shown };
    Ok(Current::of(app, records.index.current_to())?.at(&moment).with(file))
}

/// The entries that the flag was raised on.
fn inputs(records: &Records<'_>, id: Hash) -> Result<Vec<u64>, Problem> {
    let raised =
        records.ledger.with_state(|state| state.oversight.flag(&id).map(|flag| flag.raised))?;
    let Some(index) = records.ledger.find(&raised.ok_or(Fault::NotFound)?)? else {
        return Ok(Vec::new());
    };
    let mut indexes = Vec::new();
    for statement in &records.ledger.event(index)?.payload.refs {
        indexes.extend(records.ledger.find(statement)?);
    }
    Ok(indexes)
}
