//! What a form says in words before anything is typed: its title, what is settled already, and how
//! fields and answers are called where it is shown what is signed.

use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::super::{parts, view::View, words};
use crate::answer::desk::{About, CATEGORIES, Choice, Kind, MULTIPLE, Offer};
use crate::policy::defaults;
use crate::value::{Category, DivisionCode, FactKind, Lang, Tag};

/// What a form is about, where a page has forms about several things.
pub(super) fn about_words(view: &View, about: &About) -> String {
    match about {
        About::Ward => view
            .pick(
                "您以监护人身份，为账本中还没有记录的人申请。",
                "You apply as the guardian of somebody whom the ledger does not know yet.",
            )
            .to_owned(),
        About::Claimed(claimed) => {
            format!(
                "{}{}",
                view.pick("申请人申请的残疾类别：", "The applicant claims: "),
                categories(view, claimed)
            )
        }
        About::Benefit(programme) => defaults::title(*programme, view.lang),
        About::Certificate { grade, valid_to } => {
            let printed = json!({ "grade": grade, "valid_to": valid_to });
            let names = |id: &str| parts::named(view, id);
            let facts = crate::report::facts_in(&printed, view.lang, &names).into_iter();
            let facts: Vec<_> = facts.map(|(name, value)| format!("{name} {value}")).collect();
            format!("{}{}", view.pick("残疾人证：", "Certificate: "), facts.join(" · "))
        }
    }
}

/// Categories of disability in words.
pub(super) fn categories(view: &View, all: &[Category]) -> String {
    let named = |one: &Category| crate::report::value_in("category", &json!(one), view.lang);
    let all: Vec<_> = all.iter().filter_map(named).collect();
    all.join(view.pick("、", ", "))
}

/// The step, and which of several of its name it is.
pub(in crate::console) fn title(view: &View, offer: &Offer) -> String {
    let title = parts::act_title(view.lang, offer.name);
    let which = APART.iter().find_map(|field| Some((*field, offer.data.get(*field)?)));
    let which = which.and_then(|(field, value)| {
        let known = KINDS.iter().find(|(kind, _)| value.as_str() == Some(*kind));
        match known.filter(|_| view.lang == Lang::En) {
            Some((_, english)) => Some((*english).to_owned()),
            None => called(view, field, value),
        }
    });
    let title = match which {
        Some(which) => format!("{title}{}{which}", view.pick("：", ": ")),
        None => title,
    };
    match offer.about {
        Some(About::Ward) => format!("{title}{}", view.pick("（为被监护人）", ", for a ward")),
        _ => title,
    }
}

/// What an application is for, in English; in Chinese the offices' own words are plain.
const KINDS: [(&str, &str); 7] = [
    ("new", "a first certificate"),
    ("renew", "a renewal"),
    ("replace", "the replacement of a lost card"),
    ("exchange_damaged", "the exchange of a damaged card"),
    ("regrade", "another category or level"),
    ("transfer", "the transfer to this county"),
    ("cancel", "a cancellation"),
];
/// What tells forms of one step apart.
const APART: [&str; 7] =
    ["kind", "right", "programme", "opinion", "outcome", "institution", "ground"];

/// What a value is called: who is meant by an id, or the word of a list.
fn called(view: &View, field: &str, value: &Value) -> Option<String> {
    let who = crate::report::who(field, value, view.lang, &|id| parts::named(view, id));
    who.or_else(|| crate::report::value_in(field, value, view.lang))
}

pub(super) fn roles(view: &View, roles: &[crate::event::Role]) -> String {
    let names: Vec<_> = roles.iter().map(|role| parts::role(view, *role)).collect();
    names.join(view.pick("、", ", "))
}

/// What is settled already, in plain words.
pub(super) fn settled(view: &View, data: &Map<String, Value>) -> Markup {
    // Ids say nothing to a reader; the script shows them with the rest before it is signed.
    let names = |id: &str| parts::named(view, id);
    let facts = crate::report::facts_in(&Value::Object(data.clone()), view.lang, &names);
    let facts: Vec<_> = facts.into_iter().filter(|(_, value)| !is_id(value)).collect();
    html! {
        @if !facts.is_empty() {
            dl.facts { @for (name, value) in &facts { dt { (name) } dd { (value) } } }
        }
    }
}

