//! An application for a certificate, from the window to the sealed file.

use super::office::{Draft, evidence, label, told};
use super::resident::{Resident, Turn};
use super::{County, Task};
use crate::crypto::{TagKind, random_bytes};
use crate::demo::DemoError;
use crate::demo::actors::INSTITUTION;
use crate::event::{
    ApplicationAccepted, ApplicationKind, ApplicationNotAccepted, ApplicationSubmitted,
    CaseFileSealed, CertificateLost, CertificateRefused, Channel, Grade, GuardianTags,
    IdentityVerified,
};
use crate::ledger::Personal;
use crate::value::{ActorId, CaseId, CertificateId, Hash, IdForm, PersonId, Subject};

/// An application under way: what later steps have to name.
pub(super) struct File {
    pub(super) number: u32,
    pub(super) person: PersonId,
    pub(super) case: CaseId,
    /// The card that was lost or is damaged, when a new one is applied for.
    pub(super) old: Option<CertificateId>,
    /// It is damaged.
    pub(super) damaged: bool,
    /// The refusal was appealed.
    pub(super) appealed: bool,
    /// The assessors of the round.
    pub(super) assessors: Vec<ActorId>,
    pub(super) certificate: CertificateId,
    pub(super) statements: Statements,
    /// Documents filed so far.
    items: u32,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Statements {
    pub(super) application: Hash,
    pub(super) acceptance: Hash,
    pub(super) conclusion: Hash,
    pub(super) notice: Hash,
    pub(super) review: Hash,
    pub(super) assessments: [Hash; 2],
    pub(super) objection: Hash,
}

/// The next step.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Receive,
    Assign { second: bool },
    Assess { second: bool },
    Conclude { second: bool },
    Refuse,
    Appeal,
    Reassign,
    Answer,
    AskPanel,
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
        self.submit(resident, PersonId(random_bytes()?), ApplicationKind::New, None)
    }

    /// An application for a new card in place of one that was lost or is damaged.
    pub(super) fn apply_again(
        &mut self,
        resident: &Resident,
        person: PersonId,
        kind: ApplicationKind,
        old: CertificateId,
    ) -> Result<(), DemoError> {
        self.submit(resident, person, kind, Some(old))
    }

    fn submit(
        &mut self,
        resident: &Resident,
        person: PersonId,
        kind: ApplicationKind,
        old: Option<CertificateId>,
    ) -> Result<(), DemoError> {
        let (office, id) = (&self.office, self.id_tag(resident));
        let guardian = resident.guardian.as_ref().map(|guardian| GuardianTags {
            id: Some(office.tag(TagKind::Id, guardian.id.as_str())),
            name: Some(office.tag(TagKind::Name, &guardian.name)),
        });
        let data = ApplicationSubmitted {
            person,
            kind,
            id,
            id_form: IdForm::Valid,
            name: office.tag(TagKind::Name, &resident.name),
            name_sound: office.sound(&resident.name),
            meant_ids: Vec::new(),
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
            certificate: old,
            residence_permit: None,
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
            old,
            damaged: kind == ApplicationKind::ExchangeDamaged,
            appealed: false,
            assessors: Vec::new(),
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
        if self.rests(&resident, &mut file, step)? {
            return Ok(());
        }
        let next = match step {
            Step::Receive => self.accept(&resident, &mut file)?,
            Step::Assign { second } => self.assign(&resident, &mut file, second)?,
            Step::Assess { second } => self.assess(&resident, &mut file, second)?,
            Step::Conclude { second } => self.conclude(&resident, &mut file, second)?,
            Step::Refuse => self.refuse(&resident, &file)?,
            Step::Appeal => self.appeal(&resident, &mut file)?,
            Step::Reassign => self.reassign(&mut file)?,
            Step::Answer => self.answer(&resident, &mut file)?,
            Step::AskPanel => return self.file_appeal(&resident, &file),
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
        if resident.turn == Turn::NotAccepted {
            let data = ApplicationNotAccepted {
                person,
                reason: label("材料不全")?,
                missing: vec![label("近期医学诊断资料")?],
                told: told()?,
            };
            self.office.sign(clerk(resident), &subject, Draft::of(data))?;
            self.report.not_accepted += 1;
            return Ok(((1, 1), Step::SealFile));
        }
        self.verify(resident, file)?;
        let institution = match file.old {
            Some(_) => None,
            None => Some(INSTITUTION.parse()?),
        };
        let data = ApplicationAccepted { person, institution };
        let acceptance = self.office.sign(clerk(resident), &subject, Draft::of(data))?;
        file.statements.acceptance = acceptance;
        let Some(old) = file.old else { return Ok(((1, 1), Step::Assign { second: false })) };
        if !file.damaged {
            let data = CertificateLost { person, declaration: evidence("遗失声明")? };
            self.office.sign(clerk(resident), &Subject::Certificate(old), Draft::of(data))?;
        }
        Ok(((1, 3), Step::Replace))
    }

    /// The window verifies who the applicant is.
    pub(super) fn verify(&mut self, resident: &Resident, file: &File) -> Result<(), DemoError> {
        let data = IdentityVerified {
            person: file.person,
            method: label("居民身份证读卡器")?,
            photo_match: true,
            hukou_match: true,
            birth_date: resident.birth,
            division_at_birth: None,
            id_confirmed: Some(true),
            source: evidence("读卡记录")?,
        };
        let subject = Subject::Case(file.case);
        self.office.sign(clerk(resident), &subject, Draft::of(data)).map(|_| ())
    }

    fn refuse(&mut self, resident: &Resident, file: &File) -> Result<Next, DemoError> {
        let reason = label("经评定不符合残疾标准")?;
        let data = CertificateRefused { person: file.person, reason, told: told()? };
        self.decide(APPROVER, &Subject::Case(file.case), Draft::of(data))?;
        self.report.refused += 1;
        let appeals = matches!(resident.turn, Turn::Appeals | Turn::AppealsTwice);
        let appeals = appeals && self.ends_in_time(self.office.today());
        Ok(((1, 3), if appeals { Step::Appeal } else { Step::SealFile }))
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
        subject: &Subject,
        draft: Draft,
    ) -> Result<Hash, DemoError> {
        let policy = self.terms.certificate;
        self.office.sign(actor, subject, draft.under(policy))
    }
}

/// The next step and in how many working days, at least and at most.
pub(super) type Next = ((u32, u32), Step);

pub(super) const APPROVER: &str = "411702-approver-1";
pub(super) const ISSUER: &str = "411702-issuer-1";

/// The clerk whose window the resident goes to.
pub(super) const fn clerk(resident: &Resident) -> &'static str {
    if resident.number.is_multiple_of(2) { "411702-clerk-1" } else { "411702-clerk-2" }
}

pub(super) const fn reviewer(resident: &Resident) -> &'static str {
    if resident.number.is_multiple_of(3) { "411702-reviewer-1" } else { "411702-reviewer-2" }
}

fn claimed(grade: &Grade) -> Vec<crate::value::Category> {
    match grade.components.as_slice() {
        [] => vec![grade.category],
        parts => parts.iter().map(|part| part.category).collect(),
    }
}

/// Name and ID number, as most events seal them.
pub(super) fn named(resident: &Resident) -> Personal {
    let mut personal = Personal::default();
    personal.name = Some(resident.name.clone());
    personal.id_number = Some(resident.id.as_str().to_owned());
    personal
}
