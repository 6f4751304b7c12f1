//! The entries of a ledger's segment files, read in pieces, damage and all.
//!
//! Below the published size everything that is not a whole frame in its place is a violation, and
//! reading goes on behind it (see `resync`). Beyond that size whole frames are counted and nothing
//! is judged: a writer may be at work there.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use super::{
    Breach, UnpublishedTail,
    resync::{self, Found},
    source::{PIECE_BYTES, Piece, Slot},
    trail::unreadable,
};
use crate::{
    frame::{
        FRAME_BYTES_MAX, FRAME_HEAD_BYTES, FrameFault, FrameView, SEGMENT_BYTES_MAX,
        SEGMENT_HEADER_BYTES, SegmentFault, SegmentHeader, frame_start,
    },
    value::Hash,
};

/// Most damaged places of a segment that are read around: each costs reading its rest once more.
/// Behind them the segment's entries are reported as missing.
const DAMAGES_MAX: usize = 64;

/// Reads the segments of a ledger in order.
#[derive(Debug)]
pub(super) struct Segments {
    folder: PathBuf,
    /// Names of the segments still to be opened, last first.
    names: Vec<String>,
    origin: Hash,
    /// The published size; none when nothing says it, and everything counts as published.
    size: Option<u64>,
    open: Option<Open>,
    next_index: u64,
    tail: UnpublishedTail,
}

/// The segment that is being read.
#[derive(Debug)]
struct Open {
    file: File,
    name: String,
    len: u64,
    /// Where its frames end, as far as they were read.
    end: u64,
    /// Bytes to read at once: more when a frame needs it.
    want: usize,
    /// Damaged places so far.
    damages: usize,
}

/// Why the frames of a piece ended.
enum Pause {
    /// The file goes on, and the next frame needs this many bytes from the last one's end on.
    More(usize),
    /// No frame begins at this offset.
    NoFrame(u64, FrameFault),
}

impl Segments {
    /// The segments in `folder/log`, sorted by name.
    pub(super) fn open(folder: &Path, origin: Hash, size: Option<u64>) -> Result<Self, Breach> {
        let log = folder.join("log");
        let mut names = Vec::new();
        let listed = log.read_dir().map_err(|error| unreadable("log", &error))?;
        for file in listed {
            let name = file.map_err(|error| unreadable("log", &error))?.file_name();
            if let Some(name) = name.to_str().filter(|name| name.ends_with(".seg")) {
                names.push(name.to_owned());
            }
        }
        names.sort_unstable_by(|one, other| other.cmp(one));
        let tail = UnpublishedTail { entries: 0, unfinished: false };
        Ok(Self { folder: log, names, origin, size, open: None, next_index: 0, tail })
    }

    pub(super) fn unpublished_tail(&self) -> Option<UnpublishedTail> {
        (self.tail.entries > 0 || self.tail.unfinished).then_some(self.tail)
    }

    pub(super) fn next(&mut self, mut piece: Piece) -> Option<Piece> {
        loop {
            if self.open.is_none() {
                let Some(name) = self.names.pop() else { break };
                self.open = self.begin(&name, &mut piece);
            }
            if let Some(open) = self.open.take() {
                self.open = self.read(open, &mut piece);
            }
            if !piece.slots.is_empty() {
                return Some(piece);
            }
        }
        (!piece.violations.is_empty()).then_some(piece)
    }

    fn published(&self, index: u64) -> bool {
        self.size.is_none_or(|size| index < size)
    }

