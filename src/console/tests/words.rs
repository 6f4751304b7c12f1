//! The language of pages: whoever reads Chinese finds no English on a page for officers, and the
//! other way round.
//!
//! Every page that a role reaches by links from its own menu is read in both languages. What stands
//! there in the other language is a name, a code or a quotation, or a word of the pages that was
//! forgotten.

use std::collections::{BTreeMap, BTreeSet};

use axum::{body::Body, http::Request};

use super::{Desk, INSPECTOR, SUPERVISOR};
use crate::value::Lang;

/// Words that a Chinese page has in Latin letters, with the reason.
const LATIN: &[&str] = &[
    // The name of a standard, and how a national standard is numbered.
    "OpenAPI", "GB", //
    // The name of a program.
    "Excel", //
    // How a receipt's code begins; endings of files.
    "mzr", "txt", "zip", "csv", "xlsx", "xls", //
    // What an input takes: the id of a subject, as it is written.
    "person", "case", "payroll",
];

/// Elements whose text is a code, a hash or a published text; and those that have no end.
const QUOTED: [&str; 5] = ["script", "style", "code", "pre", "textarea"];
const EMPTY: [&str; 6] = ["input", "meta", "link", "br", "hr", "img"];

/// What a reader sees of a page: texts, and the names that are read out.
fn visible(html: &str, lang: &str) -> Vec<String> {
    let mut seen = Vec::new();
    // The open elements, each with whether its text is left out.
    let mut open: Vec<(String, bool)> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let hidden = open.last().is_some_and(|(_, hidden)| *hidden);
        let text = plain(&rest[..at]);
        if !hidden && !text.trim().is_empty() {
            seen.push(text.trim().to_owned());
        }
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if tag.starts_with('!') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            let closed = open.pop().expect("it was opened");
            assert_eq!(closed.0, name, "elements close in order");
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        let of = |attribute: &str| {
            let value = tag.split(&format!(" {attribute}=\"")).nth(1)?;
            value.split('"').next().map(plain)
        };
        let spoken = ["aria-label", "placeholder"].iter().filter_map(|name| of(name));
        // A text in another language says so itself.
        let other = name != "html" && of("lang").is_some_and(|own| own != lang);
        let is_id = of("class").is_some_and(|class| class.split(' ').any(|one| one == "id"));
        let unseen = of("aria-hidden").is_some();
        let hide = hidden || other || is_id || unseen || QUOTED.contains(&name);
        if !hide {
            seen.extend(spoken);
        }
        if !EMPTY.contains(&name) && !tag.ends_with('/') {
            open.push((name.to_owned(), hide));
        }
    }
    seen
}

fn plain(text: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    marks.iter().fold(text.to_owned(), |text, (mark, sign)| text.replace(mark, sign))
}

/// Runs of Latin letters in a Chinese text that no reason is known for.
fn latin(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_:/.…+=@".contains(c);
    text.split(|c: char| !is_part(c))
        .filter(|token| !is_code(token))
        .flat_map(|token| token.split(|c: char| !c.is_ascii_alphabetic()))
        .filter(|run| run.len() > 1 && !LATIN.contains(run))
        .map(ToOwned::to_owned)
        .collect()
}

/// An actor's or institution's id, a rule, a severity, the ledger's own name, an id or its beginning.
fn is_code(token: &str) -> bool {
    let division = token
        .split('-')
        .next()
        .is_some_and(|begin| begin.len() == 6 && begin.bytes().all(|byte| byte.is_ascii_digit()));
    let numbered = |letters: &str| {
        token
            .trim_start_matches(|c: char| letters.contains(c))
            .starts_with(|c: char| c.is_ascii_digit())
            && token.starts_with(|c: char| letters.contains(c))
    };
    let short = token.ends_with('…') || token.contains("demo.example");
    let is_digit = |byte: u8| byte.is_ascii_lowercase() || (b'2'..=b'7').contains(&byte);
    let whole = matches!(token.len(), 26 | 52) && token.bytes().all(is_digit);
    division || numbered("RIS") || short || whole
}

/// Han characters of an English text that no document, name or place on the ledger accounts for.
fn han(text: &str, quoted: &BTreeSet<String>) -> String {
    // Longest first: a name may stand within another.
    let mut names: Vec<_> = quoted.iter().filter(|name| text.contains(name.as_str())).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let rest = names.iter().fold(text.to_owned(), |text, name| text.replace(name.as_str(), " "));
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    // A masked name is a surname and its mask.
    if rest.contains('*') { String::new() } else { rest.chars().filter(|c| is_han(*c)).collect() }
}

