//! What pages are made of: money, ids, badges, tables, pagers.

mod fields;

use maud::{Markup, html};

pub(super) use fields::{
    certificate_statuses, choice, day, field, filter_buttons, month, of_division,
};

use super::{view::View, words};
use crate::answer::{Called, called};
use crate::event::{Body, Role, Severity, title_of};
use crate::service::{roles, row::Access};
use crate::value::{
    ActorId, Category, DivisionCode, Fen, Label, Lang, Level, PersonId, Programme, Subject,
};

/// A text with words as they stand in documents, such as the headers of a roll: one in the language
/// that the page is not in says so, for whoever has the page read out.
pub(super) fn quoting(view: &View, text: &str) -> Markup {
    let (lang, is_other): (_, fn(char) -> bool) = match view.lang {
        Lang::Zh => ("en", |c| c.is_ascii_alphabetic() || c == '_'),
        Lang::En => ("zh-CN", |c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
    };
    let mut parts: Vec<(bool, String)> = Vec::new();
    for c in text.chars() {
        match parts.last_mut() {
            Some((other, part)) if *other == is_other(c) => part.push(c),
            _ => parts.push((is_other(c), c.to_string())),
        }
    }
    html! {
        @for (other, part) in &parts {
            @if *other { span lang=(lang) { (part) } } @else { (part) }
        }
    }
}

/// A role in words.
pub(super) fn role(view: &View, role: Role) -> &'static str {
    words::role(view.lang, role)
}

/// A name of the wire as words: `township_reviewer`, `certificate.issued`.
pub(super) fn spaced(name: &str) -> String {
    name.replace(['_', '.'], " ")
}

/// A division: its name, or its level in words where no name is known, and its code.
pub(super) fn division(view: &View, code: DivisionCode) -> String {
    if code.name(view.lang).is_some() {
        return code.named(view.lang);
    }
    let w = &view.w.common;
    let level = if code.is_county() {
        w.county
    } else if code.is_prefecture() {
        w.prefecture
    } else {
        w.province
    };
    format!("{level} {code}")
}

/// The divisions whose names are known, as suggestions for an input that takes a code.
pub(super) fn division_list(view: &View, id: &str) -> Markup {
    html! {
        datalist id=(id) {
            @for code in DivisionCode::known() {
                option value=(code) { (code.name(view.lang).unwrap_or_default()) }
            }
        }
    }
}

/// Yuan with groups of three digits.
pub(super) fn yuan(fen: Fen) -> String {
    let text = fen.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, "00"));
    format!("{}.{part}", grouped(whole))
}

/// A number with groups of three digits.
pub(super) fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let mut text = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A person by the pseudonym, with the way to their page where the reader may go it.
pub(super) fn person(view: &View, person: PersonId) -> Markup {
    let id = person.to_string();
    html! {
        @if view.may(Access::Roles(roles::CASE)) {
            a.id href={ "/console/people/" (id) } title=(id) { (short(&id)) }
        } @else {
            span.id title=(id) { (short(&id)) }
        }
    }
}

/// An actor or an institution by name: the organisation, the role, and the id behind them.
pub(super) fn actor(view: &View, id: &ActorId) -> Markup {
    html! {
        @if let Some(name) = name_of(view, id) { (name) " " }
        code { (id) }
    }
}

/// What an actor or an institution is called, where the ledger knows it.
fn name_of(view: &View, id: &ActorId) -> Option<String> {
    let Called { name, role: of } = called(&view.app.ledger, id).ok()??;
    let name = organisation(view, &name);
    Some(match of {
        None => name,
        // The ledger's own key is of no office.
        Some(Role::System) => role(view, Role::System).to_owned(),
        Some(of) => format!("{name} {}", role(view, of)),
    })
}

/// The same with the id behind it, as a text; none for what is no id that the ledger knows.
pub(super) fn named(view: &View, id: &str) -> Option<String> {
    let name = name_of(view, &id.parse().ok()?)?;
    Some(match view.lang {
        Lang::Zh => format!("{name}（{id}）"),
        Lang::En => format!("{name} ({id})"),
    })
}

/// An organisation as it signs; the ledger itself signs as one too, and that is a word.
pub(super) fn organisation(view: &View, name: &Label) -> String {
    Called::organisation(name, view.lang).to_owned()
}

/// An entry, with the way to it where the reader may go it.
pub(super) fn entry(view: &View, index: u64) -> Markup {
    html! {
        @if view.may(Access::Actors) {
            a.n href={ "/console/entries/" (index) } { (index) }
        } @else {
            span.n { (index) }
        }
    }
}

/// The beginning of a long id.
pub(super) fn short(id: &str) -> String {
    let begin: String = id.chars().take(10).collect();
    if begin.len() < id.len() { format!("{begin}…") } else { begin }
}

