//! Rows that cannot become events, and the file that names them.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use super::super::{annotate::guarded, column::Column, error::Fault, read::RejectedRow};

/// A row that was read or not, and did not become an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The sheet's name; none for a text file.
    pub sheet: Option<String>,
    /// The row as a person counts it in the file, from 1.
    pub row: u32,
    /// Why; never holds a value of the row.
    pub why: Why,
}

/// Why a row did not become an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Why {
    /// A column's fault.
    #[error(transparent)]
    Cell(#[from] Fault),
    /// A number of the demo prefix on a real ledger.
    #[error("ID numbers that begin with 99 are for demo ledgers")]
    DemoNumber,
    /// A text that must stand in clear and may not.
    #[error("{0} is too long, or holds a long number, and may not stand in clear")]
    NotClear(Column),
    /// A bank's answer that names nobody.
    #[error("there is no ID number, and the account does not name one payment of this roll")]
    NobodyNamed,
    /// Nobody of that number is on the ledger.
    #[error("nobody of that ID number is on the ledger; import the register first")]
    NotOnLedger,
    /// Nobody is placed.
    #[error("no placement of that person stands on that day; import the placements first")]
    NotPlaced,
    /// The works' household is unknown.
    #[error("the household is not on the ledger; import the list of households first")]
    NoHousehold,
    /// The works' number and person are of two households.
    #[error("the person is not of the household of that number; correct one, or the household")]
    OtherHousehold,
    /// A day after the import's.
    #[error("{0} lies in the future")]
    Future(Column),
    /// The payment is known, but its ID number was erased.
    #[error("there is no ID number, and that of the payment can no longer be read")]
    Erased,
}

impl From<&RejectedRow> for Rejected {
    fn from(row: &RejectedRow) -> Self {
        Self { sheet: row.sheet.clone(), row: row.row, why: row.reason.into() }
    }
}

/// Writes the rejected rows of one import as CSV (file, row, reason) into `folder`, readable by
/// its owner alone, and gives back the new file's path; nothing when there are none. An earlier
/// import's file is never overwritten.
///
/// # Errors
/// The file cannot be written.
pub fn write_rejected(
    folder: &Path,
    roll_file_name: &str,
    rows: &[Rejected],
) -> io::Result<Option<PathBuf>> {
    if rows.is_empty() {
        return Ok(None);
    }
    fs::create_dir_all(folder)?;
    let name = base_name(roll_file_name);
    let (path, mut file) = create(folder, name)?;
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["file", "row", "reason"])?;
    for rejected in rows {
        let file = match &rejected.sheet {
            Some(sheet) => format!("{name}#{sheet}"),
            None => name.to_owned(),
        };
        // A file has the name that its sender gave it.
        let cells = [file, rejected.row.to_string(), rejected.why.to_string()];
        csv.write_record(cells.map(|cell| guarded(cell.into()).into_owned()))?;
    }
    let text = csv.into_inner().map_err(csv::IntoInnerError::into_error)?;
    // Spreadsheets take UTF-8 for what it is only behind a byte order mark.
    file.write_all("\u{feff}".as_bytes())?;
    file.write_all(&text)?;
    file.sync_all()?;
    Ok(Some(path))
}

/// The name without its folders.
pub(super) fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn create(folder: &Path, name: &str) -> io::Result<(PathBuf, fs::File)> {
    /// Imports of one file name that leave rejected rows.
    const FILES_MAX: u32 = 10_000;
    // Room for the ending under the 255 bytes of a file name.
    let stem: String = name
        .chars()
        .scan(0, |bytes, c| {
            *bytes += c.len_utf8();
            (*bytes <= 200).then_some(c)
        })
        .collect();
    for number in 1..=FILES_MAX {
        let path = folder.join(format!("{stem}.{number}.rejected.csv"));
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "too many rejected files of this name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_a_sender_gave_a_file_is_not_run_by_a_spreadsheet() {
        let folder = tempfile::tempdir().unwrap();
        let rows = [Rejected { sheet: None, row: 2, why: Why::DemoNumber }];
        for name in ["=1+1.csv", "@SUM(1).csv", "+cmd.csv", "plain.csv"] {
            let path = write_rejected(folder.path(), name, &rows).unwrap().unwrap();
            let text = fs::read_to_string(path).unwrap();
            let cell = text.lines().nth(1).unwrap().split(',').next().unwrap();
            let shown = if name == "plain.csv" { name.to_owned() } else { format!("'{name}") };
            assert_eq!(cell, shown);
        }
    }
}
