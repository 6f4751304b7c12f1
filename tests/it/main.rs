//! Integration tests of mingzheng.

mod tlog;
