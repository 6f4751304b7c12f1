//! Outliers among peers, in whole numbers: the median and the median distance from it, which a few
//! outliers cannot move, and never less than what chance alone explains.
//!
//! Shares are in parts per million, means in thousandths.

/// One million: a share of everything.
const WHOLE: u64 = 1_000_000;
/// The median distance of normal values is this many ten-thousandths of a standard deviation's
/// inverse: 1 / 0.6745.
const MAD_SCALE: u64 = 14_826;

/// A population of comparable figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Peers {
    /// How many.
    pub(super) count: usize,
    /// The middle one.
    pub(super) median: u64,
    /// The spread that stands for one standard deviation.
    spread: u64,
}

impl Peers {
    /// The population, if it has at least `least` members.
    pub(super) fn of(figures: impl Iterator<Item = u64>, least: usize) -> Option<Self> {
        let mut figures: Vec<u64> = figures.collect();
        if figures.len() < least {
            return None;
        }
        let middle = median(&mut figures)?;
        let mut distances: Vec<u64> = figures.iter().map(|f| f.abs_diff(middle)).collect();
        let spread = median(&mut distances)? * MAD_SCALE / 10_000;
        Some(Self { count: figures.len(), median: middle, spread })
    }

    /// Says whether a share of `cases` lies more than `times` spreads above the median. The
    /// spread is at least the binomial standard error of so few cases.
    pub(super) fn share_stands_out(&self, share: u64, cases: u64, times: u64) -> bool {
        // A median of zero would leave chance nothing: one case in so many is thinkable.
        let thinkable = self.median.max(WHOLE / (cases + 2)).min(WHOLE);
        let chance = (thinkable * (WHOLE - thinkable) / cases.max(1)).isqrt();
        share > self.median + times * self.spread.max(chance)
    }

    /// Says whether less than one in a hundred such populations would by chance alone have a member
    /// with as many as `part` of its `cases`: the exact binomial tail, times the members that are
    /// compared. What is taken as usual is the median and its own standard error above it.
    pub(super) fn is_beyond_chance(&self, part: u64, cases: u64) -> bool {
        let thinkable = self.median.max(WHOLE / (cases + 2)).min(WHOLE);
        let chance = (thinkable * (WHOLE - thinkable) / cases.max(1)).isqrt();
        let count = self.count.max(1) as u64;
        // A median of so many has 1.2533 standard deviations over their root.
        let unsure = 12_533 * self.spread.max(chance) / 10_000;
        let usual = thinkable + unsure / count.isqrt();
        let (tail, all) = tail(part, cases, usual);
        tail.saturating_mul(u128::from(count) * 100) < all
    }

    /// Says whether a mean over `days`, in thousandths, lies more than `times` spreads above the
    /// median. The spread is at least what counting so few days explains.
    pub(super) fn mean_stands_out(&self, mean: u64, days: u64, times: u64) -> bool {
        let chance = (1000 * self.median.max(1000) / days.max(1)).isqrt();
        mean > self.median + times * self.spread.max(chance)
    }
}

/// The weight of `part` or more among `cases` of a share each, and that of all numbers; from the
/// likeliest number outwards, each from the one beside it, so that nothing grows or vanishes.
fn tail(part: u64, cases: u64, share: u64) -> (u128, u128) {
    const LIKELIEST: u128 = 1 << 60;
    if share == 0 || share >= WHOLE {
        return (1, 1); // no chance is left: nothing lies beyond it
    }
    let (yes, no) = (u128::from(share), u128::from(WHOLE - share));
    let middle = (cases + 1) * share / WHOLE;
    let (mut beyond, mut all) = (0, 0);
    let mut count = |number: u64, weight: u128| {
        all += weight;
        if number >= part {
            beyond += weight;
        }
    };
    count(middle, LIKELIEST);
    let mut weight = LIKELIEST;
    for number in middle..cases {
        weight = weight * u128::from(cases - number) * yes / (u128::from(number + 1) * no);
        if weight == 0 {
            break;
        }
        count(number + 1, weight);
    }
    weight = LIKELIEST;
    for number in (1..=middle).rev() {
        weight = weight * u128::from(number) * no / (u128::from(cases - number + 1) * yes);
        if weight == 0 {
            break;
        }
        count(number - 1, weight);
    }
    (beyond, all)
}

