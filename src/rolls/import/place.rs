//! Keys of rows, and the row on the ledger that each one speaks of.
//!
//! Rows of one key are matched with what the ledger knows of that key by content first, then by
//! the day that tells them apart, then in order. So a file whose rows were sorted differently
//! says nothing new, and a renewed certificate under its old number does not overwrite the old
//! one where both are listed.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::{
    super::{
        column::Column,
        kind::{Period, RollKind},
        read::Numbered,
        row::Row,
    },
    Job, KnownRow, draft,
    keys::{self, Frame, Keyed},
    plan::Plan,
    rejected::Why,
    report::{ImportError, RefusedRow},
};
use crate::{
    domain::{Rejection, admission::Refused},
    event::Body,
    ledger::ReadError,
    value::{DivisionCode, Tag},
};

/// A row of the file with its key and what the ledger knows of it.
pub(super) struct Placed<'a, 'k> {
    pub(super) row: &'a Numbered<Row>,
    pub(super) keyed: &'k Keyed,
    pub(super) key: Tag,
    pub(super) known: Option<KnownRow>,
}

/// Why a row gets no key.
enum Unfit {
    Rejected(Why),
    Refused(Rejection),
}

impl<'a> Job<'a> {
    /// Makes keys and contents, and sets aside the rows that cannot become events, and those of
    /// a division that `own` does not cover.
    pub(super) fn keyed(
        &self,
        plan: &mut Plan<'a>,
        own: DivisionCode,
    ) -> Result<(Vec<&'a Numbered<Row>>, Vec<Keyed>), ImportError> {
        let genesis = self.importer.ledger.with_state(|state| state.genesis.clone())?;
        let demo = genesis.as_ref().is_some_and(|genesis| genesis.demo);
        let division = self.options().division;
        let frame = Frame {
            roll: self.roll,
            division,
            ledger: genesis.map_or(division, |genesis| genesis.division),
        };
        let tagger = self.store.tagger();
        let checked: Vec<Result<Keyed, Unfit>> = self
            .roll
            .rows
            .par_iter()
            .map(|row| {
                let absent: &[Column] = &self.sheet(row).absent_columns;
                if !demo && keys::citizen_id(&row.value).is_some_and(|id| id.is_demo()) {
                    return Err(Unfit::Rejected(Why::DemoNumber));
                }
                if let Some(other) = keys::own_division(&row.value).filter(|o| !own.covers(*o)) {
                    return Err(Unfit::Refused(Refused::WrongDivision { own, other }.into()));
                }
                draft::check(&self.terms(), &row.value, absent).map_err(Unfit::Rejected)?;
                Ok(frame.of(&row.value, absent, tagger))
            })
            .collect();
        let mut rows = Vec::with_capacity(checked.len());
        let mut keyed = Vec::with_capacity(checked.len());
        for (row, checked) in self.roll.rows.iter().zip(checked) {
            match checked {
                Ok(found) => {
                    rows.push(row);
                    keyed.push(found);
                }
                Err(Unfit::Rejected(why)) => plan.rejected.push(self.rejected(row, why)),
                Err(Unfit::Refused(rejection)) => {
                    let sheet = self.sheet(row).name.clone();
                    plan.refused.push(RefusedRow { sheet, row: Some(row.row), rejection });
                }
            }
        }
        Ok((rows, keyed))
    }

