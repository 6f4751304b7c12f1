//! The vault's file: append and flush, open, erase.
//!
//! After the header the file holds the same frames as a log segment, one for a batch, each entry
//! a record; so a write that was cut is told from damage by the same rule. The ledger's lock,
//! which the open log holds, is the vault's too.

use std::{collections::HashSet, io, sync::Arc};

use subtle::ConstantTimeEq;

use super::{
    record::{HEADER_BYTES, Header, RECORD_BYTES, Record, RecordFault},
    records::Records,
};
use crate::{
    frame::{
        FRAME_BYTES_MAX, FRAME_OVERHEAD, FrameFault, FrameView, Tail, encode_frame, entry_hash,
        frame_start, genesis_prev, judge_tail,
    },
    log::{ByteFile, Cause, Files},
    value::{Hash, KeyId, Tag},
};

/// A value that only the holder of a vault key can compute, and that does not reveal the key: it
/// tells a wrong vault key from damage.
pub type KeyCheck = [u8; 32];

/// Why a vault does not open, or a call on it did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// There is no vault file.
    #[error("the vault file {FILE} is missing; restore it from a backup")]
    NoVault,
    /// There is one already.
    #[error("there is a vault already")]
    Exists,
    /// The vault key is not the one this vault is wrapped under.
    #[error("this is not the vault key of this vault")]
    WrongKey,
    /// The vault of another ledger.
    #[error("the vault belongs to a ledger of another origin")]
    OtherOrigin,
    /// The header is damaged.
    #[error("{FILE} is damaged: {0}; restore it from a backup")]
    Header(RecordFault),
    /// A frame is damaged, other than by a write that was cut.
    #[error("{FILE} is damaged at byte {offset}: {fault}; restore it from a backup")]
    Damage {
        /// Where the frame begins.
        offset: u64,
        /// What is wrong.
        fault: FrameFault,
    },
    /// A whole frame does not continue the one before, or holds something else than records.
    #[error("{FILE} is damaged at byte {offset}: not the next records; restore it from a backup")]
    Records {
        /// Where the frame begins.
        offset: u64,
    },
    /// A key is in the vault already, with this tag.
    #[error("the key {key} has a record with this tag already")]
    Twice {
        /// The key.
        key: KeyId,
    },
    /// A record is not what it was when the vault was opened.
    #[error("{FILE} changed at byte {offset} while it was open; restore it from a backup")]
    Changed {
        /// Where the record begins.
        offset: u64,
    },
    /// A record could not be read.
    #[error("reading {FILE} failed: {cause}")]
    Read {
        /// What the system said.
        cause: Cause,
    },
    /// The caller could not wrap a key anew; nothing was changed.
    #[error("the key {key} could not be wrapped anew")]
    Rewrap {
        /// The key.
        key: KeyId,
    },
    /// Nothing of this call is durable; the vault goes on.
    #[error("{doing} failed and nothing was added: {cause}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        cause: Cause,
    },
    /// What was written may or may not be durable; the ledger must be opened again.
    #[error("{doing} failed with its outcome unknown: {cause}; open the ledger again")]
    Unknown {
        /// What was being done, at the first failure.
        doing: &'static str,
        /// What the system said.
        cause: Cause,
    },
}

/// The open vault.
pub struct Vault {
    files: Box<dyn Files>,
    file: Arc<dyn ByteFile>,
    header: Header,
    /// Where the last frame ends, and up to where the file is written with zeros.
    end: u64,
    allocated: u64,
    prev: Hash,
    records: Records,
    torn_bytes: u64,
    unknown: Option<VaultError>,
}

impl Vault {
    /// Makes the vault of a new ledger.
    ///
    /// # Errors
    /// [`VaultError::Exists`], and [`VaultError::Failed`].
    pub fn create(
        files: Box<dyn Files>,
        origin: &str,
        key_check: KeyCheck,
    ) -> Result<Self, VaultError> {
        if files.open(FILE).is_ok() {
            return Err(VaultError::Exists);
        }
        let header = Header { origin: genesis_prev(origin), key_check };
        let image = Image::new(header, &[]);
        files.replace(FILE, &image.bytes).map_err(failed("making the vault"))?;
        let file = files.open(FILE).map_err(failed("opening the vault"))?;
        Ok(Self::new(files, file, header, image))
    }

