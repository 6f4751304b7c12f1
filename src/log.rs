//! Layer 3: the log of record.
