//! The timeline of a person or certificate in plain words, and as a page.

mod words;

use maud::{Markup, html};
use serde::Serialize;
use serde_json::{Value, json};

use self::words::{DIVISIONS, FIELDS, MONEY, chinese, english, named};
use super::page::{STYLE, heading, page, term};
use crate::event::{RULES, Recorded, Role, RollKind, title_of};
use crate::policy::defaults::title;
use crate::value::{
    ActorId, ChainStep, Day, DivisionCode, FactKind, Hash, Label, Lang, Period, Programme, Unit,
};

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

impl Step {
    /// The step of an event; who is meant by an id stands there by name.
    #[must_use]
    pub fn of(event: &Recorded, names: Names<'_>) -> Self {
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
            facts: facts(&data, names),
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
fn facts(data: &Value, names: Names<'_>) -> Vec<Fact> {
    fields_of(data)
        .filter_map(|(field, zh, en, value)| {
            Some(Fact { field, zh, en, value: in_both(field, value, names)? })
        })
        .collect()
}

/// A value in both languages; names are what they are in either.
fn in_both(field: &str, value: &Value, names: Names<'_>) -> Option<String> {
    let said = |value: &Value| {
        let name = value.as_str().filter(|_| ACTORS.contains(&field)).and_then(names);
        name.or_else(|| said(field, value, None))
    };
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().filter_map(said).collect();
            (!items.is_empty()).then(|| items.join(", "))
        }
        _ => said(value),
    }
}

/// What the ledger knows an actor or an institution by: its name with the id, for a text that may be
/// the id of one.
pub(crate) type Names<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The same in one language; who is meant by an id stands there by name.
pub(crate) fn facts_in(data: &Value, lang: Lang, names: Names<'_>) -> Vec<(&'static str, String)> {
    fields_of(data)
        .filter_map(|(field, zh, en, value)| {
            let name = match lang {
                Lang::Zh => zh,
                Lang::En => en,
            };
            let called = || value_in(field, value, lang);
            Some((name, who(field, value, lang, names).or_else(called)?))
        })
        .collect()
}

/// Who is meant, in fields that hold ids of actors and institutions.
pub(crate) fn who(field: &str, value: &Value, lang: Lang, names: Names<'_>) -> Option<String> {
    let of = |text: &str| names(text).unwrap_or_else(|| text.to_owned());
    let each = value.as_array().filter(|items| !items.is_empty());
    match (ACTORS.contains(&field), value, each) {
        (true, Value::String(text), _) => names(text),
        (true, _, Some(items)) => {
            let all: Option<Vec<_>> = items.iter().map(|item| item.as_str().map(of)).collect();
            Some(all?.join(match lang {
                Lang::Zh => "、",
                Lang::En => ", ",
            }))
        }
        _ => None,
    }
}

/// Fields that hold ids of actors and institutions; some of them a name, from old rolls.
const ACTORS: [&str; 4] = ["institution", "facility", "assessors", "to"];

/// What a value of a field is called.
pub(crate) fn value_in(field: &str, value: &Value, lang: Lang) -> Option<String> {
    titled(field, value, lang).or_else(|| said(field, value, Some(lang)))
}

/// What a value is called by the list of its field, where the same word means something else in
/// another.
fn titled(field: &str, value: &Value, lang: Lang) -> Option<String> {
    let name = value.as_str()?;
    let words = match field {
        "programme" => return Programme::from_name(name).map(|found| title(found, lang)),
        "kind" => {
            let fact = FactKind::from_name(name).map(|kind| kind.words(lang));
            fact.or_else(|| named(name).map(|kind: RollKind| kind.words(lang)))
        }
        "unit" => Unit::from_name(name).map(|unit| unit.words(lang)),
        "period" => Period::from_name(name).map(|period| period.words(lang)),
        "step" => ChainStep::from_name(name).map(|step| step.words(lang)),
        "role" if lang == Lang::Zh => name.parse().ok().map(Role::zh),
        _ => None,
    };
    words.map(str::to_owned)
}

type Named<'a> = (&'static str, &'static str, &'static str, &'a Value);

fn fields_of(data: &Value) -> impl Iterator<Item = Named<'_>> {
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
            let plain = || match lang {
                Some(Lang::En) if is_name(text) => english(text),
                _ => text.clone(),
            };
            Some(chinese(text).map_or_else(plain, |zh| pick(&zh, text)))
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

/// A name of the wire, such as `return_for_correction`.
fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// Stands above the steps.
const LEAD: (&str, &str) = (
    "每一步都由当事人签名，并附有可离线核验的回执；核验方法见 README.txt。",
    "Each step is signed by the one who took it and has a receipt that is checked offline; \
     README.txt says how.",
);

/// All words that a timeline is made with, for a checker that makes it anew from the entries.
pub(super) fn words() -> Value {
    let mut known = serde_json::Map::new();
    for (word, zh) in words::all() {
        known.entry(word).or_insert_with(|| json!(zh));
    }
    let types: serde_json::Map<_, _> = RULES
        .iter()
        .map(|rule| (rule.name.to_owned(), json!(title_of(rule.name).unwrap_or_default())))
        .collect();
    let second: Vec<&str> =
        RULES.iter().filter(|rule| rule.second.is_some()).map(|rule| rule.name).collect();
    let roles: serde_json::Map<_, _> =
        Role::ALL.iter().map(|role| (role.to_string(), json!(role.zh()))).collect();
    let divisions: serde_json::Map<_, _> = DivisionCode::known()
        .map(|code| {
            let name = |lang| code.name(lang).unwrap_or_default();
            (code.to_string(), json!(format!("{} {}", name(Lang::Zh), name(Lang::En))))
        })
        .collect();
    json!({
        "fields": FIELDS, "words": known, "types": types, "second": second, "roles": roles,
        "divisions": divisions, "division_fields": DIVISIONS, "money_fields": MONEY,
        "actor_fields": ACTORS,
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
            "institution": "411702-hospital-1", "assessors": ["411702-assessor-1", "gone"],
            "evidence": [{ "kind": "form", "hash": "x" }],
        });
        let names = |id: &str| match id {
            "411702-hospital-1" => Some("区评定医院 (411702-hospital-1)".to_owned()),
            "411702-assessor-1" => Some("区评定医院 评残医师 (411702-assessor-1)".to_owned()),
            _ => None,
        };
        let said: Vec<_> =
            facts(&data, &names).into_iter().map(|fact| (fact.en, fact.value)).collect();
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
            ("institution", "区评定医院 (411702-hospital-1)"),
            ("assessors", "区评定医院 评残医师 (411702-assessor-1), gone"),
        ];
        assert_eq!(said, expected.map(|(en, value)| (en, value.to_owned())));
    }
}
