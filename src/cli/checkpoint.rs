//! `checkpoint`: the published checkpoint.

use clap::Args;
use serde::Serialize;

use super::{
    error::CliError,
    folder,
    remote::AskArgs,
    session::{CHECKPOINT, SMALL_FILE_BYTES_MAX, Session, verifier_of},
};
use crate::tlog::{self, TreeHash};

/// Print the published checkpoint: the ledger's signed size and root
///
/// Works beside a running writer. Keep it, or hand it to a witness: `verify --from` shows later
/// that nothing below it was changed.
#[derive(Args)]
pub(super) struct Checkpoint {
    #[command(flatten)]
    ask: AskArgs,
}

#[derive(Serialize)]
struct Published {
    origin: String,
    size: u64,
    root: TreeHash,
    note: String,
}

impl Checkpoint {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let (verifier, note) = match self.ask.open(session)? {
            Some(remote) => {
                let note = remote.bytes("/checkpoint")?;
                (remote.ledger.vkey, note)
            }
            None => {
                let path = session.folder().join(CHECKPOINT);
                (verifier_of(session.folder())?, folder::read(&path, SMALL_FILE_BYTES_MAX)?)
            }
        };
        let signed = tlog::Checkpoint::open(&note, &verifier).map_err(|error| {
            CliError::failed_check(format!("the published checkpoint does not hold: {error}"))
                .hinted("run `mingzheng verify`")
        })?;
        let tlog::Checkpoint { origin, size, root, .. } = signed.checkpoint();
        let note = signed.note().to_string();
        let published =
            Published { origin: origin.to_string(), size: *size, root: *root, note: note.clone() };
        session.out.text(&published, &note);
        Ok(())
    }
}
