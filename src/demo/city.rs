//! The synthetic city: a prefecture's registers, payrolls and lists, with every anomaly and every
//! lawful look-alike told in turn, and labels that say which flags are due.
//!
//! Most people are in the old registers and come in as rolls, through the importer that files go
//! through; the county of the demo lives on the ledger itself ([`super::county`]). The story is
//! fixed by the seed and ends on the day of the clock. Each roll is made from the scenes anew and
//! forgotten when it is in: memory does not grow with the city.

mod desk;
mod frame;
mod reports;
mod rolls;
mod scene;
mod stage;
mod stories;
mod walks;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io::{self, Write};

use desk::Desk;
use frame::Frame;
use scene::{Label, Scene};

use super::county::{self, CountyOptions, CountyReport, office::Office};
use super::{DemoError, DemoHouse};
use crate::ledger::SetClock;
use crate::value::{Day, Malformed};

/// Most people of a city's registers; beyond it ID numbers would meet those of guardians.
pub const CITY_PEOPLE_MAX: u32 = 600_000;
/// Months of payment rolls that can be asked for: stories reach over three of them, and the lists of
/// other schemes begin forty months before the last.
pub const CITY_MONTHS: std::ops::RangeInclusive<u8> = 3..=36;
/// Rows of the register that make a doctor comparable, as R32 has it.
const CASES_MIN: usize = 30;
/// Of the people of a city one in ten lives on the ledger itself, and at most a thousand: each of
/// them takes fifty signatures.
const LIVED: (u32, u32) = (10, 1_000);
/// Heading of the labels.
const HEADING: &str = "rule,id_number,programme,month";

fn lived(people: u32) -> u32 {
    people.div_ceil(LIVED.0).min(LIVED.1)
}

/// What a city is made from.
#[derive(Debug, Clone, Copy)]
pub struct CityOptions {
    /// All its people.
    pub people: u32,
    /// Fixes the story.
    pub seed: u64,
    /// Months of payment rolls before today, within [`CITY_MONTHS`]; a year for up to 5,000 people
    /// and three months for more, unless it is said.
    pub months: Option<u8>,
    /// Days of the county's story that are left open: see [`CountyOptions::open_days`].
    pub open_days: u32,
}

/// A city whose story is fixed, on the day it ends.
pub struct City {
    options: CityOptions,
    frame: Frame,
    desk: Option<Desk>,
}

impl City {
    /// The city of a seed as it is on a day.
    ///
    /// # Errors
    /// Too many people.
    pub fn new(options: CityOptions, today: Day) -> Result<Self, Malformed> {
        if options.people > CITY_PEOPLE_MAX {
            return Err(Malformed::new("number of people", "at most 600,000 in a city"));
        }
        if options.months.is_some_and(|months| !CITY_MONTHS.contains(&months)) {
            return Err(Malformed::new("months of payment rolls", "3 to 36"));
        }
        let people = options.people - lived(options.people);
        let frame = Frame::new(options.seed, people, options.months, today);
        Ok(Self { options, frame, desk: None })
    }

    /// When the clock of its ledger begins, as a day.
    #[must_use]
    pub fn begins(&self) -> Day {
        self.frame.today.plus_days(-desk::DAYS_MAX)
    }

    /// Lives through what happens on the ledger itself: the walks of the programmes, and in the
    /// last year a county whose people apply for certificates and benefits.
    ///
    /// # Errors
    /// The first refusal by a rule, or the ledger's errors.
    pub fn live(
        &mut self,
        house: &DemoHouse,
        clock: &SetClock,
        ends_at_ms: u64,
    ) -> Result<CountyReport, DemoError> {
        let mut desk = Desk::new(&self.frame, self.options.people)?;
        let mut office = Office::open(house, clock)?;
        county::publish_amounts(&mut office)?;
        office.publish_catalogue()?;
        desk.designate(&mut office)?;
        desk.register(house)?;
        let year = self.frame.today.plus_months(-12);
        let mut day = self.begins();
        while day < year {
            day = day.plus_days(1);
            if desk.works_on(day) {
                office.begin(day);
                desk.live(day, &mut office)?;
                office.send()?;
            }
        }
        let people = lived(self.options.people);
        let CityOptions { seed, open_days, .. } = self.options;
        let ends_at_ms = ends_at_ms + u64::from(open_days) * county::DAY_MS;
        let options = CountyOptions { people, seed, ends_at_ms, open_days };
        let report =
            county::run_beside(house, clock, options, &mut |day, office| desk.live(day, office))?;
        self.desk = Some(desk);
        Ok(report)
    }

