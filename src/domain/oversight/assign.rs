//! `anomaly.assigned`: a flag goes to an inspector who may judge it.

use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{AnomalyAssigned, Recorded, Role};
use crate::value::{ActorId, Day};

refusals! {
    /// Why an assignment is refused.
    pub enum Refused {
        /// Not somebody who can give a verdict.
        NoInspector { to: ActorId } = "I32", "no_inspector",
            "{to} is no inspector who may sign today",
            "`mingzheng actor list` shows the inspectors",
            "{to} 今天不是可以签署的督查员",
            "`mingzheng actor list` 可以查看督查员";
    }
}

pub(super) fn decide(
    state: &State,
    event: &Recorded,
    data: &AnomalyAssigned,
    today: Day,
) -> Result<(), Rejection> {
    let flag = super::flag_of(state, &data.flag, &event.subject)?;
    let may_sign = |actor: &&crate::domain::authority::Actor| {
        actor.role == Role::Inspector
            && actor.suspended_on.is_none()
            && actor.valid_from <= today
            && actor.valid_to.is_none_or(|to| today <= to)
    };
    if state.actors.find(&data.to).filter(may_sign).is_none() {
        return Err(Refused::NoInspector { to: data.to.clone() }.into());
    }
    super::no_part(state, flag, &event.signer.actor)?;
    Ok(super::no_part(state, flag, &data.to)?)
}
