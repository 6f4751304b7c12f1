//! A short stand-in for something rules only compare: an officer, a provider, a batch's root, a
//! paper.

use serde::{Deserialize, Serialize};
use serde_with::serde_as;

use crate::value::Hash;

/// The first half of a hash: 128 bits tell the things of one ledger apart.
#[serde_as]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mark(#[serde_as(as = "serde_with::Bytes")] pub [u8; 16]);

impl Mark {
    /// The mark of a text, such as an actor's id.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::from(&Hash::blake3(text.as_bytes()))
    }
}

impl From<&Hash> for Mark {
    fn from(hash: &Hash) -> Self {
        let mut half = [0; 16];
        half.copy_from_slice(&hash.as_bytes()[..16]);
        Self(half)
    }
}
