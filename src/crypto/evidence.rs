//! Hashes of evidence: documents referred to on the log without being on it.
//!
//! A plain hash of a small document (a form with one of a few answers) can be guessed by trying
//! them all, so the hash is keyed with a salt of the item's own. The salts are not kept one by one:
//! each is derived from the document and from a root that the vault keeps for the person. So adding
//! evidence writes nothing to the vault, the salt of one item can be disclosed to whoever must check
//! that item and tells nothing of the others, and with the root all of them are gone.

use super::secret::{drawn_secret, secret_bytes};
use crate::value::Hash;

drawn_secret! {
    /// What the salts of one person's evidence are derived from; it never leaves the vault.
    EvidenceRoot
}

secret_bytes! {
    /// The salt of one item of evidence.
    EvidenceSalt
}

/// Stands before the document's hash where a salt is derived.
const SALT_LABEL: &[u8] = b"mingzheng v1 evidence salt";

impl EvidenceRoot {
    /// The salt of a document: keyed BLAKE3-256 of a label and the document's plain BLAKE3-256.
    ///
    /// The same document about the same person has the same salt, so a paper sent twice is seen to
    /// be one.
    #[must_use]
    pub fn salt(&self, document: &[u8]) -> EvidenceSalt {
        let mut hasher = blake3::Hasher::new_keyed(self.expose());
        hasher.update(SALT_LABEL).update(blake3::hash(document).as_bytes());
        EvidenceSalt::new(*hasher.finalize().as_bytes())
    }
}

/// BLAKE3-256 of the document, keyed with its salt.
#[must_use]
pub fn evidence_hash(salt: &EvidenceSalt, document: &[u8]) -> Hash {
    Hash(*blake3::keyed_hash(salt.expose(), document).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_salt_is_the_item_s_own_and_is_found_again() {
        let root = EvidenceRoot::new([7; 32]);
        let salt = |document: &[u8]| *root.salt(document).expose();
        assert_eq!(salt(b"yes"), salt(b"yes"));
        assert_ne!(salt(b"yes"), salt(b"no"));
        assert_ne!(salt(b"yes"), *EvidenceRoot::new([8; 32]).salt(b"yes").expose());
        assert_ne!(salt(b"yes"), *root.expose());
    }

    /// Computed with the reference implementation's Python binding.
    #[test]
    fn the_bytes_are_those_of_another_implementation() {
        let salt = EvidenceRoot::new([7; 32]).salt(b"yes");
        assert_eq!(
            Hash(*salt.expose()).to_string(),
            "qz4mucu55ub3erw4yexg447q7zx4ltnk6f5uxkpmf77mtxa4j7iq"
        );
        assert_eq!(
            evidence_hash(&salt, b"yes").to_string(),
            "hosajcqoorrgwtby2znelohtamysa6w2hdotrd7shavyduynfwxa"
        );
    }
}
