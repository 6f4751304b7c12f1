//! Amounts: in a programme's own policy, or as a table published by itself.
//!
//! An amount is in fen per unit and period and holds for a span of months. A month without one is
//! unset. A table of amounts alone comes from an office's list (programme, unit, amount, first and
//! last day); the same rows give the same text and so the same hash, in any order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::{Contradiction, LIST_MAX};
use crate::value::{Day, DivisionCode, Fen, Month, Period, Programme, Unit};

/// One amount and the months it holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateSpan {
    /// First month.
    pub from: Month,
    /// Last month, if it is known.
    pub until: Option<Month>,
    /// The amount in fen per unit and period.
    pub amount_fen: Fen,
}

impl RateSpan {
    /// Says whether the span covers a month.
    #[must_use]
    pub fn covers(&self, month: Month) -> bool {
        self.from <= month && self.until.is_none_or(|last| month <= last)
    }
}

/// The amount set for a month, if one is.
pub(super) fn amount(spans: &[RateSpan], month: Month) -> Option<Fen> {
    spans.iter().find(|span| span.covers(month)).map(|span| span.amount_fen)
}

/// Refuses amounts of nothing, reversed spans, and two amounts for one month.
pub(super) fn check(spans: &[RateSpan], period: Period) -> Result<(), Contradiction> {
    if spans.len() > LIST_MAX {
        return Err(Contradiction::TooMany { key: "rates", max: LIST_MAX });
    }
    let mut sorted = spans.to_vec();
    sorted.sort();
    for span in &sorted {
        if span.amount_fen <= Fen(0) {
            return Err(Contradiction::AmountNotPositive);
        }
        if span.until.is_some_and(|last| last < span.from) {
            return Err(Contradiction::SpanReversed { key: "rates" });
        }
        let whole = span.from.month() == 1 && span.until.is_none_or(|last| last.month() == 12);
        if period == Period::Year && !whole {
            return Err(Contradiction::NotWholeYears);
        }
    }
    for pair in sorted.windows(2) {
        if pair[0].covers(pair[1].from) {
            return Err(Contradiction::RatesOverlap { month: pair[1].from });
        }
    }
    Ok(())
}

/// Amounts of one or more programmes, published by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RatesPolicy {
    /// The table of each programme.
    pub programmes: BTreeMap<Programme, RateTable>,
}

/// The amounts of one programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateTable {
    /// What one amount is for.
    pub unit: Unit,
    /// How often.
    pub period: Period,
    /// The amounts.
    pub spans: Vec<RateSpan>,
}

impl RatesPolicy {
    pub(super) fn check(&self) -> Result<(), Contradiction> {
        if self.programmes.is_empty() {
            return Err(Contradiction::Empty { key: "rates" });
        }
        for table in self.programmes.values() {
            if table.spans.is_empty() {
                return Err(Contradiction::Empty { key: "spans" });
            }
            check(&table.spans, table.period)?;
        }
        Ok(())
    }
}

/// One row of an office's list of amounts, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateRow<'a> {
    /// The programme's wire name, such as `living_allowance`.
    pub programme: &'a str,
    /// Unit and period, such as `person-month` or `vehicle-year`.
    pub unit: &'a str,
    /// The amount.
    pub amount: Fen,
    /// First day, the first of a month.
    pub valid_from: Day,
    /// Last day, the last of a month, if it is known.
    pub valid_to: Option<Day>,
}

/// A row, or the rows together, that cannot become a table of amounts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateRowError {
    /// No programme can have that name.
    #[error("row {row}: unknown programme")]
    UnknownProgramme {
        /// The row, counted from 1 without the header.
        row: usize,
    },
    /// Not a unit and a period joined by a hyphen.
    #[error("row {row}: unknown unit; write it as person-month or vehicle-year")]
    UnknownUnit {
        /// The row, counted from 1 without the header.
        row: usize,
    },
    /// The programme has another unit in an earlier row.
    #[error("row {row}: another unit than an earlier row of the programme")]
    UnitDiffers {
        /// The row, counted from 1 without the header.
        row: usize,
    },
    /// The span does not begin with a month or end with one.
    #[error("row {row}: {day} is not at the edge of a month")]
    NotWholeMonths {
        /// The row, counted from 1 without the header.
        row: usize,
        /// The day.
        day: Day,
    },
    /// The rows contradict each other.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
}

