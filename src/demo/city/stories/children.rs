//! Programmes for children (R37b).

use super::super::scene::{REHAB, Rehab};
use super::super::stage::{Holder, MILD, Stage};
use super::{Story, lawful, wrong};
use crate::value::Day;

pub(super) const STORIES: &[Story] = &[
    wrong("rehabilitation_at_seven", rehabilitation_at_seven),
    lawful("rehabilitation_at_six", rehabilitation_at_six),
];

/// A child born on a day of January seven years before the roll's, with a row in it.
fn treated(stage: &mut Stage<'_>, born_on: u32) -> Holder {
    let mut holder = stage.child(MILD);
    let year = stage.frame.last().year() - 7;
    holder.born(Day::new(year, 1, born_on).unwrap_or(stage.frame.today));
    stage.scene.rehab.push(Rehab {
        person: holder.person().clone(),
        card: holder.card.number(),
        holder: holder.card.guardian.as_ref().map(|(name, _)| name.clone()).unwrap_or_default(),
    });
    holder
}

/// Seven on the first of January: a year too old.
fn rehabilitation_at_seven(stage: &mut Stage<'_>) {
    let holder = treated(stage, 1);
    stage.label_of("R37b", &holder.id(), Some(REHAB), None);
    stage.enter(holder);
}

/// Still six on the first of January.
fn rehabilitation_at_six(stage: &mut Stage<'_>) {
    let holder = treated(stage, 2);
    stage.enter(holder);
}
