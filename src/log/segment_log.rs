//! The log in segment files: append, flush, publish; opened through recovery only.

use std::{any::Any, io, sync::Arc};

use crate::{
    frame::{
        ENTRY_BYTES_MAX, FRAME_BYTES_MAX, FRAME_HEAD_BYTES, HeadRecord, SEGMENT_BYTES_MAX,
        SEGMENT_HEADER_BYTES, SegmentHeader, encode_frame, entry_hash, frame_bytes, frame_start,
        genesis_prev,
    },
    value::Hash,
};

use super::{
    Group, Log,
    error::{Cause, LogError, OpenError},
    files::{ByteFile, Files, write_synced},
    head_file::HeadFile,
    known::Known,
    reader::{LogReader, Place, Published, SEGMENTS_MAX, Shared},
    recovery::{OpenReport, Recovered, Replay, recover, recover_known},
};

/// Name of the public checkpoint file.
pub const CHECKPOINT: &str = "log/checkpoint";
/// Left behind by a failed flush: the next group goes to a fresh segment.
const FLUSH_FAILED: &str = "log/flush-failed";
/// Room for the largest entry in a frame of its own, behind the header and a skipped sector end.
const SEGMENT_BYTES_MIN: u64 = 128 << 10;

/// How a log uses the disk. None of it changes what is written, only how far ahead.
#[derive(Clone)]
pub struct Options {
    /// Size at which a segment is full, 128 KiB to 256 MiB.
    pub segment_bytes: u64,
    /// Zeros written ahead of the tail at a time, so that flushes have no length to store.
    pub step_bytes: u64,
    /// A second head file, best on another disk; of two heads the one that covers more counts.
    pub head_copy: Option<Arc<dyn ByteFile>>,
}

impl Default for Options {
    fn default() -> Self {
        Self { segment_bytes: SEGMENT_BYTES_MAX, step_bytes: 4 << 20, head_copy: None }
    }
}

impl Options {
    /// Options of a small log that should not take megabytes: tests and demonstrations.
    #[must_use]
    pub fn small() -> Self {
        Self { segment_bytes: 1 << 20, step_bytes: 64 << 10, head_copy: None }
    }

    fn within_limits(self) -> Self {
        Self {
            segment_bytes: self.segment_bytes.clamp(SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX),
            step_bytes: self.step_bytes.clamp(4 << 10, 64 << 20),
            ..self
        }
    }
}

/// The log of record in segment files.
pub struct SegmentLog {
    files: Box<dyn Files>,
    origin: Hash,
    options: Options,
    shared: Arc<Shared>,
    prev: Hash,
    tail: Option<SegmentTail>,
    head: HeadFile,
    buffer: Vec<u8>,
    /// Dropped last, after the files.
    _lock: Box<dyn Any + Send>,
}

/// The segment that groups are appended to.
struct SegmentTail {
    file: Arc<dyn ByteFile>,
    first_index: u64,
    /// Where the last frame ends.
    end: u64,
    /// Up to where the file is written with zeros.
    allocated: u64,
    /// No more frames go here.
    closed: bool,
}

impl SegmentLog {
    /// Makes the log of a new ledger: an empty log and a head that says so.
    ///
    /// # Errors
    /// [`OpenError::Exists`], [`OpenError::InUse`], and the system's.
    pub fn create(
        files: Box<dyn Files>,
        origin: &str,
        options: Options,
    ) -> Result<Self, OpenError> {
        let lock = take_lock(files.as_ref())?;
        let head = HeadFile::create(files.as_ref(), options.head_copy.clone())?;
        Ok(Self {
            origin: genesis_prev(origin),
            options: options.within_limits(),
            shared: Shared::new(Published::default()),
            prev: genesis_prev(origin),
            tail: None,
            head,
            buffer: Vec::new(),
            files,
            _lock: lock,
        })
    }

    /// Opens a log through recovery: `replay` hears every entry, and answers with the root at the
    /// published head's size.
    ///
    /// # Errors
    /// Everything in [`OpenError`] but `Exists`. Nothing has been changed then, except that a
    /// torn frame may have been zeroed.
    pub fn open(
        files: Box<dyn Files>,
        origin: &str,
        options: Options,
        replay: &mut dyn Replay,
    ) -> Result<(Self, OpenReport), OpenError> {
        Self::open_with(files, origin, options, |files, origin, head| {
            recover(files, origin, Some(head), replay)
        })
    }

    /// Opens a log of which the last close left what it knew, for a reader that checks what it
    /// reads: only what came since is read. `replay` has heard what was known.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`OpenError::NotKnown`]. After any of them the log is to be
    /// opened whole, which says what is wrong with it.
    pub fn open_known(
        files: Box<dyn Files>,
        origin: &str,
        options: Options,
        known: Known,
        replay: &mut dyn Replay,
    ) -> Result<(Self, OpenReport), OpenError> {
        Self::open_with(files, origin, options, |files, origin, head| {
            recover_known(files, origin, known, head, replay)
        })
    }

