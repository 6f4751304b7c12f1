//! What an offer rests on, or gives effect to, in plain words: nobody signs a hash that they cannot
//! read. What a statement says is opened, and what that one rests on, in turn.
//!
//! A name is masked as in a public notice, for those who may look at names at all; the whole name
//! takes a purpose, on the page of the person.

use std::collections::BTreeSet;

use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::super::{
    parts,
    view::View,
    words::{self, desk::Desk},
};
use crate::answer::desk::Offer;
use crate::answer::{AskError, notice, open};
use crate::domain::certificate::masked;
use crate::event::{Body, Recorded};
use crate::ledger::Ledger;
use crate::policy::{self, Policy};
use crate::report::facts_in;
use crate::service::{problem::Problem, roles};
use crate::value::{Hash, PayrollId, PersonId, PolicyName, Subject};

/// How deep a statement is opened, and how many at most.
const DEPTH_MAX: usize = 3;
const AT_ONCE: usize = 24;
/// The number of an ID card, before what a certificate's number adds to it.
const ID_CHARS: usize = 18;
/// Lists of papers and of payments hold no statements.
const NOT_OPENED: [&str; 3] = ["evidence", "items", "keys"];

/// A statement in words.
struct Referred {
    id: Hash,
    index: u64,
    person: Option<PersonId>,
    title: String,
    signed: String,
    facts: Vec<(String, String)>,
    rests: Vec<Self>,
}

/// What a form says of the statements that its offer names.
pub(super) struct Said {
    /// Before its fields.
    pub(super) shown: Markup,
    /// The words for its ids, for the script.
    pub(super) ids: Value,
    /// What the offer is of, where a page has several alike: the proposal that is endorsed, by its
    /// title and entry; the payroll that is released.
    pub(super) of: Option<String>,
}

/// Opens what an offer rests on.
pub(super) fn of_offer(view: &View, offer: &Offer) -> Said {
    let w = words::desk::of(view.lang);
    let mut opening = Opening { view, w, seen: BTreeSet::new(), told: BTreeSet::new() };
    match opening.offer(offer) {
        Ok(found) => {
            let entry = view.w.common.entry;
            let ids = opening.words(offer, &found);
            let proposal =
                found.first().map(|one| format!("{} · {entry} {}", one.title, one.index));
            let of = match offer.name {
                "endorsed" => proposal,
                "payroll.authorised" => ids[&offer.subject].as_str().map(str::to_owned),
                _ => None,
            };
            Said { shown: shown(view, w, &found), ids, of }
        }
        Err(_) => {
            let shown = html! { p.note.bad { (w.referred_unread) } };
            Said { shown, ids: json!({}), of: None }
        }
    }
}

fn shown(view: &View, w: &Desk, all: &[Referred]) -> Markup {
    html! {
        @if !all.is_empty() {
            div.referred {
                p.soft { (w.referred) }
                @for one in all { (card(view, one)) }
            }
        }
    }
}

fn card(view: &View, one: &Referred) -> Markup {
    html! {
        div {
            p {
                strong { (one.title) } " " span.soft { (one.signed) " · " (view.w.common.entry) " " (parts::entry(view, one.index)) }
                @if let Some(person) = one.person { span.soft { " · " (view.w.common.person) " " (parts::person(view, person)) } }
            }
            @if !one.facts.is_empty() {
                dl.facts { @for (name, value) in &one.facts { dt { (name) } dd { (value) } } }
            }
            @for inner in &one.rests { (card(view, inner)) }
        }
    }
}

struct Opening<'a> {
    view: &'a View,
    w: &'static Desk,
    seen: BTreeSet<Hash>,
    /// Whose name was said already.
    told: BTreeSet<PersonId>,
}

