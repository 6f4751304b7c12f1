//! Given, when, then for the domain's tests.
//!
//! A [`World`] is a small ledger without a log: entry 0, one or more enrolled actors of every
//! role, two institutions, the shipped policies and calendar, and a day that the test moves. What
//! is signed in it is decided and, if accepted, evolved at once: the same two steps as the writer
//! takes. Actors are named by short words (`clerk`, `reviewer-b`), see [`ACTORS`].

use std::sync::LazyLock;

use super::{Rejection, State, decide, evolve};
use crate::crypto::SecretKey;
use crate::event::{
    ActorEnrolled, Body, CalendarPublished, CertificateLegacyImported, DeclaredRelation, Endorsed,
    Evidence, InstitutionDesignated, LedgerCreated, LegacyStatus, Payload, PolicyPublished,
    Recorded, Role, Root, RowRef, Sector, Signer, WrittenNotice,
};
use crate::policy::{self, Policy, defaults};
use crate::value::{
    ActorId, CaseId, Category, CertificateId, Day, DivisionCode, Hash, IdForm, Label, Level,
    PersonId, Sex, Subject, Tag,
};

/// The enrolled actors: name, role, division, organisation, register or institution. A county's
/// officers are of 411702 unless the name says otherwise; `-xiping` is 411721, `-city` is 411700.
pub(crate) const ACTORS: &[(&str, Role, &str, &str, &str)] = &[
    ("clerk", Role::Clerk, "411702", "dpf", ""),
    ("clerk-b", Role::Clerk, "411702", "dpf", ""),
    ("clerk-xiping", Role::Clerk, "411721", "dpf-xiping", ""),
    ("assessor-a", Role::Assessor, "411702", "hospital-1", "hospital-1"),
    ("assessor-b", Role::Assessor, "411702", "hospital-1", "hospital-1"),
    ("assessor-c", Role::Assessor, "411702", "hospital-1", "hospital-1"),
    ("assessor-d", Role::Assessor, "411702", "hospital-1", "hospital-1"),
    ("junior-a", Role::Assessor, "411702", "hospital-1", "hospital-1"),
    ("junior-b", Role::Assessor, "411702", "hospital-1", "hospital-1"),
    ("assessor-eye", Role::Assessor, "411702", "hospital-2", "hospital-2"),
    ("assessor-eye-b", Role::Assessor, "411702", "hospital-2", "hospital-2"),
    ("seal", Role::InstitutionSeal, "411702", "hospital-1", "hospital-1"),
    ("seal-eye", Role::InstitutionSeal, "411702", "hospital-2", "hospital-2"),
    ("notice", Role::NoticeOfficer, "411702", "dpf", ""),
    ("reviewer", Role::Reviewer, "411702", "dpf", ""),
    ("reviewer-b", Role::Reviewer, "411702", "dpf", ""),
    ("approver", Role::Approver, "411702", "dpf", ""),
    ("approver-b", Role::Approver, "411702", "dpf", ""),
    ("approver-xiping", Role::Approver, "411721", "dpf-xiping", ""),
    ("approver-city", Role::Approver, "411700", "dpf-city", ""),
    ("issuer", Role::Issuer, "411702", "dpf", ""),
    ("issuer-xiping", Role::Issuer, "411721", "dpf-xiping", ""),
    ("township", Role::TownshipReviewer, "411702", "township-1", ""),
    ("township-b", Role::TownshipReviewer, "411702", "township-1", ""),
    ("dpf-reviewer", Role::DpfReviewer, "411702", "dpf", ""),
    ("dpf-reviewer-b", Role::DpfReviewer, "411702", "dpf", ""),
    ("civil", Role::CivilAffairsOfficer, "411702", "civil-affairs", ""),
    ("civil-b", Role::CivilAffairsOfficer, "411702", "civil-affairs", ""),
    ("civil-xiping", Role::CivilAffairsOfficer, "411721", "civil-affairs-xiping", ""),
    ("finance", Role::FinanceOfficer, "411702", "finance", ""),
    ("bank", Role::BankAgent, "411702", "bank", ""),
    ("provider", Role::ServiceProvider, "411702", "provider-1", ""),
    ("prefecture", Role::PrefectureDpf, "411700", "dpf-city", ""),
    ("panel", Role::ProvincialPanel, "411700", "dpf-province", ""),
    ("police", Role::DataCustodian, "411702", "police", "public_security"),
    ("civil-register", Role::DataCustodian, "411702", "civil-affairs", "civil_affairs"),
    ("labour-register", Role::DataCustodian, "411702", "labour", "human_resources"),
    ("court-register", Role::DataCustodian, "411702", "court", "justice"),
    ("health-register", Role::DataCustodian, "411702", "health", "health"),
    ("dpf-register", Role::DataCustodian, "411702", "dpf", "dpf"),
    ("inspector", Role::Inspector, "411700", "inspection", ""),
    ("privacy", Role::PrivacyOfficer, "411700", "dpf-city", ""),
    ("holder", Role::Applicant, "411702", "holders", ""),
];

