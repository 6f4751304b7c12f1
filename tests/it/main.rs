//! Integration tests of mingzheng.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod audit;
mod catalogue;
mod cli;
mod crypto;
mod door;
mod erasure;
mod flags;
mod flips;
mod frame;
mod house;
mod import;
mod layers;
mod programmes;
mod rolls;
mod tlog;
