//! `draft`: an event body becomes a draft that its signer can check and sign offline.
//!
//! Drafting is an act of the ledger's process, which alone holds the tag key and the vault: it
//! seals personal fields under the person's key, fills in the tags that stand for them, and says
//! what the subject's latest statement is. The draft carries the key of each sealed object, so
//! that the signer's client re-opens what it signs.

mod fields;
mod file;
mod unique;

use std::path::PathBuf;

use clap::Args;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, value::RawValue};
use zeroize::Zeroizing;

use super::{
    error::CliError,
    folder,
    output::talk,
    session::{Session, Vault, personal, today},
};
use crate::crypto::{EventKey, Sealed, TagKind, random_bytes};
use crate::domain::Rejection;
use crate::event::{Body, Payload, Signer};
use crate::ledger::{Ledger, Personal, is_decision};
use crate::rolls::clean;
use crate::value::{ActorId, Cti, Day, Hash, PersonId, Subject, Tag};
use crate::vault::write_secret;

pub(super) use file::{DraftClaims, DraftFile};

/// Turn an event body into a draft to sign (起草)
///
/// BODY is JSON: {"type", "at", "subject", "data"} and, where they apply, "policy", "refs",
/// "about" and "personal" (an object of personal fields, or one object for each person
/// concerned). Tags of personal fields, what an ID number says, and the person of a case may be
/// left out of "data": they are filled in. A subject such as case:new draws a new id.
#[derive(Args)]
pub(super) struct Draft {
    /// The event body
    #[arg(value_name = "BODY")]
    body: PathBuf,
    /// The actor who will sign
    #[arg(long, value_name = "ID", required_unless_present = "key_id")]
    actor: Option<ActorId>,
    /// The id of the key that will sign, in place of the actor
    #[arg(long, value_name = "KID", conflicts_with = "actor")]
    key_id: Option<Hash>,
    /// Where to write the draft, for its owner only [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The body as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyFile<'a> {
    #[serde(rename = "type")]
    name: String,
    at: Option<Day>,
    subject: String,
    data: Map<String, Value>,
    policy: Option<Hash>,
    #[serde(default)]
    refs: Vec<Hash>,
    #[serde(default)]
    about: Vec<Subject>,
    #[serde(borrow)]
    personal: Option<&'a RawValue>,
}

/// Longest body that is read, in bytes: its statement has to stay under 65,400.
const BODY_BYTES_MAX: u64 = 128 << 10;

/// A sealed object with the key that opens it.
struct SealedWithKey {
    sealed: Sealed,
    key: EventKey,
}

impl Draft {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let text = Zeroizing::new(folder::read_text(&self.body, BODY_BYTES_MAX)?);
        let unique::Unique = strict(&text, "the body")?;
        let body: BodyFile<'_> = strict(&text, "the body")?;
        let persons = persons(body.personal)?;
        let vault = if persons.is_empty() { Vault::IfThere } else { Vault::Needed };
        let ledger = session.open_to_read(vault)?;
        let (signer, kid) = self.signer(&ledger)?;
        let draft = draft(&ledger, body, &persons, &signer, kid)?;
        let text = draft.to_text();
        match &self.output {
            Some(path) => write_secret(path, &text)?,
            None => session.out.text(&draft, &text),
        }
        let signs = format_args!("{} signs it with key {kid}: mingzheng sign", signer.actor);
        talk(format_args!("{signs}{}", draft.opens_note()));
        Ok(())
    }

    /// Who will sign, and with which key.
    fn signer(&self, ledger: &Ledger) -> Result<(Signer, Hash), CliError> {
        let today = today(ledger);
        let found = ledger.with_state(|state| {
            let kid = match (&self.actor, self.key_id) {
                (Some(actor), _) => state.actors.find(actor)?.keys.last()?.kid(),
                (None, kid) => kid?,
            };
            Some(state.actors.signer(&kid, today).map(|signer| (signer, kid)))
        })?;
        let found = found.ok_or_else(|| {
            CliError::refused("the actor is not enrolled on this ledger")
                .hinted("`mingzheng actor list` shows who is")
        })?;
        Ok(found.map_err(Rejection::from)?)
    }
}

fn draft(
    ledger: &Ledger,
    body: BodyFile<'_>,
    persons: &[Personal],
    signer: &Signer,
    kid: Hash,
) -> Result<DraftFile, CliError> {
    let subject = subject(&body.subject)?;
    let mut data = body.data;
    let known = fields::Known::of(&body.name)?;
    if let Some(first) = persons.first() {
        known.fill_tags(&mut data, first, personal(ledger)?.tagger());
        known.fill_number(&mut data, first);
    }
    let person = known.fill_person(&mut data, |id| {
        ledger.with_state(|state| {
            match &subject {
                Subject::Person(person) => Some(*person),
                Subject::Case(case) => state.person_of_case(case),
                Subject::Certificate(id) => state.certificates.find(id).map(|found| found.person),
                _ => None,
            }
            .or_else(|| id.and_then(|id| state.people.by_tag(&id)))
        })
    })?;
    let event = event(&body.name, &known, data)?;
    if let Some(first) = persons.first()
        && !crate::ledger::tags_agree(&event, first, personal(ledger)?.tagger())
    {
        return Err(CliError::refused("a tag in data is not the tag of its personal field")
            .hinted("leave tags out of data: they are filled in from the personal fields"));
    }
    let mut payload = Payload::new(body.at.unwrap_or_else(|| today(ledger)), event);
    payload.policy = body.policy;
    payload.refs = body.refs;
    payload.about = body.about;
    if is_decision(&payload) {
        payload.expect = Some(ledger.expect(&subject)?);
    }
    let sealed = seal_all(ledger, &subject, payload.body.name(), persons, person)?;
    payload.sealed = sealed.iter().map(|with_key| with_key.sealed.clone()).collect();
    let claims = DraftClaims {
        iss: signer.organisation.clone(),
        sub: subject,
        aud: ledger.origin().clone(),
        kid,
        // Drawn once for the draft: signed twice, it can still be recorded only once.
        cti: Cti(random_bytes()?),
    };
    let keys = sealed.iter().map(|with_key| with_key.key.clone());
    Ok(DraftFile::new(claims, &payload, keys))
}

