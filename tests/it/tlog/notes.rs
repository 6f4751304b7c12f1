//! Signed notes, verifier keys, checkpoints and cosignatures.

use ed25519_dalek::SigningKey;
use mingzheng::tlog::{
    Checkpoint, CheckpointError, Cosignature, CosignatureError, Cosigner, KeyName, NoteError,
    NoteSignature, NoteSigner, NoteVerifier, Origin, Sign, SignedCheckpoint, SignedNote, VkeyError,
    empty_root, leaf_hash,
};
use proptest::prelude::*;

use super::{list, number, text, vectors};

const ORIGIN: &str = "ledger.example/411700";

pub(super) fn signer(name: &str, seed: u8) -> NoteSigner<SigningKey> {
    NoteSigner::new(name.parse().unwrap(), SigningKey::from_bytes(&[seed; 32])).unwrap()
}

pub(super) fn cosign(note: &mut SignedNote, name: &str, seed: u8, timestamp: u64) -> Cosigner {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let witness = Cosigner::new(name.parse().unwrap(), &key.public_key()).unwrap();
    let message = Cosignature::message(timestamp, note.text());
    let signature = Sign::sign(&key, message.as_bytes());
    let bytes = Cosignature { timestamp, signature }.encode();
    let line = NoteSignature { name: witness.name().clone(), id: witness.id(), bytes };
    note.append(line).unwrap();
    witness
}

pub(super) fn checkpoint() -> SignedCheckpoint {
    let origin: Origin = ORIGIN.parse().unwrap();
    Checkpoint::new(origin, 3, leaf_hash(b"root")).sign(&signer(ORIGIN, 1)).unwrap()
}

#[test]
fn published_notes_verify_and_are_made_again() {
    let vectors = vectors("notes.json");
    let mut made = 0;
    for case in list(&vectors, "notes") {
        let (vkey, note) = (text(case, "vkey"), text(case, "note"));
        let key: NoteVerifier = vkey.parse().unwrap();
        assert_eq!(key.to_string(), vkey);
        let parsed = SignedNote::parse(note.as_bytes()).unwrap();
        assert_eq!(parsed.verify(&key), Ok(()));
        assert_eq!(parsed.text(), text(case, "text"));
        assert_eq!(parsed.to_string(), note);
        if let Some(seed) = case["seed"].as_str() {
            let seed = data_encoding::BASE64.decode(seed.as_bytes()).unwrap();
            let seed = SigningKey::from_bytes(&seed.try_into().unwrap());
            let signer = NoteSigner::new(key.name().clone(), seed).unwrap();
            assert_eq!(signer.verifier(), &key);
            let signed = SignedNote::sign(text(case, "text").to_owned(), &signer).unwrap();
            assert_eq!(signed.to_string(), note);
            made += 1;
        }
    }
    assert_eq!(made, 1);
}

#[test]
fn a_public_cosignature_verifies() {
    let vectors = vectors("notes.json");
    let case = &vectors["cosigned"];
    let witness: Cosigner = text(case, "witness_vkey").parse().unwrap();
    assert_eq!(witness.to_string(), text(case, "witness_vkey"));
    let note = SignedNote::parse(text(case, "note").as_bytes()).unwrap();
    assert_eq!(witness.verify(&note).unwrap().timestamp, number(case, "timestamp"));
    let checkpoint: Checkpoint = note.text().parse().unwrap();
    assert_eq!(checkpoint.size, number(case, "size"));
    assert_eq!(checkpoint.root.to_string(), text(case, "root"));
    // One second later, or one entry more, it is not the witness's word.
    let other = text(case, "note").replace("185550722", "185550723");
    let other = SignedNote::parse(other.as_bytes()).unwrap();
    assert_eq!(witness.verify(&other), Err(CosignatureError::BadSignature));
    let mut other = note.clone();
    let mut line = note.signatures()[1].clone();
    line.bytes[7] += 1;
    other.append(line).unwrap();
    assert_eq!(witness.verify(&other), Err(CosignatureError::BadSignature));
}

