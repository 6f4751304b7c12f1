//! The key that signs notes, and its public half (c2sp.org/signed-note, type 0x01).
//!
//! How the secret is kept is not decided here: whatever can [`Sign`] can be given a name.

use std::{fmt, str::FromStr};

use ed25519_dalek::Signer;

use super::{
    KeyName, NoteKeyId,
    vkey::{Vkey, VkeyError},
};

/// Type byte of Ed25519 note signatures.
const KIND_ED25519: u8 = 0x01;

/// Something that holds an Ed25519 key and signs with it.
pub trait Sign {
    /// The 32 bytes of the public key.
    fn public_key(&self) -> [u8; 32];
    /// Signs a message (RFC 8032, Ed25519).
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

/// The key wipes itself when dropped.
impl Sign for crate::crypto::SecretKey {
    fn public_key(&self) -> [u8; 32] {
        *self.public().as_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        Self::sign(self, message)
    }
}

impl Sign for ed25519_dalek::SigningKey {
    fn public_key(&self) -> [u8; 32] {
        self.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        Signer::sign(self, message).to_bytes()
    }
}

/// A named key that signs notes, type 0x01.
pub struct NoteSigner<K> {
    verifier: NoteVerifier,
    key: K,
}

impl<K: Sign> NoteSigner<K> {
    /// Gives a key its name.
    ///
    /// # Errors
    /// A public key no verifier would take.
    pub fn new(name: KeyName, key: K) -> Result<Self, VkeyError> {
        Ok(Self { verifier: NoteVerifier::new(name, &key.public_key())?, key })
    }

    /// Signs a note's text.
    pub(super) fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.key.sign(text)
    }

    /// The public half.
    #[must_use]
    pub const fn verifier(&self) -> &NoteVerifier {
        &self.verifier
    }
}

impl<K> fmt::Debug for NoteSigner<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NoteSigner").field(&self.verifier).finish()
    }
}

/// The public half of a [`NoteSigner`]; its text is the verifier key.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteVerifier(Vkey<KIND_ED25519>);

impl NoteVerifier {
    /// Gives a public key its name.
    ///
    /// # Errors
    /// A key that is not canonical or not in the prime-order group.
    pub fn new(name: KeyName, public_key: &[u8; 32]) -> Result<Self, VkeyError> {
        Ok(Self(Vkey::new(name, public_key)?))
    }

    /// The key's name.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.0.name
    }

    /// The key's id.
    #[must_use]
    pub const fn id(&self) -> NoteKeyId {
        self.0.id
    }

    /// The 32 bytes of the public key.
    #[must_use]
    pub fn public_key(&self) -> &[u8; 32] {
        self.0.key.as_bytes()
    }

    /// Checks a signature strictly.
    pub(super) fn signed(&self, text: &[u8], signature: &[u8; 64]) -> bool {
        self.0.signed(text, signature)
    }
}

impl fmt::Display for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for NoteVerifier {
    type Err = VkeyError;
    fn from_str(text: &str) -> Result<Self, VkeyError> {
        text.parse().map(Self)
    }
}
