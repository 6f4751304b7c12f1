//! Examples that run: each request of the OpenAPI document's examples is sent to a demo ledger, and
//! its answer has the status, the form and the shape of the one that is written.
//!
//! `MINGZHENG_WRITE_EXAMPLES=1 cargo test --lib examples` asks everything anew and writes
//! `src/service/examples.json`; the document has it after the next build.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use axum::{
    body::{Body, Bytes},
    http::Request,
};
use data_encoding::BASE64;
use futures_util::StreamExt;
use serde_json::{Map, Value, json};

use super::{
    Answered, CLERK, Desk, INSPECTOR, SUPERVISOR,
    desk::{REVIEWER, applied, offers_of, paper, sign},
};
use crate::service::tests::{hire_person, pay_a_roll};

const WRITE: &str = "MINGZHENG_WRITE_EXAMPLES";
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/service/examples.json");
const KEYS: &str = "411700-keys-1";
const PRIVACY: &str = "411700-privacy-1";
const BANK: &str = "411700-bank-1";
const PERSON: &str = "411702-person-1";
const JSON: &str = "application/json";
const OCTETS: &str = "application/octet-stream";
/// Bytes of an answer that is no text are kept up to here.
const BYTES_KEPT: usize = 96;
const NUMBER: &str = "990000194912310026";
const NOTES: &str = "走访记录";
/// A payroll of one row, as a bank sends it.
const ROLL: &str = "序号,姓名,公民身份号码,残疾人证号,补贴月份,金额(元),补发月数,补发原因,开户行,\
                    银行账号,户名,发放日期,发放区划代码\n1,李生林,991702199807044971,\
                    99170219980704497144,2026-09,60.00,0,,农商银行,9900459652072565812,李生林,\
                    2026/9/24,411702\n";
const ROLL_NAME: &str = "困难残疾人生活补贴发放名册_2026-09.csv";

