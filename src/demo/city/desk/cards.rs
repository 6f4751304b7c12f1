//! The steps of a certificate's case of a walk, from the application to the card in its holder's
//! hand, and what happens to a card.
//!
//! Cases are of the county of the review chain; `back=DAYS` says that a step happened before it was
//! written down.

use super::{Life, Step, named, wrong};
use crate::crypto::{TagKind, random_bytes};
use crate::demo::DemoError;
use crate::demo::actors::{COUNTY, INSTITUTION, SYSTEM, hospital};
use crate::demo::county::office::{Draft, Office, evidence, label, told};
use crate::domain::certificate::draw::Draw;
use crate::event::{
    AppealFiled, ApplicationAccepted, ApplicationKind, ApplicationNotAccepted,
    ApplicationSubmitted, AssessmentAssigned, AssessmentConcluded, AssessmentMethod,
    AssessmentRecorded, Body, CancelGround, CaseFileSealed, CertificateApproved,
    CertificateCancelled, CertificateDelivered, CertificateIssued, CertificateLost,
    CertificatePrinted, CertificateRefused, CertificateReplaced, CertificateTransferredIn,
    CertificateTransferredOut, Channel, Generation, Grade, IdentityVerified, NoticeClosed,
    NoticePosted, NoticeResult, NoticeTakenDown, ObjectionOutcome, ObjectionRaised,
    ObjectionResolved, OldCard, RegradeConsented, ReminderKind, ReminderSent, ReviewChecklist,
    ReviewCompleted, ReviewOpinion,
};
use crate::ledger::Personal;
use crate::value::{
    ActorId, CaseId, CertificateId, DivisionCode, Hash, IdForm, Level, Malformed, PersonId, Subject,
};

const CLERK: &str = "411702-clerk-1";
const REVIEWER: &str = "411702-reviewer-1";
const APPROVER: &str = "411702-approver-1";
const ISSUER: &str = "411702-issuer-1";
const NOTICE_OFFICER: &str = "411702-notice-1";
const SEAL: &str = "411702-seal-1";
/// As the shipped policy has them.
const NOTICE_WORKING_DAYS: u32 = 5;
const VALIDITY_MONTHS: i32 = 120;
const ANSWER_WORKING_DAYS: u32 = 20;

/// A case under way.
pub(super) struct CardCase {
    id: CaseId,
    kind: ApplicationKind,
    /// What the assessors will find.
    grade: Option<Grade>,
    old: Option<CertificateId>,
    /// The number of its hospital; the county's own without one.
    hospital: Option<u32>,
    assessors: Vec<ActorId>,
    assessments: Vec<Hash>,
    checklist: ReviewChecklist,
    review: Hash,
    objection: Hash,
}

impl CardCase {
    fn institution(&self) -> Result<ActorId, Malformed> {
        self.hospital.map_or_else(|| INSTITUTION.to_owned(), hospital).parse()
    }

    fn seal(&self) -> String {
        self.hospital.map_or_else(|| SEAL.to_owned(), |number| format!("411700-h{number}-seal-1"))
    }

    /// Two assessors, where nothing has fixed a draw.
    fn first_two(&self) -> Result<Vec<ActorId>, Malformed> {
        let of = match self.hospital {
            Some(number) => format!("411700-h{number}"),
            None => COUNTY.to_owned(),
        };
        [1, 2].map(|number| format!("{of}-assessor-{number}").parse()).into_iter().collect()
    }
}

