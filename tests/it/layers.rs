//! The house's own shape: a layer imports only from those above it in the list.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order of their layers: each may import from those before it.
const ORDER: &[&str] = &[
    "compact",
    "value",
    "crypto",
    "tlog",
    "frame",
    "event",
    "policy",
    "domain",
    "rules",
    "audit",
    "log",
    "vault",
    "ledger",
    "projection",
    "rolls",
    "report",
    "answer",
    "service",
    "console",
    "demo",
    "bench",
    "cli",
];

/// What a layer never touches, with the reason in the words of the architecture.
const FORBIDDEN: &[(&[&str], &[&str])] = &[
    (
        &["compact", "value", "crypto", "tlog", "frame", "event", "policy", "domain", "rules"],
        &["std::fs", "std::net", "std::time", "Instant::now", "SystemTime", "tokio", "sled::"],
    ),
    (&["event", "policy", "domain", "rules"], &["getrandom", "random_bytes"]),
    // Pages ask the service's answers: they neither compute what the ledger holds nor write.
    (
        &["console"],
        &["crate::projection", "crate::log", "crate::vault", "Pen", ".submit(", "std::fs"],
    ),
];

fn sources() -> Vec<(String, PathBuf, String)> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(&root).unwrap();
            let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
            let module = first.trim_end_matches(".rs").to_owned();
            if path.extension().is_some_and(|end| end == "rs") {
                found.push((module, path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

/// Code without its comments and without its tests.
fn code(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    before_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn is_test(path: &Path) -> bool {
    let name = path.to_string_lossy();
    let is_script = name.ends_with("script.rs") || name.contains("/script/");
    name.contains("test") || name.ends_with("scenario.rs") || is_script
}

#[test]
fn a_layer_imports_only_from_those_above_it() {
    let place = |module: &str| ORDER.iter().position(|other| *other == module);
    let mut wrong = Vec::new();
    for (module, path, text) in sources() {
        if ["lib", "main"].contains(&module.as_str()) || is_test(&path) {
            continue;
        }
        let own = place(&module).unwrap_or_else(|| panic!("{module} is in no layer"));
        let code = code(&text);
        for part in code.split("crate::").skip(1) {
            let name: String =
                part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if place(&name).is_some_and(|other| other > own) {
                wrong.push(format!("{} imports {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_layer_touches_nothing_that_is_not_its_own() {
    let mut wrong = Vec::new();
    for (module, path, text) in sources() {
        if is_test(&path) {
            continue;
        }
        let code = code(&text);
        for (modules, words) in FORBIDDEN {
            if modules.contains(&module.as_str()) {
                let found = words.iter().filter(|word| code.contains(**word));
                wrong.extend(found.map(|word| format!("{} uses {word}", path.display())));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
