//! One record of the vault, and the header of its file, as bytes.

use std::fmt;

use crate::value::{Hash, KeyId, Tag};

/// Bytes of one record: kind, tag version and tag (21), key id (16), wrapped key (72), evidence root (32).
pub const RECORD_BYTES: usize = 1 + 21 + 16 + 72 + 32;

/// One data key of a person. A second record with the same key and another tag means that the
/// identity was corrected or linked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// The person's identity tag.
    pub id_tag: Tag,
    /// Id of the data key.
    pub key: KeyId,
    /// The data key, wrapped under the vault key.
    pub wrapped: [u8; 72],
    /// What the salts of this person's evidence are derived from ([`EvidenceRoot`]).
    ///
    /// [`EvidenceRoot`]: crate::crypto::EvidenceRoot
    pub evidence_root: [u8; 32],
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record(key {})", self.key)
    }
}

/// Why bytes are not a record, or not the header of a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// Not 142 bytes.
    #[error("a record has {RECORD_BYTES} bytes, not {0}")]
    Length(usize),
    /// A kind of record this program does not know.
    #[error("record kind {0} is unknown")]
    Kind(u8),
    /// The tag's version is not 1 to 9.
    #[error("tag version {0} is not 1 to 9")]
    TagVersion(u8),
    /// The header is not a vault's, or its checksum is wrong.
    #[error("not the header of a vault, version 1")]
    Header,
}

const KIND: u8 = 1;

impl Record {
    /// Encodes the record.
    #[must_use]
    pub fn encode(&self) -> [u8; RECORD_BYTES] {
        let mut bytes = [0; RECORD_BYTES];
        bytes[0] = KIND;
        bytes[1] = self.id_tag.version;
        bytes[2..22].copy_from_slice(&self.id_tag.bytes);
        bytes[22..38].copy_from_slice(&self.key.0);
        bytes[38..110].copy_from_slice(&self.wrapped);
        bytes[110..].copy_from_slice(&self.evidence_root);
        bytes
    }

    /// Decodes a record.
    ///
    /// # Errors
    /// See [`RecordFault`].
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordFault> {
        let length = RecordFault::Length(bytes.len());
        let bytes: &[u8; RECORD_BYTES] = bytes.try_into().map_err(|_| length)?;
        if bytes[0] != KIND {
            return Err(RecordFault::Kind(bytes[0]));
        }
        if !(1..=9).contains(&bytes[1]) {
            return Err(RecordFault::TagVersion(bytes[1]));
        }
        let tag = Tag { version: bytes[1], bytes: part(bytes, 2) };
        let key = KeyId(part(bytes, 22));
        Ok(Self { id_tag: tag, key, wrapped: part(bytes, 38), evidence_root: part(bytes, 110) })
    }
}

/// `N` bytes from `at` on; the callers' places lie inside.
fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[at..at + N]);
    part
}

/// Header of the vault's file: magic, version, origin hash, key check and CRC-32C.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) origin: Hash,
    pub(super) key_check: [u8; 32],
}

pub(super) const HEADER_BYTES: usize = 4 + 2 + 32 + 32 + 4;
const MAGIC_AND_VERSION: [u8; 6] = *b"MZVT\0\x01";

impl Header {
    pub(super) fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..6].copy_from_slice(&MAGIC_AND_VERSION);
        bytes[6..38].copy_from_slice(self.origin.as_bytes());
        bytes[38..70].copy_from_slice(&self.key_check);
        let crc = crc32c::crc32c(&bytes[..70]);
        bytes[70..].copy_from_slice(&crc.to_be_bytes());
        bytes
    }

    pub(super) fn decode(file: &[u8]) -> Result<Self, RecordFault> {
        let bytes = file.first_chunk::<HEADER_BYTES>().ok_or(RecordFault::Header)?;
        let crc = crc32c::crc32c(&bytes[..70]).to_be_bytes();
        if bytes[..6] != MAGIC_AND_VERSION || bytes[70..] != crc {
            return Err(RecordFault::Header);
        }
        Ok(Self { origin: Hash(part(bytes, 6)), key_check: part(bytes, 38) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_and_headers_have_one_spelling() {
        let record = Record {
            id_tag: Tag { version: 1, bytes: [2; 20] },
            key: KeyId([3; 16]),
            wrapped: [4; 72],
            evidence_root: [5; 32],
        };
        let bytes = record.encode();
        assert_eq!(bytes.len(), 142);
        assert_eq!(Record::decode(&bytes), Ok(record));
        assert_eq!(Record::decode(&bytes[1..]), Err(RecordFault::Length(141)));
        let with = |at: usize, byte: u8| {
            let mut bytes = bytes;
            bytes[at] = byte;
            Record::decode(&bytes)
        };
        assert_eq!(with(0, 2), Err(RecordFault::Kind(2)));
        assert_eq!(with(1, 0), Err(RecordFault::TagVersion(0)));
        assert_eq!(with(1, 10), Err(RecordFault::TagVersion(10)));

        let header = Header { origin: Hash([6; 32]), key_check: [7; 32] };
        let bytes = header.encode();
        assert_eq!(Header::decode(&bytes), Ok(header));
        assert_eq!(Header::decode(&bytes[..73]), Err(RecordFault::Header));
        for at in 0..HEADER_BYTES {
            let mut bytes = bytes;
            bytes[at] ^= 1;
            assert_eq!(Header::decode(&bytes), Err(RecordFault::Header), "{at}");
        }
    }

    #[test]
    fn debug_shows_no_key_and_no_tag() {
        let record = Record {
            id_tag: Tag { version: 1, bytes: [0xaa; 20] },
            key: KeyId([0; 16]),
            wrapped: [0xbb; 72],
            evidence_root: [0xcc; 32],
        };
        assert_eq!(format!("{record:?}"), format!("Record(key {})", "a".repeat(26)));
    }
}
