//! One entry: what the ledger appends for one statement.
//!
//! Deterministic CBOR of `[1, index, recorded_at_ms, prev, subject_prev, statement]`, at most
//! 65,535 bytes (formats, section Entry). There is exactly one spelling of an entry: decoding
//! refuses every other, so the bytes can be hashed, chained and proven as they are.

use minicbor::{Decoder, Encoder};

use crate::value::Hash;

/// Longest entry, in bytes: the length of a tlog entry bundle's entry is 16 bits.
pub const ENTRY_BYTES_MAX: usize = 65_535;

const VERSION: u8 = 1;
const FIELDS: u64 = 6;

/// The parts of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Position in the log, from 0.
    pub index: u64,
    /// When the ledger recorded it, in milliseconds since 1970 UTC.
    pub recorded_at_ms: u64,
    /// [`entry_hash`] of the entry before, or [`genesis_prev`] for entry 0.
    pub prev: Hash,
    /// Index of the previous entry with the same subject, always below `index`.
    pub subject_prev: Option<u64>,
    /// The signed statement, byte for byte as its signer made it.
    pub statement: &'a [u8],
}

/// Why bytes are not an entry, or parts cannot become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// More than [`ENTRY_BYTES_MAX`] bytes.
    #[error("an entry of {0} bytes is longer than 65535")]
    TooLong(usize),
    /// Not the CBOR array of an entry.
    #[error("not the CBOR array of an entry")]
    Form,
    /// An entry of a version this program does not know.
    #[error("entry version {0} is unknown")]
    Version(u64),
    /// The right parts in another spelling than the shortest.
    #[error("not the deterministic CBOR of an entry")]
    NotDeterministic,
    /// Bytes after the entry.
    #[error("bytes after the entry")]
    Trailing,
    /// `subject_prev` is not below `index`.
    #[error("the previous entry of the subject is not before this one")]
    SubjectPrev,
}

impl<'a> Entry<'a> {
    /// Encodes the entry.
    ///
    /// # Errors
    /// [`EntryError::TooLong`] and [`EntryError::SubjectPrev`].
    pub fn encode(&self) -> Result<Vec<u8>, EntryError> {
        let len = self.encoded_len();
        if len > ENTRY_BYTES_MAX {
            return Err(EntryError::TooLong(len));
        }
        if self.subject_prev.is_some_and(|prev| prev >= self.index) {
            return Err(EntryError::SubjectPrev);
        }
        let mut encoder = Encoder::new(Vec::with_capacity(len));
        self.write(&mut encoder).expect("writing to memory cannot fail");
        Ok(encoder.into_writer())
    }

    /// Decodes exactly one entry.
    ///
    /// # Errors
    /// Every form but the one [`Entry::encode`] makes.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, EntryError> {
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(EntryError::TooLong(bytes.len()));
        }
        let mut decoder = Decoder::new(bytes);
        let entry = read(&mut decoder)?;
        if decoder.position() != bytes.len() {
            return Err(EntryError::Trailing);
        }
        // Every part has one shortest spelling, so equal length means that all parts have it.
        if entry.encoded_len() != bytes.len() {
            return Err(EntryError::NotDeterministic);
        }
        if entry.subject_prev.is_some_and(|prev| prev >= entry.index) {
            return Err(EntryError::SubjectPrev);
        }
        Ok(entry)
    }

    fn write(
        &self,
        encoder: &mut Encoder<Vec<u8>>,
    ) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        encoder.array(FIELDS)?.u8(VERSION)?.u64(self.index)?.u64(self.recorded_at_ms)?;
        encoder.bytes(self.prev.as_bytes())?;
        match self.subject_prev {
            Some(index) => encoder.u64(index)?,
            None => encoder.null()?,
        };
        encoder.bytes(self.statement)?;
        Ok(())
    }

    fn encoded_len(&self) -> usize {
        // 2 = array head and version; 34 = head and bytes of `prev`.
        2 + head_len(self.index)
            + head_len(self.recorded_at_ms)
            + 34
            + self.subject_prev.map_or(1, head_len)
            + head_len(self.statement.len() as u64)
            + self.statement.len()
    }
}

/// Hash of an entry's bytes: the `prev` of the next one.
#[must_use]
pub fn entry_hash(entry: &[u8]) -> Hash {
    Hash::blake3(entry)
}

/// The `prev` of entry 0, and the origin hash in every segment header: BLAKE3-256 of the origin.
#[must_use]
pub fn genesis_prev(origin: &str) -> Hash {
    Hash::blake3(origin.as_bytes())
}

fn read<'a>(decoder: &mut Decoder<'a>) -> Result<Entry<'a>, EntryError> {
    let form = |_| EntryError::Form;
    if decoder.array().map_err(form)? != Some(FIELDS) {
        return Err(EntryError::Form);
    }
    let version = decoder.u64().map_err(form)?;
    if version != u64::from(VERSION) {
        return Err(EntryError::Version(version));
    }
    let index = decoder.u64().map_err(form)?;
    let recorded_at_ms = decoder.u64().map_err(form)?;
    let prev = decoder.bytes().map_err(form)?.try_into().map_err(|_| EntryError::Form)?;
    let subject_prev = match decoder.datatype().map_err(form)? {
        minicbor::data::Type::Null => {
            decoder.null().map_err(form)?;
            None
        }
        _ => Some(decoder.u64().map_err(form)?),
    };
    let statement = decoder.bytes().map_err(form)?;
    Ok(Entry { index, recorded_at_ms, prev: Hash(prev), subject_prev, statement })
}

