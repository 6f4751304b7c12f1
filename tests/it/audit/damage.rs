//! Changed, lost and moved bytes and entries.

use std::fs;

use mingzheng::{
    audit::{Trail, verify},
    frame::{Entry, HEAD_FILE_BYTES, encode_frame},
    value::Hash,
};
use rayon::prelude::*;

use super::{
    check,
    ledger::{Ledger, clerk, next_frame, person},
    outside, violations, violations_of,
};

const SEGMENT: &str = "log/00000000000000000000.seg";

/// Flips one bit of every `step`-th byte of a file, each in a folder of its own thread, and
/// answers the offsets at which the check still said ok.
fn unnoticed(ledger: &Ledger, file: &str, len: usize, step: usize) -> Vec<usize> {
    let offsets: Vec<usize> = (0..len).step_by(step).collect();
    let unnoticed = offsets.par_chunks(offsets.len().div_ceil(8)).flat_map_iter(|offsets| {
        let folder = tempfile::tempdir().unwrap();
        ledger.write(folder.path(), 5, ledger.tree.len());
        let path = folder.path().join(file);
        let mut bytes = fs::read(&path).unwrap();
        let mut unnoticed = Vec::new();
        for &at in offsets {
            bytes[at] ^= 1 << (at % 8);
            fs::write(&path, &bytes).unwrap();
            if verify(&Trail::open(folder.path()).unwrap(), &outside()).ok {
                unnoticed.push(at);
            }
            bytes[at] ^= 1 << (at % 8);
        }
        unnoticed
    });
    unnoticed.collect()
}

#[test]
fn a_flipped_bit_in_any_byte_of_the_log_is_found() {
    let ledger = Ledger::with_persons(9);
    let len = ledger.segment(5).len();
    assert!((6000..12000).contains(&len), "{len}");
    assert_eq!(unnoticed(&ledger, SEGMENT, len, 1), [0; 0]);
}

#[test]
fn a_flipped_bit_in_any_byte_of_checkpoint_or_key_is_found() {
    let ledger = Ledger::with_persons(1);
    let len = ledger.note(4).len();
    assert_eq!(unnoticed(&ledger, "log/checkpoint", len, 1), [0; 0]);
    // One newline at the end may be there or not.
    let len = super::vkey().to_string().len();
    assert_eq!(unnoticed(&ledger, "keys/ledger.vkey", len, 1), [0; 0]);
}

/// A slot is covered by one checksum, so its zeros are sampled.
#[test]
fn a_flipped_bit_in_the_head_is_found() {
    let ledger = Ledger::with_persons(1);
    assert_eq!(unnoticed(&ledger, "head", HEAD_FILE_BYTES, 13), [0; 0]);
    assert_eq!(unnoticed(&ledger, "head", 400, 1), [0; 0]);
}

/// The entry that was changed is named, not only the frame around it.
#[test]
fn damage_is_named_by_its_entry_and_read_around() {
    let ledger = Ledger::with_persons(9);
    let folder = tempfile::tempdir().unwrap();
    ledger.write(folder.path(), 4, 12);
    let path = folder.path().join(SEGMENT);
    let mut segment = fs::read(&path).unwrap();
    // A byte of the signature at the end of entry 5, which is in the second of three frames.
    let entry = &ledger.entries[5];
    let at = segment.windows(entry.len()).position(|bytes| bytes == entry).unwrap();
    segment[at + entry.len() - 10] ^= 1;
    fs::write(&path, &segment).unwrap();
    let report = check(folder.path());
    let found = violations(&report);
    for expected in [
        (Some(4), "frame_damaged"),
        (Some(5), "signature_invalid"),
        (Some(6), "chain_broken"),
        (None, "root_differs"),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    assert_eq!(report.entries, 12);

    // The frame's length: its entries are lost, those of the next frame are not.
    segment[at + entry.len() - 10] ^= 1;
    let frame = segment.windows(4).position(|bytes| bytes == b"MZFE").unwrap() + 4;
    let frame = next_frame(frame);
    segment[frame + 3] ^= 1;
    fs::write(&path, &segment).unwrap();
    let report = check(folder.path());
    let found = violations(&report);
    assert!(found.contains(&(Some(4), "frame_damaged")), "{found:?}");
    assert!(found.contains(&(Some(4), "entries_missing")), "{found:?}");
    assert!(found.contains(&(None, "size_not_reached")), "{found:?}");
    assert_eq!(report.entries, 12);
}

#[test]
fn lost_ends_and_files_are_found() {
    let ledger = Ledger::with_persons(9);
    let len = ledger.segment(4).len();
    let folder = tempfile::tempdir().unwrap();
    for cut in [len - 1, len - 700, len / 2, 46, 45, 1, 0] {
        ledger.write(folder.path(), 4, 12);
        let path = folder.path().join(SEGMENT);
        let segment = fs::read(&path).unwrap();
        fs::write(&path, &segment[..cut]).unwrap();
        let report = check(folder.path());
        assert!(!report.ok, "cut at {cut}");
        let found = violations(&report);
        assert!(found.contains(&(None, "size_not_reached")), "{cut}: {found:?}");
    }
    for file in [SEGMENT, "head", "log/checkpoint"] {
        ledger.write(folder.path(), 4, 12);
        fs::remove_file(folder.path().join(file)).unwrap();
        assert!(!check(folder.path()).ok, "{file}");
    }
    // The key was given from outside; the folder's own is not needed.
    ledger.write(folder.path(), 4, 12);
    fs::remove_file(folder.path().join("keys/ledger.vkey")).unwrap();
    assert!(check(folder.path()).ok);
}

/// Whoever holds the note key can sign another tree; the chain still tells.
#[test]
fn entries_moved_dropped_or_repeated_break_the_chain() {
    let entries = Ledger::with_persons(9).entries;
    let moved = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut entries = entries.clone();
        change(&mut entries);
        violations_of(&Ledger::of_entries(entries))
    };
    let swapped = moved(&|entries| entries.swap(6, 7));
    assert!(swapped.contains(&(Some(6), "index_differs")), "{swapped:?}");
    assert!(swapped.contains(&(Some(6), "chain_broken")), "{swapped:?}");
    let dropped = moved(&|entries| drop(entries.remove(6)));
    assert!(dropped.contains(&(Some(6), "index_differs")), "{dropped:?}");
    assert!(dropped.contains(&(Some(6), "chain_broken")), "{dropped:?}");
    let repeated = moved(&|entries| entries.insert(6, entries[5].clone()));
    assert!(repeated.contains(&(Some(6), "cti_reused")), "{repeated:?}");
    assert!(repeated.contains(&(Some(6), "chain_broken")), "{repeated:?}");
}

