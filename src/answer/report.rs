//! The strict-review report: the trail is verified, then counted.

use std::sync::Arc;

use super::{AskError, Moment, Records, today};
use crate::audit::{
    self, Options, Trail,
    strict_review::{Scope, StrictReview},
};
use crate::ledger::{Ledger, ReadError};
use crate::policy::PolicyBook;
use crate::report::{Prefix, StrictReviewReport, Verified};
use crate::value::{Day, DivisionCode};

/// What the ledger knew at an earlier entry.
pub(crate) struct Then {
    last: u64,
    book: Arc<PolicyBook>,
    /// The day that entry was recorded.
    pub(crate) day: Day,
}

impl Then {
    /// Finds it by an index, a day or a time.
    pub(crate) fn find(records: &Records<'_>, as_of: &str) -> Result<Self, AskError> {
        let moment = Moment::find(records, None, Some(as_of))?;
        let last = moment.current_to(records).saturating_sub(1);
        Ok(Self { last, book: moment.policies(records)?, day: moment.on })
    }
}

/// Makes the report of a division with all below it, from the first to the last day, by what is
/// known now or what was known then. Verified is the whole trail, either way.
pub(crate) fn strict_review(
    ledger: &Ledger,
    division: DivisionCode,
    (from, to): (Day, Day),
    then: Option<Then>,
) -> Result<StrictReviewReport, AskError> {
    if to < from {
        return Err(AskError::usage("the last day is before the first"));
    }
    let checkpoint = ledger.checkpoint()?;
    let size = checkpoint.checkpoint().size;
    let known = match &then {
        Some(then) => {
            let entries = size.min(then.last + 1);
            let root = ledger.with_tree(|tree| tree.root_at(entries))?.map_err(ReadError::from)?;
            Some(Prefix { entries, root })
        }
        None => None,
    };
    let counted = known.map_or(size, |known| known.entries);
    let options = Options { violations_max: usize::MAX, ..Options::default() };
    let verified = audit::verify(&Trail::Ledger(ledger.folder().to_owned()), &options);
    let mut review = StrictReview::new(Scope { division, from, to });
    let decoder = ledger.decoder()?;
    ledger.each_entry(0..counted, |index, bytes| {
        review.take(&decoder.event(index, bytes)?);
        Ok::<(), ReadError>(())
    })?;
    let book = match then {
        Some(then) => then.book,
        None => ledger.with_state(|state| state.policies.clone())?,
    };
    Ok(StrictReviewReport {
        origin: ledger.origin().to_string(),
        made_on: today(ledger),
        entries: size,
        root: checkpoint.checkpoint().root,
        checkpoint: checkpoint.note().to_string(),
        known,
        verified: Verified { ok: verified.ok, violations: verified.violations_total },
        figures: review.finish(&verified.violations, &book),
    })
}
