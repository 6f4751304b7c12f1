//! Lists: certificates, payments, actors, policies, programmes, statistics.

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    App,
    answer::{Current, One, Page},
    extract::{Part, Query},
    page::{AFTER, Behind, DIVISION, LIMIT, MONTH, PROGRAMME, cut},
    people::{AS_OF, ON, STATUS, each_person},
    problem::{Fault, Problem},
    roles,
    row::{Access, Param, Row, json},
    scope::Scope,
    who::Caller,
};
use crate::answer::{
    ActorLine, CertificateLine, Moment, PaymentLine, PolicyLine, Records, SumLine, actors,
    narrow::{self, CertificateStatus},
    policies, statistics,
};
use crate::policy::explain;
use crate::rules::PersonFile;
use crate::value::{ActorId, Day, DivisionCode, Hash, Lang, Month, Programme};

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    const GROUP: &str = "lists";
    const CERTIFICATES: &[Param] = &[ON, AS_OF, STATUS, DIVISION, MONTH, AFTER, LIMIT];
    const PAYMENTS: &[Param] = &[ON, AS_OF, PROGRAMME, DIVISION, MONTH, AFTER, LIMIT];
    const ACTORS: &[Param] = &[ON, AFTER, LIMIT];
    vec![
        Row::get("/v1/certificates", certificates)
            .access(Access::Roles(roles::CASE))
            .doc(GROUP, "Certificates with their status on a day, in order of their holders")
            .query(CERTIFICATES)
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
            .query(&const { [AFTER, LIMIT] })
            .gives(json::<Page<PolicyLine>>()),
        Row::get("/v1/policies/{hash}", policy)
            .access(Access::Enrolled)
            .doc(GROUP, "A policy's text, and what it means in words")
            .gives(json::<One<PolicyText>>()),
        Row::get("/v1/programmes", programmes)
            .access(Access::Enrolled)
            .doc(GROUP, "The policies in force on a day, one for each name and division, in the order of the log")
            .query(&const { [ON, AFTER, LIMIT] })
            .gives(json::<Page<PolicyLine>>()),
        Row::get("/v1/statistics", sums)
            .access(Access::Roles(roles::LOG))
            .doc(
                GROUP,
                "Events by type, certificates issued by month and division, and money by \
                 programme, month and division",
            )
            .query(&const { [AFTER, LIMIT] })
            .gives(json::<Page<SumLine>>()),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfCertificates {
    pub(crate) on: Option<Day>,
    pub(crate) as_of: Option<String>,
    pub(crate) status: Option<CertificateStatus>,
    pub(crate) division: Option<DivisionCode>,
    pub(crate) month: Option<Month>,
    pub(crate) after: Option<Behind>,
    pub(crate) limit: Option<usize>,
}

pub(crate) async fn certificates(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<OfCertificates>,
) -> Result<Page<CertificateLine>, Problem> {
    let OfCertificates { on, as_of, status, division, month, after, limit } = asked;
    let wanted = narrow::Certificates { status, division, month };
    let place = |line: &CertificateLine| Behind { person: line.person, entry: Some(line.entry) };
    of_persons(app, caller, (on, as_of), (after, limit), place, move |file, on, lines| {
        let issued = file.certificates.iter().filter(|found| found.issued <= on);
        let issued = issued.map(|found| CertificateLine::new(file.person, found, on));
        lines.extend(issued.filter(|line| wanted.wants(line)));
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfPayments {
    pub(crate) on: Option<Day>,
    pub(crate) as_of: Option<String>,
    pub(crate) programme: Option<Programme>,
    pub(crate) division: Option<DivisionCode>,
    pub(crate) month: Option<Month>,
    pub(crate) after: Option<Behind>,
    pub(crate) limit: Option<usize>,
}

pub(crate) async fn payments(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<OfPayments>,
) -> Result<Page<PaymentLine>, Problem> {
    let OfPayments { on, as_of, programme, division, month, after, limit } = asked;
    let wanted = narrow::Payments { programme, division, month };
    let place = |line: &PaymentLine| Behind { person: line.person, entry: Some(line.entry) };
    of_persons(app, caller, (on, as_of), (after, limit), place, move |file, _, lines| {
        let paid = file.payments.iter().map(|found| PaymentLine::new(file.person, found));
        lines.extend(paid.filter(|line| wanted.wants(line)));
    })
    .await
}

/// A page of what the files of persons hold, at the moment that is asked for.
async fn of_persons<T: Send + 'static>(
    app: App,
    caller: Caller,
    (on, as_of): (Option<Day>, Option<String>),
    page: (Option<Behind>, Option<usize>),
    place: impl Fn(&T) -> Behind + Send + 'static,
    take: impl Fn(&PersonFile, Day, &mut Vec<T>) + Send + 'static,
) -> Result<Page<T>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let moment = Moment::find(records, on, as_of.as_deref())?;
        let files = |person, lines: &mut Vec<T>| {
            let files = moment.files(records, &[person])?;
            let mut own = Vec::new();
            files.iter().for_each(|file| take(file, moment.on, &mut own));
            own.sort_by_key(|line| place(line).entry);
            lines.append(&mut own);
            Ok(())
        };
        let (items, next) = each_person(&of, &caller, records, page, &place, files)?;
        Ok(Current::of(&of, moment.current_to(records))?.page(items, next))
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
        let all = actors(records.ledger, records.day(asked.on))?;
        let (items, next) = cut(
            all,
            asked.limit,
            |line| asked.after.as_ref().is_none_or(|after| line.actor > *after),
            |line| line.actor.to_string(),
        )?;
        Ok(Current::of(&of, records.ledger.len())?.page(items, next))
    })
    .await
}

