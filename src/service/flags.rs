//! Flags: what stands now, and the queue of those that wait for somebody.

use axum::extract::State;
use serde::Deserialize;

use super::{
    App,
    answer::{Current, One, Page},
    extract::{Part, Query},
    page::{AFTER, DIVISION, LIMIT, MONTH, PROGRAMME, limit},
    people::{AS_OF, ON},
    problem::{Fault, Problem},
    roles,
    row::{Access, Param, Row, json, shape},
    scope::Scope,
    who::Caller,
};
use crate::answer::{
    FlagLine, Found, Moment, QueueFilter, QueueLine, QueueName, Rank, Records, flag_named,
    narrow::{self, FlagState, stands},
    queue, queue_line, rule_named, today,
};
use crate::domain::oversight::Standing;
use crate::event::Severity;
use crate::projection::Who;
use crate::rules::{self, FlagSubject};
use crate::value::{ActorId, Day, DivisionCode, Hash, Month, Programme, Subject};

/// Judging everybody anew, on the first question of a day.
const TIME: std::time::Duration = std::time::Duration::from_secs(300);

const RULE: Param = Param {
    name: "rule",
    what: "Only this rule, such as R01",
    required: false,
    of: shape::<String>(),
};
const SEVERITY: Param = Param {
    name: "severity",
    what: "Only S1, S2, S3 or S4",
    required: false,
    of: shape::<Severity>(),
};

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    const FLAGS: &[Param] = &[
        ON,
        AS_OF,
        RULE,
        SEVERITY,
        Param {
            name: "subject",
            what: "Only about this person, person:ID",
            required: false,
            of: shape::<Subject>(),
        },
        Param {
            name: "state",
            what: "Only not_raised, open, assigned, needs_field, confirmed, dismissed or closed",
            required: false,
            of: shape::<FlagState>(),
        },
        PROGRAMME,
        MONTH,
        DIVISION,
        AFTER,
        LIMIT,
    ];
    const QUEUE: &[Param] = &[
        Param {
            name: "which",
            what: "What they wait for: verdict, recover, help or all; verdict if not said",
            required: false,
            of: shape::<QueueName>(),
        },
        Param {
            name: "state",
            what: "Only open, assigned, needs_field, confirmed, dismissed or closed",
            required: false,
            of: shape::<Standing>(),
        },
        RULE,
        SEVERITY,
        Param {
            name: "mine",
            what: "Only those assigned to this inspector",
            required: false,
            of: shape::<ActorId>(),
        },
        PROGRAMME,
        MONTH,
        DIVISION,
        AFTER,
        LIMIT,
    ];
    vec![
        Row::get("/v1/flags", flags)
            .access(Access::Roles(roles::FLAGS))
            .doc("flags", "What is abnormal or duplicate, judged on a day, gravest first")
            .query(FLAGS)
            .gives(json::<Page<FlagLine>>())
            .time(Some(TIME)),
        Row::get("/v1/queue", waiting)
            .access(Access::Roles(roles::FLAGS))
            .doc("flags", "The flags on the log that wait for somebody, gravest first")
            .query(QUEUE)
            .gives(json::<Page<QueueLine>>()),
        Row::get("/v1/queue/{named}", named)
            .access(Access::Roles(roles::FLAG_ACTS))
            .doc(
                "flags",
                "A flag on the log by its id, the first six characters of it or more, or an order \
                 under it: what an act under it refers to",
            )
            .gives(json::<One<QueueLine>>()),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    pub(crate) on: Option<Day>,
    pub(crate) as_of: Option<String>,
    pub(crate) rule: Option<String>,
    pub(crate) severity: Option<Severity>,
    pub(crate) subject: Option<Subject>,
    pub(crate) state: Option<FlagState>,
    pub(crate) programme: Option<Programme>,
    pub(crate) month: Option<Month>,
    pub(crate) division: Option<DivisionCode>,
    pub(crate) after: Option<Hash>,
    pub(crate) limit: Option<usize>,
}

