//! One synthetic resident: a pure function of the seed and of their number in the county.
//!
//! Nobody's data has to be kept while the year passes: each step makes the resident anew. ID
//! numbers have the prefix 99, telephones begin with 100 and accounts with 990: none of them can
//! be anybody's. Numbers of different residents and guardians never meet.

use crate::demo::{chance::Chance, names, people};
use crate::event::Grade;
use crate::value::{Category, CertificateNumber, CitizenId, Component, Day, Level, Malformed, Sex};

/// Most residents of a county; from 2.5 million on, guardians' ID numbers would meet residents'.
pub(super) const PEOPLE_MAX: u32 = 1_000_000;

/// What happens to a resident beyond the usual course. Dealt in turn and not by chance, so that
/// thirty applicants hold one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing.
    Usual,
    /// Papers are missing: not accepted.
    NotAccepted,
    /// The assessors find that the standard is not met: refused in writing.
    NotMeeting,
    /// Somebody objects to the notice; the objection is dismissed.
    Objection,
    /// A child: a guardian acts and the notice is waived.
    Minor,
    /// A benefit is applied for without its condition, and refused.
    NoDibao,
    /// The second transfer comes back.
    Returned,
    /// The card is lost and replaced.
    Lost,
    /// Dies while a benefit runs.
    Dies,
    /// Frozen for an investigation that finds nothing.
    Frozen,
    /// The card is damaged and exchanged.
    Damaged,
    /// Refused like those who do not meet the standard, and right on appeal.
    Appeals,
    /// Refused, and again on appeal; the panel is asked. Only for a case that waits there.
    AppealsTwice,
}

impl Turn {
    const fn of(number: u32) -> Self {
        match number % 30 {
            1 => Self::Dies,
            3 => Self::Returned,
            5 => Self::NotMeeting,
            7 => Self::Lost,
            9 => Self::Minor,
            11 => Self::Objection,
            13 => Self::Frozen,
            15 => Self::NoDibao,
            17 => Self::NotAccepted,
            19 => Self::Damaged,
            21 => Self::Appeals,
            _ => Self::Usual,
        }
    }
}

/// A person who acts for a child.
pub(super) struct Guardian {
    pub(super) name: String,
    pub(super) id: CitizenId,
}

/// A resident of the county.
pub(super) struct Resident {
    pub(super) number: u32,
    pub(super) turn: Turn,
    pub(super) name: String,
    pub(super) id: CitizenId,
    pub(super) sex: Sex,
    pub(super) birth: Day,
    pub(super) phone: String,
    pub(super) township: &'static str,
    pub(super) village: String,
    pub(super) account: String,
    pub(super) guardian: Option<Guardian>,
    /// What the assessors will find, if the standard is met.
    pub(super) grade: Grade,
    /// In a household of the minimum living guarantee.
    pub(super) dibao: bool,
    /// In long-term care.
    pub(super) care: bool,
}

impl Resident {
    /// The resident of that number in a county whose story begins on `from`.
    pub(super) fn of(seed: u64, number: u32, from: Day) -> Result<Self, Malformed> {
        let mut chance = Chance::of(seed, u64::from(number));
        let turn = Turn::of(number);
        let sex = if chance.percent(52) { Sex::Male } else { Sex::Female };
        let minor = turn == Turn::Minor || (turn == Turn::Usual && chance.percent(4));
        // No age comes close to the eighteenth birthday: nobody comes of age during the year.
        let age = match minor {
            true => chance.between(3, 15),
            false => chance.weighted(&[(45, 0), (35, 1), (20, 2)]) * 20 + chance.between(20, 39),
        };
        let days = age * 365 + chance.below(365);
        let birth = from.plus_days(-i32::try_from(days).unwrap_or_default());
        let surname = chance.weighted(names::SURNAMES);
        let name = people::name(&mut chance, surname, sex);
        let guardian = match minor {
            true => Some(guardian(&mut chance, number, surname, from)?),
            false => None,
        };
        let grade = grade(&mut chance, turn)?;
        let dibao = match turn {
            Turn::Dies | Turn::Returned => true,
            Turn::Frozen | Turn::NoDibao | Turn::Appeals => false,
            _ => chance.percent(35),
        };
        // Nobody entitled goes without (R47).
        let care = grade.level.is_severe();
        let first = chance.pick(names::VILLAGE_FIRST);
        let second = chance.pick(names::VILLAGE_SECOND);
        Ok(Self {
            number,
            turn,
            name,
            id: people::citizen_id(0, number, birth, sex).parse()?,
            sex,
            birth,
            phone: format!("100{number:08}"),
            township: chance.pick(names::TOWNSHIPS),
            village: format!("{first}{second}村"),
            account: format!("990{number:016}"),
            guardian,
            grade,
            dibao,
            care,
        })
    }

