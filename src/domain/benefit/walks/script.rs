//! Each programme's way, as text: one line per step, its expected outcome last.
//!
//! `day verb who words key=value ... -> outcome`; `-` repeats the day. People are letters,
//! households `h1`, vehicles `v1`, payrolls `p1`. Steps are signed by the role that the shipped
//! policy names unless `by=` says otherwise.

use std::collections::BTreeMap;

use super::super::UnitKey;
use super::super::desk::{Answer, Desk, account, id_of, imported, month, name_of, payroll};
use super::super::months::Hand;
use super::super::prepare;
use crate::domain::testing::{
    actor, case, certificate, division, enrolment, evidence, hash, label, outcome, person, tag,
    told,
};
use crate::event::{
    AccountBound, AccountHolder, AnnualReviewCompleted, AnomalyAssigned, AnomalyRaised,
    AnomalyReviewed, Asked, BenefitApplied, BenefitChecked, BenefitDetermined, Body,
    ExclusionChecked, GuardianKind, GuardianRecorded, HouseholdMemberJoined, InstitutionDesignated,
    ItemUnit, Opinion, Outcome, Payload, PaymentExecuted, PaymentReturned, PayrollItem,
    PayrollPrepared, PersonSide, PlacementEnded, PlacementStarted, Role, ServiceDelivered,
    SupportVisitLogged, WorksAccepted,
};
use crate::policy::{RateRow, defaults::POLICIES, rates_policy};
use crate::rules::{self, Flag, Register, View};
use crate::value::{
    Category, ChainRole, ChainStep, FactKind, Fen, Hash, HouseGrade, HouseholdId, Level, Period,
    Programme, Subject, VehicleId,
};

/// Walks a table at a desk where nothing is published but what ships with the program.
pub(super) fn walk(table: &str) {
    walk_at(&mut Desk::without_amounts(), table);
}