pub(crate) async fn flags(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Page<FlagLine>, Problem> {
    let of = app.clone();
    app.read_long(move |records| {
        let moment = Moment::find(records, asked.on, asked.as_of.as_deref())?;
        let limit = limit(asked.limit)?;
        let rule = asked.rule.as_deref().map(rule_named).transpose()?;
        let wanted = asked.subject.map(|subject| person(records, &subject)).transpose()?;
        let found = match rule.filter(|rule| rules::superseded().contains(rule)) {
            Some(rule) => moment.flags_by(records, rule)?,
            None => moment.flags(records)?,
        };
        let Asked { programme, month, division, .. } = asked;
        let narrowed = narrow::Flags { programme, month, division };
        let mut scope = Scope::new(&of, &caller, records);
        let mut items: Vec<FlagLine> = Vec::new();
        let (mut passed, mut next) = (asked.after.is_none(), None);
        for flag in found {
            if !passed {
                passed = asked.after == Some(flag.id);
                continue;
            }
            let fits = rule.is_none_or(|rule| rule == flag.rule)
                && asked.severity.is_none_or(|severity| severity == flag.severity)
                && wanted.is_none_or(|wanted| wanted == flag.subject);
            let sees = match flag.subject {
                FlagSubject::Person(person) => scope.person(person)?,
                _ => scope.is_whole(),
            };
            if !fits || !sees || !narrowed.wants(records, &flag)? {
                continue;
            }
            let line = FlagLine::of(records, &moment, flag, None)?;
            if !stands(&line, asked.state) {
                continue;
            }
            if items.len() == limit {
                next = items.last().map(|line| line.flag_id.to_string());
                break;
            }
            items.push(line);
        }
        if !passed {
            let gone = "the flag behind which to go on does not stand any more; begin again";
            return Err(Problem::saying(Fault::BadQuery, gone));
        }
        Ok(Current::of(&of, records.index.current_to())?.at(&moment).page(items, next))
    })
    .await
}

fn person(records: &Records<'_>, subject: &Subject) -> Result<FlagSubject, Problem> {
    match records.find(&subject.to_string())? {
        Found::Who(Who::Person(person, _)) => Ok(FlagSubject::Person(person)),
        _ => Err(Problem::saying(Fault::BadQuery, "subject names a person here")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskedQueue {
    #[serde(default)]
    pub(crate) which: QueueName,
    pub(crate) state: Option<Standing>,
    pub(crate) rule: Option<String>,
    pub(crate) severity: Option<Severity>,
    pub(crate) mine: Option<ActorId>,
    pub(crate) programme: Option<Programme>,
    pub(crate) month: Option<Month>,
    pub(crate) division: Option<DivisionCode>,
    pub(crate) after: Option<Rank>,
    pub(crate) limit: Option<usize>,
}

pub(crate) async fn waiting(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<AskedQueue>,
) -> Result<Page<QueueLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let limit = limit(asked.limit)?;
        let filter = QueueFilter {
            which: asked.which,
            state: asked.state,
            severity: asked.severity,
            rule: asked.rule,
            mine: asked.mine,
        };
        let AskedQueue { programme, month, division, .. } = asked;
        let narrowed = narrow::Flags { programme, month, division };
        let mut scope = Scope::new(&of, &caller, records);
        let mut items: Vec<QueueLine> = Vec::new();
        let mut next = None;
        for line in queue(records.ledger, &filter, today(records.ledger))? {
            // Behind the place, whether or not the flag that stood there still waits.
            let passed = asked.after.is_none_or(|after| line.rank() > after);
            if !passed || !sees(&mut scope, &line)? || !narrowed.wants_queued(records, &line)? {
                continue;
            }
            if items.len() == limit {
                next = items.last().map(|line| line.rank().to_string());
                break;
            }
            items.push(line);
        }
        Ok(Current::of(&of, records.ledger.len())?.page(items, next))
    })
    .await
}

pub(crate) async fn named(
    State(app): State<App>,
    caller: Caller,
    Part(text): Part<String>,
) -> Result<One<QueueLine>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let ledger = records.ledger;
        let line = match flag_named(ledger, &text)? {
            Some(id) => queue_line(ledger, id, today(ledger))?,
            None => None,
        };
        let line = line.ok_or(Fault::NotFound)?;
        if !sees(&mut Scope::new(&of, &caller, records), &line)? {
            return Err(Fault::OtherDivision.into());
        }
        Ok(Current::of(&of, ledger.len())?.with(line))
    })
    .await
}

/// Everything that was ever raised and the caller covers, for figures: in one go.
pub(crate) async fn every(app: &App, caller: &Caller) -> Result<Vec<QueueLine>, Problem> {
    let (of, caller) = (app.clone(), caller.clone());
    app.read(move |records| {
        let all = QueueFilter { which: QueueName::All, ..QueueFilter::default() };
        let mut scope = Scope::new(&of, &caller, records);
        let mut seen = Vec::new();
        for line in queue(records.ledger, &all, today(records.ledger))? {
            if sees(&mut scope, &line)? {
                seen.push(line);
            }
        }
        Ok(seen)
    })
    .await
}

/// What is about no person is for those who cover the whole ledger.
fn sees(scope: &mut Scope<'_>, line: &QueueLine) -> Result<bool, Problem> {
    match &line.subject {
        Subject::Person(person) => scope.person(*person),
        _ => Ok(scope.is_whole()),
    }
}
