//! The desk of the county at which walks are lived through, day by day, beside the county's year.
//!
//! Who takes part has a card of the old register, sent as a roll on the first day; every later step
//! is signed by the actor whose step it is and goes through the ledger's own door.

mod benefits;
mod cards;
mod case_steps;
mod dates;
mod deliveries;
mod homes;
mod hospitals;
mod issues;
mod payments;
mod people;
mod step;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::frame::Frame;
use super::rolls::{self, Listed};
use super::scene::{Label, Lodger, Scene, Status, Works};
use super::stage::{Holder, Stage};
use super::walks::{self, Home, Late, Walk};
use crate::crypto::{TagKind, random_bytes};
use crate::demo::county::office::{Draft, Office, evidence, label};
use crate::demo::{DemoError, DemoHouse};
use crate::event::{Evidence, InstitutionDesignated, PayrollAuthorised, PayrollItem};
use crate::ledger::Personal;
use crate::value::{
    CaseId, CertificateId, Day, DivisionCode, FactKind, Fen, Hash, HouseholdId, Malformed, Month,
    PayrollId, PersonId, Programme, Subject, VehicleId, WorkingCalendar,
};
use cards::CardCase;
use dates::{Dates, month};
use step::Step;

/// The prefecture at whose desk walks are lived. Each walk has a zone of its own: a payroll has to
/// hold everybody of its division who is paid.
pub(super) const DIVISION: &str = "411700";
/// A walk begins at most so many days before the end.
pub(super) const DAYS_MAX: i32 = 450;
/// Each walk is lived once in so many people.
const PEOPLE_PER_ROUND: u32 = 2_000;

/// Places of a care home: more than all walks need.
const PLACES: u32 = 100_000;

/// The county of the review chain.
const COUNTY: &str = crate::demo::actors::COUNTY;
const PREFECTURE_DPF: &str = "411700-dpf-1";
const PANEL: &str = "411700-panel-1";
const CLERK: &str = "411700-clerk-1";
const TOWNSHIP: &str = "411700-township-1";
const REVIEWER: &str = "411700-dpf-2";
const APPROVER: &str = "411700-approver-1";
const WELFARE: &str = "411700-civil-1";
const FINANCE: &str = "411700-finance-1";
const BANK: &str = "411700-bank-1";
const ASSESSOR: &str = "411700-assessor-1";
const PROVIDER: &str = "411700-provider-1";

/// The county that newcomers left.
const LEFT: &str = "411721";
/// Divisions that walks with a payroll can have for themselves: codes that no county has.
const ZONES: u32 = 87;

/// The first one is shared by walks of which nobody is paid by a payroll.
fn zone(number: u32) -> String {
    let code = if number < 70 { 411_730 + number } else { 411_703 + number - 70 };
    code.to_string()
}

/// The id of an actor of the prefecture.
fn actor(name: &str) -> String {
    format!("{DIVISION}-{name}")
}

/// Steps of the story, each on the day it is due.
type Agenda = BTreeMap<Day, Vec<(usize, String)>>;

/// Every walk that is lived, and how far each is.
pub(in crate::demo) struct Desk {
    frame: Frame,
    lives: Vec<Life>,
    agenda: Agenda,
    /// The ledger's, once somebody is registered.
    calendar: Option<Arc<WorkingCalendar>>,
    has_hospitals: bool,
    /// The register that was sent on the first day.
    listed: Listed,
}

/// One walk of some people.
struct Life {
    number: usize,
    walk: &'static Walk,
    dates: Dates,
    division: DivisionCode,
    people: Vec<Holder>,
    known: Vec<(PersonId, CertificateId)>,
    cases: BTreeMap<char, Case>,
    homes: BTreeMap<String, HouseholdId>,
    /// Who lives in them, by letter, and the works at them.
    lodgers: Vec<(char, Lodger)>,
    works: Vec<Works>,
    vehicles: BTreeMap<String, VehicleId>,
    batches: BTreeMap<String, Batch>,
    placements: BTreeMap<char, Hash>,
    photo: Option<Evidence>,
    card_cases: BTreeMap<char, CardCase>,
    /// The last fact that a register reported.
    facts: BTreeMap<char, (FactKind, Hash)>,
    /// The last step that a correction may explain.
    last: BTreeMap<char, (Subject, Hash)>,
    /// Who acts for a child, when the register does not say so.
    guardian: Option<(String, String)>,
}

