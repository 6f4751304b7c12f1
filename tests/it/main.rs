//! Integration tests of mingzheng.