    /// Opens a segment and checks its header.
    fn begin(&mut self, name: &str, piece: &mut Piece) -> Option<Open> {
        let file = format!("log/{name}");
        let mut header = [0; SEGMENT_HEADER_BYTES];
        let opened = File::open(self.folder.join(name)).and_then(|opened| {
            let len = opened.metadata()?.len();
            let head = usize::try_from(len).unwrap_or(header.len()).min(header.len());
            opened.read_exact_at(&mut header[..head], 0)?;
            Ok((opened, len))
        });
        let (opened, len) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                piece.breach(None, &unreadable(&file, &error));
                return None;
            }
        };
        let shown = &header[..usize::try_from(len).unwrap_or(header.len()).min(header.len())];
        let fault = match SegmentHeader::decode(shown) {
            _ if len > SEGMENT_BYTES_MAX => {
                Some(Breach::Segment { file: file.clone(), why: SegmentFault::TooLong })
            }
            Ok(header) if header.origin != self.origin => {
                Some(Breach::SegmentOrigin { file: file.clone() })
            }
            Ok(header)
                if header.first_index != self.next_index + self.tail.entries
                    || header.file_name() != name =>
            {
                let found = header.first_index;
                Some(Breach::SegmentPlace { file: file.clone(), found, expected: self.next_index })
            }
            Ok(_) => None,
            Err(why) => Some(Breach::Segment { file: file.clone(), why }),
        };
        if let Some(breach) = fault {
            if self.published(self.next_index) {
                piece.breach(self.next_index, &breach);
            } else {
                self.tail.unfinished = true;
            }
        }
        let end = SEGMENT_HEADER_BYTES as u64;
        Some(Open {
            file: opened,
            name: file,
            len: len.min(SEGMENT_BYTES_MAX),
            end,
            want: 0,
            damages: 0,
        })
    }

    /// Reads a piece of the open segment; answers it again while more of it is to be read.
    fn read(&mut self, mut open: Open, piece: &mut Piece) -> Option<Open> {
        let left = usize::try_from(open.len.saturating_sub(open.end)).unwrap_or(usize::MAX);
        let want = open.want.max(PIECE_BYTES).min(left);
        open.want = 0;
        piece.bytes.clear();
        // Nothing is set to zero first.
        piece.bytes.reserve_exact(want);
        let mut file = &open.file;
        let read = file.seek(SeekFrom::Start(open.end)).and_then(|_| {
            let len = file.take(want as u64).read_to_end(&mut piece.bytes)?;
            if len == want { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
        });
        if let Err(error) = read {
            piece.breach(self.next_index, &unreadable(&open.name, &error));
            return None;
        }
        let before = open.end;
        let pause = self.frames(&mut open, piece, want < left);
        match pause {
            Pause::More(bytes) => {
                // A frame longer than the piece is read whole in the next round.
                if open.end == before {
                    open.want = bytes.max(FRAME_BYTES_MAX);
                }
                Some(open)
            }
            Pause::NoFrame(offset, fault) => self.no_frame(open, piece, offset, fault),
        }
    }

    /// Goes through the whole frames of a piece that was read from the open segment's end on.
    fn frames(&mut self, open: &mut Open, piece: &mut Piece, more: bool) -> Pause {
        let base = open.end;
        let bytes = std::mem::take(&mut piece.bytes);
        let mut at = 0;
        let pause = loop {
            let offset = frame_start(base + at as u64);
            let start = usize::try_from(offset - base).unwrap_or(bytes.len()).min(bytes.len());
            if bytes[at..start].iter().any(|byte| *byte != 0) {
                break Pause::NoFrame(base + at as u64, FrameFault::Length(0));
            }
            let rest = &bytes[start..];
            match FrameView::parse(rest) {
                Ok(frame) => {
                    let first = frame.first_index();
                    let expected = self.next_index + self.tail.entries;
                    if first != expected && self.published(self.next_index) {
                        let file = open.name.clone();
                        let breach = Breach::FramePlace { file, offset, found: first, expected };
                        piece.breach(expected, &breach);
                    }
                    let entries = frame.entries().map(<[u8]>::len);
                    self.place(piece, first, start, Some(frame.prev()), entries);
                    at = start + frame.bytes().len();
                }
                Err(FrameFault::Short(len)) if more => break Pause::More(start - at + len),
                Err(FrameFault::Absent) if more && rest.len() < FRAME_HEAD_BYTES => {
                    break Pause::More(start - at + FRAME_HEAD_BYTES);
                }
                Err(fault) => break Pause::NoFrame(offset, fault),
            }
        };
        piece.bytes = bytes;
        open.end = base + at as u64;
        pause
    }

    /// Gives the entries of a frame at `start` their slots, or counts them as the tail.
    fn place(
        &mut self,
        piece: &mut Piece,
        first: u64,
        start: usize,
        mut frame_prev: Option<Hash>,
        lens: impl Iterator<Item = usize>,
    ) {
        let mut start = start + FRAME_HEAD_BYTES;
        for (index, len) in (first..).zip(lens) {
            start += 2;
            if self.published(index) && self.tail.entries == 0 {
                piece.slots.push(Slot { index, start, len, frame_prev: frame_prev.take() });
                self.next_index = self.next_index.max(index + 1);
            } else {
                self.tail.entries += 1;
            }
            start += len;
        }
    }

    /// Judges a place where no frame begins, and looks for the next that does.
    fn no_frame(
        &mut self,
        mut open: Open,
        piece: &mut Piece,
        offset: u64,
        fault: FrameFault,
    ) -> Option<Open> {
        if !self.published(self.next_index) {
            // Zeros are where the log ends; anything else is a write going on or cut.
            self.tail.unfinished |= fault != FrameFault::Absent;
            return None;
        }
        let left = usize::try_from(open.len.saturating_sub(offset)).unwrap_or(usize::MAX);
        let mut rest = vec![0; left];
        if let Err(error) = open.file.read_exact_at(&mut rest, offset) {
            piece.breach(self.next_index, &unreadable(&open.name, &error));
            return None;
        }
        if rest.iter().all(|byte| *byte == 0) {
            return None;
        }
        let file = open.name.clone();
        piece.breach(self.next_index, &Breach::Frame { file, offset, why: fault });
        open.damages += 1;
        if open.damages > DAMAGES_MAX {
            return None;
        }
        match resync::find(&rest, self.next_index) {
            Found::Entries { len, lens } => {
                // The frame's bytes go behind those of the piece: its slots point there.
                let start = piece.bytes.len();
                piece.bytes.extend_from_slice(&rest[..len]);
                self.place(piece, self.next_index, start, None, lens.into_iter());
                open.end = offset + len as u64;
                Some(open)
            }
            Found::Frame { at } => {
                open.end = offset + at as u64;
                Some(open)
            }
            Found::Nothing => None,
        }
    }
}
