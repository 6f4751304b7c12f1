//! Bytes from anywhere: nothing panics, and what is accepted has the one spelling that is written.

use mingzheng::tlog::tile::{TilePath, bundle_decode, bundle_entries, tile_decode};
use mingzheng::tlog::{
    Checkpoint, Cosignature, Cosigner, Frontier, NoteVerifier, Origin, Receipt, SignedNote,
    TreeHash,
};
use proptest::prelude::*;

use super::{list, text, vectors};

/// Gives bytes to every parser; whatever one accepts must be written again to the same bytes.
fn read_everything(bytes: &[u8]) {
    if let Ok(note) = SignedNote::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
    }
    if let Ok(receipt) = Receipt::parse(bytes) {
        assert_eq!(receipt.to_string().as_bytes(), bytes);
    }
    if let Ok(frontier) = Frontier::from_bytes(bytes) {
        assert_eq!(frontier.to_bytes(), bytes);
    }
    if let Ok(cosignature) = Cosignature::decode(bytes) {
        assert_eq!(cosignature.encode(), bytes);
    }
    for width in [0, 1, 2, 256, u16::MAX] {
        if let Ok(entries) = bundle_decode(bytes, width) {
            assert_eq!(entries.len(), usize::from(width));
        }
        if let Ok(hashes) = tile_decode(bytes, width) {
            let hashes: Vec<_> = hashes.iter().flat_map(|hash| hash.0).collect();
            assert_eq!(hashes, bytes);
        }
    }
    assert!(bundle_entries(bytes).count() <= bytes.len());
    let Ok(text) = str::from_utf8(bytes) else { return };
    same::<Checkpoint>(text);
    same::<NoteVerifier>(text);
    same::<Cosigner>(text);
    same::<TilePath>(text);
    same::<TreeHash>(text);
    same::<Origin>(text);
}

fn same<T: std::str::FromStr + ToString>(text: &str) {
    if let Ok(value) = text.parse::<T>() {
        assert_eq!(value.to_string(), text);
    }
}

/// Good texts of every kind.
fn good() -> Vec<String> {
    let (notes, receipts) = (vectors("notes.json"), vectors("receipts.json"));
    let mut good: Vec<String> = Vec::new();
    for case in list(&notes, "notes") {
        good.extend([text(case, "note").to_owned(), text(case, "vkey").to_owned()]);
    }
    good.push(text(&notes["cosigned"], "note").to_owned());
    good.push(text(&notes["cosigned"], "witness_vkey").to_owned());
    good.push(text(&receipts, "vkey").to_owned());
    for case in list(&receipts, "receipts") {
        good.push(text(case, "text").to_owned());
    }
    good.push("tile/3/x001/x234/067.p/7".to_owned());
    good.push("tile/entries/000".to_owned());
    good
}

proptest! {
    #[test]
    fn random_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_everything(&bytes);
    }

    #[test]
    fn random_lines(text in "([-+/=a-z0-9 .\u{2014}\n]{0,20}\n){0,8}") {
        read_everything(text.as_bytes());
    }

    #[test]
    fn mutated_texts(
        which in any::<prop::sample::Index>(),
        edits in proptest::collection::vec(
            (any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..4,
        ),
    ) {
        let good = good();
        let original = good[which.index(good.len())].as_bytes();
        let mut bytes = original.to_vec();
        for (at, byte, edit) in edits {
            let at = at.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => bytes.truncate(at.max(1)),
                _ => drop(bytes.remove(at)),
            }
            if bytes.is_empty() {
                break;
            }
        }
        read_everything(&bytes);
        // A receipt changed anywhere is unread, unproven, or proves what it proved: then the change
        // is in a signature that is not the ledger's.
        let receipts = vectors("receipts.json");
        let key: NoteVerifier = text(&receipts, "vkey").parse().unwrap();
        let read = |bytes: &[u8]| Receipt::parse(bytes).ok();
        if let (Some(before), Some(after)) = (read(original), read(&bytes))
            && let Ok(verified) = after.verify(&key)
        {
            prop_assert!(verified == before.verify(&key).unwrap());
        }
    }
}
