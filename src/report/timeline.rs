//! The timeline of a person or certificate in plain words, and as a page.

use maud::{Markup, html};
use serde::Serialize;
use serde_json::{Value, json};

use super::page::{STYLE, heading, page, term};
use crate::event::{RULES, Recorded, Role, RollKind, title_of};
use crate::policy::defaults::title;
use crate::value::{ActorId, Day, DivisionCode, FactKind, Hash, Label, Lang, Programme};

/// One step of a timeline: what happened, when, and who signed it.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// The entry.
    pub index: u64,
    /// The day it happened.
    pub at: Day,
    /// The recorded time, Asia/Shanghai.
    pub recorded: String,
    /// Dotted name of the event.
    #[serde(rename = "type")]
    pub name: &'static str,
    /// Its Chinese name.
    pub title_zh: &'static str,
    /// What it says, in both languages.
    pub facts: Vec<Fact>,
    /// Who signed it.
    pub actor: ActorId,
    /// The role it was signed in, Chinese and English.
    pub role: String,
    /// For which organisation.
    pub organisation: Label,
    /// The statement.
    pub statement: Hash,
    /// The statements it rests on.
    pub refs: Vec<Hash>,
    /// It takes effect only with an endorsement, which follows.
    pub needs_endorsement: bool,
}

/// One thing an event says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The field of the event's data.
    pub field: &'static str,
    /// What, in Chinese.
    pub zh: &'static str,
    /// What, in English.
    pub en: &'static str,
    /// The value.
    pub value: String,
}

/// How the fields of `data` are called on a page; those not named here are tags and ids, which say
/// nothing to a reader.
const FIELDS: &[(&str, &str, &str)] = &[
    ("kind", "种类", "kind"),
    ("programme", "项目", "programme"),
    ("category", "残疾类别", "category"),
    ("level", "残疾等级", "level"),
    ("components", "多重构成", "parts"),
    ("meets", "符合标准", "meets the standard"),
    ("right", "申请事项", "what is asked for"),
    ("outcome", "结果", "outcome"),
    ("opinion", "意见", "opinion"),
    ("result", "结果", "result"),
    ("verdict", "结论", "verdict"),
    ("ground", "理由", "ground"),
    ("reason", "原因", "reason"),
    ("basis", "依据", "legal basis"),
    ("month", "月份", "month"),
    ("year", "年度", "year"),
    ("from_month", "起始月份", "from month"),
    ("months", "月份", "months"),
    ("amount", "金额(元)", "yuan"),
    ("total", "合计(元)", "total, yuan"),
    ("cost", "费用(元)", "cost, yuan"),
    ("valid_from", "有效期起", "valid from"),
    ("valid_to", "有效期至", "valid to"),
    ("issued", "发证日期", "issued"),
    ("status", "状态", "status"),
    ("opens_on", "公示起", "notice from"),
    ("closes_on", "公示止", "notice to"),
    ("from", "自", "from"),
    ("to", "至", "to"),
    ("division", "区划", "division"),
    ("hukou_division", "户籍区划", "household registration"),
    ("residence_division", "居住区划", "residence"),
    ("approving_division", "批准机关区划", "approving division"),
    ("institution", "机构", "institution"),
    ("facility", "机构或单位", "facility or employer"),
    ("assessors", "评定人员", "assessors"),
    ("rule", "规则", "rule"),
    ("severity", "级别", "severity"),
    ("paid_on", "发放日期", "paid on"),
    ("back_pay_months", "补发月数", "months paid back"),
    ("due", "期限", "due"),
];
/// Words of closed lists that a reader meets most, beside what they are called in Chinese.
const WORDS: &[(&str, &str)] = &[
    ("visual", "视力"),
    ("hearing", "听力"),
    ("speech", "言语"),
    ("physical", "肢体"),
    ("intellectual", "智力"),
    ("psychiatric", "精神"),
    ("multiple", "多重"),
    ("new", "首次办证"),
    ("renew", "期满换领"),
    ("replace", "遗失补办"),
    ("exchange_damaged", "残损换新"),
    ("regrade", "等级变更"),
    ("transfer", "迁移"),
    ("cancel", "注销"),
    ("agree", "同意"),
    ("disagree", "不同意"),
    ("return_for_correction", "退回补正"),
    ("online", "网上"),
    ("voluntary", "自愿"),
    ("restriction", "限制处理"),
    ("erasure", "删除"),
    ("granted", "符合"),
    ("refused", "不符合"),
    ("clear", "无异议"),
    ("objection", "异议成立"),
    ("upheld", "成立"),
    ("dismissed", "不成立"),
    ("confirmed", "属实"),
    ("needs_field", "需实地核查"),
    ("normal", "正常"),
    ("frozen", "冻结"),
    ("cancelled", "注销"),
    ("death", "死亡"),
    ("dibao", "低保"),
    ("imprisonment", "服刑"),
    ("investigation", "调查核实"),
    ("expiry", "到期"),
    ("overdue_renewal", "到期未换"),
    ("overdue_transfer", "迁出未转"),
    ("not_meeting", "不再符合标准"),
    ("missing", "失踪"),
    ("fraud", "弄虚作假"),
    ("procedure_breach", "程序违法"),
    ("moved_away", "户口迁出"),
    ("certificate_not_valid", "残疾人证失效"),
    ("false_material", "材料虚假"),
    ("left_dibao", "退出低保"),
    ("exclusive_benefit", "享受不得兼领的待遇"),
    ("level_changed", "残疾等级变化"),
    ("reissue", "换证后补发"),
    ("application_month", "自申请月起补发"),
    ("returned_payment", "退回后重发"),
    ("missed_month", "漏发月份"),
    ("expiry_six_months", "六个月内到期"),
    ("expiry_one_month", "一个月内到期"),
    ("overdue", "到期未换"),
    ("statutory", "法定监护"),
    ("appointed", "指定监护"),
    ("agreed", "协议监护"),
    ("organisation", "组织监护"),
    ("living_allowance", "困难残疾人生活补贴"),
    ("nursing_care_subsidy", "重度残疾人护理补贴"),
    ("fuel_subsidy", "机动轮椅车燃油补贴"),
];
/// Fields that hold a division, where a day stands in the same field of another event.
const DIVISIONS: [&str; 6] =
    ["division", "hukou_division", "residence_division", "approving_division", "from", "to"];
