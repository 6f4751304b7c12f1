//! A pen: signs payloads for one actor inside this process.
//!
//! The command line and importers hold an actor's key for the time of one command. Everybody else
//! signs outside and hands in the statement.

use std::sync::Arc;

use super::clock::Clock;
use crate::crypto::{
    Claims, RandomError, SecretKey, Statement, StatementError, random_bytes, sign,
};
use crate::event::Payload;
use crate::value::{Cti, Hash, Subject};

/// A statement just signed.
#[derive(Debug, Clone)]
pub struct Signed {
    /// What goes to the ledger.
    pub bytes: Vec<u8>,
    /// Its statement id.
    pub id: Hash,
}

/// Where a pen's key is.
enum Held {
    Here(SecretKey),
    Elsewhere(Hash),
}

/// Why a pen does not write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PenError {
    /// The statement would not be an accepted one.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// No random bytes for the token id.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The key is held by its owner.
    #[error("the key is held elsewhere: its owner signs")]
    KeyElsewhere,
}

/// One actor's key with what goes into every statement's claims.
pub struct Pen {
    key: Held,
    organisation: String,
    origin: String,
    clock: Arc<dyn Clock>,
}

impl Pen {
    /// A pen for a key whose actor signs for that organisation.
    #[must_use]
    pub fn new(key: SecretKey, organisation: &str, origin: &str, clock: Arc<dyn Clock>) -> Self {
        Self::with(Held::Here(key), organisation, origin, clock)
    }

    /// The pen of an actor who signs elsewhere: it says whose it is and writes nothing.
    #[must_use]
    pub fn elsewhere(kid: Hash, organisation: &str, origin: &str, clock: Arc<dyn Clock>) -> Self {
        Self::with(Held::Elsewhere(kid), organisation, origin, clock)
    }

    fn with(key: Held, organisation: &str, origin: &str, clock: Arc<dyn Clock>) -> Self {
        Self { key, organisation: organisation.to_owned(), origin: origin.to_owned(), clock }
    }

    /// The key's id.
    #[must_use]
    pub fn kid(&self) -> Hash {
        match &self.key {
            Held::Here(key) => key.public().kid(),
            Held::Elsewhere(kid) => *kid,
        }
    }

    /// Signs a payload now, with a fresh token id.
    ///
    /// # Errors
    /// The statement would be too long, the random source failed, or the key is elsewhere.
    pub fn write(&self, subject: &Subject, payload: &Payload) -> Result<Signed, PenError> {
        let Held::Here(key) = &self.key else { return Err(PenError::KeyElsewhere) };
        let claims = Claims {
            iss: &self.organisation,
            sub: subject.clone(),
            aud: &self.origin,
            iat: self.clock.wall_ms() / 1000,
            cti: Cti(random_bytes()?),
        };
        let bytes = sign(key, &claims, &payload.to_json())?;
        let id = Statement::parse(&bytes)?.id();
        Ok(Signed { bytes, id })
    }
}
