//! A small clean county: one year of synthetic people through the real review chain.
//!
//! Everything is signed by the sample actor whose step it is and goes through the ledger's own
//! door: a rule that says no stops the demo. Applications come in over the year; each passes
//! identity, assessment by assessors drawn at random (twice where the policy asks for it), notice,
//! review, approval, printing, issue, delivery; some are refused, one of them wrongly, as the appeal
//! shows; some are objected to, lost and replaced, damaged and exchanged, frozen for a while, ended
//! by a death. Those entitled apply for the two subsidies, and each month is paid. There is nothing
//! abnormal in it: no rule raises a conclusive flag afterwards. A story that stops before its end
//! leaves a case [`waiting`] at every step. No card is renewed: those issued
//! here are valid for ten years, and renewal opens in the last one.
//!
//! The story is fixed by the seed; ids, nonces and keys are the operating system's, so the bytes
//! are not. Nothing of a person's history is kept: a task holds what its next step needs.

mod agenda;
mod appeal;
mod application;
mod assessment;
mod benefit;
mod issuing;
mod later;
mod notice;
pub(super) mod office;
pub(super) mod payroll;
mod resident;
#[cfg(test)]
mod tests;
mod waiting;

use agenda::{Agenda, Order};
use office::Office;
use payroll::Payees;
use resident::{PEOPLE_MAX, Resident};
use waiting::Waits;

use super::actors::{COUNTY, PREFECTURE};
use super::chance::Chance;
use super::{DemoError, DemoHouse};
use crate::crypto::TagKind;
use crate::ledger::SetClock;
use crate::policy;
use crate::value::{Day, DivisionCode, FactKind, Fen, Hash, Malformed, Programme};

/// What a county is made from.
#[derive(Debug, Clone, Copy)]
pub struct CountyOptions {
    /// How many people apply for a certificate, at most a million.
    pub people: u32,
    /// Fixes the story.
    pub seed: u64,
    /// When the story ends, milliseconds since 1970 UTC; it begins at the clock's time, half a
    /// year or more before.
    pub ends_at_ms: u64,
    /// So many last days are not told: what is under way then stays open, as work for whoever
    /// opens the ledger. With 0 every matter is brought to its end.
    pub open_days: u32,
}

/// What happened in a county.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CountyReport {
    /// People who applied for a certificate.
    pub people: u32,
    /// Applications of any kind about certificates.
    pub applications: u32,
    /// Applications that were not accepted.
    pub not_accepted: u32,
    /// Applications that were refused: the standard is not met.
    pub refused: u32,
    /// Certificates issued.
    pub issued: u32,
    /// Objections, all of them dismissed.
    pub objections: u32,
    /// Notices waived.
    pub waived: u32,
    /// Lost cards that were replaced.
    pub replaced: u32,
    /// Damaged cards that were exchanged.
    pub exchanged: u32,
    /// Appeals, all of them successful.
    pub appeals: u32,
    /// Rounds of assessment whose assessors were drawn.
    pub drawn: u32,
    /// Certificates that were frozen for a while.
    pub frozen: u32,
    /// Deaths; each certificate was cancelled and each benefit stopped in time.
    pub deaths: u32,
    /// Benefits granted.
    pub benefits_granted: u32,
    /// Benefits refused.
    pub benefits_refused: u32,
    /// Transfers that came back and were paid again.
    pub returned: u32,
    /// Months of benefits that were paid.
    pub paid_months: u64,
    /// What was paid for them.
    pub paid: Fen,
    /// Events written.
    pub events: u64,
}

/// Shortest story: an application has to come to its first payment in it.
const DAYS_MIN: i32 = 180;
/// The last applications come so many days before the end: they have to end by then.
const CLOSING_DAYS: i32 = 105;
pub(super) const DAY_MS: u64 = 86_400_000;
/// The sample amount of either subsidy a month.
const AMOUNT: Fen = Fen(6000);
/// First month the sample amounts hold for.
const AMOUNTS_FROM: &str = "2016-01-01";

/// Lives through a county's story, from the clock's time to its end.
///
/// # Errors
/// The first refusal by a rule, the ledger's errors, or options out of range.
pub fn run(
    house: &DemoHouse,
    clock: &SetClock,
    options: CountyOptions,
) -> Result<CountyReport, DemoError> {
    run_beside(house, clock, options, &mut |_, _| Ok(()))
}

