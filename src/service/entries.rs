//! The log itself: entries by filter, one entry, its receipt; and as CloudEvents for integrators.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    App,
    answer::{Current, One, Page},
    extract::{Part, Query},
    page::{AFTER, LIMIT, limit},
    people::TYPE,
    problem::Problem,
    roles,
    row::{Access, Param, Row, json, raw, shape},
    scope::Scope,
    who::Caller,
};
use crate::answer::EventLine;
use crate::event::Recorded;
use crate::ledger::{Ledger, ReadError};
use crate::value::{PersonId, Subject};

/// Entries looked at for one page.
const LOOKED_AT_MAX: u64 = 20_000;

pub(crate) const SUBJECT: Param = Param {
    name: "subject",
    what: "Only of this subject, kind:id",
    required: false,
    of: shape::<Subject>(),
};
pub(crate) const PERSON: Param = Param {
    name: "person",
    what: "Only about this person",
    required: false,
    of: shape::<PersonId>(),
};
pub(crate) const FORM: Param = Param {
    name: "form",
    what: "`cloudevents`: each event in the CloudEvents 1.0 JSON form",
    required: false,
    of: shape::<As>(),
};

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    const GROUP: &str = "log";
    const ENTRIES: &[Param] = &[TYPE, SUBJECT, PERSON, FORM, AFTER, LIMIT];
    vec![
        Row::get("/v1/entries", entries)
            .access(Access::Roles(roles::LOG))
            .doc(GROUP, "Events in the order of the log, those that the caller covers")
            .query(ENTRIES)
            .gives(json::<Page<EventLine>>()),
        Row::get("/v1/entries/{index}", entry)
            .access(Access::Concerned)
            .doc(GROUP, "One event")
            .gives(json::<One<EventLine>>()),
        Row::get("/v1/entries/{index}/receipt", receipt)
            .access(Access::Concerned)
            .doc(GROUP, "The offline receipt of an entry (C2SP tlog-proof), with the entry in it")
            .gives(raw("text/plain")),
    ]
}

/// Which events are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) name: Option<String>,
    pub(crate) subject: Option<Subject>,
    pub(crate) person: Option<PersonId>,
}

impl Filter {
    pub(crate) fn wants(&self, event: &Recorded) -> bool {
        let body = &event.payload.body;
        let is_about = |person: PersonId| {
            body.person() == Some(person) || event.subject == Subject::Person(person)
        };
        self.name.as_ref().is_none_or(|name| body.name().starts_with(name))
            && self.subject.as_ref().is_none_or(|subject| event.subject == *subject)
            && self.person.is_none_or(is_about)
    }

    /// Whether an entry may be one of them, by its bytes: a type is one of its quoted words.
    /// Decoding thousands of entries for one that is wanted takes longer than looking.
    fn may_want(&self, entry: &[u8]) -> bool {
        let Some(name) = &self.name else { return true };
        entry.split(|byte| *byte == b'"').any(|word| word.starts_with(name.as_bytes()))
    }
}

/// How an event is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum As {
    #[default]
    Event,
    CloudEvents,
}

/// An event in the CloudEvents 1.0 JSON form.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CloudEvent {
    specversion: &'static str,
    /// The statement's id.
    id: String,
    /// The ledger.
    source: String,
    r#type: String,
    subject: Subject,
    /// When it was recorded.
    time: String,
    datacontenttype: &'static str,
    /// The entry's index, as the extension `sequence` has it.
    sequence: String,
    data: EventLine,
}

impl CloudEvent {
    pub(crate) fn of(ledger: &Ledger, event: Recorded) -> Result<Self, Problem> {
        let ms = i64::try_from(event.recorded_at_ms).map_err(Problem::internal)?;
        let time = Timestamp::from_millisecond(ms).map_err(Problem::internal)?;
        Ok(Self {
            specversion: "1.0",
            id: event.id.to_string(),
            source: format!("//{}", ledger.origin()),
            r#type: format!("mingzheng.{}", event.payload.body.name()),
            subject: event.subject.clone(),
            time: time.to_string(),
            datacontenttype: "application/json",
            sequence: event.index.to_string(),
            data: EventLine::of(ledger, event, false)?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    pub(crate) r#type: Option<String>,
    pub(crate) subject: Option<Subject>,
    pub(crate) person: Option<PersonId>,
    #[serde(default)]
    pub(crate) form: As,
    pub(crate) after: Option<u64>,
    pub(crate) limit: Option<usize>,
}

/// What a page of entries is written as.
pub(crate) enum Written {
    Events(Page<EventLine>),
    Cloud(Page<CloudEvent>),
}

impl IntoResponse for Written {
    fn into_response(self) -> Response {
        match self {
            Self::Events(page) => page.into_response(),
            Self::Cloud(page) => Json(page).into_response(),
        }
    }
}

pub(crate) async fn entries(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Written, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let limit = limit(asked.limit)?;
        let filter = Filter { name: asked.r#type, subject: asked.subject, person: asked.person };
        let mut scope = Scope::new(&of, &caller, records);
        let from = asked.after.map_or(0, |after| after.saturating_add(1));
        let end = records.index.current_to();
        let until = end.min(from.saturating_add(LOOKED_AT_MAX));
        let (reader, decoder) = (records.ledger.reader(), records.ledger.decoder()?);
        let (mut found, mut next) = (Vec::new(), None);
        for index in from..until {
            let entry = reader.read(index).map_err(ReadError::from)?;
            if filter.may_want(&entry) {
                let event = decoder.event(index, &entry)?;
                if filter.wants(&event) && scope.event(&event)? {
                    found.push(event);
                }
            }
            if found.len() == limit || index + 1 == until {
                next = (index + 1 < end).then(|| index.to_string());
            }
            if found.len() == limit {
                break;
            }
        }
        let current = Current::of(&of, end)?;
        let ledger = records.ledger;
        Ok(match asked.form {
            As::Event => {
                let lines = found.into_iter().map(|event| EventLine::of(ledger, event, false));
                Written::Events(current.page(lines.collect::<Result<_, _>>()?, next))
            }
            As::CloudEvents => {
                let events = found.into_iter().map(|event| CloudEvent::of(ledger, event));
                Written::Cloud(current.page(events.collect::<Result<_, _>>()?, next))
            }
        })
    })
    .await
}

pub(crate) async fn entry(
    State(app): State<App>,
    caller: Caller,
    Part(index): Part<u64>,
) -> Result<One<EventLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let event = records.ledger.event(index)?;
        Scope::new(&of, &caller, records).expect_entry(&event)?;
        let line = EventLine::of(records.ledger, event, false)?;
        Ok(Current::of(&of, records.index.current_to())?.with(line))
    })
    .await
}

pub(crate) async fn receipt(
    State(app): State<App>,
    caller: Caller,
    Part(index): Part<u64>,
) -> Result<Response, Problem> {
    let of = app.clone();
    let receipt = app.read(move |records| {
        let event = records.ledger.event(index)?;
        Scope::new(&of, &caller, records).expect_entry(&event)?;
        Ok(records.ledger.receipt(index)?.to_string())
    });
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], receipt.await?).into_response())
}
