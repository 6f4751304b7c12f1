//! A policy in plain words, Chinese or English, for the person who is about to publish it.
//!
//! One sentence per line, in a fixed order; what is not set is said in words, because an amount
//! that is missing stops payment.

use super::{
    AgeDay, CatalogueItem, CertificatePolicy, Policy, PolicyBody, ProgrammePolicy, RateSpan,
    RatesPolicy, defaults,
};
use crate::value::{Category, Lang, Period, PolicyName, Unit};

/// Says what a policy means, one line per rule.
#[must_use]
pub fn explain(policy: &Policy, lang: Lang) -> Vec<String> {
    let mut words = Words { lang, lines: Vec::new() };
    words.head(policy);
    match &policy.body {
        PolicyBody::Certificate(body) => words.certificate(body),
        PolicyBody::Programme(body) => words.programme(body),
        PolicyBody::Rates(body) => words.rates(body),
    }
    words.lines
}

struct Words {
    lang: Lang,
    lines: Vec<String>,
}

impl Words {
    fn say(&mut self, zh: String, en: String) {
        self.lines.push(match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        });
    }

    fn list<W: Into<String>>(&self, words: impl Iterator<Item = W>) -> String {
        let words: Vec<String> = words.map(Into::into).collect();
        words.join(match self.lang {
            Lang::Zh => "、",
            Lang::En => ", ",
        })
    }

    /// One line of a list, left out when the list is empty.
    fn say_list<W: Into<String>>(&mut self, zh: &str, en: &str, words: impl Iterator<Item = W>) {
        let list = self.list(words);
        if !list.is_empty() {
            self.say(format!("{zh}：{list}。"), format!("{en}: {list}."));
        }
    }

    fn head(&mut self, policy: &Policy) {
        let Policy { version, division, valid_from, valid_to, .. } = policy;
        let name = title(policy, self.lang);
        let (zh, en) = match valid_to {
            Some(last) => (format!("至{last}"), format!("to {last}")),
            None => ("起长期有效".to_owned(), "with no end set".to_owned()),
        };
        self.say(
            format!(
                "{name}，第{version}版，适用于{}及其下级区划，{valid_from}{zh}。",
                division.named(Lang::Zh)
            ),
            format!(
                "{name}, version {version}, for {} and the divisions below it, in force \
                 from {valid_from} {en}.",
                division.named(Lang::En)
            ),
        );
        match &policy.document_number {
            Some(number) => self.say(format!("依据：{number}。"), format!("Made from {number}.")),
            None => self.say(
                "依据文号：未注明。".to_owned(),
                "The document it is made from is not named.".to_owned(),
            ),
        }
    }

    fn certificate(&mut self, body: &CertificatePolicy) {
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
                "公示结束后{}个工作日内审核批准；对评定结论可在{}个工作日内申诉。",
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
        self.say(
            format!("须两人签署的提议{}日内无人附签即失效。", body.proposal_lapse_days),
            format!(
                "A proposal that needs a second signer lapses after {} days.",
                body.proposal_lapse_days
            ),
        );
    }

    fn programme(&mut self, body: &ProgrammePolicy) {
        let lang = self.lang;
        let (unit, period) = (body.unit.words(lang), body.period.words(lang));
        self.say(format!("按{unit}、{period}计。"), format!("Granted per {unit}, per {period}."));
        self.amounts(body);
        self.conditions(body);
        self.months(body);
        if body.chain.is_empty() {
            self.say(
                "不经申请和审定。".to_owned(),
                "There is no application and no determination.".to_owned(),
            );
        }
        for step in &body.chain {
            let (name, role) = (step.step.words(lang), step.role.words(lang));
            let (zh, en) = step.working_days.map_or_else(
                || (String::new(), String::new()),
                |days| (format!("，{days}个工作日内"), format!(", within {days} working days")),
            );
            self.say(format!("{name}：{role}{zh}。"), format!("{name}: {role}{en}."));
        }
        if let Some(days) = body.notice_days {
            self.say(format!("村（社区）公示{days}日。"), format!("Published for {days} days."));
        }
        self.limits(body);
        let evidence = body.evidence.iter().map(|kind| kind.words(lang));
        self.say_list("须有材料", "Evidence needed", evidence);
    }

    fn amounts(&mut self, body: &ProgrammePolicy) {
        let lang = self.lang;
        if !body.money {
            self.say("不发放资金。".to_owned(), "It pays no money.".to_owned());
        } else if let Some(formula) = body.formula {
            let words = formula.words(lang);
            self.say(format!("金额：{words}。"), format!("Amount: {words}."));
        }
        self.spans(body.unit, body.period, &body.rates);
        for CatalogueItem { item, amount_fen, cycle_years } in &body.catalogue {
            let (zh, en) = amount_fen.map_or_else(
                || ("标准未设定".to_owned(), "no amount set".to_owned()),
                |amount| (format!("{amount}元"), format!("{amount} yuan")),
            );
            let (zh_cycle, en_cycle) = cycle_years.map_or_else(
                || (String::new(), String::new()),
                |years| {
                    (format!("，{years}年内不重复"), format!(", not again within {years} years"))
                },
            );
            self.say(
                format!("目录项目 {item}：{zh}{zh_cycle}。"),
                format!("Catalogue item {item}: {en}{en_cycle}."),
            );
        }
        let priced = body.catalogue.iter().any(|item| item.amount_fen.is_some());
        if body.money && body.rates.is_empty() && !priced {
            self.say(
                "本政策未设定标准：在另行公布前不得发放。".to_owned(),
                "No amount is set here: nothing may be paid until one is published.".to_owned(),
            );
        }
        if body.severe_adult_as_single_household {
            self.say(
                "成年重度残疾人可单独计户。".to_owned(),
                "A severely disabled adult counts as a household of their own.".to_owned(),
            );
        }
        if let Some(amount) = body.threshold_fen {
            self.say(
                format!("人均年收入低于{amount}元。"),
                format!("Income per person and year under {amount} yuan."),
            );
        }
        if let Some(permille) = body.quota_permille {
            self.say(
                format!("用人单位安排残疾人就业的比例不低于千分之{permille}。"),
                format!("At least {permille} in a thousand of an employer's staff."),
            );
        }
    }

    fn conditions(&mut self, body: &ProgrammePolicy) {
        let lang = self.lang;
        for (condition, accepted) in body.conditions() {
            let words = condition.words(lang);
            let others = self.list(accepted.iter().map(|other| other.words(lang)));
            if others.is_empty() {
                self.say(format!("条件：{words}。"), format!("Condition: {words}."));
            } else {
                self.say(
                    format!("条件：{words}，或{others}之一。"),
                    format!("Condition: {words}, or one of: {others}."),
                );
            }
        }
        let categories = body.categories.iter().map(|category| category_words(*category, lang));
        let diagnoses = body.diagnoses.iter().map(|diagnosis| diagnosis.words(lang));
        self.say_list("残疾类别", "Categories covered", categories.chain(diagnoses));
        let without = body.not_eligible_categories.iter();
        let without = without.map(|category| category_words(*category, lang));
        self.say_list("不适用的残疾类别", "Categories not covered", without);
        if let Some(age) = body.age {
            let (least, most) = (age.min.unwrap_or(0), age.max);
            let zh_most = most.map_or_else(String::new, |most| format!("至{most}"));
            let en_most = most.map_or_else(|| " or more".to_owned(), |most| format!(" to {most}"));
            let (zh_on, en_on) = match age.on {
                AgeDay::Application => ("申请之日".to_owned(), "the day of application".to_owned()),
                AgeDay::Fixed(day) => (format!("申请当年{day}"), format!("{day} of that year")),
            };
            self.say(
                format!(
                    "年龄{least}{zh_most}周岁{}，以{zh_on}计。",
                    if most.is_none() { "以上" } else { "" }
                ),
                format!("Age {least}{en_most}, counted on {en_on}."),
            );
        }
        self.say_list(
            "房屋等级",
            "House grades",
            body.grades.iter().map(|grade| grade.words(lang)),
        );
        let exclude = body.exclude.iter().map(|kind| kind.words(lang));
        self.say_list("不得同时享受", "Not together with", exclude);
        let higher = body.choose_higher_with.iter().map(|kind| kind.words(lang));
        self.say_list("与下列补贴择高享受", "The higher one, if the person also has", higher);
        let blocks = body.blocks.iter().map(|programme| defaults::title(*programme, lang));
        self.say_list("享受本项的不得享受", "Whoever has it may not have", blocks);
    }

    fn months(&mut self, body: &ProgrammePolicy) {
        let lang = self.lang;
        if let Some(first) = body.first_month.map(|first| first.words(lang)) {
            self.say(format!("{first}起发放。"), format!("Paid from {first}."));
        }
        if let Some(stop) = body.stop.map(|stop| stop.words(lang)) {
            self.say(format!("{stop}起停发。"), format!("Stopped from {stop}."));
        }
        if body.keep_old_rate_during_regrade {
            self.say(
                "等级变更换证期间按原标准发放。".to_owned(),
                "While a regraded certificate is reissued the old amount is paid on.".to_owned(),
            );
        }
        if let Some(cap) = body.back_pay_cap_months {
            self.say(
                format!("换证后补发不超过{cap}个月。"),
                format!("After a reissue at most {cap} months are paid back."),
            );
        }
        if body.annual_review {
            self.say("每年复核。".to_owned(), "Reviewed every year.".to_owned());
        }
        if let Some(days) = body.facts_max_age_days {
            self.say(
                format!("审定所依据的外部信息距审定之日不得超过{days}日。"),
                format!("A determination rests on external facts at most {days} days old."),
            );
        }
    }

    fn limits(&mut self, body: &ProgrammePolicy) {
        if let Some(day) = body.apply_by {
            self.say(format!("每年最迟{day}申请。"), format!("Apply by {day} of each year."));
        }
        let (unit, period) = (body.unit.words(self.lang), body.period.words(self.lang));
        if let Some(max) = body.units_per_person_max {
            self.say(
                format!("一人{period}至多{max}{unit}。"),
                format!("At most {max} {unit}(s) of one person per {period}."),
            );
        }
        if let Some(max) = body.grants_per_unit_max {
            self.say(
                format!("同一{unit}{period}至多发放{max}次。"),
                format!("At most {max} grant(s) for one {unit} per {period}."),
            );
        }
        if body.capacity_check {
            self.say(
                "不得超过机构核定容量。".to_owned(),
                "A provider takes no more than its capacity.".to_owned(),
            );
        }
        if body.cap_to_catalogue {
            self.say(
                "补贴不超过目录价格，超出部分自付。".to_owned(),
                "At most the catalogue price; the person pays what is above it.".to_owned(),
            );
        }
    }

    fn rates(&mut self, body: &RatesPolicy) {
        for (programme, table) in &body.programmes {
            let name = defaults::title(*programme, self.lang);
            self.say(format!("{name}："), format!("{name}:"));
            self.spans(table.unit, table.period, &table.spans);
        }
    }

    fn spans(&mut self, unit: Unit, period: Period, spans: &[RateSpan]) {
        let (unit, period) = (unit.words(self.lang), period.words(self.lang));
        for RateSpan { from, until, amount_fen } in spans {
            let (zh, en) = match until {
                Some(last) => (format!("{from}至{last}"), format!("from {from} to {last}")),
                None => (format!("{from}起"), format!("from {from}")),
            };
            self.say(
                format!("{zh}，每{unit}{period}{amount_fen}元。"),
                format!("{amount_fen} yuan per {unit} and {period} {en}."),
            );
        }
    }
}

