//! The ledger: live writing, refusals by name, recovery equal to live.

use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::crypto::{Claims, Statement, sign};
use crate::event::{ActorEnrolled, ActorSuspended, Body, Endorsed, Role};
use crate::value::{ActorId, Cti, Day, Label, Tag};

const NOW_MS: u64 = 1_790_000_000_000;

struct House {
    folder: TempDir,
    clock: SetClock,
    ledger: Option<Ledger>,
    custodian: Pen,
    supervisor: Pen,
}

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed([seed; 32])
}

fn label(text: &str) -> Label {
    text.parse().unwrap()
}

fn actor(text: &str) -> Subject {
    Subject::Actor(text.parse().unwrap())
}

fn root(id: &str, role: Role, organisation: &str, seed: u8) -> Root {
    Root {
        actor: id.parse().unwrap(),
        role,
        organisation: label(organisation),
        public_key: key(seed).public(),
    }
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = SetClock::at(NOW_MS);
        let founding = Founding {
            origin: "example.org/zhumadian".parse().unwrap(),
            division: "411700".parse().unwrap(),
            demo: true,
            system: root("411700-system", Role::System, "ledger", 1),
            roots: vec![
                root("411700-keys-1", Role::KeyCustodian, "federation", 2),
                root("411700-super-1", Role::Supervisor, "audit office", 3),
            ],
            system_key: key(1),
            note_key: key(9),
            vault_key: VaultKey::new([8; 32]),
            tag_key: TagKey::new(1, [7; 32]).unwrap(),
        };
        let path = folder.path().join("ledger");
        let ledger = Ledger::create(&path, founding, options(&clock)).unwrap();
        let pen = |seed, organisation: &str| {
            Pen::new(key(seed), organisation, "example.org/zhumadian", Arc::new(clock.clone()))
        };
        let (custodian, supervisor) = (pen(2, "federation"), pen(3, "audit office"));
        Self { folder, ledger: Some(ledger), custodian, supervisor, clock }
    }

    fn ledger(&self) -> &Ledger {
        self.ledger.as_ref().unwrap()
    }

    fn reopen(&mut self, snapshot: bool) {
        drop(self.ledger.take());
        let secrets = Secrets { note_key: Some(key(9)), vault_key: Some(VaultKey::new([8; 32])) };
        let options = Options { snapshot, ..options(&self.clock) };
        let path = self.folder.path().join("ledger");
        self.ledger = Some(Ledger::open(&path, secrets, options).unwrap());
    }

    fn payload(&self, subject: &Subject, body: impl Into<Body>) -> Payload {
        let mut payload = Payload::new(Day::of_millis(NOW_MS), body);
        payload.expect = Some(self.ledger().expect(subject).unwrap());
        payload
    }

    fn send(&self, signed: &Signed) -> Result<Accepted, Rejection> {
        let answer = self.ledger().submit(vec![signed.bytes.clone()]).unwrap().wait().unwrap();
        answer.results.into_iter().next().unwrap()
    }

    fn enrol(&self, id: &str, role: Role, seed: u8) -> Signed {
        let subject = actor(id);
        let payload = self.payload(&subject, enrolment(role, seed));
        let proposal = self.custodian.write(&subject, &payload).unwrap();
        self.send(&proposal).unwrap();
        proposal
    }

    fn endorse(&self, id: &str, proposal: &Signed) -> Result<Accepted, Rejection> {
        let mut payload = self.payload(&actor(id), Endorsed {});
        payload.refs = vec![proposal.id];
        self.send(&self.supervisor.write(&actor(id), &payload).unwrap())
    }
}

fn options(clock: &SetClock) -> Options {
    Options {
        clock: Arc::new(clock.clone()),
        log: crate::log::Options::small(),
        ..Options::default()
    }
}

fn enrolment(role: Role, seed: u8) -> ActorEnrolled {
    ActorEnrolled {
        role,
        organisation: label("federation"),
        division: "411702".parse().unwrap(),
        public_key: key(seed).public(),
        valid_from: "2020-01-01".parse().unwrap(),
        valid_to: None,
        sector: None,
        institution: None,
        attending: false,
        person: None,
        relations: Vec::new(),
        employment: None,
        certificate_serial: None,
    }
}

