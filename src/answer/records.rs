//! Whom or what a text names, and what the answer is asked of.

use super::{AskError, personal, today};
use crate::crypto::TagKind;
use crate::ledger::Ledger;
use crate::projection::{Projection, Who};
use crate::rolls::clean;
use crate::value::{CertificateNumber, CitizenId, Day, PersonId, Subject};

/// A ledger with its index: what every question is asked of.
#[derive(Clone, Copy)]
pub(crate) struct Records<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) index: &'a Projection,
}

impl Records<'_> {
    /// The day asked for, today in Asia/Shanghai when none was.
    pub(crate) fn day(&self, on: Option<Day>) -> Day {
        on.unwrap_or_else(|| today(self.ledger))
    }

    /// Whom or what the text names: a citizen ID, a certificate number, a subject or an index.
    pub(crate) fn find(&self, text: &str) -> Result<Found, AskError> {
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
            let tag = personal(self.ledger)?.tag(TagKind::Id, id.as_str());
            return match self.ledger.with_state(|state| state.people.by_tag(&tag))? {
                Some(person) => self.subject(Subject::Person(person)),
                None if self.index.has_history(&Who::Id(tag))? => Ok(Found::Who(Who::Id(tag))),
                None => Err(AskError::Nobody),
            };
        }
        if cleaned.parse::<CertificateNumber>().is_ok() {
            let tag = personal(self.ledger)?.tag(TagKind::Certificate, &cleaned);
            let entry = self.index.of_number(&tag)?.first().copied().ok_or(AskError::Nobody)?;
            let subject = self.ledger.event(entry)?.subject;
            return self.subject(subject);
        }
        Err(AskError::usage("not a citizen ID, a certificate number, a subject or an index")
            .hinted("subjects are written kind:id, such as person:<id>; indexes count from 0"))
    }

    /// The person whose citizen ID that is; nobody where it is none, or is not known.
    pub(crate) fn person_of_number(&self, text: &str) -> Result<Option<PersonId>, AskError> {
        let Ok(id) = clean::identifier(text).parse::<CitizenId>() else { return Ok(None) };
        let tag = personal(self.ledger)?.tag(TagKind::Id, id.as_str());
        Ok(self.ledger.with_state(|state| state.people.by_tag(&tag))?)
    }

    fn subject(&self, subject: Subject) -> Result<Found, AskError> {
        let who = match &subject {
            Subject::Person(person) => {
                let ids = self.ledger.with_state(|state| {
                    state.people.find(person).map(|person| person.ids.to_vec())
                })?;
                Who::Person(*person, ids.unwrap_or_default())
            }
            _ => Who::Subject(subject),
        };
        if self.index.has_history(&who)? { Ok(Found::Who(who)) } else { Err(AskError::Nobody) }
    }
}

/// What a `WHO` named.
pub(crate) enum Found {
    /// One entry.
    Entry(u64),
    /// Somebody or something with a history.
    Who(Who),
}
