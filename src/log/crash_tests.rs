//! The log on a disk that fails: at every write and flush, in every way, nothing acknowledged is
//! missing after reopening, and what is shown once stays.

use super::*;
use crate::frame::{Entry, Walk, entry_hash, genesis_prev};

const ORIGIN: &str = "example.org/log";

/// A ledger's stand-in: hears entries, and hashes all of them for a root.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) entries: Vec<Vec<u8>>,
}

impl Heard {
    pub(super) fn root_of(entries: &[Vec<u8>]) -> Hash {
        if entries.is_empty() {
            return HeadRecord::empty().root;
        }
        Hash::blake3(&entries.concat())
    }
}

impl Replay for Heard {
    fn entries(&mut self, first_index: u64, entries: &[&[u8]]) {
        assert_eq!(first_index, self.entries.len() as u64);
        self.entries.extend(entries.iter().map(|entry| entry.to_vec()));
    }

    fn root(&mut self) -> Hash {
        Self::root_of(&self.entries)
    }
}

/// `count` chained entries that continue `log`, of about `bytes` bytes each.
pub(super) fn entries(log: &dyn Log, count: u64, bytes: usize) -> Vec<Vec<u8>> {
    let mut prev = log.next_prev();
    let mut made = Vec::new();
    for index in log.len()..log.len() + count {
        let statement = vec![b'a' + u8::try_from(index % 26).unwrap(); bytes];
        let entry =
            Entry { index, recorded_at_ms: index, prev, subject_prev: None, statement: &statement };
        let entry = entry.encode().unwrap();
        prev = entry_hash(&entry);
        made.push(entry);
    }
    made
}

pub(super) fn append(log: &mut dyn Log, entries: &[Vec<u8>]) -> Result<(), LogError> {
    let slices = entries.iter().map(Vec::as_slice).collect::<Vec<_>>();
    let group = Group { first_index: log.len(), prev: log.next_prev(), entries: &slices };
    log.append(&group)
}

pub(super) fn head(entries: &[Vec<u8>]) -> HeadRecord {
    let size = entries.len() as u64;
    HeadRecord { size, root: Heard::root_of(entries), note: format!("{ORIGIN}\n{size}\n") }
}

fn options() -> Options {
    Options { segment_bytes: 128 << 10, step_bytes: 16 << 10, head_copy: None }
}

fn create(files: &MemoryFiles) -> Result<SegmentLog, OpenError> {
    SegmentLog::create(Box::new(files.clone()), ORIGIN, options())
}

fn open(files: &MemoryFiles) -> Result<(SegmentLog, OpenReport, Vec<Vec<u8>>), OpenError> {
    let mut heard = Heard::default();
    let (log, report) = SegmentLog::open(Box::new(files.clone()), ORIGIN, options(), &mut heard)?;
    Ok((log, report, heard.entries))
}

/// What the world was told: entries acknowledged, entries sent with the outcome unknown.
#[derive(Default)]
struct Told {
    acknowledged: Vec<Vec<u8>>,
    unknown: Vec<Vec<u8>>,
    created: bool,
}

