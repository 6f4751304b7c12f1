//! What each row becomes: nothing, a new event, or a correction; and which rows are gone.
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
        kind::RollKind,
        read::{Numbered, SheetRead},
        row::Row,
    },
    Job, KnownRow,
    bank::{self, Answered},
    book::Book,
    draft,
    keys::{self, Frame, Keyed},
    rejected::{Rejected, Why},
    report::{Difference, DifferenceKind, ImportError, ImportReport},
};
use crate::{
    crypto::random_bytes,
    domain::State,
    event::{self, Body},
    ledger::ReadError,
    value::{CertificateId, Hash, PersonId, RollId, Subject, Tag},
};

/// Everything an import will write.
#[derive(Default)]
pub(super) struct Plan<'a> {
    /// In the order of the file, retractions last.
    pub(super) acts: Vec<Act<'a>>,
    pub(super) accepted: usize,
    pub(super) unchanged: usize,
    pub(super) rejected: Vec<Rejected>,
    /// Proposals that say the same and still wait for their second signer.
    pub(super) waiting: Vec<Hash>,
}

/// One statement to write.
pub(super) enum Act<'a> {
    /// A row that says something new.
    Row(Box<RowAct<'a>>),
    /// A row in force that a full list no longer has, or that the bank took back.
    Retract { key: Tag, row: KnownRow },
    /// A table of amounts, whole.
    Policy { text: String },
}

/// A row that becomes an event.
pub(super) struct RowAct<'a> {
    pub(super) row: &'a Numbered<Row>,
    pub(super) key: Tag,
    pub(super) content: Tag,
    /// The statement that it corrects, and its index.
    pub(super) corrects: Option<(Hash, u64)>,
    pub(super) subject: Subject,
    pub(super) person: Option<PersonId>,
    /// Tag of the ID number under whose key it is sealed.
    pub(super) id: Option<Tag>,
    /// What the bank's answer says of a payment.
    pub(super) answered: Option<Answered>,
}

impl Plan<'_> {
    pub(super) const fn changes(&self) -> usize {
        self.acts.len()
    }
}

/// A row of the file with its key and what the ledger knows of it.
pub(super) struct Placed<'a, 'k> {
    pub(super) row: &'a Numbered<Row>,
    pub(super) keyed: &'k Keyed,
    pub(super) key: Tag,
    pub(super) known: Option<KnownRow>,
}

