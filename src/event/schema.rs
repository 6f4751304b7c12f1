//! JSON Schema 2020-12 of an event's payload and of the `data` of each type, from the Rust types.
//!
//! A schema says the form that [`Payload::from_json`] accepts, for readers in other languages and
//! for people. What JSON Schema cannot say (a field written twice, `1.0` for `1`, a public key
//! that is no point of the curve) only the parser refuses; whether an event is allowed is said by
//! neither, but by the rules of its type. The files of `events/` are these schemas; a test holds
//! them together.

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde_json::{Map, Value, json};

use super::{Body, Payload, RULES, Rule, Standing, title_of};
use crate::crypto::Sealed;
use crate::value::{Day, Hash, Subject};

/// Every kind of text that may stand in clear in an event, with what it is. A text in a schema is
/// one of these, a word of a closed list, or one of the few named exceptions (I37).
pub const TEXTS: &[(&str, &str)] = &[
    (
        "Label",
        "Short clear text such as a reason or an institution's name: 1 to 200 bytes, no \
        control character, no outer space, no run of nine digits; never personal data.",
    ),
    (
        "Tag",
        "Keyed pseudonym of an identifier: t, the tag key's version, base32 of 20 bytes. \
        Equal tags of one kind mean equal identifiers.",
    ),
    (
        "Hash",
        "32 bytes in lower-case base32: a statement id, a salted hash of a document, or the \
        hash of a published text.",
    ),
    ("PersonId", "A person's pseudonym: 16 random bytes in base32."),
    ("CaseId", "One application and what follows from it: 16 random bytes in base32."),
    (
        "CertificateId",
        "One certificate; its printed number may change, this does not: 16 random \
        bytes in base32.",
    ),
    ("HouseholdId", "A household: 16 random bytes in base32."),
    ("VehicleId", "A vehicle: 16 random bytes in base32."),
    ("PayrollId", "One payroll batch: 16 random bytes in base32."),
    ("RollId", "One received roll: 16 random bytes in base32."),
    ("KeyId", "A data key in the vault: 16 random bytes in base32."),
    ("ActorId", "An actor's or institution's stable id, such as 411702-dpf-0007."),
    (
        "Programme",
        "Benefit programme, as its published policy is named: 2 to 32 small letters, digits and \
        underscores, a letter first.",
    ),
    ("DivisionCode", "Administrative division, six digits (GB/T 2260)."),
    ("Day", "A calendar day in Asia/Shanghai, YYYY-MM-DD, years 1900 to 2200."),
    ("Month", "A calendar month, YYYY-MM, years 1900 to 2200."),
    ("Subject", "What a statement is about: kind:id, or ledger."),
    (
        "PublicKey",
        "Ed25519 public key, base64 of 32 bytes; canonical, torsion-free, not of small \
        order.",
    ),
    ("Origin", "The ledger's name in checkpoints."),
    ("TreeHash", "SHA-256 of a tree node (RFC 6962), base64 of 32 bytes."),
    ("Nonce", "24 random bytes, base64."),
    ("Ciphertext", "Ciphertext with its tag, base64 of 16 to 48,000 bytes."),
    ("Commitment", "Commitment to key and plaintext, base64 of 32 bytes."),
];

impl Payload {
    /// The JSON Schema of a whole payload. It refers to the schemas of the types by their `$id`.
    #[must_use]
    pub fn schema() -> Schema {
        let mut generator = SchemaSettings::draft2020_12().into_generator();
        let schema = envelope(&mut generator);
        let defs = generator.take_definitions(true);
        finish(schema, defs, "urn:mingzheng:payload:1", "payload")
    }
}

/// The schema of the data struct `T` of the type called `name`.
pub(super) fn of<T: JsonSchema>(name: &str) -> Schema {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = T::json_schema(&mut generator);
    schema.as_object_mut().into_iter().flat_map(Map::values_mut).for_each(without_null);
    let defs = generator.take_definitions(true);
    let title = format!("{name} {}", title_of(name).unwrap_or_default());
    finish(schema, defs, &id_of(name), &title)
}

