//! The index: live equals rebuilt.
