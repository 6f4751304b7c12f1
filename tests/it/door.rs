//! What does not come through the door of an open ledger, each by its name.

use std::sync::Arc;

use mingzheng::{
    crypto::{SecretKey, Statement, TagKind},
    domain::Rejection,
    event::{
        ActorEnrolled, Evidence, HouseholdMemberJoined, Payload, PersonRecorded, PersonSide, Role,
        WorksAccepted,
    },
    ledger::{Ledger, Options, Pen, Personal, Secrets, SetClock, Signed},
    value::{Day, Fen, Hash, HouseholdId, PersonId, Programme, Subject},
};

use crate::{
    audit::forge::torsioned,
    house::{DIVISION, House, ORIGIN, today},
};

const PERSON: PersonId = PersonId([5; 16]);

fn submitted(ledger: &Ledger, bytes: Vec<u8>) -> Result<u64, Rejection> {
    let answer = ledger.submit(vec![bytes]).unwrap().wait().unwrap();
    answer.results.into_iter().next().unwrap().map(|accepted| accepted.index)
}

fn code(house: &House, bytes: &[u8]) -> &'static str {
    submitted(&house.ledger, bytes.to_vec()).unwrap_err().code
}

/// A fact without personal data, signed by the clerk, whose key has the seed 20.
fn fact(house: &House) -> Signed {
    let household = HouseholdId([3; 16]);
    let data = HouseholdMemberJoined::stated(household, PERSON, true, today());
    house.write("clerk", &Subject::Household(household), data)
}

#[test]
fn a_statement_has_one_form_however_it_is_wrapped() {
    let house = House::new(true);
    let good = fact(&house).bytes;
    // D2 84, the protected header as a byte string, A0 for the unprotected one.
    let header = match good[2] {
        0x58 => 4 + usize::from(good[3]),
        0x59 => 5 + usize::from(u16::from_be_bytes([good[3], good[4]])),
        other => panic!("{other:x}"),
    };
    assert_eq!(good[header], 0xa0);
    let unprotected = [&good[..header], &[0xa1, 0x04, 0x41, 0x00], &good[header + 1..]].concat();
    let indefinite = [&good[..1], &[0x9f], &good[2..], &[0xff]].concat();
    let longer = [&good[..], &[0]].concat();
    let oversized = [&good[..], &vec![0; 65_401 - good.len()]].concat();
    let wrapped = [good[1..].to_vec(), unprotected, indefinite, longer, oversized];
    for bytes in &wrapped {
        assert_eq!(code(&house, bytes), "statement_form");
    }
    let index = submitted(&house.ledger, good.clone()).unwrap();
    // The same signed content in another wrapping is no second event either.
    for bytes in &wrapped {
        assert_eq!(code(&house, bytes), "statement_form");
    }
    assert_eq!(submitted(&house.ledger, good), Ok(index));
    assert_eq!(house.ledger.len(), index + 1);
}

#[test]
fn a_signature_with_a_torsioned_r_is_refused() {
    let house = House::new(true);
    let mut bytes = fact(&house).bytes;
    let message = Statement::parse(&bytes).unwrap().to_be_signed();
    let at = bytes.len() - 64;
    bytes[at..].copy_from_slice(&torsioned(&[20; 32], &message));
    assert_eq!(code(&house, &bytes), "bad_signature");
    assert!(submitted(&house.ledger, fact(&house).bytes).is_ok(), "the honest one passes");
}

#[test]
fn a_key_signs_within_its_days_only() {
    let house = House::new(true);
    let clock = house.ledger.clock();
    let enrol = |name: &str, seed: u8, from: Day, to: Day| {
        let subject = Subject::Actor(format!("411702-{name}").parse().unwrap());
        let data = ActorEnrolled {
            role: Role::Clerk,
            organisation: "federation".parse().unwrap(),
            division: DIVISION.parse().unwrap(),
            public_key: SecretKey::from_seed([seed; 32]).public(),
            valid_from: from,
            valid_to: Some(to),
            sector: None,
            institution: None,
            attending: false,
            employment: None,
            person: None,
            relations: Vec::new(),
            certificate_serial: None,
        };
        let proposal = house.write("keys", &subject, data);
        house.send(&proposal).unwrap();
        house.endorse("supervisor", &subject, proposal.id).unwrap();
    };
    let today = today();
    for (seed, from, to, expected) in [
        (61, today.plus_days(1), today.plus_days(9), "actor_not_yet_valid"),
        (62, today.plus_days(-9), today.plus_days(-1), "actor_expired"),
        (63, today, today, "ok"),
    ] {
        enrol(&format!("late-{seed}"), seed, from, to);
        let pen = Pen::new(SecretKey::from_seed([seed; 32]), "federation", ORIGIN, clock.clone());
        let household = HouseholdId([seed; 16]);
        let data = HouseholdMemberJoined::stated(household, PERSON, true, today);
        let signed = pen.write(&Subject::Household(household), &Payload::new(today, data)).unwrap();
        let answer = submitted(&house.ledger, signed.bytes);
        assert_eq!(answer.map_or_else(|rejection| rejection.code, |_| "ok"), expected);
    }
}

