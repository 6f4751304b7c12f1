//! mingzheng (明证): an event-sourced audit ledger for certificate issuance and benefits.
//!
//! Every application, review, issue, payment, fact and revocation is a statement signed by the
//! person who made it, appended to one hash-chained, Merkle-proven log. Everything else is
//! computed from that log and can be thrown away and computed again.
//!
//! # The way of one event
//!
//! 1. A roll row ([`rolls`]) or a draft ([`cli`]) becomes a typed [`event`]; personal fields are
//!    sealed and identities become tags ([`crypto`]).
//! 2. The actor's key signs it as a COSE_Sign1 statement ([`crypto`]).
//! 3. [`ledger`] checks each statement alone, in parallel, and queues it.
//! 4. The writer asks the pure [`domain`] whether it may be recorded now, under the published
//!    [`policy`].
//! 5. It is sealed as an entry ([`frame`]) and made durable by the [`log`], a group with one
//!    flush; its data keys were durable in the [`vault`] before.
//! 6. The tree and checkpoint ([`tlog`]) follow; then it is acknowledged and visible.
//! 7. [`projection`] brings records and indexes up to date; [`rules`] raise flags from them.
//! 8. [`service`] takes statements and questions over HTTP, from actors who prove themselves with
//!    the keys that the ledger knows; [`console`] shows it to people in their browsers.
//! 9. [`audit`] checks the whole trail again from files and public keys alone; [`report`] shows
//!    what it holds to people.
//!
//! # Layers
//!
//! Modules stand below in the order of their layers: each imports only from those above it, and a
//! test reads the imports. Values know no I/O; bytes know no files; meaning knows no storage,
//! clock or random numbers; the verifier knows no writer; nothing below the command line prints,
//! exits or reads the environment.
//!
//! # Invariants
//!
//! - Events are the only truth: state, projections and tiles can be deleted and rebuilt.
//! - Nothing is acknowledged before its flush returned; nothing unflushed is visible.
//! - After a failed flush nothing is read back and trusted: stop, and reopen through recovery.
//! - `decide` and `evolve` read no clock, draw no random number, do no I/O.
//! - No event is ever changed: a mistake is corrected by a later event that names it.
//! - Opening reads and checks the whole log, or, for reading only, what came since the last close:
//!   then no entry is shown whose leaf the published root does not cover.
//! - A torn tail that was never acknowledged is cut and reported; other damage is refused.
//! - Everything has a limit.

pub mod compact;
pub mod value;

pub mod crypto;
pub mod tlog;
pub mod frame;

pub mod event;
pub mod policy;
pub mod domain;
pub mod rules;
pub mod audit;

pub mod log;
pub mod vault;

pub mod ledger;

pub mod projection;

pub mod rolls;
pub mod report;

pub(crate) mod answer;
pub mod service;
pub mod console;

pub mod demo;
pub mod bench;
pub mod cli;
