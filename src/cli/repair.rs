//! `repair`: cutting damage off, when an operator accepts the loss.

use clap::Args;
use serde::Serialize;

use super::{
    error::CliError,
    output::talk,
    session::{Session, verifier_of},
};
use crate::log::{self, DiskFiles, RepairReport};

/// Look for damage in the log; with --accept-loss cut the log before it
///
/// What is cut is kept in `rejected/`. A log that lost entries which its published head covers can
/// still be verified, but never goes on: restore a backup, or begin a ledger that succeeds it.
#[derive(Args)]
pub(super) struct Repair {
    /// Cut everything from the first damaged place on
    #[arg(long)]
    accept_loss: bool,
}

#[derive(Serialize)]
struct Repaired {
    damage: Option<String>,
    kept_aside: Vec<String>,
    entries: u64,
    head: Option<u64>,
    opens: bool,
}

impl Repair {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let verifier = verifier_of(session.folder())?;
        let files = DiskFiles::open(session.folder())?;
        let report = log::repair(&files, verifier.name().as_str(), self.accept_loss)?;
        let RepairReport { damage, kept_aside, len, head_size } = report;
        let damage = damage.map(|damage| damage.to_string());
        let opens = head_size.is_some_and(|head| head <= len);
        let fields = [
            ("damage 损坏", damage.clone().unwrap_or_else(|| "none 无".to_owned())),
            ("kept aside", kept_aside.join(" ")),
            ("entries 条目", len.to_string()),
            ("head", head_size.map_or_else(|| "unreadable".to_owned(), |head| head.to_string())),
        ];
        let fields: Vec<_> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let repaired = Repaired { damage, kept_aside, entries: len, head: head_size, opens };
        session.out.document(&repaired, &fields);
        if !opens {
            talk("Entries that were published are lost: this ledger does not open for writing.");
        }
        Ok(())
    }
}
