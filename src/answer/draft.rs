//! Drafts: an event body becomes what its signer can check and sign offline.
//!
//! Drafting is an act of the ledger's process, which alone holds the tag key and the vault: it
//! seals personal fields under the person's key, fills in the tags that stand for them, and says
//! what the subject's latest statement is. The draft carries the key of each sealed object, so
//! that the signer's client re-opens what it signs.

mod account;
mod card;
mod fields;
mod file;
mod unique;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json, value::RawValue};

use super::{AskError, notice, personal, today};
use crate::crypto::{EventKey, Sealed, TagKind, random_bytes};
use crate::domain::Rejection;
use crate::event::{Body, Payload, PayloadError, Signer};
use crate::ledger::{Ledger, Personal, is_decision};
use crate::rolls::clean;
use crate::value::{ActorId, CitizenId, Cti, Day, Hash, IdForm, PersonId, Subject, Tag};

pub(crate) use file::{DraftClaims, DraftFile};

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
pub(crate) const BODY_BYTES_MAX: u64 = 128 << 10;

/// A sealed object with the key that opens it.
struct SealedWithKey {
    sealed: Sealed,
    key: EventKey,
}

/// A body that was read, with its personal fields cleaned.
pub(crate) struct ReadBody<'a> {
    body: BodyFile<'a>,
    persons: Vec<Personal>,
}

/// Reads a body strictly: no unknown and no repeated field.
pub(crate) fn read_body(text: &str) -> Result<ReadBody<'_>, AskError> {
    let unique::Unique = strict(text, "the body")?;
    let body: BodyFile<'_> = strict(text, "the body")?;
    let persons = persons(body.personal)?;
    Ok(ReadBody { body, persons })
}

impl ReadBody<'_> {
    /// Whether personal fields are to be sealed, which takes the vault.
    pub(crate) const fn has_personal(&self) -> bool {
        !self.persons.is_empty()
    }

    /// The draft for a signer and its key.
    pub(crate) fn draft(
        self,
        ledger: &Ledger,
        signer: &Signer,
        kid: Hash,
    ) -> Result<DraftFile, AskError> {
        draft(ledger, self.body, &self.persons, signer, kid)
    }
}

/// Who will sign a draft.
pub(crate) enum Signs<'a> {
    /// This actor, with its current key.
    Actor(&'a ActorId),
    /// The owner of this key.
    Key(Hash),
}

