//! Erasure: what a privacy officer names when proposing it.

use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    App,
    answer::{Current, One},
    extract::Part,
    problem::Problem,
    roles,
    row::{Access, Row, json},
    scope::Scope,
    who::Caller,
};
use crate::answer::keys_to_erase;
use crate::value::{KeyId, PersonId};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::get("/v1/people/{person}/keys", keys)
            .access(Access::Roles(roles::erasers()))
            .doc("people", "The ids of the data keys that an erasure of this person names")
            .gives(json::<One<DataKeys>>()),
    ]
}

/// Ids of keys; the keys themselves never leave the vault.
#[derive(Serialize, JsonSchema)]
struct DataKeys {
    keys: Vec<KeyId>,
}

async fn keys(
    State(app): State<App>,
    caller: Caller,
    Part(person): Part<PersonId>,
) -> Result<One<DataKeys>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        Scope::new(&of, &caller, records).expect_person(person)?;
        let keys = keys_to_erase(records.ledger, person)?;
        Ok(Current::of(&of, records.index.current_to())?.with(DataKeys { keys }))
    })
    .await
}
