//! `certificate.printed` (E14).

use super::appeal;
use super::case::{Part, Stage};
use super::gates::Ask;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{CertificatePrinted, Recorded};
use crate::value::{CaseId, Day};

refusals! {
    /// Why a printing is refused.
    pub enum Refused {
        /// Not approved, or printed already.
        NotApproved = "I04", "not_approved", "a certificate is printed once, after its approval",
            "take the steps of the case in order",
            "批准之后制证，且只制一次",
            "请按顺序办理";
        /// On the old card's blank.
        BlankUsed = "I14", "blank_used", "the blank is that of the card to be replaced",
            "print on a new blank",
            "该空白证是待换旧证所用",
            "请用新的空白证";
    }
}

pub(super) fn decide(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &CertificatePrinted,
) -> Result<(), Rejection> {
    let (case, progress) = ask.open(id)?;
    if case.stage != Stage::Approved {
        return Err(Refused::NotApproved.into());
    }
    let old = progress.previous.and_then(|old| ask.state.certificates.find(&old));
    if old.is_some_and(|old| old.blank == Some(data.blank)) {
        return Err(Refused::BlankUsed.into());
    }
    appeal::not_pending(ask, id, &case.person)?;
    Ok(ask.apart(progress, Part::Print, &ask.event.signer.actor)?)
}

pub(super) fn evolve(state: &mut State, event: &Recorded, id: &CaseId, data: &CertificatePrinted) {
    if let Some((stage, progress)) = state.certificates.progress_mut(id) {
        *stage = Stage::Printed;
        progress.printed_on = Some(Day::of_millis(event.recorded_at_ms));
        progress.blank = Some(data.blank);
        progress.took(Part::Print, &event.signer.actor);
    }
}
