//! A reader that begins where the last close left off sees what a whole opening sees, and nothing
//! that the published head does not cover.

use std::path::Path;
use std::sync::Arc;

use super::crash_tests::{Town, len_of};
use super::*;
use crate::log::{LogError, MemoryFiles};

const SEGMENT: &str = "log/00000000000000000000.seg";
const SNAPSHOTS: [&str; 3] =
    ["index/state.snapshot", "index/statements.snapshot", "index/log.snapshot"];

/// A closed ledger of some entries.
fn closed() -> (Town, u64) {
    let town = Town::new(MemoryFiles::new());
    let ledger = town.found().unwrap();
    for signed in town.authority() {
        ledger.submit(vec![signed.bytes]).unwrap().wait().unwrap();
    }
    let len = len_of(&ledger) as u64;
    ledger.close();
    (town, len)
}

fn bytes(ledger: &Ledger, index: u64) -> Result<Vec<u8>, LogError> {
    ledger.reader().read(index)
}

#[test]
fn it_sees_what_a_whole_opening_sees() {
    let (town, len) = closed();
    let whole = town.open(false).unwrap();
    let state = whole.with_state(Clone::clone).unwrap();
    let entries: Vec<_> = (0..len).map(|index| bytes(&whole, index).unwrap()).collect();
    let ids: Vec<_> = (0..len).map(|index| whole.event(index).unwrap().id).collect();
    whole.close();
    let reading = town.open_since_close().unwrap();
    assert_eq!(reading.len(), len);
    assert_eq!(reading.with_state(Clone::clone).unwrap(), state);
    let vkey = reading.verifier().unwrap();
    let mut scanned = Vec::new();
    reading.reader().scan(0, &mut |_, entry| scanned.push(entry.to_vec())).unwrap();
    assert_eq!(scanned, entries);
    for (index, id) in (0..).zip(&ids) {
        assert_eq!(reading.find(id).unwrap(), Some(index));
        assert_eq!(reading.receipt(index).unwrap().verify(&vkey).unwrap().index, index);
    }
    assert_eq!(reading.find(&Hash::default()).unwrap(), None);
    assert!(matches!(reading.submit(vec![Vec::new()]), Err(SubmitError::Closed)));
}

#[test]
fn an_entry_changed_on_the_disk_is_not_shown_and_its_neighbours_are() {
    let (town, len) = closed();
    let good = town.files.bytes(SEGMENT).unwrap();
    let entry = bytes(&town.open_since_close().unwrap(), 1).unwrap();
    let at = good.windows(entry.len()).position(|window| *window == entry).unwrap();
    for offset in [0, entry.len() / 2, entry.len() - 1] {
        let mut changed = good.clone();
        changed[at + offset] ^= 1;
        town.files.put(SEGMENT, &changed);
        let reading = town.open_since_close().unwrap();
        assert_eq!(bytes(&reading, 1), Err(LogError::Changed { index: 1 }));
        assert!((0..len).filter(|index| *index != 1).all(|index| bytes(&reading, index).is_ok()));
        let mut seen = 0;
        let scanned = reading.reader().scan(0, &mut |_, _| seen += 1);
        assert_eq!((scanned, seen), (Err(LogError::Changed { index: 1 }), 1));
        assert!(reading.event(1).is_err() && reading.receipt(1).is_err());
        drop(reading);
        assert!(town.open(true).is_err(), "a whole opening refuses it at once");
    }
}

#[test]
fn what_the_close_left_is_used_whole_and_of_this_log_or_not_at_all() {
    let (town, len) = closed();
    let state = town.open_since_close().unwrap().with_state(Clone::clone).unwrap();
    let good = SNAPSHOTS.map(|name| town.files.bytes(name).unwrap());
    let id = town.open(true).unwrap().event(1).unwrap().id;
    let check = |case: &str| {
        let reading = town.open_since_close().unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(reading.with_state(Clone::clone).unwrap(), state, "{case}");
        for index in 0..len {
            bytes(&reading, index).unwrap_or_else(|error| panic!("{case}: {error}"));
        }
        // Never "no such statement" where the file that knows it is damaged.
        assert!(matches!(reading.find(&id), Ok(Some(1)) | Err(ReadError::Statements)), "{case}");
    };
    for (name, good) in SNAPSHOTS.iter().zip(&good) {
        for at in [0, 5, 20, 40, 60, good.len() / 2, good.len() - 1] {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            town.files.put(name, &bytes);
            check(name);
        }
        town.files.put(name, &good[..good.len() / 2]);
        check(name);
        town.files.put(name, &[]);
        check(name);
        town.files.put(name, good);
    }
    // Another ledger's, whole in itself: the same founding, another entry after it.
    let other = Town::new(MemoryFiles::new());
    let ledger = other.found().unwrap();
    other.clock.advance_to(other.clock.wall_ms() + 1000);
    ledger.submit(vec![other.authority()[0].bytes.clone()]).unwrap().wait().unwrap();
    ledger.close();
    for some in [&SNAPSHOTS[..], &SNAPSHOTS[..2], &SNAPSHOTS[2..]] {
        for name in some {
            town.files.put(name, &other.files.bytes(name).unwrap());
        }
        check("another ledger's");
        for (name, good) in SNAPSHOTS.iter().zip(&good) {
            town.files.put(name, good);
        }
    }
}

#[test]
fn entries_written_since_are_read_and_checked() {
    let (town, len) = closed();
    let left = SNAPSHOTS.map(|name| town.files.bytes(name).unwrap());
    let ledger = town.open(true).unwrap();
    let before = len_of(&ledger) as u64;
    for signed in town.people(&ledger, 1).unwrap() {
        ledger.submit(vec![signed.bytes]).unwrap().wait().unwrap();
    }
    let state = ledger.with_state(Clone::clone).unwrap();
    ledger.close();
    for (name, left) in SNAPSHOTS.iter().zip(&left) {
        town.files.put(name, left);
    }
    let reading = town.open_since_close().unwrap();
    assert_eq!((before, reading.len()), (len, len + 2));
    assert_eq!(reading.with_state(Clone::clone).unwrap(), state);
    let last = bytes(&reading, len + 1).unwrap();
    drop(reading);
    let mut changed = town.files.bytes(SEGMENT).unwrap();
    let at = changed.windows(last.len()).position(|window| *window == last).unwrap();
    changed[at + 9] ^= 1;
    town.files.put(SEGMENT, &changed);
    assert!(town.open_since_close().is_err(), "damage behind the close is found at opening");
}

#[test]
fn it_takes_no_key_to_write() {
    let (town, _) = closed();
    let options = Options { since_close: true, ..town.options(true) };
    let secrets = Town::secrets();
    let files = Arc::new(town.files.clone());
    let writing = open::open_on(files, Path::new("memory"), secrets, options).unwrap();
    let mut changed = town.files.bytes(SEGMENT).unwrap();
    changed[300] ^= 1;
    drop(writing);
    town.files.put(SEGMENT, &changed);
    let options = Options { since_close: true, ..town.options(true) };
    let files = Arc::new(town.files.clone());
    let opened = open::open_on(files, Path::new("memory"), Town::secrets(), options);
    assert!(opened.is_err(), "a writer reads the whole log, whatever was asked");
}
