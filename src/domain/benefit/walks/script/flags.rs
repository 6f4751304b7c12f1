//! What the rules find, and flags on the log.

use super::Walk;
use super::step::Step;
use crate::domain::benefit::desk::Answer;
use crate::domain::testing::{label, person};
use crate::event::AnomalyRaised;
use crate::rules::{self, Flag, Register, View};
use crate::value::Subject;

impl Walk<'_> {
    /// What the rules find about a person today, of all that the ledger holds.
    pub(super) fn found(&self, n: u8) -> Vec<Flag> {
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
        let view = View::new(&register, &*self.desk.world.state.policies, today);
        rules::judge_person(person(n), &view)
    }

    /// `raise a R05`: the System puts that flag of the person on the log.
    pub(super) fn raise(&mut self, step: &Step<'_>) -> Answer {
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
            all_inputs: flag.all_evidence,
        };
        let subject = Subject::Person(person(n));
        self.flags.insert(rule.to_owned(), (flag.id, subject.clone()));
        self.desk.world.sign("system", &subject, data)
    }
}
