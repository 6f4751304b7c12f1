//! The table of routes: every role against every route, and the document that describes it.

use std::{collections::BTreeSet, fmt::Write};

use axum::{
    body::{Body, Bytes},
    http::Request,
};
use serde_json::Value;

use super::{Answered, Desk, hire};
use crate::event::Role;
use crate::service::{
    row::{Access, Face, Info},
    table,
};

/// Every row: those for programs, then the pages for people.
fn infos() -> Vec<Info> {
    let pages = crate::console::pages().0;
    table::rows().into_iter().chain(pages).map(|row| row.info).collect()
}

const fn is_page(info: &Info) -> bool {
    matches!(info.face, Face::Page(_))
}

/// An address of the route about nothing that is there.
fn address(info: &Info) -> String {
    let id = "a".repeat(26);
    info.path
        .replace("{person}", &id)
        .replace("{subject}", &format!("case:{id}"))
        .replace("{hash}", &"a".repeat(52))
        .replace("{index}", "0")
        .replace("{level}", "0")
        .replace("{flag}", &"a".repeat(52))
        .replace("{named}", &"a".repeat(52))
        .replace("{certificate}", &id)
        .replace("{actor}", "411700-nobody-1")
        .replace("{payroll}", &id)
        .replace("{folder}", "a")
        .replace("{name}", "a")
        .replace("{*path}", "000.p/1")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_against_every_route() {
    let mut desk = Desk::founded();
    // A person's own key is no office's: no sample actor has the role.
    hire(&mut desk, "411702-person-1", "applicant", "411702").await;
    let mut asked = 0;
    for info in infos() {
        let request = |token: Option<String>| {
            let request = Request::builder().method(info.method).uri(address(&info));
            let request = match token {
                Some(token) if is_page(&info) => {
                    request.header("cookie", format!("mingzheng={token}"))
                }
                Some(token) => request.header("authorization", format!("Bearer {token}")),
                None => request,
            };
            // A form says from which page it was sent; programs need not.
            let request = request.header("host", "h").header("origin", "http://h");
            request.body(Body::empty()).unwrap()
        };
        let anybody = ask(&desk, &info, request(None)).await;
        let open = info.access == Access::Public;
        let to_sign_in = anybody
            .headers
            .get("location")
            .is_some_and(|to| to.to_str().unwrap().starts_with("/console/sign-in?next="));
        let refused = anybody.status == 401 || to_sign_in;
        assert_eq!(refused, !open, "{} {} {anybody:?}", info.method, info.path);
        for role in Role::ALL {
            let actor = desk.app.ledger.with_state(|state| {
                let mut actors = state.actors.iter();
                let found = actors.find(|(_, actor)| actor.role == role);
                found.map(|(id, _)| id.to_string())
            });
            let actor = actor.unwrap().unwrap_or_else(|| panic!("nobody is {role}"));
            let answer = ask(&desk, &info, request(Some(desk.token(&actor)))).await;
            let refused = answer.status == 403 && answer.text().contains("role_may_not");
            assert_eq!(!refused, info.access.admits(role), "{role} {} {}", info.method, info.path);
            assert!(answer.status != 401 && answer.status.as_u16() != 500, "{role} {answer:?}");
            asked += 1;
        }
    }
    assert_eq!(asked, infos().len() * Role::ALL.len());
}

/// The answer of a route, whole; of a feed that is open, which has no end, its head.
async fn ask(desk: &Desk, info: &Info, request: Request<Body>) -> Answered {
    let answer = desk.begin(request).await;
    if info.path == "/v1/events" && answer.status() == 200 {
        let (head, _) = answer.into_parts();
        return Answered { status: head.status, headers: head.headers, body: Bytes::new() };
    }
    Answered::whole(answer).await
}

/// Who may ask what, to be read in a change: this is the office's table, in words.
#[test]
fn the_table_in_words() {
    let mut table = String::new();
    for info in infos() {
        let who = match info.access {
            Access::Public => "anybody".to_owned(),
            Access::Enrolled => "every actor".to_owned(),
            Access::Actors => "every actor but applicants".to_owned(),
            // The handler narrows it by role and division: `tests::entries` holds how.
            Access::Concerned => "whom it concerns, no applicants".to_owned(),
            Access::Roles(roles) => {
                roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(" ")
            }
        };
        writeln!(table, "{} {}: {who}", info.method, info.path).unwrap();
    }
    insta::assert_snapshot!(table);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_describes_every_route_and_every_reference_in_it_leads_somewhere() {
    let desk = Desk::founded();
    let document = desk.anybody("/openapi.json").await.ok();
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(move |method| format!("{method} {path}"))
        })
        .collect();
    let routed: BTreeSet<String> = infos()
        .iter()
        // Pages are for people: the document is for programs.
        .filter(|info| !is_page(info))
        .map(|info| format!("{} {}", info.method.to_lowercase(), info.path.replace("{*", "{")))
        .collect();
    assert_eq!(described, routed);
    let mut references = 0;
    each_reference(&document, &mut |reference| {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
        references += 1;
    });
    assert!(references > 100, "{references}");
    for schema in document["components"]["schemas"].as_object().unwrap().values() {
        jsonschema::meta::validate(schema).unwrap();
    }
}

fn each_reference(value: &Value, take: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if name == "$ref" => take(text),
                    _ => each_reference(value, take),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each_reference(item, take)),
        _ => {}
    }
}
