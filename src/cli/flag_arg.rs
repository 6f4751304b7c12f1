//! Naming a flag, and documents that a verdict rests on.

use std::path::Path;

use serde::Deserialize;

use super::{
    acting::Ground,
    error::CliError,
    folder,
    remote::{self, One, Problem, Query, Remote},
    session::{personal, today},
};
use crate::answer::{QueueLine, flag_named, queue_line};
use crate::event::Evidence;
use crate::ledger::Ledger;
use crate::value::{Hash, PersonId, Tag};

/// Longest document that is hashed.
pub(super) const DOCUMENT_BYTES_MAX: u64 = 256 << 20;
/// What a document is, when its kind is not said.
const DOCUMENT: &str = "document";

/// The flag on the log that a text names: its id or the first characters of it, an order under it,
/// or the index of any entry of its life.
pub(super) fn find(ground: Ground<'_>, text: &str) -> Result<QueueLine, CliError> {
    let found = match ground {
        Ground::Own(ledger) => find_own(ledger, text)?,
        Ground::Served(remote) => find_served(remote, text)?,
    };
    found.ok_or_else(|| {
        CliError::refused("no flag on the log has that id")
            .hinted("`mingzheng queue` lists them; `mingzheng flags raise` puts them there")
    })
}

fn find_own(ledger: &Ledger, text: &str) -> Result<Option<QueueLine>, CliError> {
    let id = match text.parse::<u64>() {
        Ok(index) if index < ledger.len() => ledger.event(index)?.payload.body.flag(),
        _ => flag_named(ledger, text)?,
    };
    match id {
        Some(id) => Ok(queue_line(ledger, id, today(ledger))?),
        None => Ok(None),
    }
}

fn find_served(remote: &Remote, text: &str) -> Result<Option<QueueLine>, CliError> {
    let mut named = text.to_owned();
    if let Some(index) = remote::index(text) {
        match remote.entry(index)? {
            Ok(entry) => match entry.payload.body.flag() {
                Some(flag) => named = flag.to_string(),
                None => return Ok(None),
            },
            Err(problem) if problem.code == NOT_FOUND => {}
            Err(problem) => return Err(problem.into()),
        }
    }
    // Anything else is no part of an address.
    if named.is_empty() || !named.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    let line: QueueLine = match remote.get(&format!("/v1/queue/{named}"))? {
        Ok(text) => remote::parse::<One<QueueLine>>(&text)?.data,
        Err(Problem { code, .. }) if code == NOT_FOUND => return Ok(None),
        Err(problem) => return Err(problem.into()),
    };
    let is_named = line.flag_id.to_string().starts_with(&named)
        || line.orders.iter().any(|order| order.order.to_string() == named);
    if is_named { Ok(Some(line)) } else { Err(remote::unexpected()) }
}

/// What a server says of what is not there.
const NOT_FOUND: &str = "not_found";

/// Documents as events refer to them: `KIND=FILE`, or a file.
pub(super) fn evidence(
    ground: Ground<'_>,
    person: Option<PersonId>,
    named: &[String],
) -> Result<Vec<Evidence>, CliError> {
    let mut evidence = Vec::with_capacity(named.len());
    for text in named {
        let (kind, file) = text.split_once('=').unwrap_or((DOCUMENT, text));
        let kind = kind.parse().map_err(|_| {
            CliError::usage(format!("{kind} is no kind of document"))
                .hinted("write KIND=FILE, such as inquiry_record=notes.pdf")
        })?;
        let bytes = folder::read(Path::new(file), DOCUMENT_BYTES_MAX)?;
        let hash = match ground {
            Ground::Own(ledger) => {
                let id = newest_id(ledger, person)?;
                personal(ledger)?.evidence(id.as_ref(), &bytes)?
            }
            Ground::Served(remote) => hash_served(remote, person, &bytes)?,
        };
        evidence.push(Evidence { kind, hash, custodian: None });
    }
    Ok(evidence)
}

/// Has a server hash a document: the salt is in its vault, so that the hash is its word.
pub(super) fn hash_served(
    remote: &Remote,
    person: Option<PersonId>,
    bytes: &[u8],
) -> Result<Hash, CliError> {
    #[derive(Deserialize)]
    struct Paper {
        hash: Hash,
    }
    let mut query = Query::default();
    query.add("person", person);
    let path = format!("/v1/evidence{query}");
    let answer = remote.post(&path, "application/octet-stream", bytes)?;
    Ok(remote::parse::<One<Paper>>(&answer?)?.data.hash)
}

/// The tag under which the person's keys are found now.
pub(super) fn newest_id(
    ledger: &Ledger,
    person: Option<PersonId>,
) -> Result<Option<Tag>, CliError> {
    Ok(ledger.with_state(|state| {
        person.and_then(|person| state.people.find(&person)?.ids.last().copied())
    })?)
}
