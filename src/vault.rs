//! Layer 3: personal-data keys and key files.
//!
//! The vault is one durable file, `vault/vault`: for each person's identity tag the ids of their
//! data keys, the keys wrapped under the vault key, and evidence salts (formats, section Vault).
//! New keys are appended with one flush for a batch; the file is written anew only to erase keys
//! or to change the vault key. The vault never sees an unwrapped key: wrapping is its caller's.
//! [`write_secret`] and [`read_secret`] keep private keys in files that only their owner reads.

mod keyfile;
mod record;
mod records;
mod store;

pub use keyfile::{KeyFileError, Secret, read_secret, write_secret};
pub use record::{RECORD_BYTES, Record, RecordFault};
pub use store::{KeyCheck, Vault, VaultError, whole_bytes};