/// Groups of several sizes over several segments, with heads and checkpoints between; goes on
/// after `Failed`, stops at `Unknown`.
fn work(files: &MemoryFiles, told: &mut Told) {
    let Ok(mut log) = create(files) else { return };
    told.created = true;
    let sizes = [(1, 100), (3, 700), (2, 9_000), (1, 60_000), (5, 400), (1, 60_000), (2, 30)];
    for (round, (count, bytes)) in sizes.into_iter().enumerate() {
        let group = entries(&log, count, bytes);
        for attempt in 0..2 {
            match append(&mut log, &group) {
                Ok(()) => {
                    told.acknowledged.extend_from_slice(&group);
                    break;
                }
                Err(LogError::Failed { .. }) => assert_eq!(attempt, 0, "one operation fails"),
                Err(error @ LogError::Unknown { .. }) => {
                    told.unknown = group;
                    assert_eq!(append(&mut log, &[]), Err(error.clone()));
                    assert_eq!(log.read(0), Err(error));
                    return;
                }
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(log.len(), told.acknowledged.len() as u64);
        if round % 2 == 0 && log.write_head(&head(&told.acknowledged)).is_err() {
            return;
        }
        let note = format!("checkpoint {round}");
        if log.write_checkpoint(&note).is_err() {
            assert!(log.write_checkpoint(&note).is_ok());
        }
    }
}

/// Opens what is left and checks it against what was told; then appends, and cuts the power.
fn check(files: &MemoryFiles, told: &Told, case: &str) {
    let (mut log, report, heard) = match open(files) {
        Ok(opened) => opened,
        Err(OpenError::HeadMissing { .. }) if !told.created => return,
        Err(error) => panic!("{case}: {error}"),
    };
    let acknowledged = told.acknowledged.len();
    assert!(heard.len() >= acknowledged, "{case}: acknowledged entries are missing");
    assert_eq!(heard[..acknowledged], told.acknowledged, "{case}");
    assert!(told.unknown.starts_with(&heard[acknowledged..]), "{case}: entries out of nowhere");
    assert_eq!(report.len, heard.len() as u64, "{case}");

    // What has been shown stays shown, whatever the disk had kept in memory only.
    drop(log);
    let (again, _, shown) = open(&files.power_cut(0)).unwrap_or_else(|e| panic!("{case}: {e}"));
    assert_eq!(shown, heard, "{case}: shown and then lost");
    drop(again);

    let (reopened, second, _) = open(files).unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(second.torn, None, "{case}");
    log = reopened;
    let before = heard.len();
    let mut all = heard;
    for _ in 0..3 {
        let group = entries(&log, 2, 500);
        append(&mut log, &group).unwrap_or_else(|error| panic!("{case}: {error}"));
        all.extend(group);
    }
    log.write_head(&head(&all)).unwrap_or_else(|error| panic!("{case}: {error}"));
    let (mut index, from) = (before as u64, before as u64);
    log.scan(from, &mut |at, bytes| {
        assert_eq!((at, bytes), (index, &all[usize::try_from(index).unwrap()][..]), "{case}");
        index += 1;
    })
    .unwrap();
    assert_eq!(index, all.len() as u64);
    let (_, _, shown) = open(&files.power_cut(0)).unwrap_or_else(|e| panic!("{case}: {e}"));
    assert_eq!(shown, all, "{case}");
}

#[test]
fn every_operation_fails_in_every_way_and_nothing_acknowledged_is_lost() {
    let calm = MemoryFiles::new();
    let mut told = Told::default();
    work(&calm, &mut told);
    assert_eq!(told.acknowledged.len(), 15);
    assert!(calm.names().iter().filter(|name| name.ends_with(".seg")).count() >= 2);
    let operations = calm.operations();
    assert!(operations > 30);

    let mut torn = 0;
    let mut unknown = 0;
    // Sectors in turn, the first ones, the last ones, one in three.
    let masks = [0x5555_5555_5555_5555, 1, 0b11, !1, !0b111, 0x9249_2492_4924_9249];
    let outcomes = [Outcome::Lost, Outcome::Kept].into_iter();
    let outcomes = outcomes.chain(masks.map(Outcome::Torn)).collect::<Vec<_>>();
    for at in 0..operations {
        for outcome in &outcomes {
            for power in [None, Some(0), Some(u64::MAX), Some(0x3333_3333_3333_3333)] {
                let files = MemoryFiles::new();
                files.fail(Fault { at, outcome: *outcome });
                let mut told = Told::default();
                work(&files, &mut told);
                let files = power.map_or_else(|| files.clone(), |sectors| files.power_cut(sectors));
                let case = format!("operation {at} {outcome:?}, power cut {power:?}");
                unknown += usize::from(!told.unknown.is_empty());
                if let Ok((_, report, _)) = open(&files.power_cut(0)) {
                    torn += usize::from(report.torn.is_some());
                }
                check(&files, &told, &case);
            }
        }
    }
    // The test would prove little if the disk never tore a frame.
    assert!(torn > 20, "{torn}");
    assert!(unknown > 100, "{unknown}");
}

#[test]
fn a_group_costs_one_write_and_one_flush() {
    let files = MemoryFiles::new();
    let mut log = create(&files).unwrap();
    let group = entries(&log, 1, 100);
    append(&mut log, &group).unwrap();
    let (operations, flushes) = (files.operations(), files.flushes());
    let group = entries(&log, 10, 500);
    append(&mut log, &group).unwrap();
    assert_eq!(files.operations() - operations, 2);
    assert_eq!(files.flushes() - flushes, 1);
}

#[test]
fn a_large_group_becomes_frames_that_are_durable_one_after_the_other() {
    let files = MemoryFiles::new();
    let mut log = SegmentLog::create(Box::new(files.clone()), ORIGIN, Options::default()).unwrap();
    let group = entries(&log, 200, 60_000);
    append(&mut log, &group).unwrap();
    assert_eq!(log.len(), 200);
    let segment = files.bytes("log/00000000000000000000.seg").unwrap();
    let frames = Walk::new(&segment).unwrap().map(|(_, f)| f.bytes().len()).collect::<Vec<_>>();
    assert_eq!(frames.len(), 2);
    assert!(frames.iter().all(|len| *len <= 8 << 20));
    drop(log);
    let mut heard = Heard::default();
    SegmentLog::open(Box::new(files), ORIGIN, Options::default(), &mut heard).unwrap();
    assert_eq!(heard.entries, group);
}

#[test]
fn after_a_failed_flush_the_next_group_begins_a_segment() {
    let files = MemoryFiles::new();
    let mut log = create(&files).unwrap();
    let first = entries(&log, 2, 300);
    append(&mut log, &first).unwrap();
    files.fail(Fault { at: files.operations() + 1, outcome: Outcome::Lost });
    let second = entries(&log, 1, 300);
    assert!(matches!(append(&mut log, &second), Err(LogError::Unknown { .. })));
    drop(log);
    let (mut log, report, heard) = open(&files).unwrap();
    assert!(report.fresh_segment);
    // The frame can be read back although it never reached the disk: recovery wrote it again.
    assert_eq!(heard.len(), 3);
    let third = entries(&log, 1, 300);
    append(&mut log, &third).unwrap();
    assert!(files.bytes("log/00000000000000000003.seg").is_some());
    drop(log);
    assert!(!open(&files).unwrap().1.fresh_segment);
}

#[test]
fn wrong_groups_and_heads_are_the_callers_fault_and_change_nothing() {
    let files = MemoryFiles::new();
    let mut log = create(&files).unwrap();
    let group = entries(&log, 1, 100);
    let slices = [&group[0][..]];
    let prev = genesis_prev(ORIGIN);
    let operations = files.operations();
    let later = Group { first_index: 1, prev, entries: &slices };
    assert_eq!(log.append(&later), Err(LogError::NotNext { next: 0, given: 1 }));
    let unchained = Group { first_index: 0, prev: Hash([1; 32]), entries: &slices };
    assert_eq!(log.append(&unchained), Err(LogError::NotNext { next: 0, given: 0 }));
    let none = Group { first_index: 0, prev, entries: &[] };
    assert_eq!(log.append(&none), Err(LogError::EntrySize { index: 0, bytes: 0 }));
    let long = vec![0; 65_536];
    let long = Group { first_index: 0, prev, entries: &[slices[0], &long] };
    assert_eq!(log.append(&long), Err(LogError::EntrySize { index: 1, bytes: 65_536 }));
    let head = HeadRecord { size: 1, ..HeadRecord::empty() };
    assert_eq!(log.write_head(&head), Err(LogError::HeadBeyondLog { size: 1, len: 0 }));
    assert_eq!(log.read(0), Err(LogError::NoSuchEntry { index: 0, len: 0 }));
    assert_eq!(log.scan(1, &mut |_, _| ()), Err(LogError::NoSuchEntry { index: 1, len: 0 }));
    assert_eq!(log.scan(0, &mut |_, _| panic!("there is none")), Ok(()));
    assert_eq!(files.operations(), operations);
    append(&mut log, &group).unwrap();
    assert_eq!(log.read(0).unwrap(), group[0]);
}

#[test]
fn a_reader_sees_what_is_durable_while_the_writer_goes_on() {
    let files = MemoryFiles::new();
    let mut log = create(&files).unwrap();
    let reader = log.reader();
    let mut all = Vec::new();
    for _ in 0..20 {
        let group = entries(&log, 3, 20_000);
        append(&mut log, &group).unwrap();
        all.extend(group);
        assert_eq!(reader.len(), all.len() as u64);
        assert_eq!(reader.read(reader.len() - 1).unwrap(), *all.last().unwrap());
    }
    for from in [0, 1, 17, 59, 60] {
        let mut seen = Vec::new();
        reader.scan(from, &mut |index, bytes| seen.push((index, bytes.to_vec()))).unwrap();
        let expected = all.iter().cloned().zip(0..).map(|(bytes, index)| (index, bytes));
        let from = usize::try_from(from).unwrap();
        assert_eq!(seen, expected.skip(from).collect::<Vec<_>>());
    }
    for (from, to) in [(0, 0), (0, 1), (17, 30), (59, 60), (58, 99), (60, 61)] {
        let mut seen = Vec::new();
        let visit = |index, _: &[u8]| {
            seen.push(index);
            Ok::<(), LogError>(())
        };
        reader.each(from..to, visit).unwrap();
        assert_eq!(seen, (from..to.min(60)).collect::<Vec<_>>(), "{from} to {to}");
    }
    let beyond = reader.each(61..62, |_, _| Ok(()));
    assert_eq!(beyond, Err(LogError::NoSuchEntry { index: 61, len: 60 }));
    // A visit that fails is the last.
    let mut visits = 0;
    let stopped = reader.each(3..60, |index, _| {
        visits += 1;
        if index < 5 { Ok(()) } else { Err(LogError::NoSuchEntry { index, len: 0 }) }
    });
    assert_eq!((visits, stopped), (3, Err(LogError::NoSuchEntry { index: 5, len: 0 })));
}

/// A small log with a head over everything, and its files' bytes.
fn closed() -> (MemoryFiles, Vec<Vec<u8>>) {
    let files = MemoryFiles::new();
    let mut log = create(&files).unwrap();
    let mut all = Vec::new();
    for _ in 0..4 {
        let group = entries(&log, 2, 150);
        append(&mut log, &group).unwrap();
        all.extend(group);
        log.write_head(&head(&all)).unwrap();
    }
    drop(log);
    (files, all)
}

#[test]
fn a_flip_of_any_byte_of_log_or_head_is_found_on_opening() {
    let (files, all) = closed();
    let name = "log/00000000000000000000.seg";
    let good = files.bytes(name).unwrap();
    let frames = Walk::new(&good).unwrap();
    let end = frames.last().map(|(at, frame)| at + frame.bytes().len() as u64).unwrap();
    let past_end = usize::try_from(end).unwrap() + 60;
    for at in (0..past_end).chain([good.len() - 1]) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x20;
        let files = files.power_cut(0);
        files.put(name, &bytes);
        match open(&files) {
            // Zeros behind the last frame: cut as a torn frame that nobody was told of.
            Ok((_, report, heard)) => {
                assert!(at as u64 >= end, "{at}");
                assert!(report.torn.is_some() && heard == all, "{at}");
            }
            Err(OpenError::Damage(damage)) => {
                assert_eq!(damage.file, name);
                assert!(damage.offset <= at as u64 && damage.index <= 8, "{at}: {damage}");
                // Nothing was changed.
                assert_eq!(files.bytes(name).unwrap(), bytes);
            }
            Err(OpenError::OtherOrigin { file }) => {
                assert_eq!(file, name);
                assert!((6..38).contains(&at));
            }
            Err(error) => panic!("{at}: {error}"),
        }
    }
    let good = files.bytes("head").unwrap();
    for at in (0..good.len()).step_by(7) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x20;
        let files = files.power_cut(0);
        files.put("head", &bytes);
        let report = open(&files).unwrap().1;
        assert_eq!(report.head_slot_rewritten, Some(at / crate::frame::HEAD_SLOT_BYTES), "{at}");
        assert_eq!(open(&files).unwrap().1.head_slot_rewritten, None);
    }
}

