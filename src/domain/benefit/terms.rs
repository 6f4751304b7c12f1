//! The policy a decision was made under (I41) and the amount it sets.
//!
//! What is paid for a month is the policy's amount for that month in the case's division. When a
//! new amount is published it holds for every running benefit from its own month on, without a
//! decision for each. An amount nobody has set pays nothing.

use crate::domain::{State, refusal::refusals};
use crate::event::Recorded;
use crate::policy::ProgrammePolicy;
use crate::value::{DivisionCode, Fen, Hash, Month, Programme};

use super::{Case, UnitKey};

refusals! {
    /// Why the terms of a decision do not hold.
    pub enum Refused {
        /// No policy of the programme is in force.
        NoPolicy { programme: Programme, division: DivisionCode, month: Month } =
            "I41", "no_policy", "no policy of {programme} is in force in {division} for {month}",
            "publish the programme's policy first",
            "{month} 在 {division} 没有生效的{programme}政策",
            "请先发布该项目的政策";
        /// The decision names no policy.
        PolicyMissing { policy: Hash } = "I41", "policy_missing",
            "the decision names no policy; {policy} is in force",
            "put the hash of the policy in force into `policy`",
            "该决定没有写明所依据的政策；现行政策为 {policy}",
            "请写明现行政策的哈希";
        /// The decision names another policy.
        PolicyNotInForce { policy: Hash } = "I41", "policy_not_in_force",
            "the decision names a policy that is not in force for it; {policy} is",
            "decide under the policy in force",
            "该决定所写的政策不是应适用的现行政策；现行政策为 {policy}",
            "请按现行政策作出决定";
        /// Nobody has set the amount.
        AmountUnset { programme: Programme, division: DivisionCode, month: Month } =
            "I27", "amount_unset", "no amount is set for {programme} in {division} for {month}",
            "publish the amount of the official notice; nothing is paid until then",
            "{programme}在 {division} {month} 没有设定金额",
            "请发布正式文件规定的金额；在此之前不发放";
        /// The income is not named.
        IncomeMissing = "I27", "income_missing",
            "the amount is worked out from the household's income, which is not named",
            "set data.income, of one person and month",
            "金额按家庭收入计算，而没有写明收入",
            "请填写人均月收入（data.income）";
        /// Nothing is left over for the household.
        IncomeOverStandard { standard: Fen } = "I24", "income_over_standard",
            "the household's income a head is not below the standard of {standard}",
            "refuse, or stop the benefit",
            "该家庭人均收入不低于标准 {standard} 元",
            "请不予批准，或停发";
        /// The amount is not the policy's.
        AmountDiffers { amount: Fen, rate: Fen, month: Month } = "I27", "amount_differs",
            "the amount is {amount}; the policy sets {rate} for {month}",
            "correct the amount, or have the right one published",
            "金额为 {amount} 元，而政策规定 {month} 为 {rate} 元",
            "请更正金额，或先发布正确的标准";
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

/// The decided amount is the policy's: the item's of its catalogue, worked out for the household,
/// or the one amount for all.
pub(super) fn amount_fits(
    state: &State,
    case: &Case,
    month: Month,
    amount: Fen,
    income: Option<Fen>,
) -> Result<(), Refused> {
    let (_, policy) = in_force(state, case, month)?;
    let Case { programme, division, .. } = *case;
    let unset = Refused::AmountUnset { programme, division, month };
    let rate = if policy.formula.is_some() {
        let standard = rate(state, case, month)?;
        let income = income.ok_or(Refused::IncomeMissing)?;
        if income >= standard {
            return Err(Refused::IncomeOverStandard { standard });
        }
        gap(state, case, standard, income)
    } else if policy.catalogue.is_empty() {
        rate(state, case, month)?
    } else {
        let item = case.item.as_ref().and_then(|item| policy.item(item));
        item.and_then(|item| item.amount_fen).ok_or(unset)?
    };
    let capped = policy.cap_to_catalogue && Fen(0) < amount && amount <= rate;
    if amount == rate || capped {
        Ok(())
    } else {
        Err(Refused::AmountDiffers { amount, rate, month })
    }
}

/// `gap_times_members`: what the standard leaves over the income, for each of the household.
fn gap(state: &State, case: &Case, standard: Fen, income: Fen) -> Fen {
    let households = case.units.iter().filter_map(|unit| match unit {
        UnitKey::Household(household) => Some(state.households.members(household).count()),
        UnitKey::Person(_) | UnitKey::Vehicle(_) | UnitKey::Number(_) => None,
    });
    let members = i64::try_from(households.max().unwrap_or(1)).unwrap_or(i64::MAX);
    Fen((standard - income).0.saturating_mul(members))
}

/// What a household's benefit comes to in a month at an income a head, by the published standard.
#[must_use]
pub fn by_income(state: &State, case: &Case, month: Month, income: Fen) -> Option<Fen> {
    Some(gap(state, case, rate(state, case, month).ok()?, income))
}

/// What is owed for a month: the policy's amount for it, or, where that is not one amount for all
/// and for what is paid once, the amount decided.
pub(super) fn due(state: &State, case: &Case, month: Month) -> Result<Fen, Refused> {
    let (_, policy) = in_force(state, case, month)?;
    let one_for_all = policy.formula.is_none() && policy.catalogue.is_empty();
    if case.is_monthly() && one_for_all {
        return rate(state, case, month);
    }
    let Case { programme, division, .. } = *case;
    case.amount(month).ok_or(Refused::AmountUnset { programme, division, month })
}
