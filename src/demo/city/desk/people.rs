//! What is known of the people of a walk: facts of registers, guardians, conflicts, corrections.

use super::{CLERK, Life, Step, named, wrong};
use crate::crypto::TagKind;
use crate::demo::actors::SYSTEM;
use crate::demo::county::office::{Draft, Office, evidence, label};
use crate::demo::{DemoError, city_officer_id};
use crate::event::{
    ConflictDeclared, CorrectionRecorded, ExternalFactRecorded, ExternalFactRetracted,
    GuardianRecorded, QueryLogged, Relation, Role,
};
use crate::value::{FactKind, IdForm, Subject};

impl Life {
    /// `fact a KIND [since=DAYS] [to=DIVISION]`: for eight months, unless it says since when.
    pub(super) fn fact(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let (person, _, holder) = self.who(step.letter())?;
        let kind = FactKind::from_name(step.word(2)).ok_or(wrong("fact"))?;
        let today = office.today();
        let from = match step.days("since") {
            Some(days) => today.plus_days(-days),
            None => today.plus_months(-8).month().first_day(),
        };
        let data = ExternalFactRecorded {
            person: Some(person),
            id: office.tag(TagKind::Id, &holder.id()),
            id_form: IdForm::Valid,
            name: Some(office.tag(TagKind::Name, &holder.person().name)),
            kind,
            from,
            to: None,
            household_no: None,
            division: step.keys.get("to").map(|code| code.parse()).transpose()?,
            row: None,
        };
        let subject = Subject::Person(person);
        let signed = office.sign(custodian(kind), &subject, Draft::of(data))?;
        self.facts.insert(step.letter(), (kind, signed));
        Ok(())
    }

    /// `look a by=NAME`: an assessor asks to see who it is.
    pub(super) fn look(&self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let (person, ..) = self.who(step.letter())?;
        let by = step.by(CLERK);
        let data = QueryLogged {
            person,
            to: label(&by)?,
            purpose: label("评定前核对身份")?,
            scope: None,
            by: Some(by.parse()?),
            role: Some(Role::Assessor),
        };
        office.sign(SYSTEM, &Subject::Person(person), Draft::of(data)).map(|_| ())
    }

    /// `retract a`: the custodian takes the last fact back.
    pub(super) fn retract(
        &self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let (person, ..) = self.who(step.letter())?;
        let (kind, fact) = *self.facts.get(&step.letter()).ok_or(wrong("fact"))?;
        let data = ExternalFactRetracted { fact, reason: label("误报")? };
        let draft = Draft::of(data).on(fact);
        office.sign(custodian(kind), &Subject::Person(person), draft).map(|_| ())
    }

    /// `guardian a [officer=NAME]`: the one whom the register did not name, or an officer.
    pub(super) fn guardian(
        &self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let (person, _, holder) = self.who(step.letter())?;
        let (name, id) = match step.keys.get("officer") {
            Some(officer) => {
                let id = city_officer_id(&super::actor(officer)).ok_or(wrong("officer"))?;
                ("周监护".to_owned(), id)
            }
            None => self.guardian.clone().ok_or(wrong("guardian"))?,
        };
        let data = GuardianRecorded {
            person,
            guardian: office.tag(TagKind::Id, &id),
            guardian_name: office.tag(TagKind::Name, &name),
            kind: None,
            from: office.today(),
            evidence: vec![evidence("监护证明")?],
        };
        let mut personal = named(holder);
        (personal.guardian_id, personal.guardian_name) = (Some(id), Some(name));
        let draft = Draft::of(data).sealed(office.tag(TagKind::Id, &holder.id()), personal);
        office.sign(CLERK, &Subject::Person(person), draft).map(|_| ())
    }

    /// `declare a by=OFFICER`: the officer steps back from the case.
    pub(super) fn declare(
        &self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let (person, ..) = self.who(step.letter())?;
        let data = ConflictDeclared { person, relation: Relation::Other, counterparty: None };
        let subject = Subject::Case(self.case(step.letter())?.id);
        office.sign(&step.by(CLERK), &subject, Draft::of(data)).map(|_| ())
    }

    /// `explain a`: a correction says why the last step came late.
    pub(super) fn explain(
        &self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let (subject, target) = self.last.get(&step.letter()).ok_or(wrong("step"))?;
        let reason = label("停电补录,附原始记录")?;
        let data = CorrectionRecorded { target: *target, field: label("at")?, value: None, reason };
        let proposed = office.sign(CLERK, subject, Draft::of(data).on(*target))?;
        office.endorse("411700-reviewer-1", subject, proposed)
    }
}

const fn custodian(kind: FactKind) -> &'static str {
    match kind {
        FactKind::LongTermCare => "411700-health-1",
        FactKind::Death | FactKind::HukouMove => "411700-police-1",
        _ => "411700-welfare-1",
    }
}
