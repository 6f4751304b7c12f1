//! Where a scene is made: its holders, what they are paid, and the story told of one of them.
//!
//! A pure function of the city's frame and the scene's number: each roll is written by making the
//! scenes anew and taking its own rows from them, so nothing of the city is kept in memory.

use super::frame::{AT_THE_DESK, COUNTIES, Doctors, Frame, ROUND, SEATS};
use super::scene::{
    Card, Fuel, LIVING, Label, List, MONTHLY, Member, NURSING, Pay, Person, Report, Scene, Status,
    components,
};
use super::stories;
use crate::demo::{chance::Chance, names, people};
use crate::value::{Category, Component, Day, FactKind, Fen, Month, Programme, Sex};

/// Severe seats of a scene, out of five: the same share everywhere, so that only a village or a
/// doctor that the story makes severe stands out.
const SEVERE: usize = 2;
/// Scenes from here on are of people at the desk: no register has so many.
const DESK_FROM: u32 = 120_000;
/// Numbers of doctors from here on are those of one person's card only.
const OWN_DOCTORS: u32 = 1_000;

impl Scene {
    pub(super) fn of(frame: &Frame, number: u32) -> Self {
        let mut stage = Stage::new(frame, number);
        // Beyond the first round nothing is told where everybody is severe: stories of mild people
        // would make the village like any other.
        let told = number < ROUND || !frame.is_in_severe_village(number);
        if let Some(story) = stories::of(number).filter(|_| told) {
            (story.tell)(&mut stage);
            if story.is_lawful {
                let ids = stage.told.drain(..).map(|id| (story.name, id)).collect::<Vec<_>>();
                stage.scene.lawful = ids;
            }
        }
        stage.fill();
        stage.scene
    }
}

/// What a story needs its person to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Want {
    pub(super) age: (u32, u32),
    pub(super) category: Option<Category>,
    pub(super) level: Option<u8>,
    pub(super) dibao: bool,
}

/// Grown up for all of the years in which cards are issued here, and no older than a driver.
const ADULT: (u32, u32) = (32, 64);

/// Level 1 or 2 outside the minimum living guarantee: nursing care only.
pub(super) const SEVERE_ONLY: Want =
    Want { age: ADULT, category: None, level: Some(2), dibao: false };
/// Level 3 or 4 in the minimum living guarantee: living allowance only.
pub(super) const POOR: Want = Want { age: ADULT, category: None, level: Some(3), dibao: true };
/// Level 3 or 4, and nothing to be paid.
pub(super) const MILD: Want = Want { age: ADULT, category: None, level: Some(4), dibao: false };
/// Both subsidies.
pub(super) const BOTH: Want = Want { age: ADULT, category: None, level: Some(1), dibao: true };

/// A holder in the making: everything that a clean one would have.
#[derive(Debug, Clone)]
pub(super) struct Holder {
    pub(super) card: Card,
    /// Cards before it.
    pub(super) older: Vec<Card>,
    pub(super) pays: Vec<Pay>,
    pub(super) dibao: bool,
}

impl Holder {
    pub(super) const fn person(&self) -> &Person {
        &self.card.person
    }

    pub(super) fn id(&self) -> String {
        self.card.person.id.clone()
    }

    /// Born on another day, with the ID number that follows from it.
    pub(super) fn born(&mut self, birth: Day) {
        let id = self.id();
        let day = birth.to_string().replace('-', "");
        self.card.person.id = people::with_check(&format!("{}{day}{}", &id[..6], &id[14..17]));
        self.card.person.birth = birth;
    }

    pub(super) fn paid_until(&mut self, last: Month) {
        self.pays.retain(|pay| pay.month <= last);
    }

    pub(super) fn paid_from(&mut self, first: Month) {
        self.pays.retain(|pay| pay.month >= first);
    }

    pub(super) fn unpaid(&mut self) {
        self.pays.clear();
    }

