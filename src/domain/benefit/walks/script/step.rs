//! One step: its words and keys, and what they stand for.

use std::collections::BTreeMap;

use crate::event::PersonSide;
use crate::value::{Category, Fen, HouseholdId, Programme, VehicleId};

/// The words of a step in their order, and its keys.
pub(super) struct Step<'t> {
    pub(super) words: Vec<&'t str>,
    pub(super) keys: BTreeMap<&'t str, &'t str>,
}

impl<'t> Step<'t> {
    pub(super) fn read(words: impl Iterator<Item = &'t str>) -> Self {
        let (keys, words): (Vec<_>, Vec<_>) = words.partition(|word| word.contains('='));
        Self { words, keys: keys.iter().filter_map(|word| word.split_once('=')).collect() }
    }

    /// `key`, where the person's side signs with one.
    pub(super) fn side(&self) -> PersonSide {
        if self.has("key") { PersonSide::Key } else { PersonSide::Paper }
    }

    /// The number behind a word such as `a`, `h1` or `p2`.
    pub(super) fn number(&self, at: usize) -> u8 {
        number(self.words[at])
    }

    pub(super) fn programme(&self, at: usize) -> Programme {
        self.words[at].parse().unwrap()
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.words.contains(&word)
    }
}

pub(super) fn number(word: &str) -> u8 {
    match word.as_bytes() {
        [letter @ b'a'..=b'g'] => letter - b'a' + 1,
        _ => word[1..].parse().unwrap(),
    }
}

pub(super) fn fen(yuan: &str) -> Fen {
    Fen(yuan.replace('.', "").parse().unwrap())
}

pub(super) fn category(word: &str) -> Category {
    serde_json::from_value(word.into()).unwrap()
}

pub(super) fn household(word: &str) -> HouseholdId {
    HouseholdId([number(word); 16])
}

pub(super) fn vehicle(word: &str) -> VehicleId {
    VehicleId([number(word); 16])
}