fn code(result: Result<Accepted, Rejection>) -> &'static str {
    result.unwrap_err().code
}

#[test]
fn an_enrolment_takes_effect_with_its_endorsement() {
    let house = House::new();
    let proposal = house.enrol("411702-dpf-1", Role::Clerk, 20);
    let known = |house: &House| {
        let id: ActorId = "411702-dpf-1".parse().unwrap();
        house.ledger().with_state(|state| state.actors.find(&id).is_some()).unwrap()
    };
    assert!(!known(&house));
    assert_eq!(house.endorse("411702-dpf-1", &proposal).unwrap().index, 2);
    assert!(known(&house));
    assert_eq!(code(house.endorse("411702-dpf-1", &proposal)), "no_such_proposal");
}

#[test]
fn the_same_bytes_again_hear_the_first_receipt() {
    let house = House::new();
    let subject = actor("411702-dpf-1");
    let payload = house.payload(&subject, enrolment(Role::Clerk, 20));
    let signed = house.custodian.write(&subject, &payload).unwrap();
    let first = house.send(&signed).unwrap();
    let again = house.send(&signed).unwrap();
    assert_eq!((again.index, again.again), (first.index, true));
    assert_eq!(house.ledger().len(), 2);
}

#[test]
fn every_refusal_of_the_door_and_the_writer_has_its_name() {
    let house = House::new();
    let subject = actor("411702-dpf-1");
    let good = house.payload(&subject, enrolment(Role::Clerk, 20));
    let claims = |cti| Claims {
        iss: "federation",
        sub: subject.clone(),
        aud: "example.org/zhumadian",
        iat: NOW_MS / 1000,
        cti: Cti([cti; 16]),
    };
    let refused = |seed: u8, claims: &Claims<'_>, payload: &Payload| {
        let bytes = sign(&key(seed), claims, &payload.to_json()).unwrap();
        let id = Statement::parse(&bytes).unwrap().id();
        code(house.send(&Signed { bytes, id }))
    };
    assert_eq!(refused(77, &claims(1), &good), "unknown_key");
    assert_eq!(refused(2, &Claims { aud: "other.org/x", ..claims(1) }, &good), "other_ledger");
    assert_eq!(refused(2, &Claims { iss: "somebody", ..claims(1) }, &good), "wrong_issuer");
    let early = Claims { iat: NOW_MS / 1000 - 8 * 86_400, ..claims(1) };
    assert_eq!(refused(2, &early, &good), "signed_too_long_ago");
    let late = Claims { iat: NOW_MS / 1000 + 301, ..claims(1) };
    assert_eq!(refused(2, &late, &good), "signed_in_future");
    assert_eq!(
        refused(3, &Claims { iss: "audit office", ..claims(1) }, &good),
        "role_may_not_sign"
    );
    let blind = Payload { expect: None, ..good.clone() };
    assert_eq!(refused(2, &claims(1), &blind), "expect_missing");
    let stale = Payload { expect: Some(Expect { head: Some(Hash([1; 32])) }), ..good.clone() };
    assert_eq!(refused(2, &claims(1), &stale), "stale_expect");
    let dangling = Payload { refs: vec![Hash([1; 32])], ..good.clone() };
    assert_eq!(refused(2, &claims(1), &dangling), "unknown_ref");
    let tomorrow = Payload { at: Day::of_millis(NOW_MS).plus_days(1), ..good.clone() };
    assert_eq!(refused(2, &claims(1), &tomorrow), "future_day");
    let mut bytes = sign(&key(2), &claims(1), &good.to_json()).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    assert_eq!(code(house.send(&Signed { bytes, id: Hash::default() })), "bad_signature");
    let bytes = b"not a statement".to_vec();
    assert_eq!(code(house.send(&Signed { bytes, id: Hash::default() })), "statement_form");
    assert_eq!(house.ledger().len(), 1);

    let signed = sign(&key(2), &claims(5), &good.to_json()).unwrap();
    house.send(&Signed { bytes: signed, id: Hash::default() }).unwrap();
    let other = house.payload(&actor("411702-dpf-2"), enrolment(Role::Clerk, 21));
    assert_eq!(refused(2, &claims(5), &other), "cti_reused");
}

