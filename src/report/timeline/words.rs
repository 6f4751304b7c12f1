//! What the fields of events are called, and the words of closed lists that stand in them.

use serde_json::Value;

use crate::event::RollKind;
use crate::policy::defaults;
use crate::value::{FactKind, HouseGrade, Lang};

/// How the fields of `data` are called on a page; those not named here are tags and ids, which say
/// nothing to a reader.
pub(super) const FIELDS: &[(&str, &str, &str)] = &[
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
    ("months", "所含月份", "months covered"),
    ("amount", "金额（元）", "yuan"),
    ("total", "合计（元）", "total, yuan"),
    ("cost", "费用（元）", "cost, yuan"),
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
    ("assessors", "评残医师", "assessors"),
    ("rule", "规则", "rule"),
    ("severity", "级别", "severity"),
    ("paid_on", "发放日期", "paid on"),
    ("back_pay_months", "补发月数", "months paid back"),
    ("due", "期限", "due"),
];
/// Words of closed lists, beside what they are called in Chinese.
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
    ("clear", "无异议成立"),
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
    // How an application came in, and how an assessment was made.
    ("window", "窗口"),
    ("home_visit", "上门"),
    ("cross_province", "跨省通办"),
    ("in_person", "当面"),
    ("by_sight", "目测"),
    // A number, a card, a person.
    ("valid", "有效"),
    ("bad_check", "校验位不符"),
    ("bad_date", "日期不符"),
    ("old15", "15位旧号"),
    ("second", "第二代"),
    ("third", "第三代"),
    ("returned", "旧证已交回"),
    ("female", "女"),
    ("male", "男"),
    ("person", "本人"),
    ("guardian", "监护人"),
    ("household_head", "户主"),
    ("institution", "机构"),
    ("spouse", "配偶"),
    ("parent", "父母"),
    ("child", "子女"),
    ("sibling", "兄弟姐妹"),
    ("other", "其他"),
    ("paper", "书面签字"),
    ("key", "密钥签名"),
    // Officers and registers.
    ("civil_servant", "公务员"),
    ("public_institution", "事业单位"),
    ("contract", "合同制"),
    ("seconded", "借调"),
    ("public_security", "公安"),
    ("civil_affairs", "民政"),
    ("human_resources", "人社"),
    ("justice", "司法"),
    ("health", "卫健"),
    ("finance", "财政"),
    ("dpf", "残联"),
    // Flags and what follows from them.
    ("S1", "特别严重"),
    ("S2", "严重"),
    ("S3", "一般"),
    ("S4", "轻微"),
    ("conclusive", "确证"),
    ("lead", "线索"),
    ("recover", "追缴"),
    ("help", "帮助"),
    ("mend", "改正"),
    ("back_paid", "已补发"),
    ("certificate_renewed", "已换领残疾人证"),
    ("application_taken", "已受理申请"),
    ("declined", "本人谢绝"),
];
/// Fields that hold a division, where a day stands in the same field of another event.
pub(super) const DIVISIONS: [&str; 6] =
    ["division", "hukou_division", "residence_division", "approving_division", "from", "to"];
/// Fields that hold money, in fen.
pub(super) const MONEY: [&str; 3] = ["amount", "total", "cost"];

/// Words that are not plain English with their underscores taken out.
const ENGLISH: &[(&str, &str)] = &[
    ("clear", "no objection upheld"),
    ("objection", "an objection was upheld"),
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
    ("window", "at the window"),
    ("in_person", "in person"),
    ("bad_check", "wrong check character"),
    ("bad_date", "wrong date"),
    ("old15", "old number of 15 digits"),
    ("second", "second generation"),
    ("third", "third generation"),
    ("returned", "the old card was handed in"),
    ("person", "the person"),
    ("paper", "signed on paper"),
    ("key", "signed with a key"),
    ("dpf", "the federation"),
    ("dibao", "Dibao"),
    ("recover", "recover the money"),
    ("help", "help the person"),
    ("mend", "mend the record"),
    ("declined", "declined by the person"),
    ("S1", "S1, critical"),
    ("S2", "S2, high"),
    ("S3", "S3, medium"),
    ("S4", "S4, low"),
];

