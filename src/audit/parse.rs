//! What can be checked of each entry alone: hashes and forms, on all cores.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    report::Violation,
    signatures::BATCH_LEN,
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
    pub(super) batches: Vec<Batch>,
    pub(super) violations: Vec<Violation>,
}

/// Entries whose signatures are checked together.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) lines: Vec<Line>,
    /// What was signed, one after the other: one piece of memory, until the signatures are checked.
    pub(super) messages: Vec<u8>,
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
    /// Where the bytes that were signed stand in the batch's messages.
    pub(super) message: Range<usize>,
    pub(super) signature: [u8; 64],
}

/// Reads the entries of a piece.
pub(super) fn parse(piece: Piece, origin: &str) -> Parsed {
    let len = piece.slots.len();
    let even_len = len.div_ceil(len.div_ceil(BATCH_LEN).max(1)).max(1);
    let batches = piece.slots.par_chunks(even_len).map(|slots| batch(&piece, slots, origin));
    let batches = batches.collect();
    Parsed { batches, violations: piece.violations }
}

fn batch(piece: &Piece, slots: &[Slot], origin: &str) -> Batch {
    // What is signed is nearly the whole entry, and never more.
    let mut messages = Vec::with_capacity(slots.iter().map(|slot| slot.len).sum());
    let line = |slot| line(slot, piece.entry(slot), origin, &mut messages);
    let lines = slots.iter().map(line).collect();
    Batch { lines, messages }
}

fn line(slot: &Slot, bytes: &[u8], origin: &str, messages: &mut Vec<u8>) -> Line {
    let entry = Entry::decode(bytes).map(|entry| Parts {
        index: entry.index,
        recorded_at_ms: entry.recorded_at_ms,
        prev: entry.prev,
        subject_prev: entry.subject_prev,
        statement: said(entry.statement, origin, messages),
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
    messages: &mut Vec<u8>,
) -> Result<(Said, Result<Payload, PayloadError>), StatementError> {
    let statement = Statement::parse(statement)?;
    let claims = statement.claims();
    let start = messages.len();
    statement.put_to_be_signed(messages);
    let message = start..messages.len();
    let said = Said {
        id: Hash::blake3(&messages[message.clone()]),
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
