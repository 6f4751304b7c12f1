//! `assign`: a flag goes to an inspector.

use clap::Args;

use super::{
    error::CliError,
    flag_arg,
    send::Batch,
    session::{KeyArg, Session, Vault},
};
use crate::event::AnomalyAssigned;
use crate::value::ActorId;

/// Give a flag to an inspector who has no part in the case (分派疑点)
#[derive(Args)]
pub(super) struct Assign {
    /// The flag's id, the first characters of it, or an entry of its life
    #[arg(value_name = "FLAG")]
    flag: String,
    /// The inspector
    #[arg(value_name = "ACTOR")]
    to: ActorId,
    #[command(flatten)]
    key: KeyArg,
}

impl Assign {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let ledger = session.open_to_write(Vault::No)?;
        let hand = session.hand(&ledger, &self.key)?;
        let (id, flag) = flag_arg::find(&ledger, &self.flag)?;
        let mut batch = Batch::new(&ledger, &hand);
        let data = AnomalyAssigned { flag: id, to: self.to.clone() };
        batch.add(&flag.subject, data, vec![flag.raised])?;
        batch.send(session)
    }
}
