//! The flags on the log that wait for somebody, gravest first.

use std::{borrow::Cow, cmp::Reverse, fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AskError,
    case::{OrderLine, to_help, to_recover},
};
use crate::domain::oversight::{Flag, Oversight, Standing};
use crate::event::{FlagKind, Remedy, Severity, Verdict};
use crate::ledger::Ledger;
use crate::value::{
    ActorId, Day, Fen, Hash, Label, Malformed, Month, PersonId, Programme, Subject,
};

/// One flag of the queue as it is shown.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct QueueLine {
    pub(crate) flag_id: Hash,
    pub(crate) rule: Label,
    pub(crate) version: u16,
    pub(crate) severity: Severity,
    pub(crate) kind: FlagKind,
    pub(crate) remedy: Remedy,
    pub(crate) state: Cow<'static, str>,
    pub(crate) state_zh: Cow<'static, str>,
    pub(crate) subject: Subject,
    pub(crate) programme: Option<Programme>,
    pub(crate) month: Option<Month>,
    pub(crate) money_at_risk: Fen,
    pub(crate) raised_on: Day,
    /// The statement that raised it last: an assignment and a verdict refer to it.
    pub(crate) raised: Hash,
    pub(crate) age_days: i32,
    pub(crate) assigned: Option<ActorId>,
    pub(crate) verdict: Option<Verdict>,
    /// The day of that verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) verdict_on: Option<Day>,
    /// The statement of the verdict given last: a recovery and help refer to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) review: Option<Hash>,
    pub(crate) orders: Vec<OrderLine>,
    pub(crate) overdue: bool,
}

/// What flags wait for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum QueueName {
    /// A verdict.
    #[default]
    Verdict,
    /// Money to be recovered.
    Recover,
    /// A person to be helped.
    Help,
    /// Everything that was ever raised.
    All,
}

/// Which flags are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueueFilter {
    pub(crate) which: QueueName,
    pub(crate) state: Option<Standing>,
    pub(crate) severity: Option<Severity>,
    pub(crate) rule: Option<String>,
    pub(crate) mine: Option<ActorId>,
}

impl QueueFilter {
    fn wants(&self, flag: &Flag, standing: Standing) -> bool {
        let waits = match self.which {
            // A state that is asked for is shown, whatever it waits for.
            QueueName::Verdict => self.state.is_some() || standing.awaits_verdict(),
            QueueName::Recover => to_recover(flag, standing),
            QueueName::Help => to_help(flag, standing),
            QueueName::All => true,
        };
        waits
            && self.state.is_none_or(|state| state == standing)
            && self.severity.is_none_or(|severity| severity == flag.severity)
            && self.rule.as_ref().is_none_or(|rule| flag.rule.as_str().eq_ignore_ascii_case(rule))
            && self.mine.as_ref().is_none_or(|actor| flag.assigned.as_ref() == Some(actor))
    }
}

/// A flag's place in the queue: gravest first; among those the most money first, then the oldest.
///
/// Whoever reads the queue page by page goes on behind a place, not behind a flag: the flag may have
/// left the queue meanwhile, and what comes after its place is still to be read. As text it is
/// `S1.FEN.YYYY-MM-DD.ID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Rank {
    severity: Severity,
    money: Reverse<Fen>,
    raised_on: Day,
    flag: Hash,
}

/// How a place writes each severity.
const SEVERITIES: [(Severity, &str); 4] =
    [(Severity::S1, "S1"), (Severity::S2, "S2"), (Severity::S3, "S3"), (Severity::S4, "S4")];

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, money: Reverse(Fen(money)), raised_on, flag } = self;
        let named = SEVERITIES.iter().find(|(one, _)| one == severity);
        let severity = named.map_or("", |(_, text)| text);
        write!(f, "{severity}.{money}.{raised_on}.{flag}")
    }
}

impl FromStr for Rank {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        const WRONG: Malformed =
            Malformed::new("place in the queue", "`next` of the page before, as it was given");
        let mut parts = text.splitn(4, '.');
        let mut part = || parts.next().ok_or(WRONG);
        let (severity, money, raised_on, flag) = (part()?, part()?, part()?, part()?);
        let named = SEVERITIES.iter().find(|(_, named)| *named == severity);
        let rank = Self {
            severity: named.ok_or(WRONG)?.0,
            money: Reverse(Fen(money.parse().map_err(|_| WRONG)?)),
            raised_on: raised_on.parse()?,
            flag: flag.parse()?,
        };
        // One text for one place: no sign or zero that nobody wrote.
        if rank.to_string() == text { Ok(rank) } else { Err(WRONG) }
    }
}

impl TryFrom<String> for Rank {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        text.parse()
    }
}

