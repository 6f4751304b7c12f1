//! A case on the ledger, told line by line: `verb officer day [name=value..]`. Steps are recorded
//! on their day, unless `recorded=` says another one.

use super::super::scenario::{Log, bytes, card_id, day, person, tag};
use crate::domain::testing::enrolment;
use crate::event::{
    AppealDeclined, AppealFiled, AppealReassessed, ApplicationAccepted, ApplicationKind,
    ApplicationSubmitted, AssessmentAssigned, AssessmentConcluded, AssessmentMethod,
    AssessmentRecorded, BenefitApplied, BenefitDetermined, BenefitFirstReviewed,
    BenefitSecondReviewed, Body, CancelGround, CaseFileSealed, CertificateApproved,
    CertificateCancelled, CertificateIssued, CertificateLost, CertificatePrinted,
    CertificateReplaced, CertificateTransferredIn, CertificateTransferredOut, Channel,
    ConflictDeclared, CorrectionRecorded, DeclaredRelation, Evidence, Generation, Grade,
    IdentityVerified, InstitutionDesignated, NoticeClosed, NoticePosted, NoticeResult,
    NoticeTakenDown, NoticeWaived, ObjectionOutcome, ObjectionRaised, ObjectionResolved, Opinion,
    Outcome, PayrollAuthorised, QueryLogged, Relation, ReminderSent, ReviewChecklist,
    ReviewCompleted, ReviewOpinion, Role, WrittenNotice,
};
use crate::value::{
    CaseId, Category, Component, Day, Fen, Hash, IdForm, Level, PayrollId, Programme, Sex, Subject,
};

/// A lawful first application of person 1, and card 1.
const LAWFUL: &str = "submit clerk-1 2026-03-02
verify clerk-1 2026-03-02
accept clerk-1 2026-03-02
assign reviewer-1 2026-03-03
assess assessor-1 2026-03-05
assess assessor-2 2026-03-05
conclude seal-1 2026-03-06
post notice-1 2026-03-09
close notice-1 2026-03-16
down notice-1 2026-03-16
review reviewer-1 2026-03-18
approve approver-1 2026-03-19
print issuer-1 2026-03-20
issue issuer-1 2026-03-20
seal issuer-1 2026-03-23";

/// The lawful case with lines replaced: each by its first words, several lines apart by `|`.
pub(super) fn changed(changes: &[(&str, &str)]) -> String {
    let mut lines: Vec<String> = LAWFUL.lines().map(str::to_owned).collect();
    for (begins, lines_now) in changes {
        let at = lines.iter().position(|line| line.starts_with(begins)).unwrap();
        let now = lines_now.split('|').map(str::trim).filter(|line| !line.is_empty());
        lines.splice(at..=at, now.map(str::to_owned));
    }
    lines.join("\n")
}

struct Line<'a> {
    words: Vec<&'a str>,
}

impl<'a> Line<'a> {
    fn of(&self, name: &str) -> Option<&'a str> {
        let named = |word: &&&'a str| word.split_once('=').is_some_and(|(key, _)| key == name);
        self.words.iter().find(named).and_then(|word| Some(word.split_once('=')?.1))
    }

    fn or(&self, name: &str, otherwise: &'a str) -> &'a str {
        self.of(name).unwrap_or(otherwise)
    }

    fn number(&self, name: &str, otherwise: u32) -> u32 {
        self.of(name).map_or(otherwise, |text| text.parse().unwrap())
    }

    fn day(&self, name: &str, otherwise: &'a str) -> Day {
        day(self.or(name, otherwise))
    }

    fn value<T: serde::de::DeserializeOwned>(&self, name: &str, otherwise: &str) -> T {
        serde_json::from_value(self.of(name).unwrap_or(otherwise).into()).unwrap()
    }

    /// Such as `physical-2`, `multiple-2` (physical 2 and visual 3) or `none`.
    fn grade(&self) -> Option<Grade> {
        let (category, level_text) = self.or("grade", "physical-2").split_once('-')?;
        let level = |text: &str| Level::new(text.parse().unwrap()).unwrap();
        let category: Category = serde_json::from_value(category.into()).unwrap();
        let part = |category, level| Component { category, level };
        let mut components = vec![
            part(Category::Physical, level("2")),
            part(Category::Visual, Level::new(3).unwrap()),
        ];
        components.retain(|_| category == Category::Multiple);
        if self.of("reversed").is_some() {
            components.reverse();
        }
        Some(Grade { category, level: level(level_text), components })
    }
}

