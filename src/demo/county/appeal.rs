//! An appeal that succeeds: refused, reassessed by two others, and the case goes on. One that does not
//! is taken to the panel.

use super::County;
use super::application::{File, Next, Step, clerk};
use super::assessment::others;
use super::office::{Draft, evidence};
use super::resident::{Resident, Turn};
use crate::demo::DemoError;
use crate::demo::actors::INSTITUTION;
use crate::event::{AppealFiled, AppealReassessed, AssessmentAssigned};
use crate::value::Subject;

const PREFECTURE_DPF: &str = "411700-dpf-1";
/// Working days the prefecture gets for its answer; fewer than the policy's are refused.
const ANSWER_WORKING_DAYS: u32 = 20;

impl County<'_> {
    pub(super) fn appeal(
        &mut self,
        resident: &Resident,
        file: &mut File,
    ) -> Result<Next, DemoError> {
        self.file_appeal(resident, file)?;
        file.appealed = true;
        self.report.appeals += 1;
        Ok(((1, 3), Step::Reassign))
    }

    /// The window takes an appeal: to the prefecture, or from its answer to the panel.
    pub(super) fn file_appeal(
        &mut self,
        resident: &Resident,
        file: &File,
    ) -> Result<(), DemoError> {
        let due_by = self.agenda.calendar().after(self.office.today(), ANSWER_WORKING_DAYS);
        let papers = vec![evidence("复核申请书")?];
        let data = AppealFiled { person: file.person, due_by, evidence: papers };
        self.office.sign(clerk(resident), &Subject::Case(file.case), Draft::of(data)).map(|_| ())
    }

    /// The prefecture consents by naming assessors who had no part in the case.
    pub(super) fn reassign(&mut self, file: &mut File) -> Result<Next, DemoError> {
        file.assessors = others(&file.assessors)?;
        let data = AssessmentAssigned {
            person: file.person,
            institution: INSTITUTION.parse()?,
            assessors: file.assessors.clone(),
            session: None,
            draw_seed: None,
        };
        self.office.sign(PREFECTURE_DPF, &Subject::Case(file.case), Draft::of(data))?;
        Ok(((1, 3), Step::Assess { second: false }))
    }

    pub(super) fn answer(
        &mut self,
        resident: &Resident,
        file: &mut File,
    ) -> Result<Next, DemoError> {
        let meets = resident.turn == Turn::Appeals;
        let data = AppealReassessed {
            person: file.person,
            conclusion: Some(file.statements.conclusion),
            meets,
            grade: meets.then(|| resident.grade.clone()),
            evidence: vec![evidence("重新评定表")?],
        };
        let subject = Subject::Case(file.case);
        let answer = self.office.sign(PREFECTURE_DPF, &subject, Draft::of(data))?;
        file.statements.conclusion = answer;
        Ok(if meets { ((1, 1), Step::Publish) } else { ((1, 2), Step::AskPanel) })
    }
}
