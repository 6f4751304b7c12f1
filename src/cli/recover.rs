//! `recover`: money back under a confirmed flag: ordered, received, waived.

use clap::{Args, Subcommand};

use super::{
    acting::{ActArgs, Ground},
    error::CliError,
    flag_arg,
    send::Batch,
    session::{Session, Vault},
};
use crate::answer::QueueLine;
use crate::event::{RecoveryOrdered, RecoveryReceived, RecoveryWaived, Verdict};
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
    act: ActArgs,
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
    act: ActArgs,
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
    act: ActArgs,
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
        let (place, hand) = self.act.open(session, Vault::No)?;
        let flag = flag_arg::find(place.ground(), &self.flag)?;
        let ordered: Fen = flag.orders.iter().map(|order| order.ordered).sum();
        let confirmed = flag.verdict == Some(Verdict::Confirmed);
        let verdict = flag.review.filter(|_| confirmed).ok_or_else(|| {
            CliError::refused("the flag has no confirmed verdict")
                .hinted("have an inspector confirm it first: `mingzheng verdict`")
        })?;
        let data = RecoveryOrdered {
            person: person(&flag)?,
            flag: flag.flag_id,
            amount: self.amount.unwrap_or(flag.money_at_risk - ordered),
            due: self.due,
            verdict,
        };
        let mut batch = Batch::new(&place, &hand);
        batch.add(&flag.subject, data, vec![verdict])?;
        batch.send(session)
    }
}

impl Received {
    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let (place, hand) = self.act.open(session, Vault::No)?;
        let (flag, order, _) = find(place.ground(), &self.order)?;
        let (person, id, amount) = (person(&flag)?, flag.flag_id, self.amount);
        let data = RecoveryReceived { person, flag: id, order, amount };
        let mut batch = Batch::new(&place, &hand);
        batch.add(&flag.subject, data, vec![order])?;
        batch.send(session)
    }
}

impl Waive {
    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let (place, hand) = self.act.open(session, Vault::No)?;
        let (flag, order, rest) = find(place.ground(), &self.order)?;
        let data = RecoveryWaived {
            person: person(&flag)?,
            flag: flag.flag_id,
            order,
            amount: self.amount.unwrap_or(rest),
            ground: self.ground.clone(),
        };
        let mut batch = Batch::new(&place, &hand);
        batch.add(&flag.subject, data, vec![order])?;
        batch.send(session)
    }
}

fn person(flag: &QueueLine) -> Result<PersonId, CliError> {
    flag.person().ok_or_else(|| {
        CliError::refused("the flag is about no person").hinted("nothing is recovered under it")
    })
}

/// The order that a text names, with its flag and what is still to come.
fn find(ground: Ground<'_>, text: &str) -> Result<(QueueLine, Hash, Fen), CliError> {
    let flag = flag_arg::find(ground, text)?;
    let named = text.parse::<Hash>().ok();
    let by_id = flag.orders.iter().find(|order| Some(order.order) == named);
    let order = match (by_id, flag.orders.as_slice()) {
        (Some(order), _) | (None, [order]) => (order.order, order.rest),
        (None, []) => {
            return Err(CliError::refused("no recovery is in effect on the flag")
                .hinted("order one with `mingzheng recover order`, and have it endorsed"));
        }
        (None, _) => {
            return Err(CliError::usage("the flag has more than one order")
                .hinted("name the order: `mingzheng queue recover --json` shows them"));
        }
    };
    Ok((flag, order.0, order.1))
}
