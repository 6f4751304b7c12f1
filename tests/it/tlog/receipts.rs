//! Offline receipts.

use mingzheng::tlog::{
    Checkpoint, CheckpointError, Cosigner, NoteError, NoteVerifier, ProofError, Receipt,
    ReceiptError, empty_root, leaf_hash,
};
use proptest::prelude::*;

use super::notes::signer;
use super::{entry, list, number, text, tree_of, vectors};

#[test]
fn receipts_made_elsewhere_verify_and_are_made_again() {
    let vectors = vectors("receipts.json");
    let key: NoteVerifier = text(&vectors, "vkey").parse().unwrap();
    let witness: Cosigner = text(&vectors, "witness_vkey").parse().unwrap();
    let signer = signer(key.name().as_str(), 0x11);
    assert_eq!(signer.verifier(), &key);
    let origin = || key.name().as_str().parse().unwrap();

    let empty = Checkpoint::new(origin(), 0, empty_root()).sign(&signer).unwrap();
    assert_eq!(empty.note().to_string(), text(&vectors, "empty_checkpoint"));

    let tree = tree_of(65_537);
    for case in list(&vectors, "receipts") {
        let (index, size) = (number(case, "index"), number(case, "size"));
        let receipt: Receipt = text(case, "text").parse().unwrap();
        assert_eq!(receipt.to_string(), text(case, "text"));
        let verified = receipt.verify(&key).unwrap();
        assert_eq!((verified.index, verified.entry), (index, &entry(index)[..]));
        let checkpoint = Checkpoint::new(origin(), size, tree.root_at(size).unwrap());
        assert_eq!(verified.checkpoint, checkpoint);

        let mut note = checkpoint.sign(&signer).unwrap().into_note();
        match number(case, "timestamp") {
            0 => assert!(witness.verify(receipt.note()).is_err()),
            timestamp => {
                assert_eq!(witness.verify(receipt.note()).unwrap().timestamp, timestamp);
                let name = witness.name().as_str();
                assert_eq!(super::notes::cosign(&mut note, name, 0x22, timestamp), witness);
            }
        }
        let path = tree.inclusion(index, size).unwrap();
        assert_eq!(Receipt::new(entry(index).to_vec(), index, path, note), Ok(receipt));
    }
}

/// A receipt for entry 2 of 7, its text and the key.
fn sample() -> (Receipt, String, NoteVerifier) {
    let (tree, signer) = (tree_of(7), signer("ledger.example", 1));
    let origin = "ledger.example".parse().unwrap();
    let note = Checkpoint::new(origin, 7, tree.root()).sign(&signer).unwrap().into_note();
    let path = tree.inclusion(2, 7).unwrap();
    let receipt = Receipt::new(entry(2).to_vec(), 2, path, note).unwrap();
    let text = receipt.to_string();
    (receipt, text, signer.verifier().clone())
}

#[test]
fn receipts_that_prove_nothing() {
    let (receipt, text, key) = sample();
    assert!(receipt.verify(&key).is_ok());
    let fault = |from: &str, to: &str| {
        assert_ne!(text, text.replacen(from, to, 1), "{from:?}");
        text.replacen(from, to, 1).parse::<Receipt>().unwrap().verify(&key).map(drop).unwrap_err()
    };
    let differs = ReceiptError::Proof(ProofError::RootDiffers);
    assert_eq!(fault("extra AAAAAAAAAAI=", "extra AAAAAAAAAAM="), differs);
    assert_eq!(fault("index 2\n", "index 3\n"), differs);
    let beyond = ProofError::IndexNotInTree { index: 7, size: 7 };
    assert_eq!(fault("index 2\n", "index 7\n"), beyond.into());
    let hash = format!("{}\n", tree_of(7).leaf(3).unwrap());
    assert_eq!(fault(&hash, ""), ProofError::PathTooShort.into());
    assert_eq!(fault(&hash, &hash.repeat(2)), ProofError::PathTooLong.into());
    let bad_signature = ReceiptError::Checkpoint(NoteError::BadSignature.into());
    assert_eq!(fault("\n7\n", "\n8\n"), bad_signature);
    assert_eq!(fault("\n\nledger.example\n", "\n\nledger.other\n"), bad_signature);
    let other = signer("ledger.example", 2);
    let not_signed = CheckpointError::from(NoteError::NotSigned);
    assert_eq!(receipt.verify(other.verifier()), Err(not_signed.into()));
}