/// Reads `data` strictly, saying where it can which field is wrong.
fn event(name: &str, known: &fields::Known, data: Map<String, Value>) -> Result<Body, CliError> {
    let refused = |why: String| {
        CliError::refused(why).hinted(format!("events/ has the schema and examples of {name}"))
    };
    let (missing, unknown) = (known.missing(&data), known.unknown(&data));
    if !missing.is_empty() {
        return Err(refused(format!("data has no {}", missing.join(", "))));
    }
    if !unknown.is_empty() {
        return Err(refused(format!("data has the unknown field {}", unknown.join(", "))));
    }
    let data = Value::Object(data).to_string();
    Body::from_json(name, &data).map_err(|error| refused(error.to_string()))
}

/// Seals each person's fields under that person's key; new keys are durable before they are used.
fn seal_all(
    ledger: &Ledger,
    subject: &Subject,
    name: &str,
    persons: &[Personal],
    first_person: Option<PersonId>,
) -> Result<Vec<SealedWithKey>, CliError> {
    let mut sealed = Vec::with_capacity(persons.len());
    for (number, fields) in persons.iter().enumerate() {
        let store = personal(ledger)?;
        let id_tag = match &fields.id_number {
            Some(id) => Some(store.tag(TagKind::Id, id)),
            None if number == 0 => id_tag_of(ledger, first_person)?,
            None => None,
        };
        let id_tag = id_tag.ok_or_else(|| {
            CliError::refused("personal fields without an ID number, of a person not on the ledger")
                .hinted("give personal.id_number, or data.person of a person who is on the ledger")
        })?;
        let keys = store.keys_for(&[id_tag])?;
        let [key] = keys.as_slice() else {
            return Err(CliError::refused("the vault gave no key for the person"));
        };
        let object = store.seal(key, subject, name, fields)?;
        let event_key = EventKey::derive(&key.1, object.nonce);
        sealed.push(SealedWithKey { sealed: object, key: event_key });
    }
    Ok(sealed)
}

/// The ID tag in force of a person on the ledger.
fn id_tag_of(ledger: &Ledger, person: Option<PersonId>) -> Result<Option<Tag>, CliError> {
    let Some(person) = person else { return Ok(None) };
    Ok(ledger.with_state(|state| state.people.find(&person)?.ids.last().copied())?)
}

/// Reads a subject; `case:new` and its like draw a new id.
fn subject(text: &str) -> Result<Subject, CliError> {
    let text = match text.strip_suffix(":new") {
        Some(kind) => format!("{kind}:{}", Cti(random_bytes()?)),
        None => text.to_owned(),
    };
    Ok(text.parse()?)
}

/// One person's fields, or one object for each person; cleaned as imports clean them, so that one
/// number has one tag.
fn persons(raw: Option<&RawValue>) -> Result<Vec<Personal>, CliError> {
    let Some(raw) = raw else { return Ok(Vec::new()) };
    let mut persons: Vec<Personal> = if raw.get().starts_with('[') {
        strict(raw.get(), "personal")?
    } else {
        vec![strict(raw.get(), "personal")?]
    };
    for person in &mut persons {
        clean_fields(person);
    }
    Ok(persons)
}

fn clean_fields(person: &mut Personal) {
    let clean = |field: &mut Option<String>, clean: fn(&str) -> std::borrow::Cow<'_, str>| {
        if let Some(text) = field {
            let cleaned = clean(text).into_owned();
            zeroize::Zeroize::zeroize(text);
            *field = Some(cleaned);
        }
    };
    for field in [
        &mut person.name,
        &mut person.guardian_name,
        &mut person.holder,
        &mut person.assessor_1,
        &mut person.assessor_2,
        &mut person.receiver,
        &mut person.reviewer,
        &mut person.approver,
    ] {
        clean(field, clean::name);
    }
    for field in [
        &mut person.id_number,
        &mut person.certificate_number,
        &mut person.phone,
        &mut person.household_no,
        &mut person.guardian_id,
        &mut person.account,
        &mut person.chassis,
        &mut person.engine,
        &mut person.blank,
    ] {
        clean(field, clean::identifier);
    }
    clean(&mut person.village, clean::words);
}

/// Reads JSON strictly; the error names the place and never quotes the text, which is personal.
fn strict<'a, T: Deserialize<'a>>(text: &'a str, what: &str) -> Result<T, CliError> {
    serde_json::from_str(text).map_err(|error| {
        let kind = match error.classify() {
            serde_json::error::Category::Data => "a wrong, unknown, repeated or missing field",
            serde_json::error::Category::Syntax => "not JSON",
            serde_json::error::Category::Eof => "cut off",
            serde_json::error::Category::Io => "unreadable",
        };
        let (line, column) = (error.line(), error.column());
        CliError::refused(format!("{what} is not valid at line {line}, column {column}: {kind}"))
            .hinted("`mingzheng draft --help` names the fields")
    })
}

/// Reads a file's JSON strictly.
pub(super) fn strict_file<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, CliError> {
    strict(text, what)
}
