//! The index: followed live, in any steps, it is the one built anew.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::demo::{CountyOptions, DemoHouse, run_county};
use crate::event::{Body, Role};
use crate::ledger::{Options, SetClock};
use crate::rules::{self, Key, Mark, PersonFile, Register};
use crate::value::{Day, Subject};

impl Projection {
    /// Writes a row as a step does.
    fn put(&mut self, key: &[u8], value: Vec<u8>) {
        let change = super::pending::Change::Put(value);
        self.rows.apply([(key.to_vec(), change)]).unwrap();
        self.fresh.add(key);
    }

    fn keys(&self, prefix: &[u8]) -> Vec<Vec<u8>> {
        let mut keys = Vec::new();
        self.rows
            .each(prefix, |key, _| {
                keys.push(key.to_vec());
                Ok(())
            })
            .unwrap();
        keys
    }
}

/// A small county after its year, and the index kept beside it.
fn county(folder: &Path) -> (DemoHouse, Projection) {
    county_of(folder, 30, 3)
}

fn county_of(folder: &Path, people: u32, seed: u64) -> (DemoHouse, Projection) {
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
    run_county(&house, &clock, CountyOptions { people, seed, ends_at_ms, open_days: 0 }).unwrap();
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
fn an_index_built_up_to_anywhere_and_then_followed_is_the_one_followed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let (house, followed) = county(&path);
    let on = "2026-11-02".parse().unwrap();
    let policies = house.ledger.with_state(|state| state.policies.clone()).unwrap();
    assert!(followed.rows.table().is_none());
    let (hash, flags) = (followed.state_hash().unwrap(), followed.flags(&*policies, on).unwrap());
    let persons = followed.persons().unwrap();
    let histories = |index: &Projection| -> Vec<Vec<u64>> {
        let of = |person: &crate::value::PersonId| Who::Person(*person, Vec::new());
        persons.iter().map(|person| index.history(&of(person)).unwrap()).collect()
    };
    let (expected, statistics) = (histories(&followed), followed.statistics().unwrap());
    drop(followed);
    let end = house.ledger.len();
    for built in [1, end / 3, end / 2, end - 40, end] {
        let mut index = Projection::rebuild(&path).unwrap();
        index.build_heard(&house.ledger, built, &mut |_, _| {}, &mut |_| Ok(())).unwrap();
        assert!(index.rows.table().is_some());
        index.follow_to(&house.ledger, end).unwrap();
        for opened_again in [false, true] {
            if opened_again {
                drop(index);
                index = Projection::open(&path).unwrap();
            }
            let told = format!("built to {built}, opened again: {opened_again}");
            assert_eq!(index.current_to(), end, "{told}");
            assert_eq!(index.state_hash().unwrap(), hash, "{told}");
            assert_eq!(index.persons().unwrap(), persons, "{told}");
            assert_eq!(histories(&index), expected, "{told}");
            assert_eq!(index.statistics().unwrap(), statistics, "{told}");
            assert_eq!(index.flags(&*policies, on).unwrap(), flags, "{told}");
            for person in persons.iter().step_by(7) {
                let of = index.flags_of(*person, &*policies, on).unwrap();
                let all: Vec<_> = flags
                    .iter()
                    .filter(|flag| flag.subject == rules::FlagSubject::Person(*person))
                    .cloned()
                    .collect();
                assert_eq!(of, all, "{told}");
            }
        }
    }
}

#[test]
fn an_index_whose_table_is_damaged_missing_or_of_another_build_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let (house, index) = county(&path);
    drop(index);
    let table = super::table_path(&super::folder(&path));
    let build = |end: u64| {
        let mut index = Projection::rebuild(&path).unwrap();
        index.build_heard(&house.ledger, end, &mut |_, _| {}, &mut |_| Ok(())).unwrap();
    };
    build(house.ledger.len() / 2);
    let other = std::fs::read(&table).unwrap();
    let damage: [&dyn Fn(); 4] = [
        &|| std::fs::remove_file(&table).unwrap(),
        &|| std::fs::write(&table, &other).unwrap(),
        &|| std::fs::write(&table, &other[..other.len() - 1]).unwrap(),
        &|| std::fs::write(&table, b"").unwrap(),
    ];
    for damage in damage {
        build(house.ledger.len());
        damage();
        let mut index = Projection::open(&path).unwrap();
        assert_eq!(index.current_to(), 0);
        index.catch_up(&house.ledger).unwrap();
        assert_eq!(index.current_to(), house.ledger.len());
    }
    // A block that is damaged later is said, and never read as something else.
    build(house.ledger.len());
    let mut bytes = std::fs::read(&table).unwrap();
    for at in (0..bytes.len() / 2).step_by(512) {
        bytes[at] ^= 1;
    }
    std::fs::write(&table, bytes).unwrap();
    match Projection::open(&path).and_then(|index| index.state_hash()) {
        Err(ProjectionError::Table(error)) => assert!(error.to_string().contains("damaged")),
        other => panic!("{:?}", other.map(|_| ())),
    }
}

