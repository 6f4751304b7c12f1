//! A copy of a roll with two more columns: what is doubtful of each row, and on what ground.
//!
//! Cells are copied as they were read; merged cells and formats are not kept. A spreadsheet runs
//! a cell that begins like a formula, and rolls come from many hands: in a text file such a cell
//! gets an apostrophe before it, in a workbook it is marked as text.

use std::{borrow::Cow, collections::BTreeMap};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{
    error::RollError,
    read::{self, Encoding, Roll},
    sheet::{Sheet, Value},
    text,
};

/// Heading of what is doubtful.
const DOUBT: &str = "疑点";
/// Heading of the ground.
const GROUND: &str = "依据";

/// What is written beside a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// What is doubtful.
    pub doubt: String,
    /// On what ground.
    pub ground: String,
}

/// The form of the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Separated text, in the encoding of the source; of a workbook, UTF-8 with a mark.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Form {
    /// The ending of a file of this form.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The form of a file name's ending.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

/// Notes by sheet (in the order of [`Roll::sheets`]) and row as a person counts it.
pub type Notes = BTreeMap<(usize, u32), Note>;

/// Copies a roll with its notes.
///
/// # Errors
/// The bytes are not those the roll was read from, or the copy cannot be made.
pub fn annotate(
    bytes: &[u8],
    roll: &Roll,
    notes: &Notes,
    form: Form,
) -> Result<Vec<u8>, RollError> {
    let (encoding, sheets) = read::open(bytes)?;
    match form {
        Form::Xlsx => workbook(&sheets, roll, notes).map_err(|_| RollError::Broken),
        Form::Csv => {
            let separator = match encoding {
                Encoding::Xlsx | Encoding::Xls => b',',
                Encoding::Utf8 | Encoding::Utf8Bom | Encoding::Gb18030 => {
                    text::separator_of(bytes)?
                }
            };
            let text = separated(&sheets, roll, notes, separator).ok_or(RollError::Broken)?;
            Ok(match encoding {
                Encoding::Utf8 => text.into_bytes(),
                Encoding::Gb18030 => encoding_rs::GB18030.encode(&text).0.into_owned(),
                Encoding::Utf8Bom | Encoding::Xlsx | Encoding::Xls => {
                    [b"\xEF\xBB\xBF", text.as_bytes()].concat()
                }
            })
        }
    }
}

/// What stands in the two columns of a row.
fn beside<'a>(
    sheet: &Sheet,
    number: u32,
    roll: &Roll,
    notes: &'a Notes,
) -> Option<(&'a str, &'a str)> {
    let at = roll.sheets.iter().position(|read| read.name == sheet.name)?;
    if number == roll.sheets.get(at)?.header_row {
        return Some((DOUBT, GROUND));
    }
    let note = notes.get(&(at, number))?;
    Some((&note.doubt, &note.ground))
}

fn width(sheet: &Sheet) -> usize {
    (0..sheet.rows()).map(|row| sheet.width(row)).max().unwrap_or_default()
}

fn separated(sheets: &[Sheet], roll: &Roll, notes: &Notes, separator: u8) -> Option<String> {
    let mut writer =
        csv::WriterBuilder::new().delimiter(separator).flexible(true).from_writer(Vec::new());
    for sheet in sheets {
        let width = width(sheet);
        let mut last = 0;
        for row in 0..sheet.rows() {
            let number = sheet.number(row);
            // Rows keep their numbers: a blank one is written as separators.
            for _ in last + 1..number {
                writer.write_record(std::iter::repeat_n("", width.max(2))).ok()?;
            }
            last = number;
            let cell = |column| guarded(shown(sheet.value(row, column)));
            let mut record: Vec<String> =
                (0..width).map(|column| cell(column).into_owned()).collect();
            let (doubt, ground) = beside(sheet, number, roll, notes).unwrap_or_default();
            record.extend([doubt, ground].map(|text| guarded(text.into()).into_owned()));
            writer.write_record(&record).ok()?;
        }
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}

fn shown(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Empty | Value::Wrong => Cow::Borrowed(""),
        Value::Text(text) => Cow::Borrowed(text),
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Day(day) => Cow::Owned(day.to_string()),
    }
}

/// Says whether a spreadsheet would run the text.
pub(super) fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err()
}

/// The text as a cell that no spreadsheet runs.
pub(super) fn guarded(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_formula(&text) { Cow::Owned(format!("'{text}")) } else { text }
}

