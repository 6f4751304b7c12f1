//! Signatures of a piece of the log, on all cores.
//!
//! The cofactored batch accepts what the door accepted and costs a third; one by one and strictly
//! is for whoever does not trust that the door checked.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Breach, report::Violation};
use crate::crypto::{
    VerifyingKey,
    batch::{self, BatchItem},
};

/// Signatures in one batch: beyond this a batch gains little, and a failing one costs more.
const BATCH_LEN: usize = 512;

/// One signature that is to be checked.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) index: u64,
    pub(super) key: Arc<VerifyingKey>,
    pub(super) message: Vec<u8>,
    pub(super) signature: [u8; 64],
}

/// Checks all of them and names those that fail.
pub(super) fn check(signed: &[Signed], strict: bool) -> Vec<Violation> {
    let failing: Vec<u64> = if strict {
        let one_by_one = signed.par_iter().with_min_len(16);
        let failing =
            one_by_one.filter(|one| one.key.verify_strict(&one.message, &one.signature).is_err());
        failing.map(|one| one.index).collect()
    } else {
        signed.par_chunks(BATCH_LEN).flat_map_iter(failing_of_batch).collect()
    };
    let invalid = |index: u64| Violation::new(index, &Breach::Signature);
    failing.into_iter().map(invalid).collect()
}

fn failing_of_batch(signed: &[Signed]) -> Vec<u64> {
    let items: Vec<_> = signed
        .iter()
        .map(|one| BatchItem { message: &one.message, signature: &one.signature, key: &one.key })
        .collect();
    match batch::verify_batch(&items) {
        Ok(true) => Vec::new(),
        // Without random bytes a batch proves nothing: each is checked alone.
        Ok(false) | Err(_) => {
            batch::failing(&items).into_iter().map(|at| signed[at].index).collect()
        }
    }
}
