//! Entries in pieces, as the files have them: what segments and bundles have in common.

use super::{Breach, UnpublishedTail, bundles::Bundles, report::Violation, segments::Segments};
use crate::value::Hash;

/// Bytes that are read in one go: some thousand entries, a few batches of signatures.
pub(super) const PIECE_BYTES: usize = 4 << 20;

/// Some entries that follow on each other, with the bytes they stand in.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
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

/// Where pieces come from.
#[derive(Debug)]
pub(super) enum Source {
    Segments(Segments),
    Bundles(Bundles),
}

impl Piece {
    pub(super) fn entry(&self, slot: &Slot) -> &[u8] {
        &self.bytes[slot.start..slot.start + slot.len]
    }

    pub(super) fn breach(&mut self, index: impl Into<Option<u64>>, breach: &Breach) {
        self.violations.push(Violation::new(index, breach));
    }
}

impl Source {
    /// The next piece; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Piece> {
        match self {
            Self::Segments(segments) => segments.next(),
            Self::Bundles(bundles) => bundles.next(),
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