/// Bytes of the shortest CBOR head that carries `value` (RFC 8949, 4.2.1).
const fn head_len(value: u64) -> usize {
    match value {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(statement: &[u8]) -> Entry<'_> {
        Entry {
            index: 7,
            recorded_at_ms: 1_783_000_000_000,
            prev: Hash([0xab; 32]),
            subject_prev: Some(3),
            statement,
        }
    }

    #[test]
    fn the_bytes_are_the_array_of_the_format() {
        let mut expected = vec![0x86, 0x01, 0x07, 0x1b, 0, 0, 0x01, 0x9f, 0x23, 0x3b, 0xda, 0x00];
        expected.extend([0x58, 0x20]);
        expected.extend([0xab; 32]);
        expected.extend([0x03, 0x42, b'h', b'i']);
        let bytes = entry(b"hi").encode().unwrap();
        assert_eq!(bytes[..4], expected[..4]);
        assert_eq!(bytes[4..12], 1_783_000_000_000_u64.to_be_bytes());
        assert_eq!(bytes[12..], expected[12..]);

        let first = Entry { index: 0, subject_prev: None, ..entry(b"hi") };
        let bytes = first.encode().unwrap();
        assert_eq!(bytes[46], 0xf6);
        assert_eq!(Entry::decode(&bytes), Ok(first));
    }

    #[test]
    fn an_entry_of_65535_bytes_is_the_longest() {
        // The longest statement that fits around the fixed parts of this entry: 2 + 1 + 9 + 34 +
        // 1 + 3 = 50 bytes.
        let statement = vec![0x5a; ENTRY_BYTES_MAX - 50];
        let bytes = entry(&statement).encode().unwrap();
        assert_eq!(bytes.len(), ENTRY_BYTES_MAX);
        assert_eq!(Entry::decode(&bytes), Ok(entry(&statement)));

        let statement = vec![0x5a; ENTRY_BYTES_MAX - 49];
        assert_eq!(entry(&statement).encode(), Err(EntryError::TooLong(65_536)));
        assert_eq!(Entry::decode(&vec![0; 65_536]), Err(EntryError::TooLong(65_536)));
    }

    #[test]
    fn every_other_spelling_is_refused() {
        let bytes = entry(b"hi").encode().unwrap();
        let replaced = |at: usize, with: &[u8]| {
            let mut bytes = bytes.clone();
            bytes.splice(at..=at, with.iter().copied());
            bytes
        };
        let cases = [
            ("index in two bytes", replaced(2, &[0x18, 7]), EntryError::NotDeterministic),
            ("version in two bytes", replaced(1, &[0x18, 1]), EntryError::NotDeterministic),
            ("array head in two bytes", replaced(0, &[0x98, 6]), EntryError::NotDeterministic),
            ("statement length in two bytes", replaced(47, &[0x58, 2]), {
                EntryError::NotDeterministic
            }),
            ("version 2", replaced(1, &[2]), EntryError::Version(2)),
            ("indefinite array", [&[0x9f], &bytes[1..], &[0xff]].concat(), EntryError::Form),
            ("five fields", replaced(0, &[0x85]), EntryError::Form),
            ("negative index", replaced(2, &[0x20]), EntryError::Form),
            ("undefined subject_prev", replaced(46, &[0xf7]), EntryError::Form),
            ("text statement", replaced(47, &[0x62]), EntryError::Form),
            ("subject_prev not before", replaced(46, &[0x07]), EntryError::SubjectPrev),
            ("a byte more", [&bytes[..], &[0]].concat(), EntryError::Trailing),
            ("a byte less", bytes[..bytes.len() - 1].to_vec(), EntryError::Form),
            ("nothing", Vec::new(), EntryError::Form),
        ];
        for (name, bytes, error) in cases {
            assert_eq!(Entry::decode(&bytes), Err(error), "{name}");
        }
        let backwards = Entry { subject_prev: Some(7), ..entry(b"hi") };
        assert_eq!(backwards.encode(), Err(EntryError::SubjectPrev));
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(
            index in any::<u64>(),
            recorded_at_ms in any::<u64>(),
            prev in any::<[u8; 32]>(),
            subject_prev in any::<Option<u64>>(),
            statement in prop::collection::vec(any::<u8>(), 0..400),
        ) {
            let subject_prev = subject_prev.filter(|prev| *prev < index);
            let (prev, statement) = (Hash(prev), &statement[..]);
            let entry = Entry { index, recorded_at_ms, prev, subject_prev, statement };
            let bytes = entry.encode().unwrap();
            prop_assert_eq!(Entry::decode(&bytes), Ok(entry));
        }

        #[test]
        fn what_decodes_is_what_encodes(
            at in 0_usize..60, to in any::<u8>(), cut in 0_usize..60, extra in any::<Option<u8>>(),
        ) {
            let mut bytes = entry(b"a statement").encode().unwrap();
            let len = bytes.len();
            bytes[at % len] = to;
            bytes.truncate(len.max(cut));
            bytes.extend(extra);
            if let Ok(entry) = Entry::decode(&bytes) {
                prop_assert_eq!(entry.encode(), Ok(bytes));
            }
        }

        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            if let Ok(entry) = Entry::decode(&bytes) {
                prop_assert_eq!(entry.encode(), Ok(bytes.clone()));
            }
        }
    }
}
