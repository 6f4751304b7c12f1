//! `backup`: a consistent copy of everything but the vault key.
//!
//! The copy is made under the ledger's lock, after recovery, so that log, head and vault belong
//! together. Beside a running writer it is of what the newest head covers: the head's bytes as
//! they were read, the segments up to where it ends, and after them the vault's whole batches,
//! which by then hold every key those entries use. `backup.json` names every file with its length and BLAKE3 hash, and what was left
//! out. Secret keys are copied only when their files are encrypted; the vault is always: its keys
//! are wrapped under the vault key, which is never in a backup.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{
    error::{CliError, at_file},
    folder,
    output::talk,
    session::{CHECKPOINT, NOTE_KEY, SYSTEM_KEY, Session, VERIFIER_KEY},
};
use crate::log::{Followed, FollowedSegment};
use crate::tlog::{Origin, TreeHash};
use crate::value::Hash;
use crate::vault::{Secret, read_secret, whole_bytes};

/// Copy the ledger into a new folder (备份): log, head, vault, encrypted keys; never the vault key
///
/// Works beside a running writer, for what its newest head covers.
#[derive(Args)]
pub(super) struct Backup {
    /// A folder that is not there yet
    #[arg(value_name = "OUT")]
    out: PathBuf,
}

/// What stands in a backup, as its `backup.json` says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) format: String,
    pub(super) origin: Origin,
    /// Entries in the log.
    pub(super) entries: u64,
    /// Root over them.
    pub(super) root: TreeHash,
    pub(super) files: Vec<CopiedFile>,
    /// What was left out on purpose.
    pub(super) left_out: Vec<String>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CopiedFile {
    /// Its name below the folder.
    pub(super) name: String,
    /// Its length in bytes.
    pub(super) bytes: u64,
    /// BLAKE3-256 of it.
    pub(super) blake3: Hash,
}

pub(super) const FORMAT: &str = "mingzheng backup v1";
pub(super) const MANIFEST: &str = "backup.json";
/// Files of a ledger, beside its segments, that a backup may hold.
pub(super) const FILES: [&str; 6] = [CHECKPOINT, HEAD, VAULT, VERIFIER_KEY, NOTE_KEY, SYSTEM_KEY];
const HEAD: &str = "head";
const VAULT: &str = "vault/vault";

impl Backup {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        folder::expect_empty(&self.out)?;
        let from = session.folder().to_owned();
        // Holds the lock, or follows who does.
        let ledger = session.open_or_follow()?;
        let mut left_out = vec!["the vault key".to_owned()];
        let mut files = Vec::new();
        let names = match ledger.followed() {
            Some(followed) => {
                files.extend(copy_followed(&from, &self.out, followed)?);
                [VERIFIER_KEY, NOTE_KEY, SYSTEM_KEY].map(str::to_owned).to_vec()
            }
            None => names(&from)?,
        };
        for name in names.iter().filter(|name| from.join(name).is_file()) {
            if is_clear_secret(&from, name)? {
                left_out.push(format!("{name} (not encrypted)"));
                continue;
            }
            files.push(copy(&from, &self.out, name)?);
        }
        let (entries, root) = ledger.with_tree(|tree| (tree.len(), tree.root()))?;
        let origin = ledger.origin().clone();
        let format = FORMAT.to_owned();
        let manifest = Manifest { format, origin, entries, root, files, left_out };
        let mut text = serde_json::to_vec_pretty(&manifest).expect("a manifest is plain structs");
        text.push(b'\n');
        // Last: a folder without it is a backup that was cut short.
        folder::write_new(&self.out.join(MANIFEST), &text)?;
        let fields = [
            ("backup 备份", self.out.display().to_string()),
            ("entries 条目", entries.to_string()),
            ("root", root.to_string()),
            ("files", manifest.files.len().to_string()),
            ("left out 未含", manifest.left_out.join(", ")),
        ];
        session.out.document(&manifest, &fields);
        talk("Keep the vault key, and every key that was left out, in a place of their own.");
        Ok(())
    }
}

