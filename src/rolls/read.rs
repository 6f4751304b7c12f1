//! A file's bytes to a roll: the way through the steps, and what comes out.
//!
//! No file is opened and nothing is written here. Every row of a recognised sheet is counted
//! once: read, rejected with its reason, blank, a total, or the header again.

use super::{
    clean,
    column::Column,
    error::{Fault, RollError, Source},
    fields::Fields,
    folder,
    kind::{Hint, RollKind},
    layout::{self, HeaderRow, Layout},
    parse,
    recognise::{Recognised, recognise},
    row::Row,
    sheet::{Sheet, Value},
    text, workbook,
};
use crate::value::{Fen, Month};

/// Bytes of a file: a million rows of the widest roll in a packed workbook.
pub const FILE_BYTES_MAX: usize = 64 << 20;
/// Words that open a row of sums.
const TOTAL_WORDS: [&str; 7] = ["合计", "总计", "小计", "共计", "累计", "本页合计", "本页小计"];
/// Sums of a million rows at their largest amount.
const TOTAL_MAX: Fen = Fen(1_000_000_000_000_000);

/// How the file was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8 text.
    Utf8,
    /// UTF-8 text with a byte order mark.
    Utf8Bom,
    /// GB18030 text, which holds GBK and GB2312.
    Gb18030,
    /// An .xlsx workbook.
    Xlsx,
    /// An .xls workbook.
    Xls,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roll {
    /// What it is.
    pub kind: RollKind,
    /// The benefit month of a monthly roll; for lists the month that title or name say, if any.
    pub month: Option<Month>,
    /// The year of a yearly roll; for others the year that title or name say, if any.
    pub year: Option<i32>,
    /// The first title row of the first sheet that was read.
    pub title: Option<String>,
    /// How the file was written.
    pub encoding: Encoding,
    /// The sheets that were read, in order.
    pub sheets: Vec<SheetRead>,
    /// Names of sheets that hold something but no header of a roll.
    pub unread_sheets: Vec<String>,
    /// The rows that were read, in order.
    pub rows: Vec<Numbered<Row>>,
    /// The rows that were not, in order.
    pub rejected: Vec<RejectedRow>,
    /// Rows of sums, left out.
    pub totals: Vec<TotalRow>,
    /// Blank rows between the header and the last row.
    pub skipped_blank: usize,
    /// Rows that repeat the header.
    pub repeated_headers: usize,
}

/// A sheet that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRead {
    /// Its name; none for a text file.
    pub name: Option<String>,
    /// The row of its header, as a person counts.
    pub header_row: u32,
    /// Columns the kind should have and the sheet lacks: a gap in the evidence of every row.
    pub absent_columns: Vec<Column>,
    /// Headers that mean nothing for this kind; what stands under them is left out.
    pub unknown_headers: Vec<String>,
}

/// A row and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered<T> {
    /// Index in `Roll::sheets`.
    pub sheet: usize,
    /// The row as a person counts it in the file, from 1.
    pub row: u32,
    /// What stands there.
    pub value: T,
}

/// A row that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// The sheet's name; none for a text file.
    pub sheet: Option<String>,
    /// The row as a person counts it in the file, from 1.
    pub row: u32,
    /// The column and what is wrong with it, never the value.
    pub reason: Fault,
}

/// A row of sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TotalRow {
    /// Index in `Roll::sheets`.
    pub sheet: usize,
    /// The row as a person counts it in the file, from 1.
    pub row: u32,
    /// The sum under the amount, if it can be read.
    pub amount: Option<Fen>,
}

impl Roll {
    /// Columns that some sheet of the file lacks.
    #[must_use]
    pub fn absent_columns(&self) -> Vec<Column> {
        let mut absent: Vec<Column> =
            self.sheets.iter().flat_map(|sheet| sheet.absent_columns.iter().copied()).collect();
        absent.sort_unstable();
        absent.dedup();
        absent
    }

    /// Headers that mean nothing for this kind of roll, each once: what stands below them is not
    /// read.
    #[must_use]
    pub fn unread_columns(&self) -> Vec<String> {
        let headers = self.sheets.iter().flat_map(|sheet| &sheet.unknown_headers);
        let mut unread: Vec<String> = Vec::new();
        for header in headers {
            if !unread.contains(header) {
                unread.push(header.clone());
            }
        }
        unread
    }

