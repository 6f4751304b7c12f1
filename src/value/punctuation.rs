//! Chinese texts have full-width punctuation: what the tests of words look for.

use std::{fs, path::Path};

/// Whether half-width punctuation stands beside a Chinese character.
pub(crate) fn has_half_width(text: &str) -> bool {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let letters: Vec<char> = text.chars().collect();
    letters.windows(2).any(|pair| {
        let [one, other] = [pair[0], pair[1]];
        // What begins a code, such as `person:`, is no punctuation.
        is_han(one) && [',', ':', ';', '(', ')', '!', '?'].contains(&other)
            || is_han(other) && [',', ';', '(', ')'].contains(&one)
    })
}

/// The Chinese literals of a source, a line at a time; those of its tests are left out, and so is an
/// English text that only quotes a Chinese word.
fn literals(source: &str) -> impl Iterator<Item = &str> {
    let lines = source.lines().take_while(|line| !line.starts_with("mod tests"));
    let lines = lines.filter(|line| !line.trim_start().starts_with("//"));
    let pieces = lines.flat_map(|line| {
        let whole = line.matches('"').count() % 2 == 1;
        line.split('"').enumerate().filter(move |(at, _)| whole || at % 2 == 1).map(|(_, it)| it)
    });
    pieces.filter(|piece| {
        let latin = piece.chars().filter(char::is_ascii_alphabetic).count();
        let han = piece.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
        han > 0 && han >= latin
    })
}

fn scan(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "tests" {
                scan(&path, found);
            }
        } else if name.ends_with(".rs") {
            let source = fs::read_to_string(&path).unwrap();
            let wrong = literals(&source).filter(|text| has_half_width(text));
            found.extend(wrong.map(|text| format!("{}: {text}", path.display())));
        }
    }
}

#[test]
fn the_chinese_texts_of_rules_pages_and_refusals_have_full_width_punctuation() {
    assert!(has_half_width("发放,停发") && has_half_width("村(社区)"));
    assert!(!has_half_width("编号（如 person:…）") && !has_half_width("村（社区），2,000 元"));
    let mut found = Vec::new();
    // Rolls are left out: their headers are what offices write.
    for folder in ["answer", "console", "domain", "event", "policy", "report", "rules", "service"] {
        scan(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder), &mut found);
    }
    assert!(found.is_empty(), "{found:#?}");
}
