//! One line of a script, and what stands in it.

use crate::domain::testing::day;
use crate::event::Grade;
use crate::value::{Category, Component, Day, Level};

/// An actor, a verb and its arguments.
pub(super) struct Line<'a> {
    pub(super) actor: &'a str,
    pub(super) verb: &'a str,
    pub(super) words: Vec<&'a str>,
}

impl<'a> Line<'a> {
    pub(super) fn of(&self, key: &str) -> Option<&'a str> {
        let (_, value) =
            self.words.iter().filter_map(|word| word.split_once('=')).find(|(k, _)| *k == key)?;
        Some(value)
    }

    pub(super) fn or(&self, key: &str, default: &'a str) -> &'a str {
        self.of(key).unwrap_or(default)
    }

    pub(super) fn number(&self, key: &str, default: u8) -> u8 {
        self.of(key).map_or(default, |text| text.parse().unwrap())
    }

    pub(super) fn yes(&self, key: &str, default: bool) -> bool {
        self.of(key).map_or(default, |text| text == "yes")
    }

    pub(super) fn day(&self, key: &str, default: Day) -> Day {
        self.of(key).map_or(default, day)
    }

    /// One of an enum's names.
    pub(super) fn name<T: serde::de::DeserializeOwned>(&self, key: &str, default: &str) -> T {
        serde_json::from_value(self.of(key).unwrap_or(default).into()).unwrap()
    }

    /// `-` for none, `physical3`, or `multiple2+physical2+hearing3`.
    pub(super) fn grade(&self) -> Option<Grade> {
        let text = self.or("grade", "physical3");
        if text == "-" {
            return None;
        }
        let mut parts = text.split('+').map(|part| {
            let (name, level) = part.split_at(part.len() - 1);
            let category: Category = serde_json::from_value(name.into()).unwrap();
            Component { category, level: Level::new(level.parse().unwrap()).unwrap() }
        });
        let Component { category, level } = parts.next().unwrap();
        Some(Grade { category, level, components: parts.collect() })
    }
}
