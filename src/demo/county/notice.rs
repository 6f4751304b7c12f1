//! The public notice: posted for five working days or waived for a child; an objection to it is
//! looked into and dismissed.

use super::application::{File, Next, Step, clerk, reviewer};
use super::office::{Draft, SUPERVISOR, evidence, label};
use super::resident::{Resident, Turn};
use super::{County, Task};
use crate::demo::DemoError;
use crate::domain::certificate::{MaskedView, masked};
use crate::event::{
    NoticeClosed, NoticePosted, NoticeResult, NoticeTakenDown, NoticeWaived, ObjectionOutcome,
    ObjectionRaised, ObjectionResolved,
};
use crate::value::{Hash, Subject};

/// As the shipped policy has it; a shorter notice is refused.
const NOTICE_WORKING_DAYS: u32 = 5;
const NOTICE_OFFICER: &str = "411702-notice-1";

impl County<'_> {
    /// Posts the notice, or has it waived for a child.
    pub(super) fn publish(
        &mut self,
        resident: &Resident,
        mut file: Box<File>,
    ) -> Result<(), DemoError> {
        let (subject, person) = (Subject::Case(file.case), file.person);
        if resident.guardian.is_some() {
            let waived = self.waive(resident, &file)?;
            self.office.endorse(SUPERVISOR, &subject, waived)?;
            file.statements.notice = waived;
            self.report.waived += 1;
            self.after((1, 2), Task::Application(file, Step::Review));
            return Ok(());
        }
        let opens_on = self.office.today();
        let closes_on = self.agenda.calendar().after(opens_on, NOTICE_WORKING_DAYS);
        let place = label("村(社区)公示栏")?;
        let name = masked(&resident.name).unwrap_or_default();
        let division = self.division;
        let view = MaskedView { name, division, place: place.clone(), opens_on, closes_on };
        let data = NoticePosted {
            person,
            place,
            view: self.office.notice_hash(self.id_tag(resident), &view)?,
            opens_on,
            closes_on,
            photo: Some(evidence("公示照片")?),
        };
        self.decide(NOTICE_OFFICER, &subject, Draft::of(data))?;
        if resident.turn == Turn::Objection {
            self.after((2, 2), Task::Application(file, Step::Object));
        } else {
            self.agenda.put_after(closes_on, 1, Task::Application(file, Step::Close));
        }
        Ok(())
    }

    /// The reviewer waives the notice of a child, which the supervisor has to endorse.
    pub(super) fn waive(&mut self, resident: &Resident, file: &File) -> Result<Hash, DemoError> {
        let basis = label("未成年人,按规定不予公示")?;
        let draft = Draft::of(NoticeWaived { person: file.person, basis });
        self.decide(reviewer(resident), &Subject::Case(file.case), draft)
    }

    pub(super) fn object(
        &mut self,
        resident: &Resident,
        file: &mut File,
    ) -> Result<Next, DemoError> {
        let data = ObjectionRaised {
            person: file.person,
            by: None,
            ground: label("反映其能正常劳动")?,
            evidence: vec![evidence("异议记录")?],
        };
        let subject = Subject::Case(file.case);
        file.statements.objection = self.office.sign(clerk(resident), &subject, Draft::of(data))?;
        self.report.objections += 1;
        Ok(((2, 2), Step::Resolve))
    }

    pub(super) fn resolve(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
        let data = ObjectionResolved {
            person: file.person,
            objection: file.statements.objection,
            outcome: ObjectionOutcome::Dismissed,
            reason: label("入户核实,与评定结论一致")?,
            evidence: vec![evidence("入户核查记录")?],
        };
        self.office.sign(reviewer(resident), &Subject::Case(file.case), Draft::of(data))?;
        Ok(((2, 2), Step::Close))
    }

    pub(super) fn close(&mut self, file: &mut File) -> Result<Next, DemoError> {
        let (subject, person) = (Subject::Case(file.case), file.person);
        let data = NoticeClosed { person, result: NoticeResult::Clear };
        file.statements.notice = self.decide(NOTICE_OFFICER, &subject, Draft::of(data))?;
        let data = NoticeTakenDown { person, removed_on: self.office.today() };
        self.office.sign(NOTICE_OFFICER, &subject, Draft::of(data))?;
        Ok(((1, 3), Step::Review))
    }
}
