//! Indexes of entries as ascending ranges: what a figure was counted from, kept short.

use std::{collections::BTreeSet, fmt};

use serde::{Serialize, Serializer};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined_and_said_in_order() {
        let ranges: Ranges = [7, 3, 4, 5, 9, 10, 5].into_iter().collect();
        assert_eq!(ranges.to_string(), "3-5, 7, 9-10");
        assert_eq!(ranges.len(), 6);
        assert_eq!(Ranges::default().to_string(), "");
    }
}
