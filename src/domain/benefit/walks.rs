//! Each programme's way, as text: one line per step, its expected outcome last.
//!
//! `day verb who words key=value ... -> outcome`; `-` repeats the day. People are letters,
//! households `h1`, vehicles `v1`, payrolls `p1`. Steps are signed by the role that the shipped
//! policy names unless `by=` says otherwise.

use std::collections::BTreeMap;

use super::desk::{Desk, account, id_of, imported, month, name_of, payroll};
use super::prepare;
use crate::domain::testing::{
    actor, case, certificate, division, enrolment, evidence, label, outcome, person, tag, told,
};
use crate::event::{
    AccountBound, AccountHolder, AnnualReviewCompleted, Asked, BenefitApplied, BenefitChecked,
    BenefitDetermined, Body, ExclusionChecked, HouseholdMemberJoined, InstitutionDesignated,
    ItemUnit, Opinion, Outcome, PaymentExecuted, PaymentReturned, PayrollItem, PayrollPrepared,
    PlacementEnded, PlacementStarted, Role, ServiceDelivered, SupportVisitLogged, WorksAccepted,
};
use crate::policy::{RateRow, defaults::POLICIES, rates_policy};
use crate::value::{
    Category, ChainRole, ChainStep, FactKind, Fen, Hash, HouseGrade, HouseholdId, Level, Period,
    Programme, Subject, VehicleId,
};

/// Walks a table at a desk where nothing is published but what ships with the program.
fn walk(table: &str) {
    walk_at(&mut Desk::without_amounts(), table);
}

fn walk_at(desk: &mut Desk, table: &str) {
    let mut walk = Walk { desk, versions: 0, placements: BTreeMap::new() };
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (step, expected) = line.split_once("->").unwrap_or_else(|| panic!("{line}"));
        let mut words = step.split_whitespace();
        let day = words.next().unwrap();
        if day != "-" {
            walk.desk.world.on(day);
        }
        assert_eq!(walk.take(&Step::read(words)), expected.trim(), "{line}");
    }
}

struct Walk<'d> {
    desk: &'d mut Desk,
    versions: u32,
    placements: BTreeMap<u8, Hash>,
}

/// The words of a step in their order, and its keys.
struct Step<'t> {
    words: Vec<&'t str>,
    keys: BTreeMap<&'t str, &'t str>,
}

impl<'t> Step<'t> {
    fn read(words: impl Iterator<Item = &'t str>) -> Self {
        let (keys, words): (Vec<_>, Vec<_>) = words.partition(|word| word.contains('='));
        Self { words, keys: keys.iter().filter_map(|word| word.split_once('=')).collect() }
    }

    /// The number behind a word such as `a`, `h1` or `p2`.
    fn number(&self, at: usize) -> u8 {
        number(self.words[at])
    }

    fn programme(&self, at: usize) -> Programme {
        self.words[at].parse().unwrap()
    }

    fn has(&self, word: &str) -> bool {
        self.words.contains(&word)
    }
}

fn number(word: &str) -> u8 {
    match word.as_bytes() {
        [letter @ b'a'..=b'g'] => letter - b'a' + 1,
        _ => word[1..].parse().unwrap(),
    }
}

fn fen(yuan: &str) -> Fen {
    Fen(yuan.replace('.', "").parse().unwrap())
}

fn category(word: &str) -> Category {
    serde_json::from_value(word.into()).unwrap()
}

fn household(word: &str) -> HouseholdId {
    HouseholdId([number(word); 16])
}

fn vehicle(word: &str) -> VehicleId {
    VehicleId([number(word); 16])
}

