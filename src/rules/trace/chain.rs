//! Traces of the review chain and of who the officers are.
//!
//! A step stands in the file of the person it is about, so that a case is part of the one scan of
//! that file; an officer's enrolment stands under the officer, and under each ID number it names.

use super::super::key::{ActorRef, Key, StatementRef};
use super::super::mark::Mark;
use super::super::record::What;
use super::super::step::{Designation, Officer, Step, StepKind, Tie, Turn};
use super::Traces;
use crate::event::{
    ActorEnrolled, ActorKeyRotated, AssessmentConcluded, Body, NoticeResult, ReviewOpinion, Role,
};
use crate::value::{CaseId, CertificateId, Day, PersonId, Subject};

impl Traces<'_> {
    /// The steps of cases, and what else certificates and officers leave.
    pub(super) fn take_chain(&mut self) {
        let by_sight = crate::event::AssessmentMethod::BySight;
        let (person, kind) = match &self.event.payload.body {
            Body::ApplicationSubmitted(data) => {
                let (kind, certificate) = (data.kind, data.certificate);
                let birth = data.birth_date;
                (data.person, StepKind::Submitted { kind, certificate, birth })
            }
            Body::IdentityVerified(data) => {
                (data.person, StepKind::Verified { birth: data.birth_date })
            }
            Body::ApplicationAccepted(data) => (data.person, StepKind::Accepted),
            Body::ApplicationNotAccepted(data) => (data.person, StepKind::NotAccepted),
            Body::ConflictDeclared(data) => (data.person, StepKind::Conflict),
            Body::AssessmentAssigned(data) => {
                let institution = ActorRef::from(&data.institution);
                (data.person, StepKind::Assigned { institution })
            }
            Body::AssessmentRecorded(data) => {
                (data.person, StepKind::Assessed { by_sight: data.method == by_sight })
            }
            Body::AssessmentConcluded(data) => (data.person, concluded(data)),
            Body::NoticePosted(data) => {
                let (opens, closes) = (data.opens_on, data.closes_on);
                (data.person, StepKind::Posted { opens, closes })
            }
            Body::NoticeWaived(data) => (data.person, StepKind::Waived),
            Body::ObjectionRaised(data) => (data.person, StepKind::Objected),
            Body::ObjectionResolved(data) => {
                let objection = StatementRef::from(&data.objection);
                (data.person, StepKind::Resolved { objection })
            }
            Body::NoticeClosed(data) => {
                (data.person, StepKind::Closed { clear: data.result == NoticeResult::Clear })
            }
            Body::NoticeTakenDown(data) => {
                (data.person, StepKind::TakenDown { removed_on: data.removed_on })
            }
            Body::ReviewCompleted(data) => {
                let agreed = data.opinion == ReviewOpinion::Agree;
                let delay_named = data.delay_cause.is_some();
                (data.person, StepKind::Reviewed { agreed, delay_named })
            }
            Body::CertificateApproved(data) => (data.person, StepKind::Approved),
            Body::CertificateRefused(data) => (data.person, StepKind::Refused),
            Body::CertificatePrinted(data) => {
                (data.person, StepKind::Printed { blank: data.blank })
            }
            Body::CaseFileSealed(data) => {
                let gaps = u32::try_from(data.gaps.len()).unwrap_or(u32::MAX);
                return self.step(data.person, data.case, StepKind::Sealed { gaps });
            }
            Body::CertificateIssued(data) => {
                let Some(certificate) = self.certificate() else { return };
                return self.step(data.person, data.case, StepKind::Issued { certificate });
            }
            Body::BenefitApplied(data) => (data.person, StepKind::BenefitApplied),
            Body::BenefitFirstReviewed(data) => {
                let notice = data.notice_from.zip(data.notice_to);
                (data.person, StepKind::BenefitFirst { notice })
            }
            Body::BenefitSecondReviewed(data) => (data.person, StepKind::BenefitSecond),
            Body::BenefitChecked(data) => {
                (data.person, StepKind::BenefitChecked { step: data.step })
            }
            Body::BenefitDetermined(data) => (data.person, StepKind::BenefitDetermined),
            Body::AppealFiled(data) => (data.person, StepKind::Appealed { due: data.due_by }),
            Body::AppealDeclined(data) => (data.person, StepKind::AppealAnswered),
            Body::AppealReassessed(data) => (data.person, StepKind::AppealAnswered),
            Body::AppealConcluded(data) => (data.person, StepKind::AppealAnswered),
            _ => return self.take_officers(),
        };
        if let Subject::Case(case) = self.event.subject {
            self.step(person, case, kind);
        }
    }

    fn take_officers(&mut self) {
        match &self.event.payload.body {
            Body::CertificateLost(data) => self.turned(data.person, Turn::Lost),
            Body::ReminderSent(data) => self.turned(data.person, Turn::Reminded),
            Body::CertificateTransferredOut(data) => {
                self.turned(data.person, Turn::TransferredOut { to: data.to });
            }
            Body::CertificateTransferredIn(data) => {
                self.turned(data.person, Turn::TransferredIn { to: data.to });
            }
            Body::LedgerCreated(data) => self.put(Key::Ledger, What::Founded(data.division)),
            Body::ActorEnrolled(data) => self.enrolled(data),
            Body::ActorKeyRotated(data) => self.rotated(data),
            Body::InstitutionDesignated(data) => {
                let Subject::Institution(code) = &self.event.subject else { return };
                let (from, to) = (data.valid_from, data.valid_to);
                let (categories, capacity) = (data.categories.clone(), data.capacity);
                let division = data.division;
                let designation = Designation { categories, division, capacity, from, to };
                let key = Key::Institution(code.into());
                self.put(key, What::Designated(Box::new(designation)));
            }
            Body::InstitutionSuspended(_) => {
                let Subject::Institution(code) = &self.event.subject else { return };
                self.put(Key::Institution(code.into()), What::Suspended);
            }
            Body::PayrollAuthorised(data) => {
                let Subject::Payroll(payroll) = self.event.subject else { return };
                let (by, root) = (self.signer(), Mark::of(&data.root));
                self.put(Key::Payroll(payroll), What::Authorised { by, root });
            }
            Body::CorrectionRecorded(data) => {
                self.put(Key::Statement((&data.target).into()), What::Explained);
            }
            _ => {}
        }
    }

    pub(super) fn signer(&self) -> ActorRef {
        ActorRef::from(&self.event.signer.actor)
    }

    fn certificate(&self) -> Option<CertificateId> {
        match self.event.subject {
            Subject::Certificate(certificate) => Some(certificate),
            _ => None,
        }
    }

    fn step(&mut self, person: PersonId, case: CaseId, kind: StepKind) {
        if let StepKind::Printed { blank } = kind {
            self.seen(person, [Some(Key::Blank(blank))]);
        }
        let recorded = Day::of_millis(self.event.recorded_at_ms);
        let step = Step { case, by: self.signer(), recorded, kind };
        self.put(Key::Person(person), What::Step(Box::new(step)));
    }

    fn turned(&mut self, person: PersonId, turn: Turn) {
        if let Some(certificate) = self.certificate() {
            let by = self.signer();
            self.put(Key::Person(person), What::Turned { certificate, turn, by });
        }
    }

    fn enrolled(&mut self, data: &ActorEnrolled) {
        let Subject::Actor(id) = &self.event.subject else { return };
        // A person with a key of their own is no officer: they sign for themselves.
        if data.role == Role::Applicant {
            return;
        }
        let officer = ActorRef::from(id);
        let own = data.person;
        let known = Officer {
            person: own,
            institution: data.institution.as_ref().map(ActorRef::from),
            attending: data.attending,
        };
        self.put(Key::Actor(officer), What::Officer(Box::new(known)));
        if let Some(tag) = own {
            self.put(Key::Id(tag), What::Tie(Tie { officer, own, is_self: true, later: false }));
        }
        for relation in &data.relations {
            let tie = Tie { officer, own, is_self: false, later: false };
            self.put(Key::Id(relation.person), What::Tie(tie));
        }
    }

    /// Relatives declared with a newer key count beside the earlier ones.
    fn rotated(&mut self, data: &ActorKeyRotated) {
        let Subject::Actor(id) = &self.event.subject else { return };
        let officer = ActorRef::from(id);
        for relation in &data.relations {
            let tie = Tie { officer, own: None, is_self: false, later: true };
            self.put(Key::Id(relation.person), What::Tie(tie));
        }
    }
}

fn concluded(data: &AssessmentConcluded) -> StepKind {
    StepKind::Concluded {
        grade: data.grade.as_ref().map(Into::into),
        assessments: data.assessments.iter().map(StatementRef::from).collect(),
    }
}
