//! One run of the command line: where the ledger is, its secrets, and whose pen signs.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{
    error::CliError,
    output::{Output, talk},
    secrets::{KeyFile, Passphrases},
    vault_key,
};
use crate::crypto::VaultKey;
use crate::event::Signer;
use crate::ledger::{Ledger, OpenError, Options, Pen, PersonalStore, Secrets};
use crate::log;
use crate::tlog::{NoteVerifier, Origin};
use crate::value::Day;

/// What every command takes.
#[derive(Args)]
#[command(next_help_heading = "Common options")]
pub(super) struct Global {
    /// The ledger's folder (账本目录)
    #[arg(long, global = true, value_name = "DIR", default_value = "./ledger")]
    #[arg(env = "MINGZHENG_LEDGER", hide_env_values = true)]
    pub(super) ledger: PathBuf,
    /// Print JSON: one document, or one object per line for a list
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Passphrases, one per line, each tried in turn; else `MINGZHENG_PASSPHRASE`, else a prompt
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) passphrase_file: Option<PathBuf>,
    /// The vault key's file [default: in the user's configuration folder, named by the origin]
    #[arg(long, global = true, value_name = "FILE")]
    #[arg(env = "MINGZHENG_VAULT_KEY", hide_env_values = true)]
    pub(super) vault_key: Option<PathBuf>,
}

/// The key that signs.
#[derive(Args)]
pub(super) struct KeyArg {
    /// The signer's key file (签署人密钥)
    #[arg(id = "key", long = "key", value_name = "FILE")]
    pub(super) file: PathBuf,
}

/// Whether a command needs the vault open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vault {
    /// It never looks at personal data.
    No,
    /// It can do without; what needs it is refused by name.
    IfThere,
    /// It cannot go on without.
    Needed,
}

/// An actor's pen with what its enrolment says.
pub(super) struct Hand {
    pub(super) pen: Pen,
    pub(super) signer: Signer,
}

/// One run.
pub(super) struct Session {
    pub(super) global: Global,
    pub(super) out: Output,
    passphrases: Option<Passphrases>,
}

/// The ledger's own keys, below its folder.
pub(super) const NOTE_KEY: &str = "keys/note.key";
pub(super) const SYSTEM_KEY: &str = "keys/system.key";
/// The keys of the actors of a demo ledger, below its folder.
pub(super) const DEMO_KEYS: &str = "keys/demo";
/// The public note key, below the folder of a ledger, an export or a backup.
pub(super) const VERIFIER_KEY: &str = "keys/ledger.vkey";
/// The published checkpoint, below a ledger's folder.
pub(super) const CHECKPOINT: &str = "log/checkpoint";
/// Longest verifier key or checkpoint that is read, in bytes.
pub(super) const SMALL_FILE_BYTES_MAX: u64 = 64 << 10;

impl Session {
    pub(super) fn new(global: Global) -> Self {
        let out = Output::new(global.json);
        Self { global, out, passphrases: None }
    }

    /// The ledger's folder.
    pub(super) fn folder(&self) -> &Path {
        &self.global.ledger
    }

    /// Passphrases given without asking, read once.
    pub(super) fn passphrases(&mut self) -> Result<&Passphrases, CliError> {
        if self.passphrases.is_none() {
            let loaded = Passphrases::load(self.global.passphrase_file.as_deref())?;
            self.passphrases = Some(loaded);
        }
        Ok(self.passphrases.get_or_insert_default())
    }

    /// Opens the ledger for reading. It holds the ledger's lock until it is dropped.
    pub(super) fn open_to_read(&mut self, vault: Vault) -> Result<Ledger, CliError> {
        self.open(vault, None)
    }

    /// Opens the ledger for reading without its vault; beside a running writer, what the newest
    /// head covers.
    pub(super) fn open_or_follow(&mut self) -> Result<Ledger, CliError> {
        verifier_of(self.folder())?;
        match Ledger::open(self.folder(), Secrets::default(), Options::default()) {
            Err(OpenError::Log(log::OpenError::InUse { .. })) => {
                let ledger = Ledger::follow(self.folder(), Options::default())?;
                let size = ledger.len();
                talk(format_args!(
                    "the ledger is in use: this goes by its head over {size} entries"
                ));
                Ok(ledger)
            }
            opened => Ok(opened?),
        }
    }

    /// Opens the ledger for writing, with its note key.
    pub(super) fn open_to_write(&mut self, vault: Vault) -> Result<Ledger, CliError> {
        // Asked first, so that a folder without a ledger is not reported as a missing key.
        verifier_of(self.folder())?;
        let path = self.folder().join(NOTE_KEY);
        let note_key = self.passphrases()?.open(&path)?;
        self.open(vault, Some(note_key))
    }