pub(super) fn walk_at(desk: &mut Desk, table: &str) {
    let mut walk = Walk {
        desk,
        versions: 0,
        placements: BTreeMap::new(),
        proposal: None,
        flags: BTreeMap::new(),
    };
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
    /// The last service or works that waits for the person's key.
    proposal: Option<Hash>,
    /// Flags on the log, by their rule.
    flags: BTreeMap<String, (Hash, Subject)>,
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

    /// `key`, where the person's side signs with one.
    fn side(&self) -> PersonSide {
        if self.has("key") { PersonSide::Key } else { PersonSide::Paper }
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
                let data = HouseholdMemberJoined::stated(home, person, false, from);
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
            "holder" => self.holder(step),
            "signs" => {
                let proposal = self.proposal.unwrap();
                let by = format!("holder-{}", step.number(1));
                self.desk.world.endorse(step.keys.get("by").unwrap_or(&by.as_str()), proposal)
            }
            "guards" => {
                let (guardian, of) = (step.number(1), person(step.number(2)));
                let data = GuardianRecorded {
                    person: of,
                    guardian: id_of(guardian),
                    guardian_name: name_of(guardian),
                    kind: Some(GuardianKind::Statutory),
                    from: self.desk.world.today(),
                    evidence: vec![evidence("household_register")],
                };
                self.desk.world.sign("clerk", &Subject::Person(of), data)
            }
            "flags" => {
                let found = self.found(step.number(1));
                return found.iter().map(|flag| flag.rule.id).collect::<Vec<_>>().join(" ");
            }
            "raise" => self.raise(step),
            "assign" => {
                let (flag, subject) = self.flags[step.words[1]].clone();
                let data = AnomalyAssigned { flag, to: actor("inspector") };
                self.desk.world.sign("supervisor", &subject, data)
            }
            "judge" => {
                let (flag, subject) = self.flags[step.words[1]].clone();
                let verdict = serde_json::from_value(step.words[2].into()).unwrap();
                let reason = label("looked at with the person");
                let data = AnomalyReviewed { flag, verdict, reason, evidence: vec![] };
                let by = step.keys.get("by").copied().unwrap_or("inspector");
                self.desk.world.sign(by, &subject, data)
            }
            "standing" => {
                let (flag, _) = self.flags[step.words[1]];
                let oversight = &self.desk.world.state.oversight;
                return format!("{:?}", oversight.standing(oversight.flag(&flag).unwrap()))
                    .to_lowercase();
            }
            "hand" => {
                let id = case(step.number(1));
                let hand = self.desk.world.state.benefits.once(&id);
                return match hand {
                    None => "none".to_owned(),
                    Some(Hand::Prepared { returned, .. }) => {
                        format!("prepared, returned: {returned}")
                    }
                    Some(hand) => format!("{hand:?}").to_lowercase(),
                };
            }
            verb => panic!("no such step: {verb}"),
        };
        outcome(&signed).to_owned()
    }

    /// A certificate holder of 411702: `level=`, `category=`, `born=`.
    fn resident(&mut self, step: &Step<'_>) -> Answer {
        let n = step.number(1);
        let mut data = imported(n, ("2020-01-10", "2030-01-09"));
        data.level =
            Level::new(step.keys.get("level").map_or(2, |it| it.parse().unwrap())).unwrap();
        // Its roll has no columns for these, so nothing is missing on the row.
        let absent =
            ["assessor_1", "assessor_2", "notice_from", "notice_to", "receiver", "approver"];
        data.gaps = absent.map(label).to_vec();
        if let Some(word) = step.keys.get("category") {
            data.category = category(word);
        }
        if let Some(day) = step.keys.get("born") {
            data.birth_date = Some(day.parse().unwrap());
        }
        self.desk.world.sign("clerk", &Subject::Certificate(certificate(n)), data)
    }

    /// `amount PROGRAMME unit-period yuan from`.
    fn amount(&mut self, step: &Step<'_>) -> Answer {
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
    fn facility(&mut self, step: &Step<'_>) -> Answer {
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

    fn apply(&mut self, step: &Step<'_>) -> Answer {
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

    fn case_step(&mut self, step: &Step<'_>, of: ChainStep, data: impl Into<Body>) -> Answer {
        let by = self.officer(step, of);
        let days = step.keys.get("back").map_or(0, |days| days.parse().unwrap());
        let payload = Payload::new(self.desk.world.today().plus_days(-days), data);
        self.desk.world.send(&by, &Subject::Case(case(step.number(1))), payload)
    }

    fn check(&mut self, step: &Step<'_>) -> Answer {
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

    fn determine(&mut self, step: &Step<'_>) -> Answer {
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

    fn bind(&mut self, step: &Step<'_>) -> Answer {
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

    /// `holder a`: a person who has a key of their own, called `holder-1`.
    fn holder(&mut self, step: &Step<'_>) -> Answer {
        let n = step.number(1);
        let name = format!("holder-{n}");
        let mut data = enrolment(&name, Role::Applicant, "411702", "holders", "");
        data.person = Some(id_of(n));
        self.desk.world.enrol(&name, data);
        Ok(hash(&name))
    }

    /// What the rules find about a person today, of all that the ledger holds.
    fn found(&self, n: u8) -> Vec<Flag> {
        let mut register = Register::default();
        let log = &self.desk.world.log;
        for event in log.iter().filter(|event| event.payload.body.second().is_none()) {
            register.take(event);
            for id in &event.payload.refs {
                // What needs two signers takes effect with the second.
                let waited = log.iter().find(|other| other.id == *id);
                let proposal = waited.filter(|it| it.payload.body.second().is_some());
                proposal.into_iter().for_each(|proposal| register.take(proposal));
            }
        }
        let today = self.desk.world.today();
        let view = View::new(&register, &self.desk.world.state.policies, today);
        rules::judge_person(person(n), &view)
    }

    /// `raise a R05`: the System puts that flag of the person on the log.
    fn raise(&mut self, step: &Step<'_>) -> Answer {
        let (n, rule) = (step.number(1), step.words[2]);
        let found = self.found(n);
        let flag = found.iter().find(|flag| flag.rule.id == rule).unwrap();
        let log = &self.desk.world.log;
        let input = |index: &u64| log[usize::try_from(*index).unwrap()].id;
        let data = AnomalyRaised {
            flag: flag.id,
            rule: label(rule),
            version: flag.rule.version,
            severity: flag.severity,
            kind: flag.kind,
            remedy: flag.remedy(),
            money_at_risk: flag.money_at_risk,
            person: Some(person(n)),
            officer: None,
            actor: None,
            institution: None,
            village: None,
            programme: flag.programme,
            month: flag.month,
            judged_on: self.desk.world.today(),
            inputs: flag.evidence.iter().map(input).collect(),
        };
        let subject = Subject::Person(person(n));
        self.flags.insert(rule.to_owned(), (flag.id, subject.clone()));
        self.desk.world.sign("system", &subject, data)
    }

    /// `prepare p1 2026-03 PROGRAMME a:260.00 b:260.00 by=approver`.
    fn prepare(&mut self, step: &Step<'_>) -> Answer {
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
                UnitKey::Household(id) => said.household = Some(*id),
                UnitKey::Vehicle(id) => said.vehicle = Some(*id),
                UnitKey::Person(_) | UnitKey::Number(_) => {}
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

    fn paid(&mut self, step: &Step<'_>) -> Answer {
        let who = step.number(1);
        let mut data = self.desk.payment(who, step.programme(2), "2026-03");
        data.month = step.keys.get("month").map(|of| month(of));
        data.year = step.keys.get("year").map(|year| year.parse().unwrap());
        if let Some(yuan) = step.keys.get("amount") {
            data.amount = fen(yuan);
        }
        if let Some(word) = step.keys.get("account") {
            data.account = Some(account(number(word)));
        }
        data.payroll = step.keys.get("by").map(|word| payroll(number(word)));
        let data: PaymentExecuted = data;
        self.desk.world.sign("bank", &Subject::Person(person(who)), data)
    }

    fn returned(&mut self, step: &Step<'_>) -> Answer {
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
    fn fact(&mut self, step: &Step<'_>) -> Answer {
        let today = self.desk.world.today();
        let who = || person(step.number(1));
        let (by, subject, body): (_, _, Body) = match step.words[0] {
            "session" => {
                let (programme, session_date) = (step.programme(2), today);
                let attendance = evidence("attendance_sheet");
                let person = who();
                let side = step.side();
                let data = ServiceDelivered {
                    person,
                    programme,
                    session_date,
                    attendance,
                    side,
                    row: None,
                };
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
                    side: step.side(),
                    cost: fen(step.keys.get("cost").copied().unwrap_or("20000.00")),
                    person: None,
                    contractor: None,
                    row: None,
                };
                ("dpf-reviewer", Subject::Household(home), data.into())
            }
            "place" => {
                let at = step.keys.get("at").map(|word| actor(&format!("home-{}", number(word))));
                let data = PlacementStarted {
                    person: who(),
                    programme: step.programme(2),
                    facility: label(step.keys.get("at").copied().unwrap_or("the place")),
                    institution: at,
                    from: today,
                    contract: evidence("contract"),
                    row: None,
                };
                ("provider", Subject::Person(who()), data.into())
            }
            "leaves" => {
                let placement = self.placements[&step.number(1)];
                let (person, reason) = (who(), label("moved home"));
                let data = PlacementEnded { person, placement, to: today, reason, row: None };
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
                    row: None,
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
        self.proposal = signed.as_ref().ok().copied().or(self.proposal);
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
pub(super) fn changed(programme: &str, changes: &[(&str, &str)]) -> Desk {
    let mut text = POLICIES.iter().find(|(name, _)| *name == programme).unwrap().1.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let mut desk = Desk::without_amounts();
    desk.world.publish(&text.replace("version = 1\n", "version = 2\n"));
    desk
}
