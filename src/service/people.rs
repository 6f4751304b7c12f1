//! People: who is there, one's record, one's history.

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    App,
    answer::{Current, One, Page},
    extract::{JsonBody, Part, Query},
    page::{AFTER, Behind, DIVISION, LIMIT, limit},
    problem::{Fault, Problem},
    roles,
    row::{Access, Param, Row, json, shape},
    scope::Scope,
    who::Caller,
};
use crate::answer::{
    EventLine, Found, Moment, PersonRecord, Records,
    narrow::{self, CertificateStatus},
    today,
};
use crate::projection::Who;
use crate::value::{Day, DivisionCode, PersonId, Subject};

pub(crate) const ON: Param =
    Param { name: "on", what: "What was true on this day", required: false, of: shape::<Day>() };
pub(crate) const AS_OF: Param = Param {
    name: "as_of",
    what: "By what the ledger knew: an entry's index, a day, or \"YYYY-MM-DD HH:MM\"",
    required: false,
    of: shape::<String>(),
};
pub(crate) const TYPE: Param = Param {
    name: "type",
    what: "Only events whose type begins so, such as `query.`",
    required: false,
    of: shape::<String>(),
};

pub(crate) const STATUS: Param = Param {
    name: "status",
    what: "Only certificates that stand so, or people who have such a one",
    required: false,
    of: shape::<CertificateStatus>(),
};

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    const GROUP: &str = "people";
    const WHEN: &[Param] = &[ON, AS_OF];
    const HISTORY: &[Param] = &[ON, AS_OF, TYPE, AFTER, LIMIT];
    const LIST: &[Param] = &[STATUS, DIVISION, AFTER, LIMIT];
    vec![
        Row::post("/v1/find", find)
            .access(Access::Roles(roles::CASE))
            .doc(
                GROUP,
                "Whom a citizen ID, a certificate number or a subject names; a body, so that no \
                 number stands in an address",
            )
            .takes(&const { [json::<Named>()] }, 1024)
            .gives(json::<One<FoundSubject>>()),
        Row::get("/v1/people", list)
            .access(Access::Roles(roles::CASE))
            .doc(GROUP, "Everybody of the caller's division, in order of their ids")
            .query(LIST)
            .gives(json::<Page<PersonLine>>()),
        Row::get("/v1/people/{person}", show)
            .access(Access::Roles(roles::CASE))
            .doc(GROUP, "A person's certificates, payments, facts and flags on a day")
            .query(WHEN)
            .gives(json::<One<PersonRecord>>()),
        Row::get("/v1/people/{person}/history", history)
            .access(Access::Roles(roles::CASE))
            .doc(
                GROUP,
                "Every event about a person; with `type=query.` who looked at what is sealed",
            )
            .query(HISTORY)
            .gives(json::<Page<EventLine>>()),
        Row::get("/v1/subjects/{subject}/history", of_subject)
            .access(Access::Roles(roles::CASE))
            .doc(GROUP, "Every event about a case, a certificate or another subject")
            .query(HISTORY)
            .gives(json::<Page<EventLine>>()),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    pub(crate) who: String,
}

/// What a name stands for.
#[derive(Serialize, JsonSchema)]
pub(crate) struct FoundSubject {
    pub(crate) subject: Option<Subject>,
    pub(crate) entry: Option<u64>,
}

pub(crate) async fn find(
    State(app): State<App>,
    caller: Caller,
    JsonBody(named): JsonBody<Named>,
) -> Result<One<FoundSubject>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let found = match records.find(&named.who)? {
            Found::Entry(index) => FoundSubject { subject: None, entry: Some(index) },
            Found::Who(Who::Person(person, _)) => {
                Scope::new(&of, &caller, records).expect_person(person)?;
                FoundSubject { subject: Some(Subject::Person(person)), entry: None }
            }
            Found::Who(Who::Subject(subject)) => {
                if let Subject::Certificate(id) = &subject {
                    Scope::new(&of, &caller, records).expect_certificate(id)?;
                }
                FoundSubject { subject: Some(subject), entry: None }
            }
            Found::Who(Who::Id(_) | Who::Flag(_)) => return Err(Fault::NotFound.into()),
        };
        Ok(Current::of(&of, records.index.current_to())?.with(found))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listed {
    pub(crate) status: Option<CertificateStatus>,
    pub(crate) division: Option<DivisionCode>,
    pub(crate) after: Option<PersonId>,
    pub(crate) limit: Option<usize>,
}

/// A person of a list.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PersonLine {
    pub(crate) person: PersonId,
    pub(crate) birth_date: Option<Day>,
    pub(crate) division: Option<DivisionCode>,
    pub(crate) certificates: usize,
    pub(crate) payments: usize,
}

pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(listed): Query<Listed>,
) -> Result<Page<PersonLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let on = today(records.ledger);
        let wanted = narrow::People { status: listed.status, division: listed.division };
        let after = listed.after.map(|person| Behind { person, entry: None });
        let place = |line: &PersonLine| Behind { person: line.person, entry: None };
        let page = (after, listed.limit);
        let (items, next) = each_person(&of, &caller, records, page, place, |person, lines| {
            let file = records.index.file(person, on)?;
            if wanted.wants(&file, on) {
                lines.push(PersonLine {
                    person,
                    birth_date: file.birth,
                    division: file.division(),
                    certificates: file.certificates.len(),
                    payments: file.payments.len(),
                });
            }
            Ok(())
        })?;
        Ok(Current::of(&of, records.index.current_to())?.page(items, next))
    })
    .await
}

