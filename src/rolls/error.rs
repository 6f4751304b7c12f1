//! What can be wrong with a file, and with a row. Never holds a value of the file.

use super::{column::Column, folder::NotARoll, kind::RollKind};
use crate::value::Month;

/// Where a kind or month was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The rows above the header.
    Title,
    /// The name of the sheet.
    SheetName,
    /// The name of the file.
    FileName,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Title => "the title",
            Self::SheetName => "the sheet's name",
            Self::FileName => "the file name",
        })
    }
}

/// Why a file was not read. Nothing of it enters the ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RollError {
    /// Larger than the limit.
    #[error("the file has {bytes} bytes, more than {limit}; split it")]
    FileTooLarge {
        /// Bytes of the file.
        bytes: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// More rows than the limit.
    #[error("more than {limit} rows; split the file")]
    TooManyRows {
        /// Rows allowed.
        limit: usize,
    },
    /// A cell right of the last allowed column.
    #[error("a cell stands right of column {limit}; this is not a roll")]
    TooManyColumns {
        /// Columns allowed.
        limit: usize,
    },
    /// More cells than the limit.
    #[error("more than {limit} cells; split the file")]
    TooManyCells {
        /// Cells allowed.
        limit: usize,
    },
    /// More text than the limit, in a workbook that unpacks to far more than its size.
    #[error("more than {limit} bytes of text in a sheet; split the file")]
    TooMuchText {
        /// Bytes allowed.
        limit: usize,
    },
    /// A cell longer than any cell of a roll.
    #[error("row {row}: a cell has more than {limit} bytes; look for a quote that is not closed")]
    CellTooLong {
        /// The row as a person counts it.
        row: u32,
        /// Bytes allowed.
        limit: usize,
    },
    /// Neither UTF-8 nor GB18030.
    #[error("the text is neither UTF-8 nor GB18030; save the file as UTF-8 or as a workbook")]
    Undecodable,
    /// A quote that is opened and never closed swallows the rows behind it.
    #[error("row {row}: a quote is opened and never closed")]
    UnclosedQuote {
        /// The row as a person counts it.
        row: u32,
    },
    /// A web page or other markup under the name of a workbook.
    #[error("the file is a web page, not a workbook; open it and save it as .xlsx")]
    Markup,
    /// A workbook that cannot be opened.
    #[error("the workbook is damaged or of an unknown form; open it and save it as .xlsx")]
    Broken,
    /// A workbook under a password.
    #[error("the workbook is locked by a password; save it without one")]
    Locked,
    /// No cell holds anything.
    #[error("the file is empty")]
    Empty,
    /// One of the project's own lists, or a list of labels.
    #[error("not a roll: {0}")]
    NotARoll(NotARoll),
    /// No row looks like the header of a roll.
    #[error("no header row of any roll in the first rows; say what it is with --kind")]
    NoHeader,
    /// The hinted kind does not fit the headers.
    #[error("--kind {kind} does not fit the headers; looked for {}", list(missing))]
    HintDoesNotFit {
        /// The hint.
        kind: RollKind,
        /// Columns, one or more of which are needed.
        missing: Vec<Column>,
    },
    /// Two headers mean the same column.
    #[error("two headers mean {column}; remove or rename one")]
    ColumnTwice {
        /// The column.
        column: Column,
    },
    /// The headers fit several kinds, and neither title nor name decides.
    #[error("could be {}; say which with --kind", list(candidates))]
    KindUndecided {
        /// The kinds it could be.
        candidates: Vec<RollKind>,
    },
    /// Headers, title, sheet name and file name speak of different rolls.
    #[error("{source_named} speaks of another roll than the rest; say which with --kind")]
    KindDisagrees {
        /// The one that speaks differently.
        source_named: Source,
    },
    /// Neither title nor name says the benefit month, or one says several.
    #[error("the month is not clear from title or file name; say it with --month")]
    MonthUndecided,
    /// Title and file name say different months or years.
    #[error("{source_named} says another month than the rest; say which with --month")]
    MonthDisagrees {
        /// The one that says differently.
        source_named: Source,
    },
    /// Title and file name agree on another month, or year, than the sender names.
    #[error("--month {hint}, but title or file name says another; correct the one that is wrong")]
    MonthContradicted {
        /// What the sender says.
        hint: Month,
    },
    /// Neither title nor name says the year.
    #[error("the year is not clear from title or file name; give any month of it with --month")]
    YearUndecided,
    /// Sheets of one workbook are rolls of different kinds or months.
    #[error("the workbook holds rolls of different kinds or months; save each as a file")]
    SheetsDiffer {
        /// Kind and month of the first sheet read.
        first: (RollKind, Option<Month>),
        /// Kind and month of the one that differs.
        other: (RollKind, Option<Month>),
    },
}

/// Why a row, or a sheet's cell, was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Reason {
    /// A value the row cannot do without is not there.
    #[error("is blank")]
    Blank,
    /// The value has none of the accepted forms.
    #[error("cannot be read")]
    Unreadable,
    /// A number of more than 15 digits was kept as a number: the last digits are gone.
    #[error("digits lost by Excel")]
    DigitsLost,
    /// One amount stands for several rows.
    #[error("is one cell merged over several rows")]
    Merged,
    /// Two cells of the row speak of different things.
    #[error("says otherwise than the rest of the row")]
    Contradicts,
}

/// A column's fault in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{column} {reason}")]
pub struct Fault {
    /// The column.
    pub column: Column,
    /// What is wrong with it.
    pub reason: Reason,
}

fn list<T: std::fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