#[test]
fn keys_that_are_not_used() {
    let vectors = vectors("notes.json");
    for vkey in list(&vectors, "bad_vkeys") {
        assert!(vkey.as_str().unwrap().parse::<NoteVerifier>().is_err(), "{vkey}");
    }
    let good = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert!(good.parse::<NoteVerifier>().is_ok());
    assert_eq!(good.parse::<Cosigner>(), Err(VkeyError::Type { expected: 4, found: 1 }));
    for (bad, fault) in [
        (good.replace("c74f20a3", "c74f20a4"), VkeyError::IdDiffers),
        (good.replace("c74f20a3", "C74F20A3"), VkeyError::IdDiffers),
        (good.replace("PeterNeumann", "PeterNeuman"), VkeyError::IdDiffers),
        (good.replace("ARpc", "ARpd"), VkeyError::IdDiffers),
        (good.replace("10TW", "1w=="), VkeyError::NotCanonical),
        (good.replace("10TW", "10T"), VkeyError::Form),
        (good.replacen('+', "", 1), VkeyError::Form),
        (good.replacen('+', "/", 2), VkeyError::Form),
        (String::new(), VkeyError::Form),
        (format!("{good}{}", "A".repeat(1_000)), VkeyError::Form),
    ] {
        assert_eq!(bad.parse::<NoteVerifier>(), Err(fault), "{bad}");
    }
    for name in ["", "a b", "a+b", "a\nb", "a\u{2003}b", "\u{3000}", "a\tb", "a\u{1}b"] {
        assert!(name.parse::<KeyName>().is_err(), "{name:?}");
    }
    let name: KeyName = "a".parse().unwrap();
    // The neutral element, a point of order two, and one plus the field's prime: 1 spelled again.
    let (mut one, mut minus_one, mut again) = ([0; 32], [0xff; 32], [0xff; 32]);
    let mut no_point = [0; 32];
    no_point[0] = 2;
    assert_eq!(NoteVerifier::new(name.clone(), &no_point), Err(VkeyError::NotCanonical));
    one[0] = 1;
    (minus_one[0], minus_one[31]) = (0xec, 0x7f);
    (again[0], again[31]) = (0xee, 0x7f);
    assert_eq!(NoteVerifier::new(name.clone(), &one), Err(VkeyError::Torsion));
    assert_eq!(NoteVerifier::new(name.clone(), &minus_one), Err(VkeyError::Torsion));
    assert_eq!(NoteVerifier::new(name.clone(), &again), Err(VkeyError::NotCanonical));
    // A good key moved by a point of order two: not weak, and not in the prime-order group.
    let good = SigningKey::from_bytes(&[1; 32]).verifying_key().to_edwards();
    let moved = (good + curve25519_dalek::constants::EIGHT_TORSION[4]).compress().to_bytes();
    assert_eq!(NoteVerifier::new(name, &moved), Err(VkeyError::Torsion));
}

#[test]
fn a_signer_prints_no_secret() {
    let signer = signer(ORIGIN, 0x5a);
    let debug = format!("{signer:?}");
    assert_eq!(debug, format!("NoteSigner({})", signer.verifier()));
}

