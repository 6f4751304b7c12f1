//! A whole county in a temporary ledger, held against the domain, the rules and the verifier.

use std::sync::Arc;

use super::*;
use crate::audit::{self, Trail};
use crate::domain::State;
use crate::domain::benefit::Status as BenefitStatus;
use crate::domain::certificate::Stage;
use crate::event::{Body, FlagKind, Recorded};
use crate::ledger::{Clock, Ledger, Options, Secrets};
use crate::rules::{self, Flag, Register};
use crate::value::Subject;

/// 2025-10-08 and a year later, at ten in the morning.
const BEGINS_MS: u64 = 1_759_888_800_000;
const ENDS_MS: u64 = 1_791_424_800_000;
const DAY_MS: u64 = 86_400_000;

struct Story {
    _folder: tempfile::TempDir,
    house: DemoHouse,
    clock: SetClock,
    report: CountyReport,
}

fn options(clock: &SetClock) -> Options {
    let (log, clock) = (crate::log::Options::small(), Arc::new(clock.clone()));
    Options { clock, log, ..Options::default() }
}

fn story(people: u32, seed: u64) -> Story {
    story_earlier(people, seed, 0)
}

/// A story that began and ended so many days earlier.
fn story_earlier(people: u32, seed: u64, days: u64) -> Story {
    let folder = tempfile::tempdir().unwrap();
    let clock = SetClock::at(BEGINS_MS - days * DAY_MS);
    let path = folder.path().join("ledger");
    let house = DemoHouse::found(&path, "demo.example/county", options(&clock)).unwrap();
    let told = CountyOptions { people, seed, ends_at_ms: ENDS_MS - days * DAY_MS, open_days: 0 };
    let report = run(&house, &clock, told).unwrap_or_else(|error| panic!("{error:?}"));
    Story { _folder: folder, house, clock, report }
}

fn events(ledger: &Ledger) -> Vec<Recorded> {
    (0..ledger.len()).map(|index| ledger.event(index).unwrap()).collect()
}

