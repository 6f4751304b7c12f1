//! The OpenAPI 3.1 document, written from the table of routes and the types' own JSON Schemas.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    examples,
    problem::Details,
    row::{Access, Form, Info, Row, json as json_of, raw, shape},
    table,
};
use crate::event::Role;
use crate::value::{Hash, PersonId, Subject};

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::get("/openapi.json", document)
            .access(Access::Public)
            .doc("service", "This document: every route, who may ask it, what it takes and gives")
            .gives(raw("application/json")),
    ]
}

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let infos: Vec<Info> = table::rows().into_iter().map(|row| row.info).collect();
    of(&infos).to_string()
});

async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response()
}

/// The document of these routes.
pub(super) fn of(infos: &[Info]) -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into());
    let mut schemas = settings.into_generator();
    let mut paths = Map::new();
    for info in infos {
        // A catch-all is one part of the path here.
        let path = info.path.replace("{*", "{");
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[info.method.to_lowercase()] = operation(info, &mut schemas);
    }
    let problem = form(&PROBLEM, &mut schemas);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "mingzheng 明证",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A signed, hash-chained, provable ledger of certificates and benefits.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "responses": { "Problem": { "description": "Why not", "content": problem } },
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT, EdDSA, one for each request",
                },
            },
        },
    })
}

/// Why a request has no answer.
const PROBLEM: Form = Form { media: "application/problem+json", ..json_of::<Details>() };

/// What any route may answer; 401 and 403 only where somebody has to be known.
const STATUSES: [u16; 6] = [400, 404, 429, 500, 503, 405];
const STATUSES_OF_KNOWN: [u16; 2] = [401, 403];
const STATUSES_OF_BODIES: [u16; 4] = [408, 413, 415, 422];

fn operation(info: &Info, schemas: &mut SchemaGenerator) -> Value {
    let Info { method, path, group, what, access, query, takes, gives, or_gives, .. } = info;
    let mut responses = Map::new();
    let content = forms(std::iter::once(gives).chain(or_gives), schemas);
    responses.insert("200".to_owned(), json!({ "description": "The answer", "content": content }));
    let known: &[u16] = if *access == Access::Public { &[] } else { &STATUSES_OF_KNOWN };
    // Every route refuses a body that is too long, and some a question that is no question.
    let bodies: &[u16] = if takes.is_empty() { &[413, 422] } else { &STATUSES_OF_BODIES };
    for status in STATUSES.iter().chain(known).chain(bodies) {
        let problem = json!({ "$ref": "#/components/responses/Problem" });
        responses.insert(status.to_string(), problem);
    }
    let mut parameters: Vec<Value> = Vec::new();
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    for name in names.map(|name| name.trim_start_matches('*')) {
        parameters.push(json!({
            "name": name, "in": "path", "required": true, "schema": in_path(name, schemas),
        }));
    }
    for param in *query {
        parameters.push(json!({
            "name": param.name, "in": "query", "required": param.required,
            "description": param.what, "schema": (param.of)(schemas),
        }));
    }
    let mut operation = json!({
        "operationId": format!("{}{}", method.to_lowercase(), path.replace(['/', '{', '}', '*'], "_")),
        "tags": [group],
        "summary": what,
        "parameters": parameters,
        "responses": responses,
        "x-roles": roles(*access),
    });
    if *access != Access::Public {
        operation["security"] = json!([{ "token": [] }]);
    }
    if !takes.is_empty() {
        let content = forms(takes.iter(), schemas);
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    if let Some(example) = examples::of(method, path) {
        examples::put(&mut operation, example);
    }
    operation
}

/// The schema of a part of a path, by its name.
fn in_path(name: &str, schemas: &mut SchemaGenerator) -> Schema {
    let shape = match name {
        "person" => shape::<PersonId>(),
        "subject" => shape::<Subject>(),
        "flag" | "hash" => shape::<Hash>(),
        "index" => shape::<u64>(),
        _ => shape::<String>(),
    };
    shape(schemas)
}

/// Roles that may ask, for people and for programs.
fn roles(access: Access) -> Value {
    match access {
        Access::Public => json!("public"),
        Access::Enrolled => json!("every actor in force"),
        Access::Actors => json!("every actor in force but applicants"),
        Access::Concerned => json!(
            "every actor in force but applicants; of others' entries, those who work on what they \
             are about, and those whose endorsement they wait for"
        ),
        Access::Roles(roles) => {
            json!(roles.iter().copied().map(Role::name).collect::<Vec<_>>())
        }
    }
}

/// Forms by their media types.
fn forms<'a>(each: impl Iterator<Item = &'a Form>, schemas: &mut SchemaGenerator) -> Value {
    let mut content = Map::new();
    for one in each {
        if let Value::Object(one) = form(one, schemas) {
            content.extend(one);
        }
    }
    Value::Object(content)
}

fn form(form: &Form, schemas: &mut SchemaGenerator) -> Value {
    let schema = match form.schema {
        Some(schema) => schema(schemas).to_value(),
        None if form.media == "application/json" => json!({}),
        None => json!({ "type": "string" }),
    };
    json!({ (form.media): { "schema": schema } })
}
