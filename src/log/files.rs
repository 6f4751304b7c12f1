//! The few things that the log and the vault need from a disk.
//!
//! Names are relative to the ledger's folder and use `/`. The real disk and the one in memory
//! implement the same duties, so that recovery is one piece of code.

use std::{any::Any, io, sync::Arc};

/// Writes the bytes of a file.
pub type Writes<'a> = &'a mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>;

/// A folder of files.
pub trait Files: Send + Sync {
    /// The folder as people know it, for messages.
    fn place(&self) -> String;

    /// Takes the ledger's lock and holds it until the answer is dropped.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] while somebody else holds it.
    fn lock(&self) -> io::Result<Box<dyn Any + Send>>;

    /// Names of the files in a folder, sorted, without the folder.
    ///
    /// # Errors
    /// The system's.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;

    /// Opens a file that is there, for reading and writing.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`], and the system's.
    fn open(&self, name: &str) -> io::Result<Arc<dyn ByteFile>>;

    /// Puts a file with these bytes in place, durable with its name: either the old file, or none,
    /// stands there afterwards, or the new one whole.
    ///
    /// # Errors
    /// The system's; which of the two stands there is then unknown.
    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.replace_by(name, &mut |to| to.write_all(bytes))
    }

    /// Puts a file in place as [`replace`](Self::replace) does, for whoever does not hold all of
    /// its bytes at once: `write` writes them, many at a time, and an error of it leaves what
    /// stands there.
    ///
    /// # Errors
    /// Those of `replace`, and those of `write`.
    fn replace_by(&self, name: &str, write: Writes<'_>) -> io::Result<()>;

    /// Removes a file, durably.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`], and the system's.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// The system's.
    fn sync_folder(&self, folder: &str) -> io::Result<()>;
}

/// A folder that several parts of a ledger share.
impl Files for Arc<dyn Files> {
    fn place(&self) -> String {
        self.as_ref().place()
    }

    fn lock(&self) -> io::Result<Box<dyn Any + Send>> {
        self.as_ref().lock()
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        self.as_ref().list(folder)
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn ByteFile>> {
        self.as_ref().open(name)
    }

    fn replace_by(&self, name: &str, write: Writes<'_>) -> io::Result<()> {
        self.as_ref().replace_by(name, write)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.as_ref().remove(name)
    }

    fn sync_folder(&self, folder: &str) -> io::Result<()> {
        self.as_ref().sync_folder(folder)
    }
}

/// One open file.
pub trait ByteFile: Send + Sync {
    /// Its length in bytes.
    ///
    /// # Errors
    /// The system's.
    fn len(&self) -> io::Result<u64>;

    /// Whether it has no bytes.
    ///
    /// # Errors
    /// The system's.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Fills `bytes` from `offset` on.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] when the file ends before, and the system's.
    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()>;

    /// Writes all `bytes` at `offset`, making the file longer if need be. Not durable yet.
    ///
    /// # Errors
    /// The system's; some of the bytes may be written.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Makes everything written durable, with the length needed to read it back.
    ///
    /// # Errors
    /// The system's; what was written since the last success may or may not be durable, and
    /// calling again does not make it so.
    fn sync(&self) -> io::Result<()>;
}

/// Reads the bytes of a file from `from` to its end.
///
/// # Errors
/// The system's.
pub fn read_from(file: &dyn ByteFile, from: u64) -> io::Result<Vec<u8>> {
    let len = usize::try_from(file.len()?.saturating_sub(from)).map_err(io::Error::other)?;
    let mut bytes = vec![0; len];
    file.read_at(from, &mut bytes)?;
    Ok(bytes)
}

/// Writes and flushes.
pub(super) fn write_synced(file: &dyn ByteFile, offset: u64, bytes: &[u8]) -> io::Result<()> {
    file.write_at(offset, bytes)?;
    file.sync()
}
