//! Lists: certificates, payments, actors, policies, programmes, statistics.

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    App,
    answer::{Current, One, Page},
    extract::{Part, Query},
    page::{AFTER, LIMIT, limit},
    people::{AS_OF, ON, each_person},
    problem::{Fault, Problem},
    roles,
    row::{Access, Param, Row, json, shape},
    scope::Scope,
    who::Caller,
};
use crate::answer::{
    ActorLine, CertificateLine, Moment, PaymentLine, PolicyLine, SumLine, actors, policies,
    statistics,
};
use crate::policy::explain;
use crate::rules::PersonFile;
use crate::value::{ActorId, Day, Hash, Lang, PersonId, Programme};

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    const GROUP: &str = "lists";
    const PERSONS: &[Param] = &[ON, AS_OF, AFTER, LIMIT];
    const ACTORS: &[Param] = &[ON, AFTER, LIMIT];
    const PAYMENTS: &[Param] = &[
        ON,
        AS_OF,
        Param {
            name: "programme",
            what: "Only payments of this programme",
            required: false,
            of: shape::<Programme>(),
        },
        AFTER,
        LIMIT,
    ];
    vec![
        Row::get("/v1/certificates", certificates)
            .access(Access::Roles(roles::CASE))
            .doc(GROUP, "Certificates with their status on a day, in order of their holders")
            .query(PERSONS)
            .gives(json::<Page<CertificateLine>>()),
        Row::get("/v1/payments", payments)
            .access(Access::Roles(roles::MONEY))
            .doc(GROUP, "Payments of the months up to a day, in order of their receivers")
            .query(PAYMENTS)
            .gives(json::<Page<PaymentLine>>()),
        Row::get("/v1/actors", list_actors)
            .doc(
                GROUP,
                "Every enrolled actor with its role, division and current key, and whether its \
                 enrolment holds on a day",
            )
            .query(ACTORS)
            .gives(json::<Page<ActorLine>>()),
        Row::get("/v1/policies", list_policies)
            .access(Access::Enrolled)
            .doc(GROUP, "Every published policy, in the order of the log")
            .gives(json::<Page<PolicyLine>>()),
        Row::get("/v1/policies/{hash}", policy)
            .access(Access::Enrolled)
            .doc(GROUP, "A policy's text, and what it means in words")
            .gives(json::<One<PolicyText>>()),
        Row::get("/v1/programmes", programmes)
            .access(Access::Enrolled)
            .doc(GROUP, "The policies in force on a day, one for each name and division")
            .query(&const { [ON] })
            .gives(json::<Page<PolicyLine>>()),
        Row::get("/v1/statistics", sums)
            .access(Access::Roles(roles::LOG))
            .doc(
                GROUP,
                "Events by type, certificates issued by month and division, and money by \
                 programme, month and division",
            )
            .gives(json::<Page<SumLine>>()),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfPersons {
    pub(crate) on: Option<Day>,
    pub(crate) as_of: Option<String>,
    pub(crate) programme: Option<Programme>,
    pub(crate) after: Option<PersonId>,
    pub(crate) limit: Option<usize>,
}

pub(crate) async fn certificates(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<OfPersons>,
) -> Result<Page<CertificateLine>, Problem> {
    if asked.programme.is_some() {
        return Err(Fault::BadQuery.into());
    }
    of_persons(app, caller, asked, |file, on, lines| {
        let issued = file.certificates.iter().filter(|found| found.issued <= on);
        lines.extend(issued.map(|found| CertificateLine::new(file.person, found, on)));
    })
    .await
}

pub(crate) async fn payments(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<OfPersons>,
) -> Result<Page<PaymentLine>, Problem> {
    let programme = asked.programme;
    of_persons(app, caller, asked, move |file, _, lines| {
        let paid = file.payments.iter();
        let wanted = paid.filter(|found| programme.is_none_or(|it| found.paid.programme == it));
        lines.extend(wanted.map(|found| PaymentLine::new(file.person, found)));
    })
    .await
}

/// A page of what the files of persons hold, at the moment that is asked for.
async fn of_persons<T: Send + 'static>(
    app: App,
    caller: Caller,
    asked: OfPersons,
    take: impl Fn(&PersonFile, Day, &mut Vec<T>) + Send + 'static,
) -> Result<Page<T>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let moment = Moment::find(records, asked.on, asked.as_of.as_deref())?;
        let files = |person, lines: &mut Vec<T>| {
            let files = moment.files(records, &[person])?;
            files.iter().for_each(|file| take(file, moment.on, lines));
            Ok(())
        };
        let page = each_person(&of, &caller, records, asked.after, asked.limit, files)?;
        Ok(Current::of(&of, moment.current_to(records))?.page(page.0, page.1))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfActors {
    pub(crate) on: Option<Day>,
    pub(crate) after: Option<ActorId>,
    pub(crate) limit: Option<usize>,
}