/// Every flag of the last day of a story that ended so many days earlier.
fn flags(ledger: &Ledger, days: u64) -> Vec<Flag> {
    let mut register = Register::default();
    for event in events(ledger) {
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
    let on = Day::of_millis(ENDS_MS - days * DAY_MS);
    ledger.with_state(|state| rules::judge_all(&register, &*state.policies, on)).unwrap()
}

fn state(ledger: &Ledger) -> State {
    ledger.with_state(Clone::clone).unwrap()
}

#[test]
fn a_year_of_thirty_people_is_lawful_and_clean() {
    let Story { _folder, house, clock, report } = story(30, 1);
    let CountyReport { people, applications, not_accepted, refused, issued, .. } = report;
    assert_eq!((people, applications, not_accepted, refused), (30, 32, 1, 2), "{report:?}");
    assert_eq!((issued, report.replaced, report.exchanged, report.appeals), (28, 1, 1, 1));
    assert!(report.drawn > 10, "{report:?}");
    assert_eq!((report.objections, report.frozen, report.deaths), (1, 1, 1));
    assert!(report.waived >= 1 && report.benefits_refused == 1 && report.returned == 1);
    assert!(report.benefits_granted >= 6 && report.paid_months > 30, "{report:?}");
    assert_eq!(report.paid, Fen(6000 * i64::try_from(report.paid_months).unwrap()));
    assert_eq!(clock.wall_ms(), ENDS_MS);

    let (ledger, before) = (&house.ledger, state(&house.ledger));
    assert_eq!(before.proposals.iter().count(), 0);
    let mut cases = 0;
    for event in events(ledger) {
        let Subject::Case(id) = event.subject else { continue };
        match &event.payload.body {
            Body::ApplicationSubmitted(_) => {
                let case = before.certificates.case(&id).unwrap();
                assert!(matches!(case.stage, Stage::Ended(_)) && case.sealed, "{case:?}");
                cases += 1;
            }
            Body::BenefitApplied(_) => {
                let case = before.benefits.case(&id).unwrap();
                assert_ne!(case.status, BenefitStatus::Applied, "{case:?}");
                cases += 1;
            }
            _ => {}
        }
    }
    assert_eq!(cases, applications + report.benefits_granted + report.benefits_refused);

    let found = flags(ledger, 0);
    let conclusive: Vec<_> = found.iter().filter(|f| f.kind == FlagKind::Conclusive).collect();
    assert!(conclusive.is_empty(), "{conclusive:?}");
    assert!(found.is_empty(), "{found:?}");

    let (folder, note_key) = (ledger.folder().to_owned(), house.keys.note.clone());
    drop(house);
    let strict = audit::Options { strict: true, ..audit::Options::default() };
    let verified = audit::verify(&Trail::open(&folder).unwrap(), &strict);
    assert!(verified.ok, "{:?}", verified.violations);
    assert!(verified.findings.is_empty(), "{:?}", verified.findings);

    for snapshot in [true, false] {
        let secrets = Secrets { note_key: Some(note_key.clone()), vault_key: None };
        let options = Options { snapshot, ..options(&clock) };
        let reopened = Ledger::open(&folder, secrets, options).unwrap();
        assert!(state(&reopened) == before, "snapshot {snapshot}");
    }
}

#[test]
fn the_seed_fixes_the_story_and_not_the_bytes() {
    let (one, again, other) = (story(12, 5), story(12, 5), story(12, 6));
    let told = |story: &Story| -> Vec<(&'static str, Day)> {
        let told = events(&story.house.ledger).into_iter();
        told.map(|event| (event.payload.body.name(), event.payload.at)).collect()
    };
    assert_eq!(told(&one), told(&again));
    assert_eq!(one.report, again.report);
    assert_ne!(told(&one), told(&other));
    let ids = |story: &Story| story.house.ledger.checkpoint().unwrap().checkpoint().root;
    assert_ne!(ids(&one), ids(&again));
}

#[test]
fn a_story_needs_half_a_year_and_fits_its_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let clock = SetClock::at(BEGINS_MS);
    let path = folder.path().join("ledger");
    let house = DemoHouse::found(&path, "demo.example/county", options(&clock)).unwrap();
    let before = house.ledger.len();
    let half_a_year = BEGINS_MS + 180 * DAY_MS;
    for (people, ends_at_ms) in [(30, half_a_year - DAY_MS), (PEOPLE_MAX + 1, half_a_year)] {
        let refused =
            run(&house, &clock, CountyOptions { people, seed: 1, ends_at_ms, open_days: 0 });
        assert!(matches!(refused, Err(DemoError::Value(_))), "{people}");
    }
    assert_eq!(house.ledger.len(), before);
    let told = CountyOptions { people: 3, seed: 1, ends_at_ms: half_a_year, open_days: 0 };
    assert_eq!(run(&house, &clock, told).unwrap().issued, 3);
}

#[test]
fn a_story_that_stops_leaves_lawful_work() {
    let folder = tempfile::tempdir().unwrap();
    let clock = SetClock::at(BEGINS_MS);
    let path = folder.path().join("ledger");
    let house = DemoHouse::found(&path, "demo.example/county", options(&clock)).unwrap();
    let told = CountyOptions { people: 12, seed: 1, ends_at_ms: ENDS_MS, open_days: 110 };
    run(&house, &clock, told).unwrap_or_else(|error| panic!("{error:?}"));
    let found = flags(&house.ledger, 110);
    assert!(found.is_empty(), "{found:?}");
    drop(house);
    let strict = audit::Options { strict: true, ..audit::Options::default() };
    let verified = audit::verify(&Trail::open(&path).unwrap(), &strict);
    assert!(verified.ok && verified.findings.is_empty(), "{verified:?}");
}

/// Long holidays fall into other steps.
#[test]
fn a_year_may_begin_on_any_day() {
    for days in [45, 235] {
        let Story { _folder, house, report, .. } = story_earlier(18, days, days);
        assert_eq!((report.deaths, report.returned, report.replaced), (1, 1, 1), "{report:?}");
        let found = flags(&house.ledger, days);
        assert!(found.is_empty(), "{found:?}");
        let folder = house.ledger.folder().to_owned();
        drop(house);
        let verified = audit::verify(&Trail::open(folder).unwrap(), &audit::Options::default());
        assert!(verified.ok && verified.findings.is_empty(), "{verified:?}");
    }
}
