//! Layer 6: what leaves the ledger for people to read: pages and evidence packs.
//!
//! | file | what |
//! |---|---|
//! | `strict_review` | the strict-review report of a division, as a page |
//! | `pack` | the evidence pack of a person or certificate, as a zip |
//! | `timeline` | its timeline, as a page |
//! | `page` | the frame all pages share: style, print, light and dark |
//! | `chart` | bars as inline SVG |
//!
//! A page is one file: no script, no outside resource. Every text on it is Chinese and English.
//! What is written here was asked for elsewhere: this module opens no ledger and no vault.

pub(crate) mod chart;
mod pack;
mod page;
mod strict_review;
mod timeline;

pub(crate) use strict_review::strict_review_body;
pub(crate) use timeline::{facts_in, value_in, who};

pub use pack::{Pack, PackError, Packed, Step, pack};
pub use strict_review::{Prefix, StrictReviewReport, Verified, strict_review_page};
