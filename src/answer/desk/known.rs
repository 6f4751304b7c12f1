//! By what a row of the desk is recognised: whose it is, and of which benefit.

use std::collections::BTreeMap;

use super::{Place, Waiting};
use crate::answer::{AskError, Records, masked_name};
use crate::value::{PersonId, Programme};

/// Most people of one desk whose names are opened: each takes a look at the log. The oldest rows
/// come first, and others are named once these are done.
const NAMED_MAX: usize = 200;

/// What a row is recognised by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// The masked name of whom it is about.
    pub(crate) name: Option<String>,
    /// The benefit that a case is about; none of a certificate's.
    pub(crate) programme: Option<Programme>,
}

/// What each row is recognised by, in the same order; `names` where the reader may see whose.
pub(crate) fn known(
    records: &Records<'_>,
    rows: &[Waiting],
    names: bool,
) -> Result<Vec<Known>, AskError> {
    let programmes = records.ledger.with_state(|state| {
        let of = |row: &Waiting| match row.place {
            Place::Case(case) => state.benefits.case(&case).map(|case| case.programme),
            _ => None,
        };
        rows.iter().map(of).collect::<Vec<_>>()
    })?;
    let mut named: BTreeMap<PersonId, Option<String>> = BTreeMap::new();
    let mut all = Vec::with_capacity(rows.len());
    for (row, programme) in rows.iter().zip(programmes) {
        // Whoever acts on a flag is not told more of the person than the flag's page says.
        let shows = names && matches!(row.place, Place::Case(_) | Place::Person(_));
        let name = match row.person.filter(|_| shows) {
            Some(person) => match named.get(&person) {
                Some(name) => name.clone(),
                None if named.len() < NAMED_MAX => {
                    named.entry(person).or_insert(masked_name(records, person)?).clone()
                }
                None => None,
            },
            None => None,
        };
        all.push(Known { name, programme });
    }
    Ok(all)
}
