//! The fold behind a person's file: one record at a time, in the order of the log.
//!
//! What was decided about a certificate waits until every certificate is there, because the row
//! that corrects an earlier one comes later than what was decided about it.

use std::sync::Arc;

use super::case::{Case, Entry};
use super::certificate::Certificate;
use super::file::{Guardian, Likeness, Payment, PersonFile, TurnEntry};
use super::grants::{Grants, Moment};
use super::key::{Home, StatementRef};
use super::looks::{Look, WAIT_DAYS};
use super::record::{Known, Record, Returned, What};
use super::step::{StepKind, Turn};
use crate::value::{CertificateId, Day, HouseholdId, PersonId, Tag};

pub(super) struct Fold {
    file: PersonFile,
    on: Day,
    /// ID numbers that are not this person's, and what mistyped ones became.
    denied: Vec<Tag>,
    retyped: Vec<(Tag, Tag)>,
    /// What was decided about certificates.
    lives: Vec<(u64, Day, StatementRef, What)>,
    returned: Vec<Returned>,
    current: Known,
    left: Vec<HouseholdId>,
}

impl Fold {
    pub(super) fn new(person: PersonId, on: Day) -> Self {
        let file = PersonFile {
            person,
            ids: Vec::new(),
            forms: Vec::new(),
            names: Vec::new(),
            renamed: Vec::new(),
            birth: None,
            certificates: Vec::new(),
            payments: Vec::new(),
            facts: Vec::new(),
            guardians: Vec::new(),
            homes: Vec::new(),
            likenesses: Vec::new(),
            meant: Vec::new(),
            cases: Vec::new(),
            back_pay: Vec::new(),
            chain: Vec::new(),
            turns: Vec::new(),
            not_meeting: Vec::new(),
            blanks: Vec::new(),
            ties: Vec::new(),
            village: None,
            division: None,
            looks: Vec::new(),
            grants: Grants::default(),
        };
        Self {
            file,
            on,
            denied: Vec::new(),
            retyped: Vec::new(),
            lives: Vec::new(),
            returned: Vec::new(),
            current: Known::default(),
            left: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, index: u64, record: &Record, explained: bool) {
        let file = &mut self.file;
        match &record.what {
            What::Legacy(row) => {
                file.certificates.push(Certificate::of_row(index, record.statement, row, self.on));
                add(&mut file.ids, row.id);
                file.forms.push((row.id, row.id_form, index));
                file.homes.extend(row.household_no.map(Home::Number));
                let known = Known {
                    name: Some(row.name),
                    sound: row.sound,
                    meant: row.meant.clone(),
                    birth: row.birth,
                    village: row.village,
                    phone: row.phone,
                    guardian_id: row.guardian_id,
                    guardian_name: row.guardian_name,
                    ..Known::default()
                };
                self.know(index, &known, false);
            }
            What::Known(known) => {
                if let Some(id) = known.id {
                    add(&mut file.ids, id);
                    file.forms.extend(known.id_form.map(|form| (id, form, index)));
                }
                file.division = known.division.or(file.division);
                self.know(index, known, true);
            }
            What::Issued(_)
            | What::Replaced { .. }
            | What::Frozen { .. }
            | What::Unfrozen { .. }
            | What::Ended { .. } => {
                self.lives.push((index, record.at, record.statement, record.what.clone()));
            }
            What::Paid(paid) => {
                let in_time = paid.month.is_none_or(|month| month <= self.on.month())
                    && paid.year.is_none_or(|year| i32::from(year) <= self.on.year());
                if in_time {
                    let (statement, paid) = (record.statement, Arc::clone(paid));
                    add(&mut file.ids, paid.id);
                    file.payments.push(Payment { index, statement, paid });
                }
            }
            What::Returned(returned) => self.returned.push((**returned).clone()),
            What::Linked(id) => {
                add(&mut file.ids, *id);
                self.denied.retain(|denied| denied != id);
            }
            What::Unlinked(id) => add(&mut self.denied, *id),
            What::Retyped { from, to } => {
                add(&mut file.ids, *to);
                add(&mut self.denied, *from);
                self.denied.retain(|denied| denied != to);
                self.retyped.push((*from, *to));
            }
            What::Guardian { id, name } => {
                let guardian = Guardian { id: Some(*id), name: Some(*name), ended: false };
                file.guardians.push(guardian);
            }
            What::GuardianEnded { id } => {
                for guardian in file.guardians.iter_mut().filter(|g| g.id == Some(*id)) {
                    guardian.ended = true;
                }
            }
            What::Joined(household) => {
                file.homes.push(Home::Ledger(*household));
                self.left.retain(|left| left != household);
            }
            What::Left(household) => self.left.push(*household),
            What::Applied { case, programme } => file.cases.push((*case, *programme, None)),
            What::Decided { case, granted } => {
                for known in file.cases.iter_mut().filter(|known| known.0 == *case) {
                    known.2 = Some(*granted);
                }
            }
            What::BackPay { case, months } => {
                file.back_pay.extend(months.iter().map(|month| (*case, *month)));
            }
            What::Step(step) => {
                if let StepKind::Printed { blank } = step.kind {
                    file.blanks.push((index, blank));
                }
                let case = step.case;
                let (at, statement, step) = (record.at, record.statement, (**step).clone());
                let entry = Entry { index, at, statement, step, explained };
                match file.chain.iter_mut().find(|known| known.case == case) {
                    Some(known) => known.steps.push(entry),
                    None => file.chain.push(Case { case, steps: vec![entry] }),
                }
            }
            What::Turned { certificate, turn, by } => {
                let (at, certificate, turn, by) = (record.at, *certificate, *turn, *by);
                file.turns.push(TurnEntry { index, at, certificate, turn, by });
                if let Turn::TransferredIn { to } = turn {
                    file.division = Some(to);
                }
                self.lives.push((index, at, record.statement, record.what.clone()));
            }
            What::Looked { by, role } => {
                if record.at.plus_days(WAIT_DAYS) <= self.on {
                    file.looks.push(Look { index, by: *by, role: *role });
                }
            }
            What::Grant(step) => {
                let moment = Moment { index, at: record.at };
                file.grants.take(moment, record.statement, step);
            }
            // These stand under other keys than a person's.
            What::Fact(_)
            | What::Seen(_)
            | What::Member { .. }
            | What::Institution
            | What::RollIn { .. }
            | What::PayrollIn { .. }
            | What::Officer(_)
            | What::Tie(_)
            | What::Designated(_)
            | What::Suspended
            | What::Authorised { .. }
            | What::Explained
            | What::Void
            | What::BatchPrepared { .. }
            | What::SeenAll(_)
            | What::Works { .. }
            | What::EndorsedBy(_)
            | What::OfCase(_)
            | What::OfHouse(_)
            | What::Founded(_) => {}
        }
    }

    /// Adds attributes; `carried` ones that a source leaves out are taken from the last source.
    fn know(&mut self, index: u64, known: &Known, carried: bool) {
        let file = &mut self.file;
        if let Some(name) = known.name {
            add(&mut file.names, name);
            if known.renamed {
                add(&mut file.renamed, name);
            }
        }
        file.birth = known.birth.or(file.birth);
        file.village = known.village.or(file.village);
        if known.guardian_id.is_some() || known.guardian_name.is_some() {
            let (id, name) = (known.guardian_id, known.guardian_name);
            file.guardians.push(Guardian { id, name, ended: false });
        }
        let last = if carried { std::mem::take(&mut self.current) } else { Known::default() };
        self.current = Known {
            name: known.name.or(last.name),
            // Another name sounds otherwise, even where nobody says how.
            sound: if known.name.is_some() { known.sound } else { last.sound },
            birth: known.birth.or(last.birth),
            phone: known.phone.or(last.phone),
            village: known.village.or(last.village),
            ..Known::default()
        };
        for meant in &known.meant {
            add(&mut file.meant, *meant);
        }
        let Known { name, sound, birth, phone, village, .. } = self.current;
        if let (Some(name), Some(birth)) = (name, birth) {
            file.likenesses.push(Likeness { index, name, sound, birth, phone, village });
        }
    }

    pub(super) fn finish(mut self) -> PersonFile {
        for (index, at, statement, life) in std::mem::take(&mut self.lives) {
            self.live(index, at, statement, life);
        }
        let Self { mut file, denied, retyped, returned, left, .. } = self;
        let moved = |tag: Tag| {
            retyped.iter().fold(tag, |tag, (from, to)| if tag == *from { *to } else { tag })
        };
        for card in &mut file.certificates {
            card.id = moved(card.id);
        }
        file.ids.retain(|id| !denied.contains(id));
        file.forms.retain(|(id, ..)| !denied.contains(id));
        file.homes.retain(|home| !matches!(home, Home::Ledger(id) if left.contains(id)));
        for back in &returned {
            let Some(payment) = take_back(&mut file.payments, back) else { continue };
            let programme = payment.paid.programme;
            file.grants.returned.extend(payment.months().map(|month| (programme, month)));
        }
        file
    }

    fn live(&mut self, index: u64, at: Day, statement: StatementRef, life: What) {
        match life {
            What::Issued(issued) => {
                if let Some(old) = issued.supersedes.and_then(|old| self.card(old)) {
                    old.end(at);
                }
                add(&mut self.file.ids, issued.id);
                self.file.certificates.push(Certificate {
                    certificate: issued.certificate,
                    index,
                    statement,
                    id: issued.id,
                    number: Some(issued.number),
                    category: issued.category,
                    level: issued.level,
                    components: issued.components,
                    issued: issued.valid_from,
                    valid_to: issued.valid_to,
                    division: issued.division,
                    first_division: issued.division,
                    leaving: None,
                    stops: Vec::new(),
                    ended: false,
                    row: None,
                });
            }
            // The new card says what the lost one said, for as long.
            What::Replaced { certificate, lost, id, number, blank } => {
                self.file.blanks.push((index, blank));
                let Some(old) = self.card(lost) else { return };
                let mut new = old.clone();
                old.end(at);
                let number = Some(number);
                new = Certificate { certificate, index, statement, id, number, ..new };
                (new.issued, new.row, new.ended) = (at, None, false);
                new.stops.clear();
                self.file.certificates.push(new);
            }
            What::Frozen { certificate } | What::Ended { certificate, .. } => {
                if let What::Ended { not_meeting: true, .. } = life {
                    self.file.not_meeting.push((index, at));
                }
                if let Some(card) = self.card(certificate) {
                    match life {
                        What::Ended { .. } => card.end(at),
                        _ => card.stop(at),
                    }
                }
            }
            What::Unfrozen { certificate } => {
                if let Some(card) = self.card(certificate) {
                    card.resume(at);
                }
            }
            What::Turned { certificate, turn, .. } => {
                let Some(card) = self.card(certificate) else { return };
                match turn {
                    Turn::TransferredOut { to } => card.leaving = Some((at, to)),
                    // A transfer lifts the freeze for being overdue, as the county's own book has it.
                    Turn::TransferredIn { to } => {
                        (card.division, card.leaving) = (to, None);
                        if !card.ended {
                            card.resume(at);
                        }
                    }
                    Turn::Lost | Turn::Reminded => {}
                }
            }
            _ => {}
        }
    }

    fn card(&mut self, certificate: CertificateId) -> Option<&mut Certificate> {
        self.file.certificates.iter_mut().find(|card| card.certificate == certificate)
    }
}

/// Takes a returned payment out: the one it names, else the latest earlier one of the same
/// programme, time and division. A return of less than the amount leaves the payment standing.
fn take_back(payments: &mut Vec<Payment>, back: &Returned) -> Option<Payment> {
    let found = payments.iter().rposition(|payment| {
        let paid = &payment.paid;
        back.payment.map_or_else(
            || {
                (paid.programme, paid.month, paid.year, paid.division)
                    == (back.programme, back.month, back.year, back.division)
                    && paid.amount <= back.amount
            },
            |statement| payment.statement == statement && paid.amount <= back.amount,
        )
    });
    found.map(|at| payments.remove(at))
}

fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
