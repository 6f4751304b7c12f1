//! An offer of the desk as a form. Where each field goes stands beside it in `data-` attributes, which
//! the script reads; what the signer types never leaves the page before it is shown and signed.

use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::super::{
    parts,
    view::View,
    words::{self, desk::Desk},
};
use crate::answer::desk::{About, CATEGORIES, Field, Kind, MULTIPLE, Offer};
use crate::policy::defaults;
use crate::value::{DivisionCode, Lang, PersonId, Tag};

/// Where a form stands.
pub(in crate::console) struct Place<'a> {
    /// Whose papers are hashed, where that is known.
    pub(in crate::console) person: Option<PersonId>,
    /// Where to go on when it is signed.
    pub(in crate::console) next: &'a str,
    /// The level of its heading.
    pub(in crate::console) level: u8,
}

/// One offer. `number` makes the ids of several forms of a page differ.
pub(in crate::console) fn offer(
    view: &View,
    number: usize,
    offer: &Offer,
    place: &Place<'_>,
) -> Markup {
    let w = words::desk::of(view.lang);
    let title = title(view, offer);
    let refs: Vec<String> = offer.refs.iter().map(ToString::to_string).collect();
    let about = place.person.map(|person| person.to_string());
    let id = format!("step-{number}");
    html! {
        section.card.step aria-labelledby=(id) {
            @if place.level == 2 { h2 id=(id) { (title) } } @else { h3 id=(id) { (title) } }
            @if let Some(about) = &offer.about { p.soft { (about_words(view, about)) } }
            @if !offer.second.is_empty() {
                p.soft { (w.second) " " (roles(view, offer.second)) }
            }
            @if let Some(blocked) = &offer.blocked {
                @let (message, hint) = match view.lang {
                    Lang::Zh => (&blocked.message_zh, blocked.hint_zh),
                    Lang::En => (&blocked.message, blocked.hint),
                };
                p.note {
                    (w.blocked) " (" (blocked.rule) ")" (view.pick("。", ". "))
                    (message) (view.pick("；", "; ")) (hint) (view.pick("。", "."))
                }
            } @else {
                (settled(view, &offer.data))
                noscript { p.note { (w.needs_script) } }
                form data-sign data-type=(offer.name) data-subject=(offer.subject)
                    data-refs=(json!(refs)) data-policy=[offer.policy]
                    data-data=(Value::Object(offer.data.clone())) data-person=[about]
                    data-title=(title) data-second=(roles(view, offer.second)) data-sign-word=(w.sign) data-next=(place.next)
                    data-words=(names(view.lang, offer.name)) data-values=(values(view.lang, offer)) {
                    @if offer.fields.iter().any(|field| field.kind == Kind::Personal) {
                        p.hint.personal-hint { (w.personal_hint) }
                    }
                    @for field in &offer.fields { (self::field(view, w, number, field)) }
                    p.actions { button type="submit" { (w.show_first) } }
                }
                div data-shown hidden {}
                div data-says aria-live="polite" {}
            }
        }
    }
}

/// What a form is about, where a page has forms about several things.
fn about_words(view: &View, about: &About) -> String {
    match about {
        About::Ward => view
            .pick(
                "您以监护人身份，为账本中还没有记录的人申请。",
                "You apply as the guardian of somebody whom the ledger does not know yet.",
            )
            .to_owned(),
        About::Benefit(programme) => defaults::title(*programme, view.lang),
        About::Certificate { grade, valid_to } => {
            let printed = json!({ "grade": grade, "valid_to": valid_to });
            let facts = crate::report::facts_in(&printed, view.lang).into_iter();
            let facts: Vec<_> = facts.map(|(name, value)| format!("{name} {value}")).collect();
            format!("{}{}", view.pick("残疾人证：", "Certificate: "), facts.join(" · "))
        }
    }
}

