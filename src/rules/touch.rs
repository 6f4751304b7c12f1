//! Whose flags an event may change, so that a store of flags can follow the log.
//!
//! An event changes the files it names. A changed file changes its own flags, and those of
//! everybody it shares an ID number, an account, a name with its birth date, a household, a house or
//! the papers of works at it, a vehicle or a blank card with, or shared one until now: a payment that came back or a number that was not
//! theirs is in no file, but in the records; and those of everybody whose account the same clerk
//! changed at that time. What a roll that came in, or the day, changes is everybody's.

use std::collections::BTreeSet;

use hashbrown::HashSet;

use super::file::{Likeness, PersonFile};
use super::grant_step::GrantStep;
use super::house;
use super::key::{Home, Key};
use super::record::{Record, Trace, What};
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
    let mut shared = HashSet::new();
    for Trace { key, record } in traces {
        match (key, &record.what) {
            (Key::Rolls, _) if is_news(record, view) => return Touched::All,
            (Key::Person(person), _) => changed.extend([*person]),
            // A fact changes the files of those who have the number.
            (Key::Id(_), What::Fact(_) | What::Tie(_)) => changed.extend(view.persons(key)),
            // How many it may hold is of all who live there.
            (Key::Institution(code), _) => shared.extend([Key::Facility(*code)]),
            // What is said of an officer comes before its steps do; a payment under a batch
            // changes nobody else who is in it.
            (
                Key::Officer(_)
                | Key::Statement(_)
                | Key::Endorsement(_)
                | Key::Ledger
                | Key::Actor(_)
                | Key::Rolls,
                _,
            )
            | (Key::Payees(_), What::Seen(_)) => {}
            (Key::Payroll(payroll), _) => shared.extend([Key::Payees(*payroll)]),
            _ => shared.extend([*key]),
        }
    }
    for person in &changed {
        reached(*person, view, &mut shared);
        let file = view.file(*person);
        shared.extend(keys(&file));
        shared.extend(switched::keys(view, &file));
        shared.extend(house::keys(view, &file));
    }
    // An institution's account joins nobody; when it becomes one, its payees change.
    let became = |trace: &&Trace| matches!(trace.record.what, What::Institution);
    let became: HashSet<Key> = traces.iter().filter(became).map(|trace| trace.key).collect();
    for key in shared {
        match key {
            Key::Account(account) if !became.contains(&key) && view.is_institution(account) => {}
            _ => view.each_person(&key, &mut |person| {
                changed.insert(person);
            }),
        }
    }
    Touched::Persons(changed)
}

/// Says whether no earlier roll, or batch of a payroll, covered the same: big payrolls are many.
fn is_news(record: &Record, view: &View<'_>) -> bool {
    let mut first = None;
    view.each(&Key::Rolls, &mut |_, found| {
        if first.is_none() && found.what == record.what {
            first = Some(found.statement);
        }
    });
    first.is_none_or(|first| first == record.statement)
}

/// Adds the keys through which any record of a person ever reached into other files.
fn reached(person: PersonId, view: &View<'_>, to: &mut HashSet<Key>) {
    let (mut ids, mut meant) = (BTreeSet::new(), BTreeSet::new());
    // A name of one record goes with the birth date of another.
    let (mut names, mut births) = (BTreeSet::new(), BTreeSet::new());
    view.each(&Key::Person(person), &mut |_, record| match &record.what {
        What::Legacy(row) => {
            ids.insert(row.id);
            to.extend(row.household_no.map(|number| Key::Home(Home::Number(number))));
            names.insert(row.sound.unwrap_or(row.name));
            births.extend(row.birth);
            meant.extend(&row.meant);
        }
        What::Known(known) => {
            ids.extend(known.id);
            names.extend(known.sound.or(known.name));
            births.extend(known.birth);
            meant.extend(&known.meant);
        }
        What::Issued(issued) => ids.extend([issued.id]),
        What::Replaced { id, .. } | What::Linked(id) | What::Unlinked(id) => ids.extend([*id]),
        What::Retyped { from, to } => ids.extend([*from, *to]),
        What::Paid(paid) => {
            ids.insert(paid.id);
            to.extend(paid.account.map(Key::Account));
            to.extend(paid.chassis.map(Key::Chassis));
            to.extend(paid.engine.map(Key::Engine));
        }
        What::Grant(step) => {
            if let GrantStep::Placed { institution: Some(code), .. } = **step {
                to.insert(Key::Facility(code));
            }
        }
        What::Joined(home) | What::Left(home) => to.extend([Key::Home(Home::Ledger(*home))]),
        _ => {}
    });
    for id in ids {
        view.each(&Key::Id(id), &mut |_, record| {
            if let What::Fact(fact) = &record.what {
                to.extend(fact.household_no.map(|number| Key::Home(Home::Number(number))));
            }
        });
        to.extend([Key::Id(id), Key::Meant(id)]);
    }
    to.extend(meant.into_iter().map(Key::Id));
    for name in names {
        to.extend(births.iter().map(|birth| Key::Namesake(name, *birth)));
    }
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
    let vehicles = file.grants.list.iter().filter_map(|grant| grant.vehicle.map(Key::Vehicle));
    ids.chain(homes)
        .chain(namesakes)
        .chain(meant)
        .chain(means)
        .chain(payments.flatten())
        .chain(blanks)
        .chain(vehicles)
}
