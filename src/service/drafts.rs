//! Drafting: a plain form becomes the sealed event body that its signer checks and signs.

use axum::{
    Json,
    extract::{FromRequest, Request, State},
};
use zeroize::Zeroizing;

use super::{
    App,
    extract::{Whole, expect_type},
    own::PERSONS,
    problem::{Fault, Problem},
    row::{Access, Row, json, raw},
    who::Caller,
};
use crate::answer::draft::{BODY_BYTES_MAX, DraftFile, read_body};
use crate::domain::{Rejection, admission};
use crate::event::Payload;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::post("/v1/drafts", draft)
            .access(Access::Enrolled)
            .doc(
                "writing",
                "Turn an event body (`type`, `at`, `subject`, `data`, `personal` ...) into a \
                 draft for the caller to check and sign",
            )
            .takes(&const { [raw("application/json")] }, BODY_MAX)
            .gives(json::<DraftFile>()),
    ]
}

#[expect(clippy::cast_possible_truncation, reason = "128 KiB")]
const BODY_MAX: usize = BODY_BYTES_MAX as usize;

/// The signer's client opens the sealed data again, shows it, lays the statement out by itself
/// and signs that: nobody signs bytes which the server chose.
async fn draft(
    State(app): State<App>,
    caller: Caller,
    request: Request,
) -> Result<Json<DraftFile>, Problem> {
    expect_type(&request, &["application/json"])?;
    let Whole(body) = Whole::from_request(request, &app).await?;
    let text = String::from_utf8(body.to_vec()).map_err(|_| Fault::BadBody)?;
    let text = Zeroizing::new(text);
    let drafted = tokio::task::spawn_blocking(move || {
        let body = read_body(&text)?;
        let draft = body.draft(&app.ledger, &caller.signer, caller.kid)?;
        expect_own(&app, &caller, &draft)?;
        Ok::<_, Problem>(draft)
    });
    Ok(Json(drafted.await.map_err(Problem::internal)??))
}

/// A draft names the person that a typed number is known as: to somebody who signs as a person, only
/// themselves and those they are guardian of.
fn expect_own(app: &App, caller: &Caller, draft: &DraftFile) -> Result<(), Problem> {
    if !PERSONS.contains(&caller.signer.role) {
        return Ok(());
    }
    let payload = Payload::from_json(draft.payload.as_bytes()).map_err(Problem::internal)?;
    let Some(person) = payload.body.person() else { return Ok(()) };
    let of_another = app.ledger.with_state(|state| {
        let known = state.people.find(&person).is_some();
        known && !admission::is_theirs(state, &caller.signer.actor, person)
    });
    if of_another? { Err(Rejection::from(admission::Refused::NotTheirs).into()) } else { Ok(()) }
}
