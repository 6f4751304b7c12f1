//! Ed25519 secret keys: they sign, and say nothing else.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use zeroize::Zeroizing;

use super::{PublicKey, RandomError, random::random_bytes};

/// A secret key; wiped when dropped, never printed. Its text form is in `pem`.
///
/// An actor's key signs statements that the client itself built, never bytes chosen by a server.
#[derive(Clone)]
pub struct SecretKey(ed25519_dalek::SigningKey);

impl SecretKey {
    /// Draws a new key.
    ///
    /// # Errors
    /// The operating system gave no random bytes.
    pub fn generate() -> Result<Self, RandomError> {
        let seed = Zeroizing::new(random_bytes()?);
        Ok(Self::from_seed(*seed))
    }

    /// The key of a 32-byte seed (RFC 8032's private key).
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let seed = Zeroizing::new(seed);
        Self(ed25519_dalek::SigningKey::from_bytes(&seed))
    }

    /// Signs bytes (RFC 8032, deterministic).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        ed25519_dalek::Signer::sign(&self.0, message).to_bytes()
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey::of_secret(self.0.verifying_key().to_bytes())
    }

    /// The key as a browser imports it (RFC 8037); for keys of demo ledgers, which are no secrets.
    #[must_use]
    pub fn to_jwk(&self) -> Jwk {
        let text = |bytes: &[u8]| Zeroizing::new(BASE64URL_NOPAD.encode(bytes));
        let (d, x) = (text(&*self.seed()), text(self.0.verifying_key().as_bytes()));
        Jwk { kty: "OKP", crv: "Ed25519", d, x }
    }

    pub(super) fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }
}

/// A secret key as JSON (RFC 8037); wiped when dropped.
#[derive(Serialize)]
pub struct Jwk {
    kty: &'static str,
    crv: &'static str,
    #[serde(serialize_with = "plain")]
    d: Zeroizing<String>,
    #[serde(serialize_with = "plain")]
    x: Zeroizing<String>,
}

fn plain<S: serde::Serializer>(text: &Zeroizing<String>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(text)
}

impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jwk(..)")
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_fit_to_be_enrolled_and_debug_is_opaque() {
        let key = SecretKey::generate().unwrap();
        let public = key.public();
        assert_eq!(PublicKey::parse(*public.as_bytes()), Ok(public));
        assert_eq!(public.verifying_key().verify_strict(b"text", &key.sign(b"text")), Ok(()));
        assert_eq!(format!("{key:?}"), "SecretKey(..)");
    }
}
