//! Who looked at whose personal data, the newest first.

use axum::extract::State;
use serde::Deserialize;

use super::{
    App,
    answer::{Current, Page},
    extract::Query,
    page::{AFTER, LIMIT, limit},
    problem::Problem,
    roles,
    row::{Access, Param, Row, json, shape},
    scope::Scope,
    who::Caller,
};
use crate::answer::EventLine;
use crate::event::Body;
use crate::projection::Who;
use crate::value::{PersonId, Subject};

/// Looks that are read for one page: more of them may be of other divisions.
const LOOKED_AT_MAX: usize = 5000;

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    const LOOKS: &[Param] = &[
        Param {
            name: "person",
            what: "Only looks at this person",
            required: false,
            of: shape::<PersonId>(),
        },
        AFTER,
        LIMIT,
    ];
    vec![
        Row::get("/v1/looks", looks)
            .access(Access::Roles(roles::LOG))
            .doc("log", "Who looked at whose personal data, the newest first")
            .query(LOOKS)
            .gives(json::<Page<EventLine>>()),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfLooks {
    pub(crate) person: Option<PersonId>,
    /// Looks before this entry.
    pub(crate) after: Option<u64>,
    pub(crate) limit: Option<usize>,
}

pub(crate) async fn looks(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<OfLooks>,
) -> Result<Page<EventLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let limit = limit(asked.limit)?;
        let before = asked.after.unwrap_or(u64::MAX);
        let newest = match asked.person {
            // A person's own history is short.
            Some(person) => {
                let mut own = records.index.history(&Who::Subject(Subject::Person(person)))?;
                own.retain(|index| *index < before);
                own.reverse();
                own
            }
            // One more than is looked at: then there is a next page.
            None => records.index.looks_before(before, LOOKED_AT_MAX + 1)?,
        };
        let mut scope = Scope::new(&of, &caller, records);
        let (mut items, mut next, mut last) = (Vec::new(), None, None);
        for (number, index) in newest.into_iter().enumerate() {
            if items.len() == limit || number == LOOKED_AT_MAX {
                next = last.map(|last: u64| last.to_string());
                break;
            }
            last = Some(index);
            let event = records.ledger.event(index)?;
            if matches!(event.payload.body, Body::QueryLogged(_)) && scope.event(&event)? {
                items.push(EventLine::of(records.ledger, event, false)?);
            }
        }
        Ok(Current::of(&of, records.index.current_to())?.page(items, next))
    })
    .await
}
