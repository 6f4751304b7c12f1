//! What can be checked of each entry alone: hashes and forms.

use std::{ops::Range, sync::Arc};

use super::{
    report::Violation,
    source::{SharedPiece, Slot},
};
use crate::{
    crypto::{Layout, Statement, StatementError},
    event::{Payload, PayloadError},
    frame::{Entry, EntryError, entry_hash},
    tlog::{TreeHash, leaf_hash},
    value::{Cti, Hash, Subject},
};

/// A piece of the log, read as far as it can be.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// What was read: the lines say where in it each statement stands.
    pub(super) bytes: Arc<Vec<u8>>,
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
    /// Where the statement stands in the piece's bytes, and its parts in it.
    pub(super) statement: Range<usize>,
    pub(super) layout: Layout,
}

/// Reads the entries of a piece.
pub(super) fn parse(piece: SharedPiece, origin: &str) -> Parsed {
    let mut message = Vec::new();
    let line = |slot| line(slot, piece.entry(slot), origin, &mut message);
    let lines = piece.slots.iter().map(line).collect();
    Parsed { bytes: piece.bytes, lines, violations: piece.violations }
}

fn line(slot: &Slot, bytes: &[u8], origin: &str, message: &mut Vec<u8>) -> Line {
    let entry = Entry::decode(bytes).map(|entry| Parts {
        index: entry.index,
        recorded_at_ms: entry.recorded_at_ms,
        prev: entry.prev,
        subject_prev: entry.subject_prev,
        statement: said(entry.statement, slot.start + slot.len, origin, message),
    });
    Line {
        index: slot.index,
        hash: entry_hash(bytes),
        leaf: leaf_hash(bytes),
        frame_prev: slot.frame_prev,
        entry,
    }
}

/// `end` is where the statement ends in the piece: it is the last field of its entry.
fn said(
    bytes: &[u8],
    end: usize,
    origin: &str,
    message: &mut Vec<u8>,
) -> Result<(Said, Result<Payload, PayloadError>), StatementError> {
    let statement = Statement::parse(bytes)?;
    let claims = statement.claims();
    // One hash over one piece is quicker than over four, even with the copy.
    message.clear();
    statement.signed_parts().iter().for_each(|part| message.extend_from_slice(part));
    let said = Said {
        id: Hash::blake3(message),
        kid: *statement.kid(),
        iss: claims.iss.into(),
        for_this_ledger: claims.aud == origin,
        subject: claims.sub.clone(),
        iat: claims.iat,
        cti: claims.cti,
        statement: end - bytes.len()..end,
        layout: statement.layout(),
    };
    Ok((said, Payload::from_json(statement.payload())))
}