#[test]
fn a_log_that_is_shorter_or_other_than_its_head_is_refused() {
    let (files, all) = closed();
    let name = "log/00000000000000000000.seg";
    let good = files.bytes(name).unwrap();
    let frames = Walk::new(&good).unwrap().collect::<Vec<_>>();
    let last = usize::try_from(frames.last().unwrap().0).unwrap();

    let mut cut = good.clone();
    cut[last..].fill(0);
    let shorter = files.power_cut(0);
    shorter.put(name, &cut);
    assert_eq!(open(&shorter).err(), Some(OpenError::Shorter { len: 6, head: 8 }));

    shorter.put(name, &good[..last]);
    assert_eq!(open(&shorter).err(), Some(OpenError::Shorter { len: 6, head: 8 }));

    shorter.take(name);
    assert_eq!(open(&shorter).err(), Some(OpenError::Shorter { len: 0, head: 8 }));

    // Torn by its look, but the head covers it.
    let mut torn = good.clone();
    torn[last..last.next_multiple_of(512)].fill(0);
    let covered = files.power_cut(0);
    covered.put(name, &torn);
    let Err(OpenError::Damage(damage)) = open(&covered) else { panic!() };
    let offset = last as u64;
    let kind = DamageKind::TornButDurable;
    assert_eq!(damage, Damage { file: name.to_owned(), offset, index: 6, kind });

    let other = files.power_cut(0);
    let mut head_file = Vec::new();
    for sequence in [4, 5] {
        let head = HeadRecord { root: Hash([1; 32]), ..head(&all) };
        head_file.extend(head.encode(sequence).unwrap());
    }
    other.put("head", &head_file);
    let error = open(&other).err();
    assert!(matches!(error, Some(OpenError::OtherRoot { size: 8, .. })), "{error:?}");

    let headless = files.power_cut(0);
    headless.take("head");
    assert_eq!(open(&headless).err(), Some(OpenError::HeadMissing { file: "head".to_owned() }));
    headless.put("head", &vec![0; crate::frame::HEAD_FILE_BYTES]);
    let error = open(&headless).err();
    assert!(matches!(error, Some(OpenError::HeadInvalid { .. })), "{error:?}");
}

