//! Entitled and not paid (R47).

use super::super::scene::{LIVING, List, NURSING};
use super::super::stage::{POOR, SEVERE_ONLY, Stage};
use super::{Story, lawful, wrong};

pub(super) const STORIES: &[Story] = &[
    wrong("nursing_never_paid", nursing_never_paid),
    wrong("living_never_paid", living_never_paid),
    lawful("left_dibao_unpaid", left_dibao),
    lawful("issued_this_month_unpaid", issued_this_month),
];

fn nursing_never_paid(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    holder.unpaid();
    stage.label_of("R47", &holder.id(), Some(NURSING), None);
    stage.enter(holder);
}

fn living_never_paid(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    holder.unpaid();
    stage.label_of("R47", &holder.id(), Some(LIVING), None);
    stage.enter(holder);
}

/// Out of the minimum living guarantee before the last month, and no longer paid.
fn left_dibao(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    let left = stage.frame.before(1);
    stage.list(List::Dibao, &holder.card.person.clone(), left.plus(-30), Some(left));
    holder.dibao = false;
    holder.paid_until(left);
    stage.enter(holder);
}

fn issued_this_month(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    holder.unpaid();
    holder.card.issue(stage.frame.last().first_day().plus_days(25));
    stage.enter(holder);
}
