//! Checkpoints, heads, tails, tiles and receipts.

use std::fs;

use mingzheng::{
    audit::{Options, ReceiptFault, receipt},
    frame::HeadRecord,
    tlog::{Checkpoint, Receipt, SignedNote, TreeHash},
    value::Hash,
};

use super::{
    check, check_with,
    ledger::{self, Ledger, ORIGIN, clerk, note_key, person, vkey},
    outside, violations,
};

/// A checkpoint of any size and root, signed by the ledger's own key.
fn note_of(size: u64, root: TreeHash) -> String {
    let checkpoint = Checkpoint::new(ORIGIN.parse().unwrap(), size, root);
    checkpoint.sign(&note_key()).unwrap().note().to_string()
}

#[test]
fn forged_checkpoints_are_found() {
    let ledger = Ledger::with_persons(5);
    let folder = tempfile::tempdir().unwrap();
    let found = |note: String| {
        ledger.write(folder.path(), 4, 8);
        fs::write(folder.path().join("log/checkpoint"), note).unwrap();
        violations(&check(folder.path()))
    };
    let root = ledger.tree.root();
    let other_key = ledger::named_key(ORIGIN, 201);
    let forged = Checkpoint::new(ORIGIN.parse().unwrap(), 8, root).sign(&other_key).unwrap();
    assert_eq!(found(forged.note().to_string()), [(None, "checkpoint_refused")]);
    // Signed by the ledger, and not of these entries.
    let other = TreeHash([7; 32]);
    assert_eq!(found(note_of(8, other)), [(None, "root_differs")]);
    assert_eq!(found(note_of(5, other)), [(None, "root_differs")]);
    assert_eq!(found(note_of(9, other)), [(None, "size_not_reached")]);
    // An older one is a prefix of the head.
    assert_eq!(found(ledger.note(5)), []);
    assert_eq!(found(String::new()), [(None, "checkpoint_refused")]);
}

#[test]
fn forged_heads_are_found() {
    let ledger = Ledger::with_persons(5);
    let folder = tempfile::tempdir().unwrap();
    let found = |older: HeadRecord, newest: HeadRecord| {
        ledger.write(folder.path(), 4, 8);
        let slots = [older.encode(6).unwrap(), newest.encode(7).unwrap()].concat();
        fs::write(folder.path().join("head"), slots).unwrap();
        violations(&check(folder.path()))
    };
    assert_eq!(found(ledger.head(4), ledger.head(8)), []);
    let differs = HeadRecord { size: 7, ..ledger.head(8) };
    assert_eq!(found(ledger.head(4), differs), [(None, "head_differs"), (None, "root_differs")]);
    let other = HeadRecord { root: Hash([7; 32]), size: 8, note: note_of(8, TreeHash([7; 32])) };
    assert_eq!(found(ledger.head(4), other.clone()), [(None, "root_differs")]);
    let other = HeadRecord { size: 3, note: note_of(3, TreeHash([7; 32])), ..other };
    assert_eq!(found(other, ledger.head(8)), [(None, "root_differs")]);
    assert_eq!(found(ledger.head(8), ledger.head(4)), [(None, "head_went_back")]);
    let unsigned = HeadRecord { note: String::new(), ..ledger.head(8) };
    assert_eq!(found(ledger.head(4), unsigned), [(None, "checkpoint_refused")]);
}

#[test]
fn beyond_the_published_size_nothing_is_a_violation() {
    let ledger = Ledger::with_persons(9);
    let folder = tempfile::tempdir().unwrap();
    let published = |size: u64| {
        ledger.write(folder.path(), 4, size);
        check(folder.path())
    };
    for (size, tail) in [(12, None), (10, Some(2)), (8, Some(4)), (1, Some(11)), (0, Some(12))] {
        let report = published(size);
        assert_eq!(violations(&report), [], "{size}");
        assert_eq!(report.entries, size);
        assert_eq!(report.root, ledger.tree.root_at(size).unwrap());
        let entries = report.unpublished_tail.map(|tail| (tail.entries, tail.unfinished));
        assert_eq!(entries, tail.map(|entries| (entries, false)), "{size}");
    }
    // A write that goes on, or was cut: part of the last frame stands there.
    ledger.write(folder.path(), 4, 8);
    let segment = ledger.segment(4);
    let path = folder.path().join("log/00000000000000000000.seg");
    fs::write(&path, &segment[..segment.len() - 300]).unwrap();
    let report = check(folder.path());
    assert_eq!(violations(&report), []);
    let tail = report.unpublished_tail.unwrap();
    assert_eq!((tail.entries, tail.unfinished), (0, true));
    // Nothing was written by checking.
    assert_eq!(fs::read(&path).unwrap().len(), segment.len() - 300);
}

