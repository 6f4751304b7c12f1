//! `recover`: money back under a confirmed flag: ordered, received, waived.

use clap::{Args, Subcommand};

use super::{
    error::CliError,
    flag_arg,
    send::Batch,
    session::{KeyArg, Session, Vault},
};
use crate::domain::oversight::Flag;
use crate::event::{RecoveryOrdered, RecoveryReceived, RecoveryWaived, Verdict};
use crate::ledger::Ledger;
use crate::value::{Day, Fen, Hash, Label, PersonId};

/// Recover money under a confirmed flag (追缴)
///
/// Orders and waivers take a second signer of another organisation: `mingzheng endorse`.
#[derive(Subcommand)]
pub(super) enum Recover {
    Order(Order),
    Received(Received),
    Waive(Waive),
}

/// Order money back, no more than the flag names (决定追缴)
#[derive(Args)]
pub(super) struct Order {
    /// The flag's id, the first characters of it, or an entry of its life
    #[arg(value_name = "FLAG")]
    flag: String,
    /// How much, in yuan [default: what is at risk and not ordered yet]
    #[arg(long, value_name = "YUAN")]
    amount: Option<Fen>,
    /// The last day for it
    #[arg(long, value_name = "DATE")]
    due: Day,
    #[command(flatten)]
    key: KeyArg,
}

/// Record what came in under an order (追缴入账)
#[derive(Args)]
pub(super) struct Received {
    /// The flag, which has one order, or the order's statement id
    #[arg(value_name = "FLAG|ORDER")]
    order: String,
    /// How much, in yuan
    #[arg(long, value_name = "YUAN")]
    amount: Fen,
    #[command(flatten)]
    key: KeyArg,
}

/// Waive the rest of an order, or part of it (免予追缴)
#[derive(Args)]
pub(super) struct Waive {
    /// The flag, which has one order, or the order's statement id
    #[arg(value_name = "FLAG|ORDER")]
    order: String,
    /// How much, in yuan [default: the rest]
    #[arg(long, value_name = "YUAN")]
    amount: Option<Fen>,
    /// On what ground, without personal data
    #[arg(long, value_name = "TEXT")]
    ground: Label,
    #[command(flatten)]
    key: KeyArg,
}

impl Recover {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        match self {
            Self::Order(order) => order.run(session),
            Self::Received(received) => received.run(session),
            Self::Waive(waive) => waive.run(session),
        }
    }
}

impl Order {
    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let ledger = session.open_to_write(Vault::No)?;
        let hand = session.hand(&ledger, &self.key)?;
        let (id, flag) = flag_arg::find(&ledger, &self.flag)?;
        let ordered: Fen = ledger.with_state(|state| {
            state.oversight.orders_of(&flag).map(|(_, order)| order.ordered).sum()
        })?;
        let confirmed = flag.review.as_ref().filter(|r| r.verdict == Verdict::Confirmed);
        let verdict = confirmed.map(|review| review.statement).ok_or_else(|| {
            CliError::refused("the flag has no confirmed verdict")
                .hinted("have an inspector confirm it first: `mingzheng verdict`")
        })?;
        let data = RecoveryOrdered {
            person: person(&flag)?,
            flag: id,
            amount: self.amount.unwrap_or(flag.money_at_risk - ordered),
            due: self.due,
            verdict,
        };
        let mut batch = Batch::new(&ledger, &hand);
        batch.add(&flag.subject, data, vec![verdict])?;
        batch.send(session)
    }
}

impl Received {
    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let ledger = session.open_to_write(Vault::No)?;
        let hand = session.hand(&ledger, &self.key)?;
        let (id, flag, order, _) = find(&ledger, &self.order)?;
        let data =
            RecoveryReceived { person: person(&flag)?, flag: id, order, amount: self.amount };
        let mut batch = Batch::new(&ledger, &hand);
        batch.add(&flag.subject, data, vec![order])?;
        batch.send(session)
    }
}

impl Waive {
    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let ledger = session.open_to_write(Vault::No)?;
        let hand = session.hand(&ledger, &self.key)?;
        let (id, flag, order, rest) = find(&ledger, &self.order)?;
        let data = RecoveryWaived {
            person: person(&flag)?,
            flag: id,
            order,
            amount: self.amount.unwrap_or(rest),
            ground: self.ground.clone(),
        };
        let mut batch = Batch::new(&ledger, &hand);
        batch.add(&flag.subject, data, vec![order])?;
        batch.send(session)
    }
}

fn person(flag: &Flag) -> Result<PersonId, CliError> {
    flag.person.ok_or_else(|| {
        CliError::refused("the flag is about no person").hinted("nothing is recovered under it")
    })
}

/// The order that a text names, with its flag and what is still to come.
fn find(ledger: &Ledger, text: &str) -> Result<(Hash, Flag, Hash, Fen), CliError> {
    let named = text.parse::<Hash>().ok();
    let by_id = ledger.with_state(|state| {
        let id = named?;
        let order = state.oversight.order(&id)?;
        let flag = state.oversight.flag(&order.flag)?.clone();
        Some((order.flag, flag, id, order.rest()))
    })?;
    if let Some(found) = by_id {
        return Ok(found);
    }
    let (id, flag) = flag_arg::find(ledger, text)?;
    let orders = ledger.with_state(|state| {
        let orders = state.oversight.orders_of(&flag);
        orders.map(|(order, found)| (*order, found.rest())).collect::<Vec<_>>()
    })?;
    match orders.as_slice() {
        [(order, rest)] => Ok((id, flag, *order, *rest)),
        [] => Err(CliError::refused("no recovery is in effect on the flag")
            .hinted("order one with `mingzheng recover order`, and have it endorsed")),
        _ => Err(CliError::usage("the flag has more than one order")
            .hinted("name the order: `mingzheng queue recover --json` shows them")),
    }
}
