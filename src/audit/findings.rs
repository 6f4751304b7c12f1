//! Invariants that are reported and not gated: what the log shows without any outside knowledge.
//!
//! | rule | what is found |
//! |---|---|
//! | I13 | a review later than the policy's working days after the notice closed, without a cause |
//! | I20 | a certificate issued on this ledger whose holder was not reminded in time |
//! | I34 | a running monthly benefit without an annual review in the last twelve months |
//! | I38 | a notice still not taken down a month after its last day (the month is assumed) |
//! | I42 | imported certificates that lack evidence: counted, never as passed |
//!
//! Judged on the day the last entry was recorded. Events that need two signers count with their
//! endorsement.

use hashbrown::HashMap;

use super::Finding;
use crate::{
    domain::State,
    event::{Body, NoticeResult, Outcome, Recorded},
    value::{CaseId, CertificateId, Day, Subject},
};

/// Working days of a review where no policy says another number.
const REVIEW_WORKING_DAYS: u32 = 10;
/// Months before expiry by which a holder is reminded where no policy says another number.
const REMINDER_MONTHS: u32 = 6;
/// Days after its last day by which a notice is taken down. Assumed: no rule gives a number.
const TAKE_DOWN_DAYS: i32 = 30;
/// Most entries named by one finding.
const INDEXES_MAX: usize = 100;

/// What was found so far, and what is still running.
#[derive(Debug)]
pub(super) struct Findings {
    review_late: Finding,
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
    /// Posted and not yet taken down: the last day, the entry.
    posted: HashMap<CaseId, (Day, u64)>,
}

#[derive(Debug)]
struct Issued {
    /// Day by which the holder is to be reminded.
    remind_by: Day,
    settled: bool,
    index: u64,
}

impl Default for Findings {
    fn default() -> Self {
        Self {
            review_late: finding(
                "I13",
                "review_late",
                "not reviewed within the working days after the notice closed, and no cause given",
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
                "a notice was not taken down within thirty days after its last day",
            ),
            legacy_gaps: finding(
                "I42",
                "legacy_gaps",
                "an imported certificate lacks evidence of its review: unproven, not passed",
            ),
            to_review: HashMap::new(),
            issued: HashMap::new(),
            running: HashMap::new(),
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
        } else if body.rule().second.is_none() {
            self.effective(state, event);
        }
    }

    /// Looks at an event that takes effect.
    fn effective(&mut self, state: &State, event: &Recorded) {
        let (at, index) = (event.payload.at, event.index);
        match (&event.payload.body, &event.subject) {
            (Body::NoticePosted(data), Subject::Case(case)) => {
                self.posted.insert(*case, (data.closes_on, index));
            }
            (Body::NoticeTakenDown(data), Subject::Case(case)) => {
                if let Some((closes_on, posted)) = self.posted.remove(case)
                    && data.removed_on > closes_on.plus_days(TAKE_DOWN_DAYS)
                {
                    found(&mut self.notice_left_up, posted);
                }
            }
            (Body::NoticeClosed(data), Subject::Case(case))
                if data.result == NoticeResult::Clear =>
            {
                self.to_review.insert(*case, (at, index));
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
                let policy = state.policies.certificate(data.approving_division, at);
                let months =
                    policy.map_or(REMINDER_MONTHS, |(_, policy)| policy.expiry_reminder_months);
                let months = i32::try_from(months).unwrap_or(i32::MAX);
                let remind_by = data.valid_to.plus_months(-months);
                self.issued.insert(*id, Issued { remind_by, settled: false, index });
                if let Some(old) = &data.supersedes {
                    self.settle(old, at);
                }
            }
            (Body::CertificateReplaced(data), Subject::Certificate(id)) => {
                // The new card has the lost one's term, and its place.
                if let Some(issued) = self.issued.remove(&data.lost) {
                    self.issued.insert(*id, issued);
                }
            }
            (
                Body::ReminderSent(_)
                | Body::CertificateCancelled(_)
                | Body::CertificateRevoked(_)
                | Body::CertificateTransferredOut(_),
                Subject::Certificate(id),
            ) => self.settle(id, at),
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
            }
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

    /// A reminder was sent, or the certificate ended, before the holder had to be reminded.
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
        }
        for (looked, index) in self.running.values() {
            if looked.plus_months(12) < today {
                found(&mut self.annual_review_missing, *index);
            }
        }
        for (closes_on, index) in self.posted.values() {
            if closes_on.plus_days(TAKE_DOWN_DAYS) < today {
                found(&mut self.notice_left_up, *index);
            }
        }
    }

    /// The findings that were made, by rule.
    pub(super) fn into_made(self) -> Vec<Finding> {
        let all = [
            self.review_late,
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

fn review_is_late(state: &State, case: &CaseId, closed: Day, on: Day) -> bool {
    let division = state.division_of_case(case);
    let policy = division.and_then(|division| state.policies.certificate(division, closed));
    let limit = policy.map_or(REVIEW_WORKING_DAYS, |(_, policy)| policy.review_working_days);
    on > state.policies.calendar().after(closed, limit)
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
