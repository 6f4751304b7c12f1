//! Secret keys as PKCS#8 PEM text (RFC 5958, RFC 8410), encrypted with PBES2 and scrypt.
//!
//! Only text goes in and out; file modes and prompts are the business of whoever holds the file.
//! OpenSSL 3 reads what is written here and writes what is read here
//! (`openssl pkcs8 -topk8 -scrypt`).

use ed25519_dalek::pkcs8::KeypairBytes;
use pkcs8::{
    EncodePrivateKey, EncryptedPrivateKeyInfoOwned, EncryptedPrivateKeyInfoRef, LineEnding,
    PrivateKeyInfoRef, SecretDocument,
    der::{asn1::OctetString, pem::PemLabel},
    pkcs5::{
        self,
        pbes2::{AES_256_CBC_OID, EncryptionScheme, Kdf, Parameters, Salt, ScryptParams},
    },
};
use zeroize::Zeroizing;

use super::{RandomError, SecretKey, random::random_bytes};

/// scrypt: N = 2^14, r = 8 take 16 MiB, which OpenSSL's default limit of 32 MiB admits; p = 5
/// makes up for the small memory as the OWASP password storage table asks.
const SCRYPT_N: u64 = 1 << 14;
const SCRYPT_R: u16 = 8;
const SCRYPT_P: u16 = 5;

/// Most memory a key file may ask of scrypt, in bytes (128 * N * r).
const SCRYPT_MEMORY_MAX: u64 = 256 << 20;
/// Most passes a key file may ask of scrypt.
const SCRYPT_P_MAX: u16 = 16;

/// Longest key text that is looked at, in bytes; ours are under 500.
const PEM_LEN_MAX: usize = 8192;

/// Why a key text was not written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// The key is encrypted and no passphrase was given.
    #[error("the key is encrypted: a passphrase is needed")]
    NeedsPassphrase,
    /// The passphrase does not open the key; a damaged ciphertext looks the same.
    #[error("the passphrase does not open the key")]
    WrongPassphrase,
    /// An empty passphrase protects nothing.
    #[error("an empty passphrase protects nothing")]
    EmptyPassphrase,
    /// Not the PKCS#8 PEM text of one Ed25519 key.
    #[error("not the PKCS#8 PEM text of an Ed25519 secret key")]
    Malformed,
    /// Encrypted in another way than PBES2 with scrypt, or with too costly parameters.
    #[error("the key is not encrypted with PBES2 and scrypt within the accepted cost")]
    UnsupportedEncryption,
    /// No random salt.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl SecretKey {
    /// Writes the key as PEM, encrypted if a passphrase is given.
    ///
    /// # Errors
    /// The passphrase is empty, or the operating system gave no random bytes.
    pub fn to_pem(&self, passphrase: Option<&str>) -> Result<Zeroizing<String>, PemError> {
        let Some(passphrase) = passphrase else { return plain_pem(self) };
        if passphrase.is_empty() {
            return Err(PemError::EmptyPassphrase);
        }
        encrypted_pem(self, passphrase, random_bytes()?, random_bytes()?)
    }

    /// Reads a key from PEM. A passphrase given for a key that is not encrypted is not used.
    ///
    /// # Errors
    /// See [`PemError`].
    pub fn from_pem(text: &str, passphrase: Option<&str>) -> Result<Self, PemError> {
        if text.len() > PEM_LEN_MAX {
            return Err(PemError::Malformed);
        }
        let (label, document) = SecretDocument::from_pem(text).map_err(|_| PemError::Malformed)?;
        if label == PrivateKeyInfoRef::PEM_LABEL {
            let info = PrivateKeyInfoRef::try_from(document.as_bytes());
            return from_info(info.map_err(|_| PemError::Malformed)?);
        }
        if label != EncryptedPrivateKeyInfoRef::PEM_LABEL {
            return Err(PemError::Malformed);
        }
        let encrypted = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes())
            .map_err(|_| PemError::Malformed)?;
        let parameters = accepted(encrypted.encryption_algorithm.pbes2())?;
        let passphrase = passphrase.ok_or(PemError::NeedsPassphrase)?;
        let mut buffer = Zeroizing::new(encrypted.encrypted_data.as_bytes().to_vec());
        let plain =
            parameters.decrypt_in_place(passphrase, &mut buffer).map_err(|error| match error {
                pkcs5::Error::DecryptFailed => PemError::WrongPassphrase,
                _ => PemError::UnsupportedEncryption,
            })?;
        // About one wrong passphrase in 256 leaves valid padding: then the content is not DER.
        let info = PrivateKeyInfoRef::try_from(plain).map_err(|_| PemError::WrongPassphrase)?;
        from_info(info)
    }
}

