//! What the bank or an old roll says was paid or came back: facts, never refused here.

use super::{Benefits, is_subsidy};
use crate::event::{PaymentExecuted, PaymentReturned, RollKind, RollReceived, RollRowRetracted};
use crate::value::{PersonId, Programme, RollId};

pub(super) fn executed(benefits: &mut Benefits, data: &PaymentExecuted) {
    let Some(month) = data.month.filter(|_| is_subsidy(data.programme)) else { return };
    let months = benefits.months_mut(data.person, data.programme);
    if data.row.as_ref().is_some_and(|row| row.corrects.is_some()) {
        months.stay_paid(month);
    } else {
        months.pay(month, data.back_pay_months);
    }
}

pub(super) fn returned(benefits: &mut Benefits, data: &PaymentReturned) {
    let Some(month) = data.month.filter(|_| is_subsidy(data.programme)) else { return };
    benefits.months_mut(data.person, data.programme).come_back(month);
}

pub(super) fn roll(benefits: &mut Benefits, id: RollId, data: &RollReceived) {
    let programme = match data.kind {
        RollKind::LivingAllowance => Programme::LivingAllowance,
        RollKind::NursingCareSubsidy => Programme::NursingCareSubsidy,
        _ => return,
    };
    if let Some(month) = data.month {
        benefits.rolls.insert(id, (programme, month));
    }
}

/// A full list no longer has a payment: it never was.
pub(super) fn retracted(benefits: &mut Benefits, person: PersonId, data: &RollRowRetracted) {
    let Some((programme, month)) = benefits.rolls.get(&data.row.roll).copied() else { return };
    benefits.months_mut(person, programme).forget(month);
}
