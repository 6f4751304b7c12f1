//! The vault key's file: outside the ledger's folder, named by the origin.
//!
//! ```text
//! mingzheng vault key v1 example.org/zhumadian
//! <base64 of 32 bytes>
//! ```
//!
//! Who has this file and the vault can open all personal data and reverse every tag; who loses it
//! has lost both. Only a demo ledger keeps it in its own `keys/`.

use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use etcetera::BaseStrategy;
use zeroize::Zeroizing;

use super::{error::CliError, folder};
use crate::crypto::VaultKey;
use crate::tlog::Origin;
use crate::vault::{Secret, read_secret, write_secret};

const FIRST_LINE: &str = "mingzheng vault key v1 ";

/// Where the vault key of a demo ledger stands.
pub(super) fn in_demo(ledger: &Path) -> PathBuf {
    ledger.join("keys/vault.key")
}

/// Where the vault key of a ledger stands unless it is named: the user's configuration folder.
pub(super) fn default_path(origin: &Origin) -> Result<PathBuf, CliError> {
    let user = etcetera::choose_base_strategy().map_err(|_| {
        CliError::refused("this user has no configuration folder for the vault key")
            .hinted("name a file with --vault-key or MINGZHENG_VAULT_KEY")
    })?;
    // An underscore is in no origin, so two origins never share a name.
    let name = format!("{}.vault.key", origin.as_str().replace('/', "_"));
    Ok(user.config_dir().join("mingzheng").join(name))
}

/// Writes a new vault key.
pub(super) fn write(path: &Path, origin: &Origin, key: &VaultKey) -> Result<(), CliError> {
    if let Some(folder) = path.parent() {
        folder::make_private(folder)?;
    }
    let text = Zeroizing::new(BASE64.encode(key.expose()));
    let text = Zeroizing::new(format!("{FIRST_LINE}{origin}\n{}\n", *text));
    Ok(write_secret(path, &text)?)
}

/// Reads a vault key, which must be of that ledger.
pub(super) fn read(path: &Path, origin: &Origin) -> Result<VaultKey, CliError> {
    let text = read_secret(path, Secret::VaultKey)?;
    let refused = |why: &str| {
        CliError::refused(format!("{} {why}", path.display()))
            .hinted("name this ledger's vault key with --vault-key or MINGZHENG_VAULT_KEY")
    };
    let (first, rest) = text.split_once('\n').ok_or_else(|| refused("is not a vault key"))?;
    let of = first.strip_prefix(FIRST_LINE).ok_or_else(|| refused("is not a vault key"))?;
    if of != origin.as_str() {
        return Err(refused("is the vault key of another ledger"));
    }
    let bytes = BASE64.decode(rest.trim_end().as_bytes()).map(Zeroizing::new);
    let bytes = bytes.ok().and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
    bytes.map(VaultKey::new).ok_or_else(|| refused("is not a vault key"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vault_key_is_read_back_for_its_own_ledger_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config/a.vault.key");
        let (here, there): (Origin, Origin) =
            ("example.org/a".parse().unwrap(), "example.org/b".parse().unwrap());
        write(&path, &here, &VaultKey::new([7; 32])).unwrap();
        assert_eq!(read(&path, &here).unwrap().expose(), &[7; 32]);
        let error = read(&path, &there).err().unwrap();
        assert!(error.message().ends_with("is the vault key of another ledger"));
    }
}
