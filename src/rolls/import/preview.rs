//! What importing payrolls, and lists of works and households, would record, in memory: for
//! checking before the money leaves.
//!
//! The same steps as an import up to the draft of each event, then its traces over those that are
//! stored. Nothing is sealed, signed or written. A row that is on the ledger already stands for
//! its own entry; one that says something else corrects it.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::{
    super::read::{Numbered, Roll},
    super::row::Row,
    Importer, Job,
    book::Book,
    draft::{self, Draft},
    homes::Homes,
    plan::{People, Plan, RowAct, helper_of},
    rejected::Rejected,
    report::{ImportError, RefusedRow},
};
use crate::{
    event::{self, Payload, Recorded, Role, Signer},
    rules::{Key, Record, Register, What},
    value::{Day, Hash, PersonId, RollId, Subject},
};

/// A row of a checked roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckedRow {
    /// The roll, in the order they were added.
    pub roll: usize,
    /// Its sheet, in the order of [`Roll::sheets`].
    pub sheet: usize,
    /// The row as a person counts it.
    pub row: u32,
}

/// Rolls as if they were recorded.
#[derive(Default)]
pub struct Preview {
    /// The records they would leave.
    pub records: Register,
    /// Whom they pay, or whose home they are about.
    pub persons: BTreeSet<PersonId>,
    /// The row behind each entry that is there or would be.
    pub rows: HashMap<u64, CheckedRow>,
    people: People,
    rolls: usize,
    next: u64,
}

/// What could not be checked of one roll.
#[derive(Debug, Default)]
pub struct Unchecked {
    /// Rows that cannot be read.
    pub rejected: Vec<Rejected>,
    /// Rows that the ledger would refuse.
    pub refused: Vec<RefusedRow>,
}

impl Importer<'_> {
    /// Adds what importing the roll would record.
    ///
    /// # Errors
    /// [`ImportError`], as a dry run of [`Importer::import`]; [`ImportError::NotAPayroll`] for a
    /// roll that neither pays anybody nor says what is paid for.
    pub fn preview(&self, roll: &Roll, to: &mut Preview) -> Result<Unchecked, ImportError> {
        let store = self.ledger.personal().ok_or(ImportError::VaultClosed)?;
        let id = RollId(crate::crypto::random_bytes()?);
        let job = Job { importer: self, store, roll, id, paper: None };
        let programme = job.terms().programme();
        if !roll.kind.is_checked() {
            return Err(ImportError::NotAPayroll { kind: roll.kind });
        }
        let mut plan = Plan::default();
        plan.rejected.extend(roll.rejected.iter().map(Rejected::from));
        let (rows, keyed) = job.keyed(&mut plan, self.options.division)?;
        let placed = job.place(&rows, &keyed)?;
        to.next = to.next.max(self.ledger.len());
        to.roll_in(&job);
        let mut answers = match programme {
            Some(programme) => Book::read(&job, event::RollKind::BankResult, programme)?,
            None => Book::default(),
        };
        let mut acts: Vec<RowAct<'_>> = Vec::with_capacity(placed.len());
        let resolved: Result<(), ImportError> = self.ledger.with_state(|state| {
            let mut homes = Homes::of_roll(&job, state, &placed);
            for placed in placed {
                let (row, keyed) = (placed.row, placed.keyed);
                let mut corrects = placed.known.as_ref().map(|row| (row.statement, row.index));
                if corrects.is_none() && !answers.is_empty() {
                    corrects = draft::answered_before(&row.value, keyed, &mut answers);
                }
                let same = placed.known.as_ref().filter(|known| known.content == keyed.content);
                let same = same.map(|known| known.index);
                let known = placed.known;
                let who = job.who(state, &mut to.people, &mut homes, (row, keyed), known)?;
                let (subject, person) = match who {
                    Ok(who) => who,
                    Err(why) => {
                        plan.rejected.push(job.rejected(row, why));
                        continue;
                    }
                };
                to.persons.extend(person);
                if let Subject::Household(home) = &subject {
                    to.persons.extend(state.households.members(home));
                }
                if let Some(index) = same {
                    to.rows.insert(index, to.at(row));
                    continue;
                }
                let (key, content, id) = (placed.key, keyed.content, keyed.id);
                let helper = helper_of(state, &row.value);
                acts.push(RowAct {
                    row,
                    key,
                    content,
                    corrects,
                    subject,
                    person,
                    id,
                    answered: None,
                    placement: None,
                    helper,
                });
            }
            Ok(())
        })?;
        resolved?;
        if !self.known.is_sound() {
            return Err(ImportError::Index);
        }
        let drafts: Vec<Option<Draft>> =
            acts.par_iter().map(|act| draft::draft(&job.terms(), act)).collect();
        for (act, draft) in acts.iter().zip(drafts) {
            to.event(&job, act, draft);
        }
        to.rolls += 1;
        Ok(Unchecked { rejected: plan.rejected, refused: plan.refused })
    }
}

impl Preview {
    fn at(&self, row: &Numbered<Row>) -> CheckedRow {
        CheckedRow { roll: self.rolls, sheet: row.sheet, row: row.row }
    }

    /// That the roll is in.
    fn roll_in(&mut self, job: &Job<'_>) {
        let what = What::RollIn {
            kind: job.roll.kind.into(),
            division: job.options().division,
            month: job.roll.month,
            year: job.terms().year(),
            programme: job.roll.kind.programme(),
        };
        let statement = (&Hash::blake3(&job.id.0)).into();
        let record = Record { at: job.options().at, statement, what };
        self.records.put(Key::Rolls, self.next, record);
        self.next += 1;
    }

    fn event(&mut self, job: &Job<'_>, act: &RowAct<'_>, draft: Option<Draft>) {
        let Some(Draft { body, at, .. }) = draft else { return };
        self.rows.insert(self.next, self.at(act.row));
        self.records.take(&recorded(job, act, self.next, Payload::new(at, body)));
        self.next += 1;
    }
}

/// The event as if it were recorded; no rule reads who would have signed it.
fn recorded(job: &Job<'_>, act: &RowAct<'_>, index: u64, payload: Payload) -> Recorded {
    let unsigned = "unsigned";
    let signer = Signer {
        actor: unsigned.parse().expect("a plain word is an actor's id"),
        role: Role::BankAgent,
        organisation: unsigned.parse().expect("a plain word is a label"),
        division: job.options().division,
        sector: None,
    };
    let mut name = job.id.0.to_vec();
    name.extend(index.to_be_bytes());
    let subject: Subject = act.subject.clone();
    let recorded_at_ms = Day::start_millis(job.options().at);
    let id = Hash::blake3(&name);
    let signed_at = recorded_at_ms / 1000;
    Recorded { index, recorded_at_ms, id, signed_at, subject, signer, payload }
}
