//! Checking one receipt: that the ledger holds the entry, and what the entry says.
//!
//! Needs the ledger's note key and nothing else. The signature of the statement inside is not
//! checked: the actor's key stands on the log, which a receipt does not carry. That the ledger
//! recorded the statement after its strict check at the door is the ledger's word.

use serde::Serialize;

use crate::{
    crypto::{Statement, StatementError},
    event::{Payload, PayloadError},
    frame::{Entry, EntryError},
    tlog::{NoteVerifier, Receipt, ReceiptError, TreeHash},
    value::{Day, Hash, Subject},
};

/// What a checked receipt shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptReport {
    /// The ledger.
    pub origin: String,
    /// Size of the tree that the receipt's checkpoint states.
    pub checkpoint_size: u64,
    /// Its root.
    pub root: TreeHash,
    /// Index of the entry.
    pub index: u64,
    /// When the ledger recorded it, milliseconds since 1970 UTC.
    pub recorded_at_ms: u64,
    /// Statement id.
    pub statement: Hash,
    /// Id of the key that the statement names.
    pub kid: Hash,
    /// The organisation it was signed for.
    pub iss: String,
    /// Its subject.
    pub sub: Subject,
    /// Signing time by the signer's clock, seconds since 1970 UTC.
    pub signed_at: u64,
    /// Dotted name of the event.
    #[serde(rename = "type")]
    pub name: &'static str,
    /// The day it happened in the world.
    pub at: Day,
}

/// Why a receipt shows nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptFault {
    /// It is malformed, not signed by the key, or proves nothing.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// What it carries is not an entry.
    #[error("the receipt proves bytes that are no entry: {0}")]
    Entry(#[from] EntryError),
    /// The entry says another index than the one proven.
    #[error("the entry says that it is entry {found}, and entry {proven} is proven")]
    Index {
        /// What the entry says.
        found: u64,
        /// What the path proves.
        proven: u64,
    },
    /// The entry does not carry a statement.
    #[error("the entry does not carry a statement: {0}")]
    Statement(#[from] StatementError),
    /// The statement was signed for another ledger.
    #[error("the statement was signed for another ledger")]
    Audience,
    /// The statement's payload is not of the catalogue.
    #[error("the statement is not an event of the catalogue: {0}")]
    Payload(#[from] PayloadError),
}

/// Checks a receipt against the ledger's note key.
///
/// # Errors
/// Any [`ReceiptFault`].
pub fn receipt(text: &[u8], key: &NoteVerifier) -> Result<ReceiptReport, ReceiptFault> {
    let receipt = Receipt::parse(text)?;
    let verified = receipt.verify(key)?;
    let entry = Entry::decode(verified.entry)?;
    if entry.index != verified.index {
        return Err(ReceiptFault::Index { found: entry.index, proven: verified.index });
    }
    let statement = Statement::parse(entry.statement)?;
    let claims = statement.claims();
    if claims.aud != verified.checkpoint.origin.as_str() {
        return Err(ReceiptFault::Audience);
    }
    let payload = Payload::from_json(statement.payload())?;
    Ok(ReceiptReport {
        origin: verified.checkpoint.origin.to_string(),
        checkpoint_size: verified.checkpoint.size,
        root: verified.checkpoint.root,
        index: entry.index,
        recorded_at_ms: entry.recorded_at_ms,
        statement: statement.id(),
        kid: *statement.kid(),
        iss: claims.iss.to_owned(),
        sub: claims.sub.clone(),
        signed_at: claims.iat,
        name: payload.body.name(),
        at: payload.at,
    })
}
