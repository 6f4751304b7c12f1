//! A person's name as a public notice shows it, so that whoever works on a case knows whose it is.
//! The whole name takes a purpose that stands on the ledger first.

use super::{AskError, Records, open};
use crate::crypto::TagKind;
use crate::domain::certificate::masked;
use crate::projection::Who;
use crate::value::PersonId;

/// How many of a person's newest entries are opened at most: a name stands in nearly each of them.
const OPENED_MAX: usize = 64;

/// Surname and mask of the name that the ledger now knows of a person. Nothing where the ledger is
/// open without its vault, knows no name, or the person's data are restricted or erased.
pub(crate) fn masked_name(
    records: &Records<'_>,
    person: PersonId,
) -> Result<Option<String>, AskError> {
    let Some(store) = records.ledger.personal() else { return Ok(None) };
    let known = records.ledger.with_state(|state| {
        state.people.find(&person).filter(|found| !found.restricted).and_then(|found| found.name)
    })?;
    let Some(known) = known else { return Ok(None) };
    let entries = records.index.history(&Who::Person(person, Vec::new()))?;
    for index in entries.into_iter().rev().take(OPENED_MAX) {
        let Some(own) = open(records.ledger, &records.ledger.event(index)?)? else { continue };
        // The tag tells the person's own name from a guardian's, and from what was corrected since.
        let names = [own.name.as_deref(), own.holder.as_deref()];
        let is_known = |name: &&str| store.tag(TagKind::Name, name) == known;
        if let Some(name) = names.into_iter().flatten().find(is_known) {
            return Ok(masked(name));
        }
    }
    Ok(None)
}
