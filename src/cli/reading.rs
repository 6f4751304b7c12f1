//! What the reading commands share: the ledger with its index, brought up to date.

use indicatif::{ProgressBar, ProgressStyle};

use super::{
    error::CliError,
    output::talk,
    session::{Session, Vault},
};
use crate::answer::{Found, Records};
use crate::domain::State;
use crate::ledger::Ledger;
use crate::projection::{Projection, Who};
use crate::value::{Day, PersonId, Subject};

/// A ledger with its index, current to its last entry.
pub(super) struct Reading {
    pub(super) ledger: Ledger,
    pub(super) index: Projection,
}

impl Reading {
    /// Opens for reading; with `--reveal` the vault must open too.
    pub(super) fn open(session: &mut Session, reveal: bool) -> Result<Self, CliError> {
        let vault = if reveal { Vault::Needed } else { Vault::IfThere };
        Self::of(session.open_to_read(vault)?)
    }

    /// Brings the index of an open ledger up to date.
    pub(super) fn of(ledger: Ledger) -> Result<Self, CliError> {
        let mut index = Projection::open(ledger.folder())?;
        catch_up(&mut index, &ledger)?;
        Ok(Self { ledger, index })
    }

    /// The two, to ask.
    pub(super) const fn records(&self) -> Records<'_> {
        Records { ledger: &self.ledger, index: &self.index }
    }

    /// The day asked for, today in Asia/Shanghai when none was.
    pub(super) fn day(&self, on: Option<Day>) -> Day {
        self.records().day(on)
    }

    /// Whom or what the text names.
    pub(super) fn find(&self, text: &str) -> Result<Found, CliError> {
        Ok(self.records().find(text)?)
    }

    /// The person whom the text names, by an ID, a certificate or a subject.
    pub(super) fn person(&self, who: &str) -> Result<PersonId, CliError> {
        let found = match self.find(who)? {
            Found::Who(Who::Person(person, _)) => Some(person),
            Found::Who(Who::Subject(Subject::Certificate(id))) => {
                let certificate = |state: &State| {
                    state.certificates.find(&id).map(|certificate| certificate.person)
                };
                self.ledger.with_state(certificate)?
            }
            _ => None,
        };
        found.ok_or_else(no_person)
    }
}

pub(super) fn no_person() -> CliError {
    CliError::refused("this names no person that the ledger holds sealed data of")
        .hinted("name a citizen ID, a certificate number, or person:<id>")
}

/// Catches up, with a progress bar when there is much to read.
pub(super) fn catch_up(index: &mut Projection, ledger: &Ledger) -> Result<u64, CliError> {
    /// Fewer entries than this are read before a bar would show.
    const BAR_FROM: u64 = 20_000;
    let behind = ledger.len().saturating_sub(index.current_to());
    if behind < BAR_FROM {
        return Ok(index.catch_up(ledger)?);
    }
    talk(format_args!("bringing the index up to date: {behind} entries"));
    let bar = bar(ledger.len());
    let read = index.catch_up_with(ledger, &mut |done, _| bar.set_position(done))?;
    bar.finish_and_clear();
    Ok(read)
}

/// A progress bar on standard error; nothing where that is no terminal.
pub(super) fn bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}
