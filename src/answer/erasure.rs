//! Which data keys an erasure names.

use super::AskError;
use crate::ledger::Ledger;
use crate::value::{KeyId, PersonId};

/// The person's keys that no effective erasure names yet.
pub(crate) fn keys_to_erase(ledger: &Ledger, person: PersonId) -> Result<Vec<KeyId>, AskError> {
    let keys = ledger.with_state(|state| {
        let mut keys = state.people.keys_of(&person);
        keys.retain(|key| !state.erased_keys.contains(key));
        keys
    })?;
    if keys.is_empty() {
        return Err(AskError::refused("no data key of this person is left to erase")
            .hinted("everything sealed about them was erased before, or nothing ever was sealed"));
    }
    Ok(keys)
}
