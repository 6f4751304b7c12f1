//! Reading a log beside its writer: all that the newest head covers, and not a byte further.
//!
//! Takes no lock and writes nothing. What a head covers is durable and never changes; beyond it a
//! writer may be at work, and what stands there is not judged. The checks are recovery's own.

use super::{
    error::OpenError,
    files::Files,
    head_file::HeadFile,
    reader::{LogReader, Shared},
    recovery::{Replay, recover_published},
};
use crate::frame::{HeadRecord, genesis_prev};

/// What a head covers, and where it stands.
pub struct Followed {
    /// Reads the entries.
    pub reader: LogReader,
    /// The head.
    pub head: HeadRecord,
    /// The head file as it was read.
    pub head_bytes: Vec<u8>,
    /// The segments that hold the entries, in order.
    pub segments: Vec<FollowedSegment>,
}

/// A segment as far as a head covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowedSegment {
    /// Its file, relative to the ledger's folder.
    pub name: String,
    /// Where the last frame ends that the head covers.
    pub end: u64,
    /// Length of the file; behind `end` a copy has zeros.
    pub len: u64,
}

/// Reads and checks everything that the newest head covers; `replay` hears it, and answers with
/// the root over all of it.
///
/// # Errors
/// The head file is missing or invalid, something it covers is damaged or missing, the root is
/// another one, and the system's.
pub fn follow(
    files: &dyn Files,
    origin: &str,
    replay: &mut dyn Replay,
) -> Result<Followed, OpenError> {
    // The head first: what it covers was durable before it was written.
    let (head_bytes, head) = HeadFile::read_beside(files)?;
    let (published, segments) = recover_published(files, genesis_prev(origin), &head, replay)?;
    let reader = LogReader::new(Shared::new(published));
    Ok(Followed { reader, head, head_bytes, segments })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{
        Log, MemoryFiles, Options, SegmentLog,
        crash_tests::{Heard, append, entries, head},
    };

    const ORIGIN: &str = "example.org/log";
    const SEGMENT: &str = "log/00000000000000000000.seg";

    fn options() -> Options {
        Options { segment_bytes: 128 << 10, step_bytes: 16 << 10, head_copy: None }
    }

    fn followed(files: &MemoryFiles) -> (Result<Followed, OpenError>, Vec<Vec<u8>>) {
        let mut heard = Heard::default();
        (follow(files, ORIGIN, &mut heard), heard.entries)
    }

    /// An open log of two published groups and one beyond the head.
    fn log(files: &MemoryFiles, bytes: usize) -> (SegmentLog, Vec<Vec<u8>>) {
        let mut log = SegmentLog::create(Box::new(files.clone()), ORIGIN, options()).unwrap();
        let mut all = Vec::new();
        for _ in 0..2 {
            let group = entries(&log, 3, bytes);
            append(&mut log, &group).unwrap();
            all.extend(group);
        }
        log.write_head(&head(&all)).unwrap();
        let beyond = entries(&log, 2, bytes);
        append(&mut log, &beyond).unwrap();
        (log, all)
    }

    #[test]
    fn what_the_head_covers_is_read_while_the_writer_holds_the_lock() {
        for bytes in [40, 700, 60_000] {
            let files = MemoryFiles::new();
            let (log, all) = log(&files, bytes);
            let operations = files.operations();
            let (found, heard) = followed(&files);
            let found = found.unwrap();
            assert_eq!((heard, found.head.size), (all.clone(), 6), "{bytes}");
            assert_eq!((found.reader.len(), log.len()), (6, 8));
            assert_eq!(found.reader.read(5).unwrap(), all[5]);
            assert!(found.reader.read(6).is_err());
            assert_eq!(files.operations(), operations, "nothing was written");
        }
    }

    #[test]
    fn what_stands_beyond_the_head_is_not_judged_and_what_it_covers_is() {
        let files = MemoryFiles::new();
        let (_log, all) = log(&files, 700);
        let (found, _) = followed(&files);
        let segment = found.unwrap().segments.remove(0);
        let good = files.bytes(SEGMENT).unwrap();
        let end = usize::try_from(segment.end).unwrap();
        // A frame being written, in any state, and whatever stands behind it.
        for at in [end, end + 3, end + 60, end + 900, good.len() - 1] {
            let mut bytes = good.clone();
            bytes[at] ^= 0x40;
            files.put(SEGMENT, &bytes);
            let (found, heard) = followed(&files);
            assert_eq!((found.unwrap().segments, heard), (vec![segment.clone()], all.clone()));
        }
        for at in (0..end).step_by(97) {
            let mut bytes = good.clone();
            bytes[at] ^= 0x40;
            files.put(SEGMENT, &bytes);
            assert!(followed(&files).0.is_err(), "{at}");
        }
        files.put(SEGMENT, &good[..end - 1]);
        assert!(followed(&files).0.is_err(), "shorter than its head");
    }

    #[test]
    fn a_copy_of_what_the_head_covers_opens_as_a_log() {
        for bytes in [700, 60_000] {
            let files = MemoryFiles::new();
            let (_log, all) = log(&files, bytes);
            let found = followed(&files).0.unwrap();
            let copy = MemoryFiles::new();
            copy.put("head", &found.head_bytes);
            for FollowedSegment { name, end, len } in &found.segments {
                let mut bytes = files.bytes(name).unwrap();
                bytes.truncate(usize::try_from(*end).unwrap());
                bytes.resize(usize::try_from(*len).unwrap(), 0);
                copy.put(name, &bytes);
            }
            let mut heard = Heard::default();
            let opened = SegmentLog::open(Box::new(copy), ORIGIN, options(), &mut heard);
            assert_eq!((opened.unwrap().1.len, heard.entries), (6, all), "{bytes}");
        }
    }
}
