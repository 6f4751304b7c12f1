//! The catalogue in `events/`: what is committed there, and what the types say, are one.
//!
//! Schemas and the marked blocks of the READMEs are written from the types by `tools/catalogue.sh`
//! and compared here. Examples are written by people once and never regenerated: an example that
//! is no longer read shows a change of the format.

mod examples;
mod lint;
mod pages;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use mingzheng::event::Body;
use serde_json::Value;

/// The folder of the catalogue.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("events")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names of the entries of a folder, sorted.
fn names(path: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// The files of one kind (`valid`, `invalid`) of a type: name without `.json`, and text.
fn examples(name: &str, kind: &str) -> BTreeMap<String, String> {
    let folder = folder().join(name).join(kind);
    let stem = |file: String| {
        let stem = file.strip_suffix(".json").map(ToOwned::to_owned);
        stem.unwrap_or_else(|| panic!("{name}/{kind}/{file} is not an example"))
    };
    names(&folder).into_iter().map(|file| (stem(file.clone()), read(&folder.join(file)))).collect()
}

/// The schema of a type's `data`.
fn schema(name: &str) -> Value {
    Body::schema_of(name).unwrap().to_value()
}

/// Compares a file of the catalogue with what it must be, or writes it when asked to.
fn hold(path: &Path, expected: &str) {
    if std::env::var_os("MINGZHENG_WRITE_CATALOGUE").is_some() {
        fs::write(path, expected).unwrap();
    }
    let same = fs::read_to_string(path).is_ok_and(|text| text == expected);
    assert!(same, "{} is not what the types say; run tools/catalogue.sh", path.display());
}

#[test]
fn every_type_has_its_folder_and_every_folder_its_type() {
    let types: BTreeSet<String> = Body::NAMES.iter().map(ToString::to_string).collect();
    let files = ["FORMATS.md", "README.md", "payload.schema.json", "sealed.schema.json"]
        .map(ToOwned::to_owned);
    assert_eq!(names(&folder()), types.iter().cloned().chain(files).collect());
    let parts = ["README.md", "schema.json", "valid", "invalid"].map(ToOwned::to_owned);
    for name in &types {
        assert_eq!(names(&folder().join(name)), parts.iter().cloned().collect(), "{name}");
    }
}
