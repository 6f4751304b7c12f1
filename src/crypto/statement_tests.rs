//! Tests of statements: laws, every altered bit, other wrappings, and a foreign COSE library.

use coset::{
    AsCborValue, CborSerializable, CoseSign1, CoseSign1Builder, HeaderBuilder,
    TaggedCborSerializable,
    cbor::value::Value,
    iana::{self, EnumI64},
};
use proptest::prelude::*;

use super::*;

const TYPE: &str = "application/vnd.mingzheng.event+json";

fn key() -> SecretKey {
    SecretKey::from_seed([7; 32])
}

fn claims() -> Claims<'static> {
    Claims {
        iss: "411702-dpf",
        sub: "case:aaaaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap(),
        aud: "example.org/ledger",
        iat: 1_783_000_000,
        cti: Cti([5; 16]),
    }
}

fn signed() -> Vec<u8> {
    sign(&key(), &claims(), br#"{"type":"case.applied"}"#).unwrap()
}

/// The statement as a foreign library reads it.
fn foreign(bytes: &[u8]) -> CoseSign1 {
    CoseSign1::from_tagged_slice(bytes).unwrap()
}

#[test]
fn a_foreign_library_reads_the_header_and_verifies_the_signature() {
    let bytes = signed();
    let theirs = foreign(&bytes);
    let header = &theirs.protected.header;
    assert_eq!(header.alg, Some(coset::Algorithm::Assigned(iana::Algorithm::Ed25519)));
    assert_eq!(header.content_type, Some(coset::ContentType::Text(TYPE.to_owned())));
    assert_eq!(header.key_id, key().public().kid().0);
    let label = coset::Label::Int(iana::HeaderParameter::CwtClaims.to_i64());
    let [(found, claims_value)] = header.rest.as_slice() else { panic!("one more label") };
    assert_eq!(*found, label);
    let theirs_claims = coset::cwt::ClaimsSet::from_cbor_value(claims_value.clone()).unwrap();
    let ours = claims();
    assert_eq!(theirs_claims.issuer.as_deref(), Some(ours.iss));
    assert_eq!(theirs_claims.subject, Some(ours.sub.to_string()));
    assert_eq!(theirs_claims.audience.as_deref(), Some(ours.aud));
    assert_eq!(theirs_claims.issued_at, Some(coset::cwt::Timestamp::WholeSeconds(1_783_000_000)));
    assert_eq!(theirs_claims.cwt_id.as_deref(), Some(&ours.cti.0[..]));

    let verifying = key().public().verifying_key();
    theirs
        .verify_signature(b"", |signature, message| {
            verifying.verify_strict(message, signature.try_into().unwrap())
        })
        .unwrap();
    let statement = Statement::parse(&bytes).unwrap();
    assert_eq!(theirs.tbs_data(b""), statement.to_be_signed());
    assert_eq!(Hash::blake3(&theirs.tbs_data(b"")), statement.id());
    // Read and written again by the foreign library, it is the same bytes.
    assert_eq!(theirs.to_tagged_vec().unwrap(), bytes);
}

#[test]
fn a_statement_built_by_a_foreign_library_in_our_form_is_accepted() {
    let ours = claims();
    let cwt = Value::Map(vec![
        (1.into(), ours.iss.into()),
        (2.into(), ours.sub.to_string().into()),
        (3.into(), ours.aud.into()),
        (6.into(), ours.iat.into()),
        (7.into(), Value::Bytes(ours.cti.0.to_vec())),
    ]);
    let header = |kid: &Hash| {
        HeaderBuilder::new()
            .algorithm(iana::Algorithm::Ed25519)
            .content_type(TYPE.to_owned())
            .key_id(kid.0.to_vec())
    };
    let build = |header: HeaderBuilder, unprotected: HeaderBuilder| {
        CoseSign1Builder::new()
            .protected(header.build())
            .unprotected(unprotected.build())
            .payload(br#"{"type":"case.applied"}"#.to_vec())
            .create_signature(b"", |message| key().sign(message).to_vec())
            .build()
    };
    let kid = key().public().kid();
    let good = build(header(&kid).value(15, cwt.clone()), HeaderBuilder::new());
    assert_eq!(good.clone().to_tagged_vec().unwrap(), signed());

    // The same signature, or a valid one over another header: all refused by their form.
    let form = |bytes: &[u8]| match Statement::parse(bytes).unwrap_err() {
        StatementError::Form(unexpected) => unexpected.expected,
        other => panic!("{other}"),
    };
    assert_eq!(form(&good.clone().to_vec().unwrap()), "tag 18 and an array of 4");
    let noted = HeaderBuilder::new().text_value("note".to_owned(), 1.into());
    let noted = build(header(&kid).value(15, cwt.clone()), noted).to_tagged_vec().unwrap();
    assert_eq!(form(&noted), "an empty unprotected header");
    let mut detached = good.clone();
    detached.payload = None;
    assert_eq!(form(&detached.to_tagged_vec().unwrap()), "the payload");
    let header_form = "alg -19, our content type and a kid of 32 bytes";
    let eddsa = header(&kid).algorithm(iana::Algorithm::EdDSA).value(15, cwt.clone());
    assert_eq!(form(&build(eddsa, HeaderBuilder::new()).to_tagged_vec().unwrap()), header_form);
    let more = header(&kid).value(15, cwt.clone()).value(16, 1.into());
    assert_eq!(form(&build(more, HeaderBuilder::new()).to_tagged_vec().unwrap()), header_form);
    let mut unordered = cwt;
    unordered.as_map_mut().unwrap().swap(1, 2);
    let unordered = build(header(&kid).value(15, unordered), HeaderBuilder::new());
    assert_eq!(form(&unordered.to_tagged_vec().unwrap()), "the claim sub");
}

#[test]
fn every_altered_bit_is_refused() {
    let bytes = signed();
    let key = key().public().verifying_key();
    assert_eq!(Statement::parse(&bytes).unwrap().verify(&key), Ok(()));
    for bit in 0..bytes.len() * 8 {
        let mut altered = bytes.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        let accepted = Statement::parse(&altered).is_ok_and(|it| it.verify(&key).is_ok());
        assert!(!accepted, "bit {bit}");
    }
    for len in 0..bytes.len() {
        assert!(Statement::parse(&bytes[..len]).is_err(), "cut to {len}");
    }
    let longer = [&bytes[..], &[0]].concat();
    let trailing = Unexpected { at: bytes.len(), expected: "nothing more" };
    assert_eq!(Statement::parse(&longer).unwrap_err(), StatementError::Form(trailing));
}

#[test]
fn other_spellings_of_lengths_are_refused() {
    let bytes = signed();
    let statement = Statement::parse(&bytes).unwrap();
    let Parts { protected, payload } = statement.parts;
    let header = &protected[2..];
    let content = statement.payload();
    assert_eq!((protected[0], payload[0]), (0x58, 0x40 | 23), "one-byte lengths");
    let wrap = |protected: &[u8], payload: &[u8], signature: &[u8]| {
        let parts: [&[u8]; 6] =
            [&START, protected, &UNPROTECTED, payload, signature, statement.signature()];
        parts.concat()
    };
    assert_eq!(wrap(protected, payload, &SIGNATURE), bytes);
    let header_len = protected[1];
    let long_header = [&[0x59, 0, header_len], header].concat();
    let endless_header = [&[0x5f], protected, &[0xff]].concat();
    let long_payload = [&[0x58, 23], content].concat();
    let endless_payload = [&[0x5f], payload, &[0xff]].concat();
    let text_payload = [&[0x60 | 23], content].concat();
    for bad in [
        wrap(&long_header, payload, &SIGNATURE),
        wrap(&endless_header, payload, &SIGNATURE),
        wrap(protected, &long_payload, &SIGNATURE),
        wrap(protected, &endless_payload, &SIGNATURE),
        wrap(protected, &text_payload, &SIGNATURE),
        wrap(protected, payload, &[0x59, 0, 0x40]),
        [&[0xd8, 18], &bytes[1..]].concat(),
        [&[0xd2, 0xd2], &bytes[1..]].concat(),
        [&[0xd2, 0x9f], &bytes[2..], &[0xff]].concat(),
        [&[0xd2, 0x98, 4], &bytes[2..]].concat(),
    ] {
        // A lenient reader takes most of these for the same statement; we take none.
        let answer = Statement::parse(&bad).unwrap_err();
        assert!(matches!(answer, StatementError::Form(_)), "{answer}");
    }
}

#[test]
fn claims_have_limits_on_both_sides() {
    let (long, longer) = ("x".repeat(255), "x".repeat(256));
    let refused = |claims: &Claims<'_>| sign(&key(), claims, b"{}").unwrap_err();
    for (claim, bad) in [
        ("iss", Claims { iss: "", ..claims() }),
        ("iss", Claims { iss: &long[..129], ..claims() }),
        ("iss", Claims { iss: "a\nb", ..claims() }),
        ("aud", Claims { aud: "", ..claims() }),
        ("aud", Claims { aud: &longer, ..claims() }),
        ("iat", Claims { iat: IAT_MAX + 1, ..claims() }),
    ] {
        assert_eq!(refused(&bad), StatementError::Claim { claim });
        // A dishonest client does not check before it signs.
        let good = Unsigned::new(key().public().kid(), &claims(), b"{}").unwrap();
        let mut header = HEADER.to_vec();
        header.extend_from_slice(&good.kid.0);
        header.extend_from_slice(&CLAIMS);
        put_text(&mut header, bad.iss);
        header.extend_from_slice(&SUB);
        put_text(&mut header, &bad.sub.to_string());
        header.extend_from_slice(&AUD);
        put_text(&mut header, bad.aud);
        header.extend_from_slice(&IAT);
        put_uint(&mut header, bad.iat);
        header.extend_from_slice(&CTI);
        header.extend_from_slice(&bad.cti.0);
        let mut forged = Unsigned { protected: Vec::new(), ..good };
        put_bytes(&mut forged.protected, &header);
        let bytes = forged.join(&key().sign(&forged.to_be_signed()));
        assert_eq!(Statement::parse(&bytes).unwrap_err(), StatementError::Claim { claim });
    }
    let widest = Claims { iss: &long[..128], aud: &long, iat: IAT_MAX, ..claims() };
    let bytes = sign(&key(), &widest, b"{}").unwrap();
    assert_eq!(*Statement::parse(&bytes).unwrap().claims(), widest);

    let bytes = signed();
    let at = bytes.windows(5).position(|window| window == b"case:").unwrap();
    let mut other = bytes.clone();
    other[at + 5] = b'1';
    assert!(matches!(Statement::parse(&other).unwrap_err(), StatementError::Subject(_)));
}

#[test]
fn length_is_limited_exactly() {
    let overhead = sign(&key(), &claims(), &[b'x'; 256]).unwrap().len() - 256;
    let longest = vec![b'x'; STATEMENT_LEN_MAX - overhead];
    let bytes = sign(&key(), &claims(), &longest).unwrap();
    assert_eq!(bytes.len(), STATEMENT_LEN_MAX);
    assert_eq!(Statement::parse(&bytes).unwrap().payload(), longest);
    let longer = vec![b'x'; longest.len() + 1];
    let answer = StatementError::TooLong { len: STATEMENT_LEN_MAX + 1 };
    assert_eq!(sign(&key(), &claims(), &longer).unwrap_err(), answer);
    assert_eq!(Statement::parse(&[&bytes[..], &[0]].concat()).unwrap_err(), answer);
    let far = sign(&key(), &claims(), &vec![b'x'; 70_000]).unwrap_err();
    assert_eq!(far, StatementError::TooLong { len: 70_000 + overhead + 2 });
}

#[test]
fn a_signature_made_elsewhere_is_checked_before_it_is_joined() {
    let public = key().public();
    let unsigned = Unsigned::new(public.kid(), &claims(), b"{}").unwrap();
    let signature = key().sign(&unsigned.to_be_signed());
    let bytes = unsigned.assemble(&public.verifying_key(), &signature).unwrap();
    assert_eq!(bytes, sign(&key(), &claims(), b"{}").unwrap());
    assert_eq!(Statement::parse(&bytes).unwrap().id(), unsigned.id());

    let other = SecretKey::from_seed([8; 32]);
    let refused = |key: &SecretKey, signature| {
        unsigned.assemble(&key.public().verifying_key(), signature).unwrap_err()
    };
    assert_eq!(refused(&other, &signature), StatementError::OtherKey);
    let foreign = other.sign(&unsigned.to_be_signed());
    assert_eq!(refused(&key(), &foreign), StatementError::Signature(InvalidSignature));
    // A signature over the bare payload is not one over the statement.
    let bare = key().sign(b"{}");
    assert_eq!(refused(&key(), &bare), StatementError::Signature(InvalidSignature));
}

proptest! {
    #[test]
    fn statements_round_trip(
        seed: [u8; 32], iss in "[a-z0-9\u{4e00}-\u{4e20}-]{1,42}", aud in "[a-z0-9./-]{1,255}",
        iat in 0..=IAT_MAX, cti: [u8; 16], person: [u8; 16], payload: Vec<u8>,
    ) {
        let key = SecretKey::from_seed(seed);
        let sub = Subject::Person(crate::value::PersonId(person));
        let claims = Claims { iss: &iss, sub, aud: &aud, iat, cti: Cti(cti) };
        let bytes = sign(&key, &claims, &payload).unwrap();
        let statement = Statement::parse(&bytes).unwrap();
        prop_assert_eq!(statement.claims(), &claims);
        prop_assert_eq!(statement.payload(), payload.as_slice());
        prop_assert_eq!(*statement.kid(), key.public().kid());
        prop_assert_eq!(statement.id(), Hash::blake3(&statement.to_be_signed()));
        prop_assert_eq!(statement.verify(&key.public().verifying_key()), Ok(()));
        prop_assert_eq!(foreign(&bytes).tbs_data(b""), statement.to_be_signed());
    }

    #[test]
    fn random_bytes_never_panic(bytes: Vec<u8>) {
        prop_assert!(Statement::parse(&bytes).is_err());
    }

    /// Bytes near a statement reach the inner parts that random bytes never reach. Whatever is
    /// accepted is the one spelling of what was read.
    #[test]
    fn near_statements_never_panic_and_what_is_accepted_is_canonical(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut: Option<prop::sample::Index>,
    ) {
        let mut bytes = signed();
        for (at, value) in edits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            let at = cut.index(bytes.len());
            bytes.remove(at);
        }
        if let Ok(read) = Statement::parse(&bytes) {
            let again = Unsigned::new(*read.kid(), read.claims(), read.payload()).unwrap();
            prop_assert_eq!(again.join(read.signature()), bytes.clone());
        }
    }
}