impl Walk<'_> {
    fn take(&mut self, step: &Step<'_>) -> String {
        let signed = match step.words[0] {
            "resident" => self.resident(step),
            "fact" => {
                let kind = FactKind::from_name(step.words[2]).unwrap();
                Ok(self.desk.fact(step.number(1), kind, "2025-01-01", None))
            }
            "joins" => {
                let (person, home) = (person(step.number(1)), household(step.words[2]));
                let from = self.desk.world.today();
                let data = HouseholdMemberJoined { household: home, person, is_head: false, from };
                self.desk.world.sign("clerk", &Subject::Household(home), data)
            }
            "amount" => self.amount(step),
            "facility" => self.facility(step),
            "apply" => self.apply(step),
            "check" => self.check(step),
            "first" => {
                let mut data = self.desk.first_review(step.number(1), opinion(step));
                data.person = self.desk.case(step.number(1)).person;
                self.case_step(step, ChainStep::FirstReview, data)
            }
            "second" => {
                let mut data = Desk::second_review(step.number(1), opinion(step));
                data.person = self.desk.case(step.number(1)).person;
                self.case_step(step, ChainStep::SecondReview, data)
            }
            "grant" | "refuse" => self.determine(step),
            "bind" => self.bind(step),
            "prepare" => self.prepare(step),
            "authorise" => self.desk.authorise(step.number(1)),
            "paid" => self.paid(step),
            "returned" => self.returned(step),
            "session" | "works" | "place" | "leaves" | "visit" | "reviewed" => self.fact(step),
            "hand" => {
                let id = case(step.number(1));
                let hand = self.desk.world.state.benefits.once(&id);
                return hand.map_or("none".to_owned(), |hand| format!("{hand:?}").to_lowercase());
            }
            verb => panic!("no such step: {verb}"),
        };
        outcome(&signed).to_owned()
    }

    /// A certificate holder of 411702: `level=`, `category=`, `born=`.
    fn resident(&mut self, step: &Step<'_>) -> super::desk::Answer {
        let n = step.number(1);
        let mut data = imported(n, ("2020-01-10", "2030-01-09"));
        data.level =
            Level::new(step.keys.get("level").map_or(2, |it| it.parse().unwrap())).unwrap();
        if let Some(word) = step.keys.get("category") {
            data.category = category(word);
        }
        if let Some(day) = step.keys.get("born") {
            data.birth_date = Some(day.parse().unwrap());
        }
        self.desk.world.sign("clerk", &Subject::Certificate(certificate(n)), data)
    }

    /// `amount PROGRAMME unit-period yuan from`.
    fn amount(&mut self, step: &Step<'_>) -> super::desk::Answer {
        self.versions += 1;
        let row = RateRow {
            programme: step.words[1],
            unit: step.words[2],
            amount: fen(step.words[3]),
            valid_from: step.words[4].parse().unwrap(),
            valid_to: None,
        };
        let text = rates_policy(division("411700"), self.versions, &[row]).unwrap();
        Ok(self.desk.world.publish(&text))
    }

    /// `facility h1 capacity=2`: designated, with a carer of its own called `carer-1`.
    fn facility(&mut self, step: &Step<'_>) -> super::desk::Answer {
        let code = format!("home-{}", step.number(1));
        let carer = format!("carer-{}", step.number(1));
        let data = InstitutionDesignated {
            name: label("care home"),
            division: division("411702"),
            categories: vec![],
            capacity: step.keys.get("capacity").map(|it| it.parse().unwrap()),
            valid_from: "2020-01-01".parse().unwrap(),
            valid_to: None,
            document: label("designation"),
        };
        let enrolled = enrolment(&carer, Role::ServiceProvider, "411702", &code, &code);
        self.desk.world.enrol(&carer, enrolled);
        self.desk.world.sign("prefecture", &Subject::Institution(actor(&code)), data)
    }

    fn apply(&mut self, step: &Step<'_>) -> super::desk::Answer {
        let n = step.number(1);
        let who = step.keys.get("for").map_or(n, |word| number(word));
        let papers = step.keys.get("papers").map_or("application_form", |papers| papers);
        let asked = Asked {
            item: step.keys.get("item").map(|item| label(item)),
            grade: step.keys.get("grade").map(|grade| HouseGrade::from_name(grade).unwrap()),
            chassis: step.keys.get("chassis").map(|it| tag(it)),
            engine: None,
        };
        let data = BenefitApplied {
            person: person(who),
            programme: step.programme(2),
            household: step.keys.get("household").map(|word| household(word)),
            vehicle: step.keys.get("vehicle").map(|word| vehicle(word)),
            certificate: Some(certificate(who)).filter(|_| !step.has("uncertified")),
            division: division("411702"),
            month: self.desk.world.today().month(),
            evidence: papers.split(',').map(evidence).collect(),
            asked: Some(asked),
        };
        self.desk.world.sign("clerk", &Subject::Case(case(n)), data)
    }

    /// The officer of the role that the shipped policy names for a step of the case.
    fn officer(&self, step: &Step<'_>, of: ChainStep) -> String {
        if let Some(by) = step.keys.get("by") {
            return (*by).to_owned();
        }
        let found = self.desk.case(step.number(1));
        let (programme, at) = (found.programme, found.division);
        let policies = &self.desk.world.state.policies;
        let (_, policy) = policies.programme(programme, at, found.month).unwrap();
        officer(policy.step(of).map(|step| step.role)).to_owned()
    }

    fn case_step(
        &mut self,
        step: &Step<'_>,
        of: ChainStep,
        data: impl Into<Body>,
    ) -> super::desk::Answer {
        let by = self.officer(step, of);
        self.desk.world.sign(&by, &Subject::Case(case(step.number(1))), data)
    }

    fn check(&mut self, step: &Step<'_>) -> super::desk::Answer {
        let of = ChainStep::from_name(step.words[2]).unwrap();
        let papers = step.keys.get("papers").map_or("", |papers| papers);
        let data = BenefitChecked {
            person: self.desk.case(step.number(1)).person,
            step: of,
            opinion: opinion(step),
            evidence: papers.split(',').filter(|it| !it.is_empty()).map(evidence).collect(),
            reason: (opinion(step) == Opinion::Disagree).then(|| label("not in need")),
        };
        self.case_step(step, of, data)
    }

    fn determine(&mut self, step: &Step<'_>) -> super::desk::Answer {
        let found = self.desk.case(step.number(1)).clone();
        let granted = step.words[0] == "grant";
        let from = step.keys.get("from").map_or(found.month, |of| month(of));
        let policies = &self.desk.world.state.policies;
        let (published, policy) =
            policies.programme(found.programme, found.division, from).unwrap();
        let (hash, as_of) = (published.hash, self.desk.world.today());
        let checked = |kind: &FactKind| ExclusionChecked { kind: *kind, as_of };
        let data = BenefitDetermined {
            person: found.person,
            outcome: if granted { Outcome::Granted } else { Outcome::Refused },
            from_month: granted.then_some(from),
            amount: step.words.get(2).map(|yuan| fen(yuan)),
            income: step.keys.get("income").map(|yuan| fen(yuan)),
            exclusions: policy.exclude.iter().map(checked).collect(),
            reason: (!granted).then(|| label("conditions not met")),
            told: (!granted).then(told),
        };
        let by = self.officer(step, ChainStep::Determination);
        self.desk.world.sign_under(hash, &by, &Subject::Case(case(step.number(1))), data)
    }

    fn bind(&mut self, step: &Step<'_>) -> super::desk::Answer {
        let n = step.number(1);
        let of = self.desk.case(n).person;
        let data = AccountBound {
            person: of,
            account: account(n),
            holder: AccountHolder::Person,
            holder_name: name_of(of.0[0]),
            proof: evidence("bank_slip"),
        };
        let id = self.desk.world.sign("bank", &Subject::Case(case(n)), data)?;
        self.desk.world.endorse("clerk", id)
    }

    /// `prepare p1 2026-03 PROGRAMME a:260.00 b:260.00 by=approver`.
    fn prepare(&mut self, step: &Step<'_>) -> super::desk::Answer {
        let items = step.words[4..].iter().map(|text| self.item(text)).collect::<Vec<_>>();
        let data = PayrollPrepared {
            programme: step.programme(3),
            month: month(step.words[2]),
            division: division("411702"),
            root: prepare::root(&items).to_string(),
            count: items.len().try_into().unwrap(),
            total: items.iter().map(|item| item.amount).sum(),
            items,
        };
        let by = step.keys.get("by").map_or("approver", |by| by);
        self.desk.prepare_by(by, step.number(1), data)
    }

    /// `a:260.00`, with the unit and period of the case; `a:260.00:bare` without.
    fn item(&self, text: &str) -> PayrollItem {
        let parts: Vec<&str> = text.split(':').collect();
        let n = number(parts[0]);
        let found = self.desk.case(n);
        let (unit, period) = found.per;
        let mut said = ItemUnit { unit, period, household: None, vehicle: None, year: None };
        for key in &found.units {
            match key {
                super::UnitKey::Household(id) => said.household = Some(*id),
                super::UnitKey::Vehicle(id) => said.vehicle = Some(*id),
                super::UnitKey::Person(_) | super::UnitKey::Number(_) => {}
            }
        }
        if period == Period::Year {
            said.year = found.granted_from().and_then(|from| u16::try_from(from.year()).ok());
        }
        PayrollItem {
            case: case(n),
            person: found.person,
            amount: fen(parts[1]),
            back_pay: vec![],
            account: account(n),
            unit: (parts.get(2) != Some(&"bare")).then_some(said),
        }
    }

    fn paid(&mut self, step: &Step<'_>) -> super::desk::Answer {
        let who = step.number(1);
        let mut data = self.desk.payment(who, step.programme(2), "2026-03");
        data.month = step.keys.get("month").map(|of| month(of));
        data.year = step.keys.get("year").map(|year| year.parse().unwrap());
        data.payroll = step.keys.get("by").map(|word| payroll(number(word)));
        let data: PaymentExecuted = data;
        self.desk.world.sign("bank", &Subject::Person(person(who)), data)
    }

    fn returned(&mut self, step: &Step<'_>) -> super::desk::Answer {
        let who = step.number(1);
        let data = PaymentReturned {
            person: person(who),
            id: id_of(who),
            payment: None,
            programme: step.programme(2),
            month: None,
            months: Vec::new(),
            year: step.keys.get("year").map(|year| year.parse().unwrap()),
            amount: Fen(1),
            division: division("411702"),
            reason: None,
            returned_on: None,
            row: None,
        };
        self.desk.world.sign("bank", &Subject::Person(person(who)), data)
    }

    /// What providers, inspectors and helpers record.
    fn fact(&mut self, step: &Step<'_>) -> super::desk::Answer {
        let today = self.desk.world.today();
        let who = || person(step.number(1));
        let (by, subject, body): (_, _, Body) = match step.words[0] {
            "session" => {
                let (programme, session_date) = (step.programme(2), today);
                let attendance = evidence("attendance_sheet");
                let person = who();
                let data = ServiceDelivered { person, programme, session_date, attendance };
                ("provider", Subject::Person(person), data.into())
            }
            "works" => {
                let home = household(step.words[1]);
                let data = WorksAccepted {
                    household: home,
                    programme: step.programme(2),
                    before: evidence("before_photo"),
                    after: evidence("after_photo"),
                    acceptance: (!step.has("unsigned")).then(|| evidence("acceptance_form")),
                    grade: step.keys.get("grade").map(|it| HouseGrade::from_name(it).unwrap()),
                    cost: fen("20000.00"),
                };
                ("dpf-reviewer", Subject::Household(home), data.into())
            }
            "place" => {
                let at = step.keys.get("at").map(|word| actor(&format!("home-{}", number(word))));
                let data = PlacementStarted {
                    person: who(),
                    programme: step.programme(2),
                    facility: label("the place"),
                    institution: at,
                    from: today,
                    contract: evidence("contract"),
                };
                ("provider", Subject::Person(who()), data.into())
            }
            "leaves" => {
                let placement = self.placements[&step.number(1)];
                let (person, reason) = (who(), label("moved home"));
                let data = PlacementEnded { person, placement, to: today, reason };
                ("provider", Subject::Person(person), data.into())
            }
            "visit" => {
                let data = SupportVisitLogged {
                    person: who(),
                    helper: None,
                    programme: step.words.get(2).map(|name| name.parse().unwrap()),
                    kind: label("home visit"),
                    visited_on: today,
                    confirmation: Some(evidence("visit_sheet")),
                };
                ("clerk", Subject::Person(who()), data.into())
            }
            _ => {
                let data = AnnualReviewCompleted {
                    person: self.desk.case(step.number(1)).person,
                    year: u16::try_from(today.year()).unwrap(),
                    alive: evidence("photo_of_the_day"),
                    outcome: Outcome::Granted,
                };
                ("township", Subject::Case(case(step.number(1))), data.into())
            }
        };
        let by = step.keys.get("by").copied().unwrap_or(by);
        let signed = self.desk.world.sign(by, &subject, body);
        if let ("place", Ok(id)) = (step.words[0], &signed) {
            self.placements.insert(step.number(1), *id);
        }
        signed
    }
}