impl Opening<'_> {
    fn ledger(&self) -> &Ledger {
        &self.view.app.ledger
    }

    fn offer(&mut self, offer: &Offer) -> Result<Vec<Referred>, Problem> {
        let mut ids = offer.refs.clone();
        statements(&Value::Object(offer.data.clone()), &mut ids);
        self.all(&ids, DEPTH_MAX)
    }

    fn all(&mut self, ids: &[Hash], depth: usize) -> Result<Vec<Referred>, Problem> {
        let mut found = Vec::new();
        for id in ids {
            if depth == 0 || self.seen.len() >= AT_ONCE || !self.seen.insert(*id) {
                continue;
            }
            let Some(index) = self.ledger().find(id)? else { continue };
            let event = self.ledger().event(index)?;
            let data = serde_json::from_str(&event.payload.body.to_json()).unwrap_or(Value::Null);
            let mut inner = event.payload.refs.clone();
            statements(&data, &mut inner);
            let facts = self.facts(&event, &data)?;
            let view = self.view;
            let signer = &event.signer;
            let role = parts::role(view, signer.role);
            let signed = format!(
                "{} · {role} · {}",
                event.payload.at,
                parts::organisation(view, &signer.organisation)
            );
            let title = parts::event_title(view.lang, event.payload.body.name());
            // Whom it is about is said once.
            let person = event.payload.body.person().filter(|person| self.told.insert(*person));
            let rests = self.all(&inner, depth - 1)?;
            found.push(Referred { id: *id, index, person, title, signed, facts, rests });
        }
        found.sort_by_key(|one| one.index);
        Ok(found)
    }

    /// What an event says: the fields that every reader is shown, and what its kind says besides.
    fn facts(&self, event: &Recorded, data: &Value) -> Result<Vec<(String, String)>, Problem> {
        let (view, w) = (self.view, self.w);
        let mut facts = self.personal(event)?;
        // A statement that is named is opened below, in words.
        let plain = facts_in(data, view.lang, &|id| parts::named(view, id));
        let plain = plain.into_iter().filter(|(_, value)| value.parse::<Hash>().is_err());
        facts.extend(plain.map(|(name, value)| (name.to_owned(), value)));
        let mut add = |name: &str, value: String| facts.push((name.to_owned(), value));
        match &event.payload.body {
            Body::PayrollPrepared(data) => add(w.row_count, data.count.to_string()),
            Body::PayrollAuthorised(_) => {
                if let Some(payroll) = payroll_of(&event.subject) {
                    facts.extend(self.payroll(payroll)?);
                }
            }
            Body::PolicyPublished(data) => {
                if let Ok(policy) = Policy::parse(&data.text) {
                    for line in policy::explain(&policy, view.lang) {
                        add(w.policy_says, line);
                    }
                }
            }
            Body::ActorEnrolled(data) => {
                add(w.actor, event.subject.to_string().replacen("actor:", "", 1));
                add(w.role, parts::role(view, data.role).to_owned());
                add(w.organisation, parts::organisation(view, &data.organisation));
                add(w.key_print, data.public_key.kid().to_string());
            }
            Body::ActorKeyRotated(data) => {
                add(w.actor, event.subject.to_string().replacen("actor:", "", 1));
                add(w.key_print, data.public_key.kid().to_string());
            }
            Body::PersonalDataErased(data) => {
                add(w.keys_gone, data.keys.len().to_string());
                add(w.final_on, data.final_on.to_string());
            }
            _ => {}
        }
        Ok(facts)
    }

    fn payroll(&self, id: PayrollId) -> Result<Vec<(String, String)>, Problem> {
        let (view, common) = (self.view, &self.view.w.common);
        let found = self.ledger().with_state(|state| state.benefits.payroll(&id).cloned())?;
        let Some(found) = found else { return Ok(Vec::new()) };
        let facts = [
            (common.programme, parts::programme(view, found.programme)),
            (common.month, found.month.to_string()),
            (common.division, parts::division(view, found.division)),
            (common.amount, parts::yuan(found.total)),
            (self.w.row_count, found.count.to_string()),
        ];
        Ok(facts.map(|(name, value)| (name.to_owned(), value)).into())
    }

    /// Masked name and the end of a certificate's number, for those who may look at names.
    fn personal(&self, event: &Recorded) -> Result<Vec<(String, String)>, Problem> {
        let ledger = self.ledger();
        let may = roles::REVEAL.contains(&self.view.caller()?.signer.role);
        let person = event.payload.body.person();
        let restricted = ledger.with_state(|state| {
            person.and_then(|id| state.people.find(&id)).is_some_and(|found| found.restricted)
        })?;
        if !may || restricted || ledger.personal().is_none() {
            return Ok(Vec::new());
        }
        let own = open(ledger, event)?;
        let name = own.as_ref().and_then(|own| masked(own.name.as_deref()?));
        let name = match name {
            Some(name) => Some(name),
            None => name_of_case(ledger, event)?,
        };
        // A step that seals no name of the person's is still about somebody.
        let name = match (name, person) {
            (None, Some(person)) => self.view.app.masked_name(person)?,
            (name, _) => name,
        };
        let is_told = person.is_some_and(|person| self.told.contains(&person));
        let mut facts = Vec::new();
        facts.extend(name.filter(|_| !is_told).map(|name| (self.w.masked_name.to_owned(), name)));
        if let Some(number) = own.as_ref().and_then(|own| own.certificate_number.as_deref()) {
            let end: String = number.chars().skip(ID_CHARS).collect();
            facts.push((self.w.number.to_owned(), format!("{}{end}", self.w.number_begins)));
        }
        Ok(facts)
    }

    /// What the script shows in place of an id: of statements, of the policy, of a payroll.
    fn words(&self, offer: &Offer, found: &[Referred]) -> Value {
        let mut words = Map::new();
        for one in found {
            let facts = one.facts.iter().map(|(name, value)| format!("{name} {value}"));
            let text = [one.title.clone(), one.signed.clone()].into_iter().chain(facts);
            let text: Vec<_> = text.collect();
            words.insert(one.id.to_string(), json!(text.join(" · ")));
        }
        let policy = offer.policy.and_then(|hash| self.policy(hash));
        words.extend(offer.policy.zip(policy).map(|(hash, text)| (hash.to_string(), json!(text))));
        let payroll = offer.subject.parse().ok().and_then(|subject| payroll_of(&subject));
        if let Some(Ok(facts)) = payroll.map(|payroll| self.payroll(payroll)) {
            let text: Vec<_> =
                facts.iter().map(|(name, value)| format!("{name} {value}")).collect();
            words.insert(offer.subject.clone(), json!(text.join(" · ")));
        }
        Value::Object(words)
    }

    fn policy(&self, hash: Hash) -> Option<String> {
        let view = self.view;
        let found = self.ledger().with_state(|state| {
            let mut all = state.policies.policies();
            all.find(|it| it.hash == hash).map(|it| it.policy.clone())
        });
        let policy = found.ok()??;
        let title = match policy.name {
            PolicyName::Programme(programme) => parts::programme(view, programme),
            PolicyName::Certificate => self.w.policy_certificate.to_owned(),
            PolicyName::Rates => self.w.policy_rates.to_owned(),
        };
        let place = parts::division(view, policy.division);
        Some(format!("{title} · {} {} · {place}", self.w.policy_version, policy.version))
    }
}

/// The masked name in the application of the case that an event is of, or of the person's open one.
fn name_of_case(ledger: &Ledger, event: &Recorded) -> Result<Option<String>, AskError> {
    let case = match (&event.subject, event.payload.body.person()) {
        (Subject::Case(case), _) => Some(*case),
        (_, Some(person)) => ledger.with_state(|state| state.certificates.open_case_of(&person))?,
        _ => None,
    };
    let Some(case) = case else { return Ok(None) };
    Ok(notice::shown(ledger, case)?.map(|shown| shown.name))
}

fn payroll_of(subject: &Subject) -> Option<PayrollId> {
    match subject {
        Subject::Payroll(id) => Some(*id),
        _ => None,
    }
}

/// The ids in an event's data that may be those of statements.
fn statements(data: &Value, ids: &mut Vec<Hash>) {
    match data {
        Value::String(text) => ids.extend(text.parse::<Hash>().ok()),
        Value::Array(all) => all.iter().for_each(|one| statements(one, ids)),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, _)| !NOT_OPENED.contains(&name.as_str()));
            fields.for_each(|(_, value)| statements(value, ids));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
