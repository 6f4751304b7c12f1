//! The deterministic CBOR (RFC 8949 4.2.1) that our signed structures need: unsigned integers,
//! byte strings, text strings and literal bytes, each in its shortest form.
//!
//! Reading refuses every other spelling as it goes, so nothing is decoded and encoded again to
//! find out whether it was canonical. It knows no maps, tags, floats or indefinite lengths: those
//! that occur are fixed bytes in the structure that has them.

/// Unsigned integer.
const UINT: u8 = 0;
/// Byte string.
const BYTES: u8 = 2;
/// Text string.
const TEXT: u8 = 3;

/// The bytes are not what the form has at this place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("at byte {at}: expected {expected}")]
pub struct Unexpected {
    /// Offset of the item that is wrong.
    pub at: usize,
    /// What the form has there.
    pub expected: &'static str,
}

/// Reads items from the front of a slice.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    start: usize,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, start: 0 }
    }

    /// Reads a slice that lies inside a larger one; offsets in errors count from the larger.
    pub(crate) const fn inside(bytes: &'a [u8], start: usize) -> Self {
        Self { bytes, at: 0, start }
    }

    /// Bytes read so far.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    const fn unexpected(&self, at: usize, expected: &'static str) -> Unexpected {
        Unexpected { at: self.start + at, expected }
    }

    /// Takes bytes that are always the same.
    pub(crate) fn literal(
        &mut self,
        literal: &[u8],
        expected: &'static str,
    ) -> Result<(), Unexpected> {
        if !self.bytes[self.at..].starts_with(literal) {
            return Err(self.unexpected(self.at, expected));
        }
        self.at += literal.len();
        Ok(())
    }

    /// Takes `N` raw bytes.
    pub(crate) fn array<const N: usize>(
        &mut self,
        expected: &'static str,
    ) -> Result<&'a [u8; N], Unexpected> {
        let Some(array) = self.bytes[self.at..].first_chunk() else {
            return Err(self.unexpected(self.at, expected));
        };
        self.at += N;
        Ok(array)
    }

    /// Takes an unsigned integer.
    pub(crate) fn uint(&mut self, expected: &'static str) -> Result<u64, Unexpected> {
        self.head(UINT, expected)
    }

    /// Takes a byte string.
    pub(crate) fn bytes(&mut self, expected: &'static str) -> Result<&'a [u8], Unexpected> {
        self.string(BYTES, expected)
    }

    /// Takes a text string.
    pub(crate) fn text(&mut self, expected: &'static str) -> Result<&'a str, Unexpected> {
        let at = self.at;
        str::from_utf8(self.string(TEXT, expected)?).map_err(|_| self.unexpected(at, expected))
    }

    /// Checks that nothing follows.
    pub(crate) fn end(&self) -> Result<(), Unexpected> {
        if self.at == self.bytes.len() {
            Ok(())
        } else {
            Err(self.unexpected(self.at, "nothing more"))
        }
    }

    fn string(&mut self, major: u8, expected: &'static str) -> Result<&'a [u8], Unexpected> {
        let at = self.at;
        let len = usize::try_from(self.head(major, expected)?).unwrap_or(usize::MAX);
        let Some(string) = self.bytes[self.at..].get(..len) else {
            return Err(self.unexpected(at, expected));
        };
        self.at += len;
        Ok(string)
    }

    /// Takes an item's head: major type and shortest-form argument.
    fn head(&mut self, major: u8, expected: &'static str) -> Result<u64, Unexpected> {
        let at = self.at;
        let wrong = self.unexpected(at, expected);
        let rest = &self.bytes[at..];
        let first = *rest.first().ok_or(wrong)?;
        if first >> 5 != major {
            return Err(wrong);
        }
        // Each longer form must hold a number that the next shorter one cannot.
        let (argument, len, least) = match first & 0x1f {
            small @ 0..=23 => (u64::from(small), 1, 0),
            24 => (rest.get(1).copied().ok_or(wrong)?.into(), 2, 24),
            25 => (u16::from_be_bytes(after_first(rest).ok_or(wrong)?).into(), 3, 1 << 8),
            26 => (u32::from_be_bytes(after_first(rest).ok_or(wrong)?).into(), 5, 1 << 16),
            27 => (u64::from_be_bytes(after_first(rest).ok_or(wrong)?), 9, 1 << 32),
            _ => return Err(wrong),
        };
        if argument < least {
            return Err(wrong);
        }
        self.at += len;
        Ok(argument)
    }
}

fn after_first<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes[1..].first_chunk().copied()
}

/// Appends an unsigned integer.
pub(crate) fn put_uint(out: &mut Vec<u8>, value: u64) {
    put_head(out, UINT, value);
}

/// Appends a byte string.
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_head(out, BYTES, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends a text string.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_head(out, TEXT, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn put_head(out: &mut Vec<u8>, major: u8, argument: u64) {
    let bytes = argument.to_be_bytes();
    // The shortest form: skip the leading bytes that are zero, in steps of 1, 2, 4 or 8.
    let (info, from) = match argument {
        0..=23 => (bytes[7], 8),
        24..=0xff => (24, 7),
        0x100..=0xffff => (25, 6),
        0x1_0000..=0xffff_ffff => (26, 4),
        _ => (27, 0),
    };
    out.push(major << 5 | info);
    out.extend_from_slice(&bytes[from..]);
}

#[cfg(test)]
mod tests {
    use coset::cbor::value::Value;
    use proptest::prelude::*;

    use super::*;

    /// Every number at which the length of a head changes, and its neighbours.
    const EDGES: [u64; 14] = [
        0,
        1,
        23,
        24,
        25,
        255,
        256,
        257,
        65_535,
        65_536,
        u32::MAX as u64 - 1,
        u32::MAX as u64,
        u32::MAX as u64 + 1,
        u64::MAX,
    ];

    fn foreign(value: &Value) -> Vec<u8> {
        let mut bytes = Vec::new();
        coset::cbor::into_writer(value, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn numbers_at_every_edge_match_a_foreign_library() {
        for number in EDGES {
            let mut ours = Vec::new();
            put_uint(&mut ours, number);
            assert_eq!(ours, foreign(&Value::from(number)));
            let mut reader = Reader::new(&ours);
            assert_eq!(reader.uint("a number"), Ok(number));
            assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn longer_spellings_and_indefinite_lengths_are_refused() {
        for bad in [
            &[0x18, 23][..],
            &[0x19, 0, 255],
            &[0x1a, 0, 0, 255, 255],
            &[0x1b, 0, 0, 0, 0, 255, 255, 255, 255],
            &[0x1c],
            &[0x1f],
            &[0x18],
            &[0x19, 1],
            &[],
            &[0x20],
        ] {
            let wrong = Unexpected { at: 0, expected: "a number" };
            assert_eq!(Reader::new(bad).uint("a number"), Err(wrong), "{bad:?}");
        }
        let huge = [0x5b, 255, 255, 255, 255, 255, 255, 255, 255, 0];
        for bad in [&[0x58, 1, 0][..], &[0x5f, 0x41, 0, 0xff], &[0x41], &[0x60], &huge] {
            assert!(Reader::new(bad).bytes("bytes").is_err(), "{bad:?}");
        }
        assert!(Reader::new(&[0x61, 0xff]).text("text").is_err());
    }

    proptest! {
        #[test]
        fn strings_match_a_foreign_library(text in ".{0,300}", bytes: Vec<u8>) {
            let mut ours = Vec::new();
            put_text(&mut ours, &text);
            put_bytes(&mut ours, &bytes);
            let mut theirs = foreign(&Value::from(text.as_str()));
            theirs.extend(foreign(&Value::from(bytes.as_slice())));
            prop_assert_eq!(&ours, &theirs);
            let mut reader = Reader::new(&ours);
            prop_assert_eq!(reader.text("text"), Ok(text.as_str()));
            prop_assert_eq!(reader.bytes("bytes"), Ok(bytes.as_slice()));
            prop_assert_eq!(reader.at(), ours.len());
        }
    }
}
