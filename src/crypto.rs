//! Layer 1: keys, signed statements, sealed personal data and tags, as bytes.
//!
//! Everything here turns values into bytes or checks bytes; it reads no file, no clock and knows
//! nothing of what an event means. Random bytes come from one place, `random`; nonces and ids are
//! arguments, so that each function gives one answer for one input and can be held to a vector.
//!
//! | module | what it is |
//! |---|---|
//! | `random` | the operating system's random bytes |
//! | `cbor` | the deterministic CBOR that statements need, and nothing more |
//! | `key`, `secret_key`, `pem` | Ed25519 keys, strict checks, PKCS#8 text |
//! | `statement` | the one accepted COSE_Sign1 form |
//! | `batch` | the verifier's cofactored batch check |
//! | `tag` | keyed pseudonyms of identifiers |
//! | `token` | what shows a server whose key a client holds |
//! | `seal`, `wrap` | sealed personal data and the keys that open it |
//! | `evidence` | salted hashes of documents |

pub mod batch;
pub(crate) mod cbor;
mod evidence;
mod key;
mod pem;
mod random;
mod seal;
mod secret;
mod secret_key;
mod statement;
mod tag;
mod token;
mod wrap;

pub use cbor::Unexpected;
pub use evidence::{EvidenceRoot, EvidenceSalt, evidence_hash};
pub use key::{InvalidSignature, PublicKey, VerifyingKey};
pub use pem::PemError;
pub use random::{RandomError, random_bytes};
pub use seal::{
    Ciphertext, Commitment, Context, DataKey, EventKey, Nonce, SealAlgorithm, SealError, Sealed,
    open, open_with_event_key, seal,
};
pub use secret_key::{Jwk, SecretKey};
pub use statement::{
    Claims, Layout, STATEMENT_LEN_MAX, SignedParts, Statement, StatementError, Unsigned, sign,
};
pub use tag::{TagKey, TagKind, Tagger};
pub use token::{TOKEN_LEN_MAX, Token, TokenClaims, TokenError, sign_token};
pub use wrap::{VaultKey, WRAPPED_LEN, WrapError};

use data_encoding::BASE64;

use crate::value::Malformed;

/// Decodes standard padded base64 into exactly `N` bytes; refuses every second spelling.
fn base64_decode<const N: usize>(what: &'static str, text: &str) -> Result<[u8; N], Malformed> {
    // Checked first, so that a long text is never decoded only to be refused.
    if text.len() == N.div_ceil(3) * 4
        && let Ok(bytes) = BASE64.decode(text.as_bytes())
        && let Ok(array) = bytes.try_into()
    {
        return Ok(array);
    }
    Err(Malformed::new(what, "not base64 with padding, or another length"))
}
