//! Each token is good once: what was used is remembered until it has expired.

use hashbrown::HashMap;

use crate::value::{Cti, Hash};

/// Tokens remembered at once: some five minutes of 800 requests a second. Only enrolled actors get
/// here, because the signature is checked first.
const TOKENS_MAX: usize = 262_144;

/// The tokens that were used and have not expired.
#[derive(Debug, Default)]
pub(super) struct ReplayGuard {
    used: HashMap<(Hash, Cti), u64>,
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
        self.used.contains_key(&(*kid, jti))
    }

    /// Takes note of a token that ends at `ends_s`.
    pub(super) fn take(&mut self, kid: &Hash, jti: Cti, ends_s: u64, now_s: u64) -> Use {
        if now_s > self.swept_s + 10 || self.used.len() >= TOKENS_MAX {
            self.used.retain(|_, ends| *ends >= now_s);
            self.swept_s = now_s;
        }
        let key = (*kid, jti);
        if self.used.contains_key(&key) {
            return Use::Again;
        }
        if self.used.len() >= TOKENS_MAX {
            return Use::Full;
        }
        self.used.insert(key, ends_s);
        Use::First
    }
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
