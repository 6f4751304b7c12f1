//! Hashes of evidence: documents referred to on the log without being on it.
//!
//! A plain hash of a small document (a form with one of a few answers) can be guessed by trying
//! them all, so the hash is keyed with a salt per item, kept in the vault.

use super::secret::drawn_secret;
use crate::value::Hash;

drawn_secret! {
    /// The salt of one item of evidence.
    EvidenceSalt
}

/// BLAKE3-256 of the document, keyed with its salt.
#[must_use]
pub fn evidence_hash(salt: &EvidenceSalt, document: &[u8]) -> Hash {
    Hash(*blake3::keyed_hash(salt.expose(), document).as_bytes())
}
