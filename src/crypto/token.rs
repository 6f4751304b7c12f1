//! Tokens by which a client shows, for one request, whose key it holds (RFC 7519, RFC 8037).
//!
//! A token is a JWT in exactly one form: header `{"alg":"EdDSA","typ":"JWT","kid":...}`, claims
//! `aud`, `iat`, `exp` and `jti`, nothing else, base64url without padding, signed with an actor's
//! key. The client builds it itself: no server chooses what is signed, and a token can never be
//! taken for a statement, whose signed bytes begin with `84 6a`. Whether the times fit, the key is
//! enrolled and the token was not used before is judged elsewhere.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::{InvalidSignature, SecretKey, VerifyingKey};
use crate::value::{Cti, Hash};

/// Longest token that is read, in bytes.
pub const TOKEN_LEN_MAX: usize = 1024;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenClaims {
    /// The ledger's origin.
    pub aud: String,
    /// When it was made, seconds since 1970.
    pub iat: u64,
    /// When it ends, seconds since 1970.
    pub exp: u64,
    /// Drawn at random: a token is good for one request.
    pub jti: Cti,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: Hash,
}

/// A token as read: well-formed, its signature not yet checked.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    signed: &'a str,
    signature: [u8; 64],
    kid: Hash,
    claims: TokenClaims,
}

/// Why a text is not a token, or a token proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Longer than a token may be.
    #[error("the token is longer than {TOKEN_LEN_MAX} bytes")]
    TooLong,
    /// Not three parts in base64url without padding.
    #[error("a token is three parts of base64url, joined by dots")]
    Parts,
    /// Another algorithm, or fields beside the known ones.
    #[error("the token's header is not alg EdDSA, typ JWT and a kid")]
    Header,
    /// Claims missing, or beside the known ones.
    #[error("the token's claims are not aud, iat, exp and jti")]
    Claims,
    /// The key id names another key than the one it was checked with.
    #[error("the token names another key")]
    OtherKey,
    /// The signature is not that key's.
    #[error(transparent)]
    Signature(#[from] InvalidSignature),
}

/// Signs a token.
#[must_use]
pub fn sign_token(key: &SecretKey, claims: &TokenClaims) -> String {
    let header = Header { alg: "EdDSA".to_owned(), typ: "JWT".to_owned(), kid: key.public().kid() };
    let part = |json: serde_json::Result<Vec<u8>>| {
        BASE64URL_NOPAD.encode(&json.expect("plain structs of texts and numbers"))
    };
    let mut token = part(serde_json::to_vec(&header));
    token.push('.');
    token.push_str(&part(serde_json::to_vec(claims)));
    let signature = key.sign(token.as_bytes());
    token.push('.');
    token.push_str(&BASE64URL_NOPAD.encode(&signature));
    token
}

impl<'a> Token<'a> {
    /// Reads a token.
    ///
    /// # Errors
    /// Anything off the one accepted form. The signature is not checked: see [`Token::verify`].
    pub fn parse(text: &'a str) -> Result<Self, TokenError> {
        if text.len() > TOKEN_LEN_MAX {
            return Err(TokenError::TooLong);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(TokenError::Parts)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenError::Parts)?;
        let decode =
            |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| TokenError::Parts);
        let signature = decode(signature)?.try_into().map_err(|_| TokenError::Parts)?;
        let header: Header =
            serde_json::from_slice(&decode(header)?).map_err(|_| TokenError::Header)?;
        if header.alg != "EdDSA" || header.typ != "JWT" {
            return Err(TokenError::Header);
        }
        let claims = serde_json::from_slice(&decode(claims)?).map_err(|_| TokenError::Claims)?;
        Ok(Self { signed, signature, kid: header.kid, claims })
    }

    /// Checks the signature strictly, and that the key is the one the token names.
    ///
    /// # Errors
    /// Another key, or not its signature.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), TokenError> {
        if *key.kid() != self.kid {
            return Err(TokenError::OtherKey);
        }
        Ok(key.verify_strict(self.signed.as_bytes(), &self.signature)?)
    }

    /// Id of the key that signed.
    #[must_use]
    pub const fn kid(&self) -> &Hash {
        &self.kid
    }

    /// What it says.
    #[must_use]
    pub const fn claims(&self) -> &TokenClaims {
        &self.claims
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> TokenClaims {
        let aud = "example.org/zhumadian".to_owned();
        TokenClaims { aud, iat: 1_790_000_000, exp: 1_790_000_060, jti: Cti([3; 16]) }
    }

    #[test]
    fn a_token_round_trips_and_every_changed_character_is_noticed() {
        let key = SecretKey::from_seed([7; 32]);
        let text = sign_token(&key, &claims());
        let token = Token::parse(&text).unwrap();
        assert_eq!((token.kid(), token.claims()), (&key.public().kid(), &claims()));
        assert_eq!(token.verify(&key.public().verifying_key()), Ok(()));
        let other = SecretKey::from_seed([8; 32]).public().verifying_key();
        assert_eq!(token.verify(&other), Err(TokenError::OtherKey));
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let holds = Token::parse(&changed)
                .is_ok_and(|token| token.verify(&key.public().verifying_key()).is_ok());
            assert!(!holds, "character {at}");
        }
    }

    #[test]
    fn other_algorithms_and_fields_are_refused_by_name() {
        let text = sign_token(&SecretKey::from_seed([7; 32]), &claims());
        let (_, rest) = text.split_once('.').unwrap();
        let kid = SecretKey::from_seed([7; 32]).public().kid();
        let with_header =
            |json: &str| format!("{}.{rest}", BASE64URL_NOPAD.encode(json.as_bytes()));
        for json in [
            r#"{"alg":"none","typ":"JWT","kid":"KID"}"#,
            r#"{"alg":"HS256","typ":"JWT","kid":"KID"}"#,
            r#"{"alg":"EdDSA","typ":"JWT","kid":"KID","crit":["b64"]}"#,
            r#"{"alg":"EdDSA","typ":"JWT","kid":"short"}"#,
            r#"{"alg":"EdDSA","kid":"KID"}"#,
        ] {
            let text = with_header(&json.replace("KID", &kid.to_string()));
            assert_eq!(Token::parse(&text).err(), Some(TokenError::Header), "{json}");
        }
        let refused = |text: &str| Token::parse(text).err();
        assert_eq!(refused(""), Some(TokenError::Parts));
        assert_eq!(refused("a.b"), Some(TokenError::Parts));
        assert_eq!(refused(&text.replace('.', "..")), Some(TokenError::Parts));
        assert_eq!(refused(&"a".repeat(TOKEN_LEN_MAX + 1)), Some(TokenError::TooLong));
    }
}
