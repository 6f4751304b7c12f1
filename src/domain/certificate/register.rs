//! Certificates and their cases as decisions need them, and rows of the old register.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::appeal::Appeal;
use super::case::{Case, Conclusion, Ending, Progress, Stage};
use super::grade_form;
use crate::compact::RowMap;
use crate::domain::State;
use crate::event::{
    ApplicationKind, CancelGround, CertificateLegacyImported, FreezeGround, Grade, LegacyStatus,
};
use crate::value::{CaseId, CertificateId, Day, DivisionCode, Label, PersonId, Tag};

/// The stored status of a certificate; expired and expiring are derived from the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// In force until its last day.
    Valid,
    /// Frozen; the ground is not known of an imported one.
    Frozen(Option<FreezeGround>),
    /// Ended lawfully; the ground and day are not known of an imported one.
    Cancelled(Option<(CancelGround, Day)>),
    /// Annulled.
    Revoked,
    /// Replaced by a later certificate.
    Superseded,
    /// Handed over to a county of another ledger.
    MovedAway,
}

/// The old county handed the certificate over, and the new one has not taken it yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// The county it goes to.
    pub to: DivisionCode,
    /// The day it was handed over.
    pub on: Day,
}

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The holder.
    pub person: PersonId,
    /// The division of household registration, which keeps it.
    pub division: DivisionCode,
    /// Category, level, components.
    #[serde(with = "grade_form")]
    pub grade: Grade,
    /// Tag of the printed number.
    pub number: Option<Tag>,
    /// Replacement suffix; not known (0) of an imported one.
    pub replaced: u8,
    /// First day.
    pub valid_from: Day,
    /// Last day.
    pub valid_to: Day,
    /// Stored status.
    pub status: Status,
    /// Declared lost.
    pub lost: bool,
    /// Came from an old register.
    pub legacy: bool,
    /// Its status was decided on this ledger, which a row of the old register does not undo.
    pub decided: bool,
    /// Assessed by sight.
    pub assessed_by_sight: bool,
    /// The day of the last assessment; of an imported one that does not say, the day of issue.
    pub assessed: Day,
    /// The day from which its division keeps it: that of the issue, or of its arrival there.
    pub since: Day,
    /// On its way to another county.
    pub leaving: Option<Leaving>,
    /// The county that took it over asks for a new assessment.
    pub reassess: bool,
    /// Tag of the card's blank, where this ledger knows it.
    pub blank: Option<Tag>,
    /// The day the card was handed over, as far as this ledger was told.
    pub delivered: Option<Day>,
}

impl Certificate {
    /// Says whether it is in force on that day.
    #[must_use]
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.status == Status::Valid && self.valid_from <= day && day <= self.valid_to
    }

    /// The county that took it over on this ledger, which a row of the old register does not undo.
    fn arrived_in(&self) -> Option<DivisionCode> {
        (self.since > self.valid_from).then_some(self.division)
    }

    /// Says whether it was neither ended nor replaced: in force, frozen, or expired and not yet
    /// dealt with.
    #[must_use]
    pub const fn stands(&self) -> bool {
        matches!(self.status, Status::Valid | Status::Frozen(_))
    }
}

/// Certificates and certificate cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificates {
    certificates: RowMap<CertificateId, Certificate>,
    cases: HashMap<CaseId, Case>,
    /// The one case of a person that has not ended.
    open: HashMap<PersonId, CaseId>,
    appeals: BTreeMap<PersonId, Appeal>,
    /// Cases that ended or were appealed, by the day after which nothing more can come of it.
    retained: BTreeSet<(Day, CaseId)>,
    /// Cases that ended and whose files are not sealed.
    unsealed: BTreeSet<CaseId>,
    /// What an appeal concluded about a certificate that was issued already: the holder may have
    /// it regraded accordingly.
    concluded_on_appeal: BTreeMap<PersonId, Conclusion>,
    /// Accepted cases whose draws wait for a statement of somebody else, by the organisation that
    /// accepted.
    undrawn: BTreeMap<Label, Vec<CaseId>>,
    /// Cards that were made on this ledger and not handed over yet, with the case they came of.
    undelivered: BTreeMap<CertificateId, Option<CaseId>>,
}

impl Certificates {
    /// The certificate of that id.
    #[must_use]
    pub fn find(&self, id: &CertificateId) -> Option<&Certificate> {
        self.certificates.get(id)
    }

