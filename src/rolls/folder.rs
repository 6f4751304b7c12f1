//! Which files of a folder may be rolls, by their names, and which lists are none, by their
//! headers. Everything that is not read is named with its reason.

use std::fmt;

use super::clean;

/// Bytes of a file name that any common file system allows.
const NAME_BYTES_MAX: usize = 255;

/// What to do with a file of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name as given.
    pub name: String,
    /// None: read it. Otherwise why not.
    pub skipped: Option<Skipped>,
}

/// Why a file of a folder is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Skipped {
    /// Neither .csv, .txt, .xlsx nor .xls.
    #[error("not a roll by its extension")]
    Extension,
    /// A hidden file, or the lock file an open office program leaves.
    #[error("hidden, or left by an office program that has a file open")]
    Hidden,
    /// A name longer than any file system allows.
    #[error("the name is too long")]
    NameTooLong,
}

/// A list whose headers say that it is no roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotARoll {
    /// Labels of anomalies or of lawful look-alikes.
    Labels,
    /// Rows that an earlier import rejected.
    RejectedRows,
}

impl fmt::Display for NotARoll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Labels => "labels for checking results",
            Self::RejectedRows => "rows that an import rejected",
        })
    }
}

/// Sorts the names of a folder's files, keeping their order.
pub fn sort_folder<I: IntoIterator<Item = S>, S: Into<String>>(names: I) -> Vec<Entry> {
    let entry = |name: S| {
        let name = name.into();
        let skipped = skipped(&name);
        Entry { name, skipped }
    };
    names.into_iter().map(entry).collect()
}

fn skipped(name: &str) -> Option<Skipped> {
    if name.len() > NAME_BYTES_MAX {
        return Some(Skipped::NameTooLong);
    }
    if name.starts_with(['.', '~']) {
        return Some(Skipped::Hidden);
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("csv" | "txt" | "xlsx" | "xls") => None,
        Some(_) | None => Some(Skipped::Extension),
    }
}

/// Knows the lists that lie beside rolls by their first row.
pub(super) fn not_a_roll<'a>(first_row: impl Iterator<Item = &'a str>) -> Option<NotARoll> {
    let labels: Vec<String> = first_row.map(clean::label).collect();
    let has = |name: &str| labels.iter().any(|label| label == name);
    if has("person_id_number") && (has("rule") || has("kind")) {
        Some(NotARoll::Labels)
    } else if has("file") && has("row") && has("reason") {
        Some(NotARoll::RejectedRows)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_none_is_forgotten() {
        let names = [
            "持证人名册.xlsx",
            "A.XLS",
            "rates.csv",
            "名单.txt",
            "truth.json",
            "README.md",
            "~$持证人名册.xlsx",
            ".DS_Store",
            "noextension",
        ];
        let entries = sort_folder(names);
        let read: Vec<_> =
            entries.iter().filter(|e| e.skipped.is_none()).map(|e| e.name.as_str()).collect();
        assert_eq!(read, &names[..4]);
        assert_eq!(entries.len(), names.len());
        assert_eq!(entries[4].skipped, Some(Skipped::Extension));
        assert_eq!(entries[6].skipped, Some(Skipped::Hidden));
        assert_eq!(skipped(&"长".repeat(100)), Some(Skipped::NameTooLong));
    }
}