fn opinion(step: &Step<'_>) -> Opinion {
    if step.has("disagree") { Opinion::Disagree } else { Opinion::Agree }
}

/// The actor of the world who takes a role's steps.
const fn officer(role: Option<ChainRole>) -> &'static str {
    match role {
        Some(ChainRole::Clerk) | None => "clerk-b",
        Some(ChainRole::TownshipReviewer) => "township",
        Some(ChainRole::DpfReviewer) => "dpf-reviewer",
        Some(ChainRole::Assessor) => "assessor-a",
        Some(ChainRole::Approver) => "approver",
        Some(ChainRole::CivilAffairsOfficer) => "civil",
        Some(ChainRole::ServiceProvider) => "provider",
    }
}

/// The desk with one text of a shipped policy changed.
fn changed(programme: &str, changes: &[(&str, &str)]) -> Desk {
    let mut text = POLICIES.iter().find(|(name, _)| *name == programme).unwrap().1.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let mut desk = Desk::without_amounts();
    desk.world.publish(&text.replace("version = 1\n", "version = 2\n"));
    desk
}

/// The papers that show what a fuel grant rests on.
const FUEL: &str = "lower_limb_assessment,ownership_proof,vehicle_certificate,purchase_proof";

#[test]
fn a_fuel_grant_is_of_one_vehicle_and_year() {
    walk(
        &"
        2026-03-02 resident a level=3                                     -> ok
        -          resident b level=3                                     -> ok
        -          apply a fuel_subsidy papers=FUEL                       -> unit_missing
        -          apply a fuel_subsidy vehicle=v1 chassis=x papers=FUEL  -> ok
        -          apply b fuel_subsidy vehicle=v1 papers=FUEL            -> case_open
        -          apply b fuel_subsidy vehicle=v2 chassis=x papers=FUEL  -> case_open
        2026-03-12 grant a 260.00                                         -> review_missing
        -          first a                                                -> ok
        -          second a by=dpf-reviewer                               -> step_not_in_chain
        -          grant a 260.00 by=civil                                -> role_not_of_step
        -          grant a 200.00                                         -> amount_differs
        -          grant a 260.00                                         -> ok
        -          apply b fuel_subsidy vehicle=v2 chassis=x papers=FUEL  -> ok
        -          first b                                                -> ok
        -          grant b 260.00                                         -> unit_granted_already
        -          refuse b                                               -> ok
        -          prepare p1 2026-03 fuel_subsidy a:260.00 by=civil      -> role_not_of_step
        -          prepare p1 2026-03 fuel_subsidy a:260.00               -> account_missing
        -          bind a                                                 -> ok
        -          prepare p1 2026-03 fuel_subsidy a:260.00:bare          -> unit_differs
        -          prepare p1 2026-03 fuel_subsidy a:261.00               -> amount_differs
        -          prepare p1 2026-03 fuel_subsidy a:260.00               -> ok
        -          hand a                                                 -> prepared { returned: false }
        -          prepare p2 2026-03 fuel_subsidy a:260.00               -> paid_once
        -          authorise p1                                           -> ok
        2026-03-20 paid a fuel_subsidy year=2026 by=p1                    -> ok
        -          hand a                                                 -> paid(1)
        -          prepare p2 2026-03 fuel_subsidy a:260.00               -> paid_once
        2026-03-25 returned a fuel_subsidy year=2026                      -> ok
        -          prepare p2 2026-03 fuel_subsidy a:260.00               -> ok
        2026-03-30 apply c fuel_subsidy for=a vehicle=v3 papers=FUEL      -> ok
        2026-03-31 first c                                                -> ok
        -          grant c 260.00                                         -> units_per_person
        2026-04-01 apply d fuel_subsidy for=b vehicle=v4 papers=FUEL      -> applied_too_late
        2027-02-01 apply e fuel_subsidy for=a vehicle=v1 papers=FUEL      -> ok
        2027-02-12 first e                                                -> ok
        -          grant e 260.00                                         -> ok
    "
        .replace("FUEL", FUEL),
    );
}

