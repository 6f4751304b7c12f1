//! Cleaned personal text of a row: names, numbers, accounts, places.
//!
//! Held between the file and the sealed event only. It is wiped when dropped and never printed.

use std::{borrow::Cow, fmt};

use zeroize::Zeroize;

/// A cleaned personal text. `Debug` shows nothing of it; dropping it wipes it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Personal(Box<str>);

impl Personal {
    /// Takes a cleaned text, and wipes it when it was a copy.
    #[must_use]
    pub fn new(text: Cow<'_, str>) -> Self {
        let own = Self(Box::from(&*text));
        wipe(text);
        own
    }

    /// The text, for sealing and tagging.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Wipes a text that was copied on the way; a borrowed one belongs to its sheet.
pub(super) fn wipe(text: Cow<'_, str>) {
    if let Cow::Owned(mut copy) = text {
        copy.zeroize();
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(..)")
    }
}

impl Drop for Personal {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// A number that old registers hold in forms the value type refuses: the cleaned text is always
/// kept, the value only where it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Legacy<T> {
    /// The cleaned text.
    pub text: Personal,
    /// The value, when the text is one.
    pub value: Option<T>,
}