    fn open_with(
        files: Box<dyn Files>,
        origin: &str,
        options: Options,
        read: impl FnOnce(&dyn Files, Hash, &HeadRecord) -> Result<Recovered, OpenError>,
    ) -> Result<(Self, OpenReport), OpenError> {
        let lock = take_lock(files.as_ref())?;
        let options = options.within_limits();
        let (mut head, slots) = HeadFile::open(files.as_ref(), options.head_copy.clone())?;
        let origin = genesis_prev(origin);
        let log = read(files.as_ref(), origin, &slots.newest)?;
        make_durable(files.as_ref(), &log)?;
        head.make_durable(&slots)?;
        let fresh_segment = files.open(FLUSH_FAILED).is_ok();
        let report = OpenReport {
            len: log.published.places.len() as u64,
            head: slots.newest.clone(),
            torn: log.torn,
            head_slot_rewritten: slots.invalid_slot,
            fresh_segment,
        };
        let tail =
            log.last_segment.zip(log.published.segments.last()).map(|(last, file)| SegmentTail {
                file: file.clone(),
                first_index: last.first_index,
                end: last.end,
                allocated: last.allocated,
                closed: fresh_segment,
            });
        let opened = Self {
            origin,
            options,
            shared: Shared::new(log.published),
            prev: log.prev,
            tail,
            head,
            buffer: Vec::new(),
            files,
            _lock: lock,
        };
        Ok((opened, report))
    }

    /// Stops the log: from here on everything answers with this error.
    fn unknown(&self, doing: &'static str, error: io::Error) -> LogError {
        // The mark is best effort: a disk that fails may refuse it too. Recovery is safe without.
        let _ = self.files.replace(FLUSH_FAILED, b"a flush failed; the tail moves on\n");
        self.shared.stop(LogError::Unknown { doing, cause: error.into() })
    }

    /// Checks a group before anything is written.
    fn check(&self, group: &Group<'_>) -> Result<(), LogError> {
        self.shared.check()?;
        let next = self.len();
        if group.first_index != next || group.prev != self.prev {
            return Err(LogError::NotNext { next, given: group.first_index });
        }
        if group.entries.is_empty() {
            return Err(LogError::EntrySize { index: next, bytes: 0 });
        }
        for (number, entry) in group.entries.iter().enumerate() {
            if entry.is_empty() || entry.len() > ENTRY_BYTES_MAX {
                let index = next + number as u64;
                return Err(LogError::EntrySize { index, bytes: entry.len() });
            }
        }
        Ok(())
    }

    /// How many of the entries go into the next frame.
    fn fitting(&self, entries: &[&[u8]]) -> usize {
        let segment = usize::try_from(self.options.segment_bytes).unwrap_or(usize::MAX);
        let room = FRAME_BYTES_MAX.min(segment - SEGMENT_HEADER_BYTES);
        let mut bytes = frame_bytes([]);
        let fits = entries.iter().take_while(|entry| {
            bytes += 2 + entry.len();
            bytes <= room
        });
        fits.count()
    }

    /// Finds or makes the segment with room for a frame, and answers where the frame begins.
    fn make_room(&mut self, first_index: u64, len: u64) -> io::Result<u64> {
        let segment_bytes = self.options.segment_bytes;
        let fits =
            |tail: &SegmentTail| !tail.closed && frame_start(tail.end) + len <= segment_bytes;
        if !self.tail.as_ref().is_some_and(fits) {
            self.begin_segment(first_index)?;
        }
        let step = self.options.step_bytes;
        let Some(tail) = &mut self.tail else { return Err(io::ErrorKind::NotFound.into()) };
        let start = frame_start(tail.end);
        if start + len > tail.allocated {
            let to = (start + len).next_multiple_of(step).min(segment_bytes);
            let zeros = vec![0; usize::try_from(to - tail.allocated).map_err(io::Error::other)?];
            // Zeros and length are durable before a frame is: its own flush stores data only.
            write_synced(tail.file.as_ref(), tail.allocated, &zeros)?;
            tail.allocated = to;
        }
        Ok(start)
    }

    fn begin_segment(&mut self, first_index: u64) -> io::Result<()> {
        let header = SegmentHeader { origin: self.origin, first_index };
        let name = format!("log/{}", header.file_name());
        let allocated = self.options.step_bytes.min(self.options.segment_bytes);
        let mut bytes = header.encode().to_vec();
        bytes.resize(usize::try_from(allocated).map_err(io::Error::other)?, 0);
        let replaces_last = self.tail.as_ref().is_some_and(|t| t.first_index == first_index);
        if self.shared.look(|published| published.segments.len()) >= SEGMENTS_MAX {
            return Err(io::Error::other("a log has at most 1048576 segments"));
        }
        // Should this fail half-way the file may stand there: nothing may go behind the old tail
        // any more, or two segments would hold the same indexes.
        if let Some(tail) = &mut self.tail {
            tail.closed = true;
        }
        // Durable with its name and header before any frame goes in.
        self.files.replace(&name, &bytes)?;
        let file = self.files.open(&name)?;
        let _ = self.files.remove(FLUSH_FAILED);
        self.shared.publish(|published| {
            if replaces_last {
                published.segments.pop();
            }
            published.segments.push(file.clone());
        });
        let end = SEGMENT_HEADER_BYTES as u64;
        self.tail = Some(SegmentTail { file, first_index, end, allocated, closed: false });
        Ok(())
    }

