//! Workbooks: .xlsx and .xls to sheets.
//!
//! Cells of .xlsx are streamed, because a single cell far to the right must not make a reader
//! fill the space before it. A damaged file is refused as a whole.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{
    DataType, Dimensions, ExcelDateTime, Reader, SheetType, Xls, XlsError, Xlsx, XlsxError,
};

use super::{
    error::RollError,
    sheet::{Region, Sheet, Value},
};
use crate::value::Day;

/// Sheets of a workbook: one per county or month, never hundreds.
const SHEETS_MAX: usize = 100;
/// What an .xlsx says its parts unpack to: 64 MiB of packed rows are some hundreds of MiB.
const UNPACKED_BYTES_MAX: usize = 2 << 30;

/// Reads all sheets of an .xlsx.
pub(super) fn read_xlsx(bytes: &[u8]) -> Result<Vec<Sheet>, RollError> {
    if unpacked_bytes(bytes).ok_or(RollError::Broken)? > UNPACKED_BYTES_MAX as u64 {
        return Err(RollError::TooMuchText { limit: UNPACKED_BYTES_MAX });
    }
    guarded(|| {
        let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| xlsx_error(&error))?;
        let mut sheets = Vec::new();
        for name in sheet_names(&book)? {
            let mut sheet = Sheet::new(Some(name.clone()), 0);
            let mut cells =
                book.worksheet_cells_reader(&name).map_err(|error| xlsx_error(&error))?;
            while let Some(cell) = cells.next_cell().map_err(|error| xlsx_error(&error))? {
                let (row, column) = cell.get_position();
                push(&mut sheet, row, column, cell.get_value())?;
            }
            drop(cells);
            let merged =
                book.merge_cells_by_sheet_name(&name).map_err(|error| xlsx_error(&error))?;
            sheet.merge(&regions(&merged))?;
            sheets.push(sheet);
        }
        Ok(sheets)
    })
}

/// Reads all sheets of an .xls.
pub(super) fn read_xls(bytes: &[u8]) -> Result<Vec<Sheet>, RollError> {
    guarded(|| {
        let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| xls_error(&error))?;
        let mut sheets = Vec::new();
        for name in sheet_names(&book)? {
            let mut sheet = Sheet::new(Some(name.clone()), 0);
            let range = book.worksheet_range(&name).map_err(|error| xls_error(&error))?;
            let (top, left) = range.start().unwrap_or((0, 0));
            for (row, column, data) in range.used_cells() {
                let row = top.saturating_add(u32::try_from(row).unwrap_or(u32::MAX));
                let column = left.saturating_add(u32::try_from(column).unwrap_or(u32::MAX));
                push(&mut sheet, row, column, data)?;
            }
            let merged =
                book.merge_cells_by_sheet_name(&name).map_err(|error| xls_error(&error))?;
            sheet.merge(&regions(&merged))?;
            sheets.push(sheet);
        }
        Ok(sheets)
    })
}

/// Damaged workbooks have made readers of these formats panic; a roll is then refused, and the
/// process goes on. Nothing of the unwound state is used again.
fn guarded<T>(read: impl FnOnce() -> Result<T, RollError>) -> Result<T, RollError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(RollError::Broken))
}

fn sheet_names<'a, R: Reader<Cursor<&'a [u8]>>>(book: &R) -> Result<Vec<String>, RollError> {
    let metadata = book.sheets_metadata();
    let tables = metadata.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = tables.map(|sheet| sheet.name.clone()).collect();
    if names.len() > SHEETS_MAX { Err(RollError::Broken) } else { Ok(names) }
}

fn push(sheet: &mut Sheet, row: u32, column: u32, data: &impl DataType) -> Result<(), RollError> {
    let value = if data.is_empty() {
        return Ok(());
    } else if let Some(text) = data.get_string().or_else(|| data.get_datetime_iso()) {
        Value::Text(text)
    } else if let Some(number) = data.get_float() {
        Value::Number(number)
    } else if let Some(number) = data.get_int() {
        // Exact up to 2^53; above, its digits are refused where they matter.
        #[expect(clippy::cast_precision_loss, reason = "more than 15 digits are refused later")]
        Value::Number(number as f64)
    } else {
        data.get_datetime().and_then(|time| day(&time)).map_or(Value::Wrong, Value::Day)
    };
    sheet.push(row.saturating_add(1), column as usize, value)
}

/// The day of a date cell, in the 1900 or 1904 system of its workbook. The first 60 days of the
/// 1900 system hold a day that never was; no roll speaks of them.
fn day(time: &ExcelDateTime) -> Option<Day> {
    if !time.is_datetime() || time.as_f64() < 61.0 {
        return None;
    }
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    Day::new(i32::from(year), u32::from(month), u32::from(day)).ok()
}

fn regions(merged: &[Dimensions]) -> Vec<Region> {
    let region =
        |d: &Dimensions| Region { rows: (d.start.0, d.end.0), columns: (d.start.1, d.end.1) };
    merged.iter().map(region).collect()
}

fn xlsx_error(error: &XlsxError) -> RollError {
    if matches!(error, XlsxError::Password) { RollError::Locked } else { RollError::Broken }
}

fn xls_error(error: &XlsError) -> RollError {
    if matches!(error, XlsError::Password) { RollError::Locked } else { RollError::Broken }
}

/// Sum of the unpacked sizes in the central directory of a ZIP file (APPNOTE 4.3.12), or none if
/// it has no readable directory.
fn unpacked_bytes(bytes: &[u8]) -> Option<u64> {
    const END: &[u8] = b"PK\x05\x06";
    const ENTRY: &[u8] = b"PK\x01\x02";
    let end = bytes.windows(END.len()).rposition(|window| window == END)?;
    let u16_at = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let u32_at = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let mut at = u32_at(end + 16)? as usize;
    let mut total = 0_u64;
    for _ in 0..u16_at(end + 10)? {
        if bytes.get(at..at + 4)? != ENTRY {
            return None;
        }
        total += u64::from(u32_at(at + 24)?);
        let tail = [28, 30, 32].into_iter().map(|field| u16_at(at + field).map(usize::from));
        at += 46 + tail.sum::<Option<usize>>()?;
    }
    Some(total)
}