#[test]
fn a_fuel_grant_rests_on_papers_category_and_age() {
    walk(
        &"
        2026-03-02 resident a born=1950-01-01                             -> ok
        -          resident b category=visual                             -> ok
        -          resident c                                             -> ok
        -          resident d                                             -> ok
        -          apply a fuel_subsidy vehicle=v1 papers=FUEL            -> ok
        -          apply b fuel_subsidy vehicle=v2 papers=FUEL            -> ok
        -          apply c fuel_subsidy vehicle=v3                        -> ok
        -          apply d fuel_subsidy vehicle=v4 papers=FUEL            -> ok
        -          paid d fuel_subsidy year=2026                          -> ok
        2026-03-12 first a                                                -> ok
        -          first b                                                -> ok
        -          first c                                                -> ok
        -          first d                                                -> ok
        -          grant a 260.00                                         -> not_covered
        -          grant b 260.00                                         -> not_covered
        -          grant c 260.00                                         -> criterion_not_met
        -          grant d 260.00                                         -> year_paid_already
    "
        .replace("FUEL", FUEL),
    );
}

#[test]
fn a_house_is_renovated_once_and_paid_when_the_household_accepts_it() {
    let papers = "household_register,only_house_statement,appraisal";
    walk(
        &"
        2026-03-02 amount house_renovation household-once 20000.00 2016-01-01 -> ok
        -          resident a                                              -> ok
        -          apply a house_renovation household=h1 grade=D papers=P  -> not_of_household
        -          joins a h1                                              -> ok
        -          apply a house_renovation household=h1 papers=P          -> grade_not_covered
        -          apply a house_renovation household=h1 grade=D papers=P  -> ok
        2026-03-10 first a                                                 -> step_missing
        -          check a village_check by=clerk                          -> same_officer
        -          check a assessment by=assessor-a                        -> step_not_in_chain
        -          check a village_check papers=village_review             -> ok
        -          check a village_check papers=village_review             -> step_done
        2026-03-12 first a                                                 -> ok
        -          grant a 20000.00                                        -> criterion_not_met
        -          fact a dibao                                            -> ok
        -          grant a 20000.00                                        -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 house_renovation a:20000.00          -> not_placed
        2026-05-10 works h1 house_renovation grade=D unsigned              -> ok
        -          prepare p1 2026-05 house_renovation a:20000.00          -> not_placed
    "
        .replace("papers=P", &format!("papers={papers}")),
    );
}