#[test]
fn a_whole_frame_with_a_broken_chain_is_damage() {
    let (files, _) = closed();
    let name = "log/00000000000000000000.seg";
    let mut bytes = files.bytes(name).unwrap();
    let frames = Walk::new(&bytes).unwrap().collect::<Vec<_>>();
    let (offset, frame) = frames[2];
    // The same entries with another `prev` in the first, in a frame whose checksum is right.
    let mut changed = frame.entries().map(<[u8]>::to_vec).collect::<Vec<_>>();
    let entry = Entry::decode(&changed[0]).unwrap();
    changed[0] = Entry { prev: Hash([4; 32]), ..entry }.encode().unwrap();
    let slices = changed.iter().map(Vec::as_slice).collect::<Vec<_>>();
    let mut again = Vec::new();
    crate::frame::encode_frame(&mut again, frame.first_index(), &frame.prev(), &slices);
    let at = usize::try_from(offset).unwrap();
    bytes[at..at + again.len()].copy_from_slice(&again);
    files.put(name, &bytes);
    let Err(OpenError::Damage(damage)) = open(&files) else { panic!() };
    let kind = DamageKind::Chain;
    assert_eq!(damage, Damage { file: name.to_owned(), offset, index: 4, kind });
}

#[test]
fn repair_cuts_only_when_told_and_keeps_what_it_cuts() {
    let (files, _) = closed();
    let name = "log/00000000000000000000.seg";
    let mut bytes = files.bytes(name).unwrap();
    let frames = Walk::new(&bytes).unwrap().map(|(at, _)| at).collect::<Vec<_>>();
    bytes[usize::try_from(frames[2]).unwrap() + 60] ^= 1;
    files.put(name, &bytes);

    let refused = repair(&files, ORIGIN, false);
    assert!(matches!(refused, Err(OpenError::Damage(_))), "{refused:?}");
    assert_eq!(files.bytes(name).unwrap(), bytes);

    let report = repair(&files, ORIGIN, true).unwrap();
    assert_eq!(report.len, 4);
    assert_eq!(report.head_size, Some(8));
    assert_eq!(report.damage.unwrap().index, 4);
    let aside = format!("rejected/00000000000000000000.seg.{}.cut", frames[2]);
    assert_eq!(report.kept_aside, std::slice::from_ref(&aside));
    let kept = files.bytes(&aside).unwrap();
    let from = usize::try_from(frames[2]).unwrap();
    assert_eq!(kept, bytes[from..from + kept.len()]);

    // Published entries are gone: this ledger does not sign on.
    assert_eq!(open(&files).err(), Some(OpenError::Shorter { len: 4, head: 8 }));
    let again = repair(&files, ORIGIN, true).unwrap();
    assert_eq!((again.damage, again.len), (None, 4));
}

