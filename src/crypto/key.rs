//! Ed25519 public keys and the strict check of one signature.
//!
//! A `PublicKey` is 32 bytes that were judged once, on the way in: canonical, torsion-free, not of
//! small order (formats, Keys). With such keys, a signature that passes the strict check also
//! passes the cofactored one in `batch`, because nothing in it can have a torsion component.

use std::{fmt, str::FromStr, sync::LazyLock};

use curve25519_dalek::{
    constants::EIGHT_TORSION,
    edwards::{CompressedEdwardsY, EdwardsPoint},
};
use data_encoding::BASE64;
use ed25519_dalek::Verifier;

use super::base64_decode;
use crate::value::{Hash, Malformed, text_value};

/// An Ed25519 public key fit to be enrolled. Shown as base64 of its 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

/// A public key in the form that checks signatures: decompressed once, kept with its key id.
#[derive(Clone)]
pub struct VerifyingKey {
    key: ed25519_dalek::VerifyingKey,
    kid: Hash,
}

/// The signature is not this key's signature of these bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature is not this key's signature of these bytes")]
pub struct InvalidSignature;

impl PublicKey {
    /// Judges 32 raw bytes.
    ///
    /// # Errors
    /// Not a point of the curve, a second spelling of one, of small order, or with a torsion
    /// component.
    pub fn parse(bytes: [u8; 32]) -> Result<Self, Malformed> {
        let refused = |why| Malformed::new("public key", why);
        let point = CompressedEdwardsY(bytes).decompress();
        let point = point.ok_or(refused("not a point of the curve"))?;
        if point.compress().0 != bytes {
            return Err(refused("not the canonical encoding of its point"));
        }
        if point.is_small_order() {
            return Err(refused("a point of small order"));
        }
        if !point.is_torsion_free() {
            return Err(refused("a point with a torsion component"));
        }
        Ok(Self(bytes))
    }

    /// A key made from a secret is a multiple of the base point: nothing is left to judge.
    pub(super) const fn of_secret(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key id: BLAKE3-256 of the raw key.
    #[must_use]
    pub fn kid(&self) -> Hash {
        Hash::blake3(&self.0)
    }

    /// Decompresses the key (a few microseconds): do it once per key, not once per signature.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        let key = ed25519_dalek::VerifyingKey::from_bytes(&self.0)
            .expect("a public key was decompressed when it was parsed");
        VerifyingKey { key, kid: self.kid() }
    }
}

impl VerifyingKey {
    /// Checks one signature strictly: S reduced, R canonical and not of small order, and the
    /// equation without cofactor. The door accepts nothing less.
    ///
    /// # Errors
    /// The signature is not this key's signature of the message in that sense.
    pub fn verify_strict(
        &self,
        message: &[u8],
        signature: &[u8; 64],
    ) -> Result<(), InvalidSignature> {
        // The library's `verify` compares R's bytes with the canonical encoding of [S]B - [k]A, so
        // an R that passes is canonical, and of small order only if it is one of eight encodings.
        // Looking there spares the decompression of R that its `verify_strict` does; the tests
        // hold the two equal.
        if SMALL_ORDER.iter().any(|small| signature.starts_with(small)) {
            return Err(InvalidSignature);
        }
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.key.verify(message, &signature).map_err(|_| InvalidSignature)
    }

    /// The strict check as the library has it: what measures stand beside, and what tests hold
    /// ours equal to.
    ///
    /// # Errors
    /// The signature is not this key's signature of the message.
    pub fn verify_by_library(
        &self,
        message: &[u8],
        signature: &[u8; 64],
    ) -> Result<(), InvalidSignature> {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.key.verify_strict(message, &signature).map_err(|_| InvalidSignature)
    }

    /// The key id: BLAKE3-256 of the raw key.
    #[must_use]
    pub const fn kid(&self) -> &Hash {
        &self.kid
    }

    /// The key as it is enrolled.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.key.to_bytes())
    }

    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    pub(super) fn point(&self) -> EdwardsPoint {
        self.key.to_edwards()
    }
}

/// Canonical encodings of the eight points of small order.
static SMALL_ORDER: LazyLock<[[u8; 32]; 8]> =
    LazyLock::new(|| EIGHT_TORSION.map(|point| point.compress().0));

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.public(), f)
    }
}

impl FromStr for PublicKey {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::parse(base64_decode("public key", text)?)
    }
}

text_value!(PublicKey, "public key", "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$");

#[cfg(test)]
mod tests {
    use curve25519_dalek::{constants::ED25519_BASEPOINT_POINT, scalar::Scalar};
    use proptest::prelude::*;

    use super::*;
    use crate::crypto::{SecretKey, batch::tests::forge};

    #[test]
    fn keys_that_are_not_one_canonical_prime_order_point_are_refused() {
        let why = |bytes| PublicKey::parse(bytes).unwrap_err().why;
        for small in EIGHT_TORSION {
            assert_eq!(why(small.compress().0), "a point of small order");
        }
        for torsion in &EIGHT_TORSION[1..] {
            let mixed = (ED25519_BASEPOINT_POINT * Scalar::from(7u8) + torsion).compress().0;
            assert_eq!(why(mixed), "a point with a torsion component");
        }
        // y = p + 1 is another spelling of y = 1; x = 0 with the sign bit set is another of x = 0.
        let mut spelled = [0xff; 32];
        (spelled[0], spelled[31]) = (0xee, 0x7f);
        assert_eq!(why(spelled), "not the canonical encoding of its point");
        let mut signed = [0; 32];
        (signed[0], signed[31]) = (1, 0x80);
        assert_eq!(why(signed), "not the canonical encoding of its point");
        let mut off_curve = [0; 32];
        off_curve[0] = 2;
        assert_eq!(why(off_curve), "not a point of the curve");
    }

    #[test]
    fn text_has_one_spelling() {
        let key = SecretKey::from_seed([7; 32]).public();
        let text = key.to_string();
        assert_eq!(text.parse::<PublicKey>(), Ok(key));
        assert_eq!(serde_json::from_str::<PublicKey>(&format!("\"{text}\"")).unwrap(), key);
        // The last of 43 characters carries four bits; the two others must be zero.
        let last = text.as_bytes()[42];
        for other in (b'A'..=b'Z').filter(|&other| other != last) {
            let spelled = format!("{}{}=", &text[..42], char::from(other));
            assert_ne!(spelled.parse::<PublicKey>(), Ok(key));
        }
        for bad in [&text[..43], "", &format!("{text}A==="), &text.replace('=', "A")] {
            assert!(bad.parse::<PublicKey>().is_err(), "{bad}");
        }
    }

    proptest! {
        /// Our strict check and the library's are one: for good, damaged and forged signatures.
        #[test]
        fn strict_check_equals_the_library_s(
            seed: [u8; 32],
            message: Vec<u8>,
            torsion in 0..8usize,
            zero_r: bool,
            flip in prop::option::of(0..512usize),
        ) {
            let mut signature = forge(seed, &message, EIGHT_TORSION[torsion], zero_r);
            if let Some(bit) = flip {
                signature[bit / 8] ^= 1 << (bit % 8);
            }
            let key = SecretKey::from_seed(seed).public().verifying_key();
            let ours = key.verify_strict(&message, &signature);
            let library = ed25519_dalek::Signature::from_bytes(&signature);
            let theirs = key.key.verify_strict(&message, &library);
            prop_assert_eq!(ours.is_ok(), theirs.is_ok());
            prop_assert_eq!(ours.is_ok(), torsion == 0 && !zero_r && flip.is_none());
        }
    }
}