impl Signs<'_> {
    /// The signer's enrolment and key.
    pub(crate) fn find(&self, ledger: &Ledger, today: Day) -> Result<(Signer, Hash), AskError> {
        let found = ledger.with_state(|state| {
            let kid = match self {
                Self::Actor(actor) => state.actors.find(actor)?.keys.last()?.kid(),
                Self::Key(kid) => *kid,
            };
            Some(state.actors.signer(&kid, today).map(|signer| (signer, kid)))
        })?;
        let found = found.ok_or_else(|| {
            AskError::refused("the actor is not enrolled on this ledger")
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
) -> Result<DraftFile, AskError> {
    let subject = subject(&body.subject)?;
    let mut data = body.data;
    let known = fields::Known::of(&body.name)?;
    fields::fill_vehicle(&mut data)?;
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
    if body.name == "notice.posted" {
        fill_view(ledger, &subject, &mut data)?;
    }
    if let Some(why) = persons.first().and_then(|first| wrong_number(&known, &data, first)) {
        return Err(AskError::refused(why).hinted(
            "compare it with the identity card; birth_date and sex may be given in data where the \
             card itself has it so",
        ));
    }
    let event = event(&body.name, &known, &data)?;
    if let Some(first) = persons.first()
        && !crate::ledger::tags_agree(&event, first, personal(ledger)?.tagger())
    {
        return Err(AskError::refused("a tag in data is not the tag of its personal field")
            .hinted("leave tags out of data: they are filled in from the personal fields"));
    }
    if let Some(first) = persons.first() {
        card::check(ledger, &event, first)?;
    }
    account::check(ledger, &subject, &event)?;
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

/// Fills in the hash of the masked view that a notice will show, where its signer names none.
fn fill_view(
    ledger: &Ledger,
    subject: &Subject,
    data: &mut Map<String, Value>,
) -> Result<(), AskError> {
    let Subject::Case(case) = subject else { return Ok(()) };
    let said = |name: &str| data.get(name).and_then(Value::as_str);
    let place = said("place").and_then(|text| text.parse().ok());
    let day = |name: &str| said(name).and_then(|text| text.parse().ok());
    let days = day("opens_on").zip(day("closes_on"));
    let (Some(place), Some((opens_on, closes_on)), None) = (place, days, data.get("view")) else {
        return Ok(());
    };
    if let Some(shown) = notice::shown(ledger, *case)? {
        let hash = shown.hash(ledger, (&place, opens_on, closes_on))?;
        data.insert("view".to_owned(), json!(hash));
    }
    Ok(())
}

/// What is wrong with an ID number that was to say birth date and sex, and does not.
fn wrong_number(
    known: &fields::Known,
    data: &Map<String, Value>,
    personal: &Personal,
) -> Option<String> {
    let said = |name: &&str| ["birth_date", "sex"].contains(name);
    let number = personal.id_number.as_ref().filter(|_| known.missing(data).iter().any(said))?;
    let why = match number.parse::<CitizenId>().map(|id| id.form()) {
        Ok(IdForm::Valid) => return None,
        Ok(IdForm::BadCheck) => "its check character does not fit the other digits",
        Ok(IdForm::BadDate) => "its birth date is no day of the calendar",
        Ok(IdForm::Old15) => "it is of the old form, with 15 digits",
        Err(_) => "it has not 18 digits, the last one a digit or X",
    };
    Some(format!("personal.id_number: {why}"))
}

/// Reads `data` strictly, saying where it can which field is wrong.
fn event(name: &str, known: &fields::Known, data: &Map<String, Value>) -> Result<Body, AskError> {
    let refused = |why: String| {
        AskError::refused(why).hinted(format!("events/ has the schema and examples of {name}"))
    };
    let (missing, unknown) = (known.missing(data), known.unknown(data));
    if !missing.is_empty() {
        return Err(refused(format!("data has no {}", missing.join(", "))));
    }
    if !unknown.is_empty() {
        return Err(refused(format!("data has the unknown field {}", unknown.join(", "))));
    }
    let text = Value::Object(data.clone()).to_string();
    Body::from_json(name, &text).map_err(|error| {
        let field = match &error {
            PayloadError::Data { column, .. } => field_at(data, *column),
            _ => None,
        };
        refused(
            field.map_or_else(
                || error.to_string(),
                |field| format!("data.{field} is not of its form"),
            ),
        )
    })
}

/// The field of `data` that stands at a column of it as it was written, on one line: who filled in a
/// form knows no columns.
fn field_at(data: &Map<String, Value>, column: usize) -> Option<&str> {
    let mut end = 1;
    data.iter().find_map(|(name, value)| {
        // Name, colon, value, and the comma or bracket behind them.
        end += json!(name).to_string().len() + 1 + value.to_string().len() + 1;
        (column <= end).then_some(name.as_str())
    })
}

/// Seals each person's fields under that person's key; new keys are durable before they are used.
fn seal_all(
    ledger: &Ledger,
    subject: &Subject,
    name: &str,
    persons: &[Personal],
    first_person: Option<PersonId>,
) -> Result<Vec<SealedWithKey>, AskError> {
    let mut sealed = Vec::with_capacity(persons.len());
    for (number, fields) in persons.iter().enumerate() {
        let store = personal(ledger)?;
        let id_tag = match &fields.id_number {
            Some(id) => Some(store.tag(TagKind::Id, id)),
            None if number == 0 => id_tag_of(ledger, first_person)?,
            None => None,
        };
        let id_tag = id_tag.ok_or_else(|| {
            AskError::refused("personal fields without an ID number, of a person not on the ledger")
                .hinted("give personal.id_number, or data.person of a person who is on the ledger")
        })?;
        let keys = store.keys_for(&[id_tag])?;
        let [key] = keys.as_slice() else {
            return Err(AskError::refused("the vault gave no key for the person"));
        };
        let object = store.seal(key, subject, name, fields)?;
        let event_key = EventKey::derive(&key.1, object.nonce);
        sealed.push(SealedWithKey { sealed: object, key: event_key });
    }
    Ok(sealed)
}

/// The ID tag in force of a person on the ledger.
fn id_tag_of(ledger: &Ledger, person: Option<PersonId>) -> Result<Option<Tag>, AskError> {
    let Some(person) = person else { return Ok(None) };
    Ok(ledger.with_state(|state| state.people.find(&person)?.ids.last().copied())?)
}

/// Reads a subject; `case:new` and its like draw a new id.
fn subject(text: &str) -> Result<Subject, AskError> {
    let text = match text.strip_suffix(":new") {
        Some(kind) => format!("{kind}:{}", Cti(random_bytes()?)),
        None => text.to_owned(),
    };
    Ok(text.parse()?)
}

/// One person's fields, or one object for each person; cleaned as imports clean them, so that one
/// number has one tag.
fn persons(raw: Option<&RawValue>) -> Result<Vec<Personal>, AskError> {
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
    clean(&mut person.address, clean::words);
}

/// Reads JSON strictly; the error names the place and never quotes the text, which is personal.
fn strict<'a, T: Deserialize<'a>>(text: &'a str, what: &str) -> Result<T, AskError> {
    serde_json::from_str(text).map_err(|error| {
        let kind = match error.classify() {
            serde_json::error::Category::Data => "a wrong, unknown, repeated or missing field",
            serde_json::error::Category::Syntax => "not JSON",
            serde_json::error::Category::Eof => "cut off",
            serde_json::error::Category::Io => "unreadable",
        };
        let (line, column) = (error.line(), error.column());
        AskError::refused(format!("{what} is not valid at line {line}, column {column}: {kind}"))
            .hinted("`mingzheng draft --help` names the fields")
    })
}

/// Reads a file's JSON strictly.
pub(crate) fn strict_file<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, AskError> {
    strict(text, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_number_is_said_to_be_one() {
        let known = fields::Known::of("application.submitted").unwrap();
        let wrong = |number: &str, data: Value| {
            let personal = serde_json::from_value(json!({ "id_number": number })).unwrap();
            wrong_number(&known, data.as_object().unwrap(), &personal).unwrap_or_default()
        };
        for (number, part) in [
            ("110105194912310021", "check character"),
            ("11010519491331002X", "birth date"),
            ("110105491231002", "15 digits"),
            ("1101051949", "18 digits"),
        ] {
            let said = wrong(number, json!({}));
            assert!(said.contains(part) && !said.contains(number), "{said}");
            assert_eq!(wrong(number, json!({ "birth_date": "1949-12-31", "sex": "female" })), "");
        }
        assert_eq!(wrong("11010519491231002X", json!({})), "");
    }

    #[test]
    fn a_field_of_the_wrong_form_is_named() {
        let good = json!({
            "person": PersonId([1; 16]), "programme": "living_allowance", "division": "411702",
            "month": "2026-08", "evidence": [], "asked": { "item": "轮椅" },
        });
        let read = |data: &Value| {
            let known = fields::Known::of("benefit.applied").unwrap();
            event("benefit.applied", &known, data.as_object().unwrap())
                .map_err(|error| error.to_string())
        };
        assert!(read(&good).is_ok());
        for field in ["person", "programme", "division", "month", "evidence", "asked"] {
            for wrong in [json!({ "a": 1 }), json!("驿城区"), json!(true), json!([[]])] {
                let mut data = good.clone();
                data[field] = wrong;
                let said = read(&data).unwrap_err();
                assert_eq!(said, format!("data.{field} is not of its form"), "{data}");
            }
        }
    }
}
