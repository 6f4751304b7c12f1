//! What two offices decided about the use of a person's data, and since when.

use hashbrown::HashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AskError, Moment, Records};
use crate::event::Body;
use crate::projection::Who;
use crate::value::{Day, Hash, PersonId};

/// A restriction that is in effect.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Restricted {
    /// The entry that put it into effect.
    pub(crate) entry: u64,
    /// The day of that entry.
    pub(crate) since: Day,
}

/// An erasure that is in effect.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Erased {
    /// The entry that put it into effect: of several, the newest.
    pub(crate) entry: u64,
    /// The day of that entry.
    pub(crate) since: Day,
    /// Something about the person is sealed under a key that no erasure names: they are dealt
    /// with again.
    pub(crate) sealed_again: bool,
}

/// What restricts the use of a person's data, by what was known at a moment. An erasure restricts,
/// too. Reads the person's history, for those alone whom it concerns.
pub(super) fn restrictions(
    records: &Records<'_>,
    moment: &Moment,
    person: PersonId,
) -> Result<(Option<Restricted>, Option<Erased>), AskError> {
    let concerned = records
        .ledger
        .with_state(|state| state.people.find(&person).is_some_and(|person| person.restricted))?;
    if !concerned {
        return Ok((None, None));
    }
    let sealed_again = records.ledger.with_state(|state| {
        state.people.keys_of(&person).iter().any(|key| !state.erased_keys.contains(key))
    })?;
    let history = records.index.history(&Who::Person(person, Vec::new()))?;
    let (mut restricted, mut erased) = (None, None);
    // By statement: whether it proposes an erasure.
    let mut proposed: HashMap<Hash, bool> = HashMap::new();
    for entry in history.into_iter().filter(|index| moment.knows(*index)) {
        let event = records.ledger.event(entry)?;
        match &event.payload.body {
            Body::ProcessingRestricted(_) => _ = proposed.insert(event.id, false),
            Body::PersonalDataErased(_) => _ = proposed.insert(event.id, true),
            Body::Endorsed(_) => {
                for erases in event.payload.refs.iter().filter_map(|id| proposed.remove(id)) {
                    let since = Day::of_millis(event.recorded_at_ms);
                    restricted.get_or_insert(Restricted { entry, since });
                    if erases {
                        erased = Some(Erased { entry, since, sealed_again });
                    }
                }
            }
            _ => {}
        }
    }
    Ok((restricted, erased))
}
