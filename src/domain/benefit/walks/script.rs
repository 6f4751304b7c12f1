//! Each programme's way, as text: one line per step, its expected outcome last.
//!
//! `day verb who words key=value ... -> outcome`; `-` repeats the day. People are letters,
//! households `h1`, vehicles `v1`, payrolls `p1`. Steps are signed by the role that the shipped
//! policy names unless `by=` says otherwise.

mod case;
mod deliveries;
mod flags;
mod money;
mod step;

use std::collections::BTreeMap;

use crate::domain::benefit::desk::{Answer, Desk, id_of, imported, name_of};
use crate::domain::benefit::months::Hand;
use crate::domain::testing::{
    actor, case, certificate, division, enrolment, evidence, hash, label, outcome, person,
};
use crate::event::{
    AnomalyAssigned, AnomalyReviewed, GuardianKind, GuardianRecorded, HouseholdMemberJoined,
    InstitutionDesignated, Role,
};
use crate::policy::{RateRow, defaults::POLICIES, rates_policy};
use crate::value::{ChainStep, FactKind, Hash, Level, Subject};
use case::opinion;
use step::{Step, category, fen, household};

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
            "amend" => self.amend(step),
            "bind" => self.bind(step),
            "prepare" => self.prepare(step),
            "authorise" => self.desk.authorise(step.number(1)),
            "paid" => self.paid(step),
            "returned" => self.returned(step),
            "session" | "works" | "place" | "leaves" | "visit" | "reviewed" => self.deliver(step),
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

    /// `holder a`: a person who has a key of their own, called `holder-1`.
    fn holder(&mut self, step: &Step<'_>) -> Answer {
        let n = step.number(1);
        let name = format!("holder-{n}");
        let mut data = enrolment(&name, Role::Applicant, "411702", "holders", "");
        data.person = Some(id_of(n));
        self.desk.world.enrol(&name, data);
        Ok(hash(&name))
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
