//! Integration tests of mingzheng.

mod crypto;
