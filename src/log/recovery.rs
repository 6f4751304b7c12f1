//! Opening a log: every byte of it is checked before anything of it is shown.
//!
//! Recovery reads all segments in order and checks headers, frames, checksums, indexes and the
//! chain of hashes, lets the ledger see every entry, and compares the root at the published
//! head's size. A last frame whose write was cut is the only thing it takes away; any other
//! difference is refused with its place. It changes nothing before all checks have passed.

use std::sync::Arc;

use rayon::prelude::*;

use crate::{
    frame::{
        Entry, FRAME_BYTES_MAX, FrameFault, FrameView, HeadRecord, SEGMENT_BYTES_MAX,
        SEGMENT_HEADER_BYTES, SegmentFault, SegmentHeader, Tail, entry_hash, frame_start,
        judge_tail,
    },
    value::Hash,
};

use super::{
    error::{Damage, DamageKind, OpenError},
    files::{ByteFile, Files, read_from},
    follow::FollowedSegment,
    known::Known,
    reader::{Place, Published},
};

/// Who hears the log while it opens: the ledger, which owns the tree and the state.
pub trait Replay {
    /// Hears entries in order; `entries[0]` has index `first_index`.
    fn entries(&mut self, first_index: u64, entries: &[&[u8]]);

    /// The RFC 6962 root over all entries heard so far. Asked once, when exactly those that the
    /// published head covers have been heard.
    fn root(&mut self) -> Hash;
}

/// What opening a log found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReport {
    /// Number of entries.
    pub len: u64,
    /// The newest published head.
    pub head: HeadRecord,
    /// A frame whose write was cut, and which was taken away: nothing in it was acknowledged.
    pub torn: Option<TornTail>,
    /// A slot of the head file that could not be read, and was written again: its write was cut,
    /// or somebody changed it.
    pub head_slot_rewritten: Option<usize>,
    /// Whether the next group begins a fresh segment, because a flush failed before.
    pub fresh_segment: bool,
}

/// A frame whose write was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    /// The file, relative to the ledger's folder.
    pub file: String,
    /// Where the frame began.
    pub offset: u64,
    /// Index that its first entry would have had.
    pub index: u64,
    /// Bytes that were zeroed.
    pub bytes: u64,
}

/// A log as its segments hold it.
pub(super) struct Recovered {
    pub(super) published: Published,
    pub(super) prev: Hash,
    /// First index of the last segment, where its frames end, and how long its file is.
    pub(super) last_segment: Option<LastSegment>,
    /// The last whole frame: segment number, offset and length.
    pub(super) last_frame: Option<(usize, u64, usize)>,
    pub(super) torn: Option<TornTail>,
}

pub(super) struct LastSegment {
    pub(super) first_index: u64,
    pub(super) end: u64,
    pub(super) allocated: u64,
}

/// Reads and checks all segments. Changes nothing.
pub(super) fn recover(
    files: &dyn Files,
    origin: Hash,
    head: Option<&HeadRecord>,
    replay: &mut dyn Replay,
) -> Result<Recovered, OpenError> {
    let names = segment_names(files)?;
    let mut recovery = Recovery::new(origin, head, replay);
    recovery.check_head()?;
    for (number, name) in names.iter().enumerate() {
        let file = format!("log/{name}");
        let opened = files.open(&file).map_err(OpenError::io("opening", &file))?;
        recovery.segment(&file, &opened, number + 1 == names.len())?;
    }
    let len = recovery.len();
    match head {
        Some(head) if head.size > len => Err(OpenError::Shorter { len, head: head.size }),
        _ => Ok(recovery.log),
    }
}

/// Reads and checks what stands behind what was known, whose entries `replay` has heard. Changes
/// nothing.
///
/// The root of the head is compared as ever; what is known but not of this log is
/// [`OpenError::NotKnown`], or any of the others.
pub(super) fn recover_known(
    files: &dyn Files,
    origin: Hash,
    known: Known,
    head: &HeadRecord,
    replay: &mut dyn Replay,
) -> Result<Recovered, OpenError> {
    let names = segment_names(files)?;
    let last_known = known.segments.len().checked_sub(1).ok_or(OpenError::NotKnown)?;
    // A head that covers less proves only a part of what was known.
    if known.len() > head.size || names.len() <= last_known {
        return Err(OpenError::NotKnown);
    }
    let mut recovery = Recovery::new(origin, Some(head), replay);
    recovery.log.prev = known.prev;
    recovery.log.published.places = known.places;
    recovery.check_head()?;
    for (number, name) in names.iter().enumerate() {
        let file = format!("log/{name}");
        let opened = files.open(&file).map_err(OpenError::io("opening", &file))?;
        let last = number + 1 == names.len();
        match known.segments.get(number) {
            Some(first) if number < last_known => {
                let allocated = opened.len().map_err(OpenError::io("reading", &file))?;
                recovery.header(&file, opened.as_ref(), allocated, *first)?;
                recovery.log.published.segments.push(opened);
            }
            Some(first) => recovery.segment_from(&file, &opened, *first, known.end, last)?,
            None => recovery.segment(&file, &opened, last)?,
        }
    }
    let len = recovery.len();
    if head.size > len {
        return Err(OpenError::Shorter { len, head: head.size });
    }
    Ok(recovery.log)
}

