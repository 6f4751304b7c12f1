//! Payrolls to be paid: what finance released and the bank has not reported, and the roll by which
//! it pays.
//!
//! Who is paid, and into which account, only whoever pays sees, and only after the look at every
//! person of the roll is on the ledger.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    App,
    answer::{Current, One, Page},
    extract::{JsonBody, Part, Query},
    page::{AFTER, LIMIT, limit},
    problem::{Fault, Problem},
    reveal::{Purpose, log_looks},
    roles,
    rolls::CopyForm,
    row::{Access, Row, json, raw},
    who::Caller,
};
use crate::answer::payable::{
    Payable, PayableLine, payable, payable_named, reported_as, roll_to_pay,
};
use crate::rolls::Form;
use crate::value::{Label, PayrollId, PersonId, Subject};

/// Opening what was sealed about everybody on a roll.
const TIME: std::time::Duration = std::time::Duration::from_secs(120);

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const GROUP: &str = "lists";
    vec![
        Row::get("/v1/payrolls", list)
            .access(Access::Roles(roles::MONEY))
            .doc(GROUP, "Payrolls that finance released and the bank has not reported in full")
            .query(&const { [AFTER, LIMIT] })
            .gives(json::<Page<PayableLine>>()),
        Row::get("/v1/payrolls/{payroll}", show)
            .access(Access::Roles(roles::MONEY))
            .doc(GROUP, "One of them, with the items that the bank has not reported")
            .gives(json::<One<Payable>>()),
        Row::post("/v1/payrolls/{payroll}/roll", roll)
            .access(Access::Roles(roles::PAYERS))
            .doc(
                GROUP,
                "The roll to pay by, with names, numbers and accounts, to be sent back with the \
                 results. First the look at each person on it is put on the ledger: who, for what",
            )
            .takes(&const { [json::<ForPaying>()] }, 4096)
            .gives(raw(MEDIA))
            .time(Some(TIME)),
    ]
}

const MEDIA: &str = "application/octet-stream";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    pub(crate) after: Option<PayrollId>,
    pub(crate) limit: Option<usize>,
}

/// Why somebody asks for a roll, and in which form.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForPaying {
    /// For what; it stands on the ledger.
    pub(crate) purpose: Label,
    /// A workbook if nothing is said.
    pub(crate) form: Option<CopyForm>,
}

pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Page<PayableLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let most = limit(asked.limit)?;
        let (items, more) = payable(records.ledger, caller.signer.division, asked.after, most)?;
        let next = items.last().filter(|_| more).map(|line| line.payroll.to_string());
        Ok(Current::of(&of, records.index.current_to())?.page(items, next))
    })
    .await
}

pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    Part(id): Part<PayrollId>,
) -> Result<One<Payable>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let found = payable_named(records.ledger, id)?.ok_or(Fault::NotFound)?;
        if !caller.signer.division.covers(found.line.division) {
            return Err(Fault::OtherDivision.into());
        }
        Ok(Current::of(&of, records.index.current_to())?.with(found))
    })
    .await
}

async fn roll(
    state: State<App>,
    caller: Caller,
    id: Part<PayrollId>,
    JsonBody(asked): JsonBody<ForPaying>,
) -> Result<Response, Problem> {
    make(state, caller, id, asked).await
}

/// In order: the payroll is the caller's to pay; the looks are durable on the log; only then is
/// anything opened. Whose data are restricted stays closed, and is not looked at.
pub(crate) async fn make(
    State(app): State<App>,
    caller: Caller,
    Part(id): Part<PayrollId>,
    asked: ForPaying,
) -> Result<Response, Problem> {
    let payable = show(State(app.clone()), caller.clone(), Part(id)).await?.data;
    let of = payable.items.iter().map(|item| item.person);
    let (restricted, seen): (Vec<PersonId>, Vec<PersonId>) = app.ledger.with_state(|state| {
        of.partition(|person| state.people.find(person).is_some_and(|person| person.restricted))
    })?;
    let scope = Subject::Payroll(id).to_string().parse::<Label>()?;
    let purpose = Purpose { purpose: asked.purpose, scope: Some(scope), on: None, history: false };
    log_looks(&app, &caller, &seen, &purpose).await?;
    app.figures.reveals.inc_by(seen.len() as u64);
    let form = asked.form.map_or(Form::Xlsx, Form::from);
    let line = &payable.line;
    let name = file_name(line, form);
    let file =
        app.read(move |records| Ok(roll_to_pay(records, &payable, &restricted, form)?)).await?;
    attached(&name, file)
}

/// The name says kind and month, by which the roll is recognised when it comes back.
fn file_name(line: &PayableLine, form: Form) -> String {
    let kind = reported_as(line.programme).file_name();
    let id: String = line.payroll.to_string().chars().take(8).collect();
    format!("{kind}-{}-{id}.{}", line.month, form.ending())
}

/// A file to be saved under a name.
pub(super) fn attached(name: &str, file: Vec<u8>) -> Result<Response, Problem> {
    let name = format!("attachment; filename=\"{name}\"");
    let name = HeaderValue::try_from(name).map_err(Problem::internal)?;
    let media = HeaderValue::from_static(MEDIA);
    let headers = [(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, file).into_response())
}
