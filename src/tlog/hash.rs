//! The hash of a tree node, and the three ways RFC 6962 section 2.1 makes one.
//!
//! A leaf and an inner node are hashed with different first bytes, so that no entry can pass for
//! the two halves of a tree.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};

use super::base64_decode;
use crate::value::{Malformed, text_value};

/// SHA-256 hash of a leaf, of an inner node or of a whole tree. Shown as 44 characters of base64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeHash(pub [u8; 32]);

impl TreeHash {
    /// Length in bytes.
    pub const LEN: usize = 32;

    /// The raw bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for TreeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::BASE64.encode(&self.0))
    }
}

impl fmt::Debug for TreeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TreeHash {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = Malformed::new("tree hash", "base64 of exactly 32 bytes");
        // 32 bytes make 44 characters; longer texts are not decoded at all.
        if text.len() != 44 {
            return Err(wrong);
        }
        let bytes = base64_decode(text).ok_or(wrong)?;
        Ok(Self(bytes.try_into().map_err(|_| wrong)?))
    }
}

text_value!(TreeHash, "tree hash", "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$");

/// Hash of one entry: SHA-256(0x00 || entry).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> TreeHash {
    TreeHash(Sha256::new().chain_update([0x00]).chain_update(entry).finalize().into())
}

/// Hash of an inner node: SHA-256(0x01 || left || right).
#[must_use]
pub fn node_hash(left: &TreeHash, right: &TreeHash) -> TreeHash {
    let mut bytes = [0x01; 1 + 2 * TreeHash::LEN];
    bytes[1..33].copy_from_slice(&left.0);
    bytes[33..].copy_from_slice(&right.0);
    TreeHash(Sha256::digest(bytes).into())
}

/// Root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> TreeHash {
    TreeHash(Sha256::digest([]).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_one_spelling() {
        let text = empty_root().to_string();
        assert_eq!(text, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(text.parse(), Ok(empty_root()));
        assert_eq!(serde_json::to_string(&empty_root()).unwrap(), format!("\"{text}\""));
        let wrong = [
            text[..43].to_owned(),
            format!("{text}="),
            // One bit set behind the last byte.
            format!("{}V=", &text[..42]),
            // Padding inside: 2 bytes, then 30 bytes.
            format!("AAA={}", "A".repeat(40)),
            text.replace('+', "-"),
        ];
        for text in wrong {
            assert!(text.parse::<TreeHash>().is_err(), "{text}");
        }
    }
}
