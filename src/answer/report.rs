//! The strict-review report: the trail is verified, then counted.

use super::{AskError, today};
use crate::audit::{
    self, Options, Trail,
    strict_review::{Scope, StrictReview},
};
use crate::ledger::{Ledger, ReadError};
use crate::report::{StrictReviewReport, Verified};
use crate::value::{Day, DivisionCode};

/// Makes the report of a division with all below it, from the first to the last day.
pub(crate) fn strict_review(
    ledger: &Ledger,
    division: DivisionCode,
    from: Day,
    to: Day,
) -> Result<StrictReviewReport, AskError> {
    if to < from {
        return Err(AskError::usage("the last day is before the first"));
    }
    let checkpoint = ledger.checkpoint()?;
    let size = checkpoint.checkpoint().size;
    let options = Options { violations_max: usize::MAX, ..Options::default() };
    let verified = audit::verify(&Trail::Ledger(ledger.folder().to_owned()), &options);
    let mut review = StrictReview::new(Scope { division, from, to });
    let mut failed = None;
    let mut visit = |index: u64, bytes: &[u8]| {
        if failed.is_some() || index >= size {
            return;
        }
        match ledger.decode(index, bytes) {
            Ok(event) => review.take(&event),
            Err(error) => failed = Some(error),
        }
    };
    ledger.reader().scan(0, &mut visit).map_err(ReadError::from)?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    let book = ledger.with_state(|state| state.policies.clone())?;
    Ok(StrictReviewReport {
        origin: ledger.origin().to_string(),
        made_on: today(ledger),
        entries: size,
        root: checkpoint.checkpoint().root,
        checkpoint: checkpoint.note().to_string(),
        verified: Verified { ok: verified.ok, violations: verified.violations_total },
        figures: review.finish(&verified.violations, &book),
    })
}