#[test]
fn an_index_whose_store_a_kill_left_unreadable_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let (house, index) = county(&path);
    let whole = index.state_hash().unwrap();
    index.flush().unwrap();
    drop(index);
    let store = super::folder(&path);
    // A snapshot that was being written, the settings and the rows themselves, all cut short.
    for (name, bytes) in [
        ("snap.FFFFFFFFFFFFFFFF.generating", b"".as_slice()),
        ("snap.FFFFFFFFFFFFFFFF.generating", &[7; 40]),
        ("conf", b""),
        ("conf", b"io_buf"),
        ("db", b""),
    ] {
        std::fs::write(store.join(name), bytes).unwrap();
        let mut index = Projection::open(&path).unwrap();
        assert!(!name.ends_with("generating") || index.current_to() == 0, "begun anew");
        index.catch_up(&house.ledger).unwrap();
        assert_eq!(index.state_hash().unwrap(), whole, "{name}");
        index.flush().unwrap();
    }
}

#[test]
fn kept_flags_are_there_when_opened_again_and_only_with_their_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let (house, mut index) = county(&path);
    let on = "2026-11-02".parse().unwrap();
    let policies = house.ledger.with_state(|state| state.policies.clone()).unwrap();
    let flags = index.flags(&*policies, on).unwrap();
    let persons = index.persons().unwrap().len() as u64;
    let table = super::flags_path(&super::folder(&path));
    assert_eq!(index.judge(&house.ledger, on).unwrap(), persons);
    let first = std::fs::read(&table).unwrap();
    // Another day is another table.
    let next = "2026-11-03".parse().unwrap();
    assert_eq!(index.judge(&house.ledger, next).unwrap(), persons);
    assert_eq!(index.kept_flags(on).unwrap(), None);
    assert_eq!(index.judge(&house.ledger, on).unwrap(), persons);
    assert_eq!(std::fs::read(&table).unwrap(), first, "the same flags are the same table");
    for damage in [None, Some(&first[..first.len() - 1]), Some(b"".as_slice())] {
        drop(index);
        index = Projection::open(&path).unwrap();
        assert_eq!(index.kept_flags(on).unwrap().as_ref(), Some(&flags));
        assert_eq!(index.judge(&house.ledger, on).unwrap(), 0);
        drop(index);
        match damage {
            Some(bytes) => std::fs::write(&table, bytes).unwrap(),
            None => std::fs::remove_file(&table).unwrap(),
        }
        index = Projection::open(&path).unwrap();
        assert_eq!(index.current_to(), house.ledger.len());
        assert_eq!(index.kept_flags(on).unwrap(), None);
        assert_eq!(index.judge(&house.ledger, on).unwrap(), persons);
    }
}

#[test]
fn an_index_whose_lock_is_let_go_a_moment_later_is_opened_then() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    drop(Projection::rebuild(&path).unwrap());
    let held =
        std::fs::OpenOptions::new().write(true).open(super::folder(&path).join("db")).unwrap();
    // Whichever goes first: sled of the line above may still hold it.
    held.lock().unwrap();
    let (taken, waits) = std::sync::mpsc::channel();
    let opening = std::thread::spawn(move || {
        taken.send(()).unwrap();
        Projection::open(&path).map(|index| index.current_to())
    });
    waits.recv().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(!opening.is_finished(), "it waits for the lock");
    drop(held);
    assert_eq!(opening.join().unwrap().unwrap(), 0);
}

#[test]
fn an_index_whose_building_was_cut_short_is_whole_after_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let (house, index) = county(&path);
    let whole = index.state_hash().unwrap();
    drop(index);
    let end = house.ledger.len();
    let build = |stop: Option<u64>| {
        let mut index = Projection::rebuild(&path).unwrap();
        let mut last = 0;
        let built = index.build_heard(&house.ledger, end, &mut |_, _| {}, &mut |batches| {
            last = batches;
            if stop == Some(batches) { Err(ProjectionError::Row) } else { Ok(()) }
        });
        assert_eq!(built.is_err(), stop.is_some());
        last
    };
    let batches = build(None);
    assert!(batches > 4, "{batches}");
    // Before the first row, in the middle, and with every row but the cursor.
    for stop in [0, 1, batches / 2, batches] {
        build(Some(stop));
        // A process that was killed leaves its runs, too.
        let mut index = Projection::open(&path).unwrap();
        let runs = index.runs_folder();
        std::fs::create_dir_all(&runs).unwrap();
        std::fs::write(runs.join("0.run"), b"cut short").unwrap();
        assert_eq!(index.current_to(), 0, "stopped at {stop}: nothing is taken for whole");
        index.build_from_log(&house.ledger).unwrap();
        assert_eq!(index.state_hash().unwrap(), whole, "stopped at {stop}");
        assert!(!runs.exists(), "stopped at {stop}");
        drop(index);
        assert_eq!(Projection::open(&path).unwrap().current_to(), end);
    }
}

