//! `identity.verified` (E02): a register, a card reader or a visit confirms who applies.

use super::case::{Part, Stage};
use super::gates::Ask;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{IdentityVerified, Recorded, Role};
use crate::value::CaseId;

refusals! {
    /// Why a verification is refused.
    pub enum Refused {
        /// Not the next step.
        NotSubmitted = "I04", "not_submitted",
            "the identity is verified after the application and before its acceptance",
            "take the steps of the case in order",
            "身份核实在申请之后、受理之前",
            "请按顺序办理";
        /// The photo or the household register does not match.
        DoesNotMatch = "I04", "identity_does_not_match",
            "an identity whose photo or household register does not match is not verified",
            "record application.not_accepted with the reason",
            "照片或户口簿不符的，不能记为身份已核实",
            "请写明理由，记录不予受理";
        /// Another birth date than the application's.
        BirthDateDiffers = "I04", "birth_date_differs",
            "the source says another birth date than the application",
            "record application.not_accepted, and hand in a corrected application",
            "来源的出生日期与申请不同",
            "请记录不予受理，更正后重新提出申请";
    }
}

pub(super) fn decide(ask: &Ask<'_>, id: &CaseId, data: &IdentityVerified) -> Result<(), Rejection> {
    let (case, progress) = ask.open(id)?;
    if case.stage != Stage::Submitted {
        return Err(Refused::NotSubmitted.into());
    }
    if !(data.photo_match && data.hukou_match) {
        return Err(Refused::DoesNotMatch.into());
    }
    if data.birth_date != progress.birth_date {
        return Err(Refused::BirthDateDiffers.into());
    }
    Ok(ask.apart(progress, Part::Accept, &ask.event.signer.actor)?)
}

pub(super) fn evolve(state: &mut State, event: &Recorded, id: &CaseId) {
    if let Some((stage, progress)) = state.certificates.progress_mut(id) {
        *stage = Stage::Verified;
        // A custodian only confirms what its register says.
        if event.signer.role == Role::Clerk {
            progress.took(Part::Accept, &event.signer.actor);
        }
    }
}
