//! Two assessors find what they find, the institution concludes; levels 1 and 2 are assessed again
//! by two others, as the shipped policy asks.

use super::County;
use super::application::{File, Next, Step, reviewer};
use super::office::{Draft, evidence, label};
use super::resident::{Resident, Turn};
use crate::demo::DemoError;
use crate::demo::actors::INSTITUTION;
use crate::event::{
    AssessmentAssigned, AssessmentConcluded, AssessmentMethod, AssessmentRecorded, Grade,
};
use crate::value::{ActorId, Subject};

const SEAL: &str = "411702-seal-1";

impl County<'_> {
    pub(super) fn assign(
        &mut self,
        resident: &Resident,
        file: &File,
        second: bool,
    ) -> Result<Next, DemoError> {
        let assessors: Result<Vec<ActorId>, _> =
            assessors(resident, second).iter().map(|name| name.parse()).collect();
        let data = AssessmentAssigned {
            person: file.person,
            institution: INSTITUTION.parse()?,
            assessors: assessors?,
            session: None,
            draw_seed: None,
        };
        self.office.sign(reviewer(resident), &Subject::Case(file.case), Draft::of(data))?;
        Ok(((1, 3), Step::Assess { second }))
    }

    pub(super) fn assess(
        &mut self,
        resident: &Resident,
        file: &mut File,
        second: bool,
    ) -> Result<Next, DemoError> {
        let grade = found(resident);
        for (at, name) in assessors(resident, second).into_iter().enumerate() {
            let data = AssessmentRecorded {
                person: file.person,
                meets: grade.is_some(),
                grade: grade.clone(),
                criterion: label("5.5.1")?,
                standard: label("GB/T 26341-2010")?,
                method: AssessmentMethod::InPerson,
                devices_removed: true,
                visit: None,
                evidence: vec![evidence("评定表")?],
            };
            let subject = Subject::Case(file.case);
            file.statements.assessments[at] = self.office.sign(name, &subject, Draft::of(data))?;
        }
        Ok(((0, 1), Step::Conclude { second }))
    }

    pub(super) fn conclude(
        &mut self,
        resident: &Resident,
        file: &mut File,
        second: bool,
    ) -> Result<Next, DemoError> {
        let grade = found(resident);
        let severe = grade.as_ref().is_some_and(|grade| grade.level.is_severe());
        let data = AssessmentConcluded {
            person: file.person,
            meets: grade.is_some(),
            grade,
            assessments: file.statements.assessments.to_vec(),
            second_round: second,
            reconciliation: None,
        };
        let meets = data.meets;
        let subject = Subject::Case(file.case);
        file.statements.conclusion = self.office.sign(SEAL, &subject, Draft::of(data))?;
        Ok(match (meets, severe && !second) {
            (false, _) => ((1, 2), Step::Refuse),
            (true, true) => ((1, 1), Step::Assign { second: true }),
            (true, false) => ((1, 1), Step::Publish),
        })
    }
}

/// Two of the four assessors; the other two assess again where a second round is due.
const fn assessors(resident: &Resident, second: bool) -> [&'static str; 2] {
    if resident.number.is_multiple_of(2) == second {
        ["411702-assessor-1", "411702-assessor-2"]
    } else {
        ["411702-assessor-3", "411702-assessor-4"]
    }
}

/// What the assessors find.
fn found(resident: &Resident) -> Option<Grade> {
    (resident.turn != Turn::NotMeeting).then(|| resident.grade.clone())
}
