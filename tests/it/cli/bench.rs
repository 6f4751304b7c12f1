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
    assert!(figures.iter().all(|figure| figure["part"] != "load"), "run by its name only");
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
fn a_short_load_opens_every_page_and_refuses_nobody() {
    let desk = Desk::new();
    let before = names(&desk);
    let ran = desk.run(&["bench", "--only", "load", "--events", "100", "--seconds", "2", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.talk);
    let measured: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let figures = measured["figures"].as_array().unwrap();
    assert!(figures.iter().all(|figure| figure["part"] == "load"));
    let value = |name: &str| {
        let found = figures.iter().find(|figure| figure["name"] == name);
        found.unwrap_or_else(|| panic!("{name}"))["value"].as_f64().unwrap()
    };
    for page in ["/console", "/console/people/{person}", "/console/flags/{flag}", "/console/desk"] {
        let times = figures.iter().filter(|figure| figure["name"] == page);
        let times: Vec<f64> = times.map(|figure| figure["value"].as_f64().unwrap()).collect();
        assert!(times.len() == 2 && 0.0 < times[0] && times[0] <= times[1], "{page}: {times:?}");
    }
    assert!(value("load_seconds") >= 2.0 && value("answers_2xx") > 0.0);
    for name in ["answers_3xx", "answers_4xx", "answers_5xx"] {
        assert!(value(name) == 0.0, "{name}: {}", ran.talk);
    }
    if cfg!(target_os = "linux") {
        let (start, end) = (value("resident_start"), value("resident_end"));
        assert!(0.0 < start && start.max(end) <= value("resident_highest"));
    }
    assert_eq!(names(&desk), before);
}

#[test]
fn an_unknown_part_and_too_few_events_are_mistakes_of_usage() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["bench", "--only", "everything"]).code, 2);
    assert_eq!(desk.run(&["bench", "--events", "99"]).code, 2);
    assert_eq!(desk.run(&["bench", "--seconds", "2"]).code, 2);
    assert_eq!(desk.run(&["bench", "--only", "load", "--seconds", "0"]).code, 2);
}
