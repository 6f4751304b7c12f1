//! From the review to the card in its holder's hand.

use super::application::{APPROVER, File, ISSUER, Next, Statements, Step, clerk, named, reviewer};
use super::office::{Draft, evidence, label};
use super::resident::Resident;
use super::{County, later};
use crate::crypto::TagKind;
use crate::demo::DemoError;
use crate::event::{
    CertificateApproved, CertificateDelivered, CertificateIssued, CertificatePrinted,
    CertificateReplaced, Generation, OldCard, ReviewChecklist, ReviewCompleted, ReviewOpinion,
};
use crate::ledger::Personal;
use crate::value::{Hash, Subject};

/// As the shipped policy has it; another last day is refused.
const VALIDITY_MONTHS: i32 = 120;

impl County<'_> {
    pub(super) fn review(
        &mut self,
        resident: &Resident,
        file: &mut File,
    ) -> Result<Next, DemoError> {
        let Statements { application, acceptance, conclusion, notice, .. } = file.statements;
        let data = ReviewCompleted {
            person: file.person,
            checklist: ReviewChecklist { application, acceptance, assessment: conclusion, notice },
            opinion: ReviewOpinion::Agree,
            reason: None,
            delay_cause: None,
        };
        let subject = Subject::Case(file.case);
        file.statements.review = self.decide(reviewer(resident), &subject, Draft::of(data))?;
        Ok(((1, 2), Step::Approve))
    }

    pub(super) fn approve(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
        let data = CertificateApproved {
            person: file.person,
            grade: resident.grade.clone(),
            review: file.statements.review,
        };
        self.decide(APPROVER, &Subject::Case(file.case), Draft::of(data))?;
        Ok(((1, 1), Step::Print))
    }

    pub(super) fn print(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
        let blank = blank(resident, 0);
        let data = CertificatePrinted {
            person: file.person,
            blank: self.office.tag(TagKind::Blank, &blank),
            printer: label("区残联一号制证机")?,
            seal: label("区残联证件专用章")?,
        };
        let mut personal = Personal::default();
        personal.blank = Some(blank);
        let draft = Draft::of(data).sealed(self.id_tag(resident), personal);
        self.office.sign(ISSUER, &Subject::Case(file.case), draft)?;
        Ok(((0, 1), Step::Issue))
    }

    pub(super) fn issue(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
        let issued = self.propose_issue(resident, file)?;
        self.office.endorse(APPROVER, &Subject::Certificate(file.certificate), issued)?;
        self.report.issued += 1;
        Ok(((1, 3), Step::Deliver))
    }

    /// The issuer proposes the card, which the approver has to endorse.
    pub(super) fn propose_issue(
        &mut self,
        resident: &Resident,
        file: &File,
    ) -> Result<Hash, DemoError> {
        let (today, id) = (self.office.today(), self.id_tag(resident));
        let number = resident.certificate_number(0);
        let data = CertificateIssued {
            person: file.person,
            case: file.case,
            id,
            number: self.office.tag(TagKind::Certificate, &number),
            grade: resident.grade.clone(),
            replaced: 0,
            generation: Generation::Third,
            valid_from: today,
            valid_to: today.plus_months(VALIDITY_MONTHS).plus_days(-1),
            approving_division: self.division,
            supersedes: None,
            old_card: None,
        };
        let mut personal = named(resident);
        personal.certificate_number = Some(number);
        let subject = Subject::Certificate(file.certificate);
        let draft = Draft::of(data).sealed(id, personal);
        self.decide(ISSUER, &subject, draft)
    }

    pub(super) fn replace(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
        let Some(lost) = file.old else { return Ok(((1, 1), Step::SealFile)) };
        // A damaged card's number is printed again.
        let replaced = u8::from(!file.damaged);
        let (id, number, blank) =
            (self.id_tag(resident), resident.certificate_number(replaced), blank(resident, 1));
        let data = CertificateReplaced {
            person: file.person,
            lost,
            id,
            number: self.office.tag(TagKind::Certificate, &number),
            replaced,
            blank: self.office.tag(TagKind::Blank, &blank),
            old_card: file.damaged.then_some(OldCard::Returned),
        };
        let mut personal = named(resident);
        personal.certificate_number = Some(number);
        personal.blank = Some(blank);
        let subject = Subject::Certificate(file.certificate);
        let draft = Draft::of(data).sealed(id, personal);
        let proposed = self.decide(ISSUER, &subject, draft)?;
        self.office.endorse(APPROVER, &subject, proposed)?;
        if file.damaged {
            self.report.exchanged += 1;
        } else {
            self.report.replaced += 1;
        }
        Ok(((1, 3), Step::Deliver))
    }

    pub(super) fn deliver(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
        let data = CertificateDelivered {
            person: file.person,
            to_agent: resident.guardian.is_some(),
            mode: None,
            receipt: evidence("领证签收单")?,
        };
        let subject = Subject::Certificate(file.certificate);
        self.office.sign(clerk(resident), &subject, Draft::of(data))?;
        if file.old.is_none() {
            self.begin_later(resident, later::Matter::of(file, file.certificate))?;
        }
        Ok(((1, 3), Step::SealFile))
    }
}

/// The serial number of a card's blank.
fn blank(resident: &Resident, replaced: u8) -> String {
    format!("DEMO{:08}{replaced}", resident.number)
}
