//! Layer 0: lists and look-ups that hold a city in little memory.
//!
//! A ledger holds some rows for each person and each event for as long as it is open. The
//! collections of the standard library double when they are full: half of what they take may be
//! empty, and while they move they take three times their size. These grow piece by piece and
//! move nothing. They know nothing of what they hold.

mod each;
mod finder;
mod pieces;
mod row_map;

pub(crate) use each::read_each;
pub(crate) use finder::Finder;
pub use pieces::Pieces;
pub(crate) use row_map::RowMap;
