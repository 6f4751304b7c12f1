//! `restore`: a backup becomes a ledger again.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{
    backup::{FILES, FORMAT, MANIFEST, Manifest, copy, is_segment},
    draft::strict_file,
    error::CliError,
    folder,
    output::talk,
    session::{NOTE_KEY, SYSTEM_KEY, Session, Vault},
};
use crate::tlog::TreeHash;

/// Make a ledger again from a backup (恢复), in the folder that --ledger names
///
/// Every file is checked against the backup's own list, and the log goes through recovery. If the
/// lost ledger had published more than the backup holds, do not write to this one: its next
/// checkpoint would contradict what others hold. `verify --from` with the newest checkpoint known
/// shows it.
#[derive(Args)]
pub(super) struct Restore {
    /// The backup
    #[arg(value_name = "BACKUP")]
    backup: PathBuf,
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
        talk(
            "Before anybody writes: compare with the newest checkpoint that anybody holds \
             (verify --from). If it is larger, entries are lost: begin a ledger that succeeds \
             this one.",
        );
        Ok(())
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
