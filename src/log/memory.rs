//! A disk in memory that can fail any operation.
//!
//! Each file has a live image, which reads see, and a durable one, which survives a power cut.
//! Writes change the live image and mark sectors; a flush copies the marked sectors. One
//! operation can be chosen to fail, and whether what it did is lost, kept, or kept for some
//! sectors only. After a failed flush the marks are gone, as they are on Linux: the bytes can be
//! read back, yet a later flush does not write them.

use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet},
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::frame::SECTOR_BYTES;

use super::files::{ByteFile, Files, Writes};

/// Which operation fails, and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Number of the operation, counted from 0 over writes, flushes, replacements and removals.
    pub at: u64,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What becomes of an operation that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing of it reaches the disk.
    Lost,
    /// All of it reaches the disk, and an error is returned all the same.
    Kept,
    /// Of a write or flush, sector `n` reaches the disk if bit `n % 64` is set; a replacement or
    /// removal is lost.
    Torn(u64),
}

/// A disk in memory; clones share it.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles {
    disk: Arc<Mutex<Disk>>,
}

#[derive(Debug, Default)]
struct Disk {
    names: BTreeMap<String, usize>,
    images: Vec<Image>,
    operations: u64,
    flushes: u64,
    fault: Option<Fault>,
    locked: bool,
}

#[derive(Debug, Clone, Default)]
struct Image {
    live: Vec<u8>,
    durable: Vec<u8>,
    dirty: BTreeSet<usize>,
}

impl MemoryFiles {
    /// An empty disk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes one operation fail.
    pub fn fail(&self, fault: Fault) {
        self.disk().fault = Some(fault);
    }

    /// Operations so far.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.disk().operations
    }

    /// Flushes of files so far, replacements not counted.
    #[must_use]
    pub fn flushes(&self) -> u64 {
        self.disk().flushes
    }

    /// The disk as it is after a power cut: what is durable, and of what was written but not
    /// flushed the sectors whose bit `n % 64` is set in `sectors`.
    #[must_use]
    pub fn power_cut(&self, sectors: u64) -> Self {
        let disk = self.disk();
        let images = disk.images.iter().map(|image| {
            let mut image = image.clone();
            image.flush(|sector| bit(sectors, sector));
            Image { live: image.durable.clone(), durable: image.durable, dirty: BTreeSet::new() }
        });
        let copy = Disk { names: disk.names.clone(), images: images.collect(), ..Disk::default() };
        Self { disk: Arc::new(Mutex::new(copy)) }
    }

    /// The bytes of a file as reads see them.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        let disk = self.disk();
        disk.names.get(name).map(|at| disk.images[*at].live.clone())
    }

    /// Names of all files.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.disk().names.keys().cloned().collect()
    }

    /// Puts a durable file in place, as somebody else would: no operation is counted.
    pub fn put(&self, name: &str, bytes: &[u8]) {
        self.disk().place(name, bytes);
    }

    /// Takes a file away, as somebody else would.
    pub fn take(&self, name: &str) {
        self.disk().names.remove(name);
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Disk {
    /// Counts an operation; answers what becomes of it if it is the one to fail.
    fn operation(&mut self) -> Option<Outcome> {
        let at = self.operations;
        self.operations += 1;
        self.fault.filter(|fault| fault.at == at).map(|fault| fault.outcome)
    }

    fn place(&mut self, name: &str, bytes: &[u8]) {
        let (live, durable) = (bytes.to_vec(), bytes.to_vec());
        self.images.push(Image { live, durable, dirty: BTreeSet::new() });
        self.names.insert(name.to_owned(), self.images.len() - 1);
    }
}

impl Image {
    fn write(&mut self, offset: usize, bytes: &[u8], keep: impl Fn(usize) -> bool) {
        let end = offset + bytes.len();
        if self.live.len() < end {
            self.live.resize(end, 0);
        }
        for sector in offset / SECTOR_BYTES..end.div_ceil(SECTOR_BYTES) {
            if keep(sector) {
                let from = (sector * SECTOR_BYTES).max(offset);
                let to = ((sector + 1) * SECTOR_BYTES).min(end);
                self.live[from..to].copy_from_slice(&bytes[from - offset..to - offset]);
                self.dirty.insert(sector);
            }
        }
    }

    fn flush(&mut self, keep: impl Fn(usize) -> bool) {
        self.durable.resize(self.live.len(), 0);
        for sector in std::mem::take(&mut self.dirty) {
            if keep(sector) {
                let from = sector * SECTOR_BYTES;
                let to = (from + SECTOR_BYTES).min(self.live.len());
                self.durable[from..to].copy_from_slice(&self.live[from..to]);
            }
        }
    }
}

impl Files for MemoryFiles {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    fn lock(&self) -> io::Result<Box<dyn Any + Send>> {
        if std::mem::replace(&mut self.disk().locked, true) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Box::new(Lock(self.clone())))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let prefix = format!("{folder}/");
        let names = self.names();
        Ok(names.iter().filter_map(|name| name.strip_prefix(&prefix)).map(str::to_owned).collect())
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn ByteFile>> {
        let image = self.disk().names.get(name).copied().ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::new(MemoryFile { files: self.clone(), image }))
    }

    fn replace_by(&self, name: &str, write: Writes<'_>) -> io::Result<()> {
        let mut bytes = Vec::new();
        write(&mut bytes)?;
        let mut disk = self.disk();
        let outcome = disk.operation();
        if matches!(outcome, None | Some(Outcome::Kept)) {
            disk.place(name, &bytes);
        }
        answer(outcome)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut disk = self.disk();
        let outcome = disk.operation();
        let kept = matches!(outcome, None | Some(Outcome::Kept));
        if kept && disk.names.remove(name).is_none() {
            return Err(io::ErrorKind::NotFound.into());
        }
        answer(outcome)
    }

    fn sync_folder(&self, _: &str) -> io::Result<()> {
        answer(self.disk().operation())
    }
}

struct MemoryFile {
    files: MemoryFiles,
    image: usize,
}

impl ByteFile for MemoryFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.files.disk().images[self.image].live.len() as u64)
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        let disk = self.files.disk();
        let from = usize::try_from(offset).map_err(io::Error::other)?;
        let found = disk.images[self.image].live.get(from..from + bytes.len());
        bytes.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut disk = self.files.disk();
        let outcome = disk.operation();
        let offset = usize::try_from(offset).map_err(io::Error::other)?;
        disk.images[self.image].write(offset, bytes, |sector| reaches(outcome, sector));
        if outcome.is_some() {
            disk.images[self.image].flush(|_| true);
        }
        answer(outcome)
    }

    fn sync(&self) -> io::Result<()> {
        let mut disk = self.files.disk();
        disk.flushes += 1;
        let outcome = disk.operation();
        disk.images[self.image].flush(|sector| reaches(outcome, sector));
        answer(outcome)
    }
}

struct Lock(MemoryFiles);

impl Drop for Lock {
    fn drop(&mut self) {
        self.0.disk().locked = false;
    }
}

fn reaches(outcome: Option<Outcome>, sector: usize) -> bool {
    match outcome {
        None | Some(Outcome::Kept) => true,
        Some(Outcome::Lost) => false,
        Some(Outcome::Torn(sectors)) => bit(sectors, sector),
    }
}

const fn bit(sectors: u64, sector: usize) -> bool {
    sectors >> (sector % 64) & 1 == 1
}

fn answer(outcome: Option<Outcome>) -> io::Result<()> {
    outcome.map_or(Ok(()), |_| Err(io::Error::other("the disk failed")))
}
