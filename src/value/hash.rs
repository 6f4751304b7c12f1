//! 32-byte hashes and their base32 text.

use std::{fmt, str::FromStr};

use data_encoding::Encoding;

use super::{Malformed, text_value};

static BASE32: std::sync::LazyLock<Encoding> = std::sync::LazyLock::new(|| {
    let mut spec = data_encoding::Specification::new();
    spec.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    spec.encoding().expect("the RFC 4648 alphabet is a valid specification")
});

/// Encodes bytes as lower-case RFC 4648 base32 without padding.
#[must_use]
pub fn base32(bytes: &[u8]) -> String {
    BASE32.encode(bytes)
}

/// Decodes lower-case base32 without padding into exactly `N` bytes.
///
/// # Errors
/// Wrong length, another alphabet, or non-zero trailing bits (two texts for one value).
pub fn base32_decode<const N: usize>(text: &str) -> Result<[u8; N], Malformed> {
    let wrong = Malformed::new("base32 text", "wrong length, alphabet or trailing bits");
    if text.len() != (N * 8).div_ceil(5) {
        return Err(wrong);
    }
    let mut bytes = [0; N];
    match BASE32.decode_mut(text.as_bytes(), &mut bytes) {
        Ok(len) if len == N => Ok(bytes),
        Ok(_) | Err(_) => Err(wrong),
    }
}

/// A 32-byte hash: statement id (BLAKE3), chain hash (BLAKE3), key id (BLAKE3) or tree hash
/// (SHA-256). Shown as 52 characters of base32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// BLAKE3-256 of bytes.
    #[must_use]
    pub fn blake3(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The raw bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        Ok(Self(base32_decode(text)?))
    }
}

text_value!(Hash, "hash", "^[a-z2-7]{51}[aq]$", as [u8; 32], |hash| hash.0, |bytes| Ok(Hash(bytes)));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_round_trips_and_refuses_two_texts_for_one_value() {
        let hash = Hash([0xff; 32]);
        let text = hash.to_string();
        assert_eq!(text.len(), 52);
        assert_eq!(text.parse::<Hash>(), Ok(hash));
        // The last of 52 characters carries one bit; any other bit set is another spelling.
        let other = format!("{}7", &text[..51]);
        assert!(other.parse::<Hash>().is_err());
        assert!(text.to_uppercase().parse::<Hash>().is_err());
        assert!(text[1..].parse::<Hash>().is_err());
    }
}
