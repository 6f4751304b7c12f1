//! A programme's policy in plain words.

use super::Words;
use crate::policy::{AgeDay, CatalogueItem, ProgrammePolicy, defaults};
use crate::value::{Category, Lang};

impl Words {
    pub(super) fn programme(&mut self, body: &ProgrammePolicy) {
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
                "本政策文本不含标准，标准另行公布；未公布的不得发放。".to_owned(),
                "This text sets no amount: amounts are published apart, and nothing may be paid \
                 until one is published."
                    .to_owned(),
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
