//! `anomaly.reviewed`: the verdict of an inspector with no part in the case.

use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{AnomalyReviewed, Recorded};
use crate::value::ActorId;

refusals! {
    /// Why a verdict is refused.
    pub enum Refused {
        /// Somebody else has it.
        AssignedToOther { to: ActorId } = "I32", "assigned_to_other",
            "the flag is assigned to {to}", "{to} has to review it, or have it assigned anew",
            "该疑点已指派给 {to}",
            "请由其核查，或重新指派";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    data: &AnomalyReviewed,
) -> Result<(), Rejection> {
    let flag = super::flag_of(state, &data.flag, &event.subject)?;
    super::no_part(state, flag, &event.signer.actor)?;
    match &flag.assigned {
        Some(to) if *to != event.signer.actor => {
            Err(Refused::AssignedToOther { to: to.clone() }.into())
        }
        Some(_) | None => Ok(()),
    }
}
