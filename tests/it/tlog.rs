//! The transparency log against published vectors, vectors made by another program, and laws.

#![allow(clippy::unwrap_used, reason = "a test stops at its first surprise")]

mod malformed;
mod notes;
mod receipts;
mod tiles;
mod trees;

use mingzheng::tlog::{Tree, leaf_hash};
use serde_json::Value;

/// One file of `tests/vectors/tlog`.
fn vectors(name: &str) -> Value {
    let path = format!("{}/tests/vectors/tlog/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no text `{key}` in {value}"))
}

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or_else(|| panic!("no number `{key}` in {value}"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("no list `{key}` in {value}"))
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// Entry `index` of the trees in the vectors.
fn entry(index: u64) -> [u8; 8] {
    index.to_be_bytes()
}

/// The tree of the vectors with `size` leaves.
fn tree_of(size: u64) -> Tree {
    let mut tree = Tree::new();
    tree.extend((0..size).map(|index| leaf_hash(&entry(index))));
    tree
}