/// Makes the policy text of a list of amounts. Rows may stand in any order; a row that says what
/// another says adds nothing.
///
/// # Errors
/// [`RateRowError`]: a row that cannot be read, or rows that contradict each other.
pub fn rates_policy(
    division: DivisionCode,
    version: u32,
    rows: &[RateRow<'_>],
) -> Result<String, RateRowError> {
    let mut tables: BTreeMap<Programme, (Unit, Period, BTreeSet<RateSpan>)> = BTreeMap::new();
    for (row, cells) in (1..).zip(rows) {
        let programme =
            Programme::from_name(cells.programme).ok_or(RateRowError::UnknownProgramme { row })?;
        let (unit, period) = cells
            .unit
            .split_once('-')
            .and_then(|(unit, period)| Some((Unit::from_name(unit)?, Period::from_name(period)?)))
            .ok_or(RateRowError::UnknownUnit { row })?;
        if cells.valid_from.day_of_month() != 1 {
            return Err(RateRowError::NotWholeMonths { row, day: cells.valid_from });
        }
        if let Some(day) = cells.valid_to.filter(|day| *day != day.month().last_day()) {
            return Err(RateRowError::NotWholeMonths { row, day });
        }
        let table = tables.entry(programme).or_insert((unit, period, BTreeSet::new()));
        if (table.0, table.1) != (unit, period) {
            return Err(RateRowError::UnitDiffers { row });
        }
        table.2.insert(RateSpan {
            from: cells.valid_from.month(),
            until: cells.valid_to.map(Day::month),
            amount_fen: cells.amount,
        });
    }
    let programmes = tables
        .into_iter()
        .map(|(programme, (unit, period, spans))| {
            (programme, RateTable { unit, period, spans: spans.into_iter().collect() })
        })
        .collect();
    let policy = RatesPolicy { programmes };
    policy.check()?;
    Ok(write(division, version, &policy))
}

fn write(division: DivisionCode, version: u32, policy: &RatesPolicy) -> String {
    let spans = policy.programmes.values().flat_map(|table| &table.spans);
    let first = spans.map(|span| span.from).min().expect("a checked table has an amount");
    let mut text = format!(
        "name = \"rates\"\nversion = {version}\ndivision = \"{division}\"\n\
         valid_from = \"{}\"\n",
        first.first_day()
    );
    for (programme, table) in &policy.programmes {
        let RateTable { unit, period, spans } = table;
        let (programme, unit, period) = (programme.name(), unit.name(), period.name());
        let mut put = |line: std::fmt::Arguments<'_>| {
            text.write_fmt(line).expect("writing to a string cannot fail");
        };
        put(format_args!("\n[rates.{programme}]\nunit = \"{unit}\"\nperiod = \"{period}\"\n"));
        put(format_args!("spans = [\n"));
        for RateSpan { from, until, amount_fen } in spans {
            put(format_args!("  {{ from = \"{from}\", "));
            if let Some(until) = until {
                put(format_args!("until = \"{until}\", "));
            }
            put(format_args!("amount_fen = {} }},\n", amount_fen.0));
        }
        put(format_args!("]\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Policy, PolicyBody, PolicyName, canonical, hash};

    fn row(programme: &'static str, unit: &'static str, fen: i64, from: &str) -> RateRow<'static> {
        RateRow {
            programme,
            unit,
            amount: Fen(fen),
            valid_from: from.parse().unwrap(),
            valid_to: None,
        }
    }

    fn division() -> DivisionCode {
        "411700".parse().unwrap()
    }

    #[test]
    fn a_list_of_amounts_becomes_one_policy_text() {
        let rows = [
            row("living_allowance", "person-month", 6000, "2016-01-01"),
            row("nursing_care_subsidy", "person-month", 6000, "2016-01-01"),
            row("fuel_subsidy", "vehicle-year", 26000, "2011-01-01"),
        ];
        let text = rates_policy(division(), 1, &rows).unwrap();
        assert_eq!(canonical(&text), text);
        let policy = Policy::parse(&text).unwrap();
        assert_eq!(policy.name, PolicyName::Rates);
        assert_eq!(policy.valid_from, "2011-01-01".parse().unwrap());
        let PolicyBody::Rates(rates) = policy.body else { panic!("not a table") };
        let fuel = &rates.programmes[&Programme::FUEL_SUBSIDY];
        assert_eq!((fuel.unit, fuel.period), (Unit::Vehicle, Period::Year));
        assert_eq!(amount(&fuel.spans, "2026-01".parse().unwrap()), Some(Fen(26000)));
        assert_eq!(amount(&fuel.spans, "2010-12".parse().unwrap()), None);

        let mut shuffled = rows.to_vec();
        shuffled.reverse();
        shuffled.push(rows[0].clone());
        assert_eq!(hash(&rates_policy(division(), 1, &shuffled).unwrap()), hash(&text));
    }

    #[test]
    fn a_span_that_ends_gives_way_to_the_next() {
        let mut old = row("living_allowance", "person-month", 6000, "2016-01-01");
        old.valid_to = Some("2025-12-31".parse().unwrap());
        let new = row("living_allowance", "person-month", 8000, "2026-01-01");
        let text = rates_policy(division(), 2, &[new, old]).unwrap();
        let PolicyBody::Rates(rates) = Policy::parse(&text).unwrap().body else { panic!() };
        let spans = &rates.programmes[&Programme::LIVING_ALLOWANCE].spans;
        assert_eq!(amount(spans, "2025-12".parse().unwrap()), Some(Fen(6000)));
        assert_eq!(amount(spans, "2026-01".parse().unwrap()), Some(Fen(8000)));
    }

    #[test]
    fn refused_rows() {
        let good = row("living_allowance", "person-month", 6000, "2016-01-01");
        let ended = |day: &str| RateRow { valid_to: Some(day.parse().unwrap()), ..good.clone() };
        let overlap = Contradiction::RatesOverlap { month: "2020-01".parse().unwrap() };
        let table: Vec<(Vec<RateRow<'_>>, RateRowError)> = vec![
            (vec![], Contradiction::Empty { key: "rates" }.into()),
            (
                vec![good.clone(), row("Living", "person-month", 1, "2016-01-01")],
                RateRowError::UnknownProgramme { row: 2 },
            ),
            (
                vec![row("dibao", "household/month", 1, "2016-01-01")],
                RateRowError::UnknownUnit { row: 1 },
            ),
            (
                vec![good.clone(), row("living_allowance", "person-year", 1, "2030-01-01")],
                RateRowError::UnitDiffers { row: 2 },
            ),
            (
                vec![row("living_allowance", "person-month", 1, "2016-01-02")],
                RateRowError::NotWholeMonths { row: 1, day: "2016-01-02".parse().unwrap() },
            ),
            (
                vec![ended("2020-06-29")],
                RateRowError::NotWholeMonths { row: 1, day: "2020-06-29".parse().unwrap() },
            ),
            (vec![ended("2015-12-31")], Contradiction::SpanReversed { key: "rates" }.into()),
            (
                vec![good.clone(), row("living_allowance", "person-month", 7000, "2020-01-01")],
                overlap.into(),
            ),
            (
                vec![row("living_allowance", "person-month", 0, "2016-01-01")],
                Contradiction::AmountNotPositive.into(),
            ),
            (
                vec![row("fuel_subsidy", "vehicle-year", 1, "2011-02-01")],
                Contradiction::NotWholeYears.into(),
            ),
        ];
        for (rows, expected) in table {
            assert_eq!(rates_policy(division(), 1, &rows), Err(expected));
        }
    }
}
