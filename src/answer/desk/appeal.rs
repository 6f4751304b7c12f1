//! The later steps of an appeal (R13): the prefecture consents by naming others to assess, and
//! answers with what they concluded; the provincial panel has the last word.

use serde_json::json;

use super::cards::told;
use super::counter::papers;
use super::form::actor;
use super::probe::Step;
use super::{Field, Kind, View};
use crate::domain::certificate::{Appeal, AppealStep, Case, Progress, Round};
use crate::event::Role;
use crate::policy::CertificatePolicy;
use crate::value::{CaseId, Subject};

/// The appeal of a case that is before a judge.
pub(super) fn of<'a>(view: &'a View<'_>, id: CaseId, case: &Case) -> Option<&'a Appeal> {
    view.state.certificates.appeal_of(&case.person).filter(|appeal| appeal.case == id)
}

/// Whether the case is before a judge.
pub(super) fn is_judged(view: &View<'_>, id: CaseId, case: &Case) -> bool {
    of(view, id, case).is_some_and(|appeal| !matches!(appeal.step, AppealStep::Answered { .. }))
}

/// The round of reassessment that is open.
pub(super) fn round<'a>(view: &'a View<'_>, id: CaseId, case: &Case) -> Option<&'a Round> {
    let appeal = of(view, id, case).filter(|appeal| appeal.step == AppealStep::Prefecture)?;
    appeal.round.as_ref().filter(|_| appeal.conclusion.is_none())
}

/// The steps of the judges.
pub(super) fn steps(
    view: &View<'_>,
    id: CaseId,
    case: &Case,
    progress: &Progress,
    policy: Option<&CertificatePolicy>,
) -> Vec<Step> {
    let Some(appeal) = of(view, id, case) else { return Vec::new() };
    let judged = Judged { view, id, case, progress, appeal };
    match appeal.step {
        AppealStep::Prefecture => {
            let mut steps = policy.map_or_else(Vec::new, |policy| judged.assign(policy));
            steps.extend(judged.answer());
            steps.push(judged.decline());
            steps
        }
        AppealStep::Panel => vec![judged.conclude(), judged.decline()],
        AppealStep::Answered { .. } => Vec::new(),
    }
}

struct Judged<'a> {
    view: &'a View<'a>,
    id: CaseId,
    case: &'a Case,
    progress: &'a Progress,
    appeal: &'a Appeal,
}

impl Judged<'_> {
    fn step(&self, name: &'static str, mut data: serde_json::Value) -> Step {
        data["person"] = json!(self.case.person);
        Step::new(name, Subject::Case(self.id), data)
    }

    /// One form for each institution that has enough assessors without any part in the case.
    fn assign(&self, policy: &CertificatePolicy) -> Vec<Step> {
        let begun = self.appeal.round.as_ref().is_some_and(|round| !round.records.is_empty());
        if begun || self.appeal.conclusion.is_some() {
            return Vec::new();
        }
        let (today, actors) = (self.view.today, &self.view.state.actors);
        let Ok(least) = usize::try_from(policy.min_assessors) else { return Vec::new() };
        let took_part =
            |id| self.progress.officers.iter().any(|(_, officer)| actors.same_person(officer, id));
        let standing = self.view.state.institutions.iter().filter(|(_, it)| it.stands(today));
        let steps = standing.filter_map(|(code, _)| {
            let own = actors.iter().filter(|(_, actor)| {
                actor.role == Role::Assessor && actor.institution.as_ref() == Some(code)
            });
            let free: Vec<_> = own
                .filter(|(id, _)| !took_part(id))
                .map(|(id, _)| actor(self.view.state, id))
                .collect();
            let step = self.step("assessment.assigned", json!({ "institution": code }));
            let field =
                Field::new("assessors", Kind::Some(free.clone(), least), "评残医师", "assessors");
            (free.len() >= least).then(|| step.fields(vec![field]))
        });
        let assigned = self.appeal.round.is_some();
        steps.map(|step| if assigned { step.not_due() } else { step }).collect()
    }

    /// The prefecture repeats what the institution concluded.
    fn answer(&self) -> Option<Step> {
        let concluded = self.appeal.conclusion.as_ref()?;
        let mut data = json!({
            "conclusion": concluded.statement, "meets": concluded.grade.is_some(),
        });
        if let Some(grade) = &concluded.grade {
            data["grade"] = json!(grade);
        }
        let step = self.step("appeal.reassessed", data);
        Some(step.fields(vec![papers("重新评定表", "重新评定材料", "papers of the reassessment")]))
    }

    /// Not taking the appeal on; the other way to answer it is what the case waits for.
    fn decline(&self) -> Step {
        let reason = Field::new("reason", Kind::Text, "不予复核的理由", "why it is not taken on");
        self.step("appeal.declined", json!({})).not_due().fields(vec![reason, told()])
    }

    fn conclude(&self) -> Step {
        self.step("appeal.concluded", json!({})).fields(vec![
            Field::new("meets", Kind::Flag, "符合残疾标准", "meets the standard"),
            Field::new("grade", Kind::Grade, "类别和等级", "category and level").only_if("meets"),
            papers("专家组意见", "专家组材料", "papers of the panel"),
        ])
    }
}