#[test]
fn one_refused_statement_hurts_only_those_that_rest_on_it() {
    let house = House::new();
    let enrolled = |id: &str, seed| {
        let subject = actor(id);
        let payload = house.payload(&subject, enrolment(Role::Clerk, seed));
        house.custodian.write(&subject, &payload).unwrap()
    };
    // The key of the second belongs to a root already.
    let group = [enrolled("411702-dpf-1", 20), enrolled("411702-dpf-2", 3)];
    let mut rests = Payload::new(Day::of_millis(NOW_MS), Endorsed {});
    rests.refs = vec![group[1].id];
    let rests = house.supervisor.write(&actor("411702-dpf-2"), &rests).unwrap();
    let fine = enrolled("411702-dpf-3", 22);
    let all = [&group[0], &group[1], &rests, &fine].map(|signed| signed.bytes.clone());
    let answer = house.ledger().submit(all.to_vec()).unwrap().wait().unwrap();
    let codes: Vec<_> =
        answer.results.iter().map(|r| r.as_ref().map_or_else(|no| no.code, |_| "ok")).collect();
    assert_eq!(codes, ["ok", "key_in_use", "depends_on_refused", "ok"]);
    assert_eq!(house.ledger().len(), 3);
}

#[test]
fn reopening_gives_the_same_state_with_and_without_the_snapshot() {
    let mut house = House::new();
    let proposal = house.enrol("411702-dpf-1", Role::Clerk, 20);
    house.endorse("411702-dpf-1", &proposal).unwrap();
    let suspended = ActorSuspended { reason: label("left") };
    let payload = house.payload(&actor("411702-dpf-1"), suspended);
    let signed = house.supervisor.write(&actor("411702-dpf-1"), &payload).unwrap();
    house.send(&signed).unwrap();
    house.enrol("411702-dpf-9", Role::Approver, 29);
    let state = |house: &House| house.ledger().with_state(Clone::clone).unwrap();
    let live = state(&house);
    let root = house.ledger().checkpoint().unwrap().checkpoint().root;
    for snapshot in [true, false, true] {
        house.reopen(snapshot);
        assert_eq!(state(&house), live);
        assert_eq!(house.ledger().checkpoint().unwrap().checkpoint().root, root);
    }
    let receipt = house.ledger().receipt(3).unwrap();
    let vkey = house.ledger().verifier().unwrap();
    assert_eq!(receipt.verify(&vkey).unwrap().index, 3);
}

#[test]
fn a_clock_that_jumps_stops_the_writer() {
    let mut house = House::new();
    house.clock.jump_to(NOW_MS - 60_000);
    let subject = actor("411702-dpf-1");
    let payload = house.payload(&subject, enrolment(Role::Clerk, 20));
    let signed = house.custodian.write(&subject, &payload).unwrap();
    let answer = house.ledger().submit(vec![signed.bytes.clone()]).unwrap().wait();
    assert!(matches!(answer, Err(SubmitError::ClockJumped { .. })));
    house.clock.jump_to(NOW_MS);
    let answer = house.ledger().submit(vec![signed.bytes.clone()]).unwrap().wait();
    assert!(matches!(answer, Err(SubmitError::ClockJumped { .. })), "it waits for an operator");
    house.reopen(true);
    house.send(&signed).unwrap();
}

#[test]
fn a_second_writer_is_refused_and_a_reader_signs_nothing() {
    let mut house = House::new();
    let path = house.folder.path().join("ledger");
    let again = Ledger::open(&path, Secrets::default(), options(&house.clock));
    assert!(matches!(again, Err(OpenError::Log(log::OpenError::InUse { .. }))));
    drop(house.ledger.take());
    let reading = Ledger::open(&path, Secrets::default(), options(&house.clock)).unwrap();
    assert_eq!(reading.len(), 1);
    assert!(matches!(reading.submit(vec![Vec::new()]), Err(SubmitError::Closed)));
    drop(reading);
    let secrets = Secrets { note_key: Some(key(10)), vault_key: None };
    let other = Ledger::open(&path, secrets, options(&house.clock));
    assert!(matches!(other, Err(OpenError::OtherNoteKey)));
    let secrets = Secrets { note_key: None, vault_key: Some(VaultKey::new([1; 32])) };
    let other = Ledger::open(&path, secrets, options(&house.clock));
    assert!(matches!(other, Err(OpenError::Personal(_))));
}

