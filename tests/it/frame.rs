//! The bytes of entries, frames, segment headers and head slots against vectors that a separate
//! program made from the written formats.

use mingzheng::frame::{
    Entry, FrameView, HeadRecord, SEGMENT_HEADER_BYTES, SegmentHeader, encode_frame, entry_hash,
    genesis_prev,
};
use mingzheng::value::Hash;
use serde_json::Value;
use sha2::{Digest, Sha256};

fn vectors() -> Value {
    serde_json::from_str(include_str!("../vectors/frame/v1.json")).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn hash(text: &Value) -> Hash {
    let bytes = data_encoding::HEXLOWER.decode(text.as_str().unwrap().as_bytes()).unwrap();
    Hash(bytes.try_into().unwrap())
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn statement(len: u64) -> Vec<u8> {
    (0..len).map(|k| u8::try_from((k * 7 + 3) % 256).unwrap()).collect()
}

#[test]
fn entries_have_the_written_bytes() {
    let vectors = vectors();
    assert_eq!(genesis_prev(vectors["origin"].as_str().unwrap()), hash(&vectors["genesis_prev"]));
    for vector in vectors["entries"].as_array().unwrap() {
        let statement = statement(number(&vector["statement_len"]));
        let entry = Entry {
            index: number(&vector["index"]),
            recorded_at_ms: number(&vector["recorded_at_ms"]),
            prev: hash(&vector["prev"]),
            subject_prev: vector["subject_prev"].as_u64(),
            statement: &statement,
        };
        let bytes = entry.encode().unwrap();
        assert_eq!(bytes.len() as u64, number(&vector["entry_len"]));
        assert_eq!(hex(&bytes[..bytes.len().min(80)]), vector["entry_head"]);
        assert_eq!(hex(&Sha256::digest(&bytes)), vector["entry_sha256"]);
        assert_eq!(entry_hash(&bytes), hash(&vector["entry_hash"]));
        assert_eq!(Entry::decode(&bytes).unwrap(), entry);
    }
}

#[test]
fn frames_have_the_written_bytes() {
    for vector in vectors()["frames"].as_array().unwrap() {
        let entries: Vec<Vec<u8>> =
            (0..number(&vector["count"])).map(|k| statement(1 + k % 300)).collect();
        let views: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        let mut bytes = Vec::new();
        let (first, prev) = (number(&vector["first_index"]), hash(&vector["prev"]));
        encode_frame(&mut bytes, first, &prev, &views);
        assert_eq!(bytes.len() as u64, number(&vector["len"]));
        assert_eq!(hex(&bytes[..52]), vector["head"]);
        assert_eq!(hex(&Sha256::digest(&bytes)), vector["sha256"]);
        let view = FrameView::parse(&bytes).unwrap();
        assert_eq!((view.first_index(), view.prev()), (first, prev));
        assert!(view.entries().eq(views));
    }
}

#[test]
fn segment_headers_have_the_written_bytes() {
    let vectors = vectors();
    let origin = hash(&vectors["genesis_prev"]);
    for vector in vectors["headers"].as_array().unwrap() {
        let header = SegmentHeader { origin, first_index: number(&vector["first_index"]) };
        let bytes: [u8; SEGMENT_HEADER_BYTES] = header.encode();
        assert_eq!(hex(&bytes), vector["bytes"]);
        assert_eq!(header.file_name(), vector["file"]);
        assert_eq!(SegmentHeader::decode(&bytes), Ok(header));
    }
}

#[test]
fn head_slots_have_the_written_bytes() {
    for vector in vectors()["slots"].as_array().unwrap() {
        let len = usize::try_from(number(&vector["note_len"])).unwrap();
        let long = vector["note_char"].as_str().unwrap().repeat(len);
        let note = vector["note"].as_str().map_or(long, str::to_owned);
        let record =
            HeadRecord { size: number(&vector["size"]), root: hash(&vector["root"]), note };
        let sequence = number(&vector["sequence"]);
        let slot = record.encode(sequence).unwrap();
        assert_eq!(hex(&Sha256::digest(&slot)), vector["sha256"]);
        assert_eq!(hex(&slot[slot.len() - 4..]), vector["crc"]);
        assert_eq!(HeadRecord::slot_offset(sequence), number(&vector["offset"]));
    }
}
