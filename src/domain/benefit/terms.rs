//! The policy a decision was made under (I41) and the amount it sets.
//!
//! What is paid for a month is the policy's amount for that month in the case's division. When a
//! new amount is published it holds for every running benefit from its own month on, without a
//! decision for each. An amount nobody has set pays nothing.

use crate::domain::{State, refusal::refusals};
use crate::event::Recorded;
use crate::policy::ProgrammePolicy;
use crate::value::{DivisionCode, Fen, Hash, Month, Programme};

use super::Case;

refusals! {
    /// Why the terms of a decision do not hold.
    pub enum Refused {
        /// No policy of the programme is in force.
        NoPolicy { programme: Programme, division: DivisionCode, month: Month } =
            "I41", "no_policy", "no policy of {programme} is in force in {division} for {month}",
            "publish the programme's policy first";
        /// The decision names no policy.
        PolicyMissing { policy: Hash } = "I41", "policy_missing",
            "the decision names no policy; {policy} is in force",
            "put the hash of the policy in force into `policy`";
        /// The decision names another policy.
        PolicyNotInForce { policy: Hash } = "I41", "policy_not_in_force",
            "the decision names a policy that is not in force for it; {policy} is",
            "decide under the policy in force";
        /// Nobody has set the amount.
        AmountUnset { programme: Programme, division: DivisionCode, month: Month } =
            "I27", "amount_unset", "no amount is set for {programme} in {division} for {month}",
            "publish the amount of the official notice; nothing is paid until then";
        /// The amount is not the policy's.
        AmountDiffers { amount: Fen, rate: Fen, month: Month } = "I27", "amount_differs",
            "the amount is {amount}; the policy sets {rate} for {month}",
            "correct the amount, or have the right one published";
    }
}

/// The programme's policy in force for a case and month.
pub(super) fn in_force<'a>(
    state: &'a State,
    case: &Case,
    month: Month,
) -> Result<(Hash, &'a ProgrammePolicy), Refused> {
    let Case { programme, division, .. } = *case;
    let found = state.policies.programme(programme, division, month);
    let (published, policy) = found.ok_or(Refused::NoPolicy { programme, division, month })?;
    Ok((published.hash, policy))
}

/// I41: the decision names the policy in force for the month it decides from.
pub(super) fn named<'a>(
    state: &'a State,
    event: &Recorded,
    case: &Case,
    month: Month,
) -> Result<&'a ProgrammePolicy, Refused> {
    let (policy, body) = in_force(state, case, month)?;
    match event.payload.policy {
        None => Err(Refused::PolicyMissing { policy }),
        Some(named) if named != policy => Err(Refused::PolicyNotInForce { policy }),
        Some(_) => Ok(body),
    }
}

/// The policy's amount for a month.
pub(super) fn rate(state: &State, case: &Case, month: Month) -> Result<Fen, Refused> {
    let Case { programme, division, .. } = *case;
    let rate = state.policies.rate(programme, division, month);
    rate.map(|rate| rate.amount).map_err(|_| Refused::AmountUnset { programme, division, month })
}

/// The decided amount is the policy's.
pub(super) fn amount_fits(
    state: &State,
    case: &Case,
    month: Month,
    amount: Fen,
) -> Result<(), Refused> {
    let rate = rate(state, case, month)?;
    if amount == rate { Ok(()) } else { Err(Refused::AmountDiffers { amount, rate, month }) }
}