/// What a word of a closed list is called in Chinese; none for any other text.
pub(super) fn chinese(word: &str) -> Option<String> {
    let known = WORDS.iter().find(|(name, _)| *name == word).map(|(_, zh)| (*zh).to_owned());
    known.or_else(|| listed(word, Lang::Zh))
}

/// What a word of a closed list, or any name of the wire, is called in English.
pub(super) fn english(word: &str) -> String {
    let known = ENGLISH.iter().find(|(name, _)| *name == word).map(|(_, en)| (*en).to_owned());
    known.or_else(|| listed(word, Lang::En)).unwrap_or_else(|| word.replace('_', " "))
}

/// The lists that carry their own words: facts of other registers, rolls, house grades, programmes.
fn listed(word: &str, lang: Lang) -> Option<String> {
    let fact = FactKind::from_name(word).map(|kind| kind.words(lang));
    let roll = || named(word).map(|kind: RollKind| kind.words(lang));
    let grade = || HouseGrade::from_name(word).map(|grade| grade.words(lang));
    let programme = || {
        let shipped = defaults::titles().iter().find(|(name, ..)| name.name() == word);
        shipped.map(|(programme, ..)| defaults::title(*programme, lang))
    };
    fact.or_else(roll).or_else(grade).map(str::to_owned).or_else(programme)
}

/// The value of a closed list, by its word on the wire.
pub(super) fn named<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::from(word)).ok()
}

/// The word of a value of a closed list on the wire.
fn word_of<T: serde::Serialize>(value: &T) -> Option<String> {
    Some(serde_json::to_value(value).ok()?.as_str()?.to_owned())
}

/// Every word with what it is called in Chinese, for a checker that makes a timeline anew.
pub(super) fn all() -> impl Iterator<Item = (String, String)> {
    let own = WORDS.iter().map(|(word, _)| (*word).to_owned());
    let programmes = defaults::titles().iter().map(|(programme, ..)| programme.to_string());
    let facts = FactKind::ALL.iter().map(ToString::to_string);
    let rolls = RollKind::ALL.iter().filter_map(word_of);
    let grades = HouseGrade::ALL.iter().map(ToString::to_string);
    let words = own.chain(programmes).chain(facts).chain(rolls).chain(grades);
    words.filter_map(|word| Some((word.clone(), chinese(&word)?)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::event::{Body, Role};

    /// Every word of a closed list that stands anywhere in a schema.
    fn words_in(schema: &Value, found: &mut BTreeSet<String>) {
        match schema {
            Value::Object(parts) => {
                let closed = parts.get("enum").and_then(Value::as_array).into_iter().flatten();
                let words = closed.chain(parts.get("const")).filter_map(Value::as_str);
                found.extend(words.map(ToOwned::to_owned));
                parts.values().for_each(|part| words_in(part, found));
            }
            Value::Array(parts) => parts.iter().for_each(|part| words_in(part, found)),
            _ => {}
        }
    }

    /// Words that another list names, where they are shown: roles, and what a payroll is paid per.
    fn is_named_elsewhere(word: &str) -> bool {
        let unit = crate::value::Unit::from_name(word).is_some();
        let period = crate::value::Period::from_name(word).is_some();
        let step = crate::value::ChainStep::from_name(word).is_some();
        unit || period || step || word.parse::<Role>().is_ok()
    }

    #[test]
    fn every_word_of_a_closed_list_has_a_chinese_and_a_plain_english_one() {
        let mut found = BTreeSet::new();
        for name in Body::NAMES {
            let schema = Body::schema_of(name).unwrap().to_value();
            words_in(&schema, &mut found);
        }
        assert!(found.len() > 150, "the schemas list {}", found.len());
        for word in found.iter().filter(|word| !is_named_elsewhere(word)) {
            let zh = chinese(word).unwrap_or_else(|| panic!("{word} has no Chinese word"));
            assert!(!zh.contains(|c: char| c.is_ascii_lowercase()), "{word}: {zh}");
            let en = english(word);
            assert!(en.is_ascii() && !en.contains('_'), "{word}: {en}");
        }
        let known: BTreeSet<String> = all().map(|(word, _)| word).collect();
        for word in found.iter().filter(|word| !is_named_elsewhere(word)) {
            assert!(known.contains(word), "a checker of packs does not know {word}");
        }
    }
}
