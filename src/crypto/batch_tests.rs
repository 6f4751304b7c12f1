//! Tests of the batch check: laws against the strict check, and forged signatures.

use curve25519_dalek::constants::EIGHT_TORSION;
use proptest::prelude::*;

use super::*;
use crate::crypto::SecretKey;

/// Signs with `R = [r]B + torsion` and the challenge of that R, as a dishonest holder of the key
/// can; with `zero_r`, r is 0 and R is the torsion point itself.
pub(in crate::crypto) fn forge(
    seed: [u8; 32],
    message: &[u8],
    torsion: EdwardsPoint,
    zero_r: bool,
) -> [u8; 64] {
    let expanded = Sha512::digest(seed);
    let mut secret: [u8; 32] = expanded[..32].try_into().unwrap();
    secret[0] &= 248;
    secret[31] = secret[31] & 63 | 64;
    let a = Scalar::from_bytes_mod_order(secret);
    let nonce = Sha512::new().chain_update(&expanded[32..]).chain_update(message).finalize();
    let r = Scalar::from_bytes_mod_order_wide(&nonce.into());
    let r = if zero_r { Scalar::ZERO } else { r };
    let r_bytes = (EdwardsPoint::mul_base(&r) + torsion).compress().0;
    let public = SecretKey::from_seed(seed).public();
    let challenge = Sha512::new()
        .chain_update(r_bytes)
        .chain_update(public.as_bytes())
        .chain_update(message)
        .finalize();
    let s = r + Scalar::from_bytes_mod_order_wide(&challenge.into()) * a;
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r_bytes);
    signature[32..].copy_from_slice(s.as_bytes());
    signature
}

/// The strict check, which says what the library's says.
fn strict(key: &VerifyingKey, message: &[u8], signature: &[u8; 64]) -> bool {
    let holds = key.verify_strict(message, signature).is_ok();
    assert_eq!(holds, key.verify_by_library(message, signature).is_ok());
    holds
}

#[test]
fn forging_without_torsion_is_signing() {
    let key = SecretKey::from_seed([3; 32]);
    assert_eq!(forge([3; 32], b"text", EIGHT_TORSION[0], false), key.sign(b"text"));
}

/// The documented difference between the door's check and the verifier's.
#[test]
fn torsioned_r_is_refused_strictly_and_accepted_with_cofactor() {
    let key = SecretKey::from_seed([3; 32]).public().verifying_key();
    for (index, torsion) in EIGHT_TORSION.into_iter().enumerate() {
        for zero_r in [false, true] {
            let signature = forge([3; 32], b"text", torsion, zero_r);
            let strict = strict(&key, b"text", &signature);
            assert_eq!(strict, index == 0 && !zero_r);
            let item = BatchItem::whole(b"text", &signature, &key);
            assert!(verify_cofactored(&item));
            // Every time, not half of the time: the sum is multiplied by the cofactor.
            for _ in 0..8 {
                assert_eq!(verify_batch(&[item, item]), Ok(true));
            }
        }
    }
}

#[test]
fn s_that_is_not_reduced_is_refused() {
    let key = SecretKey::from_seed([3; 32]);
    let verifying = key.public().verifying_key();
    let mut signature = key.sign(b"text");
    // S + L, L = 2^252 + 27742317777372353535851937790883648493, little-endian.
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    let item = BatchItem::whole(b"text", &signature, &verifying);
    assert!(!verify_cofactored(&item));
    assert_eq!(verify_batch(&[item]), Ok(false));
    assert!(!strict(&verifying, b"text", &signature));
}

#[test]
fn encodings_are_judged_canonical_as_encoding_again_would() {
    let mut edges = Vec::new();
    for low in 0..=255 {
        for high in [0x00, 0x7f, 0x80, 0xff] {
            for middle in [0x00, 0xff] {
                let mut bytes = [middle; 32];
                (bytes[0], bytes[31]) = (low, high);
                edges.push(bytes);
            }
        }
    }
    let mut decoded_count = 0;
    for bytes in edges {
        if let Some(point) = CompressedEdwardsY(bytes).decompress() {
            decoded_count += 1;
            assert_eq!(is_canonical(&bytes), point.compress().0 == bytes, "{bytes:?}");
        }
    }
    assert!(decoded_count > 500);
}

#[test]
fn an_empty_batch_is_valid() {
    assert_eq!(verify_batch(&[]), Ok(true));
    assert!(failing(&[]).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What passes the strict check passes the batch, for few keys and many; and one wrong item
    /// anywhere fails it and is found. Sizes on both sides of the switch of multiplication
    /// algorithms.
    #[test]
    fn strict_implies_batch_and_a_wrong_item_is_found(
        count in prop_oneof![1..40usize, 180..200usize],
        key_count in 1..9usize,
        wrong: prop::sample::Index,
        bit in 0..512usize,
    ) {
        let secrets: Vec<_> = (1..=9).map(|n| SecretKey::from_seed([n; 32])).collect();
        let keys: Vec<_> = secrets.iter().map(|key| key.public().verifying_key()).collect();
        let messages: Vec<_> = (0..count).map(|n| n.to_le_bytes()).collect();
        let mut signatures: Vec<_> = (0..count)
            .map(|n| secrets[n % key_count].sign(&messages[n]))
            .collect();
        let items = |signatures: &[[u8; 64]]| -> Vec<bool> {
            let items: Vec<_> = (0..count)
                .map(|n| BatchItem::whole(&messages[n], &signatures[n], &keys[n % key_count]))
                .collect();
            let ok = verify_batch(&items).unwrap();
            let failing = failing(&items);
            assert_eq!(ok, failing.is_empty());
            (0..count).map(|n| failing.contains(&n)).collect()
        };
        for n in 0..count {
            prop_assert!(strict(&keys[n % key_count], &messages[n], &signatures[n]));
        }
        prop_assert!(!items(&signatures).contains(&true));

        let wrong = wrong.index(count);
        signatures[wrong][bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!strict(&keys[wrong % key_count], &messages[wrong], &signatures[wrong]));
        let failed = items(&signatures);
        prop_assert!(failed.iter().enumerate().all(|(n, &failed)| failed == (n == wrong)));
    }

    #[test]
    fn random_signatures_are_refused_without_a_panic(
        low: [u8; 32], high: [u8; 32], message: Vec<u8>,
    ) {
        let key = SecretKey::from_seed([1; 32]).public().verifying_key();
        let signature: [u8; 64] = [low, high].concat().try_into().unwrap();
        let item = BatchItem::whole(&message, &signature, &key);
        prop_assert_eq!(verify_batch(&[item]), Ok(false));
        prop_assert!(!strict(&key, &message, &signature));
    }
}
