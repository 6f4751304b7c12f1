//! Rights that were lost: death, another benefit, prison (R01, R02, R11, R15, R41).

use super::super::scene::{LIVING, List, NURSING, Status};
use super::super::stage::{BOTH, Holder, MILD, POOR, SEVERE_ONLY, Stage};
use super::{Story, lawful, wrong};
use crate::value::{Day, Month};

pub(super) const STORIES: &[Story] = &[
    wrong("paid_after_death", paid_after_death),
    wrong("open_after_death", open_after_death),
    wrong("paid_and_open_after_death", paid_and_open_after_death),
    wrong("paid_with_extreme_poverty", paid_with_extreme_poverty),
    wrong("paid_with_work_injury", paid_with_work_injury),
    wrong("orphan_living", orphan_living),
    wrong("paid_for_a_year_after_death", paid_for_a_year_after_death),
    wrong("paid_in_prison", paid_in_prison),
    lawful("death_in_payment_month", death_in_payment_month),
    lawful("death_within_30_days_card_open", death_within_30_days),
    lawful("same_name_in_death_list", same_name_in_death_list),
    lawful("exclusive_ended_before", exclusive_ended_before),
    lawful("exclusive_unpaid", exclusive_unpaid),
    lawful("orphan_nursing", orphan_nursing),
    lawful("judgment_in_payment_month", judgment_in_payment_month),
    lawful("prisoner_unpaid", prisoner_unpaid),
    lawful("released_prisoner", released_prisoner),
];

fn day(month: Month, day: i32) -> Day {
    month.first_day().plus_days(day - 1)
}

/// Dies two months before the last roll; the card is cancelled today, and paid to the end.
fn paid_after_death(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let month = stage.frame.before(2);
    stage.death(holder.person(), day(month, 9));
    holder.card.close(Status::Cancelled, stage.frame.today);
    stage.label_pays("R01", &holder, |pay| pay.month > month);
    stage.enter(holder);
}

fn open_after_death(stage: &mut Stage<'_>) {
    let holder = stage.holder(MILD);
    stage.death(holder.person(), stage.frame.today.plus_days(-31));
    stage.label("R02", &holder.id());
    stage.enter(holder);
}

fn paid_and_open_after_death(stage: &mut Stage<'_>) {
    let holder = stage.holder(POOR);
    let month = stage.frame.before(2);
    stage.death(holder.person(), month.last_day());
    stage.label("R02", &holder.id());
    stage.label_pays("R01", &holder, |pay| pay.month > month);
    stage.enter(holder);
}

fn paid_with(stage: &mut Stage<'_>, holder: Holder, list: List, programme: Option<bool>) {
    let from = stage.frame.before(1);
    stage.list(list, holder.person(), from, None);
    stage.label_pays("R11", &holder, |pay| {
        pay.month >= from && programme.is_none_or(|living| (pay.programme == LIVING) == living)
    });
    stage.enter(holder);
}

fn paid_with_extreme_poverty(stage: &mut Stage<'_>) {
    let holder = stage.holder(BOTH);
    paid_with(stage, holder, List::ExtremePoverty, None);
}

fn paid_with_work_injury(stage: &mut Stage<'_>) {
    let holder = stage.holder(SEVERE_ONLY);
    paid_with(stage, holder, List::WorkInjury, None);
}

fn orphan_living(stage: &mut Stage<'_>) {
    let holder = stage.child(BOTH);
    paid_with(stage, holder, List::Orphan, Some(true));
}

/// Fourteen months of nursing care after a death: older rolls hold these rows only.
fn paid_for_a_year_after_death(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let month = stage.frame.before(13);
    holder.card.issue(day(stage.frame.before(30), 4));
    holder.unpaid();
    for paid in month.to(stage.frame.last()) {
        let row = stage.row(&holder, NURSING, paid);
        holder.pays.push(row);
    }
    stage.death(holder.person(), day(month, 2));
    holder.card.close(Status::Cancelled, stage.frame.today);
    stage.label_pays("R01", &holder, |pay| pay.month > month);
    stage.label_of("R15", &holder.id(), Some(NURSING), None);
    stage.enter(holder);
}

fn paid_in_prison(stage: &mut Stage<'_>) {
    let holder = stage.holder(BOTH);
    let month = stage.frame.before(2);
    let release = stage.frame.today.plus_months(20);
    stage.sentence(holder.person(), day(month, 5), Some(release));
    stage.label_pays("R41", &holder, |pay| pay.month > month);
    stage.enter(holder);
}

fn death_in_payment_month(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    let month = stage.frame.before(1);
    stage.death(holder.person(), day(month, 3));
    holder.paid_until(month);
    holder.card.close(Status::Cancelled, day(month, 20));
    stage.enter(holder);
}

fn death_within_30_days(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let died = stage.frame.today.plus_days(-30);
    stage.death(holder.person(), died);
    holder.paid_until(died.month());
    stage.enter(holder);
}

fn same_name_in_death_list(stage: &mut Stage<'_>) {
    let holder = stage.holder(SEVERE_ONLY);
    let mut namesake = stage.extra((50, 70));
    namesake.name.clone_from(&holder.person().name);
    stage.death(&namesake, stage.frame.today.plus_days(-200));
    stage.enter(holder);
}

fn exclusive_ended_before(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(BOTH);
    let first = stage.frame.before(1);
    stage.list(List::ExtremePoverty, holder.person(), first.plus(-20), Some(first.plus(-1)));
    holder.paid_from(first);
    stage.enter(holder);
}

fn exclusive_unpaid(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(BOTH);
    stage.list(List::WorkInjury, holder.person(), stage.frame.before(30), None);
    holder.unpaid();
    stage.enter(holder);
}

fn orphan_nursing(stage: &mut Stage<'_>) {
    let mut holder = stage.child(BOTH);
    stage.list(List::Orphan, holder.person(), stage.frame.before(30), None);
    holder.pays.retain(|pay| pay.programme == NURSING);
    stage.enter(holder);
}

fn judgment_in_payment_month(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    let month = stage.frame.before(1);
    stage.sentence(holder.person(), day(month, 1), Some(stage.frame.today.plus_months(9)));
    holder.paid_until(month);
    stage.enter(holder);
}

fn prisoner_unpaid(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    stage.sentence(holder.person(), day(stage.frame.before(16), 8), None);
    holder.unpaid();
    stage.enter(holder);
}

fn released_prisoner(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(BOTH);
    let release = stage.frame.before(1);
    stage.sentence(holder.person(), day(release.plus(-14), 8), Some(day(release, 12)));
    holder.paid_from(release);
    stage.enter(holder);
}
