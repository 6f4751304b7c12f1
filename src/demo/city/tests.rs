//! The city as it is written down.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::ROUND;
use super::stories;
use super::*;
use crate::value::{CitizenId, IdForm};

fn city(people: u32) -> City {
    City::new(
        CityOptions { people, seed: 3, months: None, open_days: 0 },
        "2026-11-25".parse().unwrap(),
    )
    .unwrap()
}

fn text(write: impl Fn(&mut dyn Write) -> io::Result<u64>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_story_is_fixed_by_its_seed() {
    let labels = |seed| {
        let options = CityOptions { people: 600, seed, months: None, open_days: 0 };
        let city = City::new(options, "2026-11-25".parse().unwrap()).unwrap();
        text(|out| city.write_labels(out))
    };
    assert_eq!(labels(3), labels(3));
    assert_ne!(labels(3), labels(4));
}

#[test]
fn every_story_is_told_in_each_round() {
    assert!(stories::all().count() <= ROUND as usize);
    let names: BTreeSet<_> = stories::all().map(|story| story.name).collect();
    assert_eq!(names.len(), stories::all().count(), "two stories of one name");
    let lawful = text(|out| city(1200).write_lawful(out));
    let told: BTreeSet<_> =
        lawful.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    for story in stories::all().filter(|story| story.is_lawful) {
        assert!(told.contains(story.name), "{}", story.name);
    }
}

#[test]
fn nobody_is_anybody_else_and_nobody_is_real() {
    let mut cards = BTreeMap::new();
    let (mut people, mut wrong) = (BTreeSet::new(), 0);
    for (_, scene) in city(3000).scenes() {
        let here: BTreeSet<_> = scene.cards.iter().map(|card| card.person.id.clone()).collect();
        for id in here {
            let known: CitizenId = id.parse().unwrap();
            assert!(known.is_demo(), "{id}");
            wrong += u32::from(known.form() != IdForm::Valid);
            assert!(people.insert(id.clone()), "{id} lives twice");
        }
        for card in &scene.cards {
            *cards.entry(card.person.phone.clone()).or_insert(0) += 1;
            assert!(card.person.account.starts_with("990") && card.person.phone.starts_with("100"));
            assert!(card.issued < card.expires);
        }
    }
    assert_eq!(people.len(), 2700, "the others live on the ledger");
    assert_eq!(wrong, 6, "two stories of wrong numbers in each of three rounds");
}

/// The rules of a table's first column.
fn first_column(table: &str) -> BTreeSet<&str> {
    let rows = table.lines().filter_map(|line| line.strip_prefix("| "));
    rows.filter_map(|row| row.split(' ').next()).filter(|word| word.starts_with('R')).collect()
}

#[test]
fn every_rule_is_told_or_it_is_said_why_not() {
    let city = city(3000);
    let desk = Desk::new(&city.frame, 3000).unwrap();
    let mut told: BTreeSet<_> = desk.labels().iter().map(|label| label.rule).collect();
    told.extend(city.labels().map(|label| label.rule));
    let untold = first_column(include_str!("../../../tests/untold.md"));
    assert!(told.is_disjoint(&untold), "told and not: {told:?} {untold:?}");
    for rule in crate::rules::list() {
        assert!(told.contains(rule.id) || untold.contains(rule.id), "{}", rule.id);
    }
    assert_eq!(told.len() + untold.len(), crate::rules::list().len());
}

#[test]
fn no_two_walks_have_one_name_and_each_lawful_one_has_no_flag() {
    let names: BTreeSet<_> = walks::all().map(|walk| walk.name).collect();
    assert_eq!(names.len(), walks::all().count());
    for walk in walks::all() {
        let flags = walk.text.lines().filter(|line| line.starts_with('!')).count();
        assert_eq!(walk.is_lawful, flags == 0, "{}", walk.name);
    }
}