    /// Everything is paid into another account, in a name.
    pub(super) fn paid_into(&mut self, account: &str, holder: &str) {
        for pay in &mut self.pays {
            (pay.account, pay.holder) = (account.to_owned(), holder.to_owned());
        }
    }
}

/// Where a scene is made.
pub(super) struct Stage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) chance: Chance,
    pub(super) number: u32,
    pub(super) scene: Scene,
    county: u32,
    seats: u32,
    extras: u32,
    told: Vec<String>,
}

impl<'a> Stage<'a> {
    fn new(frame: &'a Frame, number: u32) -> Self {
        let chance = Chance::of(frame.seed, 1 << 40 | u64::from(number));
        Self {
            frame,
            chance,
            number,
            scene: Scene::default(),
            county: frame.county_of(number),
            seats: 0,
            extras: 0,
            told: Vec::new(),
        }
    }

    /// For people at the desk of the prefecture.
    pub(super) fn at_the_desk(frame: &'a Frame, number: u32) -> Self {
        Self { county: AT_THE_DESK, ..Self::new(frame, DESK_FROM + number) }
    }

    /// A holder at the desk: of a village of their own, and with a guardian when a child.
    pub(super) fn at_desk(&mut self, want: Want, division: String) -> Holder {
        let mut holder = self.holder(want);
        holder.card.division = division;
        holder.card.person.village = format!("第{}村", self.number - DESK_FROM + 1);
        // Doctors of their own: those of the desk's people make no population.
        let doctor = OWN_DOCTORS + 2 * holder.person().number;
        holder.card.doctors =
            [doctor, doctor + 1].map(|at| self.frame.officer(self.county, at)).to_vec();
        if want.age.1 < 18 {
            let guardian = self.extra((33, 45));
            holder.card.guardian = Some((guardian.name, guardian.id));
            holder.card.notice = None;
            let first = holder.person().birth.plus_days(300);
            holder.card.issue(first.max(self.frame.today.plus_months(-60)));
        }
        holder
    }

    pub(super) const fn county(&self) -> u32 {
        self.county
    }

