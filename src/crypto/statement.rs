//! Signed statements: what an actor signs, in the one accepted form (formats, Statement).
//!
//! COSE_Sign1 (RFC 9052) as exactly `D2 84 <bstr protected> A0 <bstr payload> 58 40 <signature>`,
//! protected header of labels 1, 3, 4 and 15 in that order, deterministic CBOR, empty external
//! AAD. Any COSE library reads it; any other wrapping of the same signature is refused, so the
//! stored bytes have one spelling. The payload is opaque here. Whether the key may sign, and
//! whether the times and the audience fit, is judged elsewhere.

use super::{
    InvalidSignature, SecretKey, VerifyingKey,
    cbor::{Reader, Unexpected, put_bytes, put_text, put_uint},
};
use crate::value::{Cti, Hash, Malformed, Subject};

/// Longest statement, in bytes: with its CBOR array head, index, time, hash and subject link
/// (at most 78 bytes) it fits an entry of 65,535 bytes.
pub const STATEMENT_LEN_MAX: usize = 65_400;

/// Longest issuer, in bytes.
const ISS_LEN_MAX: usize = 128;
/// Longest audience, in bytes: an origin.
const AUD_LEN_MAX: usize = 255;
/// Latest signing time: the last second of the year 9999. Sums with it cannot overflow.
const IAT_MAX: u64 = 253_402_300_799;

/// Tag 18 (COSE_Sign1), array of 4.
const START: [u8; 2] = [0xd2, 0x84];
/// Protected header: map of 4; 1 (alg): -19 (Ed25519); 3 (content type): text of 36; 4 (kid):
/// byte string of 32.
const HEADER: &[u8] = b"\xa4\x01\x32\x03\x78\x24application/vnd.mingzheng.event+json\x04\x58\x20";
/// 15 (CWT claims): map of 5; 1 (iss).
const CLAIMS: [u8; 3] = [0x0f, 0xa5, 0x01];
/// 2 (sub), 3 (aud), 6 (iat) and 7 (cti): byte string of 16.
const SUB: [u8; 1] = [0x02];
const AUD: [u8; 1] = [0x03];
const IAT: [u8; 1] = [0x06];
const CTI: [u8; 2] = [0x07, 0x50];
/// The empty unprotected header.
const UNPROTECTED: [u8; 1] = [0xa0];
/// Byte string of 64.
const SIGNATURE: [u8; 2] = [0x58, 0x40];
/// Sig_structure: array of 4, "Signature1"; the protected header follows.
const SIG_STRUCTURE: &[u8] = b"\x84\x6aSignature1";
/// The empty external AAD, between protected header and payload.
const EXTERNAL_AAD: [u8; 1] = [0x40];

/// The CWT claims of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims<'a> {
    /// The actor's organisation in force, 1 to 128 bytes.
    pub iss: &'a str,
    /// The subject.
    pub sub: Subject,
    /// The ledger's origin, 1 to 255 bytes.
    pub aud: &'a str,
    /// Signing time, seconds since 1970.
    pub iat: u64,
    /// Chosen at random by the signer's client: the key of safe retry.
    pub cti: Cti,
}

/// A statement read in place: well-formed, its signature not yet checked.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    kid: Hash,
    claims: Claims<'a>,
    /// Protected header and payload with their CBOR heads, as they stand in both the statement
    /// and the Sig_structure.
    parts: Parts<'a>,
    payload: &'a [u8],
    signature: &'a [u8; 64],
}

/// The bytes that are signed, in the pieces they stand in: one after the other they are the
/// Sig_structure.
pub type SignedParts<'a> = [&'a [u8]; 4];

/// Where a statement that was read has its parts, to find them again without reading it again.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Length of the protected header with its CBOR head.
    protected_len: u32,
}

/// A statement before its signature, for keys that are held elsewhere.
#[derive(Debug, Clone)]
pub struct Unsigned {
    kid: Hash,
    protected: Vec<u8>,
    payload: Vec<u8>,
}

