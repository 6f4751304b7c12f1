//! What is sealed about a person, opened for a purpose that stands on the ledger first.

use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    App,
    answer::{Current, One},
    extract::{JsonBody, Part},
    people::known,
    problem::{Fault, Problem},
    roles,
    row::{Access, Row, json},
    scope::Scope,
    who::Caller,
};
use crate::answer::{EventLine, Found, Moment, PersonRecord, today};
use crate::event::{Payload, QueryLogged};
use crate::ledger::Ledger;
use crate::value::{Day, Label, PersonId, Subject};

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::post("/v1/people/{person}/reveal", reveal)
            .access(Access::Roles(roles::REVEAL))
            .doc(
                "people",
                "A person's record with what is sealed. First the look itself is put on the \
                 ledger: who, for what",
            )
            .takes(&const { [json::<Purpose>()] }, 4096)
            .gives(json::<One<Revealed>>()),
    ]
}

/// Why somebody looks, and at what.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Purpose {
    /// For what; it stands on the ledger.
    pub(crate) purpose: Label,
    /// Which data.
    pub(crate) scope: Option<Label>,
    /// The day of the record.
    pub(crate) on: Option<Day>,
    /// With every event, each with its own sealed data.
    #[serde(default)]
    pub(crate) history: bool,
}

/// A record with what is sealed.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Revealed {
    /// The entry that says who looked, and for what.
    pub(crate) logged: u64,
    pub(crate) record: PersonRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) history: Option<Vec<EventLine>>,
}

/// In order: the person is the caller's to see and not restricted; the look is signed by the
/// ledger's own key and durable on the log; only then is anything opened.
pub(crate) async fn reveal(
    State(app): State<App>,
    caller: Caller,
    Part(person): Part<PersonId>,
    JsonBody(purpose): JsonBody<Purpose>,
) -> Result<Json<One<Revealed>>, Problem> {
    let logged = look(&app, &caller, person, &purpose).await?;
    let of = app.clone();
    let revealed = app.read(move |records| {
        let moment = Moment::find(records, purpose.on, None)?;
        let record = PersonRecord::of(records, &moment, person, true)?;
        let history = if purpose.history {
            let Found::Who(who) = records.find(&Subject::Person(person).to_string())? else {
                return Err(Fault::NotFound.into());
            };
            let events = records.index.history(&who)?.into_iter().map(|index| {
                let event = records.ledger.event(index)?;
                Ok(EventLine::of(records.ledger, event, true)?)
            });
            Some(events.collect::<Result<Vec<_>, Problem>>()?)
        } else {
            None
        };
        let revealed = Revealed { logged, record, history };
        Ok(Current::of(&of, records.index.current_to())?.at(&moment).with(revealed))
    });
    Ok(Json(revealed.await?))
}

/// Asks whether the person is the caller's to see and not restricted, puts the look on the ledger
/// and answers where it stands.
pub(crate) async fn look(
    app: &App,
    caller: &Caller,
    person: PersonId,
    purpose: &Purpose,
) -> Result<u64, Problem> {
    let (of, asks) = (app.clone(), caller.clone());
    app.read(move |records| {
        known(records, person)?;
        Scope::new(&of, &asks, records).expect_person(person)?;
        let restricted = records.ledger.with_state(|state| {
            state.people.find(&person).is_some_and(|person| person.restricted)
        })?;
        if restricted && !roles::PROTECTORS.contains(&asks.signer.role) {
            return Err(Fault::Restricted.into());
        }
        Ok(())
    })
    .await?;
    let logged = log_look(app, caller, person, purpose).await?;
    app.figures.reveals.inc();
    Ok(logged)
}

/// Puts the look on the ledger (E46) and answers where it stands.
pub(crate) async fn log_look(
    app: &App,
    caller: &Caller,
    person: PersonId,
    purpose: &Purpose,
) -> Result<u64, Problem> {
    log_looks(app, caller, &[person], purpose).await?.ok_or_else(|| Fault::Internal.into())
}

/// Looks that are sent to the writer together: a payroll may name tens of thousands, and others write
/// in between.
const LOOKS_AT_ONCE: usize = 1000;

/// Puts a look at each of these persons on the ledger and answers where the last one stands; none
/// where there is nobody. All of them are there before this returns.
pub(crate) async fn log_looks(
    app: &App,
    caller: &Caller,
    persons: &[PersonId],
    purpose: &Purpose,
) -> Result<Option<u64>, Problem> {
    if persons.is_empty() {
        return Ok(None);
    }
    let statements = {
        let ledger: &Ledger = &app.ledger;
        let pen = app.system.as_ref().filter(|_| ledger.personal().is_some());
        let pen = pen.ok_or(Fault::NoReveal)?;
        let signer = &caller.signer;
        let to = format!("{} {}", signer.organisation, signer.actor);
        // A long name of an office leaves no room: the actor alone says who.
        let to = to.parse().or_else(|_| signer.actor.as_str().parse::<Label>())?;
        let today = today(ledger);
        let write = |person: &PersonId| {
            let data = QueryLogged {
                person: *person,
                to: to.clone(),
                purpose: purpose.purpose.clone(),
                scope: purpose.scope.clone(),
                by: Some(signer.actor.clone()),
                role: Some(signer.role),
            };
            let signed = pen.write(&Subject::Person(*person), &Payload::new(today, data));
            Ok(signed.map_err(Problem::internal)?.bytes)
        };
        persons.iter().map(write).collect::<Result<Vec<_>, Problem>>()?
    };
    let mut last = None;
    let mut statements = statements.into_iter();
    loop {
        let few: Vec<_> = statements.by_ref().take(LOOKS_AT_ONCE).collect();
        if few.is_empty() {
            return Ok(last);
        }
        let door = app.clone();
        let pending = tokio::task::spawn_blocking(move || door.ledger.submit(few));
        let answer = pending.await.map_err(Problem::internal)??.answer().await?;
        for result in answer.results {
            last = Some(result.map_err(Problem::internal)?.index);
        }
    }
}