#[test]
fn a_step_that_was_explained_is_so_from_the_entry_that_explains_it_on() {
    let folder = tempfile::tempdir().unwrap();
    let (house, mut index) = county(&folder.path().join("ledger"));
    let on: Day = "2026-11-02".parse().unwrap();
    let policies = house.ledger.with_state(|state| state.policies.clone()).unwrap();
    let person = index.persons().unwrap()[0];
    let case = crate::value::CaseId([7; 16]);
    let step = |number: u8, at: &str, recorded: &str, kind| {
        let by = (&"411702-clerk-1".parse::<crate::value::ActorId>().unwrap()).into();
        let step = rules::Step { case, by, recorded: recorded.parse().unwrap(), kind };
        let what = rules::What::Step(Box::new(step));
        let statement = rules::StatementRef([number; 16]);
        rules::Record { at: at.parse().unwrap(), statement, what }
    };
    let kind = crate::event::ApplicationKind::Cancel;
    let birth = "1970-05-05".parse().unwrap();
    let submitted = rules::StepKind::Submitted { kind, certificate: None, birth };
    // Accepted, by its own word, before the application it rests on was recorded.
    let records = [
        (Key::Person(person), step(1, "2026-10-08", "2026-10-12", submitted)),
        (Key::Person(person), step(2, "2026-10-09", "2026-10-12", rules::StepKind::Accepted)),
        (
            Key::Statement(rules::StatementRef([2; 16])),
            rules::Record {
                at: "2026-10-13".parse().unwrap(),
                statement: rules::StatementRef([3; 16]),
                what: rules::What::Explained,
            },
        ),
    ];
    let first = house.ledger.len();
    let late = |flags: Vec<rules::Flag>| {
        flags.iter().any(|flag| flag.rule.id == "R35" && flag.evidence.contains(&(first + 1)))
    };
    // Over the index, in memory.
    let mut more = Register::default();
    for ((key, record), at) in records.iter().zip(first..) {
        let before = late(index.flags_with(&more, &[person], &*policies, on).unwrap());
        assert_eq!(before, at == first + 2, "with what stands before entry {at}");
        more.put(*key, at, record.clone());
    }
    assert!(!late(index.flags_with(&more, &[person], &*policies, on).unwrap()));
    // In the index, as the ledger knew it at each entry.
    for ((key, record), at) in records.iter().zip(first..) {
        let row = postcard::to_stdvec(record).unwrap();
        index.put(&keys::trace(key, at, 0), row);
        index.voids.extend(match key {
            Key::Statement(statement) => Some(*statement),
            _ => None,
        });
    }
    for (at, expected) in [(first, false), (first + 1, true), (first + 2, false)] {
        let known = AsOf::read(&house.ledger, at).unwrap();
        let flags = index.flags_of_as_of(person, &known, &*policies, on).unwrap();
        assert_eq!(late(flags), expected, "as known at entry {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn flags_kept_beside_a_random_county_are_those_of_a_full_judgement(
        seed in 1_u64..10_000,
        people in 6_u32..16,
        steps in prop::collection::vec(1_u64..400, 1..12),
        has_table in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let (house, index) = county_of(&path, people, seed);
        drop(index);
        let policies = house.ledger.with_state(|state| state.policies.clone()).unwrap();
        let on = "2026-11-02".parse().unwrap();
        let mut index = Projection::rebuild(&path).unwrap();
        let mut end = house.ledger.len() / 2;
        if has_table {
            index.build_heard(&house.ledger, end, &mut |_, _| {}, &mut |_| Ok(())).unwrap();
        }
        for step in steps.into_iter().chain([u64::MAX]) {
            end = end.saturating_add(step).min(house.ledger.len());
            index.follow_to(&house.ledger, end).unwrap();
            index.judge(&house.ledger, on).unwrap();
            let kept = index.kept_flags(on).unwrap().unwrap();
            prop_assert_eq!(kept, index.flags(&*policies, on).unwrap(), "up to {}", end);
            // What is kept of the rolls is what stands in the index.
            let rolls = rules::Coverage::of(&index.store());
            prop_assert_eq!(&*index.coverage().unwrap(), &rolls, "up to {}", end);
        }
    }
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

/// The records of what had taken effect by an entry, from the log alone.
fn register(house: &DemoHouse, last: u64) -> Register {
    let events: Vec<_> = (0..=last).map(|index| house.ledger.event(index).unwrap()).collect();
    let endorsed: std::collections::BTreeSet<Hash> = events
        .iter()
        .filter(|event| matches!(event.payload.body, Body::Endorsed(_)))
        .flat_map(|event| event.payload.refs.clone())
        .collect();
    let mut register = Register::default();
    for event in &events {
        if event.payload.body.second().is_none() || endorsed.contains(&event.id) {
            register.take(event);
        }
    }
    register
}

#[test]
fn what_was_known_at_an_entry_is_what_the_log_held_by_then() {
    let folder = tempfile::tempdir().unwrap();
    let (house, index) = county(&folder.path().join("ledger"));
    let on = "2026-11-02".parse().unwrap();
    let len = house.ledger.len();
    let mut waiting = 0;
    let step = usize::try_from(len).unwrap() / 40;
    for last in (0..len).step_by(step).chain([len - 1]) {
        let known = AsOf::read(&house.ledger, last).unwrap();
        let register = register(&house, last);
        let persons: Vec<_> = index.persons().unwrap();
        let files = index.files_as_of(&persons, &known, on).unwrap();
        let policies = known.policies(&house.ledger, &index).unwrap();
        for (person, file) in persons.iter().zip(&files) {
            assert_eq!(file, &PersonFile::read(*person, &register, on), "{last} {person}");
        }
        let flags = index.flags_as_of(&known, &policies, on).unwrap();
        assert_eq!(flags, rules::judge_all(&register, &policies, on), "{last}");
        let event = house.ledger.event(last).unwrap();
        waiting += usize::from(event.payload.body.second().is_some());
    }
    assert!(waiting > 0, "no entry was looked at while it waited for its second signer");
    // The newest entry knows the policies in force, and the flags of now.
    let known = AsOf::read(&house.ledger, len - 1).unwrap();
    let policies = known.policies(&house.ledger, &index).unwrap();
    assert_eq!(
        house.ledger.with_state(|state| state.policies.clone()).unwrap(),
        std::sync::Arc::new(policies.clone())
    );
    assert_eq!(
        index.flags_as_of(&known, &policies, on).unwrap(),
        index.flags(&policies, on).unwrap()
    );
}

#[test]
fn records_over_the_index_judge_as_if_they_were_stored() {
    let folder = tempfile::tempdir().unwrap();
    let (house, index) = county(&folder.path().join("ledger"));
    let on = "2026-11-02".parse().unwrap();
    let policies = house.ledger.with_state(|state| state.policies.clone()).unwrap();
    let persons = index.persons().unwrap();
    let whole = register(&house, house.ledger.len() - 1);
    let without = index.flags_with(&Register::default(), &persons, &*policies, on).unwrap();
    let by_person = |register: &Register| -> Vec<rules::Flag> {
        let view = rules::View::new(register, &*policies, on);
        persons.iter().flat_map(|person| rules::judge_person(*person, &view)).collect()
    };
    assert_eq!(without, by_person(&whole));
    // Every payment once more: each of them is a payment twice.
    let (mut more, mut both) = (Register::default(), whole);
    let mut next = house.ledger.len();
    for entry in 0..house.ledger.len() {
        let mut event = house.ledger.event(entry).unwrap();
        if let Body::PaymentExecuted(_) = event.payload.body {
            (event.index, event.id) = (next, Hash::blake3(&next.to_be_bytes()));
            more.take(&event);
            both.take(&event);
            next += 1;
        }
    }
    assert!(next > house.ledger.len(), "the county pays somebody");
    let with = index.flags_with(&more, &persons, &*policies, on).unwrap();
    assert_eq!(with, by_person(&both));
    assert!(with.iter().any(|flag| flag.rule.id == "R17"));
    assert!(!without.iter().any(|flag| flag.rule.id == "R17"));
}

#[test]
fn everybody_is_named_under_every_id_number_of_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let (_, index) = county(&folder.path().join("ledger"));
    let on = "2026-11-02".parse().unwrap();
    let mut numbers = 0;
    for person in index.persons().unwrap() {
        for id in index.file(person, on).unwrap().ids {
            let named = index.keys(&keys::seen(&Key::Id(id), person));
            assert_eq!(named.len(), 1, "{person}: what is reported of the number reaches nobody");
            numbers += 1;
        }
    }
    assert!(numbers >= 30, "{numbers}");
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
        let found = index.keys(&keys::traces_of(&Key::Changes(clerk, event.payload.at.month())));
        assert!(found.iter().any(|key| keys::index_in(key, 1) == Some(at)), "entry {at}");
        for id in &event.payload.refs {
            let found = index.keys(&keys::traces_of(&Key::Endorsement(id.into())));
            assert_eq!(found.len(), 1, "entry {at}");
        }
        signatures += 1;
    }
    assert!(signatures >= 6, "{signatures}");
}