/// Goes through the persons that the caller sees, in order of their ids, until a page is full. What
/// is taken of one person is in order of its places. A page may hold less than was asked for, when
/// many persons on the way are of other divisions or not what is asked for.
pub(crate) fn each_person<T>(
    app: &App,
    caller: &Caller,
    records: &Records<'_>,
    (after, wanted): (Option<Behind>, Option<usize>),
    place: impl Fn(&T) -> Behind,
    mut take: impl FnMut(PersonId, &mut Vec<T>) -> Result<(), Problem>,
) -> Result<(Vec<T>, Option<String>), Problem> {
    /// Persons looked at for one page.
    const LOOKED_AT_MAX: usize = 5000;
    const AT_ONCE: usize = 256;
    let limit = limit(wanted)?;
    let mut scope = Scope::new(app, caller, records);
    let (mut items, mut last, mut looked_at) = (Vec::new(), after.map(|it| it.person), 0);
    // One more than a page: whether there is anything behind it.
    if let Some(Behind { person, entry: Some(entry) }) = after
        && scope.person(person)?
    {
        take(person, &mut items)?;
        items.retain(|item| place(item).entry.is_some_and(|at| at > entry));
    }
    loop {
        if items.len() > limit {
            items.truncate(limit);
            let next = items.last().map(|item| place(item).to_string());
            return Ok((items, next));
        }
        if looked_at >= LOOKED_AT_MAX {
            let next = last.map(|person| Behind { person, entry: None }.to_string());
            return Ok((items, next));
        }
        let persons = records.index.persons_after(last, AT_ONCE)?;
        if persons.is_empty() {
            return Ok((items, None));
        }
        for person in persons {
            last = Some(person);
            looked_at += 1;
            if scope.person(person)? {
                take(person, &mut items)?;
            }
            if items.len() > limit {
                break;
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct When {
    pub(crate) on: Option<Day>,
    pub(crate) as_of: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    Part(person): Part<PersonId>,
    Query(when): Query<When>,
) -> Result<One<PersonRecord>, Problem> {
    let of = app.clone();
    // What was known at an entry is found by reading what came after it.
    let is_long = when.as_of.is_some();
    let ask = move |records: &Records<'_>| {
        let mut scope = Scope::new(&of, &caller, records);
        if !scope.is_whole() {
            known(records, person)?;
            scope.expect_person(person)?;
        }
        let moment = Moment::find(records, when.on, when.as_of.as_deref())?;
        let record = PersonRecord::of(records, &moment, person, false)?;
        // Whoever has something on record is known without another look.
        if record.is_empty() {
            known(records, person)?;
        }
        Ok(Current::of(&of, records.index.current_to())?.at(&moment).with(record))
    };
    if is_long { app.read(ask).await } else { app.read_one(ask).await }
}

/// Refuses a person of whom the ledger holds nothing.
pub(super) fn known(records: &Records<'_>, person: PersonId) -> Result<(), Problem> {
    let found = records.find(&Subject::Person(person).to_string())?;
    if matches!(found, Found::Who(_)) { Ok(()) } else { Err(Fault::NotFound.into()) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HistoryOf {
    pub(crate) on: Option<Day>,
    pub(crate) as_of: Option<String>,
    pub(crate) r#type: Option<String>,
    pub(crate) after: Option<u64>,
    pub(crate) limit: Option<usize>,
}

pub(crate) async fn history(
    State(app): State<App>,
    caller: Caller,
    Part(person): Part<PersonId>,
    Query(asked): Query<HistoryOf>,
) -> Result<Page<EventLine>, Problem> {
    events_of(app, caller, Subject::Person(person), asked).await
}

pub(crate) async fn of_subject(
    State(app): State<App>,
    caller: Caller,
    Part(subject): Part<Subject>,
    Query(asked): Query<HistoryOf>,
) -> Result<Page<EventLine>, Problem> {
    events_of(app, caller, subject, asked).await
}

pub(crate) async fn events_of(
    app: App,
    caller: Caller,
    subject: Subject,
    asked: HistoryOf,
) -> Result<Page<EventLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let Found::Who(who) = records.find(&subject.to_string())? else {
            return Err(Fault::NotFound.into());
        };
        let mut scope = Scope::new(&of, &caller, records);
        if let Who::Person(person, _) = &who {
            scope.expect_person(*person)?;
        }
        let moment = Moment::find(records, asked.on, asked.as_of.as_deref())?;
        let limit = limit(asked.limit)?;
        let indexes = records.index.history(&who)?.into_iter();
        let behind = indexes.filter(|index| asked.after.is_none_or(|after| *index > after));
        let (mut items, mut hidden, mut next) = (Vec::new(), 0_usize, None);
        for index in behind.filter(|index| moment.knows(*index)) {
            let event = records.ledger.event(index)?;
            let wanted = asked.on.is_none_or(|on| event.payload.at <= on)
                && asked
                    .r#type
                    .as_ref()
                    .is_none_or(|name| event.payload.body.name().starts_with(name));
            if !wanted {
                continue;
            }
            if items.len() == limit {
                next = items.last().map(|line: &EventLine| line.index.to_string());
                break;
            }
            let is_open = match who {
                Who::Person(..) => !scope.withholds(&event)?,
                _ => scope.event(&event)?,
            };
            if is_open {
                items.push(EventLine::of(records.ledger, event, false)?);
            } else {
                hidden += 1;
            }
        }
        if items.is_empty() && hidden > 0 {
            return Err(Fault::OtherDivision.into());
        }
        Ok(Current::of(&of, records.index.current_to())?.at(&moment).page(items, next))
    })
    .await
}