/// Why a statement was not made or not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Longer than a statement may be.
    #[error("the statement has {len} bytes, more than {STATEMENT_LEN_MAX}")]
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// Not the one accepted form.
    #[error("not the accepted form of a statement: {0}")]
    Form(#[from] Unexpected),
    /// A claim is empty, too long, has control characters, or is no time we count in.
    #[error("the claim {claim} is out of its limits")]
    Claim {
        /// The claim's name.
        claim: &'static str,
    },
    /// The claim `sub` is not a subject.
    #[error(transparent)]
    Subject(#[from] Malformed),
    /// The key id names another key than the one it was checked with.
    #[error("the statement names another key")]
    OtherKey,
    /// The signature is not that key's signature of this statement.
    #[error(transparent)]
    Signature(#[from] InvalidSignature),
}

/// Signs claims and payload.
///
/// # Errors
/// A claim is out of its limits, or the statement would be too long.
pub fn sign(
    key: &SecretKey,
    claims: &Claims<'_>,
    payload: &[u8],
) -> Result<Vec<u8>, StatementError> {
    let unsigned = Unsigned::new(key.public().kid(), claims, payload)?;
    Ok(unsigned.join(&key.sign(&unsigned.to_be_signed())))
}

impl<'a> Statement<'a> {
    /// Reads a statement in place.
    ///
    /// # Errors
    /// Too long, any byte off the accepted form, or a claim out of its limits. The signature is
    /// not checked: see [`Statement::verify`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, StatementError> {
        if bytes.len() > STATEMENT_LEN_MAX {
            return Err(StatementError::TooLong { len: bytes.len() });
        }
        let mut outer = Reader::new(bytes);
        outer.literal(&START, "tag 18 and an array of 4")?;
        let protected_from = outer.at();
        let header = outer.bytes("the protected header")?;
        let protected_to = outer.at();
        outer.literal(&UNPROTECTED, "an empty unprotected header")?;
        let payload_from = outer.at();
        let payload = outer.bytes("the payload")?;
        let payload_to = outer.at();
        outer.literal(&SIGNATURE, "a signature of 64 bytes")?;
        let signature = outer.array("a signature of 64 bytes")?;
        outer.end()?;

        let mut inner = Reader::inside(header, protected_to - header.len());
        inner.literal(HEADER, "alg -19, our content type and a kid of 32 bytes")?;
        let kid = Hash(*inner.array("a kid of 32 bytes")?);
        inner.literal(&CLAIMS, "CWT claims beginning with iss")?;
        let iss = inner.text("the text of iss")?;
        inner.literal(&SUB, "the claim sub")?;
        let sub = inner.text("the text of sub")?;
        inner.literal(&AUD, "the claim aud")?;
        let aud = inner.text("the text of aud")?;
        inner.literal(&IAT, "the claim iat")?;
        let iat = inner.uint("the seconds of iat")?;
        inner.literal(&CTI, "the claim cti of 16 bytes")?;
        let cti = Cti(*inner.array("the claim cti of 16 bytes")?);
        inner.end()?;

        let claims = Claims { iss, sub: sub.parse()?, aud, iat, cti };
        claims.check()?;
        let parts = Parts {
            protected: &bytes[protected_from..protected_to],
            payload: &bytes[payload_from..payload_to],
        };
        Ok(Self { kid, claims, parts, payload, signature })
    }

    /// Checks the signature strictly, and that the key is the one the statement names.
    ///
    /// # Errors
    /// Another key, or not its signature.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), StatementError> {
        if *key.kid() != self.kid {
            return Err(StatementError::OtherKey);
        }
        Ok(key.verify_strict(&self.to_be_signed(), self.signature)?)
    }

    /// Id of the key that signed.
    #[must_use]
    pub const fn kid(&self) -> &Hash {
        &self.kid
    }

    /// The claims.
    #[must_use]
    pub const fn claims(&self) -> &Claims<'a> {
        &self.claims
    }

    /// The payload.
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// The signature.
    #[must_use]
    pub const fn signature(&self) -> &'a [u8; 64] {
        self.signature
    }

    /// The statement's id: BLAKE3-256 of what is signed, not of how it is wrapped.
    #[must_use]
    pub fn id(&self) -> Hash {
        self.parts.id()
    }

    /// The Sig_structure: the bytes that are signed.
    #[must_use]
    pub fn to_be_signed(&self) -> Vec<u8> {
        self.parts.to_be_signed()
    }

    /// The same bytes in the pieces they stand in.
    #[must_use]
    pub const fn signed_parts(&self) -> SignedParts<'a> {
        self.parts.sig_structure()
    }

    /// Where the parts stand.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let len = self.parts.protected.len();
        Layout { protected_len: u32::try_from(len).expect("a statement is shorter than 64 KiB") }
    }
}

impl Layout {
    /// The signed parts and the signature of the statement this is the layout of.
    ///
    /// # Panics
    /// May panic when it is the layout of another statement.
    #[must_use]
    pub fn of(self, statement: &[u8]) -> (SignedParts<'_>, &[u8; 64]) {
        let protected_from = START.len();
        let protected_to = protected_from + self.protected_len as usize;
        let payload_from = protected_to + UNPROTECTED.len();
        let (rest, signature) = statement.split_last_chunk().expect("it ends with its signature");
        let parts = Parts {
            protected: &rest[protected_from..protected_to],
            payload: &rest[payload_from..rest.len() - SIGNATURE.len()],
        };
        (parts.sig_structure(), signature)
    }
}

