//! Files of secret text that only their owner may read: keys and passphrases.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::log::Cause;

/// Longest key file, in bytes.
const BYTES_MAX: u64 = 64 << 10;

/// What a secret file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// A signing key.
    Key,
    /// The key of a vault.
    VaultKey,
    /// Passphrases of keys.
    Passphrases,
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "key file",
            Self::VaultKey => "vault key file",
            Self::Passphrases => "passphrase file",
        })
    }
}

/// Why a secret file cannot be written or is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// A file is there already; keys are never overwritten.
    #[error("{} exists already; keys are never overwritten", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// There is no such file.
    #[error("there is no {what} {}", path.display())]
    Missing {
        /// What it would hold.
        what: Secret,
        /// The file.
        path: PathBuf,
    },
    /// Others than its owner may read or change the file.
    #[error(
        "others can read the {what} {0} (mode {mode:04o}); run: chmod 600 {0}",
        path.display()
    )]
    OpenToOthers {
        /// What it holds.
        what: Secret,
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not a plain file of at most 64 KiB of UTF-8 text.
    #[error("{} is not a {what}: {why}", path.display())]
    NotAKeyFile {
        /// What it should hold.
        what: Secret,
        /// The file.
        path: PathBuf,
        /// What it is instead.
        why: &'static str,
    },
    /// The operating system refused.
    #[error("{doing} {}: {cause}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: Cause,
    },
}

/// Writes a secret into a new file of mode 0600, durable when this returns.
///
/// # Errors
/// [`KeyFileError::Exists`], and the system's.
pub fn write_secret(path: &Path, text: &str) -> Result<(), KeyFileError> {
    let error = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => KeyFileError::Exists { path: path.to_owned() },
        _ => io_error("writing", path, error),
    };
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path).map_err(error)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(error)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = File::open(folder.unwrap_or(Path::new(".")));
    folder.and_then(|folder| folder.sync_all()).map_err(error)
}

/// Reads a secret; a file that others than its owner may read or change is refused.
///
/// # Errors
/// See [`KeyFileError`]; the text is never part of one.
pub fn read_secret(path: &Path, what: Secret) -> Result<Zeroizing<String>, KeyFileError> {
    let error = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => KeyFileError::Missing { what, path: path.to_owned() },
        _ => io_error("reading", path, error),
    };
    let not = |why| KeyFileError::NotAKeyFile { what, path: path.to_owned(), why };
    let mut file = File::open(path).map_err(error)?;
    // Asked of the open file, so that nobody can put another in its place meanwhile.
    let found = file.metadata().map_err(error)?;
    if !found.is_file() {
        return Err(not("not a plain file"));
    }
    let mode = found.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::OpenToOthers { what, path: path.to_owned(), mode });
    }
    if found.len() > BYTES_MAX {
        return Err(not("longer than 64 KiB"));
    }
    // Room for all of it at once: growing would leave copies behind.
    let room = usize::try_from(found.len()).unwrap_or_default();
    let mut bytes = Zeroizing::new(vec![0; room]);
    file.read_exact(&mut bytes).map_err(error)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| not("not UTF-8 text"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

fn io_error(doing: &'static str, path: &Path, error: io::Error) -> KeyFileError {
    KeyFileError::Io { doing, path: path.to_owned(), cause: error.into() }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn a_secret_is_written_once_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clerk.pem");
        write_secret(&path, "a secret\n").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(*read_secret(&path, Secret::Key).unwrap(), "a secret\n");
        let exists = KeyFileError::Exists { path: path.clone() };
        assert_eq!(write_secret(&path, "another"), Err(exists));
        assert_eq!(*read_secret(&path, Secret::Key).unwrap(), "a secret\n");
    }

    #[test]
    fn a_file_others_can_read_is_refused_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clerk.pem");
        write_secret(&path, "a secret\n").unwrap();
        let kinds = [Secret::Key, Secret::VaultKey, Secret::Passphrases, Secret::Key];
        for (mode, what) in [0o640, 0o604, 0o620, 0o601].into_iter().zip(kinds) {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = read_secret(&path, what).unwrap_err();
            assert_eq!(error, KeyFileError::OpenToOthers { what, path: path.clone(), mode });
            let text = error.to_string();
            assert!(text.starts_with(&format!("others can read the {what} ")), "{text}");
            assert!(text.contains(&format!("chmod 600 {}", path.display())), "{text}");
            assert!(text.contains(&format!("mode 0{mode:o}")), "{text}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(read_secret(&path, Secret::Key).is_ok());
    }

    #[test]
    fn what_is_no_key_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("absent");
        assert_eq!(
            read_secret(&path, Secret::Key),
            Err(KeyFileError::Missing { what: Secret::Key, path })
        );
        let error = read_secret(folder.path(), Secret::Key);
        assert!(matches!(error, Err(KeyFileError::NotAKeyFile { .. })));
        let path = folder.path().join("long");
        write_secret(&path, &"x".repeat((64 << 10) + 1)).unwrap();
        assert!(matches!(read_secret(&path, Secret::Key), Err(KeyFileError::NotAKeyFile { .. })));
    }
}