/// The names of what a backup copies, segments first.
fn names(ledger: &Path) -> Result<Vec<String>, CliError> {
    let log = ledger.join("log");
    let mut names = Vec::new();
    for entry in fs::read_dir(&log).map_err(at_file("reading", &log))? {
        let name = entry.map_err(at_file("reading", &log))?.file_name();
        let name = format!("log/{}", name.to_string_lossy());
        if is_segment(&name) {
            names.push(name);
        }
    }
    names.sort_unstable();
    let there = FILES.into_iter().filter(|name| ledger.join(name).is_file());
    names.extend(there.map(str::to_owned));
    Ok(names)
}

/// `log/<20 digits>.seg`.
pub(super) fn is_segment(name: &str) -> bool {
    let digits = name.strip_prefix("log/").and_then(|name| name.strip_suffix(".seg"));
    digits.is_some_and(|digits| digits.len() == 20 && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// A secret key whose file is not encrypted.
fn is_clear_secret(ledger: &Path, name: &str) -> Result<bool, CliError> {
    if ![NOTE_KEY, SYSTEM_KEY].contains(&name) {
        return Ok(false);
    }
    let text = read_secret(&ledger.join(name), Secret::Key)?;
    Ok(!text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
}

/// Copies what a head covers, and then the vault: its keys were there before the entries.
fn copy_followed(from: &Path, to: &Path, followed: &Followed) -> Result<Vec<CopiedFile>, CliError> {
    let mut files = Vec::new();
    for FollowedSegment { name, end, len } in &followed.segments {
        let source = File::open(from.join(name)).map_err(at_file("reading", &from.join(name)))?;
        let zeros = io::repeat(0).take(len - end);
        files.push(write_copy(&mut source.take(*end).chain(zeros), to, name)?);
    }
    files.push(write_copy(&mut followed.head_bytes.as_slice(), to, HEAD)?);
    files.push(write_copy(&mut followed.head.note.as_bytes(), to, CHECKPOINT)?);
    let vault = from.join(VAULT);
    let mut bytes = fs::read(&vault).map_err(at_file("reading", &vault))?;
    let whole = whole_bytes(&bytes);
    bytes[whole..].fill(0);
    files.push(write_copy(&mut bytes.as_slice(), to, VAULT)?);
    Ok(files)
}

/// Copies a file, durably, and says what was copied.
pub(super) fn copy(from: &Path, to: &Path, name: &str) -> Result<CopiedFile, CliError> {
    let from = from.join(name);
    let mut source = File::open(&from).map_err(at_file("reading", &from))?;
    write_copy(&mut source, to, name)
}

/// Writes a copied file, durably, and says what was written.
fn write_copy(source: &mut dyn Read, to: &Path, name: &str) -> Result<CopiedFile, CliError> {
    let to = to.join(name);
    folder::make_private(to.parent().unwrap_or(Path::new(".")))?;
    let mut options = File::options();
    std::os::unix::fs::OpenOptionsExt::mode(options.write(true).create_new(true), 0o600);
    let target = options.open(&to).map_err(at_file("writing", &to))?;
    let mut hashing = Hashing { file: target, hasher: blake3::Hasher::new() };
    let bytes = io::copy(source, &mut hashing).map_err(at_file("copying", &to))?;
    hashing.file.sync_all().map_err(at_file("flushing", &to))?;
    folder::sync_folder_of(&to)?;
    let blake3 = Hash(*hashing.hasher.finalize().as_bytes());
    Ok(CopiedFile { name: name.to_owned(), bytes, blake3 })
}

/// Hashes what goes into a file.
struct Hashing {
    file: File,
    hasher: blake3::Hasher,
}

impl io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_named_by_twenty_digits() {
        assert!(is_segment("log/00000000000000000000.seg"));
        for bad in ["log/checkpoint", "log/../x.seg", "log/0.seg", "00000000000000000000.seg"] {
            assert!(!is_segment(bad), "{bad}");
        }
    }
}
