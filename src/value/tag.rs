//! Tags: keyed pseudonyms of identifiers, as text. How they are made is `crypto::tag`.

use std::{fmt, str::FromStr};

use super::{Malformed, base32, base32_decode, text_value};

/// A keyed tag, 20 bytes, with the version of the tag key that made it: `t1` and 32 characters of
/// base32. Equal tags of one kind mean equal identifiers; nothing else can be read from one
/// without the tag key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag {
    /// Version of the tag key, 1-9.
    pub version: u8,
    /// Truncated keyed BLAKE3.
    pub bytes: [u8; 20],
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t{}{}", self.version, base32(&self.bytes))
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Tag {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = Malformed::new("tag", "t, a version 1-9 and 32 characters of base32");
        let mut chars = text.chars();
        let version = match (chars.next(), chars.next()) {
            (Some('t'), Some(digit @ '1'..='9')) => digit as u8 - b'0',
            _ => return Err(wrong),
        };
        let bytes = base32_decode(chars.as_str()).map_err(|_| wrong)?;
        Ok(Self { version, bytes })
    }
}

text_value!(Tag, "tag", "^t[1-9][a-z2-7]{32}$", as (u8, [u8; 20]), |tag| (tag.version, tag.bytes),
    |(version, bytes)| Ok(Tag { version, bytes }));
