//! When: what was true on a day (`--on`), by what the ledger knew at an entry (`--as-of`).

use clap::Args;

use super::{error::CliError, reading::Reading};
use crate::answer::Moment;
use crate::value::Day;

/// The day judged, and the entry known.
#[derive(Args)]
pub(super) struct When {
    /// What was true on this day; the default is today, or the day of the entry of --as-of
    #[arg(long, value_name = "DATE")]
    pub(super) on: Option<Day>,
    /// By what the ledger knew: an entry's index, a day (its end), or "YYYY-MM-DD HH:MM"
    #[arg(long, value_name = "INDEX|TIME")]
    as_of: Option<String>,
}

impl When {
    /// A day, by what is known now.
    pub(super) const fn on(on: Option<Day>) -> Self {
        Self { on, as_of: None }
    }

    /// By what the ledger knew, as it was said.
    pub(super) fn as_of(&self) -> Option<&str> {
        self.as_of.as_deref()
    }

    /// Finds the moment on the ledger.
    pub(super) fn moment(&self, reading: &Reading) -> Result<Moment, CliError> {
        Ok(Moment::find(&reading.records(), self.on, self.as_of.as_deref())?)
    }

    /// Refuses both where only what stands now is kept.
    pub(super) fn none(&self, what: &str) -> Result<(), CliError> {
        if self.on.is_some() {
            return Err(
                CliError::usage(format!("{what} are kept as of now only")).hinted("leave --on out")
            );
        }
        self.now_only(what)
    }

    /// Refuses `--as-of` where only today's knowledge is kept.
    pub(super) fn now_only(&self, what: &str) -> Result<(), CliError> {
        match self.as_of {
            None => Ok(()),
            Some(_) => Err(CliError::usage(format!("{what} are kept as of now only"))
                .hinted("leave --as-of out")),
        }
    }
}
