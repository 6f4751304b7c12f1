//! The steps of a case, from the application to the sealed file, and its appeals.

use super::Run;
use super::line::Line;
use crate::domain::certificate::draw::{self, Draw};
use crate::domain::testing::{
    actor, case, certificate, day, division, evidence, hash, label, person, tag, told,
};
use crate::event::{
    AppealConcluded, AppealDeclined, AppealFiled, AppealReassessed, ApplicationAccepted,
    ApplicationNotAccepted, ApplicationSubmitted, AssessmentAssigned, AssessmentConcluded,
    AssessmentMethod, AssessmentRecorded, Body, CaseFileSealed, CertificateApproved,
    CertificatePrinted, CertificateRefused, ConflictDeclared, IdentityVerified, NoticeClosed,
    NoticePosted, NoticeTakenDown, NoticeWaived, ObjectionRaised, ObjectionResolved,
    RegradeConsented, Relation, ReviewChecklist, ReviewCompleted,
};
use crate::value::{Day, Sex};

impl Run {
    /// What a verb of a case says; none for other verbs.
    pub(super) fn of_the_case(&self, line: &Line<'_>, today: Day) -> Option<Body> {
        let number = line.number("person", 1);
        let person = person(number);
        let id = tag(&format!("id {}", line.number("id", number)));
        let reason = label("reason");
        let papers = if line.yes("evidence", true) { vec![evidence("papers")] } else { vec![] };
        let calendar = self.world.state.policies.calendar();
        Some(match line.verb {
            "submit" => ApplicationSubmitted {
                person,
                kind: line.name("kind", "new"),
                id,
                id_form: line.name("form", "valid"),
                name: tag("name"),
                name_sound: None,
                meant_ids: Vec::new(),
                birth_date: line.day("born", day("1980-01-01")),
                sex: Sex::Female,
                hukou_division: division(line.or("hukou", "411702")),
                residence_division: division(line.or("residence", line.or("hukou", "411702"))),
                township: None,
                village: None,
                phone: None,
                channel: line.name("channel", "window"),
                guardian: None,
                claimed: vec![line.name("claimed", "physical")],
                certificate: line.of("present").map(|n| certificate(n.parse().unwrap())),
                residence_permit: line.of("permit").map(|_| evidence("residence_permit")),
                evidence: papers,
            }
            .into(),
            "verify" => IdentityVerified {
                person,
                method: label("register"),
                photo_match: line.yes("photo", true),
                hukou_match: line.yes("register", true),
                birth_date: line.day("born", day("1980-01-01")),
                division_at_birth: None,
                id_confirmed: None,
                source: evidence("register"),
            }
            .into(),
            "accept" => {
                ApplicationAccepted { person, institution: line.of("institution").map(actor) }
                    .into()
            }
            "not_accept" => {
                ApplicationNotAccepted { person, reason, missing: vec![], told: told() }.into()
            }
            "conflict" => {
                ConflictDeclared { person, relation: Relation::Other, counterparty: None }.into()
            }
            "consent" => {
                let present = certificate(line.number("present", 9));
                RegradeConsented { person, certificate: present }.into()
            }
            "draw" => {
                let case = case(line.number("case", 1));
                let drawn = draw::draw(&self.world.state, &case, today).unwrap_or_else(|_| Draw {
                    seed: hash("no draw"),
                    institution: actor("hospital-1"),
                    assessors: vec![],
                });
                let mut assessors = drawn.assessors;
                if line.yes("swapped", false) {
                    assessors.reverse();
                }
                let session = None;
                let draw_seed = line.of("seed").map(hash).or(Some(drawn.seed));
                let institution = drawn.institution;
                AssessmentAssigned { person, institution, assessors, session, draw_seed }.into()
            }
            "assign" => AssessmentAssigned {
                person,
                institution: actor(line.or("institution", "hospital-1")),
                assessors: line.or("to", "assessor-a,assessor-b").split(',').map(actor).collect(),
                session: None,
                draw_seed: line.of("seed").map(hash),
            }
            .into(),
            "assess" => AssessmentRecorded {
                person,
                meets: line.yes("meets", line.grade().is_some()),
                grade: line.grade(),
                criterion: label("5.5"),
                standard: label("GB/T 26341-2010"),
                method: match line.or("sight", line.or("method", "in_person")) {
                    "yes" => AssessmentMethod::BySight,
                    _ => line.name("method", "in_person"),
                },
                devices_removed: true,
                visit: line.of("visit").map(|_| evidence("visit")),
                evidence: papers,
            }
            .into(),
            "conclude" => AssessmentConcluded {
                person,
                meets: line.yes("meets", line.grade().is_some()),
                grade: line.grade(),
                assessments: self.records[line.number("skip", 0).into()..].to_vec(),
                second_round: line.yes("second", false),
                reconciliation: line.of("reconciled").map(|_| evidence("reconciliation")),
            }
            .into(),
            "post" => {
                let opens_on = line.day("opens", today);
                NoticePosted {
                    person,
                    place: label("village board"),
                    view: hash("view"),
                    opens_on,
                    closes_on: line.day("closes", calendar.after(opens_on, 5)),
                    photo: None,
                }
                .into()
            }
            "waive" => NoticeWaived { person, basis: label("minor") }.into(),
            "object" => {
                ObjectionRaised { person, by: None, ground: reason, evidence: papers }.into()
            }
            "resolve" => ObjectionResolved {
                person,
                objection: self.named(line, "object"),
                outcome: line.name("outcome", "dismissed"),
                reason,
                evidence: papers,
            }
            .into(),
            "close" => NoticeClosed { person, result: line.name("result", "clear") }.into(),
            "take_down" => NoticeTakenDown { person, removed_on: today }.into(),
            "review" => {
                let notice = if self.last.contains_key("waive") { "waive" } else { "close" };
                ReviewCompleted {
                    person,
                    checklist: ReviewChecklist {
                        application: self.named(line, "submit"),
                        acceptance: self.named(line, "accept"),
                        assessment: self.named(line, "conclude"),
                        notice: self.named(line, notice),
                    },
                    opinion: line.name("opinion", "agree"),
                    reason: line.yes("reason", false).then_some(reason),
                    delay_cause: None,
                }
                .into()
            }
            "approve" => CertificateApproved {
                person,
                grade: line.grade().unwrap(),
                review: self.named(line, "review"),
            }
            .into(),
            "refuse" => CertificateRefused { person, reason, told: told() }.into(),
            "print" => CertificatePrinted {
                person,
                blank: tag(line.or("blank", "blank")),
                printer: label("printer"),
                seal: label("seal"),
            }
            .into(),
            "appeal" => {
                let due_by = line.day("due", today.plus_days(60));
                AppealFiled { person, due_by, evidence: papers }.into()
            }
            "decline_appeal" => AppealDeclined { person, reason, told: told() }.into(),
            "reassess" => {
                let grade = line.grade();
                let meets = line.yes("meets", grade.is_some());
                let conclusion = line.yes("names", true).then(|| self.named(line, "conclude"));
                AppealReassessed { person, conclusion, meets, grade, evidence: papers }.into()
            }
            "conclude_appeal" => {
                let grade = line.grade();
                let meets = line.yes("meets", grade.is_some());
                AppealConcluded { person, meets, grade, evidence: papers }.into()
            }
            "seal_file" => CaseFileSealed {
                person,
                case: case(line.number("names", line.number("case", 1))),
                manifest: hash("manifest"),
                items: line.number("items", 12).into(),
                gaps: vec![],
                archivist: None,
            }
            .into(),
            _ => return None,
        })
    }
}
