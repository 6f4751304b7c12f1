//! Integration tests of mingzheng.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod audit;
mod cli;
mod crypto;
mod erasure;
mod flips;
mod house;
mod import;
mod rolls;
mod tlog;
