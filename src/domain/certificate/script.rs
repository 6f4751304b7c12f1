//! Cases as text: one line per step, the expected outcome last.
//!
//! ```text
//! clerk      submit kind=new           ok
//! assessor-a assess grade=physical3    not_assigned
//! @accepted
//! -          later days=3              ok
//! ```
//!
//! A line is an actor, a verb, `key=value` arguments and the outcome: `ok` or the refusal's code.
//! `@name` plays one of [`PRELUDES`]. What a step names of earlier ones (the assessments of a
//! conclusion, the checklist of a review) is right unless an argument says otherwise.

use std::collections::BTreeMap;

use super::Status;
use super::draw::{self, Draw};
use crate::domain::Rejection;
use crate::domain::testing::{
    ACTORS, World, actor, case, certificate, day, division, enrolment, evidence, hash, label,
    outcome, person, tag, told,
};
use crate::event::{
    ActorSuspended, AppealConcluded, AppealDeclined, AppealFiled, AppealReassessed,
    ApplicationAccepted, ApplicationNotAccepted, ApplicationSubmitted, AssessmentAssigned,
    AssessmentConcluded, AssessmentMethod, AssessmentRecorded, Body, CaseFileSealed,
    CertificateApproved, CertificateCancelled, CertificateDelivered, CertificateFrozen,
    CertificateIssued, CertificateLegacyImported, CertificateLost, CertificatePrinted,
    CertificateRefused, CertificateReplaced, CertificateRevoked, CertificateTransferredIn,
    CertificateTransferredOut, CertificateUnfrozen, ConflictDeclared, CorrectionRecorded,
    DeclaredRelation, ExternalFactRecorded, Generation, Grade, IdentityVerified,
    InstitutionSuspended, NoticeClosed, NoticePosted, NoticeTakenDown, NoticeWaived,
    ObjectionRaised, ObjectionResolved, OldCard, Payload, RegradeConsented, Relation, ReminderKind,
    ReminderSent, ReviewChecklist, ReviewCompleted, RevokeGround, RollRowRetracted, RowRef,
};
use crate::policy::defaults;
use crate::value::{
    Category, Component, Day, FactKind, Hash, IdForm, Level, PolicyName, RollId, Sex, Subject,
};

/// Beginnings that many cases share.
pub(super) const PRELUDES: &[(&str, &str)] = &[
    (
        "accepted",
        "clerk submit ok
         clerk verify ok
         clerk accept ok",
    ),
    (
        "assigned",
        "@accepted
         reviewer assign ok",
    ),
    (
        "assessed",
        "@assigned
         assessor-a assess ok
         assessor-b assess ok
         seal conclude ok",
    ),
    (
        "noticed",
        "@assessed
         notice post ok",
    ),
    (
        "cleared",
        "@noticed
         - later days=8 ok
         notice close ok",
    ),
    (
        "agreed",
        "@cleared
         reviewer review ok",
    ),
    (
        "approved",
        "@agreed
         approver approve ok",
    ),
    (
        "printed",
        "@approved
         issuer print ok",
    ),
    (
        "issued",
        "@printed
         issuer issue ok
         approver endorse ok",
    ),
    (
        "not_meeting",
        "@assigned
         assessor-a assess grade=- ok
         assessor-b assess grade=- ok
         seal conclude grade=- ok",
    ),
    (
        "appealed",
        "@not_meeting
         approver refuse ok
         clerk appeal ok",
    ),
    (
        "reassessing",
        "@appealed
         prefecture assign to=assessor-c,assessor-d ok
         assessor-c assess ok
         assessor-d assess ok
         seal conclude ok",
    ),
    (
        "regrade",
        "clerk import cert=9 ok
         clerk submit kind=regrade present=9 ok
         clerk verify ok
         clerk accept ok",
    ),
];

/// Plays a script in a new world and compares every outcome.
pub(super) fn play(script: &str) -> Run {
    let mut run = Run::new();
    run.play(script);
    run
}

