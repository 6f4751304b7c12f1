//! What a roll's drafts are made from, beside its rows and what the ledger knows of them.

use super::{
    super::{
        kind::{Period, RollKind},
        read::{Numbered, Roll, SheetRead},
        row::Row,
    },
    ImportOptions, gaps,
};
use crate::{
    crypto::Tagger,
    event::RollReceived,
    value::{Day, Fen, Hash, Programme, RollId, Tag},
};

/// What all drafts of a roll share.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) roll: &'a Roll,
    /// The id it will have.
    pub(super) id: RollId,
    /// Salted hash of the file, where its rows refer to it as their evidence.
    pub(super) paper: Option<Hash>,
    pub(super) options: &'a ImportOptions,
    pub(super) tagger: &'a Tagger,
}

impl<'a> Terms<'a> {
    pub(super) const fn sheet(&self, row: &Numbered<Row>) -> &'a SheetRead {
        // Every row was read from a sheet of the list.
        &self.roll.sheets.as_slice()[row.sheet]
    }

    /// The year of a yearly roll.
    pub(super) fn year(&self) -> Option<u16> {
        let is_yearly = self.roll.kind.period() == Period::Year;
        self.roll.year.filter(|_| is_yearly).and_then(|year| u16::try_from(year).ok())
    }

    /// The programme that a payment roll pays; none for rolls of other kinds.
    pub(super) const fn programme(&self) -> Option<Programme> {
        match self.roll.kind {
            RollKind::LivingAllowance => Some(Programme::LIVING_ALLOWANCE),
            RollKind::NursingCareSubsidy => Some(Programme::NURSING_CARE_SUBSIDY),
            RollKind::FuelSubsidy => Some(Programme::FUEL_SUBSIDY),
            RollKind::Monthly(programme) | RollKind::Yearly(programme) => Some(programme),
            _ => None,
        }
    }

    /// The day a row says, or the day of the import where it says none or a later one: an event
    /// never happens in the future.
    pub(super) fn no_later(&self, day: Option<Day>) -> Day {
        day.map_or(self.options.at, |day| day.min(self.options.at))
    }

    /// That the roll is in: `accepted` rows become events or are known, `rejected` do not.
    pub(super) fn received(&self, file: Tag, accepted: u32, rejected: u32) -> RollReceived {
        let roll = self.roll;
        let is_monthly = roll.kind.period() == Period::Month;
        RollReceived {
            kind: roll.kind.into(),
            programme: roll.kind.programme(),
            division: self.options.division,
            month: roll.month.filter(|_| is_monthly),
            year: self.year(),
            file,
            rows: u32::try_from(roll.data_rows()).unwrap_or(u32::MAX),
            accepted,
            rejected,
            total: self.total(),
            complete: self.options.complete,
            absent: gaps::of_columns(&roll.absent_columns()),
        }
    }

    /// The sum of a payment roll.
    fn total(&self) -> Option<Fen> {
        let amount = |row: &Row| match row {
            Row::Payment(row) => Some(row.amount),
            Row::Fuel(row) => Some(row.amount),
            Row::BankResult(row) => Some(row.amount),
            _ => None,
        };
        let mut amounts = self.roll.rows.iter().filter_map(|row| amount(&row.value)).peekable();
        amounts.peek().is_some().then(|| amounts.sum())
    }
}
