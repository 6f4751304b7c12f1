//! A benefit from its application to its determination.

use super::Walk;
use super::step::{Step, fen, household, number, vehicle};
use crate::domain::benefit::desk::{Answer, month};
use crate::domain::testing::{case, certificate, division, evidence, label, person, tag, told};
use crate::event::{
    Asked, BenefitAmended, BenefitApplied, BenefitChecked, BenefitDetermined, Body,
    ExclusionChecked, Opinion, Outcome, Payload,
};
use crate::value::{ChainRole, ChainStep, FactKind, HouseGrade, Subject};

impl Walk<'_> {
    pub(super) fn apply(&mut self, step: &Step<'_>) -> Answer {
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
    pub(super) fn officer(&self, step: &Step<'_>, of: ChainStep) -> String {
        if let Some(by) = step.keys.get("by") {
            return (*by).to_owned();
        }
        let found = self.desk.case(step.number(1));
        let (programme, at) = (found.programme, found.division);
        let policies = &self.desk.world.state.policies;
        let (_, policy) = policies.programme(programme, at, found.month).unwrap();
        officer(policy.step(of).map(|step| step.role)).to_owned()
    }

    pub(super) fn case_step(
        &mut self,
        step: &Step<'_>,
        of: ChainStep,
        data: impl Into<Body>,
    ) -> Answer {
        let by = self.officer(step, of);
        let days = step.keys.get("back").map_or(0, |days| days.parse().unwrap());
        let payload = Payload::new(self.desk.world.today().plus_days(-days), data);
        self.desk.world.send(&by, &Subject::Case(case(step.number(1))), payload)
    }

    pub(super) fn check(&mut self, step: &Step<'_>) -> Answer {
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

    pub(super) fn determine(&mut self, step: &Step<'_>) -> Answer {
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
}

impl Walk<'_> {
    /// `amend a YUAN from=MONTH [income=YUAN]`.
    pub(super) fn amend(&mut self, step: &Step<'_>) -> Answer {
        let found = self.desk.case(step.number(1)).clone();
        let from = month(step.keys["from"]);
        let policies = &self.desk.world.state.policies;
        let (published, _) = policies.programme(found.programme, found.division, from).unwrap();
        let hash = published.hash;
        let data = BenefitAmended {
            person: found.person,
            from_month: from,
            amount: fen(step.words[2]),
            income: step.keys.get("income").map(|yuan| fen(yuan)),
            reason: label("another income"),
            told: None,
        };
        let by = self.officer(step, ChainStep::Determination);
        self.desk.world.sign_under(hash, &by, &Subject::Case(case(step.number(1))), data)
    }
}

pub(super) fn opinion(step: &Step<'_>) -> Opinion {
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
