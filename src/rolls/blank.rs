//! Rolls to be filled in: the header of a kind with rows below it that somebody else completes.
//!
//! The header is made of the very columns that reading looks for, so a filled roll reads as its
//! kind. A workbook holds every cell as text: a spreadsheet would round long numbers. What begins
//! like a formula is guarded as in [`annotate`](super::annotate()).

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::{
    annotate::{Form, guarded, is_formula},
    column::Column,
    kind::RollKind,
    layout,
};

/// The columns of a kind of roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// A roll must have one column of each group.
    pub needed: &'static [&'static [Column]],
    /// The columns that such rolls have, in their order.
    pub usual: &'static [Column],
    /// Columns that it may have besides.
    pub besides: &'static [Column],
}

impl Columns {
    /// Says whether a roll is not read without the column.
    #[must_use]
    pub fn is_needed(&self, column: Column) -> bool {
        self.needed.iter().any(|group| group.contains(&column))
    }

    /// The columns of an empty roll: the usual ones, and of each need that those do not meet the
    /// first that does.
    #[must_use]
    pub fn of_blank(&self) -> Vec<Column> {
        let mut columns = self.usual.to_vec();
        for group in self.needed {
            if !group.iter().any(|column| columns.contains(column)) {
                columns.extend(group.first());
            }
        }
        columns
    }
}

impl RollKind {
    /// The columns that a roll of this kind is read by.
    #[must_use]
    pub const fn columns(self) -> Columns {
        let (usual, besides) = layout::columns(self);
        Columns { needed: layout::demands(self).0, usual, besides }
    }

    /// The name of a file of this kind, by which it is recognised again, without its ending.
    #[must_use]
    pub fn file_name(self) -> String {
        self.to_string().replace(':', "-")
    }
}

/// A file with a header and rows below it, each as wide as the header.
///
/// # Errors
/// A workbook that cannot be made: more rows or longer cells than one takes.
pub fn blank(columns: &[Column], rows: &[Vec<String>], form: Form) -> Result<Vec<u8>, Unmade> {
    match form {
        Form::Xlsx => workbook(columns, rows).map_err(|_| Unmade),
        Form::Csv => {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            writer.write_record(columns.iter().map(|column| column.zh())).map_err(|_| Unmade)?;
            for row in rows {
                let cells = row.iter().map(|cell| guarded(cell.as_str().into()));
                let cells: Vec<_> = cells.map(std::borrow::Cow::into_owned).collect();
                writer.write_record(cells).map_err(|_| Unmade)?;
            }
            let text = writer.into_inner().map_err(|_| Unmade)?;
            // By the mark a spreadsheet knows the encoding.
            Ok([b"\xEF\xBB\xBF", text.as_slice()].concat())
        }
    }
}

/// A roll that could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the roll is too long for one file")]
pub struct Unmade;

fn workbook(columns: &[Column], rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same rows make the same bytes: no clock is read.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let text = Format::new().set_num_format("@");
    let quoted = Format::new().set_num_format("@").set_quote_prefix();
    let page = book.add_worksheet();
    for (at, column) in (0_u16..).zip(columns) {
        // What is typed into the column later is text too.
        page.set_column_format(at, &text)?;
        page.set_column_width(at, WIDTH)?;
        page.write_string(0, at, column.zh())?;
    }
    for (row, cells) in (1_u32..).zip(rows) {
        for (at, cell) in (0_u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            let format = if is_formula(cell) { &quoted } else { &text };
            page.write_string_with_format(row, at, cell, format)?;
        }
    }
    book.save_to_buffer()
}

/// Wide enough for a citizen ID, in characters.
const WIDTH: f64 = 22.0;

#[cfg(test)]
mod tests {
    use super::super::{kind::Hint, read::read_roll};
    use super::*;
    use crate::value::{FactKind, Programme};

    fn programme(name: &str) -> Programme {
        Programme::from_name(name).unwrap()
    }

    fn kinds() -> Vec<RollKind> {
        let mut all = RollKind::ALL.to_vec();
        all.extend([
            RollKind::Monthly(programme("dibao")),
            RollKind::Yearly(programme("education_aid")),
            RollKind::Register(FactKind::LowIncome),
            RollKind::BankResult(programme("education_aid")),
        ]);
        all
    }

    #[test]
    fn an_empty_roll_of_every_kind_reads_as_its_kind() {
        for kind in kinds() {
            for (form, ending) in [(Form::Csv, "csv"), (Form::Xlsx, "xlsx")] {
                let columns = kind.columns();
                let bytes = blank(&columns.of_blank(), &[], form).unwrap();
                let hint = Hint { kind: Some(kind), month: Some("2026-09".parse().unwrap()) };
                let name = format!("{}.{ending}", kind.file_name());
                let read = read_roll(&name, &bytes, &hint);
                let roll = read.unwrap_or_else(|error| panic!("{kind} {ending}: {error}"));
                assert_eq!((roll.kind, roll.rows.len(), roll.rejected.len()), (kind, 0, 0));
                let unknown: Vec<_> =
                    roll.sheets.iter().flat_map(|sheet| &sheet.unknown_headers).collect();
                assert!(unknown.is_empty(), "{kind}: {unknown:?}");
                assert!(columns.usual.iter().any(|column| columns.is_needed(*column)), "{kind}");
            }
        }
    }

    #[test]
    fn long_numbers_and_formulas_are_text_and_the_name_says_the_kind() {
        let kind = RollKind::BankResult(Programme::LIVING_ALLOWANCE);
        let columns = kind.columns().of_blank();
        let cells = [
            "=cmd()",
            "99010119790312002X",
            "6217000000000000001",
            "+甲",
            "2026-09",
            "60.00",
            "成功",
            "",
            "2026-10-08",
        ];
        let row: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        for (form, ending) in [(Form::Csv, "csv"), (Form::Xlsx, "xlsx")] {
            let bytes = blank(&columns, std::slice::from_ref(&row), form).unwrap();
            let name = format!("{}.{ending}", kind.file_name());
            let hint = Hint { kind: None, month: Some("2026-09".parse().unwrap()) };
            let roll = read_roll(&name, &bytes, &hint).unwrap();
            let super::super::Row::BankResult(read) = &roll.rows[0].value else {
                panic!("{roll:?}")
            };
            assert_eq!(read.account.as_ref().unwrap().as_str(), "6217000000000000001");
            assert_eq!(read.on, Some("2026-10-08".parse().unwrap()));
            assert!(read.is_paid && read.name.as_ref().unwrap().as_str().ends_with("=cmd()"));
        }
        let text = String::from_utf8(blank(&columns, &[row], Form::Csv).unwrap()).unwrap();
        assert!(text.lines().nth(1).unwrap().starts_with("'=cmd()"), "{text}");
        assert!(text.contains(",'+甲,"), "{text}");
    }
}
