//! Proposals: what waits for a second signer, those that wait for the caller or that the caller may
//! read anyway.

use axum::extract::State;
use serde::Deserialize;

use super::{
    App,
    answer::{Current, Page},
    extract::Query,
    page::{AFTER, LIMIT, limit},
    problem::Problem,
    row::{Access, Param, Row, json, shape},
    scope::Scope,
    who::Caller,
};
use crate::answer::EventLine;
use crate::domain::endorsement;
use crate::value::{Hash, RollId, Subject};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const QUERY: &[Param] = &[
        Param {
            name: "roll",
            what: "Only those that came with this roll",
            required: false,
            of: shape::<RollId>(),
        },
        Param {
            name: "statement",
            what: "Only this statement",
            required: false,
            of: shape::<Hash>(),
        },
        AFTER,
        LIMIT,
    ];
    vec![
        Row::get("/v1/proposals", proposals)
            .access(Access::Concerned)
            .doc("writing", "Proposals that wait for a second signer, in the order of the log")
            .query(QUERY)
            .gives(json::<Page<EventLine>>()),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    roll: Option<RollId>,
    statement: Option<Hash>,
    after: Option<u64>,
    limit: Option<usize>,
}

async fn proposals(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Page<EventLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let limit = limit(asked.limit)?;
        let mut waiting = records.ledger.with_state(|state| {
            let wanted = state.proposals.iter().filter(|proposal| {
                asked.after.is_none_or(|after| proposal.index > after)
                    && asked.statement.is_none_or(|id| proposal.id == id)
                    && asked
                        .roll
                        .is_none_or(|roll| endorsement::concerns(&Subject::Roll(roll), proposal))
            });
            wanted.cloned().collect::<Vec<_>>()
        })?;
        waiting.sort_by_key(|proposal| proposal.index);
        let mut scope = Scope::new(&of, &caller, records);
        let (mut items, mut next) = (Vec::new(), None);
        for proposal in waiting {
            if scope.opens(&proposal)?.is_some() {
                continue;
            }
            if items.len() == limit {
                next = items.last().map(|line: &EventLine| line.index.to_string());
                break;
            }
            items.push(EventLine::of(records.ledger, proposal, false)?);
        }
        Ok(Current::of(&of, records.index.current_to())?.page(items, next))
    })
    .await
}
