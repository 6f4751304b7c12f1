//! What a check of the trail says, for people and as JSON.

use serde::Serialize;

use super::Breach;
use crate::{domain::Rejection, tlog::TreeHash, value::Hash};

/// The answer of [`verify`](super::verify()).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// No violation: the trail is sound, and every gate held. Findings do not change it.
    pub ok: bool,
    /// The ledger's name, from its key.
    pub origin: String,
    /// Entries that were checked: all that are published.
    pub entries: u64,
    /// RFC 6962 root over them.
    pub root: TreeHash,
    /// BLAKE3-256 of the last of them, the `prev` of the next one.
    pub chain: Hash,
    /// Where the ledger's key came from.
    pub trust: Trust,
    /// Size that the published checkpoint states, when its signature holds.
    pub checkpoint_size: Option<u64>,
    /// Size of the trusted checkpoint below which signatures and rules were not asked again.
    pub trusted_size: Option<u64>,
    /// What stands beyond the published size; not judged.
    pub unpublished_tail: Option<UnpublishedTail>,
    /// The first violations, by index; those of no entry come last.
    pub violations: Vec<Violation>,
    /// How many violations there are in all.
    pub violations_total: u64,
    /// Invariants that are not gates, and gaps of legacy imports.
    pub findings: Vec<Finding>,
    /// How long it took; set by the caller, who has a clock.
    pub seconds: Option<f64>,
}

/// Where the ledger's key came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Trust {
    /// Given by whoever asked: the result holds against the server too.
    #[serde(rename = "outside key")]
    OutsideKey,
    /// Read from the folder that was checked: whoever made the folder also chose the key.
    #[serde(rename = "self-trusted")]
    SelfTrusted,
}

/// Entries or bytes beyond the published size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct UnpublishedTail {
    /// Whole entries that no published head covers yet.
    pub entries: u64,
    /// Bytes that are no whole frame stand behind them: a write going on, cut, or damaged.
    pub unfinished: bool,
}

/// One thing that must not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The entry it is about; none when it is about a file or the tree.
    pub index: Option<u64>,
    /// A stable word for programs.
    pub code: &'static str,
    /// The invariant, or the section of the formats.
    pub rule: &'static str,
    /// A sentence, without personal data.
    pub message: String,
}

/// A breach of an invariant that is not a gate: reported, and no violation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Always `invariant`.
    pub kind: &'static str,
    /// The invariant.
    pub rule: &'static str,
    /// A stable word for programs.
    pub code: &'static str,
    /// What was found, in words.
    pub message: &'static str,
    /// How often.
    pub count: u64,
    /// The first entries that show it.
    pub indexes: Vec<u64>,
}

/// Collects violations, counting all and keeping the first.
#[derive(Debug)]
pub(super) struct Tally {
    kept: Vec<Violation>,
    kept_max: usize,
    total: u64,
}

impl Violation {
    pub(super) fn new(index: impl Into<Option<u64>>, breach: &Breach) -> Self {
        Self {
            index: index.into(),
            code: breach.code(),
            rule: breach.rule(),
            message: breach.to_string(),
        }
    }

    pub(super) fn refused(index: u64, rejection: Rejection) -> Self {
        let Rejection { rule, code, message, .. } = rejection;
        Self { index: Some(index), code, rule, message }
    }
}

impl Tally {
    pub(super) const fn new(kept_max: usize) -> Self {
        Self { kept: Vec::new(), kept_max, total: 0 }
    }

    pub(super) fn add(&mut self, violation: Violation) {
        self.total += 1;
        if self.kept.len() < self.kept_max {
            self.kept.push(violation);
        }
    }

    pub(super) fn breach(&mut self, index: impl Into<Option<u64>>, breach: &Breach) {
        self.add(Violation::new(index, breach));
    }

    /// The violations kept, by index, and how many there were.
    pub(super) fn finish(mut self) -> (Vec<Violation>, u64) {
        self.kept.sort_by_key(|violation| violation.index.unwrap_or(u64::MAX));
        (self.kept, self.total)
    }
}

impl Extend<Violation> for Tally {
    fn extend<I: IntoIterator<Item = Violation>>(&mut self, violations: I) {
        for violation in violations {
            self.add(violation);
        }
    }
}