/// What else happens on a working day at the county's office, before it sends the day's
/// statements.
pub(super) type Beside<'b> = &'b mut dyn FnMut(Day, &mut Office<'_>) -> Result<(), DemoError>;

/// Lives through a county's story while others use its office.
///
/// # Errors
/// Those of [`run`], and of what happens beside it.
pub(super) fn run_beside(
    house: &DemoHouse,
    clock: &SetClock,
    options: CountyOptions,
    beside: Beside<'_>,
) -> Result<CountyReport, DemoError> {
    if options.people > PEOPLE_MAX {
        return Err(Malformed::new("number of people", "at most a million").into());
    }
    let begins = house.today();
    let ends = Day::of_millis(options.ends_at_ms);
    if ends.since(begins) < DAYS_MIN {
        return Err(Malformed::new("end of the story", "half a year or more after now").into());
    }
    let before = house.ledger.len();
    let mut county = County::open(house, clock, options, (begins, ends))?;
    publish_amounts(&mut county.office)?;
    county.schedule_payrolls()?;
    if options.open_days > 0 {
        county.schedule_waits()?;
    }
    county.live(beside)?;
    if options.open_days > 0 {
        county.leave_payrolls()?;
    }
    clock.advance_to(options.stops_at_ms());
    let events = house.ledger.len() - before;
    Ok(CountyReport { people: options.people, events, ..county.report })
}

impl CountyOptions {
    /// When the telling stops.
    fn stops_at_ms(&self) -> u64 {
        self.ends_at_ms.saturating_sub(u64::from(self.open_days) * DAY_MS)
    }
}

/// Sample amounts: programme, unit and period, amount in fen.
const AMOUNTS: [(&str, &str, i64); 12] = [
    ("living_allowance", "person-month", AMOUNT.0),
    ("nursing_care_subsidy", "person-month", AMOUNT.0),
    ("house_renovation", "household-once", 2_000_000),
    ("home_adaptation", "household-once", 350_000),
    ("care_placement", "resident-month", 150_000),
    ("day_care", "person-month", 60_000),
    ("child_rehab_aid", "child-year", 1_200_000),
    ("community_rehabilitation", "person-year", 120_000),
    ("vocational_training", "person-event", 100_000),
    ("education_aid", "student-once", 300_000),
    ("dibao", "household-month", 55_000),
    ("extreme_poverty_support", "person-month", 80_000),
];

/// Publishes the sample amounts, unless they are. They have no official source here; the text says
/// so.
pub(super) fn publish_amounts(office: &mut Office<'_>) -> Result<(), DemoError> {
    let (division, month) = (COUNTY.parse()?, office.today().month());
    if office.has_amount(Programme::LIVING_ALLOWANCE, division, month)? {
        return Ok(());
    }
    let from: Day = AMOUNTS_FROM.parse()?;
    let rows = AMOUNTS.each_ref().map(|(programme, unit, amount)| policy::RateRow {
        programme,
        unit,
        amount: Fen(*amount),
        valid_from: from,
        valid_to: None,
    });
    let table = policy::rates_policy(PREFECTURE.parse()?, 1, &rows)
        .expect("programmes with one amount each contradict nothing");
    let text = format!("# Sample amounts of a demo: no official notice sets them.\n{table}");
    office.publish(&text)
}

/// What one person is waiting for, or a payroll.
enum Task {
    Application(Box<application::File>, application::Step),
    Benefit(Box<benefit::File>, benefit::Step),
    Later(later::Matter, later::Step),
    Payroll(payroll::Step),
}

/// The policies that decisions are made under.
struct Terms {
    certificate: Hash,
    living: Hash,
    nursing: Hash,
    living_excludes: Vec<FactKind>,
    nursing_excludes: Vec<FactKind>,
}

/// A county at work.
struct County<'a> {
    office: Office<'a>,
    agenda: Agenda<Task>,
    chance: Chance,
    options: CountyOptions,
    division: DivisionCode,
    begins: Day,
    ends: Day,
    terms: Terms,
    payees: Payees,
    waits: Waits,
    report: CountyReport,
}

impl<'a> County<'a> {
    fn open(
        house: &'a DemoHouse,
        clock: &'a SetClock,
        options: CountyOptions,
        (begins, ends): (Day, Day),
    ) -> Result<Self, DemoError> {
        let division: DivisionCode = COUNTY.parse()?;
        let (calendar, terms) = house.ledger.with_state(|state| {
            let calendar = state.policies.calendar().clone();
            (calendar, Terms::of(&state.policies, division, begins))
        })?;
        Ok(Self {
            office: Office::open(house, clock)?,
            agenda: Agenda::new(calendar),
            chance: Chance::of(options.seed, u64::MAX),
            options,
            division,
            begins,
            ends,
            terms: terms?,
            payees: Payees::new(begins.month()),
            waits: Waits::default(),
            report: CountyReport::default(),
        })
    }

