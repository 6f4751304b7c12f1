//! `queue`: the flags on the log that wait for somebody, gravest first.

use clap::{Args, ValueEnum};

use super::{
    error::CliError,
    flags::{About, severity},
    output::talk,
    reading::Reading,
    remote::{AskArgs, Query},
    session::{Session, Vault, today},
};
use crate::answer::{QueueFilter, QueueLine, QueueName, queue};
use crate::domain::oversight::Standing;
use crate::event::Severity;
use crate::ledger::{Clock, SystemClock};
use crate::value::{ActorId, Day, Fen, Programme};

/// List the flags on the log that wait for somebody (待办疑点)
///
/// Gravest first; among those the most money first, then the oldest. Flags are put on the log by
/// `mingzheng flags raise`.
#[derive(Args)]
pub(super) struct Queue {
    /// What they wait for
    #[arg(value_name = "QUEUE", default_value = "verdict")]
    which: Which,
    /// Only those that stand so: open, assigned, needs_field, confirmed, dismissed or closed
    #[arg(long, value_name = "STATE")]
    state: Option<Standing>,
    /// Only this severity
    #[arg(long, value_name = "S1|S2|S3|S4", value_parser = severity)]
    severity: Option<Severity>,
    /// Only this rule, such as R01
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Only those assigned to this inspector
    #[arg(long, value_name = "ACTOR")]
    mine: Option<ActorId>,
    #[command(flatten)]
    about: About,
    #[command(flatten)]
    ask: AskArgs,
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

impl Queue {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let (lines, today) = match self.ask.open(session)? {
            Some(remote) => {
                (remote.all("/v1/queue", self.query())?.0, today_by(&SystemClock::default()))
            }
            None => self.own(session)?,
        };
        talk(format_args!("{} flags, as of {today}", lines.len()));
        let heading = ["flag", "rule", "sev", "state", "yuan", "days", "assigned", "what"];
        session.out.list(&heading, &lines, |line: &QueueLine| {
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
                line.state_zh.to_string(),
                line.money_at_risk.to_string(),
                line.age_days.to_string(),
                line.assigned.as_ref().map(ToString::to_string).unwrap_or_default(),
                format!("{} {programme} {month}{due}", line.subject),
            ]
        });
        Ok(())
    }

    /// From the ledger's folder; the index is opened only where it has to be asked.
    fn own(&self, session: &mut Session) -> Result<(Vec<QueueLine>, Day), CliError> {
        if self.about.is_empty() {
            let ledger = session.open_to_read(Vault::No)?;
            let today = today(&ledger);
            return Ok((queue(&ledger, &self.filter(), today)?, today));
        }
        let reading = Reading::open(session, false)?;
        let today = today(&reading.ledger);
        let mut lines = Vec::new();
        for line in queue(&reading.ledger, &self.filter(), today)? {
            if self.about.wanted().wants_queued(&reading.records(), &line)? {
                lines.push(line);
            }
        }
        Ok((lines, today))
    }

    fn query(&self) -> Query {
        let mut query = Query::default();
        query.add(
            "which",
            Some(match self.which {
                Which::Verdict => "verdict",
                Which::Recover => "recover",
                Which::Help => "help",
                Which::All => "all",
            }),
        );
        query.add("state", self.state.map(Standing::name));
        query.add("severity", self.severity.map(|severity| format!("{severity:?}")));
        query.add("rule", self.rule.as_deref());
        query.add("mine", self.mine.as_ref());
        self.about.ask(&mut query);
        query
    }

    fn filter(&self) -> QueueFilter {
        QueueFilter {
            which: match self.which {
                Which::Verdict => QueueName::Verdict,
                Which::Recover => QueueName::Recover,
                Which::Help => QueueName::Help,
                Which::All => QueueName::All,
            },
            state: self.state,
            severity: self.severity,
            rule: self.rule.clone(),
            mine: self.mine.clone(),
        }
    }
}

/// Characters of a flag's id that a table shows: enough to name it.
const SHOWN: usize = 12;

/// The day it is by a clock.
fn today_by(clock: &dyn Clock) -> Day {
    Day::of_millis(clock.wall_ms())
}