#[test]
fn notes_that_are_refused() {
    let line = "\u{2014} a AAAAAAA=\n";
    let note = |text: &str, lines: &str| SignedNote::parse(format!("{text}\n{lines}").as_bytes());
    assert!(note("text\n", line).is_ok());
    let many = line.repeat(100);
    assert!(note("text\n", &many).is_ok());
    let inner = note("one\n\n\u{2014} a AAAAAAA=\n\ntwo\n", line).unwrap();
    assert_eq!(inner.text(), "one\n\n\u{2014} a AAAAAAA=\n\ntwo\n");
    let bad_line = NoteError::SignatureLine { line: 1 };
    for (text, lines, fault) in [
        ("text", line, NoteError::NoSignatures),
        ("text\n", "", NoteError::NoSignatures),
        ("text\n", line.trim_end(), NoteError::NotEnded),
        ("text\r\n", line, NoteError::ControlCharacter),
        ("te\0xt\n", line, NoteError::ControlCharacter),
        ("text\n", &format!("{many}{line}"), NoteError::TooManySignatures),
        ("text\n", "- a AAAAAAA=\n", bad_line),
        ("text\n", "\u{2014}  a AAAAAAA=\n", bad_line),
        ("text\n", "\u{2014} a  AAAAAAA=\n", bad_line),
        ("text\n", "\u{2014} a AAAAAAA= \n", bad_line),
        ("text\n", "\u{2014} a AAAAAAA=AAAA\n", bad_line),
        ("text\n", "\u{2014} a AAAAAA==\n", bad_line),
        ("text\n", "\u{2014} a AAAAAAB=\n", bad_line),
        ("text\n", "\u{2014} a\n", bad_line),
        ("text\n", "\u{2014} a+b AAAAAAA=\n", bad_line),
        ("text\n", &format!("{line}text\n"), NoteError::SignatureLine { line: 2 }),
    ] {
        assert_eq!(note(text, lines), Err(fault), "{text:?} {lines:?}");
    }
    assert_eq!(SignedNote::parse(b"text\n\n\xe2\x80 a\n"), Err(NoteError::NotUtf8));
    assert_eq!(SignedNote::parse(&vec![b'a'; (1 << 20) + 1]), Err(NoteError::TooLong));
    let sign = |text: &str| SignedNote::sign(text.to_owned(), &signer("a", 1)).map(drop);
    assert_eq!(sign("text"), Err(NoteError::TextNotEnded));
    assert_eq!(sign(""), Err(NoteError::TextNotEnded));
    assert_eq!(sign("te\txt\n"), Err(NoteError::ControlCharacter));
    assert_eq!(sign(&format!("{}\n", "a".repeat(1 << 20))), Err(NoteError::TooLong));
}

#[test]
fn unknown_signatures_are_kept_and_known_ones_must_hold() {
    let (mine, other) = (signer("a", 1), signer("b", 2));
    let mut note = SignedNote::sign("text\n".into(), &mine).unwrap();
    assert_eq!(note.verify(other.verifier()), Err(NoteError::NotSigned));
    let unknown = NoteSignature {
        name: other.verifier().name().clone(),
        id: mine.verifier().id(),
        bytes: vec![1, 2, 3],
    };
    note.append(unknown.clone()).unwrap();
    note.append(unknown.clone()).unwrap();
    assert_eq!(note.signatures().len(), 2, "the same line twice is one");
    let note = SignedNote::parse(note.to_string().as_bytes()).unwrap();
    assert_eq!(note.signatures()[1], unknown);
    assert_eq!(note.verify(mine.verifier()), Ok(()));
    // Only name or only id in common: not this key's signature.
    assert_eq!(note.verify(other.verifier()), Err(NoteError::NotSigned));
    // Name and id in common: it must hold, even beside one that does.
    for bytes in [vec![0; 64], vec![0; 63], vec![0; 72]] {
        let mut note = note.clone();
        let forged = NoteSignature { name: mine.verifier().name().clone(), bytes, ..unknown };
        note.append(forged).unwrap();
        assert_eq!(note.verify(mine.verifier()), Err(NoteError::BadSignature));
    }
    // The same seed under another name is another key.
    assert_eq!(note.verify(signer("c", 1).verifier()), Err(NoteError::NotSigned));
}