/// The roots of the ledger, enrolled by entry 0.
const ROOTS: [(&str, Role, &str); 2] =
    [("custodian", Role::KeyCustodian, "dpf-city"), ("supervisor", Role::Supervisor, "discipline")];

/// A small ledger at work.
#[derive(Clone)]
pub(crate) struct World {
    /// What decisions look at.
    pub(crate) state: State,
    /// Every event so far, in order.
    pub(crate) log: Vec<Recorded>,
    day: Day,
    next: u64,
}

impl World {
    /// A ledger with everybody enrolled and everything published, on Monday 2026-03-02.
    pub(crate) fn new() -> Self {
        static FOUNDED: LazyLock<World> = LazyLock::new(World::found);
        FOUNDED.clone()
    }

    fn found() -> Self {
        let mut world =
            Self { state: State::default(), log: Vec::new(), day: day("2026-01-05"), next: 0 };
        world.begin();
        for &(name, role, division, organisation, of) in ACTORS {
            world.enrol(name, enrolment(name, role, division, organisation, of));
        }
        for (code, categories) in
            [("hospital-1", &Category::ALL[1..]), ("hospital-2", &Category::ALL[..1])]
        {
            let data = InstitutionDesignated {
                capacity: None,
                name: label(code),
                division: division("411702"),
                categories: categories.to_vec(),
                valid_from: day("2020-01-01"),
                valid_to: None,
                document: label("designation"),
            };
            let subject = Subject::Institution(actor(code));
            world.sign("prefecture", &subject, data).unwrap();
        }
        for text in defaults::defaults() {
            world.publish(text);
        }
        let text = defaults::CALENDAR;
        let data = CalendarPublished { text: text.to_owned(), hash: policy::hash(text) };
        let id = world.sign("approver-city", &Subject::Ledger, data).unwrap();
        world.endorse("supervisor", id).unwrap();
        world.on("2026-03-02");
        world
    }

    fn begin(&mut self) {
        let roots = ROOTS.map(|(name, role, organisation)| Root {
            actor: actor(name),
            role,
            organisation: label(organisation),
            public_key: key(name).public(),
        });
        let data = LedgerCreated {
            origin: "example.org/test".to_owned(),
            version: 1,
            division: division("411700"),
            demo: true,
            system: Root {
                actor: actor("system"),
                role: Role::System,
                organisation: label("ledger"),
                public_key: key("system").public(),
            },
            roots: roots.to_vec(),
        };
        let signer = Signer {
            actor: actor("system"),
            role: Role::System,
            organisation: label("ledger"),
            division: division("411700"),
            sector: None,
        };
        self.record(signer, &Subject::Ledger, Payload::new(self.day, data)).unwrap();
    }

    /// Moves to a later day.
    pub(crate) fn on(&mut self, text: &str) -> &mut Self {
        self.go_to(day(text))
    }

    /// Moves to a later day.
    pub(crate) fn go_to(&mut self, day: Day) -> &mut Self {
        assert!(day >= self.day, "recorded time never goes back");
        self.day = day;
        self
    }

