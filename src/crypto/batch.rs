//! The verifier's batch check: many signatures in one multi-scalar multiplication.
//!
//! It checks, with a random 128-bit z per signature,
//! `[8]( -[sum z s]B + sum [z]R + sum over distinct keys A of [sum z k]A ) = 0`,
//! the cofactored equation of RFC 8032 5.1.7 for all at once: a wrong signature passes with a
//! probability of about 2^-128. Equal keys share one term, which is what makes a ledger of few
//! signers cheap.
//!
//! This is not the door's check. Whatever passes `verify_strict` passes here, because enrolled
//! keys are torsion-free; but an R with a torsion component passes here and not there. A verifier
//! may use it because everything on the log passed the door; who does not trust the door checks
//! strictly, one by one.

use std::collections::HashMap;

use curve25519_dalek::{
    constants::ED25519_BASEPOINT_POINT,
    edwards::{CompressedEdwardsY, EdwardsPoint},
    scalar::Scalar,
    traits::{IsIdentity, VartimeMultiscalarMul},
};
use rayon::prelude::*;
use sha2::{Digest, Sha512};

use super::{RandomError, SignedParts, VerifyingKey, random};

/// Fewest signatures of a batch that are a share of another core.
const SHARE_LEN: usize = 512;

/// One signature to check.
#[derive(Debug, Clone, Copy)]
pub struct BatchItem<'a> {
    /// The bytes that were signed, in pieces.
    pub message: SignedParts<'a>,
    /// The signature.
    pub signature: &'a [u8; 64],
    /// The key it should be of.
    pub key: &'a VerifyingKey,
}

impl<'a> BatchItem<'a> {
    /// A message that stands in one piece.
    #[must_use]
    pub const fn whole(message: &'a [u8], signature: &'a [u8; 64], key: &'a VerifyingKey) -> Self {
        Self { message: [message, &[], &[], &[]], signature, key }
    }
}

/// Checks all signatures at once. An empty batch is valid. Work and memory grow with the batch
/// (about 500 bytes a signature); from a few thousand on little more is gained.
///
/// # Errors
/// The operating system gave no random bytes: nothing is known about the batch.
pub fn verify_batch(items: &[BatchItem<'_>]) -> Result<bool, RandomError> {
    let mut coefficients = vec![[0; 16]; items.len()];
    random::fill(coefficients.as_flattened_mut())?;

    let mut scalars = Vec::with_capacity(items.len() + 2);
    let mut points = Vec::with_capacity(items.len() + 2);
    let mut base = Scalar::ZERO;
    let mut keys: HashMap<&[u8; 32], (Scalar, EdwardsPoint)> = HashMap::new();
    // Two thirds of the work; whichever core is free takes a share.
    let equations = items.par_iter().with_min_len(SHARE_LEN).map(Equation::of);
    let Some(equations) = equations.collect::<Option<Vec<_>>>() else { return Ok(false) };
    for ((item, equation), coefficient) in items.iter().zip(equations).zip(coefficients) {
        let z = Scalar::from(u128::from_le_bytes(coefficient));
        base += z * equation.s;
        let key = keys.entry(item.key.as_bytes());
        key.or_insert_with(|| (Scalar::ZERO, item.key.point())).0 += z * equation.k;
        scalars.push(z);
        points.push(equation.r);
    }
    scalars.push(-base);
    points.push(ED25519_BASEPOINT_POINT);
    for (scalar, point) in keys.into_values() {
        scalars.push(scalar);
        points.push(point);
    }
    let sum = EdwardsPoint::vartime_multiscalar_mul(scalars, points);
    Ok(sum.mul_by_cofactor().is_identity())
}

/// Finds which items of a refused batch fail, by their index: each alone, with the same equation.
#[must_use]
pub fn failing(items: &[BatchItem<'_>]) -> Vec<usize> {
    (0..items.len()).filter(|&index| !verify_cofactored(&items[index])).collect()
}

/// Checks one signature by the cofactored equation `[8]([s]B - [k]A - R) = 0`.
#[must_use]
pub fn verify_cofactored(item: &BatchItem<'_>) -> bool {
    Equation::of(item).is_some_and(|Equation { r, s, k }| {
        let expected =
            EdwardsPoint::vartime_double_scalar_mul_basepoint(&-k, &item.key.point(), &s);
        (expected - r).mul_by_cofactor().is_identity()
    })
}

/// What a signature says: `[s]B = R + [k]A`.
struct Equation {
    r: EdwardsPoint,
    s: Scalar,
    k: Scalar,
}

impl Equation {
    /// Decodes a signature as RFC 8032 5.1.7 does: S below the group order, R the canonical
    /// encoding of a point.
    fn of(item: &BatchItem<'_>) -> Option<Self> {
        let (r_bytes, s_bytes) = item.signature.split_first_chunk::<32>()?;
        let s = Option::from(Scalar::from_canonical_bytes(*s_bytes.first_chunk()?))?;
        if !is_canonical(r_bytes) {
            return None;
        }
        let r = CompressedEdwardsY(*r_bytes).decompress()?;
        let mut hash = Sha512::new();
        hash.update(r_bytes);
        hash.update(item.key.as_bytes());
        item.message.iter().for_each(|part| hash.update(part));
        let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
        Some(Self { r, s, k })
    }
}

/// Tells whether bytes that decode to a point are its canonical encoding: y below p = 2^255 - 19,
/// and no sign on the two points with x = 0 (y = 1 and y = p - 1). Cheaper than encoding again.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let y_below_p = bytes[31] & 0x7f != 0x7f
        || bytes[1..31].iter().any(|&byte| byte != 0xff)
        || bytes[0] < 0xed;
    let one = bytes[0] == 1 && bytes[1..31].iter().all(|&byte| byte == 0);
    let minus_one = bytes[0] == 0xec && bytes[1..31].iter().all(|&byte| byte == 0xff);
    let signed_zero = (one && bytes[31] == 0x80) || (minus_one && bytes[31] == 0xff);
    y_below_p && !signed_zero
}

#[cfg(test)]
#[path = "batch_tests.rs"]
pub(super) mod tests;