/// Reads and checks what a head covers, and looks at nothing behind it. Changes nothing.
pub(super) fn recover_published(
    files: &dyn Files,
    origin: Hash,
    head: &HeadRecord,
    replay: &mut dyn Replay,
) -> Result<(Published, Vec<FollowedSegment>), OpenError> {
    let mut recovery =
        Recovery { only_published: true, ..Recovery::new(origin, Some(head), replay) };
    recovery.check_head()?;
    let mut segments = Vec::new();
    for name in segment_names(files)? {
        if recovery.is_done() {
            break;
        }
        let name = format!("log/{name}");
        let opened = files.open(&name).map_err(OpenError::io("opening", &name))?;
        recovery.segment(&name, &opened, false)?;
        if let Some(LastSegment { end, allocated, .. }) = recovery.log.last_segment {
            segments.push(FollowedSegment { name, end, len: allocated });
        }
    }
    let len = recovery.len();
    if head.size > len {
        return Err(OpenError::Shorter { len, head: head.size });
    }
    Ok((recovery.log.published, segments))
}

/// Names of the segments in `log/`, in order.
pub(super) fn segment_names(files: &dyn Files) -> Result<Vec<String>, OpenError> {
    let mut names = files.list("log").map_err(OpenError::io("listing", "log"))?;
    names.retain(|name| name.ends_with(".seg"));
    Ok(names)
}

struct Recovery<'r> {
    origin: Hash,
    head: Option<&'r HeadRecord>,
    replay: &'r mut dyn Replay,
    log: Recovered,
    buffer: Vec<u8>,
    /// Ends where the head does: a writer may be at work behind it.
    only_published: bool,
}

/// The frames of one piece of a segment, checked as frames; their entries not yet checked.
#[derive(Default)]
struct Batch<'b> {
    entries: Vec<&'b [u8]>,
    places: Vec<Place>,
    /// Offset of each frame, the number in the batch of its first entry, and its `prev`.
    frames: Vec<(u64, usize, Hash)>,
}

impl Batch<'_> {
    /// Leaves only the first entries. Answers where the first frame begins that has none of them.
    fn cut(&mut self, left: u64) -> Option<u64> {
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        self.entries.truncate(left);
        self.places.truncate(left);
        let kept = self.frames.iter().take_while(|(_, first, _)| *first < left).count();
        let next = self.frames.get(kept).map(|(offset, _, _)| *offset);
        self.frames.truncate(kept);
        next
    }
}

/// Why reading a piece of a segment stopped.
enum Pause {
    /// More bytes are needed: at least this many from the last frame's end on.
    More(usize),
    /// No whole frame begins where the next one would.
    NoFrame(FrameFault),
    /// A frame with another first index than the next one.
    Index(u64),
}

impl<'r> Recovery<'r> {
    fn new(origin: Hash, head: Option<&'r HeadRecord>, replay: &'r mut dyn Replay) -> Self {
        let log = Recovered {
            published: Published::default(),
            prev: origin,
            last_segment: None,
            last_frame: None,
            torn: None,
        };
        Self { origin, head, replay, log, buffer: Vec::new(), only_published: false }
    }

    /// Everything that is to be read was read.
    fn is_done(&self) -> bool {
        self.only_published && self.head.is_some_and(|head| head.size <= self.len())
    }

    fn len(&self) -> u64 {
        self.log.published.places.len() as u64
    }

    fn segment(
        &mut self,
        file: &str,
        opened: &Arc<dyn ByteFile>,
        last: bool,
    ) -> Result<(), OpenError> {
        self.segment_from(file, opened, self.len(), SEGMENT_HEADER_BYTES as u64, last)
    }