impl Life {
    /// Takes a step of a certificate's case.
    pub(super) fn card(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let letter = step.letter();
        if step.word(0) == "ask" {
            return self.ask(step, office);
        }
        if let Some(number) = step.keys.get("hospital").and_then(|number| number.parse().ok()) {
            self.card_cases.entry(letter).and_modify(|case| case.hospital = Some(number));
        }
        let (person, certificate, _) = self.who(letter)?;
        if let Some((by, subject, body)) = self.of_the_card(step, (person, certificate))? {
            return self.sign_card(step, by, subject, body, office).map(|_| ());
        }
        match step.word(0) {
            "assign" => self.assign(step, office),
            "assess" => self.assess(step, office),
            "print" => self.print(step, office),
            "issue" => self.issue(step, office),
            "replace" => self.replace(step, office),
            _ => {
                let (by, body) = self.of_the_case(step, person, office)?;
                let subject = Subject::Case(self.card_case(letter)?.id);
                let signed = self.sign_card(step, &by, subject, body, office)?;
                let case = self.card_cases.get_mut(&letter).ok_or(wrong("case"))?;
                match step.word(0) {
                    "accept" => case.checklist.acceptance = signed,
                    "conclude" => case.checklist.assessment = signed,
                    "close" => case.checklist.notice = signed,
                    "object" => case.objection = signed,
                    "vet" => case.review = signed,
                    _ => {}
                }
                if step.word(0) == "close" {
                    let data = NoticeTakenDown { person, removed_on: office.today() };
                    let subject = Subject::Case(self.card_case(letter)?.id);
                    office.sign(NOTICE_OFFICER, &subject, Draft::of(data))?;
                }
                Ok(())
            }
        }
    }

    fn card_case(&self, letter: char) -> Result<&CardCase, DemoError> {
        Ok(self.card_cases.get(&letter).ok_or(wrong("case"))?)
    }

    /// Signs as of the day that the step says, and remembers it as the last one.
    fn sign_card(
        &mut self,
        step: &Step<'_>,
        by: &str,
        subject: Subject,
        body: Body,
        office: &mut Office<'_>,
    ) -> Result<Hash, DemoError> {
        let mut draft = Draft::of(body);
        if is_under_policy(step.word(0)) {
            draft = draft.under(office.certificate_policy(COUNTY.parse()?)?);
        }
        if let Some(days) = step.days("back") {
            draft = draft.said(office.today().plus_days(-days));
        }
        let signed = office.sign(by, &subject, draft)?;
        self.last.insert(step.letter(), (subject, signed));
        Ok(signed)
    }

    /// `ask a KIND [level=other|none]`.
    fn ask(&mut self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let letter = step.letter();
        let (person, certificate, holder) = self.who(letter)?;
        let kind = match step.word(2) {
            "renew" => ApplicationKind::Renew,
            "regrade" => ApplicationKind::Regrade,
            "replace" => ApplicationKind::Replace,
            "transfer" => ApplicationKind::Transfer,
            _ => ApplicationKind::New,
        };
        let old = (kind != ApplicationKind::New).then_some(certificate);
        let card = &holder.card;
        let level = match step.keys.get("level") {
            Some(&"other") => 7 - card.level.clamp(3, 4),
            Some(level) => level.parse().unwrap_or(card.level),
            None => card.level,
        };
        let components = card.components.iter().map(|part| part.category);
        let claimed = match components.collect::<Vec<_>>() {
            none if none.is_empty() => vec![card.category],
            parts => parts,
        };
        let grade = Grade {
            category: card.category,
            level: Level::new(level)?,
            components: super::super::stage::components_of(card.category, level),
        };
        let (id, person_of) = (office.tag(TagKind::Id, &holder.id()), holder.person());
        let county: DivisionCode = COUNTY.parse()?;
        let data = ApplicationSubmitted {
            person,
            kind,
            id,
            id_form: IdForm::Valid,
            name: office.tag(TagKind::Name, &person_of.name),
            name_sound: office.sound(&person_of.name),
            meant_ids: Vec::new(),
            birth_date: person_of.birth,
            sex: person_of.sex,
            hukou_division: county,
            residence_division: county,
            township: Some(label(person_of.township)?),
            village: Some(office.tag(TagKind::Village, &person_of.village)),
            phone: Some(office.tag(TagKind::Phone, &person_of.phone)),
            channel: Channel::Window,
            guardian: None,
            claimed,
            certificate: old,
            residence_permit: None,
            evidence: vec![evidence("申请表")?, evidence("照片")?],
        };
        let mut personal = named(holder);
        personal.phone = Some(person_of.phone.clone());
        personal.village = Some(person_of.village.clone());
        let case = CaseId(random_bytes()?);
        let mut draft = Draft::of(data).sealed(id, personal);
        if let Some(days) = step.days("back") {
            draft = draft.said(office.today().plus_days(-days));
        }
        let nothing = Hash([0; 32]);
        let application = office.sign(CLERK, &Subject::Case(case), draft)?;
        let checklist = ReviewChecklist {
            application,
            acceptance: nothing,
            assessment: nothing,
            notice: nothing,
        };
        let case = CardCase {
            id: case,
            kind,
            grade: Some(grade).filter(|_| step.keys.get("level") != Some(&"none")),
            old,
            hospital: None,
            assessors: Vec::new(),
            assessments: Vec::new(),
            checklist,
            review: nothing,
            objection: nothing,
        };
        self.card_cases.insert(letter, case);
        Ok(())
    }