/// The last entry has no successor whose `prev` would tell; the root does.
#[test]
fn another_last_entry_is_found_by_the_root() {
    let mut ledger = Ledger::with_persons(5);
    let folder = tempfile::tempdir().unwrap();
    ledger.write(folder.path(), 4, 8);
    let other = Ledger::of_entries({
        let mut entries = ledger.entries.clone();
        entries.pop();
        entries
    });
    let last = Entry::decode(&ledger.entries[7]).unwrap();
    let recorded_at_ms = last.recorded_at_ms + 1;
    let changed = Entry { recorded_at_ms, ..last }.encode().unwrap();
    let mut entries = other.entries;
    entries.push(changed);
    let mut segment = Ledger::of_entries(entries).segment(4);
    segment.resize(segment.len() + 5000, 0);
    fs::write(folder.path().join(SEGMENT), segment).unwrap();
    let found = violations(&check(folder.path()));
    // Checkpoint and head state the same size.
    assert_eq!(found, [(None, "root_differs"), (None, "root_differs")]);

    // What was published is a prefix of what is there: nothing is wrong with going on.
    let (subject, data) = person(77);
    ledger.say(&clerk(), &subject, data);
    assert_eq!(violations_of(&ledger), []);
}

/// The ledger itself can seal an entry wrongly; here the last one, in an otherwise sound ledger.
#[test]
fn each_part_of_an_entry_is_held_to_what_came_before() {
    let entries = Ledger::with_persons(5).entries;
    let sealed = |change: &dyn Fn(&mut Entry<'_>)| {
        let mut entries = entries.clone();
        let last = entries.pop().unwrap();
        let mut last = Entry::decode(&last).unwrap();
        change(&mut last);
        entries.push(last.encode().unwrap());
        violations_of(&Ledger::of_entries(entries))
    };
    let one = |code| vec![(Some(7), code)];
    assert_eq!(sealed(&|_| ()), []);
    assert_eq!(sealed(&|entry| entry.index = 8), one("index_differs"));
    assert_eq!(sealed(&|entry| entry.recorded_at_ms -= 60_000), []);
    assert_eq!(sealed(&|entry| entry.recorded_at_ms -= 60_001), one("time_went_back"));
    assert_eq!(sealed(&|entry| entry.subject_prev = Some(2)), one("subject_link_differs"));
    assert_eq!(sealed(&|entry| entry.statement = b"none"), one("statement_malformed"));
    // The frame's head repeats the right hash; the last frame holds entries 4 to 7.
    assert_eq!(sealed(&|entry| entry.prev.0[0] ^= 1), one("chain_broken"));

    let mut ledger = Ledger::with_persons(5);
    ledger.push(b"none".to_vec());
    assert_eq!(violations_of(&ledger), [(Some(8), "entry_malformed")]);

    // A second frame whose head names another hash than its first entry.
    let ledger = Ledger::with_persons(5);
    let folder = tempfile::tempdir().unwrap();
    ledger.write(folder.path(), 8, 8);
    let mut segment = Ledger::of_entries(entries[..4].to_vec()).segment(4);
    segment.resize(next_frame(segment.len()), 0);
    let rest: Vec<&[u8]> = entries[4..].iter().map(Vec::as_slice).collect();
    encode_frame(&mut segment, 4, &Hash([1; 32]), &rest);
    fs::write(folder.path().join(SEGMENT), segment).unwrap();
    assert_eq!(violations(&check(folder.path())), [(Some(4), "frame_prev_differs")]);
}

/// Damage of many frames costs bounded work, and what is behind it is not passed over in silence.
#[test]
fn many_damaged_places_end_the_segment() {
    let ledger = Ledger::with_persons(97);
    let folder = tempfile::tempdir().unwrap();
    ledger.write(folder.path(), 1, 100);
    let path = folder.path().join(SEGMENT);
    let mut segment = fs::read(&path).unwrap();
    let trailers: Vec<_> =
        (0..segment.len() - 4).filter(|at| &segment[*at..at + 4] == b"MZFE").collect();
    assert_eq!(trailers.len(), 100);
    for at in trailers {
        segment[at] ^= 1;
    }
    fs::write(&path, segment).unwrap();
    let report = check(folder.path());
    let count = |code| report.violations.iter().filter(|found| found.code == code).count();
    assert_eq!((count("frame_damaged"), report.entries), (65, 64));
    assert_eq!(count("size_not_reached"), 2);
}
