//! The certificate's policy in plain words.

use super::Words;
use crate::policy::CertificatePolicy;

impl Words {
    pub(super) fn certificate(&mut self, body: &CertificatePolicy) {
        let lang = self.lang;
        let last = body.last_day.words(lang);
        self.say(
            format!("有效期{}年，最后一日为{last}。", body.validity_years),
            format!("Valid for {} years; the last day is {last}.", body.validity_years),
        );
        self.say(
            format!("评定结论公示{}个工作日。", body.notice_working_days),
            format!("A conclusion is published for {} working days.", body.notice_working_days),
        );
        if body.notice_waived_for_minors {
            self.say(
                format!("不满{}周岁的不公示。", body.minor_age_years),
                format!("Those under {} are not published.", body.minor_age_years),
            );
        }
        self.say(
            format!(
                "公示结束后{}个工作日内审核批准；对评定结论可在{}个工作日内申请复核评定。",
                body.review_working_days, body.appeal_working_days
            ),
            format!(
                "Review and approval within {} working days of the notice's end; a conclusion may \
                 be appealed within {} working days.",
                body.review_working_days, body.appeal_working_days
            ),
        );
        self.assessors(body);
        self.keeping(body);
        for span in &body.approval_authority {
            let level = span.level.words(lang);
            let (zh, en) = match (span.from, span.until) {
                (Some(from), Some(until)) => {
                    (format!("{from}至{until}"), format!("from {from} to {until}"))
                }
                (Some(from), None) => (format!("{from}起"), format!("from {from}")),
                (None, Some(until)) => (format!("{until}及以前"), format!("until {until}")),
                (None, None) => ("任何时候".to_owned(), "at all times".to_owned()),
            };
            self.say(format!("{zh}由{level}批准。"), format!("Approved by the {level} {en}."));
        }
    }

    fn assessors(&mut self, body: &CertificatePolicy) {
        self.say(
            format!("评定至少需{}名不同的评残医师。", body.min_assessors),
            format!("A conclusion needs at least {} different assessors.", body.min_assessors),
        );
        if body.require_attending_physician {
            self.say(
                "其中至少一名为主治医师。".to_owned(),
                "At least one of them is an attending physician.".to_owned(),
            );
        }
        let levels: Vec<_> =
            body.second_assessment_levels.iter().map(|level| level.number().to_string()).collect();
        if !levels.is_empty() {
            self.say(
                format!("{}级须经第二次评定。", levels.join("、")),
                format!("Level {} needs a second assessment.", levels.join(", ")),
            );
        }
        match body.assessed_by_sight_allowed_until {
            Some(day) => self.say(
                format!("目测评定仅限{day}及以前。"),
                format!("Assessment by sight was allowed until {day} only."),
            ),
            None => self
                .say("不得目测评定。".to_owned(), "Assessment by sight is not allowed.".to_owned()),
        }
    }

    fn keeping(&mut self, body: &CertificatePolicy) {
        self.say(
            format!(
                "到期前{}个月内可申请换领，到期前{}个月须提醒；过期{}个月仍未换领的注销。",
                body.renew_window_months_before,
                body.expiry_reminder_months,
                body.expired_then_cancel_months
            ),
            format!(
                "Renewal may be applied for within {} months of expiry and a reminder is due {} \
                 months before it; unrenewed {} months after expiry it is cancelled.",
                body.renew_window_months_before,
                body.expiry_reminder_months,
                body.expired_then_cancel_months
            ),
        );
        self.say(
            format!(
                "户口迁出{}个月未办迁移的冻结，{}个月的注销；持证人死亡后{}日内注销。",
                body.transfer_freeze_after_months,
                body.transfer_cancel_after_months,
                body.cancel_after_death_days
            ),
            format!(
                "{} months after a move without transfer it is frozen, after {} cancelled; within \
                 {} days of a death it is cancelled.",
                body.transfer_freeze_after_months,
                body.transfer_cancel_after_months,
                body.cancel_after_death_days
            ),
        );
        self.say(
            format!(
                "因不符合标准注销的，{}个月内不得再申请；两次等级变更评定至少间隔{}个月。",
                body.reapply_after_cancel_months, body.regrade_min_interval_months
            ),
            format!(
                "After a cancellation for not meeting the standard no new application for {} \
                 months; {} months between two assessments for a change of level.",
                body.reapply_after_cancel_months, body.regrade_min_interval_months
            ),
        );
        if let Some(days) = body.record_within_working_days {
            self.say(
                format!("办理后{days}个工作日内须登记。"),
                format!("What was done is recorded within {days} working days."),
            );
        }
        if let Some(days) = body.notice_take_down_working_days {
            self.say(
                format!("公示结束后{days}个工作日内须撤下。"),
                format!("A notice that is over is taken down within {days} working days."),
            );
        }
        self.say(
            format!("须两人签署的提议{}日内无人附签即失效。", body.proposal_lapse_days),
            format!(
                "A proposal that needs a second signer lapses after {} days.",
                body.proposal_lapse_days
            ),
        );
    }
}