/// A script being played.
pub(super) struct Run {
    pub(super) world: World,
    policy: Hash,
    /// The latest statement of each verb.
    last: BTreeMap<String, Hash>,
    /// The assessments of the round.
    records: Vec<Hash>,
}

struct Line<'a> {
    actor: &'a str,
    verb: &'a str,
    words: Vec<&'a str>,
}

impl<'a> Line<'a> {
    fn of(&self, key: &str) -> Option<&'a str> {
        let (_, value) =
            self.words.iter().filter_map(|word| word.split_once('=')).find(|(k, _)| *k == key)?;
        Some(value)
    }

    fn or(&self, key: &str, default: &'a str) -> &'a str {
        self.of(key).unwrap_or(default)
    }

    fn number(&self, key: &str, default: u8) -> u8 {
        self.of(key).map_or(default, |text| text.parse().unwrap())
    }

    fn yes(&self, key: &str, default: bool) -> bool {
        self.of(key).map_or(default, |text| text == "yes")
    }

    fn day(&self, key: &str, default: Day) -> Day {
        self.of(key).map_or(default, day)
    }

    /// One of an enum's names.
    fn name<T: serde::de::DeserializeOwned>(&self, key: &str, default: &str) -> T {
        serde_json::from_value(self.of(key).unwrap_or(default).into()).unwrap()
    }

    /// `-` for none, `physical3`, or `multiple2+physical2+hearing3`.
    fn grade(&self) -> Option<Grade> {
        let text = self.or("grade", "physical3");
        if text == "-" {
            return None;
        }
        let mut parts = text.split('+').map(|part| {
            let (name, level) = part.split_at(part.len() - 1);
            let category: Category = serde_json::from_value(name.into()).unwrap();
            Component { category, level: Level::new(level.parse().unwrap()).unwrap() }
        });
        let Component { category, level } = parts.next().unwrap();
        Some(Grade { category, level, components: parts.collect() })
    }
}

impl Run {
    fn new() -> Self {
        let world = World::new();
        let policy = crate::policy::hash(defaults::CERTIFICATE);
        Self { world, policy, last: BTreeMap::new(), records: Vec::new() }
    }

