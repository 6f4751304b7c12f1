//! What a whole city has in common: its days, months, counties, villages and officers.
//!
//! Everything is worked out from the seed and a number, so that no list of people, villages or
//! officers is ever kept.

use crate::demo::{chance::Chance, names};
use crate::value::{Day, Month};

/// People of one scene: neighbours in one village.
pub(super) const SEATS: u32 = 5;
/// Scenes of one village.
pub(super) const VILLAGE_SCENES: u32 = 8;
/// Each story is told once in so many scenes.
pub(super) const ROUND: u32 = 200;
/// A county has about so many people of the register, until all counties are used.
const COUNTY_PEOPLE: u32 = 2_000;
/// A county has so many villages at least before one of them stands out.
const VILLAGES_MIN: u32 = 10;
/// Months of rolls in a city of up to [`SMALL`] people, and in a larger one, unless asked for more.
const MONTHS: (i32, i32) = (12, 3);
const SMALL: u32 = 5_000;
/// The months before the last that some old stories reach back.
const HISTORY: i32 = 14;
/// Scenes whose rows one roll has: a larger county sends its rolls in parts.
const ROLL_SCENES: u32 = 2_500;
/// Doctors of a county that assess whoever comes.
const DOCTORS: u32 = 8;
/// The doctor who finds everybody severe, and the one whom only few severe cases are sent.
const LENIENT: u32 = 20;
const SPECIALIST: u32 = 21;
/// The lenient doctor works in the first so many scenes of a county, the specialist in fewer.
const LENIENT_SCENES: u32 = 160;
const SPECIALIST_SCENES: u32 = 60;

/// The counties whose registers the rolls are of, and last the prefecture, at
/// whose desk programmes are walked.
pub(super) const COUNTIES: [(&str, &str); 10] = [
    ("411721", "西平县"),
    ("411722", "上蔡县"),
    ("411723", "平舆县"),
    ("411724", "正阳县"),
    ("411725", "确山县"),
    ("411726", "泌阳县"),
    ("411727", "汝南县"),
    ("411728", "遂平县"),
    ("411729", "新蔡县"),
    ("411700", "驻马店市"),
];

/// The number of the prefecture.
pub(super) const AT_THE_DESK: u32 = 9;

const NUMERALS: [&str; 20] = [
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四",
    "十五", "十六", "十七", "十八", "十九", "二十",
];

/// The whole city.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) seed: u64,
    /// The day the story ends.
    pub(super) today: Day,
    scenes: u32,
    counties: u32,
    /// The months whose rolls hold everybody, oldest first.
    pub(super) months: Vec<Month>,
}

/// Which doctors a case of a scene is sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doctors {
    Usual,
    Lenient,
    Specialist,
}

impl Frame {
    /// A city of so many people of the register, rounded up to whole scenes.
    pub(super) fn new(seed: u64, people: u32, months: Option<u8>, today: Day) -> Self {
        let last = today.month().plus(-1);
        let usual = if people > SMALL { MONTHS.1 } else { MONTHS.0 };
        let months = months.map_or(usual, i32::from);
        Self {
            seed,
            today,
            scenes: people.div_ceil(SEATS),
            counties: (people / COUNTY_PEOPLE).clamp(1, AT_THE_DESK),
            months: last.plus(1 - months).to(last).collect(),
        }
    }

    /// The last month whose rolls are in.
    pub(super) fn last(&self) -> Month {
        self.today.month().plus(-1)
    }

    /// So many months before the last.
    pub(super) fn before(&self, months: i32) -> Month {
        self.last().plus(-months)
    }

    /// Every month of which there is a roll, old ones for a few people only.
    pub(super) fn all_months(&self) -> impl Iterator<Item = Month> + use<> {
        let first = self.months.first().map_or(self.before(HISTORY), |first| *first);
        first.min(self.before(HISTORY)).to(self.last())
    }

    pub(super) const fn counties(&self) -> u32 {
        self.counties
    }

