//! One sheet of cells, whatever file it came from.
//!
//! Text of all cells lies in one buffer that is wiped when dropped. Blank rows are not kept; each
//! row knows its number as a person counts it in the file. Limits are checked while filling, so
//! that a small file cannot ask for large memory.

use std::collections::HashSet;

use zeroize::Zeroizing;

use super::{clean, error::RollError};
use crate::value::Day;

/// Rows of a file: more than the people of a large prefecture, and all that a sheet can hold.
pub const ROWS_MAX: usize = 1_000_000;
/// Columns of a sheet: rolls have up to 27, registers some dozens; more is not a roll.
pub const COLUMNS_MAX: usize = 200;
/// Cells of a file: a million rows of forty columns, 16 bytes each.
const CELLS_MAX: usize = 40_000_000;
/// Text of all cells of a sheet: shared strings let a small workbook repeat a long text.
const TEXT_BYTES_MAX: usize = 512 << 20;
/// Text of one cell: a longer one is a quote that was never closed.
const CELL_BYTES_MAX: usize = 32_768;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    /// Nothing, or nothing visible.
    Empty,
    /// Text as typed.
    Text(&'a str),
    /// A number cell of a workbook.
    Number(f64),
    /// A date cell of a workbook.
    Day(Day),
    /// An error, a truth value, a duration, a date out of range.
    Wrong,
}

#[derive(Clone, Copy)]
enum Cell {
    Empty,
    Text { start: u32, len: u32 },
    Number(f64),
    Day(Day),
    Wrong,
}

struct Row {
    number: u32,
    cells: Vec<Cell>,
}

/// A sheet of a workbook, or a text file.
#[derive(Default)]
pub(super) struct Sheet {
    /// The sheet's name; none for a text file.
    pub(super) name: Option<String>,
    text: Zeroizing<String>,
    rows: Vec<Row>,
    cells: usize,
    tall: HashSet<(u32, usize)>,
}

/// A merged region of a workbook, as rows and columns from 0, both ends included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Region {
    pub(super) rows: (u32, u32),
    pub(super) columns: (u32, u32),
}

impl Sheet {
    /// An empty sheet that expects about so many bytes of text.
    pub(super) fn new(name: Option<String>, text_bytes: usize) -> Self {
        Self { name, text: Zeroizing::new(String::with_capacity(text_bytes)), ..Self::default() }
    }

    /// Adds a cell; rows must come in order, and cells of a row from left to right.
    pub(super) fn push(
        &mut self,
        number: u32,
        column: usize,
        value: Value<'_>,
    ) -> Result<(), RollError> {
        let cell = match value {
            Value::Text(text) if clean::is_blank(text) => return Ok(()),
            Value::Text(text) => self.keep(text, number)?,
            Value::Empty => return Ok(()),
            Value::Number(number) => Cell::Number(number),
            Value::Day(day) => Cell::Day(day),
            Value::Wrong => Cell::Wrong,
        };
        if column >= COLUMNS_MAX {
            return Err(RollError::TooManyColumns { limit: COLUMNS_MAX });
        }
        let last = self.rows.last().map(|row| (row.number, row.cells.len()));
        match last {
            Some((row, _)) if row > number => return Err(RollError::Broken),
            Some((row, width)) if row == number && width > column => return Err(RollError::Broken),
            Some((row, _)) if row == number => {}
            Some(_) | None => {
                if self.rows.len() == ROWS_MAX {
                    return Err(RollError::TooManyRows { limit: ROWS_MAX });
                }
                self.rows.push(Row { number, cells: Vec::new() });
            }
        }
        let row = self.rows.last_mut().expect("a row was just pushed or is current");
        self.cells += column + 1 - row.cells.len();
        if self.cells > CELLS_MAX {
            return Err(RollError::TooManyCells { limit: CELLS_MAX });
        }
        row.cells.resize(column, Cell::Empty);
        row.cells.push(cell);
        Ok(())
    }

    fn keep(&mut self, text: &str, row: u32) -> Result<Cell, RollError> {
        if text.len() > CELL_BYTES_MAX {
            return Err(RollError::CellTooLong { row, limit: CELL_BYTES_MAX });
        }
        if self.text.len() + text.len() > TEXT_BYTES_MAX {
            return Err(RollError::TooMuchText { limit: TEXT_BYTES_MAX });
        }
        let start = u32::try_from(self.text.len()).expect("the text limit is below 4 GiB");
        let len = u32::try_from(text.len()).expect("the cell limit is below 4 GiB");
        self.text.push_str(text);
        Ok(Cell::Text { start, len })
    }

    /// Gives every cell of a merged region the region's value, and remembers regions of several
    /// rows: one amount over several people belongs to none of them.
    pub(super) fn merge(&mut self, regions: &[Region]) -> Result<(), RollError> {
        let mut filled = 0_usize;
        for region in regions {
            let (first, last) = region.rows;
            let (left, right) = (region.columns.0 as usize, region.columns.1 as usize);
            let from = self.rows.partition_point(|row| row.number <= first);
            let to = self.rows.partition_point(|row| row.number <= last.saturating_add(1));
            let anchored = from < to && self.rows[from].number == first.saturating_add(1);
            if left > right || left >= COLUMNS_MAX || !anchored {
                continue;
            }
            let right = right.min(COLUMNS_MAX - 1);
            let anchor = self.rows[from].cells.get(left).copied().unwrap_or(Cell::Empty);
            if matches!(anchor, Cell::Empty) {
                continue;
            }
            filled += (to - from) * (right + 1 - left);
            if filled > CELLS_MAX {
                return Err(RollError::TooManyCells { limit: CELLS_MAX });
            }
            for row in &mut self.rows[from..to] {
                if row.cells.len() <= right {
                    row.cells.resize(right + 1, Cell::Empty);
                }
                row.cells[left..=right].fill(anchor);
                if last > first {
                    self.tall.extend((left..=right).map(|column| (row.number, column)));
                }
            }
        }
        Ok(())
    }

    /// Rows that are not blank.
    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The number of a row as a person counts it, from 1.
    pub(super) fn number(&self, row: usize) -> u32 {
        self.rows[row].number
    }

    /// Cells of a row, up to the last that is not empty.
    pub(super) fn width(&self, row: usize) -> usize {
        self.rows[row].cells.len()
    }

    /// A cell.
    pub(super) fn value(&self, row: usize, column: usize) -> Value<'_> {
        match self.rows[row].cells.get(column).copied().unwrap_or(Cell::Empty) {
            Cell::Empty => Value::Empty,
            Cell::Text { start, len } => {
                Value::Text(&self.text[start as usize..start as usize + len as usize])
            }
            Cell::Number(number) => Value::Number(number),
            Cell::Day(day) => Value::Day(day),
            Cell::Wrong => Value::Wrong,
        }
    }

    /// Says whether the cell lies in a merged region of several rows.
    pub(super) fn is_tall(&self, row: usize, column: usize) -> bool {
        !self.tall.is_empty() && self.tall.contains(&(self.number(row), column))
    }
}