/// PKCS#8 version 1, without the public key: every reader takes it, and there is nothing in it
/// that could contradict the secret.
fn plain_pem(key: &SecretKey) -> Result<Zeroizing<String>, PemError> {
    let pair = KeypairBytes { secret_key: *key.seed(), public_key: None };
    pair.to_pkcs8_pem(LineEnding::LF).map_err(|_| PemError::Malformed)
}

fn encrypted_pem(
    key: &SecretKey,
    passphrase: &str,
    salt: [u8; 16],
    iv: [u8; 16],
) -> Result<Zeroizing<String>, PemError> {
    let parameters = Parameters {
        kdf: Kdf::Scrypt(ScryptParams {
            salt: Salt::new(salt).map_err(|_| PemError::Malformed)?,
            cost_parameter: SCRYPT_N,
            block_size: SCRYPT_R,
            parallelization: SCRYPT_P,
            key_length: None,
        }),
        encryption: EncryptionScheme::Aes256Cbc { iv },
    };
    let pair = KeypairBytes { secret_key: *key.seed(), public_key: None };
    let plain = pair.to_pkcs8_der().map_err(|_| PemError::Malformed)?;
    let encrypted_data = parameters
        .encrypt(passphrase, plain.as_bytes())
        .map_err(|_| PemError::UnsupportedEncryption)?;
    let info = EncryptedPrivateKeyInfoOwned {
        encryption_algorithm: parameters.into(),
        encrypted_data: OctetString::new(encrypted_data).map_err(|_| PemError::Malformed)?,
    };
    SecretDocument::try_from(&info)
        .and_then(|document| {
            Ok(document.to_pem(EncryptedPrivateKeyInfoRef::PEM_LABEL, LineEnding::LF)?)
        })
        .map_err(|_| PemError::Malformed)
}

/// Refuses another derivation than scrypt, and a costly one before anything is spent on it.
fn accepted(parameters: Option<&Parameters>) -> Result<&Parameters, PemError> {
    let refused = PemError::UnsupportedEncryption;
    let parameters = parameters.ok_or(refused)?;
    let Kdf::Scrypt(scrypt) = &parameters.kdf else { return Err(refused) };
    let memory =
        u64::from(scrypt.block_size).saturating_mul(128).saturating_mul(scrypt.cost_parameter);
    // The lower bounds are scrypt's own; the library subtracts from a cost of 0 without asking.
    let fits = scrypt.cost_parameter.is_power_of_two()
        && scrypt.cost_parameter > 1
        && memory > 0
        && memory <= SCRYPT_MEMORY_MAX
        && (1..=SCRYPT_P_MAX).contains(&scrypt.parallelization)
        && parameters.encryption.oid() == AES_256_CBC_OID;
    if fits { Ok(parameters) } else { Err(refused) }
}

