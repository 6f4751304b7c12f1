//! The log in a real folder.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use super::{
    crash_tests::{Heard, append, entries, head},
    *,
};

const ORIGIN: &str = "example.org/log";

fn create(folder: &Path) -> SegmentLog {
    let files = DiskFiles::create(folder).unwrap();
    SegmentLog::create(Box::new(files), ORIGIN, Options::small()).unwrap()
}

fn open(folder: &Path) -> Result<(SegmentLog, OpenReport, Vec<Vec<u8>>), OpenError> {
    let mut heard = Heard::default();
    let files = Box::new(DiskFiles::open(folder)?);
    let (log, report) = SegmentLog::open(files, ORIGIN, Options::small(), &mut heard)?;
    Ok((log, report, heard.entries))
}

/// A log of three groups in `folder`, the head over the first two.
fn three_groups(folder: &Path) -> Vec<Vec<u8>> {
    let mut log = create(folder);
    let mut all = Vec::new();
    for group in 0..3 {
        let made = entries(&log, 2, 600);
        append(&mut log, &made).unwrap();
        all.extend(made);
        if group == 1 {
            log.write_head(&head(&all)).unwrap();
        }
    }
    log.write_checkpoint("a note").unwrap();
    all
}

#[test]
fn what_was_appended_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let all = three_groups(folder.path());
    let (log, report, heard) = open(folder.path()).unwrap();
    assert_eq!(heard, all);
    assert_eq!((report.len, report.head.size, report.torn), (6, 4, None));
    assert_eq!(log.read(5).unwrap(), all[5]);
    assert_eq!(fs::read_to_string(folder.path().join("log/checkpoint")).unwrap(), "a note");
}

#[test]
fn a_log_over_many_segments_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = create(folder.path());
    let mut all = Vec::new();
    for _ in 0..12 {
        let made = entries(&log, 5, 50_000);
        append(&mut log, &made).unwrap();
        all.extend(made);
    }
    log.write_head(&head(&all)).unwrap();
    drop(log);
    let segments = segments(folder.path());
    assert!(segments.len() >= 3);
    assert!(open(folder.path()).unwrap().2 == all);
    // A segment in the middle is missing, or the first.
    for missing in [1, 0] {
        fs::remove_file(folder.path().join("log").join(&segments[missing])).unwrap();
        let Err(OpenError::Damage(damage)) = open(folder.path()) else { panic!() };
        assert!(matches!(damage.kind, DamageKind::Index { .. }), "{damage}");
    }
}

#[test]
fn a_second_writer_is_refused_until_the_first_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    three_groups(folder.path());
    let first = open(folder.path()).unwrap();
    let in_use = OpenError::InUse { folder: folder.path().display().to_string() };
    assert_eq!(open(folder.path()).err(), Some(in_use.clone()));
    let files = DiskFiles::open(folder.path()).unwrap();
    assert_eq!(repair(&files, ORIGIN, true), Err(in_use));
    drop(first);
    assert!(open(folder.path()).is_ok());
}

#[test]
fn a_torn_tail_is_cut_and_reported_and_cut_once() {
    let folder = tempfile::tempdir().unwrap();
    let all = three_groups(folder.path());
    let path = folder.path().join("log").join(&segments(folder.path())[0]);
    let mut bytes = fs::read(&path).unwrap();
    let (offset, frame) = crate::frame::Walk::new(&bytes).unwrap().last().unwrap();
    let second_sector = usize::try_from(offset).unwrap().next_multiple_of(512);
    let len = frame.bytes().len() as u64;
    bytes[second_sector..second_sector + 512].fill(0);
    fs::write(&path, &bytes).unwrap();

    let (mut log, report, heard) = open(folder.path()).unwrap();
    assert_eq!(heard, all[..4]);
    let file = format!("log/{}", segments(folder.path())[0]);
    assert_eq!(report.torn, Some(TornTail { file, offset, index: 4, bytes: len }));
    let made = entries(&log, 1, 600);
    append(&mut log, &made).unwrap();
    drop(log);
    let (_, report, heard) = open(folder.path()).unwrap();
    assert_eq!((report.torn, heard.len()), (None, 5));
}

#[test]
fn a_file_cut_short_is_named() {
    let folder = tempfile::tempdir().unwrap();
    three_groups(folder.path());
    let name = segments(folder.path()).remove(0);
    let path = folder.path().join("log").join(&name);
    let bytes = fs::read(&path).unwrap();
    let last = crate::frame::Walk::new(&bytes).unwrap().last().unwrap().0;
    for len in [0, 45, usize::try_from(last).unwrap() + 700] {
        fs::write(&path, &bytes[..len]).unwrap();
        let Err(OpenError::Damage(damage)) = open(folder.path()) else { panic!("{len}") };
        assert_eq!(damage.file, format!("log/{name}"));
        assert!(damage.to_string().contains(&name));
    }
}

#[test]
fn a_folder_is_for_its_owner_only_and_is_made_once() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("ledger");
    assert!(matches!(open(&folder), Err(OpenError::NoLedger { .. })));
    three_groups(&folder);
    for (name, mode) in [
        ("", 0o700),
        ("log", 0o700),
        ("index", 0o700),
        ("vault", 0o700),
        ("keys", 0o700),
        ("rejected", 0o700),
        ("head", 0o600),
        ("lock", 0o600),
        ("log/checkpoint", 0o600),
        ("log/00000000000000000000.seg", 0o600),
    ] {
        let found = fs::metadata(folder.join(name)).unwrap().permissions().mode();
        assert_eq!(found & 0o777, mode, "{name}");
    }
    assert!(matches!(DiskFiles::create(&folder), Err(OpenError::Exists { .. })));
    let files = Box::new(DiskFiles::open(&folder).unwrap());
    let again = SegmentLog::create(files, ORIGIN, Options::small()).err();
    assert!(matches!(again, Some(OpenError::Exists { .. })), "{again:?}");
}

#[test]
fn the_heads_copy_is_kept_elsewhere() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = elsewhere.path().join("head");
    let copy = DiskFiles::open_anywhere(&path).unwrap();
    let options = Options { head_copy: Some(copy), ..Options::small() };
    let files = Box::new(DiskFiles::create(folder.path()).unwrap());
    let mut log = SegmentLog::create(files, ORIGIN, options).unwrap();
    let made = entries(&log, 1, 100);
    append(&mut log, &made).unwrap();
    log.write_head(&head(&made)).unwrap();
    assert_eq!(fs::read(path).unwrap(), fs::read(folder.path().join("head")).unwrap());
}

#[test]
fn another_ledgers_segments_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    three_groups(folder.path());
    let files = Box::new(DiskFiles::open(folder.path()).unwrap());
    let mut heard = Heard::default();
    let other = SegmentLog::open(files, "example.org/other", Options::small(), &mut heard).err();
    let file = "log/00000000000000000000.seg".to_owned();
    assert_eq!(other, Some(OpenError::OtherOrigin { file }));
    assert!(heard.entries.is_empty());
}

fn segments(folder: &Path) -> Vec<String> {
    let names = DiskFiles::open(folder).unwrap().list("log").unwrap();
    names.into_iter().filter(|name| name.ends_with(".seg")).collect()
}
