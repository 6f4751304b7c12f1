//! `recovery.ordered` and `recovery.waived`: money back, by two signers of two organisations.
//!
//! What came in (`recovery.received`) is a fact. Overdue is no event: it is what is still to come
//! after the last day ([`super::Order::is_overdue`]).

use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{Body, RecoveryOrdered, RecoveryWaived, Remedy};
use crate::value::{Day, Fen};

refusals! {
    /// Why a recovery, or waiving one, is refused.
    pub enum Refused {
        /// No confirmed verdict on this person's flag.
        VerdictNotConfirmed = "I32", "verdict_not_confirmed",
            "data.verdict is no standing confirmed verdict on this flag of this person",
            "have an inspector confirm the flag first, and name that verdict",
            "所填核查结论不是关于此人此疑点、仍然有效的属实结论",
            "请督查员先核查属实，并写明该结论";
        /// The flag says that money is owed to the person.
        NothingToRecover = "I32", "nothing_to_recover",
            "the flag says that the person did not get what is theirs",
            "record help.given",
            "该疑点说的是此人应得未得",
            "请记录帮扶（help.given）";
        /// Nothing, or less.
        AmountNotPositive = "I31", "amount_not_positive", "the amount is not more than zero",
            "correct data.amount",
            "金额不大于零",
            "请更正金额（data.amount）";
        /// More than is at risk.
        OverMoneyAtRisk { amount: Fen, most: Fen } = "I31", "over_money_at_risk",
            "{amount} yuan is more than the {most} yuan at risk that no order names yet",
            "order no more than the flag names",
            "{amount} 元超过尚未追缴的涉及金额 {most} 元",
            "追缴金额不得超过疑点所列";
        /// No time to pay.
        DueNotAhead { due: Day } = "I31", "due_not_ahead", "the last day, {due}, is not ahead",
            "name a day after today",
            "期限 {due} 不晚于今天",
            "请填写今天之后的日期";
        /// No such order in effect.
        UnknownOrder = "I31", "unknown_order",
            "data.order is no recovery in effect on this flag of this person",
            "name the statement of recovery.ordered, once it is endorsed",
            "所填追缴决定不是此人此疑点有效的决定",
            "请写明已会签的追缴决定（recovery.ordered）";
        /// More than is left.
        OverRest { amount: Fen, rest: Fen } = "I31", "over_rest",
            "{amount} yuan is more than the {rest} yuan still to come",
            "waive no more than is left",
            "{amount} 元超过尚待追缴的 {rest} 元",
            "免除金额不得超过余额";
        /// The same was proposed and waits.
        ProposedAlready { on: Day, lapses: Day } = "I31", "proposed_already",
            "the same was proposed on {on} and can be endorsed until {lapses}",
            "have a supervisor endorse that proposal; when it has lapsed, propose anew",
            "已于 {on} 提出同一事项，会签截止 {lapses}",
            "请由监督员会签该提议；失效后方可重新提出";
    }
}

/// An order; one that is proposed, and not endorsed now, is the only one of its flag that waits.
pub(super) fn decide_ordered(
    state: &State,
    data: &RecoveryOrdered,
    today: Day,
    is_proposal: bool,
) -> Result<(), Rejection> {
    may_order(state, data, today)?;
    if is_proposal {
        let own = state.oversight.own_id(&data.flag);
        let is_same = |body: &Body| match body {
            Body::RecoveryOrdered(it) => {
                state.oversight.own_id(&it.flag) == own && may_order(state, it, today).is_ok()
            }
            _ => false,
        };
        proposed_once(state, today, is_same)?;
    }
    Ok(())
}

/// A waiver; one that is proposed, and not endorsed now, is the only one of its order that waits.
pub(super) fn decide_waived(
    state: &State,
    data: &RecoveryWaived,
    today: Day,
    is_proposal: bool,
) -> Result<(), Refused> {
    may_waive(state, data)?;
    if is_proposal {
        let is_same = |body: &Body| match body {
            Body::RecoveryWaived(it) => it.order == data.order && may_waive(state, it).is_ok(),
            _ => false,
        };
        proposed_once(state, today, is_same)?;
    }
    Ok(())
}

/// I31: one proposal at a time. One that can take effect no more, because it has lapsed or its verdict
/// fell, is in nobody's way.
fn proposed_once(
    state: &State,
    today: Day,
    is_same: impl Fn(&Body) -> bool,
) -> Result<(), Refused> {
    match state.proposals.open(today, |it| is_same(&it.payload.body)) {
        Some((on, lapses)) => Err(Refused::ProposedAlready { on, lapses }),
        None => Ok(()),
    }
}

fn may_order(state: &State, data: &RecoveryOrdered, today: Day) -> Result<(), Rejection> {
    let flag = state.oversight.flag(&data.flag).ok_or(super::Refused::UnknownFlag)?;
    let confirmed =
        state.oversight.confirmed_by(&data.verdict) == Some(state.oversight.own_id(&data.flag));
    if !confirmed || flag.person != Some(data.person) {
        return Err(Refused::VerdictNotConfirmed.into());
    }
    if flag.remedy == Remedy::Help {
        return Err(Refused::NothingToRecover.into());
    }
    if data.amount <= Fen(0) {
        return Err(Refused::AmountNotPositive.into());
    }
    let ordered: Fen = state.oversight.orders_of(flag).map(|(_, order)| order.ordered).sum();
    let most = Fen((flag.money_at_risk.0 - ordered.0).max(0));
    if data.amount > most {
        return Err(Refused::OverMoneyAtRisk { amount: data.amount, most }.into());
    }
    if data.due <= today {
        return Err(Refused::DueNotAhead { due: data.due }.into());
    }
    Ok(())
}

fn may_waive(state: &State, data: &RecoveryWaived) -> Result<(), Refused> {
    let order = state.oversight.order(&data.order);
    let named = (data.person, state.oversight.own_id(&data.flag));
    let Some(order) = order.filter(|order| (order.person, order.flag) == named) else {
        return Err(Refused::UnknownOrder);
    };
    if data.amount <= Fen(0) {
        return Err(Refused::AmountNotPositive);
    }
    let rest = order.rest();
    if data.amount > rest {
        return Err(Refused::OverRest { amount: data.amount, rest });
    }
    Ok(())
}