    fn open(&mut self, vault: Vault, note_key: Option<KeyFile>) -> Result<Ledger, CliError> {
        let verifier = verifier_of(self.folder())?;
        let vault_key = if vault == Vault::No { None } else { self.vault_key(&verifier, vault)? };
        let inside = vault_key.as_ref().is_some_and(|(path, _)| lies_in(path, self.folder()));
        let marked = note_key.as_ref().is_some_and(|key| key.demo);
        let secrets = Secrets {
            note_key: note_key.map(|key| key.key),
            vault_key: vault_key.map(|(_, key)| key),
        };
        let options = Options { since_close: true, ..Options::default() };
        let ledger = Ledger::open(self.folder(), secrets, options)?;
        if !is_demo(&ledger)? {
            if marked {
                return Err(demo_key_refused());
            }
            if inside {
                return Err(vault_key_inside());
            }
        }
        Ok(ledger)
    }

    /// The vault key: the file named, else the demo ledger's own, else the user's.
    fn vault_key(
        &self,
        verifier: &NoteVerifier,
        vault: Vault,
    ) -> Result<Option<(PathBuf, VaultKey)>, CliError> {
        let origin: Origin = verifier.name().as_str().parse()?;
        let path = self.vault_key_path(&origin)?;
        let named = self.global.vault_key.is_some();
        if !named && vault == Vault::IfThere && !path.exists() {
            return Ok(None);
        }
        let key = vault_key::read(&path, &origin)?;
        Ok(Some((path, key)))
    }

    /// Where the vault key is looked for.
    pub(super) fn vault_key_path(&self, origin: &Origin) -> Result<PathBuf, CliError> {
        let in_demo = vault_key::in_demo(self.folder());
        match &self.global.vault_key {
            Some(path) => Ok(path.clone()),
            None if in_demo.exists() => Ok(in_demo),
            None => vault_key::default_path(origin),
        }
    }

    /// Loads an actor's key and finds its enrolment.
    pub(super) fn hand(&mut self, ledger: &Ledger, key: &KeyArg) -> Result<Hand, CliError> {
        let KeyFile { key, demo } = self.passphrases()?.open(&key.file)?;
        if demo && !is_demo(ledger)? {
            return Err(demo_key_refused());
        }
        let (kid, today) = (key.public().kid(), today(ledger));
        let signer = ledger
            .with_state(|state| state.actors.signer(&kid, today))?
            .map_err(crate::domain::Rejection::from)?;
        let organisation = signer.organisation.as_str();
        let pen = Pen::new(key, organisation, ledger.origin().as_str(), ledger.clock());
        Ok(Hand { pen, signer })
    }
}

/// The public note key of a ledger's folder.
pub(super) fn verifier_of(folder: &Path) -> Result<NoteVerifier, CliError> {
    let text = std::fs::read_to_string(folder.join(VERIFIER_KEY))
        .map_err(|_| OpenError::NoVerifierKey { folder: folder.display().to_string() })?;
    Ok(text.trim_end().parse().map_err(|_| OpenError::BadVerifierKey)?)
}

/// The vault of a ledger that was opened with it.
pub(super) fn personal(ledger: &Ledger) -> Result<&PersonalStore, CliError> {
    ledger.personal().ok_or_else(|| {
        CliError::refused("this needs the vault key")
            .hinted("name its file with --vault-key or MINGZHENG_VAULT_KEY")
    })
}

/// The day it is by the ledger's clock.
pub(super) fn today(ledger: &Ledger) -> Day {
    Day::of_millis(ledger.clock().wall_ms())
}

pub(super) fn is_demo(ledger: &Ledger) -> Result<bool, CliError> {
    Ok(ledger.with_state(|state| state.genesis.as_ref().is_some_and(|genesis| genesis.demo))?)
}

pub(super) fn demo_key_refused() -> CliError {
    CliError::refused("the key is marked DEMO, and this is not a demo ledger")
        .hinted("make a key of your own with `mingzheng key new`")
}

/// A vault key inside the ledger's folder would be in every copy of it.
pub(super) fn vault_key_inside() -> CliError {
    CliError::refused("the vault key lies inside the ledger's folder")
        .hinted("keep it elsewhere and name it with --vault-key: copies must not carry it")
}

/// Says whether a file lies below a folder, by their real places.
pub(super) fn lies_in(path: &Path, folder: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    // A file that is not there yet lies where its folder lies.
    let real_path = match path.canonicalize() {
        Ok(path) => Ok(path),
        Err(_) => match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) if !parent.as_os_str().is_empty() => {
                real(parent).map(|parent| parent.join(name))
            }
            _ => std::path::absolute(path),
        },
    };
    matches!((real_path, real(folder)), (Ok(path), Ok(folder)) if path.starts_with(&folder))
}