#[test]
fn a_new_ledger_without_a_published_head_is_sound() {
    let ledger = Ledger::with_persons(1);
    let folder = tempfile::tempdir().unwrap();
    ledger.write(folder.path(), 4, 4);
    let empty = HeadRecord::empty();
    let slots = [empty.encode(0).unwrap(), empty.encode(1).unwrap()].concat();
    fs::write(folder.path().join("head"), slots).unwrap();
    fs::remove_file(folder.path().join("log/checkpoint")).unwrap();
    let report = check(folder.path());
    assert_eq!(violations(&report), []);
    assert_eq!((report.entries, report.unpublished_tail.unwrap().entries), (0, 4));
}

#[test]
fn only_the_first_head_may_stand_without_a_checkpoint() {
    let ledger = Ledger::with_persons(5);
    let folder = tempfile::tempdir().unwrap();
    let found = |older: HeadRecord, newest: HeadRecord| {
        ledger.write(folder.path(), 4, 8);
        let slots = [newest.encode(2).unwrap(), older.encode(1).unwrap()].concat();
        fs::write(folder.path().join("head"), slots).unwrap();
        fs::remove_file(folder.path().join("log/checkpoint")).unwrap();
        let report = check(folder.path());
        let found: Vec<_> = violations(&report);
        (found, report.entries)
    };
    // Killed between the first head and its checkpoint: the head's own signed note states it all.
    assert_eq!(found(HeadRecord::empty(), ledger.head(8)), (vec![], 8));
    // Behind any later head a checkpoint was written before.
    assert_eq!(found(ledger.head(4), ledger.head(8)), (vec![(None, "file_unreadable")], 8));
    // A first head is held to its note and to the entries.
    let unsigned = HeadRecord { note: String::new(), ..ledger.head(8) };
    assert_eq!(found(HeadRecord::empty(), unsigned).0, [(None, "checkpoint_refused")]);
    let root = TreeHash([7; 32]);
    let other = HeadRecord { size: 8, root: Hash(root.0), note: note_of(8, root) };
    assert_eq!(found(HeadRecord::empty(), other).0, [(None, "root_differs")]);
}

#[test]
fn segments_follow_on_each_other() {
    let ledger = Ledger::with_persons(9);
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let two = |second_first: u64| {
        ledger.write(folder.path(), 4, 12);
        let whole = ledger.segment(4);
        // The third frame, entries 8 to 11, stands alone in a second segment.
        let first = Ledger::of_entries(ledger.entries[..8].to_vec()).segment(4);
        let third = ledger::next_frame(first.len());
        let header = mingzheng::frame::SegmentHeader {
            origin: mingzheng::frame::genesis_prev(ORIGIN),
            first_index: second_first,
        };
        let second = [&header.encode()[..], &whole[third..]].concat();
        fs::write(log.join("00000000000000000000.seg"), first).unwrap();
        fs::write(log.join(header.file_name()), second).unwrap();
        let found = violations(&check(folder.path()));
        fs::remove_file(log.join(header.file_name())).unwrap();
        found
    };
    assert_eq!(two(8), []);
    assert_eq!(two(9), [(Some(8), "segment_misplaced")]);
    // A segment of another ledger.
    ledger.write(folder.path(), 4, 12);
    let mut segment = ledger.segment(4);
    segment[6..38].fill(1);
    fs::write(log.join("00000000000000000000.seg"), segment).unwrap();
    assert_eq!(violations(&check(folder.path())), [(Some(0), "segment_of_other_ledger")]);
}