/// Fields that hold money, in fen.
const MONEY: [&str; 3] = ["amount", "total", "cost"];

impl Step {
    /// The step of an event.
    #[must_use]
    pub fn of(event: &Recorded) -> Self {
        let body = &event.payload.body;
        let data = serde_json::from_str(&body.to_json()).unwrap_or(Value::Null);
        let day = Day::of_millis(event.recorded_at_ms);
        let seconds = event.recorded_at_ms.saturating_sub(day.start_millis()) / 1000;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        Self {
            index: event.index,
            at: event.payload.at,
            recorded: format!("{day} {hour:02}:{minute:02}:{second:02}"),
            name: body.name(),
            title_zh: title_of(body.name()).unwrap_or_default(),
            facts: facts(&data),
            actor: event.signer.actor.clone(),
            role: format!("{} {}", event.signer.role.zh(), event.signer.role),
            organisation: event.signer.organisation.clone(),
            statement: event.id,
            refs: event.payload.refs.clone(),
            needs_endorsement: body.second().is_some(),
        }
    }
}

/// What `data` says to a reader: the named fields, and those of a grade inside it.
fn facts(data: &Value) -> Vec<Fact> {
    named(data)
        .filter_map(|(field, zh, en, value)| {
            Some(Fact { field, zh, en, value: said(field, value, None)? })
        })
        .collect()
}

/// The same in one language.
pub(crate) fn facts_in(data: &Value, lang: Lang) -> Vec<(&'static str, String)> {
    named(data)
        .filter_map(|(field, zh, en, value)| {
            let name = match lang {
                Lang::Zh => zh,
                Lang::En => en,
            };
            Some((name, value_in(field, value, lang)?))
        })
        .collect()
}

/// What a value of a field is called.
pub(crate) fn value_in(field: &str, value: &Value, lang: Lang) -> Option<String> {
    titled(field, value, lang).or_else(|| said(field, value, Some(lang)))
}

