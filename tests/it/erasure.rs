//! Erasure: the key is gone, and nothing that anybody proved or flagged changes.

use std::fs;

use mingzheng::{
    audit,
    crypto::{TagKind, VaultKey},
    event::{Body, Endorsed, Payload, PersonalDataErased, Recorded, Role},
    ledger::{Ledger, OpenError, PersonalError},
    projection::Projection,
    rules::Flag,
    value::{Hash, KeyId, PersonId, Subject},
};

use crate::house::{House, today};

const ONE: &str = "991702196001011230";
const TWO: &str = "991702196001011249";
const VAULT: &str = "ledger/vault/vault";

fn old_key() -> VaultKey {
    VaultKey::new([8; 32])
}

fn new_key() -> VaultKey {
    VaultKey::new([88; 32])
}

/// A ledger that knows two people, one of them paid twice too much.
fn house() -> House {
    let mut house = House::new(true);
    house.hire("privacy", Role::PrivacyOfficer, "data bureau", 40);
    let roster = format!(
        "姓名,公民身份号码,残疾人证号,残疾类别,残疾等级,发证日期,有效期至,证件状态,户籍区划代码\n\
         甲,{ONE},{ONE}42,4,2,2016-01-01,2026-01-01,正常,411702\n\
         乙,{TWO},{TWO}41,4,1,2016-01-01,2026-01-01,正常,411702\n"
    );
    house.import("clerk", "持证人名册.csv", roster);
    let deaths = format!("姓名,公民身份号码,死亡日期\n甲,{ONE},2025-02-03\n");
    house.import("police", "死亡人员名单.csv", deaths);
    let header = "姓名,公民身份号码,残疾人证号,补贴月份,金额(元)";
    let paid = format!("{header}\n甲,{ONE},{ONE}42,2026-07,80\n乙,{TWO},{TWO}41,2026-07,80\n");
    house.import("bank", "护理补贴2026年7月.csv", paid);
    house
}

fn flags(ledger: &Ledger) -> (Vec<Flag>, Hash) {
    let mut index = Projection::rebuild(ledger.folder()).unwrap();
    index.catch_up(ledger).unwrap();
    let book = ledger.with_state(|state| state.policies.clone()).unwrap();
    (index.flags(&*book, today()).unwrap(), index.state_hash().unwrap())
}

/// Whether each sealed object of the ledger opens, with the key it is sealed under.
fn opening(ledger: &Ledger) -> Vec<(KeyId, bool)> {
    let mut opening = Vec::new();
    for index in 0..ledger.len() {
        let event = ledger.event(index).unwrap();
        for sealed in &event.payload.sealed {
            let store = ledger.personal().unwrap();
            let opened = store.open_sealed(sealed, &event.subject, event.payload.body.name());
            assert!(matches!(opened, Ok(_) | Err(PersonalError::NoKey)));
            opening.push((sealed.key, opened.is_ok()));
        }
    }
    opening
}

/// Has the erasure of everything about `ONE` recorded and endorsed; the vault's file is not yet
/// touched.
fn record_erasure(house: &House) -> (PersonId, Vec<KeyId>) {
    let store = house.ledger.personal().unwrap();
    let tag = store.tag(TagKind::Id, ONE);
    let keys = store.key_ids(&tag).unwrap();
    assert_eq!(keys.len(), 1);
    let person = house.ledger.with_state(|state| state.people.by_tag(&tag)).unwrap().unwrap();
    let erased = PersonalDataErased {
        person,
        keys: keys.clone(),
        basis: "art. 47".parse().unwrap(),
        retention_check: None,
        final_on: today().plus_days(90),
    };
    let subject = Subject::Person(person);
    let proposal = house.write("privacy", &subject, erased);
    house.send(&proposal).unwrap();
    assert!(opening(&house.ledger).iter().all(|(_, opens)| *opens));
    house.endorse("keys", &subject, proposal.id).unwrap();
    (person, keys)
}

#[test]
fn an_erased_key_is_out_of_use_when_its_endorsement_is_acknowledged() {
    let house = house();
    let earlier = house.events();
    let (_, keys) = record_erasure(&house);
    for (key, opens) in opening(&house.ledger) {
        assert_eq!(opens, key != keys[0]);
    }
    let store = house.ledger.personal().unwrap();
    assert_eq!(store.left_to_erase().unwrap(), keys, "the custodian has still to destroy it");
    let (fresh, _) = store.keys_for(&[store.tag(TagKind::Id, ONE)]).unwrap().remove(0);
    assert!(!keys.contains(&fresh));

    // Signed before, under the erased key, and sent behind the erasure.
    let under =
        |event: &&Recorded| event.payload.sealed.first().is_some_and(|it| it.key == keys[0]);
    let mut early = earlier.iter().filter(under);
    let event = early.find(|event| event.payload.body.name() == "payment.executed").unwrap();
    let anew = house.pen("bank").write(&event.subject, &event.payload).unwrap();
    let refused = house.send(&anew).unwrap_err();
    assert_eq!((refused.rule, refused.code), ("I37", "key_erased"));
    assert!(refused.message.contains(&keys[0].to_string()), "{}", refused.message);
}

