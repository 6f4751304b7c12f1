//! Layer 1: keys, signed statements, sealed personal data and tags, as bytes.
