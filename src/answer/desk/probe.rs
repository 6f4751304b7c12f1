//! Asks the domain about a step that nobody has signed yet.

use std::sync::LazyLock;

use hashbrown::HashMap;
use serde_json::{Value, json};

use super::{About, Field, Offer, View};
use crate::domain::{Rejection, decide, endorsement::lapses_on};
use crate::event::{Body, Payload, Recorded, rule_named};
use crate::value::{Hash, PersonId, Subject, Tag};

/// The refusals by which a step is for another officer, though it is due.
const FOR_ANOTHER: [&str; 11] = [
    "assessed_before",
    "assessor_not_apart",
    "assigned_to_other",
    "conflict_declared",
    "has_part_in_case",
    "officers_not_apart",
    "own_case",
    "own_proposal",
    "same_officer",
    "same_organisation",
    "took_part",
];

/// A step before the domain was asked.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) subject: Subject,
    /// The subject does not exist yet: a draft draws its id.
    pub(super) is_new: bool,
    pub(super) refs: Vec<Hash>,
    pub(super) policy: Option<Hash>,
    pub(super) data: Value,
    pub(super) fields: Vec<Field>,
    pub(super) due: bool,
    pub(super) about: Option<About>,
    /// What stands in the prototype where a draft will put a tag of what is typed.
    samples: Vec<(&'static str, Value)>,
}

impl Step {
    /// A step of a subject that the ledger knows, which is due.
    pub(super) fn new(name: &'static str, subject: Subject, data: Value) -> Self {
        let (refs, policy, fields) = (Vec::new(), None, Vec::new());
        let (is_new, due, about, samples) = (false, true, None, Vec::new());
        Self { name, subject, is_new, refs, policy, data, fields, due, about, samples }
    }

    pub(super) fn fields(mut self, fields: Vec<Field>) -> Self {
        self.fields = fields;
        self
    }

    /// The same with a field before the others.
    pub(super) fn fields_first(mut self, field: Field) -> Self {
        self.fields.insert(0, field);
        self
    }

    pub(super) const fn under(mut self, policy: Option<Hash>) -> Self {
        self.policy = policy;
        self
    }

    pub(super) fn resting_on(mut self, refs: Vec<Hash>) -> Self {
        self.refs = refs;
        self
    }

    /// Says what it is about, where several forms of a page are about different things.
    pub(super) fn about(mut self, about: About) -> Self {
        self.about = Some(about);
        self
    }

    /// What the domain is asked with where the signer types a personal field.
    pub(super) fn sample(mut self, field: &'static str, value: Value) -> Self {
        self.samples.push((field, value));
        self
    }

    /// The same with another settled value.
    pub(super) fn with(mut self, field: &str, value: Value) -> Self {
        self.data[field] = value;
        self
    }

    /// It may be taken, but the case does not wait for it.
    pub(super) const fn not_due(mut self) -> Self {
        self.due = false;
        self
    }

    pub(super) const fn of_new_subject(mut self) -> Self {
        self.is_new = true;
        self
    }

    /// The step as an offer, if it is one.
    pub(super) fn offer(self, view: &View<'_>) -> Option<Offer> {
        let rule = rule_named(self.name)?;
        let blocked = match self.judged(view)? {
            Err(rejection) if FOR_ANOTHER.contains(&rejection.code) => Some(rejection),
            Err(_) => return None,
            Ok(()) => None,
        };
        // What was proposed waits for its endorsement, not for another proposal.
        let due = self.due && !self.is_proposed(view);
        let Value::Object(data) = self.data else { return None };
        let second = rule.second.map_or(&[][..], |second| second.roles);
        let subject = self.subject.to_string();
        let subject = match subject.split_once(':') {
            Some((kind, _)) if self.is_new => format!("{kind}:new"),
            _ => subject,
        };
        Some(Offer {
            name: rule.name,
            subject,
            refs: self.refs,
            policy: self.policy,
            data,
            fields: self.fields,
            due,
            second,
            blocked,
            about: self.about,
        })
    }

    /// Whether the same was proposed of the same subject and can be endorsed yet.
    pub(super) fn is_proposed(&self, view: &View<'_>) -> bool {
        let waits = |proposal: &Recorded| {
            let second = proposal.payload.body.second();
            second.is_some_and(|second| view.today <= lapses_on(proposal, &second))
        };
        rule_named(self.name).is_some_and(|rule| rule.second.is_some())
            && view.state.proposals.iter().any(|proposal| {
                proposal.payload.body.name() == self.name
                    && proposal.subject == self.subject
                    && self.is_of_flag(proposal)
                    && waits(proposal)
            })
    }