    /// Day by day: who comes, what is due, and in the evening all of it goes to the ledger.
    fn live(&mut self, beside: Beside<'_>) -> Result<(), DemoError> {
        let mut applied = 0;
        let days: Vec<Day> = (1..self.ends.since(self.begins))
            .map(|count| self.begins.plus_days(count))
            .filter(|day| self.agenda.calendar().is_working_day(*day))
            .collect();
        let closing = self.ends.plus_days(-CLOSING_DAYS);
        let told = Day::of_millis(self.options.stops_at_ms());
        let open_days = days.iter().filter(|day| **day <= closing).count().max(1);
        let days = days.into_iter().take_while(|day| *day < told);
        for (number, day) in days.enumerate() {
            self.office.begin(day);
            let share = u64::from(self.options.people) * (number.min(open_days - 1) as u64 + 1);
            let due = u32::try_from(share / open_days as u64).unwrap_or(self.options.people);
            let coming = applied..due;
            self.receive(coming)?;
            let waiting = self.waits.coming(day);
            self.receive(waiting)?;
            applied = due;
            while let Some(task) = self.agenda.take(day) {
                self.work(task)?;
            }
            beside(day, &mut self.office)?;
            self.office.send()?;
        }
        debug_assert!(
            self.agenda.is_empty() || self.options.open_days > 0,
            "every matter ends within the story"
        );
        Ok(())
    }

    /// Takes the applications of a day, with the keys of all who are new in one flush.
    fn receive(&mut self, numbers: impl IntoIterator<Item = u32>) -> Result<(), DemoError> {
        let people: Result<Vec<Resident>, _> =
            numbers.into_iter().map(|number| self.resident(number)).collect();
        let people = people?;
        let tags: Vec<_> = people.iter().map(|person| self.id_tag(person)).collect();
        if !tags.is_empty() {
            self.office.prepare_keys(&tags)?;
        }
        people.iter().try_for_each(|person| self.apply(person))
    }

    fn work(&mut self, task: Task) -> Result<(), DemoError> {
        match task {
            Task::Application(file, step) => self.application(file, step),
            Task::Benefit(file, step) => self.benefit(file, step),
            Task::Later(matter, step) => self.later(matter, step),
            Task::Payroll(step) => self.payroll(step),
        }
    }

    fn resident(&self, number: u32) -> Result<Resident, DemoError> {
        let mut resident = Resident::of(self.options.seed, number, self.begins)?;
        self.waits.shape(&mut resident)?;
        Ok(resident)
    }

    fn id_tag(&self, resident: &Resident) -> crate::value::Tag {
        self.office.tag(TagKind::Id, resident.id.as_str())
    }

    /// Goes on with a task so many working days from now. What would befall a holder after the
    /// story's end does not.
    fn after(&mut self, working_days: (u32, u32), task: Task) {
        // Who is to wait at a step takes as long as may be: so the day they are there is known.
        let days = match self.waits.has(&task) {
            true => working_days.1,
            false => self.chance.between(working_days.0, working_days.1),
        };
        let due = self.agenda.calendar().after(self.office.today(), days);
        if matches!(task, Task::Later(..)) && due >= self.ends {
            return;
        }
        self.agenda.put_after(self.office.today(), days, task);
    }

    /// Says whether something that begins on a day, and takes up to two months, ends in time.
    fn ends_in_time(&self, day: Day) -> bool {
        day.plus_days(60) < self.ends
    }
}

impl Terms {
    fn of(book: &policy::PolicyBook, division: DivisionCode, day: Day) -> Result<Self, Malformed> {
        let missing = || Malformed::new("published policies", "the shipped ones");
        let programme = |programme| {
            let (published, body) =
                book.programme(programme, division, day.month()).ok_or_else(missing)?;
            Ok::<_, Malformed>((published.hash, body.exclude.clone()))
        };
        let (certificate, _) = book.certificate(division, day).ok_or_else(missing)?;
        let (living, living_excludes) = programme(Programme::LIVING_ALLOWANCE)?;
        let (nursing, nursing_excludes) = programme(Programme::NURSING_CARE_SUBSIDY)?;
        let certificate = certificate.hash;
        Ok(Self { certificate, living, nursing, living_excludes, nursing_excludes })
    }

    fn policy(&self, programme: Programme) -> Hash {
        if programme == Programme::LIVING_ALLOWANCE { self.living } else { self.nursing }
    }

    fn excludes(&self, programme: Programme) -> &[FactKind] {
        match programme {
            Programme::LIVING_ALLOWANCE => &self.living_excludes,
            _ => &self.nursing_excludes,
        }
    }
}
