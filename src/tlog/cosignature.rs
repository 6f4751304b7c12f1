//! Cosignatures: a witness's word that it has seen a checkpoint and that the log only grew
//! (c2sp.org/tlog-cosignature, the Ed25519 form, note type 0x04).
//!
//! The signature covers a header line, a line with the time, and the whole text of the checkpoint.
//! Which witnesses are trusted, how many are needed and how old a time may be is the reader's
//! policy, not decided here.

use std::{fmt, str::FromStr};

use super::{
    Checkpoint, CheckpointError, KeyName, NoteKeyId, SignedNote,
    vkey::{Vkey, VkeyError},
};

/// Type byte of timestamped Ed25519 cosignatures.
const KIND_COSIGNATURE: u8 = 0x04;

/// Why a witness's word is not on a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CosignatureError {
    /// The note is not a checkpoint, which is all a witness speaks of.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// No signature names the witness.
    #[error("the checkpoint is not cosigned by the witness")]
    NotCosigned,
    /// The signature is not 8 bytes of time, below 2^63, and 64 bytes of Ed25519.
    #[error("the cosignature is not a timestamp and an Ed25519 signature")]
    Form,
    /// A signature names the witness and is not its signature over this text and time.
    #[error("a cosignature in the witness's name is not its signature over this checkpoint")]
    BadSignature,
}

/// What a witness adds to a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cosignature {
    /// When the witness signed, in seconds since 1970 UTC, by its own clock.
    pub timestamp: u64,
    /// Ed25519 signature over [`Cosignature::message`].
    pub signature: [u8; 64],
}

impl Cosignature {
    /// Reads the bytes of a signature line behind the key id.
    ///
    /// # Errors
    /// [`CosignatureError::Form`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CosignatureError> {
        let (timestamp, signature) = bytes.split_first_chunk().ok_or(CosignatureError::Form)?;
        let timestamp = u64::from_be_bytes(*timestamp);
        let signature = signature.try_into().map_err(|_| CosignatureError::Form)?;
        if timestamp >> 63 != 0 {
            return Err(CosignatureError::Form);
        }
        Ok(Self { timestamp, signature })
    }

    /// The bytes of a signature line behind the key id.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        [self.timestamp.to_be_bytes().as_slice(), &self.signature].concat()
    }

    /// What a witness signs for a checkpoint's text at a time.
    #[must_use]
    pub fn message(timestamp: u64, text: &str) -> String {
        format!("cosignature/v1\ntime {timestamp}\n{text}")
    }
}

/// The public key of a witness; its text is a verifier key of type 0x04.
#[derive(Clone, PartialEq, Eq)]
pub struct Cosigner(Vkey<KIND_COSIGNATURE>);

impl Cosigner {
    /// Gives a witness's public key its name.
    ///
    /// # Errors
    /// A key that is not canonical or not in the prime-order group.
    pub fn new(name: KeyName, public_key: &[u8; 32]) -> Result<Self, VkeyError> {
        Ok(Self(Vkey::new(name, public_key)?))
    }

    /// The witness's name.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.0.name
    }

    /// The key's id.
    #[must_use]
    pub const fn id(&self) -> NoteKeyId {
        self.0.id
    }

    /// Checks that the witness cosigned the checkpoint in a note, and returns its newest word.
    ///
    /// The log's own signature is not looked at.
    ///
    /// # Errors
    /// Any [`CosignatureError`]; one bad cosignature in the witness's name and id is enough.
    pub fn verify(&self, note: &SignedNote) -> Result<Cosignature, CosignatureError> {
        let _: Checkpoint = note.text().parse()?;
        let mut newest: Option<Cosignature> = None;
        for line in note.signatures_of(self.name(), self.id()) {
            let cosignature = Cosignature::decode(&line.bytes)?;
            let message = Cosignature::message(cosignature.timestamp, note.text());
            if !self.0.signed(message.as_bytes(), &cosignature.signature) {
                return Err(CosignatureError::BadSignature);
            }
            if newest.is_none_or(|newest| newest.timestamp < cosignature.timestamp) {
                newest = Some(cosignature);
            }
        }
        newest.ok_or(CosignatureError::NotCosigned)
    }
}

impl fmt::Display for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Cosigner {
    type Err = VkeyError;
    fn from_str(text: &str) -> Result<Self, VkeyError> {
        text.parse().map(Self)
    }
}