    /// Steps whose subject is the case.
    fn of_the_case(
        &self,
        step: &Step<'_>,
        person: PersonId,
        office: &Office<'_>,
    ) -> Result<(String, Body), DemoError> {
        let case = self.card_case(step.letter())?;
        let today = office.today();
        let grade = case.grade.clone();
        let (by, body): (_, Body) = match step.word(0) {
            "verify" => {
                let (_, _, holder) = self.who(step.letter())?;
                let data = IdentityVerified {
                    person,
                    method: label("居民身份证读卡器")?,
                    photo_match: true,
                    hukou_match: true,
                    birth_date: holder.person().birth,
                    division_at_birth: None,
                    id_confirmed: Some(true),
                    source: evidence("读卡记录")?,
                };
                (CLERK, data.into())
            }
            "accept" => {
                use ApplicationKind::{New, Regrade, Renew};
                let assessed = matches!(case.kind, New | Regrade | Renew);
                let institution = assessed.then(|| case.institution()).transpose()?;
                (CLERK, ApplicationAccepted { person, institution }.into())
            }
            "decline" => {
                let reason = label("材料不全")?;
                let missing = vec![label("近期医学诊断资料")?];
                let data = ApplicationNotAccepted { person, reason, missing, told: told()? };
                (CLERK, data.into())
            }
            "consent" => {
                let certificate = case.old.ok_or(wrong("card"))?;
                (APPROVER, RegradeConsented { person, certificate }.into())
            }
            "conclude" => {
                let data = AssessmentConcluded {
                    person,
                    meets: grade.is_some(),
                    grade,
                    assessments: case.assessments.clone(),
                    second_round: false,
                    reconciliation: None,
                };
                return Ok((case.seal(), data.into()));
            }
            "post" => {
                let data = NoticePosted {
                    person,
                    place: label("村(社区)公示栏")?,
                    view: evidence("脱敏公示内容")?.hash,
                    opens_on: today,
                    closes_on: office.calendar()?.after(today, NOTICE_WORKING_DAYS),
                    photo: Some(evidence("公示照片")?),
                };
                (NOTICE_OFFICER, data.into())
            }
            "object" => {
                let papers = vec![evidence("异议记录")?];
                let ground = label("反映其能正常劳动")?;
                (CLERK, ObjectionRaised { person, by: None, ground, evidence: papers }.into())
            }
            "resolve" => {
                let data = ObjectionResolved {
                    person,
                    objection: case.objection,
                    outcome: ObjectionOutcome::Dismissed,
                    reason: label("入户核实,与评定结论一致")?,
                    evidence: vec![evidence("入户核查记录")?],
                };
                (REVIEWER, data.into())
            }
            "close" => {
                (NOTICE_OFFICER, NoticeClosed { person, result: NoticeResult::Clear }.into())
            }
            "vet" => {
                let cause = step.has("delayed").then(|| label("审核系统升级停用")).transpose()?;
                let data = ReviewCompleted {
                    person,
                    checklist: case.checklist.clone(),
                    opinion: ReviewOpinion::Agree,
                    reason: None,
                    delay_cause: cause,
                };
                (REVIEWER, data.into())
            }
            "approve" => {
                let grade = grade.ok_or(wrong("grade"))?;
                (APPROVER, CertificateApproved { person, grade, review: case.review }.into())
            }
            "refuse" => {
                let reason = label("经评定不符合残疾标准")?;
                (APPROVER, CertificateRefused { person, reason, told: told()? }.into())
            }
            "appeal" => {
                let due_by = office.calendar()?.after(today, ANSWER_WORKING_DAYS);
                let papers = vec![evidence("复核申请书")?];
                (CLERK, AppealFiled { person, due_by, evidence: papers }.into())
            }
            "file" => {
                let data = CaseFileSealed {
                    person,
                    case: case.id,
                    manifest: evidence("案卷目录")?.hash,
                    items: 5,
                    gaps: Vec::new(),
                    archivist: None,
                };
                (ISSUER, data.into())
            }
            _ => return Err(wrong("verb").into()),
        };
        Ok((by.to_owned(), body))
    }