#[test]
fn damage_above_the_head_can_be_cut_and_the_log_goes_on() {
    let (files, all) = closed();
    let (mut log, _, _) = open(&files).unwrap();
    let group = entries(&log, 1, 150);
    append(&mut log, &group).unwrap();
    drop(log);
    let name = "log/00000000000000000000.seg";
    let mut bytes = files.bytes(name).unwrap();
    let last = Walk::new(&bytes).unwrap().last().unwrap().0;
    bytes[usize::try_from(last).unwrap() + 60] ^= 1;
    files.put(name, &bytes);
    assert!(matches!(open(&files), Err(OpenError::Damage(_))));
    repair(&files, ORIGIN, true).unwrap();
    let (mut log, report, heard) = open(&files).unwrap();
    assert_eq!((report.len, heard), (8, all));
    let group = entries(&log, 1, 150);
    append(&mut log, &group).unwrap();
}

#[test]
fn a_segment_that_could_not_be_begun_leaves_no_second_home_for_an_index() {
    for outcome in [Outcome::Lost, Outcome::Kept] {
        let files = MemoryFiles::new();
        let mut log = create(&files).unwrap();
        let first = entries(&log, 1, 60_000);
        append(&mut log, &first).unwrap();
        let large = entries(&log, 2, 60_000);
        files.fail(Fault { at: files.operations(), outcome });
        assert!(matches!(append(&mut log, &large), Err(LogError::Failed { .. })));
        assert_eq!(log.len(), 1);
        // This one would have fitted behind the first.
        let small = entries(&log, 1, 100);
        append(&mut log, &small).unwrap();
        drop(log);
        assert_eq!(open(&files).unwrap().2, [first, small].concat(), "{outcome:?}");
    }
}

