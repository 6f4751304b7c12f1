//! Statements that no honest door would have taken, each in a ledger that is otherwise sound.

use mingzheng::{
    crypto::SecretKey,
    event::{
        ActorKeyRotated, ActorSuspended, CertificateLegacyImported, Expect, ExternalFactRecorded,
        Payload, Role,
    },
    value::{Cti, Hash, Subject},
};

use super::{
    check_with,
    ledger::{Actor, Ledger, START_MS, Twist, actor, clerk, custodian, person, supervisor, tag},
    outside, violations, violations_of,
};
use mingzheng::audit::Options;

type Found = Vec<(Option<u64>, &'static str)>;

/// A clerk's entry 3, otherwise sound.
fn twisted(twist: Twist) -> Found {
    let mut ledger = Ledger::with_persons(0);
    let (subject, data) = person(1);
    ledger.say_twisted(&clerk(), &subject, data, twist);
    violations_of(&ledger)
}

/// The same entry, signed by somebody else.
fn said_by(by: &Actor) -> Found {
    let mut ledger = Ledger::with_persons(0);
    let (subject, data) = person(1);
    ledger.say(by, &subject, data);
    violations_of(&ledger)
}

fn one(index: u64, code: &'static str) -> Found {
    vec![(Some(index), code)]
}

#[test]
fn claims_are_held_to_their_limits() {
    let iat = |ms: u64| Twist { iat: Some(ms / 1000), ..Twist::default() };
    // Entry 3 is recorded three minutes after the start.
    let recorded = START_MS + 180_000;
    assert_eq!(twisted(Twist::default()), []);
    assert_eq!(twisted(iat(recorded + 300_000)), []);
    assert_eq!(twisted(iat(recorded + 301_000)), one(3, "signed_ahead"));
    // A fact may be signed long ago: only decisions go stale.
    assert_eq!(twisted(iat(recorded - 30 * 86_400_000)), []);
    let elsewhere = Twist { aud: Some("ledger.example/other"), ..Twist::default() };
    assert_eq!(twisted(elsewhere), one(3, "audience_differs"));
    let stranger = Twist { iss: Some("Audit Office"), ..Twist::default() };
    assert_eq!(twisted(stranger), one(3, "issuer_differs"));
}

#[test]
fn decisions_are_fresh_and_say_what_they_saw() {
    let decided = |twist: Twist| {
        let mut ledger = Ledger::with_persons(0);
        let subject = Subject::Actor(clerk().id);
        let reason = "left the office".parse().unwrap();
        ledger.say_twisted(&custodian(), &subject, ActorSuspended { reason }, twist);
        violations_of(&ledger)
    };
    let week = 7 * 86_400;
    let recorded = (START_MS + 180_000) / 1000;
    let iat = |iat| Twist { iat: Some(iat), ..Twist::default() };
    assert_eq!(decided(iat(recorded - week)), []);
    assert_eq!(decided(iat(recorded - week - 1)), one(3, "decision_too_old"));
    let expect = |expect| Twist { expect: Some(expect), ..Twist::default() };
    assert_eq!(decided(expect(None)), one(3, "expect_missing"));
    assert_eq!(decided(expect(Some(Expect { head: None }))), one(3, "expect_stale"));
    let other = Some(Expect { head: Some(Hash([9; 32])) });
    assert_eq!(decided(expect(other)), one(3, "expect_stale"));
}

#[test]
fn a_statement_number_is_used_once_by_a_key() {
    let mut ledger = Ledger::with_persons(0);
    let cti = Some(Cti([5; 16]));
    for (number, by) in [(1, clerk()), (2, clerk())] {
        let (subject, data) = person(number);
        ledger.say_twisted(&by, &subject, data, Twist { cti, ..Twist::default() });
    }
    // Another key may draw the same number.
    let reason = "left the office".parse().unwrap();
    let subject = Subject::Actor(clerk().id);
    let twist = Twist { cti, ..Twist::default() };
    ledger.say_twisted(&custodian(), &subject, ActorSuspended { reason }, twist);
    assert_eq!(violations_of(&ledger), one(4, "cti_reused"));
}

#[test]
fn signatures_of_others_are_found() {
    let forged_by = Some(SecretKey::from_seed([99; 32]));
    assert_eq!(twisted(Twist { forged_by, ..Twist::default() }), one(3, "signature_invalid"));
    // Many good ones around it, so that it fails inside a batch.
    let mut ledger = Ledger::with_persons(40);
    let (subject, data) = person(100);
    let forged_by = Some(SecretKey::from_seed([99; 32]));
    ledger.say_twisted(&clerk(), &subject, data, Twist { forged_by, ..Twist::default() });
    for number in 101..120 {
        let (subject, data) = person(number);
        ledger.say(&clerk(), &subject, data);
    }
    assert_eq!(violations_of(&ledger), one(43, "signature_invalid"));
}

/// The documented difference between the batch and the door.
#[test]
fn a_torsioned_signature_is_found_by_strict_alone() {
    let mut ledger = Ledger::with_persons(2);
    let (subject, data) = person(9);
    ledger.say_twisted(&clerk(), &subject, data, Twist { torsion: true, ..Twist::default() });
    let folder = tempfile::tempdir().unwrap();
    ledger.write(folder.path(), 4, 6);
    for (strict, found) in [(false, vec![]), (true, one(5, "signature_invalid"))] {
        let report = check_with(folder.path(), &Options { strict, ..outside() });
        assert_eq!(violations(&report), found);
    }
}

#[test]
fn signers_are_judged_as_of_their_entry() {
    assert_eq!(said_by(&clerk()), []);
    let unknown = actor(9, Role::Clerk, "Federation", "411702");
    assert_eq!(said_by(&unknown), one(3, "unknown_key"));
    assert_eq!(said_by(&supervisor()), one(3, "role_may_not_sign"));

    // Rotated: the old key signs no more, from the endorsement on.
    let mut ledger = Ledger::with_persons(1);
    let newer = Actor { key: SecretKey::from_seed([33; 32]), seed: [33; 32], ..clerk() };
    let subject = Subject::Actor(clerk().id);
    let reason = "new card".parse().unwrap();
    let rotated = ActorKeyRotated {
        public_key: newer.key.public(),
        reason,
        relations: Vec::new(),
        certificate_serial: None,
    };
    let proposal = ledger.say(&custodian(), &subject, rotated);
    let (first, data) = person(10);
    ledger.say(&clerk(), &first, data);
    ledger.endorse(&supervisor(), &subject, proposal);
    for (number, by) in [(11, &clerk()), (12, &newer)] {
        let (subject, data) = person(number);
        ledger.say(by, &subject, data);
    }
    assert_eq!(violations_of(&ledger), one(7, "key_retired"));

    // Suspended, and its signature is still looked at.
    let mut ledger = Ledger::with_persons(0);
    let reason = "left the office".parse().unwrap();
    ledger.say(&custodian(), &subject, ActorSuspended { reason });
    let (first, data) = person(10);
    let forged_by = Some(SecretKey::from_seed([99; 32]));
    ledger.say_twisted(&clerk(), &first, data, Twist { forged_by, ..Twist::default() });
    let both = vec![(Some(4), "actor_suspended"), (Some(4), "signature_invalid")];
    assert_eq!(violations_of(&ledger), both);

    // Not yet and no longer in force.
    for (from, to, code) in [
        ("2026-07-06", None, "actor_not_yet_valid"),
        ("2026-01-01", Some("2026-07-04"), "actor_expired"),
    ] {
        let mut ledger = Ledger::created();
        let mut enrolled = clerk().enrolment();
        enrolled.valid_from = from.parse().unwrap();
        enrolled.valid_to = to.map(|to| to.parse().unwrap());
        let proposal = ledger.say(&custodian(), &subject, enrolled);
        ledger.endorse(&supervisor(), &subject, proposal);
        let (first, data) = person(10);
        ledger.say(&clerk(), &first, data);
        assert_eq!(violations_of(&ledger), one(3, code));
    }
}

#[test]
fn divisions_and_endorsements_are_asked_again() {
    // A clerk of one county sends the roll of another.
    let mut ledger = Ledger::with_persons(0);
    let import = legacy("411723", &[]);
    ledger.say(&clerk(), &certificate(1), import);
    assert_eq!(violations_of(&ledger), one(3, "wrong_division"));

    // Unendorsed, a key is nobody's.
    let mut ledger = Ledger::created();
    let subject = Subject::Actor(clerk().id);
    let proposal = ledger.say(&custodian(), &subject, clerk().enrolment());
    let (first, data) = person(1);
    ledger.say(&clerk(), &first, data);
    assert_eq!(violations_of(&ledger), one(2, "unknown_key"));

    // Endorsed by its own proposer; twice; of nothing.
    let mut own = Ledger::created();
    let proposal_own = own.say(&custodian(), &subject, clerk().enrolment());
    own.endorse(&custodian(), &subject, proposal_own);
    assert_eq!(violations_of(&own), one(2, "own_proposal"));
    ledger = Ledger::created();
    let again = ledger.say(&custodian(), &subject, clerk().enrolment());
    assert_eq!(again, proposal);
    ledger.endorse(&supervisor(), &subject, again);
    ledger.endorse(&supervisor(), &subject, again);
    assert_eq!(violations_of(&ledger), one(3, "no_such_proposal"));
    ledger = Ledger::created();
    ledger.endorse(&supervisor(), &subject, Hash([4; 32]));
    let nothing = vec![(Some(1), "ref_unknown"), (Some(1), "no_such_proposal")];
    assert_eq!(violations_of(&ledger), nothing);
}

#[test]
fn entry_0_is_signed_by_the_first_root() {
    let first = Ledger::created().entries.remove(0);
    let entry = mingzheng::frame::Entry::decode(&first).unwrap();
    let statement = mingzheng::crypto::Statement::parse(entry.statement).unwrap();
    let payload = Payload::from_json(statement.payload()).unwrap();
    let mut ledger = Ledger::of_entries(Vec::new());
    ledger.sign(&supervisor(), &Subject::Ledger, &payload, Twist::default());
    let found = violations_of(&ledger);
    assert_eq!(found, [(Some(0), "genesis_signer_differs"), (Some(0), "issuer_differs")]);

    // A ledger that begins with something else has no actor at all.
    let mut ledger = Ledger::of_entries(Vec::new());
    let (subject, data) = person(1);
    ledger.say(&clerk(), &subject, data);
    assert!(violations_of(&ledger).contains(&(Some(0), "unknown_key")));
}

#[test]
fn payloads_off_the_catalogue_are_found() {
    let mut ledger = Ledger::with_persons(0);
    let (subject, data) = person(1);
    let payload = ledger.payload(&subject, data);
    let mut ledger_json = payload.to_json();
    let at = ledger_json.windows(5).position(|bytes| bytes == b"\"v\":1").unwrap();
    ledger_json[at + 4] = b'2';
    assert!(Payload::from_json(&ledger_json).is_err());
    ledger.sign_json(&clerk(), &subject, &ledger_json, Twist::default());
    assert_eq!(violations_of(&ledger), one(3, "payload_malformed"));
}

/// I42: an import that lacks evidence is lawful to record, and never counted as passed.
#[test]
fn gaps_of_legacy_imports_are_findings() {
    let mut ledger = Ledger::with_persons(0);
    ledger.say(&clerk(), &certificate(1), legacy("411702", &["notice"]));
    ledger.say(&clerk(), &certificate(2), legacy("411702", &[]));
    ledger.say(&clerk(), &certificate(3), legacy("411702", &["notice", "assessor_2"]));
    let folder = tempfile::tempdir().unwrap();
    ledger.write(folder.path(), 4, 6);
    let report = check_with(folder.path(), &outside());
    assert!(report.ok);
    let [finding] = report.findings.as_slice() else { panic!("{:?}", report.findings) };
    assert_eq!((finding.rule, finding.count), ("I42", 2));
    assert_eq!(finding.indexes, [3, 5]);
}

/// A fact that a register of another sector reports is no fact.
#[test]
fn custodians_answer_for_their_own_register() {
    let mut ledger = Ledger::created();
    let custodian = actor(7, Role::DataCustodian, "Civil Affairs", "411700");
    ledger.enrol(&custodian);
    let (subject, data) = person(1);
    let fact = |kind: &str| {
        let value = serde_json::json!({
            "person": data.person, "id": data.id, "id_form": "valid", "kind": kind,
            "from": "2026-06-01",
        });
        serde_json::from_value::<ExternalFactRecorded>(value).unwrap()
    };
    ledger.say(&custodian, &subject, fact("dibao"));
    ledger.say(&custodian, &subject, fact("imprisonment"));
    assert_eq!(violations_of(&ledger), one(4, "wrong_register"));
}

fn certificate(number: u8) -> Subject {
    Subject::Certificate(mingzheng::value::CertificateId([number; 16]))
}

fn legacy(division: &str, gaps: &[&str]) -> CertificateLegacyImported {
    let value = serde_json::json!({
        "person": mingzheng::value::PersonId([8; 16]),
        "id": tag(1), "id_form": "valid", "name": tag(2), "sex": "female",
        "category": "visual", "level": 1, "issued": "2019-05-01", "valid_to": "2029-04-30",
        "status": "normal", "division": division, "gaps": gaps,
        "row": {
            "roll": mingzheng::value::RollId([1; 16]), "row": 5, "key": tag(3), "content": tag(4),
        },
    });
    serde_json::from_value(value).unwrap()
}
