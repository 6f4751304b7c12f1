//! Papers: hashed with a salt of the ledger's vault, so that the log can refer to them (E-paper).
//!
//! The document itself is kept by whoever holds it; nothing of it is stored here.

use axum::{
    extract::{FromRequest, Request, State},
    http::StatusCode,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    App,
    answer::{Current, One},
    extract::{Part, Query, Whole, expect_type},
    own::{self, PERSONS},
    problem::{Fault, Problem},
    roles,
    row::{Access, Param, Row, json, raw, shape},
    scope::Scope,
    who::Caller,
};
use crate::answer::evidence_of;
use crate::event::Evidence;
use crate::value::{Hash, PersonId};

const MEDIA: &str = "application/octet-stream";
/// Longest document, in bytes: a scan of some pages.
const BODY_MAX: usize = 32 << 20;

/// Hashing it.
const TIME: std::time::Duration = std::time::Duration::from_secs(60);

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const QUERY: &[Param] = &[Param {
        name: "person",
        what: "Whose paper it is: hashed with that person's salt; a new applicant has none yet, a \
               roll or a picture of a house is nobody's",
        required: false,
        of: shape::<PersonId>(),
    }];
    vec![
        Row::post("/v1/evidence", evidence)
            .access(Access::Enrolled)
            .doc(
                "writing",
                "The salted hash by which an event refers to a document; the document is not kept",
            )
            .query(QUERY)
            .takes(&const { [raw(MEDIA)] }, BODY_MAX)
            .gives(json::<One<Paper>>())
            .time(Some(TIME)),
        Row::post("/v1/entries/{index}/evidence", check)
            .access(Access::Roles(roles::CASE))
            .doc(
                "log",
                "Whether a document is one that an entry refers to, and as what; the document is \
                 not kept",
            )
            .takes(&const { [raw(MEDIA)] }, BODY_MAX)
            .gives(json::<One<Evidence>>())
            .time(Some(TIME)),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    person: Option<PersonId>,
}

/// How an event refers to a document.
#[derive(Serialize, JsonSchema)]
struct Paper {
    /// `hash` of an item of evidence.
    hash: Hash,
}

async fn evidence(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<One<Paper>, Problem> {
    expect_type(&request, &[MEDIA])?;
    let Whole(document) = Whole::from_request(request, &app).await?;
    if document.is_empty() {
        return Err(Problem {
            status: StatusCode::UNPROCESSABLE_ENTITY.as_u16(),
            code: "empty_document",
            ..Problem::saying(Fault::BadBody, "the document is empty")
        });
    }
    let of = app.clone();
    app.read(move |records| {
        let ledger = records.ledger;
        let id = match asked.person {
            None => None,
            Some(person) => {
                if PERSONS.contains(&caller.signer.role) {
                    own::expect(records, &caller, person)?;
                } else {
                    Scope::new(&of, &caller, records).expect_worked_on(person)?;
                }
                let id = ledger.with_state(|state| {
                    state.people.find(&person).and_then(|found| found.ids.last().copied())
                })?;
                Some(id.ok_or(Fault::NotFound)?)
            }
        };
        let store = ledger.personal().ok_or(Fault::NoReveal)?;
        let hash = store.evidence(id.as_ref(), &document).map_err(Problem::internal)?;
        Ok(Current::of(&of, ledger.len())?.with(Paper { hash }))
    })
    .await
}

async fn check(
    State(app): State<App>,
    caller: Caller,
    Part(index): Part<u64>,
    request: Request,
) -> Result<One<Evidence>, Problem> {
    expect_type(&request, &[MEDIA])?;
    let Whole(document) = Whole::from_request(request, &app).await?;
    let of = app.clone();
    app.read(move |records| {
        let event = records.ledger.event(index)?;
        if !Scope::new(&of, &caller, records).event(&event)? {
            return Err(Fault::OtherDivision.into());
        }
        let found = evidence_of(records.ledger, index, &document)?;
        let (item, _) = found.ok_or_else(|| Problem {
            status: StatusCode::UNPROCESSABLE_ENTITY.as_u16(),
            code: "evidence_differs",
            hint: Some("ask its custodian for the original file".to_owned()),
            ..Problem::saying(Fault::BadBody, "the entry refers to no document with these bytes")
        })?;
        Ok(Current::of(&of, records.ledger.len())?.with(item))
    })
    .await
}
