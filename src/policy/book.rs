//! What is in force: the policies and calendars published so far.
//!
//! The book is a pure value built by replaying publications in log order; the same publications
//! give the same book. A benefit month is judged by the policy whose span covers it and whose
//! division is the closest ancestor of the asked one (or that division itself); of several, the
//! one published last. Decisions name a policy by its hash, and only one already in the book
//! counts (I41).

use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::{
    CalendarData, CalendarYear, CertificatePolicy, Policy, PolicyBody, PolicyError,
    ProgrammePolicy, calendar::working_calendar, hash, rates,
};
use crate::value::{
    Day, DivisionCode, Fen, Hash, Lang, Month, PolicyName, Programme, WorkingCalendar,
};

/// A policy with what the log says of its publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// BLAKE3-256 of its text.
    pub hash: Hash,
    /// Index of the entry that published it.
    pub index: u64,
    /// The policy.
    pub policy: Policy,
}

/// An amount and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The amount in fen per unit and period.
    pub amount: Fen,
    /// Hash of the policy that sets it: the programme's own, or a table of amounts.
    pub policy: Hash,
}

/// Why there is no amount: nothing may be paid until one is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no amount is set for {programme} in {division} for {month}")]
pub struct Unset {
    /// The programme.
    pub programme: Programme,
    /// The division asked for.
    pub division: DivisionCode,
    /// The month asked for.
    pub month: Month,
}

/// Published policies and calendars, in log order. Its serde form holds what was published; the
/// indexes are built again from it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub struct PolicyBook {
    policies: Vec<Published>,
    by_hash: BTreeMap<Hash, usize>,
    by_name: HashMap<PolicyName, Vec<usize>>,
    calendars: BTreeMap<Hash, u64>,
    years: BTreeMap<i32, (Hash, CalendarYear)>,
    calendar: WorkingCalendar,
}

#[derive(Serialize, Deserialize)]
struct Saved {
    policies: Vec<Published>,
    calendars: BTreeMap<Hash, u64>,
    years: BTreeMap<i32, (Hash, CalendarYear)>,
}

impl From<PolicyBook> for Saved {
    fn from(PolicyBook { policies, calendars, years, .. }: PolicyBook) -> Self {
        Self { policies, calendars, years }
    }
}

impl From<Saved> for PolicyBook {
    fn from(Saved { policies, calendars, years }: Saved) -> Self {
        let mut book = Self { calendars, years, ..Self::default() };
        book.calendar = working_calendar(book.years.values().map(|(_, year)| year));
        for Published { hash, index, policy } in policies {
            book.publish(policy, hash, index);
        }
        book
    }
}

impl PolicyBook {
    /// Adds a checked policy that the entry at `index` published. The same text a second time
    /// changes nothing: what it governs was decided by its first publication.
    pub fn publish(&mut self, policy: Policy, hash: Hash, index: u64) {
        if self.by_hash.contains_key(&hash) {
            return;
        }
        let at = self.policies.len();
        self.by_hash.insert(hash, at);
        self.by_name.entry(policy.name).or_default().push(at);
        self.policies.push(Published { hash, index, policy });
    }

    /// Adds a policy from its text.
    ///
    /// # Errors
    /// [`PolicyError`] as [`Policy::read`]; then the book is unchanged.
    pub fn publish_text(&mut self, text: &str, index: u64) -> Result<Hash, PolicyError> {
        let policy = Policy::read(text)?;
        let hash = hash(text);
        self.publish(policy, hash, index);
        Ok(hash)
    }

    /// Adds a checked calendar: each of its years replaces what was published of that year.
    pub fn publish_calendar(&mut self, data: CalendarData, hash: Hash, index: u64) {
        self.calendars.entry(hash).or_insert(index);
        for year in data.years {
            self.years.insert(year.year, (hash, year));
        }
        self.calendar = working_calendar(self.years.values().map(|(_, year)| year));
    }

    /// Adds a calendar from its text.
    ///
    /// # Errors
    /// [`PolicyError`] as [`CalendarData::parse`]; then the book is unchanged.
    pub fn publish_calendar_text(&mut self, text: &str, index: u64) -> Result<Hash, PolicyError> {
        let data = CalendarData::parse(text)?;
        let hash = hash(text);
        self.publish_calendar(data, hash, index);
        Ok(hash)
    }

    /// The working-day calendar as published so far.
    #[must_use]
    pub const fn calendar(&self) -> &WorkingCalendar {
        &self.calendar
    }

    /// The hash of the calendar text that a year was last taken from.
    #[must_use]
    pub fn calendar_of_year(&self, year: i32) -> Option<Hash> {
        self.years.get(&year).map(|(hash, _)| *hash)
    }

    /// The hash of every calendar text, with the entry that published it.
    pub fn calendars(&self) -> impl Iterator<Item = (&Hash, u64)> {
        self.calendars.iter().map(|(hash, index)| (hash, *index))
    }

    /// The policy of a hash.
    #[must_use]
    pub fn by_hash(&self, hash: &Hash) -> Option<&Published> {
        self.by_hash.get(hash).map(|at| &self.policies[*at])
    }

