//! `assign`: a flag goes to an inspector.

use clap::Args;

use super::{
    acting::ActArgs,
    error::CliError,
    flag_arg,
    send::Batch,
    session::{Session, Vault},
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
    act: ActArgs,
}

impl Assign {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let (place, hand) = self.act.open(session, Vault::No)?;
        let flag = flag_arg::find(place.ground(), &self.flag)?;
        let mut batch = Batch::new(&place, &hand);
        let data = AnomalyAssigned { flag: flag.flag_id, to: self.to.clone() };
        batch.add(&flag.subject, data, vec![flag.raised])?;
        batch.send(session)
    }
}
