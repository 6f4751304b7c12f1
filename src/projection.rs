//! Layer 5: records and indexes computed from the log, in sled.