/// The way to the next page, and back.
pub(super) fn pager(view: &View, next: Option<&str>) -> Markup {
    let w = &view.w.common;
    let behind = view.said("after").is_some();
    html! {
        @if behind || next.is_some() {
            nav.pager aria-label=(w.next_page) {
                @if behind { a href=(first(view)) { (w.first_page) } }
                @if let Some(next) = next {
                    a.button rel="next" href=(view.with("after", next)) { (w.next_page) }
                }
            }
        }
    }
}

fn first(view: &View) -> String {
    without(view, &["after"], None)
}

/// This page from its beginning, without some parameters and with one instead.
fn without(view: &View, names: &[&str], instead: Option<(&str, &str)>) -> String {
    let others = view.query.iter().filter(|(name, _)| !names.contains(&name.as_str()));
    let others = others.map(|(name, value)| (name.as_str(), value.as_str()));
    let all: Vec<_> = others.chain(instead).collect();
    let query = serde_urlencoded::to_string(all).unwrap_or_default();
    if query.is_empty() { view.path.clone() } else { format!("{}?{query}", view.path) }
}

/// Links that narrow a list to one value of a parameter, each with how many that leaves; nothing where
/// there is nothing to choose.
pub(super) fn narrowing(
    view: &View,
    label: &str,
    name: &str,
    all: usize,
    choices: &[(String, String, usize)],
) -> Markup {
    let chosen = view.said(name);
    let to = |value: Option<&str>| without(view, &[name, "after"], value.map(|it| (name, it)));
    html! {
        @if choices.len() > 1 || chosen.is_some() {
            nav.tabs aria-label=(label) {
                ul {
                    li {
                        a href=(to(None)) aria-current=[chosen.is_none().then_some("page")] {
                            (view.w.common.all) " (" (all) ")"
                        }
                    }
                    @for (value, word, count) in choices {
                        li {
                            a href=(to(Some(value)))
                                aria-current=[(chosen == Some(value.as_str())).then_some("page")] {
                                (word) " (" (count) ")"
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A table with its caption, or what to do when it is empty. A heading is right-aligned where its
/// column holds numbers.
pub(super) fn table(caption: &str, heads: &[(&str, bool)], rows: &[Markup], empty: &str) -> Markup {
    html! {
        @if rows.is_empty() {
            p.empty { (empty) }
        } @else {
            div.scroll tabindex="0" role="region" aria-label=(caption) {
                table {
                    caption { (caption) }
                    thead {
                        tr {
                            @for (head, number) in heads {
                                th scope="col" .n[*number] { (head) }
                            }
                        }
                    }
                    tbody { @for row in rows { (row) } }
                }
            }
        }
    }
}

/// How grave a flag is.
pub(super) fn severity(view: &View, severity: Severity) -> Markup {
    let w = &view.w.flags;
    let (class, word) = match severity {
        Severity::S1 => ("bad", w.s1),
        Severity::S2 => ("warn", w.s2),
        Severity::S3 => ("accent", w.s3),
        Severity::S4 => ("", w.s4),
    };
    html! { span class={ "badge " (class) } { (severity_code(severity)) " " (word) } }
}

/// The severity as rules name it.
pub(super) const fn severity_code(severity: Severity) -> &'static str {
    match severity {
        Severity::S1 => "S1",
        Severity::S2 => "S2",
        Severity::S3 => "S3",
        Severity::S4 => "S4",
    }
}

/// Where a flag stands.
pub(super) fn standing(view: &View, name: &str) -> Markup {
    let class = match name {
        "confirmed" => "bad",
        "closed" => "good",
        "dismissed" => "",
        _ => "warn",
    };
    html! { span class={ "badge " (class) } { (standing_word(view, name)) } }
}

/// Where a flag stands, in words.
pub(super) fn standing_word(view: &View, name: &str) -> &'static str {
    let w = &view.w.flags;
    match name {
        "open" => w.open,
        "assigned" => w.assigned,
        "needs_field" => w.needs_field,
        "confirmed" => w.confirmed,
        "dismissed" => w.dismissed,
        "closed" => w.closed,
        _ => w.not_raised,
    }
}

/// What a form of this event type does.
pub(super) fn act_title(lang: Lang, name: &str) -> String {
    let act = if lang == Lang::En { words::acts::of(name) } else { None };
    act.map_or_else(|| event_title(lang, name), ToOwned::to_owned)
}

/// What every event is called, for a script.
pub(super) fn event_titles(lang: Lang) -> String {
    let title_of = |name: &&str| ((*name).to_owned(), event_title(lang, name).into());
    serde_json::Value::Object(Body::NAMES.iter().map(title_of).collect()).to_string()
}

/// What an event is called.
pub(super) fn event_title(lang: Lang, name: &str) -> String {
    match lang {
        Lang::Zh => title_of(name).map_or_else(|| name.to_owned(), ToOwned::to_owned),
        Lang::En => spaced(name),
    }
}

/// The status of a certificate.
pub(super) fn certificate_status(view: &View, name: &str) -> Markup {
    let (class, word) = certificate_status_word(view, name);
    html! { span class={ "badge " (class) } { (word) } }
}

fn certificate_status_word(view: &View, name: &str) -> (&'static str, &'static str) {
    let w = &view.w.certificates;
    match name {
        "valid" => ("good", w.valid),
        "expiring_soon" => ("warn", w.expiring_soon),
        "expired" => ("bad", w.expired),
        _ => ("", w.closed),
    }
}

/// A category of disability with its level.
pub(super) fn grade(view: &View, category: Category, level: Level) -> String {
    let level = level.number();
    match view.lang {
        Lang::Zh => format!("{} {level}级", category.zh()),
        Lang::En => format!("{} level {level}", words_of(&category)),
    }
}

/// A value of a closed list as words, by its name on the wire.
pub(super) fn words_of<T: serde::Serialize>(value: &T) -> String {
    let name = serde_json::to_value(value).ok();
    name.as_ref().and_then(|name| name.as_str()).map(spaced).unwrap_or_default()
}

/// What people call a programme: by its published policy.
pub(super) fn programme(view: &View, programme: Programme) -> String {
    let title = view.app.ledger.with_state(|state| state.policies.title(programme, view.lang));
    title.unwrap_or_else(|_| programme.to_string())
}

/// A subject with the way to its page where the reader may go it.
pub(super) fn subject(view: &View, subject: &Subject) -> Markup {
    let text = subject.to_string();
    let href = match subject {
        Subject::Person(person) => format!("/console/people/{person}"),
        Subject::Certificate(id) => format!("/console/certificates/{id}"),
        Subject::Ledger => return html! { span title=(text) { (view.w.frame.ledger) } },
        _ => format!("/console/subjects/{text}"),
    };
    let (kind, id) = (subject_kind(view, &text), subject_name(view, subject));
    let class = id.is_none().then_some("id");
    let id = id.unwrap_or_else(|| short(text.split_once(':').map_or("", |(_, id)| id)));
    html! {
        @if view.may(Access::Roles(roles::CASE)) {
            (kind) " " a class=[class] href=(href) title=(text) { (id) }
        } @else {
            (kind) " " span class=[class] title=(text) { (id) }
        }
    }
}

/// A subject as a title: its kind and its name, or the beginning of its id.
pub(super) fn subject_title(view: &View, subject: &Subject) -> String {
    let text = subject.to_string();
    let id = || short(text.split_once(':').map_or("", |(_, id)| id));
    let kind = subject_kind(view, &text);
    format!("{kind} {}", subject_name(view, subject).unwrap_or_else(id)).trim_end().to_owned()
}

/// Whom a flag was raised about, by the rule's own text: `institution:411702-h1`, `village:t1…`.
pub(super) fn judged(view: &View, text: &str) -> Markup {
    let id = text.split_once(':').map_or("", |(_, id)| id);
    html! {
        (subject_kind(view, text)) " "
        @if let Some(name) = named(view, id) { (name) } @else { span.id title=(text) { (short(id)) } }
    }
}

/// What a subject is called, where it has a name.
fn subject_name(view: &View, subject: &Subject) -> Option<String> {
    match subject {
        Subject::Actor(id) | Subject::Institution(id) => named(view, id.as_str()),
        Subject::Programme(name) => Some(policy(view, name)),
        _ => None,
    }
}

/// What a policy is called, by its name.
pub(super) fn policy(view: &View, name: &str) -> String {
    match name {
        "certificate" => view.w.programmes.certificate.to_owned(),
        "rates" => view.w.programmes.rates.to_owned(),
        "calendar" => view.w.programmes.calendar.to_owned(),
        _ => Programme::from_name(name)
            .map_or_else(|| name.to_owned(), |known| programme(view, known)),
    }
}

/// What kind of thing a subject is, by its text.
fn subject_kind<'a>(view: &View, text: &'a str) -> &'a str {
    let kind = text.split(':').next().unwrap_or_default();
    let known = SUBJECTS.iter().find(|(name, _)| *name == kind);
    known.map_or(kind, |(_, zh)| view.pick(zh, kind))
}

/// The kinds of subjects by their word on the wire, and in Chinese.
const SUBJECTS: &[(&str, &str)] = &[
    ("account", "账户"),
    ("actor", "经办人员"),
    ("case", "案件"),
    ("certificate", "残疾人证"),
    ("household", "家庭"),
    ("institution", "机构"),
    ("ledger", "账本"),
    ("officer", "登记册上的人员"),
    ("payroll", "发放清册"),
    ("person", "人员"),
    ("programme", "项目"),
    ("roll", "名册"),
    ("vehicle", "车辆"),
    ("village", "村（社区）"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_grouped_and_keeps_its_fen() {
        for (fen, text) in
            [(0, "0.00"), (99, "0.99"), (123_456, "1,234.56"), (-100_000_000, "-1,000,000.00")]
        {
            assert_eq!(yuan(Fen(fen)), text);
        }
    }
}
