//! An account of the person's own is drafted in the person's name only: that a tag differs from another
//! is nothing that a signer would notice, and what is signed and then refused was signed for nothing.

use super::super::AskError;
use crate::domain::Rejection;
use crate::domain::benefit::account::expect_own_name;
use crate::event::Body;
use crate::ledger::Ledger;
use crate::value::Subject;

/// Holds the name that was typed for an account against the person's; other events pass.
pub(super) fn check(ledger: &Ledger, subject: &Subject, event: &Body) -> Result<(), AskError> {
    let (Subject::Case(case), Body::AccountBound(data)) = (subject, event) else { return Ok(()) };
    let held = ledger.with_state(|state| {
        // What is no case is refused when it is submitted, by its own reason.
        state.benefits.case(case).map_or(Ok(()), |case| expect_own_name(state, case, data))
    })?;
    held.map_err(|refused| Rejection::from(refused).into())
}