    /// Rows the file holds as data: read and rejected.
    #[must_use]
    pub fn data_rows(&self) -> usize {
        self.rows.len() + self.rejected.len()
    }
}

/// Reads a file.
///
/// # Errors
/// [`RollError`] when the file is no roll, cannot be decoded, exceeds a limit, or does not say
/// clearly what it is. Rows that cannot be read are no error: they are in [`Roll::rejected`].
pub fn read_roll(name: &str, bytes: &[u8], hint: &Hint) -> Result<Roll, RollError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(RollError::FileTooLarge { bytes: bytes.len(), limit: FILE_BYTES_MAX });
    }
    let (encoding, sheets) = open(bytes)?;
    let file_name = clean::label(stem(name));
    let mut roll: Option<Roll> = None;
    let mut unread_sheets = Vec::new();
    let mut is_empty = true;
    for sheet in sheets.into_iter().filter(|sheet| sheet.rows() > 0) {
        is_empty = false;
        if let Some(list) = folder::not_a_roll(first_row(&sheet)) {
            return Err(RollError::NotARoll(list));
        }
        let Some(header) = find_header(&sheet, hint) else {
            let unknown = hint.kind.and_then(|kind| missing(&sheet, kind));
            match (&sheet.name, unknown) {
                (None, Some(error)) => return Err(error),
                (name, _) => unread_sheets.extend(name.clone()),
            }
            continue;
        };
        let titles = titles(&sheet, &header);
        let recognised = {
            let title = clean::label(&titles.join(" "));
            let sheet_name = clean::label(sheet.name.as_deref().unwrap_or_default());
            let said = [
                (Source::Title, title.as_str()),
                (Source::SheetName, sheet_name.as_str()),
                (Source::FileName, file_name.as_str()),
            ];
            recognise(&header.kinds(), &said, hint)?
        };
        let roll = roll.get_or_insert_with(|| empty(recognised, encoding, titles.first()));
        let first = (roll.kind, roll.month);
        if first != (recognised.kind, recognised.month) || roll.year != recognised.year {
            let other = (recognised.kind, recognised.month);
            return Err(RollError::SheetsDiffer { first, other });
        }
        read_sheet(&sheet, &header, roll)?;
    }
    match roll {
        Some(roll) => Ok(Roll { unread_sheets, ..roll }),
        None if is_empty => Err(RollError::Empty),
        None => Err(RollError::NoHeader),
    }
}

/// Tells the form by the first bytes: extensions lie.
pub(super) fn open(bytes: &[u8]) -> Result<(Encoding, Vec<Sheet>), RollError> {
    if bytes.starts_with(b"PK\x03\x04") {
        Ok((Encoding::Xlsx, workbook::read_xlsx(bytes)?))
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        Ok((Encoding::Xls, workbook::read_xls(bytes)?))
    } else {
        let (encoding, sheet) = text::read(bytes)?;
        Ok((encoding, vec![sheet]))
    }
}