    /// Reads a segment from where some of its frames end.
    fn segment_from(
        &mut self,
        file: &str,
        opened: &Arc<dyn ByteFile>,
        first_index: u64,
        mut end: u64,
        last: bool,
    ) -> Result<(), OpenError> {
        let io = |error| OpenError::io("reading", file)(error);
        let allocated = opened.len().map_err(io)?;
        self.header(file, opened.as_ref(), allocated, first_index)?;
        if !(SEGMENT_HEADER_BYTES as u64..=allocated).contains(&end) {
            return Err(OpenError::NotKnown);
        }
        self.log.published.segments.push(opened.clone());
        let mut want = PIECE_BYTES;
        let fault = loop {
            let start = self.log.published.places.len();
            let pause;
            (pause, end) = self.piece(file, opened.as_ref(), end, allocated, want)?;
            if self.is_done() {
                self.log.last_segment = Some(LastSegment { first_index, end, allocated });
                return Ok(());
            }
            match pause {
                // A frame longer than the piece is read whole in the next round.
                Pause::More(bytes) if start == self.log.published.places.len() => {
                    want = bytes.max(want);
                }
                Pause::More(_) => want = PIECE_BYTES,
                Pause::NoFrame(fault) => break fault,
                Pause::Index(found) => {
                    let offset = frame_start(end);
                    return Err(self.damage(file, offset, DamageKind::Index { found }));
                }
            }
        };
        self.log.last_segment = Some(LastSegment { first_index, end, allocated });
        self.tail(file, opened.as_ref(), end, fault, last)
    }

    fn header(
        &self,
        file: &str,
        opened: &dyn ByteFile,
        allocated: u64,
        first_index: u64,
    ) -> Result<(), OpenError> {
        let mut bytes = [0; SEGMENT_HEADER_BYTES];
        if allocated > SEGMENT_BYTES_MAX {
            return Err(self.damage(file, 0, SegmentFault::TooLong.into()));
        }
        if allocated < SEGMENT_HEADER_BYTES as u64 {
            return Err(self.damage(file, 0, SegmentFault::Short.into()));
        }
        opened.read_at(0, &mut bytes).map_err(OpenError::io("reading", file))?;
        let header = SegmentHeader::decode(&bytes).map_err(|f| self.damage(file, 0, f.into()))?;
        if header.origin != self.origin {
            return Err(OpenError::OtherOrigin { file: file.to_owned() });
        }
        if file.strip_prefix("log/") != Some(&header.file_name()) {
            return Err(self.damage(file, 0, DamageKind::Name));
        }
        if header.first_index != first_index {
            let found = header.first_index;
            return Err(self.damage(file, 0, DamageKind::Index { found }));
        }
        Ok(())
    }

    /// Reads up to `want` bytes after a frame's `end`, and checks and replays the whole frames in
    /// them. Answers why it stopped and where the last of them ends.
    fn piece(
        &mut self,
        file: &str,
        opened: &dyn ByteFile,
        end: u64,
        allocated: u64,
        want: usize,
    ) -> Result<(Pause, u64), OpenError> {
        let left = usize::try_from(allocated - end).unwrap_or(usize::MAX);
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.resize(want.min(left), 0);
        opened.read_at(end, &mut buffer).map_err(OpenError::io("reading", file))?;
        let number = self.log.published.segments.len() - 1;
        let (mut batch, pause, mut frames_end) =
            frames(&buffer, end, self.len(), number, buffer.len() < left);
        if self.only_published {
            let left = self.head.map_or(0, |head| head.size) - self.len();
            frames_end = batch.cut(left).unwrap_or(frames_end);
        }
        self.check(file, &batch)?;
        let first_index = self.len();
        if let Some((offset, _, _)) = batch.frames.last() {
            let len = usize::try_from(frames_end - offset).unwrap_or(FRAME_BYTES_MAX);
            self.log.last_frame = Some((number, *offset, len));
        }
        self.log.published.places.extend(batch.places.iter().copied());
        self.hear(first_index, &batch.entries)?;
        self.buffer = buffer;
        Ok((pause, frames_end))
    }

    /// Checks form, index and chain of the entries of a batch.
    fn check(&mut self, file: &str, batch: &Batch<'_>) -> Result<(), OpenError> {
        let hashes = batch.entries.par_iter().with_min_len(64).map(|entry| entry_hash(entry));
        let hashes = hashes.collect::<Vec<_>>();
        let mut frames = batch.frames.iter().peekable();
        let mut frame = (0, 0, self.log.prev);
        for (number, bytes) in batch.entries.iter().enumerate() {
            let prev = self.log.prev;
            if let Some(next) = frames.next_if(|(_, first, _)| *first == number) {
                frame = *next;
            }
            let index = self.len() + number as u64;
            let place = |kind| Damage { file: file.to_owned(), offset: frame.0, index, kind };
            let entry = Entry::decode(bytes).map_err(|error| place(error.into()))?;
            if entry.index != index {
                return Err(place(DamageKind::Index { found: entry.index }).into());
            }
            if entry.prev != prev || frame.1 == number && frame.2 != prev {
                return Err(place(DamageKind::Chain).into());
            }
            self.log.prev = hashes[number];
        }
        Ok(())
    }

