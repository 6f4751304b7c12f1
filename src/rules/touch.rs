//! Whose flags an event may change, so that a store of flags can follow the log.
//!
//! An event changes the files it names. A changed file changes its own flags, and those of
//! everybody it shares an ID number, an account, a name with its birth date, a household or a vehicle with. What
//! a roll that came in, or the day, changes is everybody's.

use std::collections::BTreeSet;

use super::file::{Likeness, PersonFile};
use super::key::Key;
use super::record::{Trace, What};
use super::view::View;
use crate::value::PersonId;

/// Whose flags are to be judged again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// Everybody's.
    All,
    /// Those of these persons.
    Persons(BTreeSet<PersonId>),
}

/// Whose flags the given traces change: those of an event and of every statement that it corrects
/// or retracts. `view` already holds them.
#[must_use]
pub fn touched(traces: &[Trace], view: &View<'_>) -> Touched {
    let mut changed = BTreeSet::new();
    let mut shared = BTreeSet::new();
    for Trace { key, record } in traces {
        match (key, &record.what) {
            (Key::Rolls, _) => return Touched::All,
            (Key::Person(person), _) => changed.extend([*person]),
            // A fact changes the files of those who have the number.
            (Key::Id(_), What::Fact(_) | What::Tie(_)) => changed.extend(view.persons(key)),
            // What is said of an officer, an institution or a batch comes before its steps do.
            (
                Key::Officer(_)
                | Key::Statement(_)
                | Key::Actor(_)
                | Key::Institution(_)
                | Key::Payroll(_),
                _,
            ) => {}
            _ => shared.extend([*key]),
        }
    }
    for person in &changed {
        shared.extend(keys(&view.file(*person)));
    }
    for key in shared {
        // An institution's account joins nobody; when it becomes one, its payees change.
        let is_news = traces
            .iter()
            .any(|trace| trace.key == key && matches!(trace.record.what, What::Institution));
        match key {
            Key::Account(account) if !is_news && view.is_institution(account) => {}
            _ => changed.extend(view.persons(&key)),
        }
    }
    Touched::Persons(changed)
}

/// The keys through which a person's file reaches into others.
fn keys(file: &PersonFile) -> impl Iterator<Item = Key> {
    let ids = file.ids.iter().copied().map(Key::Id);
    let homes = file.homes.iter().copied().map(Key::Home);
    let namesakes = file.likenesses.iter().map(Likeness::namesake);
    let meant = file.ids.iter().copied().map(Key::Meant);
    let means = file.meant.iter().copied().map(Key::Id);
    let payments = file.payments.iter().flat_map(|payment| {
        let paid = &payment.paid;
        [
            paid.account.map(Key::Account),
            paid.chassis.map(Key::Chassis),
            paid.engine.map(Key::Engine),
        ]
    });
    let blanks = file.blanks.iter().map(|(_, blank)| Key::Blank(*blank));
    ids.chain(homes)
        .chain(namesakes)
        .chain(meant)
        .chain(means)
        .chain(payments.flatten())
        .chain(blanks)
}
