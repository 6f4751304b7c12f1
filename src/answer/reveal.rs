//! Opening sealed data for those who may see it.

use hashbrown::HashMap;

use super::{AskError, Records, personal};
use crate::event::Recorded;
use crate::ledger::{Ledger, Personal};
use crate::projection::Who;
use crate::value::{PersonId, RollId};

/// Opens sealed data for those who may see it, each person and roll once.
pub(crate) struct Revealer<'a> {
    records: Records<'a>,
    persons: HashMap<PersonId, Option<Personal>>,
    rolls: HashMap<RollId, Option<String>>,
}

impl<'a> Revealer<'a> {
    pub(crate) fn new(records: Records<'a>) -> Self {
        Self { records, persons: HashMap::new(), rolls: HashMap::new() }
    }

    /// The person's newest sealed data that holds an ID number.
    pub(crate) fn person(&mut self, person: PersonId) -> Result<Option<&Personal>, AskError> {
        if !self.persons.contains_key(&person) {
            let indexes = self.records.index.history(&Who::Person(person, Vec::new()))?;
            let mut found = None;
            for index in indexes.into_iter().rev() {
                let opened = open(self.records.ledger, &self.records.ledger.event(index)?)?;
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
    pub(crate) fn roll(&mut self, roll: RollId) -> Result<Option<String>, AskError> {
        if !self.rolls.contains_key(&roll) {
            let name = match self.records.index.roll(roll)? {
                Some(info) => open(self.records.ledger, &self.records.ledger.event(info.index)?)?
                    .and_then(|personal| personal.file_name.clone()),
                None => None,
            };
            self.rolls.insert(roll, name);
        }
        Ok(self.rolls.get(&roll).cloned().flatten())
    }
}

/// Opens the first sealed object of an event; nothing when its key was erased.
pub(crate) fn open(ledger: &Ledger, event: &Recorded) -> Result<Option<Personal>, AskError> {
    let Some(sealed) = event.payload.sealed.first() else { return Ok(None) };
    let store = personal(ledger)?;
    Ok(store.open_sealed(sealed, &event.subject, event.payload.body.name()).ok())
}
