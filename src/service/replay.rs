//! Each token is good once: what was used is remembered until it has expired.
//!
//! Of a token are kept half a hash of its key and its number, and when it ends: two tokens that
//! share the half take 2^64 tries, and then the second is refused, never a used one taken.

use hashbrown::HashMap;

use crate::rules::Mark;
use crate::value::{Cti, Hash};

/// Tokens remembered at once: some five minutes of 800 requests a second. Only enrolled actors get
/// here, because the signature is checked first.
const TOKENS_MAX: usize = 262_144;

/// The tokens that were used and have not expired.
#[derive(Debug, Default)]
pub(super) struct ReplayGuard {
    /// By their marks, when they end, in seconds.
    used: HashMap<Mark, u64>,
    /// When what has expired was last let go, in seconds.
    swept_s: u64,
}

/// What the guard says of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// The first use.
    First,
    /// Used before.
    Again,
    /// Too many are remembered: try again later.
    Full,
}

impl ReplayGuard {
    /// Whether a token is remembered.
    pub(super) fn holds(&self, kid: &Hash, jti: Cti) -> bool {
        self.used.contains_key(&mark(kid, jti))
    }

    /// Takes note of a token that ends at `ends_s`.
    pub(super) fn take(&mut self, kid: &Hash, jti: Cti, ends_s: u64, now_s: u64) -> Use {
        if now_s > self.swept_s + 10 || self.used.len() >= TOKENS_MAX {
            self.used.retain(|_, ends| *ends >= now_s);
            self.swept_s = now_s;
        }
        let mark = mark(kid, jti);
        if self.used.contains_key(&mark) {
            return Use::Again;
        }
        if self.used.len() >= TOKENS_MAX {
            return Use::Full;
        }
        self.used.insert(mark, ends_s);
        Use::First
    }
}

fn mark(kid: &Hash, jti: Cti) -> Mark {
    let mut both = [0; 48];
    both[..32].copy_from_slice(kid.as_bytes());
    both[32..].copy_from_slice(&jti.0);
    Mark::from(&Hash::blake3(&both))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_remembered_until_its_end_and_per_key() {
        let mut guard = ReplayGuard::default();
        let (one, other) = (Hash([1; 32]), Hash([2; 32]));
        assert_eq!(guard.take(&one, Cti([1; 16]), 100, 40), Use::First);
        assert_eq!(guard.take(&one, Cti([1; 16]), 100, 100), Use::Again);
        assert_eq!(guard.take(&other, Cti([1; 16]), 100, 100), Use::First);
        assert_eq!(guard.take(&one, Cti([1; 16]), 200, 111), Use::First, "let go after its end");
    }
}