/// A part of `cases`, in parts per million.
pub(super) fn share(part: u64, cases: u64) -> u64 {
    (part * WHOLE).checked_div(cases).unwrap_or_default()
}

/// A share as people read it, such as `37.5%`.
pub(super) fn percent(share: u64) -> String {
    format!("{}.{}%", share / 10_000, share % 10_000 / 1000)
}

fn median(figures: &mut [u64]) -> Option<u64> {
    figures.sort_unstable();
    let upper = *figures.get(figures.len() / 2)?;
    let lower = figures[(figures.len() - 1) / 2];
    Some(lower.midpoint(upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_outliers_move_neither_median_nor_spread() {
        let quiet = Peers::of([300_000, 320_000, 340_000, 360_000, 380_000].into_iter(), 5);
        let loud = Peers::of([300_000, 320_000, 340_000, 360_000, 990_000].into_iter(), 5);
        assert_eq!(quiet, loud);
        assert_eq!(quiet.unwrap().median, 340_000);
        assert_eq!(quiet.unwrap().spread, 29_652);
        assert_eq!(Peers::of([1, 2, 3, 4].into_iter(), 5), None, "too few to compare with");
    }

    #[test]
    fn chance_explains_what_few_cases_show() {
        // All the same: the spread is what chance leaves, 0.05 at 100 cases of a half.
        let peers = Peers::of([500_000; 6].into_iter(), 5).unwrap();
        assert!(!peers.share_stands_out(700_000, 100, 4));
        assert!(peers.share_stands_out(710_000, 100, 4));
        assert!(!peers.share_stands_out(290_000, 100, 4), "a low share");
        let none = Peers::of([0; 6].into_iter(), 5).unwrap();
        assert!(!none.share_stands_out(share(1, 30), 30, 4), "one case in thirty");
        assert!(none.share_stands_out(share(10, 30), 30, 4));
    }

    #[test]
    fn the_tail_is_the_binomial_one() {
        let probability = |part, cases, share| {
            let (beyond, all) = tail(part, cases, share);
            beyond * 1_000_000 / all
        };
        // Ten tosses of a fair coin: 1, 11, 56, 176, 386, 638, 848 ... of 1,024 outcomes.
        assert_eq!(probability(10, 10, 500_000), 1_000_000 / 1024);
        assert_eq!(probability(9, 10, 500_000), 11_000_000 / 1024);
        assert_eq!(probability(5, 10, 500_000), 638_000_000 / 1024);
        assert_eq!(probability(0, 10, 500_000), 1_000_000);
        // Three or more of four with a quarter each: 4 * 3/256 + 1/256.
        assert_eq!(probability(3, 4, 250_000), 13_000_000 / 256);
        // Two hundred thousand cases neither overflow nor vanish.
        assert_eq!(probability(100_000, 200_000, 400_000), 0);
        assert!(probability(80_000, 200_000, 400_000) > 490_000);
    }

    #[test]
    fn many_peers_make_one_high_share_thinkable() {
        let peers = |count| Peers::of((0..count).map(|_| 400_000), 8).unwrap();
        // 17 of 22 lies beyond three standard errors of 0.4, and one in 3,000 has it by chance.
        assert!(peers(8).share_stands_out(share(17, 22), 22, 3));
        assert!(!peers(80).is_beyond_chance(17, 22));
        assert!(!peers(8).is_beyond_chance(16, 22));
        for count in [8, 80, 800] {
            assert!(peers(count).is_beyond_chance(36, 44), "thirty-six of forty-four are sold");
        }
    }

    #[test]
    fn means_and_percents() {
        let peers = Peers::of([4000, 4000, 5000, 6000, 6000].into_iter(), 5).unwrap();
        assert!(!peers.mean_stands_out(9000, 20, 4));
        assert!(peers.mean_stands_out(12_000, 20, 4));
        assert_eq!((share(3, 8), percent(share(3, 8)).as_str()), (375_000, "37.5%"));
        assert_eq!(share(0, 0), 0);
    }
}