#[test]
fn a_statement_under_a_key_that_its_own_group_erases_is_refused() {
    let house = house();
    let (people, _) = keys_on_the_log(&house);
    let (person, key) = people[0];
    let row = house
        .events()
        .into_iter()
        .find(|event| event.payload.sealed.first().is_some_and(|sealed| sealed.key == key))
        .unwrap();
    let subject = Subject::Person(person);
    let basis = "art. 47".parse().unwrap();
    let erased = PersonalDataErased {
        person,
        keys: vec![key],
        basis,
        retention_check: None,
        final_on: today(),
    };
    let proposal = house.write("privacy", &subject, erased);
    house.send(&proposal).unwrap();
    let mut endorsed = Payload::new(today(), Endorsed {});
    endorsed.expect = Some(house.ledger.expect(&subject).unwrap());
    endorsed.refs = vec![proposal.id];
    let endorsed = house.pen("keys").write(&subject, &endorsed).unwrap();
    let late = house.pen("clerk").write(&row.subject, &row.payload).unwrap();
    let answer = house.ledger.submit(vec![endorsed.bytes, late.bytes]).unwrap().wait().unwrap();
    let codes: Vec<_> =
        answer.results.iter().map(|result| result.as_ref().err().map(|no| no.code)).collect();
    assert_eq!(codes, [None, Some("key_erased")]);
}

#[test]
fn an_erased_key_changes_no_proof_and_no_flag() {
    let house = house();
    let before = flags(&house.ledger).0;
    assert!(before.iter().any(|flag| flag.rule.id == "R01"), "somebody dead was paid");
    let receipts: Vec<_> =
        (0..house.ledger.len()).map(|index| house.ledger.receipt(index).unwrap()).collect();
    let (person, keys) = record_erasure(&house);
    let store = house.ledger.personal().unwrap();
    let own = store.file_key().unwrap().0;
    assert!(matches!(store.erase(&[own], new_key()), Err(PersonalError::LedgerKey)));
    store.erase(&keys, new_key()).unwrap();

    let folder = house.folder().join(VAULT);
    let vault = fs::read(folder).unwrap();
    assert!(
        !vault.windows(16).any(|part| part == keys[0].0),
        "the key's id is gone from the vault"
    );
    for (key, opens) in opening(&house.ledger) {
        assert_eq!(opens, key != keys[0]);
    }
    let (after, state_hash) = flags(&house.ledger);
    assert_eq!(after, before);
    let restricted = |ledger: &Ledger| {
        ledger.with_state(|state| state.people.find(&person).unwrap().restricted).unwrap()
    };
    assert!(restricted(&house.ledger));

    // The old vault key opens nothing any more; with the new one all is as it was left.
    let folder = house.close();
    assert!(matches!(House::open_again(&folder, old_key()), Err(OpenError::Personal(_))));
    let ledger = House::open_again(&folder, new_key()).unwrap();
    assert!(restricted(&ledger));
    assert_eq!(flags(&ledger), (before, state_hash));
    assert!(ledger.personal().unwrap().left_to_erase().unwrap().is_empty());
    assert!(opening(&ledger).iter().all(|(key, opens)| *opens == (*key != keys[0])));
    let vkey = ledger.verifier().unwrap();
    for (index, receipt) in (0..).zip(&receipts) {
        assert_eq!(receipt.verify(&vkey).unwrap().index, index);
        assert_eq!(ledger.receipt(index).unwrap().verify(&vkey).unwrap().index, index);
    }
    drop(ledger);
    let trail = audit::Trail::open(folder.path().join("ledger")).unwrap();
    let report = audit::verify(&trail, &audit::Options::default());
    assert!(report.ok, "{:?}", report.violations);
}

#[test]
fn a_vault_from_before_the_erasure_is_held_to_it_on_opening() {
    let house = house();
    let earlier = fs::read(house.folder().join(VAULT)).unwrap();
    let (_, keys) = record_erasure(&house);
    house.ledger.personal().unwrap().erase(&keys, new_key()).unwrap();
    let folder = house.close();
    fs::write(folder.path().join(VAULT), &earlier).unwrap();
    // From the snapshot, and from the log alone.
    for snapshot in [true, false] {
        if !snapshot {
            fs::remove_file(folder.path().join("ledger/index/state.snapshot")).unwrap();
        }
        let ledger = House::open_again(&folder, old_key()).unwrap();
        assert_eq!(ledger.personal().unwrap().left_to_erase().unwrap(), keys);
        assert!(opening(&ledger).iter().all(|(key, opens)| *opens == (*key != keys[0])));
    }
    // The person is dealt with again one day: under another key.
    let ledger = House::open_again(&folder, old_key()).unwrap();
    let store = ledger.personal().unwrap();
    let tag = store.tag(TagKind::Id, ONE);
    let (fresh, _) = store.keys_for(&[tag]).unwrap().remove(0);
    assert!(!keys.contains(&fresh));
    store.erase(&store.left_to_erase().unwrap(), new_key()).unwrap();
    assert_eq!(store.key_ids(&tag).unwrap(), [fresh]);
    assert!(store.left_to_erase().unwrap().is_empty());
}

