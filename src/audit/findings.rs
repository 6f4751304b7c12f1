//! Invariants that are reported and not gated: what the log shows without any outside knowledge.
//!
//! | rule | what is found |
//! |---|---|
//! | I13 | a review later than the policy's working days after the notice closed, without a cause |
//! | I18 | a nursing subsidy neither stopped nor amended by the month after its severe level was lost |
//! | I19 | a certificate issued on this ledger, not ended in time after its holder's death was known |
//! | I20 | a certificate issued on this ledger whose holder was not reminded in time |
//! | I34 | a running monthly benefit without an annual review in the last twelve months |
//! | I38 | a notice still not taken down more working days after it was over than policy gives |
//! | I42 | imported certificates that lack evidence: counted, never as passed |
//!
//! Judged on the day the last entry was recorded. Events that need two signers count with their
//! endorsement.

use hashbrown::HashMap;

use super::Finding;
use crate::{
    domain::State,
    event::{Body, CertificateIssued, Grade, NoticeResult, Outcome, Recorded},
    value::{
        CaseId, Category, CertificateId, Day, DivisionCode, FactKind, Hash, PersonId, Programme,
        Subject,
    },
};

/// Working days of a review where no policy says another number.
const REVIEW_WORKING_DAYS: u32 = 10;
/// Months before expiry by which a holder is reminded where no policy says another number.
const REMINDER_MONTHS: u32 = 6;
/// Working days within which a notice that is over is taken down where no policy was published.
const TAKE_DOWN_WORKING_DAYS: u32 = 3;
/// Days after a reported death where no policy says another number.
const CANCEL_AFTER_DEATH_DAYS: u32 = 30;
/// Most entries named by one finding.
const INDEXES_MAX: usize = 100;

/// What was found so far, and what is still running.
#[derive(Debug)]
pub(super) struct Findings {
    review_late: Finding,
    level_loss_ignored: Finding,
    death_ignored: Finding,
    reminder_missing: Finding,
    annual_review_missing: Finding,
    notice_left_up: Finding,
    legacy_gaps: Finding,
    /// Closed without objection and not yet reviewed: the day, the entry.
    to_review: HashMap<CaseId, (Day, u64)>,
    /// Issued on this ledger.
    issued: HashMap<CertificateId, Issued>,
    /// Monthly benefits that run: the last day somebody looked, the entry.
    running: HashMap<CaseId, (Day, u64)>,
    /// Nursing subsidies whose severe level was lost: the last day to follow, the entry.
    level_lost: HashMap<CaseId, (Day, u64)>,
    /// Deaths reported.
    deaths: HashMap<PersonId, Death>,
    /// Posted and not yet taken down: the day it was over, none while an objection is open, and the
    /// entry.
    posted: HashMap<CaseId, (Option<Day>, u64)>,
}

#[derive(Debug)]
struct Issued {
    /// Day by which the holder is to be reminded.
    remind_by: Day,
    settled: bool,
    person: PersonId,
    division: DivisionCode,
    index: u64,
}

#[derive(Debug)]
struct Death {
    statement: Hash,
    known: Day,
}

impl Default for Findings {
    fn default() -> Self {
        Self {
            review_late: finding(
                "I13",
                "review_late",
                "not reviewed within the working days after the notice closed, and no cause given",
            ),
            level_loss_ignored: finding(
                "I18",
                "level_loss_ignored",
                "a nursing subsidy ran on unchanged after the certificate lost its severe level",
            ),
            death_ignored: finding(
                "I19",
                "death_ignored",
                "a certificate was not ended in time after its holder's death was reported",
            ),
            reminder_missing: finding(
                "I20",
                "reminder_missing",
                "the holder was not reminded in time before the certificate expires",
            ),
            annual_review_missing: finding(
                "I34",
                "annual_review_missing",
                "a running benefit was not reviewed in the last twelve months",
            ),
            notice_left_up: finding(
                "I38",
                "notice_left_up",
                "a notice was not taken down within the working days after it was over",
            ),
            legacy_gaps: finding(
                "I42",
                "legacy_gaps",
                "an imported certificate lacks evidence of its review: unproven, not passed",
            ),
            to_review: HashMap::new(),
            issued: HashMap::new(),
            running: HashMap::new(),
            level_lost: HashMap::new(),
            deaths: HashMap::new(),
            posted: HashMap::new(),
        }
    }
}

impl Findings {
    /// Looks at an event before the state follows it.
    pub(super) fn observe(&mut self, state: &State, event: &Recorded) {
        let body = &event.payload.body;
        if matches!(body, Body::Endorsed(_)) {
            for id in &event.payload.refs {
                if let Some(proposal) = state.proposals.find(id) {
                    self.effective(state, proposal);
                }
            }
        } else if body.second().is_none() {
            self.effective(state, event);
        }
    }

