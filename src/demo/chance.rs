//! A small reproducible source of chance for stories; nothing secret is ever drawn from it.
//!
//! SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014): eight
//! bytes of state, and any two starting points give unrelated rows of numbers.

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A row of numbers that its starting point fixes.
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    /// The row of a seed and of what is decided by it.
    pub(super) fn of(seed: u64, what: u64) -> Self {
        Self(mix(seed ^ mix(what)))
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number below `bound`, which is at least 1. The bias of the remainder is below one in
    /// 2^40 for the small bounds of a story.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound)).expect("a remainder is below its divisor")
    }

    /// A number from `first` to `last`, both included.
    pub(super) fn between(&mut self, first: u32, last: u32) -> u32 {
        first + self.below(last - first + 1)
    }

    /// Yes in `percent` of a hundred cases.
    pub(super) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the things, each with its weight.
    pub(super) fn weighted<T: Copy>(&mut self, things: &[(u32, T)]) -> T {
        let total = things.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(total);
        for (weight, thing) in things {
            if left < *weight {
                return *thing;
            }
            left -= weight;
        }
        unreachable!("a number below the sum of the weights falls on one of them")
    }

    /// One of the things.
    pub(super) fn pick<T: Copy>(&mut self, things: &[T]) -> T {
        let count = u32::try_from(things.len()).expect("lists of a story are short");
        things[self.below(count) as usize]
    }
}

const fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(GOLDEN);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_is_that_of_the_paper() {
        // The first outputs of SplitMix64 from state 0, as other implementations give them.
        assert_eq!([mix(0), mix(GOLDEN)], [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
    }

    #[test]
    fn a_seed_fixes_the_row_and_another_seed_gives_another() {
        let row = |seed, what| {
            let mut chance = Chance::of(seed, what);
            [(); 8].map(|()| chance.next())
        };
        assert_eq!(row(1, 2), row(1, 2));
        assert_ne!(row(1, 2), row(2, 1));
        assert_ne!(row(1, 2), row(1, 3));
    }

    #[test]
    fn weights_and_bounds_hold() {
        let mut chance = Chance::of(7, 0);
        let mut seen = [0_u32; 3];
        for _ in 0..3000 {
            assert!((3..=5).contains(&chance.between(3, 5)));
            seen[chance.weighted(&[(1, 0), (0, 1), (2, 2)])] += 1;
        }
        assert_eq!(seen[1], 0);
        assert!(seen[0] > 800 && seen[2] > 1700, "{seen:?}");
    }
}