    /// Opens the vault. A batch whose write was cut is taken away: nobody was told of it.
    ///
    /// # Errors
    /// See [`VaultError`]; nothing has been changed then.
    pub fn open(
        files: Box<dyn Files>,
        origin: &str,
        key_check: KeyCheck,
    ) -> Result<Self, VaultError> {
        let file = files.open(FILE).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => VaultError::NoVault,
            _ => failed("opening the vault")(error),
        })?;
        let bytes = read_all(file.as_ref()).map_err(failed("reading the vault"))?;
        let header = Header::decode(&bytes).map_err(VaultError::Header)?;
        if header.origin != genesis_prev(origin) {
            return Err(VaultError::OtherOrigin);
        }
        if !bool::from(header.key_check.ct_eq(&key_check)) {
            return Err(VaultError::WrongKey);
        }
        let found = read(&bytes, header)?;
        make_durable(file.as_ref(), &bytes, &found).map_err(failed("flushing the vault"))?;
        let Found { records, end, prev, torn_bytes, .. } = found;
        let image = Image { bytes, end, prev, records };
        let mut vault = Self::new(files, file, header, image);
        vault.torn_bytes = torn_bytes;
        Ok(vault)
    }

    /// Bytes of a cut write that opening took away; 0 for none.
    #[must_use]
    pub const fn torn_bytes(&self) -> u64 {
        self.torn_bytes
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is no record.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The keys of an identity tag, oldest first.
    #[must_use]
    pub fn keys(&self, tag: &Tag) -> Vec<KeyId> {
        self.records.of_tag(tag).into_iter().map(|at| self.records.key(at)).collect()
    }

    /// Whether there is a record of that key.
    #[must_use]
    pub fn has(&self, key: &KeyId) -> bool {
        self.records.first(key).is_some()
    }

    /// The first record of a key.
    ///
    /// # Errors
    /// [`VaultError::Read`], and [`VaultError::Changed`].
    pub fn by_key(&self, key: &KeyId) -> Result<Option<Record>, VaultError> {
        self.records.first(key).map(|at| self.record(at)).transpose()
    }

    /// The record of an identity tag and a key.
    ///
    /// # Errors
    /// See [`by_key`](Self::by_key).
    pub fn by_tag_and_key(&self, tag: &Tag, key: &KeyId) -> Result<Option<Record>, VaultError> {
        let all = self.records.of_tag(tag);
        let found = all.into_iter().find(|at| self.records.key(*at) == *key);
        found.map(|at| self.record(at)).transpose()
    }

    /// Adds records. They are durable when this returns: what uses their keys may be written.
    ///
    /// # Errors
    /// [`VaultError::Twice`] and [`VaultError::Failed`]: nothing was added.
    /// [`VaultError::Unknown`]: drop the vault and open it again.
    pub fn add(&mut self, records: &[Record]) -> Result<(), VaultError> {
        self.check()?;
        let mut new = HashSet::new();
        for record in records {
            let known = self.keys(&record.id_tag).contains(&record.key);
            if known || !new.insert((record.id_tag, record.key)) {
                return Err(VaultError::Twice { key: record.key });
            }
        }
        let mut first = true;
        for batch in records.chunks(BATCH_RECORDS) {
            self.add_batch(batch, first)?;
            first = false;
        }
        Ok(())
    }

    /// Writes the vault anew without these keys, wrapping every other under a new vault key. When
    /// this returns the old file is replaced, and destroying the old vault key destroys the keys.
    /// With no keys to erase it changes the vault key and compacts the file.
    ///
    /// # Errors
    /// [`VaultError::Rewrap`]: `rewrap` answered `None`; [`VaultError::Read`] and
    /// [`VaultError::Changed`]: a record could not be read. Nothing was changed.
    /// [`VaultError::Unknown`]: the file is the old or the new one; keep both vault keys until it
    /// has been opened again.
    pub fn erase(
        &mut self,
        keys: &HashSet<KeyId>,
        key_check: KeyCheck,
        mut rewrap: impl FnMut(&Record) -> Option<[u8; 72]>,
    ) -> Result<(), VaultError> {
        self.check()?;
        let mut left = Vec::new();
        for at in self.records.numbers() {
            if !keys.contains(&self.records.key(at)) {
                let record = self.record(at)?;
                let wrapped = rewrap(&record).ok_or(VaultError::Rewrap { key: record.key })?;
                left.push(Record { wrapped, ..record });
            }
        }
        let header = Header { key_check, ..self.header };
        let image = Image::new(header, &left);
        let replaced = self.files.replace(FILE, &image.bytes);
        let file = replaced.and_then(|()| self.files.open(FILE));
        self.file = file.map_err(|error| self.stop("writing the vault anew", error))?;
        self.header = header;
        self.end = image.end;
        self.allocated = image.bytes.len() as u64;
        self.prev = image.prev;
        self.records = image.records;
        Ok(())
    }

    fn new(files: Box<dyn Files>, file: Arc<dyn ByteFile>, header: Header, image: Image) -> Self {
        let Image { bytes, end, prev, records } = image;
        let allocated = bytes.len() as u64;
        let (torn_bytes, unknown) = (0, None);
        Self { files, file, header, end, allocated, prev, records, torn_bytes, unknown }
    }

    /// Reads a record, and holds it against what was known of it.
    fn record(&self, at: u32) -> Result<Record, VaultError> {
        let offset = self.records.place(at);
        let mut bytes = [0; RECORD_BYTES];
        let read = self.file.read_at(offset, &mut bytes);
        read.map_err(|error| VaultError::Read { cause: error.into() })?;
        let is_same = self.records.is_same(at, &bytes);
        let record = Record::decode(&bytes).ok().filter(|_| is_same);
        record.ok_or(VaultError::Changed { offset })
    }

    fn check(&self) -> Result<(), VaultError> {
        self.unknown.clone().map_or(Ok(()), Err)
    }

    fn stop(&mut self, doing: &'static str, error: io::Error) -> VaultError {
        let error = VaultError::Unknown { doing, cause: error.into() };
        self.unknown.get_or_insert(error).clone()
    }

    fn add_batch(&mut self, batch: &[Record], first: bool) -> Result<(), VaultError> {
        let (frame, prev) = encode_batch(self.records.len() as u64, self.prev, batch);
        let start = frame_start(self.end);
        let end = start + frame.len() as u64;
        match self.make_room(end) {
            Ok(()) => {}
            Err(error) if first => return Err(failed("making room in the vault")(error)),
            Err(error) => return Err(self.stop("making room in the vault", error)),
        }
        let written = self.file.write_at(start, &frame).and_then(|()| self.file.sync());
        written.map_err(|error| self.stop("adding keys", error))?;
        self.end = end;
        self.prev = prev;
        self.records.push_batch(start, batch);
        Ok(())
    }

    /// Writes zeros ahead, so that a flush has no length to store and a cut write shows.
    fn make_room(&mut self, end: u64) -> io::Result<()> {
        if end > self.allocated {
            let to = end.next_multiple_of(STEP_BYTES);
            let zeros = vec![0; usize::try_from(to - self.allocated).map_err(io::Error::other)?];
            self.file.write_at(self.allocated, &zeros)?;
            self.file.sync()?;
            self.allocated = to;
        }
        Ok(())
    }
}

