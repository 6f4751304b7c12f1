//! `bench` measures every part of a small ledger and leaves nothing behind. What it measures is
//! not judged: a test never depends on how fast a machine is.

use std::fs;

use super::Desk;

fn names(desk: &Desk) -> Vec<std::ffi::OsString> {
    let listed = fs::read_dir(desk.folder.path()).unwrap();
    listed.map(|entry| entry.unwrap().file_name()).collect()
}

#[test]
fn every_part_is_measured_and_the_folder_is_removed() {
    let desk = Desk::new();
    let before = names(&desk);
    let ran = desk.run(&["bench", "--events", "100", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.talk);
    let measured: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(measured["events"], 100);
    let figures = measured["figures"].as_array().unwrap();
    for part in ["limits", "append", "verify", "rebuild", "import", "judge", "serve", "scale"] {
        let own = figures.iter().filter(|figure| figure["part"] == part);
        let values: Vec<f64> = own.map(|figure| figure["value"].as_f64().unwrap()).collect();
        assert!(!values.is_empty(), "{part}");
        assert!(
            values.iter().all(|value| value.is_finite() && *value >= 0.0),
            "{part}: {values:?}"
        );
    }
    for figure in figures {
        let judged = figure["target"].is_object();
        assert_eq!(figure["met"].is_boolean(), judged, "{figure}");
        assert_eq!(figure["ratio"].is_number(), figure["limit"].is_number(), "{figure}");
    }
    assert_eq!(names(&desk), before);
}

#[test]
fn an_unknown_part_and_too_few_events_are_mistakes_of_usage() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["bench", "--only", "everything"]).code, 2);
    assert_eq!(desk.run(&["bench", "--events", "99"]).code, 2);
}
