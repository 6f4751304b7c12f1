//! Two assessors are drawn, or named by hand while nothing has fixed the draw. They find what they find, the institution concludes; levels 1 and 2 are assessed again
//! by two others, as the shipped policy asks.

use super::County;
use super::application::{File, Next, Step, reviewer};
use super::office::{Draft, evidence, label};
use super::resident::{Resident, Turn};
use crate::demo::DemoError;
use crate::demo::actors::{INSTITUTION, SYSTEM};
use crate::domain::certificate::draw::Draw;
use crate::event::{
    AssessmentAssigned, AssessmentConcluded, AssessmentMethod, AssessmentRecorded, Grade,
};
use crate::value::{ActorId, Malformed, Subject};

const SEAL: &str = "411702-seal-1";

impl County<'_> {
    pub(super) fn assign(
        &mut self,
        resident: &Resident,
        file: &mut File,
        second: bool,
    ) -> Result<Next, DemoError> {
        let named = self.named_by_hand(file.number)?;
        let drawn = if named.is_some() { None } else { self.office.draw(&file.case)? };
        let (by, institution, draw_seed) = match drawn {
            Some(Draw { seed, institution, assessors }) => {
                file.assessors = assessors;
                self.report.drawn += 1;
                (SYSTEM, institution, Some(seed))
            }
            None => {
                file.assessors = match named {
                    Some(named) => named,
                    None => others(&file.assessors)?,
                };
                (reviewer(resident), INSTITUTION.parse()?, None)
            }
        };
        let data = AssessmentAssigned {
            person: file.person,
            institution,
            assessors: file.assessors.clone(),
            session: None,
            draw_seed,
        };
        self.office.sign(by, &Subject::Case(file.case), Draft::of(data))?;
        Ok(((1, 3), Step::Assess { second }))
    }

    pub(super) fn assess(
        &mut self,
        resident: &Resident,
        file: &mut File,
        second: bool,
    ) -> Result<Next, DemoError> {
        self.record(resident, file, 2)?;
        Ok(((0, 1), Step::Conclude { second }))
    }

    /// So many of the assessors record what they find.
    pub(super) fn record(
        &mut self,
        resident: &Resident,
        file: &mut File,
        count: usize,
    ) -> Result<(), DemoError> {
        let grade = found(resident, file);
        for (at, assessor) in file.assessors.iter().enumerate().take(count) {
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
            let recorded = self.office.sign(assessor.as_str(), &subject, Draft::of(data))?;
            file.statements.assessments[at] = recorded;
        }
        Ok(())
    }

    pub(super) fn conclude(
        &mut self,
        resident: &Resident,
        file: &mut File,
        second: bool,
    ) -> Result<Next, DemoError> {
        let grade = found(resident, file);
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
        if file.appealed {
            return Ok(((1, 2), Step::Answer));
        }
        Ok(match (meets, severe && !second) {
            (false, _) => ((1, 2), Step::Refuse),
            (true, true) => ((1, 1), Step::Assign { second: true }),
            (true, false) => ((1, 1), Step::Publish),
        })
    }
}

/// Two of the four assessors who did not assess before.
pub(super) fn others(before: &[ActorId]) -> Result<Vec<ActorId>, Malformed> {
    let all: Vec<ActorId> = ASSESSORS.iter().map(|name| name.parse()).collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|actor| !before.contains(actor)).take(2).collect())
}

const ASSESSORS: [&str; 4] =
    ["411702-assessor-1", "411702-assessor-2", "411702-assessor-3", "411702-assessor-4"];

/// What the assessors find.
fn found(resident: &Resident, file: &File) -> Option<Grade> {
    let meets = match resident.turn {
        Turn::NotMeeting | Turn::AppealsTwice => false,
        Turn::Appeals => file.appealed,
        _ => true,
    };
    meets.then(|| resident.grade.clone())
}
