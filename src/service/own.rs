//! What a person with a key of their own sees: their record and that of those they are guardian
//! of, every step that was taken, and who looked at it.
//!
//! Flags are left out: they are leads about which nobody has said anything yet, and whoever is
//! asked hears of it from the inspector. What was decided on one (money ordered back, help given)
//! is there.

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    App,
    answer::{Current, One},
    extract::Query,
    page::{AFTER, LIMIT, limit},
    people::ON,
    problem::{Fault, Problem},
    row::{Access, Param, Row, json},
    who::Caller,
};
use crate::answer::{EventLine, Found, Moment, PersonRecord, Records};
use crate::event::{Body, Role};
use crate::value::{Day, PersonId, Subject};

/// Who may ask: a person, or a guardian.
pub(crate) const PERSONS: &[Role] = &[Role::Applicant];

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    const QUERY: &[Param] = &[ON, AFTER, LIMIT];
    vec![
        Row::get("/v1/me/records", own)
            .access(Access::Roles(PERSONS))
            .doc("people", "The caller's own record and those of whom they are guardian")
            .query(QUERY)
            .gives(json::<One<Vec<OwnRecord>>>()),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    pub(crate) on: Option<Day>,
    /// Steps behind this entry.
    pub(crate) after: Option<u64>,
    pub(crate) limit: Option<usize>,
}

/// One person's record, for that person.
#[derive(Serialize, JsonSchema)]
pub(crate) struct OwnRecord {
    pub(crate) record: PersonRecord,
    /// Every step, oldest first.
    pub(crate) steps: Vec<EventLine>,
    /// Every look at what is sealed.
    pub(crate) looks: Vec<EventLine>,
    /// Ask again with `after` set to this for more steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<u64>,
}

pub(crate) async fn own(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<One<Vec<OwnRecord>>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let limit = limit(asked.limit)?;
        let moment = Moment::find(records, asked.on, None)?;
        let mut found = Vec::new();
        for person in persons(records, &caller)? {
            let mut record = PersonRecord::of(records, &moment, person, false)?;
            record.flags.clear();
            let mut own = OwnRecord { record, steps: Vec::new(), looks: Vec::new(), next: None };
            steps(records, person, &asked, limit, &mut own)?;
            found.push(own);
        }
        Ok(Current::of(&of, records.index.current_to())?.at(&moment).with(found))
    })
    .await
}

/// One entry about the caller, or about somebody of whom they are guardian; no other is shown.
pub(crate) async fn entry(
    app: &App,
    caller: Caller,
    index: u64,
) -> Result<One<EventLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let event = records.ledger.event(index)?;
        let about = match (event.payload.body.person(), &event.subject) {
            (Some(person), _) => Some(person),
            (None, Subject::Person(person)) => Some(*person),
            (None, _) => None,
        };
        let is_own = match about {
            Some(person) => persons(records, &caller)?.contains(&person),
            None => false,
        };
        if !is_own {
            return Err(Fault::NotFound.into());
        }
        let line = EventLine::of(records.ledger, event, false)?;
        Ok(Current::of(&of, records.index.current_to())?.with(line))
    })
    .await
}

/// Refuses a person who is neither the caller nor somebody of whom the caller is guardian.
pub(crate) fn expect(
    records: &Records<'_>,
    caller: &Caller,
    person: PersonId,
) -> Result<(), Problem> {
    let own = persons(records, caller)?.contains(&person);
    if own { Ok(()) } else { Err(Fault::NotFound.into()) }
}

/// The person whose ID number the actor was enrolled with, and those it is guardian of.
pub(crate) fn persons(records: &Records<'_>, caller: &Caller) -> Result<Vec<PersonId>, Problem> {
    Ok(records.ledger.with_state(|state| {
        let actor = state.actors.find(&caller.signer.actor);
        let Some(tag) = actor.and_then(|actor| actor.person) else { return Vec::new() };
        let mut persons: Vec<PersonId> = state.people.by_tag(&tag).into_iter().collect();
        persons.extend(state.people.wards_of(&tag));
        persons
    })?)
}

fn steps(
    records: &Records<'_>,
    person: PersonId,
    asked: &Asked,
    limit: usize,
    own: &mut OwnRecord,
) -> Result<(), Problem> {
    let Found::Who(who) = records.find(&Subject::Person(person).to_string())? else {
        return Ok(());
    };
    for index in records.index.history(&who)? {
        let event = records.ledger.event(index)?;
        let body = &event.payload.body;
        if matches!(body, Body::QueryLogged(_)) {
            own.looks.push(EventLine::of(records.ledger, event, false)?);
        } else if !is_lead(body) && asked.after.is_none_or(|after| index > after) {
            if own.steps.len() == limit {
                own.next = own.next.or_else(|| own.steps.last().map(|step| step.index));
                continue;
            }
            own.steps.push(EventLine::of(records.ledger, event, false)?);
        }
    }
    Ok(())
}

const fn is_lead(body: &Body) -> bool {
    matches!(body, Body::AnomalyRaised(_) | Body::AnomalyAssigned(_) | Body::AnomalyReviewed(_))
}
