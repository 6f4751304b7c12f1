//! Drawing assessors: the ledger's automatic signer signs a draw that anybody can repeat (E05).
//!
//! Nobody chooses the time to their liking: what fixes a draw stands on the ledger before, and a
//! second draw of a round draws the same. Whoever asks only says that it is to be done now.

use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    App,
    answer::{Current, One},
    extract::Part,
    problem::{Fault, Problem},
    row::{Access, Row, json},
    who::Caller,
};
use crate::answer::today;
use crate::domain::{Rejection, certificate::draw};
use crate::event::{AssessmentAssigned, Payload, Role};
use crate::value::{ActorId, CaseId, Hash, PersonId, Subject};

/// Who may have a draw made: those who would have to assign by hand, and the window.
pub(crate) const DRAWERS: &[Role] = &[Role::Clerk, Role::Reviewer];

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::post("/v1/cases/{case}/draw", make)
            .access(Access::Roles(DRAWERS))
            .doc("writing", "Draw the assessors of an accepted case; the ledger's own key signs it")
            .gives(json::<One<Drawn>>()),
        Row::get("/v1/cases/{case}/draw", show)
            .access(Access::Roles(DRAWERS))
            .doc("writing", "What drawing the assessors of a case now would draw")
            .gives(json::<One<Shown>>()),
    ]
}

/// What was drawn and recorded.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Drawn {
    /// The entry.
    pub(crate) index: u64,
    institution: ActorId,
    assessors: Vec<ActorId>,
    /// What anybody repeats the draw from.
    draw_seed: Hash,
}

/// What would be drawn.
#[derive(Serialize, JsonSchema)]
struct Shown {
    case: CaseId,
    draw_seed: Hash,
    institution: ActorId,
    assessors: Vec<ActorId>,
}

async fn show(
    State(app): State<App>,
    caller: Caller,
    Part(case): Part<CaseId>,
) -> Result<One<Shown>, Problem> {
    let (_, draw::Draw { seed, institution, assessors }) = find(&app, &caller, case)?;
    let shown = Shown { case, draw_seed: seed, institution, assessors };
    Ok(Current::of(&app, app.ledger.len())?.with(shown))
}

/// Whose case it is, and what is drawn for it, when the caller covers it.
fn find(app: &App, caller: &Caller, case: CaseId) -> Result<(PersonId, draw::Draw), Problem> {
    let ledger = &app.ledger;
    let found = ledger.with_state(|state| {
        let place = state.division_of_case(&case)?;
        let person = state.person_of_case(&case)?;
        Some((place, person, draw::draw(state, &case, today(ledger))))
    })?;
    let (place, person, drawn) = found.ok_or(Fault::NotFound)?;
    if !caller.covers(Some(place), app.whole) {
        return Err(Fault::OtherDivision.into());
    }
    Ok((person, drawn.map_err(Rejection::from)?))
}

pub(crate) async fn make(
    State(app): State<App>,
    caller: Caller,
    Part(case): Part<CaseId>,
) -> Result<One<Drawn>, Problem> {
    let (statement, mut drawn) = {
        let ledger = &app.ledger;
        let (person, drawn) = find(&app, &caller, case)?;
        let closed = "assessors cannot be drawn: the system key is not open";
        let pen = app.system.as_ref().ok_or_else(|| Problem::saying(Fault::NoReveal, closed))?;
        let draw::Draw { seed, institution, assessors } = drawn;
        let shown = Drawn {
            index: 0,
            institution: institution.clone(),
            assessors: assessors.clone(),
            draw_seed: seed,
        };
        let (session, draw_seed) = (None, Some(seed));
        let data = AssessmentAssigned { person, institution, assessors, session, draw_seed };
        let subject = Subject::Case(case);
        let mut payload = Payload::new(today(ledger), data);
        payload.expect = Some(ledger.expect(&subject)?);
        (pen.write(&subject, &payload).map_err(Problem::internal)?.bytes, shown)
    };
    let door = app.clone();
    let pending = tokio::task::spawn_blocking(move || door.ledger.submit(vec![statement]));
    let answer = pending.await.map_err(Problem::internal)??.answer().await?;
    match answer.results.into_iter().next() {
        Some(Ok(accepted)) => drawn.index = accepted.index,
        Some(Err(rejection)) => return Err(rejection.into()),
        None => return Err(Fault::Internal.into()),
    }
    Ok(Current::of(&app, app.ledger.len())?.with(drawn))
}
