//! Indexes of entries as ascending ranges: what a figure was counted from, kept short.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A set of indexes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranges(BTreeSet<u64>);

impl Ranges {
    /// Adds an index.
    pub fn add(&mut self, index: u64) {
        self.0.insert(index);
    }

    /// How many indexes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// None.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The indexes, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter().copied()
    }

    /// First and last of each unbroken run, ascending.
    #[must_use]
    pub fn runs(&self) -> Vec<(u64, u64)> {
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for index in self.iter() {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == index => *last = index,
                _ => runs.push((index, index)),
            }
        }
        runs
    }
}

impl Extend<u64> for Ranges {
    fn extend<I: IntoIterator<Item = u64>>(&mut self, indexes: I) {
        self.0.extend(indexes);
    }
}

impl FromIterator<u64> for Ranges {
    fn from_iter<I: IntoIterator<Item = u64>>(indexes: I) -> Self {
        Self(indexes.into_iter().collect())
    }
}

impl fmt::Display for Ranges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (first, last)) in self.runs().into_iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            if first == last {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}-{last}")?;
            }
        }
        Ok(())
    }
}

impl Serialize for Ranges {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Most indexes that are read from a text: more than one report counts.
const READ_MAX: u64 = 1 << 24;

/// Reads what [`Display`](fmt::Display) writes: unbroken runs, ascending.
impl<'de> Deserialize<'de> for Ranges {
    fn deserialize<D: Deserializer<'de>>(text: D) -> Result<Self, D::Error> {
        let text = String::deserialize(text)?;
        let wrong = || D::Error::custom("not ascending runs of indexes");
        let (mut ranges, mut next, mut room) = (Self::default(), 0, READ_MAX);
        for run in text.split(", ").filter(|_| !text.is_empty()) {
            let (first, last) = run.split_once('-').unwrap_or((run, run));
            let first: u64 = first.parse().map_err(|_| wrong())?;
            let last: u64 = last.parse().map_err(|_| wrong())?;
            if first < next || last < first || last - first >= room {
                return Err(wrong());
            }
            room -= last - first + 1;
            next = last.checked_add(1).ok_or_else(wrong)?;
            ranges.extend(first..=last);
        }
        Ok(ranges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read_again_and_nothing_else() {
        for indexes in [vec![], vec![0], vec![3, 4, 5, 7, 9, 10]] {
            let ranges: Ranges = indexes.into_iter().collect();
            let text = serde_json::to_string(&ranges).unwrap();
            assert_eq!(serde_json::from_str::<Ranges>(&text).unwrap(), ranges);
        }
        for bad in
            ["5-3", "3, 3", "3-5, 4", "0-18446744073709551615", "0-16777216", "a", ", ", "1,2"]
        {
            assert!(serde_json::from_str::<Ranges>(&format!("\"{bad}\"")).is_err(), "{bad}");
        }
    }

    #[test]
    fn runs_are_joined_and_said_in_order() {
        let ranges: Ranges = [7, 3, 4, 5, 9, 10, 5].into_iter().collect();
        assert_eq!(ranges.to_string(), "3-5, 7, 9-10");
        assert_eq!(ranges.len(), 6);
        assert_eq!(Ranges::default().to_string(), "");
    }
}
