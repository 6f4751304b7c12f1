//! Layer 6: office files in.
