//! I37: no schema lets personal data stand in clear.
//!
//! Every schema is walked. A text is one of the value types, whose form cannot hold an ID number,
//! a telephone number or an account; or a word of a closed list; or one of the exceptions below,
//! each a document or a name of the ledger's own.

use mingzheng::event::{Body, Payload, TEXTS};
use serde_json::Value;

use super::schema;

/// Free texts: published policies and calendars, and signed notes.
const FREE_TEXTS: [(&str, &str); 4] = [
    ("calendar.published", "text"),
    ("checkpoint.anchored", "checkpoint"),
    ("ledger.succeeds", "checkpoint"),
    ("policy.published", "text"),
];

/// Keywords of the schemas, and what stands under each.
fn walk(place: &str, schema: &Value, free: &mut Vec<String>) {
    let map = schema.as_object().unwrap_or_else(|| panic!("{place}: anything goes"));
    let many = |key: &str| map.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    for branch in many("anyOf").iter().chain(&many("oneOf")) {
        walk(place, branch, free);
    }
    if let Some(items) = map.get("items") {
        walk(&format!("{place}[]"), items, free);
    }
    for (name, field) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
        walk(&format!("{place}.{name}"), field, free);
    }
    if map.contains_key("properties") {
        assert_eq!(map.get("type"), Some(&"object".into()), "{place}");
    }
    match map.get("type").map(|kind| kind.as_str().unwrap_or_else(|| panic!("{place}: {kind}"))) {
        Some("object") => {
            assert_eq!(map.get("additionalProperties"), Some(&false.into()), "{place}");
        }
        Some("string") if map.contains_key("const") || map.contains_key("enum") => {}
        Some("string") => free.push(place.to_owned()),
        Some("array") => assert!(map.contains_key("items"), "{place}"),
        Some("integer" | "boolean" | "null") => {}
        Some(other) => panic!("{place}: {other}"),
        None => {
            let known = ["$ref", "const", "enum", "anyOf", "oneOf"];
            assert!(known.iter().any(|key| map.contains_key(*key)), "{place}: anything goes");
        }
    }
}

/// Places of a schema where a text stands that is neither a word nor a value type.
fn free_texts(name: &str, schema: &Value) -> Vec<String> {
    let mut free = Vec::new();
    walk(name, schema, &mut free);
    for (def, schema) in schema.get("$defs").and_then(Value::as_object).into_iter().flatten() {
        let is_text = TEXTS.iter().any(|(known, _)| known == def);
        if is_text {
            assert!(schema["pattern"].is_string(), "{name}: {def} has no pattern");
            assert!(schema["description"].is_string(), "{name}: {def}");
        } else {
            walk(&format!("{name}#{def}"), schema, &mut free);
        }
    }
    free
}

#[test]
fn no_schema_lets_a_free_text_in() {
    let mut free = Vec::new();
    for name in Body::NAMES {
        free.extend(free_texts(name, &schema(name)));
    }
    free.sort();
    assert_eq!(free, FREE_TEXTS.map(|(name, field)| format!("{name}.{field}")));
}

#[test]
fn the_envelope_lets_no_free_text_in() {
    let mut envelope = Payload::schema().to_value();
    // `data` is judged by the schema of its type.
    let data = envelope["properties"]["data"].take();
    assert!(data.get("type").is_none());
    envelope["properties"].as_object_mut().unwrap().remove("data");
    assert_eq!(free_texts("payload", &envelope), Vec::<String>::new());
}

#[test]
fn no_value_type_takes_an_identifier_in_clear() {
    let mut seen = std::collections::BTreeSet::new();
    let schemas = Body::NAMES.iter().map(|name| schema(name));
    for schema in schemas.chain([Payload::schema().to_value()]) {
        for (name, def) in schema.get("$defs").and_then(Value::as_object).into_iter().flatten() {
            if !TEXTS.iter().any(|(known, _)| known == name) || !seen.insert(name.clone()) {
                continue;
            }
            let validator = jsonschema::draft202012::new(def).unwrap();
            // Ids of actors and names of ledgers are given by the office, not taken from people.
            let named_by_offices = ["ActorId", "Origin"].contains(&name.as_str());
            for identifier in [
                "990101197903120025",
                "99010119790312002X",
                "99010119790312002542",
                "99000000000",
                "9900000000000000001",
            ] {
                let taken = validator.is_valid(&identifier.into());
                assert!(!taken || named_by_offices, "{name} takes {identifier}");
                let inside = validator.is_valid(&format!("见 {identifier} 号").into());
                assert!(!inside, "{name} takes {identifier} inside a text");
            }
        }
    }
    // Every text type of the list is used, so that the list says what there is.
    let listed = TEXTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(seen, listed);
}