    /// Steps whose subject is the card itself.
    fn of_the_card(
        &self,
        step: &Step<'_>,
        (person, certificate): (PersonId, CertificateId),
    ) -> Result<Option<(&'static str, Subject, Body)>, DemoError> {
        let county = || step.keys.get("from").copied().unwrap_or(COUNTY).parse();
        let (by, body): (_, Body) = match step.word(0) {
            "lose" => {
                (CLERK, CertificateLost { person, declaration: evidence("遗失声明")? }.into())
            }
            "deliver" => {
                let receipt = evidence("领证签收单")?;
                let data = CertificateDelivered { person, to_agent: false, mode: None, receipt };
                (CLERK, data.into())
            }
            "remind" => {
                let (kind, channel) = (ReminderKind::ExpirySixMonths, label("电话")?);
                (CLERK, ReminderSent { person, kind, channel }.into())
            }
            "cancel" => {
                let data = CertificateCancelled {
                    person,
                    ground: CancelGround::NotMeeting,
                    evidence: vec![evidence("复评结论")?],
                    told: Some(told()?),
                };
                (APPROVER, data.into())
            }
            "leave" => {
                let file = evidence("迁出档案")?;
                let (from, to) = (county()?, COUNTY.parse()?);
                ("411721-approver-1", CertificateTransferredOut { person, from, to, file }.into())
            }
            "arrive" => {
                let (from, to) = (county()?, COUNTY.parse()?);
                (APPROVER, CertificateTransferredIn { person, from, to, reassess: false }.into())
            }
            _ => return Ok(None),
        };
        Ok(Some((by, Subject::Certificate(certificate), body)))
    }

    /// Drawn at random where something has fixed the draw, else by hand.
    fn assign(&mut self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let letter = step.letter();
        let (person, ..) = self.who(letter)?;
        let id = self.card_case(letter)?.id;
        let (by, institution, assessors, draw_seed) = match office.draw(&id)? {
            Some(Draw { seed, institution, assessors }) => {
                (SYSTEM, institution, assessors, Some(seed))
            }
            None => {
                let case = self.card_case(letter)?;
                (REVIEWER, case.institution()?, case.first_two()?, None)
            }
        };
        let data = AssessmentAssigned {
            person,
            institution,
            assessors: assessors.clone(),
            session: None,
            draw_seed,
        };
        self.sign_card(step, by, Subject::Case(id), data.into(), office)?;
        self.card_cases.entry(letter).and_modify(|case| case.assessors = assessors);
        Ok(())
    }

    fn assess(&mut self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let letter = step.letter();
        let (person, ..) = self.who(letter)?;
        let case = self.card_case(letter)?;
        let (id, grade, assessors) = (case.id, case.grade.clone(), case.assessors.clone());
        // Only the first one is late where the step says so.
        for (at, assessor) in assessors.iter().enumerate() {
            let data = recorded(person, grade.clone())?;
            let subject = Subject::Case(id);
            let signed = if at == 0 {
                self.sign_card(step, assessor.as_str(), subject, data.into(), office)?
            } else {
                office.sign(assessor.as_str(), &subject, Draft::of(data))?
            };
            let case = self.card_cases.get_mut(&letter).ok_or(wrong("case"))?;
            case.assessments.push(signed);
        }
        Ok(())
    }