    /// Looks at an event that takes effect.
    fn effective(&mut self, state: &State, event: &Recorded) {
        let (at, index) = (event.payload.at, event.index);
        match (&event.payload.body, &event.subject) {
            (Body::NoticePosted(data), Subject::Case(case)) => {
                self.posted.insert(*case, (Some(data.closes_on), index));
            }
            (Body::NoticeTakenDown(data), Subject::Case(case)) => {
                if let Some((Some(over), posted)) = self.posted.remove(case)
                    && hung_on(state, case, over, data.removed_on)
                {
                    found(&mut self.notice_left_up, posted);
                }
            }
            (Body::ObjectionRaised(_), Subject::Case(case)) => {
                self.posted.entry(*case).and_modify(|(over, _)| *over = None);
            }
            (Body::NoticeClosed(data), Subject::Case(case)) => {
                self.posted.entry(*case).and_modify(|(over, _)| *over = Some(at));
                if data.result == NoticeResult::Clear {
                    self.to_review.insert(*case, (at, index));
                }
            }
            (Body::ReviewCompleted(data), Subject::Case(case)) => {
                if let Some((closed, _)) = self.to_review.remove(case)
                    && data.delay_cause.is_none()
                    && review_is_late(state, case, closed, at)
                {
                    found(&mut self.review_late, index);
                }
            }
            (Body::CertificateIssued(data), Subject::Certificate(id)) => {
                self.issued(state, *id, data, (at, index));
            }
            (Body::CertificateReplaced(data), Subject::Certificate(id)) => {
                // The new card has the lost one's term, and its place.
                if let Some(issued) = self.issued.remove(&data.lost) {
                    self.issued.insert(*id, issued);
                }
            }
            (Body::ReminderSent(_), Subject::Certificate(id)) => self.settle(id, at),
            (
                Body::CertificateCancelled(_) | Body::CertificateRevoked(_),
                Subject::Certificate(id),
            ) => self.ended(state, id, at),
            (Body::CertificateTransferredOut(data), Subject::Certificate(id)) => {
                let here = state.genesis.as_ref().map(|genesis| genesis.division);
                if !here.is_some_and(|here| here.covers(data.to)) {
                    self.ended(state, id, at);
                }
            }
            (Body::CertificateTransferredIn(data), Subject::Certificate(id)) => {
                if let Some(issued) = self.issued.get_mut(id) {
                    issued.division = data.to;
                }
            }
            (Body::ExternalFactRecorded(data), _) if data.kind == FactKind::Death => {
                let person = data.person.or_else(|| state.people.by_tag(&data.id));
                let known = Day::of_millis(event.recorded_at_ms);
                if let Some(person) = person {
                    self.deaths.entry(person).or_insert(Death { statement: event.id, known });
                }
            }
            (Body::BenefitDetermined(data), Subject::Case(case))
                if data.outcome == Outcome::Granted && data.from_month.is_some() =>
            {
                self.running.insert(*case, (at, index));
            }
            (Body::BenefitResumed(_), Subject::Case(case)) => {
                self.running.insert(*case, (at, index));
            }
            (Body::BenefitStopped(_), Subject::Case(case)) => {
                self.running.remove(case);
                self.followed(case, at);
            }
            (Body::BenefitAmended(_), Subject::Case(case)) => self.followed(case, at),
            (Body::AnnualReviewCompleted(_), Subject::Case(case)) => {
                if let Some((looked, _)) = self.running.get_mut(case) {
                    *looked = at.max(*looked);
                }
            }
            (Body::CertificateLegacyImported(data), _) if !data.gaps.is_empty() => {
                found(&mut self.legacy_gaps, index);
            }
            _ => {}
        }
    }

    /// A certificate was issued, and may have ended another one.
    fn issued(
        &mut self,
        state: &State,
        id: CertificateId,
        data: &CertificateIssued,
        (at, index): (Day, u64),
    ) {
        let division = data.approving_division;
        let policy = state.policies.certificate(division, at);
        let months = policy.map_or(REMINDER_MONTHS, |(_, policy)| policy.expiry_reminder_months);
        let months = i32::try_from(months).unwrap_or(i32::MAX);
        let remind_by = data.valid_to.plus_months(-months);
        let person = data.person;
        let issued = Issued { remind_by, settled: false, person, division, index };
        self.issued.insert(id, issued);
        let Some(old) = &data.supersedes else { return };
        let severe = state.certificates.find(old).is_some_and(|old| may_carry_nursing(&old.grade));
        self.ended(state, old, at);
        if severe && !may_carry_nursing(&data.grade) {
            let cases = self.running.keys().filter(|case| {
                let found = state.benefits.case(case);
                found.is_some_and(|found| {
                    found.person == person && found.programme == Programme::NURSING_CARE_SUBSIDY
                })
            });
            let last = at.month().next().last_day();
            self.level_lost.extend(cases.map(|case| (*case, (last, index))));
        }
    }