impl Unsigned {
    /// Lays out a statement that the key with this id is to sign.
    ///
    /// # Errors
    /// A claim is out of its limits, or the statement would be too long.
    pub fn new(kid: Hash, claims: &Claims<'_>, payload: &[u8]) -> Result<Self, StatementError> {
        claims.check()?;
        let mut header = Vec::with_capacity(256);
        header.extend_from_slice(HEADER);
        header.extend_from_slice(&kid.0);
        header.extend_from_slice(&CLAIMS);
        put_text(&mut header, claims.iss);
        header.extend_from_slice(&SUB);
        put_text(&mut header, &claims.sub.to_string());
        header.extend_from_slice(&AUD);
        put_text(&mut header, claims.aud);
        header.extend_from_slice(&IAT);
        put_uint(&mut header, claims.iat);
        header.extend_from_slice(&CTI);
        header.extend_from_slice(&claims.cti.0);

        // Before the payload is copied: it may be of any size.
        let len = START.len()
            + head_len(header.len())
            + header.len()
            + UNPROTECTED.len()
            + head_len(payload.len())
            + payload.len()
            + SIGNATURE.len()
            + 64;
        if len > STATEMENT_LEN_MAX {
            return Err(StatementError::TooLong { len });
        }
        let mut protected = Vec::with_capacity(header.len() + 3);
        put_bytes(&mut protected, &header);
        let mut encoded = Vec::with_capacity(payload.len() + 3);
        put_bytes(&mut encoded, payload);
        Ok(Self { kid, protected, payload: encoded })
    }

    /// The id the statement will have; a later statement of the same batch may name it.
    #[must_use]
    pub fn id(&self) -> Hash {
        self.parts().id()
    }

    /// The Sig_structure: the bytes to sign.
    #[must_use]
    pub fn to_be_signed(&self) -> Vec<u8> {
        self.parts().to_be_signed()
    }

    /// Puts a signature made elsewhere to the statement, after checking it strictly.
    ///
    /// # Errors
    /// The key is not the one named, or the signature is not its signature of this statement.
    pub fn assemble(
        &self,
        key: &VerifyingKey,
        signature: &[u8; 64],
    ) -> Result<Vec<u8>, StatementError> {
        if *key.kid() != self.kid {
            return Err(StatementError::OtherKey);
        }
        key.verify_strict(&self.to_be_signed(), signature)?;
        Ok(self.join(signature))
    }

    fn join(&self, signature: &[u8; 64]) -> Vec<u8> {
        let parts: [&[u8]; 6] =
            [&START, &self.protected, &UNPROTECTED, &self.payload, &SIGNATURE, signature];
        parts.concat()
    }

    fn parts(&self) -> Parts<'_> {
        Parts { protected: &self.protected, payload: &self.payload }
    }
}

impl Claims<'_> {
    fn check(&self) -> Result<(), StatementError> {
        let fits = |text: &str, len_max| {
            (1..=len_max).contains(&text.len()) && !text.contains(char::is_control)
        };
        let wrong = |claim| Err(StatementError::Claim { claim });
        if !fits(self.iss, ISS_LEN_MAX) {
            return wrong("iss");
        }
        if !fits(self.aud, AUD_LEN_MAX) {
            return wrong("aud");
        }
        if self.iat > IAT_MAX {
            return wrong("iat");
        }
        Ok(())
    }
}

/// Protected header and payload, each a CBOR byte string with its head.
#[derive(Debug, Clone, Copy)]
struct Parts<'a> {
    protected: &'a [u8],
    payload: &'a [u8],
}

impl<'a> Parts<'a> {
    fn id(self) -> Hash {
        let mut hasher = blake3::Hasher::new();
        for part in self.sig_structure() {
            hasher.update(part);
        }
        Hash(*hasher.finalize().as_bytes())
    }

    fn to_be_signed(self) -> Vec<u8> {
        self.sig_structure().concat()
    }

    const fn sig_structure(&self) -> SignedParts<'a> {
        [SIG_STRUCTURE, self.protected, &EXTERNAL_AAD, self.payload]
    }
}

/// Length of the CBOR head of a string.
const fn head_len(len: usize) -> usize {
    match len {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        _ => 5,
    }
}

#[cfg(test)]
#[path = "statement_tests.rs"]
mod tests;