    /// Moves a number of days on.
    pub(crate) fn later(&mut self, days: i32) -> &mut Self {
        self.go_to(self.day.plus_days(days))
    }

    /// The day it is.
    pub(crate) const fn today(&self) -> Day {
        self.day
    }

    /// Enrols another actor, by the custodian and the supervisor.
    pub(crate) fn enrol(&mut self, name: &str, data: ActorEnrolled) {
        let id = self.sign("custodian", &Subject::Actor(actor(name)), data).unwrap();
        self.endorse("supervisor", id).unwrap();
    }

    /// Publishes a policy text, by the prefecture's approver and the supervisor.
    pub(crate) fn publish(&mut self, text: &str) -> Hash {
        let subject = Subject::Programme(Policy::parse(text).unwrap().name.to_string());
        let data = PolicyPublished { text: text.to_owned(), hash: policy::hash(text) };
        let id = self.sign("approver-city", &subject, data).unwrap();
        self.endorse("supervisor", id).unwrap();
        policy::hash(text)
    }

    /// The actor signs the event today under no policy.
    pub(crate) fn sign(
        &mut self,
        name: &str,
        subject: &Subject,
        body: impl Into<Body>,
    ) -> Result<Hash, Rejection> {
        self.send(name, subject, Payload::new(self.day, body))
    }

    /// The actor signs the event today under the policy of that hash.
    pub(crate) fn sign_under(
        &mut self,
        policy: Hash,
        name: &str,
        subject: &Subject,
        body: impl Into<Body>,
    ) -> Result<Hash, Rejection> {
        let payload = Payload { policy: Some(policy), ..Payload::new(self.day, body) };
        self.send(name, subject, payload)
    }

    /// The actor signs just that payload.
    pub(crate) fn send(
        &mut self,
        name: &str,
        subject: &Subject,
        payload: Payload,
    ) -> Result<Hash, Rejection> {
        let kid = key(name).public().kid();
        let signer = self.state.actors.signer(&kid, self.day)?;
        self.record(signer, subject, payload)
    }

    /// The actor endorses a proposal.
    pub(crate) fn endorse(&mut self, name: &str, proposal: Hash) -> Result<Hash, Rejection> {
        let payload = Payload { refs: vec![proposal], ..Payload::new(self.day, Endorsed {}) };
        let subject = self.state.proposals.find(&proposal).map(|found| found.subject.clone());
        self.send(name, &subject.unwrap_or(Subject::Ledger), payload)
    }

    fn record(
        &mut self,
        signer: Signer,
        subject: &Subject,
        payload: Payload,
    ) -> Result<Hash, Rejection> {
        let event = Recorded {
            index: self.next,
            recorded_at_ms: self.day.start_millis() + self.next,
            id: Hash::blake3(&self.next.to_be_bytes()),
            signed_at: self.day.start_millis() / 1000,
            subject: subject.clone(),
            signer,
            payload,
        };
        decide(&self.state, &event)?;
        evolve(&mut self.state, &event);
        self.next += 1;
        let id = event.id;
        self.log.push(event);
        Ok(id)
    }
}

/// The code of a refusal, or `ok`: what test tables compare.
pub(crate) fn outcome<T>(answer: &Result<T, Rejection>) -> &'static str {
    answer.as_ref().map_or_else(|rejection| rejection.code, |_| "ok")
}

/// An enrolment with a person of the actor's own and no relations; junior assessors are not
/// attending physicians.
pub(crate) fn enrolment(
    name: &str,
    role: Role,
    at: &str,
    organisation: &str,
    of: &str,
) -> ActorEnrolled {
    let custodian = role == Role::DataCustodian;
    let sector = custodian.then(|| serde_json::from_value::<Sector>(of.into()).unwrap());
    ActorEnrolled {
        role,
        organisation: label(organisation),
        division: division(at),
        public_key: key(name).public(),
        valid_from: day("2020-01-01"),
        valid_to: None,
        sector,
        institution: (!custodian && !of.is_empty()).then(|| actor(of)),
        attending: role == Role::Assessor && !name.starts_with("junior"),
        person: Some(tag(&format!("officer {name}"))),
        relations: Vec::<DeclaredRelation>::new(),
        employment: None,
        certificate_serial: None,
    }
}

