//! `benefit.checked`: the village's check or the assessor's proposal, where a chain has one.

use super::{Case, Status, chain};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{BenefitChecked, Opinion, Recorded};
use crate::value::ChainStep;

refusals! {
    /// Why a check is refused.
    pub enum Refused {
        /// A step with an event of its own.
        OtherEvent { step: ChainStep } = "I23", "step_of_other_event",
            "the {step} has an event of its own", "record that event",
            "“{step}”有自己的事项",
            "请改用该事项";
        /// Done or determined already.
        AlreadyDone { step: ChainStep } = "I23", "step_done", "the {step} is done",
            "go on with the next step",
            "“{step}”已经完成",
            "请办理下一环节";
        /// A disagreement without a reason.
        ReasonMissing = "I22", "reason_missing", "the signer disagrees and gives no reason",
            "set data.reason",
            "签署人不同意，但没有写明理由",
            "请填写理由（data.reason）";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    case: &Case,
    data: &BenefitChecked,
) -> Result<(), Rejection> {
    let step = data.step;
    if !matches!(step, ChainStep::VillageCheck | ChainStep::Assessment) {
        return Err(Refused::OtherEvent { step }.into());
    }
    if case.reviews.has(step) || case.status != Status::Applied {
        return Err(Refused::AlreadyDone { step }.into());
    }
    chain::decide(state, event, case, step)?;
    if data.opinion == Opinion::Disagree && data.reason.is_none() {
        return Err(Refused::ReasonMissing.into());
    }
    Ok(())
}