/// The step, and which of several of its name it is.
pub(in crate::console) fn title(view: &View, offer: &Offer) -> String {
    let title = parts::event_title(view.lang, offer.name);
    let which = APART.iter().find_map(|field| Some((*field, offer.data.get(*field)?)));
    let which = which.and_then(|(field, value)| {
        let known = KINDS.iter().find(|(kind, _)| value.as_str() == Some(*kind));
        match known.filter(|_| view.lang == Lang::En) {
            Some((_, english)) => Some((*english).to_owned()),
            None => crate::report::value_in(field, value, view.lang),
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

fn roles(view: &View, roles: &[crate::event::Role]) -> String {
    let names: Vec<_> = roles.iter().map(|role| parts::role(view, *role)).collect();
    names.join(view.pick("、", ", "))
}

/// What is settled already, in plain words.
fn settled(view: &View, data: &Map<String, Value>) -> Markup {
    // Ids say nothing to a reader; the script shows them with the rest before it is signed.
    let facts = crate::report::facts_in(&Value::Object(data.clone()), view.lang);
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
fn names(lang: Lang, of: &str) -> Value {
    let mut words = Map::new();
    for (field, zh, en) in NAMES {
        let word = if lang == Lang::Zh { zh } else { en };
        let own = field.strip_prefix(of).and_then(|rest| rest.strip_prefix('.'));
        words.entry(own.unwrap_or(field)).or_insert_with(|| json!(word));
    }
    Value::Object(words)
}

/// What settled values are called, by place and word, and the divisions where one is typed.
fn values(lang: Lang, offer: &Offer) -> Value {
    let data = &offer.data;
    let mut words = Map::new();
    if offer.fields.iter().any(|field| field.kind == Kind::Grade) {
        for (value, zh, en) in CATEGORIES.iter().chain([&MULTIPLE]) {
            let word = if lang == Lang::Zh { zh } else { en };
            for place in ["grade.category", "grade.components.category"] {
                words.insert(format!("{place}={value}"), json!(word));
            }
        }
    }
    for field in &offer.fields {
        let Kind::PapersOf(kinds) = &field.kind else { continue };
        for kind in kinds {
            let word = if lang == Lang::Zh { &kind.zh } else { &kind.en };
            words.insert(format!("{}.kind={}", field.path, kind.value), json!(word));
        }
    }
    for field in offer.fields.iter().filter(|field| field.kind == Kind::Division) {
        for code in DivisionCode::known() {
            words.insert(format!("{}={code}", field.path), json!(code.named(lang)));
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
            if let (Some(text), Some(word)) =
                (value.as_str(), crate::report::value_in(field, value, lang))
                && word != text
            {
                words.insert(format!("{place}={text}"), json!(word));
            }
        }
    }
    Value::Object(words)
}

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
    ("view", "脱敏公示内容的哈希", "hash of the masked notice"),
    ("hukou_division", "户籍区划", "household registration"),
    ("approving_division", "批准机关区划", "approving division"),
    ("institution", "机构", "institution"),
    ("meets", "符合残疾标准", "meets the standard"),
    ("outcome", "结果", "outcome"),
    ("amount", "金额", "amount"),
    ("from_month", "起始月份", "from month"),
    ("month", "月份", "month"),
    ("division", "区划", "division"),
    ("certificate", "残疾人证", "certificate"),
    ("flag", "疑点", "flag"),
    ("case", "案件", "case"),
    ("review", "审核", "review"),
    ("verdict", "核查结论", "verdict"),
    ("order", "追回决定", "order"),
    ("assessments", "评定意见", "assessments"),
    ("result", "公示结果", "result of the notice"),
    ("generation", "证件版本", "generation"),
    ("target", "被更正的记录", "record to be corrected"),
    ("keys", "将销毁的数据密钥", "data keys to be destroyed"),
    ("root", "批次校验值", "root of the batch"),
    ("opinion", "意见", "opinion"),
    ("total", "合计", "total"),
    ("count", "笔数", "number of items"),
    ("items", "发放明细", "items"),
    ("items.case", "案件", "case"),
    ("items.person", "人员", "person"),
    ("items.amount", "金额", "amount"),
    ("items.back_pay", "补发月份", "back-pay of"),
    ("items.account", "账户标签", "tag of the account"),
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
    ("id", "身份证号的标签", "tag of the ID number"),
    ("number", "证号的标签", "tag of the certificate number"),
    ("second_round", "第二轮评定", "second round"),
    ("ground", "理由", "ground"),
    ("certificate.transferred_out.from", "迁出地", "from"),
    ("certificate.transferred_out.to", "迁入地", "to"),
    ("certificate.transferred_in.from", "迁出地", "from"),
    ("certificate.transferred_in.to", "迁入地", "to"),
    ("from", "错误的标签", "wrong tag"),
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

fn field(view: &View, w: &Desk, number: usize, field: &Field) -> Markup {
    let id = format!("f{number}-{}", field.path.replace('.', "-"));
    let label = view.pick(field.zh, field.en);
    let optional = (!field.required).then_some(view.w.common.optional);
    let grouped =
        matches!(field.kind, Kind::Some(..) | Kind::Grade | Kind::Told | Kind::PapersOf(_));
    html! {
        div.field data-field {
            @if grouped {
                fieldset data-path=(field.path) data-kind=(word(&field.kind)) data-label=(label)
                    data-only-if=[field.only_if] {
                    legend { (label) @if let Some(optional) = optional { " " span.soft { (optional) } } }
                    (group(view, w, &id, field))
                }
            } @else if field.kind == Kind::Flag {
                label.flag for=(id) {
                    input id=(id) type="checkbox" data-path=(field.path) data-kind="flag"
                        data-label=(label) data-only-if=[field.only_if]
                        checked[field.value.as_deref() == Some("true")];
                    " " (label)
                }
            } @else {
                label for=(id) { (label) @if let Some(optional) = optional { " " span.soft { (optional) } } }
                (control(view, &id, label, field))
                @match field.kind {
                    Kind::Paper(_) | Kind::Papers(_) | Kind::Digest => p.hint id={ (id) "-hint" } { (w.paper_hint) },
                    _ => {}
                }
            }
        }
    }
}

/// Several inputs under one legend.
fn group(view: &View, w: &Desk, id: &str, field: &Field) -> Markup {
    html! {
        @match &field.kind {
            Kind::Some(choices, least) => {
                p.hint { (w.choose_some) " " (least) }
                div.options {
                    @for (at, choice) in choices.iter().enumerate() {
                        label.flag for={ (id) "-" (at) } {
                            input id={ (id) "-" (at) } type="checkbox" value=(choice.value)
                                data-word=(view.pick(&choice.zh, &choice.en));
                            " " (view.pick(&choice.zh, &choice.en))
                        }
                    }
                }
            }
            Kind::Grade => {
                p.hint id={ (id) "-hint" } { (w.grade_hint) }
                div.levels {
                    @for (value, zh, en) in CATEGORIES {
                        div {
                            label for={ (id) "-" (value) } { (view.pick(zh, en)) }
                            select id={ (id) "-" (value) } data-category=(value)
                                aria-describedby={ (id) "-hint" } {
                                option value="" { (w.grade_none) }
                                @for level in 1..=4 { option value=(level) { (level) " " (w.grade_level) } }
                            }
                        }
                    }
                }
            }
            Kind::PapersOf(kinds) => {
                div.pair {
                    @for (at, kind) in kinds.iter().enumerate() {
                        div {
                            label for={ (id) "-" (at) } {
                                (view.pick(&kind.zh, &kind.en))
                                @if at > 0 || !field.required {
                                    " " span.soft { (view.w.common.optional) }
                                }
                            }
                            input id={ (id) "-" (at) } type="file" data-paper=(kind.value)
                                required[field.required && at == 0] aria-describedby={ (id) "-hint" };
                        }
                    }
                }
                p.hint id={ (id) "-hint" } { (w.paper_hint) }
            }
            Kind::Told => {
                div.pair {
                    @for (part, label, paper) in
                        [("notice", w.told_notice, "告知书"), ("proof", w.told_proof, "送达回证")]
                    {
                        div {
                            label for={ (id) "-" (part) } { (label) }
                            input id={ (id) "-" (part) } type="file" data-paper=(paper)
                                required[field.required] aria-describedby={ (id) "-hint" };
                        }
                    }
                }
                p.hint id={ (id) "-hint" } { (w.paper_hint) }
            }
            _ => {}
        }
    }
}

/// One input.
fn control(view: &View, id: &str, label: &str, field: &Field) -> Markup {
    let kind = word(&field.kind);
    let value = field.value.as_deref();
    let hint = format!("{id}-hint");
    html! {
        @match &field.kind {
            Kind::One(choices) | Kind::OneSubject(choices) => {
                select id=(id) data-path=(field.path) data-kind=(kind) data-label=(label)
                    data-only-if=[field.only_if] required[field.required] {
                    @if !field.required { option value="" {} }
                    @for choice in choices {
                        option value=(choice.value) selected[value == Some(choice.value.as_str())] {
                            (view.pick(&choice.zh, &choice.en))
                        }
                    }
                }
            }
            Kind::Division => {
                input id=(id) type="text" inputmode="numeric" autocomplete="off" maxlength="6"
                    pattern="[1-9][0-9]{5}" list={ (id) "-names" } data-path=(field.path)
                    data-kind=(kind) data-label=(label) data-only-if=[field.only_if]
                    required[field.required] value=[value];
                (parts::division_list(view, &format!("{id}-names")))
            }
            Kind::Texts => {
                textarea id=(id) rows="3" data-path=(field.path) data-kind=(kind) data-label=(label)
                    data-only-if=[field.only_if] required[field.required] {}
            }
            Kind::Paper(name) => {
                input id=(id) type="file" data-path=(field.path) data-kind=(kind) data-label=(label)
                    data-paper=(name) data-only-if=[field.only_if] required[field.required]
                    aria-describedby=(hint);
            }
            Kind::Papers(name) => {
                input id=(id) type="file" multiple data-path=(field.path) data-kind=(kind)
                    data-label=(label) data-paper=(name) data-only-if=[field.only_if]
                    required[field.required] aria-describedby=(hint);
            }
            Kind::Digest => {
                input id=(id) type="file" data-path=(field.path) data-kind=(kind) data-label=(label)
                    data-only-if=[field.only_if] required[field.required] aria-describedby=(hint);
            }
            Kind::Yuan => {
                input id=(id) type="text" inputmode="decimal" autocomplete="off"
                    pattern="[0-9,]+(\\.[0-9]{1,2})?" data-path=(field.path) data-kind=(kind)
                    data-label=(label) data-only-if=[field.only_if] required[field.required]
                    value=[value.and_then(yuan)];
            }
            Kind::NewSubject => {
                input id=(id) type="text" autocomplete="off" spellcheck="false" maxlength="48"
                    pattern="[a-z0-9][a-z0-9\\-]*" data-path=(field.path) data-kind=(kind)
                    data-label=(label) required;
            }
            Kind::Month => {
                input id=(id) type="text" inputmode="numeric" autocomplete="off" maxlength="7"
                    pattern="[0-9]{4}-[0-9]{2}" data-path=(field.path) data-kind=(kind)
                    data-label=(label) data-only-if=[field.only_if] required[field.required]
                    value=[value];
            }
            Kind::Personal => {
                input id=(id) type="text" maxlength="100" autocomplete="off" data-path=(field.path)
                    data-kind=(kind) data-label=(label) data-only-if=[field.only_if]
                    required[field.required];
            }
            other => {
                input id=(id) type=(input_type(other)) autocomplete="off" maxlength=[length(other)]
                    data-path=(field.path) data-kind=(kind) data-label=(label)
                    data-only-if=[field.only_if] required[field.required] value=[value];
            }
        }
    }
}

/// Fen as a person types yuan.
fn yuan(fen: &str) -> Option<String> {
    Some(crate::value::Fen(fen.parse().ok()?).to_string())
}

const fn input_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Day => "date",
        Kind::Count => "number",
        _ => "text",
    }
}

/// What a label of the ledger holds at most, in characters of Chinese.
fn length(kind: &Kind) -> Option<&'static str> {
    matches!(kind, Kind::Text | Kind::OldCard).then_some("66")
}

/// The kind as the script knows it.
const fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Texts => "texts",
        Kind::One(_) => "one",
        Kind::Some(..) => "some",
        Kind::Flag => "flag",
        Kind::Division => "division",
        Kind::Day => "day",
        Kind::Month => "month",
        Kind::NewSubject | Kind::OneSubject(_) => "subject",
        Kind::Count => "count",
        Kind::Yuan => "yuan",
        Kind::Paper(_) => "paper",
        Kind::Papers(_) => "papers",
        Kind::PapersOf(_) => "papers_of",
        Kind::Digest => "digest",
        Kind::Told => "told",
        Kind::Grade => "grade",
        Kind::OldCard => "old_card",
        Kind::Personal => "personal",
    }
}