    const fn county_scenes(&self) -> u32 {
        self.scenes.div_ceil(self.counties)
    }

    /// The scenes of a county.
    pub(super) fn scenes_of(&self, county: u32) -> std::ops::Range<u32> {
        let each = self.county_scenes();
        (county * each).min(self.scenes)..((county + 1) * each).min(self.scenes)
    }

    /// The scenes of a county, as its rolls are sent: a number where there is more than one part.
    pub(super) fn parts_of(
        &self,
        county: u32,
    ) -> impl Iterator<Item = (Option<u32>, std::ops::Range<u32>)> + use<> {
        let scenes = self.scenes_of(county);
        let parts = (scenes.end - scenes.start).div_ceil(ROLL_SCENES).max(1);
        (0..parts).map(move |part| {
            let from = scenes.start + part * ROLL_SCENES;
            let number = (parts > 1).then_some(part + 1);
            (number, from..(from + ROLL_SCENES).min(scenes.end))
        })
    }

    pub(super) const fn county_of(&self, scene: u32) -> u32 {
        scene / self.county_scenes()
    }

    /// The number of a scene within its county.
    pub(super) const fn local(&self, scene: u32) -> u32 {
        scene % self.county_scenes()
    }

    /// Township and village of a scene; no two villages of a county have one name.
    pub(super) fn place(&self, scene: u32) -> (&'static str, String) {
        let village = self.local(scene) / VILLAGE_SCENES;
        let pick = |list: &[&'static str], at: u32| list[at as usize % list.len()];
        let township = pick(names::TOWNSHIPS, village);
        let first = pick(names::VILLAGE_FIRST, village);
        let second = pick(names::VILLAGE_SECOND, village / 10);
        let turn = village / 80;
        let nth = if turn == 0 { "" } else { pick(&NUMERALS, turn - 1) };
        (township, format!("{first}{second}{nth}村"))
    }

    /// Says whether the scene lies in the village of its county where everybody is found severe.
    pub(super) fn is_in_severe_village(&self, scene: u32) -> bool {
        self.has_severe_village(self.county_of(scene)) && self.local(scene) / VILLAGE_SCENES == 2
    }

    /// Says whether a county has enough villages for one of them to stand out.
    pub(super) fn has_severe_village(&self, county: u32) -> bool {
        let scenes = self.scenes_of(county);
        scenes.end - scenes.start >= VILLAGES_MIN * VILLAGE_SCENES
    }

    /// Whom severe cases of a scene are sent to.
    pub(super) fn doctors_of(&self, scene: u32) -> Doctors {
        let local = self.local(scene);
        match local % 4 {
            _ if self.is_in_severe_village(scene) => Doctors::Usual,
            1 if local < LENIENT_SCENES => Doctors::Lenient,
            3 if local < SPECIALIST_SCENES && local % 8 == 3 => Doctors::Specialist,
            _ => Doctors::Usual,
        }
    }

    /// The two doctors of a case.
    pub(super) fn doctors(&self, county: u32, case: u32, kind: Doctors) -> [String; 2] {
        let usual = case % DOCTORS;
        let first = match kind {
            Doctors::Usual => usual,
            Doctors::Lenient => LENIENT,
            Doctors::Specialist => SPECIALIST,
        };
        // Two of the usual ones are never the same: three does not divide eight.
        let second = (usual + 3) % DOCTORS;
        [first, second].map(|number| self.officer(county, number))
    }

    /// An officer or doctor of a county: no two of one office have the same surname.
    pub(super) fn officer(&self, county: u32, number: u32) -> String {
        let what = u64::from(county) << 40 | 1 << 39 | u64::from(number);
        let mut chance = Chance::of(self.seed, what);
        let (_, surname) = names::SURNAMES[number as usize % names::SURNAMES.len()];
        format!("{surname}{}{}", chance.pick(names::MALE), chance.pick(names::MALE))
    }
}