    pub(super) fn play(&mut self, script: &str) {
        for text in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if let Some(name) = text.strip_prefix('@') {
                let found = PRELUDES.iter().find(|(known, _)| *known == name);
                self.play(found.unwrap_or_else(|| panic!("no prelude {name}")).1);
                continue;
            }
            let words: Vec<_> = text.split_whitespace().collect();
            let [actor, verb, middle @ .., expected] = words.as_slice() else {
                panic!("not a line: {text}");
            };
            let line = Line { actor, verb, words: middle.to_vec() };
            let before = self.world.state.clone();
            let answer = self.step(&line);
            assert_eq!(outcome(&answer), *expected, "{text}\n{answer:?}\nin {script}");
            if answer.is_err() {
                assert_eq!(self.world.state, before, "a refusal changes nothing: {text}");
            }
        }
    }

    /// The status of a certificate.
    pub(super) fn status(&self, number: u8) -> Status {
        self.world.state.certificates.find(&certificate(number)).unwrap().status
    }

    fn step(&mut self, line: &Line<'_>) -> Result<Hash, Rejection> {
        let today = self.world.today();
        match line.verb {
            "later" => {
                self.world.later(line.number("days", 1).into());
                return Ok(Hash::default());
            }
            "on" => {
                self.world.go_to(line.day("day", today));
                return Ok(Hash::default());
            }
            "publish" => return Ok(self.publish(line)),
            "enrol" => return Ok(self.enrol(line)),
            "endorse" => return self.world.endorse(line.actor, self.named(line, "proposal")),
            _ => {}
        }
        let body = self.body(line, today);
        let subject = Self::subject(line, &body);
        let target = match &body {
            Body::CorrectionRecorded(data) if line.yes("refs", true) => vec![data.target],
            _ => Vec::new(),
        };
        let policy = match line.or("policy", "yes") {
            "none" => None,
            "other" => Some(crate::policy::hash(defaults::POLICIES[1].1)),
            "first" => Some(crate::policy::hash(defaults::CERTIFICATE)),
            _ => Some(self.policy),
        };
        let at = line.day("at", today);
        let two_signers = body.second().is_some();
        let payload = Payload { policy, refs: target, ..Payload::new(at, body) };
        let id = self.world.send(line.actor, &subject, payload)?;
        self.last.insert(line.verb.to_owned(), id);
        if two_signers {
            self.last.insert("proposal".to_owned(), id);
        }
        match line.verb {
            "assign" | "draw" if line.yes("fresh", true) => self.records.clear(),
            "assess" => self.records.push(id),
            _ => {}
        }
        Ok(id)
    }

    /// The latest statement of a verb, or another one if the argument of that name says so.
    fn named(&self, line: &Line<'_>, verb: &str) -> Hash {
        let latest = self.last.get(verb).copied().unwrap_or_default();
        line.of(verb)
            .map_or(latest, |text| self.last.get(text).copied().unwrap_or_else(|| hash(text)))
    }

    fn subject(line: &Line<'_>, body: &Body) -> Subject {
        use crate::event::SubjectKind;
        match body.rule().subject {
            SubjectKind::Actor => Subject::Actor(actor(line.or("who", "clerk"))),
            SubjectKind::Institution => Subject::Institution(actor(line.or("who", "hospital-1"))),
            SubjectKind::PersonOrRoll => Subject::Person(person(line.number("person", 1))),
            SubjectKind::Certificate => Subject::Certificate(certificate(line.number("cert", 1))),
            _ => Subject::Case(case(line.number("case", 1))),
        }
    }

    /// Publishes the certificate policy with one key set to another value.
    fn publish(&mut self, line: &Line<'_>) -> Hash {
        let (key, value) = line.of("set").unwrap().split_once(':').unwrap();
        let next =
            self.world.state.policies.next_version(PolicyName::Certificate, division("411700"));
        let mut text = String::new();
        let mut inside_old_list = false;
        for line in defaults::CERTIFICATE.lines() {
            let (name, old) = line.split_once(" = ").unwrap_or((line, ""));
            if name == key {
                text += &format!("{key} = {value}\n");
                inside_old_list = old == "[";
            } else if inside_old_list {
                inside_old_list = line != "]";
            } else if name == "version" {
                text += &format!("version = {next}\n");
            } else {
                text += &format!("{line}\n");
            }
        }
        self.policy = self.world.publish(&text);
        self.policy
    }

    /// Enrols `who` like `like`, as the same human being as `same`, with a relation to a person.
    fn enrol(&mut self, line: &Line<'_>) -> Hash {
        let (who, like) = (line.of("who").unwrap(), line.of("like").unwrap());
        let &(_, role, at, organisation, of) =
            ACTORS.iter().find(|(name, ..)| *name == like).unwrap();
        let mut data = enrolment(who, role, at, organisation, of);
        if let Some(same) = line.of("same") {
            data.person = Some(tag(&format!("officer {same}")));
        }
        if let Some(person) = line.of("relative") {
            let person = tag(&format!("id {person}"));
            data.relations = vec![DeclaredRelation { relation: Relation::Child, person }];
        }
        self.world.enrol(who, data);
        Hash::default()
    }

    fn body(&self, line: &Line<'_>, today: Day) -> Body {
        let number = line.number("person", 1);
        let person = person(number);
        let id = tag(&format!("id {}", line.number("id", number)));
        let reason = label("reason");
        let papers = if line.yes("evidence", true) { vec![evidence("papers")] } else { vec![] };
        let calendar = self.world.state.policies.calendar();
        match line.verb {
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
            "issue" => {
                let valid_from = line.day("from", today);
                let last = valid_from.plus_months(120).plus_days(-1);
                CertificateIssued {
                    person,
                    case: case(line.number("case", 1)),
                    id,
                    number: tag(line.or("number", "number")),
                    grade: line.grade().unwrap(),
                    replaced: line.number("suffix", 0),
                    generation: Generation::Third,
                    valid_from,
                    valid_to: line.day("to", last),
                    approving_division: division(line.or("division", "411702")),
                    supersedes: line.of("old").map(|n| certificate(n.parse().unwrap())),
                    old_card: line.of("card").map(|_| OldCard::Returned),
                }
                .into()
            }
            "deliver" => CertificateDelivered {
                person,
                to_agent: false,
                mode: None,
                receipt: evidence("receipt"),
            }
            .into(),
            "lost" => CertificateLost { person, declaration: evidence("declaration") }.into(),
            "replace" => CertificateReplaced {
                person,
                lost: certificate(line.number("lost", 1)),
                id,
                number: tag(line.or("number", "next number")),
                replaced: line.number("suffix", 1),
                blank: tag(line.or("blank", "blank")),
                old_card: line.of("card").map(|card| match card {
                    "returned" => OldCard::Returned,
                    _ => OldCard::NotReturned(label("burnt")),
                }),
            }
            .into(),
            "freeze" => CertificateFrozen {
                person,
                ground: line.name("ground", "investigation"),
                evidence: papers,
                told: told(),
            }
            .into(),
            "unfreeze" => CertificateUnfrozen { person, reason, evidence: papers }.into(),
            "cancel" => CertificateCancelled {
                person,
                ground: line.name("ground", "voluntary"),
                evidence: papers,
                told: line.yes("told", true).then(told),
            }
            .into(),
            "revoke" => CertificateRevoked {
                person,
                ground: RevokeGround::Fraud,
                finding: evidence("finding"),
                recover: vec![],
                told: told(),
            }
            .into(),
            "remind" => {
                let kind = ReminderKind::ExpirySixMonths;
                ReminderSent { person, kind, channel: label("letter") }.into()
            }
            "transfer_out" => CertificateTransferredOut {
                person,
                from: division(line.or("from", "411702")),
                to: division(line.or("to", "411721")),
                file: evidence("file"),
            }
            .into(),
            "transfer_in" => CertificateTransferredIn {
                person,
                from: division(line.or("from", "411702")),
                to: division(line.or("to", "411721")),
                reassess: line.yes("reassess", false),
            }
            .into(),
            "moved" => ExternalFactRecorded {
                person: Some(person),
                id,
                id_form: IdForm::Valid,
                name: None,
                kind: FactKind::HukouMove,
                from: line.day("from", today),
                to: None,
                household_no: None,
                division: Some(division(line.or("to", "411721"))),
                row: None,
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
            "correct" => CorrectionRecorded {
                target: self.named(line, "submit"),
                field: label("data.township"),
                value: None,
                reason,
            }
            .into(),
            "suspend" => ActorSuspended { reason }.into(),
            "suspend_institution" => InstitutionSuspended { reason }.into(),
            "retract_row" => RollRowRetracted {
                target: self.named(line, "import"),
                row: row(None),
                certificate: Some(certificate(line.number("cert", 1))),
            }
            .into(),
            "import" => CertificateLegacyImported {
                person,
                id,
                id_form: IdForm::Valid,
                number: Some(tag("number")),
                name: tag("name"),
                name_sound: None,
                meant_ids: Vec::new(),
                birth_date: None,
                sex: Sex::Female,
                category: Category::Physical,
                level: Level::new(line.number("level", 3)).unwrap(),
                components: vec![],
                issued: line.day("from", day("2017-01-05")),
                valid_to: line.day("to", day("2027-01-04")),
                status: line.name("status", "normal"),
                status_date: None,
                division: division("411702"),
                township: None,
                village: None,
                phone: None,
                guardian: None,
                household_no: None,
                institution: None,
                assessor_1: None,
                assessor_2: None,
                assessed_on: None,
                receiver: None,
                reviewer: None,
                approver: None,
                notice_from: None,
                notice_to: None,
                assessed_by_sight: false,
                gaps: vec![],
                row: row(line.of("corrects").map(|_| self.named(line, "import"))),
            }
            .into(),
            other => panic!("no verb {other}"),
        }
    }
}

fn row(corrects: Option<Hash>) -> RowRef {
    RowRef { roll: RollId([1; 16]), row: 2, key: tag("key"), content: tag("content"), corrects }
}
