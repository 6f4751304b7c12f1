//! The desk of the county at which walks are lived through, day by day, beside the county's year.
//!
//! Who takes part has a card of the old register, sent as a roll on the first day; every later step
//! is signed by the actor whose step it is and goes through the ledger's own door.

mod deliveries;
mod payments;

use std::collections::BTreeMap;

use super::frame::Frame;
use super::rolls;
use super::scene::{Label, Scene};
use super::stage::{Holder, Stage};
use super::walks::{WALKS, Walk};
use crate::crypto::{TagKind, random_bytes};
use crate::demo::county::office::{Draft, Office, evidence, label};
use crate::demo::{DemoError, DemoHouse};
use crate::event::{
    Asked, BenefitApplied, BenefitChecked, BenefitDetermined, BenefitFirstReviewed,
    BenefitSecondReviewed, Body, Evidence, ExclusionChecked, ExternalFactRecorded,
    HouseholdMemberJoined, InstitutionDesignated, Opinion, Outcome, PayrollAuthorised, PayrollItem,
};
use crate::ledger::Personal;
use crate::value::{
    CaseId, CertificateId, ChainRole, ChainStep, Day, DivisionCode, FactKind, Fen, FirstMonth,
    Hash, HouseGrade, HouseholdId, IdForm, Malformed, Month, PayrollId, PersonId, Programme,
    Subject, VehicleId, WorkingCalendar,
};

/// The prefecture at whose desk walks are lived. Each walk has a zone of its own: a payroll has to
/// hold everybody of its division who is paid.
pub(super) const DIVISION: &str = "411700";
/// A walk begins at most so many days before the end.
pub(super) const DAYS_MAX: i32 = 450;
/// A walk of February takes less.
const WALK_DAYS: i32 = 75;
/// Each walk is lived once in so many people.
const PEOPLE_PER_ROUND: u32 = 2_000;

/// Places of a care home: more than all walks need.
const PLACES: u32 = 100_000;

const CLERK: &str = "411700-clerk-1";
const TOWNSHIP: &str = "411700-township-1";
const REVIEWER: &str = "411700-dpf-2";
const APPROVER: &str = "411700-approver-1";
const WELFARE: &str = "411700-civil-1";
const FINANCE: &str = "411700-finance-1";
const BANK: &str = "411700-bank-1";
const ASSESSOR: &str = "411700-assessor-1";
const PROVIDER: &str = "411700-provider-1";

/// Zones that walks can have: codes that no county of the city has.
const ZONES: u32 = 70;

fn zone(number: u32) -> String {
    (411_730 + number % ZONES).to_string()
}

