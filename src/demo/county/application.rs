//! An application for a certificate, from the window to the sealed file.

use super::office::{Draft, SUPERVISOR, evidence, label, told};
use super::resident::{Resident, Turn};
use super::{County, Task, later};
use crate::crypto::{TagKind, random_bytes};
use crate::demo::DemoError;
use crate::demo::actors::INSTITUTION;
use crate::event::{
    ApplicationAccepted, ApplicationKind, ApplicationNotAccepted, ApplicationSubmitted,
    AssessmentAssigned, AssessmentConcluded, AssessmentMethod, AssessmentRecorded, CaseFileSealed,
    CertificateApproved, CertificateDelivered, CertificateIssued, CertificateLost,
    CertificatePrinted, CertificateRefused, CertificateReplaced, Channel, Generation, Grade,
    GuardianTags, IdentityVerified, NoticeClosed, NoticePosted, NoticeResult, NoticeTakenDown,
    NoticeWaived, ObjectionOutcome, ObjectionRaised, ObjectionResolved, ReviewChecklist,
    ReviewCompleted, ReviewOpinion,
};
use crate::ledger::Personal;
use crate::value::{ActorId, CaseId, CertificateId, Hash, IdForm, PersonId, Subject};

/// Working days of a public notice, and years of validity, as the shipped policy has them.
const NOTICE_WORKING_DAYS: u32 = 5;
const VALIDITY_MONTHS: i32 = 120;

/// An application under way: what later steps have to name.
pub(super) struct File {
    pub(super) number: u32,
    pub(super) person: PersonId,
    case: CaseId,
    /// The card that was lost, when a replacement is applied for.
    lost: Option<CertificateId>,
    certificate: CertificateId,
    statements: Statements,
    /// Documents filed so far.
    items: u32,
}

#[derive(Clone, Copy, Default)]
struct Statements {
    application: Hash,
    acceptance: Hash,
    conclusion: Hash,
    notice: Hash,
    review: Hash,
    assessments: [Hash; 2],
    objection: Hash,
}

/// The next step.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Receive,
    Assign { second: bool },
    Assess { second: bool },
    Conclude { second: bool },
    Refuse,
    Publish,
    Object,
    Resolve,
    Close,
    Review,
    Approve,
    Print,
    Issue,
    Replace,
    Deliver,
    SealFile,
}