fn stem(name: &str) -> &str {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn find_header(sheet: &Sheet, hint: &Hint) -> Option<HeaderRow> {
    layout::find(sheet, |header| match hint.kind {
        Some(kind) => header.missing(kind).is_empty(),
        None => !header.kinds().is_empty(),
    })
}

/// Says why the hinted kind does not fit, when some row looks like a header.
fn missing(sheet: &Sheet, kind: RollKind) -> Option<RollError> {
    let header = layout::find(sheet, |_| true)?;
    Some(RollError::HintDoesNotFit { kind, missing: header.missing(kind) })
}

fn texts(sheet: &Sheet, row: usize) -> impl Iterator<Item = &str> {
    (0..sheet.width(row)).filter_map(move |column| match sheet.value(row, column) {
        Value::Text(text) => Some(text),
        Value::Empty | Value::Number(_) | Value::Day(_) | Value::Wrong => None,
    })
}

fn first_row(sheet: &Sheet) -> impl Iterator<Item = &str> {
    (0..sheet.rows().min(1)).flat_map(|row| texts(sheet, row))
}

/// Texts above the header; a merged title stands once.
fn titles(sheet: &Sheet, header: &HeaderRow) -> Vec<String> {
    let mut titles: Vec<String> = Vec::new();
    for text in (0..header.first_header_row).flat_map(|row| texts(sheet, row)) {
        let title = clean::words(text);
        if titles.last().is_none_or(|last| *last != title) {
            titles.push(title.into_owned());
        }
    }
    titles
}

fn empty(recognised: Recognised, encoding: Encoding, title: Option<&String>) -> Roll {
    Roll {
        kind: recognised.kind,
        month: recognised.month,
        year: recognised.year,
        title: title.cloned(),
        encoding,
        sheets: Vec::new(),
        unread_sheets: Vec::new(),
        rows: Vec::new(),
        rejected: Vec::new(),
        totals: Vec::new(),
        skipped_blank: 0,
        repeated_headers: 0,
    }
}

fn read_sheet(sheet: &Sheet, header: &HeaderRow, roll: &mut Roll) -> Result<(), RollError> {
    let layout = header.layout(roll.kind);
    if let Some(column) = layout.twice {
        return Err(RollError::ColumnTwice { column });
    }
    let at = roll.sheets.len();
    let header_row = sheet.number(header.first_data_row - 1);
    roll.sheets.push(SheetRead {
        name: sheet.name.clone(),
        header_row,
        absent_columns: layout.absent(roll.kind),
        unknown_headers: layout.unknown.clone(),
    });
    roll.rows.reserve(sheet.rows() - header.first_data_row);
    let mut last = header_row;
    for row in header.first_data_row..sheet.rows() {
        let number = sheet.number(row);
        roll.skipped_blank += (number - last - 1) as usize;
        last = number;
        if is_only_serial(sheet, &layout, row) {
            roll.skipped_blank += 1;
        } else if is_total(sheet, &layout, row) {
            let amount = total(sheet, &layout, row);
            roll.totals.push(TotalRow { sheet: at, row: number, amount });
        } else if header.is_repeated_by(sheet, row) {
            roll.repeated_headers += 1;
        } else {
            match (Fields { sheet, layout: &layout, row }).read(roll.kind, roll.month) {
                Ok(value) => roll.rows.push(Numbered { sheet: at, row: number, value }),
                Err(reason) => {
                    let sheet = sheet.name.clone();
                    roll.rejected.push(RejectedRow { sheet, row: number, reason });
                }
            }
        }
    }
    Ok(())
}

/// A form with numbered lines that nobody filled in.
fn is_only_serial(sheet: &Sheet, layout: &Layout, row: usize) -> bool {
    let filled = |column: &usize| !matches!(sheet.value(row, *column), Value::Empty);
    layout.serial.is_some_and(|serial| (0..sheet.width(row)).filter(filled).eq([serial]))
        && !is_total(sheet, layout, row)
}

/// A row without a citizen ID (or account, where rows have no ID) whose first words say "total".
fn is_total(sheet: &Sheet, layout: &Layout, row: usize) -> bool {
    let says_total = |text: &str| {
        let label = clean::label(text);
        TOTAL_WORDS.iter().any(|word| label.starts_with(word))
    };
    let key = [Column::CitizenId, Column::Account, Column::Programme]
        .into_iter()
        .find_map(|column| layout.place(column));
    let keyless = key.is_none_or(|key| match sheet.value(row, key) {
        Value::Empty => true,
        // A total merged over the columns before the amount.
        Value::Text(text) => says_total(text),
        Value::Number(_) | Value::Day(_) | Value::Wrong => false,
    });
    let is_number = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    keyless && texts(sheet, row).find(|text| !is_number(text)).is_some_and(says_total)
}

fn total(sheet: &Sheet, layout: &Layout, row: usize) -> Option<Fen> {
    match sheet.value(row, layout.place(Column::Amount)?) {
        Value::Text(text) => parse::amount(text, TOTAL_MAX),
        Value::Number(number) => parse::amount_of_number(number, TOTAL_MAX),
        Value::Empty | Value::Day(_) | Value::Wrong => None,
    }
}