    /// The number on a card of this resident.
    pub(super) fn certificate_number(&self, replaced: u8) -> String {
        let number = CertificateNumber {
            id: self.id.clone(),
            category: self.grade.category,
            level: self.grade.level,
            replaced,
        };
        number.to_string()
    }

    /// Whose name the bank account is in.
    pub(super) fn holder(&self) -> &str {
        self.guardian.as_ref().map_or(&self.name, |guardian| &guardian.name)
    }
}

fn guardian(
    chance: &mut Chance,
    number: u32,
    surname: &str,
    from: Day,
) -> Result<Guardian, Malformed> {
    let days = chance.between(33 * 365, 50 * 365);
    let birth = from.plus_days(-i32::try_from(days).unwrap_or_default());
    Ok(Guardian {
        name: people::name(chance, surname, Sex::Male),
        id: people::citizen_id(5000, number, birth, Sex::Male).parse()?,
    })
}

fn grade(chance: &mut Chance, turn: Turn) -> Result<Grade, Malformed> {
    let category = chance.weighted(people::CATEGORIES);
    let level = match turn {
        // These hold no benefit, or only the one their turn is about.
        Turn::Dies | Turn::Frozen | Turn::Returned | Turn::NoDibao | Turn::Appeals => {
            chance.between(3, 4)
        }
        _ => chance.weighted(&[(14, 1), (29, 2), (31, 3), (26, 4)]),
    };
    let level = Level::new(u8::try_from(level).unwrap_or(u8::MAX))?;
    let milder = Level::new((level.number() + 1).min(4))?;
    let components = match category {
        Category::Multiple => vec![
            Component { category: Category::Physical, level },
            Component { category: Category::Hearing, level: milder },
        ],
        _ => Vec::new(),
    };
    Ok(Grade { category, level, components })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::value::IdForm;

    fn resident(number: u32) -> Resident {
        Resident::of(1, number, "2025-10-01".parse().unwrap()).unwrap()
    }

    #[test]
    fn residents_are_made_alike_every_time_and_nobody_shares_a_number() {
        let mut seen = BTreeSet::new();
        for number in (0..3000).chain([PEOPLE_MAX - 1]) {
            let (one, again) = (resident(number), resident(number));
            assert_eq!((&one.name, &one.id, &one.grade), (&again.name, &again.id, &again.grade));
            assert_eq!(one.id.form(), IdForm::Valid);
            assert!(one.id.is_demo() && one.grade.is_consistent());
            assert_eq!((one.id.birth_date(), one.id.sex()), (Some(one.birth), one.sex));
            assert!(seen.insert(one.id.as_str().to_owned()));
            assert!(seen.insert(one.phone.clone()) && seen.insert(one.account.clone()));
            if let Some(guardian) = &one.guardian {
                assert_eq!(guardian.id.form(), IdForm::Valid);
                assert!(seen.insert(guardian.id.as_str().to_owned()));
            }
        }
    }

    #[test]
    fn the_people_of_a_county_are_as_they_usually_are() {
        let people: Vec<_> = (0..3000).map(resident).collect();
        let share = |fits: fn(&Resident) -> bool| people.iter().filter(|p| fits(p)).count() / 30;
        assert!((45..60).contains(&share(|p| p.sex == Sex::Male)));
        assert!((45..65).contains(&share(|p| p.grade.category == Category::Physical)));
        assert!((30..50).contains(&share(|p| p.grade.level.is_severe())));
        assert!((3..12).contains(&share(|p| p.guardian.is_some())));
        assert!((25..45).contains(&share(|p| p.dibao)));
        let from: Day = "2025-10-01".parse().unwrap();
        for person in &people {
            let age = from.age_from(person.birth);
            assert_eq!(age < 17, person.guardian.is_some(), "{age}");
            assert!((2..=100).contains(&age));
        }
    }
}
