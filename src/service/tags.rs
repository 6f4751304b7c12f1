//! Tags of officers and their relatives, for whoever enrols them: the tag key is in the vault.
//!
//! Nothing is kept and nothing is looked up: what comes back stands in an enrolment in place of
//! the number, so that the ledger knows whose case is whose own.

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    App,
    answer::{Current, One},
    extract::JsonBody,
    problem::{Fault, Problem},
    roles,
    row::{Access, Row, json},
};
use crate::crypto::TagKind;
use crate::rolls::clean;
use crate::value::{CitizenId, IdForm, Tag};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::post("/v1/tags", tag)
            .access(Access::Roles(roles::enrollers()))
            .doc(
                "writing",
                "The tag that stands for an officer's or a relative's ID number in an enrolment; \
                 a body, so that no number stands in an address",
            )
            .takes(&const { [json::<Numbered>()] }, 1024)
            .gives(json::<One<Tagged>>()),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Numbered {
    id_number: String,
}

/// What stands for a number.
#[derive(Serialize, JsonSchema)]
struct Tagged {
    tag: Tag,
}

async fn tag(
    State(app): State<App>,
    JsonBody(Numbered { id_number }): JsonBody<Numbered>,
) -> Result<One<Tagged>, Problem> {
    let text = Zeroizing::new(id_number);
    let cleaned = Zeroizing::new(clean::identifier(&text).into_owned());
    let number: CitizenId = cleaned.parse()?;
    if number.form() != IdForm::Valid {
        let wrong = "the ID number's date or check character is wrong";
        return Err(Problem::saying(Fault::BadBody, wrong));
    }
    let store = app.ledger.personal().ok_or(Fault::NoReveal)?;
    let tag = store.tag(TagKind::Id, number.as_str());
    Ok(Current::of(&app, app.ledger.len())?.with(Tagged { tag }))
}
