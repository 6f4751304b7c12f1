//! `queue`: the flags on the log that wait for somebody, gravest first.

use std::cmp::Reverse;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{
    case::{OrderLine, to_help, to_recover},
    error::CliError,
    flags::severity,
    output::talk,
    session::{Session, Vault, today},
};
use crate::domain::oversight::{Flag, Oversight, Standing};
use crate::event::{FlagKind, Remedy, Severity, Verdict};
use crate::value::{ActorId, Day, Fen, Hash, Label, Month, Programme, Subject};

/// List the flags on the log that wait for somebody (待办疑点)
///
/// Gravest first; among those the most money first, then the oldest. Flags are put on the log by
/// `mingzheng flags raise`.
#[derive(Args)]
pub(super) struct Queue {
    /// What they wait for
    #[arg(value_name = "QUEUE", default_value = "verdict")]
    which: Which,
    /// Only those in this state
    #[arg(long, value_name = "STATE")]
    state: Option<State>,
    /// Only this severity
    #[arg(long, value_name = "S1|S2|S3|S4", value_parser = severity)]
    severity: Option<Severity>,
    /// Only this rule, such as R01
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Only those assigned to this inspector
    #[arg(long, value_name = "ACTOR")]
    mine: Option<ActorId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// A verdict (待核查)
    Verdict,
    /// Money to be recovered (待追缴)
    Recover,
    /// A person to be helped (待救助)
    Help,
    /// Everything that was ever raised
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    Open,
    Assigned,
    NeedsField,
    Confirmed,
    Dismissed,
    Closed,
}

/// One flag as it is printed.
#[derive(Serialize)]
struct Line {
    flag_id: Hash,
    rule: Label,
    version: u16,
    severity: Severity,
    kind: FlagKind,
    remedy: Remedy,
    state: &'static str,
    state_zh: &'static str,
    subject: Subject,
    programme: Option<Programme>,
    month: Option<Month>,
    money_at_risk: Fen,
    raised_on: Day,
    age_days: i32,
    assigned: Option<ActorId>,
    verdict: Option<Verdict>,
    orders: Vec<OrderLine>,
    overdue: bool,
}

impl Queue {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let ledger = session.open_to_read(Vault::No)?;
        let today = today(&ledger);
        let mut lines = ledger.with_state(|state| {
            let flags = state
                .oversight
                .flags()
                .filter(|(_, flag)| self.wants(flag, state.oversight.standing(flag)));
            flags.map(|(id, flag)| line(&state.oversight, *id, flag, today)).collect::<Vec<_>>()
        })?;
        lines.sort_by_key(|line| {
            (line.severity, Reverse(line.money_at_risk), line.raised_on, line.flag_id)
        });
        talk(format_args!("{} flags, as of {today}", lines.len()));
        let heading = ["flag", "rule", "sev", "state", "yuan", "days", "assigned", "what"];
        session.out.list(&heading, &lines, |line| {
            let programme = line.programme.as_ref().map_or("", Programme::name);
            let month = line.month.map(|month| month.to_string()).unwrap_or_default();
            let rest: Fen = line.orders.iter().map(|order| order.rest).sum();
            let due = match line.orders.iter().map(|order| order.due).max() {
                Some(due) if line.overdue => format!(" {rest} yuan overdue since {due}"),
                Some(due) if rest > Fen(0) => format!(" {rest} yuan due by {due}"),
                Some(_) | None => String::new(),
            };
            vec![
                line.flag_id.to_string().chars().take(SHOWN).collect(),
                line.rule.to_string(),
                format!("{:?}", line.severity),
                line.state_zh.to_owned(),
                line.money_at_risk.to_string(),
                line.age_days.to_string(),
                line.assigned.as_ref().map(ToString::to_string).unwrap_or_default(),
                format!("{} {programme} {month}{due}", line.subject),
            ]
        });
        Ok(())
    }

    fn wants(&self, flag: &Flag, standing: Standing) -> bool {
        let waits = match self.which {
            // A state that is asked for is shown, whatever it waits for.
            Which::Verdict => self.state.is_some() || standing.awaits_verdict(),
            Which::Recover => to_recover(flag, standing),
            Which::Help => to_help(flag, standing),
            Which::All => true,
        };
        waits
            && self.state.is_none_or(|state| state.standing() == standing)
            && self.severity.is_none_or(|severity| severity == flag.severity)
            && self.rule.as_ref().is_none_or(|rule| flag.rule.as_str().eq_ignore_ascii_case(rule))
            && self.mine.as_ref().is_none_or(|actor| flag.assigned.as_ref() == Some(actor))
    }
}

impl State {
    const fn standing(self) -> Standing {
        match self {
            Self::Open => Standing::Open,
            Self::Assigned => Standing::Assigned,
            Self::NeedsField => Standing::NeedsField,
            Self::Confirmed => Standing::Confirmed,
            Self::Dismissed => Standing::Dismissed,
            Self::Closed => Standing::Closed,
        }
    }
}

/// Characters of a flag's id that a table shows: enough to name it.
const SHOWN: usize = 12;

fn line(oversight: &Oversight, id: Hash, flag: &Flag, today: Day) -> Line {
    let standing = oversight.standing(flag);
    let orders = OrderLine::of(oversight, flag, today);
    Line {
        flag_id: id,
        rule: flag.rule.clone(),
        version: flag.version,
        severity: flag.severity,
        kind: flag.kind,
        remedy: flag.remedy,
        state: standing.name(),
        state_zh: standing.zh(),
        subject: flag.subject.clone(),
        programme: flag.programme,
        month: flag.month,
        money_at_risk: flag.money_at_risk,
        raised_on: flag.raised_on,
        age_days: today.since(flag.raised_on),
        assigned: flag.assigned.clone(),
        verdict: flag.verdict(),
        overdue: standing == Standing::Confirmed && orders.iter().any(|order| order.overdue),
        orders,
    }
}
