//! What readers ask for under load: every page of the console that is read, and the reading routes.
//!
//! Left out are what judges everybody or reads the whole log (`/v1/flags`, the strict-review report,
//! packs), which the service answers one at a time, and the live feed, which never ends.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Reader, Route, Seen};
use crate::bench::BenchError;

pub(super) const INSPECTOR: &str = "411700-inspector-1";
const CLERK: &str = "411702-clerk-1";
const OFFICER: &str = "411700-civil-1";
/// Somebody with a key of their own: the id that the demo gives them.
pub(super) const PERSON: &str = "411702-person-1";

/// A page, of a session.
const fn page(path: &'static str, by: &'static str) -> Route {
    Route { path, by: Some(by), is_page: true }
}

/// A page that nobody signs in for.
const fn open(path: &'static str) -> Route {
    Route { path, by: None, is_page: true }
}

/// A route for programs, with a token for each request.
const fn route(path: &'static str) -> Route {
    Route { path, by: Some(INSPECTOR), is_page: false }
}

const fn open_route(path: &'static str) -> Route {
    Route { path, by: None, is_page: false }
}

/// Every page, by a reader who may open it.
pub(super) const PAGES: &[Route] = &[
    open("/console/sign-in"),
    open("/console/demo"),
    open("/console/notices"),
    open("/console/check"),
    page("/console", INSPECTOR),
    page("/console/people", INSPECTOR),
    page("/console/people/{person}", INSPECTOR),
    page("/console/certificates", INSPECTOR),
    page("/console/certificates/{certificate}", INSPECTOR),
    page("/console/subjects/{subject}", INSPECTOR),
    page("/console/payments", INSPECTOR),
    page("/console/flags", INSPECTOR),
    page("/console/flags/{flag}", INSPECTOR),
    page("/console/report", INSPECTOR),
    page("/console/programmes", INSPECTOR),
    page("/console/policies/{hash}", INSPECTOR),
    page("/console/actors", INSPECTOR),
    page("/console/entries", INSPECTOR),
    page("/console/entries/{index}", INSPECTOR),
    page("/console/entries/{index}/receipt", INSPECTOR),
    page("/console/looks", INSPECTOR),
    page("/console/audit", INSPECTOR),
    page("/console/receipts/{index}", INSPECTOR),
    page("/console/receipts/{index}/file", INSPECTOR),
    page("/console/payroll", INSPECTOR),
    page("/console/payroll/prepare", OFFICER),
    page("/console/desk", CLERK),
    page("/console/desk/new", CLERK),
    page("/console/desk/people/{neighbour}", CLERK),
    page("/console/desk/entries/{index}", INSPECTOR),
    page("/console/mine", PERSON),
    page("/console/mine/requests", PERSON),
];

/// The reading routes.
pub(super) const ROUTES: &[Route] = &[
    open_route("/healthz"),
    open_route("/v1/ledger"),
    open_route("/checkpoint"),
    open_route("/v1/notices"),
    open_route("/v1/proofs/inclusion?index={index}"),
    route("/v1/me"),
    route("/v1/people?limit=50"),
    route("/v1/people/{person}"),
    route("/v1/people/{person}/history"),
    route("/v1/certificates?limit=50"),
    route("/v1/payments?limit=50"),
    route("/v1/queue?limit=50"),
    route("/v1/flags/{flag}"),
    route("/v1/programmes"),
    route("/v1/policies"),
    route("/v1/policies/{hash}"),
    route("/v1/actors"),
    route("/v1/statistics"),
    route("/v1/entries?limit=50"),
    route("/v1/entries/{index}"),
    route("/v1/entries/{index}/receipt"),
];

/// What stands for the part of a path in braces, many of each kind: asked for in turn, so that no
/// answer is the last one again.
pub(super) struct Examples(BTreeMap<&'static str, Vec<String>>);

/// Where examples are found: the part, whose list, and the field of its rows.
const FOUND: &[(&str, &str, &str, &str)] = &[
    ("{person}", INSPECTOR, "/v1/people?limit=50", "person"),
    ("{neighbour}", CLERK, "/v1/people?limit=50", "person"),
    ("{certificate}", INSPECTOR, "/v1/certificates?limit=50", "certificate"),
    ("{flag}", INSPECTOR, "/v1/queue?limit=50", "flag_id"),
    ("{hash}", INSPECTOR, "/v1/policies", "policy"),
    ("{index}", INSPECTOR, "/v1/certificates?limit=50", "entry"),
];

impl Examples {
    /// Asks the service itself.
    pub(super) fn find(reader: &mut Reader<'_>) -> Result<Self, BenchError> {
        let mut all = BTreeMap::new();
        for (part, by, path, field) in FOUND {
            let asked = Route { path, by: Some(by), is_page: false };
            let Seen { status, text, .. } = reader.ask(&asked, path)?;
            let answer: Value = serde_json::from_str(&text).unwrap_or_default();
            let rows = answer["items"].as_array().map_or(&[][..], Vec::as_slice);
            let text_of = |row: &Value| match &row[field] {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
            let found: Vec<String> = rows.iter().filter_map(text_of).collect();
            if found.is_empty() {
                return Err(BenchError::Http(format!(
                    "{path} answers {by} {status} and has no {field}"
                )));
            }
            all.insert(*part, found);
        }
        let cards = all.get("{certificate}").into_iter().flatten();
        let subjects = cards.map(|id| format!("certificate:{id}")).collect();
        all.insert("{subject}", subjects);
        Ok(Self(all))
    }

    /// A path with the examples of a turn.
    pub(super) fn fill(&self, path: &str, turn: usize) -> String {
        let mut path = path.to_owned();
        for (part, found) in &self.0 {
            if let Some(example) = found.get(turn % found.len().max(1)) {
                path = path.replace(part, example);
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{console, service::row::Face};

    /// Pages that are no part of the load, and why.
    const LEFT_OUT: &[(&str, &str)] = &[
        ("/", "sends on to /console"),
        ("/console/{*path}", "nothing is there"),
        ("/console/assets/{folder}/{name}", "a file of the program"),
        ("/console/demo/keys/{actor}", "a key of a demo, asked for by a script"),
        ("/console/desk/cases/{case}", "only while a case waits for the clerk"),
        ("/console/payroll/blank", "a file"),
        ("/console/subjects/{subject}/pack", "a pack, see above"),
        ("/console/payroll/batches/{payroll}", "only while a payroll waits for the bank"),
        ("/console/desk/flags/{flag}", "only while a flag waits for the clerk"),
    ];

    #[test]
    fn every_page_is_asked_for_by_somebody_who_may_or_it_is_said_why_not() {
        let rows = console::pages().0;
        let read = rows.iter().map(|row| &row.info).filter(|info| info.method == "GET");
        let paths: Vec<&str> = read
            .filter(|info| matches!(info.face, Face::Page(_)))
            .map(|info| info.path)
            .filter(|path| LEFT_OUT.iter().all(|(left, _)| left != path))
            .collect();
        let asked: Vec<&str> = PAGES.iter().map(|route| route.path).collect();
        for path in &paths {
            let path = path.replace("/desk/people/{person}", "/desk/people/{neighbour}");
            assert!(asked.contains(&path.as_str()), "{path}");
        }
        assert_eq!(paths.len(), asked.len());
    }
}