/// A pseudonym, the id of a statement, or a tag.
fn is_id(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_lowercase() || (b'2'..=b'7').contains(&byte);
    let is_tag = text.len() == 34 && text.parse::<Tag>().is_ok();
    is_tag || (matches!(text.len(), 26 | 52) && text.bytes().all(is_digit))
}

/// What fields that no form asks for are called; a name that begins with the type is of it alone.
pub(super) fn names(lang: Lang, of: &str) -> Value {
    let mut words = Map::new();
    for (field, zh, en) in NAMES {
        let word = if lang == Lang::Zh { zh } else { en };
        let own = field.strip_prefix(of).and_then(|rest| rest.strip_prefix('.'));
        words.entry(own.unwrap_or(field)).or_insert_with(|| json!(word));
    }
    Value::Object(words)
}

/// What settled values are called, by place and word, and the divisions where one is typed.
pub(super) fn values(view: &View, offer: &Offer) -> Value {
    let lang = view.lang;
    let data = &offer.data;
    let mut words = Map::new();
    if data.contains_key("grade") || offer.fields.iter().any(|field| field.kind == Kind::Grade) {
        for (value, zh, en) in CATEGORIES.iter().chain([&MULTIPLE]) {
            let word = if lang == Lang::Zh { zh } else { en };
            for place in ["grade.category", "grade.components.category"] {
                words.insert(format!("{place}={value}"), json!(word));
            }
        }
    }
    for field in &offer.fields {
        for (part, name, word) in papers(lang, &field.kind, field.en) {
            words.insert(format!("{}{part}.kind={name}", field.path), json!(word));
        }
    }
    for field in offer.fields.iter().filter(|field| field.kind == Kind::Division) {
        for code in DivisionCode::known() {
            words.insert(format!("{}={code}", field.path), json!(code.named(lang)));
        }
    }
    for (place, value) in FILLED {
        if let Some(word) = called(view, place, &json!(value)) {
            words.insert(format!("{place}={value}"), json!(word));
        }
    }
    for item in data.get("exclusions").and_then(Value::as_array).into_iter().flatten() {
        let kind = item["kind"].as_str().unwrap_or_default();
        if let Some(fact) = FactKind::from_name(kind) {
            words.insert(format!("exclusions.kind={kind}"), json!(fact.words(lang)));
        }
    }
    let inner = data.iter().filter_map(|(field, value)| Some((field, value.as_object()?)));
    let inner = inner.flat_map(|(outer, fields)| {
        fields.iter().map(move |(field, value)| (format!("{outer}.{field}"), field, value))
    });
    let all = data.iter().map(|(field, value)| (field.clone(), field, value)).chain(inner);
    for (place, field, value) in all {
        // Of a list each word has its own name.
        let each = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in each {
            if let (Some(text), Some(word)) = (value.as_str(), called(view, field, value))
                && word != text
            {
                words.insert(format!("{place}={text}"), json!(word));
            }
        }
    }
    Value::Object(words)
}

/// What the ledger may fill in from a citizen ID, which no form knows before.
const FILLED: [(&str, &str); 6] = [
    ("sex", "female"),
    ("sex", "male"),
    ("id_form", "valid"),
    ("id_form", "bad_check"),
    ("id_form", "bad_date"),
    ("id_form", "old15"),
];

/// What papers are called: the place in their field, the word that is signed, and what it means. The
/// word itself is the offices' own, which a Chinese reader needs no other for.
fn papers<'a>(lang: Lang, kind: &'a Kind, label: &'a str) -> Vec<(&'static str, &'a str, &'a str)> {
    match kind {
        Kind::PapersOf(kinds) => {
            let word = |kind: &'a Choice| if lang == Lang::Zh { &kind.zh } else { &kind.en };
            kinds.iter().map(|kind| ("", kind.value.as_str(), word(kind).as_str())).collect()
        }
        Kind::Paper(name) | Kind::Papers(name) if lang == Lang::En => vec![("", *name, label)],
        Kind::Told if lang == Lang::En => {
            let w = words::desk::of(lang);
            vec![(".notice", TOLD[0], w.told_notice), (".proof", TOLD[1], w.told_proof)]
        }
        _ => Vec::new(),
    }
}

/// What the parts of a written notice are called where they are signed.
pub(super) const TOLD: [&str; 2] = ["告知书", "送达回证"];

