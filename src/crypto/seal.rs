//! Sealed personal data: what identifies a person, inside an event, under that person's key
//! (formats, Sealed personal data).
//!
//! XChaCha20-Poly1305 under a key of this one event, derived from the person's data key and the
//! nonce. Its additional data binds the ciphertext to ledger, subject, event type and key id, so
//! it cannot be moved. A commitment binds key and plaintext: without it, one ciphertext could be
//! made that opens to two texts under two keys. What the plaintext means, and whether it agrees
//! with the event's tags, is judged elsewhere.

use std::{fmt, str::FromStr};

use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use super::{
    RandomError, base64_decode,
    cbor::{put_bytes, put_text, put_uint},
    random::random_bytes,
    secret::{drawn_secret, secret_bytes},
};
use crate::value::{KeyId, Malformed, Subject, text_value};

/// Longest ciphertext, in bytes: 48,000 are 64,000 in base64, which leaves 1,400 of a statement's
/// 65,400 for everything else.
const CT_LEN_MAX: usize = 48_000;
/// Length of the AEAD's tag at the end of the ciphertext.
const AEAD_TAG_LEN: usize = 16;
/// Version of the additional data.
const CONTEXT_VERSION: u64 = 1;

drawn_secret! {
    /// A person's data key: erasing it erases what was sealed under it.
    DataKey
}

secret_bytes! {
    /// The key of one sealed object, derived from the person's data key and the nonce. It opens
    /// that object and no other, so a signer's client may have it.
    EventKey
}

/// The nonce of one sealed object: 24 random bytes, base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Nonce(pub [u8; 24]);

/// The commitment to key and plaintext: 32 bytes, base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Commitment(pub [u8; 32]);

/// A ciphertext with its AEAD tag: 16 to 48,000 bytes, base64.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ciphertext(Vec<u8>);

/// How an object is sealed; there is one way in version 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum SealAlgorithm {
    /// XChaCha20-Poly1305 with derived keys and a BLAKE3 commitment.
    #[serde(rename = "XChaCha20-Poly1305")]
    XChaCha20Poly1305,
}

/// A sealed object as it stands in an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The algorithm.
    pub alg: SealAlgorithm,
    /// Id of the data key.
    pub key: KeyId,
    /// The nonce.
    pub nonce: Nonce,
    /// The ciphertext.
    pub ct: Ciphertext,
    /// The commitment.
    pub commit: Commitment,
}

/// Where a sealed object stands: it opens there and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context<'a> {
    /// The ledger's origin.
    pub origin: &'a str,
    /// The event's subject.
    pub subject: &'a Subject,
    /// The event's type.
    pub event_type: &'a str,
    /// Id of the data key.
    pub key_id: KeyId,
}

/// Why an object was not sealed or not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The plaintext is longer than one object may hold.
    #[error("the text to seal has {len} bytes, more than {}", CT_LEN_MAX - AEAD_TAG_LEN)]
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// Sealed under another data key than the one named.
    #[error("sealed under another data key")]
    OtherKey,
    /// The key does not open it, it was altered, or it was sealed for another place.
    #[error("the key does not open the sealed data here")]
    NotOpened,
    /// It opened, but to another text than it is committed to.
    #[error("the sealed data is not what it is committed to")]
    CommitmentMismatch,
}

/// Seals a plaintext. The nonce must be new: [`Nonce::generate`].
///
/// # Errors
/// The plaintext is too long.
pub fn seal(
    key: &DataKey,
    context: &Context<'_>,
    nonce: Nonce,
    plaintext: &[u8],
) -> Result<Sealed, SealError> {
    let too_long = SealError::TooLong { len: plaintext.len() };
    if plaintext.len() > CT_LEN_MAX - AEAD_TAG_LEN {
        return Err(too_long);
    }
    let event_key = EventKey::derive(key, nonce);
    let aad = context.to_cbor();
    let commit = event_key.commit(nonce, &aad, plaintext);
    // Room for the tag from the start: growing would leave a copy of the plaintext behind.
    let mut buffer = Zeroizing::new(Vec::with_capacity(plaintext.len() + AEAD_TAG_LEN));
    buffer.extend_from_slice(plaintext);
    event_key
        .cipher()
        .encrypt_in_place(&nonce.0.into(), &aad, &mut *buffer)
        .map_err(|_| too_long)?;
    Ok(Sealed {
        alg: SealAlgorithm::XChaCha20Poly1305,
        key: context.key_id,
        nonce,
        ct: Ciphertext(std::mem::take(&mut *buffer)),
        commit,
    })
}