/// A page of policies: `after` is the entry of the last one before it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfPolicies {
    pub(crate) after: Option<u64>,
    pub(crate) limit: Option<usize>,
}

pub(crate) async fn list_policies(
    State(app): State<App>,
    _: Caller,
    Query(OfPolicies { after, limit }): Query<OfPolicies>,
) -> Result<Page<PolicyLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let (items, next) = policies_behind(policies(records.ledger)?, after, limit)?;
        Ok(Current::of(&of, records.ledger.len())?.page(items, next))
    })
    .await
}

fn policies_behind(
    lines: Vec<PolicyLine>,
    after: Option<u64>,
    limit: Option<usize>,
) -> Result<(Vec<PolicyLine>, Option<String>), Problem> {
    let is_behind = |line: &PolicyLine| after.is_none_or(|after| line.index > after);
    cut(lines, limit, is_behind, |line| line.index.to_string())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnDay {
    pub(crate) on: Option<Day>,
    pub(crate) after: Option<u64>,
    pub(crate) limit: Option<usize>,
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
        // A later version took an earlier one's place.
        in_force.sort_by_key(|line| line.index);
        let (items, next) = policies_behind(in_force, asked.after, asked.limit)?;
        Ok(Current::of(&of, records.ledger.len())?.page(items, next))
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

/// A page of sums: `after` is [`SumLine::place`] of the last one before it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfSums {
    after: Option<String>,
    limit: Option<usize>,
}

pub(crate) async fn sums(
    State(app): State<App>,
    caller: Caller,
    Query(OfSums { after, limit }): Query<OfSums>,
) -> Result<Page<SumLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let is_behind = |line: &SumLine| after.as_ref().is_none_or(|after| line.place() > *after);
        let seen = sums_seen(&of, &caller, records)?;
        let (items, next) = cut(seen, limit, is_behind, SumLine::place)?;
        Ok(Current::of(&of, records.index.current_to())?.page(items, next))
    })
    .await
}

/// Every sum that the caller covers, for figures: in one go.
pub(crate) async fn every_sum(app: &App, caller: &Caller) -> Result<Vec<SumLine>, Problem> {
    let (of, caller) = (app.clone(), caller.clone());
    app.read(move |records| sums_seen(&of, &caller, records)).await
}

fn sums_seen(app: &App, caller: &Caller, records: &Records<'_>) -> Result<Vec<SumLine>, Problem> {
    let scope = Scope::new(app, caller, records);
    let mut items = statistics(records.index)?;
    // Counts of events are of the whole ledger.
    items.retain(|line| match line.division {
        Some(division) => scope.division(division),
        None => scope.is_whole(),
    });
    Ok(items)
}