    /// A benefit was stopped or amended.
    fn followed(&mut self, case: &CaseId, at: Day) {
        if let Some((last, index)) = self.level_lost.remove(case)
            && at > last
        {
            found(&mut self.level_loss_ignored, index);
        }
    }

    /// A certificate ended; after a death, in time or not.
    fn ended(&mut self, state: &State, id: &CertificateId, at: Day) {
        let Some(issued) = self.issued.remove(id) else { return };
        if let Some(index) = late_after_death(state, &self.deaths, &issued, at) {
            found(&mut self.death_ignored, index);
        }
        if !issued.settled && issued.remind_by < at {
            found(&mut self.reminder_missing, issued.index);
        }
    }

    /// A reminder was sent before the holder had to be reminded.
    fn settle(&mut self, id: &CertificateId, at: Day) {
        if let Some(issued) = self.issued.get_mut(id) {
            issued.settled |= at <= issued.remind_by;
        }
    }

    /// Judges what is still running on a day.
    pub(super) fn finish(&mut self, state: &State, today: Day) {
        for (case, (closed, index)) in &self.to_review {
            if review_is_late(state, case, *closed, today) {
                found(&mut self.review_late, *index);
            }
        }
        for issued in self.issued.values() {
            if !issued.settled && issued.remind_by < today {
                found(&mut self.reminder_missing, issued.index);
            }
            if let Some(index) = late_after_death(state, &self.deaths, issued, today) {
                found(&mut self.death_ignored, index);
            }
        }
        for (last, index) in self.level_lost.values() {
            if *last < today {
                found(&mut self.level_loss_ignored, *index);
            }
        }
        for (looked, index) in self.running.values() {
            if looked.plus_months(12) < today {
                found(&mut self.annual_review_missing, *index);
            }
        }
        for (case, (over, index)) in &self.posted {
            if over.is_some_and(|over| hung_on(state, case, over, today)) {
                found(&mut self.notice_left_up, *index);
            }
        }
    }

    /// The findings that were made, by rule.
    pub(super) fn into_made(self) -> Vec<Finding> {
        let all = [
            self.review_late,
            self.level_loss_ignored,
            self.death_ignored,
            self.reminder_missing,
            self.annual_review_missing,
            self.notice_left_up,
            self.legacy_gaps,
        ];
        let made = all.into_iter().filter(|finding| finding.count > 0);
        made.map(|mut finding| {
            finding.indexes.sort_unstable();
            finding
        })
        .collect()
    }
}

/// The entry of a certificate that stood longer than allowed after its holder's death was known,
/// when on that day it still stands or only then ends.
fn late_after_death(
    state: &State,
    deaths: &HashMap<PersonId, Death>,
    issued: &Issued,
    on: Day,
) -> Option<u64> {
    let death = deaths.get(&issued.person)?;
    let policy = state.policies.certificate(issued.division, death.known);
    let days = policy.map_or(CANCEL_AFTER_DEATH_DAYS, |(_, policy)| policy.cancel_after_death_days);
    let last = death.known.plus_days(i32::try_from(days).unwrap_or(i32::MAX));
    (on > last && state.facts.stands(&death.statement)).then_some(issued.index)
}

/// Levels 1 and 2, and what some policies add to them.
fn may_carry_nursing(grade: &Grade) -> bool {
    grade.level.is_severe()
        || grade.includes(Category::Intellectual)
        || grade.includes(Category::Psychiatric)
}

fn review_is_late(state: &State, case: &CaseId, closed: Day, on: Day) -> bool {
    let division = state.division_of_case(case);
    let policy = division.and_then(|division| state.policies.certificate(division, closed));
    let limit = policy.map_or(REVIEW_WORKING_DAYS, |(_, policy)| policy.review_working_days);
    on > state.policies.calendar().after(closed, limit)
}

/// I38: a notice that was over on a day still hung on another, longer than policy lets it; where its
/// policy gives no number, nobody can say so.
fn hung_on(state: &State, case: &CaseId, over: Day, until: Day) -> bool {
    let division = state.division_of_case(case);
    let policy = division.and_then(|division| state.policies.certificate(division, over));
    let limit = policy
        .map_or(Some(TAKE_DOWN_WORKING_DAYS), |(_, policy)| policy.notice_take_down_working_days);
    limit.is_some_and(|limit| until > state.policies.calendar().after(over, limit))
}

const fn finding(rule: &'static str, code: &'static str, message: &'static str) -> Finding {
    Finding { kind: "invariant", rule, code, message, count: 0, indexes: Vec::new() }
}

fn found(finding: &mut Finding, index: u64) {
    finding.count += 1;
    if finding.indexes.len() < INDEXES_MAX {
        finding.indexes.push(index);
    }
}
