//! Folders and files that commands write: private, durable, never over something else.

use std::{
    fs::{self, DirBuilder, File},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::error::{CliError, at_file};

/// Makes a folder, and those above it, that only its owner enters; one that is there is taken.
pub(super) fn make_private(folder: &Path) -> Result<(), CliError> {
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(at_file("making", folder))
}

/// Refuses a folder that holds anything.
pub(super) fn expect_empty(folder: &Path) -> Result<(), CliError> {
    let mut found = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        read => read.map_err(at_file("reading", folder))?,
    };
    if found.next().is_none() {
        return Ok(());
    }
    Err(CliError::refused(format!("{} is not empty", folder.display()))
        .hinted("name a folder that is not there yet: nothing is ever overwritten"))
}

/// Writes a whole new file, durable when this returns.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let mut options = File::options();
    let written = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(at_file("writing", path))?;
    sync_folder_of(path)
}

/// Puts a whole file in place of another one, durable when this returns.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".new");
    let aside = PathBuf::from(aside);
    let written = File::create(&aside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&aside, path));
    written.map_err(at_file("writing", path))?;
    sync_folder_of(path)
}

/// Makes the names in a file's folder durable.
pub(super) fn sync_folder_of(path: &Path) -> Result<(), CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at_file("flushing", folder))
}

/// Reads a file of at most `max` bytes.
pub(super) fn read(path: &Path, max: u64) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    let read = File::open(path)
        .and_then(|file| io::Read::read_to_end(&mut io::Read::take(file, max + 1), &mut bytes));
    read.map_err(at_file("reading", path))?;
    if bytes.len() as u64 > max {
        return Err(CliError::refused(format!("{} is longer than {max} bytes", path.display())));
    }
    Ok(bytes)
}

/// Reads a text of at most `max` bytes.
pub(super) fn read_text(path: &Path, max: u64) -> Result<String, CliError> {
    String::from_utf8(read(path, max)?)
        .map_err(|_| CliError::refused(format!("{} is not UTF-8 text", path.display())))
}
