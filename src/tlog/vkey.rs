//! Names, key ids and the text form of the keys that sign notes (c2sp.org/signed-note).
//!
//! A verifier key is `<name>+<key id in hex>+<base64 of type and public key>`. The key id binds
//! name, type and key, so that one key used for two purposes has two ids. Only Ed25519 keys are
//! read here: type 0x01 signs notes, type 0x04 cosigns checkpoints.

use std::{fmt, str::FromStr};

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};

use super::{Origin, base64_decode};
use crate::value::Malformed;

/// Longest verifier key text that is read, in bytes.
const VKEY_LEN_MAX: usize = 1024;

/// The name of a note key: not empty, without spaces, plus signs and control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KeyName {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let forbidden = |c: char| c.is_whitespace() || c < ' ' || c == '+';
        if text.is_empty() || text.contains(forbidden) {
            return Err(Malformed::new(
                "note key name",
                "not empty, no spaces, plus signs or control characters",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl From<&Origin> for KeyName {
    fn from(origin: &Origin) -> Self {
        Self(origin.as_str().to_owned())
    }
}

/// The four bytes that, with the name, tell which key made a signature. Not a secure hash: a
/// collision costs an attacker nothing and gains him a signature that does not verify.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoteKeyId(pub [u8; 4]);

impl NoteKeyId {
    /// The id of a key: the first bytes of SHA-256(name || 0x0A || type || public key).
    pub(super) fn of(name: &KeyName, kind: u8, public_key: &[u8; 32]) -> Self {
        let hash = Sha256::new()
            .chain_update(name.as_str())
            .chain_update([b'\n', kind])
            .chain_update(public_key)
            .finalize();
        Self([hash[0], hash[1], hash[2], hash[3]])
    }
}

impl fmt::Display for NoteKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for NoteKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text or bytes are not a verifier key that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VkeyError {
    /// The text does not have the three parts.
    #[error("a verifier key is name+hex+base64")]
    Form,
    /// The name is not a key name.
    #[error(transparent)]
    Name(#[from] Malformed),
    /// The key is of another type than the one needed.
    #[error("the key is of type {found:#04x}, {expected:#04x} is needed")]
    Type {
        /// Type byte needed.
        expected: u8,
        /// Type byte found.
        found: u8,
    },
    /// The public key is not 32 bytes that encode a point in its one form.
    #[error("the public key is not an Ed25519 key in canonical form")]
    NotCanonical,
    /// The public key has a small order or a torsion component.
    #[error("the public key is not in the prime-order group")]
    Torsion,
    /// The id in the text is not that of name, type and key.
    #[error("the key id does not belong to the name and the key")]
    IdDiffers,
}

/// A named Ed25519 key of the note type `KIND`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Vkey<const KIND: u8> {
    pub(super) name: KeyName,
    pub(super) id: NoteKeyId,
    pub(super) key: VerifyingKey,
}

impl<const KIND: u8> Vkey<KIND> {
    pub(super) fn new(name: KeyName, public_key: &[u8; 32]) -> Result<Self, VkeyError> {
        let key = VerifyingKey::from_bytes(public_key).map_err(|_| VkeyError::NotCanonical)?;
        let point = key.to_edwards();
        if point.compress().as_bytes() != public_key {
            return Err(VkeyError::NotCanonical);
        }
        if key.is_weak() || !point.is_torsion_free() {
            return Err(VkeyError::Torsion);
        }
        let id = NoteKeyId::of(&name, KIND, public_key);
        Ok(Self { name, id, key })
    }

    /// Checks a signature of 64 bytes strictly.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.key.verify_strict(message, &signature).is_ok()
    }
}

impl<const KIND: u8> fmt::Display for Vkey<KIND> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [KIND; 33];
        bytes[1..].copy_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, self.id, data_encoding::BASE64.encode(&bytes))
    }
}

impl<const KIND: u8> FromStr for Vkey<KIND> {
    type Err = VkeyError;
    fn from_str(text: &str) -> Result<Self, VkeyError> {
        if text.len() > VKEY_LEN_MAX {
            return Err(VkeyError::Form);
        }
        // Base64 may contain plus signs, a name may not: cut from the left.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VkeyError::Form);
        };
        let name = name.parse()?;
        let bytes = base64_decode(key).ok_or(VkeyError::Form)?;
        let (&found, public_key) = bytes.split_first().ok_or(VkeyError::Form)?;
        if found != KIND {
            return Err(VkeyError::Type { expected: KIND, found });
        }
        let public_key = public_key.try_into().map_err(|_| VkeyError::NotCanonical)?;
        let vkey = Self::new(name, public_key)?;
        if vkey.id.to_string() != id {
            return Err(VkeyError::IdDiffers);
        }
        Ok(vkey)
    }
}
