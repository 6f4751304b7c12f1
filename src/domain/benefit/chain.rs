//! The chain of a programme's policy: which step is next, whose role signs it, and that nobody
//! signs two (I02, I23).
//!
//! A case goes through the chain of the policy that was in force for the month of its
//! application; a later policy changes no chain under way.

use super::{Case, apart, terms};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{Recorded, Role};
use crate::policy::ProgrammePolicy;
use crate::value::{ChainRole, ChainStep};

refusals! {
    /// Why a step of a chain is refused.
    pub enum Refused {
        /// The programme has no such step.
        NotInChain { step: ChainStep } = "I23", "step_not_in_chain",
            "the programme's policy asks for no {step}", "go on with the next step of its chain",
            "该项目的政策没有“{step}”环节",
            "请办理流程中的下一环节";
        /// Another role signs it.
        WrongRole { step: ChainStep, role: ChainRole } = "I02", "role_not_of_step",
            "the programme's policy has the {step} signed by a {role}",
            "have an actor of that role sign",
            "按该项目的政策，“{step}”由{role}签署",
            "请由该岗位的人员签署";
        /// An earlier step is missing.
        StepMissing { step: ChainStep } = "I23", "step_missing",
            "the {step} is not recorded, which comes first", "have that step recorded first",
            "前面的“{step}”尚未记录",
            "请先记录该环节";
    }
}

/// The policy whose chain the case goes through.
pub(super) fn policy_of<'a>(
    state: &'a State,
    case: &Case,
) -> Result<&'a ProgrammePolicy, terms::Refused> {
    terms::in_force(state, case, case.month).map(|(_, policy)| policy)
}

/// The first step before `step` that nobody has signed.
pub(super) fn missing_before(
    policy: &ProgrammePolicy,
    case: &Case,
    step: ChainStep,
) -> Option<ChainStep> {
    let before = policy.chain.iter().map(|found| found.step).take_while(|found| *found < step);
    before.into_iter().find(|found| !case.reviews.has(*found))
}

/// The step is in the chain, its role signs it, every earlier one is signed, by other people.
pub(super) fn decide(
    state: &State,
    event: &Recorded,
    case: &Case,
    step: ChainStep,
) -> Result<(), Rejection> {
    let policy = policy_of(state, case)?;
    decide_role(policy, event, step)?;
    if let Some(step) = missing_before(policy, case, step) {
        return Err(Refused::StepMissing { step }.into());
    }
    decide_apart(state, event, case)
}

/// The signer took no earlier step, nor the application.
pub(super) fn decide_apart(state: &State, event: &Recorded, case: &Case) -> Result<(), Rejection> {
    let earlier = case.reviews.iter().map(|review| &review.actor);
    Ok(apart(state, &event.signer.actor, earlier.chain([&case.applied_by]))?)
}

/// The signer has the role that the policy names for a step.
pub(super) fn decide_role(
    policy: &ProgrammePolicy,
    event: &Recorded,
    step: ChainStep,
) -> Result<(), Refused> {
    let Some(found) = policy.step(step) else {
        return Err(Refused::NotInChain { step });
    };
    if role_of(found.role) == event.signer.role {
        Ok(())
    } else {
        Err(Refused::WrongRole { step, role: found.role })
    }
}

/// Whoever determines the programme's benefits also amends, stops and resumes them.
pub(super) fn decide_determiner(
    state: &State,
    event: &Recorded,
    case: &Case,
) -> Result<(), Rejection> {
    Ok(decide_role(policy_of(state, case)?, event, ChainStep::Determination)?)
}

/// The role as actors are enrolled in it.
const fn role_of(role: ChainRole) -> Role {
    match role {
        ChainRole::Clerk => Role::Clerk,
        ChainRole::TownshipReviewer => Role::TownshipReviewer,
        ChainRole::DpfReviewer => Role::DpfReviewer,
        ChainRole::Assessor => Role::Assessor,
        ChainRole::Approver => Role::Approver,
        ChainRole::CivilAffairsOfficer => Role::CivilAffairsOfficer,
        ChainRole::ServiceProvider => Role::ServiceProvider,
    }
}
