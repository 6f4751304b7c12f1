//! `checkpoint`: the published checkpoint.

use clap::Args;
use serde::Serialize;

use super::{
    error::CliError,
    folder,
    session::{CHECKPOINT, SMALL_FILE_BYTES_MAX, Session, verifier_of},
};
use crate::tlog::{self, TreeHash};

/// Print the published checkpoint: the ledger's signed size and root
///
/// Works beside a running writer. Keep it, or hand it to a witness: `verify --from` shows later
/// that nothing below it was changed.
#[derive(Args)]
pub(super) struct Checkpoint {}

#[derive(Serialize)]
struct Published {
    origin: String,
    size: u64,
    root: TreeHash,
    note: String,
}

impl Checkpoint {
    #[expect(clippy::unused_self, reason = "every command runs the same way")]
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let verifier = verifier_of(session.folder())?;
        let note = folder::read(&session.folder().join(CHECKPOINT), SMALL_FILE_BYTES_MAX)?;
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
