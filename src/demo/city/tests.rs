//! The city as it is written down.

mod homes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::frame::ROUND;
use super::*;
use super::{stories, walks};
use crate::crypto::TagKind;
use crate::domain::State;
use crate::event::Body;
use crate::ledger::{Ledger, Options};
use crate::rules::{self, Flag, Register};
use crate::value::{CitizenId, IdForm, Month, Programme, Tag};

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

#[test]
fn a_roll_grows_no_further_when_the_city_does() {
    for people in [300, 100_000, 600_000] {
        let frame = city(people).frame;
        let mut next = 0;
        for county in 0..frame.counties() {
            let parts: Vec<_> = frame.parts_of(county).collect();
            assert_eq!(parts.len() > 1, people > 112_500, "one roll for each county up to there");
            for (at, (number, scenes)) in (1..).zip(&parts) {
                assert_eq!(*number, (parts.len() > 1).then_some(at));
                assert_eq!(scenes.start, next, "no scene is left out or comes twice");
                assert!(scenes.len() <= 2_500);
                next = scenes.end;
            }
            assert_eq!(next, frame.scenes_of(county).end);
        }
    }
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

/// What a flag or a label is about: rule, tag of the ID number, programme, month.
type About = (&'static str, Option<Tag>, Option<Programme>, Option<Month>);

/// Every flag of the last day, as `flags` shows them.
fn flags(ledger: &Ledger, on: Day) -> Vec<About> {
    let mut register = Register::default();
    for index in 0..ledger.len() {
        let event = ledger.event(index).unwrap();
        match &event.payload.body {
            Body::Endorsed(_) => {
                register.take(&event);
                for id in &event.payload.refs {
                    let proposal = ledger.find(id).unwrap().unwrap();
                    register.take(&ledger.event(proposal).unwrap());
                }
            }
            body if body.rule().second.is_none() => register.take(&event),
            _ => {}
        }
    }
    let judged = |state: &State| rules::judge_all(&register, &*state.policies, on);
    let flags = ledger.with_state(judged).unwrap();
    let about = |flag: &Flag| (flag.rule.id, flag.id_tag, flag.programme, flag.month);
    let mut about: Vec<About> = flags.iter().map(about).collect();
    about.sort_unstable();
    about
}

/// Days after which months, holidays and weekends fall differently.
const ENDS: [&str; 3] = ["2025-08-23", "2026-02-24", "2026-03-31"];

/// A city that was lived through and ends on a day, with its ledger.
fn lived_city(path: &std::path::Path, day: Day) -> (City, DemoHouse) {
    let ends_at_ms = day.start_millis() + 10 * 3_600_000;
    let options = CityOptions { people: 60, seed: 5, months: None, open_days: 0 };
    let mut city = City::new(options, day).unwrap();
    let clock = SetClock::at(city.begins().start_millis());
    let house = DemoHouse::found_city(path, "demo.example/city", options_at(&clock)).unwrap();
    city.live(&house, &clock, ends_at_ms).unwrap_or_else(|error| panic!("{day}: {error}"));
    (city, house)
}

fn options_at(clock: &SetClock) -> Options {
    let log = crate::log::Options::small();
    Options { clock: Arc::new(clock.clone()), log, ..Options::default() }
}

/// Holidays move what is due; no day of the year makes a flag come or stay away.
#[test]
fn a_city_may_end_on_any_day() {
    for ends in ENDS {
        let day: Day = ends.parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (city, house) = lived_city(&folder.path().join("ledger"), day);
        city.send(&house, &mut |_| ()).unwrap();
        let personal = house.ledger.personal().unwrap();
        let desk = city.desk.iter().flat_map(Desk::labels);
        let mut due: Vec<About> = desk
            .chain(city.labels())
            .map(|Label { rule, id, programme, month }| {
                (rule, Some(personal.tag(TagKind::Id, &id)), programme, month)
            })
            .collect();
        due.sort_unstable();
        let raised = flags(&house.ledger, day);
        let only = |these: &[About], others: &[About]| -> Vec<About> {
            these.iter().copied().filter(|about| !others.contains(about)).collect()
        };
        let (missed, vain) = (only(&due, &raised), only(&raised, &due));
        assert!(missed.is_empty() && vain.is_empty(), "{ends}: {missed:?}, in vain {vain:?}");
        assert_eq!(raised.len(), due.len(), "{ends}");
    }
}
