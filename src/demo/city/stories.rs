//! What happens in a scene: an anomaly with its labels, or something lawful that looks like one.
//!
//! A story is one small function. It takes a holder as a clean one would be, changes what the
//! story is about, puts the holder on the rolls and says which flags are due. Dealt in turn: once
//! in every thousand people, the first thousand among them. A new rule needs one function and one
//! line in the table of its family.

mod accounts;
mod cards;
mod children;
mod fuel;
mod identity;
mod losses;
mod months;
mod reported;
mod unpaid;
mod validity;

use super::frame::ROUND;
use super::stage::Stage;

/// A story.
pub(super) struct Story {
    /// What it is called, in the table of look-alikes too.
    pub(super) name: &'static str,
    /// Nothing is wrong: no conclusive flag may be raised on its people.
    pub(super) is_lawful: bool,
    pub(super) tell: fn(&mut Stage<'_>),
}

const fn wrong(name: &'static str, tell: fn(&mut Stage<'_>)) -> Story {
    Story { name, is_lawful: false, tell }
}

const fn lawful(name: &'static str, tell: fn(&mut Stage<'_>)) -> Story {
    Story { name, is_lawful: true, tell }
}

/// The families, in the order in which their stories are dealt.
static FAMILIES: [&[Story]; 10] = [
    losses::STORIES,
    validity::STORIES,
    identity::STORIES,
    accounts::STORIES,
    months::STORIES,
    cards::STORIES,
    fuel::STORIES,
    unpaid::STORIES,
    reported::STORIES,
    children::STORIES,
];

/// The story of a scene, if it has one.
pub(super) fn of(scene: u32) -> Option<&'static Story> {
    all().nth((scene % ROUND) as usize)
}

/// Every story.
pub(super) fn all() -> impl Iterator<Item = &'static Story> {
    FAMILIES.iter().flat_map(|family| family.iter())
}