/// Opens a sealed object with the person's data key.
///
/// # Errors
/// See [`SealError`]; no plaintext is returned before its commitment was checked.
pub fn open(
    key: &DataKey,
    context: &Context<'_>,
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    open_with_event_key(&EventKey::derive(key, sealed.nonce), context, sealed)
}

/// Opens a sealed object with its own key, as the client does that signs it.
///
/// # Errors
/// As [`open`].
pub fn open_with_event_key(
    key: &EventKey,
    context: &Context<'_>,
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    if sealed.key != context.key_id {
        return Err(SealError::OtherKey);
    }
    let aad = context.to_cbor();
    let mut plaintext = Zeroizing::new(sealed.ct.0.clone());
    key.cipher()
        .decrypt_in_place(&sealed.nonce.0.into(), &aad, &mut *plaintext)
        .map_err(|_| SealError::NotOpened)?;
    let commit = key.commit(sealed.nonce, &aad, &plaintext);
    if bool::from(commit.0.ct_eq(&sealed.commit.0)) {
        Ok(plaintext)
    } else {
        Err(SealError::CommitmentMismatch)
    }
}

impl EventKey {
    /// Derives the key of the object sealed under this data key with this nonce.
    #[must_use]
    pub fn derive(key: &DataKey, nonce: Nonce) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("mingzheng v1 sealed event key");
        hasher.update(key.expose()).update(&nonce.0);
        let derived = Self::new(hasher.finalize().into());
        hasher.zeroize();
        derived
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        let context = "mingzheng v1 sealed encryption key";
        let key = Zeroizing::new(blake3::derive_key(context, self.expose()));
        XChaCha20Poly1305::new(&(*key).into())
    }

    /// The commitment: BLAKE3 of nonce, additional data and plaintext under a second derived key.
    /// The nonce has one length and the additional data is one CBOR item, so no two inputs run
    /// together into the same bytes.
    fn commit(&self, nonce: Nonce, aad: &[u8], plaintext: &[u8]) -> Commitment {
        let context = "mingzheng v1 sealed commitment key";
        let key = Zeroizing::new(blake3::derive_key(context, self.expose()));
        let mut hasher = blake3::Hasher::new_keyed(&key);
        hasher.update(&nonce.0).update(aad).update(plaintext);
        let commitment = Commitment(hasher.finalize().into());
        hasher.zeroize();
        commitment
    }
}

impl Context<'_> {
    /// CBOR `[version, origin, subject, type, key id]`.
    fn to_cbor(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        out.push(0x85);
        put_uint(&mut out, CONTEXT_VERSION);
        put_text(&mut out, self.origin);
        put_text(&mut out, &self.subject.to_string());
        put_text(&mut out, self.event_type);
        put_bytes(&mut out, &self.key_id.0);
        out
    }
}

impl Nonce {
    /// Draws a new nonce.
    ///
    /// # Errors
    /// The operating system gave no random bytes.
    pub fn generate() -> Result<Self, RandomError> {
        Ok(Self(random_bytes()?))
    }
}

impl Ciphertext {
    /// The raw bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(&self.0))
    }
}

impl FromStr for Nonce {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        base64_decode("nonce", text).map(Self)
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(&self.0))
    }
}

impl FromStr for Commitment {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        base64_decode("commitment", text).map(Self)
    }
}

impl fmt::Display for Ciphertext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(&self.0))
    }
}

impl FromStr for Ciphertext {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = Malformed::new("ciphertext", "not base64 of 16 to 48,000 bytes");
        if text.len() > CT_LEN_MAX / 3 * 4 {
            return Err(wrong);
        }
        match BASE64.decode(text.as_bytes()) {
            Ok(bytes) if bytes.len() >= AEAD_TAG_LEN => Ok(Self(bytes)),
            Ok(_) | Err(_) => Err(wrong),
        }
    }
}

text_value!(Nonce, "nonce", "^[A-Za-z0-9+/]{32}$");
text_value!(Commitment, "commitment", "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$");
text_value!(
    Ciphertext,
    "ciphertext",
    concat!("^([A-Za-z0-9+/]{4}){5,}", "([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$")
);

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