/// The bytes of a vault's file, where its last frame ends, the hash of its last record, and where
/// its records stand.
struct Image {
    bytes: Vec<u8>,
    end: u64,
    prev: Hash,
    records: Records,
}

impl Image {
    fn new(header: Header, records: &[Record]) -> Self {
        let mut bytes = header.encode().to_vec();
        let mut prev = header.origin;
        let mut index = 0;
        let mut kept = Records::default();
        for batch in records.chunks(BATCH_RECORDS) {
            let start = frame_start(bytes.len() as u64);
            bytes.resize(usize::try_from(start).unwrap_or(usize::MAX), 0);
            let frame;
            (frame, prev) = encode_batch(index, prev, batch);
            bytes.extend(frame);
            kept.push_batch(start, batch);
            index += batch.len() as u64;
        }
        let end = bytes.len() as u64;
        let to = end.next_multiple_of(STEP_BYTES);
        bytes.resize(usize::try_from(to).unwrap_or(usize::MAX), 0);
        Self { bytes, end, prev, records: kept }
    }
}

/// What a vault's file holds.
struct Found {
    records: Records,
    end: u64,
    prev: Hash,
    last_frame: Option<u64>,
    torn_bytes: u64,
}

/// Reads all frames, and judges what stands after the last.
fn read(bytes: &[u8], header: Header) -> Result<Found, VaultError> {
    let mut found = Found {
        records: Records::default(),
        end: HEADER_BYTES as u64,
        prev: header.origin,
        last_frame: None,
        torn_bytes: 0,
    };
    loop {
        let end = usize::try_from(found.end).unwrap_or(bytes.len());
        let offset = frame_start(found.end);
        let start = usize::try_from(offset).unwrap_or(bytes.len()).min(bytes.len());
        if bytes[end..start].iter().any(|byte| *byte != 0) {
            let fault = FrameFault::Length(0);
            return Err(VaultError::Damage { offset: found.end, fault });
        }
        let rest = &bytes[start..];
        match FrameView::parse(rest) {
            Ok(frame) => {
                let next = found.records.len() as u64;
                if frame.first_index() != next || frame.prev() != found.prev {
                    return Err(VaultError::Records { offset });
                }
                let batch: Result<Vec<_>, _> = frame.entries().map(Record::decode).collect();
                let batch = batch.map_err(|_| VaultError::Records { offset })?;
                found.records.push_batch(offset, &batch);
                found.prev = frame.entries().last().map_or(found.prev, entry_hash);
                found.end = offset + frame.bytes().len() as u64;
                found.last_frame = Some(offset);
            }
            Err(fault) => match judge_tail(rest, offset, fault) {
                Tail::Clean => return Ok(found),
                Tail::Torn { bytes } => {
                    found.torn_bytes = bytes;
                    return Ok(found);
                }
                Tail::Damaged(fault) => return Err(VaultError::Damage { offset, fault }),
            },
        }
    }
}