const NAMES: &[(&str, &str, &str)] = &[
    ("person", "人员", "person"),
    ("kind", "申请事项", "kind"),
    ("grade.category", "残疾类别", "category"),
    ("grade.level", "残疾等级", "level"),
    ("grade.components.category", "构成：类别", "part: category"),
    ("grade.components.level", "构成：等级", "part: level"),
    ("valid_from", "有效期起", "valid from"),
    ("valid_to", "有效期至", "valid to"),
    ("birth_date", "出生日期", "birth date"),
    ("opens_on", "公示起", "notice from"),
    ("view", "脱敏公示内容的校验值", "hash of the masked notice"),
    ("hukou_division", "户籍区划", "household registration"),
    ("approving_division", "批准机关区划", "approving division"),
    ("institution", "机构", "institution"),
    ("meets", "符合残疾标准", "meets the standard"),
    ("outcome", "结果", "outcome"),
    ("amount", "金额", "amount"),
    ("from_month", "起始月份", "from month"),
    ("exclusions.kind", "已核对，不存在", "checked, and not the case"),
    ("exclusions.as_of", "核对日期", "checked as of"),
    ("month", "月份", "month"),
    ("division", "区划", "division"),
    ("certificate", "残疾人证", "certificate"),
    ("flag", "疑点", "flag"),
    ("case", "案件", "case"),
    ("review", "审核", "review"),
    ("verdict", "核查结论", "verdict"),
    ("order", "追缴决定", "order"),
    ("assessments", "评定意见", "assessments"),
    ("result", "公示结果", "result of the notice"),
    ("generation", "证件版本", "generation"),
    ("target", "被更正的记录", "record to be corrected"),
    ("keys", "将销毁的数据密钥", "data keys to be destroyed"),
    ("root", "清册校验值", "root of the batch"),
    ("opinion", "意见", "opinion"),
    ("total", "合计", "total"),
    ("count", "笔数", "number of items"),
    ("items", "发放明细", "items"),
    ("items.case", "案件", "case"),
    ("items.person", "人员", "person"),
    ("items.amount", "金额", "amount"),
    ("items.back_pay", "补发月份", "back-pay of"),
    ("items.account", "账户比对码", "tag of the account"),
    ("items.unit", "发放对象", "what for"),
    ("lost", "原残疾人证", "present certificate"),
    ("supersedes", "替换的残疾人证", "certificate it replaces"),
    ("old_card", "旧证", "old card"),
    ("old_card.not_returned", "旧证未交回的原因", "why the old card was not handed in"),
    ("replaced", "补换次数", "times replaced"),
    ("claimed", "申请的残疾类别", "what is claimed"),
    ("channel", "提交方式", "how it came in"),
    ("right", "申请事项", "what is asked for"),
    ("request", "所答复的申请", "request it answers"),
    ("id", "公民身份号码的比对码", "tag of the ID number"),
    ("number", "证号的比对码", "tag of the certificate number"),
    ("second_round", "第二轮评定", "second round"),
    ("ground", "理由", "ground"),
    ("id_form", "公民身份号码格式", "form of the ID number"),
    ("sex", "性别", "sex"),
    ("name_sound", "姓名读音的比对码", "tag of how the name sounds"),
    ("meant_ids", "可能指的号码的比对码", "tags of the numbers it may stand for"),
    ("dwelling", "住址的比对码", "tag of the address"),
    ("account", "账户比对码", "tag of the account"),
    ("guardian", "监护人公民身份号码的比对码", "tag of the guardian's ID number"),
    ("guardian.id", "监护人公民身份号码的比对码", "tag of the guardian's ID number"),
    ("guardian.name", "监护人姓名的比对码", "tag of the guardian's name"),
    ("guardian_name", "监护人姓名的比对码", "tag of the guardian's name"),
    ("holder_name", "户名的比对码", "tag of the account holder's name"),
    ("certificate.transferred_out.from", "迁出地", "from"),
    ("certificate.transferred_out.to", "迁入地", "to"),
    ("certificate.transferred_in.from", "迁出地", "from"),
    ("certificate.transferred_in.to", "迁入地", "to"),
    ("from", "错误号码的比对码", "wrong tag"),
    ("conclusion", "评定机构的结论", "the institution's conclusion"),
    ("step", "环节", "step"),
    ("programme", "项目", "programme"),
    ("closes_on", "公示止", "notice to"),
    ("objection", "异议", "objection"),
    ("checklist.application", "申请", "application"),
    ("checklist.acceptance", "受理", "acceptance"),
    ("checklist.assessment", "评定结论", "assessment"),
    ("checklist.notice", "公示", "notice"),
];
