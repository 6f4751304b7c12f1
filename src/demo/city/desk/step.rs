//! One step of a walk as its text has it.

use std::collections::BTreeMap;

use super::actor;

/// The words of a step in their order, and its keys.
pub(super) struct Step<'t> {
    pub(super) words: Vec<&'t str>,
    pub(super) keys: BTreeMap<&'t str, &'t str>,
}

impl<'t> Step<'t> {
    pub(super) fn read(text: &'t str) -> Self {
        let (keys, words): (Vec<_>, Vec<_>) =
            text.split_whitespace().partition(|word| word.contains('='));
        Self { words, keys: keys.iter().filter_map(|word| word.split_once('=')).collect() }
    }

    pub(super) fn word(&self, at: usize) -> &'t str {
        self.words.get(at).copied().unwrap_or_default()
    }

    pub(super) fn letter(&self) -> char {
        self.word(1).chars().next().unwrap_or('a')
    }

    /// A number of days.
    pub(super) fn days(&self, key: &str) -> Option<i32> {
        self.keys.get(key).and_then(|days| days.parse().ok())
    }

    /// Who signs.
    pub(super) fn by(&self, usual: &str) -> String {
        self.keys.get("by").map_or_else(|| usual.to_owned(), |name| actor(name))
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.words.contains(&word)
    }
}
