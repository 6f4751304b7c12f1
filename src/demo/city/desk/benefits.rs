//! A benefit of a walk, from the application to the determination, stopped and resumed.

use super::{
    APPROVER, ASSESSOR, CLERK, Case, Life, PROVIDER, REVIEWER, Step, TOWNSHIP, WELFARE, fen, named,
    papers, wrong,
};
use crate::crypto::{TagKind, random_bytes};
use crate::demo::DemoError;
use crate::demo::county::office::{Draft, Office, evidence, label, told};
use crate::event::{
    Asked, BenefitApplied, BenefitChecked, BenefitDetermined, BenefitFirstReviewed, BenefitResumed,
    BenefitSecondReviewed, BenefitStopped, Body, ExclusionChecked, Opinion, Outcome, StopGround,
};
use crate::value::{
    CaseId, ChainRole, ChainStep, FactKind, FirstMonth, HouseGrade, Programme, Subject, VehicleId,
};

impl Life {
    pub(super) fn apply(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let letter = step.letter();
        let household = step.keys.get("household").map(|word| self.home(word)).transpose()?;
        let new = VehicleId(random_bytes()?);
        let vehicle = step
            .keys
            .get("vehicle")
            .map(|word| *self.vehicles.entry((*word).into()).or_insert(new));
        let (person, certificate, holder) = self.who(letter)?;
        let programme: Programme = step.word(2).parse()?;
        let id = CaseId(random_bytes()?);
        let applied = office.today().month();
        let item = step.keys.get("item").map(|item| item.parse()).transpose()?;
        let grade = step.keys.get("grade").and_then(|grade| HouseGrade::from_name(grade));
        let mut personal = named(holder);
        personal.chassis = vehicle.map(|vehicle| format!("LZY{vehicle}"));
        let chassis = personal.chassis.as_deref().map(|text| office.tag(TagKind::Chassis, text));
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
        let mut draft = Draft::of(data);
        if chassis.is_some() {
            draft = draft.sealed(office.tag(TagKind::Id, &holder.id()), personal);
        }
        office.sign(&step.by(CLERK), &Subject::Case(id), draft)?;
        let case = Case { id, programme, applied, household, vehicle, switched: false };
        self.cases.insert(letter, case);
        Ok(())
    }

    pub(super) fn review(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
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
        let subject = Subject::Case(case.id);
        let signed = office.sign(by, &subject, Draft::of(body))?;
        self.last.insert(step.letter(), (subject, signed));
        Ok(())
    }

    /// `grant a YUAN`, or `deny a`.
    pub(super) fn grant(&self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let case = self.case(step.letter())?;
        let (person, ..) = self.who(step.letter())?;
        let (hash, policy) = office.policy(case.programme, self.division, case.applied)?;
        let as_of = office.today();
        let checked = |kind: &FactKind| ExclusionChecked { kind: *kind, as_of };
        let denied = step.word(0) == "deny";
        let from_month = match policy.first_month {
            Some(FirstMonth::DeterminationMonth) => as_of.month(),
            _ => case.applied,
        };
        let data = BenefitDetermined {
            person,
            outcome: if denied { Outcome::Refused } else { Outcome::Granted },
            from_month: (!denied).then_some(from_month),
            amount: step.words.get(2).map(|yuan| fen(yuan)).transpose()?,
            income: step.keys.get("income").map(|yuan| fen(yuan)).transpose()?,
            exclusions: policy.exclude.iter().map(checked).collect(),
            reason: denied.then(|| label("经核查不需要长期照护")).transpose()?,
            told: denied.then(told).transpose()?,
        };
        let by = officer(policy.step(ChainStep::Determination).map(|step| step.role));
        office.sign(by, &Subject::Case(case.id), Draft::of(data).under(hash)).map(|_| ())
    }

    /// `stop a GROUND from=DAYS [told]`, `resume a from=DAYS`.
    pub(super) fn stop(&self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let case = self.case(step.letter())?;
        let (person, ..) = self.who(step.letter())?;
        let from = step.keys.get("from").ok_or(wrong("month"))?;
        let from_month = super::month(&self.dates, self.walk, from);
        let body: Body = if step.word(0) == "resume" {
            let reason = label("核查不属实,恢复发放")?;
            BenefitResumed { person, from_month, reason, told: Some(told()?) }.into()
        } else {
            let ground = match step.word(2) {
                "death" => StopGround::Death,
                _ => StopGround::Voluntary,
            };
            let told = step.has("told").then(told).transpose()?;
            BenefitStopped { person, ground, from_month, verdict: None, told }.into()
        };
        office.sign(WELFARE, &Subject::Case(case.id), Draft::of(body)).map(|_| ())
    }
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
