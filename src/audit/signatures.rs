//! Signatures of a piece of the log, on all cores.
//!
//! The cofactored batch accepts what the door accepted and costs a third; one by one and strictly
//! is for whoever does not trust that the door checked.

use std::{ops::Range, sync::Arc};

use rayon::prelude::*;

use crate::crypto::{
    Layout, VerifyingKey,
    batch::{self, BatchItem},
};

/// Signatures in one batch: the multi-scalar multiplication takes about a fifth less for each than
/// at 512; beyond this little more is gained, a failing batch costs more, and cores wait longer.
pub(super) const BATCH_LEN: usize = 4096;

/// One signature that is to be checked.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) index: u64,
    pub(super) key: Arc<VerifyingKey>,
    /// Where the statement stands in the piece's bytes, and its parts in it.
    pub(super) statement: Range<usize>,
    pub(super) layout: Layout,
}

/// Signatures that are checked together, with the pieces they stand in.
#[derive(Debug, Default)]
pub(super) struct SignedBatch {
    parts: Vec<(Arc<Vec<u8>>, Vec<Signed>)>,
}

impl SignedBatch {
    pub(super) fn len(&self) -> usize {
        self.parts.iter().map(|(_, signed)| signed.len()).sum()
    }

    /// Adds signatures of statements that stand in one piece's bytes.
    pub(super) fn push(&mut self, bytes: Arc<Vec<u8>>, signed: Vec<Signed>) {
        if !signed.is_empty() {
            self.parts.push((bytes, signed));
        }
    }

    /// Checks all of them and answers the indexes of the entries whose signature fails.
    pub(super) fn failing(&self, strict: bool) -> Vec<u64> {
        let (indexes, items): (Vec<_>, Vec<_>) = self.items().unzip();
        let failing = if strict {
            let one_by_one = items.par_iter().with_min_len(16).enumerate();
            one_by_one.filter(|(_, item)| !is_strict(item)).map(|(at, _)| at).collect()
        } else {
            match batch::verify_batch(&items) {
                Ok(true) => Vec::new(),
                // Without random bytes a batch proves nothing: each is checked alone.
                Ok(false) | Err(_) => batch::failing(&items),
            }
        };
        failing.into_iter().map(|at| indexes[at]).collect()
    }

    fn items(&self) -> impl Iterator<Item = (u64, BatchItem<'_>)> {
        self.parts.iter().flat_map(|(bytes, signed)| {
            signed.iter().map(|Signed { index, key, statement, layout }| {
                let (message, signature) = layout.of(&bytes[statement.clone()]);
                (*index, BatchItem { message, signature, key })
            })
        })
    }
}

fn is_strict(item: &BatchItem<'_>) -> bool {
    item.key.verify_strict(&item.message.concat(), item.signature).is_ok()
}
