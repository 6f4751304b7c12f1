//! Every example is read, or refused, as its folder says.

use std::collections::BTreeSet;

use jsonschema::{Registry, Validator};
use mingzheng::event::{Body, Payload, PayloadError, RULES, Standing};
use mingzheng::ledger::Personal;
use mingzheng::policy::{self, CalendarData, Policy};
use serde_json::Value;

use super::{examples, folder, read, schema};

/// Faults that JSON Schema cannot see: it judges values, not their text, and knows no curves.
const BEYOND_SCHEMA: [(&str, &str); 4] = [
    ("actor.enrolled", "key_of_small_order"),
    ("benefit.determined", "amount_written_as_float"),
    ("endorsed", "version_written_as_float"),
    ("endorsed", "version_written_twice"),
];

/// The whole payload's schema, with the schemas of all types under their `$id`.
fn validator() -> Validator {
    let mut registry = Registry::new();
    for name in Body::NAMES {
        let schema = schema(name);
        let id = schema["$id"].as_str().unwrap().to_owned();
        registry = registry.add(id, schema).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let options = jsonschema::options().with_registry(&registry);
    options.build(&Payload::schema().to_value()).unwrap()
}

/// JSON without the white space between its tokens.
fn packed(text: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    let keep = |c: &char| {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = in_string,
            '"' => in_string = !in_string,
            _ => {}
        }
        in_string || !c.is_ascii_whitespace()
    };
    text.chars().filter(keep).collect()
}

#[test]
fn valid_examples_are_read_written_again_and_fit_their_schema() {
    let validator = validator();
    for rule in RULES {
        let found = examples(rule.name, "valid");
        for wanted in ["minimal", "full"] {
            assert!(found.contains_key(wanted), "{}: no {wanted}.json", rule.name);
        }
        for (file, text) in found {
            let at = format!("{}/valid/{file}.json", rule.name);
            let payload = Payload::from_json(text.as_bytes());
            let payload = payload.unwrap_or_else(|error| panic!("{at}: {error}"));
            assert_eq!(payload.body.name(), rule.name, "{at}");
            assert_eq!(String::from_utf8(payload.to_json()).unwrap(), packed(&text), "{at}");
            assert_eq!(payload.expect.is_some(), rule.standing == Standing::Decision, "{at}");
            let value: Value = serde_json::from_str(&text).unwrap();
            if let Err(error) = validator.validate(&value) {
                panic!("{at}: {error} at {}", error.instance_path());
            }
        }
    }
}

#[test]
fn valid_examples_show_every_field() {
    for name in Body::NAMES {
        let shown: BTreeSet<String> = examples(name, "valid")
            .values()
            .map(|text| serde_json::from_str::<Value>(text).unwrap())
            .flat_map(|value| {
                value["data"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
            })
            .collect();
        let schema = schema(name);
        let fields = schema["properties"].as_object();
        let fields = fields.map(|map| map.keys().cloned().collect()).unwrap_or_default();
        assert_eq!(shown, fields, "{name}");
    }
}

#[test]
fn minimal_examples_have_the_required_fields_only() {
    for name in Body::NAMES {
        let minimal: Value = serde_json::from_str(&examples(name, "valid")["minimal"]).unwrap();
        let shown: BTreeSet<&str> =
            minimal["data"].as_object().unwrap().keys().map(String::as_str).collect();
        let schema = schema(name);
        let required = schema["required"].as_array().into_iter().flatten();
        assert_eq!(shown, required.map(|field| field.as_str().unwrap()).collect(), "{name}");
    }
}

#[test]
fn invalid_examples_are_refused_by_the_parser_and_by_the_schema() {
    let validator = validator();
    let mut unseen = BTreeSet::new();
    for name in Body::NAMES {
        let found = examples(name, "invalid");
        assert!(found.len() >= 2 && found.contains_key("unknown_field"), "{name}");
        for (file, text) in found {
            let at = format!("{name}/invalid/{file}.json");
            assert!(Payload::from_json(text.as_bytes()).is_err(), "{at} is read");
            let value: Value = serde_json::from_str(&text).unwrap();
            if validator.is_valid(&value) {
                unseen.insert((*name, file));
            }
        }
    }
    let beyond = BEYOND_SCHEMA.map(|(name, file)| (name, file.to_owned()));
    assert_eq!(unseen, beyond.into_iter().collect());
}

/// An example with an unknown field is read once the field is gone: it is refused for that field
/// and not for another fault.
#[test]
fn unknown_versions_types_and_fields_are_refused_as_such() {
    let refused = |name: &str, file: &str| {
        Payload::from_json(examples(name, "invalid")[file].as_bytes()).unwrap_err()
    };
    assert_eq!(refused("endorsed", "unknown_version"), PayloadError::UnknownVersion(2));
    assert_eq!(refused("endorsed", "unknown_type"), PayloadError::UnknownType);
    for name in Body::NAMES {
        let unknown = refused(name, "unknown_field");
        assert!(matches!(unknown, PayloadError::Data { .. }), "{name}: {unknown}");
        let text = &examples(name, "invalid")["unknown_field"];
        let mut value: Value = serde_json::from_str(text).unwrap();
        assert!(value["data"].as_object_mut().unwrap().remove("note").is_some(), "{name}");
        assert!(Payload::from_json(value.to_string().as_bytes()).is_ok(), "{name}");
    }
}

#[test]
fn published_texts_in_examples_are_what_their_hash_says() {
    for name in ["policy.published", "calendar.published"] {
        for text in examples(name, "valid").values() {
            let data = serde_json::from_str::<Value>(text).unwrap()["data"].take();
            let text = data["text"].as_str().unwrap();
            assert_eq!(data["hash"], policy::hash(text).to_string(), "{name}");
            let read = match name {
                "policy.published" => Policy::parse(text).map(|_| ()),
                _ => CalendarData::parse(text).map(|_| ()),
            };
            assert_eq!(read, Ok(()), "{name}");
        }
    }
}

#[test]
fn the_sealed_schema_has_exactly_the_personal_fields() {
    let text = || Some("x".to_owned());
    let personal = Personal {
        name: text(),
        id_number: text(),
        certificate_number: text(),
        phone: text(),
        village: text(),
        address: text(),
        household_no: text(),
        guardian_name: text(),
        guardian_id: text(),
        account: text(),
        holder: text(),
        chassis: text(),
        engine: text(),
        blank: text(),
        assessor_1: text(),
        assessor_2: text(),
        receiver: text(),
        reviewer: text(),
        approver: text(),
        reason: text(),
        diagnosis: text(),
        file_name: text(),
    };
    let mut whole = serde_json::to_value(&personal).unwrap();
    let schema: Value = serde_json::from_str(&read(&folder().join("sealed.schema.json"))).unwrap();
    let fields = schema["properties"].as_object().unwrap();
    assert!(fields.keys().eq(whole.as_object().unwrap().keys()));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    assert!(validator.is_valid(&whole));
    whole["salary"] = "x".into();
    assert!(!validator.is_valid(&whole));
}
