//! How often one caller may ask: a bucket of tokens for each, filled at a steady pace.

use std::net::IpAddr;

use hashbrown::HashMap;

use crate::value::ActorId;

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// An address, before anybody is known.
    Peer(IpAddr),
    /// An actor.
    Actor(ActorId),
}

/// How often, and how many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second in the long run.
    pub per_second: u32,
    /// Requests at once after a pause.
    pub burst: u32,
}

/// Buckets kept at once; full ones are let go when there are more.
const BUCKETS_MAX: usize = 65_536;
/// A request in the bucket's small coin, so that a slow pace has no rounding.
const COIN: u64 = 1000;

#[derive(Debug, Clone, Copy)]
struct Bucket {
    coins: u64,
    at_ms: u64,
}

/// The buckets of everybody.
#[derive(Debug, Default)]
pub(super) struct Buckets(HashMap<Who, Bucket>);

impl Buckets {
    /// Takes one request out of a bucket; says no when it is empty.
    pub(super) fn take(&mut self, who: &Who, rate: Rate, now_ms: u64) -> bool {
        let full = u64::from(rate.burst) * COIN;
        let pace = u64::from(rate.per_second);
        let filled = |bucket: &Bucket| {
            let passed = now_ms.saturating_sub(bucket.at_ms);
            full.min(bucket.coins.saturating_add(passed.saturating_mul(pace)))
        };
        if self.0.len() >= BUCKETS_MAX && !self.0.contains_key(who) {
            self.0.retain(|_, bucket| filled(bucket) < full);
            if self.0.len() >= BUCKETS_MAX {
                return false;
            }
        }
        let bucket = self.0.entry(who.clone()).or_insert(Bucket { coins: full, at_ms: now_ms });
        bucket.coins = filled(bucket);
        bucket.at_ms = now_ms;
        let has = bucket.coins >= COIN;
        if has {
            bucket.coins -= COIN;
        }
        has
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_pace_and_each_caller_alone() {
        let rate = Rate { per_second: 2, burst: 3 };
        let mut buckets = Buckets::default();
        let (one, other) = (Who::Peer([10, 0, 0, 1].into()), Who::Peer([10, 0, 0, 2].into()));
        let taken = |buckets: &mut Buckets, now_ms| {
            (0..9).filter(|_| buckets.take(&one, rate, now_ms)).count()
        };
        assert_eq!(taken(&mut buckets, 0), 3);
        assert_eq!(taken(&mut buckets, 499), 0);
        assert_eq!(taken(&mut buckets, 999), 1);
        assert!(buckets.take(&other, rate, 999));
        assert_eq!(taken(&mut buckets, 60_000), 3, "never more than the burst");
    }
}
