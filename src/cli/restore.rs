//! `restore`: a backup becomes a ledger again.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{
    backup::{FILES, FORMAT, MANIFEST, Manifest, copy, is_segment},
    error::CliError,
    folder,
    output::talk,
    session::{NOTE_KEY, SMALL_FILE_BYTES_MAX, SYSTEM_KEY, Session, Vault, verifier_of},
};
use crate::answer::draft::strict_file;
use crate::tlog::{Checkpoint, TreeHash};

/// Make a ledger again from a backup (恢复), in the folder that --ledger names
///
/// Every file is checked against the backup's own list, and the log goes through recovery. A
/// backup that is older than a checkpoint that anybody holds must not be written to: its next
/// checkpoint would contradict that one. So the newest checkpoint known has to be named.
#[derive(Args)]
pub(super) struct Restore {
    /// The backup
    #[arg(value_name = "BACKUP")]
    backup: PathBuf,
    #[command(flatten)]
    head: KnownHead,
}

/// What is known of the lost ledger's newest head.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct KnownHead {
    /// The newest checkpoint that is known, from a witness, an export or the lost disk: a
    /// backup that does not reach it, or is of another history, is refused
    #[arg(long, value_name = "CHECKPOINT")]
    newer_than: Option<PathBuf>,
    /// Nobody holds a checkpoint: take the risk that entries which were shown are lost
    #[arg(long)]
    accept_unknown_head: bool,
}

#[derive(Serialize)]
struct Restored {
    ledger: String,
    entries: u64,
    root: TreeHash,
    missing: Vec<&'static str>,
}

/// Longest list of files that is read, in bytes: a million segments are 256 TiB.
const MANIFEST_BYTES_MAX: u64 = 256 << 20;

impl Restore {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let path = session.folder().to_owned();
        let manifest = self.manifest()?;
        folder::expect_empty(&path)?;
        let known = self.known()?;
        if let Some(known) = known.as_ref().filter(|known| known.size > manifest.entries) {
            return Err(CliError::refused(format!(
                "the backup holds {} entries, and the checkpoint known covers {}",
                manifest.entries, known.size
            ))
            .hinted(
                "restore a newer backup; if there is none, entries are lost for good: begin a \
                 ledger of a new origin with ledger.succeeds, and keep this backup for reading",
            ));
        }
        for file in &manifest.files {
            let copied = copy(&self.backup, &path, &file.name)?;
            if copied != *file {
                let name = &file.name;
                return Err(CliError::failed_check(format!("{name} is not what was backed up"))
                    .hinted("the backup is damaged: use another, and remove the folder again"));
            }
        }
        for inner in ["index", "vault", "keys", "rejected"] {
            folder::make_private(&path.join(inner))?;
        }
        let ledger = session.open_to_read(Vault::No)?;
        let (entries, root) = ledger.with_tree(|tree| (tree.len(), tree.root()))?;
        if (entries, root) != (manifest.entries, manifest.root) {
            return Err(CliError::failed_check("the restored log is not the one backed up"));
        }
        if let Some(known) = known
            && ledger.with_tree(|tree| tree.root_at(known.size))? != Ok(known.root)
        {
            return Err(CliError::failed_check(format!(
                "the backup is of another history: its root over {} entries is not the checkpoint's",
                known.size
            ))
            .hinted(
                "write nothing to it: one of the two is a fork; keep both, run `mingzheng verify`, \
                 and remove the folder again",
            ));
        }
        let missing: Vec<_> =
            [NOTE_KEY, SYSTEM_KEY].into_iter().filter(|name| !path.join(name).exists()).collect();
        let fields = [
            ("ledger 账本", path.display().to_string()),
            ("entries 条目", entries.to_string()),
            ("root", root.to_string()),
            ("missing 缺", missing.join(" ")),
        ];
        let ledger = path.display().to_string();
        let restored = Restored { ledger, entries, root, missing };
        session.out.document(&restored, &fields);
        if self.head.accept_unknown_head {
            talk(
                "Nobody has said how far the lost ledger went. If a larger checkpoint turns up \
                 (verify --from), stop writing: begin a ledger that succeeds this one.",
            );
        }
        Ok(())
    }

    /// The checkpoint named, signed by the key of the backup's ledger.
    fn known(&self) -> Result<Option<Checkpoint>, CliError> {
        let Some(path) = &self.head.newer_than else { return Ok(None) };
        let note = folder::read(path, SMALL_FILE_BYTES_MAX)?;
        let signed = Checkpoint::open(&note, &verifier_of(&self.backup)?);
        let signed = signed.map_err(|error| {
            CliError::refused(format!("{} is no checkpoint of it: {error}", path.display()))
                .hinted("name a checkpoint of the ledger that was backed up, as a file")
        })?;
        Ok(Some(signed.checkpoint().clone()))
    }

    /// The backup's list of files, with nothing in it that a ledger does not have.
    fn manifest(&self) -> Result<Manifest, CliError> {
        let path = self.backup.join(MANIFEST);
        let text = folder::read_text(&path, MANIFEST_BYTES_MAX)
            .map_err(|error| error.hinted("a backup without its list was cut short"))?;
        let manifest: Manifest = strict_file(&text, MANIFEST)?;
        if manifest.format != FORMAT {
            return Err(CliError::refused("the backup is of another version"));
        }
        let stranger = manifest
            .files
            .iter()
            .find(|file| !is_segment(&file.name) && !FILES.contains(&file.name.as_str()));
        match stranger {
            Some(_) => Err(CliError::refused("the backup names a file that no ledger has")),
            None => Ok(manifest),
        }
    }
}
