//! Benefits: from application to the authorised payroll, one file per use case.

mod register;

pub use register::{Benefits, Case, Payroll};

use super::{Rejection, State};
use crate::event::Recorded;

/// Asks the gates of the benefits' chain; yes for events that are not part of it.
pub(super) fn decide(
    _state: &State,
    _event: &Recorded,
    _endorsement: Option<&Recorded>,
) -> Result<(), Rejection> {
    Ok(())
}

/// Follows the benefits' chain.
pub(super) fn evolve(_state: &mut State, _event: &Recorded) {}