#[derive(Clone, Copy)]
struct Case {
    id: CaseId,
    programme: Programme,
    applied: Month,
    household: Option<HouseholdId>,
    vehicle: Option<VehicleId>,
    /// Another account than the person's own was bound.
    switched: bool,
}

struct Batch {
    id: PayrollId,
    programme: Programme,
    month: Month,
    root: String,
    items: BTreeMap<char, PayrollItem>,
}

fn number_of(letter: char) -> usize {
    (letter as usize).saturating_sub('a' as usize)
}

fn wrong(what: &'static str) -> Malformed {
    Malformed::new(what, "a step of a walk")
}

fn fen(yuan: &str) -> Result<Fen, Malformed> {
    yuan.parse()
}

fn papers(step: &Step<'_>) -> Result<Vec<Evidence>, DemoError> {
    let kinds = step.keys.get("papers").copied().unwrap_or_default();
    kinds.split(',').filter(|kind| !kind.is_empty()).map(evidence).collect()
}

impl Desk {
    /// The walks of a city, in turn: whole rounds only, as long as there are zones.
    pub(super) fn new(frame: &Frame, people: u32) -> Result<Self, Malformed> {
        let paid = walks::all().filter(|walk| walk.has_payroll()).count();
        let most = ZONES as usize / paid.max(1);
        let rounds = ((people / PEOPLE_PER_ROUND) as usize).clamp(1, most);
        let mut desk = Self {
            frame: frame.clone(),
            lives: Vec::new(),
            agenda: Agenda::new(),
            calendar: None,
            has_hospitals: false,
            listed: Listed::default(),
        };
        let mut zones = 0;
        let walks = std::iter::repeat_n(walks::all(), rounds).flatten();
        let walks = walks.flat_map(|walk| std::iter::repeat_n(walk, walk.times));
        for (number, walk) in (0..).zip(walks) {
            let own = u32::from(walk.has_payroll());
            zones += own;
            desk.take_up(walk, number, zones * own)?;
        }
        desk.has_hospitals = people >= hospitals::PEOPLE_MIN;
        if desk.has_hospitals {
            hospitals::take_up(&mut desk)?;
        }
        Ok(desk)
    }

    fn take_up(
        &mut self,
        walk: &'static Walk,
        number: u32,
        zone_number: u32,
    ) -> Result<(), Malformed> {
        let mut stage = Stage::at_the_desk(&self.frame, number);
        let division = match walk.home {
            Home::Zone => zone(zone_number),
            Home::County(code) => code.to_owned(),
            Home::Newcomer => COUNTY.to_owned(),
        };
        let mut people: Vec<Holder> =
            walk.people.iter().map(|want| stage.at_desk(*want, division.clone())).collect();
        let mut guardian = None;
        for holder in &mut people {
            if let Some(days) = walk.expiring {
                let ends = self.frame.today.plus_days(days);
                holder.card.issue(ends.plus_days(1).plus_months(-120));
                holder.card.expires = ends;
            }
            if walk.without_guardian {
                guardian = holder.card.guardian.take();
            }
        }
        let at = self.lives.len();
        let mut life = Life::new(at, walk, &self.frame, division.parse()?, people);
        life.guardian = guardian;
        for line in walk.text.lines().filter(|line| !line.starts_with('!')) {
            let Some((days, step)) = line.split_once(' ') else { continue };
            let day = life.dates.day(walk, days);
            self.agenda.entry(day).or_default().push((at, step.to_owned()));
        }
        self.lives.push(life);
        Ok(())
    }

