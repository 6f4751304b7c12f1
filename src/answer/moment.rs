//! When: what was true on a day, by what the ledger knew at an entry.

use std::sync::Arc;

use super::{AskError, Records};
use crate::ledger::Ledger;
use crate::policy::PolicyBook;
use crate::projection::AsOf;
use crate::rules::{Flag, PersonFile, Rule};
use crate::value::{Day, PersonId};

/// One moment of the ledger: a day, and what was known of it.
pub(crate) struct Moment {
    /// The day judged.
    pub(crate) on: Day,
    known: Option<AsOf>,
}

const MINUTE_MS: u64 = 60_000;

impl Moment {
    /// Finds the moment on the ledger: a day, today when none is named or that of the entry known;
    /// an index, a day (its end) or "YYYY-MM-DD HH:MM" by which it was known.
    pub(crate) fn find(
        records: &Records<'_>,
        on: Option<Day>,
        as_of: Option<&str>,
    ) -> Result<Self, AskError> {
        let Some(text) = as_of else {
            return Ok(Self { on: records.day(on), known: None });
        };
        let last = last_entry(records.ledger, text)?;
        let recorded = Day::of_millis(records.ledger.event(last)?.recorded_at_ms);
        let known = AsOf::read(records.ledger, last)?;
        Ok(Self { on: on.unwrap_or(recorded), known: Some(known) })
    }

    /// The last entry known, when it is not the newest.
    pub(crate) fn last(&self) -> Option<u64> {
        self.known.as_ref().map(|known| known.last)
    }

    /// Says whether an entry was known.
    pub(crate) fn knows(&self, index: u64) -> bool {
        self.last().is_none_or(|last| index <= last)
    }

    /// How many entries were known.
    pub(crate) fn current_to(&self, records: &Records<'_>) -> u64 {
        self.last().map_or(records.index.current_to(), |last| last + 1)
    }

    /// Says what is shown, where it is not what is known now.
    pub(crate) fn text(&self, records: &Records<'_>) -> String {
        format!("{}, entry {}", self.on, self.current_to(records))
    }

    pub(super) fn policies(&self, records: &Records<'_>) -> Result<Arc<PolicyBook>, AskError> {
        Ok(match &self.known {
            Some(known) => Arc::new(known.policies(records.ledger, records.index)?),
            None => records.ledger.with_state(|state| state.policies.clone())?,
        })
    }

    /// Judges everybody. Today's flags, by what is known now, are kept in the index and only what
    /// is new is judged; any other moment is judged in full.
    pub(crate) fn flags(&self, records: &Records<'_>) -> Result<Vec<Flag>, AskError> {
        if self.known.is_none() && self.on == records.day(None) {
            records.index.judge(records.ledger, self.on)?;
            if let Some(kept) = records.index.kept_flags(self.on)? {
                return Ok(kept);
            }
        }
        let book = self.policies(records)?;
        Ok(match &self.known {
            Some(known) => records.index.flags_as_of(known, &*book, self.on)?,
            None => records.index.flags(&*book, self.on)?,
        })
    }

    /// Judges everybody by an earlier version of a rule, by what is known now.
    pub(crate) fn flags_by(
        &self,
        records: &Records<'_>,
        rule: &'static Rule,
    ) -> Result<Vec<Flag>, AskError> {
        if self.known.is_some() {
            return Err(AskError::usage("an earlier version of a rule judges what is known now")
                .hinted("leave --as-of out, or name the rule without a version"));
        }
        Ok(records.index.flags_by(rule, &*self.policies(records)?, self.on)?)
    }

    /// Judges one person.
    pub(crate) fn flags_of(
        &self,
        records: &Records<'_>,
        person: PersonId,
    ) -> Result<Vec<Flag>, AskError> {
        let book = self.policies(records)?;
        Ok(match &self.known {
            Some(known) => records.index.flags_of_as_of(person, known, &*book, self.on)?,
            None => records.index.flags_of(person, &*book, self.on)?,
        })
    }

    /// A person's file and flags, read together.
    pub(crate) fn file_and_flags(
        &self,
        records: &Records<'_>,
        person: PersonId,
    ) -> Result<(PersonFile, Vec<Flag>), AskError> {
        let book = self.policies(records)?;
        Ok(match &self.known {
            Some(known) => records.index.file_and_flags_as_of(person, known, &*book, self.on)?,
            None => records.index.file_and_flags(person, &*book, self.on)?,
        })
    }

    /// The files of persons, in their order.
    pub(crate) fn files(
        &self,
        records: &Records<'_>,
        persons: &[PersonId],
    ) -> Result<Vec<PersonFile>, AskError> {
        if let Some(known) = &self.known {
            return Ok(records.index.files_as_of(persons, known, self.on)?);
        }
        persons.iter().map(|person| Ok(records.index.file(*person, self.on)?)).collect()
    }
}

/// The entry that a text names: an index, or the last one recorded by a time.
fn last_entry(ledger: &Ledger, text: &str) -> Result<u64, AskError> {
    if let Ok(index) = text.parse::<u64>() {
        return if index < ledger.len() {
            Ok(index)
        } else {
            Err(AskError::refused(format!("the ledger has {} entries", ledger.len()))
                .hinted("indexes count from 0"))
        };
    }
    let end = end_of(text).ok_or_else(|| {
        AskError::usage("--as-of is an index, a day, or a day and time")
            .hinted("such as 1200, 2026-09-30 or \"2026-09-30 17:30\"")
    })?;
    // Recorded times never decrease: halve what is left.
    let (mut from, mut to) = (0, ledger.len());
    while from < to {
        let middle = from + (to - from) / 2;
        if ledger.event(middle)?.recorded_at_ms < end {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    from.checked_sub(1).ok_or_else(|| {
        AskError::refused("the ledger had no entry by then").hinted("name a later time")
    })
}

/// The first millisecond after a day or a minute.
fn end_of(text: &str) -> Option<u64> {
    let Some((day, time)) = text.split_once([' ', 'T']) else {
        return Some(text.parse::<Day>().ok()?.plus_days(1).start_millis());
    };
    let (hour, minute) = time.split_once(':')?;
    let number = |text: &str, below: u64| {
        let is_plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = is_plain.then(|| text.parse::<u64>().ok())??;
        (number < below).then_some(number)
    };
    let minutes = number(hour, 24)? * 60 + number(minute, 60)?;
    Some(day.parse::<Day>().ok()?.start_millis() + (minutes + 1) * MINUTE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_ends_with_its_day_or_minute() {
        let day = "2026-09-30".parse::<Day>().unwrap().start_millis();
        for (text, expected) in [
            ("2026-09-30", Some(day + 24 * 60 * MINUTE_MS)),
            ("2026-09-30 00:00", Some(day + MINUTE_MS)),
            ("2026-09-30T17:30", Some(day + (17 * 60 + 31) * MINUTE_MS)),
            ("2026-09-30 24:00", None),
            ("2026-09-30 7:30", None),
            ("2026-09-30 17:+1", None),
            ("yesterday", None),
        ] {
            assert_eq!(end_of(text), expected, "{text}");
        }
    }
}