fn from_info(info: PrivateKeyInfoRef<'_>) -> Result<SecretKey, PemError> {
    let pair = KeypairBytes::try_from(info).map_err(|_| PemError::Malformed)?;
    let key = SecretKey::from_seed(pair.secret_key);
    // Version 2 carries the public key: a text that contradicts itself is refused.
    match pair.public_key {
        Some(public) if public.to_bytes() != *key.public().as_bytes() => Err(PemError::Malformed),
        Some(_) | None => Ok(key),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENCRYPTED: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n\
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSsGAQQB2kcECzAcBBBSafRArXki8OGVOxCm\n\
lKLBAgJAAAIBCAIBBTAdBglghkgBZQMEASoEEHfoIT0C6wx7PhAHWBMdKGkEQAIt\n\
zqjgv6FG5Z0FaRmgPcbbJo7/UumuIALGrk4vAyuWO0RAqyD1s4MKWC39HugQLyZr\n\
9xBtcrtqYybK2cawpss=\n\
-----END ENCRYPTED PRIVATE KEY-----\n";

    #[test]
    fn keys_round_trip_with_and_without_passphrase() {
        let key = SecretKey::from_seed([9; 32]);
        let plain = key.to_pem(None).unwrap();
        assert!(plain.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        assert_eq!(SecretKey::from_pem(&plain, None).unwrap().public(), key.public());
        assert_eq!(SecretKey::from_pem(&plain, Some("unused")).unwrap().public(), key.public());

        let encrypted = key.to_pem(Some("丰收 2026")).unwrap();
        assert!(encrypted.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        let opened = SecretKey::from_pem(&encrypted, Some("丰收 2026")).unwrap();
        assert_eq!(opened.public(), key.public());
        let refused = |passphrase| SecretKey::from_pem(&encrypted, passphrase).unwrap_err();
        assert_eq!(refused(None), PemError::NeedsPassphrase);
        assert_eq!(refused(Some("丰收 2025")), PemError::WrongPassphrase);
        assert_eq!(refused(Some("")), PemError::WrongPassphrase);
        assert_eq!(key.to_pem(Some("")).unwrap_err(), PemError::EmptyPassphrase);
        assert_ne!(*encrypted, *key.to_pem(Some("丰收 2026")).unwrap(), "salt is random");
    }

    #[test]
    fn texts_that_are_no_key_are_refused() {
        let plain = SecretKey::from_seed([9; 32]).to_pem(None).unwrap();
        let body = plain.lines().nth(1).unwrap();
        for bad in [
            String::new(),
            "-----BEGIN PRIVATE KEY-----".to_owned(),
            plain.replace("PRIVATE", "PUBLIC"),
            plain.replace(body, &body[4..]),
            plain.replace("MC4C", "MC4D"),
            plain.repeat(200),
        ] {
            let refused = SecretKey::from_pem(&bad, None).unwrap_err();
            assert_eq!(refused, PemError::Malformed, "{bad}");
        }
    }

    #[test]
    fn costly_derivations_are_refused_before_they_run() {
        let text = encrypted_pem(&SecretKey::from_seed([9; 32]), "x", [1; 16], [2; 16]).unwrap();
        let (_, document) = SecretDocument::from_pem(&text).unwrap();
        let mut info = EncryptedPrivateKeyInfoOwned::try_from(document.as_bytes()).unwrap();
        let EncryptionScheme::Aes256Cbc { iv } =
            info.encryption_algorithm.pbes2().unwrap().encryption
        else {
            panic!("another cipher");
        };
        // Too much memory, too many passes, and numbers that scrypt does not have.
        for (cost_parameter, block_size, parallelization) in [
            (1 << 19, 8, 1),
            (1 << 14, u16::MAX, 1),
            (u64::MAX, u16::MAX, 1),
            (1 << 14, 8, 17),
            (0, 8, 1),
            (1, 8, 1),
            (3, 8, 1),
            (1 << 14, 0, 1),
            (1 << 14, 8, 0),
        ] {
            info.encryption_algorithm = Parameters {
                kdf: Kdf::Scrypt(ScryptParams {
                    salt: Salt::new([1; 16]).unwrap(),
                    cost_parameter,
                    block_size,
                    parallelization,
                    key_length: None,
                }),
                encryption: EncryptionScheme::Aes256Cbc { iv },
            }
            .into();
            let document = SecretDocument::try_from(&info).unwrap();
            let text = document.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF).unwrap();
            let refused = SecretKey::from_pem(&text, Some("x")).unwrap_err();
            assert_eq!(refused, PemError::UnsupportedEncryption);
        }
    }

    proptest! {
        /// No byte of either form, changed or cut out, makes a panic; no passphrase is tried.
        #[test]
        fn damaged_texts_never_panic(at: prop::sample::Index, byte: u8, cut: bool) {
            let key = SecretKey::from_seed([9; 32]);
            for text in [key.to_pem(None).unwrap().as_str(), ENCRYPTED] {
                let mut bytes = text.as_bytes().to_vec();
                let at = at.index(bytes.len());
                if cut {
                    bytes.remove(at);
                } else {
                    bytes[at] = byte;
                }
                let read = SecretKey::from_pem(&String::from_utf8_lossy(&bytes), None);
                prop_assert!(read.is_err() || text != ENCRYPTED);
            }
        }
    }
}
