//! When: what was true on a day (`--on`), by what the ledger knew at an entry (`--as-of`).

use clap::Args;

use super::{error::CliError, reading::Reading};
use crate::ledger::Ledger;
use crate::policy::PolicyBook;
use crate::projection::AsOf;
use crate::rules::{Flag, PersonFile, Rule};
use crate::value::{Day, PersonId};

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

/// One moment of the ledger: a day, and what was known of it.
pub(super) struct Moment {
    /// The day judged.
    pub(super) on: Day,
    known: Option<AsOf>,
}

const MINUTE_MS: u64 = 60_000;

impl When {
    /// A day, by what is known now.
    pub(super) const fn on(on: Option<Day>) -> Self {
        Self { on, as_of: None }
    }

    /// Finds the moment on the ledger.
    pub(super) fn moment(&self, reading: &Reading) -> Result<Moment, CliError> {
        let Some(text) = &self.as_of else {
            return Ok(Moment { on: reading.day(self.on), known: None });
        };
        let last = last_entry(&reading.ledger, text)?;
        let recorded = Day::of_millis(reading.ledger.event(last)?.recorded_at_ms);
        let known = AsOf::read(&reading.ledger, last)?;
        Ok(Moment { on: self.on.unwrap_or(recorded), known: Some(known) })
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

impl Moment {
    /// The last entry known, when it is not the newest.
    pub(super) fn last(&self) -> Option<u64> {
        self.known.as_ref().map(|known| known.last)
    }

    /// Says whether an entry was known.
    pub(super) fn knows(&self, index: u64) -> bool {
        self.last().is_none_or(|last| index <= last)
    }

    /// How many entries were known.
    pub(super) fn current_to(&self, reading: &Reading) -> u64 {
        self.last().map_or(reading.ledger.len(), |last| last + 1)
    }

    /// Says what is shown, where it is not what is known now.
    pub(super) fn text(&self, reading: &Reading) -> String {
        format!("{}, entry {}", self.on, self.current_to(reading))
    }

    fn policies(&self, reading: &Reading) -> Result<PolicyBook, CliError> {
        Ok(match &self.known {
            Some(known) => known.policies(&reading.ledger, &reading.index)?,
            None => reading.ledger.with_state(|state| state.policies.clone())?,
        })
    }

    /// Judges everybody. Today's flags, by what is known now, are kept in the index and only what
    /// is new is judged; any other moment is judged in full.
    pub(super) fn flags(&self, reading: &Reading) -> Result<Vec<Flag>, CliError> {
        if self.known.is_none() && self.on == reading.day(None) {
            reading.index.judge(&reading.ledger, self.on)?;
            if let Some(kept) = reading.index.kept_flags(self.on)? {
                return Ok(kept);
            }
        }
        let book = self.policies(reading)?;
        Ok(match &self.known {
            Some(known) => reading.index.flags_as_of(known, &book, self.on)?,
            None => reading.index.flags(&book, self.on)?,
        })
    }

    /// Judges everybody by an earlier version of a rule, by what is known now.
    pub(super) fn flags_by(
        &self,
        reading: &Reading,
        rule: &'static Rule,
    ) -> Result<Vec<Flag>, CliError> {
        if self.known.is_some() {
            return Err(CliError::usage("an earlier version of a rule judges what is known now")
                .hinted("leave --as-of out, or name the rule without a version"));
        }
        Ok(reading.index.flags_by(rule, &self.policies(reading)?, self.on)?)
    }

    /// Judges one person.
    pub(super) fn flags_of(
        &self,
        reading: &Reading,
        person: PersonId,
    ) -> Result<Vec<Flag>, CliError> {
        let book = self.policies(reading)?;
        Ok(match &self.known {
            Some(known) => reading.index.flags_of_as_of(person, known, &book, self.on)?,
            None => reading.index.flags_of(person, &book, self.on)?,
        })
    }

    /// The files of persons, in their order.
    pub(super) fn files(
        &self,
        reading: &Reading,
        persons: &[PersonId],
    ) -> Result<Vec<PersonFile>, CliError> {
        if let Some(known) = &self.known {
            return Ok(reading.index.files_as_of(persons, known, self.on)?);
        }
        persons.iter().map(|person| Ok(reading.index.file(*person, self.on)?)).collect()
    }
}

/// The entry that a text names: an index, or the last one recorded by a time.
fn last_entry(ledger: &Ledger, text: &str) -> Result<u64, CliError> {
    if let Ok(index) = text.parse::<u64>() {
        return if index < ledger.len() {
            Ok(index)
        } else {
            Err(CliError::refused(format!("the ledger has {} entries", ledger.len()))
                .hinted("indexes count from 0"))
        };
    }
    let end = end_of(text).ok_or_else(|| {
        CliError::usage("--as-of is an index, a day, or a day and time")
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
        CliError::refused("the ledger had no entry by then").hinted("name a later time")
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