    /// The case of that id.
    #[must_use]
    pub fn case(&self, id: &CaseId) -> Option<&Case> {
        self.cases.get(id)
    }

    /// Every case that still has steps to take, or an end to be filed.
    pub fn cases_under_way(&self) -> impl Iterator<Item = (&CaseId, &Case)> {
        self.open.values().filter_map(|id| Some((id, self.cases.get(id)?)))
    }

    /// Cases that ended, or were appealed, and of which something can still come.
    pub fn cases_retained(&self) -> impl Iterator<Item = (&CaseId, &Case)> {
        self.retained.iter().filter_map(|(_, id)| Some((id, self.cases.get(id)?)))
    }

    /// Cases that ended and whose files nobody sealed yet, in the order of their ids.
    pub fn cases_unsealed(&self) -> impl Iterator<Item = (&CaseId, &Case)> {
        self.unsealed.iter().filter_map(|id| Some((id, self.cases.get(id)?)))
    }

    /// The case of that person that has not ended.
    #[must_use]
    pub fn open_case_of(&self, person: &PersonId) -> Option<CaseId> {
        self.open.get(person).copied()
    }

    /// The cases whose notice hangs on the day, with their division and the applicant's birth date.
    pub fn hanging(&self, on: Day) -> impl Iterator<Item = (&CaseId, DivisionCode, Day)> {
        let open = self.open.values().filter_map(|id| Some((id, self.cases.get(id)?)));
        open.filter_map(move |(id, case)| {
            let progress = case.progress.as_ref()?;
            let hangs = matches!(&progress.notice,
                Some(super::case::Notice::Hanging { closes_on, .. }) if on <= *closes_on);
            hangs.then_some((id, case.division, progress.birth_date))
        })
    }

    /// The appeal of that person that is not concluded.
    #[must_use]
    pub fn appeal_of(&self, person: &PersonId) -> Option<&Appeal> {
        self.appeals.get(person)
    }

    /// What an appeal of the person concluded about the certificate that was issued.
    #[must_use]
    pub fn concluded_on_appeal(&self, person: &PersonId) -> Option<&Conclusion> {
        self.concluded_on_appeal.get(person)
    }

    /// The person's cases that ended and can still be appealed.
    pub fn appealable_of(&self, person: PersonId) -> impl Iterator<Item = &Case> {
        let cases = self.retained.iter().filter_map(|(_, id)| self.cases.get(id));
        cases.filter(move |case| case.person == person && matches!(case.stage, Stage::Ended(_)))
    }

