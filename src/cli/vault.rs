//! `vault rewrite`: the vault anew under a new vault key, without the keys of logged erasures.
//!
//! In this order, so that at no moment the vault is without a key that opens it: the new key is
//! durable in its own file; the vault is written aside and put in place; it is opened again with
//! the new key from its file; only then is the old key's file overwritten and removed.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{
    error::{CliError, at_file},
    folder,
    output::talk,
    session::{self, Session, is_demo, lies_in, personal, vault_key_inside},
    vault_key,
};
use crate::crypto::VaultKey;
use crate::ledger::PersonalError;
use crate::vault::VaultError;

/// The keys of personal data (密库)
#[derive(Subcommand)]
pub(super) enum Vault {
    Rewrite(Rewrite),
}

/// Write the vault anew under a new vault key, without erased keys, and destroy the old key
///
/// Carries out every erasure that is in effect; with none waiting it only changes the vault key.
/// The file of the old vault key is overwritten and removed. Every other copy of it has to be
/// destroyed by hand, and with it goes what earlier backups hold in their vaults: make a new
/// backup right after.
#[derive(Args)]
pub(super) struct Rewrite {
    /// Where to write the new vault key: a file that is not there yet, outside the ledger's folder
    #[arg(long, value_name = "FILE")]
    new_vault_key: PathBuf,
}

#[derive(Serialize)]
struct Rewritten {
    erased_keys: usize,
    vault_key: String,
    destroyed: String,
}

impl Vault {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        match self {
            Self::Rewrite(command) => command.run(session),
        }
    }
}

impl Rewrite {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let ledger = session.open_to_read(session::Vault::Needed)?;
        let origin = ledger.origin().clone();
        let old_path = session.vault_key_path(&origin)?;
        if lies_in(&self.new_vault_key, session.folder()) && !is_demo(&ledger)? {
            return Err(vault_key_inside());
        }
        let store = personal(&ledger)?;
        let left = store.left_to_erase()?;
        let new_key = VaultKey::generate()?;
        vault_key::write(&self.new_vault_key, &origin, &new_key)?;
        if let Err(error) = store.erase(&left, new_key) {
            return Err(self.not_rewritten(error));
        }
        drop(ledger);
        session.global.vault_key = Some(self.new_vault_key.clone());
        let ledger = session.open_to_read(session::Vault::Needed)?;
        if !personal(&ledger)?.left_to_erase()?.is_empty() {
            return Err(CliError::failed_check("the vault written anew still holds erased keys")
                .hinted("keep both vault keys and run it again with the new one"));
        }
        destroy(&old_path)?;
        let rewritten = Rewritten {
            erased_keys: left.len(),
            vault_key: self.new_vault_key.display().to_string(),
            destroyed: old_path.display().to_string(),
        };
        let fields = [
            ("erased keys 已删密钥", rewritten.erased_keys.to_string()),
            ("vault key 密库钥匙", rewritten.vault_key.clone()),
            ("destroyed 已销毁", rewritten.destroyed.clone()),
        ];
        session.out.document(&rewritten, &fields);
        talk(
            "Name the new vault key from now on, or put it where the old one was. Destroy every \
             other copy of the old one, then make a new backup: the vaults of earlier ones open \
             with the old key only.",
        );
        Ok(())
    }

    /// Unless the outcome is unknown the vault is as it was, and the new key is one of nothing.
    fn not_rewritten(&self, error: PersonalError) -> CliError {
        let unknown = matches!(error, PersonalError::Vault(VaultError::Unknown { .. }));
        let error = CliError::from(error).during("writing the vault anew");
        if unknown {
            let new = self.new_vault_key.display();
            return error.hinted(format!(
                "the vault is wrapped under the old key or under {new}: keep both files, mend the \
                 disk, see with `show WHO --reveal` which one opens it, and destroy the other"
            ));
        }
        // What cannot be removed is a key of nothing.
        let _ = fs::remove_file(&self.new_vault_key);
        error.hinted("nothing was changed: the old vault key is still the vault's")
    }
}

/// Overwrites a key file and removes it. A disk may keep old blocks all the same: the medium is
/// destroyed by those who own it.
fn destroy(path: &Path) -> Result<(), CliError> {
    let overwritten = File::options().write(true).open(path).and_then(|mut file| {
        let len = usize::try_from(file.metadata()?.len()).unwrap_or_default();
        std::io::Write::write_all(&mut file, &vec![0; len])?;
        file.sync_all()
    });
    overwritten.and_then(|()| fs::remove_file(path)).map_err(|error| {
        at_file("destroying the old vault key", path)(error)
            .hinted("the vault was rewritten and the new key is its key: destroy this file by hand")
    })?;
    folder::sync_folder_of(path)
}