/// How many bytes of a vault's file are header and whole batches: what a copy made beside a
/// running writer takes. Whatever stands behind them is being written.
#[must_use]
pub fn whole_bytes(file: &[u8]) -> usize {
    let mut end = HEADER_BYTES.min(file.len());
    loop {
        let start = usize::try_from(frame_start(end as u64)).unwrap_or(file.len());
        match file.get(start..).map(FrameView::parse) {
            Some(Ok(frame)) => end = start + frame.bytes().len(),
            Some(Err(_)) | None => return end,
        }
    }
}

/// Zeroes a torn frame and writes the last whole one again, which may have been read from memory
/// that never reached the disk; then flushes.
fn make_durable(file: &dyn ByteFile, bytes: &[u8], found: &Found) -> io::Result<()> {
    if found.torn_bytes > 0 {
        let zeros = vec![0; usize::try_from(found.torn_bytes).unwrap_or(FRAME_BYTES_MAX)];
        file.write_at(frame_start(found.end), &zeros)?;
        file.sync()?;
    }
    if let Some(offset) = found.last_frame {
        let at = |offset: u64| usize::try_from(offset).unwrap_or(bytes.len());
        file.write_at(offset, &bytes[at(offset)..at(found.end)])?;
    }
    file.sync()
}

/// The frame of a batch, and the hash of its last record.
fn encode_batch(first: u64, prev: Hash, batch: &[Record]) -> (Vec<u8>, Hash) {
    let records = batch.iter().map(Record::encode).collect::<Vec<_>>();
    let slices = records.iter().map(<[u8; RECORD_BYTES]>::as_slice).collect::<Vec<_>>();
    let mut frame = Vec::new();
    encode_frame(&mut frame, first, &prev, &slices);
    (frame, slices.last().map_or(prev, |record| entry_hash(record)))
}

fn read_all(file: &dyn ByteFile) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(file.len()?).map_err(io::Error::other)?];
    file.read_at(0, &mut bytes)?;
    Ok(bytes)
}

fn failed(doing: &'static str) -> impl FnOnce(io::Error) -> VaultError {
    move |error| VaultError::Failed { doing, cause: error.into() }
}

const FILE: &str = "vault/vault";
/// Records of one frame: (8 MiB - 56) / (142 + 2).
const BATCH_RECORDS: usize = (FRAME_BYTES_MAX - FRAME_OVERHEAD) / (RECORD_BYTES + 2);
const STEP_BYTES: u64 = 256 << 10;

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
