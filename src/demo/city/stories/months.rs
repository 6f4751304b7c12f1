//! What was paid for which months (R10, R14, R16, R17).

use super::super::frame::{AT_THE_DESK, COUNTIES};
use super::super::scene::{NURSING, Pay, Status};
use super::super::stage::{Holder, SEVERE_ONLY, Stage};
use super::{Story, lawful, wrong};
use crate::value::Fen;

pub(super) const STORIES: &[Story] = &[
    wrong("paid_by_two_counties", paid_by_two_counties),
    wrong("wrong_amount", wrong_amount),
    wrong("back_pay_beyond_the_limit", back_pay_beyond_the_limit),
    wrong("twice_in_one_roll", twice_in_one_roll),
    wrong("again_in_the_next_roll", again_in_the_next_roll),
    wrong("back_pay_of_a_paid_month", back_pay_of_a_paid_month),
    lawful("backpay_application", backpay_application),
    lawful("backpay_missed", backpay_missed),
    lawful("backpay_new_card", backpay_new_card),
    lawful("backpay_renewal_gap", backpay_renewal_gap),
];

fn paid_by_two_counties(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let month = stage.frame.before(1);
    let own = stage.county() as usize;
    let (other, _) = COUNTIES[(own + 1) % AT_THE_DESK as usize];
    let second = Pay { division: other, ..stage.row(&holder, NURSING, month) };
    stage.label_of("R10", &holder.id(), Some(NURSING), Some(month));
    holder.pays.push(second);
    stage.enter(holder);
}

fn wrong_amount(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let month = stage.frame.last();
    let amount = Fen(if stage.chance.percent(50) { 12_000 } else { 5_000 });
    for pay in holder.pays.iter_mut().filter(|pay| pay.month == month) {
        pay.amount = amount;
    }
    stage.label_pays("R14", &holder, |pay| pay.month == month);
    stage.enter(holder);
}

/// The last row pays `back` months, which no other row pays.
fn paid_back(stage: &mut Stage<'_>, back: i32, reason: &'static str) -> Holder {
    let mut holder = stage.holder(SEVERE_ONLY);
    let last = stage.frame.last();
    holder.pays.retain(|pay| pay.month < last.plus(-back));
    let row = stage.row(&holder, NURSING, last).back(i64::from(back), reason);
    holder.pays.push(row);
    holder
}

fn back_pay_beyond_the_limit(stage: &mut Stage<'_>) {
    let holder = paid_back(stage, 5, "漏发补发");
    stage.label_of("R16", &holder.id(), Some(NURSING), Some(stage.frame.last()));
    stage.enter(holder);
}

fn twice_in_one_roll(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let month = stage.frame.last();
    let row = stage.row(&holder, NURSING, month);
    holder.pays.push(row);
    stage.label_of("R17", &holder.id(), Some(NURSING), Some(month));
    stage.enter(holder);
}

fn again_in_the_next_roll(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let month = stage.frame.before(1);
    let row = Pay { roll: month.next(), ..stage.row(&holder, NURSING, month) };
    holder.pays.push(row);
    stage.label_of("R17", &holder.id(), Some(NURSING), Some(month));
    stage.enter(holder);
}

fn back_pay_of_a_paid_month(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let last = stage.frame.last();
    holder.paid_until(last.plus(-1));
    let row = stage.row(&holder, NURSING, last).back(1, "漏发补发");
    holder.pays.push(row);
    stage.label_of("R17", &holder.id(), Some(NURSING), Some(last.plus(-1)));
    stage.enter(holder);
}

fn backpay_application(stage: &mut Stage<'_>) {
    let holder = paid_back(stage, 3, "自申请月起补发");
    stage.enter(holder);
}

fn backpay_missed(stage: &mut Stage<'_>) {
    let holder = paid_back(stage, 1, "银行退票后补发");
    stage.enter(holder);
}

/// The card was issued late in the month before: that month is paid with the next.
fn backpay_new_card(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let last = stage.frame.last();
    holder.card.issue(last.plus(-1).last_day());
    holder.unpaid();
    let row = stage.row(&holder, NURSING, last).back(1, "新办证补发");
    holder.pays.push(row);
    stage.enter(holder);
}

/// The old card ended three months ago, the new one came this month: both gaps are paid back.
fn backpay_renewal_gap(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let last = stage.frame.last();
    let ended = last.plus(-3).first_day().plus_days(20);
    let mut old = holder.card.clone();
    old.issue(ended.plus_days(1).plus_months(-120));
    old.close(Status::Cancelled, ended.plus_days(1));
    let number = old.number();
    holder.card.issue(last.first_day().plus_days(1));
    holder.paid_until(last.plus(-3));
    for pay in &mut holder.pays {
        pay.card.clone_from(&number);
    }
    let row = stage.row(&holder, NURSING, last).back(2, "换证期间补发");
    holder.pays.push(row);
    holder.older.push(old);
    stage.enter(holder);
}
