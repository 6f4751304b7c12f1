//! What goes into a pack beside the entries asked for: all that their signatures and decisions rest
//! on, so that nobody has to ask the ledger for more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::{AskError, Records};
use crate::crypto::Statement;
use crate::event::{Body, PaymentExecuted, Recorded, months_covered};
use crate::frame::Entry;
use crate::ledger::{Ledger, ReadError};
use crate::policy::{CalendarData, PolicyBook};
use crate::projection::Who;
use crate::value::{ActorId, Day, Hash, Subject};

/// The entries of a pack with the keys and texts they name.
pub(super) struct Gathered {
    pub(super) entries: BTreeMap<u64, Recorded>,
    pub(super) keys: BTreeMap<Hash, String>,
    pub(super) policies: BTreeMap<Hash, String>,
    pub(super) calendars: BTreeMap<Hash, String>,
    book: Arc<PolicyBook>,
    institutions: BTreeSet<ActorId>,
    wanted: Vec<u64>,
}

impl Gathered {
    /// Gathers what the steps rest on.
    pub(super) fn of(records: &Records<'_>, steps: &BTreeSet<u64>) -> Result<Self, AskError> {
        let mut gathered = Self {
            entries: BTreeMap::new(),
            keys: BTreeMap::new(),
            policies: BTreeMap::new(),
            calendars: BTreeMap::new(),
            book: records.ledger.with_state(|state| state.policies.clone())?,
            institutions: BTreeSet::new(),
            wanted: steps.iter().copied().collect(),
        };
        let mut years = BTreeSet::new();
        for index in steps {
            let event = records.ledger.event(*index)?;
            if let Body::PaymentExecuted(data) = &event.payload.body {
                for hash in gathered.paid_under(data, *index) {
                    gathered.policy(records, hash)?;
                }
            }
            // The steps of a case have limits in working days.
            if matches!(event.subject, Subject::Case(_) | Subject::Certificate(_)) {
                years.insert(event.payload.at.year());
            }
        }
        gathered.calendars(records, &years)?;
        gathered.wanted.push(0);
        while let Some(index) = gathered.wanted.pop() {
            if gathered.entries.contains_key(&index) {
                continue;
            }
            let event = records.ledger.event(index)?;
            gathered.signer(records, &event)?;
            if let Some(hash) = event.payload.policy {
                gathered.policy(records, hash)?;
            }
            if let Some(institution) = institution(&event.payload.body) {
                gathered.institution(records, institution)?;
            }
            if let Body::AssessmentAssigned(data) = &event.payload.body {
                gathered.assessors(records, &data.assessors)?;
            }
            gathered.endorsements(records, &event)?;
            gathered.entries.insert(index, event);
        }
        Ok(gathered)
    }

    /// Who signed it, and the entries that enrolled them.
    fn signer(&mut self, records: &Records<'_>, event: &Recorded) -> Result<(), AskError> {
        let kid = kid_of(records.ledger, event.index)?;
        if self.keys.contains_key(&kid) {
            return Ok(());
        }
        let key = records.ledger.with_state(|state| state.actors.public_key(&kid))?;
        if let Some(key) = key {
            self.keys.insert(kid, key.to_string());
        }
        let actor = Subject::Actor(event.signer.actor.clone());
        self.wanted.extend(records.index.history(&Who::Subject(actor))?);
        Ok(())
    }

    /// What enrolled the assessors that a step names: one of them may sign nothing.
    fn assessors(&mut self, records: &Records<'_>, named: &[ActorId]) -> Result<(), AskError> {
        for id in named {
            for entry in records.index.history(&Who::Subject(Subject::Actor(id.clone())))? {
                if matches!(records.ledger.event(entry)?.payload.body, Body::ActorEnrolled(_)) {
                    self.wanted.push(entry);
                }
            }
        }
        Ok(())
    }

    /// A policy with the entries that published it.
    fn policy(&mut self, records: &Records<'_>, hash: Hash) -> Result<(), AskError> {
        if self.policies.contains_key(&hash) {
            return Ok(());
        }
        let Some(published) = self.book.by_hash(&hash) else {
            let calendar = self.book.calendars().find(|(known, _)| **known == hash);
            let index = calendar.map(|(_, index)| index);
            return index.map_or(Ok(()), |index| self.calendar(records, index, |_| true));
        };
        let (index, subject) =
            (published.index, Subject::Programme(published.policy.name.to_string()));
        // The same text may have been proposed more than once.
        for entry in records.index.history(&Who::Subject(subject))? {
            let found = records.ledger.event(entry)?;
            match &found.payload.body {
                Body::PolicyPublished(data) if data.hash == hash => {
                    self.policies.insert(hash, data.text.clone());
                    self.wanted.push(entry);
                }
                _ => {}
            }
        }
        self.wanted.push(index);
        Ok(())
    }