/// The secret key of a named actor.
fn key(name: &str) -> SecretKey {
    SecretKey::from_seed(*blake3::hash(name.as_bytes()).as_bytes())
}

/// A day from its text.
pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A division from its code.
pub(crate) fn division(text: &str) -> DivisionCode {
    text.parse().unwrap()
}

/// An actor's id.
pub(crate) fn actor(name: &str) -> ActorId {
    name.parse().unwrap()
}

/// A short clear text.
pub(crate) fn label(text: &str) -> Label {
    text.parse().unwrap()
}

/// A tag that stands for the text.
pub(crate) fn tag(text: &str) -> Tag {
    let bytes = blake3::hash(text.as_bytes()).as_bytes()[..20].try_into().unwrap();
    Tag { version: 1, bytes }
}

/// A hash that stands for the text.
pub(crate) fn hash(text: &str) -> Hash {
    Hash::blake3(text.as_bytes())
}

/// A person by number.
pub(crate) fn person(number: u8) -> PersonId {
    PersonId([number; 16])
}

/// A case by number.
pub(crate) fn case(number: u8) -> CaseId {
    CaseId([number; 16])
}

/// A certificate by number.
pub(crate) fn certificate(number: u8) -> CertificateId {
    CertificateId([number; 16])
}

/// A document of that kind.
pub(crate) fn evidence(kind: &str) -> Evidence {
    Evidence { kind: label(kind), hash: hash(kind), custodian: None }
}

/// A person's row of the old register, by ID number and name: a normal card with nothing beside
/// what a row has to say.
pub(crate) fn on_the_old_register(
    (person, id, name): (PersonId, Tag, Tag),
    row: RowRef,
) -> CertificateLegacyImported {
    CertificateLegacyImported {
        person,
        id,
        id_form: IdForm::Valid,
        number: None,
        name,
        name_sound: None,
        meant_ids: Vec::new(),
        birth_date: None,
        sex: Sex::Female,
        category: Category::Physical,
        level: Level::new(3).unwrap(),
        components: vec![],
        issued: day("2017-01-05"),
        valid_to: day("2027-01-04"),
        status: LegacyStatus::Normal,
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
        row,
    }
}

/// A written notice with its proof.
pub(crate) fn told() -> WrittenNotice {
    WrittenNotice { notice: evidence("written_notice"), proof: evidence("proof_of_delivery") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_is_founded_through_decide_and_evolve() {
        let world = World::new();
        assert_eq!(world.state.actors.iter().count(), ACTORS.len() + ROOTS.len() + 1);
        assert_eq!(world.state.policies.policies().count(), defaults::POLICIES.len());
        assert!(world.state.policies.calendar().has_year(2026));
        assert_eq!(world.state.proposals.iter().count(), 0);
        let enrolled =
            |role: &Role| world.state.actors.iter().any(|(_, actor)| actor.role == *role);
        assert!(Role::ALL.iter().all(enrolled));
    }

    #[test]
    fn a_decision_names_only_a_published_policy() {
        let mut world = World::new();
        let institution = Subject::Institution(actor("hospital-1"));
        let data = crate::event::InstitutionSuspended { reason: label("closed") };
        let policy = policy::hash(defaults::CERTIFICATE);
        let unknown = world.sign_under(hash("no policy"), "prefecture", &institution, data.clone());
        assert_eq!(outcome(&unknown), "policy_unknown");
        assert_eq!(outcome(&world.sign_under(policy, "prefecture", &institution, data)), "ok");
    }

    #[test]
    fn a_refusal_changes_nothing() {
        let mut world = World::new();
        let before = world.state.clone();
        let refused = world.sign("clerk", &Subject::Ledger, Endorsed {});
        assert_eq!(outcome(&refused), "endorses_nothing");
        assert_eq!(world.state, before);
    }
}