/// The `$id` of a type's schema. Nothing stands at a URN, so no reader goes to the network for it.
fn id_of(name: &str) -> String {
    format!("urn:mingzheng:event:{name}:1")
}

fn envelope(generator: &mut SchemaGenerator) -> Schema {
    let hash = generator.subschema_for::<Hash>();
    let by_type: Vec<Value> = RULES.iter().map(of_type).collect();
    json_schema!({
        "description": "What an actor signs: the envelope that all events share, and the data of \
            one type. No field is ever null but expect.head, and none is written twice.",
        "type": "object",
        "properties": {
            "type": { "description": "The event's dotted name.", "enum": Body::NAMES },
            "v": { "description": "Version of the type.", "const": 1 },
            "at": described(&generator.subschema_for::<Day>(),
                "The day it happened in the world, Asia/Shanghai."),
            "refs": {
                "description": "Ids of the statements it rests on.",
                "type": "array", "items": hash, "maxItems": Payload::REFS_MAX,
            },
            "expect": {
                "description": "What the signer saw; decisions must say it.",
                "type": "object",
                "properties": { "head": {
                    "description": "The subject's latest statement; null when it has none yet.",
                    "anyOf": [hash, { "type": "null" }],
                } },
                "required": ["head"],
                "additionalProperties": false,
            },
            "policy": described(&hash, "Hash of the policy it was made under."),
            "about": {
                "description": "Other subjects it concerns.",
                "type": "array", "items": generator.subschema_for::<Subject>(),
                "maxItems": Payload::ABOUT_MAX,
            },
            "data": { "description": "What happened, in the fields of the type." },
            "sealed": {
                "description": "Personal data, one object per person concerned. The plaintext is \
                    JSON as sealed.schema.json says.",
                "type": "array", "items": generator.subschema_for::<Sealed>(),
                "maxItems": Payload::SEALED_MAX,
            },
        },
        "required": ["type", "v", "at", "data"],
        "additionalProperties": false,
        "allOf": by_type,
    })
}

/// What the envelope must be for one type: its data, and `expect` in a decision.
fn of_type(rule: &Rule) -> Value {
    let mut then = json!({ "properties": { "data": { "$ref": id_of(rule.name) } } });
    if rule.standing == Standing::Decision {
        then["required"] = json!(["expect"]);
    }
    json!({ "if": { "properties": { "type": { "const": rule.name } } }, "then": then })
}

fn described(schema: &Schema, description: &str) -> Schema {
    let mut schema = schema.clone();
    schema.insert("description".to_owned(), description.into());
    schema
}

fn finish(mut schema: Schema, mut defs: Map<String, Value>, id: &str, title: &str) -> Schema {
    for (name, def) in &mut defs {
        without_null(def);
        tidy(def);
        if let Some((_, text)) = TEXTS.iter().find(|(known, _)| known == name) {
            def["description"] = (*text).into();
        }
    }
    schema.as_object_mut().into_iter().flat_map(Map::values_mut).for_each(tidy);
    schema.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("$id".to_owned(), id.into());
    schema.insert("title".to_owned(), title.into());
    if !defs.is_empty() {
        schema.insert("$defs".to_owned(), defs.into());
    }
    schema
}

/// Descriptions stand on one line; a 32-bit count says its limit as the shorter ones do.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(map) => {
            map.values_mut().for_each(tidy);
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            if map.get("format").is_some_and(|format| format == "uint32") {
                map.insert("maximum".to_owned(), u32::MAX.into());
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A field that may be absent is never null: takes the null out of what stands for an `Option`.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(without_null),
        Value::Object(map) => {
            map.values_mut().for_each(without_null);
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    map.insert("type".to_owned(), only);
                }
            }
            let Some(Value::Array(kinds)) = map.get_mut("anyOf") else { return };
            kinds.retain(|kind| kind.get("type").is_none_or(|name| name != "null"));
            if let [Value::Object(only)] = kinds.as_mut_slice() {
                let only = std::mem::take(only);
                map.remove("anyOf");
                for (key, value) in only {
                    map.entry(key).or_insert(value);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
