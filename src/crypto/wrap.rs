//! Data keys as they rest in the vault: wrapped under the vault key.
//!
//! XChaCha20-Poly1305; the additional data names format and key id, so a wrapped key cannot be
//! put in another's place. Where wrapped keys are stored, and how they are erased, is the vault's
//! business.

use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

use super::{DataKey, Nonce, secret::drawn_secret};
use crate::value::KeyId;

/// Length of a wrapped data key: nonce 24, ciphertext 32, tag 16.
pub const WRAPPED_LEN: usize = 24 + 32 + 16;

/// Begins the additional data; the key id follows.
const PURPOSE: &[u8] = b"mingzheng v1 wrapped data key";

drawn_secret! {
    /// The key of a vault; kept outside the ledger's folder, replaced at every erasure.
    VaultKey
}

/// The vault key does not open the wrapped key: wrong vault key, wrong key id, or altered bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the vault key does not open this data key")]
pub struct WrapError;

impl VaultKey {
    /// Wraps a data key. The nonce must be new: [`Nonce::generate`].
    #[must_use]
    pub fn wrap(&self, key_id: KeyId, key: &DataKey, nonce: Nonce) -> [u8; WRAPPED_LEN] {
        let mut wrapped = [0; WRAPPED_LEN];
        wrapped[..24].copy_from_slice(&nonce.0);
        wrapped[24..56].copy_from_slice(key.expose());
        let tag = self
            .cipher()
            .encrypt_inout_detached(
                &nonce.0.into(),
                &additional_data(key_id),
                (&mut wrapped[24..56]).into(),
            )
            .expect("32 bytes are within the cipher's limit");
        wrapped[56..].copy_from_slice(&tag);
        wrapped
    }

    /// Unwraps a data key.
    ///
    /// # Errors
    /// This vault key did not wrap these bytes for this key id.
    pub fn unwrap(&self, key_id: KeyId, wrapped: &[u8; WRAPPED_LEN]) -> Result<DataKey, WrapError> {
        let [nonce, ciphertext] = [&wrapped[..24], &wrapped[24..]];
        let nonce: [u8; 24] = nonce.try_into().map_err(|_| WrapError)?;
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        self.cipher()
            .decrypt_in_place(&nonce.into(), &additional_data(key_id), &mut *buffer)
            .map_err(|_| WrapError)?;
        buffer.as_slice().try_into().map(DataKey::new).map_err(|_| WrapError)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.expose().into())
    }
}

fn additional_data(key_id: KeyId) -> Vec<u8> {
    [PURPOSE, &key_id.0].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_key_opens_under_its_vault_key_and_id_only() {
        let vault = VaultKey::new([1; 32]);
        let (id, key) = (KeyId([2; 16]), DataKey::new([3; 32]));
        let wrapped = vault.wrap(id, &key, Nonce([4; 24]));
        assert_eq!(vault.unwrap(id, &wrapped).unwrap().expose(), key.expose());
        assert!(vault.unwrap(KeyId([5; 16]), &wrapped).is_err());
        assert!(VaultKey::new([6; 32]).unwrap(id, &wrapped).is_err());
        for bit in 0..WRAPPED_LEN * 8 {
            let mut altered = wrapped;
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(vault.unwrap(id, &altered).is_err(), "bit {bit}");
        }
    }
}
