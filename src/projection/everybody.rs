//! Judging many persons on all cores.

use rayon::prelude::*;

use super::ProjectionError;
use crate::rules::{Flag, Tallies, View};
use crate::value::PersonId;

/// Flags of persons, and what their files together tell of others.
pub(super) type Judged = (Vec<Flag>, Tallies);

/// Judges some persons after the other in one view, which keeps every file it reads.
pub(super) fn some(
    persons: &[PersonId],
    view: &View<'_>,
    judge: impl Fn(PersonId, &View<'_>) -> Vec<Flag>,
) -> Judged {
    let (mut flags, mut tallies) = (Vec::new(), Tallies::default());
    for person in persons {
        flags.extend(judge(*person, view));
        tallies.add(&view.file(*person));
    }
    (flags, tallies)
}

/// Judges everybody, so many persons at a time on each core, and then the others: assessors,
/// institutions, villages. The flags come in their order.
pub(super) fn all(
    persons: &[PersonId],
    at_once: usize,
    judge: impl Fn(&[PersonId]) -> Result<Judged, ProjectionError> + Send + Sync,
    others: impl FnOnce(&Tallies) -> Vec<Flag>,
) -> Result<Vec<Flag>, ProjectionError> {
    let judged: Result<Vec<Judged>, _> = persons.par_chunks(at_once).map(judge).collect();
    let (mut flags, mut tallies) = (Vec::new(), Tallies::default());
    for (own, some) in judged? {
        flags.extend(own);
        tallies.join(&some);
    }
    flags.extend(others(&tallies));
    flags.sort_unstable();
    Ok(flags)
}