#[test]
fn the_limits_of_a_note_hold_when_appending() {
    let mut note = SignedNote::sign("text\n".into(), &signer("a", 1)).unwrap();
    let line = |bytes| NoteSignature { bytes, ..note.signatures()[0].clone() };
    let (huge, lines) = (line(vec![0; 1 << 20]), (1..=100).map(|n| line(vec![n])));
    let lines: Vec<_> = lines.collect();
    let before = note.clone();
    assert_eq!(note.append(huge), Err(NoteError::TooLong));
    assert_eq!(note, before);
    for line in &lines[..99] {
        assert_eq!(note.append(line.clone()), Ok(()));
    }
    assert_eq!(note.append(lines[99].clone()), Err(NoteError::TooManySignatures));
    assert_eq!(SignedNote::parse(note.to_string().as_bytes()), Ok(note));
}

#[test]
fn origins() {
    for good in ["a", ORIGIN, "0-9./", &"a".repeat(255)] {
        let origin: Origin = good.parse().unwrap();
        assert_eq!(origin.to_string(), good);
        assert_eq!(serde_json::to_string(&origin).unwrap(), format!("\"{good}\""));
    }
    for bad in ["", "A", "a b", "a+b", "a_b", "a:b", "é", "a\n", &"a".repeat(256)] {
        assert!(bad.parse::<Origin>().is_err(), "{bad:?}");
        assert!(serde_json::from_value::<Origin>(bad.into()).is_err(), "{bad:?}");
    }
}

#[test]
fn checkpoints_open_with_the_ledgers_key_only() {
    let signed = checkpoint();
    let note = signed.note().to_string();
    let key = signer(ORIGIN, 1);
    assert_eq!(Checkpoint::open(note.as_bytes(), key.verifier()), Ok(signed.clone()));
    assert_eq!(signed.checkpoint().to_string(), signed.note().text());
    let refused = |note: &str, key: &NoteSigner<SigningKey>| {
        Checkpoint::open(note.as_bytes(), key.verifier()).unwrap_err()
    };
    assert_eq!(refused(&note, &signer(ORIGIN, 2)), NoteError::NotSigned.into());
    assert_eq!(refused(&note, &signer("ledger.example", 1)), NoteError::NotSigned.into());
    assert_eq!(refused(&note.replace("\n3\n", "\n4\n"), &key), NoteError::BadSignature.into());
    assert_eq!(refused("", &key), NoteError::NoSignatures.into());
    // Signed by the key in its own name, but about another ledger.
    let other = signed.note().text().replace("411700", "411800");
    let other = SignedNote::sign(other, &key).unwrap().to_string();
    assert_eq!(refused(&other, &key), CheckpointError::OriginDiffers);
    let unsigned = Checkpoint::new("other".parse().unwrap(), 3, leaf_hash(b"root"));
    assert_eq!(unsigned.sign(&key), Err(CheckpointError::OriginDiffers));
    let empty = |root| Checkpoint::new(ORIGIN.parse().unwrap(), 0, root).sign(&key);
    assert!(empty(empty_root()).is_ok());
    assert_eq!(empty(leaf_hash(b"")), Err(CheckpointError::EmptyTreeRoot));
}