#[test]
fn texts_that_are_not_receipts() {
    let (_, text, key) = sample();
    let header = "c2sp.org/tlog-proof@v1\n";
    let hash = format!("{}\n", leaf_hash(b""));
    for (from, to, fault) in [
        (header, "c2sp.org/tlog-proof@v2\n", ReceiptError::Header),
        (header, "", ReceiptError::Header),
        (header, "c2sp.org/tlog-proof@v1\r\n", ReceiptError::Header),
        ("extra AAAAAAAAAAI=\n", "", ReceiptError::Entry),
        ("extra AAAAAAAAAAI=\n", "extra \n", ReceiptError::Entry),
        ("extra AAAAAAAAAAI=", "extra AAAAAAAAAAI", ReceiptError::Entry),
        ("extra AAAAAAAAAAI=", "extra AAAAAAAAAAJ=", ReceiptError::Entry),
        ("extra AAAAAAAAAAI=", "Extra AAAAAAAAAAI=", ReceiptError::Entry),
        ("extra AAAAAAAAAAI=", "extra  AAAAAAAAAAI=", ReceiptError::Entry),
        ("index 2\n", "", ReceiptError::Index),
        ("index 2\n", "index 02\n", ReceiptError::Index),
        ("index 2\n", "index -2\n", ReceiptError::Index),
        ("index 2\n", "index 2 \n", ReceiptError::Index),
        ("index 2\n", "index 18446744073709551616\n", ReceiptError::Index),
        ("index 2\n", "index 2\nhash\n", ReceiptError::Path),
        ("index 2\n", &format!("index 2\n{}", hash.repeat(62)), ReceiptError::Path),
        ("\n\n\u{2014}", "\n\u{2014}", ReceiptError::Note(NoteError::NoSignatures)),
    ] {
        let text = text.replacen(from, to, 1);
        assert_eq!(text.parse::<Receipt>(), Err(fault), "{from:?} -> {to:?}");
    }
    // A blank line too early makes the path the beginning of the checkpoint, which nobody signed.
    let early: Receipt = text.replacen("index 2\n", "index 2\n\n", 1).parse().unwrap();
    let unsigned = CheckpointError::from(NoteError::BadSignature);
    assert_eq!(early.verify(&key), Err(unsigned.into()));
    assert_eq!("".parse::<Receipt>(), Err(ReceiptError::NoCheckpoint));
    assert_eq!(header.parse::<Receipt>(), Err(ReceiptError::NoCheckpoint));
    assert_eq!("a".repeat(2 << 20).parse::<Receipt>(), Err(ReceiptError::TooLong));
}

#[test]
fn the_longest_entry_fits_and_no_longer_one() {
    let (receipt, ..) = sample();
    let pack = |len| Receipt::new(vec![7; len], 2, Vec::new(), receipt.note().clone());
    let longest = pack(65_535).unwrap();
    assert_eq!(longest.to_string().parse(), Ok(longest));
    assert_eq!(pack(65_536), Err(ReceiptError::Entry));
    assert_eq!(pack(0), Err(ReceiptError::Entry));
    let path = vec![leaf_hash(b""); 65];
    let long = Receipt::new(vec![7], 2, path, receipt.note().clone());
    assert_eq!(long, Err(ReceiptError::Path));
}

#[test]
fn debug_prints_no_entry() {
    let (receipt, _, key) = sample();
    let printed = format!("{receipt:?} {:?}", receipt.verify(&key).unwrap());
    assert!(!printed.contains("[0") && !printed.contains("AAAA"), "{printed}");
}

proptest! {
    #[test]
    fn any_receipt_is_read_back_and_verifies(
        entries in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..60), 1..40),
        at in any::<prop::sample::Index>(),
    ) {
        let mut tree = mingzheng::tlog::Tree::new();
        tree.extend(entries.iter().map(|entry| leaf_hash(entry)));
        let (index, signer) = (at.index(entries.len()), signer("a", 1));
        let checkpoint = Checkpoint::new("a".parse().unwrap(), tree.len(), tree.root());
        let note = checkpoint.sign(&signer).unwrap().into_note();
        let path = tree.inclusion(index as u64, tree.len()).unwrap();
        let receipt = Receipt::new(entries[index].clone(), index as u64, path, note).unwrap();
        let receipt: Receipt = receipt.to_string().parse().unwrap();
        let verified = receipt.verify(signer.verifier()).unwrap();
        prop_assert_eq!(verified.entry, &entries[index]);
        prop_assert_eq!(verified.index, index as u64);
    }
}
