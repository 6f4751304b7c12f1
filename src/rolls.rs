//! Layer 6: office files in.
//!
//! A file that an office made (CSV in UTF-8 or GB18030, .xlsx, .xls) becomes a [`Roll`]: typed,
//! cleaned rows, each with its number as a person counts it, and every row that could not be
//! read, with its reason. The way of a file: bytes to sheets of cells (`text`, `workbook`,
//! `sheet`), header row (`column`, `headers`, `layout`), which roll it is (`recognise`), cells to
//! typed rows (`clean`, `parse`, `fields`), all in order (`read`); then rows to signed events
//! (`import`).
//!
//! Nothing is guessed: what a file does not say clearly is asked for with a hint. Reading opens
//! no file, knows no clock and writes nothing; importing writes to the ledger and, for rows it
//! had to reject, to the ledger's own folder.

mod annotate;
mod blank;
mod chinese;
pub mod clean;
mod column;
mod error;
mod fields;
mod folder;
mod glosses;
mod headers;
mod import;
mod kind;
mod layout;
mod parse;
mod personal;
mod read;
mod recognise;
mod row;
mod sheet;
mod text;
mod workbook;

pub use annotate::{Form, Note, Notes, annotate};
pub use blank::{Columns, Unmade, blank};
pub use column::Column;
pub use error::{Fault, Reason, RollError, Source};
pub use folder::{Entry, NotARoll, Skipped, sort_folder};
pub use import::{
    Agreed, Agreement, CheckedRow, Difference, DifferenceKind, Disagreement, ImportError,
    ImportOptions, ImportReport, Importer, IndexedRows, KnownRow, KnownRows, LaidOut, Preview,
    RefusedRow, Rejected, Unchecked, Why, may_bring, write_rejected,
};
pub use kind::{Hint, Period, RollKind};
pub use personal::{Legacy, Personal};
pub use read::{
    Encoding, FILE_BYTES_MAX, Numbered, RejectedRow, Roll, SheetRead, TotalRow, read_roll,
};
pub use row::{
    AccountRow, BankResultRow, CertificateRow, DeathRow, FuelRow, HouseholdRow, MemberRow,
    PaymentRow, PrisonerRow, RateRow, Row, ServiceRow, WorksRow,
};
pub use sheet::{COLUMNS_MAX, ROWS_MAX};
