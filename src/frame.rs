//! Layer 1: entries, segment frames and head slots, as bytes.