#[test]
fn works_need_a_contract_the_grade_and_the_household_s_signature() {
    let papers = "household_register,only_house_statement,appraisal,contract";
    walk(
        &"
        2026-03-02 amount house_renovation household-once 20000.00 2016-01-01 -> ok
        -          resident a                                              -> ok
        -          resident b                                              -> ok
        -          joins a h1                                              -> ok
        -          joins b h1                                              -> ok
        -          fact a dibao                                            -> ok
        -          fact b dibao                                            -> ok
        -          apply a house_renovation household=h1 grade=D papers=P  -> ok
        -          apply b house_renovation household=h1 grade=D papers=P  -> case_open
        2026-03-10 check a village_check papers=village_review             -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 20000.00                                        -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 house_renovation a:20000.00          -> works_not_accepted
        2026-05-10 works h1 house_renovation grade=D unsigned              -> ok
        -          prepare p1 2026-05 house_renovation a:20000.00          -> works_not_accepted
        2026-05-11 works h1 house_renovation grade=C                       -> ok
        -          prepare p1 2026-05 house_renovation a:20000.00          -> works_grade_differs
        2026-05-12 works h1 house_renovation grade=D                       -> ok
        -          prepare p1 2026-05 house_renovation a:20000.00          -> ok
        -          authorise p1                                            -> ok
        2026-05-20 paid a house_renovation by=p1                           -> ok
        -          hand a                                                  -> paid(1)
        2027-05-01 apply b house_renovation household=h1 grade=D papers=P  -> ok
        2027-05-10 check b village_check papers=village_review             -> ok
        2027-05-12 first b                                                 -> ok
        -          grant b 20000.00                                        -> unit_granted_already
    "
        .replace("papers=P", &format!("papers={papers}")),
    );
}

