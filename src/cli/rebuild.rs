//! `rebuild`: the index anew from the log.

use clap::Args;
use serde::Serialize;

use super::{
    error::CliError,
    output::talk,
    reading::catch_up,
    session::{Session, Vault},
};
use crate::projection::Projection;
use crate::value::Hash;

/// Throw the index away, compute it again from the log and print its hash (重建)
///
/// The hash is the same as that of the index kept live: what is shown is what the log says.
#[derive(Args)]
pub(super) struct Rebuild {}

#[derive(Serialize)]
struct Rebuilt {
    entries: u64,
    /// Hash of the index as it was before, when it was current to the same entry.
    before: Option<Hash>,
    state_hash: Hash,
    equal: Option<bool>,
    bytes: u64,
}

impl Rebuild {
    #[expect(clippy::unused_self, reason = "every command runs the same way")]
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let ledger = session.open_to_read(Vault::No)?;
        let before = match Projection::open(ledger.folder()) {
            Ok(index) if index.current_to() == ledger.len() => Some(index.state_hash()?),
            Ok(_) => None,
            Err(error) => {
                talk(format_args!("the old index cannot be read: {error}"));
                None
            }
        };
        let mut index = Projection::rebuild(ledger.folder())?;
        catch_up(&mut index, &ledger)?;
        index.flush()?;
        let state_hash = index.state_hash()?;
        let rebuilt = Rebuilt {
            entries: index.current_to(),
            before,
            state_hash,
            equal: before.map(|before| before == state_hash),
            bytes: index.size_on_disk()?,
        };
        let before = before.map_or_else(|| "none".to_owned(), |hash| hash.to_string());
        session.out.document(
            &rebuilt,
            &[
                ("entries", rebuilt.entries.to_string()),
                ("hash before", before),
                ("hash now", state_hash.to_string()),
                ("bytes", rebuilt.bytes.to_string()),
            ],
        );
        match rebuilt.equal {
            Some(false) => Err(CliError::failed_check("the index differed from the log")
                .hinted("it is now what the log says; if this happens again, report it")),
            _ => Ok(()),
        }
    }
}
