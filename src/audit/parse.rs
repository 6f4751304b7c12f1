//! What can be checked of each entry alone: hashes and forms, on all cores.

use rayon::prelude::*;

use super::{
    report::Violation,
    source::{Piece, Slot},
};
use crate::{
    crypto::{Statement, StatementError},
    event::{Payload, PayloadError},
    frame::{Entry, EntryError, entry_hash},
    tlog::{TreeHash, leaf_hash},
    value::{Cti, Hash, Subject},
};

/// A piece of the log, read as far as it can be.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) lines: Vec<Line>,
    pub(super) violations: Vec<Violation>,
}

/// One entry.
#[derive(Debug)]
pub(super) struct Line {
    /// The index its place gives it.
    pub(super) index: u64,
    pub(super) hash: Hash,
    pub(super) leaf: TreeHash,
    pub(super) frame_prev: Option<Hash>,
    pub(super) entry: Result<Parts, EntryError>,
}

/// The parts of a well-formed entry.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) index: u64,
    pub(super) recorded_at_ms: u64,
    pub(super) prev: Hash,
    pub(super) subject_prev: Option<u64>,
    pub(super) statement: Result<(Said, Result<Payload, PayloadError>), StatementError>,
}

/// What a well-formed statement says.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) id: Hash,
    pub(super) kid: Hash,
    pub(super) iss: Box<str>,
    pub(super) for_this_ledger: bool,
    pub(super) subject: Subject,
    pub(super) iat: u64,
    pub(super) cti: Cti,
    /// The bytes that were signed, until the signature check takes them.
    pub(super) message: Vec<u8>,
    pub(super) signature: [u8; 64],
}

/// Reads the entries of a piece.
pub(super) fn parse(piece: Piece, origin: &str) -> Parsed {
    let slots = piece.slots.par_iter().with_min_len(64);
    let lines = slots.map(|slot| line(slot, piece.entry(slot), origin)).collect();
    Parsed { lines, violations: piece.violations }
}

fn line(slot: &Slot, bytes: &[u8], origin: &str) -> Line {
    let entry = Entry::decode(bytes).map(|entry| Parts {
        index: entry.index,
        recorded_at_ms: entry.recorded_at_ms,
        prev: entry.prev,
        subject_prev: entry.subject_prev,
        statement: said(entry.statement, origin),
    });
    Line {
        index: slot.index,
        hash: entry_hash(bytes),
        leaf: leaf_hash(bytes),
        frame_prev: slot.frame_prev,
        entry,
    }
}

fn said(
    statement: &[u8],
    origin: &str,
) -> Result<(Said, Result<Payload, PayloadError>), StatementError> {
    let statement = Statement::parse(statement)?;
    let claims = statement.claims();
    let message = statement.to_be_signed();
    let said = Said {
        id: Hash::blake3(&message),
        kid: *statement.kid(),
        iss: claims.iss.into(),
        for_this_ledger: claims.aud == origin,
        subject: claims.sub.clone(),
        iat: claims.iat,
        cti: claims.cti,
        message,
        signature: *statement.signature(),
    };
    Ok((said, Payload::from_json(statement.payload())))
}
