//! Layer 1: the transparency log of RFC 6962 and C2SP, as pure functions over bytes.
//!
//! In the order of the way up: [`Tree`] and [`Frontier`] hash entries into one root,
//! [`verify_inclusion`] and [`verify_consistency`] check paths against it, [`tile`] lays the tree
//! out as static files, [`SignedNote`] signs a text, [`Checkpoint`] is the text that states a root,
//! [`Cosigner`] checks a witness's word on it, and [`Receipt`] packs an entry with everything
//! needed to check it offline.
//!
//! This module knows nothing of what an entry means, of files, of the clock and of random numbers.
//! It reads untrusted bytes: every parser here has a size limit, accepts one spelling only, and
//! refuses everything else without a panic.
//!
//! Specifications: RFC 6962 section 2.1 and c2sp.org/{tlog-tiles, signed-note, tlog-checkpoint,
//! tlog-cosignature, tlog-proof}.

mod checkpoint;
mod cosignature;
mod frontier;
mod hash;
mod note;
mod proof;
mod receipt;
mod signer;
pub mod tile;
mod tree;
mod vkey;

pub use checkpoint::{Checkpoint, CheckpointError, Origin, SignedCheckpoint};
pub use cosignature::{Cosignature, CosignatureError, Cosigner};
pub use frontier::{Frontier, FrontierError};
pub use hash::{TreeHash, empty_root, leaf_hash, node_hash};
pub use note::{NoteError, NoteSignature, SignedNote};
pub use proof::{ProofError, root_from_inclusion, verify_consistency, verify_inclusion};
pub use receipt::{Receipt, ReceiptError, Verified};
pub use signer::{NoteSigner, NoteVerifier, Sign};
pub use tree::{Tree, TreeError};
pub use vkey::{KeyName, NoteKeyId, VkeyError};

/// Longest entry in bytes: the length prefix of an entry bundle has 16 bits.
pub const ENTRY_LEN_MAX: usize = 65_535;

/// Decodes base64 (RFC 4648 section 4, padded) that has exactly one spelling.
fn base64_decode(text: &str) -> Option<Vec<u8>> {
    // The decoder also takes several padded texts set end to end; padding may stand last only.
    let symbols = text.trim_end_matches('=');
    if symbols.contains('=') {
        return None;
    }
    data_encoding::BASE64.decode(text.as_bytes()).ok()
}

/// Reads an ASCII decimal without sign or leading zeros.
fn decimal_decode(text: &str) -> Option<u64> {
    let digits_only = text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    if digits_only && !leading_zero { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_one_spelling() {
        assert_eq!(base64_decode("QQ=="), Some(vec![b'A']));
        for wrong in ["QQ", "QQ=", "QR==", "QQ==QQ==", "QUI=QUJD", "Q Q==", "QQ==\n", "-_==", "="] {
            assert_eq!(base64_decode(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn decimals_have_one_spelling() {
        assert_eq!(decimal_decode("0"), Some(0));
        assert_eq!(decimal_decode("18446744073709551615"), Some(u64::MAX));
        for wrong in ["", "00", "01", "+1", "-1", " 1", "1 ", "0x1", "１", "18446744073709551616"]
        {
            assert_eq!(decimal_decode(wrong), None, "{wrong:?}");
        }
    }
}