/// Two people's pseudonyms and the keys their register rows are sealed under, and a roll's key.
fn keys_on_the_log(house: &House) -> (Vec<(PersonId, KeyId)>, KeyId) {
    let mut people = Vec::new();
    let mut roll = None;
    for event in house.events() {
        match &event.payload.body {
            Body::CertificateLegacyImported(data) => {
                people.push((data.person, event.payload.sealed[0].key));
            }
            Body::RollReceived(_) => roll = Some(event.payload.sealed[0].key),
            _ => {}
        }
    }
    (people, roll.unwrap())
}

#[test]
fn an_erasure_names_the_keys_of_its_person_and_no_others() {
    let house = house();
    let (people, roll) = keys_on_the_log(&house);
    let [(person, own), (_, of_another)] = people.try_into().unwrap();
    let rows = [
        ("no_keys_named", vec![]),
        ("key_named_twice", vec![own, own]),
        ("not_their_key", vec![of_another]),
        ("not_their_key", vec![own, of_another]),
        ("not_their_key", vec![roll]),
        ("not_their_key", vec![KeyId([0; 16])]),
        ("not_their_key", vec![KeyId([77; 16])]),
    ];
    let subject = Subject::Person(person);
    let erased = |keys| {
        let basis = "art. 47".parse().unwrap();
        PersonalDataErased { person, keys, basis, retention_check: None, final_on: today() }
    };
    for (code, keys) in rows {
        let refused = house.send(&house.write("privacy", &subject, erased(keys))).unwrap_err();
        assert_eq!((refused.rule, refused.code), ("I37", code));
    }
    house.send(&house.write("privacy", &subject, erased(vec![own]))).unwrap();
}

#[test]
fn a_statement_whose_key_was_erased_still_hears_its_first_receipt() {
    let house = house();
    let sealed = house
        .events()
        .into_iter()
        .find(|event| matches!(event.payload.body, Body::CertificateLegacyImported(_)));
    let index = sealed.unwrap().index;
    let entry = house.ledger.reader().read(index).unwrap();
    let statement = mingzheng::ledger::entry_of(&entry).unwrap().statement.to_vec();
    let (person, keys) = record_erasure(&house);
    house.ledger.personal().unwrap().erase(&keys, new_key()).unwrap();
    let send = |bytes: Vec<u8>| {
        let answer = house.ledger.submit(vec![bytes]).unwrap().wait().unwrap();
        answer.results.into_iter().next().unwrap()
    };
    let again = send(statement).unwrap();
    assert_eq!((again.index, again.again), (index, true));

    // A new statement of the same content, under the erased key, does not come in.
    let event = house.ledger.event(index).unwrap();
    assert_eq!(event.payload.body.person(), Some(person));
    let anew = house.pen("clerk").write(&event.subject, &event.payload).unwrap();
    assert_eq!(send(anew.bytes).unwrap_err().code, "key_erased");
}

#[test]
fn only_a_privacy_officer_erases_and_not_alone() {
    let house = house();
    let event = (0..house.ledger.len()).map(|index| house.ledger.event(index).unwrap());
    let found = event.into_iter().find_map(|event| match &event.payload.body {
        Body::CertificateLegacyImported(data) => Some((data.person, event.payload.sealed[0].key)),
        _ => None,
    });
    let (person, key) = found.unwrap();
    let erased = || PersonalDataErased {
        person,
        keys: vec![key],
        basis: "art. 47".parse().unwrap(),
        retention_check: None,
        final_on: today(),
    };
    let subject = Subject::Person(person);
    let refused = house.send(&house.write("clerk", &subject, erased())).unwrap_err();
    assert_eq!(refused.code, "role_may_not_sign");
    let proposal = house.write("privacy", &subject, erased());
    house.send(&proposal).unwrap();
    assert!(house.endorse("supervisor", &subject, proposal.id).is_err());
    let pending = house.ledger.with_state(|state| state.erased_keys.is_empty()).unwrap();
    assert!(pending, "a proposal erases nothing");
    house.endorse("keys", &subject, proposal.id).unwrap();
    let recorded = house.ledger.with_state(|state| state.erased_keys.contains(&key)).unwrap();
    assert!(recorded);
}
