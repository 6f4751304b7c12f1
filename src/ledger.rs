//! Layer 4: the writer and recovery.
