//! Vectors of layer 1, held in both directions. They were made by other implementations (libsodium,
//! cbor2, OpenSSL, plain curve arithmetic), once; a change that needs other bytes is a new version
//! of the format.

use data_encoding::HEXLOWER;
use mingzheng::{
    crypto::{
        Claims, Context, DataKey, EventKey, EvidenceSalt, PemError, PublicKey, Sealed, SecretKey,
        Statement, TagKey, TagKind, Tagger, VaultKey,
        batch::{BatchItem, verify_batch, verify_cofactored},
        evidence_hash, open, open_with_event_key, seal, sign,
    },
    value::{Hash, Tag},
};
use serde::Deserialize;

/// Bytes given in hex.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Hex(Vec<u8>);

impl TryFrom<String> for Hex {
    type Error = data_encoding::DecodeError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        HEXLOWER.decode(text.as_bytes()).map(Self)
    }
}

impl Hex {
    fn array<const N: usize>(&self) -> [u8; N] {
        self.0.as_slice().try_into().expect("the vector has this many bytes")
    }
}

/// One byte repeated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fill {
    byte: u8,
    len: usize,
}

impl Fill {
    fn bytes(&self) -> Vec<u8> {
        vec![self.byte; self.len]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    #[serde(rename = "about")]
    _about: String,
    keys: Vec<KeyVector>,
    refused: Vec<RefusedKey>,
    pem: Vec<PemVector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyVector {
    seed: Hex,
    public: PublicKey,
    kid: Hash,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedKey {
    name: String,
    bytes: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PemVector {
    name: String,
    passphrase: Option<String>,
    pem: String,
    /// Absent where the text is refused for the way it is encrypted.
    public: Option<PublicKey>,
}

#[test]
fn keys() {
    let vectors: Keys = serde_json::from_str(include_str!("../vectors/crypto/keys.json")).unwrap();
    for vector in vectors.keys {
        let public = SecretKey::from_seed(vector.seed.array()).public();
        assert_eq!(public, vector.public);
        assert_eq!(public.kid(), vector.kid);
    }
    for vector in vectors.refused {
        assert!(PublicKey::parse(vector.bytes.array()).is_err(), "{}", vector.name);
    }
    for vector in vectors.pem {
        let read = SecretKey::from_pem(&vector.pem, vector.passphrase.as_deref());
        let expected = vector.public.ok_or(PemError::UnsupportedEncryption);
        assert_eq!(
            read.as_ref().map(SecretKey::public).map_err(|e| *e),
            expected,
            "{}",
            vector.name
        );
        if let (Ok(key), None) = (read, vector.passphrase) {
            assert_eq!(*key.to_pem(None).unwrap(), vector.pem, "{}", vector.name);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signatures {
    #[serde(rename = "about")]
    _about: String,
    signatures: Vec<SignatureVector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureVector {
    name: String,
    public: PublicKey,
    message: Hex,
    signature: Hex,
    strict: bool,
    cofactored: bool,
}

#[test]
fn signatures() {
    let vectors: Signatures =
        serde_json::from_str(include_str!("../vectors/crypto/signatures.json")).unwrap();
    for vector in vectors.signatures {
        let (key, signature) = (vector.public.verifying_key(), vector.signature.array());
        let strict = key.verify_strict(&vector.message.0, &signature).is_ok();
        assert_eq!(strict, vector.strict, "strict: {}", vector.name);
        let item = BatchItem::whole(&vector.message.0, &signature, &key);
        assert_eq!(verify_cofactored(&item), vector.cofactored, "alone: {}", vector.name);
        assert_eq!(verify_batch(&[item]), Ok(vector.cofactored), "batch: {}", vector.name);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statements {
    #[serde(rename = "about")]
    _about: String,
    seed: Hex,
    statements: Vec<StatementVector>,
    refused: Vec<RefusedStatement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementVector {
    name: String,
    iss: String,
    sub: String,
    aud: String,
    iat: u64,
    cti: String,
    payload: Option<String>,
    fill: Option<Fill>,
    len: usize,
    id: Hash,
    statement: Option<Hex>,
    blake3: Option<Hash>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedStatement {
    name: String,
    statement: Hex,
}

#[test]
fn statements() {
    let vectors: Statements =
        serde_json::from_str(include_str!("../vectors/crypto/statements.json")).unwrap();
    let key = SecretKey::from_seed(vectors.seed.array());
    let verifying = key.public().verifying_key();
    for vector in vectors.statements {
        let name = &vector.name;
        let payload = match (vector.payload, vector.fill) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(fill)) => fill.bytes(),
            _ => panic!("{name}: one payload"),
        };
        let claims = Claims {
            iss: &vector.iss,
            sub: vector.sub.parse().unwrap(),
            aud: &vector.aud,
            iat: vector.iat,
            cti: vector.cti.parse().unwrap(),
        };
        let signed = sign(&key, &claims, &payload).unwrap();
        assert_eq!(signed.len(), vector.len, "{name}");
        match (vector.statement, vector.blake3) {
            (Some(bytes), None) => assert_eq!(signed, bytes.0, "{name}"),
            (None, Some(hash)) => assert_eq!(Hash::blake3(&signed), hash, "{name}"),
            _ => panic!("{name}: one statement"),
        }
        let read = Statement::parse(&signed).unwrap();
        assert_eq!(read.claims(), &claims, "{name}");
        assert_eq!(read.payload(), payload, "{name}");
        assert_eq!(read.id(), vector.id, "{name}");
        assert_eq!(read.verify(&verifying), Ok(()), "{name}");
    }
    for vector in vectors.refused {
        assert!(Statement::parse(&vector.statement.0).is_err(), "{}", vector.name);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tags {
    #[serde(rename = "about")]
    _about: String,
    key: Hex,
    tags: Vec<TagVector>,
    near_ids: Vec<NearIdVector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TagVector {
    version: u8,
    origin: String,
    kind: String,
    text: String,
    tag: Tag,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NearIdVector {
    version: u8,
    origin: String,
    id: String,
    tags: Vec<Tag>,
}

#[test]
fn tags() {
    let vectors: Tags = serde_json::from_str(include_str!("../vectors/crypto/tags.json")).unwrap();
    let tagger = |version, origin: &str| {
        Tagger::new(&TagKey::new(version, vectors.key.array()).unwrap(), origin)
    };
    for kind in TagKind::ALL {
        assert!(vectors.tags.iter().any(|vector| vector.kind == kind.as_str()), "{kind:?}");
    }
    for vector in &vectors.tags {
        let kind = TagKind::ALL.into_iter().find(|kind| kind.as_str() == vector.kind).unwrap();
        let tag = tagger(vector.version, &vector.origin).tag(kind, &vector.text);
        assert_eq!(tag, vector.tag, "{kind:?}");
    }
    for vector in &vectors.near_ids {
        let tags = tagger(vector.version, &vector.origin).near_ids(&vector.id.parse().unwrap());
        assert_eq!(tags, vector.tags);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedVectors {
    #[serde(rename = "about")]
    _about: String,
    sealed: Vec<SealedVector>,
    wrapped: Vec<WrappedVector>,
    evidence: Vec<EvidenceVector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedVector {
    data_key: Hex,
    key: String,
    nonce: String,
    origin: String,
    subject: String,
    #[serde(rename = "type")]
    event_type: String,
    fill: Fill,
    /// For readers of the vector; it shows in the commitment and the ciphertext.
    #[serde(rename = "aad")]
    _aad: Hex,
    event_key: Hex,
    sealed: Option<Sealed>,
    /// Of the compact JSON, where it is long.
    sealed_blake3: Option<Hash>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrappedVector {
    vault_key: Hex,
    key: String,
    nonce: String,
    data_key: Hex,
    wrapped: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceVector {
    salt: Hex,
    fill: Fill,
    hash: Hash,
}

fn sealed_vectors() -> SealedVectors {
    serde_json::from_str(include_str!("../vectors/crypto/sealed.json")).expect("vectors")
}

#[test]
fn sealed_objects() {
    for vector in sealed_vectors().sealed {
        let (data_key, subject) =
            (DataKey::new(vector.data_key.array()), vector.subject.parse().unwrap());
        let context = Context {
            origin: &vector.origin,
            subject: &subject,
            event_type: &vector.event_type,
            key_id: vector.key.parse().unwrap(),
        };
        let (nonce, plaintext) = (vector.nonce.parse().unwrap(), vector.fill.bytes());
        let made = seal(&data_key, &context, nonce, &plaintext).unwrap();
        match (vector.sealed, vector.sealed_blake3) {
            (Some(sealed), None) => assert_eq!(made, sealed),
            (None, Some(hash)) => {
                assert_eq!(Hash::blake3(&serde_json::to_vec(&made).unwrap()), hash);
            }
            _ => panic!("one sealed object"),
        }
        let event_key = EventKey::derive(&data_key, nonce);
        assert_eq!(*event_key.expose(), vector.event_key.array());
        assert_eq!(*open(&data_key, &context, &made).unwrap(), plaintext);
        assert_eq!(*open_with_event_key(&event_key, &context, &made).unwrap(), plaintext);
    }
}

#[test]
fn wrapped_data_keys() {
    for vector in sealed_vectors().wrapped {
        let vault = VaultKey::new(vector.vault_key.array());
        let key_id = vector.key.parse().unwrap();
        let data_key = DataKey::new(vector.data_key.array());
        let wrapped = vault.wrap(key_id, &data_key, vector.nonce.parse().unwrap());
        assert_eq!(wrapped, vector.wrapped.array());
        assert_eq!(vault.unwrap(key_id, &wrapped).unwrap().expose(), data_key.expose());
    }
}

#[test]
fn evidence() {
    for vector in sealed_vectors().evidence {
        let salt = EvidenceSalt::new(vector.salt.array());
        assert_eq!(evidence_hash(&salt, &vector.fill.bytes()), vector.hash);
    }
}