impl County<'_> {
    /// A first application.
    pub(super) fn apply(&mut self, resident: &Resident) -> Result<(), DemoError> {
        self.submit(resident, PersonId(random_bytes()?), None)
    }

    /// An application for a new card after a loss.
    pub(super) fn apply_again(
        &mut self,
        resident: &Resident,
        person: PersonId,
        lost: CertificateId,
    ) -> Result<(), DemoError> {
        self.submit(resident, person, Some(lost))
    }

    fn submit(
        &mut self,
        resident: &Resident,
        person: PersonId,
        lost: Option<CertificateId>,
    ) -> Result<(), DemoError> {
        let (office, id) = (&self.office, self.id_tag(resident));
        let guardian = resident.guardian.as_ref().map(|guardian| GuardianTags {
            id: Some(office.tag(TagKind::Id, guardian.id.as_str())),
            name: Some(office.tag(TagKind::Name, &guardian.name)),
        });
        let data = ApplicationSubmitted {
            person,
            kind: if lost.is_some() { ApplicationKind::Replace } else { ApplicationKind::New },
            id,
            id_form: IdForm::Valid,
            name: office.tag(TagKind::Name, &resident.name),
            birth_date: resident.birth,
            sex: resident.sex,
            hukou_division: self.division,
            residence_division: self.division,
            township: Some(label(resident.township)?),
            village: Some(office.tag(TagKind::Village, &resident.village)),
            phone: Some(office.tag(TagKind::Phone, &resident.phone)),
            channel: Channel::Window,
            guardian,
            claimed: claimed(&resident.grade),
            certificate: lost,
            evidence: vec![evidence("申请表")?, evidence("照片")?],
        };
        let mut personal = named(resident);
        personal.phone = Some(resident.phone.clone());
        personal.village = Some(resident.village.clone());
        if let Some(guardian) = &resident.guardian {
            personal.guardian_id = Some(guardian.id.as_str().to_owned());
            personal.guardian_name = Some(guardian.name.clone());
        }
        let case = CaseId(random_bytes()?);
        let draft = Draft::of(data).sealed(id, personal);
        let application = self.office.sign(clerk(resident), &Subject::Case(case), draft)?;
        self.report.applications += 1;
        let file = File {
            number: resident.number,
            person,
            case,
            lost,
            certificate: CertificateId(random_bytes()?),
            statements: Statements { application, ..Statements::default() },
            items: 2,
        };
        self.after((0, 1), Task::Application(Box::new(file), Step::Receive));
        Ok(())
    }

    /// Takes one step and puts the next one on the agenda.
    pub(super) fn application(&mut self, mut file: Box<File>, step: Step) -> Result<(), DemoError> {
        let resident = self.resident(file.number)?;
        file.items += 1;
        let next = match step {
            Step::Receive => self.accept(&resident, &mut file)?,
            Step::Assign { second } => self.assign(&resident, &file, second)?,
            Step::Assess { second } => self.assess(&resident, &mut file, second)?,
            Step::Conclude { second } => self.conclude(&resident, &mut file, second)?,
            Step::Refuse => self.refuse(&file)?,
            Step::Publish => return self.publish(&resident, file),
            Step::Object => self.object(&resident, &mut file)?,
            Step::Resolve => self.resolve(&resident, &file)?,
            Step::Close => self.close(&mut file)?,
            Step::Review => self.review(&resident, &mut file)?,
            Step::Approve => self.approve(&resident, &file)?,
            Step::Print => self.print(&resident, &file)?,
            Step::Issue => self.issue(&resident, &file)?,
            Step::Replace => self.replace(&resident, &file)?,
            Step::Deliver => self.deliver(&resident, &file)?,
            Step::SealFile => return self.seal_file(&file),
        };
        let (days, next) = next;
        self.after(days, Task::Application(file, next));
        Ok(())
    }

    fn accept(&mut self, resident: &Resident, file: &mut File) -> Result<Next, DemoError> {
        let (subject, person) = (Subject::Case(file.case), file.person);
        let office = &mut self.office;
        if resident.turn == Turn::NotAccepted {
            let data = ApplicationNotAccepted {
                person,
                reason: label("材料不全")?,
                missing: vec![label("近期医学诊断资料")?],
                told: told()?,
            };
            office.sign(clerk(resident), &subject, Draft::of(data))?;
            self.report.not_accepted += 1;
            return Ok(((1, 1), Step::SealFile));
        }
        let data = IdentityVerified {
            person,
            method: label("居民身份证读卡器")?,
            photo_match: true,
            hukou_match: true,
            birth_date: resident.birth,
            source: evidence("读卡记录")?,
        };
        office.sign(clerk(resident), &subject, Draft::of(data))?;
        let institution = match file.lost {
            Some(_) => None,
            None => Some(INSTITUTION.parse()?),
        };
        let data = ApplicationAccepted { person, institution };
        let acceptance = office.sign(clerk(resident), &subject, Draft::of(data))?;
        file.statements.acceptance = acceptance;
        let Some(lost) = file.lost else { return Ok(((1, 1), Step::Assign { second: false })) };
        let data = CertificateLost { person, declaration: evidence("遗失声明")? };
        office.sign(clerk(resident), &Subject::Certificate(lost), Draft::of(data))?;
        Ok(((1, 3), Step::Replace))
    }

    fn assign(
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

    fn assess(
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
                evidence: vec![evidence("评定表")?],
            };
            let subject = Subject::Case(file.case);
            file.statements.assessments[at] = self.office.sign(name, &subject, Draft::of(data))?;
        }
        Ok(((0, 1), Step::Conclude { second }))
    }

    fn conclude(
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

    fn refuse(&mut self, file: &File) -> Result<Next, DemoError> {
        let reason = label("经评定不符合残疾标准")?;
        let data = CertificateRefused { person: file.person, reason, told: told()? };
        self.decide(APPROVER, Subject::Case(file.case), Draft::of(data))?;
        self.report.refused += 1;
        Ok(((1, 3), Step::SealFile))
    }

    /// Posts the notice, or has it waived for a child.
    fn publish(&mut self, resident: &Resident, mut file: Box<File>) -> Result<(), DemoError> {
        let (subject, person) = (Subject::Case(file.case), file.person);
        if resident.guardian.is_some() {
            let basis = label("未成年人,按规定不予公示")?;
            let draft = Draft::of(NoticeWaived { person, basis });
            let waived = self.decide(reviewer(resident), subject.clone(), draft)?;
            self.office.endorse(SUPERVISOR, &subject, waived)?;
            file.statements.notice = waived;
            self.report.waived += 1;
            self.after((1, 2), Task::Application(file, Step::Review));
            return Ok(());
        }
        let opens_on = self.office.today();
        let closes_on = self.agenda.calendar().after(opens_on, NOTICE_WORKING_DAYS);
        let data = NoticePosted {
            person,
            place: label("村(社区)公示栏")?,
            view: evidence("脱敏公示内容")?.hash,
            opens_on,
            closes_on,
            photo: Some(evidence("公示照片")?),
        };
        self.decide(NOTICE_OFFICER, subject, Draft::of(data))?;
        if resident.turn == Turn::Objection {
            self.after((2, 2), Task::Application(file, Step::Object));
        } else {
            self.agenda.put_after(closes_on, 1, Task::Application(file, Step::Close));
        }
        Ok(())
    }

    fn object(&mut self, resident: &Resident, file: &mut File) -> Result<Next, DemoError> {
        let data = ObjectionRaised {
            person: file.person,
            ground: label("反映其能正常劳动")?,
            evidence: vec![evidence("异议记录")?],
        };
        let subject = Subject::Case(file.case);
        file.statements.objection = self.office.sign(clerk(resident), &subject, Draft::of(data))?;
        self.report.objections += 1;
        Ok(((2, 2), Step::Resolve))
    }

    fn resolve(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
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

    fn close(&mut self, file: &mut File) -> Result<Next, DemoError> {
        let (subject, person) = (Subject::Case(file.case), file.person);
        let data = NoticeClosed { person, result: NoticeResult::Clear };
        file.statements.notice = self.decide(NOTICE_OFFICER, subject.clone(), Draft::of(data))?;
        let data = NoticeTakenDown { person, removed_on: self.office.today() };
        self.office.sign(NOTICE_OFFICER, &subject, Draft::of(data))?;
        Ok(((1, 3), Step::Review))
    }

    fn review(&mut self, resident: &Resident, file: &mut File) -> Result<Next, DemoError> {
        let Statements { application, acceptance, conclusion, notice, .. } = file.statements;
        let data = ReviewCompleted {
            person: file.person,
            checklist: ReviewChecklist { application, acceptance, assessment: conclusion, notice },
            opinion: ReviewOpinion::Agree,
            reason: None,
            delay_cause: None,
        };
        let subject = Subject::Case(file.case);
        file.statements.review = self.decide(reviewer(resident), subject, Draft::of(data))?;
        Ok(((1, 2), Step::Approve))
    }

    fn approve(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
        let data = CertificateApproved {
            person: file.person,
            grade: resident.grade.clone(),
            review: file.statements.review,
        };
        self.decide(APPROVER, Subject::Case(file.case), Draft::of(data))?;
        Ok(((1, 1), Step::Print))
    }

    fn print(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
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

    fn issue(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
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
        let issued = self.decide(ISSUER, subject.clone(), draft)?;
        self.office.endorse(APPROVER, &subject, issued)?;
        self.report.issued += 1;
        Ok(((1, 3), Step::Deliver))
    }

    fn replace(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
        let Some(lost) = file.lost else { return Ok(((1, 1), Step::SealFile)) };
        let (id, number, blank) =
            (self.id_tag(resident), resident.certificate_number(1), blank(resident, 1));
        let data = CertificateReplaced {
            person: file.person,
            lost,
            id,
            number: self.office.tag(TagKind::Certificate, &number),
            replaced: 1,
            blank: self.office.tag(TagKind::Blank, &blank),
        };
        let mut personal = named(resident);
        personal.certificate_number = Some(number);
        personal.blank = Some(blank);
        let subject = Subject::Certificate(file.certificate);
        let draft = Draft::of(data).sealed(id, personal);
        let replaced = self.decide(ISSUER, subject.clone(), draft)?;
        self.office.endorse(APPROVER, &subject, replaced)?;
        self.report.replaced += 1;
        Ok(((1, 3), Step::Deliver))
    }

    fn deliver(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
        let data = CertificateDelivered {
            person: file.person,
            to_agent: resident.guardian.is_some(),
            receipt: evidence("领证签收单")?,
        };
        let subject = Subject::Certificate(file.certificate);
        self.office.sign(clerk(resident), &subject, Draft::of(data))?;
        if file.lost.is_none() {
            self.begin_later(resident, later::Matter::of(file, file.certificate))?;
        }
        Ok(((1, 3), Step::SealFile))
    }

    fn seal_file(&mut self, file: &File) -> Result<(), DemoError> {
        let data = CaseFileSealed {
            person: file.person,
            case: file.case,
            manifest: evidence("案卷目录")?.hash,
            items: file.items,
            gaps: Vec::new(),
            archivist: None,
        };
        self.office.sign(ISSUER, &Subject::Case(file.case), Draft::of(data))?;
        Ok(())
    }

    /// Signs a decision that is made under the certificate policy.
    pub(super) fn decide(
        &mut self,
        actor: &str,
        subject: Subject,
        draft: Draft,
    ) -> Result<Hash, DemoError> {
        let policy = self.terms.certificate;
        self.office.sign(actor, &subject, draft.under(policy))
    }
}

/// The next step and in how many working days, at least and at most.
type Next = ((u32, u32), Step);

pub(super) const APPROVER: &str = "411702-approver-1";
const ISSUER: &str = "411702-issuer-1";
const NOTICE_OFFICER: &str = "411702-notice-1";
const SEAL: &str = "411702-seal-1";

/// The clerk whose window the resident goes to.
pub(super) const fn clerk(resident: &Resident) -> &'static str {
    if resident.number.is_multiple_of(2) { "411702-clerk-1" } else { "411702-clerk-2" }
}

const fn reviewer(resident: &Resident) -> &'static str {
    if resident.number.is_multiple_of(3) { "411702-reviewer-1" } else { "411702-reviewer-2" }
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

fn claimed(grade: &Grade) -> Vec<crate::value::Category> {
    match grade.components.as_slice() {
        [] => vec![grade.category],
        parts => parts.iter().map(|part| part.category).collect(),
    }
}

/// The serial number of a card's blank.
fn blank(resident: &Resident, replaced: u8) -> String {
    format!("DEMO{:08}{replaced}", resident.number)
}

/// Name and ID number, as most events seal them.
pub(super) fn named(resident: &Resident) -> Personal {
    let mut personal = Personal::default();
    personal.name = Some(resident.name.clone());
    personal.id_number = Some(resident.id.as_str().to_owned());
    personal
}
