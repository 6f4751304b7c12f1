//! What each row becomes: nothing, a new event, or a correction; and which rows are gone.
//!
//! Writes nothing and reads no file: a dry run ends here.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        kind::RollKind,
        read::{Numbered, SheetRead},
        row::Row,
    },
    Job, KnownRow,
    bank::{self, Answered},
    book::Book,
    draft,
    homes::{self, Homes},
    keys::Keyed,
    place::Placed,
    rejected::{Rejected, Why},
    report::{Difference, DifferenceKind, ImportError, ImportReport, RefusedRow},
};
use crate::{
    crypto::random_bytes,
    domain::State,
    event::{self, Body},
    ledger::ReadError,
    value::{ActorId, CertificateId, Hash, PersonId, RollId, Subject, Tag},
};

/// Everything an import will write.
#[derive(Default)]
pub(super) struct Plan<'a> {
    /// In the order of the file, retractions last.
    pub(super) acts: Vec<Act<'a>>,
    pub(super) accepted: usize,
    pub(super) unchanged: usize,
    pub(super) rejected: Vec<Rejected>,
    /// Rows that the ledger would refuse: they are not even tried, so that trying them again
    /// adds nothing.
    pub(super) refused: Vec<RefusedRow>,
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
    /// The placement that ends with it.
    pub(super) placement: Option<Hash>,
    /// The actor of the ledger who visited.
    pub(super) helper: Option<ActorId>,
}

impl Plan<'_> {
    pub(super) const fn changes(&self) -> usize {
        self.acts.len()
    }
}

impl<'a> Job<'a> {
    pub(super) const fn sheet(&self, row: &Numbered<Row>) -> &'a SheetRead {
        self.terms().sheet(row)
    }

    pub(super) fn rejected(&self, row: &Numbered<Row>, why: Why) -> Rejected {
        Rejected { sheet: self.sheet(row).name.clone(), row: row.row, why }
    }

    /// Compares the roll with the ledger.
    pub(super) fn plan_rows(&self) -> Result<Plan<'a>, ImportError> {
        let mut plan = Plan::default();
        plan.rejected.extend(self.roll.rejected.iter().map(Rejected::from));
        let (rows, keyed) = self.keyed(&mut plan, self.importer.own_division()?)?;
        let placed = self.place(&rows, &keyed)?;
        let complete = self.options().complete;
        let unread = plan.rejected.len() + plan.refused.len();
        if complete && unread > 0 {
            return Err(ImportError::CompleteWithRejected { rows: unread });
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

    /// Names persons and subjects of rows that say something new.
    fn resolve(
        &self,
        placed: Vec<Placed<'a, '_>>,
        plan: &mut Plan<'a>,
    ) -> Result<Acts<'a>, ImportError> {
        let mut acts = Acts::default();
        let mut answers = match self.terms().programme() {
            Some(programme) => Book::read(self, event::RollKind::BankResult, programme)?,
            None => Book::default(),
        };
        let mut people = People::default();
        let ledger = self.importer.ledger;
        let resolved: Result<(), ImportError> = ledger.with_state(|state| {
            let mut homes = Homes::of_roll(self, state, &placed);
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
                let who = self.who(state, &mut people, &mut homes, (row, keyed), known)?;
                let (subject, person) = match who {
                    Ok(who) => who,
                    Err(why) => {
                        acts.rejected.push(self.rejected(row, why));
                        continue;
                    }
                };
                if matches!(row.value, Row::Service(_)) && person.is_none() {
                    acts.rejected.push(self.rejected(row, Why::NotOnLedger));
                    continue;
                }
                let placement = match self.ended(state, row, person, corrects)? {
                    Ended::Placement(placement) => placement,
                    Ended::Nothing => {
                        acts.rejected.push(self.rejected(row, Why::NotPlaced));
                        continue;
                    }
                };
                acts.acts.push(Act::Row(Box::new(RowAct {
                    row,
                    key,
                    content: keyed.content,
                    corrects,
                    subject,
                    person,
                    id: keyed.id,
                    answered: None,
                    placement,
                    helper: helper_of(state, &row.value),
                })));
            }
            Ok(())
        })?;
        resolved?;
        Ok(acts)
    }

    /// The placement that a departure ends: the one that the row it corrects ended, else the one
    /// that stands.
    fn ended(
        &self,
        state: &State,
        row: &Numbered<Row>,
        person: Option<PersonId>,
        corrects: Option<(Hash, u64)>,
    ) -> Result<Ended, ImportError> {
        let (RollKind::Departures(programme), Row::Service(left)) = (self.roll.kind, &row.value)
        else {
            return Ok(Ended::Placement(None));
        };
        if let Some((_, index)) = corrects {
            let event = self.importer.ledger.event(index)?;
            if let Body::PlacementEnded(data) = &event.payload.body {
                return Ok(Ended::Placement(Some(data.placement)));
            }
        }
        let deliveries = state.benefits.deliveries();
        let standing = person.and_then(|person| deliveries.standing(person, programme, left.on));
        Ok(standing.map_or(Ended::Nothing, |placement| Ended::Placement(Some(placement))))
    }

    /// What a row is about, and whom; or why nobody can say.
    pub(super) fn who(
        &self,
        state: &State,
        people: &mut People,
        homes: &mut Homes,
        (row, keyed): (&Numbered<Row>, &Keyed),
        known: Option<KnownRow>,
    ) -> Result<Result<(Subject, Option<PersonId>), Why>, ImportError> {
        if let Row::Works(works) = &row.value {
            let found = homes::of_works(self, state, works, keyed);
            return Ok(found.map(|(home, person)| (Subject::Household(home), Some(person))));
        }
        match homes.member(self, state, people, (row, keyed), known.as_ref())? {
            Some(found) => Ok(Ok(found)),
            None => self.subject(state, people, row, keyed, known).map(Ok),
        }
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
            // Rows of several years, or of several programmes, stand under one kind.
            if let RollKind::Register(fact) = self.roll.kind {
                let event = self.importer.ledger.event(row.index)?;
                if !matches!(&event.payload.body, Body::ExternalFactRecorded(data) if data.kind == fact)
                {
                    continue;
                }
            }
            if let Some(programme) = self.terms().programme() {
                let event = self.importer.ledger.event(row.index)?;
                let Body::PaymentExecuted(data) = &event.payload.body else { continue };
                if data.programme != programme || data.year != self.terms().year() {
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
            unread_columns: self.roll.unread_columns(),
            accepted: plan.accepted,
            new: 0,
            unchanged: plan.unchanged,
            corrected: 0,
            retracted: 0,
            rejected: plan.rejected.clone(),
            refused: plan.refused.clone(),
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

/// What a row ends.
enum Ended {
    /// A placement, or none where it is about something else.
    Placement(Option<Hash>),
    /// A departure of somebody who is not placed.
    Nothing,
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

/// The actor of the ledger whom a list of visits names by id.
pub(super) fn helper_of(state: &State, row: &Row) -> Option<ActorId> {
    let Row::Service(visit) = row else { return None };
    let actor: ActorId = visit.helper.as_ref()?.as_str().parse().ok()?;
    state.actors.find(&actor).is_some().then_some(actor)
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