    /// Whether a proposal follows from the flag that this step follows from: a person may have more.
    fn is_of_flag(&self, proposal: &Recorded) -> bool {
        let own = self.data["flag"].as_str().and_then(|text| text.parse().ok());
        own.is_none_or(|own: Hash| proposal.payload.body.flag() == Some(own))
    }

    /// Whether the domain lets it pass, as the viewer would sign it.
    pub(super) fn is_legal(&self, view: &View<'_>) -> bool {
        matches!(self.judged(view), Some(Ok(())))
    }

    /// What the domain says of it; nothing where it is not of the viewer's role, or has no form.
    pub(super) fn judged(&self, view: &View<'_>) -> Option<Result<(), Rejection>> {
        let rule = rule_named(self.name)?;
        if !rule.signers.contains(&view.signer.role) {
            return None;
        }
        let body = prototype(self, view)?;
        let mut payload = Payload::new(view.today, body);
        payload.policy = self.policy;
        payload.refs.clone_from(&self.refs);
        // A fact is recorded whatever the rules say of it: only form and authority count.
        Some(ask(view, &self.subject, payload))
    }
}

/// The domain's word on a payload as if the viewer signed it now.
pub(super) fn ask(view: &View<'_>, subject: &Subject, payload: Payload) -> Result<(), Rejection> {
    let event = Recorded {
        index: u64::MAX,
        recorded_at_ms: view.now_ms,
        id: Hash([0; 32]),
        signed_at: view.now_ms / 1000,
        subject: subject.clone(),
        signer: view.signer.clone(),
        payload,
    };
    decide(view.state, &event)
}

/// The body with a sample of what the signer has to say; tags that a draft fills in are blanks.
fn prototype(step: &Step, view: &View<'_>) -> Option<Body> {
    let mut whole = Value::Object(step.data.as_object()?.clone());
    let fields = &step.fields;
    let is_on = |flag: &str| {
        let says = |field: &&Field| field.path == flag;
        fields.iter().find(says).and_then(|field| field.sample(view.today)) == Some(json!(true))
    };
    for field in fields {
        if field.only_if.is_some_and(|flag| !is_on(flag)) {
            continue;
        }
        if let Some(value) = field.sample(view.today) {
            put(&mut whole, field.path, value);
        }
    }
    for (field, value) in &step.samples {
        whole[*field] = value.clone();
    }
    let name = step.name;
    for (field, blank) in BLANKS.get(name)? {
        if whole[field].is_null() {
            whole[field] = blank.clone().unwrap_or_else(|| json!(view.today));
        }
    }
    Body::from_json(name, &whole.to_string()).ok()
}

/// Fields with what stands for each; today where there is nothing.
type Blanks = Vec<(String, Option<Value>)>;

/// Fields that each type needs, with what stands for them when nothing is said: what a draft fills in
/// by itself, papers that may be none.
static BLANKS: LazyLock<HashMap<&'static str, Blanks>> = LazyLock::new(|| {
    let blanks = |name: &&'static str| {
        let schema = Body::schema_of(name)?.to_value();
        let fields = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let blank = |field: &str| match schema["properties"][field]["$ref"].as_str() {
            Some("#/$defs/Tag") => Some(json!(Tag { version: 1, bytes: [0; 20] })),
            Some("#/$defs/PersonId") => Some(json!(PersonId([0; 16]))),
            Some("#/$defs/Hash") => Some(json!(Hash([0; 32]))),
            Some("#/$defs/IdForm") => Some(json!("valid")),
            Some("#/$defs/Sex") => Some(json!("female")),
            Some("#/$defs/Day") => None,
            _ => Some(json!([])),
        };
        Some((*name, fields.map(|field| (field.to_owned(), blank(field))).collect()))
    };
    Body::NAMES.iter().filter_map(blanks).collect()
});

/// Puts a value at a place such as `a.b`.
fn put(whole: &mut Value, path: &str, value: Value) {
    let mut at = whole;
    for part in path.split('.') {
        if !at.is_object() {
            *at = json!({});
        }
        at = &mut at[part];
    }
    *at = value;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_made_where_there_is_none() {
        let mut whole = json!({ "a": 1 });
        put(&mut whole, "b.c", json!(2));
        put(&mut whole, "b.d", json!(3));
        put(&mut whole, "a", json!(4));
        assert_eq!(whole, json!({ "a": 4, "b": { "c": 2, "d": 3 } }));
    }
}
