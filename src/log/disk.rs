//! Files of a real folder.
//!
//! The ledger's folder and everything in it can be read by its owner only: folders have mode
//! 0700, files 0600. `sync` is `fdatasync`: files are written full of zeros before frames go in,
//! so that a flush has no length to store.

use std::{
    any::Any,
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    error::OpenError,
    files::{ByteFile, Files, Writes},
};

const FOLDERS: [&str; 5] = ["log", "index", "vault", "keys", "rejected"];
const LOCK: &str = "lock";

/// A ledger's folder on a real disk.
#[derive(Debug, Clone)]
pub struct DiskFiles {
    folder: PathBuf,
}

impl DiskFiles {
    /// Makes the folders of a new ledger. A folder that is there and empty is taken.
    ///
    /// # Errors
    /// [`OpenError::Exists`] when it holds a log, and the system's.
    pub fn create(folder: &Path) -> Result<Self, OpenError> {
        let name = folder.display().to_string();
        let io = |error| OpenError::io("creating", &name)(error);
        if folder.join("head").exists() || folder.join("log").exists() {
            return Err(OpenError::Exists { folder: name });
        }
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io)?;
        for inner in FOLDERS {
            let inner = folder.join(inner);
            DirBuilder::new().recursive(true).mode(0o700).create(inner).map_err(io)?;
        }
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
        let parent = File::open(parent.unwrap_or(Path::new(".")));
        parent.and_then(|parent| parent.sync_all()).map_err(io)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The folder of a ledger that is there.
    ///
    /// # Errors
    /// [`OpenError::NoLedger`].
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        if folder.join("log").is_dir() {
            Ok(Self { folder: folder.to_owned() })
        } else {
            Err(OpenError::NoLedger { folder: folder.display().to_string() })
        }
    }

    /// A file anywhere, made if it is not there: for the head's copy on another disk.
    ///
    /// # Errors
    /// The system's.
    pub fn open_anywhere(path: &Path) -> io::Result<Arc<dyn ByteFile>> {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = file.open(path)?;
        sync_parent(&std::path::absolute(path)?)?;
        Ok(Arc::new(DiskFile(file)))
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Files for DiskFiles {
    fn place(&self) -> String {
        self.folder.display().to_string()
    }

    fn lock(&self) -> io::Result<Box<dyn Any + Send>> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(0o600);
        let file = file.open(self.path(LOCK))?;
        // The system drops the lock with the file, also when the process is killed.
        match file.try_lock() {
            Ok(()) => Ok(Box::new(file)),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.path(folder))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn ByteFile>> {
        let file = OpenOptions::new().read(true).write(true).open(self.path(name))?;
        Ok(Arc::new(DiskFile(file)))
    }

    fn replace_by(&self, name: &str, write: Writes<'_>) -> io::Result<()> {
        let aside = self.path(&format!("{name}.new"));
        let path = self.path(name);
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
        write(&mut &file)?;
        // The bytes are durable before the name points to them, and the name before we say so.
        file.sync_all()?;
        fs::rename(&aside, &path)?;
        sync_parent(&path)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let path = self.path(name);
        fs::remove_file(&path)?;
        sync_parent(&path)
    }

    fn sync_folder(&self, folder: &str) -> io::Result<()> {
        File::open(self.path(folder))?.sync_all()
    }
}

struct DiskFile(File);

impl ByteFile for DiskFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.0.read_exact_at(bytes, offset)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}

fn sync_parent(path: &Path) -> io::Result<()> {
    let parent = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    File::open(parent)?.sync_all()
}