#[test]
fn tampered_exports_are_found() {
    let ledger = Ledger::with_persons(300);
    let folder = tempfile::tempdir().unwrap();
    let found = |file: &str, change: &dyn Fn(&mut Vec<u8>)| {
        ledger.export(folder.path());
        let path = folder.path().join(file);
        let mut bytes = fs::read(&path).unwrap();
        change(&mut bytes);
        fs::write(path, bytes).unwrap();
        violations(&check(folder.path()))
    };
    let flip = |bytes: &mut Vec<u8>| bytes[100] ^= 1;
    for tile in ["tile/0/000", "tile/0/001.p/47"] {
        assert_eq!(found(tile, &flip), [(None, "tile_differs")], "{tile}");
    }
    let flip_first = |bytes: &mut Vec<u8>| bytes[0] ^= 1;
    assert_eq!(found("tile/1/000.p/1", &flip_first), [(None, "tile_differs")]);
    let cut = |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() - 1);
    assert_eq!(found("tile/0/000", &cut), [(None, "tile_differs")]);
    let bundle = found("tile/entries/001.p/47", &flip);
    assert!(bundle.contains(&(None, "root_differs")), "{bundle:?}");
    assert!(bundle.contains(&(None, "tile_differs")), "{bundle:?}");
    let bundle = found("tile/entries/001.p/47", &cut);
    assert!(bundle.contains(&(Some(302), "bundle_malformed")), "{bundle:?}");
    let bundle = found("tile/entries/001.p/47", &Vec::clear);
    assert!(bundle.contains(&(Some(256), "bundle_malformed")), "{bundle:?}");
    let longer = |bytes: &mut Vec<u8>| bytes.extend([0, 1, 2]);
    let bundle = found("tile/entries/001.p/47", &longer);
    assert_eq!(bundle, [(Some(303), "bundle_malformed")]);

    // Without a checkpoint that counts, what lies there is checked all the same.
    let unsigned = found("checkpoint", &Vec::clear);
    assert_eq!(unsigned, [(None, "checkpoint_refused")]);
    fs::write(folder.path().join("tile/0/000"), "").unwrap();
    let report = check(folder.path());
    assert_eq!(report.entries, 303);
    assert_eq!(violations(&report), [(None, "checkpoint_refused"), (None, "tile_differs")]);

    ledger.export(folder.path());
    fs::remove_file(folder.path().join("tile/0/000")).unwrap();
    assert_eq!(violations(&check(folder.path())), [(None, "file_unreadable")]);
}

#[test]
fn a_trusted_checkpoint_spares_signatures_below_it_and_nothing_else() {
    let mut ledger = Ledger::with_persons(3);
    let forged = || ledger::Twist {
        forged_by: Some(mingzheng::crypto::SecretKey::from_seed([99; 32])),
        ..Default::default()
    };
    let (subject, data) = person(50);
    ledger.say_twisted(&clerk(), &subject, data, forged());
    let (subject, data) = person(51);
    ledger.say(&clerk(), &subject, data);
    let (subject, data) = person(52);
    ledger.say_twisted(&clerk(), &subject, data, forged());
    let folder = tempfile::tempdir().unwrap();
    ledger.write(folder.path(), 4, 9);
    let from = |note: String| {
        let report = check_with(folder.path(), &Options { from: Some(note.into()), ..outside() });
        (violations(&report), report.trusted_size)
    };
    let invalid = |index| (Some(index), "signature_invalid");
    assert_eq!(violations(&check(folder.path())), [invalid(6), invalid(8)]);
    assert_eq!(from(ledger.note(7)), (vec![invalid(8)], Some(7)));
    assert_eq!(from(ledger.note(9)), (vec![], Some(9)));
    // A trusted checkpoint of another history, of a longer one, or of nobody.
    let other = from(note_of(7, TreeHash([3; 32])));
    assert_eq!(other.0, [invalid(8), (None, "root_differs")]);
    let longer = from(note_of(100, TreeHash([3; 32])));
    assert_eq!(longer.0, [(None, "size_not_reached")]);
    let stranger = ledger::named_key(ORIGIN, 201);
    let checkpoint = Checkpoint::new(ORIGIN.parse().unwrap(), 9, ledger.tree.root());
    let nobody = from(checkpoint.sign(&stranger).unwrap().note().to_string());
    assert_eq!(nobody, (vec![invalid(6), invalid(8), (None, "checkpoint_refused")], None));
}

#[test]
fn a_receipt_shows_what_the_ledger_holds() {
    let ledger = Ledger::with_persons(3);
    let make = |entry: Vec<u8>, index: u64| {
        let path = ledger.tree.inclusion(index, 6).unwrap();
        let note = SignedNote::parse(ledger.note(6).as_bytes()).unwrap();
        Receipt::new(entry, index, path, note).unwrap().to_string()
    };
    let text = make(ledger.entries[4].clone(), 4);
    let shown = receipt(text.as_bytes(), &vkey()).unwrap();
    assert_eq!((shown.index, shown.checkpoint_size, shown.name), (4, 6, "person.recorded"));
    assert_eq!((shown.sub.clone(), shown.kid), (person(1).0, clerk().key.public().kid()));
    assert_eq!((shown.iss.as_str(), shown.origin.as_str()), ("Federation", ORIGIN));

    let other = ledger::named_key(ORIGIN, 201).verifier().clone();
    assert!(matches!(receipt(text.as_bytes(), &other), Err(ReceiptFault::Receipt(_))));
    let wrong = make(ledger.entries[3].clone(), 4);
    assert!(matches!(receipt(wrong.as_bytes(), &vkey()), Err(ReceiptFault::Receipt(_))));
}
