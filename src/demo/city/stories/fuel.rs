//! The fuel subsidy (R14, R37, R38).

use super::super::scene::{FUEL, components};
use super::super::stage::{Holder, MILD, Stage, Want};
use super::{Story, lawful, wrong};
use crate::value::{Category, Day};

pub(super) const STORIES: &[Story] = &[
    wrong("fuel_without_physical", without_physical),
    wrong("fuel_too_old", too_old),
    wrong("one_vehicle_two_persons", one_vehicle_two_persons),
    wrong("two_vehicles_one_person", two_vehicles_one_person),
    lawful("fuel_multiple_with_physical", multiple_with_physical),
    lawful("fuel_at_seventy", at_seventy),
];

const PHYSICAL: Want = Want { category: Some(Category::Physical), ..MILD };

fn enter(stage: &mut Stage<'_>, holder: Holder) {
    let vehicle = stage.fuel(&holder);
    stage.scene.fuel.push(vehicle);
    stage.enter(holder);
}

fn without_physical(stage: &mut Stage<'_>) {
    let holder = stage.holder(Want { category: Some(Category::Hearing), ..MILD });
    stage.label_of("R37", &holder.id(), Some(FUEL), None);
    enter(stage, holder);
}

/// Born so that an age is reached on a day of the year of the roll.
fn aged(stage: &mut Stage<'_>, age: i32, day: u32) -> Holder {
    let mut holder = stage.holder(PHYSICAL);
    let year = stage.frame.last().year() - age;
    holder.born(Day::new(year, 3, day).unwrap_or(stage.frame.today));
    holder
}

fn too_old(stage: &mut Stage<'_>) {
    let holder = aged(stage, 71, 31);
    stage.label_of("R37", &holder.id(), Some(FUEL), None);
    enter(stage, holder);
}

fn one_vehicle_two_persons(stage: &mut Stage<'_>) {
    let one = stage.holder(PHYSICAL);
    let other = stage.holder(PHYSICAL);
    let vehicle = stage.fuel(&one);
    let mut second = stage.fuel(&other);
    second.engine.clone_from(&vehicle.engine);
    stage.scene.fuel.extend([vehicle, second]);
    for holder in [one, other] {
        stage.label_of("R38", &holder.id(), Some(FUEL), None);
        stage.enter(holder);
    }
}

fn two_vehicles_one_person(stage: &mut Stage<'_>) {
    let holder = stage.holder(PHYSICAL);
    let mut second = stage.fuel(&holder);
    second.chassis.push('2');
    second.engine.push('2');
    stage.scene.fuel.push(second);
    stage.label_of("R38", &holder.id(), Some(FUEL), None);
    enter(stage, holder);
}

fn multiple_with_physical(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(Want { category: Some(Category::Multiple), ..MILD });
    holder.card.level = 3;
    holder.card.components = components(&[(Category::Speech, 3), (Category::Physical, 4)]);
    enter(stage, holder);
}

fn at_seventy(stage: &mut Stage<'_>) {
    let holder = aged(stage, 70, 31);
    enter(stage, holder);
}