/// A route's example.
struct Asked {
    by: Option<&'static str>,
    path: Vec<(&'static str, String)>,
    query: Vec<(&'static str, Value)>,
    media: &'static str,
    body: Option<Value>,
    base64: bool,
}

impl Asked {
    fn anybody() -> Self {
        let (path, query) = (Vec::new(), Vec::new());
        Self { by: None, path, query, media: "", body: None, base64: false }
    }

    fn by(actor: &'static str) -> Self {
        Self { by: Some(actor), ..Self::anybody() }
    }

    fn at(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.path.push((name, value.into()));
        self
    }

    fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    fn sends(mut self, media: &'static str, body: impl Into<Value>) -> Self {
        (self.media, self.body) = (media, Some(body.into()));
        self
    }

    fn json(self) -> Value {
        let named = |pairs: Vec<(&'static str, Value)>| -> Value {
            pairs
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<Map<_, _>>()
                .into()
        };
        let path = self.path.into_iter().map(|(name, value)| (name, value.into())).collect();
        let mut example = json!({ "path": named(path), "query": named(self.query) });
        if let Some(by) = self.by {
            example["by"] = by.into();
        }
        if let Some(body) = self.body {
            example["media"] = self.media.into();
            example["body"] = body;
        }
        if self.base64 {
            example["base64"] = true.into();
        }
        example
    }
}

/// A county with something to ask every route for, and what its things are called.
async fn scene() -> (Desk, BTreeMap<&'static str, String>) {
    let mut desk = Desk::open_county();
    let mut cast = BTreeMap::new();
    // A flag on the log, and a person with a certificate and payments.
    pay_a_roll(&desk, "机动轮椅车燃油补贴_2026.csv").await;
    let raised = desk.post(INSPECTOR, "/v1/flags/raise", JSON, "{}").await.ok();
    let flag = raised["data"]["lines"][0]["flag_id"].as_str().unwrap();
    cast.insert("flag", flag.to_owned());
    cast.insert("named", flag[..12].to_owned());
    let paid = desk.get(INSPECTOR, "/v1/payments?programme=living_allowance&limit=1000").await.ok();
    let paid = paid["items"].as_array().unwrap();
    let held = desk.get(INSPECTOR, "/v1/certificates?status=valid&limit=1000").await.ok();
    let held = held["items"].as_array().unwrap().iter();
    let held = held.filter(|line| line["division"] == "411702");
    let mut both = held.filter(|line| paid.iter().any(|paid| paid["person"] == line["person"]));
    let line = both.next().expect("somebody holds a certificate and is paid");
    let person = line["person"].as_str().unwrap().to_owned();
    cast.insert("certificate", line["certificate"].as_str().unwrap().to_owned());
    cast.insert("issued", line["entry"].to_string());
    let looks = json!({ "purpose": "核对" }).to_string();
    desk.post(CLERK, &format!("/v1/people/{person}/reveal"), JSON, looks).await.ok();
    let id = person.parse().unwrap();
    let tag = desk.app.ledger.with_state(|state| state.people.find(&id).unwrap().ids[0]).unwrap();
    cast.insert("person", person);
    hire_person(&mut desk, PERSON, "applicant", "411702", Some(&tag.to_string())).await;
    // Somebody to endorse.
    let key = crate::crypto::SecretKey::generate().unwrap().public().to_string();
    let body = json!({
        "type": "actor.enrolled", "subject": "actor:411702-new-1",
        "data": {
            "role": "clerk", "organisation": "区残联", "division": "411702", "public_key": key,
            "valid_from": "2020-01-01",
        },
    });
    desk.record(KEYS, &body).await;
    // A case whose assessors can be drawn.
    let case = applied(&desk).await;
    super::desk::accepted(&desk, CLERK, case).await;
    let declare = offers_of(&desk, REVIEWER, case);
    let declare = declare.iter().find(|offer| offer.name == "conflict.declared").unwrap();
    sign(&desk, "411702-reviewer-2", declare, json!({ "relation": "other" }), Value::Null).await;
    cast.insert("case", case.to_string());
    // An application that rests on a paper.
    let hashed = desk.post(CLERK, "/v1/evidence", OCTETS, NOTES).await.ok();
    let mut body = application("990000194912310034");
    let mut evidence = paper();
    evidence["hash"] = hashed["data"]["hash"].clone();
    body["data"]["evidence"] = json!([evidence]);
    let recorded = desk.record(CLERK, &body).await;
    cast.insert("papered", recorded["index"].to_string());
    // A statement that nobody sent yet.
    let body = application(NUMBER).to_string();
    let drafted = desk.post(CLERK, "/v1/drafts", JSON, body).await.ok();
    cast.insert("statement", BASE64.encode(&desk.sign(CLERK, &drafted)));
    let programmes = desk.get(CLERK, "/v1/programmes").await.ok();
    let payable = desk.get(BANK, "/v1/payrolls").await.ok();
    cast.insert("payroll", payable["items"][0]["payroll"].as_str().unwrap().to_owned());
    cast.insert("policy", programmes["items"][0]["policy"].as_str().unwrap().to_owned());
    desk.caught_up().await;
    (desk, cast)
}

fn application(number: &str) -> Value {
    json!({
        "type": "application.submitted", "subject": "case:new",
        "data": {
            "kind": "new", "hukou_division": "411702", "residence_division": "411702",
            "channel": "window", "claimed": ["physical"], "evidence": []
        },
        "personal": { "id_number": number, "name": "李生林" }
    })
}

/// What is asked of each route, in an order in which it can be.
fn asked(cast: &BTreeMap<&'static str, String>) -> Vec<(&'static str, Asked)> {
    let of = |name: &str| cast[name].clone();
    let person = format!("person:{}", of("person"));
    let certificate = format!("certificate:{}", of("certificate"));
    let purpose = json!({ "purpose": "核对申请人" });
    let for_paying = json!({ "purpose": "代发补贴", "form": "csv" });
    let roll = |by, path| (path, Asked::by(by).with("name", ROLL_NAME).sends(OCTETS, ROLL));
    vec![
        ("GET /healthz", Asked::anybody()),
        ("GET /readyz", Asked::anybody()),
        ("GET /metrics", Asked::anybody()),
        ("GET /v1/ledger", Asked::anybody()),
        ("GET /v1/me", Asked::by(CLERK)),
        ("GET /openapi.json", Asked::anybody()),
        ("POST /v1/drafts", Asked::by(CLERK).sends(JSON, application(NUMBER))),
        (
            "POST /v1/statements",
            Asked { base64: true, ..Asked::by(CLERK).sends("application/cose", of("statement")) },
        ),
        ("GET /v1/proposals", Asked::by(SUPERVISOR).with("limit", 2)),
        ("GET /v1/cases/{case}/draw", Asked::by(CLERK).at("case", of("case"))),
        ("POST /v1/cases/{case}/draw", Asked::by(CLERK).at("case", of("case"))),
        ("POST /v1/evidence", Asked::by(CLERK).sends(OCTETS, NOTES)),
        (
            "POST /v1/entries/{index}/evidence",
            Asked::by(CLERK).at("index", of("papered")).sends(OCTETS, NOTES),
        ),
        ("POST /v1/tags", Asked::by(KEYS).sends(JSON, json!({ "id_number": NUMBER }))),
        roll(BANK, "POST /v1/rolls/check"),
        roll(BANK, "POST /v1/rolls/annotated"),
        roll(BANK, "POST /v1/rolls/drafts"),
        ("GET /v1/rolls/kinds", Asked::by(BANK)),
        (
            "GET /v1/rolls/blank",
            Asked::by(BANK).with("kind", "bank_result:living_allowance").with("form", "csv"),
        ),
        ("GET /v1/payrolls", Asked::by(BANK).with("limit", 2)),
        ("GET /v1/payrolls/{payroll}", Asked::by(BANK).at("payroll", of("payroll"))),
        (
            "POST /v1/payrolls/{payroll}/roll",
            Asked::by(BANK).at("payroll", of("payroll")).sends(JSON, for_paying),
        ),
        ("POST /v1/find", Asked::by(CLERK).sends(JSON, json!({ "who": person }))),
        (
            "GET /v1/people",
            Asked::by(CLERK).with("status", "valid").with("division", "411702").with("limit", 2),
        ),
        (
            "GET /v1/people/{person}",
            Asked::by(CLERK).at("person", of("person")).with("on", "2026-10-01"),
        ),
        (
            "GET /v1/people/{person}/history",
            Asked::by(CLERK).at("person", of("person")).with("limit", 2),
        ),
        (
            "POST /v1/people/{person}/reveal",
            Asked::by(CLERK).at("person", of("person")).sends(JSON, purpose.clone()),
        ),
        (
            "GET /v1/subjects/{subject}/history",
            Asked::by(CLERK).at("subject", certificate.clone()).with("limit", 2),
        ),
        ("GET /v1/people/{person}/keys", Asked::by(PRIVACY).at("person", of("person"))),
        ("GET /v1/me/records", Asked::by(PERSON).with("limit", 2)),
        ("GET /v1/notices", Asked::anybody().with("division", "411702").with("limit", 2)),
        (
            "GET /v1/certificates",
            Asked::by(CLERK).with("status", "valid").with("division", "411702").with("limit", 2),
        ),
        (
            "GET /v1/payments",
            Asked::by("411702-approver-1").with("programme", "living_allowance").with("limit", 2),
        ),
        ("GET /v1/actors", Asked::by(CLERK).with("on", "2026-10-01").with("limit", 2)),
        ("GET /v1/policies", Asked::by(CLERK).with("limit", 2)),
        ("GET /v1/policies/{hash}", Asked::by(CLERK).at("hash", of("policy"))),
        ("GET /v1/programmes", Asked::by(CLERK).with("on", "2026-10-01").with("limit", 2)),
        ("GET /v1/statistics", Asked::by(INSPECTOR).with("limit", 2)),
        ("GET /v1/flags", Asked::by(INSPECTOR).with("programme", "fuel_subsidy").with("limit", 2)),
        ("GET /v1/queue", Asked::by(INSPECTOR).with("which", "all").with("limit", 2)),
        ("GET /v1/queue/{named}", Asked::by(INSPECTOR).at("named", of("named"))),
        ("GET /v1/flags/{flag}", Asked::by(INSPECTOR).at("flag", of("flag"))),
        ("POST /v1/flags/raise", Asked::by(INSPECTOR).sends(JSON, json!({}))),
        (
            "GET /v1/entries",
            Asked::by(INSPECTOR).with("type", "certificate.issued").with("limit", 2),
        ),
        ("GET /v1/entries/{index}", Asked::by(CLERK).at("index", of("issued"))),
        ("GET /v1/entries/{index}/receipt", Asked::by(CLERK).at("index", of("issued"))),
        ("GET /v1/looks", Asked::by(SUPERVISOR).with("limit", 2)),
        ("GET /v1/events", Asked::by(INSPECTOR).with("form", "cloudevents").with("from", 0)),
        ("GET /checkpoint", Asked::anybody()),
        ("GET /tile/{level}/{*path}", Asked::anybody().at("level", "0").at("path", "000")),
        ("GET /tile/entries/{*path}", Asked::by(SUPERVISOR).at("path", "000")),
        ("GET /v1/proofs/inclusion", Asked::anybody().with("index", 7)),
        ("GET /v1/proofs/consistency", Asked::anybody().with("from", 100)),
        (
            "GET /v1/reports/strict-review",
            Asked::by(SUPERVISOR).with("from", "2025-10-01").with("to", "2026-09-30"),
        ),
        (
            "GET /v1/subjects/{subject}/pack",
            Asked::by(INSPECTOR).at("subject", certificate.clone()),
        ),
        (
            "POST /v1/people/{person}/pack",
            Asked::by(INSPECTOR).at("person", of("person")).sends(JSON, purpose),
        ),
    ]
}

/// Sends an example as its document writes it.
async fn send(desk: &Desk, route: &str, example: &Value) -> Answered {
    let (method, path) = route.split_once(' ').unwrap();
    let mut address = path.replace("{*", "{");
    for (name, value) in example["path"].as_object().unwrap() {
        address = address.replace(&format!("{{{name}}}"), value.as_str().unwrap());
    }
    let query: Vec<(&str, String)> = example["query"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), text_of(value)))
        .collect();
    if !query.is_empty() {
        address = format!("{address}?{}", serde_urlencoded::to_string(&query).unwrap());
    }
    let mut request = Request::builder().method(method).uri(address);
    if let Some(by) = example["by"].as_str() {
        request = request.header("authorization", format!("Bearer {}", desk.token(by)));
    }
    if let Some(media) = example["media"].as_str() {
        request = request.header("content-type", media);
    }
    let body = match (&example["body"], example["base64"].as_bool()) {
        (Value::Null, _) => Vec::new(),
        (body, Some(true)) => BASE64.decode(body.as_str().unwrap().as_bytes()).unwrap(),
        (body, _) => text_of(body).into_bytes(),
    };
    let answer = desk.begin(request.body(Body::from(body)).unwrap()).await;
    if path == "/v1/events" {
        // It has no end: its first event.
        let (head, body) = answer.into_parts();
        let first = body.into_data_stream().next().await.unwrap().unwrap();
        let text = String::from_utf8(first.to_vec()).unwrap();
        let first = text.split_inclusive("\n\n").next().unwrap().to_owned();
        return Answered { status: head.status, headers: head.headers, body: Bytes::from(first) };
    }
    Answered::whole(answer).await
}