/// Steps of the story, each on the day it is due.
type Agenda = BTreeMap<Day, Vec<(usize, &'static str)>>;

/// Every walk that is lived, and how far each is.
pub(in crate::demo) struct Desk {
    frame: Frame,
    lives: Vec<Life>,
    agenda: Agenda,
    /// The ledger's, once somebody is registered.
    calendar: Option<WorkingCalendar>,
}

/// One walk of some people.
struct Life {
    walk: &'static Walk,
    division: DivisionCode,
    people: Vec<Holder>,
    known: Vec<(PersonId, CertificateId)>,
    cases: BTreeMap<char, Case>,
    homes: BTreeMap<String, HouseholdId>,
    vehicles: BTreeMap<String, VehicleId>,
    batches: BTreeMap<String, Batch>,
    placements: BTreeMap<char, Hash>,
    photo: Option<Evidence>,
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

/// The words of a step in their order, and its keys.
struct Step<'t> {
    words: Vec<&'t str>,
    keys: BTreeMap<&'t str, &'t str>,
}

impl<'t> Step<'t> {
    fn read(text: &'t str) -> Self {
        let (keys, words): (Vec<_>, Vec<_>) =
            text.split_whitespace().partition(|word| word.contains('='));
        Self { words, keys: keys.iter().filter_map(|word| word.split_once('=')).collect() }
    }

    fn word(&self, at: usize) -> &'t str {
        self.words.get(at).copied().unwrap_or_default()
    }

    fn letter(&self) -> char {
        self.word(1).chars().next().unwrap_or('a')
    }

    fn has(&self, word: &str) -> bool {
        self.words.contains(&word)
    }
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
    /// The walks of a city, in turn.
    pub(super) fn new(frame: &Frame, people: u32) -> Result<Self, Malformed> {
        let rounds = (people / PEOPLE_PER_ROUND).max(1) as usize;
        let mut desk =
            Self { frame: frame.clone(), lives: Vec::new(), agenda: Agenda::new(), calendar: None };
        let walks = std::iter::repeat_n(WALKS, rounds).flatten();
        // Whole rounds only, as long as there are zones.
        let most = ZONES as usize / WALKS.len() * WALKS.len();
        for (number, walk) in (0..ZONES).zip(walks.take(most)) {
            desk.take_up(walk, number)?;
        }
        Ok(desk)
    }

    fn take_up(&mut self, walk: &'static Walk, number: u32) -> Result<(), Malformed> {
        let mut stage = Stage::at_the_desk(&self.frame, number);
        let people = walk.people.iter().map(|want| stage.at_desk(*want, zone(number))).collect();
        let life = Life {
            walk,
            division: zone(number).parse()?,
            people,
            known: Vec::new(),
            cases: BTreeMap::new(),
            homes: BTreeMap::new(),
            vehicles: BTreeMap::new(),
            batches: BTreeMap::new(),
            placements: BTreeMap::new(),
            photo: None,
        };
        let at = self.lives.len();
        self.lives.push(life);
        for line in walk.text.lines().filter(|line| !line.starts_with('!')) {
            let Some((days, step)) = line.split_once(' ') else { continue };
            let day = self.day(walk, days);
            self.agenda.entry(day).or_default().push((at, step));
        }
        Ok(())
    }

    /// So many days before the end; a walk of February is moved to the last one that leaves time.
    fn day(&self, walk: &Walk, before: &str) -> Day {
        let days = |text: &str| text.parse::<i32>().unwrap_or_default();
        let today = self.frame.today;
        let day = today.plus_days(-days(before));
        if !walk.in_february {
            return day;
        }
        let first = walk.text.split(' ').next().map(days).unwrap_or_default();
        let year = today.plus_days(-WALK_DAYS).year();
        let february = |year| Day::new(year, 2, 2).unwrap_or(today);
        let this = february(year);
        let begins = if today.since(this) >= WALK_DAYS { this } else { february(year - 1) };
        begins.plus_days(first - days(before))
    }

    /// Says whether the desk is open on a day.
    pub(super) fn works_on(&self, day: Day) -> bool {
        self.calendar.as_ref().is_some_and(|calendar| calendar.is_working_day(day))
    }

    /// The flags that are due.
    pub(super) fn labels(&self) -> Vec<Label> {
        let mut labels = Vec::new();
        for life in &self.lives {
            for line in life.walk.text.lines().filter_map(|line| line.strip_prefix("! ")) {
                let step = Step::read(line);
                let Some(holder) = life.people.get(number_of(step.letter())) else { continue };
                labels.push(Label {
                    rule: rule_of(step.word(0)),
                    id: holder.id(),
                    programme: step.word(2).parse().ok(),
                    month: step.words.get(3).map(|days| self.worked(life.walk, days).month()),
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

    /// The day on which a step that is due on a day is taken.
    fn worked(&self, walk: &Walk, days: &str) -> Day {
        let (days, more) = days.split_once('+').unwrap_or((days, "0"));
        let mut day = self.day(walk, days);
        if let Some(calendar) = &self.calendar {
            while !calendar.is_working_day(day) {
                day = day.plus_days(1);
            }
        }
        day.plus_days(more.parse().unwrap_or_default())
    }

    /// Sends the register of everybody who takes part, and learns whom the ledger knows them as.
    pub(super) fn register(&mut self, house: &DemoHouse) -> Result<(), DemoError> {
        let mut scene = Scene::default();
        for life in &self.lives {
            scene.cards.extend(life.people.iter().map(|holder| holder.card.clone()));
        }
        let known = rolls::register(house, &scene, DIVISION)?;
        let personal = house.ledger.personal().ok_or(wrong("open vault"))?;
        for life in &mut self.lives {
            for holder in &life.people {
                let tag = personal.tag(TagKind::Id, &holder.id());
                life.known.push(*known.get(&tag).ok_or(wrong("card of the register"))?);
            }
        }
        self.calendar = Some(house.ledger.with_state(|state| state.policies.calendar().clone())?);
        Ok(())
    }

    /// Designates the two care homes.
    pub(super) fn designate(&self, office: &mut Office<'_>) -> Result<(), DemoError> {
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
            office.sign("411700-dpf-1", &Subject::Institution(home), Draft::of(data))?;
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
                life.take(&Step::read(text), office)?;
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
    fn who(&self, letter: char) -> Result<(PersonId, CertificateId, &Holder), Malformed> {
        let at = number_of(letter);
        let known = self.known.get(at).copied().zip(self.people.get(at));
        let ((person, certificate), holder) = known.ok_or(wrong("letter"))?;
        Ok((person, certificate, holder))
    }

    fn case(&self, letter: char) -> Result<Case, Malformed> {
        self.cases.get(&letter).copied().ok_or(wrong("case"))
    }

    fn home(&mut self, word: &str) -> Result<HouseholdId, DemoError> {
        let new = HouseholdId(random_bytes()?);
        Ok(*self.homes.entry(word.to_owned()).or_insert(new))
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
            "joins" => {
                let household = self.home(step.word(2))?;
                let (person, ..) = self.who(step.letter())?;
                let from = office.today();
                let data = HouseholdMemberJoined { household, person, is_head: false, from };
                office.sign(CLERK, &Subject::Household(household), Draft::of(data)).map(|_| ())
            }
            "apply" => self.apply(step, office),
            "check" | "first" | "second" => self.review(step, office),
            "grant" => self.grant(step, office),
            "bind" => self.bind(step, office),
            "prepare" => self.prepare(step, office),
            "authorise" => {
                let batch = self.batches.get(step.word(1)).ok_or(wrong("batch"))?;
                let fund_source = label("县级财政")?;
                let data = PayrollAuthorised { root: batch.root.clone(), fund_source };
                office.sign(FINANCE, &Subject::Payroll(batch.id), Draft::of(data)).map(|_| ())
            }
            "paid" => self.pay(step, office),
            _ => self.deliver(step, office),
        }
    }

    fn fact(&self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let (person, _, holder) = self.who(step.letter())?;
        let kind = FactKind::from_name(step.word(2)).ok_or(wrong("fact"))?;
        let custodian = match kind {
            FactKind::LongTermCare => "411700-health-1",
            _ => "411700-welfare-1",
        };
        let data = ExternalFactRecorded {
            person: Some(person),
            id: office.tag(TagKind::Id, &holder.id()),
            id_form: IdForm::Valid,
            name: Some(office.tag(TagKind::Name, &holder.person().name)),
            kind,
            from: office.today().plus_months(-8).month().first_day(),
            to: None,
            household_no: None,
            division: None,
            row: None,
        };
        office.sign(custodian, &Subject::Person(person), Draft::of(data)).map(|_| ())
    }

    fn apply(&mut self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let letter = step.letter();
        let (person, certificate, _) = self.who(letter)?;
        let household = step.keys.get("household").map(|word| self.home(word)).transpose()?;
        let new = VehicleId(random_bytes()?);
        let vehicle = step
            .keys
            .get("vehicle")
            .map(|word| *self.vehicles.entry((*word).into()).or_insert(new));
        let programme: Programme = step.word(2).parse()?;
        let id = CaseId(random_bytes()?);
        let applied = office.today().month();
        let item = step.keys.get("item").map(|item| item.parse()).transpose()?;
        let grade = step.keys.get("grade").and_then(|grade| HouseGrade::from_name(grade));
        let chassis = vehicle.map(|vehicle| office.tag(TagKind::Chassis, &format!("LZY{vehicle}")));
        let asked = Asked { item, grade, chassis, engine: None };
        let is_asked = asked.item.is_some() || asked.grade.is_some() || asked.chassis.is_some();
        let data = BenefitApplied {
            person,
            programme,
            household,
            vehicle,
            certificate: Some(certificate),
            division: self.division,
            month: applied,
            evidence: papers(step)?,
            asked: is_asked.then_some(asked),
        };
        office.sign(CLERK, &Subject::Case(id), Draft::of(data))?;
        let case = Case { id, programme, applied, household, vehicle, switched: false };
        self.cases.insert(letter, case);
        Ok(())
    }

    fn review(&self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let case = self.case(step.letter())?;
        let (person, ..) = self.who(step.letter())?;
        let (of, body): (_, Body) = match step.word(0) {
            "check" => {
                let of = ChainStep::from_name(step.word(2)).ok_or(wrong("step"))?;
                let evidence = papers(step)?;
                let opinion = Opinion::Agree;
                (of, BenefitChecked { person, step: of, opinion, evidence, reason: None }.into())
            }
            "first" => {
                let notice = (office.today().plus_days(-8), office.today().plus_days(-1));
                let data = BenefitFirstReviewed {
                    person,
                    opinion: Opinion::Agree,
                    home_visit: Some(evidence("入户走访表")?),
                    notice_from: Some(notice.0),
                    notice_to: Some(notice.1),
                    reason: None,
                };
                (ChainStep::FirstReview, data.into())
            }
            _ => {
                let data = BenefitSecondReviewed {
                    person,
                    opinion: Opinion::Agree,
                    certificate_ok: true,
                    level_ok: true,
                    reason: None,
                };
                (ChainStep::SecondReview, data.into())
            }
        };
        let (_, policy) = office.policy(case.programme, self.division, case.applied)?;
        let by = officer(policy.step(of).map(|step| step.role));
        office.sign(by, &Subject::Case(case.id), Draft::of(body)).map(|_| ())
    }

    fn grant(&self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let case = self.case(step.letter())?;
        let (person, ..) = self.who(step.letter())?;
        let (hash, policy) = office.policy(case.programme, self.division, case.applied)?;
        let as_of = office.today();
        let checked = |kind: &FactKind| ExclusionChecked { kind: *kind, as_of };
        let data = BenefitDetermined {
            person,
            outcome: Outcome::Granted,
            from_month: Some(match policy.first_month {
                Some(FirstMonth::DeterminationMonth) => as_of.month(),
                _ => case.applied,
            }),
            amount: step.words.get(2).map(|yuan| fen(yuan)).transpose()?,
            income: None,
            exclusions: policy.exclude.iter().map(checked).collect(),
            reason: None,
            told: None,
        };
        let by = officer(policy.step(ChainStep::Determination).map(|step| step.role));
        office.sign(by, &Subject::Case(case.id), Draft::of(data).under(hash)).map(|_| ())
    }
}

fn named(holder: &Holder) -> Personal {
    let mut personal = Personal::default();
    personal.name = Some(holder.person().name.clone());
    personal.id_number = Some(holder.id());
    personal
}

/// The actor who takes a role's steps.
const fn officer(role: Option<ChainRole>) -> &'static str {
    match role {
        Some(ChainRole::Clerk) | None => "411700-clerk-2",
        Some(ChainRole::TownshipReviewer) => TOWNSHIP,
        Some(ChainRole::DpfReviewer) => REVIEWER,
        Some(ChainRole::Assessor) => ASSESSOR,
        Some(ChainRole::Approver) => APPROVER,
        Some(ChainRole::CivilAffairsOfficer) => WELFARE,
        Some(ChainRole::ServiceProvider) => PROVIDER,
    }
}