#[test]
fn the_tag_of_a_home_is_that_of_its_sealed_address() {
    let mut house = House::new(true);
    house.hire("dpf", Role::DpfReviewer, "dpf-b", 41);
    let store = house.ledger.personal().unwrap();
    let household = HouseholdId([7; 16]);
    let subject = Subject::Household(household);
    let key = store.keys_for(&[store.tag(TagKind::Id, "991702196001011230")]).unwrap().remove(0);
    let paper = |letter: u8| Evidence {
        kind: "photo".parse().unwrap(),
        hash: Hash([letter; 32]),
        custodian: None,
    };
    let code = |address: &str, tagged: Option<&str>, is_sealed: bool| {
        let mut personal = Personal::default();
        personal.address = Some(address.to_owned());
        let data = WorksAccepted {
            household,
            programme: Programme::HOME_ADAPTATION,
            before: paper(1),
            after: paper(2),
            acceptance: None,
            side: PersonSide::Paper,
            grade: None,
            cost: Fen(1),
            person: None,
            contractor: None,
            dwelling: tagged.map(|text| store.tagger().dwelling(text).unwrap()),
            row: None,
        };
        let mut payload = Payload::new(today(), data);
        if is_sealed {
            payload.sealed.push(store.seal(&key, &subject, "works.accepted", &personal).unwrap());
        }
        let signed = house.pen("dpf").write(&subject, &payload).unwrap();
        submitted(&house.ledger, signed.bytes).map_or_else(|why| why.code, |_| "ok")
    };
    let home = "东村三组 5 号";
    assert_eq!(code(home, Some("东村3组5号"), true), "ok");
    assert_eq!(code(home, None, true), "ok", "it may be left out");
    assert_eq!(code(home, Some("东村3组6号"), true), "sealed_mismatch");
    assert_eq!(code("东村", Some("东村3组5号"), true), "sealed_mismatch");
    assert_eq!(code(home, Some("东村3组5号"), false), "sealed_missing");
}

#[test]
fn sealed_data_is_opened_and_held_against_its_tags() {
    let house = House::new(true);
    let store = house.ledger.personal().unwrap();
    let id = "991702196001011230";
    let tag = store.tag(TagKind::Id, id);
    let key = store.keys_for(&[tag]).unwrap().remove(0);
    let subject = Subject::Person(PERSON);
    let personal = |name: &str| {
        let mut personal = Personal::default();
        personal.id_number = Some(id.to_owned());
        personal.name = Some(name.to_owned());
        personal
    };
    let recorded = |sealed: Vec<_>| {
        let data = PersonRecorded {
            person: PERSON,
            id: tag,
            name: store.tag(TagKind::Name, "name"),
            name_sound: None,
            meant_ids: Vec::new(),
            phone: None,
            village: None,
            hukou_division: None,
        };
        let payload = Payload { sealed, ..Payload::new(today(), data) };
        house.pen("clerk").write(&subject, &payload).unwrap().bytes
    };
    let seal = |subject: &Subject, name: &str, kind: &str| {
        store.seal(&key, subject, kind, &personal(name)).unwrap()
    };
    let good = seal(&subject, "name", "person.recorded");
    let mut altered = good.clone();
    altered.nonce = seal(&subject, "name", "person.recorded").nonce;
    let elsewhere = Subject::Person(PersonId([6; 16]));
    let rows = [
        (vec![], "sealed_missing"),
        (vec![seal(&subject, "another", "person.recorded")], "sealed_mismatch"),
        (vec![seal(&elsewhere, "name", "person.recorded")], "sealed_mismatch"),
        (vec![seal(&subject, "name", "person.corrected")], "sealed_mismatch"),
        (vec![altered], "sealed_mismatch"),
    ];
    for (number, (sealed, expected)) in rows.into_iter().enumerate() {
        assert_eq!(code(&house, &recorded(sealed)), expected, "row {number}");
    }
    let (first, second) = (recorded(vec![good.clone()]), recorded(vec![good]));
    submitted(&house.ledger, first).unwrap();

    // Without the vault nobody can look, and nothing sealed comes in.
    let now_ms = house.ledger.clock().wall_ms();
    let folder = house.close();
    let note_key = Some(SecretKey::from_seed([9; 32]));
    let secrets = Secrets { note_key, vault_key: None };
    let options = Options {
        clock: Arc::new(SetClock::at(now_ms)),
        log: mingzheng::log::Options::small(),
        ..Options::default()
    };
    let ledger = Ledger::open(&folder.path().join("ledger"), secrets, options).unwrap();
    assert_eq!(submitted(&ledger, second).unwrap_err().code, "vault_closed");
}
