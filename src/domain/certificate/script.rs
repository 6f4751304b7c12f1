//! Cases as text: one line per step, the expected outcome last.
//!
//! ```text
//! clerk      submit kind=new           ok
//! assessor-a assess grade=physical3    not_assigned
//! @accepted
//! -          later days=3              ok
//! ```
//!
//! A line is an actor, a verb, `key=value` arguments and the outcome: `ok` or the refusal's code.
//! `@name` plays one of [`PRELUDES`]. What a step names of earlier ones (the assessments of a
//! conclusion, the checklist of a review) is right unless an argument says otherwise.

mod card_steps;
mod case_steps;
mod line;
mod preludes;

use std::collections::BTreeMap;

use super::Status;
use crate::domain::Rejection;
use crate::domain::testing::{
    ACTORS, World, actor, case, certificate, division, enrolment, hash, outcome, person, tag,
};
use crate::event::{Body, DeclaredRelation, Payload, Relation};
use crate::policy::defaults;
use crate::value::{Day, Hash, PolicyName, Subject};
use line::Line;
pub(super) use preludes::PRELUDES;

/// Plays a script in a new world and compares every outcome.
pub(super) fn play(script: &str) -> Run {
    let mut run = Run::new();
    run.play(script);
    run
}

/// A script being played.
pub(super) struct Run {
    pub(super) world: World,
    policy: Hash,
    /// The latest statement of each verb.
    last: BTreeMap<String, Hash>,
    /// The assessments of the round.
    records: Vec<Hash>,
}

impl Run {
    fn new() -> Self {
        let world = World::new();
        let policy = crate::policy::hash(defaults::CERTIFICATE);
        Self { world, policy, last: BTreeMap::new(), records: Vec::new() }
    }

    pub(super) fn play(&mut self, script: &str) {
        for text in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if let Some(name) = text.strip_prefix('@') {
                let found = PRELUDES.iter().find(|(known, _)| *known == name);
                self.play(found.unwrap_or_else(|| panic!("no prelude {name}")).1);
                continue;
            }
            let words: Vec<_> = text.split_whitespace().collect();
            let [actor, verb, middle @ .., expected] = words.as_slice() else {
                panic!("not a line: {text}");
            };
            let line = Line { actor, verb, words: middle.to_vec() };
            let before = self.world.state.clone();
            let answer = self.step(&line);
            assert_eq!(outcome(&answer), *expected, "{text}\n{answer:?}\nin {script}");
            if answer.is_err() {
                assert_eq!(self.world.state, before, "a refusal changes nothing: {text}");
            }
        }
    }

    /// The status of a certificate.
    pub(super) fn status(&self, number: u8) -> Status {
        self.world.state.certificates.find(&certificate(number)).unwrap().status
    }

    fn step(&mut self, line: &Line<'_>) -> Result<Hash, Rejection> {
        let today = self.world.today();
        match line.verb {
            "later" => {
                self.world.later(line.number("days", 1).into());
                return Ok(Hash::default());
            }
            "on" => {
                self.world.go_to(line.day("day", today));
                return Ok(Hash::default());
            }
            "publish" => return Ok(self.publish(line)),
            "enrol" => return Ok(self.enrol(line)),
            "endorse" => return self.world.endorse(line.actor, self.named(line, "proposal")),
            _ => {}
        }
        let body = self.body(line, today);
        let subject = Self::subject(line, &body);
        let target = match &body {
            Body::CorrectionRecorded(data) if line.yes("refs", true) => vec![data.target],
            _ => Vec::new(),
        };
        let policy = match line.or("policy", "yes") {
            "none" => None,
            "other" => Some(crate::policy::hash(defaults::POLICIES[1].1)),
            "first" => Some(crate::policy::hash(defaults::CERTIFICATE)),
            _ => Some(self.policy),
        };
        let at = line.day("at", today);
        let two_signers = body.second().is_some();
        let payload = Payload { policy, refs: target, ..Payload::new(at, body) };
        let id = self.world.send(line.actor, &subject, payload)?;
        self.last.insert(line.verb.to_owned(), id);
        if two_signers {
            self.last.insert("proposal".to_owned(), id);
        }
        match line.verb {
            "assign" | "draw" if line.yes("fresh", true) => self.records.clear(),
            "assess" => self.records.push(id),
            _ => {}
        }
        Ok(id)
    }

    /// The latest statement of a verb, or another one if the argument of that name says so.
    fn named(&self, line: &Line<'_>, verb: &str) -> Hash {
        let latest = self.last.get(verb).copied().unwrap_or_default();
        line.of(verb)
            .map_or(latest, |text| self.last.get(text).copied().unwrap_or_else(|| hash(text)))
    }

    fn subject(line: &Line<'_>, body: &Body) -> Subject {
        use crate::event::SubjectKind;
        match body.rule().subject {
            SubjectKind::Actor => Subject::Actor(actor(line.or("who", "clerk"))),
            SubjectKind::Institution => Subject::Institution(actor(line.or("who", "hospital-1"))),
            SubjectKind::PersonOrRoll => Subject::Person(person(line.number("person", 1))),
            SubjectKind::Certificate => Subject::Certificate(certificate(line.number("cert", 1))),
            _ => Subject::Case(case(line.number("case", 1))),
        }
    }

    /// Publishes the certificate policy with one key set to another value.
    fn publish(&mut self, line: &Line<'_>) -> Hash {
        let (key, value) = line.of("set").unwrap().split_once(':').unwrap();
        let next =
            self.world.state.policies.next_version(PolicyName::Certificate, division("411700"));
        let mut text = String::new();
        let mut inside_old_list = false;
        for line in defaults::CERTIFICATE.lines() {
            let (name, old) = line.split_once(" = ").unwrap_or((line, ""));
            if name == key {
                text += &format!("{key} = {value}\n");
                inside_old_list = old == "[";
            } else if inside_old_list {
                inside_old_list = line != "]";
            } else if name == "version" {
                text += &format!("version = {next}\n");
            } else {
                text += &format!("{line}\n");
            }
        }
        self.policy = self.world.publish(&text);
        self.policy
    }

    /// Enrols `who` like `like`, as the same human being as `same`, with a relation to a person.
    fn enrol(&mut self, line: &Line<'_>) -> Hash {
        let (who, like) = (line.of("who").unwrap(), line.of("like").unwrap());
        let &(_, role, at, organisation, of) =
            ACTORS.iter().find(|(name, ..)| *name == like).unwrap();
        let mut data = enrolment(who, role, at, organisation, of);
        if let Some(same) = line.of("same") {
            data.person = Some(tag(&format!("officer {same}")));
        }
        if let Some(person) = line.of("relative") {
            let person = tag(&format!("id {person}"));
            data.relations = vec![DeclaredRelation { relation: Relation::Child, person }];
        }
        self.world.enrol(who, data);
        Hash::default()
    }

    fn body(&self, line: &Line<'_>, today: Day) -> Body {
        let body = self.of_the_case(line, today).or_else(|| self.of_the_card(line, today));
        body.unwrap_or_else(|| panic!("no verb {}", line.verb))
    }
}
