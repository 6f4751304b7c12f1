//! Which kinds of roll an actor may bring in, with their columns, and an empty roll of each.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    App,
    answer::{Current, Page},
    extract::Query,
    payrolls::attached,
    problem::{Fault, Problem},
    roles,
    rolls::CopyForm,
    row::{Access, Param, Row, json, raw, shape},
    who::Caller,
};
use crate::answer::kinds::{KindLine, kinds};
use crate::rolls::{Form, RollKind, blank};
use crate::value::Malformed;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const BLANK: &[Param] = &[
        Param {
            name: "kind",
            what: "What the roll is to be, as `/v1/rolls/kinds` names it",
            required: true,
            of: shape::<String>(),
        },
        Param {
            name: "form",
            what: "csv or xlsx; a workbook if not said",
            required: false,
            of: shape::<CopyForm>(),
        },
    ];
    vec![
        Row::get("/v1/rolls/kinds", list)
            .access(Access::Actors)
            .doc("writing", "The kinds of roll that the caller may bring in, with their columns")
            .gives(json::<Page<KindLine>>()),
        Row::get("/v1/rolls/blank", empty)
            .access(Access::Actors)
            .doc("writing", "An empty roll of a kind: the header, to be filled in")
            .query(BLANK)
            .gives(raw("application/octet-stream")),
    ]
}

pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Page<KindLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let lines = kinds(records.ledger, &caller.signer, roles::CHECKERS)?;
        Ok(Current::of(&of, records.index.current_to())?.page(lines, None))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    kind: String,
    form: Option<CopyForm>,
}

pub(crate) async fn empty(Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let unknown = |error: Malformed| Problem::saying(Fault::BadQuery, error.to_string());
    let kind: RollKind = asked.kind.parse().map_err(unknown)?;
    let form = asked.form.map_or(Form::Xlsx, Form::from);
    let file = blank(&kind.columns().of_blank(), &[], form).map_err(Problem::internal)?;
    attached(&format!("{}.{}", kind.file_name(), form.ending()), file)
}