fn workbook(sheets: &[Sheet], roll: &Roll, notes: &Notes) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same roll and findings make the same bytes: no clock is read.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let quoted = Format::new().set_quote_prefix();
    for sheet in sheets {
        let page = book.add_worksheet();
        if let Some(name) = &sheet.name {
            page.set_name(name)?;
        }
        let width = width(sheet);
        for row in 0..sheet.rows() {
            let number = sheet.number(row);
            let at = number - 1;
            for column in 0..sheet.width(row) {
                cell(page, (at, place(column)), sheet.value(row, column), &quoted)?;
            }
            if let Some((doubt, ground)) = beside(sheet, number, roll, notes) {
                cell(page, (at, place(width)), Value::Text(doubt), &quoted)?;
                cell(page, (at, place(width + 1)), Value::Text(ground), &quoted)?;
            }
        }
    }
    book.save_to_buffer()
}

/// A column's number; a roll has at most a few hundred.
fn place(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn cell(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    value: Value<'_>,
    quoted: &Format,
) -> Result<(), XlsxError> {
    match value {
        Value::Empty | Value::Wrong => {}
        Value::Number(number) => {
            page.write_number(row, column, number)?;
        }
        Value::Text(text) if is_formula(text) => {
            page.write_string_with_format(row, column, text, quoted)?;
        }
        Value::Text(_) | Value::Day(_) => {
            page.write_string(row, column, shown(value))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{kind::Hint, read::read_roll};
    use super::*;

    const CSV: &str = "2026年3月困难残疾人生活补贴发放名册\n\n\
                       姓名,身份证号,残疾证号,发放月份,金额\n\
                       =cmd|' /C calc'!A0,990101197903120025,,2026-03,60.00\n\
                       甲,99010119790312002X,,2026-03,-60.00\n";

    fn notes(row: u32, doubt: &str, ground: &str) -> Notes {
        let (doubt, ground) = (doubt.to_owned(), ground.to_owned());
        Notes::from([((0, row), Note { doubt, ground })])
    }

    fn roll(bytes: &[u8]) -> Roll {
        read_roll("生活补贴202603.csv", bytes, &Hint::default()).unwrap()
    }

    #[test]
    fn a_text_copy_keeps_rows_and_runs_nothing() {
        let roll = roll(CSV.as_bytes());
        let notes = notes(4, "R01", "@死亡");
        let copy = annotate(CSV.as_bytes(), &roll, &notes, Form::Csv).unwrap();
        let copy = String::from_utf8(copy).unwrap();
        let lines: Vec<&str> = copy.lines().collect();
        assert_eq!(lines.len(), 5, "{copy}");
        assert!(lines[2].ends_with(",金额,疑点,依据"), "{copy}");
        assert!(lines[3].starts_with("'=cmd|"), "{copy}");
        assert!(lines[3].ends_with(",60.00,R01,'@死亡"), "{copy}");
        assert!(lines[4].ends_with(",-60.00,,"), "a number is no formula: {copy}");
    }

    #[test]
    fn a_copy_has_the_encoding_and_the_separator_of_its_source() {
        let text = CSV.replace(',', ";");
        let bytes = encoding_rs::GB18030.encode(&text).0.into_owned();
        let copy = annotate(&bytes, &roll(&bytes), &Notes::new(), Form::Csv).unwrap();
        let (text, ..) = encoding_rs::GB18030.decode(&copy);
        assert!(text.contains(";金额;疑点;依据"), "{text}");
    }

    #[test]
    fn a_workbook_copy_reads_as_the_same_roll() {
        let source = roll(CSV.as_bytes());
        let notes = notes(5, "R17", "当月已发");
        let copy = annotate(CSV.as_bytes(), &source, &notes, Form::Xlsx).unwrap();
        let again = read_roll("生活补贴202603.xlsx", &copy, &Hint::default()).unwrap();
        assert_eq!(again.rows, source.rows);
        assert_eq!(again.sheets[0].unknown_headers, ["疑点", "依据"]);
        let twice = annotate(&copy, &again, &notes_of(&again), Form::Xlsx).unwrap();
        assert!(read_roll("生活补贴202603.xlsx", &twice, &Hint::default()).is_ok());
    }

    fn notes_of(roll: &Roll) -> Notes {
        roll.rows.iter().map(|row| ((row.sheet, row.row), Note::default())).collect()
    }
}