    /// Says whether the desk is open on a day.
    pub(super) fn works_on(&self, day: Day) -> bool {
        self.calendar.as_ref().is_some_and(|calendar| calendar.is_working_day(day))
    }

    /// The flags that are due.
    pub(super) fn labels(&self) -> Vec<Label> {
        let mut labels = Vec::new();
        if self.has_hospitals {
            labels.extend(hospitals::labels());
        }
        for life in &self.lives {
            for line in life.walk.text.lines().filter_map(|line| line.strip_prefix("! ")) {
                let step = Step::read(line);
                let Some(holder) = life.people.get(number_of(step.letter())) else { continue };
                labels.push(Label {
                    rule: rule_of(step.word(0)),
                    id: holder.id(),
                    programme: step.word(2).parse().ok(),
                    month: step.words.get(3).map(|days| month(&life.dates, life.walk, days)),
                });
            }
        }
        labels
    }

    /// The lawful walks' people.
    pub(super) fn lawful(&self) -> impl Iterator<Item = (&'static str, String)> {
        let lawful = self.lives.iter().filter(|life| life.walk.is_lawful);
        lawful.flat_map(|life| life.people.iter().map(|holder| (life.walk.name, holder.id())))
    }

    /// The homes that were lived in, as lists would have them.
    pub(super) fn homes(&self) -> Scene {
        let mut scene = Scene::default();
        for life in &self.lives {
            scene.lodgers.extend(life.lodgers.iter().map(|(_, lodger)| lodger.clone()));
            scene.works.extend(life.works.iter().cloned());
        }
        scene
    }

    /// Sends the register of everybody who takes part, and learns whom the ledger knows them as.
    pub(super) fn register(&mut self, house: &DemoHouse) -> Result<(), DemoError> {
        let mut scene = Scene::default();
        for life in self.lives.iter().filter(|life| life.walk.home != Home::Newcomer) {
            scene.cards.extend(life.people.iter().map(|holder| holder.card.clone()));
        }
        self.listed = rolls::register(house, &scene, DIVISION, &Listed::default())?;
        let personal = house.ledger.personal().ok_or(wrong("open vault"))?;
        for life in &mut self.lives {
            for holder in life.people.iter().skip(life.known.len()) {
                if life.walk.home == Home::Newcomer {
                    let ids = (PersonId(random_bytes()?), CertificateId(random_bytes()?));
                    life.known.push(ids);
                    continue;
                }
                let tag = personal.tag(TagKind::Id, &holder.id());
                life.known
                    .push(*self.listed.people.get(&tag).ok_or(wrong("card of the register"))?);
            }
        }
        let calendar = house.ledger.with_state(|state| state.policies.calendar().clone())?;
        let calendar = Arc::new(calendar);
        for life in &mut self.lives {
            life.dates.calendar = Some(Arc::clone(&calendar));
        }
        self.calendar = Some(calendar);
        Ok(())
    }

    /// Sends what a register says at the end: of a newcomer a card of the county that was left, of
    /// others their first card again, with another telephone number.
    pub(super) fn register_again(&self, house: &DemoHouse) -> Result<(), DemoError> {
        let mut scene = Scene::default();
        for life in &self.lives {
            let Some(late) = life.walk.late else { continue };
            for holder in &life.people {
                let mut card = holder.card.clone();
                card.person.phone = format!("{}8", card.person.phone.trim_end_matches('0'));
                if life.walk.home == Home::Newcomer {
                    card.division = LEFT.to_owned();
                }
                if late == Late::Closed {
                    card.close(Status::Cancelled, self.frame.today.plus_months(-12));
                }
                scene.cards.push(card);
            }
        }
        rolls::register(house, &scene, DIVISION, &self.listed).map(|_| ())
    }

    /// Designates the two care homes, and the hospitals.
    pub(super) fn designate(&self, office: &mut Office<'_>) -> Result<(), DemoError> {
        if self.has_hospitals {
            hospitals::designate(office)?;
        }
        for number in [1, 2] {
            let data = InstitutionDesignated {
                capacity: Some(PLACES),
                name: label("示例托养中心")?,
                division: DIVISION.parse()?,
                categories: Vec::new(),
                valid_from: office.today(),
                valid_to: None,
                document: label("示例")?,
            };
            let home = format!("{DIVISION}-home-{number}").parse()?;
            office.sign(PREFECTURE_DPF, &Subject::Institution(home), Draft::of(data))?;
        }
        office.send()
    }