    /// How many certificates.
    #[must_use]
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// None yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certificates.len() == 0
    }

    pub(super) fn open_case(&mut self, id: CaseId, case: Case) {
        self.open.insert(case.person, id);
        self.cases.insert(id, case);
    }

    /// The stage and progress of a case that has not ended.
    pub(super) fn progress_mut(&mut self, id: &CaseId) -> Option<(&mut Stage, &mut Progress)> {
        let case = self.cases.get_mut(id)?;
        Some((&mut case.stage, case.progress.as_deref_mut()?))
    }

    pub(super) fn end_case(&mut self, id: &CaseId, ending: Ending) {
        if let Some(case) = self.cases.get_mut(id) {
            case.stage = Stage::Ended(ending);
            case.progress = None;
            if !case.sealed {
                self.unsealed.insert(*id);
            }
            if self.open.get(&case.person) == Some(id) {
                self.open.remove(&case.person);
            }
        }
    }

    /// Ends a case that keeps what an appeal needs until the last day to file one.
    pub(super) fn end_appealable(&mut self, id: &CaseId, ending: Ending, until: Day) {
        let Some(case) = self.cases.get_mut(id) else { return };
        let mut kept = case.progress.take().filter(|progress| progress.conclusion.is_some());
        if let Some(progress) = &mut kept {
            progress.appeal_until = Some(until);
        }
        let keeps = kept.is_some();
        self.end_case(id, ending);
        if keeps && let Some(case) = self.cases.get_mut(id) {
            case.progress = kept;
            self.retained.insert((until, *id));
        }
    }

    /// Opens a case again that an appeal concluded otherwise.
    pub(super) fn reopen(&mut self, id: &CaseId) {
        if let Some(case) = self.cases.get_mut(id) {
            case.sealed = false;
            self.open.insert(case.person, *id);
            self.unsealed.remove(id);
        }
    }

    /// Its file is sealed.
    pub(super) fn seal(&mut self, id: &CaseId) {
        if let Some(case) = self.cases.get_mut(id) {
            case.sealed = true;
            self.unsealed.remove(id);
        }
    }

    /// Keeps a case until that day, for the next step of its appeal.
    pub(super) fn retain(&mut self, id: &CaseId, until: Day) {
        if let Some((_, progress)) = self.progress_mut(id) {
            progress.appeal_until = Some(until);
            self.retained.insert((until, *id));
        }
    }

    /// Forgets what appeals needed of cases whose last day is over.
    pub(super) fn forget_before(&mut self, today: Day) {
        while let Some(&(until, id)) = self.retained.first().filter(|(until, _)| *until < today) {
            self.retained.remove(&(until, id));
            let Some(case) = self.cases.get(&id) else { continue };
            let (person, ended) = (case.person, matches!(case.stage, Stage::Ended(_)));
            let appeal = self.appeals.get(&person).filter(|appeal| appeal.case == id);
            let over = appeal.is_none_or(|appeal| appeal.is_settled(today));
            let last = case.progress.as_ref().and_then(|progress| progress.appeal_until);
            if over && last.is_none_or(|last| last <= until) {
                self.close_appeal(&person, &id);
                if ended && let Some(case) = self.cases.get_mut(&id) {
                    case.progress = None;
                }
            }
        }
    }

    /// Ends the person's open case if it applied for just what happened to that certificate.
    pub(super) fn end_case_for(
        &mut self,
        person: &PersonId,
        kind: ApplicationKind,
        certificate: CertificateId,
        ending: Ending,
    ) {
        let Some(id) = self.open_case_of(person) else { return };
        let applied = self.case(&id).is_some_and(|case| {
            let previous = case.progress.as_ref().and_then(|progress| progress.previous);
            case.kind == kind && previous == Some(certificate)
        });
        if applied {
            self.end_case(&id, ending);
        }
    }

    /// Changes the status of a certificate by a decision.
    pub(super) fn decide_status(&mut self, id: &CertificateId, status: Status) {
        self.keep_back(id, status);
        if let Some(certificate) = self.certificates.get_mut(id) {
            certificate.status = status;
            certificate.decided = true;
        }
    }

    /// Cards that were made here, still stand and were not handed over yet, each with the case it
    /// came of, where there is one.
    pub fn undelivered(
        &self,
    ) -> impl Iterator<Item = (CertificateId, &Certificate, Option<CaseId>)> {
        let cards = self.undelivered.keys();
        cards.filter_map(|id| {
            let case = self.waits_for_delivery(id)?;
            Some((*id, self.certificates.get(id)?, case))
        })
    }

    /// The case of a card that was made here, still stands and was not handed over, where it came
    /// of one; none where no such card waits.
    #[must_use]
    pub fn waits_for_delivery(&self, id: &CertificateId) -> Option<Option<CaseId>> {
        let case = self.undelivered.get(id)?;
        self.certificates.get(id).filter(|held| held.stands() && !held.lost)?;
        Some(*case)
    }

    /// A new card, to be handed over.
    pub(super) fn make(&mut self, id: CertificateId, made: Certificate, case: Option<CaseId>) {
        self.certificates.insert(id, made);
        self.undelivered.insert(id, case);
    }

    /// The card was handed over that day; the first time counts.
    pub(super) fn deliver(&mut self, id: &CertificateId, on: Day) {
        self.undelivered.remove(id);
        if let Some(certificate) = self.certificates.get_mut(id) {
            certificate.delivered.get_or_insert(on);
        }
    }

    /// A card that never will be handed over: the certificate is no more, or another card took its
    /// place.
    fn keep_back(&mut self, id: &CertificateId, status: Status) {
        if matches!(status, Status::Revoked | Status::Superseded | Status::Cancelled(_)) {
            self.undelivered.remove(id);
        }
    }

    pub(super) fn declare_lost(&mut self, id: &CertificateId) {
        if let Some(certificate) = self.certificates.get_mut(id) {
            certificate.lost = true;
        }
    }

    pub(super) fn appeal(&mut self, person: PersonId, appeal: Appeal) {
        self.appeals.insert(person, appeal);
    }

    /// The appeal of that case, while it is not concluded.
    pub(super) fn appeal_of_case_mut(&mut self, id: &CaseId) -> Option<&mut Appeal> {
        let person = self.cases.get(id)?.person;
        self.appeals.get_mut(&person).filter(|appeal| appeal.case == *id)
    }

    pub(super) fn close_appeal(&mut self, person: &PersonId, id: &CaseId) {
        if self.appeals.get(person).is_some_and(|appeal| appeal.case == *id) {
            self.appeals.remove(person);
        }
    }

    pub(super) fn conclude_on_appeal(&mut self, person: PersonId, conclusion: Option<Conclusion>) {
        match conclusion {
            Some(conclusion) => self.concluded_on_appeal.insert(person, conclusion),
            None => self.concluded_on_appeal.remove(&person),
        };
    }

    /// The draws of a case wait for a statement of another organisation than its acceptor's.
    pub(super) fn await_draw(&mut self, id: CaseId, organisation: Label) {
        self.undrawn.entry(organisation).or_default().push(id);
    }

    /// Takes the cases whose draws wait for a statement of that organisation: every other one's.
    pub(super) fn take_undrawn(&mut self, organisation: &Label) -> Vec<CaseId> {
        if self.undrawn.keys().all(|accepted_by| accepted_by == organisation) {
            return Vec::new();
        }
        let own = self.undrawn.remove_entry(organisation);
        let others = std::mem::take(&mut self.undrawn);
        self.undrawn.extend(own);
        others.into_values().flatten().collect()
    }

    pub(super) fn find_mut(&mut self, id: &CertificateId) -> Option<&mut Certificate> {
        self.certificates.get_mut(id)
    }
}