fn evidence() -> Evidence {
    Evidence { kind: "paper".parse().unwrap(), hash: Hash([1; 32]), custodian: None }
}

/// Takes the lines down; statements that later lines name are remembered by what they are.
pub(super) fn tell(log: &mut Log, story: &str) {
    let mut assessments: Vec<Hash> = Vec::new();
    let (mut objection, mut last) = (Hash([0; 32]), Hash([0; 32]));
    for text in story.lines() {
        let line = Line { words: text.split_whitespace().collect() };
        let [verb, by, at, ..] = line.words[..] else { panic!("{text}") };
        let (who, card) = (person(line.number("who", 1)), line.number("card", 1));
        let case = CaseId(bytes("case", line.number("case", 1)));
        let of_card = Subject::Certificate(card_id(card));
        let mut subject = Subject::Case(case);
        let label = || "as told".parse().unwrap();
        let body: Body = match verb {
            "submit" => ApplicationSubmitted {
                person: who,
                kind: line.value::<ApplicationKind>("kind", "new"),
                id: tag("id", line.number("who", 1)),
                id_form: IdForm::Valid,
                name: tag("name", line.number("who", 1)),
                name_sound: None,
                meant_ids: Vec::new(),
                birth_date: line.day("born", "1970-05-05"),
                sex: Sex::Female,
                hukou_division: "411702".parse().unwrap(),
                residence_division: "411702".parse().unwrap(),
                township: None,
                village: line.of("village").map(|n| tag("village", n.parse().unwrap())),
                phone: None,
                channel: Channel::Window,
                guardian: None,
                claimed: vec![Category::Physical],
                certificate: line.of("present").map(|n| card_id(n.parse().unwrap())),
                residence_permit: None,
                evidence: Vec::new(),
            }
            .into(),
            "verify" => IdentityVerified {
                person: who,
                method: label(),
                photo_match: true,
                hukou_match: true,
                birth_date: line.day("born", "1970-05-05"),
                division_at_birth: None,
                id_confirmed: None,
                source: evidence(),
            }
            .into(),
            "accept" => ApplicationAccepted { person: who, institution: None }.into(),
            "assign" => {
                assessments.clear();
                AssessmentAssigned {
                    person: who,
                    institution: line.or("at", "hospital-1").parse().unwrap(),
                    assessors: Vec::new(),
                    session: None,
                    draw_seed: None,
                }
                .into()
            }
            "assess" => AssessmentRecorded {
                person: who,
                meets: true,
                grade: line.grade(),
                criterion: label(),
                standard: label(),
                method: line.value::<AssessmentMethod>("method", "in_person"),
                devices_removed: true,
                visit: None,
                evidence: Vec::new(),
            }
            .into(),
            "conclude" => AssessmentConcluded {
                person: who,
                meets: line.grade().is_some(),
                grade: line.grade(),
                assessments: assessments.clone(),
                second_round: false,
                reconciliation: None,
            }
            .into(),
            "post" => NoticePosted {
                person: who,
                place: label(),
                view: Hash([2; 32]),
                opens_on: day(at),
                closes_on: day(at).plus_days(7),
                photo: None,
            }
            .into(),
            "waive" => NoticeWaived { person: who, basis: label() }.into(),
            "object" => {
                ObjectionRaised { person: who, by: None, ground: label(), evidence: vec![] }.into()
            }
            "resolve" => ObjectionResolved {
                person: who,
                objection,
                outcome: ObjectionOutcome::Dismissed,
                reason: label(),
                evidence: Vec::new(),
            }
            .into(),
            "close" => {
                let result = line.value::<NoticeResult>("result", "clear");
                NoticeClosed { person: who, result }.into()
            }
            "down" => NoticeTakenDown { person: who, removed_on: line.day("removed", at) }.into(),
            "look" => {
                subject = Subject::Person(who);
                let (by, role) = (by.parse().unwrap(), role(by));
                QueryLogged {
                    person: who,
                    to: label(),
                    purpose: label(),
                    scope: None,
                    by: Some(by),
                    role: Some(role),
                }
                .into()
            }
            "review" => ReviewCompleted {
                person: who,
                checklist: ReviewChecklist {
                    application: last,
                    acceptance: last,
                    assessment: last,
                    notice: last,
                },
                opinion: line.value::<ReviewOpinion>("opinion", "agree"),
                reason: None,
                delay_cause: line.of("cause").map(|_| label()),
            }
            .into(),
            "approve" => {
                let grade = line.grade().unwrap();
                CertificateApproved { person: who, grade, review: last }.into()
            }
            "print" => {
                let blank = tag("blank", line.number("blank", card));
                CertificatePrinted { person: who, blank, printer: label(), seal: label() }.into()
            }
            "issue" => {
                subject = of_card;
                CertificateIssued {
                    person: who,
                    case,
                    id: tag("id", line.number("who", 1)),
                    number: tag("number", card),
                    grade: line.grade().unwrap(),
                    replaced: 0,
                    generation: Generation::Third,
                    valid_from: day(at),
                    valid_to: line.day("until", "2036-03-19"),
                    approving_division: "411702".parse().unwrap(),
                    supersedes: line.of("present").map(|n| card_id(n.parse().unwrap())),
                    old_card: None,
                }
                .into()
            }
            "seal" => CaseFileSealed {
                person: who,
                case,
                manifest: Hash([3; 32]),
                items: 9,
                gaps: (0..line.number("gaps", 0)).map(|_| label()).collect(),
                archivist: None,
            }
            .into(),
            "conflict" => {
                ConflictDeclared { person: who, relation: Relation::Other, counterparty: None }
                    .into()
            }
            "lose" => {
                subject = of_card;
                CertificateLost { person: who, declaration: evidence() }.into()
            }
            "replace" => {
                subject = of_card;
                CertificateReplaced {
                    person: who,
                    lost: card_id(line.number("lost", 1)),
                    id: tag("id", line.number("who", 1)),
                    number: tag("number", line.number("number", card)),
                    replaced: 1,
                    blank: tag("blank", line.number("blank", card)),
                    old_card: None,
                }
                .into()
            }
            "remind" => {
                subject = of_card;
                let kind = crate::event::ReminderKind::ExpirySixMonths;
                ReminderSent { person: who, kind, channel: label() }.into()
            }
            "cancel" => {
                subject = of_card;
                let ground = line.value::<CancelGround>("ground", "not_meeting");
                CertificateCancelled { person: who, ground, evidence: vec![], told: None }.into()
            }
            "transfer" => {
                subject = of_card;
                CertificateTransferredOut {
                    person: who,
                    from: line.or("from", "411702").parse().unwrap(),
                    to: line.or("to", "411721").parse().unwrap(),
                    file: evidence(),
                }
                .into()
            }
            "take_over" => {
                subject = of_card;
                CertificateTransferredIn {
                    person: who,
                    from: line.or("from", "411702").parse().unwrap(),
                    to: line.or("to", "411721").parse().unwrap(),
                    reassess: false,
                }
                .into()
            }
            "appeal" => {
                AppealFiled { person: who, due_by: line.day("due", at), evidence: Vec::new() }
                    .into()
            }
            "decline" => {
                let told = WrittenNotice { notice: evidence(), proof: evidence() };
                AppealDeclined { person: who, reason: label(), told }.into()
            }
            "answer" => AppealReassessed {
                person: who,
                conclusion: None,
                meets: line.grade().is_some(),
                grade: line.grade(),
                evidence: Vec::new(),
            }
            .into(),
            "explain" => CorrectionRecorded {
                target: last,
                field: "at".parse().unwrap(),
                value: None,
                reason: label(),
            }
            .into(),
            "apply" => BenefitApplied {
                person: who,
                programme: Programme::LIVING_ALLOWANCE,
                household: None,
                vehicle: None,
                certificate: None,
                division: "411702".parse().unwrap(),
                month: day(at).month(),
                evidence: Vec::new(),
                asked: None,
            }
            .into(),
            "first" => BenefitFirstReviewed {
                person: who,
                opinion: Opinion::Agree,
                home_visit: None,
                notice_from: line.of("notice").map(day),
                notice_to: line.of("to").map(day),
                reason: None,
            }
            .into(),
            "second" => BenefitSecondReviewed {
                person: who,
                opinion: Opinion::Agree,
                certificate_ok: true,
                level_ok: true,
                reason: None,
            }
            .into(),
            "determine" => BenefitDetermined {
                person: who,
                outcome: Outcome::Granted,
                from_month: Some(day(at).month()),
                amount: Some(Fen(6000)),
                income: None,
                exclusions: Vec::new(),
                reason: None,
                told: None,
            }
            .into(),
            "authorise" => {
                subject = Subject::Payroll(PayrollId(bytes("payroll", 1)));
                PayrollAuthorised { root: "root".to_owned(), fund_source: label() }.into()
            }
            other => panic!("no verb {other}"),
        };
        let recorded = line.day("recorded", at);
        let statement = log.signed(by, role(by), subject, (day(at), recorded), body);
        match verb {
            "assess" => assessments.push(statement),
            "object" => objection = statement,
            _ => {}
        }
        last = statement;
    }
}

