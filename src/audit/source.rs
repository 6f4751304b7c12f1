//! Entries in pieces, as the files have them: what segments and bundles have in common.

use std::sync::Arc;

use super::{Breach, UnpublishedTail, bundles::Bundles, report::Violation, segments::Segments};
use crate::value::Hash;

/// Bytes that are read in one go: some thousand entries, about a batch of signatures.
pub(super) const PIECE_BYTES: usize = 4 << 20;

/// Some entries that follow on each other, with the bytes they stand in.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    pub(super) slots: Vec<Slot>,
    pub(super) violations: Vec<Violation>,
}

/// A piece that was read, on its way to parsing.
#[derive(Debug)]
pub(super) struct SharedPiece {
    pub(super) bytes: Arc<Vec<u8>>,
    pub(super) slots: Vec<Slot>,
    pub(super) violations: Vec<Violation>,
}

/// Where one entry stands in a piece.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// The index its place gives it.
    pub(super) index: u64,
    pub(super) start: usize,
    pub(super) len: usize,
    /// `prev` in the head of the frame that begins with this entry.
    pub(super) frame_prev: Option<Hash>,
}

/// The bytes of pieces that were read, to be read into again once nobody needs them: fresh memory
/// costs a page fault for every 4 KiB.
#[derive(Debug, Default)]
pub(super) struct Buffers(Vec<Arc<Vec<u8>>>);

impl Buffers {
    /// An empty buffer.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let free = self.0.iter().position(|bytes| Arc::strong_count(bytes) == 1);
        let free = free.and_then(|at| Arc::into_inner(self.0.swap_remove(at)));
        let mut bytes = free.unwrap_or_default();
        bytes.clear();
        bytes
    }

    /// A piece whose bytes stay here until nobody else has them.
    pub(super) fn share(&mut self, piece: Piece) -> SharedPiece {
        let Piece { bytes, slots, violations } = piece;
        let bytes = Arc::new(bytes);
        self.0.push(bytes.clone());
        SharedPiece { bytes, slots, violations }
    }
}

/// Where pieces come from.
#[derive(Debug)]
pub(super) enum Source {
    Segments(Segments),
    Bundles(Bundles),
}

impl SharedPiece {
    pub(super) fn entry(&self, slot: &Slot) -> &[u8] {
        &self.bytes[slot.start..slot.start + slot.len]
    }
}

impl Piece {
    pub(super) fn breach(&mut self, index: impl Into<Option<u64>>, breach: &Breach) {
        self.violations.push(Violation::new(index, breach));
    }
}

impl Source {
    /// The next piece, read into an empty buffer; `None` at the end.
    pub(super) fn next(&mut self, buffer: Vec<u8>) -> Option<Piece> {
        let piece = Piece { bytes: buffer, ..Piece::default() };
        match self {
            Self::Segments(segments) => segments.next(piece),
            Self::Bundles(bundles) => bundles.next(piece),
        }
    }

    /// What stood beyond the published size.
    pub(super) fn unpublished_tail(&self) -> Option<UnpublishedTail> {
        match self {
            Self::Segments(segments) => segments.unpublished_tail(),
            Self::Bundles(_) => None,
        }
    }
}