/// What people call a programme, or a fact of another register.
fn titled(field: &str, value: &Value, lang: Lang) -> Option<String> {
    let name = value.as_str()?;
    match field {
        "programme" => Programme::from_name(name).map(|found| title(found, lang)),
        "kind" => {
            let fact = FactKind::ALL.iter().find(|kind| kind.name() == name);
            let fact = fact.map(|kind| kind.words(lang));
            let roll = || serde_json::from_value::<RollKind>(value.clone()).ok();
            fact.or_else(|| roll().map(|kind| kind.words(lang))).map(str::to_owned)
        }
        _ => None,
    }
}

type Named<'a> = (&'static str, &'static str, &'static str, &'a Value);

fn named(data: &Value) -> impl Iterator<Item = Named<'_>> {
    let grade = data.get("grade");
    FIELDS.iter().filter_map(move |(field, zh, en)| {
        let value = data.get(field).or_else(|| grade?.get(field))?;
        Some((*field, *zh, *en, value))
    })
}

/// A value in one language, or in both.
fn said(field: &str, value: &Value, lang: Option<Lang>) -> Option<String> {
    let pick = |zh: &str, en: &str| match lang {
        None => format!("{zh} {en}"),
        Some(Lang::Zh) => zh.to_owned(),
        Some(Lang::En) => english(en),
    };
    let division = |text: &str| text.parse::<DivisionCode>().ok();
    match value {
        Value::String(text) if DIVISIONS.contains(&field) && division(text).is_some() => {
            let code = division(text)?;
            let name = |lang| code.name(lang).unwrap_or_default();
            Some(format!("{} {code}", pick(name(Lang::Zh), name(Lang::En))).trim().to_owned())
        }
        Value::Number(fen) if MONEY.contains(&field) => {
            Some(crate::value::Fen(fen.as_i64()?).to_string())
        }
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => {
            let known = WORDS.iter().find(|(word, _)| word == text);
            let plain = || match lang {
                Some(Lang::En) if is_name(text) => english(text),
                _ => text.clone(),
            };
            Some(known.map_or_else(plain, |(_, zh)| pick(zh, text)))
        }
        Value::Bool(true) => Some(pick("是", "yes")),
        Value::Bool(false) => Some(pick("否", "no")),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().filter_map(|item| said(field, item, lang)).collect();
            (!items.is_empty()).then(|| items.join(", "))
        }
        // A part of a multiple disability.
        Value::Object(part) if field == "components" => {
            let category = said("category", part.get("category")?, lang)?;
            Some(format!("{category} {}", part.get("level")?))
        }
        Value::Null | Value::Object(_) => None,
    }
}

/// A name of the wire in plain English.
fn english(name: &str) -> String {
    let known = ENGLISH.iter().find(|(word, _)| *word == name);
    known.map_or_else(|| name.replace('_', " "), |(_, words)| (*words).to_owned())
}

/// Names that are not plain English with their underscores taken out.
const ENGLISH: &[(&str, &str)] = &[
    ("not_meeting", "no longer meets the standard"),
    ("missing", "the holder is missing"),
    ("investigation", "under investigation"),
    ("overdue_renewal", "not renewed in time"),
    ("overdue_transfer", "not transferred in time"),
    ("procedure_breach", "breach of procedure"),
    ("certificate_not_valid", "the certificate is not valid"),
    ("false_material", "false papers"),
    ("left_dibao", "no longer in Dibao"),
    ("exclusive_benefit", "a benefit that excludes this one"),
    ("level_changed", "another level"),
    ("reissue", "after a new certificate"),
    ("application_month", "from the month of the application"),
    ("returned_payment", "a payment that came back"),
    ("missed_month", "a month that was missed"),
    ("needs_field", "needs a field visit"),
];

/// A name of the wire, such as `return_for_correction`.
fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// Stands above the steps.
const LEAD: (&str, &str) = (
    "每一步都由当事人签名,并附有可离线核验的回执;核验方法见 README.txt。",
    "Each step is signed by the one who took it and has a receipt that is checked offline; \
     README.txt says how.",
);