/// Every text in Han characters that was signed: names of offices and places, reasons, documents.
fn signed(desk: &Desk) -> BTreeSet<String> {
    fn texts(value: &serde_json::Value, into: &mut BTreeSet<String>) {
        match value {
            serde_json::Value::String(text) if !text.is_ascii() && text.len() < 200 => {
                into.insert(text.clone());
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
            serde_json::Value::Object(items) => items.values().for_each(|item| texts(item, into)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for index in 0..desk.app.ledger.len() {
        let event = desk.app.ledger.event(index).unwrap();
        found.insert(event.signer.organisation.to_string());
        texts(&serde_json::from_str(&event.payload.body.to_json()).unwrap(), &mut found);
    }
    let numbers = desk.app.ledger.with_state(|state| {
        let numbers = state.policies.policies();
        numbers.filter_map(|found| found.policy.document_number.clone()).collect::<Vec<_>>()
    });
    found.extend(numbers.unwrap());
    found
}

/// The address without the ids in it: pages of one kind.
fn kind(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let part = |part: &str| {
        let is_id = part.bytes().any(|byte| byte.is_ascii_digit()) || part.len() > 20;
        if is_id { "*".to_owned() } else { part.to_owned() }
    };
    let parts: Vec<_> = path.split('/').map(part).collect();
    let query = query.split('=').next().unwrap_or_default();
    format!("{}?{query}", parts.join("/"))
}

async fn page(desk: &Desk, actor: &str, path: &str, lang: &str) -> super::Answered {
    let request = desk.in_session(actor, Request::get(path)).header("accept-language", lang);
    desk.send(request.body(Body::empty()).unwrap()).await
}

/// Reads what an actor reaches, at most so many pages of each kind, and notes what should not be there.
async fn walk(
    desk: &Desk,
    actor: &str,
    most: usize,
    quoted: &BTreeSet<String>,
    wrong: &mut BTreeMap<String, String>,
) -> usize {
    let mut to_read = vec!["/console".to_owned()];
    let (mut known, mut kinds, mut read) = (BTreeSet::new(), BTreeMap::new(), 0);
    while let Some(path) = to_read.pop() {
        let chosen = ["lang=", "theme=", "/assets/"];
        if chosen.iter().any(|part| path.contains(part)) || !known.insert(path.clone()) {
            continue;
        }
        let count = kinds.entry(kind(&path)).or_insert(0);
        *count += 1;
        if *count > most {
            continue;
        }
        for lang in [Lang::Zh, Lang::En] {
            let code = if lang == Lang::Zh { "zh-CN" } else { "en" };
            let answer = page(desk, actor, &path, code).await;
            if !answer.headers["content-type"].to_str().unwrap().starts_with("text/html") {
                continue;
            }
            read += 1;
            for text in visible(answer.text(), code) {
                let found = match lang {
                    Lang::Zh => latin(&text).join(" "),
                    Lang::En => han(&text, quoted),
                };
                if !found.is_empty() {
                    wrong.entry(format!("{code}: {found}: {text}")).or_insert_with(|| path.clone());
                }
            }
            if lang == Lang::Zh {
                let links = answer.text().split("href=\"").skip(1);
                let links = links.filter_map(|rest| rest.split(['"', '#']).next());
                to_read.extend(links.filter(|link| link.starts_with("/console")).map(plain));
            }
        }
    }
    read
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_mixes_its_language() {
    let desk = Desk::open_county();
    let person = super::link(&desk.page(INSPECTOR, "/console/people").await, "/console/people/");
    let person = person.rsplit('/').next().unwrap();
    // A flag with a life: raised, assigned, judged.
    desk.raise(person, 7, "S2", 66_000).await;
    let flag = crate::value::Hash([7; 32]);
    let raised = desk.app.ledger.with_state(|state| state.oversight.flag(&flag).unwrap().raised);
    let assigned = serde_json::json!({
        "type": "anomaly.assigned", "subject": format!("person:{person}"),
        "data": { "flag": flag, "to": INSPECTOR }, "refs": [raised.unwrap()],
    });
    desk.record(SUPERVISOR, &assigned).await;

    let quoted = signed(&desk);
    let actors: BTreeMap<_, _> = desk
        .app
        .ledger
        .with_state(|state| {
            let known = state.actors.iter().map(|(id, actor)| (actor.role, id.to_string()));
            // Those of the county first: they have cases.
            let (county, others): (Vec<_>, Vec<_>) =
                known.partition(|(_, id)| id.starts_with("411702"));
            others.into_iter().chain(county).collect()
        })
        .unwrap();
    let mut wrong = BTreeMap::new();
    let mut read = walk(&desk, INSPECTOR, 25, &quoted, &mut wrong).await;
    for actor in actors.values().filter(|id| !id.ends_with("-system")) {
        read += walk(&desk, actor, 1, &quoted, &mut wrong).await;
    }
    assert!(read > 400, "{read} pages were read");
    let wrong: Vec<_> = wrong.iter().map(|(what, at)| format!("{what} ({at})")).collect();
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_reader_of_pages_sees_what_people_see() {
    let page = "<!DOCTYPE html><html lang=\"zh-CN\"><body><p>人 <code>abc</code> x-y &amp; no_word</p>\
                <a lang=\"en\">English</a><input placeholder=\"hint\"><b aria-label=\"said\">是</b></body></html>";
    assert_eq!(visible(page, "zh-CN"), ["人", "x-y & no_word", "hint", "said", "是"]);
    assert_eq!(latin("确证 conclusive，R01 由 411700-inspector-1（S1）"), ["conclusive"]);
    assert_eq!(latin("no_word"), ["no", "word"]);
    let quoted = BTreeSet::from(["区残联".to_owned()]);
    assert_eq!(han("clerk, 区残联", &quoted), "");
    assert_eq!(han("clerk, 区残联 受理", &quoted), "受理");
}
