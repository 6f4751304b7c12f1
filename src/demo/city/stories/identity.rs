//! Who is who (R06, R07, R08, R36, R36b, R56).

use super::super::scene::{Card, NURSING};
use super::super::stage::{Holder, MILD, POOR, SEVERE_ONLY, Stage};
use super::{Story, lawful, wrong};
use crate::demo::people::with_check;
use crate::value::Category;

pub(super) const STORIES: &[Story] = &[
    wrong("one_number_two_names", one_number_two_names),
    wrong("two_open_cards", two_open_cards),
    wrong("one_person_two_numbers", one_person_two_numbers),
    wrong("wrong_check_character", wrong_check_character),
    wrong("impossible_birth_date", impossible_birth_date),
    wrong("older_than_anybody", older_than_anybody),
    wrong("payee_without_card", payee_without_card),
    wrong("payee_of_another_name", payee_of_another_name),
    wrong("payee_of_another_number", payee_of_another_number),
    lawful("twins", twins),
    lawful("same_name_birth_other_village", same_name_birth_other_village),
    lawful("same_name_other_birth", same_name_other_birth),
];

/// Another category than a card has, and not one with components.
fn other(category: Category) -> Category {
    if category == Category::Visual { Category::Hearing } else { Category::Visual }
}

fn second_card(holder: &Holder) -> Card {
    let mut second = holder.card.clone();
    second.category = other(second.category);
    second.components.clear();
    second
}

fn one_number_two_names(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MILD);
    let mut second = second_card(&holder);
    second.person.name = stage.extra((40, 60)).name;
    while second.person.name == holder.person().name {
        second.person.name.push('民');
    }
    holder.older.push(second);
    stage.label("R06", &holder.id());
    stage.enter(holder);
}

fn two_open_cards(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MILD);
    let second = second_card(&holder);
    holder.older.push(second);
    stage.label("R07", &holder.id());
    stage.enter(holder);
}

/// Says that one holder is the other under another number, each with a card.
fn twin_of(stage: &mut Stage<'_>, one: &Holder, other: &mut Holder) {
    let id = stage.id_born_with(one.person());
    let person = &mut other.card.person;
    person.name.clone_from(&one.card.person.name);
    person.birth = one.card.person.birth;
    person.id = id;
    stage.pay_dues(other);
}

fn one_person_two_numbers(stage: &mut Stage<'_>) {
    let one = stage.holder(MILD);
    let mut other = stage.holder(MILD);
    twin_of(stage, &one, &mut other);
    other.card.person.phone.clone_from(&one.card.person.phone);
    for holder in [one, other] {
        stage.label("R08", &holder.id());
        stage.enter(holder);
    }
}

fn renumbered(stage: &mut Stage<'_>, holder: &mut Holder, id: String) {
    holder.card.person.id = id;
    stage.pay_dues(holder);
}

fn wrong_check_character(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let mut id = holder.id();
    let last = if id.ends_with('5') { '7' } else { '5' };
    id.pop();
    id.push(last);
    renumbered(stage, &mut holder, id);
    stage.label("R36", &holder.id());
    stage.enter(holder);
}

fn impossible_birth_date(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    let id = holder.id();
    let id = with_check(&format!("{}0231{}", &id[..10], &id[14..17]));
    renumbered(stage, &mut holder, id);
    stage.label("R36", &holder.id());
    stage.enter(holder);
}

fn older_than_anybody(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(MILD);
    let id = holder.id();
    let year = stage.frame.today.year() - 122;
    let id = with_check(&format!("{}{year}0415{}", &id[..6], &id[14..17]));
    renumbered(stage, &mut holder, id);
    stage.label("R36b", &holder.id());
    stage.enter(holder);
}

fn payee_without_card(stage: &mut Stage<'_>) {
    let person = stage.extra((40, 60));
    let mut holder = stage.holder(SEVERE_ONLY);
    let mut ghost = holder.clone();
    let (household, phone) = (person.household.clone(), person.phone.clone());
    ghost.card.person = person;
    (ghost.card.person.household, ghost.card.person.phone) = (household, phone);
    stage.pay_dues(&mut ghost);
    for pay in &mut ghost.pays {
        pay.card.clear();
    }
    stage.label_pays("R56", &ghost, |_| true);
    holder.pays.extend(ghost.pays);
    stage.enter(holder);
}

fn payee_of_another_name(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    let month = stage.frame.last();
    let mut foreign = stage.extra((40, 60)).name;
    if foreign == holder.person().name {
        foreign.push('民');
    }
    for pay in holder.pays.iter_mut().filter(|pay| pay.month == month) {
        pay.name.clone_from(&foreign);
    }
    stage.label_pays("R56", &holder, |pay| pay.month == month);
    stage.enter(holder);
}

fn payee_of_another_number(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let neighbour = stage.holder(MILD);
    let month = stage.frame.last();
    for pay in holder.pays.iter_mut().filter(|pay| pay.month == month) {
        pay.card = neighbour.card.number();
    }
    stage.label_pays("R56", &holder, |pay| pay.programme == NURSING && pay.month == month);
    stage.enter(holder);
    stage.enter(neighbour);
}

/// One birth date, one telephone and one village, other names.
fn twins(stage: &mut Stage<'_>) {
    let one = stage.holder(MILD);
    let mut other = stage.holder(MILD);
    let name = format!("{}凡", &one.card.person.name);
    twin_of(stage, &one, &mut other);
    other.card.person.name = name;
    other.card.person.phone.clone_from(&one.card.person.phone);
    stage.enter(one);
    stage.enter(other);
}

fn same_name_birth_other_village(stage: &mut Stage<'_>) {
    let one = stage.holder(MILD);
    let mut other = stage.holder(MILD);
    twin_of(stage, &one, &mut other);
    other.card.person.village = "另一村".to_owned();
    stage.enter(one);
    stage.enter(other);
}

fn same_name_other_birth(stage: &mut Stage<'_>) {
    let one = stage.holder(MILD);
    let mut other = stage.holder(MILD);
    other.card.person.name.clone_from(&one.card.person.name);
    stage.enter(one);
    stage.enter(other);
}
