//! The index: followed live, in any steps, it is the one built anew.

use std::sync::Arc;

use super::*;
use crate::demo::{CountyOptions, DemoHouse, run_county};
use crate::event::{Body, Role};
use crate::ledger::{Options, SetClock};
use crate::rules::{Key, Mark};
use crate::value::{Day, Subject};

/// A small county after its year, and the index kept beside it.
fn county(folder: &Path) -> (DemoHouse, Projection) {
    let clock = SetClock::at("2025-11-03".parse::<Day>().unwrap().start_millis());
    let ends_at_ms = "2026-11-02".parse::<Day>().unwrap().start_millis();
    let options = Options {
        clock: Arc::new(clock.clone()),
        log: crate::log::Options::small(),
        ..Options::default()
    };
    let house = DemoHouse::found(folder, "demo.example/index", options).unwrap();
    let mut index = Projection::open(folder).unwrap();
    // Once with the founding alone, then with the year.
    index.catch_up(&house.ledger).unwrap();
    run_county(&house, &clock, CountyOptions { people: 30, seed: 3, ends_at_ms }).unwrap();
    index.catch_up(&house.ledger).unwrap();
    (house, index)
}

#[test]
fn an_index_kept_live_is_the_one_built_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let (house, index) = county(&path);
    let live = index.state_hash().unwrap();
    assert_eq!(index.current_to(), house.ledger.len());
    drop(index);
    let kept = Projection::open(&path).unwrap();
    assert_eq!(kept.state_hash().unwrap(), live);
    drop(kept);
    let mut anew = Projection::rebuild(&path).unwrap();
    assert_eq!(anew.current_to(), 0);
    anew.catch_up(&house.ledger).unwrap();
    assert_eq!(anew.state_hash().unwrap(), live);
}

#[test]
fn histories_hold_every_entry_about_somebody_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (house, index) = county(&folder.path().join("ledger"));
    let mut of_persons = 0;
    for person in index.persons().unwrap() {
        let history = index.history(&Who::Person(person, Vec::new())).unwrap();
        assert!(history.is_sorted_by(|one, next| one < next));
        of_persons += history.len();
    }
    // Every event that names its person is in exactly that person's history.
    let named = (0..house.ledger.len())
        .filter(|index| house.ledger.event(*index).unwrap().payload.body.person().is_some());
    assert!(of_persons >= named.count());
    let actor = Subject::Actor("411702-clerk-1".parse().unwrap());
    // Enrolled, and endorsed: the endorsement is in the history of what it gave effect to.
    assert_eq!(index.history(&Who::Subject(actor)).unwrap().len(), 2);
    let events: i64 = index
        .statistics()
        .unwrap()
        .into_iter()
        .filter(|(of, _)| matches!(of, Of::Events(_)))
        .map(|(_, sum)| sum.count)
        .sum();
    assert_eq!(events.cast_unsigned(), house.ledger.len());
}

#[test]
fn every_second_signature_of_a_clerk_is_found_by_clerk_and_month() {
    let folder = tempfile::tempdir().unwrap();
    let (house, index) = county(&folder.path().join("ledger"));
    let mut signatures = 0;
    for at in 0..house.ledger.len() {
        let event = house.ledger.event(at).unwrap();
        let by_clerk =
            event.signer.role == Role::Clerk && matches!(event.subject, Subject::Case(_));
        if !by_clerk || !matches!(event.payload.body, Body::Endorsed(_)) {
            continue;
        }
        let clerk = Mark::of(event.signer.actor.as_str());
        let rows = keys::traces_of(&Key::Changes(clerk, event.payload.at.month()));
        let mut found = index.tree.scan_prefix(rows).keys();
        assert!(found.any(|key| keys::index_in(&key.unwrap(), 1) == Some(at)), "entry {at}");
        signatures += 1;
    }
    assert!(signatures >= 6, "{signatures}");
}