    /// Gives every row its occurrence number, and what the ledger knows under that key.
    pub(super) fn place<'k>(
        &self,
        rows: &[&'a Numbered<Row>],
        keyed: &'k [Keyed],
    ) -> Result<Vec<Placed<'a, 'k>>, ReadError> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut by_base: HashMap<&str, usize> = HashMap::with_capacity(keyed.len());
        for (at, keyed) in keyed.iter().enumerate() {
            let group = *by_base.entry(keyed.base()).or_insert(groups.len());
            if group == groups.len() {
                groups.push(Vec::new());
            }
            groups[group].push(at);
        }
        let waiting = self.waiting()?;
        let news = self.news(rows);
        let mut placed: Vec<Option<Placed<'a, 'k>>> = rows.iter().map(|_| None).collect();
        let place = |group: &Vec<usize>| {
            let is_news = self.monthly(rows[group[0]]).is_some_and(|of| news.contains(&of));
            self.place_group(group, keyed, if is_news { None } else { Some(&waiting) })
        };
        let matched: Result<Vec<_>, _> = groups.par_iter().map(place).collect();
        for matched in matched? {
            for (at, key, known) in matched {
                placed[at] = Some(Placed { row: rows[at], keyed: &keyed[at], key, known });
            }
        }
        Ok(placed.into_iter().flatten().collect())
    }

    /// The division whose list has a payment of a monthly roll; the key holds it too.
    fn monthly(&self, row: &Numbered<Row>) -> Option<DivisionCode> {
        let is_monthly = self.roll.kind.period() == Period::Month;
        let of = || keys::own_division(&row.value).unwrap_or(self.options().division);
        (is_monthly && matches!(row.value, Row::Payment(_))).then(of)
    }

    /// The divisions of which nothing of this roll's month is in force, as before a payroll is
    /// paid: none of their rows needs to be looked for.
    fn news(&self, rows: &[&Numbered<Row>]) -> HashSet<DivisionCode> {
        let divisions: HashSet<_> = rows.iter().filter_map(|row| self.monthly(row)).collect();
        let (kind, month) = (self.roll.kind.into(), self.roll.month);
        let is_news = |of: &DivisionCode| !self.importer.known.any_of(kind, *of, month);
        divisions.into_iter().filter(is_news).collect()
    }

    /// Matches the rows of one key with the rows known under it, beside those that are waiting;
    /// without these it is known that there is none.
    fn place_group(
        &self,
        group: &[usize],
        keyed: &[Keyed],
        waiting: Option<&HashMap<Tag, KnownRow>>,
    ) -> Result<Vec<(usize, Tag, Option<KnownRow>)>, ReadError> {
        let first = &keyed[group[0]];
        let look = |key: &Tag| {
            let waiting = waiting?;
            self.importer.known.row(key).or_else(|| waiting.get(key).cloned())
        };
        let mut free: Vec<Tag> = Vec::new();
        let mut known: Vec<(Tag, KnownRow)> = Vec::new();
        let mut misses = 0;
        // A retracted row leaves a hole; two in a row are the end.
        for occurrence in 1.. {
            let key = first.key(self.store.tagger(), occurrence);
            match look(&key) {
                Some(row) => {
                    misses = 0;
                    known.push((key, row));
                }
                None => {
                    misses += 1;
                    free.push(key);
                }
            }
            if misses >= 2 && free.len() >= group.len() {
                break;
            }
        }
        let mut open: Vec<usize> = group.to_vec();
        let mut matched = Vec::with_capacity(group.len());
        let mut take = |open: &mut Vec<usize>,
                        known: &mut Vec<(Tag, KnownRow)>,
                        same: &mut dyn FnMut(usize, &KnownRow) -> bool| {
            open.retain(|&at| {
                let Some(found) = known.iter().position(|(_, row)| same(at, row)) else {
                    return true;
                };
                let (key, row) = known.remove(found);
                matched.push((at, key, Some(row)));
                false
            });
        };
        take(&mut open, &mut known, &mut |at, row| keyed[at].content == row.content);
        if !open.is_empty() && !known.is_empty() && open.len() + known.len() > 2 {
            let mut anchors = HashMap::new();
            for (_, row) in &known {
                let event = self.importer.ledger.event(row.index)?;
                anchors.insert(row.statement, keys::anchor_of(&event.payload.body));
            }
            take(&mut open, &mut known, &mut |at, row| {
                keyed[at].anchor.is_some() && anchors.get(&row.statement) == Some(&keyed[at].anchor)
            });
        }
        take(&mut open, &mut known, &mut |_, _| true);
        matched.extend(open.into_iter().zip(free).map(|(at, key)| (at, key, None)));
        Ok(matched)
    }

    /// Rows that wait for a second signer: they are not in force, and need not be sent again.
    fn waiting(&self) -> Result<HashMap<Tag, KnownRow>, ReadError> {
        if self.roll.kind != RollKind::InstitutionAccounts {
            return Ok(HashMap::new());
        }
        self.importer.ledger.with_state(|state| {
            let rows = state.proposals.iter().filter_map(|proposal| {
                let Body::InstitutionAccountRecorded(data) = &proposal.payload.body else {
                    return None;
                };
                let row = data.row.as_ref()?;
                let known = KnownRow {
                    index: proposal.index,
                    statement: proposal.id,
                    content: row.content,
                    subject: proposal.subject.clone(),
                };
                Some((row.key, known))
            });
            rows.collect()
        })
    }
}