#[test]
fn a_home_is_adapted_for_the_severely_disabled_in_hardship() {
    walk(
        "
        2026-03-02 resident a level=3                                      -> ok
        -          resident b level=1                                      -> ok
        -          joins a h1                                              -> ok
        -          joins b h2                                              -> ok
        -          fact a low_income                                       -> ok
        -          fact b low_income                                       -> ok
        -          apply a home_adaptation household=h1 papers=needs_survey -> ok
        -          apply b home_adaptation household=h2                    -> ok
        2026-03-12 first a                                                 -> ok
        -          first b                                                 -> ok
        -          grant a 3500.00                                         -> criterion_not_met
        -          grant b 3500.00                                         -> paper_missing
        -          refuse b                                                -> ok
        -          apply c home_adaptation for=b household=h2 papers=needs_survey -> ok
        2026-03-20 first c                                                 -> ok
        -          grant c 3500.00                                         -> amount_unset
        -          amount home_adaptation household-once 3500.00 2016-01-01 -> ok
        -          grant c 3500.00                                         -> ok
        -          bind c                                                  -> ok
        -          prepare p1 2026-03 home_adaptation c:3500.00            -> works_not_accepted
        2026-05-12 works h2 home_adaptation                                -> ok
        -          prepare p1 2026-05 home_adaptation c:3500.00            -> ok
        -          authorise p1                                            -> ok
    ",
    );
}

#[test]
fn care_is_paid_by_the_month_while_placed_attended_and_within_capacity() {
    walk(
        "
        2026-03-02 amount care_placement resident-month 1500.00 2016-01-01 -> ok
        -          facility h1 capacity=1                                  -> ok
        -          resident a level=1                                      -> ok
        -          resident b level=4 category=intellectual                -> ok
        -          resident c level=3                                      -> ok
        -          apply a care_placement papers=entry_assessment          -> ok
        -          apply b care_placement papers=entry_assessment          -> ok
        -          apply c care_placement papers=entry_assessment          -> ok
        2026-03-10 first a                                                 -> ok
        -          first b                                                 -> ok
        -          first c                                                 -> ok
        -          second a                                                -> ok
        -          second b                                                -> ok
        -          second c                                                -> ok
        -          grant c 1500.00                                         -> criterion_not_met
        -          grant a 1500.00                                         -> ok
        -          grant b 1500.00                                         -> ok
        -          bind a                                                  -> ok
        -          bind b                                                  -> ok
        -          prepare p1 2026-03 care_placement a:1500.00             -> not_placed
        -          place a care_placement at=h1                            -> ok
        -          prepare p1 2026-03 care_placement a:1500.00             -> no_attendance
        2026-03-12 session a care_placement by=carer-1                     -> ok
        -          prepare p1 2026-03 care_placement a:1500.00             -> ok
        -          place b care_placement at=h1                            -> ok
        -          session b care_placement by=carer-1                     -> ok
        -          prepare p2 2026-03 care_placement b:1500.00             -> over_capacity
        2026-04-20 leaves a                                                -> ok
        -          leaves b                                                -> ok
        2026-04-21 place b care_placement at=h1                            -> ok
        -          session b care_placement by=carer-1                     -> ok
        -          prepare p2 2026-04 care_placement b:1500.00             -> ok
        2026-05-04 prepare p3 2026-05 care_placement a:1500.00             -> not_placed
        -          reviewed b                                              -> ok
        -          apply d care_placement for=b                            -> case_open
    ",
    );
}

