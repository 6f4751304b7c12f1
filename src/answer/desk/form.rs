//! Fields of a form: what a person fills in, and how it becomes a part of an event.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::answer::Called;
use crate::domain::State;
use crate::value::{ActorId, Category, Day, Hash, Lang};

/// One of several answers: the word on the wire and its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) zh: String,
    pub(crate) en: String,
}

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text without personal data.
    Text,
    /// Texts, one a line.
    Texts,
    /// One of several.
    One(Vec<Choice>),
    /// Some of several, at least so many.
    Some(Vec<Choice>, usize),
    /// Yes or no.
    Flag,
    /// A division, by its code.
    Division,
    /// A day.
    Day,
    /// A month, such as `2026-10`.
    Month,
    /// A whole number.
    Count,
    /// Money, typed in yuan.
    Yuan,
    /// A document, referred to by its salted hash; what it is called.
    Paper(&'static str),
    /// Any number of documents.
    Papers(&'static str),
    /// Documents of these kinds, by the word on the wire; the first is needed where the field is.
    PapersOf(Vec<Choice>),
    /// The salted hash of a document by itself.
    Digest,
    /// A written notice and the proof that it arrived.
    Told,
    /// The level of each category that there is: one, or the parts of a multiple disability.
    Grade,
    /// What became of an old card: why it was not handed in, or nothing when it was.
    OldCard,
    /// The id of the new subject, which the signer gives.
    NewSubject,
    /// Which subject of several it is about.
    OneSubject(Vec<Choice>),
    /// A personal field: sealed under the person's key, never in clear.
    Personal,
}

impl Kind {
    /// An answer that the signer gives by themselves: an opinion, a verdict, what they attest.
    pub(crate) const fn is_answer(&self) -> bool {
        matches!(
            self,
            Self::Flag
                | Self::One(_)
                | Self::OneSubject(_)
                | Self::Some(..)
                | Self::Grade
                | Self::OldCard
        )
    }
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// Where it goes: a place in `data`, or the name of a personal field.
    pub(crate) path: &'static str,
    pub(crate) kind: Kind,
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
    /// It must be filled in.
    pub(crate) required: bool,
    /// What stands there at first: never an answer that the signer has to give by themselves.
    pub(crate) value: Option<String>,
    /// What the domain is asked with; nothing of it is shown.
    sample: Option<String>,
    /// It is asked only while this field is checked.
    pub(crate) only_if: Option<&'static str>,
    /// Where its answer is found, Chinese and English.
    pub(crate) hint: Option<(Cow<'static, str>, Cow<'static, str>)>,
    /// The code of the refusal that is about what stands here.
    pub(crate) refused_by: Option<&'static str>,
}

impl Field {
    /// A field that must be filled in.
    pub(super) const fn new(
        path: &'static str,
        kind: Kind,
        zh: &'static str,
        en: &'static str,
    ) -> Self {
        let (value, sample, only_if, hint, refused_by) = (None, None, None, None, None);
        Self { path, kind, zh, en, required: true, value, sample, only_if, hint, refused_by }
    }

    /// It may be left out.
    pub(super) const fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// What stands there at first. What the signer has to say by themselves, yes or no or one of
    /// several, has nothing there.
    pub(super) fn at_first(mut self, value: impl std::fmt::Display) -> Self {
        debug_assert!(!self.kind.is_answer(), "{}: an answer is not preset", self.path);
        self.value = Some(format!("{value}"));
        self
    }

    /// Says where its answer is found.
    pub(super) fn hinted(
        mut self,
        zh: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.hint = Some((zh.into(), en.into()));
        self
    }

    /// Says which refusal is about what stands here.
    pub(super) const fn refused_by(mut self, code: &'static str) -> Self {
        self.refused_by = Some(code);
        self
    }

    /// What the domain is asked with in place of what the signer will say.
    pub(super) fn sampled(mut self, value: impl std::fmt::Display) -> Self {
        self.sample = Some(format!("{value}"));
        self
    }

    /// Asked only while that field is checked.
    pub(super) const fn only_if(mut self, flag: &'static str) -> Self {
        self.only_if = Some(flag);
        self
    }

    /// A value as the signer may give it, for the prototype; none where it may be left out.
    pub(crate) fn sample(&self, today: Day) -> Option<Value> {
        let says = !matches!(self.kind, Kind::Personal | Kind::NewSubject | Kind::OneSubject(_));
        if !says || (!self.required && self.kind != Kind::OldCard) {
            return None;
        }
        Some(match (&self.kind, self.value.as_ref().or(self.sample.as_ref())) {
            (Kind::Text | Kind::One(_) | Kind::Day | Kind::Month | Kind::Division, Some(value)) => {
                json!(value)
            }
            (Kind::Flag, _) => json!(true),
            (Kind::Text, None) => json!("x"),
            (Kind::Division, None) => json!("110000"),
            (Kind::Texts, _) => json!(["x"]),
            (Kind::One(choices), None) => json!(choices.first()?.value),
            (Kind::Some(choices, least), _) => {
                let chosen: Vec<_> = choices.iter().take(*least).map(|one| &one.value).collect();
                json!(chosen)
            }
            (Kind::Day, None) => json!(today),
            (Kind::Month, None) => json!(today.month()),
            (Kind::Count | Kind::Yuan, value) => {
                json!(value.and_then(|text| text.parse::<i64>().ok()).unwrap_or(1))
            }
            (Kind::Paper(_), _) => paper(),
            (Kind::Papers(_) | Kind::PapersOf(_), _) => json!([paper()]),
            (Kind::Digest, _) => json!(Hash([0; 32])),
            (Kind::Told, _) => json!({ "notice": paper(), "proof": paper() }),
            (Kind::Grade, _) => json!({ "category": Category::Physical, "level": 4 }),
            (Kind::OldCard, _) => json!("returned"),
            (Kind::Personal | Kind::NewSubject | Kind::OneSubject(_), _) => return None,
        })
    }
}

fn paper() -> Value {
    json!({ "kind": "x", "hash": Hash([0; 32]) })
}

/// An actor or an institution to choose: by name, with the id behind it.
pub(super) fn actor(state: &State, id: &ActorId) -> Choice {
    let found = Called::find(state, id);
    let word = |lang| found.as_ref().map_or_else(|| id.to_string(), |it| it.with_id(id, lang));
    Choice { value: id.to_string(), zh: word(Lang::Zh), en: word(Lang::En) }
}

/// What two or more categories are together.
pub(crate) const MULTIPLE: (&str, &str, &str) = ("multiple", "多重", "multiple");

/// The categories; a multiple disability is its parts.
pub(crate) const CATEGORIES: &[(&str, &str, &str)] = &[
    ("visual", "视力", "visual"),
    ("hearing", "听力", "hearing"),
    ("speech", "言语", "speech"),
    ("physical", "肢体", "physical"),
    ("intellectual", "智力", "intellectual"),
    ("psychiatric", "精神", "psychiatric"),
];

/// Choices from a closed list: the word on the wire, Chinese, English.
pub(super) fn one_of(list: &[(&str, &str, &str)]) -> Kind {
    Kind::One(choices(list))
}

pub(super) fn choices(list: &[(&str, &str, &str)]) -> Vec<Choice> {
    let choice = |(value, zh, en): &(&str, &str, &str)| Choice {
        value: (*value).to_owned(),
        zh: (*zh).to_owned(),
        en: (*en).to_owned(),
    };
    list.iter().map(choice).collect()
}
