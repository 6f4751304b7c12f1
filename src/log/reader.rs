//! Reading entries by index, while the writer goes on.
//!
//! Eight bytes an entry say where it stands: segment, offset and length. The writer publishes
//! them after its flush returned, so a reader never sees what is not durable. Where opening did not
//! read the whole log, every entry is held against its leaf in the tree when it is read.

use std::{
    ops::Range,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use super::{error::LogError, files::ByteFile};
use crate::compact::Pieces;

/// Reads what is durable; clones are cheap and may go to other threads.
#[derive(Clone)]
pub struct LogReader {
    shared: Arc<Shared>,
    check: Option<Arc<dyn EntryCheck>>,
}

/// Who knows whether bytes are the entry of an index: the tree.
pub trait EntryCheck: Send + Sync {
    /// Whether these bytes are the entry of this index.
    fn holds(&self, index: u64, entry: &[u8]) -> bool;
}

/// What the writer publishes.
pub(super) struct Shared {
    published: RwLock<Published>,
    /// The first failure with an unknown outcome; nothing is read back after it.
    unknown: OnceLock<LogError>,
}

/// Where every durable entry stands.
#[derive(Default)]
pub(super) struct Published {
    pub(super) segments: Vec<Arc<dyn ByteFile>>,
    pub(super) places: Pieces<Place>,
}

/// Where one entry stands: 20 bits of segment number, 28 of offset in the segment, 16 of length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u64);

/// Where entries that can be read in one piece stand.
struct Found {
    file: Arc<dyn ByteFile>,
    first: Place,
    places: Vec<Place>,
}

/// Most segments of one log.
pub(super) const SEGMENTS_MAX: usize = 1 << 20;

/// Bytes read at once when scanning.
const PIECE_BYTES: u64 = 1 << 20;

impl Place {
    /// The place of an entry of `len` bytes. The caller keeps the limits: fewer than
    /// [`SEGMENTS_MAX`] segments of at most 256 MiB, entries of at most 65,535 bytes.
    pub(super) const fn new(segment: usize, offset: u64, len: usize) -> Self {
        Self((segment as u64) << 44 | offset << 16 | len as u64)
    }

    pub(super) fn segment(self) -> usize {
        usize::try_from(self.0 >> 44).unwrap_or(usize::MAX)
    }

    const fn offset(self) -> u64 {
        self.0 >> 16 & 0xfff_ffff
    }

    const fn len(self) -> u64 {
        self.0 & 0xffff
    }

    /// Stands before another place, and ends before it.
    pub(super) fn is_before(self, other: Self) -> bool {
        let own = (self.segment(), self.offset() + self.len());
        self.segment() < other.segment() || own <= (other.segment(), other.offset())
    }

    pub(super) const fn bits(self) -> u64 {
        self.0
    }

    pub(super) const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }
}

impl Shared {
    pub(super) fn new(published: Published) -> Arc<Self> {
        Arc::new(Self { published: RwLock::new(published), unknown: OnceLock::new() })
    }

    /// Changes what readers see.
    pub(super) fn publish(&self, change: impl FnOnce(&mut Published)) {
        change(&mut self.published.write().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn len(&self) -> u64 {
        self.look(|published| published.places.len()) as u64
    }

    /// Refuses everything from now on, with the first such error.
    pub(super) fn stop(&self, error: LogError) -> LogError {
        self.unknown.get_or_init(|| error).clone()
    }

    /// Errors when an earlier outcome is unknown.
    pub(super) fn check(&self) -> Result<(), LogError> {
        self.unknown.get().cloned().map_or(Ok(()), Err)
    }

    pub(super) fn look<T>(&self, look: impl FnOnce(&Published) -> T) -> T {
        look(&self.published.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl LogReader {
    pub(super) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared, check: None }
    }

    /// This reader, which shows no entry that the check does not know.
    #[must_use]
    pub fn checked_by(self, check: Arc<dyn EntryCheck>) -> Self {
        Self { check: Some(check), ..self }
    }

    fn check(&self, index: u64, entry: &[u8]) -> Result<(), LogError> {
        match &self.check {
            Some(check) if !check.holds(index, entry) => Err(LogError::Changed { index }),
            Some(_) | None => Ok(()),
        }
    }

    /// Number of durable entries.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.shared.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads one entry.
    ///
    /// # Errors
    /// [`LogError::NoSuchEntry`], [`LogError::Read`], [`LogError::Changed`], and
    /// [`LogError::Unknown`] once the writer has met it.
    pub fn read(&self, index: u64) -> Result<Vec<u8>, LogError> {
        self.shared.check()?;
        let Found { file, first: place, .. } = self.find(index, index + 1)?;
        let mut bytes = vec![0; usize::try_from(place.len()).unwrap_or_default()];
        if let Err(error) = file.read_at(place.offset(), &mut bytes) {
            return Err(LogError::Read { index, cause: error.into() });
        }
        self.check(index, &bytes)?;
        Ok(bytes)
    }

    /// Visits every entry from `from` to the end as it is now, in order.
    ///
    /// # Errors
    /// As [`LogReader::read`].
    pub fn scan(&self, from: u64, visit: &mut dyn FnMut(u64, &[u8])) -> Result<(), LogError> {
        self.each(from..self.len(), |index, entry| {
            visit(index, entry);
            Ok(())
        })
    }

    /// Visits the entries of a range, in order, until a visit fails, and reads no others; the range
    /// may reach beyond the end as it is now.
    ///
    /// # Errors
    /// The visit's, or as [`LogReader::read`].
    pub fn each<E: From<LogError>>(
        &self,
        entries: Range<u64>,
        mut visit: impl FnMut(u64, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.shared.check()?;
        let (from, len) = (entries.start, self.len());
        if from > len {
            return Err(LogError::NoSuchEntry { index: from, len }.into());
        }
        let end = entries.end.min(len);
        let mut index = from;
        let mut piece = Vec::new();
        while index < end {
            self.shared.check()?;
            let Found { file, first, places } = self.find(index, end)?;
            let last = places.last().map_or(first, |place| *place);
            let len = last.offset() + last.len() - first.offset();
            piece.resize(usize::try_from(len).unwrap_or_default(), 0);
            if let Err(error) = file.read_at(first.offset(), &mut piece) {
                return Err(LogError::Read { index, cause: error.into() }.into());
            }
            for place in places {
                let at = usize::try_from(place.offset() - first.offset()).unwrap_or_default();
                let len = usize::try_from(place.len()).unwrap_or_default();
                let entry = &piece[at..at + len];
                self.check(index, entry)?;
                visit(index, entry)?;
                index += 1;
            }
        }
        Ok(())
    }

    /// The file and place of entry `index`, and the places of it and of those before `end` that
    /// can be read with it in one piece.
    fn find(&self, index: u64, end: u64) -> Result<Found, LogError> {
        self.shared.look(|published| {
            let len = published.places.len() as u64;
            let none = LogError::NoSuchEntry { index, len };
            let at = usize::try_from(index).map_err(|_| none.clone())?;
            let first = *published.places.get(at).ok_or(none.clone())?;
            let count = usize::try_from(end.saturating_sub(index)).unwrap_or(usize::MAX);
            if count == 0 {
                return Err(none);
            }
            let places = published.places.iter_from(at).take(count);
            let together = places.take_while(|place| {
                place.segment() == first.segment()
                    && place.offset() + place.len() <= first.offset() + PIECE_BYTES
            });
            let file = published.segments[first.segment()].clone();
            Ok(Found { file, first, places: together.copied().collect() })
        })
    }
}