#[test]
fn a_child_is_trained_by_a_designated_institution_before_anybody_is_paid() {
    walk(
        "
        2026-03-02 amount child_rehab_aid child-year 12000.00 2019-01-01   -> ok
        -          facility h1                                             -> ok
        -          resident a born=2021-05-01                              -> ok
        -          resident b born=2018-12-31                              -> ok
        -          apply a child_rehab_aid papers=guardian                 -> ok
        -          apply b child_rehab_aid papers=guardian                 -> ok
        2026-03-12 first a                                                 -> ok
        -          first b                                                 -> ok
        -          grant b 12000.00                                        -> not_covered
        -          grant a 12000.00                                        -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 child_rehab_aid a:12000.00           -> provider_not_designated
        -          session a child_rehab_aid                               -> ok
        -          prepare p1 2026-03 child_rehab_aid a:12000.00           -> provider_not_designated
        2026-04-12 session a child_rehab_aid by=carer-1                    -> ok
        -          prepare p1 2026-04 child_rehab_aid a:12000.00           -> ok
        -          authorise p1                                            -> ok
        2026-05-12 paid a child_rehab_aid year=2026 by=p1                  -> ok
        2026-06-01 apply c child_rehab_aid for=a papers=guardian           -> ok
        2026-06-12 first c                                                 -> ok
        -          grant c 12000.00                                        -> unit_granted_already
        -          refuse c                                                -> ok
        2027-06-01 apply d child_rehab_aid for=a papers=guardian           -> ok
        2027-06-12 first d                                                 -> ok
        -          grant d 12000.00                                        -> ok
    ",
    );
}

#[test]
fn a_student_is_aided_once_for_an_own_or_a_parent_s_certificate() {
    walk(
        "
        2026-03-02 amount education_aid student-once 3000.00 2016-01-01    -> ok
        -          resident a level=4                                      -> ok
        -          fact a dibao_edge                                       -> ok
        -          apply a education_aid papers=admission_letter           -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 3000.00                                         -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 education_aid a:3000.00              -> ok
        -          authorise p1                                            -> ok
        -          paid a education_aid by=p1                              -> ok
        2027-03-12 apply b education_aid for=a                             -> ok
        -          first b                                                 -> ok
        -          grant b 3000.00                                         -> criterion_not_met
    ",
    );
}

#[test]
fn a_device_goes_the_seven_steps_and_costs_at_most_its_catalogue_price() {
    let catalogue = "catalogue = [\n  { item = \"wheelchair\", amount_fen = 150000, \
                     cycle_years = 3 },\n  { item = \"cane\" },\n]\nunit = \"person\"";
    let mut desk = changed("assistive_device", &[("unit = \"person\"", catalogue)]);
    walk_at(
        &mut desk,
        "
        2026-03-02 resident a                                              -> ok
        -          apply a assistive_device item=car                       -> item_not_in_catalogue
        -          apply a assistive_device item=wheelchair                -> ok
        -          apply b assistive_device for=a item=cane                -> ok
        2026-03-03 check a assessment                                      -> step_missing
        -          check a village_check                                   -> ok
        2026-03-04 first a                                                 -> ok
        -          grant a 1200.00                                         -> review_missing
        -          check a assessment                                      -> ok
        -          grant a 1500.01                                         -> amount_differs
        -          grant a 1200.00                                         -> ok
        -          bind a                                                  -> ok
        -          check b village_check                                   -> ok
        -          first b                                                 -> ok
        -          check b assessment                                      -> ok
        -          grant b 50.00                                           -> amount_unset
        -          prepare p1 2026-03 assistive_device a:1200.00           -> service_not_delivered
        2026-03-20 session a assistive_device                              -> ok
        -          prepare p1 2026-03 assistive_device a:1500.00           -> amount_differs
        -          prepare p1 2026-03 assistive_device a:1200.00           -> ok
        -          authorise p1                                            -> ok
        2026-04-20 visit a assistive_device                                -> ok
        2028-03-02 apply c assistive_device for=a item=wheelchair          -> ok
        2028-03-03 check c village_check                                   -> ok
        -          first c                                                 -> ok
        -          check c assessment                                      -> ok
        -          grant c 1200.00                                         -> unit_granted_already
        2029-03-02 apply d assistive_device for=a item=wheelchair          -> case_open
        -          grant c 1200.00 from=2029-03                            -> ok
    ",
    );
    let followed = desk.world.state.benefits.deliveries.of(&case(1)).unwrap().followed_up;
    assert_eq!(followed, Some("2026-04-20".parse().unwrap()));
}

