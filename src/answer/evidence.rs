//! Whether a document is one that an entry refers to by its salted hash.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::{AskError, personal};
use crate::crypto::EvidenceSalt;
use crate::event::{Evidence, Recorded};
use crate::ledger::Ledger;
use crate::value::{PersonId, Subject, Tag};

/// What the entry refers to with this document's hash, and the document's salt.
pub(crate) fn evidence_of(
    ledger: &Ledger,
    index: u64,
    document: &[u8],
) -> Result<Option<(Evidence, EvidenceSalt)>, AskError> {
    if index >= ledger.len() {
        return Err(AskError::refused(format!("the ledger has no entry {index}"))
            .hinted(format!("its newest is {}", ledger.len().saturating_sub(1))));
    }
    let event = ledger.event(index)?;
    let items = items(&event)?;
    if items.is_empty() {
        return Err(AskError::refused(format!("entry {index} refers to no document"))
            .hinted("`history` shows the entries of a person or case"));
    }
    let held = personal(ledger)?.evidence_by(&ids(ledger, &event)?, document)?;
    Ok(items.into_iter().find_map(|item| {
        let salt = held.iter().find(|(_, hash)| *hash == item.hash)?;
        Some((item, salt.0.clone()))
    }))
}

/// What an event refers to, wherever in its data it stands.
fn items(event: &Recorded) -> Result<Vec<Evidence>, AskError> {
    let data = serde_json::from_str(&event.payload.body.to_json())
        .map_err(|_| AskError::refused("the entry's data does not read"))?;
    let mut items = Vec::new();
    collect(&data, &mut items);
    Ok(items)
}

fn collect(value: &Value, items: &mut Vec<Evidence>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, items)),
        Value::Object(fields) => match Evidence::deserialize(value) {
            Ok(item) => items.push(item),
            Err(_) => fields.values().for_each(|value| collect(value, items)),
        },
        _ => {}
    }
}

/// The identity tags of everybody the event is about.
fn ids(ledger: &Ledger, event: &Recorded) -> Result<Vec<Tag>, AskError> {
    let payload = &event.payload;
    let mut people = BTreeSet::<PersonId>::new();
    people.extend(payload.body.person());
    let subjects = std::iter::once(&event.subject).chain(&payload.about);
    people.extend(subjects.filter_map(|subject| match subject {
        Subject::Person(person) => Some(*person),
        _ => None,
    }));
    let flag = payload.body.flag();
    Ok(ledger.with_state(|state| {
        people.extend(flag.and_then(|flag| state.oversight.flag(&flag)?.person));
        let known = people.iter().filter_map(|person| state.people.find(person));
        known.flat_map(|person| person.ids.iter().copied()).collect()
    })?)
}