pub(crate) async fn list_actors(
    State(app): State<App>,
    _: Caller,
    Query(asked): Query<OfActors>,
) -> Result<Page<ActorLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let limit = limit(asked.limit)?;
        let all = actors(records.ledger, records.day(asked.on))?.into_iter();
        let mut items: Vec<ActorLine> = all
            .filter(|line| asked.after.as_ref().is_none_or(|after| line.actor > *after))
            .take(limit + 1)
            .collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|line| line.actor.to_string());
        Ok(Current::of(&of, records.ledger.len())?.page(items, next))
    })
    .await
}

pub(crate) async fn list_policies(
    State(app): State<App>,
    _: Caller,
) -> Result<Page<PolicyLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let items = policies(records.ledger)?;
        Ok(Current::of(&of, records.ledger.len())?.page(items, None))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnDay {
    pub(crate) on: Option<Day>,
}

pub(crate) async fn programmes(
    State(app): State<App>,
    _: Caller,
    Query(asked): Query<OnDay>,
) -> Result<Page<PolicyLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let on = records.day(asked.on);
        let mut in_force: Vec<PolicyLine> = Vec::new();
        for line in policies(records.ledger)? {
            let holds = line.valid_from <= on && line.valid_to.is_none_or(|to| on <= to);
            if !holds {
                continue;
            }
            let same = |other: &&mut PolicyLine| {
                (&other.name, other.division) == (&line.name, line.division)
            };
            match in_force.iter_mut().find(same) {
                // A later version of the same policy takes the earlier one's place.
                Some(other) if other.version <= line.version => *other = line,
                Some(_) => {}
                None => in_force.push(line),
            }
        }
        Ok(Current::of(&of, records.ledger.len())?.page(in_force, None))
    })
    .await
}

/// A policy as it was published.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PolicyText {
    #[serde(flatten)]
    pub(crate) policy: PolicyLine,
    /// Its text, TOML, byte for byte as it was hashed.
    pub(crate) text: String,
    pub(crate) zh: Vec<String>,
    pub(crate) en: Vec<String>,
}

pub(crate) async fn policy(
    State(app): State<App>,
    _: Caller,
    Part(hash): Part<Hash>,
) -> Result<One<PolicyText>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let line = policies(records.ledger)?.into_iter().find(|line| line.policy == hash);
        let line = line.ok_or(Fault::NotFound)?;
        let subject = crate::value::Subject::Programme(line.name.clone());
        let mut text = None;
        for index in records.index.history(&crate::projection::Who::Subject(subject))? {
            let event = records.ledger.event(index)?;
            if let crate::event::Body::PolicyPublished(data) = event.payload.body
                && data.hash == hash
            {
                text = Some(data.text);
            }
        }
        let text = text.ok_or(Fault::NotFound)?;
        let meaning = records.ledger.with_state(|state| {
            state
                .policies
                .by_hash(&hash)
                .map(|found| (explain(&found.policy, Lang::Zh), explain(&found.policy, Lang::En)))
        })?;
        let (zh, en) = meaning.unwrap_or_default();
        let policy = PolicyText { policy: line, text, zh, en };
        Ok(Current::of(&of, records.index.current_to())?.with(policy))
    })
    .await
}

pub(crate) async fn sums(State(app): State<App>, caller: Caller) -> Result<Page<SumLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let scope = Scope::new(&of, &caller, records);
        let mut items = statistics(records.index)?;
        // Counts of events are of the whole ledger.
        items.retain(|line| match line.division {
            Some(division) => scope.division(division),
            None => scope.is_whole(),
        });
        Ok(Current::of(&of, records.index.current_to())?.page(items, None))
    })
    .await
}
