//! What a custodian reports of somebody: a move (R42, R42b), an allowance of which only the higher
//! is paid (R12), and officers who hold a card themselves (R30).

use super::super::frame::{AT_THE_DESK, COUNTIES, ROUND};
use super::super::scene::NURSING;
use super::super::stage::{MILD, POOR, SEVERE_ONLY, Stage};
use super::{Story, lawful, wrong};
use crate::demo::officer_id;
use crate::value::FactKind;

pub(super) const STORIES: &[Story] = &[
    wrong("moved_and_left_behind", moved_and_left_behind),
    wrong("paid_after_moving", paid_after_moving),
    wrong("both_nursing_allowances", both_nursing_allowances),
    wrong("officer_with_a_card", officer_with_a_card),
    lawful("moved_lately_and_unpaid", moved_lately),
    lawful("allowance_of_the_other_kind", allowance_of_the_other_kind),
];

/// Another county of the prefecture.
fn elsewhere(stage: &Stage<'_>) -> &'static str {
    COUNTIES[((stage.county() + 3) % AT_THE_DESK) as usize].0
}

fn moved_and_left_behind(stage: &mut Stage<'_>) {
    let holder = stage.holder(MILD);
    let to = elsewhere(stage);
    let moved = stage.frame.today.plus_months(-8);
    stage.report(holder.person(), FactKind::HukouMove, moved, Some(to));
    stage.label("R42", &holder.id());
    stage.enter(holder);
}

fn paid_after_moving(stage: &mut Stage<'_>) {
    let holder = stage.holder(POOR);
    let to = elsewhere(stage);
    let month = stage.frame.before(2);
    stage.report(holder.person(), FactKind::HukouMove, month.first_day().plus_days(8), Some(to));
    stage.label_pays("R42b", &holder, |pay| pay.month > month);
    stage.enter(holder);
}

fn both_nursing_allowances(stage: &mut Stage<'_>) {
    let holder = stage.holder(SEVERE_ONLY);
    let month = stage.frame.before(1);
    stage.report(holder.person(), FactKind::ElderlyNursing, month.first_day(), None);
    stage.label_pays("R12", &holder, |pay| pay.programme == NURSING && pay.month >= month);
    stage.enter(holder);
}

/// An officer of the ledger, who declared nothing. Each of them once: there are few.
fn officer_with_a_card(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MILD);
    if let Some(id) = officer_id(stage.number / ROUND) {
        holder.card.person.id = id;
        stage.label("R30", &holder.id());
    }
    stage.enter(holder);
}

fn moved_lately(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    let to = elsewhere(stage);
    let month = stage.frame.before(1);
    stage.report(holder.person(), FactKind::HukouMove, month.first_day().plus_days(8), Some(to));
    holder.paid_until(month);
    stage.enter(holder);
}

fn allowance_of_the_other_kind(stage: &mut Stage<'_>) {
    let holder = stage.holder(POOR);
    let month = stage.frame.before(1);
    stage.report(holder.person(), FactKind::ElderlyNursing, month.first_day(), None);
    stage.enter(holder);
}