    /// Lets the ledger hear entries, and stops at the head's size to compare roots.
    fn hear(&mut self, first_index: u64, entries: &[&[u8]]) -> Result<(), OpenError> {
        let size = self.head.map_or(0, |head| head.size);
        let end = first_index + entries.len() as u64;
        if first_index < size && size <= end {
            let covered = usize::try_from(size - first_index).unwrap_or(entries.len());
            let (covered, rest) = entries.split_at(covered);
            self.replay.entries(first_index, covered);
            self.compare_root()?;
            if !rest.is_empty() {
                self.replay.entries(size, rest);
            }
        } else if !entries.is_empty() {
            self.replay.entries(first_index, entries);
        }
        Ok(())
    }

    /// Compares the root where reading begins, of the empty log or of what was known, if that is
    /// what the head covers.
    fn check_head(&mut self) -> Result<(), OpenError> {
        let covered = self.head.is_some_and(|head| head.size == self.len());
        if covered { self.compare_root() } else { Ok(()) }
    }

    fn compare_root(&mut self) -> Result<(), OpenError> {
        let Some(head) = self.head else { return Ok(()) };
        let found = self.replay.root();
        if found == head.root {
            return Ok(());
        }
        Err(OpenError::OtherRoot { size: head.size, head: head.root, found })
    }

    /// Judges what stands after the last whole frame of a segment.
    fn tail(
        &mut self,
        file: &str,
        opened: &dyn ByteFile,
        end: u64,
        fault: FrameFault,
        last: bool,
    ) -> Result<(), OpenError> {
        let rest = read_from(opened, end).map_err(OpenError::io("reading", file))?;
        let offset = frame_start(end);
        let gap = usize::try_from(offset - end).unwrap_or_default().min(rest.len());
        let (gap, rest) = rest.split_at(gap);
        if gap.iter().any(|byte| *byte != 0) {
            return Err(self.damage(file, end, FrameFault::Length(0).into()));
        }
        let index = self.len();
        let covered = self.head.is_some_and(|head| head.size > index);
        match judge_tail(rest, offset, fault) {
            Tail::Clean => Ok(()),
            Tail::Torn { bytes } if last && !covered => {
                self.log.torn = Some(TornTail { file: file.to_owned(), offset, index, bytes });
                Ok(())
            }
            Tail::Torn { .. } => Err(self.damage(file, offset, DamageKind::TornButDurable)),
            Tail::Damaged(fault) => Err(self.damage(file, offset, fault.into())),
        }
    }

    fn damage(&self, file: &str, offset: u64, kind: DamageKind) -> OpenError {
        Damage { file: file.to_owned(), offset, index: self.len(), kind }.into()
    }
}

/// Splits the bytes after a frame's `end` into whole frames. `index` is the next entry's, and
/// `more` says whether the file goes on behind these bytes.
fn frames(
    bytes: &[u8],
    end: u64,
    mut index: u64,
    segment: usize,
    more: bool,
) -> (Batch<'_>, Pause, u64) {
    let mut batch = Batch::default();
    let mut at = 0_usize;
    let pause = loop {
        let offset = frame_start(end + at as u64);
        let start = usize::try_from(offset - end).unwrap_or(bytes.len()).min(bytes.len());
        // A gap that is not zero is looked at as the tail.
        if bytes[at..start].iter().any(|byte| *byte != 0) {
            break Pause::NoFrame(FrameFault::Length(0));
        }
        match FrameView::parse(&bytes[start..]) {
            Ok(frame) if frame.first_index() == index => {
                batch.frames.push((offset, batch.entries.len(), frame.prev()));
                let mut place = offset + crate::frame::FRAME_HEAD_BYTES as u64;
                for entry in frame.entries() {
                    place += 2;
                    batch.places.push(Place::new(segment, place, entry.len()));
                    batch.entries.push(entry);
                    place += entry.len() as u64;
                }
                index += u64::from(frame.count());
                at = start + frame.bytes().len();
            }
            Ok(frame) => break Pause::Index(frame.first_index()),
            Err(FrameFault::Short(len)) if more => break Pause::More(start - at + len),
            Err(FrameFault::Absent) if more && bytes.len() - start < 52 => {
                break Pause::More(start - at + 52);
            }
            Err(fault) => break Pause::NoFrame(fault),
        }
    };
    (batch, pause, end + at as u64)
}

/// Bytes of a segment read at once.
const PIECE_BYTES: usize = 2 << 20;