#[test]
fn what_is_published_is_read_beside_the_writer() {
    let mut house = House::new();
    let proposal = house.enrol("411702-dpf-1", Role::Clerk, 20);
    house.endorse("411702-dpf-1", &proposal).unwrap();
    house.reopen(true);
    let path = house.folder.path().join("ledger");
    for snapshot in [true, false] {
        house.enrol(if snapshot { "411702-dpf-2" } else { "411702-dpf-3" }, Role::Clerk, 30);
        let options = Options { snapshot, ..options(&house.clock) };
        let beside = Ledger::follow(&path, options).unwrap();
        // The writer's head may be published or not yet: never less than at its opening.
        let size = beside.len();
        assert!((3..=house.ledger().len()).contains(&size), "{size}");
        let vkey = beside.verifier().unwrap();
        for index in 0..size {
            assert_eq!(beside.receipt(index).unwrap().verify(&vkey).unwrap().index, index);
        }
        let id: ActorId = "411702-dpf-1".parse().unwrap();
        assert!(beside.with_state(|state| state.actors.find(&id).is_some()).unwrap());
        assert!(matches!(beside.submit(vec![Vec::new()]), Err(SubmitError::Closed)));
        assert!(beside.personal().is_none());
    }
}

#[test]
fn a_clock_that_jumps_ahead_or_stands_behind_the_ledger_writes_nothing() {
    let mut house = House::new();
    let subject = actor("411702-dpf-1");
    let payload = house.payload(&subject, enrolment(Role::Clerk, 20));
    let signed = house.custodian.write(&subject, &payload).unwrap();
    let send = |house: &House| {
        house.ledger().submit(vec![signed.bytes.clone()]).unwrap().wait().map(|_| ())
    };
    // Ahead of what the monotonic clock lets expect, by more than five minutes.
    house.clock.jump_to(NOW_MS + 300_001);
    let jumped = SubmitError::ClockJumped { expected_ms: NOW_MS, found_ms: NOW_MS + 300_001 };
    assert_eq!(send(&house), Err(jumped));
    // Behind the last entry when the ledger is opened, by more than five seconds.
    house.clock.jump_to(NOW_MS - 5_001);
    house.reopen(true);
    let behind = SubmitError::ClockJumped { expected_ms: NOW_MS, found_ms: NOW_MS - 5_001 };
    assert_eq!(send(&house), Err(behind.clone()));
    assert!(behind.to_string().contains("set the clock and open the ledger again"));
    assert_eq!(house.ledger().len(), 1);
    // A little behind is a clock that was set: the recorded time stands still meanwhile.
    house.clock.jump_to(NOW_MS - 5_000);
    house.reopen(true);
    house.send(&signed).unwrap();
    assert_eq!(house.ledger().event(1).unwrap().recorded_at_ms, NOW_MS);
}

#[test]
fn a_document_s_hash_is_its_person_s_own() {
    let house = House::new();
    let store = house.ledger().personal().unwrap();
    let [one, other] = ["a", "b"].map(|id| store.tag(crate::crypto::TagKind::Id, id));
    let hash = |id: Option<&Tag>, text: &str| store.evidence(id, text.as_bytes()).unwrap();
    assert_eq!(hash(Some(&one), "yes"), hash(Some(&one), "yes"));
    assert_ne!(hash(Some(&one), "yes"), hash(Some(&one), "no"));
    assert_ne!(hash(Some(&one), "yes"), hash(Some(&other), "yes"));
    assert_ne!(hash(Some(&one), "yes"), hash(None, "yes"));
    assert_ne!(hash(None, "yes"), Hash::blake3(b"yes"), "a plain hash can be guessed");
    // With the person's key goes the salt: what was referred to can no longer be tried out.
    let before = hash(Some(&one), "yes");
    store.erase(&store.key_ids(&one).unwrap(), VaultKey::new([6; 32])).unwrap();
    assert_ne!(hash(Some(&one), "yes"), before);
}
