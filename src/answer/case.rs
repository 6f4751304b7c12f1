//! A flag's case as it is shown: where it stands, and its whole life on the log.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AskError, Moment, Records, called};
use crate::domain::oversight::{Flag, Oversight, Standing};
use crate::event::{Body, Recorded, Verdict};
use crate::ledger::Ledger;
use crate::projection::Who;
use crate::value::{ActorId, Day, Fen, Hash, Lang};

/// Where a flag stands.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Case {
    /// The word for programs; `not_raised` before it is on the log.
    pub(crate) state: Cow<'static, str>,
    pub(crate) state_zh: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) assigned: Option<ActorId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) verdict: Option<Verdict>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) orders: Vec<OrderLine>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) life: Vec<Step>,
}

/// A recovery as it is shown.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct OrderLine {
    pub(crate) order: Hash,
    pub(crate) ordered: Fen,
    pub(crate) received: Fen,
    pub(crate) waived: Fen,
    pub(crate) rest: Fen,
    pub(crate) due: Day,
    pub(crate) overdue: bool,
}

/// One event of a flag's life.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Step {
    pub(crate) index: u64,
    pub(crate) at: Day,
    #[serde(rename = "type")]
    pub(crate) name: Cow<'static, str>,
    pub(crate) actor: ActorId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) what: Option<String>,
    /// The same in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) what_zh: Option<String>,
}

impl OrderLine {
    pub(crate) fn of(oversight: &Oversight, flag: &Flag, on: Day) -> Vec<Self> {
        let line = |(id, order): (&Hash, &crate::domain::oversight::Order)| Self {
            order: *id,
            ordered: order.ordered,
            received: order.received,
            waived: order.waived,
            rest: order.rest(),
            due: order.due,
            overdue: order.is_overdue(on),
        };
        oversight.orders_of(flag).map(line).collect()
    }
}

/// The flag of another version of the rule whose verdict stands on this one too.
fn earlier_version(records: &Records<'_>, id: &Hash) -> Result<Option<Hash>, AskError> {
    let verdict = records.ledger.with_state(|state| {
        state.oversight.flag(id).and_then(|flag| flag.review.as_ref()).map(|it| it.statement)
    })?;
    let Some(verdict) = verdict else { return Ok(None) };
    let Some(index) = records.ledger.find(&verdict)? else { return Ok(None) };
    let of = records.ledger.event(index)?.payload.body.flag();
    Ok(of.filter(|flag| flag != id))
}

impl Case {
    /// The case of a flag, by what was known at the moment.
    pub(crate) fn of(records: &Records<'_>, moment: &Moment, id: &Hash) -> Result<Self, AskError> {
        let mut indexes = records.index.history(&Who::Flag(*id))?;
        if let Some(earlier) = earlier_version(records, id)? {
            indexes.extend(records.index.history(&Who::Flag(earlier))?);
            indexes.sort_unstable();
        }
        let mut events = Vec::with_capacity(indexes.len());
        for index in indexes.into_iter().filter(|index| moment.knows(*index)) {
            events.push(records.ledger.event(index)?);
        }
        let known = Oversight::of(&events);
        let Some(flag) = known.flag(id) else { return Ok(Self::not_raised()) };
        // A stop names the verdict, not the flag.
        let stops = records.ledger.with_state(|state| {
            state.oversight.flag(id).map(|flag| flag.stops.clone()).unwrap_or_default()
        })?;
        for stop in stops {
            if let Some(index) = records.ledger.find(&stop)?.filter(|index| moment.knows(*index)) {
                events.push(records.ledger.event(index)?);
            }
        }
        events.sort_by_key(|event| event.index);
        let standing = known.standing(flag);
        Ok(Self {
            state: standing.name().into(),
            state_zh: standing.zh().into(),
            assigned: flag.assigned.clone(),
            verdict: flag.verdict(),
            orders: OrderLine::of(&known, flag, moment.on),
            life: events.iter().map(|event| Step::of(records.ledger, event)).collect(),
        })
    }

    const fn not_raised() -> Self {
        Self {
            state: Cow::Borrowed("not_raised"),
            state_zh: Cow::Borrowed("未提出"),
            assigned: None,
            verdict: None,
            orders: Vec::new(),
            life: Vec::new(),
        }
    }

    /// The life in one line for people.
    pub(crate) fn text(&self) -> String {
        let steps = self.life.iter().map(|step| {
            let what = step.what.as_ref().map(|what| format!(" {what}")).unwrap_or_default();
            format!("{} {}{what} ({})", step.at, step.name, step.actor)
        });
        steps.collect::<Vec<_>>().join("; ")
    }
}

impl Step {
    fn of(ledger: &Ledger, event: &Recorded) -> Self {
        let (what_zh, what) = said(ledger, &event.payload.body).unzip();
        Self {
            index: event.index,
            at: event.payload.at,
            name: event.payload.body.name().into(),
            actor: event.signer.actor.clone(),
            what,
            what_zh,
        }
    }
}

/// What an event of a flag's life says, in Chinese and English.
fn said(ledger: &Ledger, body: &Body) -> Option<(String, String)> {
    Some(match body {
        Body::AnomalyAssigned(data) => {
            let to = &data.to;
            let found = called(ledger, to).ok().flatten();
            let name =
                |lang| found.as_ref().map_or_else(|| to.to_string(), |it| it.with_id(to, lang));
            (format!("分派给{}", name(Lang::Zh)), format!("to {}", name(Lang::En)))
        }
        Body::AnomalyReviewed(data) => {
            let (zh, en) = verdict_words(data.verdict);
            (format!("{zh}：{}", data.reason), format!("{en}: {}", data.reason))
        }
        Body::RecoveryOrdered(data) => (
            format!("{}元，{}前交回", data.amount, data.due),
            format!("{} yuan by {}", data.amount, data.due),
        ),
        Body::RecoveryReceived(data) => {
            (format!("{}元", data.amount), format!("{} yuan", data.amount))
        }
        Body::RecoveryWaived(data) => (
            format!("{}元：{}", data.amount, data.ground),
            format!("{} yuan: {}", data.amount, data.ground),
        ),
        Body::HelpGiven(data) => (data.what.to_string(), data.what.to_string()),
        Body::BenefitStopped(data) => {
            (format!("自{}起", data.from_month), format!("from {}", data.from_month))
        }
        _ => return None,
    })
}

/// What a verdict is called, in Chinese and English.
const fn verdict_words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Confirmed => ("属实", "confirmed"),
        Verdict::Dismissed => ("排除", "dismissed"),
        Verdict::NeedsField => ("待实地核查", "needs a field visit"),
    }
}

/// Says whether the flag waits for somebody to recover money under it.
pub(crate) fn to_recover(flag: &Flag, standing: Standing) -> bool {
    standing == Standing::Confirmed
        && flag.remedy != crate::event::Remedy::Help
        && flag.money_at_risk > Fen(0)
}

/// Says whether a person waits for help under it.
pub(crate) fn to_help(flag: &Flag, standing: Standing) -> bool {
    standing == Standing::Confirmed && flag.remedy == crate::event::Remedy::Help
}