#[test]
fn checkpoint_texts() {
    let root = leaf_hash(b"root").to_string();
    let read = |lines: &[&str]| format!("{}\n", lines.join("\n")).parse::<Checkpoint>();
    let plain = read(&["a", "18446744073709551615", &root]).unwrap();
    assert_eq!((plain.size, plain.extensions().len()), (u64::MAX, 0));
    let extended = read(&["a", "3", &root, "more", "and more"]).unwrap();
    assert_eq!(extended.extensions(), ["more", "and more"]);
    assert_eq!(extended.to_string(), format!("a\n3\n{root}\nmore\nand more\n"));
    let empty = empty_root().to_string();
    assert!(read(&["a", "0", &empty]).is_ok());
    let many = [["a", "3", &root].as_slice(), &["more"; 17]].concat();
    assert!(read(&many[..19]).is_ok());
    for (lines, fault) in [
        (&["a", "3"][..], CheckpointError::Lines),
        (&[""], CheckpointError::Lines),
        (&["a", "3", &root, ""], CheckpointError::Lines),
        (&["a", "3", &root, "", "more"], CheckpointError::Lines),
        (&["", "3", &root], CheckpointError::Lines),
        (&many, CheckpointError::TooManyExtensions),
        (&["A", "3", &root], CheckpointError::Origin),
        (&["a ", "3", &root], CheckpointError::Origin),
        (&["a", "03", &root], CheckpointError::Size),
        (&["a", "-3", &root], CheckpointError::Size),
        (&["a", "3 ", &root], CheckpointError::Size),
        (&["a", "18446744073709551616", &root], CheckpointError::Size),
        (&["a", "3", &root[1..]], CheckpointError::Root),
        (&["a", "3", &format!("{root}=")], CheckpointError::Root),
        (&["a", "0", &root], CheckpointError::EmptyTreeRoot),
    ] {
        assert_eq!(read(lines), Err(fault), "{lines:?}");
    }
    assert_eq!(format!("a\n3\n{root}").parse::<Checkpoint>(), Err(CheckpointError::Lines));
}

#[test]
fn cosignatures_of_a_witness() {
    let signed = checkpoint();
    let mut note = signed.note().clone();
    let stranger = cosign(&mut note.clone(), "w", 9, 5);
    assert_eq!(stranger.verify(&note), Err(CosignatureError::NotCosigned));
    let witness = cosign(&mut note, "witness.example/w1", 3, 1_783_209_600);
    cosign(&mut note, "witness.example/w1", 3, 1_783_209_500);
    assert_eq!(witness.verify(&note).unwrap().timestamp, 1_783_209_600, "the newest counts");
    assert_eq!(witness.to_string().parse(), Ok(witness.clone()));
    // The ledger's signature is untouched by it.
    let opened = Checkpoint::open(note.to_string().as_bytes(), signer(ORIGIN, 1).verifier());
    assert_eq!(opened.unwrap().note(), &note);
    // A note signature is not a cosignature, whoever's key it is.
    let as_note = NoteVerifier::new(witness.name().clone(), &[3; 32]);
    assert_ne!(as_note.map(|key| key.id()), Ok(witness.id()));
    for bytes in [vec![0; 71], vec![0; 73], vec![0xff; 72], vec![0; 4]] {
        let mut note = note.clone();
        let (name, id) = (witness.name().clone(), witness.id());
        note.append(NoteSignature { name, id, bytes }).unwrap();
        assert_eq!(witness.verify(&note), Err(CosignatureError::Form));
    }
    let at = |timestamp: u64| Cosignature { timestamp, signature: [0; 64] };
    for (timestamp, read) in
        [(i64::MAX as u64, Ok(at(i64::MAX as u64))), (1 << 63, Err(CosignatureError::Form))]
    {
        assert_eq!(Cosignature::decode(&at(timestamp).encode()), read);
    }
    let mut text = SignedNote::sign("not a checkpoint\n".into(), &signer("a", 1)).unwrap();
    let witness = cosign(&mut text, "w", 3, 1);
    assert_eq!(witness.verify(&text), Err(CheckpointError::Lines.into()));
}

proptest! {
    #[test]
    fn any_text_is_signed_and_read_back(
        text in "[^\u{0}-\u{1f}]{0,40}(\n[^\u{0}-\u{1f}]{0,20}){0,5}", seed in any::<u8>(),
    ) {
        let (text, signer) = (text + "\n", signer("a/b.c", seed));
        let note = SignedNote::sign(text.clone(), &signer).unwrap();
        let parsed = SignedNote::parse(note.to_string().as_bytes()).unwrap();
        prop_assert_eq!(&parsed, &note);
        prop_assert_eq!(parsed.text(), text);
        prop_assert_eq!(parsed.verify(signer.verifier()), Ok(()));
    }
}
