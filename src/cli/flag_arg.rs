//! Naming a flag, and documents that a verdict rests on.

use std::path::Path;

use super::{error::CliError, folder, session::personal};
use crate::domain::oversight::Flag;
use crate::event::Evidence;
use crate::ledger::Ledger;
use crate::value::{Hash, PersonId, Tag};

/// Fewest characters that name a flag.
const PREFIX_MIN: usize = 6;
/// Longest document that is hashed.
pub(super) const DOCUMENT_BYTES_MAX: u64 = 256 << 20;
/// What a document is, when its kind is not said.
const DOCUMENT: &str = "document";

/// The flag on the log that a text names: its id or the first characters of it, or the index of
/// any entry of its life.
pub(super) fn find(ledger: &Ledger, text: &str) -> Result<(Hash, Flag), CliError> {
    let id = match text.parse::<u64>() {
        Ok(index) if index < ledger.len() => ledger.event(index)?.payload.body.flag(),
        _ if text.len() < PREFIX_MIN => None,
        _ => {
            let named = ledger.with_state(|state| {
                let ids = state.oversight.flags().map(|(id, _)| *id);
                ids.filter(|id| id.to_string().starts_with(text)).collect::<Vec<_>>()
            })?;
            match named.as_slice() {
                [id] => Some(*id),
                [] => None,
                _ => {
                    return Err(CliError::usage("more than one flag begins like that")
                        .hinted("give more characters of the flag's id"));
                }
            }
        }
    };
    let found = match id {
        Some(id) => ledger.with_state(|state| Some((id, state.oversight.flag(&id)?.clone())))?,
        None => None,
    };
    found.ok_or_else(|| {
        CliError::refused("no flag on the log has that id")
            .hinted("`mingzheng queue` lists them; `mingzheng flags raise` puts them there")
    })
}

/// Documents as events refer to them: `KIND=FILE`, or a file.
pub(super) fn evidence(
    ledger: &Ledger,
    person: Option<PersonId>,
    named: &[String],
) -> Result<Vec<Evidence>, CliError> {
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let id = newest_id(ledger, person)?;
    let mut evidence = Vec::with_capacity(named.len());
    for text in named {
        let (kind, file) = text.split_once('=').unwrap_or((DOCUMENT, text));
        let kind = kind.parse().map_err(|_| {
            CliError::usage(format!("{kind} is no kind of document"))
                .hinted("write KIND=FILE, such as inquiry_record=notes.pdf")
        })?;
        let bytes = folder::read(Path::new(file), DOCUMENT_BYTES_MAX)?;
        let hash = personal(ledger)?.evidence(id.as_ref(), &bytes)?;
        evidence.push(Evidence { kind, hash, custodian: None });
    }
    Ok(evidence)
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
