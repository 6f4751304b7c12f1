//! Whose flags an event may change, so that a store of flags can follow the log.
//!
//! An event changes the files it names. A changed file changes its own flags, and those of
//! everybody it shares an ID number, an account, a telephone, a household or a vehicle with, and
//! of those whose account the same clerk changed at that time. What
//! a roll that came in, or the day, changes is everybody's.

use std::collections::BTreeSet;

use super::file::PersonFile;
use super::key::Key;
use super::record::{Trace, What};
use super::switched;
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
            (Key::Id(_), What::Fact(_)) => changed.extend(view.persons(key)),
            // A payment under a batch changes nobody else who is in it.
            (Key::Officer(_) | Key::Statement(_), _) | (Key::Payees(_), What::Seen(_)) => {}
            (Key::Batch(payroll), _) => shared.extend([Key::Payees(*payroll)]),
            _ => shared.extend([*key]),
        }
    }
    for person in &changed {
        let file = view.file(*person);
        shared.extend(keys(&file));
        shared.extend(switched::keys(view, &file));
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
    let phones = file.likenesses.iter().map(|like| Key::Phone(like.phone));
    let payments = file.payments.iter().flat_map(|payment| {
        let paid = &payment.paid;
        [
            paid.account.map(Key::Account),
            paid.chassis.map(Key::Chassis),
            paid.engine.map(Key::Engine),
        ]
    });
    let houses = file.grants.list.iter().filter_map(|grant| grant.household.map(Key::House));
    let vehicles = file.grants.list.iter().filter_map(|grant| grant.vehicle.map(Key::Vehicle));
    let units = houses.chain(vehicles);
    ids.chain(homes).chain(units).chain(phones).chain(payments.flatten())
}
