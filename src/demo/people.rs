//! What people who do not exist have: names, ID numbers that nobody has, and a category of
//! disability as often as it is common.

use super::{chance::Chance, names};
use crate::value::{Category, CitizenId, Day, Sex};

/// Categories with how many of a hundred holders have them.
pub(super) const CATEGORIES: &[(u32, Category)] = &[
    (56, Category::Physical),
    (14, Category::Hearing),
    (13, Category::Visual),
    (7, Category::Psychiatric),
    (6, Category::Intellectual),
    (3, Category::Multiple),
    (1, Category::Speech),
];

/// A surname with a given name of two characters.
pub(super) fn name(chance: &mut Chance, surname: &str, sex: Sex) -> String {
    let given = match sex {
        Sex::Female => names::FEMALE,
        Sex::Male => names::MALE,
    };
    let (first, second) = (chance.pick(given), chance.pick(given));
    format!("{surname}{first}{second}")
}

/// The ID number of the so-many-th person from an area on: the prefix 99, four digits and a
/// sequence that together no other number has, the birth date, and the check character.
pub(super) fn citizen_id(area: u32, number: u32, birth: Day, sex: Sex) -> String {
    let area = area + number / 500;
    let sequence = number % 500 * 2 + u32::from(sex == Sex::Male);
    with_check(&format!("99{area:04}{}{sequence:03}", birth.to_string().replace('-', "")))
}

/// Seventeen digits and their check character.
pub(super) fn with_check(body: &str) -> String {
    let check = body.as_bytes().try_into().ok().and_then(CitizenId::check_for);
    let check = check.expect("an area, a birth date and a sequence have seventeen digits");
    format!("{body}{check}")
}
