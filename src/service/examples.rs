//! Examples of the OpenAPI document: a request to each route and its answer.
//!
//! They are what a demo ledger was really asked and really answered, kept in `examples.json`; a test
//! sends each of them to another such ledger and holds the answer against the one that is written.
//! Where an answer is long, of each of its lists the first two items are kept.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// What was asked and answered, by method and path; and `cast`, what names things of that ledger.
static EXAMPLES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());

/// The example of a route.
pub(super) fn of(method: &str, path: &str) -> Option<&'static Value> {
    EXAMPLES.get(format!("{method} {path}"))
}

/// Puts a route's example into its operation.
pub(super) fn put(operation: &mut Value, example: &Value) {
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap_or_default();
            let said = ["path", "query"].iter().find_map(|place| example[place].get(name));
            if let Some(value) = said.cloned() {
                parameter["example"] = value;
            }
        }
    }
    if let (Some(body), Some(media)) = (example.get("body"), example["media"].as_str()) {
        put_body(&mut operation["requestBody"]["content"][media], body, example);
    }
    if let (Some(body), Some(media)) = (example["answer"].get("body"), answer_media(example)) {
        put_body(&mut operation["responses"]["200"]["content"][media], body, &example["answer"]);
    }
}

/// The media type of an answer, without its parameters.
fn answer_media(example: &Value) -> Option<&str> {
    let media = example["answer"]["media"].as_str()?;
    media.split(';').next()
}

/// One named example, with who asked or how bytes are written.
fn put_body(content: &mut Value, body: &Value, of: &Value) {
    let summary = match (of["by"].as_str(), of["base64"].as_bool()) {
        (Some(by), Some(true)) => format!("asked by {by}; the bytes in base64"),
        (Some(by), _) => format!("asked by {by}"),
        (None, Some(true)) => "the bytes in base64, of many the first 96".to_owned(),
        (None, _) => "of a demo ledger".to_owned(),
    };
    let mut examples = Map::new();
    examples.insert("demo".to_owned(), json!({ "summary": summary, "value": body }));
    content["examples"] = Value::Object(examples);
}
