//! Evidence packs: what the ledger proves about one person or subject, to be checked elsewhere.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    App,
    extract::{JsonBody, Part},
    problem::{Fault, Problem},
    reveal::{self, Purpose},
    roles,
    row::{Access, Row, json, raw},
    scope::{Scope, not_before_own},
    who::Caller,
};
use crate::answer::{Found, Revealer, pack};
use crate::event::Role;
use crate::projection::Who;
use crate::value::{Label, PersonId, Subject};

pub(crate) const MEDIA: &str = "application/zip";
/// A proof of every entry about a person.
pub(crate) const TIME: std::time::Duration = std::time::Duration::from_secs(120);

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::get("/v1/subjects/{subject}/pack", of_subject)
            .access(Access::Roles(roles::CASE))
            .doc("reports", "The evidence pack of a person, a certificate or another subject")
            .gives(raw(MEDIA))
            .time(Some(TIME)),
        Row::post("/v1/people/{person}/pack", revealed)
            .access(Access::Roles(roles::REVEAL))
            .doc(
                "reports",
                "The evidence pack of a person with the name on its timeline. First the look \
                 itself is put on the ledger: who, for what",
            )
            .takes(&const { [json::<For>()] }, 4096)
            .gives(raw(MEDIA))
            .time(Some(TIME)),
    ]
}

/// Why somebody looks at a name.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct For {
    /// For what; it stands on the ledger.
    pub(crate) purpose: Label,
}

/// Nothing is left out of a pack: whoever does not cover all of it gets none.
pub(crate) async fn of_subject(
    State(app): State<App>,
    caller: Caller,
    Part(subject): Part<Subject>,
) -> Result<Response, Problem> {
    let of = app.clone();
    let packed = app.read(move |records| {
        let Found::Who(who) = records.find(&subject.to_string())? else {
            return Err(Fault::NotFound.into());
        };
        let mut scope = Scope::new(&of, &caller, records);
        if let Who::Person(person, _) = &who {
            scope.expect_person(*person)?;
            if caller.signer.role == Role::Assessor {
                for index in records.index.history(&who)? {
                    if scope.withholds(&records.ledger.event(index)?)? {
                        return Err(not_before_own());
                    }
                }
            }
        } else {
            for index in records.index.history(&who)? {
                if !scope.event(&records.ledger.event(index)?)? {
                    return Err(Fault::OtherDivision.into());
                }
            }
        }
        Ok(pack(records, &who, None)?)
    });
    Ok(([(header::CONTENT_TYPE, MEDIA)], packed.await?).into_response())
}

pub(crate) async fn revealed(
    State(app): State<App>,
    caller: Caller,
    Part(person): Part<PersonId>,
    JsonBody(For { purpose }): JsonBody<For>,
) -> Result<Response, Problem> {
    let purpose = Purpose { purpose, scope: None, on: None, history: false };
    reveal::look(&app, &caller, person, &purpose).await?;
    let packed = app.read(move |records| {
        let Found::Who(who) = records.find(&Subject::Person(person).to_string())? else {
            return Err(Fault::NotFound.into());
        };
        let mut revealer = Revealer::new(*records);
        let name = revealer.person(person)?.and_then(|personal| personal.name.clone());
        Ok(pack(records, &who, name.as_deref())?)
    });
    Ok(([(header::CONTENT_TYPE, MEDIA)], packed.await?).into_response())
}