/// A text as it is, anything else as JSON.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An answer as the document writes it.
fn written(route: &str, answer: &Answered) -> Value {
    let media = answer.headers["content-type"].to_str().unwrap();
    let mut kept = json!({ "status": answer.status.as_u16(), "media": media });
    if media.starts_with(JSON) {
        kept["body"] = answer.json();
        if route == "GET /openapi.json" {
            let all = kept["body"].as_object_mut().unwrap();
            all.retain(|name, _| ["openapi", "info"].contains(&name.as_str()));
        }
        shorten(&mut kept["body"]);
    } else if media.starts_with("text/") || media.starts_with("application/openmetrics-text") {
        kept["body"] = answer.text().into();
    } else if let Ok(text) = std::str::from_utf8(&answer.body) {
        kept["body"] = text.into();
    } else {
        let kept_bytes = answer.body.len().min(BYTES_KEPT);
        kept["body"] = BASE64.encode(&answer.body[..kept_bytes]).into();
        kept["base64"] = true.into();
    }
    kept
}

/// Two items of each list.
fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(2);
            items.iter_mut().for_each(shorten);
        }
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

/// Puts what this ledger calls its things in place of what the document's did.
fn recast(value: &mut Value, names: &[(String, String)]) {
    match value {
        Value::String(text) => {
            for (theirs, ours) in names {
                *text = text.replace(theirs.as_str(), ours);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| recast(item, names)),
        Value::Object(fields) => fields.values_mut().for_each(|value| recast(value, names)),
        _ => {}
    }
}

/// Whether two values have one shape: the same fields, but those that may be absent, of the same
/// kinds. An event's own `data` is as its type says, which the catalogue's tests hold.
fn alike(one: &Value, other: &Value, optional: &BTreeSet<String>, at: &str) {
    match (one, other) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(one), Value::Object(other)) => {
            let names = |fields: &Map<String, Value>| fields.keys().cloned().collect();
            let (here, there): (BTreeSet<String>, BTreeSet<String>) = (names(one), names(other));
            let differ: Vec<_> = here
                .symmetric_difference(&there)
                .filter(|name| !optional.contains(*name))
                .collect();
            assert!(differ.is_empty(), "{at}: {differ:?}");
            for (name, value) in one {
                if name == "data" && one.contains_key("type") {
                    continue;
                }
                if let Some(theirs) = other.get(name) {
                    alike(value, theirs, optional, &format!("{at}.{name}"));
                }
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            if let (Some(one), Some(other)) = (one.first(), other.first()) {
                alike(one, other, optional, &format!("{at}[0]"));
            }
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => panic!("{at}: {one} and {other}"),
    }
}

/// Names of fields that a schema of the document leaves open.
fn optional(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(properties) = fields.get("properties").and_then(Value::as_object) {
                let required = fields.get("required").and_then(Value::as_array);
                let is_required =
                    |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
                names.extend(properties.keys().filter(|name| !is_required(name)).cloned());
            }
            fields.values().for_each(|value| optional(value, names));
        }
        Value::Array(items) => items.iter().for_each(|item| optional(item, names)),
        _ => {}
    }
}

