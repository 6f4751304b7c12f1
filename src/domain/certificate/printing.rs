//! `certificate.printed` (E14).

use super::case::{Part, Stage};
use super::gates::Ask;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::Recorded;
use crate::value::{CaseId, Day};

refusals! {
    /// Why a printing is refused.
    pub enum Refused {
        /// Not approved, or printed already.
        NotApproved = "I04", "not_approved", "a certificate is printed once, after its approval",
            "take the steps of the case in order";
    }
}

pub(super) fn decide(ask: &Ask<'_>, id: &CaseId) -> Result<(), Rejection> {
    let (case, progress) = ask.open(id)?;
    if case.stage != Stage::Approved {
        return Err(Refused::NotApproved.into());
    }
    Ok(ask.apart(progress, Part::Print, &ask.event.signer.actor)?)
}

pub(super) fn evolve(state: &mut State, event: &Recorded, id: &CaseId) {
    if let Some((stage, progress)) = state.certificates.progress_mut(id) {
        *stage = Stage::Printed;
        progress.printed_on = Some(Day::of_millis(event.recorded_at_ms));
        progress.took(Part::Print, &event.signer.actor);
    }
}