    /// Sends every roll, and what custodians report beside; returns how many rows rolls had. `progress` hears of the
    /// rows sent so far.
    ///
    /// # Errors
    /// The ledger's, or a row that it refuses: no row of the city is unreadable.
    pub fn send(&self, house: &DemoHouse, progress: &mut dyn FnMut(u64)) -> Result<u64, DemoError> {
        let rows = rolls::send(house, &self.frame, progress)?;
        reports::send(house, &self.frame)?;
        if let Some(desk) = &self.desk {
            desk.register_again(house)?;
        }
        Ok(rows)
    }

    /// Writes every roll of the city as an office would: its name and its text.
    ///
    /// # Errors
    /// The writer's.
    pub fn write_rolls(
        &self,
        out: &mut dyn FnMut(&str, &str) -> io::Result<()>,
    ) -> io::Result<u64> {
        rolls::write(&self.frame, out)
    }

    /// Writes the rolls of the homes that lived on the ledger, once they did: the households, and the
    /// works at them by programme.
    ///
    /// # Errors
    /// The writer's.
    pub fn write_home_rolls(
        &self,
        out: &mut dyn FnMut(&str, &str) -> io::Result<()>,
    ) -> io::Result<u64> {
        match &self.desk {
            Some(desk) => rolls::write_homes(&desk.homes(), out),
            None => Ok(0),
        }
    }

    /// Writes which flags are due on the day the story ends, one a line. A flag about a doctor or
    /// a village has no ID number.
    ///
    /// # Errors
    /// The writer's.
    pub fn write_labels(&self, out: &mut dyn Write) -> io::Result<u64> {
        writeln!(out, "{HEADING}")?;
        let mut count = 0;
        let desk = self.desk.iter().flat_map(Desk::labels);
        for label in desk.chain(self.labels()) {
            let programme = label.programme.map(|programme| programme.to_string());
            let month = label.month.map(|month| month.to_string());
            let (programme, month) = (programme.unwrap_or_default(), month.unwrap_or_default());
            writeln!(out, "{},{},{programme},{month}", label.rule, label.id)?;
            count += 1;
        }
        Ok(count)
    }

    /// Writes the lawful look-alikes, one a line: what each is called, and on whom.
    ///
    /// # Errors
    /// The writer's.
    pub fn write_lawful(&self, out: &mut dyn Write) -> io::Result<u64> {
        writeln!(out, "kind,id_number")?;
        let mut count = 0;
        let desk = self.desk.iter().flat_map(Desk::lawful);
        for (kind, id) in desk {
            writeln!(out, "{kind},{id}")?;
            count += 1;
        }
        for (_, scene) in self.scenes() {
            for (kind, id) in scene.lawful {
                writeln!(out, "{kind},{id}")?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// Somebody to look at: a person whose story raises a flag.
    #[must_use]
    pub fn example(&self) -> Option<(&'static str, String)> {
        let mut labels = self.scenes().flat_map(|(_, scene)| scene.labels);
        labels.next().map(|label| (label.rule, label.id))
    }

    fn scenes(&self) -> impl Iterator<Item = (u32, Scene)> {
        let counties = 0..self.frame.counties();
        let scenes = counties
            .flat_map(|county| self.frame.scenes_of(county).map(move |scene| (county, scene)));
        scenes.map(|(county, scene)| (county, Scene::of(&self.frame, scene)))
    }

    fn labels(&self) -> impl Iterator<Item = Label> {
        let counties = 0..self.frame.counties();
        counties.flat_map(|county| {
            let mut lenient = 0;
            let mut labels = BTreeSet::new();
            for number in self.frame.scenes_of(county) {
                let scene = Scene::of(&self.frame, number);
                lenient += scene.cards.iter().filter(|card| card.lenient).count();
                labels.extend(scene.labels);
            }
            let about = |rule| Label { rule, id: String::new(), programme: None, month: None };
            let doctor = (lenient >= CASES_MIN).then(|| about("R32"));
            let village = self.frame.has_severe_village(county).then(|| about("R31"));
            labels.into_iter().chain(doctor).chain(village).collect::<Vec<_>>()
        })
    }
}