fn role(by: &str) -> Role {
    match by.split_once('-').map(|(role, _)| role) {
        Some("clerk") => Role::Clerk,
        Some("assessor" | "junior") => Role::Assessor,
        Some("seal") => Role::InstitutionSeal,
        Some("notice") => Role::NoticeOfficer,
        Some("reviewer") => Role::Reviewer,
        Some("approver") => Role::Approver,
        Some("issuer") => Role::Issuer,
        Some("township") => Role::TownshipReviewer,
        Some("dpf") => Role::DpfReviewer,
        Some("welfare") => Role::CivilAffairsOfficer,
        Some("finance") => Role::FinanceOfficer,
        Some("inspector") => Role::Inspector,
        _ => Role::System,
    }
}

/// Enrols an officer of that name whose ID number is `own`, with declared relatives.
pub(super) fn enrol(log: &mut Log, name: &str, own: Option<u32>, relatives: &[u32]) {
    let role = role(name);
    let hospital = if role == Role::Assessor { "hospital-1" } else { "" };
    let mut data = enrolment(name, role, "411702", "office", hospital);
    data.person = own.map(|own| tag("id", own));
    let relation =
        |who: &u32| DeclaredRelation { relation: Relation::Child, person: tag("id", *who) };
    data.relations = relatives.iter().map(relation).collect();
    let subject = Subject::Actor(name.parse().unwrap());
    log.signed("keys-1", Role::KeyCustodian, subject, (day("2020-01-01"), day("2020-01-01")), data);
}

/// The officers of the lawful case, each with an ID number of their own, and their hospital.
pub(super) fn office(log: &mut Log) {
    let names = [
        "clerk-1",
        "reviewer-1",
        "assessor-1",
        "assessor-2",
        "seal-1",
        "notice-1",
        "approver-1",
        "issuer-1",
        "township-1",
        "dpf-1",
        "welfare-1",
        "finance-1",
    ];
    for (own, name) in (1001..).zip(names) {
        enrol(log, name, Some(own), &[]);
    }
    designate(log, "hospital-1", &Category::ALL, "2020-01-01", None);
}

pub(super) fn designate(
    log: &mut Log,
    code: &str,
    categories: &[Category],
    from: &str,
    to: Option<&str>,
) {
    let data = InstitutionDesignated {
        name: "hospital".parse().unwrap(),
        division: "411702".parse().unwrap(),
        categories: categories.to_vec(),
        capacity: None,
        valid_from: day(from),
        valid_to: to.map(day),
        document: "document".parse().unwrap(),
    };
    let subject = Subject::Institution(code.parse().unwrap());
    log.signed("dpf-9", Role::PrefectureDpf, subject, (day(from), day(from)), data);
}