    fn blank(&self, step: &Step<'_>) -> Result<String, DemoError> {
        let (_, _, holder) = self.who(step.letter())?;
        let own = format!("DESK{:08}", holder.person().number);
        let of_all = |word: &&str| format!("DESK{:08}{word}", self.people[0].person().number);
        Ok(step.keys.get("blank").map_or(own, of_all))
    }

    fn print(&mut self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let (person, _, holder) = self.who(step.letter())?;
        let blank = self.blank(step)?;
        let id = office.tag(TagKind::Id, &holder.id());
        let data = CertificatePrinted {
            person,
            blank: office.tag(TagKind::Blank, &blank),
            printer: label("区残联一号制证机")?,
            seal: label("区残联证件专用章")?,
        };
        let mut personal = Personal::default();
        personal.blank = Some(blank);
        let subject = Subject::Case(self.card_case(step.letter())?.id);
        office.sign(ISSUER, &subject, Draft::of(data).sealed(id, personal)).map(|_| ())
    }

    fn issue(&mut self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let letter = step.letter();
        let (person, _, holder) = self.who(letter)?;
        let case = self.card_case(letter)?;
        let grade = case.grade.clone().ok_or(wrong("grade"))?;
        let today = office.today();
        let id = office.tag(TagKind::Id, &holder.id());
        let (category, level) = (grade.category.digit(), grade.level.number());
        let number = format!("{}{category}{level}", holder.id());
        let data = CertificateIssued {
            person,
            case: case.id,
            id,
            number: office.tag(TagKind::Certificate, &number),
            grade,
            replaced: 0,
            generation: Generation::Third,
            valid_from: today,
            valid_to: today.plus_months(VALIDITY_MONTHS).plus_days(-1),
            approving_division: COUNTY.parse()?,
            supersedes: case.old,
            old_card: case.old.map(|_| OldCard::Returned),
        };
        let mut personal = named(holder);
        personal.certificate_number = Some(number);
        self.propose_card(letter, Draft::of(data).sealed(id, personal), office)
    }

    fn replace(&mut self, step: &Step<'_>, office: &mut Office<'_>) -> Result<(), DemoError> {
        let letter = step.letter();
        let (person, lost, holder) = self.who(letter)?;
        let blank = self.blank(step)?;
        let id = office.tag(TagKind::Id, &holder.id());
        let number = format!("{}B1", holder.card.number());
        let data = CertificateReplaced {
            person,
            lost,
            id,
            number: office.tag(TagKind::Certificate, &number),
            replaced: 1,
            blank: office.tag(TagKind::Blank, &blank),
            old_card: None,
        };
        let mut personal = named(holder);
        (personal.certificate_number, personal.blank) = (Some(number), Some(blank));
        self.propose_card(letter, Draft::of(data).sealed(id, personal), office)
    }

    /// The issuer proposes a card, the approver endorses; it is the person's from now on.
    fn propose_card(
        &mut self,
        letter: char,
        draft: Draft,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let new = CertificateId(random_bytes()?);
        let subject = Subject::Certificate(new);
        let draft = draft.under(office.certificate_policy(COUNTY.parse()?)?);
        let proposed = office.sign(ISSUER, &subject, draft)?;
        office.endorse(APPROVER, &subject, proposed)?;
        let known = self.known.get_mut(super::number_of(letter)).ok_or(wrong("letter"))?;
        known.1 = new;
        Ok(())
    }
}

/// Steps that name the certificate policy in force.
fn is_under_policy(verb: &str) -> bool {
    const VERBS: [&str; 9] =
        ["consent", "post", "close", "vet", "approve", "refuse", "cancel", "leave", "arrive"];
    VERBS.contains(&verb)
}

/// What an assessor finds.
pub(super) fn recorded(
    person: PersonId,
    grade: Option<Grade>,
) -> Result<AssessmentRecorded, DemoError> {
    Ok(AssessmentRecorded {
        person,
        meets: grade.is_some(),
        grade,
        criterion: label("5.5.1")?,
        standard: label("GB/T 26341-2010")?,
        method: AssessmentMethod::InPerson,
        devices_removed: true,
        visit: None,
        evidence: vec![evidence("评定表")?],
    })
}