/// Takes a row of an old register as it is. A corrected row replaces the record of the same
/// certificate, but not what was decided about it on this ledger since.
pub(super) fn import(state: &mut State, id: CertificateId, data: &CertificateLegacyImported) {
    let earlier = state.certificates.certificates.get(&id).cloned();
    // A row that names a certificate issued on this ledger is on the log, and stands for nothing.
    if earlier.as_ref().is_some_and(|earlier| !earlier.legacy) {
        return;
    }
    if let Some(earlier) = earlier.as_ref().filter(|earlier| earlier.person != data.person) {
        disown(state, earlier.person, id);
    }
    let person = state.people.learn(data.person, data.id);
    person.name = Some(data.name);
    person.birth_date = data.birth_date.or(person.birth_date);
    person.hukou_division = Some(data.division);
    if !person.certificates.contains(&id) {
        person.certificates.push(id);
    }
    let listed = match data.status {
        LegacyStatus::Normal => Status::Valid,
        LegacyStatus::Frozen => Status::Frozen(None),
        LegacyStatus::Cancelled => Status::Cancelled(None),
    };
    let decided = earlier.as_ref().filter(|earlier| earlier.decided).map(|earlier| earlier.status);
    let certificate = Certificate {
        person: data.person,
        division: earlier.as_ref().and_then(Certificate::arrived_in).unwrap_or(data.division),
        grade: Grade {
            category: data.category,
            level: data.level,
            components: data.components.clone(),
        },
        number: data.number,
        replaced: 0,
        valid_from: data.issued,
        valid_to: data.valid_to,
        status: decided.unwrap_or(listed),
        lost: earlier.as_ref().is_some_and(|earlier| earlier.lost),
        legacy: true,
        decided: decided.is_some(),
        assessed_by_sight: data.assessed_by_sight,
        assessed: data.assessed_on.unwrap_or(data.issued),
        since: earlier.as_ref().map_or(data.issued, |earlier| earlier.since),
        leaving: earlier.as_ref().and_then(|earlier| earlier.leaving),
        reassess: earlier.as_ref().is_some_and(|earlier| earlier.reassess),
        blank: None,
        delivered: earlier.as_ref().and_then(|earlier| earlier.delivered),
    };
    state.certificates.certificates.insert(id, certificate);
}

/// Forgets an imported certificate whose row was retracted: it was never there.
pub(super) fn retract(state: &mut State, id: CertificateId) {
    let Some(found) = state.certificates.find(&id).filter(|found| found.legacy) else { return };
    let person = found.person;
    state.certificates.certificates.remove(&id);
    disown(state, person, id);
}

fn disown(state: &mut State, person: PersonId, id: CertificateId) {
    if let Some(person) = state.people.find_mut(&person) {
        person.certificates.retain(|other| *other != id);
    }
}