#[test]
fn recovery_that_fails_can_be_done_again() {
    // A torn frame, a flush that failed before it, and a head slot to write again.
    let (files, all) = closed();
    let (mut log, _, _) = open(&files).unwrap();
    let group = entries(&log, 3, 600);
    files.fail(Fault { at: files.operations(), outcome: Outcome::Torn(!(1 << 5)) });
    assert!(matches!(append(&mut log, &group), Err(LogError::Unknown { .. })));
    drop(log);
    let mut head_file = files.bytes("head").unwrap();
    head_file[30] ^= 1;
    files.put("head", &head_file);

    let calm = files.power_cut(0);
    assert!(open(&calm).unwrap().1.torn.is_some());
    let operations = calm.operations();
    assert!(operations >= 6);
    for at in 0..operations {
        for outcome in [Outcome::Lost, Outcome::Kept, Outcome::Torn(0x5555_5555_5555_5555)] {
            for power in [false, true] {
                let mut files = files.power_cut(0);
                files.fail(Fault { at, outcome });
                assert!(open(&files).is_err(), "operation {at}");
                if power {
                    files = files.power_cut(0);
                }
                let (_, _, heard) = open(&files).unwrap();
                assert_eq!(heard, all, "operation {at} {outcome:?}");
            }
        }
    }
}

#[test]
fn a_log_taken_back_with_its_head_is_found_by_the_heads_copy() {
    let other = MemoryFiles::new();
    other.put("copy", &[]);
    let with_copy = || Options { head_copy: Some(other.open("copy").unwrap()), ..options() };
    let open = |files: &MemoryFiles| {
        SegmentLog::open(Box::new(files.clone()), ORIGIN, with_copy(), &mut Heard::default())
    };
    let files = MemoryFiles::new();
    let mut log = SegmentLog::create(Box::new(files.clone()), ORIGIN, with_copy()).unwrap();
    let first = entries(&log, 2, 100);
    append(&mut log, &first).unwrap();
    log.write_head(&head(&first)).unwrap();
    let earlier = files.power_cut(0);
    let second = entries(&log, 1, 100);
    append(&mut log, &second).unwrap();
    log.write_head(&head(&[first, second].concat())).unwrap();
    drop(log);
    assert_eq!(open(&files).unwrap().1.head.size, 3);
    assert_eq!(open(&earlier).err(), Some(OpenError::Shorter { len: 2, head: 3 }));

    // Which of the two is right cannot be guessed.
    other.put("copy", &[0; 10]);
    assert!(matches!(open(&files).err(), Some(OpenError::HeadInvalid { .. })));
}
