//! Tests of sealed objects: round trips, misplacement, alteration, strict text.

use proptest::prelude::*;

use super::*;

const ORIGIN: &str = "example.org/ledger";
const KEY_ID: KeyId = KeyId([2; 16]);

fn context(subject: &Subject) -> Context<'_> {
    Context { origin: ORIGIN, subject, event_type: "case.applied", key_id: KEY_ID }
}

fn subject() -> Subject {
    "case:aaaaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap()
}

#[test]
fn an_object_opens_in_its_place_only() {
    let (key, subject, other) = (DataKey::new([1; 32]), subject(), Subject::Ledger);
    let here = context(&subject);
    let sealed = seal(&key, &here, Nonce([3; 24]), b"text").unwrap();
    assert_eq!(open(&key, &here, &sealed).unwrap().as_slice(), b"text");
    let event_key = EventKey::derive(&key, sealed.nonce);
    assert_eq!(open_with_event_key(&event_key, &here, &sealed).unwrap().as_slice(), b"text");

    let refused = |key: &DataKey, context: &Context<'_>, sealed: &Sealed| {
        open(key, context, sealed).unwrap_err()
    };
    for elsewhere in [
        Context { origin: "example.org/other", ..here },
        Context { subject: &other, ..here },
        Context { event_type: "case.closed", ..here },
    ] {
        assert_eq!(refused(&key, &elsewhere, &sealed), SealError::NotOpened);
    }
    assert_eq!(refused(&DataKey::new([9; 32]), &here, &sealed), SealError::NotOpened);
    let renamed = Sealed { key: KeyId([9; 16]), ..sealed.clone() };
    assert_eq!(refused(&key, &here, &renamed), SealError::OtherKey);
    let there = Context { key_id: KeyId([9; 16]), ..here };
    assert_eq!(refused(&key, &there, &renamed), SealError::NotOpened);
    // The nonce is part of the key: another object's event key opens nothing here.
    let other_event = EventKey::derive(&key, Nonce([4; 24]));
    let answer = open_with_event_key(&other_event, &here, &sealed).unwrap_err();
    assert_eq!(answer, SealError::NotOpened);
}

#[test]
fn the_commitment_is_checked() {
    let (key, subject) = (DataKey::new([1; 32]), subject());
    let here = context(&subject);
    let sealed = seal(&key, &here, Nonce([3; 24]), b"text").unwrap();
    for bit in 0..256 {
        let mut altered = sealed.clone();
        altered.commit.0[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(open(&key, &here, &altered).unwrap_err(), SealError::CommitmentMismatch);
    }
}

#[test]
fn lengths_are_limited_on_both_sides() {
    let (key, subject) = (DataKey::new([1; 32]), subject());
    let here = context(&subject);
    let longest = vec![b'x'; CT_LEN_MAX - AEAD_TAG_LEN];
    for plaintext in [&longest[..], &longest[..1], &[]] {
        let sealed = seal(&key, &here, Nonce([3; 24]), plaintext).unwrap();
        let text = serde_json::to_string(&sealed).unwrap();
        let read: Sealed = serde_json::from_str(&text).unwrap();
        assert_eq!(read, sealed);
        assert_eq!(open(&key, &here, &read).unwrap().as_slice(), plaintext);
    }
    let len = CT_LEN_MAX - AEAD_TAG_LEN + 1;
    let answer = seal(&key, &here, Nonce([3; 24]), &vec![b'x'; len]).unwrap_err();
    assert_eq!(answer, SealError::TooLong { len });
    for (len, fits) in [(15, false), (16, true), (CT_LEN_MAX, true), (CT_LEN_MAX + 1, false)] {
        let text = BASE64.encode(&vec![0; len]);
        assert_eq!(text.parse::<Ciphertext>().is_ok(), fits, "{len}");
    }
}

#[test]
fn text_is_strict() {
    let (key, subject) = (DataKey::new([1; 32]), subject());
    let sealed = seal(&key, &context(&subject), Nonce([3; 24]), b"text").unwrap();
    let good = serde_json::to_value(&sealed).unwrap();
    let mut extra = good.clone();
    extra["note"] = "x".into();
    assert!(serde_json::from_value::<Sealed>(extra).is_err());
    for (field, bad) in [
        ("alg", "XChaCha20"),
        ("key", "AAAA"),
        ("nonce", "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="),
        ("ct", "AAAA"),
        ("ct", "AAAAAAAAAAAAAAAAAAAAAB=="),
        ("commit", "AAAA"),
    ] {
        let mut altered = good.clone();
        altered[field] = bad.into();
        assert!(serde_json::from_value::<Sealed>(altered).is_err(), "{field} {bad}");
        let mut missing = good.clone();
        missing.as_object_mut().unwrap().remove(field);
        assert!(serde_json::from_value::<Sealed>(missing).is_err(), "{field}");
    }
    assert_eq!(format!("{key:?}"), "DataKey(..)");
}

#[test]
fn schema_and_type_agree() {
    let schema = schemars::schema_for!(Sealed).to_value();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let (key, subject) = (DataKey::new([1; 32]), subject());
    for len in 0..4 {
        let sealed = seal(&key, &context(&subject), Nonce([3; 24]), &[b'x'; 4][..len]).unwrap();
        let good = serde_json::to_value(&sealed).unwrap();
        assert!(validator.is_valid(&good), "{good}");
        let mut bad = good.clone();
        bad["ct"] = "AAAA".into();
        assert!(!validator.is_valid(&bad));
        bad = good;
        bad["note"] = "x".into();
        assert!(!validator.is_valid(&bad));
    }
}

proptest! {
    #[test]
    fn any_text_round_trips_and_any_altered_bit_is_refused(
        plaintext: Vec<u8>, nonce: [u8; 24], bit: prop::sample::Index,
    ) {
        let (key, subject) = (DataKey::new([1; 32]), subject());
        let here = context(&subject);
        let sealed = seal(&key, &here, Nonce(nonce), &plaintext).unwrap();
        let opened = open(&key, &here, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), plaintext.as_slice());

        let mut altered = sealed.clone();
        let bit = bit.index(altered.ct.0.len() * 8);
        altered.ct.0[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(open(&key, &here, &altered).unwrap_err(), SealError::NotOpened);
        altered = sealed;
        altered.nonce.0[bit % 24] ^= 1;
        prop_assert_eq!(open(&key, &here, &altered).unwrap_err(), SealError::NotOpened);
    }
}