/// Holds a body against the schema that the document has for it.
fn expect_fits(document: &Value, content: &Value, body: &Value, at: &str) {
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [content["schema"]],
        "components": document["components"],
    });
    let schema = jsonschema::validator_for(&whole).unwrap();
    let wrong: Vec<String> = schema.iter_errors(body).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{at}: {wrong:?}");
}

async fn write() {
    let (desk, cast) = scene().await;
    let mut examples = Map::new();
    for (route, asked) in asked(&cast) {
        let mut example = asked.json();
        let answer = send(&desk, route, &example).await;
        assert_eq!(answer.status, 200, "{route} {answer:?}");
        example["answer"] = written(route, &answer);
        examples.insert(route.to_owned(), example);
    }
    examples.insert("cast".to_owned(), json!(cast));
    let text = serde_json::to_string_pretty(&examples).unwrap() + "\n";
    std::fs::write(FILE, text).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_has_an_example_and_each_runs() {
    if std::env::var_os(WRITE).is_some() {
        return write().await;
    }
    let (desk, cast) = scene().await;
    let examples: Value =
        serde_json::from_str(include_str!("../../service/examples.json")).unwrap();
    let document = desk.anybody("/openapi.json").await.ok();
    let theirs = examples["cast"].as_object().unwrap();
    let mut names: Vec<(String, String)> = cast
        .iter()
        .map(|(name, ours)| (theirs[*name].as_str().unwrap().to_owned(), ours.clone()))
        .filter(|(theirs, _)| theirs.len() > 8)
        .collect();
    // A name may begin as another does.
    names.sort_by_key(|(theirs, _)| Reverse(theirs.len()));
    // Short names are numbers, which stand for themselves alone.
    let numbers: BTreeMap<&str, &String> = cast
        .iter()
        .filter(|(name, _)| theirs[**name].as_str().unwrap().len() <= 8)
        .map(|(name, ours)| (theirs[*name].as_str().unwrap(), ours))
        .collect();
    let mut may_be_absent = BTreeSet::new();
    optional(&document, &mut may_be_absent);
    let order: Vec<&str> = asked(&cast).into_iter().map(|(route, _)| route).collect();
    let mut run = BTreeSet::new();
    for route in order {
        let example = &examples[route];
        assert!(example.is_object(), "{route} has no example: run the tests with {WRITE}=1");
        let (method, path) = route.split_once(' ').unwrap();
        let operation = &document["paths"][path.replace("{*", "{")][method.to_lowercase()];
        let mut ours = example.clone();
        recast(&mut ours, &names);
        for value in ours["path"].as_object_mut().unwrap().values_mut() {
            if let Some(number) = numbers.get(value.as_str().unwrap()) {
                *value = number.as_str().into();
            }
        }
        let answer = send(&desk, route, &ours).await;
        let expected = &example["answer"];
        let media = answer.headers["content-type"].to_str().unwrap();
        assert_eq!(expected["status"], answer.status.as_u16(), "{route} {answer:?}");
        assert_eq!(expected["media"], media, "{route}");

        // The document has all of it: parameters, the request's body, the answer's.
        let parameters = operation["parameters"].as_array().unwrap();
        for place in ["path", "query"] {
            for (name, value) in example[place].as_object().unwrap() {
                let named = parameters.iter().find(|parameter| parameter["name"] == name.as_str());
                assert_eq!(&named.unwrap()["example"], value, "{route} {name}");
            }
        }
        if let Some(sent) = example["media"].as_str() {
            let content = &operation["requestBody"]["content"][sent];
            assert_eq!(content["examples"]["demo"]["value"], example["body"], "{route}");
            expect_fits(&document, content, &example["body"], route);
        } else {
            assert!(operation["requestBody"].is_null(), "{route} takes a body");
        }
        let kind = media.split(';').next().unwrap();
        let content = &operation["responses"]["200"]["content"][kind];
        assert_eq!(content["examples"]["demo"]["value"], expected["body"], "{route}");
        assert!(!content["schema"].is_null(), "{route} answers {kind}, which is not declared");
        expect_fits(&document, content, &expected["body"], route);

        let live = written(route, &answer);
        if kind == JSON {
            expect_fits(&document, content, &answer.json(), route);
            alike(&expected["body"], &live["body"], &may_be_absent, route);
        } else {
            // Of texts the beginning, which says what they are; of bytes how many are kept.
            assert_eq!(expected["base64"], live["base64"], "{route}");
            let (theirs, ours) = (text_of(&expected["body"]), text_of(&live["body"]));
            if live["base64"].is_null() || kind == "application/zip" {
                assert_eq!(theirs.get(..4), ours.get(..4), "{route}");
            }
            assert!(live["base64"].is_null() || theirs.len() == ours.len(), "{route}");
        }
        run.insert(route.to_owned());
    }
    let documented: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let path = path.replace("{path}", "{*path}");
            let methods = item.as_object().unwrap().keys();
            methods
                .map(move |method| format!("{} {path}", method.to_uppercase()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(run, documented, "every route of the document has an example");
}
