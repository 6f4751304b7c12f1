//! mingzheng (明证): an event-sourced audit ledger for certificate issuance and benefits.

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
pub mod cli;
pub mod demo;
pub mod bench;