/// The queue, in the order of [`Rank`].
pub(crate) fn queue(
    ledger: &Ledger,
    filter: &QueueFilter,
    today: Day,
) -> Result<Vec<QueueLine>, AskError> {
    let mut lines = ledger.with_state(|state| {
        let oversight = &state.oversight;
        let wanted = |flag: &Flag| filter.wants(flag, oversight.standing(flag));
        let flags = oversight.flags().filter(|(_, flag)| wanted(flag));
        flags.map(|(id, flag)| line(oversight, *id, flag, today)).collect::<Vec<_>>()
    })?;
    lines.sort_by_key(QueueLine::rank);
    Ok(lines)
}

/// One flag of it, wherever it stands.
pub(crate) fn queue_line(
    ledger: &Ledger,
    id: Hash,
    today: Day,
) -> Result<Option<QueueLine>, AskError> {
    Ok(ledger.with_state(|state| {
        let oversight = &state.oversight;
        oversight.flag(&id).map(|flag| line(oversight, oversight.own_id(&id), flag, today))
    })?)
}

/// Fewest characters that name a flag.
const PREFIX_MIN: usize = 6;

/// The flag that a text names: by its id, the first characters of it, or an order under it.
pub(crate) fn flag_named(ledger: &Ledger, text: &str) -> Result<Option<Hash>, AskError> {
    if text.len() < PREFIX_MIN {
        return Ok(None);
    }
    let order = text.parse::<Hash>().ok();
    let named = ledger.with_state(|state| {
        let of_order = order.and_then(|order| state.oversight.order(&order));
        if let Some(order) = of_order {
            return vec![order.flag];
        }
        let oversight = &state.oversight;
        let begins = oversight.ids().filter(|id| id.to_string().starts_with(text));
        let mut own: Vec<Hash> = begins.map(|id| oversight.own_id(id)).take(3).collect();
        own.dedup();
        own
    })?;
    match named.as_slice() {
        [id] => Ok(Some(*id)),
        [] => Ok(None),
        _ => Err(AskError::usage("more than one flag begins like that")
            .hinted("give more characters of the flag's id")),
    }
}

impl QueueLine {
    /// Its place in the queue.
    pub(crate) const fn rank(&self) -> Rank {
        Rank {
            severity: self.severity,
            money: Reverse(self.money_at_risk),
            raised_on: self.raised_on,
            flag: self.flag_id,
        }
    }

    /// The person it is about, where there is one.
    pub(crate) const fn person(&self) -> Option<PersonId> {
        match &self.subject {
            Subject::Person(person) => Some(*person),
            _ => None,
        }
    }
}

fn line(oversight: &Oversight, id: Hash, flag: &Flag, today: Day) -> QueueLine {
    let standing = oversight.standing(flag);
    let orders = OrderLine::of(oversight, flag, today);
    QueueLine {
        flag_id: id,
        rule: flag.rule.clone(),
        version: flag.version,
        severity: flag.severity,
        kind: flag.kind,
        remedy: flag.remedy,
        state: standing.name().into(),
        state_zh: standing.zh().into(),
        subject: flag.subject.clone(),
        programme: flag.programme,
        month: flag.month,
        money_at_risk: flag.money_at_risk,
        raised_on: flag.raised_on,
        raised: flag.raised,
        age_days: today.since(flag.raised_on),
        assigned: flag.assigned.clone(),
        verdict: flag.verdict(),
        verdict_on: flag.verdict().and(flag.review.as_ref()).map(|review| review.on),
        review: flag.review.as_ref().map(|review| review.statement),
        overdue: standing == Standing::Confirmed && orders.iter().any(|order| order.overdue),
        orders,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_queue_is_written_in_one_way() {
        let place = |severity, money, day: &str, flag| Rank {
            severity,
            money: Reverse(Fen(money)),
            raised_on: day.parse().unwrap(),
            flag: Hash([flag; 32]),
        };
        let places = [
            place(Severity::S1, 0, "2026-10-01", 9),
            place(Severity::S2, 70_000, "2026-10-02", 9),
            place(Severity::S2, 600, "2026-10-01", 2),
            place(Severity::S2, 600, "2026-10-01", 3),
            place(Severity::S2, 600, "2026-10-02", 1),
            place(Severity::S4, -5, "2026-10-02", 1),
        ];
        assert!(places.is_sorted(), "gravest, most money, oldest");
        for place in places {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        let good = places[2].to_string();
        for bad in [
            String::new(),
            Hash([2; 32]).to_string(),
            good.replace("S2", "S5"),
            good.replace(".600.", ".0600."),
            good.replace(".600.", ".+600."),
            good.replace(".600.", ".6e2."),
            good.replace("2026-10-01", "2026-10-32"),
            format!("{good}.x"),
            format!("{good}a"),
            format!(" {good}"),
        ] {
            assert!(bad.parse::<Rank>().is_err(), "{bad}");
        }
    }
}
