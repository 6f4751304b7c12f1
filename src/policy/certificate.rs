//! The certificate policy: what the measures and local practice fix for issuing certificates.
//!
//! Every number is in the text; none has a default, so a policy says all that it means. Days are
//! days of Asia/Shanghai, working days those of the published calendar.

use serde::{Deserialize, Serialize};

use super::{Contradiction, error::distinct, error::within};
use crate::value::{ApprovalLevel, Day, LastDay, Level};

/// How certificates are assessed, published, approved, kept and ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificatePolicy {
    /// Years a certificate is valid.
    pub validity_years: u32,
    /// Which day is its last.
    pub last_day: LastDay,
    /// Working days a public notice stays open.
    pub notice_working_days: u32,
    /// A minor's conclusion is not published.
    pub notice_waived_for_minors: bool,
    /// Age at which a person is no longer a minor.
    pub minor_age_years: u32,
    /// Working days for review and approval after the notice closed.
    pub review_working_days: u32,
    /// Working days in which a conclusion may be appealed.
    pub appeal_working_days: u32,
    /// Months without a new application after a cancellation for not meeting the standard.
    pub reapply_after_cancel_months: u32,
    /// Months after a move of household registration until the certificate is frozen.
    pub transfer_freeze_after_months: u32,
    /// Months after that move until it is cancelled.
    pub transfer_cancel_after_months: u32,
    /// Months before expiry by which a reminder is due.
    pub expiry_reminder_months: u32,
    /// Months after expiry until an unrenewed certificate is cancelled.
    pub expired_then_cancel_months: u32,
    /// Months before expiry from which renewal may be applied for.
    pub renew_window_months_before: u32,
    /// Months between two assessments for a change of category or level.
    pub regrade_min_interval_months: u32,
    /// Days after a death by which the certificate is cancelled.
    pub cancel_after_death_days: u32,
    /// Distinct assessors a conclusion needs.
    pub min_assessors: u32,
    /// At least one assessor is an attending physician.
    pub require_attending_physician: bool,
    /// Levels that need a second assessment before issue.
    pub second_assessment_levels: Vec<Level>,
    /// Last day on which assessment by sight was allowed; absent where it never was.
    pub assessed_by_sight_allowed_until: Option<Day>,
    /// Working days within which what was done is recorded; absent where no rule gives a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_within_working_days: Option<u32>,
    /// Working days within which a notice that is over is taken down; absent where no rule gives a
    /// number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_take_down_working_days: Option<u32>,
    /// Days after which a proposal lapses that nobody endorsed.
    pub proposal_lapse_days: u32,
    /// Which level of the federation approves, by time, without gap.
    pub approval_authority: Vec<ApprovalSpan>,
}

/// Who approves in one span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalSpan {
    /// First day; absent in the first span only.
    pub from: Option<Day>,
    /// Last day; absent in the last span only.
    pub until: Option<Day>,
    /// The level that approves.
    pub level: ApprovalLevel,
}

impl CertificatePolicy {
    /// The last day on which a certificate that is valid from `first` is valid. Where the year has
    /// no such day (29 February) the period ends with the last day of that month.
    #[must_use]
    pub fn valid_to(&self, first: Day) -> Day {
        let months = i32::try_from(self.validity_years * 12).unwrap_or(i32::MAX);
        let anniversary = first.plus_months(months);
        match self.last_day {
            LastDay::DayBeforeAnniversary if anniversary.day_of_month() == first.day_of_month() => {
                anniversary.plus_days(-1)
            }
            LastDay::DayBeforeAnniversary | LastDay::Anniversary => anniversary,
        }
    }

    /// Says whether someone born on `birth` is a minor on a day.
    #[must_use]
    pub fn is_minor(&self, birth: Day, on: Day) -> bool {
        on.age_from(birth) < i32::try_from(self.minor_age_years).unwrap_or(i32::MAX)
    }

    /// The level that approves on a day.
    #[must_use]
    pub fn approval_level(&self, on: Day) -> ApprovalLevel {
        let covers = |span: &&ApprovalSpan| {
            span.from.is_none_or(|first| first <= on) && span.until.is_none_or(|last| on <= last)
        };
        self.approval_authority
            .iter()
            .find(covers)
            .map(|span| span.level)
            .expect("a checked policy has an approving level on every day")
    }

    /// Says whether assessment by sight was allowed on a day.
    #[must_use]
    pub fn sight_allowed(&self, on: Day) -> bool {
        self.assessed_by_sight_allowed_until.is_some_and(|last| on <= last)
    }

    pub(super) fn check(&self) -> Result<(), Contradiction> {
        within("validity_years", self.validity_years, 1..=50)?;
        let validity_months = self.validity_years * 12;
        within("notice_working_days", self.notice_working_days, 1..=60)?;
        within("minor_age_years", self.minor_age_years, 1..=30)?;
        within("review_working_days", self.review_working_days, 1..=250)?;
        within("appeal_working_days", self.appeal_working_days, 1..=250)?;
        within("reapply_after_cancel_months", self.reapply_after_cancel_months, 0..=120)?;
        within("transfer_freeze_after_months", self.transfer_freeze_after_months, 1..=120)?;
        let freeze = self.transfer_freeze_after_months;
        within("transfer_cancel_after_months", self.transfer_cancel_after_months, freeze..=240)?;
        within("expiry_reminder_months", self.expiry_reminder_months, 1..=validity_months)?;
        within("expired_then_cancel_months", self.expired_then_cancel_months, 0..=120)?;
        within("renew_window_months_before", self.renew_window_months_before, 1..=validity_months)?;
        within("regrade_min_interval_months", self.regrade_min_interval_months, 0..=120)?;
        within("cancel_after_death_days", self.cancel_after_death_days, 0..=366)?;
        within("min_assessors", self.min_assessors, 1..=10)?;
        let record = self.record_within_working_days.unwrap_or_default();
        within("record_within_working_days", record, 0..=250)?;
        let take_down = self.notice_take_down_working_days.unwrap_or_default();
        within("notice_take_down_working_days", take_down, 0..=250)?;
        within("proposal_lapse_days", self.proposal_lapse_days, 1..=366)?;
        distinct("second_assessment_levels", &self.second_assessment_levels, |level| {
            level.number().to_string()
        })?;
        self.check_authority()
    }

    /// Every day has exactly one approving level.
    fn check_authority(&self) -> Result<(), Contradiction> {
        let first_day = Day::from_index(0);
        let last_day = Day::new(2200, 12, 31).expect("the last day the ledger counts in");
        let mut due = first_day;
        for span in &self.approval_authority {
            let from = span.from.unwrap_or(first_day);
            let until = span.until.unwrap_or(last_day);
            if until < from {
                return Err(Contradiction::SpanReversed { key: "approval_authority" });
            }
            if from != due {
                let why = if from < due { "two levels approve" } else { "no level approves" };
                return Err(Contradiction::AuthorityUnclear { day: from.min(due), why });
            }
            due = until.plus_days(1);
        }
        match self.approval_authority.last() {
            None => Err(Contradiction::Empty { key: "approval_authority" }),
            Some(span) if span.until.is_some() => {
                Err(Contradiction::AuthorityUnclear { day: due, why: "no level approves" })
            }
            Some(_) => Ok(()),
        }
    }
}
