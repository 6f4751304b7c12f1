//! `submit`: signed statements go to the ledger.

use std::path::PathBuf;

use clap::Args;

use super::{
    error::CliError,
    folder,
    remote::AskArgs,
    send::{send, send_to},
    session::{Session, Vault},
};
use crate::answer::items;

/// Submit signed statements (提交), in the order given
///
/// Each is accepted with its index or refused by the rule that says no; a refused one hurts only
/// those that rest on it. Sending the same bytes again is safe: the first answer comes back.
#[derive(Args)]
pub(super) struct Submit {
    /// Statements: one in a file, or several one after the other (a CBOR sequence)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    ask: AskArgs,
}

/// Longest file of statements, in bytes.
const FILE_BYTES_MAX: u64 = 256 << 20;

impl Submit {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let mut statements = Vec::new();
        for path in &self.files {
            let bytes = folder::read(path, FILE_BYTES_MAX)?;
            let items = items(&bytes).ok_or_else(|| {
                CliError::refused(format!("{} is not a sequence of statements", path.display()))
                    .hinted("statements are written by `mingzheng sign`; nothing was submitted")
            })?;
            statements.extend(items.into_iter().map(<[u8]>::to_vec));
        }
        if let Some(remote) = self.ask.open(session)? {
            return send_to(session, &remote, statements);
        }
        let ledger = session.open_to_write(Vault::IfThere)?;
        send(session, &ledger, statements)
    }
}