    /// Says whether a policy or calendar was published before the entry at `index` (I41).
    #[must_use]
    pub fn published_before(&self, hash: &Hash, index: u64) -> bool {
        let policy = self.by_hash(hash).map(|published| published.index);
        policy.or_else(|| self.calendars.get(hash).copied()).is_some_and(|at| at < index)
    }

    /// Everything published, in log order.
    pub fn policies(&self) -> impl Iterator<Item = &Published> {
        self.policies.iter()
    }

    /// The certificate policy in force in a division on a day.
    #[must_use]
    pub fn certificate(
        &self,
        division: DivisionCode,
        on: Day,
    ) -> Option<(&Published, &CertificatePolicy)> {
        let published = self.best(PolicyName::Certificate, division, on)?;
        match &published.policy.body {
            PolicyBody::Certificate(body) => Some((published, body)),
            PolicyBody::Programme(_) | PolicyBody::Rates(_) => None,
        }
    }

    /// The programme's policy in force in a division for a benefit month.
    #[must_use]
    pub fn programme(
        &self,
        programme: Programme,
        division: DivisionCode,
        month: Month,
    ) -> Option<(&Published, &ProgrammePolicy)> {
        let name = PolicyName::Programme(programme);
        let published = self.best(name, division, month.first_day())?;
        match &published.policy.body {
            PolicyBody::Programme(body) => Some((published, body)),
            PolicyBody::Certificate(_) | PolicyBody::Rates(_) => None,
        }
    }

    /// The amount for one unit of a programme in a division for a benefit month: of the
    /// programme's policy and the tables of amounts that set one, the closest division's, and of
    /// those the one published last. A table for another unit or period than the programme's
    /// policy names is no amount for it.
    ///
    /// # Errors
    /// [`Unset`]: nobody has set it; nothing may be paid.
    pub fn rate(
        &self,
        programme: Programme,
        division: DivisionCode,
        month: Month,
    ) -> Result<Rate, Unset> {
        let policy = self.programme(programme, division, month);
        let own = policy.and_then(|(published, body)| Some((published, body.amount(month)?)));
        let tables = self.in_force(PolicyName::Rates, division, month.first_day());
        let listed = tables.filter_map(|published| {
            let PolicyBody::Rates(body) = &published.policy.body else { return None };
            let table = body.programmes.get(&programme)?;
            let fits = policy
                .is_none_or(|(_, body)| (body.unit, body.period) == (table.unit, table.period));
            Some((published, rates::amount(&table.spans, month).filter(|_| fits)?))
        });
        own.into_iter()
            .chain(listed)
            .max_by_key(|(published, _)| rank(published))
            .map(|(published, amount)| Rate { amount, policy: published.hash })
            .ok_or(Unset { programme, division, month })
    }

    /// The next free version of a name in a division.
    #[must_use]
    pub fn next_version(&self, name: PolicyName, division: DivisionCode) -> u32 {
        let taken = self.of_name(name).filter(|found| found.policy.division == division);
        taken.map(|found| found.policy.version).max().map_or(1, |last| last.saturating_add(1))
    }

    /// The policy that already has this name, division and version under another hash, if any: a
    /// version stands for one text.
    #[must_use]
    pub fn version_taken(&self, policy: &Policy, hash: &Hash) -> Option<&Published> {
        self.of_name(policy.name).find(|found| {
            found.policy.division == policy.division
                && found.policy.version == policy.version
                && found.hash != *hash
        })
    }

    fn of_name(&self, name: PolicyName) -> impl Iterator<Item = &Published> {
        self.by_name.get(&name).into_iter().flatten().map(|at| &self.policies[*at])
    }

    /// Policies of a name that cover the division and the day, in log order.
    fn in_force(
        &self,
        name: PolicyName,
        division: DivisionCode,
        on: Day,
    ) -> impl Iterator<Item = &Published> {
        self.of_name(name).filter(move |found| {
            found.policy.division.covers(division) && found.policy.in_force(on)
        })
    }

    /// The one of them that governs.
    fn best(&self, name: PolicyName, division: DivisionCode, on: Day) -> Option<&Published> {
        self.in_force(name, division, on).max_by_key(|published| rank(published))
    }

    /// What people call a programme: by the policy published last that gives it a title, else by
    /// its name.
    #[must_use]
    pub fn title(&self, programme: Programme, lang: Lang) -> String {
        let published = self.of_name(PolicyName::Programme(programme));
        let titles = published.filter_map(|found| match &found.policy.body {
            PolicyBody::Programme(body) => body.title(lang),
            PolicyBody::Certificate(_) | PolicyBody::Rates(_) => None,
        });
        titles.last().map_or_else(|| programme.to_string(), ToOwned::to_owned)
    }
}

/// The closer division first, then the later publication. Publications of one entry cannot exist,
/// so ranks differ.
const fn rank(published: &Published) -> (u8, u64) {
    let division = published.policy.division;
    let depth = if division.is_county() {
        2
    } else if division.is_prefecture() {
        1
    } else {
        0
    };
    (depth, published.index)
}

#[cfg(test)]
mod tests;
