//! `export`: the log as static files that any tlog client reads.
//!
//! ```text
//! OUT/checkpoint            the published checkpoint
//! OUT/tile/<level>/...      hash tiles (c2sp.org/tlog-tiles)
//! OUT/tile/entries/...      entry bundles: pseudonymous personal data, for authorised readers
//! OUT/keys/ledger.vkey      the note key
//! OUT/keys/actors.json      the public keys of all actors, for reading; a verifier takes them
//!                           from the entries
//! ```
//!
//! Nothing of the vault is here. An export that is there already is brought up to date: full tiles
//! never change, and the checkpoint is put in place last.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::{
    error::CliError,
    folder,
    session::{SMALL_FILE_BYTES_MAX, Session, VERIFIER_KEY},
};
use crate::ledger::Ledger;
use crate::tlog::{
    Checkpoint, TreeHash,
    tile::{TileKind, TilePath, WIDTH, bundle_encode, tile_bytes, tiles_between},
};

/// Write the log as static files for verifiers and mirrors (导出): tiles, bundles, checkpoint
///
/// No vault and no secret is in it; entry bundles are pseudonymous personal data all the same.
/// Works beside a running writer, for what its newest head covers.
#[derive(Args)]
pub(super) struct Export {
    /// A new folder, or an export of this ledger to bring up to date
    #[arg(value_name = "OUT")]
    out: PathBuf,
}

#[derive(Serialize)]
struct Exported {
    export: String,
    size: u64,
    root: TreeHash,
    files_written: u64,
}

const CHECKPOINT: &str = "checkpoint";

impl Export {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let ledger = session.open_or_follow()?;
        let checkpoint = ledger.checkpoint()?;
        let newest = checkpoint.checkpoint();
        let from = exported_before(&self.out, &ledger)?;
        folder::make_private(&self.out.join("keys"))?;
        let mut files_written = 0;
        for path in tiles_between(from, newest.size) {
            let bytes = match path.kind() {
                TileKind::Entries => bundle(&ledger, &path)?,
                TileKind::Hashes { .. } => ledger
                    .with_tree(|tree| tile_bytes(tree, &path))?
                    .map_err(|error| CliError::refused(format!("{path}: {error}")))?,
            };
            let file = self.out.join(path.to_string());
            folder::make_private(file.parent().unwrap_or(&self.out))?;
            folder::replace(&file, &bytes)?;
            files_written += 1;
        }
        let vkey = format!("{}\n", ledger.verifier()?);
        folder::replace(&self.out.join(VERIFIER_KEY), vkey.as_bytes())?;
        folder::replace(&self.out.join("keys/actors.json"), actors(&ledger)?.as_bytes())?;
        // Last: whoever sees the checkpoint finds every tile below it.
        folder::replace(&self.out.join(CHECKPOINT), checkpoint.note().to_string().as_bytes())?;
        let export = self.out.display().to_string();
        let fields = [
            ("export 导出", export.clone()),
            ("size", newest.size.to_string()),
            ("root", newest.root.to_string()),
            ("files written", files_written.to_string()),
        ];
        let exported = Exported { export, size: newest.size, root: newest.root, files_written };
        session.out.document(&exported, &fields);
        Ok(())
    }
}

/// Size of the export that is there; anything else in the folder is refused.
fn exported_before(out: &Path, ledger: &Ledger) -> Result<u64, CliError> {
    let file = out.join(CHECKPOINT);
    if !file.is_file() {
        // One that was cut short has no checkpoint yet and begins again elsewhere.
        folder::expect_empty(out)?;
        return Ok(0);
    }
    let note = folder::read(&file, SMALL_FILE_BYTES_MAX)?;
    let other = |why: String| {
        CliError::refused(format!("{} is no export of this ledger: {why}", out.display()))
            .hinted("name a new folder")
    };
    let before = Checkpoint::open(&note, &ledger.verifier()?).map_err(|e| other(e.to_string()))?;
    let before = before.checkpoint();
    let root = ledger.with_tree(|tree| tree.root_at(before.size))?;
    if root != Ok(before.root) {
        return Err(other("its checkpoint is not of this history; run `mingzheng verify`".into()));
    }
    Ok(before.size)
}

fn bundle(ledger: &Ledger, path: &TilePath) -> Result<Vec<u8>, CliError> {
    let reader = ledger.reader();
    let first = path.index() * u64::from(WIDTH);
    let entries = (first..first + u64::from(path.width())).map(|index| reader.read(index));
    let entries: Vec<_> = entries.collect::<Result<_, _>>()?;
    bundle_encode(&entries).map_err(|error| CliError::refused(format!("{path}: {error}")))
}

/// Every actor with its public keys, oldest first.
fn actors(ledger: &Ledger) -> Result<String, CliError> {
    let actors = ledger.with_state(|state| {
        let actor = |(id, actor): (_, &crate::domain::authority::Actor)| {
            json!({
                "actor": id,
                "role": actor.role,
                "organisation": actor.organisation,
                "division": actor.division,
                "public_keys": actor.keys,
            })
        };
        serde_json::Value::Array(state.actors.iter().map(actor).collect())
    })?;
    Ok(format!("{actors:#}\n"))
}
