//! The bytes of a published text: one spelling, one hash.

use serde::de::DeserializeOwned;

use super::{PolicyError, TEXT_MAX};
use crate::value::Hash;

/// The canonical spelling of a text as an editor may have saved it: without BOM, with LF line
/// ends, without spaces at line ends, with exactly one line end at its end. Only this spelling is
/// published.
#[must_use]
pub fn canonical(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut canonical = String::with_capacity(text.len() + 1);
    for line in text.trim_end().lines() {
        canonical.push_str(line.trim_end_matches([' ', '\t', '\r']));
        canonical.push('\n');
    }
    canonical
}

/// BLAKE3-256 of a canonical text: what an event names a policy or calendar by.
#[must_use]
pub fn hash(text: &str) -> Hash {
    Hash::blake3(text.as_bytes())
}

/// Reads a canonical TOML text into its strict type.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, PolicyError> {
    if text.len() > TEXT_MAX {
        return Err(PolicyError::TooLong { bytes: text.len() });
    }
    if canonical(text) != text {
        return Err(PolicyError::NotCanonical);
    }
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(0, |span| 1 + text[..span.start].matches('\n').count());
        let mut why = error.message().to_owned();
        if why.ends_with("expected a day") || why.ends_with("expected a month") {
            why.push_str(", in quotes, such as \"2026-01-01\" or \"2026-01\"");
        }
        PolicyError::Form { line, why }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_editor_saves_one_text() {
        let rows =
            ["a = 1\nb = 2\n", "a = 1\r\nb = 2\r\n", "\u{feff}a = 1\nb = 2", "a = 1  \nb = 2\n\n"];
        for row in rows {
            assert_eq!(canonical(row), "a = 1\nb = 2\n");
        }
        assert_eq!(canonical(&canonical(" a\r\n\n")), canonical(" a\r\n\n"));
    }

    #[test]
    fn the_hash_is_blake3_of_the_bytes() {
        // The published vector of the empty input.
        assert_eq!(
            blake3::Hash::from_bytes(hash("").0).to_hex().as_str(),
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
        );
        assert_ne!(hash("a = 1\n"), hash("a = 2\n"));
    }
}
