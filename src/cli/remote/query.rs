//! The query of an address.

use std::fmt::Write;

use crate::cli::moment::When;

/// Parameters of a question, escaped as they are added.
#[derive(Default, Clone)]
pub(in crate::cli) struct Query(String);

impl Query {
    /// A moment.
    pub(in crate::cli) fn of(when: &When) -> Self {
        let mut query = Self::default();
        query.add("on", when.on);
        query.add("as_of", when.as_of());
        query
    }

    /// Adds a parameter, when there is one.
    pub(in crate::cli) fn add(&mut self, name: &str, value: Option<impl ToString>) {
        let Some(value) = value else { return };
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        self.0.push_str(name);
        self.0.push('=');
        for byte in value.to_string().bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte) {
                self.0.push(char::from(byte));
            } else {
                // Writing into a text does not fail.
                let _ = write!(self.0, "%{byte:02X}");
            }
        }
    }
}

impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_written_so_that_they_come_back() {
        let mut query = Query::default();
        query.add("as_of", Some("2026-09-30 17:30"));
        query.add("none", None::<u8>);
        query.add("type", Some("a&b=c%"));
        assert_eq!(query.to_string(), "?as_of=2026-09-30%2017:30&type=a%26b%3Dc%25");
    }
}
