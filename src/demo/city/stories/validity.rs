//! Cards that carry a payment or do not (R03, R04, R13, R43).

use super::super::scene::{NURSING, Status, components};
use super::super::stage::{MILD, POOR, SEVERE_ONLY, Stage};
use super::{Story, lawful, wrong};

pub(super) const STORIES: &[Story] = &[
    wrong("paid_after_cancellation", paid_after_cancellation),
    wrong("paid_while_frozen", paid_while_frozen),
    wrong("paid_after_expiry", paid_after_expiry),
    wrong("paid_before_issue", paid_before_issue),
    wrong("nursing_for_a_mild_level", nursing_for_a_mild_level),
    wrong("nursing_after_regrade", nursing_after_regrade),
    wrong("expired_and_open", expired_and_open),
    lawful("lost_validity_in_month", lost_validity_in_month),
    lawful("expired_closed_unpaid", expired_closed_unpaid),
    lawful("renewed_in_time", renewed_in_time),
    lawful("replaced_card_b1", replaced_card),
    lawful("regraded_up", regraded_up),
    lawful("level3_4_unpaid", level_unpaid),
    lawful("last_day_is_today", last_day_is_today),
];

fn paid_after_cancellation(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    let month = stage.frame.before(2);
    holder.card.close(Status::Cancelled, month.first_day().plus_days(11));
    stage.label_pays("R03", &holder, |pay| pay.month > month);
    stage.enter(holder);
}

fn paid_while_frozen(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let month = stage.frame.before(2);
    holder.card.close(Status::Frozen, month.last_day());
    stage.label_pays("R03", &holder, |pay| pay.month > month);
    stage.enter(holder);
}

fn paid_after_expiry(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let month = stage.frame.before(2);
    let expires = month.first_day().plus_days(19);
    holder.card.issue(expires.plus_days(1).plus_months(-120));
    stage.label("R43", &holder.id());
    stage.label_pays("R03", &holder, |pay| pay.month > month);
    stage.enter(holder);
}

fn paid_before_issue(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    let month = stage.frame.before(1);
    holder.card.issue(month.first_day().plus_days(14));
    holder.paid_from(month.plus(-1));
    stage.label_pays("R04", &holder, |pay| pay.month < month);
    stage.enter(holder);
}

fn nursing_for_a_mild_level(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MILD);
    stage.pay(&mut holder, NURSING);
    holder.paid_from(stage.frame.before(1)); // a year of it would be R15, too
    stage.label_pays("R13", &holder, |_| true);
    stage.enter(holder);
}

/// Regraded from 2 to 3; the old card still covers the month of the change.
fn nursing_after_regrade(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let month = stage.frame.before(2);
    let on = month.first_day().plus_days(9);
    let mut old = holder.card.clone();
    old.close(Status::Cancelled, on);
    holder.card.level = 3;
    holder.card.components =
        components(&old.components.iter().map(|part| (part.category, 3)).collect::<Vec<_>>());
    holder.card.issue(on);
    holder.older.push(old);
    stage.label_pays("R13", &holder, |pay| pay.month > month);
    stage.enter(holder);
}

fn expired_and_open(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MILD);
    holder.card.issue(stage.frame.today.plus_months(-120));
    stage.label("R43", &holder.id());
    stage.enter(holder);
}

fn lost_validity_in_month(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    let month = stage.frame.before(1);
    holder.card.close(Status::Cancelled, month.first_day());
    holder.paid_until(month);
    stage.enter(holder);
}

fn expired_closed_unpaid(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let expires = stage.frame.before(14).first_day().plus_days(3);
    holder.card.issue(expires.plus_days(1).plus_months(-120));
    holder.card.close(Status::Cancelled, expires.plus_days(1));
    holder.unpaid();
    stage.enter(holder);
}

fn renewed_in_time(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let on = stage.frame.before(1).first_day().plus_days(7);
    let mut old = holder.card.clone();
    old.issue(on.plus_months(-120));
    old.close(Status::Cancelled, on);
    holder.card.issue(on);
    holder.older.push(old);
    stage.enter(holder);
}

fn replaced_card(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    let on = stage.frame.before(1).first_day().plus_days(5);
    let mut old = holder.card.clone();
    old.close(Status::Cancelled, on);
    holder.card.suffix = "B1";
    let expires = holder.card.expires;
    (holder.card.issued, holder.card.expires) = (on, expires);
    let number = holder.card.number();
    for pay in holder.pays.iter_mut().filter(|pay| pay.month > on.month()) {
        pay.card.clone_from(&number);
    }
    holder.older.push(old);
    stage.enter(holder);
}

/// Regraded from 3 to 2: nursing care from that month on.
fn regraded_up(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let on = stage.frame.before(1).last_day();
    let mut old = holder.card.clone();
    old.level = 3;
    old.components =
        components(&old.components.iter().map(|part| (part.category, 3)).collect::<Vec<_>>());
    old.close(Status::Cancelled, on);
    holder.card.issue(on);
    holder.older.push(old);
    holder.paid_from(on.month());
    stage.enter(holder);
}

fn level_unpaid(stage: &mut Stage<'_>) {
    let holder = stage.holder(MILD);
    stage.enter(holder);
}

fn last_day_is_today(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    holder.card.issue(stage.frame.today.plus_days(1).plus_months(-120));
    holder.card.expires = stage.frame.today;
    stage.enter(holder);
}