    /// What governed a payment: the programme's policy, and the one that sets the amount, for every
    /// month it pays. Where one of them was published after the payment, those that stood before
    /// are gathered too.
    fn paid_under(&self, data: &PaymentExecuted, index: u64) -> BTreeSet<Hash> {
        let mut hashes = governing(&self.book, data);
        let later = |hash: &Hash| self.book.by_hash(hash).is_some_and(|found| found.index > index);
        if hashes.iter().any(later) {
            let mut then = PolicyBook::default();
            for known in self.book.policies().filter(|known| known.index < index) {
                then.publish(known.policy.clone(), known.hash, known.index);
            }
            hashes.extend(governing(&then, data));
        }
        hashes
    }

    /// Every calendar published for these years.
    fn calendars(&mut self, records: &Records<'_>, years: &BTreeSet<i32>) -> Result<(), AskError> {
        let published: Vec<u64> = self.book.calendars().map(|(_, index)| index).collect();
        let asked =
            |calendar: &CalendarData| calendar.years.iter().any(|y| years.contains(&y.year));
        published.into_iter().try_for_each(|index| self.calendar(records, index, asked))
    }

    /// The calendar that an entry published, if it is asked for.
    fn calendar(
        &mut self,
        records: &Records<'_>,
        index: u64,
        asked: impl Fn(&CalendarData) -> bool,
    ) -> Result<(), AskError> {
        let event = records.ledger.event(index)?;
        if let Body::CalendarPublished(data) = &event.payload.body
            && CalendarData::parse(&data.text).is_ok_and(|calendar| asked(&calendar))
        {
            self.calendars.insert(data.hash, data.text.clone());
            self.wanted.push(index);
        }
        Ok(())
    }

    /// What designated or suspended an institution.
    fn institution(&mut self, records: &Records<'_>, code: &ActorId) -> Result<(), AskError> {
        if !self.institutions.insert(code.clone()) {
            return Ok(());
        }
        let subject = Subject::Institution(code.clone());
        for entry in records.index.history(&Who::Subject(subject))? {
            let body = records.ledger.event(entry)?.payload.body;
            if matches!(body, Body::InstitutionDesignated(_) | Body::InstitutionSuspended(_)) {
                self.wanted.push(entry);
            }
        }
        Ok(())
    }

    /// The entries that endorsed what takes effect only with a second signer.
    fn endorsements(&mut self, records: &Records<'_>, of: &Recorded) -> Result<(), AskError> {
        if of.payload.body.second().is_none() {
            return Ok(());
        }
        for entry in records.index.history(&Who::Subject(of.subject.clone()))? {
            if entry > of.index && records.ledger.event(entry)?.payload.refs.contains(&of.id) {
                self.wanted.push(entry);
            }
        }
        Ok(())
    }
}

/// The policies that govern a payment by what a book holds.
fn governing(book: &PolicyBook, data: &PaymentExecuted) -> BTreeSet<Hash> {
    // A grant of a year is judged by what stands at its end.
    let year = data.year.filter(|_| data.month.is_none() && data.months.is_empty());
    let last = year.and_then(|year| Day::new(i32::from(year), 12, 31).ok()).map(Day::month);
    let mut hashes = BTreeSet::new();
    for month in months_covered(&data.months, data.month, data.back_pay_months).chain(last) {
        let policy = book.programme(data.programme, data.division, month);
        hashes.extend(policy.map(|(published, _)| published.hash));
        hashes.extend(book.rate(data.programme, data.division, month).ok().map(|rate| rate.policy));
    }
    hashes
}

/// The designated institution that an event sends somebody to, or enrols somebody of.
const fn institution(body: &Body) -> Option<&ActorId> {
    match body {
        Body::ApplicationAccepted(data) => data.institution.as_ref(),
        Body::AssessmentAssigned(data) => Some(&data.institution),
        Body::ActorEnrolled(data) => data.institution.as_ref(),
        Body::PlacementStarted(data) => data.institution.as_ref(),
        _ => None,
    }
}

/// The key that signed an entry.
fn kid_of(ledger: &Ledger, index: u64) -> Result<Hash, AskError> {
    let bytes = ledger.reader().read(index).map_err(ReadError::from)?;
    let broken = || AskError::refused(format!("entry {index} is not of the known form"));
    let entry = Entry::decode(&bytes).map_err(|_| broken())?;
    Ok(*Statement::parse(entry.statement).map_err(|_| broken())?.kid())
}
