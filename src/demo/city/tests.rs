//! The city as it is written down.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::ROUND;
use super::stories;
use super::*;
use crate::value::{CitizenId, IdForm};

fn city(people: u32) -> City {
    City::new(CityOptions { people, seed: 3, open_days: 0 }, "2026-11-25".parse().unwrap()).unwrap()
}

fn text(write: impl Fn(&mut dyn Write) -> io::Result<u64>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_story_is_fixed_by_its_seed() {
    let labels = |seed| {
        let options = CityOptions { people: 600, seed, open_days: 0 };
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
