//! The steps of a certificate's case of a walk, from the application to the card in its holder's
//! hand, and what happens to a card.
//!
//! Cases are of the county of the review chain; `back=DAYS` says that a step happened before it was
//! written down.

use super::{Life, Step, named, wrong};
use crate::crypto::{TagKind, random_bytes};
use crate::demo::DemoError;
use crate::demo::actors::{COUNTY, INSTITUTION, SYSTEM, hospital};
use crate::demo::county::office::{Draft, Office, evidence, label};
use crate::domain::certificate::draw::Draw;
use crate::event::{
    ApplicationKind, ApplicationSubmitted, AssessmentAssigned, AssessmentMethod,
    AssessmentRecorded, Body, Channel, Grade, NoticeTakenDown, ReviewChecklist,
};
use crate::value::{
    ActorId, CaseId, CertificateId, DivisionCode, Hash, IdForm, Level, Malformed, PersonId, Subject,
};

pub(super) const CLERK: &str = "411702-clerk-1";
pub(super) const REVIEWER: &str = "411702-reviewer-1";
pub(super) const APPROVER: &str = "411702-approver-1";
pub(super) const ISSUER: &str = "411702-issuer-1";
pub(super) const NOTICE_OFFICER: &str = "411702-notice-1";
const SEAL: &str = "411702-seal-1";

/// A case under way.
pub(super) struct CardCase {
    pub(super) id: CaseId,
    pub(super) kind: ApplicationKind,
    /// What the assessors will find.
    pub(super) grade: Option<Grade>,
    pub(super) old: Option<CertificateId>,
    /// The number of its hospital; the county's own without one.
    pub(super) hospital: Option<u32>,
    pub(super) assessors: Vec<ActorId>,
    pub(super) assessments: Vec<Hash>,
    pub(super) checklist: ReviewChecklist,
    pub(super) review: Hash,
    pub(super) objection: Hash,
}

impl CardCase {
    pub(super) fn institution(&self) -> Result<ActorId, Malformed> {
        self.hospital.map_or_else(|| INSTITUTION.to_owned(), hospital).parse()
    }

    pub(super) fn seal(&self) -> String {
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
                if step.word(0) == "close" && !step.has("hang") {
                    let data = NoticeTakenDown { person, removed_on: office.today() };
                    let subject = Subject::Case(self.card_case(letter)?.id);
                    office.sign(NOTICE_OFFICER, &subject, Draft::of(data))?;
                }
                Ok(())
            }
        }
    }

    pub(super) fn card_case(&self, letter: char) -> Result<&CardCase, DemoError> {
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
        self.last.insert(letter, (Subject::Case(case), application));
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
}

/// Steps that name the certificate policy in force.
fn is_under_policy(verb: &str) -> bool {
    const VERBS: [&str; 10] = [
        "consent", "post", "close", "vet", "approve", "refuse", "cancel", "freeze", "leave",
        "arrive",
    ];
    VERBS.contains(&verb)
}

/// What an assessor finds.
fn recorded(person: PersonId, grade: Option<Grade>) -> Result<AssessmentRecorded, DemoError> {
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