    pub(super) fn division(&self) -> &'static str {
        COUNTIES[self.county() as usize].0
    }

    /// A holder on the next free seat, paid what is due to them in every month.
    pub(super) fn holder(&mut self, want: Want) -> Holder {
        let seat = self.number * SEATS + self.seats;
        self.seats += 1;
        debug_assert!(self.seats <= SEATS, "a story has five seats");
        let person = self.person(200, 1_000_000, seat, want.age);
        let level = match want.level {
            Some(level) if level <= 2 => self.chance.pick(&[1, 2]),
            Some(_) | None => self.chance.pick(&[3, 4]),
        };
        let (category, components) = self.grade(want.category, level);
        let card = self.card(person, category, level, components, seat);
        let mut holder = Holder { card, older: Vec::new(), pays: Vec::new(), dibao: want.dibao };
        self.pay_dues(&mut holder);
        self.told.push(holder.id());
        holder
    }

    /// Pays a holder again what is due by level and household.
    pub(super) fn pay_dues(&self, holder: &mut Holder) {
        holder.pays.clear();
        if holder.dibao {
            self.pay(holder, LIVING);
        }
        if holder.card.is_severe() {
            self.pay(holder, NURSING);
        }
    }

    /// Pays every month of a programme since the card was issued.
    pub(super) fn pay(&self, holder: &mut Holder, programme: Programme) {
        let issued = holder.card.issued.month();
        for month in self.frame.months.iter().filter(|month| **month >= issued) {
            holder.pays.push(self.row(holder, programme, *month));
        }
    }

    /// One row of a month's roll.
    pub(super) fn row(&self, holder: &Holder, programme: Programme, month: Month) -> Pay {
        let Card { person, guardian, .. } = &holder.card;
        Pay {
            programme,
            roll: month,
            month,
            name: person.name.clone(),
            id: person.id.clone(),
            card: holder.card.number(),
            amount: Fen(MONTHLY),
            back: 0,
            reason: "",
            account: person.account.clone(),
            holder: guardian.as_ref().map_or(&person.name, |(name, _)| name).clone(),
            division: self.division(),
        }
    }

    /// A child with a guardian, whose notice was waived.
    pub(super) fn child(&mut self, want: Want) -> Holder {
        let mut holder = self.holder(Want { age: (11, 15), ..want });
        let guardian = self.extra((36, 50));
        holder.card.guardian = Some((guardian.name, guardian.id));
        holder.card.notice = None;
        let issued = self.frame.today.plus_months(-30);
        holder.card.issue(issued);
        self.pay_dues(&mut holder);
        holder
    }

    /// Somebody without a certificate.
    pub(super) fn extra(&mut self, age: (u32, u32)) -> Person {
        let number = self.number * SEATS + self.extras;
        self.extras += 1;
        debug_assert!(self.extras <= SEATS, "a scene has five people without a card");
        self.person(3000, 5_000_000, number, age)
    }

    /// A vehicle of one's own.
    pub(super) fn fuel(&self, holder: &Holder) -> Fuel {
        let number = holder.card.person.number;
        Fuel {
            person: holder.card.person.clone(),
            card: holder.card.number(),
            chassis: format!("LZX{number:012}"),
            engine: format!("E{number:09}"),
        }
    }

    /// Puts a holder on the rolls.
    pub(super) fn enter(&mut self, holder: Holder) {
        let Holder { card, older, pays, dibao } = holder;
        if dibao {
            self.list(List::Dibao, &card.person, self.frame.before(40), None);
        }
        self.scene.cards.extend(older);
        self.scene.cards.push(card);
        self.scene.pays.extend(pays);
    }

    pub(super) fn list(&mut self, list: List, person: &Person, from: Month, to: Option<Month>) {
        let Person { name, id, household, .. } = person.clone();
        self.scene.members.push(Member { list, name, id, household, from, to });
    }

    pub(super) fn death(&mut self, person: &Person, day: Day) {
        self.scene.deaths.push((person.name.clone(), person.id.clone(), day));
    }

    pub(super) fn report(
        &mut self,
        person: &Person,
        kind: FactKind,
        from: Day,
        division: Option<&'static str>,
    ) {
        let (name, id) = (person.name.clone(), person.id.clone());
        self.scene.reports.push(Report { name, id, kind, from, division });
    }

    pub(super) fn sentence(&mut self, person: &Person, from: Day, to: Option<Day>) {
        self.scene.sentences.push((person.name.clone(), person.id.clone(), from, to));
    }

    /// A flag about a person or their card.
    pub(super) fn label(&mut self, rule: &'static str, id: &str) {
        self.label_of(rule, id, None, None);
    }

    /// A flag about a payment.
    pub(super) fn label_of(
        &mut self,
        rule: &'static str,
        id: &str,
        programme: Option<Programme>,
        month: Option<Month>,
    ) {
        self.scene.labels.push(Label { rule, id: id.to_owned(), programme, month });
    }

    /// A flag about every payment of a holder that `fits`.
    pub(super) fn label_pays(
        &mut self,
        rule: &'static str,
        holder: &Holder,
        fits: impl Fn(&Pay) -> bool,
    ) {
        for pay in holder.pays.iter().filter(|pay| fits(pay)) {
            self.label_of(rule, &pay.id, Some(pay.programme), Some(pay.month));
        }
    }

    /// Fills what seats the story left with people who have nothing out of the usual.
    fn fill(&mut self) {
        let everybody = self.frame.is_in_severe_village(self.number);
        while self.seats < SEATS {
            let severe = self.scene.cards.iter().filter(|card| {
                card.is_severe() && card.status == Status::Normal && card.suffix.is_empty()
            });
            let severe = everybody || severe.count() < SEVERE;
            let dibao = self.chance.percent(35);
            let level = Some(if severe { 2 } else { 3 });
            let holder = self.holder(Want { age: ADULT, category: None, level, dibao });
            let drives = holder.card.category == Category::Physical && self.chance.percent(4);
            if drives {
                let vehicle = self.fuel(&holder);
                self.scene.fuel.push(vehicle);
            }
            self.enter(holder);
        }
        self.send_to_doctors();
    }

    /// Severe cases of some scenes go to a doctor of the story.
    fn send_to_doctors(&mut self) {
        let kind = self.frame.doctors_of(self.number);
        if kind == Doctors::Usual {
            return;
        }
        let county = self.county();
        for card in self.scene.cards.iter_mut().filter(|card| card.doctors.len() == 2) {
            if card.is_severe() && card.doctors[0] != card.doctors[1] {
                let seat = card.person.number;
                card.doctors = self.frame.doctors(county, seat, kind).to_vec();
                card.lenient = kind == Doctors::Lenient;
            }
        }
    }

    fn person(&mut self, area: u32, phones: u32, number: u32, age: (u32, u32)) -> Person {
        let sex = if self.chance.percent(52) { Sex::Male } else { Sex::Female };
        let days = self.chance.between(age.0, age.1) * 365 + 30 + self.chance.below(300);
        let birth = self.frame.today.plus_days(-i32::try_from(days).unwrap_or_default());
        let surname = self.chance.weighted(names::SURNAMES);
        let name = people::name(&mut self.chance, surname, sex);
        let (township, village) = self.frame.place(self.number);
        Person {
            name,
            id: people::citizen_id(area, number, birth, sex),
            birth,
            phone: format!("100{:08}", phones + number),
            township,
            village,
            household: format!("H{}{:08}", self.division(), phones + number),
            account: format!("990{:016}", u64::from(phones) * 1000 + u64::from(number)),
            number,
            sex,
        }
    }

    /// The same birth date and sex, another number.
    pub(super) fn id_born_with(&mut self, person: &Person) -> String {
        let other = self.extra((40, 60));
        people::citizen_id(3000, other.number, person.birth, person.sex)
    }

    fn grade(&mut self, wanted: Option<Category>, level: u8) -> (Category, Vec<Component>) {
        let category = wanted.unwrap_or_else(|| self.chance.weighted(people::CATEGORIES));
        (category, components_of(category, level))
    }

    fn card(
        &mut self,
        person: Person,
        category: Category,
        level: u8,
        components: Vec<Component>,
        seat: u32,
    ) -> Card {
        let county = self.county();
        let (_, name) = COUNTIES[county as usize];
        // From eight years ago to fifteen months before today: valid in a year of the rolls.
        let issued = self
            .frame
            .today
            .plus_days(-i32::try_from(self.chance.between(520, 2900)).unwrap_or(520));
        let officer = |from: u32, of: u32| self.frame.officer(county, from + seat % of);
        let mut card = Card {
            category,
            level,
            components,
            suffix: "",
            issued,
            expires: issued,
            status: Status::Normal,
            status_on: None,
            guardian: None,
            institution: format!("{name}残疾评定定点医院"),
            doctors: self.frame.doctors(county, seat, Doctors::Usual).to_vec(),
            assessed_on: None,
            receiver: officer(0, 3),
            reviewer: officer(3, 2),
            approver: officer(5, 2),
            notice: Some((issued, issued)),
            lenient: false,
            division: self.division().to_owned(),
            person,
        };
        card.issue(issued);
        card
    }
}

/// The components of a card: two of a multiple disability, the first as severe as the card says.
pub(super) fn components_of(category: Category, level: u8) -> Vec<Component> {
    match category {
        Category::Multiple => {
            components(&[(Category::Physical, level), (Category::Hearing, (level + 1).min(4))])
        }
        _ => Vec::new(),
    }
}
