//! A signature as a dishonest holder of a key can make it: R with a component of order 2.

use curve25519_dalek::{constants::EIGHT_TORSION, edwards::EdwardsPoint, scalar::Scalar};
use mingzheng::crypto::SecretKey;
use sha2::{Digest, Sha512};

pub(crate) fn torsioned(seed: &[u8; 32], message: &[u8]) -> [u8; 64] {
    let expanded = Sha512::digest(seed);
    let mut secret: [u8; 32] = expanded[..32].try_into().unwrap();
    secret[0] &= 248;
    secret[31] = secret[31] & 63 | 64;
    let secret = Scalar::from_bytes_mod_order(secret);
    let nonce = Sha512::new().chain_update(&expanded[32..]).chain_update(message).finalize();
    let nonce = Scalar::from_bytes_mod_order_wide(&nonce.into());
    let r = (EdwardsPoint::mul_base(&nonce) + EIGHT_TORSION[4]).compress().0;
    let public = SecretKey::from_seed(*seed).public();
    let challenge =
        Sha512::new().chain_update(r).chain_update(public.as_bytes()).chain_update(message);
    let s = nonce + Scalar::from_bytes_mod_order_wide(&challenge.finalize().into()) * secret;
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r);
    signature[32..].copy_from_slice(s.as_bytes());
    signature
}