impl<'a> Job<'a> {
    pub(super) const fn sheet(&self, row: &Numbered<Row>) -> &'a SheetRead {
        // Every row was read from a sheet of the list.
        &self.roll.sheets.as_slice()[row.sheet]
    }

    /// The year of a yearly roll.
    pub(super) fn year(&self) -> Option<u16> {
        let is_yearly = self.roll.kind.period() == super::Period::Year;
        self.roll.year.filter(|_| is_yearly).and_then(|year| u16::try_from(year).ok())
    }

    pub(super) fn rejected(&self, row: &Numbered<Row>, why: Why) -> Rejected {
        Rejected { sheet: self.sheet(row).name.clone(), row: row.row, why }
    }

    /// Compares the roll with the ledger.
    pub(super) fn plan(&self) -> Result<Plan<'a>, ImportError> {
        let mut plan = Plan::default();
        plan.rejected.extend(self.roll.rejected.iter().map(Rejected::from));
        let (rows, keyed) = self.keyed(&mut plan)?;
        let placed = self.place(&rows, &keyed)?;
        let complete = self.options().complete;
        if complete && !plan.rejected.is_empty() {
            return Err(ImportError::CompleteWithRejected { rows: plan.rejected.len() });
        }
        plan.accepted = rows.len();
        let present: HashSet<Tag> = placed.iter().map(|placed| placed.key).collect();
        let acts = match self.roll.kind {
            RollKind::BankResult(programme) => bank::plan(self, placed, programme)?,
            _ => self.resolve(placed, &mut plan)?,
        };
        plan.unchanged += acts.unchanged;
        plan.accepted -= acts.rejected.len();
        plan.rejected.extend(acts.rejected);
        plan.acts.extend(acts.acts);
        if complete {
            self.retract_missing(&present, &mut plan)?;
        }
        Ok(plan)
    }

    /// Makes keys and contents, and sets aside the rows that cannot become events.
    fn keyed(
        &self,
        plan: &mut Plan<'a>,
    ) -> Result<(Vec<&'a Numbered<Row>>, Vec<Keyed>), ReadError> {
        let genesis = self.importer.ledger.with_state(|state| state.genesis.clone())?;
        let demo = genesis.as_ref().is_some_and(|genesis| genesis.demo);
        let division = self.options().division;
        let frame = Frame {
            roll: self.roll,
            division,
            ledger: genesis.map_or(division, |genesis| genesis.division),
        };
        let tagger = self.store.tagger();
        let checked: Vec<Result<Keyed, Why>> = self
            .roll
            .rows
            .par_iter()
            .map(|row| {
                let absent: &[Column] = &self.sheet(row).absent_columns;
                if !demo && keys::citizen_id(&row.value).is_some_and(|id| id.is_demo()) {
                    return Err(Why::DemoNumber);
                }
                draft::check(self, &row.value, absent)?;
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
                Err(why) => plan.rejected.push(self.rejected(row, why)),
            }
        }
        Ok((rows, keyed))
    }

    /// Gives every row its occurrence number, and what the ledger knows under that key.
    fn place<'k>(
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
        let mut placed: Vec<Option<Placed<'a, 'k>>> = rows.iter().map(|_| None).collect();
        for group in groups {
            for (at, key, known) in self.place_group(&group, keyed, &waiting)? {
                placed[at] = Some(Placed { row: rows[at], keyed: &keyed[at], key, known });
            }
        }
        Ok(placed.into_iter().flatten().collect())
    }

    /// Matches the rows of one key with the rows known under it.
    fn place_group(
        &self,
        group: &[usize],
        keyed: &[Keyed],
        waiting: &HashMap<Tag, KnownRow>,
    ) -> Result<Vec<(usize, Tag, Option<KnownRow>)>, ReadError> {
        let first = &keyed[group[0]];
        let mut free: Vec<Tag> = Vec::new();
        let mut known: Vec<(Tag, KnownRow)> = Vec::new();
        let mut misses = 0;
        // A retracted row leaves a hole; two in a row are the end.
        for occurrence in 1.. {
            let key = first.key(self.store.tagger(), occurrence);
            match self.importer.known.row(&key).or_else(|| waiting.get(&key).cloned()) {
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

    /// Names persons and subjects of rows that say something new.
    fn resolve(
        &self,
        placed: Vec<Placed<'a, '_>>,
        plan: &mut Plan<'a>,
    ) -> Result<Acts<'a>, ImportError> {
        let mut acts = Acts::default();
        let mut answers = match self.programme() {
            Some(programme) => Book::read(self, event::RollKind::BankResult, programme)?,
            None => Book::default(),
        };
        let mut people = People::default();
        let ledger = self.importer.ledger;
        let resolved: Result<(), ImportError> = ledger.with_state(|state| {
            for Placed { row, keyed, key, known } in placed {
                if let Some(known) = known.as_ref().filter(|known| known.content == keyed.content) {
                    acts.unchanged += 1;
                    if state.proposals.find(&known.statement).is_some() {
                        plan.waiting.push(known.statement);
                    }
                    continue;
                }
                let mut corrects = known.as_ref().map(|row| (row.statement, row.index));
                if corrects.is_none() && !answers.is_empty() {
                    corrects = draft::answered_before(&row.value, keyed, &mut answers);
                }
                let (subject, person) = self.subject(state, &mut people, row, keyed, known)?;
                acts.acts.push(Act::Row(Box::new(RowAct {
                    row,
                    key,
                    content: keyed.content,
                    corrects,
                    subject,
                    person,
                    id: keyed.id,
                    answered: None,
                })));
            }
            Ok(())
        })?;
        resolved?;
        Ok(acts)
    }

    fn subject(
        &self,
        state: &State,
        people: &mut People,
        row: &Numbered<Row>,
        keyed: &Keyed,
        known: Option<KnownRow>,
    ) -> Result<(Subject, Option<PersonId>), ImportError> {
        Ok(match (&row.value, keyed.id) {
            (Row::Certificate(_), Some(id)) => {
                let before = known.and_then(|row| match row.subject {
                    Subject::Certificate(id) => Some(id),
                    _ => None,
                });
                let holder =
                    before.and_then(|id| state.certificates.find(&id)).map(|found| found.person);
                let person = match (people.find(state, &id), holder) {
                    (Some(person), _) => person,
                    // The certificate is the same, its holder's ID number was mistyped.
                    (None, Some(holder)) => people.learn(id, holder),
                    (None, None) => people.mint(id)?,
                };
                let certificate = match before.filter(|_| holder == Some(person)) {
                    Some(certificate) => certificate,
                    None => CertificateId(random_bytes()?),
                };
                (Subject::Certificate(certificate), Some(person))
            }
            (Row::Payment(_) | Row::Fuel(_), Some(id)) => {
                let person = match people.find(state, &id) {
                    Some(person) => person,
                    None => people.mint(id)?,
                };
                (Subject::Person(person), Some(person))
            }
            (Row::InstitutionAccount(row), _) => {
                let account = self.store.tag(crate::crypto::TagKind::Account, row.account.as_str());
                (Subject::Account(account), None)
            }
            (_, id) => match id.and_then(|id| people.find(state, &id)) {
                Some(person) => (Subject::Person(person), Some(person)),
                None => (Subject::Roll(self.id), None),
            },
        })
    }

    /// Adds a retraction for every row in force that is not in the file.
    fn retract_missing(
        &self,
        present: &HashSet<Tag>,
        plan: &mut Plan<'a>,
    ) -> Result<(), ReadError> {
        let kind = self.roll.kind.into();
        let options = self.options();
        let mut gone = self.importer.known.rows_of(kind, options.division, self.roll.month);
        gone.retain(|(key, _)| !present.contains(key));
        gone.sort_unstable_by_key(|(_, row)| row.index);
        for (key, row) in gone {
            if let Some(year) = self.year() {
                let event = self.importer.ledger.event(row.index)?;
                let Body::PaymentExecuted(data) = &event.payload.body else { continue };
                if data.year != Some(year) {
                    continue;
                }
            }
            plan.acts.push(Act::Retract { key, row });
        }
        Ok(())
    }

    /// The report before anything is written: what a dry run says.
    pub(super) fn report(&self, plan: &Plan<'_>) -> ImportReport {
        let mut report = ImportReport {
            roll: None,
            kind: self.roll.kind,
            month: self.roll.month,
            rows: self.roll.data_rows(),
            accepted: plan.accepted,
            new: 0,
            unchanged: plan.unchanged,
            corrected: 0,
            retracted: 0,
            rejected: plan.rejected.clone(),
            refused: Vec::new(),
            first_index: None,
            last_index: None,
            waiting_endorsement: plan.waiting.clone(),
            differences: Vec::new(),
        };
        for act in &plan.acts {
            report.count(act);
            if report.differences.len() < ImportReport::DIFFERENCES_MAX {
                report.differences.push(self.difference(act));
            }
        }
        report
    }

    fn difference(&self, act: &Act<'_>) -> Difference {
        let (sheet, row) = self.at(act);
        let kind = match act {
            Act::Row(act) => match act.corrects {
                Some((_, index)) => DifferenceKind::Changed { index },
                None => DifferenceKind::New,
            },
            Act::Retract { row, .. } => DifferenceKind::Missing { index: row.index },
            Act::Policy { .. } => DifferenceKind::New,
        };
        Difference { sheet, row, kind }
    }

    /// Where an act stands in the file.
    pub(super) fn at(&self, act: &Act<'_>) -> (Option<String>, Option<u32>) {
        match act {
            Act::Row(act) => (self.sheet(act.row).name.clone(), Some(act.row.row)),
            Act::Retract { .. } | Act::Policy { .. } => (None, None),
        }
    }
}

impl ImportReport {
    /// Counts what was, or would be, written.
    pub(super) const fn count(&mut self, act: &Act<'_>) {
        match act {
            Act::Row(act) if act.corrects.is_some() => self.corrected += 1,
            Act::Row(_) => self.new += 1,
            Act::Retract { .. } => self.retracted += 1,
            // Its rows are one text.
            Act::Policy { .. } => self.new += self.accepted,
        }
    }
}

/// What a kind's own step made of its rows.
#[derive(Default)]
pub(super) struct Acts<'a> {
    pub(super) acts: Vec<Act<'a>>,
    pub(super) unchanged: usize,
    pub(super) rejected: Vec<Rejected>,
}

/// Persons by ID tag: those of the ledger, and those this import gives a pseudonym.
#[derive(Default)]
pub(super) struct People(HashMap<Tag, PersonId>);

impl People {
    pub(super) fn find(&self, state: &State, id: &Tag) -> Option<PersonId> {
        state.people.by_tag(id).or_else(|| self.0.get(id).copied())
    }

    pub(super) fn learn(&mut self, id: Tag, person: PersonId) -> PersonId {
        *self.0.entry(id).or_insert(person)
    }

    pub(super) fn mint(&mut self, id: Tag) -> Result<PersonId, ImportError> {
        Ok(self.learn(id, PersonId(random_bytes()?)))
    }
}

impl RowAct<'_> {
    pub(super) fn row_ref(&self, roll: RollId) -> event::RowRef {
        event::RowRef {
            roll,
            row: self.row.row,
            key: self.key,
            content: self.content,
            corrects: self.corrects.map(|(statement, _)| statement),
        }
    }
}
