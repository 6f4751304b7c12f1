//! `calendar publish`: the working days that deadlines count.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{
    acting::ActArgs,
    error::CliError,
    folder,
    output::talk,
    send::Batch,
    session::{Session, Vault},
};
use crate::event::CalendarPublished;
use crate::policy::{self, CalendarData, TEXT_MAX, canonical, defaults::CALENDAR};
use crate::value::Subject;

/// The working-day calendar (工作日历)
#[derive(Subcommand)]
pub(super) enum Calendar {
    Publish(Publish),
}

/// Propose a calendar; a supervisor endorses it
///
/// A year that no published calendar holds counts Monday to Friday, and what used it says so.
#[derive(Args)]
pub(super) struct Publish {
    /// A calendar text, TOML [default: the one that ships with the program]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    act: ActArgs,
}

impl Calendar {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let Self::Publish(Publish { file, act }) = self;
        let text = match file {
            Some(path) => canonical(&folder::read_text(path, 2 * TEXT_MAX as u64)?),
            None => canonical(CALENDAR),
        };
        let calendar = CalendarData::parse(&text)
            .map_err(|error| CliError::refused(format!("the calendar is refused: {error}")))?;
        let (place, hand) = act.open(session, Vault::No)?;
        let years: Vec<_> = calendar.years.iter().map(|year| year.year.to_string()).collect();
        talk(format_args!("calendar of {}", years.join(", ")));
        let mut batch = Batch::new(&place, &hand);
        let hash = policy::hash(&text);
        batch.add(&Subject::Ledger, CalendarPublished { text, hash }, Vec::new())?;
        batch.send(session)
    }
}