/// All words that a timeline is made with, for a checker that makes it anew from the entries.
pub(super) fn words() -> Value {
    let mut words = serde_json::Map::new();
    for (word, zh) in WORDS {
        words.entry(*word).or_insert_with(|| json!(zh));
    }
    let types: serde_json::Map<_, _> = RULES
        .iter()
        .map(|rule| (rule.name.to_owned(), json!(title_of(rule.name).unwrap_or_default())))
        .collect();
    let second: Vec<&str> =
        RULES.iter().filter(|rule| rule.second.is_some()).map(|rule| rule.name).collect();
    let roles: serde_json::Map<_, _> =
        Role::ALL.iter().map(|role| (role.to_string(), json!(role.zh()))).collect();
    let known = DivisionCode::known();
    let divisions: serde_json::Map<_, _> = known
        .map(|code| {
            let name = |lang| code.name(lang).unwrap_or_default();
            (code.to_string(), json!(format!("{} {}", name(Lang::Zh), name(Lang::En))))
        })
        .collect();
    json!({
        "fields": FIELDS, "words": words, "types": types, "second": second, "roles": roles,
        "divisions": divisions, "division_fields": DIVISIONS, "money_fields": MONEY,
        "lead": format!("{} {}", LEAD.0, LEAD.1), "style": STYLE,
    })
}

/// What stands above a timeline.
pub(super) struct Head<'a> {
    pub(super) who: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) origin: &'a str,
    pub(super) made_on: Day,
    pub(super) size: u64,
    pub(super) root: &'a str,
}

/// The page; each step leads to its receipt beside it.
pub(super) fn timeline_page(head: &Head<'_>, steps: &[Step]) -> String {
    let body = html! {
        dl.facts {
            dt { (term("对象", "about")) }
            dd.mono { (head.who) }
            @if let Some(name) = head.name {
                dt { (term("姓名", "name")) }
                dd { (name) }
            }
            dt { (term("账本", "ledger")) }
            dd { (head.origin) }
            dt { (term("检查点", "checkpoint")) }
            dd.mono { (head.size) " · " (head.root) }
            dt { (term("生成日期", "made on")) }
            dd { (head.made_on) }
        }
        p { (term(LEAD.0, LEAD.1)) }
        (heading("全程", "Timeline"))
        ol.timeline { @for step in steps { (line(step, steps)) } }
    };
    page("证据包", "Evidence pack", &body)
}

fn line(step: &Step, steps: &[Step]) -> Markup {
    let rests_on = steps.iter().filter(|other| step.refs.contains(&other.statement));
    html! {
        li id={ "e" (step.index) } {
            h3 { (step.at) " " (step.title_zh) " " span.en lang="en" { (step.name) } }
            @if !step.facts.is_empty() {
                p {
                    @for (number, fact) in step.facts.iter().enumerate() {
                        @if number > 0 { " · " }
                        span.soft { (fact.zh) " " span lang="en" { (fact.en) } ": " }
                        (fact.value)
                    }
                }
            }
            p.soft {
                (term("签署", "signed by")) " " (step.role) ", " (step.organisation)
                " (" (step.actor) ")"
                @if step.needs_endorsement {
                    "; " (term("会签后生效", "takes effect when endorsed"))
                }
                " · " (term("条目", "entry")) " "
                a href={ "receipts/" (receipt_name(step.index)) } { (step.index) }
                ", " (term("记录于", "recorded")) " " (step.recorded)
                @for other in rests_on {
                    ", " (term("依据", "rests on")) " "
                    a href={ "#e" (other.index) } { (other.index) }
                }
            }
        }
    }
}

/// The name of a receipt's file.
pub(super) fn receipt_name(index: u64) -> String {
    format!("{index:012}.txt")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_said_is_what_readers_know() {
        let data = json!({
            "person": "aeo3cddtdc5paak6fxzosin2xm", "month": "2026-07", "amount": 6000,
            "division": "411702", "to": "411799", "from": "2026-07-01",
            "grade": { "category": "multiple", "level": 2, "components": [
                { "category": "physical", "level": 2 }, { "category": "hearing", "level": 3 },
            ] }, "meets": true,
            "evidence": [{ "kind": "form", "hash": "x" }],
        });
        let said: Vec<_> = facts(&data).into_iter().map(|fact| (fact.en, fact.value)).collect();
        let expected = [
            ("category", "多重 multiple"),
            ("level", "2"),
            ("parts", "肢体 physical 2, 听力 hearing 3"),
            ("meets the standard", "是 yes"),
            ("month", "2026-07"),
            ("yuan", "60.00"),
            ("from", "2026-07-01"),
            ("to", "411799"),
            ("division", "驿城区 Yicheng District 411702"),
        ];
        assert_eq!(said, expected.map(|(en, value)| (en, value.to_owned())));
    }
}
