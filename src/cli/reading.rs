//! What the reading commands share: the ledger with its index, the day judged, and revealing.

use hashbrown::HashMap;
use indicatif::{ProgressBar, ProgressStyle};

use super::{
    error::CliError,
    output::talk,
    session::{Session, Vault, personal, today},
};
use crate::crypto::TagKind;
use crate::event::Recorded;
use crate::ledger::{Ledger, Personal};
use crate::projection::{Projection, Who};
use crate::rolls::clean;
use crate::value::{CertificateNumber, CitizenId, Day, PersonId, RollId, Subject};

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

    /// The day asked for, today in Asia/Shanghai when none was.
    pub(super) fn day(&self, on: Option<Day>) -> Day {
        on.unwrap_or_else(|| today(&self.ledger))
    }

    /// Whom or what the text names: a citizen ID, a certificate number, a subject or an index.
    pub(super) fn find(&self, text: &str) -> Result<Found, CliError> {
        if let Ok(index) = text.parse::<u64>()
            && index < self.ledger.len()
        {
            return Ok(Found::Entry(index));
        }
        if let Ok(subject) = text.parse::<Subject>() {
            return self.subject(subject);
        }
        let cleaned = clean::identifier(text);
        if let Ok(id) = cleaned.parse::<CitizenId>() {
            let tag = personal(&self.ledger)?.tag(TagKind::Id, id.as_str());
            return match self.ledger.with_state(|state| state.people.by_tag(&tag))? {
                Some(person) => self.subject(Subject::Person(person)),
                None if self.index.history(&Who::Id(tag))?.is_empty() => Err(nobody()),
                None => Ok(Found::Who(Who::Id(tag))),
            };
        }
        if cleaned.parse::<CertificateNumber>().is_ok() {
            let tag = personal(&self.ledger)?.tag(TagKind::Certificate, &cleaned);
            let entry = self.index.of_number(&tag)?.first().copied().ok_or_else(nobody)?;
            let subject = self.ledger.event(entry)?.subject;
            return self.subject(subject);
        }
        Err(CliError::usage("not a citizen ID, a certificate number, a subject or an index")
            .hinted("subjects are written kind:id, such as person:<id>; indexes count from 0"))
    }

    fn subject(&self, subject: Subject) -> Result<Found, CliError> {
        let who = match &subject {
            Subject::Person(person) => {
                let ids = self.ledger.with_state(|state| {
                    state.people.find(person).map(|person| person.ids.clone())
                })?;
                Who::Person(*person, ids.unwrap_or_default())
            }
            _ => Who::Subject(subject),
        };
        if self.index.history(&who)?.is_empty() { Err(nobody()) } else { Ok(Found::Who(who)) }
    }
}

/// What a `WHO` named.
pub(super) enum Found {
    /// One entry.
    Entry(u64),
    /// Somebody or something with a history.
    Who(Who),
}

fn nobody() -> CliError {
    CliError::refused("the ledger knows nobody and nothing of that name")
        .hinted("check the number; `mingzheng list certificates` shows who is there")
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

/// Opens sealed data for those who may see it, each person and roll once.
pub(super) struct Revealer<'a> {
    reading: &'a Reading,
    persons: HashMap<PersonId, Option<Personal>>,
    rolls: HashMap<RollId, Option<String>>,
}

impl<'a> Revealer<'a> {
    pub(super) fn new(reading: &'a Reading) -> Self {
        Self { reading, persons: HashMap::new(), rolls: HashMap::new() }
    }

    /// The person's newest sealed data that holds an ID number.
    pub(super) fn person(&mut self, person: PersonId) -> Result<Option<&Personal>, CliError> {
        if !self.persons.contains_key(&person) {
            let indexes = self.reading.index.history(&Who::Person(person, Vec::new()))?;
            let mut found = None;
            for index in indexes.into_iter().rev() {
                let opened = open(&self.reading.ledger, &self.reading.ledger.event(index)?)?;
                if opened.as_ref().is_some_and(|personal| personal.id_number.is_some()) {
                    found = opened;
                    break;
                }
            }
            self.persons.insert(person, found);
        }
        Ok(self.persons.get(&person).and_then(Option::as_ref))
    }

    /// The file name of a roll.
    pub(super) fn roll(&mut self, roll: RollId) -> Result<Option<String>, CliError> {
        if !self.rolls.contains_key(&roll) {
            let name = match self.reading.index.roll(roll)? {
                Some(info) => open(&self.reading.ledger, &self.reading.ledger.event(info.index)?)?
                    .and_then(|personal| personal.file_name.clone()),
                None => None,
            };
            self.rolls.insert(roll, name);
        }
        Ok(self.rolls.get(&roll).cloned().flatten())
    }
}

/// Opens the first sealed object of an event; nothing when its key was erased.
pub(super) fn open(ledger: &Ledger, event: &Recorded) -> Result<Option<Personal>, CliError> {
    let Some(sealed) = event.payload.sealed.first() else { return Ok(None) };
    let store = personal(ledger)?;
    Ok(store.open_sealed(sealed, &event.subject, event.payload.body.name()).ok())
}