    /// Writes and flushes one frame; answers where its entries stand. Not yet visible.
    fn write_frame(
        &mut self,
        first_index: u64,
        entries: &[&[u8]],
        first_of_group: bool,
    ) -> Result<Vec<Place>, LogError> {
        self.buffer.clear();
        encode_frame(&mut self.buffer, first_index, &self.prev, entries);
        let len = self.buffer.len() as u64;
        let start = match self.make_room(first_index, len) {
            Ok(start) => start,
            Err(error) if first_of_group => {
                return Err(LogError::Failed { doing: "making room", cause: error.into() });
            }
            Err(error) => return Err(self.unknown("making room", error)),
        };
        let number = self.shared.look(|published| published.segments.len()) - 1;
        let tail = self.tail.as_mut().expect("making room leaves a segment to write to");
        if let Err(error) = write_synced(tail.file.as_ref(), start, &self.buffer) {
            return Err(self.unknown("writing a group", error));
        }
        tail.end = start + len;
        let mut offset = start + FRAME_HEAD_BYTES as u64;
        let places = entries.iter().map(|entry| {
            let place = Place::new(number, offset + 2, entry.len());
            offset += 2 + entry.len() as u64;
            place
        });
        Ok(places.collect())
    }
}

impl Log for SegmentLog {
    fn len(&self) -> u64 {
        self.shared.len()
    }

    fn next_prev(&self) -> Hash {
        self.prev
    }

    fn append(&mut self, group: &Group<'_>) -> Result<(), LogError> {
        self.check(group)?;
        let mut entries = group.entries;
        let mut index = group.first_index;
        let mut places = Vec::with_capacity(entries.len());
        while !entries.is_empty() {
            let (frame, rest) = entries.split_at(self.fitting(entries));
            // Each frame is durable before the next is written: recovery knows one torn frame.
            places.extend(self.write_frame(index, frame, index == group.first_index)?);
            self.prev = frame.last().map_or(self.prev, |entry| entry_hash(entry));
            index += frame.len() as u64;
            entries = rest;
        }
        self.shared.publish(|published| published.places.extend(places));
        Ok(())
    }

    fn write_head(&mut self, head: &HeadRecord) -> Result<(), LogError> {
        self.shared.check()?;
        let len = self.len();
        if head.size > len {
            return Err(LogError::HeadBeyondLog { size: head.size, len });
        }
        head.encode(0)?;
        self.head.put(head).map_err(|error| self.unknown("writing the head", error))
    }

    fn write_checkpoint(&mut self, note: &str) -> Result<(), LogError> {
        self.shared.check()?;
        let failed = |error: io::Error| LogError::Failed {
            doing: "writing the checkpoint",
            cause: Cause::from(error),
        };
        self.files.replace(CHECKPOINT, note.as_bytes()).map_err(failed)
    }

    fn reader(&self) -> LogReader {
        LogReader::new(self.shared.clone())
    }

    fn known(&self) -> Known {
        let (segments, places) = self.shared.look(|published| {
            let places = published.places.clone();
            let first = |number| places.partition_point(|place| place.segment() < number) as u64;
            ((0..published.segments.len()).map(first).collect(), places)
        });
        let end = self.tail.as_ref().map_or(0, |tail| tail.end);
        Known { prev: self.prev, segments, end, places }
    }
}

pub(super) fn take_lock(files: &dyn Files) -> Result<Box<dyn Any + Send>, OpenError> {
    files.lock().map_err(|error| match error.kind() {
        io::ErrorKind::WouldBlock => OpenError::InUse { folder: files.place() },
        _ => OpenError::io("locking", &files.place())(error),
    })
}

/// Makes durable what is about to be shown. The last frame may have been read from memory that
/// never reached the disk: it is written again, and everything is flushed.
fn make_durable(files: &dyn Files, log: &Recovered) -> Result<(), OpenError> {
    let io = OpenError::io;
    if let (Some(torn), Some(file)) = (&log.torn, log.published.segments.last()) {
        let zeros = vec![0; usize::try_from(torn.bytes).unwrap_or(FRAME_BYTES_MAX)];
        let zeroed = write_synced(file.as_ref(), torn.offset, &zeros);
        zeroed.map_err(io("zeroing the torn frame in", &torn.file))?;
    }
    if let Some((number, offset, len)) = log.last_frame {
        let file = log.published.segments[number].as_ref();
        let mut frame = vec![0; len];
        let again = file.read_at(offset, &mut frame);
        let again = again.and_then(|()| write_synced(file, offset, &frame));
        again.map_err(io("writing the last frame again in", "log"))?;
    }
    if let Some(file) = log.published.segments.last() {
        file.sync().map_err(io("flushing", "log"))?;
    }
    files.sync_folder("log").map_err(io("flushing", "log"))
}