    /// Takes the steps that are due by a working day.
    pub(in crate::demo) fn live(
        &mut self,
        day: Day,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        while let Some((due, _)) = self.agenda.first_key_value()
            && *due <= day
        {
            let Some((_, steps)) = self.agenda.pop_first() else { break };
            for (at, text) in steps {
                let Some(life) = self.lives.get_mut(at) else { continue };
                life.take(&Step::read(&text), office)?;
            }
        }
        Ok(())
    }
}

/// Rules are named by the program's own texts.
fn rule_of(name: &str) -> &'static str {
    crate::rules::find(name).map_or("", |rule| rule.id)
}

impl Life {
    fn new(
        number: usize,
        walk: &'static Walk,
        frame: &Frame,
        division: DivisionCode,
        people: Vec<Holder>,
    ) -> Self {
        Self {
            number,
            walk,
            dates: Dates { today: frame.today, calendar: None },
            division,
            people,
            known: Vec::new(),
            cases: BTreeMap::new(),
            homes: BTreeMap::new(),
            lodgers: Vec::new(),
            works: Vec::new(),
            vehicles: BTreeMap::new(),
            batches: BTreeMap::new(),
            placements: BTreeMap::new(),
            photo: None,
            card_cases: BTreeMap::new(),
            facts: BTreeMap::new(),
            last: BTreeMap::new(),
            guardian: None,
        }
    }

    fn who(&self, letter: char) -> Result<(PersonId, CertificateId, &Holder), Malformed> {
        let at = number_of(letter);
        let known = self.known.get(at).copied().zip(self.people.get(at));
        let ((person, certificate), holder) = known.ok_or(wrong("letter"))?;
        Ok((person, certificate, holder))
    }

    fn case(&self, letter: char) -> Result<Case, Malformed> {
        self.cases.get(&letter).copied().ok_or(wrong("case"))
    }

    fn account(&self, letter: char) -> Result<String, Malformed> {
        let (_, _, holder) = self.who(letter)?;
        let own = &holder.person().account;
        let switched = self.cases.get(&letter).is_some_and(|case| case.switched);
        Ok(if switched { format!("{}8", own.trim_end_matches('0')) } else { own.clone() })
    }

    fn take(&mut self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        match step.word(0) {
            "fact" => self.fact(step, office),
            "joins" => self.join(step, office),
            "parts" => self.part(step, office),
            "works" => self.accept_works(step, office),
            "apply" => self.apply(step, office),
            "check" | "first" | "second" => self.review(step, office),
            "grant" | "deny" => self.grant(step, office),
            "bind" => self.bind(step, office),
            "prepare" => self.prepare(step, office),
            "authorise" => {
                let batch = self.batches.get(step.word(1)).ok_or(wrong("batch"))?;
                let fund_source = label("县级财政")?;
                let data = PayrollAuthorised { root: batch.root.clone(), fund_source };
                office.sign(FINANCE, &Subject::Payroll(batch.id), Draft::of(data)).map(|_| ())
            }
            "paid" => self.pay(step, office),
            "stop" | "resume" => self.stop(step, office),
            "retract" => self.retract(step, office),
            "guardian" => self.guardian(step, office),
            "declare" => self.declare(step, office),
            "look" => self.look(step, office),
            "explain" => self.explain(step, office),
            "session" | "place" | "leaves" | "visit" | "reviewed" | "open" => {
                self.deliver(step, office)
            }
            _ => self.card(step, office),
        }
    }
}

fn named(holder: &Holder) -> Personal {
    let mut personal = Personal::default();
    personal.name = Some(holder.person().name.clone());
    personal.id_number = Some(holder.id());
    personal
}