#[test]
fn dibao_is_the_gap_times_the_members() {
    let mut desk = Desk::without_amounts();
    walk_at(
        &mut desk,
        "
        2026-03-02 resident a                                              -> ok
        -          resident b                                              -> ok
        -          joins a h1                                              -> ok
        -          joins b h1                                              -> ok
        -          apply a dibao household=h1                              -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 500.00 income=300.00                            -> amount_unset
        -          amount dibao household-month 550.00 2016-01-01          -> ok
        -          grant a 500.00                                          -> income_missing
        -          grant a 250.00 income=300.00                            -> amount_differs
        -          grant a 500.00 income=300.00                            -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 dibao a:550.00 by=civil              -> amount_differs
        -          prepare p1 2026-03 dibao a:500.00 by=civil              -> ok
        -          authorise p1                                            -> ok
        -          apply b dibao                                           -> ok
        2026-03-13 first b                                                 -> ok
        -          grant b 250.00 income=300.00                            -> ok
    ",
    );
}

#[test]
fn programmes_without_money_end_in_placements_visits_and_a_status() {
    walk(
        "
        2026-03-02 resident a                                              -> ok
        -          apply a employment papers=contract                      -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 10.00                                           -> grant_incomplete
        -          grant a                                                 -> ok
        -          place a employment                                      -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 employment a:10.00                   -> amount_unset
        -          visit a paired_support                                  -> ok
        -          apply b paired_support for=a                            -> no_applications
        -          apply c poverty_register for=a household=h1             -> no_policy
    ",
    );
    let open = changed("poverty_register", &[("valid_to = \"2020-12-31\"", "# valid_to")]);
    walk_at(
        &mut { open },
        "
        2026-03-02 resident a                                              -> ok
        -          joins a h1                                              -> ok
        -          apply a poverty_register household=h1                   -> ok
        2026-03-10 check a village_check                                   -> ok
        2026-03-12 first a                                                 -> ok
        -          second a disagree                                       -> ok
        -          grant a                                                 -> reviewer_disagreed
        -          refuse a                                                -> ok
        -          apply b poverty_register for=a household=h1             -> ok
        2026-03-20 check b village_check                                   -> ok
        2026-03-22 first b                                                 -> ok
        -          second b                                                -> ok
        -          grant b                                                 -> ok
        2026-04-20 apply c poverty_register for=a household=h1             -> ok
        2026-04-28 check c village_check                                   -> ok
        -          first c                                                 -> ok
        -          second c                                                -> ok
        -          grant c                                                 -> unit_granted_already
    ",
    );
}

#[test]
fn a_new_programme_is_one_file_and_no_rust() {
    let text = "name = \"winter_coal\"\nversion = 1\ndivision = \"411702\"\n\
        valid_from = \"2026-01-01\"\n\n[programme]\ntitle_zh = \"冬季取暖补贴\"\n\
        title_en = \"winter coal\"\nunit = \"household\"\nperiod = \"year\"\n\
        rates = [{ from = \"2026-01\", amount_fen = 40000 }]\n\
        eligible = [\"certificate_valid\", \"severe\", \"hardship\"]\n\
        exclude = [\"extreme_poverty_support\"]\nnotice_days = 7\napply_by = \"10-31\"\n\
        evidence = [\"needs_survey\"]\n\
        chain = [\n  { step = \"first_review\", role = \"township_reviewer\" },\n  \
        { step = \"second_review\", role = \"dpf_reviewer\" },\n  \
        { step = \"determination\", role = \"approver\" },\n]\n";
    let mut desk = Desk::without_amounts();
    let apply = "2026-03-02 resident a -> ok
        - resident b level=3 -> ok
        - joins a h1 -> ok
        - joins b h2 -> ok
        - fact a dibao -> ok
        - fact b dibao -> ok";
    walk_at(&mut desk, apply);
    walk_at(&mut desk, "- apply a winter_coal household=h1 papers=needs_survey -> no_policy");
    desk.world.publish(text);
    walk_at(
        &mut desk,
        "
        2026-03-03 apply a winter_coal household=h1 papers=needs_survey    -> ok
        -          apply b winter_coal household=h2 papers=needs_survey    -> ok
        2026-03-12 first a                                                 -> ok
        -          first b                                                 -> ok
        -          second a                                                -> ok
        -          second b                                                -> ok
        -          grant b 400.00                                          -> criterion_not_met
        -          grant a 400.00                                          -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 winter_coal a:400.00                 -> ok
        -          authorise p1                                            -> ok
        2026-03-20 paid a winter_coal year=2026 by=p1                      -> ok
        -          hand a                                                  -> paid(1)
    ",
    );
    let title =
        desk.world.state.policies.title("winter_coal".parse().unwrap(), crate::value::Lang::Zh);
    assert_eq!(title, "冬季取暖补贴");
}
