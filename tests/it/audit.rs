//! The verifier against ledgers made by hand: sound ones pass, and each kind of wrong is named.

mod damage;
mod findings;
pub(crate) mod forge;
mod ledger;
mod rules;
mod small_files;

use std::path::Path;

use mingzheng::{
    audit::{Options, Report, Trail, Trust, verify},
    tlog::NoteVerifier,
};

use ledger::{Ledger, vkey};

/// Checks a folder with the key from outside.
fn check(folder: &Path) -> Report {
    check_with(folder, &outside())
}

fn check_with(folder: &Path, options: &Options) -> Report {
    verify(&Trail::open(folder).unwrap(), options)
}

fn outside() -> Options {
    Options { vkey: Some(vkey()), ..Options::default() }
}

/// Index and code of each violation.
fn violations(report: &Report) -> Vec<(Option<u64>, &'static str)> {
    report.violations.iter().map(|violation| (violation.index, violation.code)).collect()
}

/// Writes the ledger whole, checks it and answers the violations.
fn violations_of(ledger: &Ledger) -> Vec<(Option<u64>, &'static str)> {
    let folder = tempfile::tempdir().unwrap();
    ledger.write(folder.path(), 4, ledger.tree.len());
    let report = check(folder.path());
    assert_eq!(report.ok, report.violations.is_empty());
    violations(&report)
}

#[test]
fn a_sound_ledger_and_its_export_pass_with_one_result() {
    let ledger = Ledger::with_persons(300);
    let size = ledger.tree.len();
    let folder = tempfile::tempdir().unwrap();
    ledger.write(&folder.path().join("ledger"), 7, size);
    ledger.export(&folder.path().join("export"));
    for strict in [false, true] {
        let options = Options { genesis: Some(ledger.genesis()), strict, ..outside() };
        for trail in ["ledger", "export"] {
            let report = check_with(&folder.path().join(trail), &options);
            assert_eq!(violations(&report), [], "{trail}");
            assert!(report.ok);
            assert_eq!((report.entries, report.checkpoint_size), (size, Some(size)));
            assert_eq!(report.root, ledger.tree.root());
            let last = ledger.entries.last().unwrap();
            assert_eq!(report.chain, mingzheng::frame::entry_hash(last));
            assert_eq!((report.trust, report.unpublished_tail), (Trust::OutsideKey, None));
            assert_eq!(report.findings, []);
        }
    }
}

#[test]
fn without_an_outside_key_the_result_is_self_trusted() {
    let folder = tempfile::tempdir().unwrap();
    Ledger::with_persons(3).write(folder.path(), 2, 6);
    let report = check_with(folder.path(), &Options::default());
    assert!(report.ok);
    assert_eq!(report.trust, Trust::SelfTrusted);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["trust"], "self-trusted");
    assert_eq!(json["origin"], ledger::ORIGIN);
    assert_eq!(json["violations"], serde_json::json!([]));
}

#[test]
fn another_key_or_genesis_from_outside_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::with_persons(3);
    ledger.write(folder.path(), 2, 6);
    let other: NoteVerifier = ledger::named_key(ledger::ORIGIN, 201).verifier().clone();
    let report = check_with(folder.path(), &Options { vkey: Some(other), ..Options::default() });
    let codes: Vec<_> = violations(&report).into_iter().map(|(_, code)| code).collect();
    assert!(codes.contains(&"vkey_differs") && codes.contains(&"checkpoint_refused"), "{codes:?}");

    let genesis = Some(ledger.tree.leaf(1).unwrap());
    let report = check_with(folder.path(), &Options { genesis, ..outside() });
    assert_eq!(violations(&report), [(Some(0), "genesis_differs")]);
}

#[test]
fn a_folder_of_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Trail::open(folder.path()).is_err());
    assert!(Trail::open(folder.path().join("absent")).is_err());
}
