//! How a card of the register came about (R22, R24, R25, R27, R46).

use super::super::scene::components;
use super::super::stage::{Holder, MILD, POOR, Stage, Want};
use super::{Story, lawful, wrong};
use crate::value::{Category, Day};

pub(super) const STORIES: &[Story] = &[
    wrong("one_assessor", one_assessor),
    wrong("one_assessor_twice", one_assessor_twice),
    wrong("one_component", one_component),
    wrong("level_not_of_components", level_not_of_components),
    wrong("no_notice", no_notice),
    wrong("short_notice", short_notice),
    wrong("receiver_is_approver", receiver_is_approver),
    wrong("approver_blank", approver_blank),
    wrong("assessed_by_sight_too_late", by_sight_too_late),
    lawful("assessed_by_sight_in_time", by_sight_in_time),
    lawful("minor_notice_waived", minor_notice_waived),
    lawful("multiple_of_three", multiple_of_three),
];

const MULTIPLE: Want = Want { category: Some(Category::Multiple), ..MILD };

fn one_assessor(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MILD);
    holder.card.doctors.truncate(1);
    stage.label("R22", &holder.id());
    stage.enter(holder);
}

fn one_assessor_twice(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MILD);
    let first = holder.card.doctors[0].clone();
    holder.card.doctors[1] = first;
    stage.label("R22", &holder.id());
    stage.enter(holder);
}

fn one_component(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MULTIPLE);
    holder.card.components.truncate(1);
    stage.label("R24", &holder.id());
    stage.enter(holder);
}

fn level_not_of_components(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MULTIPLE);
    holder.card.level = 3;
    holder.card.components = components(&[(Category::Physical, 4), (Category::Visual, 4)]);
    stage.label("R24", &holder.id());
    stage.enter(holder);
}

fn no_notice(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MILD);
    holder.card.notice = None;
    stage.label("R25", &holder.id());
    stage.enter(holder);
}

fn short_notice(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    let to = holder.card.issued.plus_days(-10);
    holder.card.notice = Some((to.plus_days(-3), to));
    stage.label("R25", &holder.id());
    stage.enter(holder);
}

fn receiver_is_approver(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MILD);
    holder.card.approver = holder.card.receiver.clone();
    stage.label("R27", &holder.id());
    stage.enter(holder);
}

fn approver_blank(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MILD);
    holder.card.approver.clear();
    stage.label("R46", &holder.id());
    stage.enter(holder);
}

/// Nobody and no day of an assessment stands in the register.
fn by_sight(stage: &mut Stage<'_>, issued: Day) -> Holder {
    let mut holder = stage.holder(MILD);
    let card = &mut holder.card;
    card.issue(issued);
    card.doctors.clear();
    card.assessed_on = None;
    card.institution.clear();
    holder
}

fn by_sight_too_late(stage: &mut Stage<'_>) {
    let issued = stage.frame.today.plus_months(-30);
    let holder = by_sight(stage, issued);
    stage.label("R22", &holder.id());
    stage.enter(holder);
}

/// Before the end of 2017 officers stood in no column.
fn by_sight_in_time(stage: &mut Stage<'_>) {
    let last = Day::new(2017, 12, 31).unwrap_or(stage.frame.today);
    if stage.frame.today.plus_months(-119) > last {
        let holder = stage.holder(MILD);
        return stage.enter(holder); // none of those cards is valid any more
    }
    let mut holder = by_sight(stage, last);
    let card = &mut holder.card;
    for officer in [&mut card.receiver, &mut card.reviewer, &mut card.approver] {
        officer.clear();
    }
    stage.enter(holder);
}

fn minor_notice_waived(stage: &mut Stage<'_>) {
    let holder = stage.child(MILD);
    stage.enter(holder);
}

fn multiple_of_three(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MULTIPLE);
    holder.card.level = 3;
    holder.card.components =
        components(&[(Category::Physical, 4), (Category::Hearing, 3), (Category::Speech, 4)]);
    stage.enter(holder);
}