/// What a policy is about, as people call it.
fn title(policy: &Policy, lang: Lang) -> String {
    let own = match &policy.body {
        PolicyBody::Programme(body) => body.title(lang),
        PolicyBody::Certificate(_) | PolicyBody::Rates(_) => None,
    };
    let words = match (policy.name, lang) {
        (PolicyName::Certificate, Lang::Zh) => "残疾人证核发",
        (PolicyName::Certificate, Lang::En) => "disability certificate",
        (PolicyName::Rates, Lang::Zh) => "补贴标准",
        (PolicyName::Rates, Lang::En) => "rates",
        (PolicyName::Programme(programme), _) => {
            return own.map_or_else(|| programme.to_string(), ToOwned::to_owned);
        }
    };
    words.to_owned()
}

const fn category_words(category: Category, lang: Lang) -> &'static str {
    match (lang, category) {
        (Lang::Zh, _) => category.zh(),
        (Lang::En, Category::Visual) => "visual",
        (Lang::En, Category::Hearing) => "hearing",
        (Lang::En, Category::Speech) => "speech",
        (Lang::En, Category::Physical) => "physical",
        (Lang::En, Category::Intellectual) => "intellectual",
        (Lang::En, Category::Psychiatric) => "psychiatric",
        (Lang::En, Category::Multiple) => "multiple",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::defaults;

    fn words(text: &str, lang: Lang) -> String {
        explain(&Policy::parse(text).unwrap(), lang).join("\n")
    }

    fn shipped(name: &str) -> &'static str {
        defaults::POLICIES.iter().find(|(found, _)| *found == name).unwrap().1
    }

    #[test]
    fn the_certificate_in_english_and_chinese() {
        let english = words(defaults::CERTIFICATE, Lang::En);
        for part in [
            "Valid for 10 years; the last day is the day before the anniversary.",
            "A conclusion is published for 5 working days.",
            "at least 2 different assessors",
            "Level 1, 2 needs a second assessment.",
            "Approved by the prefecture federation until 2017-12-31.",
            "Approved by the county federation from 2018-01-01.",
        ] {
            assert!(english.contains(part), "{part}\n{english}");
        }
        let chinese = words(defaults::CERTIFICATE, Lang::Zh);
        assert!(chinese.contains("评定结论公示5个工作日。"), "{chinese}");
        assert!(chinese.contains("2018-01-01起由县级残联批准。"), "{chinese}");
    }

    #[test]
    fn an_amount_that_is_not_set_is_said() {
        let english = words(shipped("living_allowance"), Lang::En);
        assert!(english.contains("nothing may be paid until one is published"), "{english}");
        assert!(words(shipped("living_allowance"), Lang::Zh).contains("不得发放"));
        let fuel = words(shipped("fuel_subsidy"), Lang::En);
        assert!(fuel.contains("260.00 yuan per vehicle and year from 2011-01."), "{fuel}");
        assert!(fuel.contains("Age 18 to 70, counted on 03-31 of that year."), "{fuel}");
        assert!(!fuel.contains("nothing may be paid"), "{fuel}");
        assert!(words(shipped("employment"), Lang::En).contains("It pays no money."));
    }

    #[test]
    fn an_extension_is_named_with_its_condition() {
        let text = shipped("living_allowance").replace(
            "exclude =",
            "extensions = [\n  { instead_of = \"dibao_household\", \
             accept = [\"low_income\"] },\n]\nexclude =",
        );
        let english = words(&text, Lang::En);
        let part = "member of a Dibao household, or one of: low-income household.";
        assert!(english.contains(part), "{english}");
    }

    #[test]
    fn the_languages_say_the_same_number_of_things_in_their_own_letters() {
        for (name, text) in defaults::POLICIES {
            let policy = Policy::parse(text).unwrap();
            let (zh, en) = (explain(&policy, Lang::Zh), explain(&policy, Lang::En));
            assert_eq!(zh.len(), en.len(), "{name}");
            let document = policy.document_number.as_deref().unwrap_or_default();
            for line in en.iter().filter(|line| !line.contains(document) || document.is_empty()) {
                assert!(line.is_ascii(), "{name}: {line}");
            }
        }
    }
}
